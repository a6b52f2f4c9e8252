//! Where the specification's text and its own tests contradict each other.
//!
//! Both stand in one repository at one commit, so neither can be said to be the specification
//! alone. The machine has both readings; `docs/spec-notes.md` has the places.

use std::collections::BTreeMap;

/// Which of the two a machine follows where they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// `CanonicalABI.md` and `definitions.py`, to the letter.
    #[default]
    Text,
    /// The tests beside them.
    Tests,
    /// Now the one and now the other: the scheduler chooses, when a dispute comes up for the first time.
    /// That is for searches. Whoever can take only one of the two takes the text.
    Either,
}

/// A place where the text and the tests differ, by what the tests want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dispute {
    /// `task.return` without `memory`, for a result that needs none, is accepted where the task
    /// has one. The text compares the two options whatever the result is.
    ReturnWithoutMemory,
    /// Cancelling a stream copy that has copied some of its elements results in `CANCELLED`. In
    /// the text the event of the partial copy wins, which says `COMPLETED`.
    CancelledAfterProgress,
    /// While a synchronous task waits for its siblings, those that need to be alone do not run. In
    /// the text only the thread that is alone at the moment does not.
    NoExclusiveSiblings,
    /// A call between a parent and its child traps. The text allows it.
    NoDonuts,
    /// Where a schedule is to be picked without more ado, a thread that waits for an event that is
    /// there already goes on. The text's deterministic profile lets it block. Both readings allow
    /// both.
    ReadyWaitGoesOn,
    /// A task that cannot enter since another is alone first lets that one go on if it is ready.
    /// In the text the task waits, and its caller goes on.
    ReadyGoesFirst,
}

/// What was decided in the course of a run: once for each dispute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decisions {
    reading: Reading,
    /// For each dispute that has come up whether the tests win, if that is not clear from the beginning.
    made: BTreeMap<Dispute, bool>,
}

impl Decisions {
    /// None yet.
    pub fn new(reading: Reading) -> Decisions {
        let made = BTreeMap::new();
        Decisions { reading, made }
    }

    /// Whether the tests win, if that is decided.
    pub fn get(&self, dispute: Dispute) -> Option<bool> {
        match (self.reading, dispute) {
            (Reading::Text, _) => Some(false),
            (Reading::Tests, _) => Some(true),
            // This is about what comes first, and schedules have it both ways.
            (Reading::Either, Dispute::ReadyWaitGoesOn) => Some(false),
            (Reading::Either, _) => self.made.get(&dispute).copied(),
        }
    }

    /// From now on, it is so.
    pub fn decide(&mut self, dispute: Dispute, tests_win: bool) {
        self.made.insert(dispute, tests_win);
    }
}
