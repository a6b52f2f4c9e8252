//! What the host does with its ends of streams and futures.

use std::sync::Arc;

use super::event::HostEvent;
use super::state::{EndOp, HostCopy, HostEnd, Release, Token};
use crate::abi::Value;
use crate::component::ast::{Channel, End};
use crate::component::types::ValType;
use crate::machine::state::Handle;
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::waitable::{CopyEnd, CopyResult, CopyState, PendingCopy, SharedId};

impl Step<'_> {
    /// The end that `token` names, if it is one of such a stream or future.
    pub(super) fn host_end(&mut self, channel: Channel, token: Token) -> Option<&mut HostEnd> {
        let end = self.store.host.ends.get_mut(&token);
        end.filter(|end| end.channel == channel)
    }

    /// Puts something at the end of what the host is to do with an end. Gives the results of the
    /// function that orders it, which are none.
    pub(super) fn order(&mut self, channel: Channel, token: Token, op: EndOp) -> Vec<Value> {
        if let Some(end) = self.host_end(channel, token) {
            end.ops.push_back(op);
            end.postponed = false;
        }
        Vec::new()
    }

    /// Orders a copy, unless the end is the other one.
    pub(super) fn order_copy(
        &mut self,
        channel: Channel,
        which: End,
        token: Token,
        length: u32,
        values: Vec<Value>,
        t: Option<Arc<ValType>>,
    ) {
        let end = self.host_end(channel, token);
        if end.is_some_and(|end| end.end == which) {
            self.order(channel, token, EndOp::Copy { length, values, t });
        }
    }

    /// Does the next thing with the end that `token` names.
    pub(super) fn do_next_op(&mut self, token: Token) -> Result<(), Stop> {
        let Some(end) = self.store.host.ends.get_mut(&token) else {
            return Ok(());
        };
        let Some(op) = end.next_op().and_then(|at| end.ops.remove(at)) else {
            return Ok(());
        };
        end.postponed = false;
        let shared = end.shared;
        match op {
            EndOp::Copy { length, values, t } => self.host_copies(token, length, values, t),
            EndOp::Cancel => {
                if end.copy.is_some() {
                    self.store.shared_mut(shared).pending = None;
                    self.host_copy_done(token, CopyResult::Cancelled);
                }
                Ok(())
            }
            EndOp::Drop => {
                let unwritten =
                    (end.channel, end.end) == (Channel::Future, End::Writable) && !end.done;
                if !unwritten {
                    self.store.host.ends.remove(&token);
                    self.drop_shared(shared);
                }
                Ok(())
            }
        }
    }

    /// Starts a copy, which may have ended when control comes back. What does not fit the end does
    /// nothing.
    ///
    /// Spec: CanonicalABI.md, "Stream State" and "Future State", `read` and `write`.
    fn host_copies(
        &mut self,
        token: Token,
        length: u32,
        values: Vec<Value>,
        t: Option<Arc<ValType>>,
    ) -> Result<(), Stop> {
        let Some(end) = self.store.host.ends.get(&token) else {
            return Ok(());
        };
        let (channel, which, shared) = (end.channel, end.end, end.shared);
        let other_type = which == End::Writable && self.store.shared(shared).t != t;
        let spent = end.done && channel == Channel::Future;
        if other_type || spent {
            return Ok(());
        }
        if let Some(end) = self.store.host.ends.get_mut(&token) {
            end.copy = Some(HostCopy {
                length,
                progress: 0,
                values,
            });
        }
        self.start_copy(channel, which, shared, PendingCopy::Host(token))
    }

    /// The host's copy is over.
    pub(crate) fn host_copy_done(&mut self, token: Token, result: CopyResult) {
        let Some(end) = self.store.host.ends.get_mut(&token) else {
            return;
        };
        let Some(copy) = end.copy.take() else {
            return;
        };
        end.done |= match end.channel {
            Channel::Stream => result == CopyResult::Dropped,
            Channel::Future => result != CopyResult::Cancelled,
        };
        let (end, values) = match end.end {
            End::Readable => (End::Readable, copy.values),
            End::Writable => (End::Writable, Vec::new()),
        };
        self.host_sees(HostEvent::Copied {
            token,
            end,
            values,
            count: copy.progress,
            result,
        });
    }

    /// The guest cancels its copy on `shared`. A guest's buffer that waits there is given back at once;
    /// the host may take its time, and does as long as it holds on to buffers.
    pub(crate) fn cancel_copy(&mut self, shared: SharedId) {
        match self.store.host.end_of(shared) {
            None => self.cancel_shared(shared),
            Some(end) if end.holds => {}
            Some(end) => end.release = Release::Due,
        }
    }

    /// Gives back the buffer of a copy that the guest has cancelled, unless its event is there.
    pub(super) fn release(&mut self, token: Token) {
        let Some(end) = self.store.host.ends.get_mut(&token) else {
            return;
        };
        end.holds = false;
        end.release = Release::NotDue;
        let shared = end.shared;
        let Some(PendingCopy::Guest { inst, index }) = self.store.shared(shared).pending else {
            return;
        };
        let cancels = matches!(
            self.instance(inst).handles.get(index),
            Some(Handle::End(CopyEnd {
                state: CopyState::CancellingCopy,
                ..
            }))
        );
        if cancels && !self.has_pending_event(inst, index) {
            self.cancel_shared(shared);
        }
    }
}
