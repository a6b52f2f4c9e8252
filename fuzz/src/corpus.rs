//! Where the cases of a campaign come from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::FuzzError;
use crate::trial::{Rejected, Trial};

/// Something that gives cases by their numbers, always the same ones.
pub trait Feed: Send + Sync {
    /// A case.
    ///
    /// # Errors
    /// [`Rejected`] where what makes cases has made none.
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected>;
}

/// Host-driven tests of a directory, one after the other and again from the first.
pub struct Corpus {
    trials: Vec<Trial>,
}

impl Corpus {
    /// Reads every `.wat` below a directory.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where something cannot be read, [`FuzzError::File`] where something is no
    /// case, and [`FuzzError::EmptyCorpus`] where there is none.
    pub fn load(dir: &Path) -> Result<Corpus, FuzzError> {
        let mut paths = Vec::new();
        walk(dir, &mut paths)?;
        paths.sort();
        let trials = paths.iter().map(|path| trial(path));
        let trials: Vec<Trial> = trials.collect::<Result<_, _>>()?;
        match trials.is_empty() {
            true => Err(FuzzError::EmptyCorpus(dir.to_owned())),
            false => Ok(Corpus { trials }),
        }
    }
}

impl Feed for Corpus {
    fn trial(&self, _: u64, number: u64) -> Result<Trial, Rejected> {
        let at = number % self.trials.len() as u64;
        Ok(self.trials[at as usize].clone())
    }
}

fn walk(dir: &Path, paths: &mut Vec<PathBuf>) -> Result<(), FuzzError> {
    for entry in fs::read_dir(dir).map_err(FuzzError::io(dir))? {
        let path = entry.map_err(FuzzError::io(dir))?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else if path.extension().is_some_and(|end| end == "wat") {
            paths.push(path);
        }
    }
    Ok(())
}

fn trial(path: &Path) -> Result<Trial, FuzzError> {
    let text = fs::read_to_string(path).map_err(FuzzError::io(path))?;
    Trial::parse(path, text)
}
