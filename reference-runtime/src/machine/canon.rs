//! Evaluating a `canon` definition: its indices become addresses, types and options.
//!
//! Spec: Explainer.md, "Canonical Definitions"; the core types are those that each section of
//! `CanonicalABI.md` gives.

use super::instantiate::Instantiation;
use super::state::{CanonicalOptions, FuncId, FuncInst};
use super::step::Step;
use crate::abi::flatten::{Blocking, Direction, flatten_functype};
use crate::abi::{LiftLowerOptions, PtrType};
use crate::builtins::{AsyncBuiltin, Builtin, CanonFunc};
use crate::component::ast::{
    Abi, Canon, CanonOptions, Channel, ContextType, CoreType, End, ValTypeRef,
};
use crate::component::types::FuncType;
use crate::core::{self, Extern, HostFunc, IndexType, ValType};

impl Step<'_> {
    /// Evaluates `canon` in `this`: a component function for `canon lift`, a core function for all
    /// others.
    pub(super) fn canon(&mut self, this: &mut Instantiation, canon: &Canon) {
        if let &Canon::Lift {
            core_func,
            ref options,
            ty,
        } = canon
        {
            let func = FuncId(self.store.funcs.len() as u32);
            self.store.funcs.push(FuncInst {
                callee: this.core.funcs[core_func as usize],
                ty: this.env.func_type(ty).clone(),
                opts: resolve(this, options),
                inst: this.inst,
            });
            this.env.funcs.push(func);
            return;
        }
        let (builtin, ty) = self.builtin(this, canon);
        let host = HostFunc(self.store.canons.len() as u32);
        self.store.canons.push(CanonFunc {
            inst: this.inst,
            builtin,
        });
        let addr = self.store.core.host_func(host, ty);
        this.core.funcs.push(addr);
    }

    /// The built-in that `canon` names, and its core type.
    fn builtin(&self, this: &Instantiation, canon: &Canon) -> (Builtin, core::FuncType) {
        use AsyncBuiltin as A;
        use ValType::{I32, I64};
        let asynchronous = |builtin, params: &[ValType], results: &[ValType]| {
            (
                Builtin::Async(builtin),
                core::FuncType::new(params, results),
            )
        };
        match *canon {
            Canon::Lift { .. } => unreachable!("a lifted function is not a core function"),
            Canon::Lower { func, ref options } => {
                let func = this.env.funcs[func as usize];
                let (ty, opts) = (self.store.func(func).ty.clone(), resolve(this, options));
                let core_type = lowered_type(self.ptr_type(opts), opts.abi, &ty);
                (Builtin::Lower { func, ty, opts }, core_type)
            }
            Canon::ResourceNew(index) => {
                let rt = this.env.resource(index);
                let rep = self.store.resource_type(rt).rep.core_type();
                (
                    Builtin::ResourceNew(rt),
                    core::FuncType::new(&[rep], &[I32]),
                )
            }
            Canon::ResourceDrop(index) => (
                Builtin::ResourceDrop(this.env.resource(index)),
                core::FuncType::new(&[I32], &[]),
            ),
            Canon::ResourceRep(index) => {
                let rt = this.env.resource(index);
                let rep = self.store.resource_type(rt).rep.core_type();
                (
                    Builtin::ResourceRep(rt),
                    core::FuncType::new(&[I32], &[rep]),
                )
            }
            Canon::ContextGet(ty, slot) => (
                Builtin::ContextGet(ty, slot),
                core::FuncType::new(&[], &[context_type(ty)]),
            ),
            Canon::ContextSet(ty, slot) => (
                Builtin::ContextSet(ty, slot),
                core::FuncType::new(&[context_type(ty)], &[]),
            ),
            Canon::BackpressureInc => (Builtin::BackpressureInc, core::FuncType::new(&[], &[])),
            Canon::BackpressureDec => (Builtin::BackpressureDec, core::FuncType::new(&[], &[])),
            Canon::ErrorContextNew(ref options) => {
                let opts = resolve(this, options);
                let ptr = self.ptr_type(opts).core_type();
                (
                    Builtin::ErrorContextNew(opts),
                    core::FuncType::new(&[ptr.clone(), ptr], &[I32]),
                )
            }
            Canon::ErrorContextDebugMessage(ref options) => {
                let opts = resolve(this, options);
                let ptr = self.ptr_type(opts).core_type();
                (
                    Builtin::ErrorContextDebugMessage(opts),
                    core::FuncType::new(&[I32, ptr], &[]),
                )
            }
            Canon::ErrorContextDrop => {
                (Builtin::ErrorContextDrop, core::FuncType::new(&[I32], &[]))
            }
            Canon::TaskReturn {
                result,
                ref options,
            } => {
                let opts = resolve(this, options);
                let params = self.task_return_params(this, result, opts);
                asynchronous(A::TaskReturn, &params, &[])
            }
            Canon::TaskCancel => asynchronous(A::TaskCancel, &[], &[]),
            Canon::WaitableSetNew => asynchronous(A::WaitableSetNew, &[], &[I32]),
            Canon::WaitableSetWait(_, memory) => asynchronous(
                A::WaitableSetWait,
                &[I32, self.pointer(this, Some(memory))],
                &[I32],
            ),
            Canon::WaitableSetPoll(_, memory) => asynchronous(
                A::WaitableSetPoll,
                &[I32, self.pointer(this, Some(memory))],
                &[I32],
            ),
            Canon::WaitableSetDrop => asynchronous(A::WaitableSetDrop, &[I32], &[]),
            Canon::WaitableJoin => asynchronous(A::WaitableJoin, &[I32, I32], &[]),
            Canon::SubtaskCancel(_) => asynchronous(A::SubtaskCancel, &[I32], &[I32]),
            Canon::SubtaskDrop => asynchronous(A::SubtaskDrop, &[I32], &[]),
            Canon::ChannelNew(channel, _) => asynchronous(channel_new(channel), &[], &[I64]),
            Canon::ChannelCopy(channel, end, _, ref options) => {
                let ptr = self.pointer(this, options.memory);
                match channel {
                    Channel::Stream => {
                        let params = [I32, ptr.clone(), ptr.clone()];
                        asynchronous(channel_copy(channel, end), &params, &[ptr])
                    }
                    Channel::Future => {
                        asynchronous(channel_copy(channel, end), &[I32, ptr], &[I32])
                    }
                }
            }
            Canon::ChannelCancel(channel, end, ..) => {
                asynchronous(channel_cancel(channel, end), &[I32], &[I32])
            }
            Canon::ChannelDrop(channel, end, _) => {
                asynchronous(channel_drop(channel, end), &[I32], &[])
            }
            Canon::ThreadIndex => (Builtin::ThreadIndex, core::FuncType::new(&[], &[I32])),
            Canon::ThreadNewIndirect(ty, table) => {
                let params = self.thread_new_params(this, ty, table);
                asynchronous(A::ThreadNewIndirect, &params, &[I32])
            }
            Canon::ThreadResumeLater => asynchronous(A::ThreadResumeLater, &[I32], &[]),
            Canon::ThreadSuspend(_) => asynchronous(A::ThreadSuspend, &[], &[I32]),
            Canon::ThreadYield(_) => asynchronous(A::ThreadYield, &[], &[I32]),
            Canon::ThreadSuspendThenResume(_) => {
                asynchronous(A::ThreadSuspendThenResume, &[I32], &[I32])
            }
            Canon::ThreadYieldThenResume(_) => {
                asynchronous(A::ThreadYieldThenResume, &[I32], &[I32])
            }
            Canon::ThreadSuspendThenPromote(_) => {
                asynchronous(A::ThreadSuspendThenPromote, &[I32], &[I32])
            }
            Canon::ThreadYieldThenPromote(_) => {
                asynchronous(A::ThreadYieldThenPromote, &[I32], &[I32])
            }
        }
    }
}

