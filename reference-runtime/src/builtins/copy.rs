//! `stream.read`, `stream.write`, `future.read` and `future.write`.
//!
//! The end that comes first leaves its buffer and waits; the one that comes second copies.

use super::channel::EndType;
use super::{Called, arg_i32, arg_u64};
use crate::abi::{BorrowScope, Cx, PtrType};
use crate::component::ast::{Channel, End};
use crate::component::types::ValType;
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, Handle, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::waitable::{
    Buffer, CopyEnd, CopyResult, CopyState, PendingCopy, Reclaim, SharedId,
};

/// The most elements of a buffer.
const MAX_LENGTH: u64 = (1 << 28) - 1;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon stream.{read,write}" and "canon future.{read,write}".
    pub(super) fn canon_channel_copy(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
        ty: &EndType,
        opts: CanonicalOptions,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        let (index, ptr) = (arg_i32(args, 0), arg_u64(args, 1));
        let end = self.end_to_copy(inst, ty, index, opts.abi)?;
        let length = match ty.channel {
            Channel::Stream => arg_u64(args, 2),
            Channel::Future => 1,
        };
        let buffer = self.buffer(inst, ty.t.as_deref(), opts, ptr, length)?;
        if let Some(Handle::End(end)) = self.instance_mut(inst).handles.get_mut(index) {
            end.state = CopyState::Copying;
            end.buffer = Some(buffer);
        }
        let this = PendingCopy { inst, index };
        match (ty.channel, ty.end) {
            (Channel::Stream, End::Readable) => self.stream_read(end.shared, this)?,
            (Channel::Stream, End::Writable) => self.stream_write(end.shared, this)?,
            (Channel::Future, End::Readable) => self.future_read(end.shared, this)?,
            (Channel::Future, End::Writable) => self.future_write(end.shared, this)?,
        }
        let called = self.finish_copy(thread, inst, index, opts.abi)?;
        Ok(widen_result(
            called,
            ty.channel,
            opts.values.ptr_type(&self.store.core),
        ))
    }

    /// Spec: CanonicalABI.md, "Buffer State", `BufferGuestImpl`.
    fn buffer(
        &mut self,
        inst: InstanceId,
        t: Option<&ValType>,
        opts: CanonicalOptions,
        ptr: u64,
        length: u64,
    ) -> Result<Buffer, Stop> {
        self.trap_if(Rule::BufferLimit, length > MAX_LENGTH)?;
        if let Some(t) = t
            && length > 0
        {
            let scope = BorrowScope::None;
            let cx = Cx {
                step: self,
                opts: opts.values,
                inst,
                scope,
            };
            let layout = cx.element_layout(t);
            let past_end = cx.past_end(ptr, length.saturating_mul(layout.size));
            cx.step
                .trap_if(Rule::BufferAlign, !ptr.is_multiple_of(layout.align))?;
            cx.step.trap_if(Rule::BufferBounds, past_end)?;
        }
        Ok(Buffer {
            opts: opts.values,
            ptr,
            progress: 0,
            length: length as u32,
        })
    }

    /// Spec: CanonicalABI.md, "Stream State", `SharedStreamImpl.read`.
    fn stream_read(&mut self, id: SharedId, this: PendingCopy) -> Result<(), Stop> {
        let shared = self.store.shared(id);
        let (dropped, pending) = (shared.dropped, shared.pending);
        if self.branch(Rule::StreamReadDropped, dropped) {
            self.on_copy_done(this, CopyResult::Dropped);
            return Ok(());
        }
        let waits = self.branch(Rule::StreamReadPending, pending.is_some());
        let Some(pending) = pending.filter(|_| waits) else {
            self.store.shared_mut(id).pending = Some(this);
            return Ok(());
        };
        self.trap_if_same_instance(Rule::StreamReadSameInstance, id, this, pending)?;
        let (mine, theirs) = (
            self.buffer_of(this).remain(),
            self.buffer_of(pending).remain(),
        );
        if self.branch(Rule::StreamReadPendingRemain, theirs > 0) {
            if self.branch(Rule::StreamReadRemain, mine > 0) {
                self.copy(id, pending, this, mine.min(theirs))?;
                self.set_copy_event(pending, CopyResult::Completed, Reclaim::Buffer);
            }
            self.on_copy_done(this, CopyResult::Completed);
        } else {
            self.on_copy_done(pending, CopyResult::Completed);
            self.store.shared_mut(id).pending = Some(this);
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Stream State", `SharedStreamImpl.write`.
    fn stream_write(&mut self, id: SharedId, this: PendingCopy) -> Result<(), Stop> {
        let shared = self.store.shared(id);
        let (dropped, pending) = (shared.dropped, shared.pending);
        if self.branch(Rule::StreamWriteDropped, dropped) {
            self.on_copy_done(this, CopyResult::Dropped);
            return Ok(());
        }
        let waits = self.branch(Rule::StreamWritePending, pending.is_some());
        let Some(pending) = pending.filter(|_| waits) else {
            self.store.shared_mut(id).pending = Some(this);
            return Ok(());
        };
        self.trap_if_same_instance(Rule::StreamWriteSameInstance, id, this, pending)?;
        let (mine, theirs) = (self.buffer_of(this), self.buffer_of(pending));
        if self.branch(Rule::StreamWritePendingRemain, theirs.remain() > 0) {
            if self.branch(Rule::StreamWriteRemain, mine.remain() > 0) {
                self.copy(id, this, pending, mine.remain().min(theirs.remain()))?;
                self.set_copy_event(pending, CopyResult::Completed, Reclaim::Buffer);
            }
            self.on_copy_done(this, CopyResult::Completed);
            return Ok(());
        }
        let both_empty = mine.length == 0 && theirs.length == 0;
        if self.branch(Rule::StreamWriteZeroLength, both_empty) {
            self.on_copy_done(this, CopyResult::Completed);
        } else {
            self.on_copy_done(pending, CopyResult::Completed);
            self.store.shared_mut(id).pending = Some(this);
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Future State", `SharedFutureImpl.read`.
    fn future_read(&mut self, id: SharedId, this: PendingCopy) -> Result<(), Stop> {
        let pending = self.store.shared(id).pending;
        let waits = self.branch(Rule::FutureReadPending, pending.is_some());
        let Some(pending) = pending.filter(|_| waits) else {
            self.store.shared_mut(id).pending = Some(this);
            return Ok(());
        };
        self.trap_if_same_instance(Rule::FutureReadSameInstance, id, this, pending)?;
        self.copy(id, pending, this, 1)?;
        self.complete_both(id, this, pending);
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Future State", `SharedFutureImpl.write`.
    fn future_write(&mut self, id: SharedId, this: PendingCopy) -> Result<(), Stop> {
        let shared = self.store.shared(id);
        let (dropped, pending) = (shared.dropped, shared.pending);
        if self.branch(Rule::FutureWriteDropped, dropped) {
            self.on_copy_done(this, CopyResult::Dropped);
            return Ok(());
        }
        let waits = self.branch(Rule::FutureWritePending, pending.is_some());
        let Some(pending) = pending.filter(|_| waits) else {
            self.store.shared_mut(id).pending = Some(this);
            return Ok(());
        };
        self.trap_if_same_instance(Rule::FutureWriteSameInstance, id, this, pending)?;
        self.copy(id, this, pending, 1)?;
        self.complete_both(id, this, pending);
        Ok(())
    }

    fn complete_both(&mut self, id: SharedId, this: PendingCopy, pending: PendingCopy) {
        self.store.shared_mut(id).pending = None;
        self.on_copy_done(pending, CopyResult::Completed);
        self.on_copy_done(this, CopyResult::Completed);
    }

    /// For now, both ends may be in one instance only if the elements are numbers or nothing.
    fn trap_if_same_instance(
        &mut self,
        rule: Rule,
        id: SharedId,
        this: PendingCopy,
        pending: PendingCopy,
    ) -> Result<(), Stop> {
        let none_or_number = none_or_number_type(self.store.shared(id).t.as_deref());
        self.trap_if(rule, this.inst == pending.inst && !none_or_number)
    }

    /// The buffer of an end whose copy is under way.
    fn buffer_of(&self, at: PendingCopy) -> Buffer {
        match self.instance(at.inst).handles.get(at.index) {
            Some(Handle::End(CopyEnd {
                buffer: Some(buffer),
                ..
            })) => *buffer,
            _ => Buffer {
                opts: Default::default(),
                ptr: 0,
                progress: 0,
                length: 0,
            },
        }
    }

    /// Copies `n` elements, which both buffers have room for.
    ///
    /// Spec: CanonicalABI.md, "Buffer State", `read` and `write`.
    fn copy(
        &mut self,
        id: SharedId,
        from: PendingCopy,
        to: PendingCopy,
        n: u32,
    ) -> Result<(), Stop> {
        let (source, target) = (self.buffer_of(from), self.buffer_of(to));
        let (mut read, mut written) = (0, 0);
        if let Some(t) = self.store.shared(id).t.clone() {
            let scope = BorrowScope::None;
            let mut cx = Cx {
                step: self,
                opts: source.opts,
                inst: from.inst,
                scope,
            };
            let values = cx.load_buffer(source.ptr, n, &t)?;
            read = u64::from(n) * cx.element_layout(&t).size;
            let scope = BorrowScope::None;
            let mut cx = Cx {
                step: self,
                opts: target.opts,
                inst: to.inst,
                scope,
            };
            cx.store_buffer(&values, target.ptr, &t)?;
            written = u64::from(n) * cx.element_layout(&t).size;
        }
        self.advance(from, n, read);
        self.advance(to, n, written);
        Ok(())
    }

    /// Moves an end's buffer `n` elements, which take so many bytes, on.
    fn advance(&mut self, at: PendingCopy, n: u32, bytes: u64) {
        if let Some(Handle::End(CopyEnd {
            buffer: Some(buffer),
            ..
        })) = self.instance_mut(at.inst).handles.get_mut(at.index)
        {
            buffer.progress += n;
            buffer.ptr += bytes;
        }
    }
}

/// Spec: CanonicalABI.md, "Stream State", `none_or_number_type`.
fn none_or_number_type(t: Option<&ValType>) -> bool {
    use ValType::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(
        t,
        None | Some(U8 | U16 | U32 | U64 | S8 | S16 | S32 | S64 | F32 | F64)
    )
}

/// A stream copy's result has the type of a pointer.
fn widen_result(called: Called, channel: Channel, ptr_type: PtrType) -> Called {
    match called {
        Called::Returned(results) if channel == Channel::Stream => Called::Returned(
            results
                .into_iter()
                .map(|result| match result {
                    core::Value::I32(value) => ptr_type.core_value(value.into()),
                    other => other,
                })
                .collect(),
        ),
        other => other,
    }
}
