use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::abi::flatten::{FlatType, MAX_FLAT_PARAMS};
use crate::abi::scalar::{canonicalize_nan32, canonicalize_nan64};
use crate::abi::testing::{
    MEMORY_SIZE, OTHER, Rig, enumeration, fixed, flags, list, option, record, result, variant,
};
use crate::abi::value::SourceEncoding;
use crate::abi::{BorrowScope, PtrType, StringValue};
use crate::component::ast::StringEncoding;
use crate::component::types::{Case, ResourceTypeId};
use crate::core::Value::{F32, F64, I32, I64};
use crate::machine::state::ErrorContext;

/// The resource type that each [`rig`] has.
const RESOURCE: ResourceTypeId = ResourceTypeId(0);

fn rig(ptr_type: PtrType, encoding: StringEncoding) -> Rig {
    let mut rig = Rig::new(ptr_type, encoding);
    assert_eq!(rig.resource_type(OTHER), RESOURCE);
    rig
}

fn lower(
    rig: &mut Rig,
    max_flat: usize,
    vs: &[Value],
    ts: &[ValType],
    out_param: Option<u64>,
) -> Result<Vec<core::Value>, Stop> {
    rig.run(BorrowScope::None, |cx| {
        let ptr_type = FlatType::from(cx.ptr_type());
        let mut out_param = out_param.map(|ptr| CoreValueIter {
            values: vec![ptr_type.value(ptr)],
            position: 0,
        });
        cx.lower_flat_values(max_flat, vs.to_vec(), ts, out_param.as_mut())
    })
}

fn lift(
    rig: &mut Rig,
    max_flat: usize,
    flat: Vec<core::Value>,
    ts: &[ValType],
) -> Result<Vec<Value>, Stop> {
    let mut vi = CoreValueIter {
        values: flat,
        position: 0,
    };
    let values = rig.run(BorrowScope::None, |cx| {
        cx.lift_flat_values(max_flat, &mut vi, ts)
    })?;
    assert_eq!(vi.position, vi.values.len(), "each core value is read");
    Ok(values)
}

#[test]
fn values_go_to_memory_past_the_maximum() {
    let ts = [ValType::U8, ValType::U32, ValType::S16];
    let vs = [Value::U8(1), Value::U32(2), Value::S16(-1)];
    let mut rig = rig(PtrType::I32, StringEncoding::Utf8);
    let flat = lower(&mut rig, 3, &vs, &ts, None);
    assert_eq!(flat, Ok(vec![I32(1), I32(2), I32(0xFFFF_FFFF)]));
    assert_eq!(rig.calls(), [[0; 4]; 0]);
    let flat = lower(&mut rig, 2, &vs, &ts, None);
    assert_eq!(
        (flat, rig.calls()),
        (Ok(vec![I32(16)]), vec![[0, 0, 4, 12]])
    );
    assert_eq!(rig.read(16, 12), [1, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 0, 0]);
    assert_eq!(lift(&mut rig, 2, vec![I32(16)], &ts), Ok(vs.to_vec()));
    let flat = lower(&mut rig, 0, &vs, &ts, Some(100));
    assert_eq!((flat, rig.calls().len()), (Ok(vec![]), 1));
    assert_eq!(rig.read(100, 12), rig.read(16, 12));
}

