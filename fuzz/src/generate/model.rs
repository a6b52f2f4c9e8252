//! What the generator believes of the state of each instance while it writes bodies: which slots
//! hold which handles, and in which state those are.
//!
//! Bodies are written in the order in which they will run as long as nobody blocks. What happens after
//! that has no one order, and the model is only a guess there.

use crate::program::{Encoding, FunctionId, InstanceId, ResourceId, SlotId, Type};

/// What is not to be had in this program: another choice has to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Skip;

/// What was made, unless it is not to be had.
pub(super) type Made<T> = Result<T, Skip>;

/// What is known of one instance.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// Everything that was ever in a slot, by [`ThingId`].
    pub things: Vec<Thing>,
    /// Where free memory begins, for each memory.
    pub memory: Vec<u32>,
    /// How many slots are taken.
    pub slots: usize,
    /// Which functions have got a body.
    pub functions: Vec<bool>,
    /// How many threads have got a body.
    pub threads: usize,
    /// Whether `realloc` has got a body.
    pub realloc: bool,
    /// The address of the last buffer of a copy; 0 if there was none.
    pub buffer: u32,
    /// How its strings are encoded.
    pub encoding: Encoding,
}

/// A thing of an instance, by its position in [`Pool::things`].
pub(super) type ThingId = usize;

/// A thing anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whose {
    /// The instance.
    pub instance: InstanceId,
    /// Its thing.
    pub thing: ThingId,
}

/// What a slot holds.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// The slot.
    pub slot: SlotId,
    /// What it is.
    pub kind: Kind,
    /// What it does.
    pub state: State,
    /// The waitable set that it is in.
    pub set: Option<ThingId>,
    /// The task or thread that made it.
    pub maker: u32,
    /// Whether an event for it has not been delivered.
    pub event: bool,
    /// How many elements its copy could still take.
    pub room: u32,
    /// Who has the other end.
    pub peer: Peer,
}

impl Thing {
    /// One that is in no set, and of which nothing else is known.
    pub fn new(slot: SlotId, kind: Kind, state: State, maker: u32) -> Thing {
        Thing {
            slot,
            kind,
            state,
            set: None,
            maker,
            event: false,
            room: 0,
            peer: Peer::Unknown,
        }
    }
}

/// Who has the other end of a stream or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Nobody that is known.
    Unknown,
    /// A guest.
    Guest(Whose),
    /// The host, under a token.
    Host(u32),
}

/// What a thing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of a stream or future.
    End(Channel, Side, Option<Type>),
    /// A subtask.
    Subtask,
    /// A waitable set.
    Set,
    /// A resource that it owns.
    Own(ResourceId),
    /// A resource that it borrows.
    Borrow(ResourceId),
    /// An error context.
    ErrorContext,
    /// The index of a thread.
    Thread,
}

impl Kind {
    /// Whether it can be in a waitable set.
    pub fn is_waitable(&self) -> bool {
        matches!(self, Kind::End(..) | Kind::Subtask)
    }
}

/// Stream or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Stream,
    Future,
}

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Readable,
    Writable,
}

/// What a thing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: an end can copy, a subtask has been told as resolved, a set is nobody's, a thread is
    /// suspended.
    Idle,
    /// A copy, call or thread is under way.
    Busy,
    /// It is being cancelled.
    Cancelling,
    /// It will not do anything any more.
    Done,
    /// It is not there any more.
    Gone,
}

/// For whom steps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A function's task.
    Function(FunctionId),
    /// A thread.
    Thread,
    /// A destructor.
    Destructor,
    /// `post-return` or `realloc`, where nothing may be called.
    Confined,
    /// A start function.
    Start,
}
