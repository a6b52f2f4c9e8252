//! `cargo xtask conformance`: finds suites and runtimes, has the ones run on the others, reports.

mod explain;

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Instant, SystemTime},
};

use assize_harness::{
    error::HarnessError,
    expectations::{Expectations, Update},
    results::FileResult,
    rules::{self, Coverage, Rule},
    run::{self, RunOptions},
    runtime::{
        self, REFERENCE, Reading, RuntimeFactory, jco::expectations_of, reference::ReferenceFactory,
    },
    suite::{self, Filter, Locations, Suite, SuiteName},
};
use assize_reports::{
    Compared, note_line,
    record::{Reached, Recorded, RecordedRuntime, RecordedSuite},
};

use crate::{
    Outcome,
    cli::{self, Conformance, FETCHED_SUITES, Selection, Shard},
    error::XtaskError,
    progress::Progress,
    report, workspace,
};

/// Runs the suites, reports on standard output, and says whether all was as expected.
pub fn run(arguments: &Conformance) -> Result<Outcome, XtaskError> {
    let runtimes = runtimes(arguments)?;
    let suites = suites(arguments)?;
    let suites = match arguments.shard {
        Some(shard) => part(suites, shard),
        None => suites,
    };
    // Read before anything runs: a fault in one of them should not cost a run.
    if arguments.expectations.is_some() && runtimes.len() > 1 {
        return Err(XtaskError::ExpectationsOfOne);
    }
    let expectations: Vec<Expectations> = runtimes
        .iter()
        .map(|runtime| expectations(runtime.as_ref(), arguments))
        .collect::<Result<_, _>>()?;

    let baseline = report::baseline(&arguments.formats)?;

    let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let started = Instant::now();
    let files = execute(arguments, &suites, &runtimes)?;
    let elapsed = started.elapsed();
    let reached = reached(&suites)?;

    let mut compared = Vec::new();
    let mut recorded = Vec::new();
    for (runtime, mut expectations) in runtimes.iter().zip(expectations) {
        for suite in &suites {
            let name = &runtime.info().name;
            let files = of(&files, &suite.name, name);
            if arguments.update_expectations {
                expectations = update(&expectations, suite, &files)?.of_runtime(runtime.info());
            }
            compared.push(Compared {
                suite: suite.name.clone(),
                runtime: name.clone(),
                comparison: expectations.compare(&suite.name, suite.coverage, &files),
            });
        }
        recorded.push((runtime.info(), expectations));
    }
    let runtimes = recorded.iter().map(|(info, expectations)| RecordedRuntime {
        info,
        expectations,
        shown: shown(expectations.path()),
    });
    let recorded_suites = suites.iter().map(|suite| RecordedSuite {
        suite,
        shown: shown(&suite.root),
    });
    let record = Recorded {
        files: &files,
        runtimes: runtimes.collect(),
        suites: recorded_suites.collect(),
        compared: &compared,
        reached: &reached,
        began: began.ok().map(|since| since.as_secs()),
        elapsed,
    };
    let out = out(arguments);
    let results = record.write(&out)?;
    let written = report::report(&results, baseline.as_ref())?;
    report::show(&written, &arguments.formats.format, Some(&out))?;
    if arguments.explain {
        crate::print(&explain::all(&suites, &files))?;
    }
    let clean = compared.iter().all(|one| one.comparison.is_clean());
    Ok(if clean {
        Outcome::AsExpected
    } else {
        Outcome::Unexpected
    })
}

/// The runtimes that were asked for, each once; all that are built in where none was.
fn runtimes(arguments: &Conformance) -> Result<Vec<Arc<dyn RuntimeFactory>>, XtaskError> {
    let mut wanted: Vec<&str> = arguments.runtime.iter().map(String::as_str).collect();
    if wanted.is_empty() {
        wanted.extend(runtime::EMBEDDED);
    }
    let mut runtimes: Vec<Arc<dyn RuntimeFactory>> = Vec::new();
    for (index, text) in wanted.iter().enumerate() {
        if wanted[..index].contains(text) {
            continue;
        }
        let runtime = named(text, arguments.mutant)?;
        let name = &runtime.info().name;
        if runtimes.iter().any(|other| other.info().name == *name) {
            return Err(XtaskError::SameName { name: name.clone() });
        }
        runtimes.push(runtime);
    }
    Ok(runtimes)
}

/// The runtime with this name or command; of the reference, the mutant that is asked for.
pub fn named(name: &str, mutant: Option<Rule>) -> Result<Arc<dyn RuntimeFactory>, HarnessError> {
    match mutant {
        Some(rule) if name == REFERENCE => {
            Ok(Arc::new(ReferenceFactory::default().with_mutant(rule)))
        }
        _ => runtime::find(name),
    }
}

/// What is expected of a runtime. A file that somebody names is there, unless it is to be written.
fn expectations(
    runtime: &dyn RuntimeFactory,
    arguments: &Conformance,
) -> Result<Expectations, HarnessError> {
    let info = runtime.info();
    let expectations = match &arguments.expectations {
        Some(path) => {
            if !path.exists() && !arguments.update_expectations {
                let (path, source) = (path.clone(), ErrorKind::NotFound.into());
                return Err(HarnessError::Io { path, source });
            }
            Expectations::load(path)?
        }
        None => {
            let adapter = workspace()
                .join("adapters")
                .join(expectations_of(&info.name));
            Expectations::load(&adapter.join("expectations.toml"))?
        }
    };
    Ok(expectations.of_runtime(info))
}

