//! The canonical definitions that make core functions: `canon lower` and the built-ins.
//!
//! One file a family, one function a built-in, with the rules first. Spec: CanonicalABI.md,
//! "Canonical Definitions".

mod channel;
mod context;
mod copy;
mod error_context;
mod lower;
mod names;
mod resource;
mod subtask;
mod task;
mod thread;
mod waitable;

use std::sync::Arc;

use crate::component::ast::{Abi, Cancellable, Channel, ContextType};
use crate::component::types::{ResourceTypeId, ValType};
use crate::core::{self, MemAddr, TableAddr};
use crate::machine::log::What;
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, FuncId, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::table::HandleIndex;

pub use channel::EndType;
pub use thread::{Blocking, Successor};

/// A core function made by a `canon` definition, in the instance of that definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanonFunc {
    /// The instance.
    pub inst: InstanceId,
    /// What the function does.
    pub builtin: Builtin,
}

/// What a canonical built-in does, with its immediates resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// `canon lower`
    Lower {
        /// The callee.
        func: FuncId,
        /// The options.
        opts: CanonicalOptions,
    },
    /// `canon resource.new`
    ResourceNew(ResourceTypeId),
    /// `canon resource.drop`
    ResourceDrop(ResourceTypeId),
    /// `canon resource.rep`
    ResourceRep(ResourceTypeId),
    /// `canon error-context.new`
    ErrorContextNew(CanonicalOptions),
    /// `canon error-context.debug-message`
    ErrorContextDebugMessage(CanonicalOptions),
    /// `canon error-context.drop`
    ErrorContextDrop,
    /// `canon context.get`, of this type and slot
    ContextGet(ContextType, u32),
    /// `canon context.set`, of this type and slot
    ContextSet(ContextType, u32),
    /// `canon backpressure.inc`
    BackpressureInc,
    /// `canon backpressure.dec`
    BackpressureDec,
    /// `canon task.return`, with this result
    TaskReturn(Arc<[ValType]>, CanonicalOptions),
    /// `canon task.cancel`
    TaskCancel,
    /// `canon waitable-set.new`
    WaitableSetNew,
    /// `canon waitable-set.wait`, which writes to this memory
    WaitableSetWait(Cancellable, MemAddr),
    /// `canon waitable-set.poll`, which writes to this memory
    WaitableSetPoll(Cancellable, MemAddr),
    /// `canon waitable-set.drop`
    WaitableSetDrop,
    /// `canon waitable.join`
    WaitableJoin,
    /// `canon subtask.cancel`
    SubtaskCancel(Abi),
    /// `canon subtask.drop`
    SubtaskDrop,
    /// `canon stream.new` and `future.new`, of elements of this type
    ChannelNew(Channel, Option<Arc<ValType>>),
    /// `canon stream.read`, `stream.write`, `future.read` and `future.write`
    ChannelCopy(EndType, CanonicalOptions),
    /// `canon stream.cancel-read` and its three siblings
    ChannelCancel(EndType, Abi),
    /// `canon stream.drop-readable` and its three siblings
    ChannelDrop(EndType),
    /// `canon thread.index`
    ThreadIndex,
    /// `canon thread.new-indirect`, for functions of this type in this table
    ThreadNewIndirect(core::FuncType, TableAddr),
    /// `canon thread.resume-later`
    ThreadResumeLater,
    /// `canon thread.suspend`
    ThreadSuspend(Cancellable),
    /// `canon thread.yield`
    ThreadYield(Cancellable),
    /// `canon thread.suspend-then-resume` and its three siblings
    ThreadSwitch(Blocking, Successor, Cancellable),
}

/// What a built-in returns in place of a result that is not there yet.
const BLOCKED: u32 = 0xffff_ffff;

/// How a call of a built-in went.
pub enum Called {
    /// It returned these results.
    Returned(Vec<core::Value>),
    /// It entered other guest code; a frame of the calling thread says how it goes on.
    Entered,
}

