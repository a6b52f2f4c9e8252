//! Calls, tail calls and returns.
//!
//! Each gives the new position, and changes nothing if it fails with a limit.
//!
//! Spec: WebAssembly 3.0, "Execution", "Function Calls".

use super::{Cursor, Machine, Step, Stop};
use crate::core::module::{Definition, Function};
use crate::core::op::IndirectCall;
use crate::core::stack::Activation;
use crate::core::store::{FuncCode, Instance};
use crate::core::trap::{Limit, Trap};
use crate::core::values::{FuncAddr, InstanceAddr, address};

impl Machine<'_> {
    /// Calls a function whose arguments are the topmost operands.
    pub fn call(&mut self, at: Cursor, func: FuncAddr) -> Step {
        match self.store.funcs[func.index()].code {
            FuncCode::Wasm { instance, function } => {
                let module = self.store.module(instance).clone();
                self.enter(at, instance, function, module.definition())
            }
            FuncCode::Host(host) => {
                self.save(at.pc);
                let sp = at.sp;
                Err(Stop::Host { func, host, sp })
            }
        }
    }

    /// Calls a function that a module defines.
    #[inline]
    pub fn enter(
        &mut self,
        at: Cursor,
        instance: InstanceAddr,
        function: u32,
        definition: &Definition,
    ) -> Step {
        let callee = &definition.functions[function as usize];
        if self.stack.activations.len() >= self.store.limits.call_depth {
            return Err(Limit::CallDepth.into());
        }
        let activation = self.activation(callee, at.sp, instance, function)?;
        self.save(at.pc);
        self.stack.activations.push(activation);
        Ok(self.start(callee, activation))
    }

    /// The activation of a function whose arguments end at `sp`, if there is room for it.
    #[inline]
    fn activation(
        &self,
        callee: &Function,
        sp: usize,
        instance: InstanceAddr,
        function: u32,
    ) -> Result<Activation, Limit> {
        let base = sp - callee.params as usize;
        let top = base + callee.frame as usize;
        if top > self.store.limits.value_stack.min(u32::MAX as usize) {
            return Err(Limit::ValueStack);
        }
        Ok(Activation {
            instance,
            function,
            pc: callee.entry,
            base: base as u32,
            top: top as u32,
        })
    }

    /// Sets the locals of a function to zero and goes to its first instruction.
    #[inline]
    fn start(&mut self, callee: &Function, activation: Activation) -> Cursor {
        let base = activation.base as usize;
        let (params, sp) = (base + callee.params as usize, base + callee.locals as usize);
        self.reach(activation.top as usize);
        if params < sp {
            self.stack.slots[params..sp].fill(0);
        }
        self.extra += u64::from(callee.locals / 64);
        Cursor {
            pc: callee.entry as usize,
            sp,
            base,
        }
    }

    /// Makes sure that there are slots up to `top`.
    #[inline]
    pub fn reach(&mut self, top: usize) {
        if self.stack.slots.len() < top {
            self.stack.slots.resize(top.max(64).next_power_of_two(), 0);
        }
    }

    /// Notes where the current activation goes on after a call.
    #[inline]
    fn save(&mut self, pc: usize) {
        if let Some(caller) = self.stack.activations.last_mut() {
            caller.pc = pc as u32;
        }
    }

    /// Leaves the current function with the topmost operands as results.
    #[inline]
    pub fn leave(&mut self, at: Cursor, results: usize) -> Step {
        self.move_operands(at, results);
        let sp = at.base + results;
        self.stack.activations.pop();
        match self.stack.activations.last() {
            Some(&caller) => {
                self.reach(caller.top as usize);
                Ok(Cursor {
                    pc: caller.pc as usize,
                    sp,
                    base: caller.base as usize,
                })
            }
            None => Ok(Cursor { sp, ..at }),
        }
    }

    /// Moves the topmost operands down to where the current function's locals begin.
    #[inline]
    fn move_operands(&mut self, at: Cursor, count: usize) {
        let slots = &mut self.stack.slots;
        match count {
            0 => {}
            1 => slots[at.base] = slots[at.sp - 1],
            _ => slots.copy_within(at.sp - count..at.sp, at.base),
        }
    }

    /// `call_indirect`
    pub fn call_indirect(&mut self, at: Cursor, instance: &Instance, call: IndirectCall) -> Step {
        let func = self.indirect_callee(at, instance, call)?;
        self.call(at.below(1), func)
    }

    /// `call_ref`
    pub fn call_ref(&mut self, at: Cursor) -> Step {
        let func = self.referenced_callee(at)?;
        self.call(at.below(1), func)
    }

    /// `return_call_indirect`
    pub fn return_call_indirect(
        &mut self,
        at: Cursor,
        instance: &Instance,
        call: IndirectCall,
    ) -> Step {
        let func = self.indirect_callee(at, instance, call)?;
        self.return_call(at.below(1), func)
    }

    /// `return_call_ref`
    pub fn return_call_ref(&mut self, at: Cursor) -> Step {
        let func = self.referenced_callee(at)?;
        self.return_call(at.below(1), func)
    }

    /// `return_call`: the callee takes the place of the current function.
    pub fn return_call(&mut self, at: Cursor, func: FuncAddr) -> Step {
        match self.store.funcs[func.index()].code {
            FuncCode::Wasm { instance, function } => {
                let module = self.store.module(instance).clone();
                let callee = &module.definition().functions[function as usize];
                let params = callee.params as usize;
                let activation = self.activation(callee, at.base + params, instance, function)?;
                self.move_operands(at, params);
                if let Some(current) = self.stack.activations.last_mut() {
                    *current = activation;
                }
                Ok(self.start(callee, activation))
            }
            FuncCode::Host(host) => {
                let args = self.store.func_type(func).params().len();
                self.move_operands(at, args);
                self.stack.activations.pop();
                let sp = at.base + args;
                Err(Stop::Host { func, host, sp })
            }
        }
    }

    fn indirect_callee(
        &self,
        at: Cursor,
        instance: &Instance,
        call: IndirectCall,
    ) -> Result<FuncAddr, Trap> {
        let table = self.store.table(instance.tables[call.table as usize]);
        let element = table.get(self.stack.slots[at.sp - 1]);
        let func = address(element.ok_or(Trap::UndefinedElement)?);
        let func = func.map(FuncAddr).ok_or(Trap::UninitializedElement)?;
        let expected = &instance.module.definition().types[call.ty as usize];
        if self.store.func_type(func).matches(expected) {
            Ok(func)
        } else {
            Err(Trap::IndirectCallTypeMismatch)
        }
    }

    fn referenced_callee(&self, at: Cursor) -> Result<FuncAddr, Trap> {
        let func = address(self.stack.slots[at.sp - 1]);
        func.map(FuncAddr).ok_or(Trap::NullFunctionReference)
    }
}

impl Cursor {
    /// The same position without the topmost operands.
    pub fn below(self, operands: usize) -> Cursor {
        Cursor {
            sp: self.sp - operands,
            ..self
        }
    }
}
