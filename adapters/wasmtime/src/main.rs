//! Wasmtime as a process: serves the protocol on standard input and output.

use std::process::ExitCode;
use std::{io, thread};

use assize_protocol::runtime::{Failure, OutcomeClass, Runtime};
use assize_protocol::serve::serve;
use assize_wasmtime::Wasmtimes;

/// What the main thread of a program usually has is too little for deeply nested components.
const STACK: usize = 32 << 20;

fn main() -> ExitCode {
    let served = thread::Builder::new().stack_size(STACK).spawn(run);
    let ended = served.map(thread::JoinHandle::join);
    match ended {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) | Err(error) => {
            eprintln!("assize-wasmtime: {error}");
            ExitCode::FAILURE
        }
        // The panic has printed itself.
        Ok(Err(_)) => ExitCode::FAILURE,
    }
}

fn run() -> io::Result<()> {
    let wasmtimes = Wasmtimes::new().map_err(io::Error::other)?;
    let mut start = |_| {
        let runtime = wasmtimes.start();
        let runtime = runtime.map_err(|e| Failure::new(OutcomeClass::Crash, e.to_string()))?;
        Ok(Box::new(runtime) as Box<dyn Runtime>)
    };
    serve(&mut start, io::stdin().lock(), io::stdout().lock())
}
