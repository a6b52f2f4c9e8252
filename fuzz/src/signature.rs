//! What findings have in common that have the same cause: the kind, the rule, the built-in, and what
//! was seen and what is allowed in its place, without what differs from program to program.
//!
//! That is known when a finding is made. What its smallest program is made of says more, and is known
//! only later: [`gist`].

pub mod gist;
mod marks;

use assize_harness::host::{Deviation, Driven, Observation, StepOutcome};
use assize_harness::runtime::Failure;
use assize_reference::explore::check::Observed;
use assize_reference::explore::exhaustive::Shown;
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::stop::{Stop, Trap};
use assize_reference::machine::waitable::CopyResult;
use serde::{Deserialize, Serialize};

use self::gist::Gist;
use self::marks::Marks;
use crate::program::Program;

/// What kind of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// No schedule of the specification shows what the runtime showed.
    Inadmissible,
    /// The runtime panicked or died.
    Crash,
    /// The runtime did not come to an end, and the reference does.
    Hang,
    /// The runtime refuses a component that is valid.
    Refused,
    /// The runtime, or its adapter, answered what is no answer.
    Protocol,
    /// The runtime keeps something although the program has dropped everything.
    Leak,
    /// The runtime's process grows with each run of the same case.
    Growth,
    /// The runtime keeps what is due from everybody while a guest spins.
    Starved,
    /// Two ways to write the same program are judged differently: a mistake of this project.
    Metamorphic,
}

impl Kind {
    /// The kind as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Inadmissible => "inadmissible",
            Kind::Crash => "crash",
            Kind::Hang => "hang",
            Kind::Refused => "refused",
            Kind::Protocol => "protocol",
            Kind::Leak => "leak",
            Kind::Growth => "growth",
            Kind::Starved => "starved",
            Kind::Metamorphic => "metamorphic",
        }
    }
}

/// What findings of the same cause have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// The runtime's name, without its version.
    pub runtime: String,
    /// The kind.
    pub kind: Kind,
    /// The rule under which the specification has a trap where the runtime has none.
    pub rule: Option<String>,
    /// The built-in that it is about.
    pub builtin: Option<String>,
    /// What was seen.
    pub observed: String,
    /// What is allowed there; empty where it is not about that.
    pub allowed: Vec<String>,
}

/// How many characters of a runtime's own words are kept.
const WORDS: usize = 100;

/// How many hexadecimal digits the short name of a signature ends in.
pub(crate) const HASH_DIGITS: usize = 10;

