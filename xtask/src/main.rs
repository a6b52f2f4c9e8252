//! The command line of Assize. It parses what was typed, hands it to the crates that do the work,
//! and turns their answer into text and an exit status.

mod adapter;
mod cli;
mod conformance;
mod error;
mod explore;
mod fetch;
mod fuzz;
mod progress;
mod report;
mod rules;
mod runtimes;
mod serve;
mod suite;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use cli::{Adapter, Cli, Command, Suite};
use error::XtaskError;
use fetch::{Fetched, UPSTREAMS};

/// Campaigns make and drop small things all the time, for which this one is much quicker than the C
/// library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whether a command found everything as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It did: exit status 0.
    AsExpected,
    /// It ran, and something is not as it should be: exit status 1.
    Unexpected,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::AsExpected => ExitCode::SUCCESS,
            Outcome::Unexpected => ExitCode::FAILURE,
        }
    }
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Rules(arguments) => rules::rules(&arguments),
        Command::Mutants(arguments) => rules::mutants(&arguments),
        Command::Trace(arguments) => explore::trace(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Reproduce(arguments) => fuzz::reproduce(&arguments),
        Command::Minimise(arguments) => fuzz::minimise(&arguments),
        Command::Promote(arguments) => fuzz::promote(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Suite(Suite::Fetch(arguments)) => fetch(arguments.dir),
        Command::Suite(Suite::Build(arguments)) => suite::run(&arguments),
        Command::ServeCampaign => fuzz::serve_campaign(),
        Command::Runtimes(arguments) => runtimes::run(&arguments),
        Command::Adapter(Adapter::Build(what)) => adapter::build(&what),
        Command::Adapter(Adapter::Check(arguments)) => adapter::check::run(&arguments),
        Command::Test(arguments) => test(&arguments),
    };
    result.map_or_else(
        |error| {
            anstream::eprintln!("{}", assize_reports::error_line(&error));
            error.exit_code()
        },
        ExitCode::from,
    )
}

/// Prints a report. Whoever reads it may stop reading early (`| head`), which is no error.
fn print(text: &str) -> Result<(), XtaskError> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(XtaskError::Print(error)),
        _ => Ok(()),
    }
}

/// The root of the workspace that this program was built in.
fn workspace() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

fn fetch(dir: Option<PathBuf>) -> Result<Outcome, XtaskError> {
    let dir = dir.unwrap_or_else(|| workspace().join(cli::FETCHED_SUITES));
    for upstream in UPSTREAMS {
        let (commit, suite) = (upstream.short_commit(), upstream.suite);
        print(&match upstream.fetch(&dir)? {
            Fetched::Present(tests) => {
                format!("{suite}: {commit} is in {} already\n", tests.display())
            }
            Fetched::Updated(tests) => {
                format!("{suite}: fetched {commit} into {}\n", tests.display())
            }
        })?;
    }
    Ok(Outcome::AsExpected)
}

fn test(arguments: &cli::Test) -> Result<Outcome, XtaskError> {
    let dashes = (!arguments.programs.is_empty()).then_some("--");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["test", "--workspace"])
        .args(&arguments.cargo)
        .args(dashes)
        .args(&arguments.programs)
        .current_dir(workspace())
        .status()
        .map_err(XtaskError::Cargo)?;
    Ok(if status.success() {
        Outcome::AsExpected
    } else {
        Outcome::Unexpected
    })
}
