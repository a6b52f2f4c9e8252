//! The canonical definitions that make core functions: `canon lower` and the built-ins.
//!
//! One file a family, one function a built-in, with the rules first. Spec: CanonicalABI.md,
//! "Canonical Definitions".

mod asynchronous;
mod context;
mod error_context;
mod lower;
mod resource;
mod task;
mod thread;

use std::sync::Arc;

use crate::component::ast::ContextType;
use crate::component::types::{FuncType, ResourceTypeId};
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, FuncId, InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;

pub use asynchronous::AsyncBuiltin;

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
        /// Its type.
        ty: Arc<FuncType>,
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
    /// `canon thread.index`
    ThreadIndex,
    /// A built-in of the concurrent part of the specification.
    Async(AsyncBuiltin),
}

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
        match builtin {
            Builtin::Lower { func, ty, opts } => {
                self.canon_lower(thread, inst, func, &ty, opts, args)
            }
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
            Builtin::ThreadIndex => self.canon_thread_index(thread, inst),
            Builtin::Async(builtin) => self.call_async_builtin(inst, builtin),
        }
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
