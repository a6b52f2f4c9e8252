//! Types as a core module sees them: sizes, alignments, and flat core types.
//!
//! Spec: CanonicalABI.md, "Alignment", "Element Size", "Flattening".

use assize_protocol::types::Type;

/// How many core values the parameters of a function are passed as, and not through memory.
pub(super) const MAX_FLAT_PARAMS: usize = 16;

/// A type that has handles has no place in a command: who holds them can do more with them than
/// compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HasHandles;

/// How much room a value takes in memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) size: u32,
    pub(super) align: u32,
}

impl Layout {
    pub(super) fn scalar(size: u32) -> Layout {
        Layout { size, align: size }
    }

    /// Two pointers: where, and how many.
    pub(super) const RANGE: Layout = Layout { size: 8, align: 4 };

    /// One after the other.
    pub(super) fn sequence(parts: impl IntoIterator<Item = Layout>) -> Layout {
        let mut whole = Layout { size: 0, align: 1 };
        for part in parts {
            whole.size = align(whole.size, part.align).saturating_add(part.size);
            whole.align = whole.align.max(part.align);
        }
        whole.size = align(whole.size, whole.align);
        whole
    }
}

/// The next multiple of `to`.
pub(super) fn align(offset: u32, to: u32) -> u32 {
    offset.checked_next_multiple_of(to).unwrap_or(u32::MAX)
}

/// A core value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CoreType {
    I32,
    I64,
    F32,
    F64,
}

impl CoreType {
    /// Its name in the text format.
    pub(super) fn name(self) -> &'static str {
        match self {
            CoreType::I32 => "i32",
            CoreType::I64 => "i64",
            CoreType::F32 => "f32",
            CoreType::F64 => "f64",
        }
    }

    /// The type that holds what either of two cases has.
    fn join(self, other: CoreType) -> CoreType {
        use CoreType::{F32, I32, I64};
        match (self, other) {
            (one, two) if one == two => one,
            (I32, F32) | (F32, I32) => I32,
            _ => I64,
        }
    }
}