impl Step<'_> {
    /// The type of pointers into the memory of `opts`; `i32` where there is none.
    fn ptr_type(&self, opts: CanonicalOptions) -> PtrType {
        opts.values.ptr_type(&self.store.core)
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

    /// Spec: CanonicalABI.md, "canon task.return".
    fn task_return_params(
        &self,
        this: &Instantiation,
        result: Option<ValTypeRef>,
        opts: CanonicalOptions,
    ) -> Vec<ValType> {
        let params = result
            .iter()
            .map(|ty| this.env.eval_val_type(*ty))
            .collect();
        let ty = FuncType {
            params,
            ..FuncType::nullary()
        };
        lowered_type(self.ptr_type(opts), Abi::Sync, &ty)
            .params()
            .to_vec()
    }

    /// Spec: CanonicalABI.md, "canon thread.new-indirect".
    fn thread_new_params(&self, this: &Instantiation, ty: u32, table: u32) -> Vec<ValType> {
        let table = Extern::Table(this.core.tables[table as usize]);
        let index = match self.store.core.extern_type(table) {
            core::ExternType::Table(ty) if ty.index == IndexType::I64 => ValType::I64,
            _ => ValType::I32,
        };
        let context = match &this.env.core_types[ty as usize] {
            CoreType::Func(ty) => ty.params().to_vec(),
            CoreType::Module(_) => Vec::new(),
        };
        [vec![index], context].concat()
    }
}

/// The core type of a function of type `ty` that is lowered.
fn lowered_type(ptr_type: PtrType, abi: Abi, ty: &FuncType) -> core::FuncType {
    flatten_functype(ptr_type, abi, Blocking::Stackful, ty, Direction::Lower)
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

fn channel_new(channel: Channel) -> AsyncBuiltin {
    match channel {
        Channel::Stream => AsyncBuiltin::StreamNew,
        Channel::Future => AsyncBuiltin::FutureNew,
    }
}

fn channel_copy(channel: Channel, end: End) -> AsyncBuiltin {
    match (channel, end) {
        (Channel::Stream, End::Readable) => AsyncBuiltin::StreamRead,
        (Channel::Stream, End::Writable) => AsyncBuiltin::StreamWrite,
        (Channel::Future, End::Readable) => AsyncBuiltin::FutureRead,
        (Channel::Future, End::Writable) => AsyncBuiltin::FutureWrite,
    }
}

fn channel_cancel(channel: Channel, end: End) -> AsyncBuiltin {
    match (channel, end) {
        (Channel::Stream, End::Readable) => AsyncBuiltin::StreamCancelRead,
        (Channel::Stream, End::Writable) => AsyncBuiltin::StreamCancelWrite,
        (Channel::Future, End::Readable) => AsyncBuiltin::FutureCancelRead,
        (Channel::Future, End::Writable) => AsyncBuiltin::FutureCancelWrite,
    }
}

fn channel_drop(channel: Channel, end: End) -> AsyncBuiltin {
    match (channel, end) {
        (Channel::Stream, End::Readable) => AsyncBuiltin::StreamDropReadable,
        (Channel::Stream, End::Writable) => AsyncBuiltin::StreamDropWritable,
        (Channel::Future, End::Readable) => AsyncBuiltin::FutureDropReadable,
        (Channel::Future, End::Writable) => AsyncBuiltin::FutureDropWritable,
    }
}
