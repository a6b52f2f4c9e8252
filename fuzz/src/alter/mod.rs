//! Components of tests, changed in small ways that keep them valid: statements taken out, doubled and
//! swapped, built-ins called once more or instead of others, constants and options changed.
//!
//! A test that somebody wrote stands at a place that is worth looking at. What lies one change away
//! from it, nobody wrote.

mod canons;
mod code;
mod feed;

use std::ops::Range;

use arbitrary::{Arbitrary, Unstructured};
use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

pub use feed::AlteredTests;

use crate::splice::{Layout, Splice};

/// The most changes that are made at once.
const CHANGES: usize = 4;

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum AlterError {
    /// The binary was not valid before.
    #[error("not a valid component: {0}")]
    Invalid(#[from] wasmparser::BinaryReaderError),
    /// It has nothing that could be changed.
    #[error("the component has no code and no built-in that could be changed")]
    Nothing,
    /// What would come of it is not valid.
    #[error("the changed component is not valid: {0}")]
    Broken(wasmparser::BinaryReaderError),
    /// There were too few bytes to choose by.
    #[error("{0}")]
    Choices(#[from] arbitrary::Error),
}

/// A place where something can be changed.
enum Site {
    /// A statement: instructions that leave the stack as it was.
    Statement(Range<usize>),
    /// Two statements, one after the other.
    Pair(Range<usize>, usize),
    /// A constant.
    Constant(code::Constant, Range<usize>),
    /// A call, with the functions of the same type.
    Call(Range<usize>, Vec<u32>),
    /// A place between statements, with what can be called there.
    Gap(usize, std::rc::Rc<code::Callable>),
    /// A byte of a canonical definition, with what it can be.
    Byte(usize, Vec<u8>),
}

/// Changes a component in one to four places.
///
/// # Errors
/// [`AlterError`]; the most frequent is [`AlterError::Broken`], since a change may take away what
/// another part of the component needs.
pub fn alter(wasm: &[u8], u: &mut Unstructured<'_>) -> Result<Vec<u8>, AlterError> {
    let sites = survey(wasm)?;
    if sites.is_empty() {
        return Err(AlterError::Nothing);
    }
    let mut splices: Vec<Splice> = Vec::new();
    for _ in 0..u.int_in_range(1..=CHANGES)? {
        let splice = change(&sites[u.choose_index(sites.len())?], wasm, u)?;
        if splices.iter().all(|other| !other.overlaps(&splice)) {
            splices.push(splice);
        }
    }
    splices.sort_by_key(|splice| splice.range.start);
    let layout = Layout::of(wasm).ok_or(AlterError::Nothing)?;
    let altered = layout.write(wasm, &splices);
    match Validator::new_with_features(WasmFeatures::all()).validate_all(&altered) {
        Ok(_) => Ok(altered),
        Err(error) => Err(AlterError::Broken(error)),
    }
}

/// Everything that can be changed.
fn survey(wasm: &[u8]) -> Result<Vec<Site>, AlterError> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut sites = Vec::new();
    let mut imported = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::Version { .. } => imported.push(0),
            Payload::End(_) => drop(imported.pop()),
            Payload::ImportSection(imports) => {
                let functions = imports.clone().into_imports().filter(|import| {
                    let ty = import.as_ref().map(|import| import.ty);
                    matches!(
                        ty,
                        Ok(wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_))
                    )
                });
                if let Some(count) = imported.last_mut() {
                    *count = functions.count() as u32;
                }
            }
            Payload::ComponentCanonicalSection(canons) => canons::survey(canons, wasm, &mut sites)?,
            _ => {}
        }
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let imported = imported.last().copied().unwrap_or(0);
            let validator = function.into_validator(Default::default());
            code::survey(validator, &body, imported, &mut sites)?;
        }
    }
    Ok(sites)
}

/// One of the changes that can be made at a site.
fn change(site: &Site, wasm: &[u8], u: &mut Unstructured<'_>) -> arbitrary::Result<Splice> {
    Ok(match site {
        Site::Statement(range) => {
            let text = &wasm[range.clone()];
            match bool::arbitrary(u)? {
                true => Splice::replace(range.clone(), Vec::new()),
                false => Splice::replace(range.clone(), [text, text].concat()),
            }
        }
        Site::Pair(range, middle) => {
            let (first, second) = (&wasm[range.start..*middle], &wasm[*middle..range.end]);
            Splice::replace(range.clone(), [second, first].concat())
        }
        Site::Constant(constant, range) => {
            Splice::replace(range.clone(), code::other_constant(*constant, u)?)
        }
        Site::Call(range, others) => {
            let call = wasm_encoder::Instruction::Call(*u.choose(others)?);
            Splice::replace(range.clone(), code::encoded(&[call]))
        }
        Site::Gap(at, callable) => Splice::replace(*at..*at, code::new_call(callable, u)?),
        Site::Byte(at, others) => Splice::replace(*at..at + 1, vec![*u.choose(others)?]),
    })
}

#[cfg(test)]
mod tests;
