//! Values that leave as core values.
//!
//! The recursion is as deep as types are nested, which validation bounds.
//!
//! Spec: CanonicalABI.md, "Flat Lowering".

use super::Cx;
use super::context::bits;
use super::despecialize::{Cases, Fields, Type, despecialize};
use super::flatten::{Flat, FlatType, flatten_scalar};
use super::store::{MISTYPED, check_case};
use super::types::Types;
use super::value::Value;
use crate::core;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

impl Cx<'_, '_> {
    /// Appends the core values of `v` to `flat`.
    ///
    /// Spec: CanonicalABI.md, "Flat Lowering", `lower_flat`.
    pub(super) fn lower_flat<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &Value,
        t: Type<'t>,
        flat: &mut Vec<core::Value>,
    ) -> Result<(), Stop> {
        match (t, v) {
            (Type::Scalar(scalar), v) => {
                let bits = self.lower_scalar(v, scalar)?;
                flat.push(flatten_scalar(scalar).value(bits));
            }
            (Type::String, Value::String(v)) => {
                let range = self.store_string_into_range(v)?;
                self.push_ptr_pair(range, flat);
            }
            (Type::List(element), Value::List(v)) => {
                let range = self.store_list_into_range(types, v, element.despecialize())?;
                self.push_ptr_pair(range, flat);
            }
            (Type::FixedList(element, length), Value::List(v)) if v.len() == length as usize => {
                self.step.spend(length.into())?;
                for e in v {
                    self.lower_flat(types, e, despecialize(element), flat)?;
                }
            }
            (Type::Record(fields), Value::Record(v)) => {
                self.lower_flat_record(types, v, fields, flat)?;
            }
            (Type::Variant(cases), Value::Variant { case, payload }) => {
                self.lower_flat_variant(types, *case, payload.as_deref(), cases, flat)?;
            }
            _ => return Err(MISTYPED),
        }
        Ok(())
    }

    fn push_ptr_pair(&self, (ptr, length): (u64, u64), flat: &mut Vec<core::Value>) {
        let t = FlatType::from(self.ptr_type());
        flat.extend([t.value(ptr), t.value(length)]);
    }

    /// Spec: CanonicalABI.md, "Flat Lowering", `lower_flat_record`.
    pub(super) fn lower_flat_record<'t>(
        &mut self,
        types: &mut Types<'t>,
        v: &[Value],
        fields: Fields<'t>,
        flat: &mut Vec<core::Value>,
    ) -> Result<(), Stop> {
        if v.len() != fields.len() {
            return Err(MISTYPED);
        }
        self.step.spend(v.len() as u64)?;
        for (v, t) in v.iter().zip(fields.types()) {
            self.lower_flat(types, v, t, flat)?;
        }
        Ok(())
    }

    /// Spec: CanonicalABI.md, "Flat Lowering", `lower_flat_variant`.
    fn lower_flat_variant<'t>(
        &mut self,
        types: &mut Types<'t>,
        case: u32,
        payload: Option<&Value>,
        cases: Cases<'t>,
        flat: &mut Vec<core::Value>,
    ) -> Result<(), Stop> {
        check_case(case, payload, cases)?;
        // What is lowered flat has a flattening, unless a machine has a rule inverted.
        let wants = types.flatten(Type::Variant(cases)).unwrap_or(Flat::EMPTY);
        let mut wants = wants.types().iter().skip(1);
        flat.push(FlatType::I32.value(case.into()));
        let start = flat.len();
        let t = cases.payload(case as usize);
        let carries = self.step.branch(Rule::LowerFlatVariantPayload, t.is_some());
        if let (true, Some(t), Some(v)) = (carries, t, payload) {
            self.lower_flat(types, v, t, flat)?;
            for (value, want) in flat[start..].iter_mut().zip(&mut wants) {
                *value = want.value(bits(*value));
            }
        }
        flat.extend(wants.map(|want| want.value(0)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::testing::{Rig, option, record, result, variant};
    use crate::abi::{BorrowScope, PtrType};
    use crate::component::ast::StringEncoding;
    use crate::component::types::ValType;
    use crate::core::Value::{F32, F64, I32, I64};

    fn lower(t: &ValType, v: Value) -> Result<Vec<core::Value>, Stop> {
        let mut rig = Rig::new(PtrType::I64, StringEncoding::Utf8);
        rig.lower(BorrowScope::None, t, v)
    }

    fn case(case: u32, payload: Value) -> Value {
        Value::Variant {
            case,
            payload: Some(Box::new(payload)),
        }
    }

    #[test]
    fn negative_integers_fill_their_core_value_with_ones() {
        let table = [
            (ValType::S8, Value::S8(-1), I32(u32::MAX)),
            (ValType::S16, Value::S16(-2), I32(u32::MAX - 1)),
            (ValType::S32, Value::S32(i32::MIN), I32(1 << 31)),
            (ValType::S64, Value::S64(-1), I64(u64::MAX)),
            (ValType::F32, Value::F32(0xFFC0_0001), F32(0x7FC0_0000)),
            (ValType::F64, Value::F64(1 << 63), F64(1 << 63)),
        ];
        for (t, v, expected) in table {
            assert_eq!(lower(&t, v), Ok(vec![expected]));
        }
    }

    #[test]
    fn a_payload_takes_the_wider_type_that_its_case_shares_and_the_rest_is_zeros() {
        let t = variant([
            Some(ValType::S32),
            Some(ValType::F32),
            Some(ValType::F64),
            Some(record([ValType::U8, ValType::F32])),
            None,
        ]);
        // Negative or not, 32 bits are extended with zeros.
        let table = [
            (case(0, Value::S32(-1)), [I32(0), I64(0xFFFF_FFFF), F32(0)]),
            (
                case(1, Value::F32(0xBF80_0000)),
                [I32(1), I64(0xBF80_0000), F32(0)],
            ),
            (case(2, Value::F64(1 << 63)), [I32(2), I64(1 << 63), F32(0)]),
            (
                case(3, Value::Record(vec![Value::U8(9), Value::F32(7)])),
                [I32(3), I64(9), F32(7)],
            ),
            (
                Value::Variant {
                    case: 4,
                    payload: None,
                },
                [I32(4), I64(0), F32(0)],
            ),
        ];
        for (v, expected) in table {
            assert_eq!(lower(&t, v), Ok(expected.to_vec()));
        }
    }

    #[test]
    fn a_payload_inside_a_payload_passes_through_both_types() {
        let inner = result(Some(ValType::F32), Some(ValType::U32));
        let outer = result(Some(inner), Some(record([ValType::U8, ValType::F64])));
        let v = case(0, case(0, Value::F32(0xBF80_0000)));
        assert_eq!(lower(&outer, v), Ok(vec![I32(0), I32(0), I64(0xBF80_0000)]));
    }

    #[test]
    fn strings_in_64_bit_memory_are_64_bits_twice() {
        let v = case(1, Value::String(crate::abi::StringValue::host("hi")));
        let flat = lower(&option(ValType::String), v);
        assert_eq!(flat, Ok(vec![I32(1), I64(16), I64(2)]));
    }
}
