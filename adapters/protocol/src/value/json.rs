//! Values as JSON, in the protocol's notation.
//!
//! A value is written without its type and read by the type that stands beside it. What JSON's
//! numbers cannot hold everywhere, 64-bit integers and floats, is written as text; floats by their
//! bits.

use serde_json::{Map, Value as Json, json};

use super::{AnyRef, CoreRef, CoreValue, Handle, HandleKind, RefHierarchy, Value};
use crate::types::Type;

/// A JSON value is not what its type asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} is not {expected}")]
pub struct Mismatch {
    /// The innermost JSON value that does not fit, shortened.
    pub found: String,
    /// What it should be.
    pub expected: &'static str,
}

/// How much of a JSON value that does not fit is shown.
const SHOWN: usize = 100;

fn mismatch(json: &Json, expected: &'static str) -> Mismatch {
    let mut found = json.to_string();
    if let Some((cut, _)) = found.char_indices().nth(SHOWN) {
        found.truncate(cut);
        found.push('…');
    }
    Mismatch { found, expected }
}

/// A value as JSON.
pub fn to_json(value: &Value) -> Json {
    let all = |values: &[Value]| Json::Array(values.iter().map(to_json).collect());
    let payload = |value: &Option<Box<Value>>| value.as_deref().map_or(Json::Null, to_json);
    match value {
        Value::Bool(value) => (*value).into(),
        Value::S8(value) => (*value).into(),
        Value::U8(value) => (*value).into(),
        Value::S16(value) => (*value).into(),
        Value::U16(value) => (*value).into(),
        Value::S32(value) => (*value).into(),
        Value::U32(value) => (*value).into(),
        Value::S64(value) => value.to_string().into(),
        Value::U64(value) => value.to_string().into(),
        Value::F32(bits) => format!("{bits:#010x}").into(),
        Value::F64(bits) => format!("{bits:#018x}").into(),
        Value::Char(value) => value.to_string().into(),
        Value::String(value) => value.clone().into(),
        Value::List(values) | Value::Tuple(values) => all(values),
        Value::Map(entries) => {
            let pair = |(key, value): &(Value, Value)| json!([to_json(key), to_json(value)]);
            entries.iter().map(pair).collect()
        }
        Value::Record(fields) => {
            let field = |(name, value): &(String, Value)| (name.clone(), to_json(value));
            Json::Object(fields.iter().map(field).collect())
        }
        Value::Variant(case, None) => json!({ "case": case }),
        Value::Variant(case, Some(value)) => json!({ "case": case, "value": to_json(value) }),
        Value::Enum(case) => case.clone().into(),
        Value::Option(None) => Json::Null,
        Value::Option(Some(value)) => json!({ "some": to_json(value) }),
        Value::Result(Ok(value)) => json!({ "ok": payload(value) }),
        Value::Result(Err(value)) => json!({ "error": payload(value) }),
        Value::Flags(names) => names.clone().into(),
        Value::Handle(handle) => json!({ "handle": handle.number }),
        Value::Core(value) => core_to_json(value),
    }
}

/// Reads a value of the component model.
///
/// # Errors
/// [`Mismatch`] where the JSON is no value of the type.
pub fn from_json(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let fail = |expected| mismatch(json, expected);
    Ok(match ty {
        Type::Bool => Value::Bool(json.as_bool().ok_or_else(|| fail("true or false"))?),
        Type::S8 => Value::S8(integer(json, "a number that is an s8")?),
        Type::U8 => Value::U8(integer(json, "a number that is a u8")?),
        Type::S16 => Value::S16(integer(json, "a number that is an s16")?),
        Type::U16 => Value::U16(integer(json, "a number that is a u16")?),
        Type::S32 => Value::S32(integer(json, "a number that is an s32")?),
        Type::U32 => Value::U32(integer(json, "a number that is a u32")?),
        Type::S64 => Value::S64(decimal(json, "a decimal string that is an s64")?),
        Type::U64 => Value::U64(decimal(json, "a decimal string that is a u64")?),
        Type::F32 => Value::F32(bits(json, 8, "the bits of an f32, as \"0x7fc00000\"")?),
        Type::F64 => Value::F64(bits(
            json,
            16,
            "the bits of an f64, as \"0x7ff8000000000000\"",
        )?),
        Type::Char => Value::Char(character(json)?),
        Type::String => Value::String(text(json, "a string")?.to_owned()),
        Type::List(ty) => Value::List(elements(array(json, "an array for a list")?, ty)?),
        Type::FixedList(ty, length) => {
            let expected = "an array as long as the list";
            let items = array(json, expected)?;
            if u32::try_from(items.len()) != Ok(*length) {
                return Err(fail(expected));
            }
            Value::List(elements(items, ty)?)
        }
        Type::Map(key, value) => {
            let expected = "an array of pairs for a map";
            let entry = |entry: &Json| match array(entry, expected)? {
                [k, v] => Ok((from_json(k, key)?, from_json(v, value)?)),
                _ => Err(mismatch(entry, expected)),
            };
            let entries = array(json, expected)?.iter().map(entry);
            Value::Map(entries.collect::<Result<_, _>>()?)
        }
        Type::Record(fields) => {
            let given = object(json, "an object for a record")?;
            let field = |(name, ty): &(String, Type)| {
                let value = given.get(name);
                let value =
                    value.ok_or_else(|| fail("an object with every field of the record"))?;
                Ok((name.clone(), from_json(value, ty)?))
            };
            Value::Record(fields.iter().map(field).collect::<Result<_, _>>()?)
        }
        Type::Tuple(types) => {
            let expected = "an array as long as the tuple";
            let items = array(json, expected)?;
            if items.len() != types.len() {
                return Err(fail(expected));
            }
            let values = items.iter().zip(types);
            let values = values.map(|(value, ty)| from_json(value, ty));
            Value::Tuple(values.collect::<Result<_, _>>()?)
        }
        Type::Variant(cases) => variant(json, cases)?,
        Type::Enum(cases) => {
            let case = text(json, "the name of a case of the enum")?;
            if !cases.iter().any(|known| known == case) {
                return Err(fail("the name of a case of the enum"));
            }
            Value::Enum(case.to_owned())
        }
        Type::Option(ty) => Value::Option(match json {
            Json::Null => None,
            json => {
                let given = object(json, "null or {\"some\": value}")?;
                let value = given.get("some");
                let value = value.ok_or_else(|| fail("null or {\"some\": value}"))?;
                Some(Box::new(from_json(value, ty)?))
            }
        }),
        Type::Result(ok, error) => result(json, ok.as_deref(), error.as_deref())?,
        Type::Flags(names) => Value::Flags(flags(json, names)?),
        Type::Own(_) | Type::Borrow(_) => handle(json, HandleKind::Resource)?,
        Type::Stream(_) => handle(json, HandleKind::Stream)?,
        Type::Future(_) => handle(json, HandleKind::Future)?,
        Type::ErrorContext => handle(json, HandleKind::ErrorContext)?,
    })
}

