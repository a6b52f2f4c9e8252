//! The main module of the readable form: a core function for each block, and a global for each slot.

use std::collections::BTreeMap;

use wasm_encoder::{BlockType, Function, InstructionSink, Module, ValType};

use crate::program::{
    Block, Condition, ContextType, CoreType, End, Handler, Instance, InstanceId, LiftForm,
    MemoryId, Operand, Owner, Program, Signature, SlotId, Step,
};

use super::core::{CoreModule, Imported, taking};
use super::instructions::{EXIT, WAIT, YIELD, arithmetic, compare, load, operand, store, to_slot};
use super::interface::{Hook, Interface, Target, What};
use super::libc::{self, HOOKS, LATE, THREADS, memory_name};
use super::uses::Uses;

/// The module name under which core functions are imported.
pub(super) const CANON: &str = "canon";
/// The module name under which `$libc` is imported.
pub(super) const LIBC: &str = "libc";
/// The name of the function that runs once all is there.
pub(super) const START: &str = "start";

/// What a core function does that is there for its type.
static NOTHING: Block = Block {
    steps: Vec::new(),
    end: End::Nothing,
};

/// The core function of a function.
pub(super) fn function_name(function: usize) -> String {
    format!("f{function}")
}

/// Its callback.
pub(super) fn callback_name(function: usize) -> String {
    format!("f{function}-callback")
}

/// Its `post-return`.
pub(super) fn post_return_name(function: usize) -> String {
    format!("f{function}-post-return")
}

/// Where imported tables are.
#[derive(Clone, Copy, Default)]
pub(super) struct Tables {
    pub(super) threads: Option<u32>,
    pub(super) late: Option<u32>,
    pub(super) hooks: Option<u32>,
}

/// Imports all that the main module takes from the component: functions, memories and tables.
pub(super) fn imports(
    module: &mut CoreModule,
    instance: &Instance,
    interface: &Interface,
    uses: &Uses,
) -> (Tables, BTreeMap<MemoryId, u32>) {
    for call in interface.early() {
        module.import(CANON, &call.name, Imported::Function(&call.signature));
    }
    let mut table = |name: &str, size: usize| {
        (size > 0).then(|| module.import(LIBC, name, Imported::Table(size as u32)))
    };
    let threads = interface.threads.then(|| libc::thread_count(instance));
    let tables = Tables {
        threads: table(THREADS, threads.unwrap_or(0) as usize),
        late: table(LATE, interface.late().count()),
        hooks: table(HOOKS, interface.hooks.len()),
    };
    let used = libc::memories(instance).filter(|(id, _)| uses.memories.contains(id));
    let memories = used.map(|(id, memory)| {
        let memory = Imported::Memory(memory);
        (id, module.import(LIBC, &memory_name(id), memory))
    });
    (tables, memories.collect())
}

/// The main module.
pub(super) fn main(
    program: &Program,
    id: InstanceId,
    interface: &Interface,
    uses: &Uses,
) -> Module {
    let instance = &program.instances[id.index()];
    let mut module = CoreModule::default();
    let (tables, memories) = imports(&mut module, instance, interface, uses);
    let slots = instance.slots.iter().enumerate();
    for (number, slot) in slots {
        module.global(&format!("{}.{number}", slot.name), 0);
    }
    let mut main = Main {
        program,
        id,
        instance,
        interface,
        memories,
        late: tables.late.unwrap_or(0),
        module,
        blocks: Vec::new(),
    };
    main.functions();
    let threads = instance.threads.iter().enumerate();
    let threads = threads.map(|(number, thread)| main.handler(&format!("thread{number}"), thread));
    let threads: Vec<_> = threads.collect();
    let stranger = tables
        .threads
        .map(|table| (table, main.nullary("no-thread", taking(&[]), &NOTHING)));
    let hooks: Vec<_> = interface
        .hooks
        .iter()
        .map(|hook| main.hook(*hook))
        .collect();
    if let Some(block) = &instance.start {
        let start = main.nullary(START, taking(&[]), block);
        main.module.export(START, start);
    }
    main.define_blocks();
    if let Some((table, stranger)) = stranger {
        main.module.fill(table, &threads);
        let first = libc::stranger(instance);
        main.module.fill_from(table, first, &[stranger]);
    }
    if let Some(table) = tables.hooks {
        main.module.fill(table, &hooks);
    }
    main.module.finish()
}

