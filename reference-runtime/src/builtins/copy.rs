//! `stream.read`, `stream.write`, `future.read` and `future.write`.
//!
//! The end that comes first leaves its buffer and waits; the one that comes second copies.

use super::channel::EndType;
use super::{Called, arg_i32, arg_u64};
use crate::abi::{BorrowScope, Cx, LiftLowerOptions, PtrType, Value};
use crate::component::ast::{Channel, End};
use crate::component::types::ValType;
use crate::core;
use crate::host::{HostCopy, Token};
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, Handle, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::table::HandleIndex;
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
        let this = PendingCopy::Guest { inst, index };
        self.start_copy(ty.channel, ty.end, end.shared, this)?;
        self.host_turn()?;
        let called = self.finish_copy(thread, inst, index, opts.abi)?;
        Ok(widen_result(
            called,
            ty.channel,
            opts.values.ptr_type(&self.store.core),
        ))
    }

    /// Copies from or to the end that waits, or waits for it.
    pub(crate) fn start_copy(
        &mut self,
        channel: Channel,
        end: End,
        shared: SharedId,
        this: PendingCopy,
    ) -> Result<(), Stop> {
        match (channel, end) {
            (Channel::Stream, End::Readable) => self.stream_read(shared, this),
            (Channel::Stream, End::Writable) => self.stream_write(shared, this),
            (Channel::Future, End::Readable) => self.future_read(shared, this),
            (Channel::Future, End::Writable) => self.future_write(shared, this),
        }
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
            let cx = self.buffer_context(inst, opts.values);
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
        let (mine, theirs) = (self.extent(this).remain(), self.extent(pending).remain());
        if self.branch(Rule::StreamReadPendingRemain, theirs > 0) {
            if self.branch(Rule::StreamReadRemain, mine > 0) {
                self.copy(id, pending, this, mine.min(theirs))?;
                self.on_copy(id, pending);
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
        let (mine, theirs) = (self.extent(this), self.extent(pending));
        if self.branch(Rule::StreamWritePendingRemain, theirs.remain() > 0) {
            if self.branch(Rule::StreamWriteRemain, mine.remain() > 0) {
                self.copy(id, this, pending, mine.remain().min(theirs.remain()))?;
                self.on_copy(id, pending);
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
        let same_instance = match (this, pending) {
            (PendingCopy::Guest { inst, .. }, PendingCopy::Guest { inst: other, .. }) => {
                inst == other
            }
            _ => false,
        };
        self.trap_if(rule, same_instance && !none_or_number)
    }

    /// A part of the buffer of the end at `at` has been copied. The host takes its buffer back at
    /// once; a guest does when it gets the event.
    ///
    /// Spec: CanonicalABI.md, "Stream State", `OnCopy`.
    fn on_copy(&mut self, id: SharedId, at: PendingCopy) {
        if let PendingCopy::Host(_) = at {
            self.store.shared_mut(id).pending = None;
        }
        self.set_copy_event(at, CopyResult::Completed, Reclaim::Buffer);
    }

    /// How long the buffer of an end is whose copy is under way, and how much of it is copied.
    fn extent(&self, at: PendingCopy) -> Extent {
        match at {
            PendingCopy::Guest { inst, index } => {
                let buffer = self.buffer_of(inst, index);
                Extent {
                    progress: buffer.progress,
                    length: buffer.length,
                }
            }
            PendingCopy::Host(token) => {
                let copy = self
                    .store
                    .host
                    .ends
                    .get(&token)
                    .and_then(|end| end.copy.as_ref());
                Extent {
                    progress: copy.map_or(0, |copy| copy.progress),
                    length: copy.map_or(0, |copy| copy.length),
                }
            }
        }
    }

    /// The buffer of a guest's end whose copy is under way.
    fn buffer_of(&self, inst: InstanceId, index: HandleIndex) -> Buffer {
        match self.instance(inst).handles.get(index) {
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
        let t = self.store.shared(id).t.clone();
        let values = self.read_buffer(from, t.as_deref(), n)?;
        self.write_buffer(to, t.as_deref(), n, values)
    }

    /// Takes `n` elements from the buffer of the end at `at`; no values where there is no element
    /// type.
    fn read_buffer(
        &mut self,
        at: PendingCopy,
        t: Option<&ValType>,
        n: u32,
    ) -> Result<Vec<Value>, Stop> {
        match at {
            PendingCopy::Guest { inst, index } => {
                let (mut values, mut read) = (Vec::new(), 0);
                if let Some(t) = t {
                    let buffer = self.buffer_of(inst, index);
                    let mut cx = self.buffer_context(inst, buffer.opts);
                    values = cx.load_buffer(buffer.ptr, n, t)?;
                    read = u64::from(n) * cx.element_layout(t).size;
                }
                self.advance(inst, index, n, read);
                Ok(values)
            }
            PendingCopy::Host(token) => Ok(self.host_copy_mut(token).map_or(Vec::new(), |copy| {
                copy.progress += n;
                let n = copy.values.len().min(n as usize);
                copy.values.drain(..n).collect()
            })),
        }
    }

    /// Puts `n` elements into the buffer of the end at `at`.
    fn write_buffer(
        &mut self,
        at: PendingCopy,
        t: Option<&ValType>,
        n: u32,
        values: Vec<Value>,
    ) -> Result<(), Stop> {
        match at {
            PendingCopy::Guest { inst, index } => {
                let mut written = 0;
                if let Some(t) = t {
                    let buffer = self.buffer_of(inst, index);
                    let mut cx = self.buffer_context(inst, buffer.opts);
                    cx.store_buffer(&values, buffer.ptr, t)?;
                    written = u64::from(n) * cx.element_layout(t).size;
                }
                self.advance(inst, index, n, written);
            }
            PendingCopy::Host(token) => {
                if let Some(copy) = self.host_copy_mut(token) {
                    copy.progress += n;
                    copy.values.extend(values);
                }
            }
        }
        Ok(())
    }

    /// The copy of the host's end that `token` names.
    fn host_copy_mut(&mut self, token: Token) -> Option<&mut HostCopy> {
        self.store.host.ends.get_mut(&token)?.copy.as_mut()
    }

    /// Moves the buffer of a guest's end `n` elements, which take so many bytes, on.
    fn advance(&mut self, inst: InstanceId, index: HandleIndex, n: u32, bytes: u64) {
        if let Some(Handle::End(CopyEnd {
            buffer: Some(buffer),
            ..
        })) = self.instance_mut(inst).handles.get_mut(index)
        {
            buffer.progress += n;
            buffer.ptr += bytes;
        }
    }
}

impl<'m> Step<'m> {
    /// In what context a guest's buffer is read and written.
    fn buffer_context(&mut self, inst: InstanceId, opts: LiftLowerOptions) -> Cx<'_, 'm> {
        Cx {
            step: self,
            opts,
            inst,
            scope: BorrowScope::None,
        }
    }
}

/// How much of a buffer has been copied.
struct Extent {
    progress: u32,
    length: u32,
}

impl Extent {
    /// Elements not copied.
    fn remain(&self) -> u32 {
        self.length - self.progress
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
