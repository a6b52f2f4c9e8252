//! Bringing an expectations file up to date with what a run showed.

use std::collections::BTreeSet;
use std::fs;

use super::{Expectation, Expectations, Unexpected, blocks};
use crate::error::HarnessError;
use crate::results::{FileResult, Verdict};
use crate::suite::Coverage;

/// What an update of the file did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Entries added, each with the reason `unreviewed`.
    pub added: usize,
    /// Entries whose verdict was changed.
    pub changed: usize,
    /// Entries removed.
    pub removed: usize,
}

impl Expectations {
    /// The file's text as it has to be for these results to be expected, and what that changes.
    ///
    /// Entries that still hold stay as they are, byte for byte. An entry for a line whose
    /// verdict is now another keeps its reason. Entries that nothing fulfils are removed, if a
    /// file they are about was run or the suite was run in full.
    pub fn updated(
        &self,
        suite: &str,
        coverage: Coverage,
        files: &[FileResult],
    ) -> (String, Update) {
        let comparison = self.compare(suite, coverage, files);
        let mut wanted: BTreeSet<(String, u32, Verdict)> = BTreeSet::new();
        for unexpected in &comparison.unexpected {
            if let Unexpected::Verdict { result, .. } = unexpected {
                wanted.insert((result.file.clone(), result.line, result.verdict));
            }
        }
        let stale: BTreeSet<u32> = comparison.stale.iter().map(|s| s.defined_at).collect();
        let mut update = Update::default();
        let mut text = String::new();
        // The text was parsed when `self` was made, so it parses again.
        let blocks = blocks::parse(&self.text).unwrap_or_default();
        if blocks.is_empty() {
            text.push_str(&self.text);
        }
        for block in blocks {
            let fate = if stale.contains(&block.header_line) {
                Fate::Remove
            } else {
                self.fate(suite, &block.expectation, files, &mut wanted)
            };
            match fate {
                Fate::Keep => text.push_str(&block.text),
                Fate::Change(verdict) => {
                    update.changed += 1;
                    text.push_str(&with_verdict(&block.text, verdict));
                }
                Fate::Remove => update.removed += 1,
            }
        }
        for (file, line, verdict) in wanted {
            update.added += 1;
            text.push_str(&new_entry(&text, suite, &file, line, verdict));
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

    /// What becomes of an entry that is not stale. A verdict that it takes over is no longer
    /// wanted.
    fn fate(
        &self,
        suite: &str,
        expectation: &Expectation,
        files: &[FileResult],
        wanted: &mut BTreeSet<(String, u32, Verdict)>,
    ) -> Fate {
        let Some(entry) = self
            .entries
            .iter()
            .find(|entry| entry.expectation == *expectation)
        else {
            return Fate::Keep;
        };
        let about: Vec<&FileResult> = files
            .iter()
            .filter(|file| entry.is_about(suite, &file.file))
            .collect();
        let mut covered = about
            .iter()
            .flat_map(|file| &file.directives)
            .filter(|result| entry.covers(result));
        if about.is_empty() || covered.any(|result| result.verdict == expectation.verdict) {
            return Fate::Keep;
        }
        let [file] = about[..] else {
            return Fate::Remove;
        };
        let taken = wanted
            .iter()
            .find(|(name, line, _)| *name == file.file && Some(*line) == expectation.line)
            .cloned();
        match taken {
            Some(key) => {
                wanted.remove(&key);
                Fate::Change(key.2)
            }
            None => Fate::Remove,
        }
    }
}

enum Fate {
    Keep,
    Change(Verdict),
    Remove,
}

/// A block's text with its `verdict` line replaced.
fn with_verdict(block: &str, verdict: Verdict) -> String {
    let replaced = block.split_inclusive('\n').map(|line| {
        let is_verdict = line
            .trim_start()
            .strip_prefix("verdict")
            .is_some_and(|rest| rest.trim_start().starts_with('='));
        if is_verdict {
            format!("verdict = \"{verdict}\"\n")
        } else {
            line.to_string()
        }
    });
    replaced.collect()
}

fn new_entry(before: &str, suite: &str, file: &str, line: u32, verdict: Verdict) -> String {
    let gap = match before {
        "" => "",
        _ if before.ends_with("\n\n") => "",
        _ if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let quoted = |text: &str| toml::Value::from(text).to_string();
    format!(
        "{gap}[[expect]]\nsuite = {}\nglob = {}\nline = {line}\nverdict = \"{verdict}\"\nreason = \"unreviewed\"\n",
        quoted(suite),
        quoted(&globset::escape(file)),
    )
}
