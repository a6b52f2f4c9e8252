//! Where values lie in memory: alignment and size.
//!
//! The rules are those of [`Layout`]: they make the layout of a type from the layouts of its parts,
//! and do not ask how types are written down. Lifting and lowering follow them over the types of a
//! running machine ([`Types::layout`]), validation over definitions as it reads them.
//!
//! All numbers are in bytes. Sizes saturate, so that a type too large for validation is still only
//! a type too large for any memory. The recursion is as deep as types are nested, which validation
//! bounds.
//!
//! Spec: CanonicalABI.md, "Alignment" and "Element Size".

use super::PtrType;
use super::despecialize::{Cases, Fields, Labels, Scalar, Type, despecialize};
use super::types::{Node, Types};

/// The alignment and size of a value in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// A power of two: 1, 2, 4 or 8.
    pub align: u64,
    /// Spec: `elem_size`.
    pub size: u64,
}

/// The integer that says which case a variant is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Discriminant {
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
}

impl Layout {
    /// An index into a handle table.
    pub const HANDLE: Layout = Layout::scalar(4);

    /// A scalar, which is aligned to its size.
    pub const fn scalar(size: u64) -> Layout {
        Layout { align: size, size }
    }

    /// An address and a length: a string, or a list of any length.
    pub fn pointer_pair(ptr_type: PtrType) -> Layout {
        let size = ptr_type.size();
        Layout {
            align: size,
            size: 2 * size,
        }
    }

    /// So many elements one after the other.
    pub fn fixed_list(element: Layout, length: u32) -> Layout {
        Layout {
            align: element.align,
            size: element.size.saturating_mul(length.into()),
        }
    }

    /// Fields one after the other, each where its alignment allows it.
    pub fn record(fields: impl Iterator<Item = Layout>) -> Layout {
        let (mut align, mut end) = (1, 0);
        for field in fields {
            align = align.max(field.align);
            end = align_to(end, field.align).saturating_add(field.size);
        }
        Layout {
            align,
            size: align_to(end, align),
        }
    }

    /// What says which of `cases` cases it is, and then room for the payload.
    pub fn variant(cases: usize, payload: Layout) -> Layout {
        let disc = discriminant_type(cases).size();
        let align = payload.align.max(disc);
        let end = align_to(disc, payload.align).saturating_add(payload.size);
        Layout {
            align,
            size: align_to(end, align),
        }
    }

    /// Room for any one of `payloads`: the largest alignment and the largest size.
    pub fn payload(payloads: impl Iterator<Item = Layout>) -> Layout {
        payloads.fold(Layout { align: 1, size: 0 }, |room, payload| Layout {
            align: room.align.max(payload.align),
            size: room.size.max(payload.size),
        })
    }
}

impl Discriminant {
    /// In bytes; also the alignment.
    pub fn size(self) -> u64 {
        match self {
            Discriminant::U8 => 1,
            Discriminant::U16 => 2,
            Discriminant::U32 => 4,
        }
    }
}

/// The first multiple of `align`, a power of two, from `offset` on; saturates.
pub fn align_to(offset: u64, align: u64) -> u64 {
    offset.checked_next_multiple_of(align).unwrap_or(u64::MAX)
}

/// Of a variant of so many cases. Spec: CanonicalABI.md, "Alignment", `discriminant_type`.
pub fn discriminant_type(cases: usize) -> Discriminant {
    match cases {
        ..=0x100 => Discriminant::U8,
        0x101..=0x1_0000 => Discriminant::U16,
        _ => Discriminant::U32,
    }
}

