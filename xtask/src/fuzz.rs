//! `cargo xtask fuzz` and what belongs to it: campaigns, and what is done with findings.

mod bench;
mod guided;
mod status;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use assize_fuzz::campaign::supervise::{self, Cases, Program, Spec};
use assize_fuzz::campaign::{Fatal, Key, Progress, State, Until};
use assize_fuzz::corpus;
use assize_fuzz::error::FuzzError;
use assize_fuzz::findings::{Findings, Saved, files};
use assize_fuzz::minimise::{self, Limits, size};
use assize_fuzz::oracle::{Judge, Outcome as Judged, TIMEOUT};
use assize_fuzz::promote;
use assize_fuzz::signature::Kind;
use assize_fuzz::subject::{Seat, Subject};
use assize_fuzz::trial::{Shape, Trial};
use assize_harness::suite::{Filter, Locations, Suite, SuiteName};
use assize_reports::{explained_host, note_line};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use self::status::Status;
use crate::{
    Outcome,
    cli::{
        Campaign, CaseGenerator, Engine, FETCHED_SUITES, Finding, Fuzz, FuzzCommand, Minimise,
        ProgramForm, Promote,
    },
    error::XtaskError,
    workspace,
};

/// Where findings go.
const FINDINGS: &str = "target/assize/findings";

/// Where campaigns are kept that are not over.
const CAMPAIGNS: &str = "target/assize/campaigns";

/// The findings that are known.
const KNOWN: &str = "fuzz/known";

/// How long a finding is made smaller.
const MINIMISE: Duration = Duration::from_secs(60);

/// The exit status of who does not wait until a campaign has ended.
const STOPPED: i32 = 130;

/// Runs a campaign, or measures what one is good for.
pub fn run(arguments: &Fuzz) -> Result<Outcome, XtaskError> {
    match &arguments.command {
        Some(FuzzCommand::Bench(arguments)) => bench::run(arguments),
        None => match &arguments.campaign.emit_corpus {
            Some(dir) => emit_corpus(&arguments.campaign, dir),
            None => match arguments.campaign.engine {
                Engine::Random => campaign(&arguments.campaign),
                Engine::Libfuzzer => guided::run(&arguments.campaign),
            },
        },
    }
}

/// Writes seeds for coverage-guided fuzzers.
fn emit_corpus(arguments: &Campaign, dir: &Path) -> Result<Outcome, XtaskError> {
    let cases = arguments.cases.unwrap_or_default();
    corpus::emit(dir, arguments.seed, cases)?;
    anstream::println!(
        "{cases} programs and {cases} inputs of bytes in {}",
        dir.display()
    );
    Ok(Outcome::AsExpected)
}

fn shapes(form: ProgramForm) -> Vec<Shape> {
    match form {
        ProgramForm::Straight => vec![Shape::Straight],
        ProgramForm::Chassis => vec![Shape::Chassis],
        ProgramForm::Both => vec![Shape::Chassis, Shape::Straight],
    }
}

fn campaign(arguments: &Campaign) -> Result<Outcome, XtaskError> {
    let key = Key {
        against: arguments.against.clone(),
        feed: match &arguments.corpus {
            Some(dir) => dir.display().to_string(),
            None => match arguments.generator {
                CaseGenerator::Programs => format!("{:?}", arguments.form).to_lowercase(),
                generator => format!("{generator:?}").to_lowercase(),
            },
        },
        seed: arguments.seed,
    };
    let state = key.path(&workspace().join(CAMPAIGNS));
    let until = match (arguments.cases, arguments.time) {
        (Some(cases), _) => Until::Cases(cases),
        (None, Some(time)) => Until::Time(time),
        (None, None) => Until::Stopped,
    };
    let kept = match arguments.from {
        Some(_) => None,
        None => State::read(&state)?,
    };
    if let Some(kept) = &kept {
        let next = kept.next;
        let note = format!("goes on with case {next}, where it was left; `--from 0` begins anew");
        anstream::eprintln!("{}", note_line(&note));
    }
    let from = kept.as_ref().map(|kept| kept.next).or(arguments.from);
    let root = arguments.findings.clone();
    let spec = Spec {
        against: arguments.against.clone(),
        cases: match &arguments.corpus {
            Some(dir) => Cases::Corpus(dir.clone()),
            None => match arguments.generator {
                CaseGenerator::Programs => Cases::Made(shapes(arguments.form)),
                CaseGenerator::Altered => Cases::Altered(tests()),
                CaseGenerator::Chaos => Cases::Chaos,
            },
        },
        seed: arguments.seed,
        from: from.unwrap_or(0),
        skip: kept.map(|kept| kept.skip).unwrap_or_default(),
        fatal: Fatal::default(),
        until,
        jobs: arguments.jobs.unwrap_or_else(cores),
        findings: root.unwrap_or_else(|| workspace().join(FINDINGS)),
        known: workspace().join(KNOWN),
        minimise: MINIMISE,
        timeout: TIMEOUT,
        state: Some(state),
    };
    let stop = interrupts()?;
    let mut status = Status::new();
    let progress = supervise::run(spec, &program()?, &stop, &mut status);
    status.finish();
    summary(&progress?)
}

/// Our own tests and, where they are present, the official ones.
fn tests() -> Vec<PathBuf> {
    let mut locations = Locations::from_env(workspace());
    locations.fetched = Some(workspace().join(FETCHED_SUITES));
    let suites = [SuiteName::SpecTests, SuiteName::Official].into_iter();
    let suites =
        suites.filter_map(|name| Suite::discover(name, &locations, &Filter::default()).ok());
    suites.map(|suite| suite.root).collect()
}

