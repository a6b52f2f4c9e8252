//! Every schedule: a depth-first search over the choices, with a snapshot at each.
//!
//! A state is where a run stands after a choice. It is visited once: what can follow does not
//! depend on how the run got there. A step is not resumable in its middle, so the alternatives of
//! a choice are explored by running from the state before with other choices; a choice that only
//! shows then is explored the same way.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::fingerprint::{ByName, fingerprint};
use super::lanes::{Counts, Lanes, counts};
use super::replay::Replay;
use super::run::{Run, Status};
use super::schedule::{Choice, Recorder, Schedule};
use super::script::{ActionIndex, Event, Script, Trace};
use crate::host::HostEvent;

/// When a search gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most states.
    pub states: u64,
    /// The most choices in one run.
    pub depth: usize,
    /// The most time.
    pub time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            states: 10_000_000,
            depth: 100_000,
            time: Duration::from_secs(60),
        }
    }
}

/// What makes two runs that are in the same state different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Everything that the host has seen: the outcomes of the whole script are found.
    Script,
    /// Nothing: the outcomes of each action are found, but not which of them go together.
    Action,
}

/// What to explore.
#[derive(Clone, Copy)]
pub struct Search<'s> {
    /// The script.
    pub script: &'s Script,
    /// What makes two runs that are in the same state different.
    pub memory: Memory,
    /// Whether a run goes on after an action has ended so. Where it does not, the outcome is
    /// found, and nothing of what may come after it.
    pub follow: &'s dyn Fn(ActionIndex, &Event) -> bool,
    /// What a run has to show of the host's world to be followed; nothing if that does not matter. A
    /// run that is followed then ends with the first action that traps.
    pub lanes: Option<&'s Lanes>,
    /// When to give up.
    pub bounds: Bounds,
    /// Whether to end with the first run that comes to the end of the script.
    pub goal: Goal,
}

/// When a search has found enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// When all has been found.
    All,
    /// When one run has come to the end of the script.
    First,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// How many states were visited: those after a choice, and those at the end.
    pub states: u64,
    /// How many steps of the machine were taken, from choice to choice.
    pub steps: u64,
    /// Whether these are all states.
    pub complete: bool,
    /// The outcomes of each action, in the order in which they were found; none with [`Goal::First`].
    pub outcomes: Vec<Vec<Outcome>>,
    /// A schedule with which the script comes to its end, every event being one to follow.
    pub arrived: Option<Schedule>,
    /// A schedule that leads to a state that it has been in before: one that need never end.
    pub endless: Option<Schedule>,
    /// How far the runs came that were not followed to their end.
    pub frontier: Frontier,
    /// How long it took.
    pub elapsed: Duration,
}

/// The place that runs came to that were followed furthest, and what they showed next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    /// How many actions had ended, each in a way to follow.
    pub actions: usize,
    /// How many events of the host's world there had been in each lane.
    pub lanes: Counts,
    /// What came next, in different runs.
    pub next: Vec<Shown>,
    /// A schedule that leads there.
    pub schedule: Schedule,
}

/// Something that a run shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// How an action ends.
    Action(Event),
    /// An event of the host's world.
    Host(HostEvent),
    /// Nothing any more.
    End,
}

impl Frontier {
    fn matched(&self) -> usize {
        self.actions + self.lanes.values().sum::<usize>()
    }
}

/// A way in which an action can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the host sees, from the beginning to the end of this action.
    pub trace: Trace,
    /// What it sees of its own world until then.
    pub seen: Vec<HostEvent>,
    /// How much of that it has seen at the end of each action.
    pub ends: Vec<usize>,
    /// The shortest schedule that was found for it.
    pub schedule: Schedule,
}

impl Outcome {
    /// How the action ends.
    pub fn event(&self) -> Option<&Event> {
        self.trace.last()
    }
}

/// Explores every schedule from `start`. Where that has begun, what it has shown is not looked at.
pub fn explore(search: Search<'_>, start: Run) -> Exploration {
    let actions = &search.script.actions;
    let mut explorer = Explorer {
        search,
        steps: 0,
        tried: 0,
        arrived: None,
        began: Instant::now(),
        visited: HashSet::default(),
        stack: Vec::new(),
        on_stack: HashSet::new(),
        found: actions.iter().map(|_| HashMap::new()).collect(),
        complete: true,
        endless: None,
        frontier: Frontier::default(),
    };
    explorer.enter(start, Vec::new());
    while explorer.go_on() {}
    Exploration {
        states: explorer.visited.len() as u64,
        steps: explorer.steps,
        complete: explorer.complete,
        outcomes: explorer.found.into_iter().map(in_order).collect(),
        arrived: explorer.arrived,
        endless: explorer.endless,
        frontier: explorer.frontier,
        elapsed: explorer.began.elapsed(),
    }
}

