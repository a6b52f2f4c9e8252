//! The official test suite of core WebAssembly, one test for each file.
//!
//! The files are not part of this repository. They are looked for where `ASSIZE_OFFICIAL_CORE`
//! says, or else in `shared/official/core` beside the workspace.

mod runner;
mod spectest;
mod values;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};

/// Why a file is left out: its modules need something that the interpreter does not have.
const GC: &str = "garbage collection";
const SIMD: &str = "SIMD";

/// The files left out. Everything else is run, every directive of it.
const LEFT_OUT: &[(&str, &str)] = &[];

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
    let mut listed: BTreeSet<&str> = LEFT_OUT.iter().map(|(file, _)| *file).collect();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !listed.remove(&*name) {
            let path = path.clone();
            trials.push(Trial::test(name.into_owned(), move || run(&path)));
        }
    }
    eprintln!(
        "core_suite: {} files, {} of them left out",
        files.len(),
        files.len() - trials.len()
    );
    let missing: Vec<String> = listed.into_iter().map(str::to_owned).collect();
    trials.push(Trial::test("every_file_left_out_exists", move || {
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Failed::from(format!("no such files: {missing:?}")))
        }
    }));
    trials
}

fn run(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let failures = runner::run(&text)?;
    if failures.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = failures.iter().take(10).cloned().collect();
    Err(Failed::from(format!(
        "{} directives failed\n{}",
        failures.len(),
        shown.join("\n")
    )))
}
