//! The text of an expectations file as a sequence of blocks, one an entry.
//!
//! A block is an entry with the comment right above it and whatever follows it up to the next
//! block. Blocks let an update touch single entries and leave every other byte of the file as
//! it is.

use serde::Deserialize;

use super::Expectation;

/// An expectations file in parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    /// What stands before the first block.
    pub(super) preamble: String,
    /// The entries in order.
    pub(super) blocks: Vec<Block>,
}

/// One entry with the lines it is written on.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// What the entry says.
    pub(super) expectation: Expectation,
    /// The line of its `[[expect]]`, from 1.
    pub(super) header_line: u32,
    /// The block's lines: comment above, header, fields, what follows.
    pub(super) text: String,
}

impl Block {
    /// The comments after the entry's fields, which stay when the entry goes.
    pub(super) fn remarks(&self) -> &str {
        let mut start = self.text.len();
        for line in self.text.split_inclusive('\n').rev() {
            if !(line.trim().is_empty() || line.trim_start().starts_with('#')) {
                break;
            }
            start -= line.len();
        }
        let remarks = &self.text[start..];
        if remarks.contains('#') {
            remarks.trim_start_matches('\n')
        } else {
            ""
        }
    }
}

/// The text is not a list of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlockError {
    /// The line, from 1.
    pub(super) line: u32,
    /// What is wrong there.
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    expect: Vec<toml::Spanned<Expectation>>,
}

/// Splits a text. Joined, the parts are the whole text.
pub(super) fn parse(text: &str) -> Result<Blocks, BlockError> {
    let file: File = toml::from_str(text).map_err(|error| BlockError {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        reason: error.message().to_string(),
    })?;
    let starts: Vec<usize> = file
        .expect
        .iter()
        .map(|entry| comment_start(text, line_start(text, entry.span().start)))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let preamble = text[..starts.first().copied().unwrap_or(text.len())].to_string();
    let block = |(entry, (start, end)): (toml::Spanned<Expectation>, (&usize, usize))| Block {
        header_line: line_of(text, entry.span().start),
        expectation: entry.into_inner(),
        text: text[*start..end].to_string(),
    };
    let blocks = file
        .expect
        .into_iter()
        .zip(starts.iter().zip(ends))
        .map(block)
        .collect();
    Ok(Blocks { preamble, blocks })
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The start of the run of comment lines that ends right above `header`.
fn comment_start(text: &str, header: usize) -> usize {
    let mut start = header;
    while start > 0 {
        let previous = line_start(text, start - 1);
        if !text[previous..start].trim_start().starts_with('#') {
            break;
        }
        start = previous;
    }
    start
}

fn line_of(text: &str, offset: usize) -> u32 {
    let newlines = text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count();
    u32::try_from(newlines + 1).unwrap_or(u32::MAX)
}
