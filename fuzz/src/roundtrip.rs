//! Values through the canonical ABI and back: a guest hands on what the host gives it to a function of
//! the host's that gives it back, and returns that.
//!
//! The value is lowered twice and lifted twice, as core values or through memory, whichever the type asks
//! for.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use arbitrary::Unstructured;
use assize_harness::host::{Driven, Planned, StepKind, StepOutcome};
use assize_harness::runtime::REFERENCE;
use assize_harness::value::Value;
use assize_protocol::host::HostEvent;

use crate::generate;
use crate::program::{
    Action, ActionId, Block, Body, Callee, Encoding, End, Form, Function, FunctionId, FunctionType,
    HostFunction, HostId, Import, ImportId, Instance, InstanceId, Lift, LiftForm, Memory, MemoryId,
    Operand, Options, Program, Shared, Slot, SlotId, Step, Type, VERSION,
};
use crate::subject::{Seat, Subject};
use crate::trial::{Shape, Trial};

/// How long a value may take: much longer than any does.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where a result that does not fit into core values goes, in bytes.
const RESULT: i64 = 1024;

/// What did not come back as it went.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value of type {ty}, {sent}: {what}")]
pub struct Difference {
    /// The type, as JSON.
    pub ty: String,
    /// The value, in WAVE.
    pub sent: String,
    /// What came of it.
    pub what: String,
}

/// Sends a value of chance around on the reference.
///
/// # Errors
/// [`Difference`] where it does not come back as it went.
pub fn run(u: &mut Unstructured<'_>) -> Result<(), Difference> {
    thread_local! {
        static SEAT: RefCell<Option<Seat>> = const { RefCell::new(None) };
    }
    let (ty, sent) = generate::value(u);
    let program = program(&ty, &sent);
    let difference = |what: String| Difference {
        ty: serde_json::to_string(&ty).unwrap_or_default(),
        sent: sent.clone(),
        what,
    };
    let trial = Trial::of(program, Shape::Straight);
    let trial = trial.map_err(|rejected| difference(rejected.to_string()))?;
    let planned = Planned::new(&trial.case).map_err(|error| difference(error.to_string()))?;
    SEAT.with_borrow_mut(|seat| {
        if seat.is_none() {
            let subject =
                Subject::find(REFERENCE).map_err(|error| difference(error.to_string()))?;
            *seat = Some(Seat::new(subject));
        }
        let Some(seat) = seat else { return Ok(()) };
        let driven = seat.run(&planned, Instant::now() + TIMEOUT);
        let driven = driven.map_err(|failure| difference(failure.to_string()))?;
        came_back(&planned, &driven).map_err(difference)
    })
}

/// Whether the host has seen the value, and got it back.
fn came_back(planned: &Planned, driven: &Driven) -> Result<(), String> {
    let sent = planned.steps.iter().find_map(|step| match &step.kind {
        StepKind::Start { args, .. } => Some(args),
        _ => None,
    });
    let sent: &[Value] = sent.map_or(&[], Vec::as_slice);
    let seen: Vec<_> = driven.events.iter().map(|(_, event)| event).collect();
    match &seen[..] {
        [HostEvent::Call { args, .. }] if args == sent => {}
        other => return Err(format!("on the way the host saw {other:?}")),
    }
    match driven.steps.last() {
        Some(StepOutcome::Returned(values)) if values == sent => Ok(()),
        other => Err(format!("what came back is {other:?}")),
    }
}

fn program(ty: &Type, sent: &str) -> Program {
    // In UTF-8 there is one call of `realloc` for a string. In other encodings there are more, and the one
    // that programs have does not copy.
    let options = Options {
        memory: Some(MemoryId(0)),
        encoding: Encoding::Utf8,
    };
    let function = FunctionType {
        is_async: false,
        params: vec![ty.clone()],
        result: Some(ty.clone()),
    };
    let (id, host) = (InstanceId(0), Callee::Host(HostId(0)));
    let import = Import {
        callee: host,
        form: Form::Sync,
        options,
    };
    let mut program = Program {
        version: VERSION,
        resources: Vec::new(),
        host: vec![HostFunction {
            verb: "echo".to_owned(),
            ty: function.clone(),
        }]
        .into(),
        instances: vec![Instance {
            parent: None,
            memories: vec![Memory { wide: false }],
            slots: Shared::default(),
            canons: Shared::default(),
            imports: vec![import.clone()].into(),
            functions: vec![
                Function {
                    ty: function.into(),
                    lift: Lift {
                        form: LiftForm::Sync { post_return: None },
                        options,
                    },
                    parameters: Vec::new(),
                    body: Body { blocks: Vec::new() },
                }
                .into(),
            ],
            threads: Vec::new(),
            start: None,
            realloc: None,
        }],
        actions: vec![
            Action::Start {
                instance: id,
                function: FunctionId(0),
                args: vec![sent.to_owned()],
            },
            Action::Await(ActionId(0)),
        ],
    };
    let lifted = program.lift_signature(id, &program.instances[0].functions[0]);
    let lowered = program.import_signature(id, &import);
    let count = lifted.params.len() as u32;
    let parameters: Vec<_> = (0..count).map(SlotId).collect();
    let result = lowered.result.map(|_| SlotId(count));
    let mut args: Vec<_> = parameters.iter().map(|slot| Operand::Slot(*slot)).collect();
    if lowered.params.len() > args.len() {
        args.push(Operand::Const(RESULT));
    }
    let step = Step::Call {
        import: ImportId(0),
        args,
        result,
    };
    let returned = result.map_or(Operand::Const(RESULT), Operand::Slot);
    let end = match lifted.result {
        Some(_) => End::Return(returned),
        None => End::Nothing,
    };
    let instance = &mut program.instances[0];
    instance.slots = (0..=count)
        .map(|_| Slot {
            name: "v".to_owned(),
        })
        .collect();
    let function = &mut instance.functions[0];
    function.parameters = parameters;
    function.body.blocks = vec![Block {
        steps: vec![step],
        end,
    }];
    program
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_value_comes_back_as_it_went() {
        for seed in 0..300 {
            let bytes = testing::bytes(seed, 400);
            if let Err(difference) = run(&mut Unstructured::new(&bytes)) {
                panic!("seed {seed}: {difference}");
            }
        }
    }
}