/// A core function that is declared: what its parameters are put in, and what it does then.
struct Declared<'p> {
    /// Where parameters go; others are not looked at.
    params: Vec<(CoreType, SlotId)>,
    signature: Signature,
    what: Doing<'p>,
}

enum Doing<'p> {
    /// A block, and if it is the first one of a function with a callback, the number of the next.
    Block(&'p Block, Option<i64>),
    /// A choice between blocks: the functions of all but the first.
    Callback(Vec<u32>),
}

struct Main<'p> {
    program: &'p Program,
    id: InstanceId,
    instance: &'p Instance,
    interface: &'p Interface,
    memories: BTreeMap<MemoryId, u32>,
    late: u32,
    module: CoreModule,
    blocks: Vec<Declared<'p>>,
}

impl<'p> Main<'p> {
    fn declare(&mut self, name: &str, declared: Declared<'p>) -> u32 {
        let index = self.module.declare(name, &declared.signature);
        self.blocks.push(declared);
        index
    }

    fn functions(&mut self) {
        for (number, function) in self.instance.functions.iter().enumerate() {
            let signature = self.program.lift_signature(self.id, function);
            let params = signature.params.iter().copied();
            let params = params.zip(function.parameters.iter().copied()).collect();
            let blocks = &function.body.blocks;
            let next = matches!(function.lift.form, LiftForm::Callback { .. }).then_some(1);
            let name = function_name(number);
            let result = signature.result;
            let declared = Declared {
                params,
                signature,
                what: Doing::Block(&blocks[0], next),
            };
            let index = self.declare(&name, declared);
            self.module.export(&name, index);
            match &function.lift.form {
                LiftForm::Sync {
                    post_return: Some(block),
                } => self.post_return(number, result, block),
                LiftForm::Callback { event } => self.callback(number, *event, &blocks[1..]),
                LiftForm::Sync { post_return: None } | LiftForm::Stackful => {}
            }
        }
    }

    fn post_return(&mut self, number: usize, result: Option<CoreType>, block: &'p Block) {
        let params: Vec<_> = result.into_iter().collect();
        let declared = Declared {
            params: Vec::new(),
            signature: taking(&params),
            what: Doing::Block(block, None),
        };
        let name = post_return_name(number);
        let index = self.declare(&name, declared);
        self.module.export(&name, index);
    }

    fn callback(&mut self, number: usize, event: [SlotId; 3], blocks: &'p [Block]) {
        let block = |(next, block)| Declared {
            params: Vec::new(),
            signature: Signature {
                params: Vec::new(),
                result: Some(CoreType::I32),
            },
            what: Doing::Block(block, Some(next)),
        };
        let blocks = (2..).zip(blocks).map(block).enumerate();
        let mut functions = Vec::new();
        for (position, declared) in blocks {
            let name = format!("f{number}-block{}", position + 1);
            functions.push(self.declare(&name, declared));
        }
        let declared = Declared {
            params: event.map(|slot| (CoreType::I32, slot)).to_vec(),
            signature: Signature {
                params: vec![CoreType::I32; 3],
                result: Some(CoreType::I32),
            },
            what: Doing::Callback(functions),
        };
        let name = callback_name(number);
        let index = self.declare(&name, declared);
        self.module.export(&name, index);
    }

    fn handler(&mut self, name: &str, handler: &'p Handler) -> u32 {
        let declared = Declared {
            params: vec![(CoreType::I32, handler.parameter)],
            signature: taking(&[CoreType::I32]),
            what: Doing::Block(&handler.body, None),
        };
        self.declare(name, declared)
    }

