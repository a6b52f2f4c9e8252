//! Bodies as numbers, which the chassis interprets.
//!
//! The memory where they are is made of halfwords and, in it, cells of 64 bits. First stands a cell
//! for results that nobody wants, then for each core function of the chassis where it begins, then the
//! code, then a cell for each constant. The cells of the slots stand at the end, the first one last;
//! they are zero at first, so the host does not hand them in. All that code names it names by its
//! address, so that each operand is one load, whatever it is.
//!
//! A core function begins with the addresses of the slots where its parameters go. Then come
//! instructions: what to do, and on what. One that begins at address 0 has no code: there a function
//! traps, `realloc` does nothing, and others are never called.
//!
//! What happens at an instance's start happens before the host hands anything in. Its code belongs to
//! the chassis, which has it in the same memory from the beginning.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::program::{
    Arithmetic, Block, Canon, CanonId, Comparison, End, Function, Handler, ImportId, Instance,
    InstanceId, LiftForm, MemoryId, Operand, Owner, Program, ResourceId, SlotId, Step, Width,
};

use super::EmitError;
use super::instructions::{EXIT, YIELD};
use super::interface::{Hook, Interface, What};
use super::libc::LOAD_BASE;

/// The size of the memory in bytes: all that a halfword can address.
const SIZE: usize = 1 << 16;
/// How many bytes a halfword takes.
pub(super) const HALF: u32 = 2;
/// How many repetitions can be nested.
pub(super) const REPEATS: u32 = crate::program::MAX_REPEATS;

/// What an instruction does. After it stand the addresses of what it works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Ends the core function with a number.
    End,
    /// Ends it with what a callback returns to wait on a set.
    Wait,
    /// Traps.
    Unreachable,
    /// Goes on elsewhere.
    Jump,
    /// Goes on elsewhere where two numbers do not compare so.
    Unless(Comparison),
    /// Computes: where the result goes, and two numbers.
    Set(Arithmetic),
    /// Begins a repetition: how often.
    Repeat(u32),
    /// Goes on elsewhere where a repetition has ended, and counts.
    Next(u32),
    /// Loads: where the result goes, and the address.
    Load(MemoryId, Width),
    /// Stores: the address, and the number.
    Store(MemoryId, Width),
    /// Calls: where the result goes, and the arguments; for a mark only these.
    Call(What),
}

/// A core function of the chassis that runs code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    /// A function's first block.
    Function(usize),
    /// Its callback: where the event goes, how many blocks there are, and where each of them is.
    Callback(usize),
    /// Its `post-return`.
    PostReturn(usize),
    /// A thread.
    Thread(usize),
    /// What `realloc` calls.
    Realloc,
    /// A destructor.
    Destructor(ResourceId),
    /// What happens at the instance's start.
    Start,
}

/// The instructions that the chassis of an instance knows, by their numbers.
pub(super) fn ops(instance: &Instance, interface: &Interface) -> Vec<Op> {
    use Arithmetic::{Add, And, Or, Shl, Shr, Sub};
    use Comparison::{Equal, Less, NotEqual};
    let mut ops = vec![Op::End, Op::Wait, Op::Unreachable, Op::Jump];
    ops.extend([Equal, NotEqual, Less].map(Op::Unless));
    ops.extend([Add, Sub, And, Or, Shl, Shr].map(Op::Set));
    ops.extend((0..REPEATS).map(Op::Repeat));
    ops.extend((0..REPEATS).map(Op::Next));
    for memory in (0..instance.memories.len() as u32).map(MemoryId) {
        let widths = [Width::W8, Width::W16, Width::W32, Width::W64];
        ops.extend(widths.map(|width| Op::Load(memory, width)));
        ops.extend(widths.map(|width| Op::Store(memory, width)));
    }
    let calls = interface.calls.iter().map(|call| call.what);
    let calls = calls.filter(|what| !matches!(what, What::NextBlock | What::SetNextBlock));
    ops.extend(calls.map(Op::Call));
    ops
}

