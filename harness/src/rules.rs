//! Which rules of the specification a suite reaches, told by the reference.

use std::fs;
use std::time::{Duration, Instant};

pub use assize_reference::machine::rules::{Coverage, Rule, RuleKind};

use crate::error::HarnessError;
use crate::runtime::Reading;
use crate::runtime::reference::ReferenceFactory;
use crate::suite::{HOST_TEST, Suite, SuiteFile};
use crate::wast::{Covered, run_covered, run_covered_host};

/// What a file may take; far more than any needs that does not hang.
const TIME: Duration = Duration::from_secs(10);

/// Runs `file` on a new runtime, which is the reference or a mutant of it.
///
/// # Errors
/// [`HarnessError::Io`] where the file cannot be read or is not UTF-8.
pub fn run_file(
    file: &SuiteFile,
    reading: Reading,
    reference: &ReferenceFactory,
) -> Result<Vec<Covered>, HarnessError> {
    let text = fs::read_to_string(&file.path).map_err(|source| HarnessError::Io {
        path: file.path.clone(),
        source,
    })?;
    let mut runtime = reference.reference(reading);
    let deadline = Some(Instant::now() + TIME);
    let is_script = file
        .path
        .extension()
        .is_none_or(|extension| extension != HOST_TEST);
    Ok(match is_script {
        true => run_covered(&text, &mut runtime, deadline),
        false => run_covered_host(&text, &mut runtime, deadline, reading),
    })
}

/// How often the files of `suite` together reach each rule, each way.
///
/// # Errors
/// Those of [`run_file`].
pub fn coverage(suite: &Suite, reference: &ReferenceFactory) -> Result<Coverage, HarnessError> {
    let mut sum = Coverage::default();
    for file in &suite.files {
        for directive in run_file(file, suite.reading(), reference)? {
            sum.merge(&directive.coverage);
        }
    }
    Ok(sum)
}
