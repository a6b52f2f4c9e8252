//! Calling a lifted function: entering its instance, its task, and leaving again.
//!
//! Spec: CanonicalABI.md, "Component Instances", "Tasks", "Embedding" and "canon lift".

use super::limits::Limit;
use super::rules::Rule;
use super::state::{
    Caller, FuncInst, InstanceId, Subtask, SubtaskState, Task, TaskId, TaskState, ThreadId,
};
use super::step::Step;
use super::stop::Stop;
use super::thread::{CallerInstance, Control, Frame, Thread};
use crate::abi::flatten::{MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};
use crate::abi::{BorrowScope, CoreValueIter, Cx, LiftLowerOptions, Value};
use crate::core;

impl Step<'_> {
    /// Enters `func`'s instance and makes its task the one that runs. [`Step::end_call`] follows
    /// when control comes back.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `Store.lift`.
    pub fn begin_call(
        &mut self,
        func: FuncInst,
        caller: Caller,
        from: CallerInstance,
    ) -> Result<TaskId, Stop> {
        self.trap_unless_may_enter(func.inst, from)?;
        self.set_may_enter(func.inst, from, false);
        self.start_task(func, caller)
    }

    /// The rule with which every call begins: the callee's instance can be entered.
    pub fn trap_unless_may_enter(
        &mut self,
        inst: InstanceId,
        from: CallerInstance,
    ) -> Result<(), Stop> {
        let may_enter = self.may_enter_from(inst, from);
        self.trap_if(Rule::MayEnter, !may_enter)
    }

    /// Leaves the instance that [`Step::begin_call`] entered, once the callee has returned.
    ///
    /// Spec: CanonicalABI.md, "canon lift" and "Embedding", `Store.lift`.
    pub fn end_call(&mut self, task: TaskId, from: CallerInstance) -> Result<Task, Stop> {
        let blocked = self.store.task(task).state != TaskState::Resolved;
        self.trap_if(Rule::LiftBlocked, blocked)?;
        let task = self.store.tasks.remove(task.0);
        self.set_may_enter(task.func.inst, from, true);
        Ok(task)
    }

    /// Creates a task and its implicit thread, and lets that thread run.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    pub fn start_task(&mut self, func: FuncInst, caller: Caller) -> Result<TaskId, Stop> {
        if self.store.control.len() >= self.limits.nesting as usize {
            return Err(Limit::Nesting.into());
        }
        let inst = func.inst;
        let task = TaskId(self.store.tasks.add(Task {
            func,
            caller,
            state: TaskState::Initial,
            num_borrows: 0,
        }));
        let place = self.store.threads.next_place();
        let index = self.instance_mut(inst).threads.add(ThreadId(place));
        let thread = Thread {
            task,
            stack: vec![Frame::LiftStart],
            index,
            storage: [0; 2],
        };
        let thread = ThreadId(self.store.threads.add(thread));
        self.store.control.push(Control::Thread(thread));
        Ok(task)
    }

    /// Spec: CanonicalABI.md, "Component Instances", `may_enter_from`.
    fn may_enter_from(&self, inst: InstanceId, from: CallerInstance) -> bool {
        self.entering_set(inst, from)
            .into_iter()
            .all(|inst| self.instance(inst).may_enter)
    }

    /// Spec: CanonicalABI.md, "Component Instances", `enter_from` and `leave_to`.
    fn set_may_enter(&mut self, inst: InstanceId, from: CallerInstance, may_enter: bool) {
        for inst in self.entering_set(inst, from) {
            self.instance_mut(inst).may_enter = may_enter;
        }
    }

    /// Spec: CanonicalABI.md, "Component Instances", `entering_set`.
    fn entering_set(&self, inst: InstanceId, from: CallerInstance) -> Vec<InstanceId> {
        let already: Vec<_> = from
            .map(|from| self.self_and_ancestors(from))
            .unwrap_or_default();
        let mut entering = self.self_and_ancestors(inst);
        entering.retain(|inst| !already.contains(inst));
        entering
    }

    fn self_and_ancestors(&self, inst: InstanceId) -> Vec<InstanceId> {
        std::iter::successors(Some(inst), |&inst| self.instance(inst).parent).collect()
    }

    /// Lowers the task's arguments and calls its core function.
    pub(super) fn lift_start(&mut self, thread: ThreadId) -> Result<(), Stop> {
        let id = self.store.thread(thread).task;
        let flat_args = self.start(id)?;
        let callee = self.store.task(id).func.callee;
        let stack = core::Stack::call(&self.store.core, callee, &flat_args);
        let frames = &mut self.store.thread_mut(thread).stack;
        frames.extend([Frame::LiftCallee, Frame::Core(stack)]);
        Ok(())
    }

    /// Takes the arguments from the caller, as core values of the callee.
    ///
    /// Spec: CanonicalABI.md, "Tasks", `start`, and "canon lift".
    fn start(&mut self, id: TaskId) -> Result<Vec<core::Value>, Stop> {
        let task = self.store.task_mut(id);
        task.state = TaskState::Started;
        let func = task.func.clone();
        let args = match &mut task.caller {
            Caller::Machine { args, .. } => return Ok(std::mem::take(args)),
            Caller::Host { args, .. } => std::mem::take(args),
            &mut Caller::Subtask(subtask) => {
                let record = self.store.subtask_mut(subtask);
                record.state = SubtaskState::Started;
                let mut flat_args = std::mem::take(&mut record.flat_args);
                let (opts, inst) = (record.opts.values, record.inst);
                let mut cx = Cx {
                    step: self,
                    opts,
                    inst,
                    scope: BorrowScope::Subtask(subtask),
                };
                let args = cx.lift_flat_values(MAX_FLAT_PARAMS, &mut flat_args, &func.ty.params)?;
                self.store.subtask_mut(subtask).flat_args = flat_args;
                args
            }
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

    /// Takes the core function's results to the caller, then calls `post-return`.
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
            *results = Some(flat_results);
            task.state = TaskState::Resolved;
            return Ok(());
        }
        let func = task.func.clone();
        let mut cx = Cx {
            step: self,
            opts: func.opts.values,
            inst: func.inst,
            scope: BorrowScope::Task(id),
        };
        let mut values = CoreValueIter {
            values: flat_results.clone(),
            position: 0,
        };
        let result = cx.lift_flat_values(MAX_FLAT_RESULTS, &mut values, &func.ty.result)?;
        self.return_(id, result)?;
        let post_return = func.opts.post_return;
        if !self.branch(Rule::LiftPostReturn, post_return.is_some()) {
            return Ok(());
        }
        if let Some(post_return) = post_return {
            self.instance_mut(func.inst).may_leave = false;
            let stack = core::Stack::call(&self.store.core, post_return, &flat_results);
            let frames = &mut self.store.thread_mut(thread).stack;
            frames.extend([Frame::LiftPostReturn, Frame::Core(stack)]);
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Tasks", `return_`, and "canon lower", `on_resolve`.
    fn return_(&mut self, id: TaskId, result: Vec<Value>) -> Result<(), Stop> {
        let task = self.store.task(id);
        let (resolved, borrows) = (task.state == TaskState::Resolved, task.num_borrows > 0);
        self.trap_if(Rule::ReturnTwice, resolved)?;
        self.trap_if(Rule::ReturnBorrows, borrows)?;
        let task = self.store.task_mut(id);
        task.state = TaskState::Resolved;
        match &mut task.caller {
            Caller::Host { results, .. } => *results = Some(result),
            Caller::Machine { .. } => {}
            &mut Caller::Subtask(subtask) => {
                let ty = task.func.ty.clone();
                let record = self.store.subtask_mut(subtask);
                let mut flat_args = std::mem::take(&mut record.flat_args);
                let (opts, inst) = (record.opts.values, record.inst);
                let mut cx = Cx {
                    step: self,
                    opts,
                    inst,
                    scope: BorrowScope::Subtask(subtask),
                };
                let out = Some(&mut flat_args);
                let flat_results =
                    cx.lower_flat_values(MAX_FLAT_RESULTS, result, &ty.result, out)?;
                let record = self.store.subtask_mut(subtask);
                record.state = SubtaskState::Returned;
                record.flat_results = flat_results;
            }
        }
        Ok(())
    }

    /// Gives back what the subtask's arguments lent, and takes its results.
    ///
    /// Spec: CanonicalABI.md, "Subtask State", `deliver_resolve`.
    pub(super) fn deliver_resolve(&mut self, subtask: Subtask) -> Vec<core::Value> {
        for index in subtask.lenders {
            let handle = self.instance_mut(subtask.inst).handles.get_mut(index);
            if let Some(super::state::Handle::Resource(handle)) = handle {
                handle.num_lends -= 1;
            }
        }
        subtask.flat_results
    }

    /// Calls `realloc` and waits for it. It cannot block, and what could make it call out of its
    /// instance, or back here, traps, so the machine's step contains its steps.
    ///
    /// Spec: CanonicalABI.md, "Lifting and Lowering Context", `reallocate`.
    pub fn call_realloc(
        &mut self,
        inst: InstanceId,
        opts: LiftLowerOptions,
        args: [u64; 4],
    ) -> Result<u64, Stop> {
        let Some(callee) = opts.realloc else {
            // Validation requires it wherever lowering allocates.
            return Err(Stop::Unsupported("lowering without `realloc`"));
        };
        let func = FuncInst::of_machine(callee, inst);
        let args = args
            .map(|arg| opts.ptr_type(&self.store.core).core_value(arg))
            .to_vec();
        self.instance_mut(inst).may_leave = false;
        let base = self.store.control.len();
        let task = self.start_task(
            func,
            Caller::Machine {
                args,
                results: None,
            },
        )?;
        while self.store.control.len() > base {
            self.step()?;
        }
        self.instance_mut(inst).may_leave = true;
        let task = self.store.tasks.remove(task.0);
        match task.machine_results().first() {
            Some(&core::Value::I32(ptr)) => Ok(ptr.into()),
            Some(&core::Value::I64(ptr)) => Ok(ptr),
            _ => Err(Stop::Unsupported(
                "`realloc` without a pointer as its result",
            )),
        }
    }
}
