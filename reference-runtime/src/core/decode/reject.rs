//! Whether a module that was refused is malformed or invalid.
//!
//! `wasmparser` decodes and validates together and its errors don't say which of the two failed.
//! The specification puts decoding first: a module is malformed if it cannot be decoded at all,
//! whatever rule of validation it breaks besides. So a module that was refused is decoded once
//! more, without validation, and what that finds wrong is malformed.

use wasmparser::{
    Encoding, Error, FromReader, FunctionBody, Operator, Payload, SectionLimited, WasmFeatures,
};

use super::parser;
use crate::error::LoadError;

/// What is wrong with `bytes`, given what stopped their validation.
pub fn classify(bytes: &[u8], error: Error) -> LoadError {
    if let Some(feature) = error.missing_wasm_feature().and_then(proposal) {
        return LoadError::Unsupported { feature };
    }
    match decode_only(bytes) {
        Err(malformed) => malformed,
        Ok(()) => LoadError::invalid(error),
    }
}

/// The name of a proposal beyond WebAssembly 3.0. Two are left out, because the suite of 3.0 asks
/// that what they add be refused: stack switching and the first version of exceptions.
fn proposal(feature: WasmFeatures) -> Option<&'static str> {
    let known = [
        (WasmFeatures::THREADS, "threads"),
        (
            WasmFeatures::SHARED_EVERYTHING_THREADS,
            "shared_everything_threads",
        ),
        (WasmFeatures::CUSTOM_PAGE_SIZES, "custom_page_sizes"),
        (WasmFeatures::CUSTOM_DESCRIPTORS, "custom_descriptors"),
        (WasmFeatures::COMPACT_IMPORTS, "compact_imports"),
        (WasmFeatures::MEMORY_CONTROL, "memory_control"),
        (WasmFeatures::WIDE_ARITHMETIC, "wide_arithmetic"),
    ];
    let found = known.into_iter().find(|(flag, _)| *flag == feature);
    found.map(|(_, name)| name)
}

fn decode_only(bytes: &[u8]) -> Result<(), LoadError> {
    let mut data_count = DataCount::Absent;
    for payload in parser().parse_all(bytes) {
        match payload.map_err(LoadError::malformed)? {
            Payload::Version {
                encoding: Encoding::Component,
                range,
                ..
            } => {
                return Err(LoadError::Malformed {
                    offset: range.start,
                    message: "a component where a module is expected".to_owned(),
                });
            }
            Payload::TypeSection(section) => items(section)?,
            Payload::ImportSection(section) => items(section)?,
            Payload::FunctionSection(section) => items(section)?,
            Payload::TableSection(section) => items(section)?,
            Payload::MemorySection(section) => items(section)?,
            Payload::TagSection(section) => items(section)?,
            Payload::GlobalSection(section) => items(section)?,
            Payload::ExportSection(section) => items(section)?,
            Payload::ElementSection(section) => items(section)?,
            Payload::DataCountSection { .. } => data_count = DataCount::Present,
            Payload::CodeSectionEntry(body) => function(&body, data_count)?,
            Payload::DataSection(section) => items(section)?,
            Payload::UnknownSection { id, range, .. } => {
                return Err(LoadError::Malformed {
                    offset: range.start,
                    message: format!("malformed section id: {id}"),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether there was a data count section. Without one, no instruction may name a data segment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DataCount {
    Absent,
    Present,
}

fn items<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Result<(), LoadError> {
    for item in section {
        item.map_err(LoadError::malformed)?;
    }
    Ok(())
}

fn function(body: &FunctionBody<'_>, data_count: DataCount) -> Result<(), LoadError> {
    for local in body.get_locals_reader().map_err(LoadError::malformed)? {
        local.map_err(LoadError::malformed)?;
    }
    let mut operators = body.get_operators_reader().map_err(LoadError::malformed)?;
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset().map_err(LoadError::malformed)?;
        let names_data = matches!(
            operator,
            Operator::MemoryInit { .. }
                | Operator::DataDrop { .. }
                | Operator::ArrayNewData { .. }
                | Operator::ArrayInitData { .. }
        );
        if names_data && data_count == DataCount::Absent {
            return Err(LoadError::Malformed {
                offset,
                message: "data count section required".to_owned(),
            });
        }
    }
    operators.finish().map_err(LoadError::malformed)
}
