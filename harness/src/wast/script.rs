//! A `.wast` text: where its directives stand, and running them one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, Wast, WastDirective, Wat};

use super::interpret::Interpreter;
use super::judge::Judgement;
use crate::host::Explanation;
use crate::results::Verdict;
use crate::runtime::Runtime;

/// Where a directive stands in its file and what it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The line of its opening parenthesis, from 1.
    pub line: u32,
    /// The column of its opening parenthesis, from 1, in bytes.
    pub column: u32,
    /// Its keyword, such as `assert_trap` or `component definition`.
    pub directive: String,
}

impl Place {
    /// The place of a result that is about the file as a whole.
    pub fn file(line: u32, column: u32) -> Self {
        Place {
            line,
            column,
            directive: "file".to_string(),
        }
    }
}

/// Is told how a script goes on.
pub(crate) trait Sink<R: Runtime + ?Sized> {
    /// The text is a script with these directives. Called once, before any result; not called
    /// for a text that is not a script.
    fn planned(&mut self, places: &[Place]);

    /// A directive has run, as far as it could. Called before it is judged.
    fn ran(&mut self, _runtime: &R) {}

    /// Whether a host-driven test is to be explained, which takes one more run of the reference.
    fn explains(&self) -> bool {
        false
    }

    /// What was seen of a host-driven test. Called before it is judged, if [`Sink::explains`].
    fn explained(&mut self, _explanation: Explanation) {}

    /// A directive is judged. Called once for each place, in order; for a text that is not a
    /// script, once for the file.
    fn judged(&mut self, place: &Place, judgement: Judgement, took: Duration);
}

/// How a script ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The runtime is as good as before.
    Well,
    /// The runtime panicked, died or answered nonsense: it must not be used again.
    RuntimeLost,
}

/// Runs a script and returns its judgements in order.
///
/// For a text that is not a script, the one judgement is an error at the place of the fault.
pub fn run_text(
    text: &str,
    runtime: &mut dyn Runtime,
    deadline: Option<Instant>,
) -> Vec<(Place, Judgement)> {
    struct Collect(Vec<(Place, Judgement)>);
    impl<R: Runtime + ?Sized> Sink<R> for Collect {
        fn planned(&mut self, _: &[Place]) {}
        fn judged(&mut self, place: &Place, judgement: Judgement, _: Duration) {
            self.0.push((place.clone(), judgement));
        }
    }
    let mut collect = Collect(Vec::new());
    run(text, runtime, deadline, &mut collect);
    collect.0
}

/// The tokens of a script.
pub(crate) fn buffer(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    // Names may be any Unicode; whether they confuse readers is not for a test to say.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// Runs a script on a runtime that has been reset.
pub(crate) fn run<R: Runtime + ?Sized>(
    text: &str,
    runtime: &mut R,
    deadline: Option<Instant>,
    sink: &mut dyn Sink<R>,
) -> Ended {
    let began = Instant::now();
    let lines = Lines::new(text);
    let mut malformed = |error: wast::Error| {
        let (line, column) = lines.position(error.span().offset());
        let place = Place::file(line, column);
        let message = format!("not a script: {}", error.message());
        sink.judged(&place, Judgement::error(message), began.elapsed());
        Ended::Well
    };
    let buffer = match buffer(text) {
        Ok(buffer) => buffer,
        Err(error) => return malformed(error),
    };
    let script = match parser::parse::<Wast>(&buffer) {
        Ok(script) => script,
        Err(error) => return malformed(error),
    };
    let places: Vec<Place> = script.directives.iter().map(|d| lines.place(d)).collect();
    sink.planned(&places);
    runtime.set_deadline(deadline);
    let ended = run_directives(script, &places, runtime, deadline, sink);
    if ended == Ended::Well {
        runtime.set_deadline(None);
    }
    ended
}

fn run_directives<R: Runtime + ?Sized>(
    script: Wast<'_>,
    places: &[Place],
    runtime: &mut R,
    deadline: Option<Instant>,
    sink: &mut dyn Sink<R>,
) -> Ended {
    let mut interpreter = Interpreter::new(runtime);
    let mut lost_at = None;
    for (directive, place) in script.directives.into_iter().zip(places) {
        let began = Instant::now();
        let judgement = if let Some(line) = lost_at {
            Judgement::error(format!("not run: the runtime was lost on line {line}"))
        } else if deadline.is_some_and(|deadline| began >= deadline) {
            Judgement::timeout("not run: the file's time was over")
        } else {
            let step = AssertUnwindSafe(|| interpreter.run(directive, place.line));
            catch_unwind(step).unwrap_or_else(|panic| Judgement::crash(panic_message(&*panic)))
        };
        let lost = matches!(judgement.verdict, Verdict::Crash | Verdict::Protocol);
        if lost && lost_at.is_none() {
            lost_at = Some(place.line);
        }
        let took = began.elapsed();
        sink.ran(interpreter.runtime());
        sink.judged(place, judgement, took);
    }
    if lost_at.is_some() {
        Ended::RuntimeLost
    } else {
        Ended::Well
    }
}

/// The words of a panic, as far as there are any.
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_string())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!(
        "panicked: {}",
        text.as_deref().unwrap_or("without a message")
    )
}

