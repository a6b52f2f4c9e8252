//! Whether bytes follow the grammar of the binary format, and nest no deeper than is followed.
//!
//! The contents of core modules are not looked at: whoever reads the module does.
//!
//! Spec: Binary.md.

use wasmparser::{
    BinaryReader, ComponentType, ComponentTypeDeclaration, CoreType, Encoding, FromReader,
    ModuleTypeDeclaration, Payload, SectionLimited,
};

use super::{FEATURES, refusal};
use crate::error::LoadError;

/// How deep components, and how deep component and instance types, may be nested. Each level of
/// types costs levels of the stack.
const MAX_NESTING: usize = 100;

/// The version in the preamble of a core module.
const MODULE_VERSION: u16 = 1;
/// The version in the preamble of a component.
const COMPONENT_VERSION: u16 = 0x0d;

const TOO_DEEP: LoadError = LoadError::Unsupported {
    feature: "components or types nested deeper than 100",
};

/// Why a check ended.
enum Fault {
    /// Something cannot be decoded.
    Decoding(wasmparser::Error),
    /// Anything else.
    Other(LoadError),
}

impl From<wasmparser::Error> for Fault {
    fn from(error: wasmparser::Error) -> Fault {
        Fault::Decoding(error)
    }
}

impl From<LoadError> for Fault {
    fn from(error: LoadError) -> Fault {
        Fault::Other(error)
    }
}

/// Checks the whole of `bytes`.
pub fn check(bytes: &[u8]) -> Result<(), LoadError> {
    payloads(bytes).map_err(|fault| match fault {
        Fault::Decoding(error) => refusal::of_decoder(bytes, error),
        Fault::Other(error) => error,
    })
}

fn payloads(bytes: &[u8]) -> Result<(), Fault> {
    let mut depth = 0;
    let mut next = Encoding::Component;
    for payload in super::parser().parse_all(bytes) {
        match payload? {
            Payload::Version {
                num,
                encoding,
                range,
            } => {
                preamble(next, encoding, num, range.start)?;
                depth += 1;
                if depth > MAX_NESTING {
                    return Err(TOO_DEEP.into());
                }
            }
            Payload::End(_) => depth -= 1,
            Payload::ModuleSection { .. } => next = Encoding::Module,
            Payload::ComponentSection { .. } => next = Encoding::Component,
            Payload::InstanceSection(section) => items(section)?,
            Payload::CoreTypeSection(section) => each(bytes, &section, core_type)?,
            Payload::ComponentInstanceSection(section) => items(section)?,
            Payload::ComponentAliasSection(section) => items(section)?,
            Payload::ComponentTypeSection(section) => {
                each(bytes, &section, |reader| type_(reader, 0))?;
            }
            Payload::ComponentCanonicalSection(section) => items(section)?,
            Payload::ComponentImportSection(section) => items(section)?,
            Payload::ComponentExportSection(section) => items(section)?,
            Payload::UnknownSection { id, range, .. } => {
                let message = format!("no section has the number {id}");
                return Err(LoadError::Malformed {
                    offset: range.start,
                    message,
                }
                .into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Spec: Binary.md, "Component Definitions" (`preamble`).
fn preamble(expected: Encoding, found: Encoding, version: u16, at: usize) -> Result<(), LoadError> {
    let message = match (expected, found, version) {
        (Encoding::Module, Encoding::Module, MODULE_VERSION) => return Ok(()),
        (Encoding::Component, Encoding::Component, COMPONENT_VERSION) => return Ok(()),
        (Encoding::Module, Encoding::Component, _) => "a component where a core module must be",
        (Encoding::Component, Encoding::Module, _) => "a core module where a component must be",
        _ => "unknown version of the binary format",
    };
    Err(LoadError::Malformed {
        offset: at,
        message: message.to_owned(),
    })
}

fn items<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Result<(), Fault> {
    for item in section {
        item?;
    }
    Ok(())
}

/// Checks each item of a section with `check`, and then that nothing follows the last.
fn each<'a, T: FromReader<'a>>(
    bytes: &'a [u8],
    section: &SectionLimited<'a, T>,
    check: impl Fn(&mut BinaryReader<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let range = section.range();
    let contents = bytes.get(range.clone()).unwrap_or_default();
    let mut reader = BinaryReader::new_features(contents, range.start, FEATURES);
    reader.read_var_u32()?;
    for _ in 0..section.count() {
        check(&mut reader)?;
    }
    items(section.clone())
}

fn item<'a, T: FromReader<'a>>(reader: &mut BinaryReader<'a>) -> Result<(), Fault> {
    reader.read::<T>()?;
    Ok(())
}

/// A type definition. `wasmparser` reads what is nested in it without a bound, so that is read
/// level by level here first.
fn type_(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), Fault> {
    let mut inside = reader.clone();
    if !matches!(inside.read_u8()?, 0x41 | 0x42) {
        return item::<ComponentType<'_>>(reader);
    }
    if depth == MAX_NESTING {
        return Err(TOO_DEEP.into());
    }
    for _ in 0..inside.read_var_u32()? {
        decl(&mut inside, depth + 1)?;
    }
    *reader = inside;
    Ok(())
}

fn decl(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), Fault> {
    let mut inside = reader.clone();
    match inside.read_u8()? {
        0x00 => core_type(&mut inside)?,
        0x01 => type_(&mut inside, depth)?,
        _ => return item::<ComponentTypeDeclaration<'_>>(reader),
    }
    *reader = inside;
    Ok(())
}

/// A core type definition. A module type inside of a module type is decoded and then found
/// invalid, says Binary.md; `wasmparser` takes it for a type of another kind.
fn core_type(reader: &mut BinaryReader<'_>) -> Result<(), Fault> {
    let mut inside = reader.clone();
    if inside.read_u8()? != 0x50 {
        return item::<CoreType<'_>>(reader);
    }
    for _ in 0..inside.read_var_u32()? {
        let start = inside.clone();
        let decl = item::<ModuleTypeDeclaration<'_>>(&mut inside);
        if decl.is_err() && starts_module_type(start) {
            let message = "a module type cannot define a module type".to_owned();
            return Err(LoadError::Invalid {
                offset: inside.original_position(),
                message,
            }
            .into());
        }
        decl?;
    }
    *reader = inside;
    Ok(())
}

fn starts_module_type(mut decl: BinaryReader<'_>) -> bool {
    matches!((decl.read_u8(), decl.read_u8()), (Ok(0x01), Ok(0x50)))
}
