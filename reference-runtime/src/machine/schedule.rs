//! Blocking and resuming threads.
//!
//! A built-in that blocks first leaves a [`Frame`](super::thread::Frame) on its thread that says
//! how it goes on, and then blocks. Where it turns out that it need not block, the thread just goes
//! on with that frame.
//!
//! Spec: CanonicalABI.md, "Threads".

use super::choice::ChoicePoint;
use super::limits::Limit;
use super::log::What;
use super::reading::Dispute;
use super::rules::Rule;
use super::state::{Handle, InstanceId, TaskId, TaskState, ThreadId};
use super::step::Step;
use super::stop::Stop;
use super::table::HandleIndex;
use super::thread::{Cancelled, Condition, Control, Frame, Thread, ThreadState};
use super::waitable::WaitableSet;
use crate::component::ast::Cancellable;

impl Step<'_> {
    /// The instance that `thread`'s task runs in.
    pub fn instance_of(&self, thread: ThreadId) -> InstanceId {
        self.store.task(self.store.thread(thread).task).func.inst
    }

    /// Adds a thread.
    pub fn add_thread(&mut self, thread: Thread) -> Result<ThreadId, Stop> {
        if self.store.threads.len() >= self.limits.threads as usize {
            return Err(Limit::Threads.into());
        }
        Ok(ThreadId(self.store.threads.add(thread)))
    }

    /// Spec: CanonicalABI.md, "Threads", `ready`.
    pub fn ready(&self, thread: ThreadId) -> bool {
        match self.store.thread(thread).state {
            ThreadState::Running | ThreadState::Suspended => false,
            ThreadState::Waiting(condition) => self.holds(thread, condition),
        }
    }

    fn holds(&self, thread: ThreadId, condition: Condition) -> bool {
        let inst = self.instance_of(thread);
        let exclusive_free = self.instance(inst).exclusive_thread.is_none();
        match condition {
            Condition::Always => true,
            Condition::MayEnterTask => !self.has_backpressure(self.store.thread(thread).task),
            Condition::ExclusiveFree => exclusive_free,
            Condition::SubtaskResolved(subtask) => self.store.subtask(subtask).resolved(),
            Condition::PendingEvent(index) => self.has_pending_event(inst, index),
            Condition::SetEvent(index) => self.set_has_pending_event(inst, index),
            Condition::SetEventAndExclusiveFree(index) => {
                exclusive_free && self.set_has_pending_event(inst, index)
            }
        }
    }

    /// Spec: CanonicalABI.md, "Tasks", `has_backpressure`.
    pub(super) fn has_backpressure(&self, task: TaskId) -> bool {
        let task = self.store.task(task);
        let instance = self.instance(task.func.inst);
        instance.backpressure > 0 || (task.needs_exclusive() && instance.exclusive_thread.is_some())
    }

    /// Spec: CanonicalABI.md, "Waitable State", `WaitableSet.has_pending_event`.
    pub fn set_has_pending_event(&self, inst: InstanceId, set: HandleIndex) -> bool {
        !self.elements_with_event(inst, set).is_empty()
    }

    /// The elements of a waitable set that have an event.
    pub fn elements_with_event(&self, inst: InstanceId, set: HandleIndex) -> Vec<HandleIndex> {
        let Some(Handle::WaitableSet(WaitableSet { elems, .. })) =
            self.instance(inst).handles.get(set)
        else {
            return Vec::new();
        };
        let with_event = elems
            .iter()
            .filter(|&&index| self.has_pending_event(inst, index));
        with_event.copied().collect()
    }

    /// Makes a waiting or suspended thread run.
    ///
    /// Spec: CanonicalABI.md, "Threads", `resume`.
    pub fn resume(&mut self, thread: ThreadId, cancelled: Cancelled) -> Result<(), Stop> {
        if self.store.control.len() >= self.limits.nesting as usize {
            return Err(Limit::Nesting.into());
        }
        self.queue.retain(|&waiting| waiting != thread);
        let resumed = self.store.thread_mut(thread);
        resumed.state = ThreadState::Running;
        resumed.cancelled = cancelled;
        self.store.control.push(Control::Thread(thread));
        self.log(thread, || What::Resumed(cancelled));
        Ok(())
    }

    /// Says how `thread` goes on once what is above is done.
    pub fn push_frame(&mut self, thread: ThreadId, frame: Frame) {
        self.store.thread_mut(thread).stack.push(frame);
    }

    /// Stops running `thread`, whose `state` says when it goes on.
    ///
    /// Spec: CanonicalABI.md, "Threads", `block_internal`.
    fn block(&mut self, thread: ThreadId, state: ThreadState, cancellable: Cancellable) {
        self.log(thread, || What::Blocked(state));
        self.store.control.pop();
        self.set_blocked(thread, state);
        self.store.thread_mut(thread).cancellable = cancellable;
    }

    /// Lets a thread wait or be suspended.
    pub fn set_blocked(&mut self, thread: ThreadId, state: ThreadState) {
        self.store.thread_mut(thread).state = state;
        self.queue.retain(|&waiting| waiting != thread);
        if let ThreadState::Waiting(_) = state {
            self.queue.push(thread);
        }
    }

    /// Spec: CanonicalABI.md, "Tasks", `deliver_pending_cancel`.
    pub fn deliver_pending_cancel(&mut self, task: TaskId, cancellable: Cancellable) -> bool {
        let pending = self.store.task(task).state == TaskState::PendingCancel;
        let can_be_told = cancellable == Cancellable::Yes && pending;
        let deliver = self.branch(Rule::DeliverPendingCancel, can_be_told);
        if deliver {
            self.store.task_mut(task).state = TaskState::CancelDelivered;
        }
        deliver
    }

    /// Whether `thread` goes on at once, since its task is to be cancelled.
    fn cancelled_at_once(&mut self, thread: ThreadId, cancellable: Cancellable) -> bool {
        let task = self.store.thread(thread).task;
        let deliver = self.deliver_pending_cancel(task, cancellable);
        if deliver {
            self.store.thread_mut(thread).cancelled = Cancelled::True;
        }
        deliver
    }

    /// Blocks `thread` until another thread resumes it.
    ///
    /// Spec: CanonicalABI.md, "Threads", `suspend`.
    pub fn suspend(&mut self, thread: ThreadId, cancellable: Cancellable) {
        if !self.cancelled_at_once(thread, cancellable) {
            self.block(thread, ThreadState::Suspended, cancellable);
        }
    }

    /// Blocks `thread` until `condition` holds. If it holds already, the thread may go on at once.
    ///
    /// Spec: CanonicalABI.md, "Threads", `wait_until`.
    pub fn wait_until(&mut self, thread: ThreadId, condition: Condition, cancellable: Cancellable) {
        if self.cancelled_at_once(thread, cancellable) {
            return;
        }
        if self.holds(thread, condition) && self.goes_on_at_once(condition) {
            self.store.thread_mut(thread).cancelled = Cancelled::False;
            return;
        }
        self.block(thread, ThreadState::Waiting(condition), cancellable);
    }

    /// Whether a thread does not block though it could, since what it waits for is so already.
    fn goes_on_at_once(&mut self, condition: Condition) -> bool {
        let yields = matches!(condition, Condition::Always | Condition::ExclusiveFree);
        let blocks_first = yields || !self.tests_win(Dispute::ReadyWaitGoesOn);
        match self.choose(ChoicePoint::GoOn, 2) {
            0 => !blocks_first,
            _ => blocks_first,
        }
    }

    /// Blocks `thread` as `state` says and runs `other`, which is suspended, in its place.
    ///
    /// Spec: CanonicalABI.md, "Threads", `suspend_then_resume` and `yield_then_resume`.
    pub fn block_then_resume(
        &mut self,
        thread: ThreadId,
        state: ThreadState,
        cancellable: Cancellable,
        other: ThreadId,
    ) -> Result<(), Stop> {
        if self.cancelled_at_once(thread, cancellable) {
            return Ok(());
        }
        self.block(thread, state, cancellable);
        self.resume(other, Cancelled::False)
    }

    /// Blocks `thread` as `state` says, and runs `other` in its place if that is ready.
    ///
    /// Spec: CanonicalABI.md, "Threads", `suspend_then_promote` and `yield_then_promote`.
    pub fn block_then_promote(
        &mut self,
        thread: ThreadId,
        state: ThreadState,
        cancellable: Cancellable,
        other: ThreadId,
    ) -> Result<(), Stop> {
        if self.cancelled_at_once(thread, cancellable) {
            return Ok(());
        }
        let ready = self.ready(other);
        if self.branch(Rule::PromoteReady, ready) {
            self.block(thread, state, cancellable);
            return self.resume(other, Cancelled::False);
        }
        match state {
            ThreadState::Waiting(condition) => self.wait_until(thread, condition, cancellable),
            ThreadState::Running | ThreadState::Suspended => self.suspend(thread, cancellable),
        }
        Ok(())
    }

    /// Lets the host do what it is to do, or resume one of the threads that are ready. Gives whether
    /// there was anything to do.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `Store.tick`.
    pub fn tick(&mut self) -> Result<bool, Stop> {
        let candidates = self.tick_candidates();
        let due = self.host_due();
        if due > 0 {
            let choice = self.choose(
                ChoicePoint::HostActs,
                due + u32::from(!candidates.is_empty()),
            );
            if choice < due {
                self.host_acts(choice)?;
                return Ok(true);
            }
        }
        if candidates.is_empty() {
            return Ok(false);
        }
        let thread = self.choose_thread(ChoicePoint::Tick, &candidates)?;
        self.enter(self.instance_of(thread), None);
        self.resume(thread, Cancelled::False)?;
        Ok(true)
    }

    /// The threads that the host can resume, the one that has waited longest first.
    pub(super) fn tick_candidates(&self) -> Vec<ThreadId> {
        let can_run = |&thread: &ThreadId| {
            self.ready(thread) && self.may_enter(self.instance_of(thread), None)
        };
        self.queue.iter().copied().filter(can_run).collect()
    }
}
