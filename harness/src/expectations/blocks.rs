//! The text of an expectations file as a sequence of blocks, one an entry.
//!
//! A block is the lines from the end of the previous entry to the end of this one, so that the
//! comment above an entry belongs to it. Blocks let an update touch single entries and leave
//! every other byte of the file as it is.

use serde::Deserialize;

use super::Expectation;

/// One entry with the lines it is written on.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// What the entry says.
    pub(super) expectation: Expectation,
    /// The line of its `[[expect]]`, from 1.
    pub(super) header_line: u32,
    /// The block's lines: comments above, header, fields, comments below.
    pub(super) text: String,
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

/// Splits a text into its blocks. Joined, their texts are the whole text, except that a text
/// without any entry (comments alone) has no block.
pub(super) fn parse(text: &str) -> Result<Vec<Block>, BlockError> {
    let file: File = toml::from_str(text).map_err(|error| BlockError {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        reason: error.message().to_string(),
    })?;
    let ends = ends(text, &file.expect);
    let mut start = 0;
    let mut blocks = Vec::new();
    for (entry, end) in file.expect.into_iter().zip(ends) {
        let header_line = line_of(text, entry.span().start);
        let expectation = entry.into_inner();
        blocks.push(Block {
            expectation,
            header_line,
            text: text[start..end].to_string(),
        });
        start = end;
    }
    Ok(blocks)
}

/// Where each block ends: after the comments and blank line that follow the entry's fields,
/// before the comment that belongs to the next entry.
fn ends(text: &str, entries: &[toml::Spanned<Expectation>]) -> Vec<usize> {
    let mut ends = Vec::new();
    for (index, _) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(text.len(), |next| {
            let header = line_start(text, next.span().start);
            comment_start(text, header)
        });
        ends.push(end);
    }
    ends
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