#[test]
fn a_pointer_to_values_is_checked_for_alignment_and_then_for_bounds() {
    let ts = [ValType::U64, ValType::U8];
    let vs = [Value::U64(1), Value::U8(2)];
    for (ptr, lifting, lowering) in [
        (4, Rule::LiftValuesAlign, Rule::LowerValuesAlign),
        (u64::MAX, Rule::LiftValuesAlign, Rule::LowerValuesAlign),
        (
            MEMORY_SIZE - 8,
            Rule::LiftValuesBounds,
            Rule::LowerValuesBounds,
        ),
        (
            u64::MAX - 7,
            Rule::LiftValuesBounds,
            Rule::LowerValuesBounds,
        ),
    ] {
        let mut rig = rig(PtrType::I64, StringEncoding::Utf8);
        assert_eq!(lift(&mut rig, 1, vec![I64(ptr)], &ts), Err(lifting.into()));
        assert_eq!(
            lower(&mut rig, 1, &vs, &ts, Some(ptr)),
            Err(lowering.into())
        );
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    let table = [
        (ValType::U8, Value::S8(0)),
        (ValType::String, Value::U32(0)),
        (list(ValType::U8), Value::Record(vec![])),
        (list(ValType::U8), Value::List(vec![Value::U16(0)])),
        (fixed(ValType::U8, 2), Value::List(vec![Value::U8(0)])),
        (record([ValType::U8]), Value::Record(vec![])),
        (
            enumeration(2),
            Value::Variant {
                case: 2,
                payload: None,
            },
        ),
        (
            enumeration(2),
            Value::Variant {
                case: 0,
                payload: Some(Box::new(Value::U8(0))),
            },
        ),
        (
            option(ValType::U8),
            Value::Variant {
                case: 1,
                payload: None,
            },
        ),
    ];
    for (t, v) in table {
        for max_flat in [0, MAX_FLAT_PARAMS] {
            let mut rig = rig(PtrType::I32, StringEncoding::Utf8);
            let (v, t) = (std::slice::from_ref(&v), std::slice::from_ref(&t));
            let lowered = lower(&mut rig, max_flat, v, t, None);
            assert_eq!(lowered, Err(crate::abi::store::MISTYPED), "{v:?} as {t:?}");
        }
    }
}

fn scalar() -> impl Strategy<Value = ValType> {
    use ValType::*;
    select(vec![
        Bool,
        S8,
        U8,
        S16,
        U16,
        S32,
        U32,
        S64,
        U64,
        F32,
        F64,
        Char,
        String,
        ErrorContext,
        Own(RESOURCE),
    ])
}

fn val_type() -> impl Strategy<Value = ValType> {
    let leaf = prop_oneof![
        6 => scalar(),
        1 => (1..=32_usize).prop_map(flags),
        1 => prop_oneof![1..4_usize, 255..259_usize].prop_map(enumeration),
    ];
    leaf.prop_recursive(4, 24, 4, |t| {
        let payload = proptest::option::of(t.clone());
        prop_oneof![
            t.clone().prop_map(list),
            (t.clone(), 1..5_u32).prop_map(|(t, length)| fixed(t, length)),
            (scalar(), t.clone()).prop_map(|(k, v)| ValType::Map(k.into(), v.into())),
            [t.clone(), t.clone(), t.clone()].prop_map(record),
            vec(t.clone(), 1..4).prop_map(|ts| ValType::Tuple(ts.into())),
            [payload.clone(), payload.clone(), payload.clone()].prop_map(variant),
            t.prop_map(option),
            (payload.clone(), payload).prop_map(|(ok, error)| result(ok, error)),
        ]
    })
}

fn value(t: &ValType) -> BoxedStrategy<Value> {
    let cases = |payloads: Vec<Option<ValType>>| {
        let cases = payloads.into_iter().enumerate().map(|(case, t)| {
            let case = case as u32;
            match t {
                None => Just(Value::Variant {
                    case,
                    payload: None,
                })
                .boxed(),
                Some(t) => value(&t)
                    .prop_map(move |v| Value::Variant {
                        case,
                        payload: Some(Box::new(v)),
                    })
                    .boxed(),
            }
        });
        proptest::strategy::Union::new(cases).boxed()
    };
    let fields = |ts: Vec<ValType>| {
        ts.iter()
            .map(value)
            .collect::<Vec<_>>()
            .prop_map(Value::Record)
            .boxed()
    };
    let owned = |t: &Option<std::sync::Arc<ValType>>| t.as_deref().cloned();
    match t {
        ValType::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        ValType::S8 => any::<i8>().prop_map(Value::S8).boxed(),
        ValType::U8 => any::<u8>().prop_map(Value::U8).boxed(),
        ValType::S16 => any::<i16>().prop_map(Value::S16).boxed(),
        ValType::U16 => any::<u16>().prop_map(Value::U16).boxed(),
        ValType::S32 => any::<i32>().prop_map(Value::S32).boxed(),
        ValType::U32 => any::<u32>().prop_map(Value::U32).boxed(),
        ValType::S64 => any::<i64>().prop_map(Value::S64).boxed(),
        ValType::U64 => any::<u64>().prop_map(Value::U64).boxed(),
        ValType::F32 => any::<u32>()
            .prop_map(|v| Value::F32(canonicalize_nan32(v)))
            .boxed(),
        ValType::F64 => any::<u64>()
            .prop_map(|v| Value::F64(canonicalize_nan64(v)))
            .boxed(),
        ValType::Char => any::<char>().prop_map(Value::Char).boxed(),
        ValType::String => string().prop_map(Value::String).boxed(),
        ValType::ErrorContext => string()
            .prop_map(|debug_message| Value::ErrorContext(ErrorContext { debug_message }))
            .boxed(),
        ValType::List(t) => vec(value(t), 0..4).prop_map(Value::List).boxed(),
        ValType::FixedList(t, length) => vec(value(t), *length as usize)
            .prop_map(Value::List)
            .boxed(),
        ValType::Map(k, v) => {
            let entry = [k, v]
                .map(|t| value(t))
                .prop_map(|entry| Value::Record(entry.to_vec()));
            vec(entry, 0..4).prop_map(Value::List).boxed()
        }
        ValType::Record(types) => fields(types.iter().map(|field| field.ty.clone()).collect()),
        ValType::Tuple(types) => fields(types.to_vec()),
        ValType::Variant(types) => cases(types.iter().map(|Case { ty, .. }| ty.clone()).collect()),
        ValType::Enum(labels) => (0..labels.len() as u32)
            .prop_map(|case| Value::Variant {
                case,
                payload: None,
            })
            .boxed(),
        ValType::Option(t) => cases(vec![None, Some(ValType::clone(t))]),
        ValType::Result { ok, error } => cases(vec![owned(ok), owned(error)]),
        ValType::Flags(labels) => {
            let unused = 32 - labels.len() as u32;
            any::<u32>()
                .prop_map(move |v| Value::Flags(v >> unused))
                .boxed()
        }
        ValType::Own(_) => any::<u64>().prop_map(Value::Own).boxed(),
        ValType::Borrow(_) | ValType::Stream(_) | ValType::Future(_) => {
            unreachable!("`val_type` makes none")
        }
    }
}

/// Lifted from UTF-8 or, with the same text, from UTF-16.
fn string() -> impl Strategy<Value = StringValue> {
    ("[ -~]{0,8}|\\PC{0,8}", any::<bool>()).prop_map(|(text, wide)| match wide {
        false => StringValue::host(text),
        true => StringValue {
            encoding: Some(SourceEncoding::Utf16),
            code_units: text.encode_utf16().count() as u64,
            text: text.into(),
        },
    })
}

fn typed_values(count: Range<usize>) -> impl Strategy<Value = (Vec<ValType>, Vec<Value>)> {
    vec(val_type(), count).prop_flat_map(|ts| {
        let vs: Vec<_> = ts.iter().map(value).collect();
        (Just(ts), vs)
    })
}

/// `v` without what strings remember of where they came from.
fn plain(v: &Value) -> Value {
    let all = |vs: &[Value]| vs.iter().map(plain).collect();
    match v {
        Value::String(v) => Value::String(StringValue::host(v.text.clone())),
        Value::List(vs) => Value::List(all(vs)),
        Value::Record(vs) => Value::Record(all(vs)),
        Value::Variant { case, payload } => {
            let payload = payload.as_deref().map(|v| Box::new(plain(v)));
            Value::Variant {
                case: *case,
                payload,
            }
        }
        scalar => scalar.clone(),
    }
}

fn all_plain(vs: &[Value]) -> Vec<Value> {
    vs.iter().map(plain).collect()
}

fn config() -> impl Strategy<Value = (PtrType, StringEncoding)> {
    let encodings = [
        StringEncoding::Utf8,
        StringEncoding::Utf16,
        StringEncoding::Latin1Utf16,
    ];
    (
        select(vec![PtrType::I32, PtrType::I64]),
        select(encodings.to_vec()),
    )
}

fn core_value() -> impl Strategy<Value = core::Value> {
    let small = prop_oneof![0..64_u64, any::<u64>()];
    (
        small,
        select(vec![
            FlatType::I32,
            FlatType::I64,
            FlatType::F32,
            FlatType::F64,
        ]),
    )
        .prop_map(|(bits, t)| t.value(bits))
}

fn flat_type(v: &core::Value) -> FlatType {
    match v {
        I32(_) => FlatType::I32,
        I64(_) => FlatType::I64,
        F32(_) => FlatType::F32,
        F64(_) => FlatType::F64,
        other => panic!("{other:?} is no number"),
    }
}

proptest! {
    #[test]
    fn lifting_gives_back_what_was_lowered(
        (ts, vs) in typed_values(0..5),
        (ptr_type, encoding) in config(),
        max_flat in select(vec![0, 1, 4, MAX_FLAT_PARAMS]),
    ) {
        let mut rig = rig(ptr_type, encoding);
        let flat = lower(&mut rig, max_flat, &vs, &ts, None).unwrap();
        let flat_types: Vec<_> = flat.iter().map(flat_type).collect();
        let expected = match Types::new(ptr_type).flatten_types(&ts) {
            Some(flat) if flat.types().len() <= max_flat => flat.types().to_vec(),
            _ => vec![ptr_type.into()],
        };
        prop_assert_eq!(flat_types, expected);
        let lifted = lift(&mut rig, max_flat, flat, &ts).unwrap();
        prop_assert_eq!(all_plain(&lifted), all_plain(&vs));
    }

    #[test]
    fn lifting_gives_back_what_was_lowered_to_where_the_caller_said(
        (ts, vs) in typed_values(1..5),
        (ptr_type, encoding) in config(),
    ) {
        let mut rig = rig(ptr_type, encoding);
        let ptr = MEMORY_SIZE / 2;
        prop_assert_eq!(lower(&mut rig, 0, &vs, &ts, Some(ptr)), Ok(vec![]));
        let lifted = lift(&mut rig, 0, vec![FlatType::from(ptr_type).value(ptr)], &ts).unwrap();
        prop_assert_eq!(all_plain(&lifted), all_plain(&vs));
    }

    #[test]
    fn whatever_is_lifted_from_anything_can_be_lowered_and_lifted_again(
        ts in vec(val_type(), 1..3),
        (ptr_type, encoding) in config(),
        flat in vec(core_value(), MAX_FLAT_PARAMS),
        memory in vec(prop_oneof![Just(0), 0..32_u8, any::<u8>()], 512),
    ) {
        let mut rig = rig(ptr_type, encoding);
        rig.write(0, &memory);
        rig.limits.elements = 10_000;
        let mut vi = CoreValueIter { values: flat, position: 0 };
        let lifted = rig.run(BorrowScope::None, |cx| {
            cx.lift_flat_values(MAX_FLAT_PARAMS, &mut vi, &ts)
        });
        let Ok(vs) = lifted else {
            return Ok(());
        };
        let mut rig = self::rig(ptr_type, encoding);
        let flat = lower(&mut rig, MAX_FLAT_PARAMS, &vs, &ts, None).unwrap();
        let lifted = lift(&mut rig, MAX_FLAT_PARAMS, flat, &ts).unwrap();
        prop_assert_eq!(all_plain(&lifted), all_plain(&vs));
    }
}