/// The core functions of the chassis of an instance that run code.
pub(super) fn entries(instance: &Instance, interface: &Interface) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, function) in instance.functions.iter().enumerate() {
        entries.push(Entry::Function(number));
        match &function.lift.form {
            LiftForm::Sync { post_return } => {
                entries.extend(post_return.iter().map(|_| Entry::PostReturn(number)));
            }
            LiftForm::Callback { .. } => entries.push(Entry::Callback(number)),
            LiftForm::Stackful => {}
        }
    }
    entries.extend((0..instance.threads.len()).map(Entry::Thread));
    entries.extend(interface.hooks.iter().map(|hook| match hook {
        Hook::Realloc => Entry::Realloc,
        Hook::Destructor(resource) => Entry::Destructor(*resource),
    }));
    entries.extend(instance.start.iter().map(|_| Entry::Start));
    entries
}

/// The address where it says where a core function begins.
pub(super) fn entry_address(position: usize) -> u32 {
    LOAD_BASE + HALF * position as u32
}

/// What code can say in the chassis of an instance.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    /// The numbers of instructions.
    ops: HashMap<Op, u16, FixedState>,
    entries: Vec<Entry>,
}

impl Vocabulary {
    pub(super) fn new(instance: &Instance, interface: &Interface) -> Vocabulary {
        Vocabulary {
            ops: ops(instance, interface).into_iter().zip(0..).collect(),
            entries: entries(instance, interface),
        }
    }
}

/// The bodies of an instance, in words of 64 bits. There are none where none of its functions does
/// anything: nothing runs there.
pub(super) fn bodies(
    program: &Program,
    id: InstanceId,
    vocabulary: &Vocabulary,
) -> Result<Vec<u64>, EmitError> {
    let instance = &program.instances[id.index()];
    let mut writer = Writer::new(vocabulary);
    let begins = vocabulary.entries.iter();
    let begins = begins.map(|entry| writer.entry(program, instance, *entry));
    let begins: Vec<_> = begins.collect();
    let mut entries = vocabulary.entries.iter().zip(&begins);
    let comes_first = |entry| matches!(entry, Entry::Function(_) | Entry::Realloc);
    if !entries.any(|(entry, begin)| comes_first(*entry) && begin.is_some()) {
        return Ok(Vec::new());
    }
    writer
        .image(&begins, instance.slots.len())
        .ok_or(EmitError::TooLarge(id.0))
}

/// What happens at an instance's start, in words of 64 bits that stand where bodies are handed to; none
/// where nothing does. The program was checked.
pub(super) fn start(
    program: &Program,
    id: InstanceId,
    vocabulary: &Vocabulary,
) -> Result<Vec<u64>, EmitError> {
    let instance = &program.instances[id.index()];
    let Some(block) = &instance.start else {
        return Ok(Vec::new());
    };
    let mut alone = true;
    block.each_step(&mut |step| alone &= runs_alone(instance, step));
    if !alone {
        return Err(EmitError::Start(id.0));
    }
    let mut writer = Writer::new(vocabulary);
    writer.block(block);
    let entries = vocabulary.entries.iter();
    let begins = entries.map(|entry| (*entry == Entry::Start).then_some(0));
    let begins: Vec<_> = begins.collect();
    writer
        .image(&begins, instance.slots.len())
        .ok_or(EmitError::TooLarge(id.0))
}

/// Whether no other body can run on account of a step.
fn runs_alone(instance: &Instance, step: &Step) -> bool {
    match step {
        Step::Call { .. } => false,
        Step::Canon { canon, .. } => !matches!(
            instance.canons[canon.index()],
            Canon::ThreadNewIndirect | Canon::ResourceDrop(_) | Canon::ErrorContextDebugMessage(_)
        ),
        _ => true,
    }
}

/// A halfword of code, as long as addresses are not known.
#[derive(Clone, Copy, Debug)]
enum Half {
    Number(u16),
    /// Where results go that nobody wants.
    Nowhere,
    Slot(SlotId),
    Constant(usize),
    /// A position in the code.
    Code(usize),
}

struct Writer<'v> {
    ops: &'v HashMap<Op, u16, FixedState>,
    code: Vec<Half>,
    constants: Vec<u64>,
    known: HashMap<u64, usize, FixedState>,
}