impl Signature {
    /// The signature of something that no schedule shows.
    pub fn of(
        runtime: &str,
        deviation: &Deviation,
        driven: &Driven,
        program: Option<&Program>,
    ) -> Signature {
        let marks = Marks::of(program);
        let seen = match &deviation.observed {
            Some(Observation::Host(event)) => Some(event),
            _ => None,
        };
        let due = deviation.allowed.iter().filter_map(|shown| match shown {
            Shown::Host(event) => Some(event),
            Shown::Action(_) | Shown::End => None,
        });
        let due: Vec<&HostEvent> = due.collect();
        // One mark with another number says what it is about. Otherwise, which event comes next, or
        // does not, only says how far a guest has come.
        let same = seen.filter(|seen| due.iter().any(|due| marks.is_same(seen, due)));
        let host = |event: &HostEvent| match same {
            Some(seen) if marks.is_same(seen, event) => {
                let text = marks.describe(event);
                text.unwrap_or_else(|| GOES_ON.to_owned())
            }
            _ => host_event(event),
        };
        let rule = deviation.rule().map(|rule| rule.id().to_owned());
        let trap = |failure: &Failure| format!("{TRAP}: {}", without_numbers(&failure.message));
        let mut observed = match &deviation.observed {
            // Where it trapped, that is why.
            None => match driven.steps.last() {
                Some(StepOutcome::Failed(failure)) if rule.is_none() => trap(failure),
                _ => NOTHING.to_owned(),
            },
            Some(Observation::Host(event)) => host(event),
            Some(Observation::Step(Observed::Trap)) => match driven.steps.last() {
                Some(StepOutcome::Failed(failure)) => trap(failure),
                _ => TRAP.to_owned(),
            },
            // The host goes on, and what should have been shown before was not.
            Some(Observation::Step(Observed::Exactly(Event::Started | Event::Requested))) => {
                NOTHING.to_owned()
            }
            Some(Observation::Step(Observed::Exactly(event))) => action_event(event),
        };
        let trapped = observed.starts_with(TRAP);
        let allowed = deviation.allowed.iter().map(|shown| match shown {
            Shown::Action(event) => action_event(event),
            Shown::Host(event) => host(event),
            Shown::End => match &rule {
                Some(rule) => format!("{TRAP} ({rule})"),
                None => NOTHING.to_owned(),
            },
        });
        let mut allowed: Vec<String> = match trapped {
            // It does not matter what should come in its place.
            true => vec!["no trap".to_owned()],
            false => allowed.collect(),
        };
        allowed.sort();
        allowed.dedup();
        if allowed.contains(&observed) {
            observed += ", otherwise";
        }
        let builtin = match () {
            // The runtime says itself what it is about.
            () if trapped && !is_of_guest(&observed) => None,
            () if rule.is_some() => deviation.builtins.last().map(|last| (*last).to_owned()),
            () => {
                let marked = seen.and_then(|event| marks.builtin(event));
                let marked = marked.or_else(|| due.iter().find_map(|due| marks.builtin(due)));
                marked.or_else(|| telling(&deviation.builtins))
            }
        };
        Signature {
            runtime: runtime.to_owned(),
            kind: Kind::Inadmissible,
            rule,
            builtin,
            observed,
            allowed,
        }
    }

    /// The signature of what a runtime says of itself.
    pub fn of_message(kind: Kind, runtime: &str, message: &str) -> Signature {
        Signature {
            runtime: runtime.to_owned(),
            kind,
            rule: None,
            builtin: None,
            observed: match kind {
                // When a guest is stopped says nothing of why it had not ended.
                Kind::Hang => "no end".to_owned(),
                Kind::Crash => without_numbers(&panic(message)),
                _ => without_numbers(message),
            },
            allowed: Vec::new(),
        }
    }

    /// What findings have in common whose smallest programs are made of the same.
    pub fn cause(&self, gist: &Gist) -> String {
        let goes_on = |text: &str| text.starts_with(GOES_ON);
        let says_itself = self.kind != Kind::Inadmissible
            || self.observed.starts_with(TRAP) && !is_of_guest(&self.observed)
            || self.observed.contains(" -> ");
        let observed = match () {
            () if says_itself => &self.observed,
            () if goes_on(&self.observed) && self.allowed.iter().any(|text| goes_on(text)) => {
                "otherwise"
            }
            () if goes_on(&self.observed) => GOES_ON,
            () => NOTHING,
        };
        let rule = self.rule.as_deref().unwrap_or("-");
        let (runtime, kind, gist) = (&self.runtime, self.kind.name(), gist.telling());
        format!("{runtime} | {kind} | {rule} | {observed} | {gist}")
    }

    /// A short name, the same on each machine: good for a directory.
    pub fn id(&self) -> String {
        let about = self.rule.as_ref().or(self.builtin.as_ref());
        let about = about.map(|about| format!("-{}", slug(about)));
        let (kind, about) = (self.kind.name(), about.unwrap_or_default());
        let hash = fnv(&self.text()) & ((1 << (4 * HASH_DIGITS)) - 1);
        format!(
            "{}-{kind}{about}-{hash:0HASH_DIGITS$x}",
            slug(&self.runtime)
        )
    }