/// How many bytes the flags take. Spec: CanonicalABI.md, "Element Size", `elem_size_flags`.
pub fn elem_size_flags(labels: Labels) -> u64 {
    match labels.0 {
        ..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

/// In bytes; also the alignment.
pub fn scalar_size(t: Scalar<'_>) -> u64 {
    match t {
        Scalar::Bool | Scalar::S8 | Scalar::U8 => 1,
        Scalar::S16 | Scalar::U16 => 2,
        Scalar::S32 | Scalar::U32 | Scalar::F32 | Scalar::Char => 4,
        Scalar::S64 | Scalar::U64 | Scalar::F64 => 8,
        Scalar::Flags(labels) => elem_size_flags(labels),
        Scalar::ErrorContext | Scalar::Own(_) | Scalar::Borrow(_) => Layout::HANDLE.size,
        Scalar::Stream(_) | Scalar::Future(_) => Layout::HANDLE.size,
    }
}

impl<'t> Types<'t> {
    /// Spec: CanonicalABI.md, "Alignment" and "Element Size", `alignment` and `elem_size`.
    pub fn layout(&mut self, t: Type<'t>) -> Layout {
        let Some(node) = Node::of(t) else {
            return self.compute_layout(t);
        };
        if let Some(layout) = self.layouts.get(&node) {
            return *layout;
        }
        let layout = self.compute_layout(t);
        self.layouts.insert(node, layout);
        layout
    }

    /// How far the payload is from the start of a variant.
    pub fn payload_offset(&mut self, cases: Cases<'t>) -> u64 {
        let disc = discriminant_type(cases.len()).size();
        let Some(node) = Node::of(Type::Variant(cases)) else {
            return disc;
        };
        if let Some(offset) = self.payload_offsets.get(&node) {
            return *offset;
        }
        let offset = align_to(disc, self.payload_layout(cases).align);
        self.payload_offsets.insert(node, offset);
        offset
    }

    fn compute_layout(&mut self, t: Type<'t>) -> Layout {
        match t {
            Type::Scalar(scalar) => Layout::scalar(scalar_size(scalar)),
            Type::String | Type::List(_) => Layout::pointer_pair(self.ptr_type()),
            Type::FixedList(element, length) => {
                Layout::fixed_list(self.layout(despecialize(element)), length)
            }
            Type::Record(fields) => self.record_layout(fields),
            Type::Variant(cases) => Layout::variant(cases.len(), self.payload_layout(cases)),
        }
    }

    fn record_layout(&mut self, fields: Fields<'t>) -> Layout {
        self.visited += fields.len() as u64;
        Layout::record(fields.types().map(|t| self.layout(t)))
    }

    fn payload_layout(&mut self, cases: Cases<'t>) -> Layout {
        self.visited += cases.payload_slots() as u64;
        Layout::payload(cases.payloads().map(|t| self.layout(t)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::abi::PtrType;
    use crate::abi::testing::{enumeration, fixed, flags, list, option, record, result, variant};
    use crate::component::types::ValType;

    fn layout(t: &ValType, ptr_type: PtrType) -> (u64, u64) {
        let Layout { align, size } = Types::new(ptr_type).layout(despecialize(t));
        (align, size)
    }

    #[test]
    fn layouts_are_those_computed_by_hand() {
        use ValType::*;
        // A type, and its alignment and size with 32-bit pointers and with 64-bit pointers.
        let table = [
            (Bool, (1, 1), (1, 1)),
            (S16, (2, 2), (2, 2)),
            (F32, (4, 4), (4, 4)),
            (Char, (4, 4), (4, 4)),
            (U64, (8, 8), (8, 8)),
            (String, (4, 8), (8, 16)),
            (ErrorContext, (4, 4), (4, 4)),
            (list(U64), (4, 8), (8, 16)),
            (Map(Arc::new(U8), Arc::new(U64)), (4, 8), (8, 16)),
            (fixed(U16, 5), (2, 10), (2, 10)),
            (fixed(String, 3), (4, 24), (8, 48)),
            // 0, 4..8, 8 and two of padding at the end
            (record([U8, U32, U16]), (4, 12), (4, 12)),
            (record([U8, U8, U16]), (2, 4), (2, 4)),
            (record([U8, String]), (4, 12), (8, 24)),
            (Tuple([U64, U8].into()), (8, 16), (8, 16)),
            (record([record([U8, U16]), U8]), (2, 6), (2, 6)),
            (fixed(record([U32, U8]), 2), (4, 16), (4, 16)),
            (enumeration(1), (1, 1), (1, 1)),
            (enumeration(256), (1, 1), (1, 1)),
            (enumeration(257), (2, 2), (2, 2)),
            (enumeration(65_536), (2, 2), (2, 2)),
            (enumeration(65_537), (4, 4), (4, 4)),
            (option(U8), (1, 2), (1, 2)),
            (option(U64), (8, 16), (8, 16)),
            (option(String), (4, 12), (8, 24)),
            (result(None, None), (1, 1), (1, 1)),
            (result(Some(U16), Some(F32)), (4, 8), (4, 8)),
            // The payloads decide alignment (4) and size (6) separately.
            (
                variant([None, Some(U32), Some(fixed(U16, 3))]),
                (4, 12),
                (4, 12),
            ),
            (flags(1), (1, 1), (1, 1)),
            (flags(8), (1, 1), (1, 1)),
            (flags(9), (2, 2), (2, 2)),
            (flags(16), (2, 2), (2, 2)),
            (flags(17), (4, 4), (4, 4)),
            (flags(32), (4, 4), (4, 4)),
            (Stream(None), (4, 4), (4, 4)),
        ];
        for (t, narrow, wide) in table {
            assert_eq!(layout(&t, PtrType::I32), narrow, "{t:?}");
            assert_eq!(layout(&t, PtrType::I64), wide, "{t:?}");
        }
    }

    #[test]
    fn the_payload_starts_where_the_most_aligned_payload_may() {
        let t = variant([Some(ValType::U8), Some(ValType::U64)]);
        let Type::Variant(cases) = despecialize(&t) else {
            panic!("a variant is a variant");
        };
        let mut types = Types::new(PtrType::I32);
        assert_eq!(
            (types.payload_offset(cases), types.payload_offset(cases)),
            (8, 8)
        );
    }

    #[test]
    fn a_type_is_visited_once_however_often_it_occurs() {
        let mut t = ValType::U8;
        for _ in 0..27 {
            let half = Arc::new(t);
            t = fixed_pair(&half);
        }
        assert_eq!(layout(&t, PtrType::I32), (1, 1 << 27));

        let mut t = ValType::U8;
        for _ in 0..90 {
            t = variant([Some(t.clone()), Some(t.clone()), Some(t)]);
        }
        assert_eq!(layout(&t, PtrType::I32), (1, 91));
    }

    fn fixed_pair(half: &Arc<ValType>) -> ValType {
        let half = ValType::FixedList(half.clone(), 1);
        ValType::Tuple([half.clone(), half].into())
    }

    #[test]
    fn sizes_past_what_can_be_counted_stay_the_largest_number() {
        let mut t = ValType::U64;
        for _ in 0..3 {
            t = fixed(t, u32::MAX);
        }
        assert_eq!(
            layout(&record([ValType::U8, t]), PtrType::I32),
            (8, u64::MAX)
        );
    }
}