impl<'v> Writer<'v> {
    fn new(vocabulary: &'v Vocabulary) -> Writer<'v> {
        Writer {
            ops: &vocabulary.ops,
            code: Vec::new(),
            constants: Vec::new(),
            known: HashMap::default(),
        }
    }

    /// Writes a core function, and gives the position where it begins; none where there is nothing.
    fn entry(&mut self, program: &Program, instance: &Instance, entry: Entry) -> Option<usize> {
        let begin = self.code.len();
        match entry {
            Entry::Function(number) | Entry::Callback(number) | Entry::PostReturn(number)
                if is_idle(&instance.functions[number]) =>
            {
                return None;
            }
            Entry::Function(number) => {
                let function = &instance.functions[number];
                self.slots(&function.parameters);
                self.block(&function.body.blocks[0]);
            }
            Entry::Callback(number) => {
                let function = &instance.functions[number];
                let LiftForm::Callback { event } = &function.lift.form else {
                    return None;
                };
                return Some(self.callback(event, &function.body.blocks[1..]));
            }
            Entry::PostReturn(number) => match &instance.functions[number].lift.form {
                LiftForm::Sync {
                    post_return: Some(block),
                } => self.block(block),
                _ => return None,
            },
            Entry::Thread(number) => self.handler(&instance.threads[number]),
            Entry::Realloc => {
                let block = instance.realloc.as_ref()?;
                if block.steps.is_empty() && block.end == End::Nothing {
                    return None;
                }
                self.block(block);
            }
            Entry::Destructor(resource) => match &program.resources[resource.index()].owner {
                Owner::Instance {
                    destructor: Some(destructor),
                    ..
                } => self.handler(destructor),
                _ => return None,
            },
            // It has happened.
            Entry::Start => return None,
        }
        Some(begin)
    }

    /// The blocks come first.
    fn callback(&mut self, event: &[SlotId], blocks: &[Block]) -> usize {
        let blocks = blocks.iter().map(|block| {
            let begin = self.code.len();
            self.block(block);
            begin
        });
        let blocks: Vec<_> = blocks.collect();
        let begin = self.code.len();
        self.slots(event);
        self.code.push(Half::Number(blocks.len() as u16));
        self.code.extend(blocks.into_iter().map(Half::Code));
        begin
    }

    fn handler(&mut self, handler: &Handler) {
        self.slots(&[handler.parameter]);
        self.block(&handler.body);
    }

    fn slots(&mut self, slots: &[SlotId]) {
        self.code.extend(slots.iter().copied().map(Half::Slot));
    }

    fn block(&mut self, block: &Block) {
        self.steps(&block.steps, 0);
        self.end(&block.end);
    }

    fn steps(&mut self, steps: &[Step], repeats: u32) {
        steps.iter().for_each(|step| self.step(step, repeats));
    }

    fn op(&mut self, op: Op) {
        // The list of instructions has all that a program which was checked can ask for.
        let number = self.ops.get(&op).copied().unwrap_or(u16::MAX);
        self.code.push(Half::Number(number));
    }

    fn operand(&mut self, operand: Operand) {
        let half = match operand {
            Operand::Slot(slot) => Half::Slot(slot),
            Operand::Const(value) => self.constant(value.cast_unsigned()),
        };
        self.code.push(half);
    }

    fn constant(&mut self, value: u64) -> Half {
        let next = self.constants.len();
        let position = *self.known.entry(value).or_insert(next);
        if position == next {
            self.constants.push(value);
        }
        Half::Constant(position)
    }

    fn number(&mut self, value: u64) {
        let half = self.constant(value);
        self.code.push(half);
    }

    /// A place for an address in the code that is not known yet.
    fn hole(&mut self) -> usize {
        self.code.push(Half::Nowhere);
        self.code.len() - 1
    }

    fn fill(&mut self, hole: usize) {
        self.code[hole] = Half::Code(self.code.len());
    }

    fn jump(&mut self, to: usize) {
        self.op(Op::Jump);
        self.code.push(Half::Code(to));
    }

    fn call(&mut self, what: What, args: &[Operand], result: Option<SlotId>) {
        self.op(Op::Call(what));
        self.code.push(result.map_or(Half::Nowhere, Half::Slot));
        args.iter().for_each(|arg| self.operand(*arg));
    }

    fn step(&mut self, step: &Step, repeats: u32) {
        match step {
            Step::Canon {
                canon: CanonId(canon),
                args,
                result,
            } => self.call(What::Canon(CanonId(*canon)), args, *result),
            Step::Call {
                import: ImportId(import),
                args,
                result,
            } => self.call(What::Import(ImportId(*import)), args, *result),
            Step::Mark { place, value } => {
                self.op(Op::Call(What::Mark));
                self.number((*place).into());
                self.operand(*value);
            }
            Step::Set { slot, op, a, b } => {
                self.op(Op::Set(*op));
                self.slots(&[*slot]);
                self.operand(*a);
                self.operand(*b);
            }
            Step::Load {
                slot,
                memory,
                width,
                address,
            } => {
                self.op(Op::Load(*memory, *width));
                self.slots(&[*slot]);
                self.operand(*address);
            }
            Step::Store {
                memory,
                width,
                address,
                value,
            } => {
                self.op(Op::Store(*memory, *width));
                self.operand(*address);
                self.operand(*value);
            }
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                self.op(Op::Unless(condition.comparison));
                let to_otherwise = self.hole();
                self.operand(condition.a);
                self.operand(condition.b);
                self.steps(then, repeats);
                if otherwise.is_empty() {
                    return self.fill(to_otherwise);
                }
                self.op(Op::Jump);
                let to_end = self.hole();
                self.fill(to_otherwise);
                self.steps(otherwise, repeats);
                self.fill(to_end);
            }
            Step::Repeat { times, steps } => {
                self.op(Op::Repeat(repeats));
                self.number((*times).into());
                let again = self.code.len();
                self.op(Op::Next(repeats));
                let to_end = self.hole();
                self.steps(steps, repeats + 1);
                self.jump(again);
                self.fill(to_end);
            }
            Step::Finish(end) => self.end(end),
        }
    }

