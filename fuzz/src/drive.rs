//! Takes whatever bytes through everything the reference does with them: loading, instantiating,
//! and calling each export.

use std::collections::BTreeMap;
use std::fmt;

use assize_reference::LoadError;
use assize_reference::abi::{StringValue, Value};
use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::types::ValType;
use assize_reference::core;
use assize_reference::explore::random::Random;
use assize_reference::machine::choice::{Deterministic, Scheduler};
use assize_reference::machine::embed::{InstantiateError, Machine, Progress};
use assize_reference::machine::limits::{Limit, Limits};
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::FuncId;
use assize_reference::machine::stop::Stop;
use assize_reference::machine::thread::CallId;

/// How far bytes got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They were not loaded.
    Refused(LoadError),
    /// They were loaded and not instantiated.
    NotInstantiated(InstantiateError),
    /// They were instantiated, and this came of calling each export.
    Called {
        /// How many calls returned or were cancelled.
        ended: usize,
        /// Why others did not.
        stopped: Vec<Stop>,
    },
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Refused(error) => write!(f, "{error}"),
            Outcome::NotInstantiated(error) => write!(f, "{error}"),
            Outcome::Called { ended, stopped } => {
                write!(f, "{ended} calls ended, {} stopped", stopped.len())
            }
        }
    }
}

/// Bounds that keep one drive short: some 10 million instructions and 16 MiB of memory.
pub fn tight_limits() -> Limits {
    Limits {
        fuel: 10_000_000,
        nesting: 256,
        handles: 4_096,
        instances: 256,
        threads: 1_000,
        elements: 1 << 18,
        core: core::Limits {
            memory_pages: 256,
            table_elements: 100_000,
            call_depth: 10_000,
            ..core::Limits::default()
        },
    }
}

/// In which schedule the machine is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// The deterministic profile.
    Deterministic,
    /// A random one, with this seed.
    Random(u64),
}

/// How the exports are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calls {
    /// Each after the one before has ended.
    InTurn,
    /// Each as soon as the one before has returned or blocked; then all go on together.
    AtOnce,
}

/// How many times the machine lets a thread go on after the exports have been called at once.
/// Threads that yield to one another need never end.
const MAX_TICKS: u32 = 10_000;

/// Loads `bytes`, instantiates them without imports, and calls each exported function with
/// arguments made up from its type.
pub fn drive(bytes: &[u8], limits: Limits, schedule: Schedule, calls: Calls) -> Outcome {
    let component = match Component::new(bytes) {
        Ok(component) => component,
        Err(error) => return Outcome::Refused(error),
    };
    let scheduler: &mut dyn Scheduler = match schedule {
        Schedule::Deterministic => &mut Deterministic,
        Schedule::Random(seed) => &mut Random::new(seed),
    };
    let mut machine = Machine::new(limits, Reading::Text);
    match machine.instantiate(&component, &BTreeMap::new(), scheduler) {
        Ok(instance) => call_exports(&mut machine, &instance, scheduler, calls),
        Err(error) => Outcome::NotInstantiated(error),
    }
}

fn call_exports(
    machine: &mut Machine,
    instance: &InstanceValue,
    scheduler: &mut dyn Scheduler,
    calls: Calls,
) -> Outcome {
    let (mut ended, mut stopped, mut open) = (0, Vec::new(), Vec::new());
    for export in instance.exports.values() {
        let Entity::Func(func) = export else {
            continue;
        };
        let ty = machine.store.func(*func).ty().clone();
        let Some(args) = ty.params.iter().map(made_up).collect() else {
            continue;
        };
        machine.refuel();
        let called = match calls {
            Calls::InTurn => machine.call(*func, args, scheduler).map(|_| ended += 1),
            Calls::AtOnce => begin(machine, *func, args, scheduler, &mut open),
        };
        stopped.extend(called.err());
    }
    if calls == Calls::AtOnce {
        stopped.extend(go_on(machine, scheduler).err());
        let outcomes = open.into_iter().map(|call| machine.take_outcome(call));
        ended += outcomes.flatten().count();
    }
    Outcome::Called { ended, stopped }
}

fn begin(
    machine: &mut Machine,
    func: FuncId,
    args: Vec<Value>,
    scheduler: &mut dyn Scheduler,
    open: &mut Vec<CallId>,
) -> Result<(), Stop> {
    open.push(machine.invoke(func, args, scheduler)?);
    Ok(())
}

/// Lets threads go on until none can.
fn go_on(machine: &mut Machine, scheduler: &mut dyn Scheduler) -> Result<(), Stop> {
    machine.refuel();
    for _ in 0..MAX_TICKS {
        if machine.step(scheduler)? == Progress::Quiescent {
            return Ok(());
        }
        machine.settle(scheduler)?;
    }
    Err(Stop::Limit(Limit::Fuel))
}

/// The longest fixed-length list that is made up.
const MAX_FIXED_LENGTH: u32 = 1_000;

/// A small value of type `ty`; none if the host cannot make one.
fn made_up(ty: &ValType) -> Option<Value> {
    Some(match ty {
        ValType::Bool => Value::Bool(true),
        ValType::S8 => Value::S8(-1),
        ValType::U8 => Value::U8(200),
        ValType::S16 => Value::S16(-2),
        ValType::U16 => Value::U16(60_000),
        ValType::S32 => Value::S32(-3),
        ValType::U32 => Value::U32(7),
        ValType::S64 => Value::S64(-4),
        ValType::U64 => Value::U64(u64::MAX),
        ValType::F32 => Value::F32(f32::NAN.to_bits() | 1),
        ValType::F64 => Value::F64(1.5_f64.to_bits()),
        ValType::Char => Value::Char('\u{10FFFF}'),
        ValType::String => Value::String(StringValue::host("aé\u{4E2D}😀")),
        ValType::List(ty) => Value::List(vec![made_up(ty)?, made_up(ty)?]),
        ValType::FixedList(ty, length) if *length <= MAX_FIXED_LENGTH => {
            Value::List(vec![made_up(ty)?; *length as usize])
        }
        ValType::Map(key, value) => {
            Value::List(vec![Value::Record(vec![made_up(key)?, made_up(value)?])])
        }
        ValType::Record(fields) => Value::Record(
            fields
                .iter()
                .map(|field| made_up(&field.ty))
                .collect::<Option<_>>()?,
        ),
        ValType::Tuple(types) => Value::Record(types.iter().map(made_up).collect::<Option<_>>()?),
        ValType::Variant(cases) => last_case(cases.len(), cases.last()?.ty.as_ref())?,
        ValType::Enum(labels) => last_case(labels.len(), None)?,
        ValType::Option(ty) => last_case(2, Some(ty))?,
        ValType::Result { error, .. } => last_case(2, error.as_deref())?,
        ValType::Flags(_) => Value::Flags(1),
        ValType::FixedList(..)
        | ValType::ErrorContext
        | ValType::Own(_)
        | ValType::Borrow(_)
        | ValType::Stream(_)
        | ValType::Future(_) => return None,
    })
}

fn last_case(cases: usize, ty: Option<&ValType>) -> Option<Value> {
    let payload = match ty {
        Some(ty) => Some(Box::new(made_up(ty)?)),
        None => None,
    };
    Some(Value::Variant {
        case: cases.checked_sub(1)? as u32,
        payload,
    })
}
