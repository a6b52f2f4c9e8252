//! How often the smallest program of a signature was looked for and turned out to be known. It is kept
//! beside the findings, so that the next campaign need not look for it again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assize_harness::runtime::RuntimeInfo;
use serde::{Deserialize, Serialize};

use crate::error::FuzzError;
use crate::findings::write_whole;
use crate::signature::Signature;

/// How many smallest programs of one signature have to be known before no more are looked for: what
/// is behind it may be something else the next time.
const ENOUGH: u32 = 3;

/// What was looked at.
#[derive(Debug)]
pub(super) struct Looks {
    path: PathBuf,
    kept: Kept,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// Names the list of known findings that decided; what was known by another list says nothing.
    known: u64,
    /// How often, by the runtime's version and the signature.
    looks: BTreeMap<String, u32>,
}

impl Looks {
    /// Those that are kept in this directory of findings, if this list of known findings decided them.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where the file cannot be read, and [`FuzzError::File`] where it is nothing that
    /// was kept.
    pub(super) fn load(findings: &Path, known: u64) -> Result<Looks, FuzzError> {
        let path = findings.join("looked-at.json");
        let kept = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let reason = format!("{error}; remove it, and what is known is looked at anew");
                FuzzError::file(&path, reason)
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(FuzzError::io(&path)(error)),
        };
        let kept = match kept.known == known {
            true => kept,
            false => Kept {
                known,
                looks: BTreeMap::new(),
            },
        };
        Ok(Looks { path, kept })
    }

    /// Whether what has this signature was looked at often enough, and was known each time.
    pub(super) fn are_enough(&self, signature: &Signature, info: &RuntimeInfo) -> bool {
        let looks = self.kept.looks.get(&key(signature, info));
        looks.is_some_and(|looks| *looks >= ENOUGH)
    }

    /// What has this signature turned out to be known once more.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where there is no room, or no right to write.
    pub(super) fn add(
        &mut self,
        signature: &Signature,
        info: &RuntimeInfo,
    ) -> Result<(), FuzzError> {
        *self.kept.looks.entry(key(signature, info)).or_default() += 1;
        // Plain data always can be written so.
        let text = serde_json::to_string_pretty(&self.kept).unwrap_or_default() + "\n";
        write_whole(&self.path, text.as_bytes())
    }
}

fn key(signature: &Signature, info: &RuntimeInfo) -> String {
    format!("{} {}", info.version, signature.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Kind;
    use crate::testing::info;

    #[test]
    fn looks_are_kept_for_a_version_and_a_list_of_what_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let hang = Signature::of_message(Kind::Hang, "r", "");
        let mut looks = Looks::load(dir.path(), 1).unwrap();
        for _ in 0..ENOUGH {
            assert!(!looks.are_enough(&hang, &info("1")));
            looks.add(&hang, &info("1")).unwrap();
        }
        assert!(looks.are_enough(&hang, &info("1")));
        let again = Looks::load(dir.path(), 1).unwrap();
        assert!(again.are_enough(&hang, &info("1")));
        assert!(!again.are_enough(&hang, &info("2")));
        let other = Looks::load(dir.path(), 2).unwrap();
        assert!(!other.are_enough(&hang, &info("1")));
    }

    #[test]
    fn what_is_no_file_of_looks_is_an_error_that_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("looked-at.json"), "[").unwrap();
        let error = Looks::load(dir.path(), 1).unwrap_err().to_string();
        assert!(error.contains("looked-at.json: EOF"), "{error}");
        assert!(error.ends_with("looked at anew"), "{error}");
    }
}