/// How one action ended, or the whole trace, by fingerprint; each with the place at which it was
/// found first.
type Found = HashMap<u128, (usize, Outcome)>;

fn in_order(found: Found) -> Vec<Outcome> {
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Whether a run is followed.
enum Follow {
    /// It is.
    Yes,
    /// It is, and ends here.
    ToTheEnd,
    /// It is not.
    No,
}

struct Explorer<'s> {
    search: Search<'s>,
    steps: u64,
    /// How many alternatives; many of them may lead to one state.
    tried: u64,
    arrived: Option<Schedule>,
    began: Instant,
    visited: HashSet<u128, ByName>,
    stack: Vec<Node>,
    on_stack: HashSet<u128>,
    found: Vec<Found>,
    complete: bool,
    endless: Option<Schedule>,
    frontier: Frontier,
}

/// A state on the path that is being explored.
struct Node {
    run: Run,
    name: u128,
    /// The choices of the step that led here.
    choices: Vec<Choice>,
    /// What is still to be chosen here: the first choices of the next step that has any.
    open: Vec<Vec<Choice>>,
}

impl Explorer<'_> {
    /// Explores one alternative of the last state on the path, or leaves it.
    fn go_on(&mut self) -> bool {
        let Some(node) = self.stack.last_mut() else {
            return false;
        };
        let Some(prefix) = node.open.pop() else {
            let name = node.name;
            self.on_stack.remove(&name);
            self.stack.pop();
            return true;
        };
        self.tried += 1;
        if self.visited.len() as u64 >= self.search.bounds.states
            || self.tried.is_multiple_of(64) && self.began.elapsed() > self.search.bounds.time
        {
            self.complete = false;
            return false;
        }
        let mut run = node.run.clone();
        let known = prefix.len();
        let mut replay = Replay::new(Schedule { choices: prefix });
        let mut recorder = Recorder::new(&mut replay);
        let status = run.advance(self.search.script, &mut recorder);
        self.steps += run.steps();
        let choices = recorder.choices;
        for (at, choice) in choices.iter().enumerate().skip(known) {
            for chosen in (1..choice.options).rev() {
                let mut prefix = choices[..at].to_vec();
                prefix.push(Choice { chosen, ..*choice });
                node.open.push(prefix);
            }
        }
        let (actions, events) = (node.run.trace().len(), node.run.seen().len());
        let status = match self.note(&run, actions, events, &choices) {
            Follow::No => return true,
            Follow::Yes => status,
            Follow::ToTheEnd => Status::Ended,
        };
        match status {
            Status::Going => self.enter(run, choices),
            Status::Ended if !self.shows_all(&run, &choices) => {}
            Status::Ended => {
                self.visited.insert(self.name(&run));
                if self.arrived.is_none() {
                    self.arrived = Some(self.schedule(&choices).without_tail());
                }
                return self.search.goal == Goal::All;
            }
        }
        true
    }

    /// Puts a state on the path unless it has been visited.
    fn enter(&mut self, run: Run, choices: Vec<Choice>) {
        let name = self.name(&run);
        if !self.visited.insert(name) {
            if self.endless.is_none() && self.on_stack.contains(&name) {
                self.endless = Some(self.schedule(&choices));
            }
            return;
        }
        if self.stack.len() >= self.search.bounds.depth {
            self.complete = false;
            return;
        }
        self.on_stack.insert(name);
        self.stack.push(Node {
            run,
            name,
            choices,
            open: vec![Vec::new()],
        });
    }

    fn name(&self, run: &Run) -> u128 {
        match self.search.memory {
            Memory::Action if self.search.lanes.is_none() || run.seen().is_empty() => {
                fingerprint(run)
            }
            // Where the lanes are followed, how far says what.
            Memory::Action => fingerprint(&(run, counts(run.seen()))),
            Memory::Script => fingerprint(&(run, run.trace(), run.seen())),
        }
    }

    /// Notes that a run came to a place at which so much had been shown, and what it shows next if
    /// that is not followed.
    fn came_to(
        &mut self,
        actions: usize,
        lanes: &Counts,
        shown: Option<Shown>,
        choices: &[Choice],
    ) {
        let matched = actions + lanes.values().sum::<usize>();
        if matched > self.frontier.matched() {
            self.frontier = Frontier {
                actions,
                lanes: lanes.clone(),
                next: Vec::new(),
                schedule: self.schedule(choices),
            };
        }
        if matched == self.frontier.matched() {
            let new = shown.filter(|shown| !self.frontier.next.contains(shown));
            self.frontier.next.extend(new);
        }
    }

    /// What the run has shown of the host's world, where lanes are followed up to the end of the first
    /// action that stopped: what comes after does not count.
    fn seen<'r>(&self, run: &'r Run) -> &'r [HostEvent] {
        let stops = |event: &Event| matches!(event, Event::Stopped(_));
        let stop = self.search.lanes.and(run.trace().iter().position(stops));
        match stop {
            Some(action) => &run.seen()[..run.ends()[action]],
            None => run.seen(),
        }
    }

    /// Whether a run that has ended has shown all that it had to.
    fn shows_all(&mut self, run: &Run, choices: &[Choice]) -> bool {
        let Some(lanes) = self.search.lanes else {
            return true;
        };
        let shown = counts(self.seen(run));
        let all = lanes.has_shown(&shown);
        if !all {
            self.came_to(run.trace().len(), &shown, Some(Shown::End), choices);
        }
        all
    }

    /// Whether what the run has shown of the host's world after the first `events` is to be followed.
    fn follows_lanes(&mut self, run: &Run, events: usize, choices: &[Choice]) -> bool {
        let Some(lanes) = self.search.lanes else {
            return true;
        };
        let mut before = counts(&run.seen()[..events]);
        for (place, event) in self.seen(run).iter().enumerate().skip(events) {
            if !lanes.fits(&before, event) {
                let shown = Some(Shown::Host(event.clone()));
                let ended = run.ends().iter().filter(|end| **end <= place);
                self.came_to(ended.count(), &before, shown, choices);
                return false;
            }
            *before.entry(event.lane()).or_default() += 1;
        }
        true
    }

    /// Notes the actions that have ended after the first `actions`, when the host had seen so many
    /// `events`. Gives whether the run is one to follow.
    fn note(&mut self, run: &Run, actions: usize, events: usize, choices: &[Choice]) -> Follow {
        if !self.follows_lanes(run, events, choices) {
            return Follow::No;
        }
        let wanted = self.search.lanes.is_some();
        let lanes = |until: usize| match wanted {
            true => counts(&run.seen()[..until]),
            false => Counts::new(),
        };
        for action in actions..run.trace().len() {
            let event = &run.trace()[action];
            if self.search.goal == Goal::All {
                self.keep(run, action, choices);
            }
            if !(self.search.follow)(action, event) {
                let shown = Some(Shown::Action(event.clone()));
                let before = lanes(run.ends()[action]);
                self.came_to(action, &before, shown, choices);
                return Follow::No;
            }
            if wanted && matches!(event, Event::Stopped(_)) {
                return Follow::ToTheEnd;
            }
        }
        let all = lanes(run.seen().len());
        self.came_to(run.trace().len(), &all, None, choices);
        Follow::Yes
    }

    /// Keeps how an action ended, unless a schedule that is no longer ends it alike.
    fn keep(&mut self, run: &Run, action: ActionIndex, choices: &[Choice]) {
        let trace = &run.trace()[..=action];
        let name = match self.search.memory {
            Memory::Action => fingerprint(&trace[action]),
            Memory::Script => fingerprint(&(trace, &run.seen()[..run.ends()[action]])),
        };
        let length = self.length(choices);
        let known = self.found[action].get(&name);
        if known.is_none_or(|(_, known)| known.schedule.choices.len() > length) {
            let place = known.map_or(self.found[action].len(), |(place, _)| *place);
            let outcome = Outcome {
                trace: trace.to_vec(),
                seen: run.seen()[..run.ends()[action]].to_vec(),
                ends: run.ends()[..=action].to_vec(),
                schedule: self.schedule(choices).without_tail(),
            };
            self.found[action].insert(name, (place, outcome));
        }
    }

    /// How many choices [`Schedule::without_tail`] leaves of those of the path, and `choices`.
    fn length(&self, choices: &[Choice]) -> usize {
        let path = self.stack.iter().flat_map(|node| &node.choices);
        let chosen = path.chain(choices).map(|choice| choice.chosen);
        let numbered = chosen.enumerate().filter(|(_, chosen)| *chosen != 0);
        numbered.last().map_or(0, |(position, _)| position + 1)
    }

    /// The choices of the path, and then `choices`.
    fn schedule(&self, choices: &[Choice]) -> Schedule {
        let path = self.stack.iter().flat_map(|node| &node.choices);
        Schedule {
            choices: path.chain(choices).copied().collect(),
        }
    }
}
