//! Evaluating a `canon` definition: its indices become addresses, types and options.
//!
//! Spec: Explainer.md, "Canonical Definitions"; the core types are those that each section of
//! `CanonicalABI.md` gives.

use std::sync::Arc;

use super::instantiate::Instantiation;
use super::limits::PART_FUEL;
use super::state::{CanonicalOptions, FuncId, FuncInst, LiftedFunc};
use super::step::Step;
use super::stop::Stop;
use crate::abi::flatten::{self, Direction, flatten_functype};
use crate::abi::types::Types;
use crate::abi::{LiftLowerOptions, PtrType};
use crate::builtins::{Blocking, Builtin, CanonFunc, EndType, Successor};
use crate::component::ast::{Abi, Canon, CanonOptions, Channel, ContextType, CoreType, ValTypeRef};
use crate::component::types::{self, FuncType};
use crate::core::{self, HostFunc, IndexType, TableAddr, ValType};

impl Step<'_> {
    /// Evaluates `canon` in `this`: a component function for `canon lift`, a core function for all
    /// others.
    pub(super) fn canon(&mut self, this: &mut Instantiation, canon: &Canon) -> Result<(), Stop> {
        if let &Canon::Lift {
            core_func,
            ref options,
            ty,
        } = canon
        {
            let func = FuncId(self.store.funcs.len() as u32);
            Arc::make_mut(&mut self.store.funcs).push(FuncInst::Lifted(LiftedFunc {
                callee: this.core.funcs[core_func as usize],
                ty: this.env.func_type(ty).clone(),
                opts: resolve(this, options),
                inst: this.inst,
            }));
            this.env.funcs.push(func);
            return Ok(());
        }
        let (builtin, ty) = self.builtin(this, canon)?;
        let host = HostFunc(self.store.canons.len() as u32);
        Arc::make_mut(&mut self.store.canons).push(CanonFunc {
            inst: this.inst,
            builtin,
        });
        let addr = self.store.core.host_func(host, ty);
        this.core.funcs.push(addr);
        Ok(())
    }

    /// The built-in that `canon` names, and its core type.
    fn builtin(
        &mut self,
        this: &Instantiation,
        canon: &Canon,
    ) -> Result<(Builtin, core::FuncType), Stop> {
        use ValType::{I32, I64};
        let of = |builtin, params: &[ValType], results: &[ValType]| {
            (builtin, core::FuncType::new(params, results))
        };
        let switch = |blocking, successor, cancellable| {
            of(
                Builtin::ThreadSwitch(blocking, successor, cancellable),
                &[I32],
                &[I32],
            )
        };
        Ok(match *canon {
            Canon::Lift { .. } => unreachable!("a lifted function is not a core function"),
            Canon::Lower { func, ref options } => {
                let func = this.env.funcs[func as usize];
                let opts = resolve(this, options);
                let ty = self.store.func(func).ty().clone();
                let ty = self.lowered_type(opts, opts.abi, &ty)?;
                (Builtin::Lower { func, opts }, ty)
            }
            Canon::ResourceNew(index) => {
                let rt = this.env.resource(index);
                let rep = self.store.resource_type(rt).rep.core_type();
                of(Builtin::ResourceNew(rt), &[rep], &[I32])
            }
            Canon::ResourceDrop(index) => {
                of(Builtin::ResourceDrop(this.env.resource(index)), &[I32], &[])
            }
            Canon::ResourceRep(index) => {
                let rt = this.env.resource(index);
                let rep = self.store.resource_type(rt).rep.core_type();
                of(Builtin::ResourceRep(rt), &[I32], &[rep])
            }
            Canon::ContextGet(ty, slot) => {
                of(Builtin::ContextGet(ty, slot), &[], &[context_type(ty)])
            }
            Canon::ContextSet(ty, slot) => {
                of(Builtin::ContextSet(ty, slot), &[context_type(ty)], &[])
            }
            Canon::BackpressureInc => of(Builtin::BackpressureInc, &[], &[]),
            Canon::BackpressureDec => of(Builtin::BackpressureDec, &[], &[]),
            Canon::ErrorContextNew(ref options) => {
                let opts = resolve(this, options);
                let ptr = self.ptr_type(opts).core_type();
                of(Builtin::ErrorContextNew(opts), &[ptr.clone(), ptr], &[I32])
            }
            Canon::ErrorContextDebugMessage(ref options) => {
                let opts = resolve(this, options);
                let ptr = self.ptr_type(opts).core_type();
                of(Builtin::ErrorContextDebugMessage(opts), &[I32, ptr], &[])
            }
            Canon::ErrorContextDrop => of(Builtin::ErrorContextDrop, &[I32], &[]),
            Canon::TaskReturn {
                result,
                ref options,
            } => {
                let opts = resolve(this, options);
                let result: Arc<[_]> = result
                    .iter()
                    .map(|ty| this.env.eval_val_type(*ty))
                    .collect();
                let ty = FuncType {
                    params: result.clone(),
                    ..FuncType::nullary()
                };
                let ty = self.lowered_type(opts, Abi::Sync, &ty)?;
                (Builtin::TaskReturn(result, opts), ty)
            }
            Canon::TaskCancel => of(Builtin::TaskCancel, &[], &[]),
            Canon::WaitableSetNew => of(Builtin::WaitableSetNew, &[], &[I32]),
            Canon::WaitableSetWait(cancellable, memory) => {
                let wait = Builtin::WaitableSetWait(cancellable, this.core.memory(memory));
                of(wait, &[I32, self.pointer(this, Some(memory))], &[I32])
            }
            Canon::WaitableSetPoll(cancellable, memory) => {
                let poll = Builtin::WaitableSetPoll(cancellable, this.core.memory(memory));
                of(poll, &[I32, self.pointer(this, Some(memory))], &[I32])
            }
            Canon::WaitableSetDrop => of(Builtin::WaitableSetDrop, &[I32], &[]),
            Canon::WaitableJoin => of(Builtin::WaitableJoin, &[I32, I32], &[]),
            Canon::SubtaskCancel(abi) => of(Builtin::SubtaskCancel(abi), &[I32], &[I32]),
            Canon::SubtaskDrop => of(Builtin::SubtaskDrop, &[I32], &[]),
            Canon::ChannelNew(channel, ty) => of(
                Builtin::ChannelNew(channel, element_type(this, ty)),
                &[],
                &[I64],
            ),
            Canon::ChannelCopy(channel, end, ty, ref options) => {
                let ptr = self.pointer(this, options.memory);
                let ty = EndType {
                    channel,
                    end,
                    t: element_type(this, ty),
                };
                let copy = Builtin::ChannelCopy(ty, resolve(this, options));
                match channel {
                    Channel::Stream => of(copy, &[I32, ptr.clone(), ptr.clone()], &[ptr]),
                    Channel::Future => of(copy, &[I32, ptr], &[I32]),
                }
            }
            Canon::ChannelCancel(channel, end, ty, abi) => {
                let ty = EndType {
                    channel,
                    end,
                    t: element_type(this, ty),
                };
                of(Builtin::ChannelCancel(ty, abi), &[I32], &[I32])
            }
            Canon::ChannelDrop(channel, end, ty) => {
                let ty = EndType {
                    channel,
                    end,
                    t: element_type(this, ty),
                };
                of(Builtin::ChannelDrop(ty), &[I32], &[])
            }
            Canon::ThreadIndex => of(Builtin::ThreadIndex, &[], &[I32]),
            Canon::ThreadNewIndirect(ty, table) => {
                let ty = thread_func_type(this, ty);
                let table = this.core.tables[table as usize];
                let params = [vec![self.index_type(table)], ty.params().to_vec()].concat();
                of(Builtin::ThreadNewIndirect(ty, table), &params, &[I32])
            }
            Canon::ThreadResumeLater => of(Builtin::ThreadResumeLater, &[I32], &[]),
            Canon::ThreadSuspend(cancellable) => {
                of(Builtin::ThreadSuspend(cancellable), &[], &[I32])
            }
            Canon::ThreadYield(cancellable) => of(Builtin::ThreadYield(cancellable), &[], &[I32]),
            Canon::ThreadSuspendThenResume(cancellable) => {
                switch(Blocking::Suspend, Successor::Resume, cancellable)
            }
            Canon::ThreadYieldThenResume(cancellable) => {
                switch(Blocking::Yield, Successor::Resume, cancellable)
            }
            Canon::ThreadSuspendThenPromote(cancellable) => {
                switch(Blocking::Suspend, Successor::Promote, cancellable)
            }
            Canon::ThreadYieldThenPromote(cancellable) => {
                switch(Blocking::Yield, Successor::Promote, cancellable)
            }
        })
    }
}