/// Line numbers of a text.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Lines {
            text,
            starts: std::iter::once(0).chain(after_newlines).collect(),
        }
    }

    /// Line and column, both from 1, of a byte.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        (saturating(line), saturating(offset - start + 1))
    }

    /// The place of a directive. Its span starts at a keyword; the parenthesis is before that.
    pub(crate) fn place(&self, directive: &WastDirective<'_>) -> Place {
        let keyword = directive.span().offset();
        let before = self.text.get(..keyword).unwrap_or("");
        let (line, column) = self.position(before.rfind('(').unwrap_or(keyword));
        let at_keyword = self.text.get(keyword..).unwrap_or("");
        Place {
            line,
            column,
            directive: name(directive, at_keyword),
        }
    }
}

fn saturating(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The directive's keywords.
fn name(directive: &WastDirective<'_>, at_keyword: &str) -> String {
    let name = match directive {
        WastDirective::Module(wat) => wat_name(wat),
        WastDirective::ModuleDefinition(wat) => {
            return format!("{} definition", wat_name(wat));
        }
        WastDirective::ModuleInstance { .. } if at_keyword.starts_with("component") => {
            "component instance"
        }
        WastDirective::ModuleInstance { .. } => "module instance",
        WastDirective::AssertMalformed { .. } => "assert_malformed",
        WastDirective::AssertInvalid { .. } => "assert_invalid",
        WastDirective::AssertInvalidCustom { .. } => "assert_invalid_custom",
        WastDirective::AssertMalformedCustom { .. } => "assert_malformed_custom",
        WastDirective::Register { .. } => "register",
        WastDirective::Invoke(_) => "invoke",
        WastDirective::AssertTrap { .. } => "assert_trap",
        WastDirective::AssertReturn { .. } => "assert_return",
        WastDirective::AssertExhaustion { .. } => "assert_exhaustion",
        WastDirective::AssertUnlinkable { .. } => "assert_unlinkable",
        WastDirective::AssertException { .. } => "assert_exception",
        WastDirective::AssertSuspension { .. } => "assert_suspension",
        WastDirective::Thread(_) => "thread",
        WastDirective::Wait { .. } => "wait",
    };
    name.to_string()
}

fn wat_name(wat: &QuoteWat<'_>) -> &'static str {
    match wat {
        QuoteWat::Wat(Wat::Module(_)) => "module",
        QuoteWat::Wat(Wat::Component(_)) => "component",
        QuoteWat::QuoteModule(..) => "module quote",
        QuoteWat::QuoteComponent(..) => "component quote",
    }
}
