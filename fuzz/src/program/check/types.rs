//! Which types a program may write.
//!
//! Spec: Explainer.md, "Type Definitions"; CanonicalABI.md, "Element Size".

use std::collections::BTreeSet;

use assize_protocol::types::Type;
use assize_reference::abi::PtrType;
use assize_reference::abi::despecialize::despecialize;
use assize_reference::abi::types::Types;

use crate::program::signature::val_type;
use crate::program::{FunctionType, walk};

/// One more than the most bytes that a value may take.
const SIZE_BOUND: u64 = 1 << 28;
/// How deep types may be nested.
const MAX_DEPTH: u32 = 50;
/// The most flags that a type may have.
const MAX_FLAGS: usize = 32;

/// What is wrong with a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadType {
    /// It is nested too deeply.
    #[error("a type is nested more than {MAX_DEPTH} deep")]
    Deep,
    /// A label is none.
    #[error("`{0}` is not a label in small letters")]
    Label(String),
    /// A label occurs twice.
    #[error("the label `{0}` occurs twice")]
    Twice(String),
    /// There is nothing in it.
    #[error("a record, tuple, variant, enum, flags or list of fixed length is empty")]
    Empty,
    /// There are too many flags.
    #[error("there are {0} flags, more than {MAX_FLAGS}")]
    Flags(usize),
    /// A map's keys are of no type for keys.
    #[error("the keys of a map are not of a primitive type for keys")]
    Key,
    /// A borrowed handle stands where it cannot.
    #[error("a borrowed handle stands in a result or in a stream or future")]
    Borrow,
    /// A stream's elements cannot be characters.
    #[error("the elements of a stream are `char`")]
    CharStream,
    /// Values are too large.
    #[error("a value takes {0} bytes, not less than {SIZE_BOUND}")]
    Size(u64),
}

/// Where a type stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// In a parameter.
    Parameter,
    /// In a result, or as the type of a stream's or future's elements.
    Result,
}

/// Says whether all types of a function can be written.
pub(super) fn check_function(ty: &FunctionType) -> Result<(), BadType> {
    ty.params
        .iter()
        .try_for_each(|ty| check(ty, Position::Parameter))?;
    ty.result
        .iter()
        .try_for_each(|ty| check(ty, Position::Result))
}

/// Says whether a type can be written.
pub(super) fn check(ty: &Type, position: Position) -> Result<(), BadType> {
    check_depth(ty, MAX_DEPTH)?;
    let mut result = Ok(());
    walk(ty, &mut |part| {
        if result.is_ok() {
            result = check_part(part, position);
        }
    });
    result?;
    let ty = val_type(ty);
    match Types::new(PtrType::I64).layout(despecialize(&ty)).size {
        size if size < SIZE_BOUND => Ok(()),
        size => Err(BadType::Size(size)),
    }
}

/// Whether values of a type have addresses in them: strings, lists and maps.
pub(super) fn has_pointers(ty: &Type) -> bool {
    match ty {
        Type::String | Type::List(_) | Type::Map(..) => true,
        Type::FixedList(t, _) | Type::Option(t) => has_pointers(t),
        Type::Record(fields) => fields.iter().any(|(_, t)| has_pointers(t)),
        Type::Tuple(types) => types.iter().any(has_pointers),
        Type::Variant(cases) => cases
            .iter()
            .filter_map(|(_, t)| t.as_ref())
            .any(has_pointers),
        Type::Result(ok, error) => [ok, error].into_iter().flatten().any(|t| has_pointers(t)),
        _ => false,
    }
}

fn check_depth(ty: &Type, left: u32) -> Result<(), BadType> {
    let left = left.checked_sub(1).ok_or(BadType::Deep)?;
    match ty {
        Type::List(t) | Type::FixedList(t, _) | Type::Option(t) => check_depth(t, left),
        Type::Map(key, value) => check_depth(key, left).and_then(|()| check_depth(value, left)),
        Type::Record(fields) => fields.iter().try_for_each(|(_, t)| check_depth(t, left)),
        Type::Tuple(types) => types.iter().try_for_each(|t| check_depth(t, left)),
        Type::Variant(cases) => {
            let mut payloads = cases.iter().filter_map(|(_, t)| t.as_ref());
            payloads.try_for_each(|t| check_depth(t, left))
        }
        Type::Result(ok, error) => {
            let mut payloads = [ok, error].into_iter().flatten();
            payloads.try_for_each(|t| check_depth(t, left))
        }
        Type::Stream(Some(t)) | Type::Future(Some(t)) => check_depth(t, left),
        _ => Ok(()),
    }
}

fn check_part(part: &Type, position: Position) -> Result<(), BadType> {
    match part {
        Type::Record(fields) => labels(fields.iter().map(|(label, _)| label)),
        Type::Variant(cases) => labels(cases.iter().map(|(label, _)| label)),
        Type::Enum(names) => labels(names.iter()),
        Type::Flags(names) if names.len() > MAX_FLAGS => Err(BadType::Flags(names.len())),
        Type::Flags(names) => labels(names.iter()),
        Type::Tuple(types) if types.is_empty() => Err(BadType::Empty),
        Type::FixedList(_, 0) => Err(BadType::Empty),
        Type::Map(key, _) => match **key {
            Type::F32 | Type::F64 => Err(BadType::Key),
            _ if is_scalar(key) => Ok(()),
            _ => Err(BadType::Key),
        },
        Type::Stream(Some(t)) if **t == Type::Char => Err(BadType::CharStream),
        Type::Stream(Some(t)) | Type::Future(Some(t)) => check_part_borrows(t),
        Type::Borrow(_) if position == Position::Result => Err(BadType::Borrow),
        _ => Ok(()),
    }
}

fn check_part_borrows(element: &Type) -> Result<(), BadType> {
    let mut borrows = false;
    walk(element, &mut |t| borrows |= matches!(t, Type::Borrow(_)));
    match borrows {
        true => Err(BadType::Borrow),
        false => Ok(()),
    }
}

/// A primitive type but `error-context`.
fn is_scalar(ty: &Type) -> bool {
    use Type::{Bool, Char, F32, F64, S8, S16, S32, S64, String, U8, U16, U32, U64};
    matches!(
        ty,
        Bool | S8 | U8 | S16 | U16 | S32 | U32 | S64 | U64 | F32 | F64 | Char | String
    )
}

fn labels<'l>(labels: impl Iterator<Item = &'l String>) -> Result<(), BadType> {
    let mut seen = BTreeSet::new();
    for label in labels {
        if !is_label(label) {
            return Err(BadType::Label(label.clone()));
        }
        if !seen.insert(label) {
            return Err(BadType::Twice(label.clone()));
        }
    }
    match seen.is_empty() {
        true => Err(BadType::Empty),
        false => Ok(()),
    }
}

/// Words of small letters and digits with `-` between them, each of which begins with a letter.
pub(super) fn is_label(label: &str) -> bool {
    label.split('-').all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}