fn elements(items: &[Json], ty: &Type) -> Result<Vec<Value>, Mismatch> {
    items.iter().map(|item| from_json(item, ty)).collect()
}

fn text<'j>(json: &'j Json, expected: &'static str) -> Result<&'j str, Mismatch> {
    json.as_str().ok_or_else(|| mismatch(json, expected))
}

fn array<'j>(json: &'j Json, expected: &'static str) -> Result<&'j [Json], Mismatch> {
    let array = json.as_array().map(Vec::as_slice);
    array.ok_or_else(|| mismatch(json, expected))
}

fn object<'j>(json: &'j Json, expected: &'static str) -> Result<&'j Map<String, Json>, Mismatch> {
    json.as_object().ok_or_else(|| mismatch(json, expected))
}

fn integer<T: TryFrom<i64>>(json: &Json, expected: &'static str) -> Result<T, Mismatch> {
    let number = json.as_i64().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| mismatch(json, expected))
}

fn decimal<T: std::str::FromStr>(json: &Json, expected: &'static str) -> Result<T, Mismatch> {
    let number = json.as_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| mismatch(json, expected))
}

/// Reads `0x` and exactly so many hexadecimal digits.
fn bits<T: TryFrom<u128>>(
    json: &Json,
    digits: usize,
    expected: &'static str,
) -> Result<T, Mismatch> {
    let read = |text: &str| {
        let hex = text.strip_prefix("0x")?;
        let plain = hex.len() == digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(hex, 16).ok().filter(|_| plain)?;
        T::try_from(number).ok()
    };
    let number = json.as_str().and_then(read);
    number.ok_or_else(|| mismatch(json, expected))
}

fn character(json: &Json) -> Result<char, Mismatch> {
    let expected = "a string of one character";
    let mut chars = text(json, expected)?.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(mismatch(json, expected)),
    }
}

fn variant(json: &Json, cases: &[(String, Option<Type>)]) -> Result<Value, Mismatch> {
    let expected = "{\"case\": name} of a case of the variant, with \"value\" where it has one";
    let given = object(json, expected)?;
    let name = given.get("case").and_then(Json::as_str);
    let case = cases.iter().find(|(known, _)| Some(&**known) == name);
    let (name, ty) = case.ok_or_else(|| mismatch(json, expected))?;
    let payload = match (given.get("value"), ty) {
        (Some(value), Some(ty)) => Some(Box::new(from_json(value, ty)?)),
        (None | Some(Json::Null), None) => None,
        _ => return Err(mismatch(json, expected)),
    };
    Ok(Value::Variant(name.clone(), payload))
}

fn result(json: &Json, ok: Option<&Type>, error: Option<&Type>) -> Result<Value, Mismatch> {
    let expected = "{\"ok\": value or null} or {\"error\": value or null}";
    let given = object(json, expected)?;
    let payload = |value: &Json, ty: Option<&Type>| match (value, ty) {
        (Json::Null, None) => Ok(None),
        (value, Some(ty)) => Ok(Some(Box::new(from_json(value, ty)?))),
        (value, None) => Err(mismatch(value, "null, since the case has no payload")),
    };
    match (given.get("ok"), given.get("error")) {
        (Some(value), None) => Ok(Value::Result(Ok(payload(value, ok)?))),
        (None, Some(value)) => Ok(Value::Result(Err(payload(value, error)?))),
        _ => Err(mismatch(json, expected)),
    }
}

