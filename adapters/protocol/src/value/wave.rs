//! Component values as WAVE text.
//!
//! WAVE has neither maps nor handles nor NaN payloads. A map is written as a list of pairs, a
//! handle as the bare word for its sort, and the bits of every NaN follow the whole value.

use std::borrow::Cow;
use std::fmt;

use wasm_wave::value::Type;
use wasm_wave::wasm::{WasmTypeKind, WasmValue};

use super::Value;

/// Writes a value as WAVE text, followed by the bits of its NaNs, if any.
pub(super) fn fmt(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = wasm_wave::to_string(&Shown::Value(value)).map_err(|_| fmt::Error)?;
    f.write_str(&text)?;
    let mut nans = Vec::new();
    collect_nans(value, &mut nans);
    if !nans.is_empty() {
        write!(f, " (nan bits {})", nans.join(", "))?;
    }
    Ok(())
}

/// What WAVE sees as one value: a value of ours, or an entry of a map as a pair.
#[derive(Clone, Copy)]
enum Shown<'a> {
    Value(&'a Value),
    Entry(&'a Value, &'a Value),
}

type Items<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

fn shown<'s, 'a>(value: &'a Value) -> Cow<'s, Shown<'a>> {
    Cow::Owned(Shown::Value(value))
}

fn payload<'s, 'a>(value: &'a Option<Box<Value>>) -> Option<Cow<'s, Shown<'a>>> {
    value.as_deref().map(shown)
}

