//! Short ways to write types, and an instance to lift from and lower into, for the tests of this
//! module.

use std::sync::Arc;

use super::flatten::MAX_FLAT_PARAMS;
use super::{BorrowScope, CoreValueIter, Cx, LiftLowerOptions, PtrType, Value};
use crate::component::ast::{Rep, StringEncoding};
use crate::component::types::{Case, Field, Label, ResourceTypeId, ValType};
use crate::core::{self, MemAddr};
use crate::machine::choice::Deterministic;
use crate::machine::limits::Limits;
use crate::machine::log::Log;
use crate::machine::reading::Reading;
use crate::machine::rules::Coverage;
use crate::machine::state::{
    Caller, CanonicalOptions, ComponentInstance, Definer, InstanceId, LiftedFunc, ResourceType,
    Subtask, SubtaskId, Task, TaskId, TaskState, ThreadId,
};
use crate::machine::step::Step;
use crate::machine::stop::Stop;
use crate::machine::store::Store;

fn labels(n: usize) -> impl Iterator<Item = Label> {
    (0..n).map(|i| format!("l{i}").into())
}

pub fn list(t: ValType) -> ValType {
    ValType::List(t.into())
}

pub fn fixed(t: ValType, length: u32) -> ValType {
    ValType::FixedList(t.into(), length)
}

pub fn record<const N: usize>(types: [ValType; N]) -> ValType {
    let fields = labels(N).zip(types).map(|(label, ty)| Field { label, ty });
    ValType::Record(fields.collect())
}

pub fn variant<const N: usize>(types: [Option<ValType>; N]) -> ValType {
    let cases = labels(N).zip(types).map(|(label, ty)| Case { label, ty });
    ValType::Variant(cases.collect())
}

pub fn enumeration(n: usize) -> ValType {
    ValType::Enum(labels(n).collect())
}

pub fn flags(n: usize) -> ValType {
    ValType::Flags(labels(n).collect())
}

pub fn option(t: ValType) -> ValType {
    ValType::Option(t.into())
}

pub fn result(ok: Option<ValType>, error: Option<ValType>) -> ValType {
    ValType::Result {
        ok: ok.map(Arc::new),
        error: error.map(Arc::new),
    }
}

/// A store with one instance: its memory, a `realloc` that logs its calls, and what they answer.
pub struct Rig {
    pub store: Store,
    pub coverage: Coverage,
    pub limits: Limits,
    pub opts: LiftLowerOptions,
    log: MemAddr,
}

/// The instance of the rig.
pub const INST: InstanceId = InstanceId(0);
/// An instance beside it.
pub const OTHER: InstanceId = InstanceId(1);
/// The size of the rig's memory in bytes.
pub const MEMORY_SIZE: u64 = 64 << 16;

/// How the rig's `realloc` answers.
pub enum Answers<'a> {
    /// With new memory, to which it copies.
    Bump,
    /// With these pointers, one call after the other; it does not copy.
    Scripted(&'a [u64]),
}

impl Rig {
    /// With new memory for each allocation.
    pub fn new(ptr_type: PtrType, encoding: StringEncoding) -> Rig {
        Rig::with_answers(ptr_type, encoding, Answers::Bump)
    }

    pub fn with_answers(ptr_type: PtrType, encoding: StringEncoding, answers: Answers<'_>) -> Rig {
        let limits = Limits::default();
        let mut store = Store::new(&limits, Reading::Text);
        let module = core::Module::new(&assemble(&module_text(ptr_type, answers))).unwrap();
        let (instance, _) = store.core.instantiate(&module, &[]).unwrap();
        let memory = |name| match store.core.export(instance, name) {
            Some(core::Extern::Memory(memory)) => memory,
            other => panic!("{name} is a memory, not {other:?}"),
        };
        let (mem, log) = (memory("mem"), memory("log"));
        let Some(core::Extern::Func(realloc)) = store.core.export(instance, "realloc") else {
            panic!("`realloc` is a function");
        };
        let opts = LiftLowerOptions {
            string_encoding: encoding,
            memory: Some(mem),
            realloc: Some(realloc),
        };
        store.instances = (0..2)
            .map(|_| Arc::new(ComponentInstance::new(None)))
            .collect();
        Rig {
            store,
            coverage: Coverage::default(),
            limits,
            opts,
            log,
        }
    }

    /// What `run` gives when it works in the rig's instance.
    pub fn run<R>(&mut self, scope: BorrowScope, run: impl FnOnce(&mut Cx<'_, '_>) -> R) -> R {
        let mut step = Step {
            store: &mut self.store,
            coverage: &mut self.coverage,
            limits: &self.limits,
            mutant: None,
            scheduler: &mut Deterministic,
            events: &mut Vec::new(),
            log: &mut Log::Off,
            queue: &mut Vec::new(),
        };
        run(&mut Cx {
            step: &mut step,
            opts: self.opts,
            inst: INST,
            scope,
        })
    }

    /// Lifts the one value of type `t` from `flat`.
    pub fn lift(
        &mut self,
        scope: BorrowScope,
        t: &ValType,
        flat: &[core::Value],
    ) -> Result<Value, Stop> {
        let mut vi = CoreValueIter {
            values: flat.to_vec(),
            position: 0,
        };
        let ts = std::slice::from_ref(t);
        let mut values = self.run(scope, |cx| {
            cx.lift_flat_values(MAX_FLAT_PARAMS, &mut vi, ts)
        })?;
        assert_eq!((values.len(), vi.position), (1, flat.len()));
        Ok(values.remove(0))
    }

