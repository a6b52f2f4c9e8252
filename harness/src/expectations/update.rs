//! Bringing an expectations file up to date with what a run showed.

use std::collections::BTreeSet;
use std::fs;

use super::{Entry, Expectations, Unexpected, blocks, is_gone};
use crate::error::HarnessError;
use crate::results::{FileResult, Verdict};
use crate::suite::Coverage;

/// What an update of the file did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Entries added, each with the reason `unreviewed`.
    pub added: usize,
    /// Entries whose verdict or glob was changed.
    pub changed: usize,
    /// Entries removed.
    pub removed: usize,
}

/// A verdict that has to be announced: file, line or whole file, verdict.
type Wanted = BTreeSet<(String, Option<u32>, Verdict)>;

impl Expectations {
    /// The file's text as it has to be for these results to be expected, and what that changes.
    ///
    /// Entries that still hold stay as they are, byte for byte, and so do those for other runtimes. An entry for a line that now has
    /// another verdict keeps its reason; so does one for several files, of which only some still
    /// need it. Entries that nothing fulfils are removed. A run of part of a suite says nothing
    /// about globs that may match other files: those stay.
    pub fn updated(
        &self,
        suite: &str,
        coverage: Coverage,
        files: &[FileResult],
    ) -> (String, Update) {
        let comparison = self.compare(suite, coverage, files);
        let verdicts = comparison
            .unexpected
            .iter()
            .filter_map(|unexpected| match unexpected {
                // What a runtime lacks, it mostly lacks for the whole file.
                Unexpected::Verdict { result, .. } => {
                    let line = (result.verdict != Verdict::Unsupported).then_some(result.line);
                    Some((result.file.clone(), line, result.verdict))
                }
                Unexpected::Pass { .. } => None,
            });
        let mut wanted: Wanted = verdicts.collect();
        let stale: BTreeSet<u32> = comparison.stale.iter().map(|s| s.defined_at).collect();
        let mut update = Update::default();
        // Every entry was read from a block, so this parses and gives the entries' blocks.
        let parsed = blocks::parse(&self.text).unwrap_or_default();
        let mut text = parsed.preamble;
        for (entry, block) in self.entries.iter().zip(parsed.blocks) {
            let about: Vec<&FileResult> = files
                .iter()
                .filter(|file| entry.is_about(suite, &file.file))
                .collect();
            let fate = if stale.contains(&entry.defined_at) {
                Fate::Remove
            } else if !self.holds(entry) {
                Fate::Keep
            } else {
                fate(entry, coverage, &about, &mut wanted)
            };
            match fate {
                Fate::Keep => text.push_str(&block.text),
                Fate::Remove => {
                    update.removed += 1;
                    text.push_str(block.remarks());
                }
                Fate::Verdict(verdict) => {
                    update.changed += 1;
                    text.push_str(&with_field(&block.text, "verdict", verdict.name()));
                }
                Fate::Files(names) => {
                    update.changed += 1;
                    for name in names {
                        let glob = globset::escape(&name);
                        text.push_str(&with_field(&block.text, "glob", &glob));
                    }
                }
            }
        }
        for (file, line, verdict) in wanted {
            update.added += 1;
            let entry = new_entry(&text, suite, &file, line, verdict);
            text.push_str(&entry);
        }
        (text, update)
    }

    /// Writes the updated text to the file, if it differs.
    ///
    /// # Errors
    /// [`HarnessError::Io`] where the file cannot be written.
    pub fn update(
        &self,
        suite: &str,
        coverage: Coverage,
        files: &[FileResult],
    ) -> Result<Update, HarnessError> {
        let (text, update) = self.updated(suite, coverage, files);
        if text != self.text {
            let io = |source| HarnessError::Io {
                path: self.path.clone(),
                source,
            };
            if let Some(dir) = self.path.parent() {
                fs::create_dir_all(dir).map_err(io)?;
            }
            fs::write(&self.path, text).map_err(io)?;
        }
        Ok(update)
    }
}

/// What becomes of an entry.
enum Fate {
    Keep,
    Remove,
    /// It has this verdict now.
    Verdict(Verdict),
    /// Only these files still need it.
    Files(Vec<String>),
}

/// The fate of an entry that is not stale. A verdict that it takes over is no longer wanted.
fn fate(entry: &Entry, coverage: Coverage, about: &[&FileResult], wanted: &mut Wanted) -> Fate {
    let expectation = &entry.expectation;
    let literal = |file: &&&FileResult| globset::escape(&file.file) == expectation.glob;
    if about.is_empty() {
        return Fate::Keep;
    }
    let other_files_possible = coverage == Coverage::Partial && about.iter().all(|f| !literal(&f));
    if other_files_possible {
        return Fate::Keep;
    }
    let has = |file: &FileResult, verdict: Verdict| {
        let mut covered = file.directives.iter().filter(|result| entry.covers(result));
        covered.any(|result| result.verdict == verdict)
    };
    let needing: Vec<String> = about
        .iter()
        .filter(|file| has(file, expectation.verdict))
        .map(|file| file.file.clone())
        .collect();
    if !needing.is_empty() {
        let gone = about.iter().any(|file| is_gone(entry, file));
        return if gone {
            Fate::Files(needing)
        } else {
            Fate::Keep
        };
    }
    // It may still be so.
    if about.iter().any(|file| has(file, Verdict::Undecided)) {
        return Fate::Keep;
    }
    let taken = wanted.iter().find(|(name, line, _)| {
        line.is_some() && *line == expectation.line && about.iter().any(|file| file.file == *name)
    });
    match taken.cloned() {
        Some(key) if about.len() == 1 => {
            wanted.remove(&key);
            Fate::Verdict(key.2)
        }
        _ => Fate::Remove,
    }
}

/// A block's text with the line of one field replaced.
fn with_field(block: &str, field: &str, value: &str) -> String {
    let is_field = |line: &str| {
        let rest = line.trim_start().strip_prefix(field);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let lines = block.split_inclusive('\n').map(|line| {
        if is_field(line) {
            format!("{field} = {}\n", quoted(value))
        } else {
            line.to_string()
        }
    });
    lines.collect()
}

fn new_entry(before: &str, suite: &str, file: &str, line: Option<u32>, verdict: Verdict) -> String {
    let gap = match before {
        "" => "",
        _ if before.ends_with("\n\n") => "",
        _ if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let (suite, glob) = (quoted(suite), quoted(&globset::escape(file)));
    let line = line.map_or(String::new(), |line| format!("line = {line}\n"));
    format!(
        "{gap}[[expect]]\nsuite = {suite}\nglob = {glob}\n{line}\
         verdict = \"{verdict}\"\nreason = \"unreviewed\"\n"
    )
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
