//! Values, written to memory.
//!
//! The recursion is as deep as types are nested, which validation bounds.
//!
//! Spec: CanonicalABI.md, "Storing".

use super::Cx;
use super::despecialize::{Cases, Fields, Type, despecialize};
use super::layout::{Layout, align_to, discriminant_type, scalar_size};
use super::types::Types;
use super::value::Value;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

/// What lowering a value ends in that is not of the type that it is lowered with. Values of guests
/// always are, since the types of a caller and its callee agree, unless a rule is turned round.
pub(super) const MISTYPED: Stop = Stop::Broken;

impl Cx<'_, '_> {
    /// Stores `v` of type `t` at `ptr`, which is aligned for `t`.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store`.
    pub(super) fn store<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &Value,
        t: Type<'t>,
        ptr: u64,
    ) -> Result<(), Stop> {
        match (t, v) {
            (Type::Scalar(scalar), v) => {
                let bits = self.lower_scalar(v, scalar)?;
                self.store_int(bits, ptr, scalar_size(scalar))
            }
            (Type::String, Value::String(v)) => {
                let range = self.store_string_into_range(v)?;
                self.store_ptr_pair(range, ptr)
            }
            (Type::List(element), Value::List(v)) => {
                let range = self.store_list_into_range(types, v, element.despecialize())?;
                self.store_ptr_pair(range, ptr)
            }
            (Type::FixedList(element, length), Value::List(v)) if v.len() == length as usize => {
                self.store_list_into_valid_range(types, v, ptr, despecialize(element))
            }
            (Type::Record(fields), Value::Record(v)) => self.store_record(types, v, ptr, fields),
            (Type::Variant(cases), Value::Variant { case, payload }) => {
                self.store_variant(types, *case, payload.as_deref(), ptr, cases)
            }
            _ => Err(MISTYPED),
        }
    }

    /// Where the elements were stored, and how many they are.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_list_into_range`.
    pub(super) fn store_list_into_range<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &[Value],
        element: Type<'t>,
    ) -> Result<(u64, u64), Stop> {
        let Layout { align, size } = types.layout(element);
        let byte_length = (v.len() as u64).saturating_mul(size);
        let ptr = self.allocate(align, byte_length)?;
        self.step
            .trap_if(Rule::StoreListAlign, !ptr.is_multiple_of(align))?;
        self.step
            .trap_if(Rule::StoreListBounds, self.past_end(ptr, byte_length))?;
        self.store_list_into_valid_range(types, v, ptr, element)?;
        Ok((ptr, v.len() as u64))
    }

    /// Spec: CanonicalABI.md, "Storing", `store_list_into_valid_range`.
    pub(super) fn store_list_into_valid_range<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &[Value],
        mut ptr: u64,
        element: Type<'t>,
    ) -> Result<(), Stop> {
        self.step.spend(v.len() as u64)?;
        let size = types.layout(element).size;
        for e in v {
            self.store(types, e, element, ptr)?;
            ptr = ptr.saturating_add(size);
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Storing", `store_record`.
    pub(super) fn store_record<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &[Value],
        mut ptr: u64,
        fields: Fields<'t>,
    ) -> Result<(), Stop> {
        if v.len() != fields.len() {
            return Err(MISTYPED);
        }
        self.step.spend(v.len() as u64)?;
        for (v, t) in v.iter().zip(fields.types()) {
            let layout = types.layout(t);
            ptr = align_to(ptr, layout.align);
            self.store(types, v, t, ptr)?;
            ptr = ptr.saturating_add(layout.size);
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Storing", `store_variant`.
    fn store_variant<'t>(
        &mut self,
        types: &mut Types<'t>,
        case: u32,
        payload: Option<&Value>,
        ptr: u64,
        cases: Cases<'t>,
    ) -> Result<(), Stop> {
        let t = cases.payload(case as usize);
        check_case(case, payload, cases)?;
        self.store_int(case.into(), ptr, discriminant_type(cases.len()).size())?;
        let carries = self.step.branch(Rule::StoreVariantPayload, t.is_some());
        match (t, payload) {
            (Some(t), Some(v)) if carries => {
                let ptr = ptr.saturating_add(types.payload_offset(cases));
                self.store(types, v, t, ptr)
            }
            _ => Ok(()),
        }
    }
}

/// That there is such a case, and that it carries a payload exactly if there is one.
pub(super) fn check_case(case: u32, payload: Option<&Value>, cases: Cases<'_>) -> Result<(), Stop> {
    let t = cases.payload(case as usize);
    if (case as usize) < cases.len() && t.is_some() == payload.is_some() {
        Ok(())
    } else {
        Err(MISTYPED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::testing::{Answers, MEMORY_SIZE, Rig, flags, list, record, variant};
    use crate::abi::{BorrowScope, PtrType, StringValue};
    use crate::component::ast::StringEncoding;
    use crate::component::types::ValType;
    use crate::core::Value::I32;

    /// The bytes of `v` of type `t`, `size` of them.
    fn stored(t: ValType, v: Value, size: u64) -> Vec<u8> {
        let mut rig = Rig::new(PtrType::I32, StringEncoding::Utf8);
        rig.write(0, &[0xAA; 64]);
        let flat = rig.lower(BorrowScope::None, &list(t), Value::List(vec![v]));
        assert_eq!(flat, Ok(vec![I32(16), I32(1)]));
        rig.read(16, size)
    }

    #[test]
    fn what_is_stored_leaves_padding_as_it_was() {
        let fields = vec![Value::S8(-1), Value::U16(0x102)];
        let t = record([ValType::S8, ValType::U16]);
        assert_eq!(stored(t, Value::Record(fields), 4), [0xFF, 0xAA, 2, 1]);
        let t = variant([Some(ValType::U8), Some(ValType::U32)]);
        let v = Value::Variant {
            case: 0,
            payload: Some(Box::new(Value::U8(7))),
        };
        assert_eq!(
            stored(t.clone(), v, 8),
            [0, 0xAA, 0xAA, 0xAA, 7, 0xAA, 0xAA, 0xAA]
        );
        assert_eq!(stored(flags(9), Value::Flags(0x101), 2), [1, 1]);
    }

    #[test]
    fn a_list_is_allocated_before_the_strings_in_it() {
        let mut rig = Rig::new(PtrType::I64, StringEncoding::Utf16);
        let strings = ["a", "bc"].map(|text| Value::String(StringValue::host(text)));
        let t = list(ValType::String);
        let flat = rig.lower(BorrowScope::None, &t, Value::List(strings.to_vec()));
        assert_eq!(flat, Ok(vec![core_i64(16), core_i64(2)]));
        // One list of two pairs of 8 bytes, then 2 and 4 bytes.
        assert_eq!(rig.calls(), [[0, 0, 8, 32], [0, 0, 2, 2], [0, 0, 2, 4]]);
        let word = |n: u64| n.to_le_bytes();
        assert_eq!(
            rig.read(16, 32),
            [word(48), word(1), word(50), word(2)].concat()
        );
    }

    fn core_i64(bits: u64) -> crate::core::Value {
        crate::core::Value::I64(bits)
    }

    #[test]
    fn the_pointer_that_realloc_gives_for_a_list_is_checked() {
        for (ptr, rule) in [
            (2, Rule::StoreListAlign),
            (MEMORY_SIZE, Rule::StoreListBounds),
        ] {
            let answers = Answers::Scripted(&[ptr]);
            let mut rig = Rig::with_answers(PtrType::I32, StringEncoding::Utf8, answers);
            let v = Value::List(vec![Value::U32(0)]);
            let lowered = rig.lower(BorrowScope::None, &list(ValType::U32), v);
            assert_eq!(lowered, Err(rule.into()));
        }
    }

    #[test]
    fn an_empty_list_is_allocated_too() {
        let answers = Answers::Scripted(&[MEMORY_SIZE]);
        let mut rig = Rig::with_answers(PtrType::I32, StringEncoding::Utf8, answers);
        let flat = rig.lower(BorrowScope::None, &list(ValType::U64), Value::List(vec![]));
        assert_eq!(flat, Ok(vec![I32(MEMORY_SIZE as u32), I32(0)]));
        assert_eq!(rig.calls(), [[0, 0, 8, 0]]);
    }
}
