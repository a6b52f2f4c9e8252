//! What the host keeps: calls that have not returned, and ends of streams and futures.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::verb::Verb;
use crate::abi::Value;
use crate::component::ast::{Channel, End};
use crate::component::types::{FuncType, Label, ValType};
use crate::machine::state::SubtaskId;
use crate::machine::store::Slab;
use crate::machine::waitable::SharedId;

/// What a guest calls a pending call or one of the host's ends.
pub type Token = u32;

/// A call of a function of the host that has not returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportCallId(pub u32);

/// A function of the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostFunc {
    /// Its name.
    pub name: Label,
    /// What it does.
    pub verb: Verb,
    /// Its type.
    pub ty: Arc<FuncType>,
}

impl HostFunc {
    /// The type of the elements, if they have one, of the end that the host gets from a call; nothing
    /// if it gets none.
    pub fn element_type(&self) -> Option<&Option<Arc<ValType>>> {
        let mut types = self.ty.params.iter().chain(&*self.ty.result);
        types.find_map(|ty| match ty {
            ValType::Stream(t) | ValType::Future(t) if self.verb.brings_end() => Some(t),
            _ => None,
        })
    }
}

/// The host's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Host {
    /// The calls that have not returned.
    pub calls: Slab<ImportCall>,
    /// Those of them that have not been started, the one that has waited longest first.
    pub unstarted: VecDeque<ImportCallId>,
    /// The ends of streams and futures.
    pub ends: BTreeMap<Token, HostEnd>,
}

/// A call of a function of the host that has not returned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImportCall {
    /// The function.
    pub func: HostFunc,
    /// The call as the guest sees it.
    pub subtask: SubtaskId,
    /// What the guest calls it, once it has taken its arguments, if it does.
    pub token: Option<Token>,
    /// Where it is in its life.
    pub state: ImportState,
    /// Whether what is due was put off until no guest runs.
    pub postponed: bool,
}

/// Where a call of a function of the host is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It has not taken its arguments.
    Unstarted,
    /// It is due to take its arguments and return.
    Starting,
    /// It waits to be resolved.
    Pending,
    /// The same, after a request to cancel that it has only noted.
    CancelRequested,
    /// It is due to return these values, none or one.
    Returning(Vec<Value>),
    /// It is due to be cancelled.
    Cancelling,
}

impl ImportCall {
    /// Whether the host is to do something about it.
    pub fn is_due(&self) -> bool {
        match self.state {
            ImportState::Starting | ImportState::Returning(_) | ImportState::Cancelling => true,
            ImportState::Unstarted | ImportState::Pending | ImportState::CancelRequested => false,
        }
    }
}

/// An end of a stream or future that the host keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostEnd {
    /// Stream or future.
    pub channel: Channel,
    /// Readable or writable.
    pub end: End,
    /// What the two ends share.
    pub shared: SharedId,
    /// The copy that is under way.
    pub copy: Option<HostCopy>,
    /// What the host is to do, one thing after the other.
    pub ops: VecDeque<EndOp>,
    /// Whether the first of it was put off until no guest runs.
    pub postponed: bool,
    /// Whether buffers of copies that the guest cancels are kept.
    pub holds: bool,
    /// Whether the host is to give back the buffer of a copy that the guest has cancelled.
    pub release: Release,
    /// Whether nothing will be copied any more.
    pub done: bool,
}

/// Whether the host is to give back a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Release {
    /// It is not.
    NotDue,
    /// It is.
    Due,
    /// It is, and has put it off.
    Postponed,
}

/// A copy by the host that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostCopy {
    /// Elements in all.
    pub length: u32,
    /// Elements copied.
    pub progress: u32,
    /// The elements to write, or those that have been read; nothing where there is no element type.
    pub values: Vec<Value>,
}

/// Something that the host is to do with one of its ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EndOp {
    /// Read or write.
    Copy {
        /// So many elements.
        length: u32,
        /// These ones, where it writes and there is an element type.
        values: Vec<Value>,
        /// The type of the elements that it writes.
        t: Option<Arc<ValType>>,
    },
    /// End the copy that is under way.
    Cancel,
    /// Drop the end.
    Drop,
}

impl HostEnd {
    /// An end that the host has just got.
    pub fn new(channel: Channel, end: End, shared: SharedId) -> HostEnd {
        HostEnd {
            channel,
            end,
            shared,
            copy: None,
            ops: VecDeque::new(),
            postponed: false,
            holds: false,
            release: Release::NotDue,
            done: false,
        }
    }

    /// The position of what the host can do now: the first thing, or where a copy is under way the
    /// first one that does not wait for its end.
    pub fn next_op(&self) -> Option<usize> {
        let waits = |op: &EndOp| matches!(op, EndOp::Copy { .. } | EndOp::Drop);
        match self.copy {
            None => (!self.ops.is_empty()).then_some(0),
            Some(_) => self.ops.iter().position(|op| !waits(op)),
        }
    }
}

impl HostCopy {
    /// Elements not copied.
    pub fn remain(&self) -> u32 {
        self.length - self.progress
    }
}

impl Host {
    /// The host's end of this stream or future that was kept last, if the host has one.
    pub fn end_of(&mut self, shared: SharedId) -> Option<&mut HostEnd> {
        self.ends.values_mut().find(|end| end.shared == shared)
    }
}