/// The files of one part, each in exactly one. What is not run is not missed.
fn part(mut suites: Vec<Suite>, shard: Shard) -> Vec<Suite> {
    let mut position = 0;
    for suite in &mut suites {
        suite.coverage = suite::Coverage::Partial;
        suite.files.retain(|_| {
            position += 1;
            position % shard.of == shard.part % shard.of
        });
    }
    suites
}

/// The suites that were asked for; or the files, as a suite of their own; or all that most people
/// want, in which case the official suite may be absent.
fn suites(arguments: &Conformance) -> Result<Vec<Suite>, XtaskError> {
    let selection = &arguments.selection;
    let locations = locations(selection);
    if !arguments.files.is_empty() {
        return Ok(Suite::of_files(&arguments.files, &locations));
    }
    if !selection.suite.is_empty() {
        return named_suites(selection, &selection.suite);
    }
    let filter = Filter::new(&selection.only)?;
    let discover = |name| Suite::discover(name, &locations, &filter);
    let mut suites = vec![discover(SuiteName::SpecTests)?];
    match discover(SuiteName::Official) {
        Ok(suite) => suites.push(suite),
        Err(HarnessError::SuiteNotFound { .. }) if locations.official.is_none() => {
            anstream::eprintln!("{}", note_line(&OFFICIAL_ABSENT));
        }
        Err(error) => return Err(error.into()),
    }
    not_empty(suites, selection)
}

/// The suites with these names, each once, with the files that the selection asks for.
pub fn named_suites(
    selection: &Selection,
    names: &[cli::SuiteName],
) -> Result<Vec<Suite>, XtaskError> {
    let locations = locations(selection);
    let filter = Filter::new(&selection.only)?;
    let wanted = |name: &SuiteName| names.iter().any(|given| SuiteName::from(*given) == *name);
    let suites = SuiteName::ALL
        .into_iter()
        .filter(wanted)
        .map(|name| Suite::discover(name, &locations, &filter))
        .collect::<Result<_, _>>()?;
    not_empty(suites, selection)
}

fn locations(selection: &Selection) -> Locations {
    let mut locations = Locations::from_env(workspace());
    locations.official = selection.official.clone().or(locations.official);
    locations.fetched = Some(workspace().join(FETCHED_SUITES));
    locations
}

fn not_empty(suites: Vec<Suite>, selection: &Selection) -> Result<Vec<Suite>, XtaskError> {
    if suites.iter().all(|suite| suite.files.is_empty()) {
        return Err(XtaskError::NothingMatches {
            globs: selection.only.clone(),
        });
    }
    Ok(suites)
}

const OFFICIAL_ABSENT: &str = "the official component-model suite is not here, so it is not run; \
     `cargo xtask suite fetch` gets it, `--official DIR` names a copy";

/// Runs every file on every runtime, with a progress bar.
fn execute(
    arguments: &Conformance,
    suites: &[Suite],
    runtimes: &[Arc<dyn RuntimeFactory>],
) -> Result<Vec<FileResult>, HarnessError> {
    let jobs = arguments.jobs.unwrap_or(RunOptions::default().jobs);
    let options = RunOptions {
        jobs,
        timeout: arguments.timeout,
        reading: arguments.reading.map(Reading::from),
    };
    let files: usize = suites.iter().map(|suite| suite.files.len()).sum();
    let mut progress = Progress::new(files * runtimes.len());
    let mut results = Vec::new();
    for suite in suites {
        results.extend(run::run(suite, runtimes, options, &mut progress)?);
    }
    progress.finish();
    Ok(results)
}

/// Which rules of the specification each test of the component model reaches. A test that cannot be
/// read has an error among the results, and reaches none.
fn reached(suites: &[Suite]) -> Result<Vec<Reached>, HarnessError> {
    let reference = ReferenceFactory::default();
    let mut all = Vec::new();
    let core = SuiteName::Core.name();
    for suite in suites.iter().filter(|suite| suite.name != core) {
        for file in &suite.files {
            let directives = match rules::run_file(file, suite.reading(), &reference) {
                Err(HarnessError::Io { .. }) => continue,
                directives => directives?,
            };
            let mut coverage = Coverage::default();
            for directive in &directives {
                coverage.merge(&directive.coverage);
            }
            all.push(Reached {
                suite: suite.name.clone(),
                file: file.name.clone(),
                coverage,
            });
        }
    }
    Ok(all)
}

fn of(files: &[FileResult], suite: &str, runtime: &str) -> Vec<FileResult> {
    let wanted = |file: &&FileResult| file.suite == suite && file.runtime == runtime;
    files.iter().filter(wanted).cloned().collect()
}

/// Writes what happened into the expectations file, says so, and reads the file again.
fn update(
    expectations: &Expectations,
    suite: &Suite,
    files: &[FileResult],
) -> Result<Expectations, HarnessError> {
    let Update {
        added,
        changed,
        removed,
    } = expectations.update(&suite.name, suite.coverage, files)?;
    let path = expectations.path();
    if added + changed + removed > 0 {
        let file = shown(path);
        let what = format!(
            "{}: {added} entries added, {changed} changed, {removed} removed for {}",
            file.display(),
            suite.name
        );
        anstream::eprintln!("{}", note_line(&what));
    }
    Expectations::load(path)
}

/// The directory for what the run leaves behind.
fn out(arguments: &Conformance) -> PathBuf {
    let out = arguments.out.clone();
    out.unwrap_or_else(|| workspace().join("target/assize"))
}

/// A path as it is shown: from the current directory where it lies below it.
pub fn shown(path: &Path) -> PathBuf {
    let Ok(full) = path.canonicalize() else {
        return path.to_owned();
    };
    let here = std::env::current_dir().unwrap_or_default();
    full.strip_prefix(here).map(Path::to_owned).unwrap_or(full)
}
