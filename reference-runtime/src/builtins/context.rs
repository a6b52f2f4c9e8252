//! `canon context.get` and `context.set`: a thread's own two slots.

use super::{Called, arg_u64, returned_nothing};
use crate::component::ast::ContextType;
use crate::core;
use crate::machine::state::ThreadId;
use crate::machine::step::Step;
use crate::machine::stop::Stop;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon context.get".
    pub(super) fn canon_context_get(
        &mut self,
        thread: ThreadId,
        ty: ContextType,
        slot: u32,
    ) -> Result<Called, Stop> {
        let value = self.store.thread(thread).storage[slot as usize];
        Ok(Called::Returned(vec![match ty {
            ContextType::I32 => core::Value::I32(value as u32),
            ContextType::I64 => core::Value::I64(value),
        }]))
    }

    /// Spec: CanonicalABI.md, "canon context.set".
    pub(super) fn canon_context_set(
        &mut self,
        thread: ThreadId,
        slot: u32,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.store.thread_mut(thread).storage[slot as usize] = arg_u64(args, 0);
        returned_nothing()
    }
}