    /// Lowers the one value `v` of type `t`.
    pub fn lower(
        &mut self,
        scope: BorrowScope,
        t: &ValType,
        v: Value,
    ) -> Result<Vec<core::Value>, Stop> {
        let ts = std::slice::from_ref(t);
        self.run(scope, |cx| {
            cx.lower_flat_values(MAX_FLAT_PARAMS, vec![v], ts, None)
        })
    }

    /// The arguments of the calls of `realloc` so far.
    pub fn calls(&self) -> Vec<[u64; 4]> {
        let log = self.store.core.memory(self.log);
        let word = |i: u64| u64::from_le_bytes(log.load::<8>(8 * i).unwrap());
        (0..word(0))
            .map(|call| [1, 2, 3, 4].map(|i| word(4 * call + i)))
            .collect()
    }

    fn memory(&mut self) -> &mut core::Memory {
        let memory = self.opts.memory.expect("the rig has a memory");
        self.store.core.memory_mut(memory)
    }

    /// The `len` bytes at `ptr`.
    pub fn read(&mut self, ptr: u64, len: u64) -> Vec<u8> {
        let mut bytes = vec![0; len as usize];
        self.memory().read(ptr, &mut bytes).unwrap();
        bytes
    }

    pub fn write(&mut self, ptr: u64, bytes: &[u8]) {
        self.memory().write(ptr, bytes).unwrap();
    }

    /// A resource type that `inst` defines.
    pub fn resource_type(&mut self, inst: InstanceId) -> ResourceTypeId {
        Arc::make_mut(&mut self.store.resource_types).push(ResourceType {
            definer: Definer::Instance(inst),
            dtor: None,
            rep: Rep::I32,
        });
        ResourceTypeId(self.store.resource_types.len() as u32 - 1)
    }

    /// A task of the rig's instance.
    pub fn task(&mut self) -> TaskId {
        let callee = self.opts.realloc.expect("the rig has a `realloc`");
        let caller = Caller::Machine {
            args: Vec::new(),
            results: Vec::new(),
        };
        let mut task = Task::new(LiftedFunc::of_machine(callee, INST), caller, ThreadId(0));
        task.state = TaskState::Started;
        TaskId(self.store.tasks.add(task))
    }

    /// A call that the rig's instance makes.
    pub fn subtask(&mut self) -> SubtaskId {
        let (opts, args) = (CanonicalOptions::default(), CoreValueIter::default());
        SubtaskId(self.store.subtasks.add(Subtask::new(INST, opts, args)))
    }
}

fn assemble(text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text).unwrap();
    wast::parser::parse::<wast::Wat<'_>>(&buffer)
        .unwrap()
        .encode()
        .unwrap()
}

/// A module whose log holds the number of calls and then the arguments of each.
fn module_text(ptr_type: PtrType, answers: Answers<'_>) -> String {
    let (ptr, widen) = match ptr_type {
        PtrType::I32 => ("i32", "i64.extend_i32_u"),
        PtrType::I64 => ("i64", ""),
    };
    let arguments: String = (0..4)
        .map(|i| {
            let argument = format!("(local.get {i})");
            let wide = if widen.is_empty() {
                argument
            } else {
                format!("({widen} {argument})")
            };
            format!(
                "(i64.store $log offset={} (local.get $at) {wide})",
                8 + 8 * i
            )
        })
        .collect();
    let answer = match answers {
        Answers::Bump => format!(
            "(local.set $new ({ptr}.and
                ({ptr}.add (global.get $next) ({ptr}.sub (local.get $align) ({ptr}.const 1)))
                ({ptr}.sub ({ptr}.const 0) (local.get $align))))
            (global.set $next ({ptr}.add (local.get $new) (local.get $size)))
            (memory.copy $mem $mem (local.get $new) (local.get $old)
                (select (local.get $size) (local.get $old_size)
                    ({ptr}.lt_u (local.get $size) (local.get $old_size))))
            (local.get $new)"
        ),
        Answers::Scripted(answers) => answers
            .iter()
            .enumerate()
            .map(|(i, &answer)| {
                let call = 32 * i;
                let answer = format!("(return ({ptr}.const {answer}))");
                format!("(if (i32.eq (local.get $at) (i32.const {call})) (then {answer}))")
            })
            .chain(["unreachable".to_owned()])
            .collect(),
    };
    let index = if ptr_type == PtrType::I64 { "i64" } else { "" };
    format!(
        "(module
            (memory $mem (export \"mem\") {index} 64)
            (memory $log (export \"log\") 16)
            (global $next (mut {ptr}) ({ptr}.const 16))
            (func (export \"realloc\")
                (param $old {ptr}) (param $old_size {ptr}) (param $align {ptr}) (param $size {ptr})
                (result {ptr})
                (local $new {ptr}) (local $at i32)
                (local.set $at (i32.mul (i32.load $log (i32.const 0)) (i32.const 32)))
                {arguments}
                (i32.store $log (i32.const 0)
                    (i32.add (i32.load $log (i32.const 0)) (i32.const 1)))
                {answer}))"
    )
}
