//! Calling a lifted function: entering its instance, and leaving again.
//!
//! Spec: CanonicalABI.md, "Component Instances", "Embedding" and "canon lift".

use super::choice::ChoicePoint;
use super::limits::Limit;
use super::reading::Dispute;
use super::rules::Rule;
use super::state::{Caller, InstanceId, LiftedFunc, Task, TaskId, TaskState, ThreadId};
use super::step::Step;
use super::stop::Stop;
use super::thread::{CallerInstance, Cancelled, Control, Frame, Thread};
use crate::abi::LiftLowerOptions;
use crate::component::types::Effect;
use crate::core;

impl Step<'_> {
    /// Enters `func`'s instance and calls it. When control comes back, the callee has returned or
    /// blocked, and the instance is left.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `Store.lift`.
    pub fn call(
        &mut self,
        func: LiftedFunc,
        caller: Caller,
        from: CallerInstance,
    ) -> Result<TaskId, Stop> {
        self.trap_unless_may_enter(func.inst, from)?;
        self.enter(func.inst, from);
        self.canon_lift(func, caller)
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

    /// Spec: CanonicalABI.md, "canon lift".
    fn canon_lift(&mut self, func: LiftedFunc, caller: Caller) -> Result<TaskId, Stop> {
        if self.store.control.len() >= self.limits.nesting as usize {
            return Err(Limit::Nesting.into());
        }
        let (inst, effect) = (func.inst, func.ty.effect);
        let implicit_thread = ThreadId(self.store.threads.next_place());
        let task = Task::new(func, caller, implicit_thread);
        let task = TaskId(self.store.tasks.add(task));
        let thread = self.add_thread(Thread::new(task, vec![Frame::LiftEnter]))?;
        if effect == Effect::Sync {
            self.store.control.push(Control::Lift { sync: task, inst });
        }
        self.resume(thread, Cancelled::False)?;
        Ok(task)
    }

    /// The end of `canon lift` for a synchronous type: until the task has resolved, other threads
    /// of its instance may run.
    ///
    /// Spec: CanonicalABI.md, "canon lift".
    pub(super) fn lift_until_resolved(
        &mut self,
        task: TaskId,
        inst: InstanceId,
    ) -> Result<(), Stop> {
        let resolved = self.store.task(task).state == TaskState::Resolved;
        if self.branch(Rule::LiftResolved, resolved) {
            self.release_task(task);
            return Ok(());
        }
        let candidates = self.siblings(task, inst);
        self.trap_if(Rule::LiftBlocked, candidates.is_empty())?;
        let sibling = self.choose_thread(ChoicePoint::Sibling, &candidates)?;
        self.store.control.push(Control::Lift { sync: task, inst });
        self.resume(sibling, Cancelled::False)
    }

    /// The threads that may run while a synchronous task of `inst` cannot: the task's own ones
    /// first, and then those that have waited longest.
    fn siblings(&mut self, task: TaskId, inst: InstanceId) -> Vec<ThreadId> {
        let exclusive = self.instance(inst).exclusive_thread;
        let can_run = |&thread: &ThreadId| {
            let record = self.store.thread(thread);
            self.instance_of(thread) == inst
                && record.index.is_some()
                && self.ready(thread)
                && Some(thread) != exclusive
        };
        let mut siblings: Vec<_> = self.queue.iter().copied().filter(can_run).collect();
        let to_be_alone = |step: &Self, thread: &ThreadId| step.needs_to_be_alone(*thread);
        if siblings.iter().any(|thread| to_be_alone(self, thread))
            && self.tests_win(Dispute::NoExclusiveSiblings)
        {
            siblings.retain(|thread| !to_be_alone(self, thread));
        }
        siblings.sort_by_key(|&thread| self.store.thread(thread).task != task);
        siblings
    }

    /// Whether `thread` is the implicit thread of an asynchronous task that needs to be alone.
    fn needs_to_be_alone(&self, thread: ThreadId) -> bool {
        let task = self.store.task(self.store.thread(thread).task);
        task.implicit_thread == thread
            && task.func.ty.effect == Effect::Async
            && task.needs_exclusive()
    }

    /// Enters `inst`; when control comes back, leaves it again.
    ///
    /// Spec: CanonicalABI.md, "Component Instances", `enter_from` and `leave_to`.
    pub(super) fn enter(&mut self, inst: InstanceId, from: CallerInstance) {
        self.set_may_enter(inst, from, false);
        self.store.control.push(Control::Leave { inst, from });
    }

    /// Spec: CanonicalABI.md, "Component Instances", `may_enter_from`.
    pub fn may_enter_from(&mut self, inst: InstanceId, from: CallerInstance) -> bool {
        let is_donut = from.is_some_and(|from| self.is_donut(inst, from));
        self.may_enter(inst, from) && !(is_donut && self.tests_win(Dispute::NoDonuts))
    }

    /// The same, without what the tests want beyond the text.
    pub(super) fn may_enter(&self, inst: InstanceId, from: CallerInstance) -> bool {
        let entering = self.entering_set(inst, from);
        entering
            .into_iter()
            .all(|inst| self.instance(inst).may_enter)
    }

    /// Whether one of two instances is inside of the other.
    fn is_donut(&self, one: InstanceId, other: InstanceId) -> bool {
        one != other
            && (self.self_and_ancestors(one).contains(&other)
                || self.self_and_ancestors(other).contains(&one))
    }

    /// Says of all instances that a call of `inst` from `from` enters whether they can be entered.
    pub(super) fn set_may_enter(
        &mut self,
        inst: InstanceId,
        from: CallerInstance,
        may_enter: bool,
    ) {
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
        if !self.instance(inst).may_leave {
            return Err(Stop::Broken);
        }
        let ptr_type = opts.ptr_type(&self.store.core);
        let args = args.map(|arg| ptr_type.core_value(arg)).to_vec();
        self.instance_mut(inst).may_leave = false;
        let base = self.store.control.len();
        let caller = Caller::Machine {
            args,
            results: Vec::new(),
        };
        let task = self.canon_lift(LiftedFunc::of_machine(callee, inst), caller)?;
        // What remains at the end is the task's own `Control::Lift`, which keeps the task.
        while self.store.control.len() > base + 1 {
            self.step()?;
            self.stop_if_broken()?;
        }
        self.store.control.pop();
        self.instance_mut(inst).may_leave = true;
        match self.store.tasks.remove(task.0).caller {
            Caller::Machine { results, .. } => match results.first() {
                Some(&core::Value::I32(ptr)) => Ok(ptr.into()),
                Some(&core::Value::I64(ptr)) => Ok(ptr),
                // Validation has made sure of its result, so it has blocked.
                _ => Err(Stop::Broken),
            },
            _ => Err(Stop::Broken),
        }
    }
}
