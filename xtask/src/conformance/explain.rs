//! `--explain`: host-driven tests that fail are run once more, and drawn.

use std::{fs, io::Write, path::Path, sync::Arc};

use assize_harness::{
    HarnessError,
    host::{self, Case, Planned},
    results::{FileResult, Verdict},
    runtime::RuntimeFactory,
    suite::{Suite, SuiteFile},
};
use assize_reports::explained_host;

use crate::{cli::Conformance, error::XtaskError};

/// What is to be said of each host-driven test that fails.
pub fn all(
    arguments: &Conformance,
    suites: &[Suite],
    runtimes: &[Arc<dyn RuntimeFactory>],
    results: &[FileResult],
) -> Result<Vec<String>, XtaskError> {
    let mut all = Vec::new();
    for suite in suites {
        for file in &suite.files {
            for runtime in runtimes {
                let fails = |result: &&FileResult| {
                    (&result.suite, &result.file) == (&suite.name, &file.name)
                        && result.runtime == runtime.info().name
                        && result.directives.iter().any(|directive| {
                            directive.directive == "script" && directive.verdict == Verdict::Fail
                        })
                };
                if results.iter().any(|result| fails(&result)) {
                    all.extend(one(arguments, suite, file, runtime.as_ref())?);
                }
            }
        }
    }
    Ok(all)
}

fn one(
    arguments: &Conformance,
    suite: &Suite,
    file: &SuiteFile,
    factory: &dyn RuntimeFactory,
) -> Result<Option<String>, XtaskError> {
    let reading = arguments.reading.map_or(suite.reading(), Into::into);
    let text = fs::read_to_string(&file.path).map_err(|source| unreadable(&file.path, source))?;
    let Some(planned) = Case::parse(&text)
        .ok()
        .and_then(|case| Planned::new(&case).ok())
    else {
        return Ok(None);
    };
    let mut runtime = factory.start(reading)?;
    if runtime.reset().is_err() {
        return Ok(None);
    }
    let driven = host::drive(&planned, runtime.as_mut());
    let explanation = host::explain(&planned, &driven, reading, host::BOUNDS);
    let title = format!("{} on {}", file.path.display(), factory.info().name);
    Ok(explanation.map(|explanation| explained_host(&title, &explanation)))
}

fn unreadable(path: &Path, source: std::io::Error) -> XtaskError {
    let path = path.to_owned();
    HarnessError::Io { path, source }.into()
}

/// Prints what is to be said of one test.
pub fn print(explanation: &str) -> Result<(), XtaskError> {
    writeln!(anstream::stdout(), "{explanation}").map_err(XtaskError::Print)
}
