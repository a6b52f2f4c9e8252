//! One step: the top of the control stack goes on.

use super::limits::Limit;
use super::rules::Rule;
use super::state::{Caller, ThreadId};
use super::step::Step;
use super::stop::Stop;
use super::thread::{Control, Frame};
use crate::builtins::Called;
use crate::core::{self, Exit};

impl Step<'_> {
    /// Takes one step: up to the next point at which control passes between core code and the
    /// Canonical ABI.
    pub fn step(&mut self) -> Result<(), Stop> {
        match self.store.control.pop() {
            None => Ok(()),
            Some(Control::Thread(thread)) => {
                self.store.control.push(Control::Thread(thread));
                self.step_thread(thread)
            }
            Some(Control::Instantiate(instantiation)) => self.step_instantiation(instantiation),
            Some(Control::Start(task)) => self.end_call(task, None).map(drop),
            Some(Control::HostCall { task, call }) => {
                let task = self.end_call(task, None)?;
                if let Caller::Host { results, .. } = task.caller {
                    self.store
                        .returned
                        .insert(call, results.unwrap_or_default());
                }
                Ok(())
            }
            Some(Control::Realloc(_)) => Ok(()),
        }
    }

    fn step_thread(&mut self, id: ThreadId) -> Result<(), Stop> {
        match self.store.thread_mut(id).stack.pop() {
            None => {
                self.end_thread(id);
                Ok(())
            }
            Some(Frame::Core(stack)) => self.step_core(id, stack),
            Some(Frame::LiftStart) => self.lift_start(id),
            Some(Frame::LiftCallee) => self.lift_returned(id, Vec::new()),
            Some(Frame::LiftPostReturn) => {
                let task = self.store.thread(id).task;
                let inst = self.store.task(task).func.inst;
                self.instance_mut(inst).may_leave = true;
                Ok(())
            }
            Some(Frame::Lower { subtask, task }) => {
                let subtask = self.store.subtasks.remove(subtask.0);
                self.end_call(task, Some(subtask.inst))?;
                let results = self.deliver_resolve(subtask);
                self.resume_core(id, &results);
                Ok(())
            }
            Some(Frame::ResourceDrop { task }) => {
                let inst = self.current_instance(id);
                self.end_call(task, Some(inst))?;
                self.resume_core(id, &[]);
                Ok(())
            }
        }
    }

    /// Runs core code until it returns, traps, throws or calls a canonical built-in.
    fn step_core(&mut self, id: ThreadId, mut stack: core::Stack) -> Result<(), Stop> {
        match stack.run(&mut self.store.core, &mut self.store.fuel) {
            Exit::Done(results) => self.core_returned(id, results),
            Exit::Trap(trap) => Err(trap.into()),
            Exit::Exception(_) => {
                self.trap_if(Rule::LiftException, true)?;
                Ok(())
            }
            Exit::Limit(core::Limit::Fuel) => Err(Limit::Fuel.into()),
            Exit::Limit(limit) => Err(limit.into()),
            Exit::Host { func, args } => {
                self.store.thread_mut(id).stack.push(Frame::Core(stack));
                match self.call_canon(id, func, args)? {
                    Called::Returned(results) => self.resume_core(id, &results),
                    Called::Entered => {}
                }
                Ok(())
            }
        }
    }

    /// Hands core results to the frame that called the core function.
    fn core_returned(&mut self, id: ThreadId, results: Vec<core::Value>) -> Result<(), Stop> {
        self.branch(Rule::LiftException, false);
        match self.store.thread_mut(id).stack.pop() {
            Some(Frame::LiftCallee) => self.lift_returned(id, results),
            Some(frame) => {
                self.store.thread_mut(id).stack.push(frame);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Hands a built-in's results to the core code that called it.
    fn resume_core(&mut self, id: ThreadId, results: &[core::Value]) {
        if let Some(Frame::Core(stack)) = self.store.thread_mut(id).stack.last_mut() {
            stack.resume(results);
        }
    }

    /// Spec: CanonicalABI.md, "Tasks", `exit_implicit_thread`.
    fn end_thread(&mut self, id: ThreadId) {
        let inst = self.current_instance(id);
        let thread = self.store.threads.remove(id.0);
        self.instance_mut(inst).threads.remove(thread.index);
        self.store.control.pop();
    }

    /// The instance that `thread`'s task runs in.
    pub fn current_instance(&self, thread: ThreadId) -> super::state::InstanceId {
        self.store.task(self.store.thread(thread).task).func.inst
    }
}
