//! Whether bytes follow the grammar of the binary format, and nest no deeper than is followed.
//!
//! The contents of core modules are not looked at: whoever reads the module does.
//!
//! Spec: Binary.md.

use wasmparser::{
    BinaryReader, ComponentType, ComponentTypeDeclaration, ComponentTypeSectionReader, FromReader,
    Payload, SectionLimited,
};

use super::FEATURES;
use crate::component::error::LoadError;

/// How deep components, and how deep component and instance types, may be nested. Each level of
/// types costs levels of the stack.
const MAX_NESTING: usize = 100;

const TOO_DEEP: LoadError = LoadError::Unsupported {
    feature: "components or types nested deeper than 100",
};

/// Checks the whole of `bytes`.
pub fn check(bytes: &[u8]) -> Result<(), LoadError> {
    let mut depth = 0;
    for payload in super::parser().parse_all(bytes) {
        match payload.map_err(LoadError::malformed)? {
            Payload::Version { .. } if depth == MAX_NESTING => return Err(TOO_DEEP),
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::InstanceSection(section) => items(section)?,
            Payload::CoreTypeSection(section) => items(section)?,
            Payload::ComponentInstanceSection(section) => items(section)?,
            Payload::ComponentAliasSection(section) => items(section)?,
            Payload::ComponentTypeSection(section) => types(bytes, &section)?,
            Payload::ComponentCanonicalSection(section) => items(section)?,
            Payload::ComponentImportSection(section) => items(section)?,
            Payload::ComponentExportSection(section) => items(section)?,
            Payload::UnknownSection { id, range, .. } => {
                return Err(LoadError::Malformed {
                    offset: range.start,
                    message: format!("no section has the number {id}"),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn items<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Result<(), LoadError> {
    for item in section {
        item.map_err(LoadError::malformed)?;
    }
    Ok(())
}

/// Checks how deep the types of a section are nested, with a bound, before `wasmparser` reads them,
/// without one.
fn types(bytes: &[u8], section: &ComponentTypeSectionReader<'_>) -> Result<(), LoadError> {
    let range = section.range();
    let contents = bytes.get(range.clone()).unwrap_or_default();
    let mut reader = BinaryReader::new_features(contents, range.start, FEATURES);
    reader.read_var_u32().map_err(LoadError::malformed)?;
    for _ in 0..section.count() {
        type_(&mut reader, 0)?;
    }
    items(section.clone())
}

fn type_(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), LoadError> {
    let mut inside = reader.clone();
    if !matches!(inside.read_u8().map_err(LoadError::malformed)?, 0x41 | 0x42) {
        return reader
            .read::<ComponentType<'_>>()
            .map(drop)
            .map_err(LoadError::malformed);
    }
    if depth == MAX_NESTING {
        return Err(TOO_DEEP);
    }
    let count = inside.read_var_u32().map_err(LoadError::malformed)?;
    for _ in 0..count {
        decl(&mut inside, depth + 1)?;
    }
    *reader = inside;
    Ok(())
}

fn decl(reader: &mut BinaryReader<'_>, depth: usize) -> Result<(), LoadError> {
    let mut inside = reader.clone();
    if inside.read_u8().map_err(LoadError::malformed)? != 0x01 {
        let decl = reader.read::<ComponentTypeDeclaration<'_>>();
        return decl.map(drop).map_err(LoadError::malformed);
    }
    type_(&mut inside, depth)?;
    *reader = inside;
    Ok(())
}
