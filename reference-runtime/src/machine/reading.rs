//! Where the specification's text and its own tests contradict each other.
//!
//! Both stand in one repository at one commit, so neither can be said to be the specification
//! alone. The machine has both readings; `docs/spec-notes.md` has the places.

/// Which of the two a machine follows where they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// `CanonicalABI.md` and `definitions.py`, to the letter.
    #[default]
    Text,
    /// The tests beside them.
    Tests,
}

/// A place where the text and the tests differ, by what the tests want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