/// This program, as it serves runtimes and campaigns.
fn program() -> Result<Program, XtaskError> {
    let program = std::env::current_exe().map_err(XtaskError::Serve)?;
    let program = program.display().to_string();
    Ok(Program {
        serve: format!("{program} serve"),
        campaign: vec![program, "serve-campaign".to_owned()],
    })
}

/// Runs a campaign for another process of this program.
pub fn serve_campaign() -> Result<Outcome, XtaskError> {
    supervise::serve()?;
    Ok(Outcome::AsExpected)
}

fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Is set by Ctrl-C. Who presses it a second time does not want to wait.
fn interrupts() -> Result<Arc<AtomicBool>, XtaskError> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first time, it is not set yet.
        flag::register_conditional_shutdown(signal, STOPPED, Arc::clone(&stop))
            .and_then(|_| flag::register(signal, Arc::clone(&stop)))
            .map_err(XtaskError::Interrupt)?;
    }
    Ok(stop)
}

fn summary(progress: &Progress) -> Result<Outcome, XtaskError> {
    let mut text = status::details(progress);
    text += &progress.line();
    text.push('\n');
    crate::print(&text)?;
    Ok(match progress.new.is_empty() {
        true => Outcome::AsExpected,
        false => Outcome::Unexpected,
    })
}

/// The case of a finding, as it was found.
fn trial(dir: &Path, saved: &Saved) -> Result<Trial, XtaskError> {
    Ok(match (&saved.program, saved.record.form) {
        (Some(program), Some(shape)) => {
            let trial = Trial::of(program.clone(), shape);
            trial.map_err(|rejected| FuzzError::file(&dir.join(files::PROGRAM), rejected))?
        }
        _ => Trial::parse(&dir.join(files::CASE), saved.text.clone())?,
    })
}

/// The runtime of a finding; one that may die, in a process of its own.
fn subject(saved: &Saved) -> Result<Subject, XtaskError> {
    let name = &saved.record.against;
    let subject = match saved.record.signature.kind {
        Kind::Crash | Kind::Hang | Kind::Growth => Subject::isolated(name, &program()?.serve)?,
        _ => Subject::find(name)?,
    };
    subject.check()?;
    Ok(subject)
}

/// Runs the case of a finding again.
pub fn reproduce(arguments: &Finding) -> Result<Outcome, XtaskError> {
    let saved = Findings::read(&arguments.dir)?;
    let trial = trial(&arguments.dir, &saved)?;
    let mut seat = Seat::new(subject(&saved)?);
    let kind = saved.record.signature.kind;
    let judged = minimise::judge_as(kind, &trial, &mut Judge::default(), &mut seat);
    let text = match judged {
        Err(rejected) => format!("rejected: {rejected}"),
        Ok(Judged::Admissible(_)) => "not reproduced: what it does is admissible".to_owned(),
        Ok(Judged::Undecided { why }) => format!("undecided: {why}"),
        Ok(Judged::Unsupported { capability }) => format!("unsupported: {capability}"),
        Ok(Judged::Finding(found)) => {
            let id = found.signature.id();
            let same = match id == saved.record.signature.id() {
                true => "reproduced",
                false => "found something else",
            };
            if let Some(deviation) = &found.deviation {
                let title = format!("{} on {}", arguments.dir.display(), saved.record.against);
                let text = explained_host(&title, &deviation.explanation);
                crate::print(&format!("{text}\n"))?;
            }
            crate::print(&format!("{same}: {id}: {}\n", found.what))?;
            return Ok(Outcome::Unexpected);
        }
    };
    crate::print(&format!("{text}\n"))?;
    Ok(Outcome::AsExpected)
}

/// Makes the program of a finding smaller.
pub fn minimise(arguments: &Minimise) -> Result<Outcome, XtaskError> {
    let dir = &arguments.dir;
    let saved = Findings::read(dir)?;
    let Some(program) = &saved.program else {
        return Err(FuzzError::file(dir, "it is no program, so it cannot be made smaller").into());
    };
    let trial = trial(dir, &saved)?;
    let mut seat = Seat::new(subject(&saved)?);
    let mut judge = Judge::default();
    let limits = Limits {
        time: arguments.time,
        stop: interrupts()?,
    };
    let kind = saved.record.signature.kind;
    let judged = minimise::judge_as(kind, &trial, &mut judge, &mut seat);
    let Ok(Judged::Finding(found)) = judged else {
        crate::print("not reproduced: nothing was changed\n")?;
        return Ok(Outcome::AsExpected);
    };
    let before = size(program);
    let began = Instant::now();
    let smaller = minimise::minimise(&trial, &found, &mut judge, &mut seat, &limits);
    let Some((trial, found)) = smaller else {
        crate::print("it could not be made smaller: nothing was changed\n")?;
        return Ok(Outcome::AsExpected);
    };
    let record = saved.record.of_smallest(&trial, &found, began.elapsed());
    let root = dir.parent().unwrap_or(Path::new("")).to_owned();
    let path = Findings { root }.write(&trial, &found, &record)?;
    let after = trial.program().map_or(0, size);
    let path = path.display();
    crate::print(&format!("{before} steps before, {after} now: {path}\n"))?;
    Ok(Outcome::AsExpected)
}

/// Turns the case of a finding into a test.
pub fn promote(arguments: &Promote) -> Result<Outcome, XtaskError> {
    let saved = Findings::read(&arguments.dir)?;
    let suite = workspace().join("spec-tests");
    let name = arguments.name.as_deref();
    let path = promote::promote(&saved, &arguments.dir, &suite, name)?;
    crate::print(&format!("{}\n", path.display()))?;
    Ok(Outcome::AsExpected)
}