/// The names that are set, in the type's order whatever the order they come in.
fn flags(json: &Json, names: &[String]) -> Result<Vec<String>, Mismatch> {
    let expected = "an array of names of the flags";
    let mut set = Vec::new();
    for item in array(json, expected)? {
        let name = text(item, expected)?;
        if !names.iter().any(|known| known == name) {
            return Err(mismatch(item, "the name of a flag"));
        }
        set.push(name);
    }
    let named = names.iter().filter(|name| set.contains(&name.as_str()));
    Ok(named.cloned().collect())
}

fn handle(json: &Json, kind: HandleKind) -> Result<Value, Mismatch> {
    let expected = "{\"handle\": number or null}";
    let number = match object(json, expected)?.get("handle") {
        Some(Json::Null) => None,
        Some(number) => Some(integer(number, expected)?),
        None => return Err(mismatch(json, expected)),
    };
    Ok(Value::Handle(Handle { kind, number }))
}

fn core_to_json(value: &CoreValue) -> Json {
    match value {
        CoreValue::I32(value) => json!({ "i32": value }),
        CoreValue::I64(value) => json!({ "i64": value.to_string() }),
        CoreValue::F32(bits) => json!({ "f32": format!("{bits:#010x}") }),
        CoreValue::F64(bits) => json!({ "f64": format!("{bits:#018x}") }),
        CoreValue::V128(bits) => json!({ "v128": format!("{bits:#034x}") }),
        CoreValue::Ref(reference) => json!({ "ref": match reference {
            CoreRef::Null(hierarchy) => json!({ "null": hierarchy.name() }),
            CoreRef::Extern(Some(number)) => json!({ "extern": number }),
            CoreRef::Any(AnyRef::Host(number)) => json!({ "host": number }),
            CoreRef::Func => "func".into(),
            CoreRef::Extern(None) => "extern".into(),
            CoreRef::Any(AnyRef::I31) => "i31".into(),
            CoreRef::Any(AnyRef::Struct) => "struct".into(),
            CoreRef::Any(AnyRef::Array) => "array".into(),
            CoreRef::Any(AnyRef::Other) => "any".into(),
            CoreRef::Exn => "exn".into(),
            CoreRef::Cont => "cont".into(),
        }}),
    }
}

/// Reads a value of core WebAssembly, which tells its own type.
///
/// # Errors
/// [`Mismatch`] where the JSON is no such value.
pub fn core_from_json(json: &Json) -> Result<Value, Mismatch> {
    let expected = "a core value, as {\"i32\": 1}";
    let given = object(json, expected)?;
    let mut entries = given.iter();
    let (Some((sort, value)), None) = (entries.next(), entries.next()) else {
        return Err(mismatch(json, expected));
    };
    Ok(Value::Core(match sort.as_str() {
        "i32" => CoreValue::I32(integer(value, "a number that is an i32")?),
        "i64" => CoreValue::I64(decimal(value, "a decimal string that is an i64")?),
        "f32" => CoreValue::F32(bits(value, 8, "the bits of an f32")?),
        "f64" => CoreValue::F64(bits(value, 16, "the bits of an f64")?),
        "v128" => CoreValue::V128(bits(value, 32, "the bits of a v128")?),
        "ref" => CoreValue::Ref(reference(value)?),
        _ => return Err(mismatch(json, expected)),
    }))
}

fn reference(json: &Json) -> Result<CoreRef, Mismatch> {
    let expected = "a reference, as {\"null\": \"func\"}, {\"extern\": 1} or \"func\"";
    let fail = || mismatch(json, expected);
    if let Some(word) = json.as_str() {
        return Ok(match word {
            "func" => CoreRef::Func,
            "extern" => CoreRef::Extern(None),
            "i31" => CoreRef::Any(AnyRef::I31),
            "struct" => CoreRef::Any(AnyRef::Struct),
            "array" => CoreRef::Any(AnyRef::Array),
            "any" => CoreRef::Any(AnyRef::Other),
            "exn" => CoreRef::Exn,
            "cont" => CoreRef::Cont,
            _ => return Err(fail()),
        });
    }
    let given = object(json, expected)?;
    if let Some(hierarchy) = given.get("null").and_then(Json::as_str) {
        let known = RefHierarchy::ALL.into_iter();
        let found = known.clone().find(|known| known.name() == hierarchy);
        return Ok(CoreRef::Null(found.ok_or_else(fail)?));
    }
    match (given.get("extern"), given.get("host")) {
        (Some(number), None) => Ok(CoreRef::Extern(Some(integer(number, expected)?))),
        (None, Some(number)) => Ok(CoreRef::Any(AnyRef::Host(integer(number, expected)?))),
        _ => Err(fail()),
    }
}

#[cfg(test)]
mod tests;
