//! How values lie in a memory with 64-bit pointers. Sizes saturate: they are compared with a bound
//! that is much smaller.
//!
//! Spec: CanonicalABI.md, "Alignment" and "Element Size".

use crate::component::ast::Primitive;

/// How a value lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// In bytes, or `u64::MAX` if there are more.
    pub size: u64,
    /// In bytes; a power of two.
    pub align: u64,
}

impl Layout {
    /// An address and a length.
    pub const POINTER_PAIR: Layout = Layout { size: 16, align: 8 };
    /// An index into a handle table.
    pub const HANDLE: Layout = Layout::scalar(4);

    /// A number of that many bytes.
    pub const fn scalar(size: u64) -> Layout {
        Layout { size, align: size }
    }

    /// A value of a primitive type.
    pub fn primitive(primitive: Primitive) -> Layout {
        match primitive {
            Primitive::Bool | Primitive::S8 | Primitive::U8 => Layout::scalar(1),
            Primitive::S16 | Primitive::U16 => Layout::scalar(2),
            Primitive::S32 | Primitive::U32 | Primitive::F32 | Primitive::Char => Layout::scalar(4),
            Primitive::S64 | Primitive::U64 | Primitive::F64 => Layout::scalar(8),
            Primitive::String => Layout::POINTER_PAIR,
            Primitive::ErrorContext => Layout::HANDLE,
        }
    }

    /// `length` values of one type.
    pub fn array(element: Layout, length: u32) -> Layout {
        Layout {
            size: element.size.saturating_mul(length.into()),
            ..element
        }
    }

    /// Fields one after the other.
    pub fn record(fields: impl Iterator<Item = Layout>) -> Layout {
        let mut layout = Layout { size: 0, align: 1 };
        for field in fields {
            layout.size = align_to(layout.size, field.align).saturating_add(field.size);
            layout.align = layout.align.max(field.align);
        }
        Layout {
            size: align_to(layout.size, layout.align),
            ..layout
        }
    }

    /// One of `cases` cases, of which some have payloads.
    pub fn variant(cases: usize, payloads: impl Iterator<Item = Layout>) -> Layout {
        let discriminant = match cases {
            ..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        };
        let payload = payloads.fold(Layout { size: 0, align: 1 }, |most, payload| Layout {
            size: most.size.max(payload.size),
            align: most.align.max(payload.align),
        });
        let align = payload.align.max(discriminant);
        let size = align_to(discriminant, payload.align).saturating_add(payload.size);
        Layout {
            size: align_to(size, align),
            align,
        }
    }

    /// That many flags.
    pub fn flags(count: usize) -> Layout {
        Layout::scalar(match count {
            ..=8 => 1,
            9..=16 => 2,
            _ => 4,
        })
    }
}

/// The next multiple of `align`.
fn align_to(size: u64, align: u64) -> u64 {
    size.checked_next_multiple_of(align).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_padded_between_its_fields_and_at_its_end() {
        let fields = [1, 4, 2].map(Layout::scalar);
        assert_eq!(
            Layout::record(fields.into_iter()),
            Layout { size: 12, align: 4 }
        );
    }

    #[test]
    fn a_variant_aligns_its_payload_after_a_discriminant_of_the_size_it_needs() {
        let payload = || [Layout::scalar(8)].into_iter();
        assert_eq!(Layout::variant(2, payload()), Layout { size: 16, align: 8 });
        assert_eq!(Layout::variant(256, [].into_iter()), Layout::scalar(1));
        assert_eq!(Layout::variant(257, [].into_iter()), Layout::scalar(2));
        assert_eq!(Layout::variant(65_537, [].into_iter()), Layout::scalar(4));
    }

    #[test]
    fn a_size_beyond_all_bounds_saturates() {
        let huge = (0..10).fold(Layout::scalar(8), |layout, _| {
            Layout::array(layout, u32::MAX)
        });
        let pair = [huge, huge].into_iter();
        assert_eq!(
            Layout::record(pair),
            Layout {
                size: u64::MAX,
                align: 8
            }
        );
    }
}
