//! One step: the top of the control stack goes on.

use super::limits::Limit;
use super::log::What;
use super::rules::Rule;
use super::state::ThreadId;
use super::step::Step;
use super::stop::Stop;
use super::thread::{Control, Frame};
use crate::builtins::Called;
use crate::core::{self, Exit};

/// What a step costs beside the core instructions in it, which take about as long.
const STEP_FUEL: u64 = 100;

impl Step<'_> {
    /// Takes one step: up to the next point at which control passes between core code and the
    /// Canonical ABI. Without anything on the control stack there is nothing to do.
    pub fn step(&mut self) -> Result<(), Stop> {
        self.spend(STEP_FUEL)?;
        match self.store.control.pop() {
            None => Ok(()),
            Some(Control::Thread(thread)) => {
                self.store.control.push(Control::Thread(thread));
                self.step_thread(thread)
            }
            Some(Control::Instantiate(instantiation)) => self.step_instantiation(instantiation),
            Some(Control::Lift { sync, inst }) => self.lift_until_resolved(sync, inst),
            Some(Control::Leave { inst, from }) => {
                self.set_may_enter(inst, from, true);
                Ok(())
            }
        }
    }

    fn step_thread(&mut self, id: ThreadId) -> Result<(), Stop> {
        let Some(frame) = self.store.thread_mut(id).stack.pop() else {
            self.end_thread(id);
            return Ok(());
        };
        match frame {
            Frame::Core(stack) => self.step_core(id, stack),
            Frame::LiftEnter => self.lift_enter(id),
            Frame::LiftBackpressure => self.lift_after_backpressure(id),
            Frame::LiftCallback(set) => self.lift_after_callback_wait(id, set),
            // Frames that wait for a core function are popped when that returns.
            Frame::LiftCallee | Frame::LiftPostReturn | Frame::ThreadFunc => Ok(()),
            Frame::Lower(subtask) => self.lower_after_call(id, subtask),
            Frame::LowerBlocked(subtask) => self.lower_deliver(id, subtask),
            Frame::ResourceDrop => self.resume_core(id, &[]),
            Frame::Blocked => {
                let cancelled = self.store.thread(id).cancelled;
                self.resume_core(id, &[core::Value::I32(cancelled.into())])
            }
            Frame::WaitableSetWait { set, memory, ptr } => {
                let event = self.end_set_wait(id, set)?;
                let inst = self.instance_of(id);
                let code = self.unpack_event(inst, memory, ptr, event)?;
                self.resume_core(id, &[code])
            }
            Frame::SubtaskCancel { index, abi } => {
                let called = self.subtask_cancel_after_request(id, index, abi)?;
                self.finish_call(id, called)
            }
            Frame::SyncEvent(index) => {
                let payload = self.end_sync_wait(id, index);
                self.resume_core(id, &[core::Value::I32(payload)])
            }
        }
    }

    /// Runs core code until it returns, traps, throws or calls a canonical built-in.
    fn step_core(&mut self, id: ThreadId, mut stack: core::Stack) -> Result<(), Stop> {
        match stack.run(&mut self.store.core, &mut self.store.fuel) {
            Exit::Done(results) => self.core_returned(id, results),
            Exit::Trap(trap) => Err(trap.into()),
            Exit::Exception(_) => self.trap_if(Rule::LiftException, true),
            Exit::Limit(core::Limit::Fuel) => Err(Limit::Fuel.into()),
            Exit::Limit(limit) => Err(limit.into()),
            Exit::Host { func, args } => {
                self.push_frame(id, Frame::Core(stack));
                let called = self.call_canon(id, func, args)?;
                self.finish_call(id, called)
            }
        }
    }

    /// Hands core results to the frame that called the core function.
    fn core_returned(&mut self, id: ThreadId, results: Vec<core::Value>) -> Result<(), Stop> {
        self.trap_if(Rule::LiftException, false)?;
        match self.store.thread_mut(id).stack.pop() {
            Some(Frame::LiftCallee) => self.lift_returned(id, results),
            Some(Frame::LiftPostReturn) => {
                let inst = self.instance_of(id);
                self.instance_mut(inst).may_leave = true;
                self.exit_implicit_thread(id)
            }
            Some(Frame::ThreadFunc) => self.unregister_thread(id),
            // Only the three above call core functions.
            Some(_) | None => Ok(()),
        }
    }

    /// Goes on after a built-in, unless it left a frame that does.
    fn finish_call(&mut self, id: ThreadId, called: Called) -> Result<(), Stop> {
        match called {
            Called::Returned(results) => self.resume_core(id, &results),
            Called::Entered => Ok(()),
        }
    }

    /// Hands a built-in's results to the core code that called it.
    pub(crate) fn resume_core(
        &mut self,
        id: ThreadId,
        results: &[core::Value],
    ) -> Result<(), Stop> {
        self.log(id, || What::Gets(results.to_vec()));
        let Some(Frame::Core(mut stack)) = self.store.thread_mut(id).stack.pop() else {
            return Err(Stop::Broken);
        };
        if stack.awaited(&self.store.core).len() != results.len() {
            return Err(Stop::Broken);
        }
        stack.resume(results);
        self.push_frame(id, Frame::Core(stack));
        Ok(())
    }
}
