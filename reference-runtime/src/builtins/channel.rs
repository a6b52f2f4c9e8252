//! `stream.new`, `future.new`, and the dropping and cancelling of the ends of streams and futures.

use super::{Called, arg_i32, returned_nothing};
use crate::component::ast::{Abi, Channel, End};
use crate::component::types::ValType;
use crate::core;
use crate::machine::reading::Dispute;
use crate::machine::rules::Rule;
use crate::machine::state::{Handle, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::waitable::{
    CopyEnd, CopyResult, CopyState, PendingCopy, PendingEvent, Reclaim, Shared, SharedId,
};
use std::sync::Arc;

/// An end of a stream or future, as a built-in's immediates say it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndType {
    /// Stream or future.
    pub channel: Channel,
    /// Readable or writable.
    pub end: End,
    /// The elements' type.
    pub t: Option<Arc<ValType>>,
}

/// The rules of one built-in about the end that it is given.
struct EndRules {
    may_leave: Rule,
    kind: Rule,
    ty: Rule,
}

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon {stream,future}.new".
    pub(super) fn canon_channel_new(
        &mut self,
        inst: InstanceId,
        channel: Channel,
        t: Option<Arc<ValType>>,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(
            match channel {
                Channel::Stream => Rule::StreamNewMayLeave,
                Channel::Future => Rule::FutureNewMayLeave,
            },
            inst,
        )?;
        let shared = SharedId(self.store.shared.add(Shared {
            t,
            dropped: false,
            pending: None,
        }));
        let readable = CopyEnd::new(channel, End::Readable, shared);
        let readable = self.add_handle(inst, Handle::End(readable))?;
        let writable = CopyEnd::new(channel, End::Writable, shared);
        let writable = self.add_handle(inst, Handle::End(writable))?;
        let packed = u64::from(readable) | u64::from(writable) << 32;
        Ok(Called::Returned(vec![core::Value::I64(packed)]))
    }

    /// Spec: CanonicalABI.md, "canon {stream,future}.drop-{readable,writable}", and "Stream State",
    /// `CopyEnd.drop`.
    pub(super) fn canon_channel_drop(
        &mut self,
        inst: InstanceId,
        ty: &EndType,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        let rules = drop_rules(ty.channel, ty.end);
        self.trap_unless_may_leave(rules.may_leave, inst)?;
        let index = arg_i32(args, 0);
        let handle = self.remove_handle(inst, index)?;
        let end = self.expect_end(handle, ty, &rules)?;
        if (ty.channel, ty.end) == (Channel::Future, End::Writable) {
            self.trap_if(Rule::FutureDropWritableDone, end.state != CopyState::Done)?;
        }
        self.trap_if(Rule::DropCopying, end.copying())?;
        self.drop_shared(end.shared);
        self.leave_set(inst, index, end.waitable.wset);
        self.host_turn()?;
        returned_nothing()
    }

    /// The other end learns that this one is gone.
    ///
    /// Spec: CanonicalABI.md, "Stream State", `SharedStreamImpl.drop`, and "Future State",
    /// `SharedFutureImpl.drop`.
    pub(crate) fn drop_shared(&mut self, id: SharedId) {
        let dropped = self.store.shared(id).dropped;
        if self.branch(Rule::DropSecondEnd, dropped) {
            // What mutants take for the second end is the first, and the other still refers here.
            if dropped {
                self.store.shared.remove(id.0);
            }
            return;
        }
        let shared = self.store.shared_mut(id);
        shared.dropped = true;
        let pending = shared.pending.take();
        let waits = self.branch(Rule::DropPending, pending.is_some());
        if let Some(pending) = pending.filter(|_| waits) {
            self.on_copy_done(pending, CopyResult::Dropped);
        }
    }

    /// The copy of the end at `at` is over.
    ///
    /// Spec: CanonicalABI.md, "canon stream.{read,write}", `on_copy_done`.
    pub(super) fn on_copy_done(&mut self, at: PendingCopy, result: CopyResult) {
        self.set_copy_event(at, result, Reclaim::Nothing);
    }

    /// Gives the end at `at` the event of a copy.
    pub(super) fn set_copy_event(&mut self, at: PendingCopy, result: CopyResult, reclaim: Reclaim) {
        match at {
            PendingCopy::Guest { inst, index } => {
                if let Some(waitable) = self.waitable_mut(inst, index) {
                    waitable.pending_event = Some(PendingEvent::Copy { result, reclaim });
                }
            }
            PendingCopy::Host(token) => self.host_copy_done(token, result),
        }
    }

    /// Spec: CanonicalABI.md, "canon {stream,future}.cancel-{read,write}".
    pub(super) fn canon_channel_cancel(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        ty: &EndType,
        abi: Abi,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        let (rules, state_rule, in_set_rule) = cancel_rules(ty.channel, ty.end);
        self.trap_unless_may_leave(rules.may_leave, inst)?;
        let index = arg_i32(args, 0);
        let handle = self.get_handle(inst, index)?.clone();
        let end = self.expect_end(handle, ty, &rules)?;
        let not_copying = end.state != CopyState::Copying || end.waitable.has_sync_waiter;
        self.trap_if(state_rule, not_copying)?;
        let in_set = end.waitable.wset.is_some();
        self.trap_if(in_set_rule, in_set && abi == Abi::Sync)?;
        self.set_copy_state(inst, index, CopyState::CancellingCopy);
        let completed = end.waitable.pending_event.is_some();
        let partial = end.buffer.is_some_and(|buffer| buffer.remain() > 0);
        if let Some(PendingEvent::Copy {
            result: CopyResult::Completed,
            reclaim,
        }) = end.waitable.pending_event
            && partial
            && self.tests_win(Dispute::CancelledAfterProgress)
        {
            let at = PendingCopy::Guest { inst, index };
            self.set_copy_event(at, CopyResult::Cancelled, reclaim);
        }
        if !self.branch(Rule::CancelCopyCompleted, completed) {
            self.cancel_copy(end.shared);
        }
        self.host_turn()?;
        self.finish_copy(thread, inst, index, abi)
    }

    /// Spec: CanonicalABI.md, "Stream State", `SharedStreamImpl.cancel`.
    pub(crate) fn cancel_shared(&mut self, id: SharedId) {
        if let Some(pending) = self.store.shared_mut(id).pending.take() {
            self.on_copy_done(pending, CopyResult::Cancelled);
        }
    }

    /// Returns the event of the end's copy, waits for it, or says that it is not there yet.
    pub(super) fn finish_copy(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        index: u32,
        abi: Abi,
    ) -> Result<Called, Stop> {
        let at_once = self.has_pending_event(inst, index);
        let at_once = self.branch(Rule::CopyAtOnce, at_once);
        self.event_or_block(thread, index, at_once, Rule::CopyBlocks, abi)
    }

    /// The end in `handle`, if it is of the kind and type that the built-in is for.
    fn expect_end(
        &mut self,
        handle: Handle,
        ty: &EndType,
        rules: &EndRules,
    ) -> Result<CopyEnd, Stop> {
        let end = match handle {
            Handle::End(end) if (end.channel, end.end) == (ty.channel, ty.end) => Some(end),
            _ => None,
        };
        let end = self.trap_if_none(rules.kind, end)?;
        let other_type = self.store.shared(end.shared).t != ty.t;
        self.trap_if(rules.ty, other_type)?;
        Ok(end)
    }

    /// The idle end at `index` of the kind and type that `ty` says.
    ///
    /// Spec: CanonicalABI.md, "canon stream.{read,write}", the first rules of `stream_copy`.
    pub(super) fn end_to_copy(
        &mut self,
        inst: InstanceId,
        ty: &EndType,
        index: u32,
        abi: Abi,
    ) -> Result<CopyEnd, Stop> {
        let (rules, state_rule, in_set_rule) = copy_rules(ty.channel, ty.end);
        self.trap_unless_may_leave(rules.may_leave, inst)?;
        let handle = self.get_handle(inst, index)?.clone();
        let end = self.expect_end(handle, ty, &rules)?;
        self.trap_if(state_rule, end.state != CopyState::Idle)?;
        let in_set = end.waitable.wset.is_some();
        self.trap_if(in_set_rule, in_set && abi == Abi::Sync)?;
        Ok(end)
    }

    /// Changes the state of the end at `index`.
    pub(super) fn set_copy_state(&mut self, inst: InstanceId, index: u32, state: CopyState) {
        if let Some(Handle::End(end)) = self.instance_mut(inst).handles.get_mut(index) {
            end.state = state;
        }
    }
}

