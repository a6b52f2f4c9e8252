//! The main module of the chassis: core functions that interpret code.
//!
//! Each of them puts its parameters where the code says, and calls the interpreter, a loop over one
//! arm for each instruction. See [`super::code`] for what it reads.

use std::collections::BTreeMap;

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, Module, ValType};

use crate::program::{ContextType, CoreType, Instance, InstanceId, MemoryId, Program, Signature};

use super::code::{Entry, HALF, Op, REPEATS, entries, entry_address, ops};
use super::core::{CoreModule, Imported, taking};
use super::instructions::{self, EXIT, WAIT, arithmetic, compare, from_slot, to_slot};
use super::interface::{Interface, Target, What};
use super::libc::{self, LOAD_BASE, STATE};
use super::straight::{self, LIBC, START, callback_name, function_name, post_return_name};
use super::uses::Uses;

/// The core function that bodies are handed to. Once it is called, they are where they belong.
pub(super) const LOAD: &str = "load";

/// The local with the address of the instruction.
const PC: u32 = 0;

/// The main module, with the code of what happens at the start.
pub(super) fn main(
    program: &Program,
    id: InstanceId,
    interface: &Interface,
    uses: &Uses,
    start: &[u64],
) -> Module {
    let instance = &program.instances[id.index()];
    let mut module = CoreModule::default();
    let (tables, memories) = straight::imports(&mut module, instance, interface, uses);
    let state = crate::program::Memory { wide: false };
    let state = module.import(LIBC, STATE, Imported::Memory(&state));
    let run = Signature {
        params: vec![CoreType::I32],
        result: Some(CoreType::I64),
    };
    let mut chassis = Chassis {
        instance,
        interface,
        memories,
        state,
        late: tables.late.unwrap_or(0),
        run: module.declare("run", &run),
        module,
    };
    let load = taking(&[CoreType::I32, CoreType::I32]);
    let load = chassis.module.declare(LOAD, &load);
    chassis.module.export(LOAD, load);
    let entries = entries(instance, interface);
    let signatures: Vec<_> = entries
        .iter()
        .map(|entry| signature(program, id, *entry))
        .collect();
    let (mut threads, mut hooks, mut stranger) = (Vec::new(), Vec::new(), None);
    for (entry, signature) in entries.iter().zip(&signatures) {
        let name = name(*entry);
        let function = chassis.module.declare(&name, signature);
        if *signature != taking(&[CoreType::I32]) {
            stranger = stranger.or(Some(function));
        }
        match entry {
            Entry::Thread(_) => threads.push(function),
            Entry::Realloc | Entry::Destructor(_) => hooks.push(function),
            _ => chassis.module.export(&name, function),
        }
    }
    chassis.interpreter();
    let mut nothing = Function::new([]);
    nothing.instructions().end();
    chassis.module.define(&nothing);
    for (position, (entry, signature)) in entries.iter().zip(&signatures).enumerate() {
        chassis.entry(*entry, signature, entry_address(position));
    }
    if !start.is_empty() {
        let bytes = start.iter().flat_map(|word| word.to_le_bytes());
        chassis.module.data(state, LOAD_BASE, bytes.collect());
    }
    if let Some(table) = tables.threads {
        chassis.module.fill(table, &threads);
        let first = libc::stranger(instance);
        chassis.module.fill_from(table, first, stranger.as_slice());
    }
    if let Some(table) = tables.hooks {
        chassis.module.fill(table, &hooks);
    }
    chassis.module.finish()
}

fn name(entry: Entry) -> String {
    match entry {
        Entry::Function(number) => function_name(number),
        Entry::Callback(number) => callback_name(number),
        Entry::PostReturn(number) => post_return_name(number),
        Entry::Thread(number) => format!("thread{number}"),
        Entry::Realloc => "realloc".to_owned(),
        Entry::Destructor(resource) => libc::destructor_name(resource),
        Entry::Start => START.to_owned(),
    }
}

fn signature(program: &Program, id: InstanceId, entry: Entry) -> Signature {
    let functions = &program.instances[id.index()].functions;
    match entry {
        Entry::Function(number) => program.lift_signature(id, &functions[number]),
        Entry::Callback(_) => Signature {
            params: vec![CoreType::I32; 3],
            result: Some(CoreType::I32),
        },
        Entry::PostReturn(number) => {
            let lifted = program.lift_signature(id, &functions[number]);
            taking(lifted.result.as_slice())
        }
        Entry::Thread(_) | Entry::Destructor(_) => taking(&[CoreType::I32]),
        Entry::Realloc => libc::realloc_hook(),
        Entry::Start => taking(&[]),
    }
}