impl Step<'_> {
    /// Calls the built-in that `func` stands for, on `thread`.
    pub fn call_canon(
        &mut self,
        thread: ThreadId,
        func: core::HostFunc,
        args: Vec<core::Value>,
    ) -> Result<Called, Stop> {
        let CanonFunc { inst, builtin } = self.store.canons[func.index()].clone();
        self.log(thread, || What::Calls(builtin.name(), args.clone()));
        self.host_reconsiders(inst)?;
        match builtin {
            Builtin::Lower { func, opts } => self.canon_lower(thread, inst, func, opts, args),
            Builtin::ResourceNew(rt) => self.canon_resource_new(inst, rt, &args),
            Builtin::ResourceDrop(rt) => self.canon_resource_drop(thread, inst, rt, &args),
            Builtin::ResourceRep(rt) => self.canon_resource_rep(inst, rt, &args),
            Builtin::ErrorContextNew(opts) => self.canon_error_context_new(inst, opts, &args),
            Builtin::ErrorContextDebugMessage(opts) => {
                self.canon_error_context_debug_message(inst, opts, &args)
            }
            Builtin::ErrorContextDrop => self.canon_error_context_drop(inst, &args),
            Builtin::ContextGet(ty, slot) => self.canon_context_get(thread, ty, slot),
            Builtin::ContextSet(_, slot) => self.canon_context_set(thread, slot, &args),
            Builtin::BackpressureInc => self.canon_backpressure_inc(inst),
            Builtin::BackpressureDec => self.canon_backpressure_dec(inst),
            Builtin::TaskReturn(result, opts) => {
                self.canon_task_return(thread, inst, &result, opts, args)
            }
            Builtin::TaskCancel => self.canon_task_cancel(thread, inst),
            Builtin::WaitableSetNew => self.canon_waitable_set_new(inst),
            Builtin::WaitableSetWait(cancellable, memory) => {
                self.canon_waitable_set_wait(thread, inst, cancellable, memory, &args)
            }
            Builtin::WaitableSetPoll(cancellable, memory) => {
                self.canon_waitable_set_poll(thread, inst, cancellable, memory, &args)
            }
            Builtin::WaitableSetDrop => self.canon_waitable_set_drop(inst, &args),
            Builtin::WaitableJoin => self.canon_waitable_join(inst, &args),
            Builtin::SubtaskCancel(abi) => self.canon_subtask_cancel(thread, inst, abi, &args),
            Builtin::SubtaskDrop => self.canon_subtask_drop(inst, &args),
            Builtin::ChannelNew(channel, t) => self.canon_channel_new(inst, channel, t),
            Builtin::ChannelCopy(ty, opts) => {
                self.canon_channel_copy(thread, inst, &ty, opts, &args)
            }
            Builtin::ChannelCancel(ty, abi) => {
                self.canon_channel_cancel(thread, inst, &ty, abi, &args)
            }
            Builtin::ChannelDrop(ty) => self.canon_channel_drop(inst, &ty, &args),
            Builtin::ThreadIndex => self.canon_thread_index(thread, inst),
            Builtin::ThreadNewIndirect(ty, table) => {
                self.canon_thread_new_indirect(thread, inst, &ty, table, &args)
            }
            Builtin::ThreadResumeLater => self.canon_thread_resume_later(inst, &args),
            Builtin::ThreadSuspend(cancellable) => {
                self.canon_thread_suspend(thread, inst, cancellable)
            }
            Builtin::ThreadYield(cancellable) => self.canon_thread_yield(thread, inst, cancellable),
            Builtin::ThreadSwitch(blocking, successor, cancellable) => {
                let switch = (blocking, successor);
                self.canon_thread_switch(thread, inst, switch, cancellable, &args)
            }
        }
    }

    /// Returns the payload of the event of the waitable at `index`, waits for it, or says that it is
    /// not there yet.
    fn event_or_block(
        &mut self,
        thread: ThreadId,
        index: HandleIndex,
        at_once: bool,
        blocks: Rule,
        abi: Abi,
    ) -> Result<Called, Stop> {
        if at_once {
            let inst = self.instance_of(thread);
            return returned_i32(self.take_event(inst, index).payload);
        }
        if self.branch(blocks, abi == Abi::Sync) {
            self.begin_sync_wait(thread, index);
            return Ok(Called::Entered);
        }
        returned_i32(BLOCKED)
    }

    /// The rule with which almost every built-in begins: the instance may be left.
    fn trap_unless_may_leave(&mut self, rule: Rule, inst: InstanceId) -> Result<(), Stop> {
        let may_leave = self.instance(inst).may_leave;
        self.trap_if(rule, !may_leave)
    }
}

/// The `i32` argument number `position`; core validation has checked that it is one.
fn arg_i32(args: &[core::Value], position: usize) -> u32 {
    match args.get(position) {
        Some(&core::Value::I32(value)) => value,
        _ => 0,
    }
}

/// The argument number `position` of a pointer or representation type, widened.
fn arg_u64(args: &[core::Value], position: usize) -> u64 {
    match args.get(position) {
        Some(&core::Value::I32(value)) => value.into(),
        Some(&core::Value::I64(value)) => value,
        _ => 0,
    }
}

/// One `i32` result.
fn returned_i32(value: u32) -> Result<Called, Stop> {
    Ok(Called::Returned(vec![core::Value::I32(value)]))
}

/// No results.
fn returned_nothing() -> Result<Called, Stop> {
    Ok(Called::Returned(Vec::new()))
}
