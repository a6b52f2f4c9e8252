//! The oracle: is what a runtime showed of a host-driven test something that the specification
//! allows?

use assize_reference::explore::check::{Admissibility, Observed, check_host, shows};
use assize_reference::explore::exhaustive::{Bounds, Frontier, Shown};
use assize_reference::explore::lanes::Lanes;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::Schedule;
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::stop::{Stop, Trap};

use super::drive::{Driven, StepOutcome};
use super::explain::{self, Explanation, Told};
use super::plan::Planned;
use super::verdict::{Seen, allowed};
use crate::explore::limits;
use crate::rules::{Coverage, Rule};
use crate::runtime::{Failure, OutcomeClass};

/// Answers for one test and any number of runtimes.
///
/// Most runtimes do most of the time what the reference does in its deterministic profile. That is one
/// run, which is compared first; only where it shows something else are the schedules searched.
///
/// With [`Reading::Either`], the text and the tests each have such a run, and all is allowed that is so
/// where each contradiction between the two may be decided either way. What is said of a deviation is what
/// the text has to say.
pub struct Oracle<'p> {
    planned: &'p Planned,
    reading: Reading,
    limits: Limits,
    bounds: Bounds,
    first: Run,
    finished: Status,
}

/// What the oracle says.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A schedule shows it.
    Admissible {
        /// How that was found.
        by: By,
        /// That schedule.
        schedule: Schedule,
        /// In which reading it is one.
        reading: Reading,
    },
    /// No schedule shows it.
    Inadmissible(Box<Deviation>),
    /// There is no telling, and why.
    Undecided(String),
    /// A step failed in a way that is not about what the guest does: the runtime lacks something,
    /// refuses the component, died, or was too late.
    Failed(Failure),
    /// What it told of is nothing that a host can see, and why.
    NoTrace(String),
}

/// What a search comes to.
enum Sought<'p> {
    /// This is the answer.
    Answer(Answer),
    /// No schedule shows it, and this is how far they come.
    Nowhere(Seen<'p>, Frontier),
}

/// How a schedule was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// It is the first one.
    First,
    /// It was searched for.
    Search,
}

/// What no schedule shows.
#[derive(Clone, Debug)]
pub struct Deviation {
    /// The first thing that no schedule shows together with all before it; none where something is
    /// missing.
    pub observed: Option<Observation>,
    /// What schedules show there.
    pub allowed: Vec<Shown>,
    /// The built-ins that guests call, in the run of the reference that goes furthest, after the last
    /// thing that was seen and before the next.
    pub builtins: Vec<&'static str>,
    /// The rule under which that run traps, if it does.
    pub trapped: Option<Rule>,
    /// Both timelines.
    pub explanation: Explanation,
}

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// How a step ended.
    Step(Observed),
    /// An event of the host's world.
    Host(HostEvent),
}

impl Deviation {
    /// The rule under which the reference traps there, or has done so before, if it does.
    pub fn rule(&self) -> Option<Rule> {
        let there = self.allowed.iter().find_map(|shown| match shown {
            Shown::Action(Event::Stopped(Stop::Trap(Trap::Rule(rule)))) => Some(*rule),
            _ => None,
        });
        let ended = self.allowed.contains(&Shown::End);
        there.or(self.trapped.filter(|_| ended))
    }
}

impl<'p> Oracle<'p> {
    /// An oracle for a test, with the machine's usual limits.
    pub fn new(planned: &'p Planned, reading: Reading, bounds: Bounds) -> Oracle<'p> {
        Oracle::within(planned, reading, limits(), bounds)
    }

    /// An oracle for a test with these limits, past which nothing is decided.
    pub fn within(
        planned: &'p Planned,
        reading: Reading,
        limits: Limits,
        bounds: Bounds,
    ) -> Oracle<'p> {
        let (first, finished) = first(planned, in_words(reading), &limits, bounds);
        Oracle {
            planned,
            reading,
            limits,
            bounds,
            first,
            finished,
        }
    }

    /// Which rules the first run has reached.
    pub fn coverage(&self) -> &Coverage {
        &self.first.machine().coverage
    }

    /// Why the first run has not come to an end, if it has not.
    pub fn gave_up(&self) -> Option<String> {
        match self.first.trace().last() {
            Some(Event::Stopped(stop)) if stop.decides_nothing() => Some(stop.to_string()),
            _ if self.finished == Status::Going => Some("there are too many choices".to_owned()),
            _ => None,
        }
    }

    /// The run of the reference in its deterministic profile.
    pub fn first(&self) -> &Run {
        &self.first
    }

    /// What is to be said of what a runtime showed.
    pub fn answer(&self, driven: &Driven) -> Answer {
        match self.seek(driven) {
            Sought::Answer(answer) => answer,
            Sought::Nowhere(seen, frontier) => self.inadmissible(&seen, frontier, driven),
        }
    }

