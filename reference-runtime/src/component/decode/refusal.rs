//! What an error of `wasmparser` means: malformed, invalid, or more than somebody has room for.
//!
//! `wasmparser` tells apart features that are missing, and nothing else; the rest is read from its
//! messages. Its own bounds on how much there is of something are not the specification's. A
//! component that passes one is unsupported, unless a rule forbids so many anyway.

use wasmparser::{BinaryReader, Error, WasmFeatures};

use crate::error::LoadError;

/// What `wasmparser` may ask for that is not switched on.
const UNSUPPORTED: [(WasmFeatures, &str); 4] = [
    (WasmFeatures::CM_VALUES, "values"),
    (WasmFeatures::CM_CANON_NAMES, "canonical interface names"),
    (WasmFeatures::CM_GC, "garbage-collected ABI"),
    (
        WasmFeatures::SHARED_EVERYTHING_THREADS,
        "shared-everything threads",
    ),
];

const TOO_MANY: LoadError = LoadError::Unsupported {
    feature: "more items than the validator has room for",
};

/// What begins the message about an item of which a valid component has few.
const FEW: [&str; 3] = ["flag names", "canonical options", "fixed-length list"];

/// The longest name that `wasmparser` reads, in bytes.
const MAX_NAME: usize = 100_000;

/// What an error in decoding `bytes` means.
pub fn of_decoder(bytes: &[u8], error: Error) -> LoadError {
    let rest = bytes.get(error.offset()..).unwrap_or_default();
    let message = error.message();
    if message.ends_with(" size is out of bounds") {
        // Each item takes a byte, so a greater count than there are bytes is wrong in any case.
        match BinaryReader::new(rest, 0).read_var_u32() {
            Ok(count) if count as usize > rest.len() => LoadError::malformed(error),
            _ if FEW.iter().any(|item| message.starts_with(item)) => LoadError::invalid(error),
            _ => TOO_MANY,
        }
    } else if message == "string size out of bounds" && rest.len() > MAX_NAME {
        TOO_MANY
    } else if message.starts_with("duplicate '") {
        // That an attribute is given at most once is a rule of validation.
        LoadError::invalid(error)
    } else {
        LoadError::malformed(error)
    }
}

/// What an error in validating a component that can be decoded means.
pub fn of_validator(error: Error) -> LoadError {
    let missing = error.missing_wasm_feature();
    let known = UNSUPPORTED
        .iter()
        .find(|(feature, _)| Some(*feature) == missing);
    if let Some((_, feature)) = known {
        return LoadError::Unsupported { feature };
    }
    let message = error.message();
    let bounds = [
        "exceeds limit of",
        "exceeds the limit of",
        "nesting is too deep",
        "implementation limit",
    ];
    let passes_bound = bounds.iter().any(|bound| message.contains(bound));
    if passes_bound && !FEW.iter().any(|item| message.starts_with(item)) {
        return TOO_MANY;
    }
    LoadError::invalid(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::ast::Component;
    use crate::component::testing::encode;

    fn load(text: &str) -> Result<(), LoadError> {
        Component::new(&encode(&format!("(component {text})"))).map(drop)
    }

    #[test]
    fn what_only_the_validator_has_no_room_for_is_unsupported() {
        let fields: String = (0..10_001)
            .map(|n| format!(r#"(field "f{n}" u8)"#))
            .collect();
        let modules = "(core module)".repeat(1_001);
        let name = format!(r#"(import "{}" (func))"#, "a".repeat(100_001));
        let mut types = "(type (list u8))".to_owned();
        for index in 0..101 {
            types += &format!("(type (list {index}))");
        }
        for text in [format!("(type (record {fields}))"), modules, name, types] {
            assert_eq!(load(&text), Err(TOO_MANY));
        }
    }

    #[test]
    fn what_may_not_be_so_many_in_any_case_is_invalid() {
        let labels: String = (0..1_001).map(|n| format!(r#""f{n}" "#)).collect();
        let options = "async ".repeat(11);
        for text in [
            format!("(type (flags {labels}))"),
            "(type (list u8 0x4000_0001))".to_owned(),
            format!(r#"(import "f" (func $f)) (core func (canon lower (func $f) {options}))"#),
        ] {
            assert!(matches!(load(&text), Err(LoadError::Invalid { .. })));
        }
    }

    #[test]
    fn a_count_that_the_bytes_cannot_hold_is_malformed() {
        let header = b"\0asm\x0d\0\x01\0".as_slice();
        let record = b"\x07\x07\x01\x72\xff\xff\xff\xff\x0f";
        let import = b"\x0a\x07\x01\0\xff\xff\xff\xff\x0f";
        for section in [record, import] {
            let loaded = Component::new(&[header, section].concat());
            assert!(
                matches!(loaded, Err(LoadError::Malformed { .. })),
                "{loaded:?}"
            );
        }
    }
}