impl Step<'_> {
    /// The type of pointers into the memory of `opts`; `i32` where there is none.
    fn ptr_type(&self, opts: CanonicalOptions) -> PtrType {
        opts.values.ptr_type(&self.store.core)
    }

    /// The core type of a function of type `ty` that is lowered with `opts`, but the ABI `abi`. It
    /// costs by the size of `ty`, which may be large while the definition is small.
    fn lowered_type(
        &mut self,
        opts: CanonicalOptions,
        abi: Abi,
        ty: &FuncType,
    ) -> Result<core::FuncType, Stop> {
        let mut types = Types::new(self.ptr_type(opts));
        let blocking = flatten::Blocking::Stackful;
        let lowered = flatten_functype(&mut types, abi, blocking, ty, Direction::Lower);
        self.spend(types.visited() * PART_FUEL)?;
        Ok(lowered)
    }

    /// The core type of pointers into the memory at `index`.
    fn pointer(&self, this: &Instantiation, memory: Option<u32>) -> ValType {
        let memory = memory.map(|index| this.core.memories[index as usize]);
        let values = LiftLowerOptions {
            memory,
            ..LiftLowerOptions::default()
        };
        values.ptr_type(&self.store.core).core_type()
    }

    /// The core type of indices into `table`.
    fn index_type(&self, table: TableAddr) -> ValType {
        match self.store.core.table(table).index() {
            IndexType::I32 => ValType::I32,
            IndexType::I64 => ValType::I64,
        }
    }
}

