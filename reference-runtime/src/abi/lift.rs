//! Values that arrive as core values.
//!
//! The recursion is as deep as types are nested, which validation bounds.
//!
//! Spec: CanonicalABI.md, "Flat Lifting".

use super::despecialize::{Cases, Fields, Type, despecialize};
use super::flatten::{Flat, FlatType, flatten_scalar};
use super::load::Lifting;
use super::value::Value;
use super::{CoreValueIter, Cx};
use crate::component::types::ValType;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

impl Cx<'_, '_> {
    /// Spec: CanonicalABI.md, "Flat Lifting", `lift_flat`.
    pub(super) fn lift_flat<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        vi: &mut CoreValueIter,
        t: Type<'t>,
    ) -> Result<Value, Stop> {
        match t {
            Type::Scalar(scalar) => {
                let bits = vi.next(flatten_scalar(scalar));
                self.lift_scalar(bits, scalar)
            }
            Type::String => {
                let (ptr, packed_length) = self.next_ptr_pair(vi);
                let string = self.load_string_from_range(lifting, ptr, packed_length)?;
                Ok(Value::String(string))
            }
            Type::List(element) => {
                let (ptr, length) = self.next_ptr_pair(vi);
                self.load_list_from_range(lifting, ptr, length, element.despecialize())
            }
            Type::FixedList(element, length) => self.lift_flat_list(lifting, vi, element, length),
            Type::Record(fields) => {
                let values = self.lift_flat_record(lifting, vi, fields)?;
                Ok(Value::Record(values))
            }
            Type::Variant(cases) => self.lift_flat_variant(lifting, vi, cases),
        }
    }

    fn next_ptr_pair(&self, vi: &mut CoreValueIter) -> (u64, u64) {
        let ptr = self.ptr_type().into();
        (vi.next(ptr), vi.next(ptr))
    }

    /// Spec: CanonicalABI.md, "Flat Lifting", `lift_flat_list`.
    fn lift_flat_list<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        vi: &mut CoreValueIter,
        element: &'t ValType,
        length: u32,
    ) -> Result<Value, Stop> {
        self.pay_for_values(lifting, length.into())?;
        let t = despecialize(element);
        let elements = (0..length).map(|_| self.lift_flat(lifting, vi, t));
        Ok(Value::List(elements.collect::<Result<_, _>>()?))
    }

    /// Spec: CanonicalABI.md, "Flat Lifting", `lift_flat_record`.
    pub(super) fn lift_flat_record<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        vi: &mut CoreValueIter,
        fields: Fields<'t>,
    ) -> Result<Vec<Value>, Stop> {
        self.pay_for_values(lifting, fields.len() as u64)?;
        fields
            .types()
            .map(|t| self.lift_flat(lifting, vi, t))
            .collect()
    }

    /// Spec: CanonicalABI.md, "Flat Lifting", `lift_flat_variant`.
    fn lift_flat_variant<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        vi: &mut CoreValueIter,
        cases: Cases<'t>,
    ) -> Result<Value, Stop> {
        // What is lifted flat has a flattening, unless a machine has a rule inverted.
        let flat = lifting
            .types
            .flatten(Type::Variant(cases))
            .unwrap_or(Flat::EMPTY);
        let end = vi.position + flat.types().len();
        let case = vi.next(FlatType::I32) as u32;
        let case = Some(case as usize).filter(|case| *case < cases.len());
        let case = self.step.trap_if_none(Rule::LiftFlatVariantCase, case)?;
        let t = cases.payload(case);
        let carries = self.step.branch(Rule::LiftFlatVariantPayload, t.is_some());
        let payload = match t {
            Some(t) if carries => {
                self.pay_for_values(lifting, 1)?;
                Some(Box::new(self.lift_flat(lifting, vi, t)?))
            }
            _ => None,
        };
        // What other cases have room for is not looked at.
        vi.position = end;
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
        INST, Rig, enumeration, fixed, flags, option, record, result, variant,
    };
    use crate::abi::{BorrowScope, PtrType};
    use crate::component::ast::{Channel, End, StringEncoding};
    use crate::core::Value::{F32, F64, I32, I64};
    use crate::machine::state::Handle;
    use crate::machine::waitable::{CopyEnd, Shared, SharedId};

    fn lift(t: &ValType, flat: &[crate::core::Value]) -> Result<Value, Stop> {
        let mut rig = Rig::new(PtrType::I32, StringEncoding::Utf8);
        rig.lift(BorrowScope::None, t, flat)
    }

    fn case(case: u32, payload: Value) -> Value {
        Value::Variant {
            case,
            payload: Some(Box::new(payload)),
        }
    }

    #[test]
    fn integers_lose_the_bits_that_their_type_has_no_room_for() {
        let all = I32(0xFFFF_FFFF);
        let table = [
            (ValType::Bool, I32(0x100), Value::Bool(true)),
            (ValType::Bool, I32(0), Value::Bool(false)),
            (ValType::U8, I32(0x1_02), Value::U8(2)),
            (ValType::S8, I32(0x80), Value::S8(-128)),
            (ValType::U16, all, Value::U16(0xFFFF)),
            (ValType::S16, I32(0x1_8000), Value::S16(-32_768)),
            (ValType::S32, all, Value::S32(-1)),
            (ValType::U64, I64(u64::MAX), Value::U64(u64::MAX)),
            (ValType::S64, I64(u64::MAX), Value::S64(-1)),
            (flags(3), all, Value::Flags(0b111)),
            (flags(32), all, Value::Flags(u32::MAX)),
        ];
        for (t, flat, expected) in table {
            assert_eq!(lift(&t, &[flat]), Ok(expected), "{t:?}");
        }
    }

    #[test]
    fn there_is_one_nan_of_each_width() {
        assert_eq!(
            lift(&ValType::F32, &[F32(0xFFA0_0001)]),
            Ok(Value::F32(0x7FC0_0000))
        );
        let nan = Ok(Value::F64(0x7FF8_0000_0000_0000));
        assert_eq!(lift(&ValType::F64, &[F64(0xFFF0_0000_0000_0001)]), nan);
        assert_eq!(
            lift(&ValType::F32, &[F32(0x8000_0000)]),
            Ok(Value::F32(0x8000_0000))
        );
    }

    #[test]
    fn a_char_is_a_scalar_value() {
        for (i, rule) in [
            (0xD800, Rule::LoadCharSurrogate),
            (0xDFFF, Rule::LoadCharSurrogate),
            (0x11_0000, Rule::LoadCharRange),
            (u32::MAX, Rule::LoadCharRange),
        ] {
            assert_eq!(lift(&ValType::Char, &[I32(i)]), Err(rule.into()));
        }
        for c in ['\0', '\u{D7FF}', '\u{E000}', '\u{10FFFF}'] {
            assert_eq!(lift(&ValType::Char, &[I32(c.into())]), Ok(Value::Char(c)));
        }
    }

    #[test]
    fn a_payload_is_read_out_of_the_wider_type_that_its_case_shares() {
        let narrow = result(Some(ValType::U32), Some(ValType::F32));
        assert_eq!(lift(&narrow, &[I32(1), I32(7)]), Ok(case(1, Value::F32(7))));
        let wide = variant([Some(ValType::F32), Some(ValType::F64), Some(ValType::U32)]);
        let bits = I64(0xFFFF_FFFF_4000_0000);
        assert_eq!(
            lift(&wide, &[I32(0), bits]),
            Ok(case(0, Value::F32(0x4000_0000)))
        );
        let float = Value::F64(0x4000_0000_0000_0000);
        assert_eq!(
            lift(&wide, &[I32(1), I64(0x4000_0000_0000_0000)]),
            Ok(case(1, float))
        );
        assert_eq!(
            lift(&wide, &[I32(2), bits]),
            Ok(case(2, Value::U32(0x4000_0000)))
        );
    }

    #[test]
    fn a_payload_inside_a_payload_is_read_through_both_types() {
        // The inner float is an i32 in the inner variant and an i64 in the outer one.
        let inner = result(Some(ValType::F32), Some(ValType::U32));
        let outer = variant([Some(inner), Some(record([ValType::U8, ValType::F64]))]);
        let lifted = lift(&outer, &[I32(0), I32(0), I64(0xFFFF_FFFF_FFC0_0001)]);
        assert_eq!(lifted, Ok(case(0, case(0, Value::F32(0x7FC0_0000)))));
    }

    #[test]
    fn what_other_cases_have_room_for_is_skipped() {
        let t = fixed(option(fixed(ValType::U8, 2)), 2);
        let none = Value::Variant {
            case: 0,
            payload: None,
        };
        let pair = Value::List(vec![Value::U8(8), Value::U8(9)]);
        let flat = [I32(0), I32(5), I32(6), I32(1), I32(8), I32(9)];
        assert_eq!(lift(&t, &flat), Ok(Value::List(vec![none, case(1, pair)])));
    }

    #[test]
    fn a_discriminant_names_a_case() {
        let last = Value::Variant {
            case: 299,
            payload: None,
        };
        assert_eq!(lift(&enumeration(300), &[I32(299)]), Ok(last));
        let trap = Err(Rule::LiftFlatVariantCase.into());
        assert_eq!(lift(&enumeration(300), &[I32(300)]), trap);
        assert_eq!(lift(&option(ValType::U8), &[I32(u32::MAX), I32(0)]), trap);
    }

    #[test]
    fn a_stream_or_future_is_lifted_only_from_its_own_readable_end() {
        let (stream, future) = (ValType::Stream(None), ValType::Future(None));
        let bytes = ValType::Stream(Some(ValType::U8.into()));
        let lifted = |t: &ValType, channel, end| {
            let mut rig = Rig::new(PtrType::I32, StringEncoding::Utf8);
            let shared = SharedId(rig.store.shared.add(Shared {
                t: None,
                dropped: false,
                pending: None,
            }));
            let handle = Handle::End(CopyEnd::new(channel, end, shared));
            let index = rig.store.instance_mut(INST).handles.add(handle);
            rig.lift(BorrowScope::None, t, &[I32(index)])
        };
        let (readable, writable) = (End::Readable, End::Writable);
        let shared = SharedId(0);
        let trap = |rule: Rule| Err(rule.into());
        assert_eq!(
            lifted(&stream, Channel::Stream, readable),
            Ok(Value::Stream(shared))
        );
        assert_eq!(
            lifted(&future, Channel::Future, readable),
            Ok(Value::Future(shared))
        );
        assert_eq!(
            lifted(&stream, Channel::Stream, writable),
            trap(Rule::LiftStreamKind)
        );
        assert_eq!(
            lifted(&future, Channel::Stream, readable),
            trap(Rule::LiftFutureKind)
        );
        assert_eq!(
            lifted(&bytes, Channel::Stream, readable),
            trap(Rule::LiftStreamType)
        );
    }
}