    /// All of it on one line.
    pub fn text(&self) -> String {
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        format!(
            "{} | {} | {} | {} | {} | {}",
            self.runtime,
            self.kind.name(),
            part(&self.rule),
            part(&self.builtin),
            self.observed,
            self.allowed.join("; ")
        )
    }

    /// What happened, for people.
    pub fn in_words(&self) -> String {
        match self.kind {
            Kind::Inadmissible | Kind::Metamorphic => {
                let allowed = self.allowed.join(", or ");
                format!("{} where the specification has {allowed}", self.observed)
            }
            _ => self.observed.clone(),
        }
    }
}

const GOES_ON: &str = "the guest goes on";
const NOTHING: &str = "nothing more";
const TRAP: &str = "trap";

/// Traps that any guest has that finds something other than it expects: they say nothing of a cause.
const OF_GUESTS: [&str; 3] = [
    "`unreachable`",
    "out of bounds memory access",
    "failed to produce a result",
];

/// Whether a trap may be one of the guest's own.
fn is_of_guest(observed: &str) -> bool {
    OF_GUESTS.iter().any(|words| observed.contains(words))
}

/// Built-ins that do the same whatever else happens: seldom are they what goes wrong.
pub(crate) const PLAIN: [&str; 8] = [
    "stream.new",
    "future.new",
    "waitable-set.new",
    "error-context.new",
    "context.get",
    "context.set",
    "thread.index",
    "resource.rep",
];