struct Chassis<'p> {
    instance: &'p Instance,
    interface: &'p Interface,
    memories: BTreeMap<MemoryId, u32>,
    state: u32,
    late: u32,
    run: u32,
    module: CoreModule,
}

impl Chassis<'_> {
    fn at(&self, offset: u32) -> MemArg {
        MemArg {
            offset: offset.into(),
            align: 0,
            memory_index: self.state,
        }
    }

    /// A core function that runs the code to which `entry` points.
    fn entry(&mut self, entry: Entry, signature: &Signature, begin: u32) {
        let pc = signature.params.len() as u32;
        let next = pc + 1;
        let mut function = Function::new([(1, ValType::I32), (1, ValType::I64)]);
        let mut code = function.instructions();
        code.i32_const(begin as i32).i32_load16_u(self.at(0));
        code.local_set(pc);
        if let Entry::Function(_) = entry {
            code.local_get(pc).i32_eqz().if_(BlockType::Empty);
            code.unreachable().end();
        }
        let params = match entry {
            Entry::PostReturn(_) => &[][..],
            _ => &signature.params,
        };
        for (param, ty) in (0..).zip(params) {
            code.local_get(pc).i32_load16_u(self.at(HALF * param));
            code.local_get(param);
            to_slot(&mut code, *ty);
            code.i64_store(self.at(0));
        }
        let after = HALF * params.len() as u32;
        match entry {
            Entry::Callback(_) => self.choose(&mut code, pc, next, after),
            Entry::Realloc => {
                code.local_get(pc).i32_eqz().if_(BlockType::Empty);
                code.i64_const(0).return_().end();
                code.local_get(pc);
            }
            entry => {
                if matches!(entry, Entry::Function(number) if self.has_callback(number)) {
                    code.i64_const(1).local_set(next);
                    self.set_next(&mut code, next);
                }
                code.local_get(pc).i32_const(after as i32).i32_add();
            }
        }
        code.call(self.run);
        match signature.result {
            Some(ty) => from_slot(&mut code, ty),
            None => {
                code.drop();
            }
        }
        code.end();
        self.module.define(&function);
    }

    fn has_callback(&self, function: usize) -> bool {
        let form = &self.instance.functions[function].lift.form;
        matches!(form, crate::program::LiftForm::Callback { .. })
    }

    /// Keeps the number in the local `next` as that of the next block.
    fn set_next(&mut self, code: &mut InstructionSink<'_>, next: u32) {
        code.local_get(next);
        if self.interface.context == ContextType::I32 {
            code.i32_wrap_i64();
        }
        self.call(code, What::SetNextBlock);
    }

    /// Puts on the stack where the block is whose turn it is; exits where there is none.
    fn choose(&mut self, code: &mut InstructionSink<'_>, pc: u32, next: u32, count: u32) {
        self.call(code, What::NextBlock);
        if self.interface.context == ContextType::I32 {
            code.i64_extend_i32_u();
        }
        code.local_tee(next).i64_const(1).i64_sub();
        code.local_get(pc).i64_load16_u(self.at(count)).i64_ge_u();
        code.if_(BlockType::Empty);
        code.i32_const(EXIT).return_().end();
        // Where the block is: the numbers begin with 1, so that one halfword is left out.
        code.local_get(pc);
        code.local_get(next)
            .i32_wrap_i64()
            .i32_const(HALF as i32)
            .i32_mul();
        code.i32_add().i32_load16_u(self.at(count));
        code.local_get(next).i64_const(1).i64_add().local_set(next);
        self.set_next(code, next);
    }

    fn call(&mut self, code: &mut InstructionSink<'_>, what: What) {
        let Some(call) = self.interface.call(what) else {
            unreachable!("an interface has all that the instance uses");
        };
        match call.target {
            Target::Import(index) => code.call(index),
            Target::Late(place) => {
                let ty = self.module.ty(&call.signature);
                code.i32_const(place as i32).call_indirect(self.late, ty)
            }
        };
    }

    /// The loop with an arm for each instruction. Arms either go on with the next instruction or end.
    fn interpreter(&mut self) {
        let ops = ops(self.instance, self.interface);
        let mut function = Function::new([(REPEATS, ValType::I32)]);
        let mut code = function.instructions();
        let count = ops.len() as u32;
        code.loop_(BlockType::Empty);
        for _ in 0..=count {
            code.block(BlockType::Empty);
        }
        code.local_get(PC).i32_load16_u(self.at(0));
        code.br_table(0..count, count);
        for (position, op) in (0..).zip(&ops) {
            code.end();
            // The blocks of the arms that follow, and the one around them, are inside the loop.
            let again = count - position;
            self.arm(&mut code, *op, again);
        }
        code.end().unreachable().end().unreachable().end();
        self.module.define(&function);
    }

    fn arm(&mut self, code: &mut InstructionSink<'_>, op: Op, again: u32) {
        let operands = match op {
            Op::End => {
                self.operand(code, 0);
                code.return_();
                return;
            }
            Op::Wait => {
                self.operand(code, 0);
                code.i64_const(4).i64_shl().i64_const(WAIT.into());
                code.i64_or().return_();
                return;
            }
            Op::Unreachable => {
                code.unreachable();
                return;
            }
            Op::Jump => {
                self.address(code, 0);
                code.local_set(PC).br(again);
                return;
            }
            Op::Unless(comparison) => {
                code.local_get(PC).i32_const(HALF as i32 * 4).i32_add();
                self.address(code, 0);
                self.operand(code, 1);
                self.operand(code, 2);
                compare(code, comparison);
                code.select().local_set(PC).br(again);
                return;
            }
            Op::Next(depth) => {
                let counter = PC + 1 + depth;
                code.local_get(counter).i32_eqz().if_(BlockType::Empty);
                self.address(code, 0);
                code.local_set(PC).br(again + 1).end();
                code.local_get(counter).i32_const(1).i32_sub();
                code.local_set(counter);
                1
            }
            Op::Repeat(depth) => {
                self.operand(code, 0);
                code.i32_wrap_i64().local_set(PC + 1 + depth);
                1
            }
            Op::Set(op) => {
                self.address(code, 0);
                self.operand(code, 1);
                self.operand(code, 2);
                arithmetic(code, op);
                code.i64_store(self.at(0));
                3
            }
            Op::Load(memory, width) => {
                self.address(code, 0);
                self.pointer(code, memory, 1);
                instructions::load(code, width, self.memories[&memory]);
                code.i64_store(self.at(0));
                2
            }
            Op::Store(memory, width) => {
                self.pointer(code, memory, 0);
                self.operand(code, 1);
                instructions::store(code, width, self.memories[&memory]);
                2
            }
            Op::Call(what) => self.call_arm(code, what),
        };
        code.local_get(PC).i32_const((HALF * (1 + operands)) as i32);
        code.i32_add().local_set(PC).br(again);
    }

    /// Gives the number of operands.
    fn call_arm(&mut self, code: &mut InstructionSink<'_>, what: What) -> u32 {
        let interface = self.interface;
        let Some(call) = interface.call(what) else {
            unreachable!("an interface has all that the instance uses");
        };
        let has_result = u32::from(what != What::Mark);
        let result = call.signature.result;
        if result.is_some() {
            self.address(code, 0);
        }
        for (number, ty) in (has_result..).zip(&call.signature.params) {
            self.operand(code, number);
            from_slot(code, *ty);
        }
        self.call(code, what);
        if let Some(ty) = result {
            to_slot(code, ty);
            code.i64_store(self.at(0));
        }
        has_result + call.signature.params.len() as u32
    }

    /// The address that stands as an operand.
    fn address(&self, code: &mut InstructionSink<'_>, number: u32) {
        let at = self.at(HALF * (1 + number));
        code.local_get(PC).i32_load16_u(at);
    }

    /// The number at the address that stands as an operand.
    fn operand(&self, code: &mut InstructionSink<'_>, number: u32) {
        self.address(code, number);
        code.i64_load(self.at(0));
    }

    /// The same, as an address of a memory.
    fn pointer(&self, code: &mut InstructionSink<'_>, memory: MemoryId, number: u32) {
        self.operand(code, number);
        if !self.instance.memories[memory.index()].wide {
            code.i32_wrap_i64();
        }
    }
}
