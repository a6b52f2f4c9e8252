//! Events of waitables: whether there is one, and taking it.
//!
//! Spec: CanonicalABI.md, "Waitable State", and the closures that make events in "canon lower",
//! "canon stream.{read,write}" and "canon future.{read,write}".

use super::choice::ChoicePoint;
use super::rules::Rule;
use super::state::{Handle, InstanceId, SubtaskId, ThreadId};
use super::step::Step;
use super::table::HandleIndex;
use super::thread::{Condition, Frame};
use super::waitable::{CopyResult, CopyState, Event, EventCode, PendingEvent, Reclaim, Waitable};
use crate::component::ast::{Cancellable, Channel};

impl Step<'_> {
    /// The waitable at `index`, if there is one.
    pub fn waitable(&self, inst: InstanceId, index: HandleIndex) -> Option<&Waitable> {
        match self.instance(inst).handles.get(index)? {
            Handle::Subtask(subtask) => Some(&self.store.subtask(*subtask).waitable),
            Handle::End(end) => Some(&end.waitable),
            Handle::Resource(_) | Handle::ErrorContext(_) | Handle::WaitableSet(_) => None,
        }
    }

    /// The waitable at `index`, to change.
    pub fn waitable_mut(&mut self, inst: InstanceId, index: HandleIndex) -> Option<&mut Waitable> {
        let id = match self.instance(inst).handles.get(index)? {
            Handle::Subtask(subtask) => Some(*subtask),
            _ => None,
        };
        if let Some(subtask) = id {
            return Some(&mut self.store.subtask_mut(subtask).waitable);
        }
        match self.instance_mut(inst).handles.get_mut(index)? {
            Handle::End(end) => Some(&mut end.waitable),
            _ => None,
        }
    }

    /// Spec: CanonicalABI.md, "Waitable State", `Waitable.has_pending_event`.
    pub fn has_pending_event(&self, inst: InstanceId, index: HandleIndex) -> bool {
        self.waitable(inst, index)
            .is_some_and(|waitable| waitable.pending_event.is_some())
    }

    /// Moves the waitable at `index` from the set it is in, if any, to another, if any.
    ///
    /// Spec: CanonicalABI.md, "Waitable State", `Waitable.join`.
    pub fn join(&mut self, inst: InstanceId, index: HandleIndex, set: Option<HandleIndex>) {
        let Some(waitable) = self.waitable_mut(inst, index) else {
            return;
        };
        let left = std::mem::replace(&mut waitable.wset, set);
        self.leave_set(inst, index, left);
        let handles = &mut self.instance_mut(inst).handles;
        if let Some(Handle::WaitableSet(joined)) = set.and_then(|set| handles.get_mut(set)) {
            joined.elems.push(index);
        }
    }

    /// Takes the index of a waitable, which may be gone, out of the set that it was in.
    pub fn leave_set(&mut self, inst: InstanceId, index: HandleIndex, set: Option<HandleIndex>) {
        let handles = &mut self.instance_mut(inst).handles;
        if let Some(Handle::WaitableSet(set)) = set.and_then(|set| handles.get_mut(set)) {
            set.elems.retain(|&element| element != index);
        }
    }

    /// Blocks `thread` until the waitable at `index` has an event.
    ///
    /// Spec: CanonicalABI.md, "Waitable State", `wait_for_pending_event`.
    pub fn begin_sync_wait(&mut self, thread: ThreadId, index: HandleIndex) {
        let inst = self.instance_of(thread);
        if let Some(waitable) = self.waitable_mut(inst, index) {
            waitable.has_sync_waiter = true;
        }
        self.push_frame(thread, Frame::SyncEvent(index));
        self.wait_until(thread, Condition::PendingEvent(index), Cancellable::No);
    }

    /// Takes the event that the thread was blocked for, and gives its payload.
    pub(super) fn end_sync_wait(&mut self, thread: ThreadId, index: HandleIndex) -> u32 {
        let inst = self.instance_of(thread);
        if let Some(waitable) = self.waitable_mut(inst, index) {
            waitable.has_sync_waiter = false;
        }
        self.take_event(inst, index).payload
    }

    /// Takes an event of a waitable set that has some.
    ///
    /// Spec: CanonicalABI.md, "Waitable State", `WaitableSet.get_pending_event`.
    pub fn take_set_event(&mut self, inst: InstanceId, set: HandleIndex) -> Event {
        let elements = self.elements_with_event(inst, set);
        if elements.is_empty() {
            return Event::NONE;
        }
        let choice = self.choose(ChoicePoint::SetEvent, elements.len() as u32);
        self.take_event(inst, elements[choice as usize])
    }

    /// Takes the event of the waitable at `index`, which has one.
    ///
    /// Spec: CanonicalABI.md, "Waitable State", `Waitable.get_pending_event`.
    pub fn take_event(&mut self, inst: InstanceId, index: HandleIndex) -> Event {
        let pending = self
            .waitable_mut(inst, index)
            .and_then(|w| w.pending_event.take());
        match pending {
            None => Event::NONE,
            Some(PendingEvent::Subtask) => self.subtask_event(inst, index),
            Some(PendingEvent::Copy { result, reclaim }) => {
                self.copy_event(inst, index, result, reclaim)
            }
        }
    }

    /// Spec: CanonicalABI.md, "canon lower", `subtask_event`.
    fn subtask_event(&mut self, inst: InstanceId, index: HandleIndex) -> Event {
        let Some(&Handle::Subtask(subtask)) = self.instance(inst).handles.get(index) else {
            return Event::NONE;
        };
        let resolved = self.store.subtask(subtask).resolved();
        if self.branch(Rule::SubtaskEventResolved, resolved) {
            self.deliver_resolve(subtask);
        }
        let payload = self.store.subtask(subtask).state as u32;
        Event {
            code: EventCode::Subtask,
            index,
            payload,
        }
    }

    /// Gives back what the subtask's arguments lent.
    ///
    /// Spec: CanonicalABI.md, "Subtask State", `deliver_resolve`.
    pub fn deliver_resolve(&mut self, subtask: SubtaskId) {
        let subtask = self.store.subtask_mut(subtask);
        let inst = subtask.inst;
        for index in subtask.lenders.take().unwrap_or_default() {
            if let Some(Handle::Resource(handle)) = self.instance_mut(inst).handles.get_mut(index) {
                handle.num_lends = handle.num_lends.saturating_sub(1);
            }
        }
    }

    /// Spec: CanonicalABI.md, "canon stream.{read,write}", `stream_event`, and
    /// "canon future.{read,write}", `future_event`.
    fn copy_event(
        &mut self,
        inst: InstanceId,
        index: HandleIndex,
        result: CopyResult,
        reclaim: Reclaim,
    ) -> Event {
        let Some(Handle::End(end)) = self.instance_mut(inst).handles.get_mut(index) else {
            return Event::NONE;
        };
        let progress = end.buffer.take().map_or(0, |buffer| buffer.progress);
        let done = match end.channel {
            Channel::Stream => result == CopyResult::Dropped,
            Channel::Future => result != CopyResult::Cancelled,
        };
        end.state = if done {
            CopyState::Done
        } else {
            CopyState::Idle
        };
        let payload = match end.channel {
            Channel::Stream => result as u32 | progress << 4,
            Channel::Future => result as u32,
        };
        let (code, shared) = (EventCode::of_copy(end.channel, end.end), end.shared);
        if reclaim == Reclaim::Buffer {
            self.store.shared_mut(shared).pending = None;
        }
        Event {
            code,
            index,
            payload,
        }
    }
}
