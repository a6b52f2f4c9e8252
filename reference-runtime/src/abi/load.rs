//! Values in memory, read.
//!
//! The recursion is as deep as types are nested, which validation bounds; how much is read is
//! bounded by [`Lifting`].
//!
//! Spec: CanonicalABI.md, "Loading".

use super::Cx;
use super::despecialize::{Cases, Fields, Type, despecialize};
use super::layout::{align_to, discriminant_type, scalar_size};
use super::scalar::numbers;
use super::types::Types;
use super::value::Value;
use crate::machine::limits::Limit;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

const MAX_LIST_BYTE_LENGTH: u64 = (1 << 28) - 1;

/// The size in the machine's own memory that a value is reckoned to have, in bytes.
const VALUE_SIZE: u64 = 32;

/// One lifting of values: what is known of their types, and how many of them may still come.
#[derive(Debug)]
pub struct Lifting<'t> {
    /// What is known of the types.
    pub types: Types<'t>,
    values_left: u64,
}

impl Cx<'_, '_> {
    /// The start of a lifting. It may make as many values as the machine's limit for elements says,
    /// however the guest makes them overlap in its memory.
    pub fn lifting<'t>(&self) -> Lifting<'t> {
        Lifting {
            types: Types::new(self.ptr_type()),
            values_left: self.step.limits.elements,
        }
    }

    /// Pays for `values` values that are about to be made.
    pub(super) fn pay_for_values(
        &mut self,
        lifting: &mut Lifting<'_>,
        values: u64,
    ) -> Result<(), Stop> {
        lifting.values_left = lifting
            .values_left
            .checked_sub(values)
            .ok_or(Limit::Elements)?;
        self.step.spend(values)
    }

    /// Pays for a string of `byte_length` bytes, which takes the room of that many bytes of values.
    pub(super) fn pay_for_string(
        &mut self,
        lifting: &mut Lifting<'_>,
        byte_length: u64,
    ) -> Result<(), Stop> {
        self.pay_for_values(lifting, byte_length / VALUE_SIZE)?;
        self.step.spend(byte_length - byte_length / VALUE_SIZE)
    }