macro_rules! end_rules {
    ($may_leave:ident $kind:ident $ty:ident) => {
        EndRules {
            may_leave: Rule::$may_leave,
            kind: Rule::$kind,
            ty: Rule::$ty,
        }
    };
}

fn drop_rules(channel: Channel, end: End) -> EndRules {
    match (channel, end) {
        (Channel::Stream, End::Readable) => {
            end_rules!(StreamDropReadableMayLeave StreamDropReadableKind StreamDropReadableType)
        }
        (Channel::Stream, End::Writable) => {
            end_rules!(StreamDropWritableMayLeave StreamDropWritableKind StreamDropWritableType)
        }
        (Channel::Future, End::Readable) => {
            end_rules!(FutureDropReadableMayLeave FutureDropReadableKind FutureDropReadableType)
        }
        (Channel::Future, End::Writable) => {
            end_rules!(FutureDropWritableMayLeave FutureDropWritableKind FutureDropWritableType)
        }
    }
}

/// The rules about the end, about its state, and about its being in a waitable set.
fn cancel_rules(channel: Channel, end: End) -> (EndRules, Rule, Rule) {
    match (channel, end) {
        (Channel::Stream, End::Readable) => (
            end_rules!(StreamCancelReadMayLeave StreamCancelReadKind StreamCancelReadType),
            Rule::StreamCancelReadState,
            Rule::StreamCancelReadInSet,
        ),
        (Channel::Stream, End::Writable) => (
            end_rules!(StreamCancelWriteMayLeave StreamCancelWriteKind StreamCancelWriteType),
            Rule::StreamCancelWriteState,
            Rule::StreamCancelWriteInSet,
        ),
        (Channel::Future, End::Readable) => (
            end_rules!(FutureCancelReadMayLeave FutureCancelReadKind FutureCancelReadType),
            Rule::FutureCancelReadState,
            Rule::FutureCancelReadInSet,
        ),
        (Channel::Future, End::Writable) => (
            end_rules!(FutureCancelWriteMayLeave FutureCancelWriteKind FutureCancelWriteType),
            Rule::FutureCancelWriteState,
            Rule::FutureCancelWriteInSet,
        ),
    }
}

/// The rules about the end, about its state, and about its being in a waitable set.
fn copy_rules(channel: Channel, end: End) -> (EndRules, Rule, Rule) {
    match (channel, end) {
        (Channel::Stream, End::Readable) => (
            end_rules!(StreamReadMayLeave StreamReadKind StreamReadType),
            Rule::StreamReadState,
            Rule::StreamReadInSet,
        ),
        (Channel::Stream, End::Writable) => (
            end_rules!(StreamWriteMayLeave StreamWriteKind StreamWriteType),
            Rule::StreamWriteState,
            Rule::StreamWriteInSet,
        ),
        (Channel::Future, End::Readable) => (
            end_rules!(FutureReadMayLeave FutureReadKind FutureReadType),
            Rule::FutureReadState,
            Rule::FutureReadInSet,
        ),
        (Channel::Future, End::Writable) => (
            end_rules!(FutureWriteMayLeave FutureWriteKind FutureWriteType),
            Rule::FutureWriteState,
            Rule::FutureWriteInSet,
        ),
    }
}