/// The type of the functions that `thread.new-indirect` calls, at `index` of the core types.
fn thread_func_type(this: &Instantiation, index: u32) -> core::FuncType {
    match &this.env.core_types[index as usize] {
        CoreType::Func(ty) => ty.clone(),
        CoreType::Module(_) => core::FuncType::new(&[], &[]),
    }
}

/// The type of the elements of the stream or future type at `index`.
fn element_type(this: &Instantiation, index: u32) -> Option<Arc<types::ValType>> {
    match this.env.eval_val_type(ValTypeRef::Index(index)) {
        types::ValType::Stream(t) | types::ValType::Future(t) => t,
        _ => None,
    }
}

/// `options` with its indices resolved in `this`.
fn resolve(this: &Instantiation, options: &CanonOptions) -> CanonicalOptions {
    let func = |index: Option<u32>| index.map(|index| this.core.funcs[index as usize]);
    CanonicalOptions {
        values: LiftLowerOptions {
            string_encoding: options.string_encoding,
            memory: options
                .memory
                .map(|index| this.core.memories[index as usize]),
            realloc: func(options.realloc),
        },
        post_return: func(options.post_return),
        abi: options.abi,
        callback: func(options.callback),
    }
}

fn context_type(ty: ContextType) -> ValType {
    match ty {
        ContextType::I32 => ValType::I32,
        ContextType::I64 => ValType::I64,
    }
}