    fn nullary(&mut self, name: &str, signature: Signature, block: &'p Block) -> u32 {
        let declared = Declared {
            params: Vec::new(),
            signature,
            what: Doing::Block(block, None),
        };
        self.declare(name, declared)
    }

    fn hook(&mut self, hook: Hook) -> u32 {
        match hook {
            Hook::Destructor(resource) => {
                let program = self.program;
                match &program.resources[resource.index()].owner {
                    Owner::Instance {
                        destructor: Some(destructor),
                        ..
                    } => self.handler(&libc::destructor_name(resource), destructor),
                    _ => unreachable!("only resource types with destructors have hooks"),
                }
            }
            Hook::Realloc => match &self.instance.realloc {
                Some(block) => self.nullary("realloc", libc::realloc_hook(), block),
                None => unreachable!("there is a hook only where something happens in it"),
            },
        }
    }

    fn define_blocks(&mut self) {
        for declared in std::mem::take(&mut self.blocks) {
            let function = self.function(&declared);
            self.module.define(&function);
        }
    }

    fn function(&mut self, declared: &Declared<'_>) -> Function {
        let params = declared.signature.params.len() as u32;
        let locals = match &declared.what {
            Doing::Block(block, _) => (repeats(&block.steps), ValType::I32),
            Doing::Callback(_) => (1, ValType::I64),
        };
        let mut function = Function::new([locals]);
        let mut code = function.instructions();
        for (local, (ty, slot)) in (0..).zip(&declared.params) {
            code.local_get(local);
            to_slot(&mut code, *ty);
            code.global_set(slot.0);
        }
        match &declared.what {
            Doing::Block(block, next) => {
                if let Some(next) = next {
                    self.set_next(&mut code, |code| {
                        code.i64_const(*next);
                    });
                }
                self.steps(&mut code, &block.steps, &declared.signature, params);
                self.end(&mut code, &block.end, &declared.signature);
            }
            Doing::Callback(blocks) => self.choose(&mut code, blocks, params),
        }
        code.end();
        function
    }