/// The last of these built-ins that does more than a plain one, or else the last.
fn telling(builtins: &[&'static str]) -> Option<String> {
    let plain = |builtin: &str| PLAIN.iter().any(|plain| builtin.starts_with(plain));
    let last = builtins.iter().rev();
    let telling = last.clone().find(|builtin| !plain(builtin));
    let builtin = telling.or(builtins.last())?;
    Some((*builtin).to_owned())
}

/// The first panic that a text tells of: in which file, and what it says; else the text.
fn panic(text: &str) -> String {
    let mut lines = text.lines();
    let place = lines.find_map(|line| Some(line.split_once("panicked at ")?.1));
    let Some(place) = place else {
        return text.to_owned();
    };
    let file = place.rsplit(['/', '\\']).next().unwrap_or(place);
    let file = file.split(':').next().unwrap_or(file);
    let says = lines.find(|line| !line.trim().is_empty());
    format!("{file}: {}", says.unwrap_or_default().trim())
}

/// An event of the host's world without what differs from program to program.
fn host_event(event: &HostEvent) -> String {
    match event {
        HostEvent::Called { .. } => GOES_ON.to_owned(),
        HostEvent::Cancelled { .. } => "a pending call is cancelled".to_owned(),
        HostEvent::Copied {
            end, count, result, ..
        } => {
            let how = match result {
                CopyResult::Completed => "completed",
                CopyResult::Dropped => "dropped",
                CopyResult::Cancelled => "cancelled",
            };
            let some = if *count == 0 { "none" } else { "some" };
            let end = format!("{end:?}").to_lowercase();
            format!("the host's copy of a {end} end is {how}, {some}")
        }
        HostEvent::Dropped { .. } => "a resource of the host's is dropped".to_owned(),
    }
}

/// How an action ends, without values.
fn action_event(event: &Event) -> String {
    match event {
        Event::Instantiated => "instantiated".to_owned(),
        Event::Unlinkable(_) => "unlinkable".to_owned(),
        Event::Started => "a call goes on".to_owned(),
        Event::Requested => "a cancellation is asked for".to_owned(),
        Event::Returned(_) => "a call returns".to_owned(),
        Event::Cancelled => "a call is cancelled".to_owned(),
        Event::Stopped(Stop::Trap(Trap::Rule(rule))) => format!("trap ({})", rule.id()),
        Event::Stopped(Stop::Trap(_)) => "trap".to_owned(),
        Event::Stopped(Stop::Deadlock) => "deadlock".to_owned(),
        Event::Stopped(stop) => stop.to_string(),
        Event::NotTaken => "not taken".to_owned(),
        Event::GivenUp => "given up".to_owned(),
    }
}

/// The first line of a text, with `N` for each number, and not all of it.
fn without_numbers(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let mut short = String::new();
    let mut in_number = false;
    for letter in line.unwrap_or_default().trim().chars().take(WORDS) {
        let digit = letter.is_ascii_digit() || in_number && letter.is_ascii_hexdigit();
        if !digit {
            short.push(letter);
        } else if !in_number {
            short.push('N');
        }
        // `0x` goes on as one number.
        in_number = digit || in_number && letter == 'x' && short.ends_with("Nx");
    }
    short.replace("Nx", "N")
}

fn slug(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    let letters = text.chars();
    letters
        .map(|letter| if plain(letter) { letter } else { '-' })
        .collect()
}

/// FNV-1a, 64 bits.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_make_no_difference() {
        let of = |message| Signature::of_message(Kind::Crash, "r", message);
        let a = of("panicked: index 17 out of range at 0x7fff12ab\nbacktrace 3");
        let b = of("panicked: index 4 out of range at 0x1");
        assert_eq!(a, b);
        assert_eq!(a.observed, "panicked: index N out of range at N");
        assert_ne!(a.id(), of("panicked: another").id());
    }

    #[test]
    fn a_panic_is_the_same_wherever_it_is_told_of() {
        let of = |message| Signature::of_message(Kind::Crash, "r", message);
        let caught = of("panicked at /home/a/src/table.rs:10:5:\nindex 17 out of range");
        let died = of("the adapter died: signal: 6; its last words:\n\
             thread 'main' panicked at /b/table.rs:11:2:\nindex 4 out of range\naborting");
        assert_eq!(caught, died);
        assert_eq!(caught.observed, "table.rs: index N out of range");
    }

    #[test]
    fn what_comes_after_the_first_deviation_makes_no_other_cause() {
        let signature = |rule: Option<&str>, observed: &str, allowed: &str| Signature {
            runtime: "r".to_owned(),
            kind: Kind::Inadmissible,
            rule: rule.map(str::to_owned),
            builtin: None,
            observed: observed.to_owned(),
            allowed: vec![allowed.to_owned()],
        };
        let gist = |parts: &[&str]| Gist(parts.iter().map(|part| (*part).to_owned()).collect());
        let read = gist(&["call", "stream.new", "stream.read"]);
        let cause = |signature: Signature| signature.cause(&read);
        let stuck = cause(signature(None, "nothing more", "the guest goes on"));
        let returned = Signature {
            builtin: Some("task.return".to_owned()),
            ..signature(None, "a call returns", "the guest goes on")
        };
        assert_eq!(stuck, cause(returned.clone()));
        // Plain built-ins and calls are in most programs.
        assert_eq!(stuck, returned.cause(&gist(&["stream.read"])));
        assert_ne!(stuck, returned.cause(&gist(&["stream.write"])));
        assert_ne!(
            stuck,
            cause(signature(Some("a/b"), "nothing more", "trap (a/b)"))
        );
        assert_ne!(
            stuck,
            cause(signature(None, "the guest goes on", "nothing more"))
        );
        assert_ne!(
            stuck,
            cause(signature(None, "trap: no such handle", "no trap"))
        );
    }

    #[test]
    fn a_short_name_is_good_for_a_directory_and_stays_the_same() {
        let signature = Signature {
            runtime: "wasmtime@47".to_owned(),
            kind: Kind::Inadmissible,
            rule: Some("stream.read/pending".to_owned()),
            builtin: None,
            observed: "trap".to_owned(),
            allowed: vec!["a call returns".to_owned()],
        };
        let id = "wasmtime-47-inadmissible-stream.read-pending-639db2dbcf";
        assert_eq!(signature.id(), id);
    }
}