    /// The value of type `t` at `ptr`, which is aligned for `t`.
    ///
    /// Spec: CanonicalABI.md, "Loading", `load`.
    pub(super) fn load<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        t: Type<'t>,
    ) -> Result<Value, Stop> {
        match t {
            Type::Scalar(scalar) => {
                let bits = self.load_sized_int(ptr, scalar_size(scalar))?;
                self.lift_scalar(bits, scalar)
            }
            Type::String => self.load_string(lifting, ptr),
            Type::List(element) => {
                let (begin, length) = self.load_ptr_pair(ptr)?;
                self.load_list_from_range(lifting, begin, length, element.despecialize())
            }
            Type::FixedList(element, length) => {
                self.load_list_from_valid_range(lifting, ptr, length.into(), despecialize(element))
            }
            Type::Record(fields) => Ok(Value::Record(self.load_record(lifting, ptr, fields)?)),
            Type::Variant(cases) => self.load_variant(lifting, ptr, cases),
        }
    }

    /// Spec: CanonicalABI.md, "Loading", `load_list_from_range`.
    pub(super) fn load_list_from_range<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        length: u64,
        element: Type<'t>,
    ) -> Result<Value, Stop> {
        let layout = lifting.types.layout(element);
        let byte_length = length.saturating_mul(layout.size);
        self.step
            .trap_if(Rule::LoadListLimit, byte_length > MAX_LIST_BYTE_LENGTH)?;
        self.step
            .trap_if(Rule::LoadListAlign, !ptr.is_multiple_of(layout.align))?;
        self.step
            .trap_if(Rule::LoadListBounds, self.past_end(ptr, byte_length))?;
        self.load_list_from_valid_range(lifting, ptr, length, element)
    }

    /// Numbers are read all at once, since no rule can stop between them.
    ///
    /// Spec: CanonicalABI.md, "Loading", `load_list_from_valid_range`.
    pub(super) fn load_list_from_valid_range<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        mut ptr: u64,
        length: u64,
        element: Type<'t>,
    ) -> Result<Value, Stop> {
        self.pay_for_values(lifting, length)?;
        let size = lifting.types.layout(element).size;
        if let Type::Scalar(scalar) = element
            && let Some(read) = numbers(scalar)
        {
            let bytes = self.load_bytes(ptr, length.saturating_mul(size))?;
            return Ok(Value::List(read(&bytes)));
        }
        let mut elements = Vec::with_capacity(length as usize);
        for _ in 0..length {
            elements.push(self.load(lifting, ptr, element)?);
            ptr = ptr.saturating_add(size);
        }
        Ok(Value::List(elements))
    }

    /// Spec: CanonicalABI.md, "Loading", `load_record`.
    pub(super) fn load_record<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        mut ptr: u64,
        fields: Fields<'t>,
    ) -> Result<Vec<Value>, Stop> {
        self.pay_for_values(lifting, fields.len() as u64)?;
        let mut values = Vec::with_capacity(fields.len());
        for t in fields.types() {
            let layout = lifting.types.layout(t);
            ptr = align_to(ptr, layout.align);
            values.push(self.load(lifting, ptr, t)?);
            ptr = ptr.saturating_add(layout.size);
        }
        Ok(values)
    }

    /// Spec: CanonicalABI.md, "Loading", `load_variant`.
    fn load_variant<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        cases: Cases<'t>,
    ) -> Result<Value, Stop> {
        let case = self.load_sized_int(ptr, discriminant_type(cases.len()).size())?;
        self.step
            .trap_if(Rule::LoadVariantCase, case >= cases.len() as u64)?;
        let t = cases.payload(case as usize);
        let carries = self.step.branch(Rule::LoadVariantPayload, t.is_some());
        let payload = match t {
            Some(t) if carries => {
                self.pay_for_values(lifting, 1)?;
                let ptr = ptr.saturating_add(lifting.types.payload_offset(cases));
                Some(Box::new(self.load(lifting, ptr, t)?))
            }
            _ => None,
        };
        Ok(Value::Variant {
            case: case as u32,
            payload,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::testing::{
        MEMORY_SIZE, Rig, enumeration, fixed, list, option, record, variant,
    };
    use crate::abi::{BorrowScope, PtrType};
    use crate::component::ast::StringEncoding;
    use crate::component::types::ValType;
    use crate::core::Value::I32;
    use crate::machine::limits::PART_FUEL;

    fn rig() -> Rig {
        Rig::new(PtrType::I32, StringEncoding::Utf8)
    }

    fn lift_list(rig: &mut Rig, t: ValType, ptr: u32, length: u32) -> Result<Value, Stop> {
        rig.lift(BorrowScope::None, &list(t), &[I32(ptr), I32(length)])
    }

    /// The value of type `t` whose bytes are `bytes`.
    fn load(t: ValType, bytes: &[u8]) -> Result<Value, Stop> {
        let mut rig = rig();
        rig.write(64, bytes);
        rig.run(BorrowScope::None, |cx| {
            let mut lifting = cx.lifting();
            cx.load(&mut lifting, 64, despecialize(&t))
        })
    }

    #[test]
    fn a_list_is_loaded_only_from_a_range_that_can_hold_it() {
        let end = MEMORY_SIZE as u32;
        let table = [
            (ValType::U8, 0, 1 << 28, Rule::LoadListLimit),
            (ValType::U64, 1, 1 << 25, Rule::LoadListLimit),
            (ValType::U64, 1, u32::MAX, Rule::LoadListLimit),
            (ValType::U16, end + 1, 1, Rule::LoadListAlign),
            (ValType::String, 2, 0, Rule::LoadListAlign),
            (ValType::U8, end, 1, Rule::LoadListBounds),
            (ValType::U8, end + 1, 0, Rule::LoadListBounds),
            (
                ValType::U64,
                8,
                MEMORY_SIZE as u32 / 8,
                Rule::LoadListBounds,
            ),
        ];
        for (t, ptr, length, rule) in table {
            let lifted = lift_list(&mut rig(), t.clone(), ptr, length);
            assert_eq!(lifted, Err(rule.into()), "{t:?} {ptr} {length}");
        }
        let lifted = lift_list(&mut rig(), ValType::U64, end, 0);
        assert_eq!(lifted, Ok(Value::List(vec![])));
    }

    #[test]
    fn fields_are_found_at_their_alignment() {
        let t = record([ValType::U8, ValType::S32, ValType::U16]);
        let lifted = load(t, &[1, 9, 9, 9, 0xFE, 0xFF, 0xFF, 0xFF, 3, 1, 9, 9]);
        let fields = vec![Value::U8(1), Value::S32(-2), Value::U16(0x103)];
        assert_eq!(lifted, Ok(Value::Record(fields)));
    }

    #[test]
    fn a_payload_is_found_where_the_most_aligned_payload_may_be() {
        let t = variant([Some(ValType::U8), Some(ValType::U32), None]);
        let payload = |v| Some(Box::new(v));
        let lifted = load(t.clone(), &[0, 9, 9, 9, 7, 9, 9, 9]);
        assert_eq!(
            lifted,
            Ok(Value::Variant {
                case: 0,
                payload: payload(Value::U8(7))
            })
        );
        let lifted = load(t.clone(), &[2, 9, 9, 9, 7, 9, 9, 9]);
        assert_eq!(
            lifted,
            Ok(Value::Variant {
                case: 2,
                payload: None
            })
        );
        assert_eq!(load(t, &[3, 0, 0, 0]), Err(Rule::LoadVariantCase.into()));
    }

    #[test]
    fn a_discriminant_has_as_many_bytes_as_the_number_of_cases_needs() {
        let lifted = load(enumeration(257), &[0, 1]);
        assert_eq!(
            lifted,
            Ok(Value::Variant {
                case: 256,
                payload: None
            })
        );
        let trap = Err(Rule::LoadVariantCase.into());
        assert_eq!(
            load(enumeration(256), &[0, 1]),
            Ok(Value::Variant {
                case: 0,
                payload: None
            })
        );
        assert_eq!(load(enumeration(257), &[1, 1]), trap);
        assert_eq!(load(enumeration(65_537), &[1, 0, 1, 0]), trap);
    }

    #[test]
    fn a_fixed_length_list_lies_where_it_is_used() {
        let lifted = load(fixed(ValType::U16, 2), &[1, 0, 2, 0]);
        assert_eq!(lifted, Ok(Value::List(vec![Value::U16(1), Value::U16(2)])));
    }

    #[test]
    fn numbers_in_a_row_are_what_they_are_alone() {
        use ValType::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
        let bytes: Vec<u8> = (0..32)
            .map(|i| 0x81_u8.wrapping_mul(i))
            .chain([0xFF; 16])
            .collect();
        for t in [S8, U8, S16, U16, S32, U32, S64, U64, F32, F64] {
            let mut rig = rig();
            rig.write(64, &bytes);
            let size = scalar_size(match despecialize(&t) {
                Type::Scalar(scalar) => scalar,
                other => panic!("{other:?} is no number"),
            });
            let row = lift_list(&mut rig, t.clone(), 64, 48 / size as u32);
            let alone = bytes
                .chunks(size as usize)
                .map(|bytes| load(t.clone(), bytes));
            assert_eq!(
                row,
                alone.collect::<Result<_, _>>().map(Value::List),
                "{t:?}"
            );
        }
    }

    #[test]
    fn any_byte_but_zero_is_true() {
        assert_eq!(load(ValType::Bool, &[0x80]), Ok(Value::Bool(true)));
        assert_eq!(load(ValType::Bool, &[0]), Ok(Value::Bool(false)));
    }

    #[test]
    fn more_elements_than_the_limit_end_the_lifting_before_they_take_memory() {
        let mut rig = rig();
        rig.limits.elements = 1_000;
        let too_many = Err(Limit::Elements.into());
        assert_eq!(lift_list(&mut rig, ValType::U8, 0, 1 << 22), too_many);
        // 32 lists of 32 elements, all in the same place, and the room for the 32.
        for i in 0..32 {
            rig.write(1024 + 8 * i, &[0, 0, 0, 0, 32, 0, 0, 0]);
        }
        assert_eq!(lift_list(&mut rig, list(ValType::U8), 1024, 32), too_many);
        assert!(lift_list(&mut rig, list(ValType::U8), 1024, 16).is_ok());
        // Every element is a record of fields, which take memory too.
        let t = record([ValType::U8, ValType::U8, option(ValType::U8)]);
        assert_eq!(lift_list(&mut rig, t, 0, 999), too_many);
    }

    #[test]
    fn each_element_costs_fuel() {
        let mut rig = rig();
        rig.store.fuel = 1_000;
        assert!(lift_list(&mut rig, ValType::U8, 0, 900).is_ok());
        // The list, its elements, and its type.
        assert_eq!(rig.store.fuel, 1_000 - 1 - 900 - PART_FUEL);
        assert_eq!(
            lift_list(&mut rig, ValType::U8, 0, 900),
            Err(Limit::Fuel.into())
        );
    }
}
