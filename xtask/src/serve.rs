//! `cargo xtask serve`: a runtime that is built in, as an adapter of its own.

use std::{io, panic, sync::Arc, thread};

use assize_harness::runtime::reference::ReferenceFactory;
use assize_harness::runtime::{self, Failure, OutcomeClass, Reading, RuntimeFactory};
use assize_protocol::{runtime::Reading as Asked, serve};

use crate::{
    Outcome,
    cli::{Revision, Serve, Served},
    conformance::named,
    error::XtaskError,
};

/// What the main thread of a program usually has is too little for deeply nested components.
const STACK: usize = 32 << 20;

/// Answers requests on standard input until there are no more.
pub fn run(arguments: &Serve) -> Result<Outcome, XtaskError> {
    let name = match arguments.runtime {
        Served::Reference => runtime::REFERENCE,
        Served::Wasmtime => runtime::WASMTIME,
    };
    let Revision::August2026 = arguments.spec;
    let factory = factory(name, arguments)?;
    let reading = arguments.reading.map(Reading::from);
    // The harness keeps the last lines, in which a panic should not be lost behind what led to it.
    panic::set_hook(Box::new(|info| eprintln!("{info}")));
    let server = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || answer(factory.as_ref(), reading))
        .map_err(XtaskError::Serve)?;
    // A panic ends the process, which is how the harness sees it.
    let served = server
        .join()
        .unwrap_or_else(|panic| panic::resume_unwind(panic));
    served.map_err(XtaskError::Serve)?;
    Ok(Outcome::AsExpected)
}

fn factory(name: &str, arguments: &Serve) -> Result<Arc<dyn RuntimeFactory>, XtaskError> {
    if name != runtime::REFERENCE {
        return Ok(named(name, None)?);
    }
    let mut reference = ReferenceFactory::default();
    if let Some(rule) = arguments.mutant {
        reference = reference.with_mutant(rule);
    }
    if let Some(seed) = arguments.seed {
        reference = reference.with_seed(seed);
    }
    Ok(Arc::new(reference))
}

fn answer(factory: &dyn RuntimeFactory, reading: Option<Reading>) -> io::Result<()> {
    let mut start = |asked| {
        let asked = match asked {
            Asked::Text => Reading::Text,
            Asked::Tests => Reading::Tests,
        };
        let runtime = factory.start(reading.unwrap_or(asked));
        runtime.map_err(|error| Failure::new(OutcomeClass::Crash, error.to_string()))
    };
    serve::serve(&mut start, io::stdin().lock(), io::stdout().lock())
}
