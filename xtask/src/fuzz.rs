//! `cargo xtask fuzz` and what belongs to it: campaigns, and what is done with findings.

mod status;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use assize_fuzz::campaign::{self, Key, Options, Progress, State, Until};
use assize_fuzz::corpus::Corpus;
use assize_fuzz::findings::Findings;
use assize_fuzz::known::Known;
use assize_fuzz::oracle::{Judge, Outcome as Judged, TIMEOUT};
use assize_fuzz::subject::{Seat, Subject};
use assize_fuzz::trial::Trial;
use assize_reports::note_line;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use self::status::Status;
use crate::{
    Outcome,
    cli::{Finding, Fuzz},
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

/// Runs a campaign.
pub fn run(arguments: &Fuzz) -> Result<Outcome, XtaskError> {
    let subjects = arguments.against.iter().map(|name| Subject::find(name));
    let subjects: Vec<Subject> = subjects.collect::<Result<_, _>>()?;
    let feed = Arc::new(Corpus::load(&arguments.corpus)?);
    let key = Key {
        against: arguments.against.clone(),
        feed: arguments.corpus.display().to_string(),
        seed: arguments.seed,
    };
    let state = key.path(&workspace().join(CAMPAIGNS));
    let until = match (arguments.cases, arguments.time) {
        (Some(cases), _) => Until::Cases(cases),
        (None, Some(time)) => Until::Time(time),
        (None, None) => Until::Stopped,
    };
    let from = match (arguments.from, State::read(&state)?) {
        (Some(from), _) => from,
        (None, Some(state)) if state.next > 0 => {
            let next = state.next;
            let note =
                format!("goes on with case {next}, where it was left; `--from 0` begins anew");
            anstream::eprintln!("{}", note_line(&note));
            next
        }
        (None, _) => 0,
    };
    let root = arguments.findings.clone();
    let options = Options {
        subjects,
        feed,
        seed: arguments.seed,
        from,
        until,
        jobs: arguments.jobs.unwrap_or_else(cores),
        findings: Findings {
            root: root.unwrap_or_else(|| workspace().join(FINDINGS)),
        },
        known: Known::load(&workspace().join(KNOWN))?,
        minimise: MINIMISE,
        timeout: TIMEOUT,
        state: Some(state),
    };
    let stop = interrupts()?;
    let mut status = Status::new();
    let progress = campaign::run(options, &stop, &mut status);
    status.finish();
    summary(&progress?)
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

/// Runs the case of a finding again.
pub fn reproduce(arguments: &Finding) -> Result<Outcome, XtaskError> {
    let saved = Findings::read(&arguments.dir)?;
    let subject = Subject::find(&saved.record.against)?;
    let trial = Trial::parse(&arguments.dir, saved.text)?;
    let (mut judge, mut seat) = (Judge::default(), Seat::new(subject));
    let outcome = judge.judge(&trial, &mut seat);
    let text = match outcome {
        Err(rejected) => format!("rejected: {rejected}"),
        Ok(Judged::Admissible(_)) => "not reproduced: what it does is admissible".to_owned(),
        Ok(Judged::Undecided { why }) => format!("undecided: {why}"),
        Ok(Judged::Unsupported { capability }) => format!("unsupported: {capability}"),
        Ok(Judged::Finding(found)) => {
            let id = found.signature.id();
            crate::print(&format!("reproduced: {id}: {}\n", found.what))?;
            return Ok(Outcome::Unexpected);
        }
    };
    crate::print(&format!("{text}\n"))?;
    Ok(Outcome::AsExpected)
}
