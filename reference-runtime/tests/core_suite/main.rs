//! The official test suite of core WebAssembly, one test for each file.
//!
//! The files are not part of this repository. They are looked for where `ASSIZE_OFFICIAL_CORE`
//! says, or else in `shared/official/core` beside the workspace.

mod in_part;
mod runner;
mod spectest;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use in_part::IN_PART;
use libtest_mimic::{Arguments, Failed, Trial};
use runner::Report;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let directory = directory();
    let trials = match suite_files(&directory) {
        Ok(files) => trials(&files),
        Err(error) => {
            eprintln!(
                "core_suite: no test files at {}: {error}; \
                 set ASSIZE_OFFICIAL_CORE to the directory that has them",
                directory.display()
            );
            vec![Trial::test("core_suite", || Ok(())).with_ignored_flag(true)]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn directory() -> PathBuf {
    env::var_os("ASSIZE_OFFICIAL_CORE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/official/core"),
        PathBuf::from,
    )
}

fn suite_files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wast")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn trials(files: &[PathBuf]) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut listed: BTreeMap<&str, &'static str> = IN_PART.iter().copied().collect();
    eprintln!(
        "core_suite: {} files, {} of them run only in part",
        files.len(),
        listed.len()
    );
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let missing = listed.remove(&*name);
        let path = path.clone();
        trials.push(Trial::test(name.into_owned(), move || run(&path, missing)));
    }
    let absent: Vec<&str> = listed.into_keys().collect();
    trials.push(Trial::test("every_file_run_in_part_exists", move || {
        if absent.is_empty() {
            Ok(())
        } else {
            Err(Failed::from(format!("no such files: {absent:?}")))
        }
    }));
    trials
}

/// Runs a file. What is missing for it must be what is known to be missing, if anything.
fn run(path: &Path, missing: Option<&str>) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let Report {
        mut failures,
        missing: found,
    } = runner::run(&text)?;
    let expected: BTreeSet<&str> = missing.into_iter().collect();
    if found != expected {
        failures.push(format!("missing: {found:?}, listed: {expected:?}"));
    }
    if failures.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = failures.iter().take(10).cloned().collect();
    Err(Failed::from(format!(
        "{} failures\n{}",
        failures.len(),
        shown.join("\n")
    )))
}
