//! Built-ins as definitions of a component.

use assize_protocol::types::Type;
use wasm_encoder::{CanonicalOption, ValType};

use crate::program::{Cancellable, Canon, ContextType, CopyOptions, Form as Abi, ResourceId};

use super::component::{Maker, Realloc};

/// The core type of context slots.
pub(super) fn context_type(ty: ContextType) -> ValType {
    match ty {
        ContextType::I32 => ValType::I32,
        ContextType::I64 => ValType::I64,
    }
}

fn is_cancellable(cancellable: Cancellable) -> bool {
    cancellable == Cancellable::Yes
}

impl Maker<'_> {
    /// Defines a built-in, and gives the core function's index.
    pub(super) fn canon(&mut self, canon: &Canon) -> u32 {
        match canon {
            Canon::ResourceNew(resource) => {
                let ty = self.resource(*resource);
                self.builder.resource_new(ty)
            }
            Canon::ResourceDrop(resource) => {
                let ty = self.resource(*resource);
                self.builder.resource_drop(ty)
            }
            Canon::ResourceRep(resource) => {
                let ty = self.resource(*resource);
                self.builder.resource_rep(ty)
            }
            Canon::ContextGet(ty, slot) => self.builder.context_get(context_type(*ty), *slot),
            Canon::ContextSet(ty, slot) => self.builder.context_set(context_type(*ty), *slot),
            Canon::BackpressureInc => self.builder.backpressure_inc(),
            Canon::BackpressureDec => self.builder.backpressure_dec(),
            Canon::TaskReturn { result, options } => {
                let result = result.as_ref();
                let result = result.map(|ty| self.types.val(&mut self.builder, ty));
                let options = self.options(options, Realloc::No);
                self.builder.task_return(result, options)
            }
            Canon::TaskCancel => self.builder.task_cancel(),
            Canon::WaitableSetNew => self.builder.waitable_set_new(),
            Canon::WaitableSetWait(cancellable, memory) => {
                let memory = self.memory(*memory);
                self.builder
                    .waitable_set_wait(is_cancellable(*cancellable), memory)
            }
            Canon::WaitableSetPoll(cancellable, memory) => {
                let memory = self.memory(*memory);
                self.builder
                    .waitable_set_poll(is_cancellable(*cancellable), memory)
            }
            Canon::WaitableSetDrop => self.builder.waitable_set_drop(),
            Canon::WaitableJoin => self.builder.waitable_join(),
            Canon::SubtaskCancel(form) => self.builder.subtask_cancel(*form == Abi::Async),
            Canon::SubtaskDrop => self.builder.subtask_drop(),
            Canon::ErrorContextNew(options) => {
                let options = self.options(options, Realloc::Yes);
                self.builder.error_context_new(options)
            }
            Canon::ErrorContextDebugMessage(options) => {
                let options = self.options(options, Realloc::Yes);
                self.builder.error_context_debug_message(options)
            }
            Canon::ErrorContextDrop => self.builder.error_context_drop(),
            canon => match self.stream(canon).or_else(|| self.future(canon)) {
                Some(index) => index,
                None => self.thread(canon),
            },
        }
    }

    fn resource(&self, resource: ResourceId) -> u32 {
        self.types.resource(resource).unwrap_or(u32::MAX)
    }

    /// The options of a copy.
    fn copy(&self, copy: &CopyOptions) -> Vec<CanonicalOption> {
        let mut options = self.options(&copy.options, Realloc::Yes);
        if copy.form == Abi::Async {
            options.push(CanonicalOption::Async);
        }
        options
    }

    fn stream(&mut self, canon: &Canon) -> Option<u32> {
        let mut ty = |element: &Option<Type>| {
            let ty = Type::Stream(element.clone().map(Box::new));
            self.types.index(&mut self.builder, &ty)
        };
        Some(match canon {
            Canon::StreamNew(element) => {
                let ty = ty(element);
                self.builder.stream_new(ty)
            }
            Canon::StreamRead(element, copy) => {
                let ty = ty(element);
                let options = self.copy(copy);
                self.builder.stream_read(ty, options)
            }
            Canon::StreamWrite(element, copy) => {
                let ty = ty(element);
                let options = self.copy(copy);
                self.builder.stream_write(ty, options)
            }
            Canon::StreamCancelRead(element, form) => {
                let ty = ty(element);
                self.builder.stream_cancel_read(ty, *form == Abi::Async)
            }
            Canon::StreamCancelWrite(element, form) => {
                let ty = ty(element);
                self.builder.stream_cancel_write(ty, *form == Abi::Async)
            }
            Canon::StreamDropReadable(element) => {
                let ty = ty(element);
                self.builder.stream_drop_readable(ty)
            }
            Canon::StreamDropWritable(element) => {
                let ty = ty(element);
                self.builder.stream_drop_writable(ty)
            }
            _ => return None,
        })
    }

    fn future(&mut self, canon: &Canon) -> Option<u32> {
        let mut ty = |element: &Option<Type>| {
            let ty = Type::Future(element.clone().map(Box::new));
            self.types.index(&mut self.builder, &ty)
        };
        Some(match canon {
            Canon::FutureNew(element) => {
                let ty = ty(element);
                self.builder.future_new(ty)
            }
            Canon::FutureRead(element, copy) => {
                let ty = ty(element);
                let options = self.copy(copy);
                self.builder.future_read(ty, options)
            }
            Canon::FutureWrite(element, copy) => {
                let ty = ty(element);
                let options = self.copy(copy);
                self.builder.future_write(ty, options)
            }
            Canon::FutureCancelRead(element, form) => {
                let ty = ty(element);
                self.builder.future_cancel_read(ty, *form == Abi::Async)
            }
            Canon::FutureCancelWrite(element, form) => {
                let ty = ty(element);
                self.builder.future_cancel_write(ty, *form == Abi::Async)
            }
            Canon::FutureDropReadable(element) => {
                let ty = ty(element);
                self.builder.future_drop_readable(ty)
            }
            Canon::FutureDropWritable(element) => {
                let ty = ty(element);
                self.builder.future_drop_writable(ty)
            }
            _ => return None,
        })
    }

    fn thread(&mut self, canon: &Canon) -> u32 {
        match canon {
            Canon::ThreadNewIndirect => {
                let (ty, encoder) = self.builder.core_type(None);
                encoder.core().function([ValType::I32], []);
                self.builder.thread_new_indirect(ty, self.threads_table)
            }
            Canon::ThreadResumeLater => self.builder.thread_resume_later(),
            Canon::ThreadSuspend(cancellable) => {
                self.builder.thread_suspend(is_cancellable(*cancellable))
            }
            Canon::ThreadYield(cancellable) => {
                self.builder.thread_yield(is_cancellable(*cancellable))
            }
            Canon::ThreadSuspendThenResume(cancellable) => {
                let cancellable = is_cancellable(*cancellable);
                self.builder.thread_suspend_then_resume(cancellable)
            }
            Canon::ThreadYieldThenResume(cancellable) => {
                let cancellable = is_cancellable(*cancellable);
                self.builder.thread_yield_then_resume(cancellable)
            }
            Canon::ThreadSuspendThenPromote(cancellable) => {
                let cancellable = is_cancellable(*cancellable);
                self.builder.thread_suspend_then_promote(cancellable)
            }
            Canon::ThreadYieldThenPromote(cancellable) => {
                let cancellable = is_cancellable(*cancellable);
                self.builder.thread_yield_then_promote(cancellable)
            }
            _ => self.builder.thread_index(),
        }
    }
}
