use serde_json::{Value as Json, json};

use super::super::{AnyRef, CoreRef, CoreValue, Handle, HandleKind, RefHierarchy, Value};
use super::{core_from_json, from_json, to_json};
use crate::types::Type;

fn boxed(value: Value) -> Option<Box<Value>> {
    Some(Box::new(value))
}

fn ty(json: Json) -> Type {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_value_of_every_type_is_written_as_the_protocol_says_and_read_back() {
    let handle = |kind| {
        let number = Some(7);
        Value::Handle(Handle { kind, number })
    };
    let named = |name: &str, value| Value::Record(vec![(name.into(), value)]);
    let cases = [
        (json!("bool"), Value::Bool(true), json!(true)),
        (json!("s8"), Value::S8(-128), json!(-128)),
        (json!("u8"), Value::U8(255), json!(255)),
        (json!("s16"), Value::S16(-1), json!(-1)),
        (json!("u16"), Value::U16(65535), json!(65535)),
        (json!("s32"), Value::S32(i32::MIN), json!(i32::MIN)),
        (json!("u32"), Value::U32(u32::MAX), json!(u32::MAX)),
        (
            json!("s64"),
            Value::S64(i64::MIN),
            json!("-9223372036854775808"),
        ),
        (
            json!("u64"),
            Value::U64(u64::MAX),
            json!("18446744073709551615"),
        ),
        (json!("f32"), Value::F32(0x7fc0_0001), json!("0x7fc00001")),
        (json!("f64"), Value::F64(1), json!("0x0000000000000001")),
        (json!("char"), Value::Char('é'), json!("é")),
        (
            json!("string"),
            Value::String("a\"\n".into()),
            json!("a\"\n"),
        ),
        (
            json!({"list": "u8"}),
            Value::List(vec![Value::U8(1), Value::U8(2)]),
            json!([1, 2]),
        ),
        (
            json!({"fixed-list": ["u8", 1]}),
            Value::List(vec![Value::U8(1)]),
            json!([1]),
        ),
        (
            json!({"map": ["string", "u8"]}),
            Value::Map(vec![(Value::String("k".into()), Value::U8(1))]),
            json!([["k", 1]]),
        ),
        (
            json!({"record": [["a", "u8"]]}),
            named("a", Value::U8(1)),
            json!({"a": 1}),
        ),
        (
            json!({"tuple": ["u8", "bool"]}),
            Value::Tuple(vec![Value::U8(1), Value::Bool(false)]),
            json!([1, false]),
        ),
        (
            json!({"variant": [["a", null], ["b", "u8"]]}),
            Value::Variant("b".into(), boxed(Value::U8(1))),
            json!({"case": "b", "value": 1}),
        ),
        (
            json!({"variant": [["a", null], ["b", "u8"]]}),
            Value::Variant("a".into(), None),
            json!({"case": "a"}),
        ),
        (json!({"enum": ["a"]}), Value::Enum("a".into()), json!("a")),
        (json!({"option": "u8"}), Value::Option(None), json!(null)),
        (
            json!({"option": {"option": "u8"}}),
            Value::Option(boxed(Value::Option(None))),
            json!({"some": null}),
        ),
        (
            json!({"result": ["u8", null]}),
            Value::Result(Ok(boxed(Value::U8(1)))),
            json!({"ok": 1}),
        ),
        (
            json!({"result": ["u8", null]}),
            Value::Result(Err(None)),
            json!({"error": null}),
        ),
        (
            json!({"flags": ["a", "b"]}),
            Value::Flags(vec!["b".into()]),
            json!(["b"]),
        ),
        (
            json!({"own": "r"}),
            handle(HandleKind::Resource),
            json!({"handle": 7}),
        ),
        (
            json!({"stream": "u8"}),
            handle(HandleKind::Stream),
            json!({"handle": 7}),
        ),
        (
            json!({"future": null}),
            handle(HandleKind::Future),
            json!({"handle": 7}),
        ),
        (
            json!("error-context"),
            handle(HandleKind::ErrorContext),
            json!({"handle": 7}),
        ),
    ];
    for (type_json, value, value_json) in cases {
        let ty = ty(type_json.clone());
        assert_eq!(serde_json::to_value(&ty).unwrap(), type_json);
        assert_eq!(to_json(&value), value_json, "{type_json}");
        assert_eq!(from_json(&value_json, &ty), Ok(value), "{type_json}");
    }
}

#[test]
fn a_handle_keeps_the_number_that_the_runtime_gave_it() {
    let read = from_json(&json!({"handle": 3}), &Type::Own("r".into())).unwrap();
    assert_eq!(to_json(&read), json!({"handle": 3}));
}

#[test]
fn what_is_not_of_the_type_is_named() {
    let cases = [
        (json!("u8"), json!(256), "256 is not a number that is a u8"),
        (json!("u8"), json!(1.5), "1.5 is not a number that is a u8"),
        (
            json!("s64"),
            json!(1),
            "1 is not a decimal string that is an s64",
        ),
        (
            json!("f32"),
            json!("0x1"),
            "\"0x1\" is not the bits of an f32, as \"0x7fc00000\"",
        ),
        (
            json!("char"),
            json!("ab"),
            "\"ab\" is not a string of one character",
        ),
        (
            json!({"record": [["a", "u8"]]}),
            json!({"b": 1}),
            "{\"b\":1} is not an object with every field of the record",
        ),
        (
            json!({"result": [null, null]}),
            json!({"ok": 1}),
            "1 is not null, since the case has no payload",
        ),
        (
            json!({"flags": ["a"]}),
            json!(["b"]),
            "\"b\" is not the name of a flag",
        ),
        (
            json!({"fixed-list": ["u8", 2]}),
            json!([1]),
            "[1] is not an array as long as the list",
        ),
        (
            json!({"list": "bool"}),
            json!([true, 1]),
            "1 is not true or false",
        ),
    ];
    for (type_json, value, message) in cases {
        let error = from_json(&value, &ty(type_json)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn flags_come_in_the_order_of_their_type() {
    let flags = ty(json!({"flags": ["a", "b", "c"]}));
    let read = from_json(&json!(["c", "a"]), &flags).unwrap();
    assert_eq!(read, Value::Flags(vec!["a".into(), "c".into()]));
}

#[test]
fn core_values_tell_their_own_types() {
    let cases = [
        (CoreValue::I32(-1), json!({"i32": -1})),
        (CoreValue::I64(-1), json!({"i64": "-1"})),
        (CoreValue::F32(1), json!({"f32": "0x00000001"})),
        (CoreValue::F64(1), json!({"f64": "0x0000000000000001"})),
        (
            CoreValue::V128(1),
            json!({"v128": "0x00000000000000000000000000000001"}),
        ),
        (
            CoreValue::Ref(CoreRef::Null(RefHierarchy::Exn)),
            json!({"ref": {"null": "exn"}}),
        ),
        (
            CoreValue::Ref(CoreRef::Extern(Some(1))),
            json!({"ref": {"extern": 1}}),
        ),
        (
            CoreValue::Ref(CoreRef::Any(AnyRef::Host(1))),
            json!({"ref": {"host": 1}}),
        ),
        (CoreValue::Ref(CoreRef::Func), json!({"ref": "func"})),
        (
            CoreValue::Ref(CoreRef::Any(AnyRef::I31)),
            json!({"ref": "i31"}),
        ),
    ];
    for (value, json) in cases {
        let value = Value::Core(value);
        assert_eq!(to_json(&value), json);
        assert_eq!(core_from_json(&json), Ok(value));
    }
    assert!(core_from_json(&json!({"i32": 1, "i64": "1"})).is_err());
    assert!(core_from_json(&json!(1)).is_err());
}
