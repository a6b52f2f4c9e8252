//! How far a campaign had come when it was stopped, so that it can go on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::FuzzError;
use crate::findings::write_whole;

/// How far a campaign has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The number of the next case.
    pub next: u64,
    /// Cases after it that are left out.
    pub skip: BTreeSet<u64>,
}

/// What makes two campaigns the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The runtimes; none where the reference is alone.
    pub against: Vec<String>,
    /// Where cases come from.
    pub feed: String,
    /// The seed.
    pub seed: u64,
}

impl Key {
    /// The file in which such a campaign is kept.
    pub fn path(&self, dir: &Path) -> PathBuf {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "@.-".contains(letter);
        let against = match self.against.is_empty() {
            true => "alone".to_owned(),
            false => self.against.join("+"),
        };
        let name = format!("{against}-{}-{}", self.feed, self.seed);
        let name = name.replace(|letter| !plain(letter), "_");
        dir.join(format!("{name}.json"))
    }
}

impl State {
    /// Reads what was kept, if anything was.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where it cannot be read, and [`FuzzError::File`] where it is nothing that was
    /// kept.
    pub fn read(path: &Path) -> Result<Option<State>, FuzzError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let state = serde_json::from_str(&text);
                state.map(Some).map_err(|error| {
                    let reason = format!("{error}; remove it to begin anew");
                    FuzzError::file(path, reason)
                })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FuzzError::io(path)(error)),
        }
    }

    /// Keeps it. What was kept before stays whole until then.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where there is no room, or no right to write.
    pub fn write(&self, path: &Path) -> Result<(), FuzzError> {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
        }
        // Plain data always can be written so.
        let text = serde_json::to_string(self).unwrap_or_default() + "\n";
        write_whole(path, text.as_bytes())
    }

    /// Forgets what was kept.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where it cannot be removed.
    pub fn forget(path: Option<&Path>) -> Result<(), FuzzError> {
        let Some(path) = path else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(FuzzError::io(path)(error))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_until_it_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let key = Key {
            against: vec!["a b".to_owned(), "reference@seed:7".to_owned()],
            feed: "straight".to_owned(),
            seed: 3,
        };
        let path = key.path(dir.path());
        assert!(
            path.ends_with("a_b_reference@seed_7-straight-3.json"),
            "{path:?}"
        );
        assert_eq!(State::read(&path).unwrap(), None);
        let state = State {
            next: 17,
            skip: BTreeSet::from([20]),
        };
        state.write(&path).unwrap();
        assert_eq!(State::read(&path).unwrap(), Some(state));
        State::forget(Some(&path)).unwrap();
        State::forget(Some(&path)).unwrap();
        assert_eq!(State::read(&path).unwrap(), None);
    }

    #[test]
    fn what_is_no_state_is_an_error_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.json");
        fs::write(&path, "{\"next\": ").unwrap();
        let error = State::read(&path).unwrap_err().to_string();
        assert!(error.contains("s.json: EOF"), "{error}");
        assert!(error.ends_with("remove it to begin anew"), "{error}");
    }
}
