//! The life of a task: entering, starting, returning, being cancelled, ending.
//!
//! Spec: CanonicalABI.md, "Tasks" and "canon lift".

use super::choice::ChoicePoint;
use super::log::What;
use super::reading::Dispute;
use super::rules::Rule;
use super::state::{CallOutcome, Caller, SubtaskId, SubtaskState, TaskId, TaskState, ThreadId};
use super::step::Step;
use super::stop::Stop;
use super::thread::{CallerInstance, Cancelled, Condition, Control, Frame};
use super::waitable::{Event, PendingEvent};
use crate::abi::flatten::{MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};
use crate::abi::{BorrowScope, CoreValueIter, Cx, Value};
use crate::component::ast::{Abi, Cancellable};
use crate::component::types::{Effect, ValType};
use crate::core;
use crate::machine::state::Handle;
use crate::machine::table::HandleIndex;

/// The largest code that a callback may return.
const CALLBACK_CODE_MAX: u32 = 2;

impl Step<'_> {
    /// Waits for backpressure, or goes straight on.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `enter_implicit_thread`.
    pub(super) fn lift_enter(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let id = self.store.thread(thread).task;
        let task = self.store.task(id);
        let inst = task.func.inst;
        if task.func.ty.effect == Effect::Sync {
            return self.lift_start(thread);
        }
        let others_wait = self.instance(inst).num_waiting_to_enter > 0;
        let must_wait = self.has_backpressure(id) || others_wait;
        if !self.branch(Rule::EnterBackpressure, must_wait) {
            return self.lift_entered(thread);
        }
        if let Some(exclusive) = self.instance(inst).exclusive_thread
            && self.ready(exclusive)
            && self.tests_win(Dispute::ReadyGoesFirst)
        {
            self.push_frame(thread, Frame::LiftEnter);
            return self.resume(exclusive, Cancelled::False);
        }
        self.instance_mut(inst).num_waiting_to_enter += 1;
        self.push_frame(thread, Frame::LiftBackpressure);
        self.wait_until(thread, Condition::MayEnterTask, Cancellable::Yes);
        Ok(())
    }

    /// Goes on after backpressure, unless the task has been cancelled.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `enter_implicit_thread`.
    pub(super) fn lift_after_backpressure(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let inst = self.instance_of(thread);
        self.instance_mut(inst).num_waiting_to_enter -= 1;
        let cancelled = self.store.thread(thread).cancelled == Cancelled::True;
        if self.branch(Rule::EnterCancelled, cancelled) {
            return self.cancel_task(self.store.thread(thread).task);
        }
        self.lift_entered(thread)
    }

    fn lift_entered(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let task = self.store.thread(thread).task;
        let needs_exclusive = self.store.task(task).needs_exclusive();
        if self.branch(Rule::EnterExclusive, needs_exclusive) {
            let inst = self.instance_of(thread);
            self.instance_mut(inst).exclusive_thread = Some(thread);
        }
        self.lift_start(thread)
    }

    /// Lowers the task's arguments and calls its core function.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    fn lift_start(&mut self, thread: ThreadId) -> Result<(), Stop> {
        self.register_thread(thread)?;
        let id = self.store.thread(thread).task;
        let flat_args = self.start(id)?;
        let callee = self.store.task(id).func.callee;
        self.call_core(thread, Frame::LiftCallee, callee, &flat_args)
    }

    /// Calls a core function; `frame` goes on when it returns.
    pub(super) fn call_core(
        &mut self,
        thread: ThreadId,
        frame: Frame,
        callee: core::FuncAddr,
        args: &[core::Value],
    ) -> Result<(), Stop> {
        if self.store.core.func_type(callee).params().len() != args.len() {
            return Err(Stop::Broken);
        }
        let stack = core::Stack::call(&self.store.core, callee, args);
        self.store
            .thread_mut(thread)
            .stack
            .extend([frame, Frame::Core(stack)]);
        Ok(())
    }

    /// Takes the arguments from the caller, as core values of the callee.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `start`, and "canon lower", `on_start`.
    fn start(&mut self, id: TaskId) -> Result<Vec<core::Value>, Stop> {
        let task = self.store.task_mut(id);
        task.state = TaskState::Started;
        let func = task.func.clone();
        let args = match &mut task.caller {
            Caller::Machine { args, .. } => return Ok(std::mem::take(args)),
            &mut Caller::Host(call) => self
                .store
                .host_call_mut(call)
                .map(|call| std::mem::take(&mut call.args))
                .unwrap_or_default(),
            &mut Caller::Subtask(subtask) => self.start_subtask(subtask, &func.ty.params)?,
            Caller::Resolved => Vec::new(),
        };
        let (opts, inst) = (func.opts.values, func.inst);
        let mut cx = Cx {
            step: self,
            opts,
            inst,
            scope: BorrowScope::Task(id),
        };
        cx.lower_flat_values(MAX_FLAT_PARAMS, args, &func.ty.params, None)
    }

    /// Takes the arguments, which are of `types`, from the caller.
    ///
    /// Spec: CanonicalABI.md, "canon lower", `on_start`.
    pub(crate) fn start_subtask(
        &mut self,
        subtask: SubtaskId,
        types: &[ValType],
    ) -> Result<Vec<Value>, Stop> {
        let record = self.store.subtask_mut(subtask);
        record.state = SubtaskState::Started;
        let mut flat_args = std::mem::take(&mut record.flat_args);
        let (opts, inst) = (record.opts, record.inst);
        self.on_progress(subtask);
        let scope = BorrowScope::Subtask(subtask);
        let max_flat = max_flat_params(opts.abi);
        let mut cx = Cx {
            step: self,
            opts: opts.values,
            inst,
            scope,
        };
        let args = cx.lift_flat_values(max_flat, &mut flat_args, types)?;
        self.store.subtask_mut(subtask).flat_args = flat_args;
        Ok(args)
    }

    /// Progress of a subtask that its caller has a handle to is an event.
    ///
    /// Spec: CanonicalABI.md, "canon lower", `on_progress`.
    fn on_progress(&mut self, subtask: SubtaskId) {
        let subtask = self.store.subtask_mut(subtask);
        if subtask.index.is_some() {
            subtask.waitable.pending_event = Some(PendingEvent::Subtask);
        }
    }

    /// Goes on after the core function has returned `flat_results`.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    pub(super) fn lift_returned(
        &mut self,
        thread: ThreadId,
        flat_results: Vec<core::Value>,
    ) -> Result<(), Stop> {
        let id = self.store.thread(thread).task;
        let task = self.store.task_mut(id);
        if let Caller::Machine { results, .. } = &mut task.caller {
            *results = flat_results;
            task.state = TaskState::Resolved;
            return self.exit_implicit_thread(thread);
        }
        let (abi, callback) = (task.func.opts.abi, task.func.opts.callback);
        if !self.branch(Rule::LiftAsync, abi == Abi::Async) {
            return self.lift_sync_returned(thread, id, flat_results);
        }
        if self.branch(Rule::LiftCallback, callback.is_some()) {
            return self.callback_returned(thread, &flat_results);
        }
        self.exit_implicit_thread(thread)
    }

    fn lift_sync_returned(
        &mut self,
        thread: ThreadId,
        id: TaskId,
        flat_results: Vec<core::Value>,
    ) -> Result<(), Stop> {
        let func = self.store.task(id).func.clone();
        let (opts, inst) = (func.opts.values, func.inst);
        let mut cx = Cx {
            step: self,
            opts,
            inst,
            scope: BorrowScope::Task(id),
        };
        let mut values = CoreValueIter {
            values: flat_results.clone(),
            position: 0,
        };
        let result = cx.lift_flat_values(MAX_FLAT_RESULTS, &mut values, &func.ty.result)?;
        self.return_task(id, result)?;
        let post_return = func.opts.post_return;
        let wanted = self.branch(Rule::LiftPostReturn, post_return.is_some());
        let Some(post_return) = post_return.filter(|_| wanted) else {
            return self.exit_implicit_thread(thread);
        };
        self.instance_mut(inst).may_leave = false;
        self.call_core(thread, Frame::LiftPostReturn, post_return, &flat_results)
    }

    /// Does what the callback's result says: end, or block and then call it again.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    pub(super) fn callback_returned(
        &mut self,
        thread: ThreadId,
        flat_results: &[core::Value],
    ) -> Result<(), Stop> {
        let packed = match flat_results.first() {
            Some(&core::Value::I32(packed)) => packed,
            _ => 0,
        };
        let (code, set) = (packed & 0xf, packed >> 4);
        self.trap_if(Rule::CallbackCode, code > CALLBACK_CODE_MAX)?;
        if self.branch(Rule::CallbackExit, code == 0) {
            return self.exit_implicit_thread(thread);
        }
        let inst = self.instance_of(thread);
        self.instance_mut(inst).exclusive_thread = None;
        let yields = code == 1;
        let (set, condition) = if self.branch(Rule::CallbackYield, yields) {
            (None, Condition::ExclusiveFree)
        } else {
            self.begin_set_wait(inst, set, Rule::CallbackWaitKind)?;
            (Some(set), Condition::SetEventAndExclusiveFree(set))
        };
        self.push_frame(thread, Frame::LiftCallback(set));
        self.wait_until(thread, condition, Cancellable::Yes);
        Ok(())
    }

    /// Calls the callback with the event that ended the wait.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    pub(super) fn lift_after_callback_wait(
        &mut self,
        thread: ThreadId,
        set: Option<HandleIndex>,
    ) -> Result<(), Stop> {
        let inst = self.instance_of(thread);
        let event = match set {
            Some(set) => self.end_set_wait(thread, set)?,
            None => {
                let cancelled = self.store.thread(thread).cancelled == Cancelled::True;
                if self.branch(Rule::CallbackCancelled, cancelled) {
                    Event::TASK_CANCELLED
                } else {
                    Event::NONE
                }
            }
        };
        self.instance_mut(inst).exclusive_thread = Some(thread);
        let callback = self
            .store
            .task(self.store.thread(thread).task)
            .func
            .opts
            .callback;
        if let Some(callback) = callback {
            self.log(thread, || What::Callback(event));
            let args = [event.code as u32, event.index, event.payload].map(core::Value::I32);
            self.call_core(thread, Frame::LiftCallee, callback, &args)?;
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Tasks", `register_thread`.
    pub(crate) fn register_thread(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let task = self.store.thread(thread).task;
        let inst = self.instance_of(thread);
        let index = self.add_thread_index(inst, thread)?;
        self.store.thread_mut(thread).index = Some(index);
        self.store.task_mut(task).threads.push(thread);
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Tasks", `exit_implicit_thread`.
    pub(super) fn exit_implicit_thread(&mut self, thread: ThreadId) -> Result<(), Stop> {
        self.unregister_thread(thread)?;
        let inst = self.instance_of(thread);
        if self.instance(inst).exclusive_thread == Some(thread) {
            self.instance_mut(inst).exclusive_thread = None;
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Tasks", `unregister_thread`.
    pub(super) fn unregister_thread(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let id = self.store.thread(thread).task;
        let task = self.store.task_mut(id);
        task.threads.retain(|&other| other != thread);
        let (last, resolved) = (task.threads.is_empty(), task.state == TaskState::Resolved);
        self.trap_if(Rule::ExitUnresolved, last && !resolved)?;
        let inst = self.instance_of(thread);
        if let Some(index) = self.store.thread_mut(thread).index.take() {
            self.instance_mut(inst).threads.remove(index);
        }
        Ok(())
    }

    /// Removes a thread that has nothing left to do.
    pub(super) fn end_thread(&mut self, thread: ThreadId) {
        self.log(thread, || What::Ends);
        self.store.control.pop();
        let task = self.store.threads.remove(thread.0).task;
        self.release_task(task);
    }

    /// Forgets `task` if nothing refers to it any more.
    pub(super) fn release_task(&mut self, task: TaskId) {
        let has_thread = self.store.threads.iter().any(|thread| thread.task == task);
        let is_lifted = self
            .store
            .control
            .iter()
            .any(|control| matches!(control, Control::Lift { sync, .. } if *sync == task));
        if !has_thread && !is_lifted {
            self.store.tasks.remove(task.0);
        }
    }

    /// Gives `result` to the caller.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `return_`.
    pub(crate) fn return_task(&mut self, id: TaskId, result: Vec<Value>) -> Result<(), Stop> {
        let task = self.store.task(id);
        let (resolved, borrows) = (task.state == TaskState::Resolved, task.num_borrows > 0);
        self.trap_if(Rule::ReturnTwice, resolved)?;
        self.trap_if(Rule::ReturnBorrows, borrows)?;
        self.resolve(id, Some(result))
    }

    /// Tells the caller that the task was cancelled.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `cancel`.
    pub(crate) fn cancel_task(&mut self, id: TaskId) -> Result<(), Stop> {
        let task = self.store.task(id);
        let (asked, borrows) = (
            task.state == TaskState::CancelDelivered,
            task.num_borrows > 0,
        );
        self.trap_if(Rule::CancelState, !asked)?;
        self.trap_if(Rule::CancelBorrows, borrows)?;
        self.resolve(id, None)
    }

    /// Spec: CanonicalABI.md, "Tasks", `on_resolve`, and "canon lower".
    fn resolve(&mut self, id: TaskId, result: Option<Vec<Value>>) -> Result<(), Stop> {
        let what = if result.is_some() {
            What::Returns
        } else {
            What::IsCancelled
        };
        if let Some(&Control::Thread(thread)) = self.store.control.last() {
            self.log(thread, || what);
        }
        let task = self.store.task_mut(id);
        let caller = std::mem::replace(&mut task.caller, Caller::Resolved);
        match caller {
            Caller::Host(call) => {
                if let Some(call) = self.store.host_call_mut(call) {
                    call.task = None;
                    call.outcome = Some(match result {
                        Some(values) => CallOutcome::Returned(values),
                        None => CallOutcome::Cancelled,
                    });
                }
            }
            Caller::Subtask(subtask) => {
                let ty = task.func.ty.clone();
                self.resolve_subtask(subtask, result, &ty.result)?;
            }
            Caller::Machine { .. } | Caller::Resolved => {}
        }
        self.store.task_mut(id).state = TaskState::Resolved;
        Ok(())
    }

    /// Spec: CanonicalABI.md, "canon lower", `on_resolve`, and "Subtask State", `resolve`.
    pub(crate) fn resolve_subtask(
        &mut self,
        subtask: SubtaskId,
        result: Option<Vec<Value>>,
        types: &[ValType],
    ) -> Result<(), Stop> {
        self.on_progress(subtask);
        let record = self.store.subtask_mut(subtask);
        record.callee = None;
        let not_started = record.state == SubtaskState::Starting;
        let Some(result) = result else {
            let state = if self.branch(Rule::SubtaskCancelledBeforeStarted, not_started) {
                SubtaskState::CancelledBeforeStarted
            } else {
                SubtaskState::CancelledBeforeReturned
            };
            self.store.subtask_mut(subtask).state = state;
            return Ok(());
        };
        let mut flat_args = std::mem::take(&mut record.flat_args);
        let (opts, inst) = (record.opts, record.inst);
        let max_flat = match opts.abi {
            Abi::Sync => MAX_FLAT_RESULTS,
            Abi::Async => 0,
        };
        let scope = BorrowScope::Subtask(subtask);
        let mut cx = Cx {
            step: self,
            opts: opts.values,
            inst,
            scope,
        };
        let flat_results = cx.lower_flat_values(max_flat, result, types, Some(&mut flat_args))?;
        let record = self.store.subtask_mut(subtask);
        record.state = SubtaskState::Returned;
        record.flat_results = flat_results;
        Ok(())
    }

    /// Asks a task to cancel: at once if one of its threads can be told, or else when one can.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `request_cancellation`.
    pub fn request_cancellation(&mut self, id: TaskId, from: CallerInstance) -> Result<(), Stop> {
        let task = self.store.task(id);
        let (inst, implicit_thread) = (task.func.inst, task.implicit_thread);
        let initial = task.state == TaskState::Initial;
        if self.branch(Rule::CancelInitial, initial) {
            self.store.task_mut(id).state = TaskState::CancelDelivered;
            return self.resume(implicit_thread, Cancelled::True);
        }
        let mut candidates = self.store.task(id).threads.clone();
        candidates.retain(|&thread| self.store.thread(thread).can_be_cancelled());
        let exclusive = self.instance(inst).exclusive_thread;
        let excluded = self.store.task(id).needs_exclusive()
            && exclusive.is_some_and(|exclusive| exclusive != implicit_thread);
        if self.branch(Rule::CancelExcluded, excluded) {
            candidates.retain(|&thread| thread != implicit_thread);
        }
        let now = !candidates.is_empty() && self.may_enter_from(inst, from);
        if !self.branch(Rule::CancelNow, now) {
            self.store.task_mut(id).state = TaskState::PendingCancel;
            return Ok(());
        }
        self.store.task_mut(id).state = TaskState::CancelDelivered;
        self.enter(inst, from);
        let thread = self.choose_thread(ChoicePoint::CancelThread, &candidates)?;
        self.resume(thread, Cancelled::True)
    }

    /// Begins to wait on the waitable set at `set`, or traps under `rule` if it is none.
    pub(crate) fn begin_set_wait(
        &mut self,
        inst: crate::machine::state::InstanceId,
        set: HandleIndex,
        rule: Rule,
    ) -> Result<(), Stop> {
        let is_set = matches!(self.get_handle(inst, set)?, Handle::WaitableSet(_));
        self.trap_if(rule, !is_set)?;
        if let Some(Handle::WaitableSet(set)) = self.instance_mut(inst).handles.get_mut(set) {
            set.num_waiting += 1;
        }
        Ok(())
    }

    /// Ends a wait on the waitable set at `set`, and gives the event that ended it.
    ///
    /// Spec: CanonicalABI.md, "Waitable State", `wait_for_event_and`.
    pub(crate) fn end_set_wait(
        &mut self,
        thread: ThreadId,
        set: HandleIndex,
    ) -> Result<Event, Stop> {
        let inst = self.instance_of(thread);
        let cancelled = self.store.thread(thread).cancelled == Cancelled::True;
        let event = if self.branch(Rule::SetWaitCancelled, cancelled) {
            Event::TASK_CANCELLED
        } else {
            self.take_set_event(inst, set)
        };
        if let Some(Handle::WaitableSet(set)) = self.instance_mut(inst).handles.get_mut(set) {
            set.num_waiting = set.num_waiting.saturating_sub(1);
        }
        Ok(event)
    }
}

/// The most flat parameters of a function that is lowered with `abi`.
fn max_flat_params(abi: Abi) -> usize {
    match abi {
        Abi::Sync => MAX_FLAT_PARAMS,
        Abi::Async => MAX_FLAT_ASYNC_PARAMS,
    }
}
