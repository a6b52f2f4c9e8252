//! Where the cases of a campaign come from.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arbitrary::Unstructured;

use crate::error::FuzzError;
use crate::findings::{self, files, write_whole};
use crate::generate::{self, Capabilities, Profile, ProgramForm, Source};
use crate::guided::is_artifact;
use crate::lowers;
use crate::starve;
use crate::targets;
use crate::trial::{Chassis, Rejected, Shape, Trial};

/// Something that gives cases by their numbers, always the same ones.
pub trait Feed: Send + Sync {
    /// A case.
    ///
    /// # Errors
    /// [`Rejected`] where what makes cases has made none.
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected>;

    /// How many cases come before all others, whatever the seed is. Their numbers begin with [`FIRST`].
    fn first(&self) -> u64 {
        0
    }
}

/// Where the numbers of the cases begin that come before all others: past all numbers of those.
pub const FIRST: u64 = 1 << 62;

/// Cases, and before them those that are always the same: guests that spin, and calls in two ways.
pub struct WithFirst(pub Arc<dyn Feed>);

impl Feed for WithFirst {
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected> {
        let Some(first) = number.checked_sub(FIRST) else {
            return self.0.trial(seed, number);
        };
        match first.checked_sub(starve::COUNT) {
            Some(lowers) => lowers::trial(lowers),
            None => starve::trial(first),
        }
    }

    fn first(&self) -> u64 {
        starve::COUNT + lowers::COUNT
    }
}

/// For how many cases the same drawn shape is at hand: so many that it was worth compiling.
const TURN: u64 = 256;

/// Programs that are made from the seed and the number.
pub struct Generator {
    /// In which forms: one after the other.
    forms: Vec<(Shape, generate::Generator)>,
    chassis: Chassis,
}

impl Generator {
    /// A generator of these forms, or of readable programs where there are none, for runtimes that all
    /// have these capabilities.
    pub fn new(shapes: Vec<Shape>, capabilities: Capabilities) -> Generator {
        let shapes = match shapes.is_empty() {
            true => vec![Shape::Straight],
            false => shapes,
        };
        let forms = shapes.into_iter().map(|shape| {
            let profile = Profile {
                form: match shape {
                    Shape::Straight => ProgramForm::Straight,
                    Shape::Chassis => ProgramForm::Chassis,
                },
                capabilities,
                ..Profile::default()
            };
            (shape, generate::Generator::new(profile))
        });
        Generator {
            forms: forms.collect(),
            chassis: Chassis::default(),
        }
    }
}

impl Feed for Generator {
    fn trial(&self, seed: u64, number: u64) -> Result<Trial, Rejected> {
        let at = number % self.forms.len() as u64;
        let (shape, generator) = &self.forms[at as usize];
        let source = Source::seeded(seed, number);
        let turn = (number / TURN) as u32;
        let generated = generator.program_in_turn(&mut Unstructured::new(source.bytes()), turn);
        let generated = generated.map_err(|error| Rejected(error.to_string()))?;
        match shape {
            Shape::Straight => Trial::of(generated.program, *shape),
            Shape::Chassis => Trial::on_chassis(generated.program, &self.chassis),
        }
    }
}

/// The programs and host-driven tests of a directory, one after the other and again from the first.
pub struct Corpus {
    trials: Vec<Trial>,
}

impl Corpus {
    /// Reads every program (`.json`), every host-driven test (`.wat`) and every input with which libFuzzer
    /// has ended (`crash-…`) below a directory, or the one that a file is. Where a program lies beside the
    /// test that was made of it, the program counts.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where something cannot be read, [`FuzzError::File`] where something is no
    /// case, and [`FuzzError::EmptyCorpus`] where there is none.
    pub fn load(dir: &Path) -> Result<Corpus, FuzzError> {
        let mut paths = Vec::new();
        match dir.is_file() {
            true => paths.push(dir.to_owned()),
            false => walk(dir, &is_case, &mut paths)?,
        }
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

/// Writes the programs of so many cases of a seed into `programs/`, and the bytes that they are made from
/// into `bytes/`: what coverage-guided fuzzers begin with.
///
/// # Errors
/// [`FuzzError::Io`] where something cannot be written.
pub fn emit(dir: &Path, seed: u64, cases: u64) -> Result<(), FuzzError> {
    emit_programs(&dir.join("programs"), seed, cases)?;
    emit_bytes(&dir.join("bytes"), seed, cases)
}

/// Writes the bytes that so many cases of a seed are made from.
///
/// # Errors
/// [`FuzzError::Io`] where something cannot be written.
pub fn emit_bytes(dir: &Path, seed: u64, cases: u64) -> Result<(), FuzzError> {
    fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
    for case in 0..cases {
        let path = dir.join(format!("{seed}-{case}"));
        fs::write(&path, Source::seeded(seed, case).bytes()).map_err(FuzzError::io(&path))?;
    }
    Ok(())
}

/// Writes the programs of so many cases of a seed.
///
/// # Errors
/// [`FuzzError::Io`] where something cannot be written.
pub fn emit_programs(dir: &Path, seed: u64, cases: u64) -> Result<(), FuzzError> {
    fs::create_dir_all(dir).map_err(FuzzError::io(dir))?;
    let profile = Profile::default();
    for case in 0..cases {
        let source = Source::seeded(seed, case);
        let generated = generate::program(&mut Unstructured::new(source.bytes()), &profile);
        let Ok(generated) = generated else { continue };
        let path = dir.join(format!("{seed}-{case}.json"));
        let text = serde_json::to_string(&generated.program);
        let text = text.map_err(|error| FuzzError::file(&path, error))?;
        write_whole(&path, text.as_bytes())?;
    }
    Ok(())
}

/// The files below a directory that are `wanted`.
pub(crate) fn walk(
    dir: &Path,
    wanted: &dyn Fn(&Path) -> bool,
    paths: &mut Vec<PathBuf>,
) -> Result<(), FuzzError> {
    for entry in fs::read_dir(dir).map_err(FuzzError::io(dir))? {
        let path = entry.map_err(FuzzError::io(dir))?.path();
        if path.is_dir() {
            walk(&path, wanted, paths)?;
        } else if wanted(&path) {
            paths.push(path);
        }
    }
    Ok(())
}

fn is_case(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    match end {
        Some("json") => path.file_name().is_some_and(|name| name != files::RECORD),
        Some("wat") => !path.with_file_name(files::PROGRAM).exists(),
        _ => is_artifact(path),
    }
}

fn trial(path: &Path) -> Result<Trial, FuzzError> {
    if path.extension().is_some_and(|end| end == "json") {
        let program = findings::program(path)?;
        let trial = Trial::of(program, Shape::Straight);
        return trial.map_err(|rejected| FuzzError::file(path, rejected));
    }
    if is_artifact(path) {
        let data = fs::read(path).map_err(FuzzError::io(path))?;
        let trial = Trial::of(targets::program(&data), Shape::Straight);
        return trial.map_err(|rejected| FuzzError::file(path, rejected));
    }
    let text = fs::read_to_string(path).map_err(FuzzError::io(path))?;
    Trial::parse(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_other_fuzzers_can_be_read_as_a_corpus() {
        let dir = tempfile::tempdir().unwrap();
        emit(dir.path(), 3, 20).unwrap();
        let corpus = Corpus::load(&dir.path().join("programs")).unwrap();
        assert_eq!(corpus.trials.len(), 20);
        assert_eq!(fs::read_dir(dir.path().join("bytes")).unwrap().count(), 20);
    }
}
