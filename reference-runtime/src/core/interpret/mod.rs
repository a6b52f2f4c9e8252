//! The interpreter: executes one instruction after the other until something stops it.
//!
//! All state is in the [`Stack`] and the [`Store`]. The position, which changes with every
//! instruction, is kept apart while the loop runs and put back when it stops.
//!
//! Spec: WebAssembly 3.0, "Execution", "Instructions".

mod bulk;
mod calls;
mod exceptions;
mod slot;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::numeric;
use super::op::{Branch, Op, with_plain_instructions};
use super::stack::{Stack, Status};
use super::store::{Instance, Store};
use super::trap::{Limit, Trap};
use super::values::{ExnAddr, FuncAddr, HostFunc, reference};
use slot::{binary, unary};

/// Runs a stack that is not waiting for anything; any other stays as it is.
///
/// Errors: the limit that was reached. The stack is as it was before the instruction that would
/// have passed it.
pub fn run(stack: &mut Stack, store: &mut Store, fuel: &mut u64) -> Result<(), Limit> {
    if !matches!(stack.status, Status::Calling(_) | Status::Ready) {
        return Ok(());
    }
    let mut machine = Machine {
        stack,
        store,
        extra: 0,
    };
    let (at, stop) = match machine.begin() {
        Ok(at) => machine.execute(at, fuel),
        Err((at, stop)) => (at, stop),
    };
    machine.end(at, stop)
}

/// Where execution is.
#[derive(Clone, Copy)]
struct Cursor {
    /// The position of the next instruction.
    pc: usize,
    /// The first slot above the operands.
    sp: usize,
    /// The slot of the first local.
    base: usize,
}

/// Why the loop stopped.
enum Stop {
    Done,
    Host {
        func: FuncAddr,
        host: HostFunc,
        /// The first slot above the arguments.
        sp: usize,
    },
    Trap(Trap),
    Exception(ExnAddr),
    Limit(Limit),
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Stop {
        Stop::Trap(trap)
    }
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Stop {
        Stop::Limit(limit)
    }
}

/// The position after an instruction, or why there is none.
type Step = Result<Cursor, Stop>;

struct Machine<'a> {
    stack: &'a mut Stack,
    store: &'a mut Store,
    /// What the last instruction costs beyond one unit of fuel.
    extra: u64,
}

/// One step: the arms given, and one for each plain instruction.
macro_rules! step {
    (
        {
            ($op:expr, $slots:ident, $sp:ident, $attempt:ident, $memory:ident)
            $($arms:tt)*
        }
        unary { $($unary:ident $unary_fn:ident,)* }
        binary { $($binary:ident $binary_fn:ident,)* }
        load { $($load:ident $load_from:ident $load_to:ident,)* }
        store { $($store:ident $store_as:ident,)* }
    ) => {
        match $op {
            $(Op::$unary => {
                let result = unary(numeric::$unary_fn, $slots[$sp - 1]);
                $slots[$sp - 1] = $attempt!(result);
            })*
            $(Op::$binary => {
                let result = binary(numeric::$binary_fn, $slots[$sp - 2], $slots[$sp - 1]);
                $sp -= 1;
                $slots[$sp - 1] = $attempt!(result);
            })*
            $(Op::$load { memory, offset } => {
                let from = $slots[$sp - 1].checked_add(offset);
                let bytes = from.and_then(|from| $memory!(memory).load(from));
                let bytes = $attempt!(bytes.ok_or(Trap::OutOfBoundsMemoryAccess));
                $slots[$sp - 1] = u64::from($load_from::from_le_bytes(bytes) as $load_to);
            })*
            $(Op::$store { memory, offset } => {
                let to = $slots[$sp - 2].checked_add(offset);
                let bytes = ($slots[$sp - 1] as $store_as).to_le_bytes();
                let stored = to.and_then(|to| $memory!(memory).store(to, bytes));
                $attempt!(stored.ok_or(Trap::OutOfBoundsMemoryAccess));
                $sp -= 2;
            })*
            $($arms)*
        }
    };
}