    /// Has `value` give the number of the next block, of 64 bits, and keeps it.
    fn set_next(
        &mut self,
        code: &mut InstructionSink<'_>,
        value: impl FnOnce(&mut InstructionSink<'_>),
    ) {
        value(code);
        if self.interface.context == ContextType::I32 {
            code.i32_wrap_i64();
        }
        self.call(code, What::SetNextBlock);
    }

    /// Calls the block whose turn it is; exits where there is none. Each block says which is next.
    fn choose(&mut self, code: &mut InstructionSink<'_>, blocks: &[u32], next: u32) {
        self.call(code, What::NextBlock);
        if self.interface.context == ContextType::I32 {
            code.i64_extend_i32_u();
        }
        code.local_set(next);
        for (number, block) in (1..).zip(blocks) {
            code.local_get(next).i64_const(number).i64_eq();
            code.if_(BlockType::Empty);
            code.call(*block).return_().end();
        }
        code.i32_const(EXIT);
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

    /// The call with its arguments; the result goes to a slot or nowhere.
    fn call_with(
        &mut self,
        code: &mut InstructionSink<'_>,
        what: What,
        args: &[Operand],
        result: Option<SlotId>,
    ) {
        let interface = self.interface;
        let Some(call) = interface.call(what) else {
            unreachable!("an interface has all that the instance uses");
        };
        for (arg, ty) in args.iter().zip(&call.signature.params) {
            operand(code, *arg, *ty);
        }
        self.call(code, what);
        match (call.signature.result, result) {
            (Some(ty), Some(slot)) => {
                to_slot(code, ty);
                code.global_set(slot.0);
            }
            (Some(_), None) => {
                code.drop();
            }
            (None, _) => {}
        }
    }

    fn steps(
        &mut self,
        code: &mut InstructionSink<'_>,
        steps: &[Step],
        ending: &Signature,
        counter: u32,
    ) {
        for step in steps {
            self.step(code, step, ending, counter);
        }
    }

    fn step(
        &mut self,
        code: &mut InstructionSink<'_>,
        step: &Step,
        ending: &Signature,
        counter: u32,
    ) {
        match step {
            Step::Canon {
                canon,
                args,
                result,
            } => self.call_with(code, What::Canon(*canon), args, *result),
            Step::Call {
                import,
                args,
                result,
            } => self.call_with(code, What::Import(*import), args, *result),
            Step::Mark { place, value } => {
                code.i32_const(place.cast_signed());
                operand(code, *value, CoreType::I64);
                self.call(code, What::Mark);
            }
            Step::Set { slot, op, a, b } => {
                operand(code, *a, CoreType::I64);
                operand(code, *b, CoreType::I64);
                arithmetic(code, *op);
                code.global_set(slot.0);
            }
            Step::Load {
                slot,
                memory,
                width,
                address,
            } => {
                self.address(code, *memory, *address);
                load(code, *width, self.memories[memory]);
                code.global_set(slot.0);
            }
            Step::Store {
                memory,
                width,
                address,
                value,
            } => {
                self.address(code, *memory, *address);
                operand(code, *value, CoreType::I64);
                store(code, *width, self.memories[memory]);
            }
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                holds(code, condition);
                code.if_(BlockType::Empty);
                self.steps(code, then, ending, counter);
                if !otherwise.is_empty() {
                    code.else_();
                    self.steps(code, otherwise, ending, counter);
                }
                code.end();
            }
            Step::Repeat { times, steps } => {
                code.i32_const(times.cast_signed()).local_set(counter);
                code.block(BlockType::Empty).loop_(BlockType::Empty);
                code.local_get(counter).i32_eqz().br_if(1);
                self.steps(code, steps, ending, counter + 1);
                code.local_get(counter).i32_const(1).i32_sub();
                code.local_set(counter).br(0).end().end();
            }
            Step::Finish(end) => {
                self.end(code, end, ending);
                code.return_();
            }
        }
    }

    fn address(&self, code: &mut InstructionSink<'_>, memory: MemoryId, address: Operand) {
        let ty = match self.instance.memories[memory.index()].wide {
            true => CoreType::I64,
            false => CoreType::I32,
        };
        operand(code, address, ty);
    }

    fn end(&self, code: &mut InstructionSink<'_>, end: &End, ending: &Signature) {
        match end {
            End::Nothing => {
                // Only `realloc` may say nothing where something is expected.
                if ending.result.is_some() {
                    code.i64_const(0);
                }
            }
            End::Return(value) => {
                if let Some(ty) = ending.result {
                    operand(code, *value, ty);
                }
            }
            End::Exit => {
                code.i32_const(EXIT);
            }
            End::Yield => {
                code.i32_const(YIELD);
            }
            End::Wait(set) => {
                operand(code, *set, CoreType::I32);
                code.i32_const(4).i32_shl().i32_const(WAIT).i32_or();
            }
            End::Code(value) => operand(code, *value, CoreType::I32),
            End::Unreachable => {
                code.unreachable();
            }
        }
    }
}

/// How deep repetitions are nested.
fn repeats(steps: &[Step]) -> u32 {
    let depths = steps.iter().map(|step| match step {
        Step::Repeat { steps, .. } => 1 + repeats(steps),
        Step::If {
            then, otherwise, ..
        } => repeats(then).max(repeats(otherwise)),
        _ => 0,
    });
    depths.max().unwrap_or(0)
}

fn holds(code: &mut InstructionSink<'_>, condition: &Condition) {
    operand(code, condition.a, CoreType::I64);
    operand(code, condition.b, CoreType::I64);
    compare(code, condition.comparison);
}