    fn end(&mut self, end: &End) {
        let number = |value: i32| Operand::Const(value.into());
        let (op, operand) = match end {
            End::Unreachable => return self.op(Op::Unreachable),
            End::Nothing => (Op::End, number(EXIT)),
            End::Exit => (Op::End, number(EXIT)),
            End::Yield => (Op::End, number(YIELD)),
            End::Return(value) | End::Code(value) => (Op::End, *value),
            End::Wait(set) => (Op::Wait, *set),
        };
        self.op(op);
        self.operand(operand);
    }

    /// All of it, with addresses; none if it does not fit.
    fn image(self, begins: &[Option<usize>], slots: usize) -> Option<Vec<u64>> {
        let base = LOAD_BASE as usize;
        let halves = |count: usize| count.div_ceil(4) * 8;
        let code = base + halves(begins.len());
        let constants = code + halves(self.code.len());
        if constants + 8 * (self.constants.len() + slots) > SIZE {
            return None;
        }
        let address = |half: Half| match half {
            Half::Number(number) => number as usize,
            Half::Nowhere => 0,
            Half::Slot(slot) => SIZE - 8 * (1 + slot.index()),
            Half::Constant(position) => constants + 8 * position,
            Half::Code(position) => code + HALF as usize * position,
        };
        let begins = begins.iter();
        let begins = begins.map(|begin| begin.map_or(0, |begin| address(Half::Code(begin))));
        let begins: Vec<_> = begins.collect();
        let code: Vec<_> = self.code.into_iter().map(address).collect();
        let mut image: Vec<_> = begins.chunks(4).chain(code.chunks(4)).map(word).collect();
        image.extend(self.constants);
        Some(image)
    }
}

/// Whether a function does nothing but trap.
fn is_idle(function: &Function) -> bool {
    let mut blocks = function.body.blocks.iter();
    let first = blocks.next().is_some_and(|block| {
        let Block { steps, end } = block;
        steps.is_empty() && *end == End::Unreachable
    });
    first && blocks.next().is_none()
}

/// Up to four halfwords, the first one lowest.
fn word(halves: &[usize]) -> u64 {
    let shifted = halves.iter().zip([0, 16, 32, 48]);
    shifted.fold(0, |word, (half, shift)| {
        word | (*half as u64 & 0xffff) << shift
    })
}
