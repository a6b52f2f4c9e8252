//! Which capabilities of a runtime a test needs.

use std::collections::BTreeSet;

use assize_protocol::case::{Action, Binary, Command};
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

/// The parts of the host world, by what the names of its functions begin with. The first that
/// fits counts.
const HOST: [(&str, &str); 17] = [
    ("trace", "host.trace"),
    ("echo", "host.trace"),
    ("pending", "host.pending"),
    ("resolve", "host.pending"),
    ("stubborn", "host.stubborn"),
    ("acknowledge", "host.stubborn"),
    ("unstarted", "host.unstarted"),
    ("start", "host.unstarted"),
    ("stream-cancel", "host.stream-cancel"),
    ("stream-give", "host.give"),
    ("future-give", "host.give"),
    ("stream-hold", "host.hold"),
    ("future-hold", "host.hold"),
    ("stream-release", "host.hold"),
    ("stream", "host.streams"),
    ("future", "host.futures"),
    ("resource", "host.resources"),
];

/// The capabilities that a test with these binaries, those that are to be accepted, and these
/// commands needs, in the order of their names.
pub(crate) fn required(
    accepted: &[&[u8]],
    binaries: &[Binary],
    commands: &[Command],
) -> Vec<String> {
    let mut required = BTreeSet::new();
    for wasm in accepted {
        required.extend(gated(wasm));
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
    let verb = |verb: &str| {
        let rest = function.strip_prefix(verb);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let found = HOST.iter().find(|(name, _)| verb(name));
    found.map(|(_, part)| *part)
}

/// The features without which a valid binary is not valid.
pub(crate) fn gated(wasm: &[u8]) -> impl Iterator<Item = &'static str> {
    let valid = |features| {
        Validator::new_with_features(features)
            .validate_all(wasm)
            .is_ok()
    };
    let all = valid(WasmFeatures::all());
    let needed = move |(_, feature): &(&str, WasmFeatures)| {
        let without = WasmFeatures::all().difference(*feature);
        all && Validator::new_with_features(without)
            .validate_all(wasm)
            .is_err()
    };
    GATED.into_iter().filter(needed).map(|(name, _)| name)
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