    fn seek(&self, driven: &Driven) -> Sought<'p> {
        if let Some(failure) = driven.failure() {
            match failure.class {
                OutcomeClass::Trap | OutcomeClass::Deadlock => {}
                // A limit of the runtime's decides nothing.
                OutcomeClass::Exhaustion => {
                    return Sought::Answer(Answer::Undecided(failure.to_string()));
                }
                _ => return Sought::Answer(Answer::Failed(failure.clone())),
            }
        }
        let seen = match Seen::new(self.planned, driven) {
            Ok(seen) => seen,
            Err(reason) => return Sought::Answer(Answer::NoTrace(reason)),
        };
        let lanes = seen.lanes();
        let shows = |(run, finished): (&Run, Status)| {
            finished == Status::Ended && shows(run, &seen.steps, &lanes)
        };
        let tests_show = || {
            let (run, finished) = first(self.planned, Reading::Tests, &self.limits, self.bounds);
            shows((&run, finished))
        };
        let reading = match self.reading {
            reading if shows((&self.first, self.finished)) => Some(in_words(reading)),
            Reading::Either if tests_show() => Some(Reading::Tests),
            _ => None,
        };
        if let Some(reading) = reading {
            return Sought::Answer(Answer::Admissible {
                by: By::First,
                schedule: Schedule::default(),
                reading,
            });
        }
        match self.search(&seen, &lanes, driven, self.reading) {
            Admissibility::Admissible { schedule } => Sought::Answer(Answer::Admissible {
                by: By::Search,
                schedule,
                reading: self.reading,
            }),
            Admissibility::Undecided { states } => Sought::Answer(Answer::Undecided(format!(
                "none of the {states} states that were searched decides it"
            ))),
            Admissibility::Inadmissible(frontier) => Sought::Nowhere(seen, frontier),
        }
    }

    fn search(
        &self,
        seen: &Seen<'_>,
        lanes: &Lanes,
        driven: &Driven,
        reading: Reading,
    ) -> Admissibility {
        let start = self.start(driven, reading);
        let script = &self.planned.script;
        check_host(script, start, &seen.steps, lanes, self.bounds)
    }

    /// Where a search begins: behind the instantiations that the test begins with, if there is only one
    /// way through them and the runtime has come through them too.
    fn start(&self, driven: &Driven, reading: Reading) -> Run {
        let opened = self.planned.opened(reading, &self.limits);
        let opened = opened.filter(|opened| {
            let steps = driven.steps.get(..opened.run.trace().len());
            let made = |step: &StepOutcome| *step == StepOutcome::Instantiated;
            opened.is_the_only_way && steps.is_some_and(|steps| steps.iter().all(made))
        });
        match opened {
            Some(opened) => opened.run.clone(),
            None => Run::new(self.limits.clone(), reading),
        }
    }

    /// The timelines of what was seen and of the schedule of that reading that shows it.
    pub fn explain(
        &self,
        driven: &Driven,
        schedule: &Schedule,
        reading: Reading,
    ) -> Option<Explanation> {
        let seen = Seen::new(self.planned, driven).ok()?;
        let until = (seen.steps.len(), seen.events.len());
        let (reference, _, _) = explain::reference(self.planned, schedule, until, reading);
        Some(Explanation {
            observed: explain::observed(self.planned, &seen, None),
            reference,
            allowed: Vec::new(),
        })
    }

    fn inadmissible(&self, seen: &Seen<'_>, frontier: Frontier, driven: &Driven) -> Answer {
        let words = in_words(self.reading);
        let (frontier, reading) = match words == self.reading {
            true => (frontier, words),
            false => match self.search(seen, &seen.lanes(), driven, words) {
                Admissibility::Inadmissible(frontier) => (frontier, words),
                _ => (frontier, self.reading),
            },
        };
        Answer::Inadmissible(Box::new(self.deviation(seen, frontier, reading)))
    }

    fn deviation(&self, seen: &Seen<'_>, frontier: Frontier, reading: Reading) -> Deviation {
        let told = explain::told(seen, Some(&frontier));
        let first = told.iter().find(|(_, admissible)| !admissible);
        let until = (frontier.actions, frontier.lanes.values().sum());
        let (reference, builtins, trapped) =
            explain::reference(self.planned, &frontier.schedule, until, reading);
        Deviation {
            observed: first.map(|(told, _)| match told {
                Told::Step(_, observed) => Observation::Step((*observed).clone()),
                Told::Event(event) => Observation::Host((*event).clone()),
            }),
            builtins,
            trapped,
            explanation: Explanation {
                observed: explain::observed(self.planned, seen, Some(&frontier)),
                reference,
                allowed: allowed(self.planned, seen, &frontier),
            },
            allowed: frontier.next,
        }
    }
}

/// The reading in which things are said where all is allowed that this one allows.
fn in_words(reading: Reading) -> Reading {
    match reading {
        Reading::Text | Reading::Either => Reading::Text,
        Reading::Tests => Reading::Tests,
    }
}

/// The run in the deterministic profile.
fn first(planned: &Planned, reading: Reading, limits: &Limits, bounds: Bounds) -> (Run, Status) {
    let mut run = match planned.opened(reading, limits) {
        Some(opened) => opened.run.clone(),
        None => Run::new(limits.clone(), reading),
    };
    let finished = run.follow(&planned.script, &mut Deterministic, bounds.depth);
    (run, finished)
}
