//! `canon error-context.new`, `error-context.debug-message` and `error-context.drop`.

use super::{Called, arg_i32, arg_u64, returned_i32, returned_nothing};
use crate::abi::{BorrowScope, Cx, StringValue};
use crate::core;
use crate::machine::choice::ChoicePoint;
use crate::machine::rules::Rule;
use crate::machine::state::{CanonicalOptions, ErrorContext, Handle, InstanceId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon error-context.new".
    pub(super) fn canon_error_context_new(
        &mut self,
        inst: InstanceId,
        opts: CanonicalOptions,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ErrorContextNewMayLeave, inst)?;
        let debug_message = if self.choose(ChoicePoint::DebugMessage, 2) == 0 {
            StringValue::host("")
        } else {
            let (ptr, tagged_code_units) = (arg_u64(args, 0), arg_u64(args, 1));
            let scope = BorrowScope::None;
            let mut cx = Cx {
                step: self,
                opts: opts.values,
                inst,
                scope,
            };
            let mut lifting = cx.lifting();
            let loaded = cx.load_string_from_range(&mut lifting, ptr, tagged_code_units)?;
            // What the host makes of it (`host_defined_transformation`) is its own, in an encoding of its
            // own.
            StringValue::host(loaded.text)
        };
        let handle = Handle::ErrorContext(ErrorContext { debug_message });
        returned_i32(self.add_handle(inst, handle)?)
    }

    /// Spec: CanonicalABI.md, "canon error-context.debug-message".
    pub(super) fn canon_error_context_debug_message(
        &mut self,
        inst: InstanceId,
        opts: CanonicalOptions,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ErrorContextDebugMessageMayLeave, inst)?;
        let handle = self.get_handle(inst, arg_i32(args, 0))?.clone();
        let error_context =
            self.expect_error_context(handle, Rule::ErrorContextDebugMessageKind)?;
        let mut cx = Cx {
            step: self,
            opts: opts.values,
            inst,
            scope: BorrowScope::None,
        };
        let (ptr, size) = (arg_u64(args, 1), cx.ptr_type().size());
        let past_end = cx.past_end(ptr, 2 * size);
        cx.step.trap_if(
            Rule::ErrorContextDebugMessageAlign,
            !ptr.is_multiple_of(size),
        )?;
        cx.step
            .trap_if(Rule::ErrorContextDebugMessageBounds, past_end)?;
        let range = cx.store_string_into_range(&error_context.debug_message)?;
        cx.store_ptr_pair(range, ptr)?;
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon error-context.drop".
    pub(super) fn canon_error_context_drop(
        &mut self,
        inst: InstanceId,
        args: &[core::Value],
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ErrorContextDropMayLeave, inst)?;
        let handle = self.remove_handle(inst, arg_i32(args, 0))?;
        self.expect_error_context(handle, Rule::ErrorContextDropKind)?;
        returned_nothing()
    }

    /// The error context in `handle`, or a trap under `rule`.
    fn expect_error_context(&mut self, handle: Handle, rule: Rule) -> Result<ErrorContext, Stop> {
        let error_context = match handle {
            Handle::ErrorContext(error_context) => Some(error_context),
            _ => None,
        };
        self.trap_if_none(rule, error_context)
    }
}
