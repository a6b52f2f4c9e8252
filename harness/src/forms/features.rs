//! Which capabilities of a runtime a test needs.

use std::collections::BTreeSet;

use assize_protocol::case::{Action, Binary, Command};
use assize_reference::component::ast::Channel;
use assize_reference::host::Verb;
use wasmparser::{Validator, WasmFeatures};

/// The parts of the specification behind a gate, by the names that runtimes give them. A test
/// needs those without which one of its binaries is not valid.
const GATED: [(&str, WasmFeatures); 10] = [
    ("async", WasmFeatures::CM_ASYNC),
    ("async-builtins", WasmFeatures::CM_MORE_ASYNC_BUILTINS),
    ("stackful", WasmFeatures::CM_ASYNC_STACKFUL),
    ("threads", WasmFeatures::CM_THREADING),
    ("error-context", WasmFeatures::CM_ERROR_CONTEXT),
    ("fixed-length-lists", WasmFeatures::CM_FIXED_LENGTH_LISTS),
    ("map", WasmFeatures::CM_MAP),
    ("implements", WasmFeatures::CM_IMPLEMENTS),
    ("memory64", WasmFeatures::CM64),
    ("exceptions", WasmFeatures::EXCEPTIONS),
];

/// The capabilities that a test with these binaries, those that are to be accepted, and these
/// commands needs, in the order of their names.
pub(super) fn required(
    accepted: &[&[u8]],
    binaries: &[Binary],
    commands: &[Command],
) -> Vec<String> {
    let mut required = BTreeSet::new();
    for wasm in accepted {
        required.extend(gated(wasm, |_| true));
    }
    let functions = binaries.iter().flat_map(|binary| &binary.host);
    required.extend(functions.filter_map(|function| host_part(&function.name)));
    for command in commands {
        match command.action {
            Action::Await { .. } => required.insert("concurrent-calls"),
            Action::Cancel { .. } => required.insert("call-cancel"),
            _ => false,
        };
    }
    required.into_iter().map(str::to_owned).collect()
}

/// The part of the host world that a function belongs to.
pub(crate) fn host_part(function: &str) -> Option<&'static str> {
    Some(match Verb::of(function)? {
        Verb::Trace | Verb::Echo => "host.trace",
        Verb::Pending | Verb::Resolve => "host.pending",
        Verb::Stubborn | Verb::Acknowledge => "host.stubborn",
        Verb::Unstarted | Verb::Start => "host.unstarted",
        Verb::Cancel(Channel::Stream) => "host.stream-cancel",
        Verb::Give(_) => "host.give",
        Verb::Hold(_) | Verb::Release(_) => "host.hold",
        Verb::New(channel)
        | Verb::Take(channel)
        | Verb::Read(channel)
        | Verb::Write(channel)
        | Verb::Cancel(channel)
        | Verb::Drop(channel) => match channel {
            Channel::Stream => "host.streams",
            Channel::Future => "host.futures",
        },
        Verb::ResourceNew | Verb::ResourceRep | Verb::ResourceTake => "host.resources",
    })
}

/// The features, of those that `asked` is true for, without which a valid binary is not valid.
pub(crate) fn gated(
    wasm: &[u8],
    asked: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &'static str> {
    let valid = |features| {
        Validator::new_with_features(features)
            .validate_all(wasm)
            .is_ok()
    };
    let asked = GATED.into_iter().filter(move |(name, _)| asked(name));
    let needed = move |(_, feature): &(&str, WasmFeatures)| {
        let without = WasmFeatures::all().difference(*feature);
        !valid(without) && valid(WasmFeatures::all())
    };
    asked.filter(needed).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_needs_what_it_is_not_valid_without() {
        let text = "(component (import \"f\" (func async (result error-context))))";
        let buffer = wast::parser::ParseBuffer::new(text).unwrap();
        let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).unwrap();
        let wasm = wat.encode().unwrap();
        assert_eq!(required(&[&wasm], &[], &[]), ["async", "error-context"]);
    }
}
