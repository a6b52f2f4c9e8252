//! The corners that the generator aims at, how often it aimed at each, and how much it should.
//!
//! A corner is a place of which the specification's text itself says that something special happens
//! there, or where implementations have gone wrong. Each has a weight, which a campaign may set, and a
//! counter. That a program was aimed at a corner does not mean that it gets there: what a runtime
//! does before may keep it from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

macro_rules! corners {
    ($($(#[$doc:meta])* $name:ident $id:literal $weight:literal;)*) => {
        /// Something that the generator aims at.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Corner {
            $($(#[$doc])* #[serde(rename = $id)] $name,)*
        }

        impl Corner {
            /// Every corner.
            pub const ALL: &'static [Corner] = &[$(Corner::$name,)*];

            /// The name under which weights and counters are written.
            pub fn id(self) -> &'static str {
                match self {
                    $(Corner::$name => $id,)*
                }
            }

            /// How often it is chosen, in proportion to the others, unless a campaign says otherwise.
            fn default_weight(self) -> u32 {
                match self {
                    $(Corner::$name => $weight,)*
                }
            }
        }
    };
}

corners! {
    /// Both ends of a stream or future in one instance.
    BothEnds "both-ends" 12;
    /// The other end with the host.
    HostPeer "host-peer" 14;
    /// The other end with another instance.
    GuestPeer "guest-peer" 14;
    /// A call whose callee blocks, and what its caller does meanwhile.
    OpenSubtask "open-subtask" 16;
    /// Backpressure, and calls while it lasts.
    Backpressure "backpressure" 6;
    /// Resources made, lent, given and dropped.
    Resources "resources" 12;
    /// Threads, and the ways to switch between them.
    Threads "threads" 10;
    /// Calls with values of all types.
    Values "values" 16;
    /// Error contexts.
    ErrorContexts "error-contexts" 3;
    /// Context slots, which show a wrong current thread.
    ContextSlots "context-slots" 3;
    /// Built-ins in a start function.
    InStart "in-start" 2;
    /// Built-ins in `realloc`.
    InRealloc "in-realloc" 6;
    /// Built-ins in `post-return`.
    InPostReturn "in-post-return" 6;
    /// Built-ins in a destructor.
    InDestructor "in-destructor" 3;
    /// `realloc` gives what it must not.
    BadRealloc "bad-realloc" 10;
    /// One step a thousand times.
    Thousand "thousand" 2;
    /// A function of a synchronous type blocks.
    SyncBlocks "sync-blocks" 4;
    /// An instance is entered again through its parent or a child.
    Reentrance "reentrance" 4;
    /// What a callback returns.
    CallbackCodes "callback-codes" 4;
    /// Waitable sets, their elements and their waiters.
    Sets "sets" 6;
    /// A handle goes from one root instance to another through the host.
    RootsPassHandles "roots-pass-handles" 4;
    /// Any built-in with any arguments.
    AnyBuiltin "any-builtin" 5;
    /// One thing used wrongly, for each way in which it can be.
    WrongUse "wrong-use" 16;
    /// The host calls again after what may have trapped.
    CallAfterTrap "call-after-trap" 4;
    /// The host cancels its own call.
    HostCancels "host-cancels" 6;

    /// Another task than the one that made the handle uses it.
    OtherTask "other-task" 6;
    /// Another thread than the one that made the handle uses it.
    OtherThread "other-thread" 4;
    /// A chain of three and more instances.
    LongChain "long-chain" 4;
    /// An operation on a waitable in a set.
    InSet "in-set" 6;
    /// An operation on a waitable that somebody waits for.
    WithWaiter "with-waiter" 4;
    /// An operation on a waitable whose event has not been delivered.
    PendingEvent "pending-event" 5;
    /// The event comes as the result of the built-in.
    AfterReturn "after-return" 6;
    /// The event comes from `waitable-set.wait`.
    AfterWait "after-wait" 6;
    /// The event comes from `waitable-set.poll`.
    AfterPoll "after-poll" 5;
    /// The event comes to a callback.
    AfterCallback "after-callback" 6;
    /// The event comes as the result of a cancellation.
    AfterCancel "after-cancel" 5;
    /// A subtask that has not started is cancelled.
    CancelStarting "cancel-starting" 4;
    /// A subtask that has started is cancelled.
    CancelStarted "cancel-started" 6;
    /// A subtask that has resolved already is cancelled.
    CancelResolved "cancel-resolved" 4;
    /// A copy that waits is cancelled.
    CancelCopy "cancel-copy" 6;
    /// A copy whose completion is already there is cancelled.
    CancelCompleted "cancel-completed" 5;
    /// A cancellation of what is being cancelled.
    CancelTwice "cancel-twice" 8;
    /// A copy of no elements.
    ZeroLength "zero-length" 6;
    /// A copy of more than the other side has.
    Partial "partial" 5;
    /// Elements that are handles or hold them.
    HandleElements "handle-elements" 6;
    /// Two buffers that overlap.
    Overlap "overlap" 3;
    /// A second memory.
    TwoMemories "two-memories" 2;
    /// Lengths and counts at their limits.
    Limits "limits" 3;
    /// A borrow that lives across a suspension.
    BorrowSuspended "borrow-suspended" 4;
    /// A thread that goes on after its task has returned.
    ThreadOutlives "thread-outlives" 4;
    /// A function of a synchronous type blocks while a sibling could run.
    ReadySibling "ready-sibling" 3;
    /// A task that goes on after it has returned.
    ReturnEarly "return-early" 5;

    /// Mistake: a handle that is not there.
    DeadHandle "dead-handle" 6;
    /// Mistake: a handle of another kind, or the other end.
    WrongKind "wrong-kind" 6;
    /// Mistake: a handle of the same kind and another type.
    WrongType "wrong-type" 6;
    /// Mistake: an operation in a state in which it may not be done.
    WrongState "wrong-state" 12;
    /// Mistake: a pointer that is not aligned.
    Misaligned "misaligned" 4;
    /// Mistake: a pointer past the end of memory.
    OutOfBounds "out-of-bounds" 4;
    /// Mistake: a value that is none of its type.
    BadValue "bad-value" 4;
    /// Mistake: `task.return` or `task.cancel` when or as it may not be.
    WrongReturn "wrong-return" 6;
}

impl Corner {
    /// The deliberate mistakes. What is at a limit counts as one where it goes past it.
    pub(crate) const MISTAKES: &'static [Corner] = &[
        Corner::DeadHandle,
        Corner::WrongKind,
        Corner::WrongType,
        Corner::WrongState,
        Corner::Misaligned,
        Corner::OutOfBounds,
        Corner::BadValue,
        Corner::WrongReturn,
        Corner::Limits,
    ];

    /// The corners that a program is made of, one after the other.
    pub(crate) const SCENARIOS: &'static [Corner] = &[
        Corner::BothEnds,
        Corner::HostPeer,
        Corner::GuestPeer,
        Corner::OpenSubtask,
        Corner::Backpressure,
        Corner::Resources,
        Corner::Threads,
        Corner::Values,
        Corner::ErrorContexts,
        Corner::ContextSlots,
        Corner::InDestructor,
        Corner::Thousand,
        Corner::Reentrance,
        Corner::CallbackCodes,
        Corner::Sets,
        Corner::RootsPassHandles,
    ];

    /// Those after which nothing more happens, mostly, so that they come last.
    pub(crate) const LAST: &'static [Corner] = &[
        Corner::InStart,
        Corner::InRealloc,
        Corner::InPostReturn,
        Corner::BadRealloc,
        Corner::SyncBlocks,
        Corner::AnyBuiltin,
        Corner::WrongUse,
    ];
}

