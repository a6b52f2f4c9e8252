//! Whether a state is whole: every id that something in it goes by is of something that is there.
//!
//! The rules see to it, so the machine takes it for granted. A mutant without one of them may lose a
//! task that somebody waits for, or a subtask that is still going on; it stops there.

use super::state::{
    Callee, Caller, ComponentInstance, Handle, Ownership, Subtask, Task, TaskState,
};
use super::step::Step;
use super::stop::Stop;
use super::store::Store;
use super::thread::{Condition, Control, Frame, Thread, ThreadState};

impl Step<'_> {
    /// Stops a mutant whose state is not whole any more.
    pub fn stop_if_broken(&self) -> Result<(), Stop> {
        let queued = || self.queue.iter().all(|id| self.store.threads.has(id.0));
        match self.mutant.is_none() || (self.store.is_whole() && queued()) {
            true => Ok(()),
            false => Err(Stop::Broken),
        }
    }
}

impl Store {
    /// Whether everything in it that has an id is there.
    pub fn is_whole(&self) -> bool {
        let calls = self.host_calls.values();
        let mut host_tasks = calls.filter_map(|call| call.task);
        let mut host_calls = self.host.calls.iter();
        let mut host_ends = self.host.ends.values();
        self.control
            .iter()
            .all(|control| self.holds_control(control))
            && self.threads.iter().all(|thread| self.holds_thread(thread))
            && self.tasks.iter().all(|task| self.holds_task(task))
            && self
                .subtasks
                .iter()
                .all(|subtask| self.holds_subtask(subtask))
            && self.instances.iter().all(|inst| self.holds_instance(inst))
            && host_tasks.all(|task| self.tasks.has(task.0))
            && host_calls.all(|call| self.subtasks.has(call.subtask.0))
            && host_ends.all(|end| self.shared.has(end.shared.0))
    }

    fn holds_control(&self, control: &Control) -> bool {
        match control {
            Control::Thread(id) => self.threads.has(id.0),
            Control::Lift { sync, .. } => self.tasks.has(sync.0),
            Control::Instantiate(_) | Control::Leave { .. } => true,
        }
    }

    fn holds_thread(&self, thread: &Thread) -> bool {
        let waits_for = match thread.state {
            ThreadState::Waiting(Condition::SubtaskResolved(id)) => Some(id),
            _ => None,
        };
        let frames = thread.stack.iter().filter_map(|frame| match frame {
            Frame::Lower(id) | Frame::LowerBlocked(id) => Some(*id),
            _ => None,
        });
        let mut subtasks = frames.chain(waits_for);
        self.tasks.has(thread.task.0) && subtasks.all(|id| self.subtasks.has(id.0))
    }

    fn holds_task(&self, task: &Task) -> bool {
        let caller = match task.caller {
            Caller::Subtask(id) => self.subtasks.has(id.0),
            Caller::Host(_) | Caller::Machine { .. } | Caller::Resolved => true,
        };
        // Later on other threads may outlive it.
        let begins = task.state != TaskState::Initial || self.threads.has(task.implicit_thread.0);
        caller && begins && task.threads.iter().all(|id| self.threads.has(id.0))
    }

    fn holds_subtask(&self, subtask: &Subtask) -> bool {
        match subtask.callee {
            Some(Callee::Task(id)) => self.tasks.has(id.0),
            Some(Callee::Host(id)) => self.host.calls.has(id.0),
            None => true,
        }
    }

    fn holds_instance(&self, instance: &ComponentInstance) -> bool {
        let mut threads = instance.threads.iter().chain(&instance.exclusive_thread);
        let mut handles = instance.handles.iter();
        threads.all(|id| self.threads.has(id.0))
            && handles.all(|handle| match handle {
                Handle::Subtask(id) => self.subtasks.has(id.0),
                Handle::End(end) => self.shared.has(end.shared.0),
                Handle::Resource(resource) => match resource.ownership {
                    Ownership::Borrow { scope } => self.tasks.has(scope.0),
                    Ownership::Own => true,
                },
                Handle::ErrorContext(_) | Handle::WaitableSet(_) => true,
            })
    }
}