/// A type without its sugar.
pub(super) enum Shape<'t> {
    /// So many bytes, passed as this core type.
    Scalar(u32, CoreType),
    /// A string.
    Text,
    /// A list of elements of this type.
    List(&'t Type),
    /// A list of pairs.
    Map(&'t Type, &'t Type),
    /// Fields, one after the other.
    Fields(Vec<&'t Type>),
    /// Cases, each with a payload or without.
    Cases(Vec<Option<&'t Type>>),
}

/// The shape of a type.
pub(super) fn shape(ty: &Type) -> Result<Shape<'_>, HasHandles> {
    use CoreType::{F32, F64, I32, I64};
    Ok(match ty {
        Type::Bool | Type::S8 | Type::U8 => Shape::Scalar(1, I32),
        Type::S16 | Type::U16 => Shape::Scalar(2, I32),
        Type::S32 | Type::U32 | Type::Char => Shape::Scalar(4, I32),
        Type::S64 | Type::U64 => Shape::Scalar(8, I64),
        Type::F32 => Shape::Scalar(4, F32),
        Type::F64 => Shape::Scalar(8, F64),
        Type::String => Shape::Text,
        Type::List(t) => Shape::List(t),
        Type::Map(key, value) => Shape::Map(key, value),
        Type::FixedList(t, length) => Shape::Fields(vec![t; *length as usize]),
        Type::Record(fields) => Shape::Fields(fields.iter().map(|(_, ty)| ty).collect()),
        Type::Tuple(types) => Shape::Fields(types.iter().collect()),
        Type::Variant(cases) => Shape::Cases(cases.iter().map(|(_, ty)| ty.as_ref()).collect()),
        Type::Enum(names) => Shape::Cases(vec![None; names.len()]),
        Type::Option(t) => Shape::Cases(vec![None, Some(t)]),
        Type::Result(ok, error) => Shape::Cases(vec![ok.as_deref(), error.as_deref()]),
        Type::Flags(names) => Shape::Scalar(flags_size(names.len()), I32),
        Type::ErrorContext | Type::Own(_) | Type::Borrow(_) | Type::Stream(_) | Type::Future(_) => {
            return Err(HasHandles);
        }
    })
}

fn flags_size(count: usize) -> u32 {
    match count {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

/// How many bytes tell one of so many cases from the others.
pub(super) fn discriminant_size(cases: usize) -> u32 {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// Where the payload of a variant with these cases is, from the variant's address.
pub(super) fn payload_offset(cases: &[Option<&Type>]) -> Result<u32, HasHandles> {
    Ok(align(discriminant_size(cases.len()), payload(cases)?.align))
}

/// The room for any of the payloads.
fn payload(cases: &[Option<&Type>]) -> Result<Layout, HasHandles> {
    let mut room = Layout { size: 0, align: 1 };
    for ty in cases.iter().flatten() {
        let case = layout(ty)?;
        room.size = room.size.max(case.size);
        room.align = room.align.max(case.align);
    }
    Ok(room)
}

/// The layout of a type.
pub(super) fn layout(ty: &Type) -> Result<Layout, HasHandles> {
    Ok(match shape(ty)? {
        Shape::Scalar(size, _) => Layout::scalar(size),
        Shape::Text => Layout::RANGE,
        Shape::List(t) => layout(t).map(|_| Layout::RANGE)?,
        Shape::Map(key, value) => {
            layout(key)?;
            layout(value).map(|_| Layout::RANGE)?
        }
        Shape::Fields(types) => Layout::sequence(layouts(&types)?),
        Shape::Cases(cases) => {
            let payload = payload(&cases)?;
            Layout::sequence([Layout::scalar(discriminant_size(cases.len())), payload])
        }
    })
}

/// The layouts of some types.
pub(super) fn layouts(types: &[&Type]) -> Result<Vec<Layout>, HasHandles> {
    types.iter().map(|ty| layout(ty)).collect()
}

/// The core values that a value of a type is passed as.
pub(super) fn flat(ty: &Type) -> Result<Vec<CoreType>, HasHandles> {
    Ok(match shape(ty)? {
        Shape::Scalar(_, core) => vec![core],
        Shape::Text | Shape::List(_) | Shape::Map(..) => vec![CoreType::I32; 2],
        Shape::Fields(types) => {
            let mut flats = Vec::new();
            for ty in types {
                flats.extend(flat(ty)?);
            }
            flats
        }
        Shape::Cases(cases) => {
            let mut flats = vec![CoreType::I32];
            flats.extend(joined(&cases)?);
            flats
        }
    })
}

/// The core values that hold the payload of any of these cases.
pub(super) fn joined(cases: &[Option<&Type>]) -> Result<Vec<CoreType>, HasHandles> {
    let mut joined: Vec<CoreType> = Vec::new();
    for ty in cases.iter().flatten() {
        for (position, core) in flat(ty)?.into_iter().enumerate() {
            match joined.get_mut(position) {
                Some(known) => *known = known.join(core),
                None => joined.push(core),
            }
        }
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_has_room_for_every_payload_behind_its_discriminant() {
        let ty = Type::Variant(vec![
            ("a".to_owned(), Some(Type::U64)),
            ("b".to_owned(), Some(Type::F32)),
            ("c".to_owned(), None),
        ]);
        assert_eq!(layout(&ty), Ok(Layout { size: 16, align: 8 }));
        assert_eq!(flat(&ty), Ok(vec![CoreType::I32, CoreType::I64]));
    }

    #[test]
    fn a_record_ends_at_a_multiple_of_its_alignment() {
        let ty = Type::Tuple(vec![Type::U8, Type::String, Type::U16]);
        assert_eq!(layout(&ty), Ok(Layout { size: 16, align: 4 }));
        assert_eq!(flat(&ty).map(|flats| flats.len()), Ok(4));
    }

    #[test]
    fn handles_anywhere_in_a_type_are_found() {
        let ty = Type::List(Box::new(Type::Option(Box::new(Type::Own("r".to_owned())))));
        assert_eq!(layout(&ty), Err(HasHandles));
    }
}