/// How often each corner is chosen, in proportion to those that could be chosen in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Corner, u32>", into = "BTreeMap<Corner, u32>")]
pub struct Weights(Vec<u32>);

impl Default for Weights {
    fn default() -> Weights {
        let weights = Corner::ALL.iter().map(|corner| corner.default_weight());
        Weights(weights.collect())
    }
}

/// What is not named has its default weight.
impl From<BTreeMap<Corner, u32>> for Weights {
    fn from(named: BTreeMap<Corner, u32>) -> Weights {
        let mut weights = Weights::default();
        for (corner, weight) in named {
            weights.set(corner, weight);
        }
        weights
    }
}

impl From<Weights> for BTreeMap<Corner, u32> {
    fn from(weights: Weights) -> BTreeMap<Corner, u32> {
        Corner::ALL.iter().copied().zip(weights.0).collect()
    }
}

impl Weights {
    /// The weight of a corner.
    pub fn get(&self, corner: Corner) -> u32 {
        self.0[corner as usize]
    }

    /// Changes the weight of a corner.
    pub fn set(&mut self, corner: Corner, weight: u32) {
        self.0[corner as usize] = weight;
    }
}

/// How often the generator aimed at each corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corners(Vec<u32>);

impl Default for Corners {
    fn default() -> Corners {
        Corners(vec![0; Corner::ALL.len()])
    }
}

impl Corners {
    /// Counts one time.
    pub fn count(&mut self, corner: Corner) {
        let count = &mut self.0[corner as usize];
        *count = count.saturating_add(1);
    }

    /// How often it was aimed at.
    pub fn get(&self, corner: Corner) -> u32 {
        self.0[corner as usize]
    }

    /// Adds what `other` counted.
    pub fn merge(&mut self, other: &Corners) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = mine.saturating_add(*theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_by_name_and_what_is_not_named_keeps_its_default() {
        let mut weights = Weights::default();
        weights.set(Corner::ZeroLength, 77);
        let text = serde_json::to_string(&weights).unwrap();
        assert!(text.contains("\"zero-length\":77"), "{text}");
        assert_eq!(serde_json::from_str::<Weights>(&text).unwrap(), weights);
        let named: Weights = serde_json::from_str("{\"zero-length\": 77}").unwrap();
        assert_eq!(named, weights);
    }
}
