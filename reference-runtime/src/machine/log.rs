//! What happens inside of the machine, for people who want to see why a run went as it did.
//!
//! Nothing in the machine depends on the log, and it is no part of the state.

use super::state::{TaskId, ThreadId};
use super::step::Step;
use super::thread::{Cancelled, ThreadState};
use super::waitable::Event;
use crate::core;

/// A log, which is kept only where somebody asked for it.
#[derive(Clone, Debug, Default)]
pub enum Log {
    /// Nothing is written down.
    #[default]
    Off,
    /// What has been written down since it was taken last.
    On(Vec<Entry>),
}

/// Something that happened to a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How many threads have been resumed inside one another, at least 1 while one runs.
    pub depth: u32,
    /// The thread.
    pub thread: ThreadId,
    /// Its task.
    pub task: TaskId,
    /// What happened.
    pub what: What,
}

/// What can happen to a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It runs.
    Resumed(Cancelled),
    /// It stops running.
    Blocked(ThreadState),
    /// It calls a built-in.
    Calls(&'static str, Vec<core::Value>),
    /// A built-in gives it these results.
    Gets(Vec<core::Value>),
    /// Its callback is called with an event.
    Callback(Event),
    /// Its task returns.
    Returns,
    /// Its task is cancelled.
    IsCancelled,
    /// It has nothing left to do.
    Ends,
}

impl Log {
    /// What has been written down since the last time.
    pub fn take(&mut self) -> Vec<Entry> {
        match self {
            Log::Off => Vec::new(),
            Log::On(entries) => std::mem::take(entries),
        }
    }
}

impl Step<'_> {
    /// Writes down what happens to `thread`, if anybody wants to know.
    pub(crate) fn log(&mut self, thread: ThreadId, what: impl FnOnce() -> What) {
        if let Log::On(entries) = self.log {
            let depth = self
                .store
                .control
                .iter()
                .filter(|control| control.is_thread());
            entries.push(Entry {
                depth: depth.count() as u32,
                thread,
                task: self.store.thread(thread).task,
                what: what(),
            });
        }
    }
}