/// Each accessor answers only for its own kind, which the writer asks for first; for any other
/// kind it gives a neutral value.
impl WasmValue for Shown<'_> {
    type Type = Type;

    fn kind(&self) -> WasmTypeKind {
        let Shown::Value(value) = self else {
            return WasmTypeKind::Tuple;
        };
        match value {
            Value::Bool(_) => WasmTypeKind::Bool,
            Value::S8(_) => WasmTypeKind::S8,
            Value::U8(_) => WasmTypeKind::U8,
            Value::S16(_) => WasmTypeKind::S16,
            Value::U16(_) => WasmTypeKind::U16,
            Value::S32(_) => WasmTypeKind::S32,
            Value::U32(_) => WasmTypeKind::U32,
            Value::S64(_) => WasmTypeKind::S64,
            Value::U64(_) => WasmTypeKind::U64,
            Value::F32(_) => WasmTypeKind::F32,
            Value::F64(_) => WasmTypeKind::F64,
            Value::Char(_) => WasmTypeKind::Char,
            Value::String(_) => WasmTypeKind::String,
            Value::List(_) | Value::Map(_) => WasmTypeKind::List,
            Value::Record(_) => WasmTypeKind::Record,
            Value::Tuple(_) => WasmTypeKind::Tuple,
            Value::Variant(..) => WasmTypeKind::Variant,
            Value::Enum(_) | Value::Handle(_) | Value::Core(_) => WasmTypeKind::Enum,
            Value::Option(_) => WasmTypeKind::Option,
            Value::Result(_) => WasmTypeKind::Result,
            Value::Flags(_) => WasmTypeKind::Flags,
        }
    }

    fn unwrap_bool(&self) -> bool {
        matches!(self, Shown::Value(Value::Bool(true)))
    }

    fn unwrap_s8(&self) -> i8 {
        if let Shown::Value(Value::S8(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_u8(&self) -> u8 {
        if let Shown::Value(Value::U8(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_s16(&self) -> i16 {
        if let Shown::Value(Value::S16(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_u16(&self) -> u16 {
        if let Shown::Value(Value::U16(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_s32(&self) -> i32 {
        if let Shown::Value(Value::S32(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_u32(&self) -> u32 {
        if let Shown::Value(Value::U32(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_s64(&self) -> i64 {
        if let Shown::Value(Value::S64(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_u64(&self) -> u64 {
        if let Shown::Value(Value::U64(value)) = *self {
            *value
        } else {
            0
        }
    }

    fn unwrap_f32(&self) -> f32 {
        if let Shown::Value(Value::F32(bits)) = *self {
            f32::from_bits(*bits)
        } else {
            0.0
        }
    }

    fn unwrap_f64(&self) -> f64 {
        if let Shown::Value(Value::F64(bits)) = *self {
            f64::from_bits(*bits)
        } else {
            0.0
        }
    }

    fn unwrap_char(&self) -> char {
        if let Shown::Value(Value::Char(value)) = *self {
            *value
        } else {
            '\0'
        }
    }

    fn unwrap_string(&self) -> Cow<'_, str> {
        if let Shown::Value(Value::String(value)) = *self {
            value.into()
        } else {
            "".into()
        }
    }

    fn unwrap_list(&self) -> Items<'_, Cow<'_, Self>> {
        match *self {
            Shown::Value(Value::List(items)) => Box::new(items.iter().map(shown)),
            Shown::Value(Value::Map(entries)) => Box::new(
                entries
                    .iter()
                    .map(|(key, value)| Cow::Owned(Shown::Entry(key, value))),
            ),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn unwrap_record(&self) -> Items<'_, (Cow<'_, str>, Cow<'_, Self>)> {
        match *self {
            Shown::Value(Value::Record(fields)) => Box::new(
                fields
                    .iter()
                    .map(|(name, value)| (name.into(), shown(value))),
            ),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn unwrap_tuple(&self) -> Items<'_, Cow<'_, Self>> {
        match *self {
            Shown::Value(Value::Tuple(items)) => Box::new(items.iter().map(shown)),
            Shown::Entry(key, value) => Box::new([shown(key), shown(value)].into_iter()),
            _ => Box::new(std::iter::empty()),
        }
    }

    fn unwrap_variant(&self) -> (Cow<'_, str>, Option<Cow<'_, Self>>) {
        match *self {
            Shown::Value(Value::Variant(case, value)) => (case.into(), payload(value)),
            _ => ("".into(), None),
        }
    }

    fn unwrap_enum(&self) -> Cow<'_, str> {
        match *self {
            Shown::Value(Value::Enum(case)) => case.into(),
            Shown::Value(Value::Handle(handle)) => handle.kind.name().into(),
            Shown::Value(Value::Core(value)) => value.to_string().into(),
            _ => "".into(),
        }
    }

    fn unwrap_option(&self) -> Option<Cow<'_, Self>> {
        if let Shown::Value(Value::Option(value)) = *self {
            payload(value)
        } else {
            None
        }
    }

    fn unwrap_result(&self) -> Result<Option<Cow<'_, Self>>, Option<Cow<'_, Self>>> {
        match *self {
            Shown::Value(Value::Result(Ok(value))) => Ok(payload(value)),
            Shown::Value(Value::Result(Err(value))) => Err(payload(value)),
            _ => Ok(None),
        }
    }

    fn unwrap_flags(&self) -> Items<'_, Cow<'_, str>> {
        match *self {
            Shown::Value(Value::Flags(names)) => Box::new(names.iter().map(Cow::from)),
            _ => Box::new(std::iter::empty()),
        }
    }
}

fn collect_nans(value: &Value, nans: &mut Vec<String>) {
    match value {
        Value::F32(bits) if f32::from_bits(*bits).is_nan() => nans.push(format!("{bits:#010x}")),
        Value::F64(bits) if f64::from_bits(*bits).is_nan() => nans.push(format!("{bits:#018x}")),
        Value::List(items) | Value::Tuple(items) => {
            items.iter().for_each(|item| collect_nans(item, nans));
        }
        Value::Map(entries) => entries.iter().for_each(|(key, item)| {
            collect_nans(key, nans);
            collect_nans(item, nans);
        }),
        Value::Record(fields) => fields.iter().for_each(|(_, item)| collect_nans(item, nans)),
        Value::Variant(_, Some(item))
        | Value::Option(Some(item))
        | Value::Result(Ok(Some(item)) | Err(Some(item))) => collect_nans(item, nans),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AnyRef, CoreRef, CoreValue, Handle, HandleKind, RefHierarchy, Value};

    fn boxed(value: Value) -> Option<Box<Value>> {
        Some(Box::new(value))
    }

    #[test]
    fn component_values_print_as_wave() {
        let value = Value::Record(vec![
            ("b".into(), Value::Bool(true)),
            ("s".into(), Value::String("say \"hi\"\n".into())),
            ("c".into(), Value::Char('é')),
            ("l".into(), Value::List(vec![Value::U8(1), Value::U8(255)])),
            (
                "t".into(),
                Value::Tuple(vec![Value::S64(i64::MIN), Value::F64(0)]),
            ),
            (
                "v".into(),
                Value::Variant("some".into(), boxed(Value::F32(1.5f32.to_bits()))),
            ),
            ("e".into(), Value::Enum("red".into())),
            ("o".into(), Value::Option(boxed(Value::Option(None)))),
            ("r".into(), Value::Result(Err(boxed(Value::U64(u64::MAX))))),
            ("f".into(), Value::Flags(vec!["x".into(), "y".into()])),
            (
                "m".into(),
                Value::Map(vec![(Value::String("k".into()), Value::S8(-1))]),
            ),
            (
                "h".into(),
                Value::Handle(Handle::unkept(HandleKind::Stream)),
            ),
        ]);
        insta::assert_snapshot!(value, @r#"{b: true, s: "say \"hi\"\n", c: 'é', l: [1, 255], t: (-9223372036854775808, 0), v: %some(1.5), e: red, o: some(none), r: err(18446744073709551615), f: {x, y}, m: [("k", -1)], h: stream}"#);
    }

    #[test]
    fn the_bits_of_every_nan_follow_the_value() {
        let value = Value::Tuple(vec![
            Value::F32(0x7fc0_0001),
            Value::Option(boxed(Value::F64(0xfff8_0000_0000_0000))),
        ]);
        insta::assert_snapshot!(value, @"(nan, some(nan)) (nan bits 0x7fc00001, 0xfff8000000000000)");
    }

    #[test]
    fn core_values_print_in_the_notation_of_the_text_format() {
        let values = [
            CoreValue::I32(-1),
            CoreValue::F32(0xff80_0001),
            CoreValue::F64(f64::NEG_INFINITY.to_bits()),
            CoreValue::V128(0x2_0000_0000_0000_0001),
            CoreValue::Ref(CoreRef::Null(RefHierarchy::Func)),
            CoreValue::Ref(CoreRef::Any(AnyRef::Host(3))),
        ];
        let shown: Vec<String> = values
            .into_iter()
            .map(|value| Value::Core(value).to_string())
            .collect();
        insta::assert_snapshot!(shown.join(" "), @"(i32.const -1) (f32.const -nan:0x1) (f64.const -inf) (v128.const i64x2 0x1 0x2) (ref.null func) (ref.host 3)");
    }
}
