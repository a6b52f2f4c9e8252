//! `cargo xtask suite build`: our tests in all their forms, for those who run them by themselves.

use assize_harness::{
    forms::{Built, build},
    suite::{Filter, Locations, Suite, SuiteName},
};
use assize_reports::built;

use crate::{
    Outcome,
    cli::{BUILT_SUITE, SuiteBuild},
    error::XtaskError,
    print,
    progress::Building,
    workspace,
};

/// Builds the tests, and says how many there are of each form.
pub fn run(arguments: &SuiteBuild) -> Result<Outcome, XtaskError> {
    let filter = Filter::new(&arguments.only)?;
    let locations = Locations::from_env(workspace());
    let suite = Suite::discover(SuiteName::SpecTests, &locations, &filter)?;
    if suite.files.is_empty() {
        let globs = arguments.only.clone();
        return Err(XtaskError::NothingMatches { globs });
    }
    let out = arguments.out.clone();
    let out = out.unwrap_or_else(|| workspace().join(BUILT_SUITE));
    let progress = Building::new(suite.files.len());
    let Built { manifest, path } = build(&suite, &out, &mut |test| progress.built(&test.name))?;
    progress.finish();
    print(&built(&manifest, &path))?;
    Ok(Outcome::AsExpected)
}
