//! Wasmtime's errors as outcome classes.

use wasmtime::{Error, ThrownException, Trap, UnknownImportError};

use crate::host::Beyond;
use assize_protocol::runtime::{Failure, OutcomeClass};

/// An error of compilation. Wasmtime validates while it decodes, so what it rejects is called
/// invalid, whichever of the two found the fault.
pub(super) fn definition(error: &Error) -> Failure {
    let message = format!("{error:#}");
    let class = match unsupported(&message) {
        Some(feature)
            if error
                .downcast_ref::<wasmparser::BinaryReaderError>()
                .is_none() =>
        {
            OutcomeClass::Unsupported { feature }
        }
        _ => OutcomeClass::Invalid,
    };
    Failure::new(class, message)
}

/// What follows the words with which Wasmtime's compiler says that it lacks something.
fn unsupported(message: &str) -> Option<String> {
    let (_, feature) = message.split_once("nsupported feature: ")?;
    Some(feature.to_string())
}

/// An error of execution. Host code that implements built-ins traps with plain messages, so
/// what is not known to be something else is a trap.
pub(super) fn execution(error: &Error) -> Failure {
    Failure::new(
        class(error).unwrap_or(OutcomeClass::Trap),
        format!("{error:#}"),
    )
}

/// An error of instantiating a core module: without a trap or an import that does not fit, it is
/// a memory or table that the host does not give.
pub(super) fn core_instantiation(error: &Error) -> Failure {
    let message = format!("{error:#}");
    let class = class(error).unwrap_or_else(|| {
        let does_not_fit = message.starts_with("incompatible import type");
        if does_not_fit || error.is::<UnknownImportError>() {
            OutcomeClass::Unlinkable
        } else {
            OutcomeClass::Exhaustion
        }
    });
    Failure::new(class, message)
}

/// An error of preparing an instantiation.
pub(super) fn linking(error: &Error) -> Failure {
    Failure::new(OutcomeClass::Unlinkable, format!("{error:#}"))
}

fn class(error: &Error) -> Option<OutcomeClass> {
    if let Some(Beyond(feature)) = error.downcast_ref() {
        let feature = feature.clone();
        return Some(OutcomeClass::Unsupported { feature });
    }
    if error.is::<ThrownException>() {
        return Some(OutcomeClass::Exception);
    }
    Some(match error.downcast_ref::<Trap>()? {
        Trap::StackOverflow => OutcomeClass::Exhaustion,
        Trap::Interrupt => OutcomeClass::Timeout,
        Trap::UnhandledTag => OutcomeClass::Suspension,
        _ => OutcomeClass::Trap,
    })
}