impl Machine<'_> {
    /// Goes to where the stack is.
    fn begin(&mut self) -> Result<Cursor, (Cursor, Stop)> {
        let sp = self.stack.slots.len();
        let mut at = Cursor { pc: 0, sp, base: 0 };
        if let Status::Calling(func) = self.stack.status {
            return self.call(at, func).map_err(|stop| (at, stop));
        }
        let Some(top) = self.stack.activations.last() else {
            return Err((at, Stop::Done));
        };
        at.pc = top.pc as usize;
        at.base = top.base as usize;
        self.reach(top.top as usize);
        Ok(at)
    }

    /// Executes instructions until there is a reason to stop.
    fn execute(&mut self, at: Cursor, fuel: &mut u64) -> (Cursor, Stop) {
        // Here `sp` counts from `base`. Apart from each other and from `self`, these can stay in
        // registers.
        let (mut pc, mut sp, mut base) = (at.pc, at.sp - at.base, at.base);
        let mut remaining = *fuel;
        let stop = 'run: loop {
            let Some(address) = self.stack.activations.last().map(|top| top.instance) else {
                break Stop::Done;
            };
            let instance = Arc::clone(&self.store.instances[address.index()]);
            let definition = instance.module.definition();
            let code = &definition.code[..];
            let memory_0 = instance.memories.first().map_or(0, |memory| memory.index());
            // The locals and operands of the current activation.
            let mut slots = &mut self.stack.slots[base..];

            macro_rules! at {
                () => {
                    Cursor {
                        pc,
                        sp: base + sp,
                        base,
                    }
                };
            }
            /// The value of a `Result`, or the end of the run.
            macro_rules! attempt {
                ($result:expr) => {
                    match $result {
                        Ok(value) => value,
                        Err(error) => break 'run Stop::from(error),
                    }
                };
            }
            macro_rules! memory {
                ($index:ident) => {
                    self.store.memories[memory_of(&instance, memory_0, $index)]
                };
            }
            /// Goes on in the same instance after something else has changed the position.
            macro_rules! go_on_here {
                ($position:expr) => {{
                    let at = attempt!($position);
                    (pc, sp, base) = (at.pc, at.sp - at.base, at.base);
                    slots = &mut self.stack.slots[base..];
                }};
            }
            /// The same, in whatever instance.
            macro_rules! go_on {
                ($position:expr) => {{
                    go_on_here!($position);
                    remaining = remaining.saturating_sub(std::mem::take(&mut self.extra));
                    match self.stack.activations.last() {
                        Some(top) if top.instance == address => {}
                        _ => continue 'run,
                    }
                }};
            }
            macro_rules! follow {
                ($branch:ident) => {
                    (pc, sp) = $branch.follow(sp, slots)
                };
            }

            loop {
                if remaining == 0 {
                    // As if the instruction had been fetched: the end goes back by one.
                    pc += 1;
                    break 'run Stop::Limit(Limit::Fuel);
                }
                remaining -= 1;
                let op = code[pc];
                pc += 1;
                with_plain_instructions! { step! {
                    (op, slots, sp, attempt, memory)
                    Op::LocalGet(local) => {
                        slots[sp] = slots[local as usize];
                        sp += 1;
                    }
                    Op::LocalSet(local) => {
                        sp -= 1;
                        slots[local as usize] = slots[sp];
                    }
                    Op::LocalTee(local) => {
                        slots[local as usize] = slots[sp - 1];
                    }
                    Op::Const(value) => {
                        slots[sp] = value;
                        sp += 1;
                    }
                    Op::GlobalGet(global) => {
                        let global = instance.globals[global as usize];
                        slots[sp] = self.store.globals[global.index()];
                        sp += 1;
                    }
                    Op::GlobalSet(global) => {
                        let global = instance.globals[global as usize];
                        sp -= 1;
                        self.store.globals[global.index()] = slots[sp];
                    }
                    Op::Drop => sp -= 1,
                    Op::Select => {
                        sp -= 2;
                        if slots[sp + 1] as u32 == 0 {
                            slots[sp - 1] = slots[sp];
                        }
                    }
                    Op::Jump(target) => pc = target as usize,
                    Op::JumpIf(target) => {
                        sp -= 1;
                        if slots[sp] as u32 != 0 {
                            pc = target as usize;
                        }
                    }
                    Op::JumpIfZero(target) => {
                        sp -= 1;
                        if slots[sp] as u32 == 0 {
                            pc = target as usize;
                        }
                    }
                    Op::Br(branch) => follow!(branch),
                    Op::BrIf(branch) => {
                        sp -= 1;
                        if slots[sp] as u32 != 0 {
                            follow!(branch);
                        }
                    }
                    Op::BrTable(last) => {
                        sp -= 1;
                        pc += (slots[sp] as u32).min(last) as usize;
                    }
                    Op::BrOnNull(branch) => {
                        if slots[sp - 1] == 0 {
                            sp -= 1;
                            follow!(branch);
                        }
                    }
                    Op::BrOnNonNull(branch) => {
                        if slots[sp - 1] == 0 {
                            sp -= 1;
                        } else {
                            follow!(branch);
                        }
                    }
                    Op::RefIsNull => {
                        slots[sp - 1] = u64::from(slots[sp - 1] == 0);
                    }
                    Op::RefFunc(index) => {
                        slots[sp] = reference(Some(instance.funcs[index as usize].0));
                        sp += 1;
                    }
                    Op::RefAsNonNull => {
                        if slots[sp - 1] == 0 {
                            break 'run Stop::Trap(Trap::NullReference);
                        }
                    }
                    Op::Unreachable => break 'run Stop::Trap(Trap::Unreachable),
                    Op::CallDefined(index) => {
                        go_on_here!(self.enter(at!(), address, index, definition));
                    }
                    Op::CallImport(index) => {
                        go_on!(self.call(at!(), instance.funcs[index as usize]));
                    }
                    Op::CallIndirect(call) => go_on!(self.call_indirect(at!(), &instance, call)),
                    Op::CallRef => go_on!(self.call_ref(at!())),
                    Op::ReturnCall(index) => {
                        go_on!(self.return_call(at!(), instance.funcs[index as usize]));
                    }
                    Op::ReturnCallIndirect(call) => {
                        go_on!(self.return_call_indirect(at!(), &instance, call));
                    }
                    Op::ReturnCallRef => go_on!(self.return_call_ref(at!())),
                    Op::Return(results) => go_on!(self.leave(at!(), results as usize)),
                    Op::Throw(tag) => {
                        go_on!(self.throw(at!(), instance.tags[tag as usize]));
                    }
                    Op::ThrowRef => go_on!(self.throw_ref(at!())),
                    Op::TableGet(table) => go_on!(self.table_get(at!(), &instance, table)),
                    Op::TableSet(table) => go_on!(self.table_set(at!(), &instance, table)),
                    Op::TableSize(table) => go_on!(self.table_size(at!(), &instance, table)),
                    Op::TableGrow(table) => go_on!(self.table_grow(at!(), &instance, table)),
                    Op::TableFill(table) => go_on!(self.table_fill(at!(), &instance, table)),
                    Op::TableCopy(tables) => go_on!(self.table_copy(at!(), &instance, tables)),
                    Op::TableInit(copying) => go_on!(self.table_init(at!(), address, copying)),
                    Op::ElemDrop(segment) => go_on!(self.elem_drop(at!(), address, segment)),
                    Op::MemorySize(memory) => go_on!(self.memory_size(at!(), &instance, memory)),
                    Op::MemoryGrow(memory) => go_on!(self.memory_grow(at!(), &instance, memory)),
                    Op::MemoryFill(memory) => go_on!(self.memory_fill(at!(), &instance, memory)),
                    Op::MemoryCopy(memories) => go_on!(self.memory_copy(at!(), &instance, memories)),
                    Op::MemoryInit(copying) => go_on!(self.memory_init(at!(), address, copying)),
                    Op::DataDrop(segment) => go_on!(self.data_drop(at!(), address, segment)),
                } }
            }
        };
        *fuel = remaining;
        let sp = base + sp;
        (Cursor { pc, sp, base }, stop)
    }

    /// Puts the position back into the stack, and what the stack waits for.
    fn end(self, at: Cursor, stop: Stop) -> Result<(), Limit> {
        let stack = self.stack;
        match stop {
            Stop::Limit(limit) => {
                stack.slots.truncate(at.sp);
                if let Some(top) = stack.activations.last_mut() {
                    top.pc = at.pc as u32 - 1;
                    stack.status = Status::Ready;
                }
                return Err(limit);
            }
            Stop::Host { func, host, sp } => {
                stack.slots.truncate(sp);
                let args = self.store.func_type(func).params().len() as u32;
                stack.status = Status::Host { func, host, args };
            }
            Stop::Done => {
                stack.slots.truncate(at.sp);
                stack.status = Status::Done;
            }
            Stop::Trap(trap) => stack.give_up(Status::Trapped(trap)),
            Stop::Exception(exception) => stack.give_up(Status::Threw(exception)),
        }
        Ok(())
    }
}

impl Branch {
    /// Moves down the operands that it keeps. Gives the new position and height.
    #[inline]
    fn follow(self, sp: usize, slots: &mut [u64]) -> (usize, usize) {
        let (to, keep) = (self.height as usize, self.keep as usize);
        slots.copy_within(sp - keep..sp, to);
        (self.target as usize, to + keep)
    }
}

/// The position in the store of the memory that an instruction names, mostly the first.
#[inline]
fn memory_of(instance: &Instance, memory_0: usize, index: u32) -> usize {
    match index {
        0 => memory_0,
        other => instance.memories[other as usize].index(),
    }
}
