//! Waitables and waitable sets, and the ends of streams and futures, which are waitables.
//!
//! Spec: CanonicalABI.md, "Waitable State", "Buffer State", "Stream State", "Future State".

use std::sync::Arc;

use super::state::InstanceId;
use super::table::HandleIndex;
use crate::abi::LiftLowerOptions;
use crate::component::ast::{Channel, End};
use crate::component::types::ValType;
use crate::host::Token;

/// A stream or future that the two ends share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SharedId(pub u32);

/// What every waitable has.
///
/// A waitable set is known by its index in the instance's table, where it stays for as long as it
/// has elements.
///
/// Spec: CanonicalABI.md, "Waitable State", `Waitable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Waitable {
    /// The event that waits to be delivered.
    pub pending_event: Option<PendingEvent>,
    /// The set that the waitable is in.
    pub wset: Option<HandleIndex>,
    /// Whether a thread is blocked until there is an event.
    pub has_sync_waiter: bool,
}

/// What the specification writes as the closure that makes an event when it is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PendingEvent {
    /// `subtask_event`: how far the subtask is then.
    Subtask,
    /// `stream_event` or `future_event`.
    Copy {
        /// How the copy ended.
        result: CopyResult,
        /// Whether delivery takes the buffer back from the other end.
        reclaim: Reclaim,
    },
}

/// Whether the other end of a stream can go on filling or reading a buffer until the event that
/// tells of it is delivered.
///
/// Spec: CanonicalABI.md, "Stream State", `ReclaimBuffer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reclaim {
    /// It can; delivery resets the pending copy.
    Buffer,
    /// It cannot.
    Nothing,
}

/// Spec: CanonicalABI.md, "Stream State", `CopyResult`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyResult {
    /// 0
    Completed,
    /// 1
    Dropped,
    /// 2
    Cancelled,
}

/// The code of an event.
///
/// Spec: CanonicalABI.md, "Waitable State", `EventCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventCode {
    /// 0
    None,
    /// 1
    Subtask,
    /// 2
    StreamRead,
    /// 3
    StreamWrite,
    /// 4
    FutureRead,
    /// 5
    FutureWrite,
    /// 6
    TaskCancelled,
}

/// An event as guests see it: a code and two payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// What happened.
    pub code: EventCode,
    /// The waitable's index.
    pub index: u32,
    /// What more there is to know.
    pub payload: u32,
}

impl Event {
    /// Nothing happened.
    pub const NONE: Event = Event {
        code: EventCode::None,
        index: 0,
        payload: 0,
    };
    /// The task is asked to cancel.
    pub const TASK_CANCELLED: Event = Event {
        code: EventCode::TaskCancelled,
        index: 0,
        payload: 0,
    };
}

impl EventCode {
    /// The event of a copy by this end.
    pub fn of_copy(channel: Channel, end: End) -> EventCode {
        match (channel, end) {
            (Channel::Stream, End::Readable) => EventCode::StreamRead,
            (Channel::Stream, End::Writable) => EventCode::StreamWrite,
            (Channel::Future, End::Readable) => EventCode::FutureRead,
            (Channel::Future, End::Writable) => EventCode::FutureWrite,
        }
    }
}

/// Spec: CanonicalABI.md, "Waitable State", `WaitableSet`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct WaitableSet {
    /// The waitables in the set, by their index, in the order in which they joined.
    pub elems: Vec<HandleIndex>,
    /// How many threads wait for an event of the set.
    pub num_waiting: u32,
}

/// Where an end is between copies.
///
/// Spec: CanonicalABI.md, "Stream State", `CopyState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyState {
    /// It can start a copy.
    Idle,
    /// A copy is under way, or its event waits to be delivered.
    Copying,
    /// The guest wants the copy to end.
    CancellingCopy,
    /// Nothing will be copied any more.
    Done,
}

/// An end of a stream or future that a guest holds.
///
/// Spec: CanonicalABI.md, "Stream State", `CopyEnd`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CopyEnd {
    /// Stream or future.
    pub channel: Channel,
    /// Readable or writable.
    pub end: End,
    /// What the two ends share.
    pub shared: SharedId,
    /// Where the end is between copies.
    pub state: CopyState,
    /// The buffer of the copy that is under way.
    pub buffer: Option<Buffer>,
    /// The end as a waitable.
    pub waitable: Waitable,
}

impl CopyEnd {
    /// A new end.
    pub fn new(channel: Channel, end: End, shared: SharedId) -> CopyEnd {
        CopyEnd {
            channel,
            end,
            shared,
            state: CopyState::Idle,
            buffer: None,
            waitable: Waitable::default(),
        }
    }

    /// Spec: CanonicalABI.md, "Stream State", `copying`.
    pub fn copying(&self) -> bool {
        matches!(self.state, CopyState::Copying | CopyState::CancellingCopy)
    }
}

/// A guest's buffer, read or written as the other end copies.
///
/// Spec: CanonicalABI.md, "Buffer State", `BufferGuestImpl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Buffer {
    /// The options of the built-in that started the copy.
    pub opts: LiftLowerOptions,
    /// Where the next element is, in bytes.
    pub ptr: u64,
    /// Elements copied.
    pub progress: u32,
    /// Elements in all.
    pub length: u32,
}

impl Buffer {
    /// Elements not copied.
    pub fn remain(&self) -> u32 {
        self.length - self.progress
    }
}

/// A stream or future apart from its ends.
///
/// Spec: CanonicalABI.md, "Stream State", `SharedStreamImpl`, and "Future State",
/// `SharedFutureImpl`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shared {
    /// The elements' type.
    pub t: Option<Arc<ValType>>,
    /// Whether an end has been dropped.
    pub dropped: bool,
    /// The end whose copy waits for the other end.
    pub pending: Option<PendingCopy>,
}

/// An end that copies, or waits for the other end. While it does, it stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PendingCopy {
    /// A guest's.
    Guest {
        /// The instance that holds the end.
        inst: InstanceId,
        /// The end's index there.
        index: HandleIndex,
    },
    /// The host's, by its token.
    Host(Token),
}
