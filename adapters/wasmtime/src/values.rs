//! Values of components on their way into Wasmtime and out of it.

use wasmtime::component::{Type, Val};

use assize_protocol::value::{Handle, HandleKind, Value};

/// A value for a parameter of this type, if it is one. Wasmtime itself checks names and the
/// number of fields; the type is needed where one notation stands for several types.
pub(super) fn to_wasmtime(
    value: &Value,
    ty: &Type,
    handles: &dyn Fn(u32) -> Option<Val>,
) -> Option<Val> {
    Some(match (value, ty) {
        (Value::Bool(value), Type::Bool) => Val::Bool(*value),
        (Value::S8(value), Type::S8) => Val::S8(*value),
        (Value::U8(value), Type::U8) => Val::U8(*value),
        (Value::S16(value), Type::S16) => Val::S16(*value),
        (Value::U16(value), Type::U16) => Val::U16(*value),
        (Value::S32(value), Type::S32) => Val::S32(*value),
        (Value::U32(value), Type::U32) => Val::U32(*value),
        (Value::S64(value), Type::S64) => Val::S64(*value),
        (Value::U64(value), Type::U64) => Val::U64(*value),
        (Value::F32(bits), Type::Float32) => Val::Float32(f32::from_bits(*bits)),
        (Value::F64(bits), Type::Float64) => Val::Float64(f64::from_bits(*bits)),
        (Value::Char(value), Type::Char) => Val::Char(*value),
        (Value::String(value), Type::String) => Val::String(value.clone()),
        (Value::List(values), Type::List(ty)) => {
            Val::List(all_to_wasmtime(values, &ty.ty(), handles)?)
        }
        #[cfg(not(feature = "before-48"))]
        (Value::List(values), Type::FixedLengthList(ty)) => {
            Val::FixedLengthList(all_to_wasmtime(values, &ty.ty(), handles)?)
        }
        (Value::Map(entries), Type::Map(ty)) => {
            let (key_ty, value_ty) = (ty.key(), ty.value());
            let entry = |(key, value): &(Value, Value)| {
                Some((
                    to_wasmtime(key, &key_ty, handles)?,
                    to_wasmtime(value, &value_ty, handles)?,
                ))
            };
            Val::Map(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        (Value::List(values), Type::Map(_)) => {
            let pair = |value: &Value| match value {
                Value::Tuple(pair) => match &pair[..] {
                    [key, value] => Some((key.clone(), value.clone())),
                    _ => None,
                },
                _ => None,
            };
            return to_wasmtime(
                &Value::Map(values.iter().map(pair).collect::<Option<_>>()?),
                ty,
                handles,
            );
        }
        (Value::Record(fields), Type::Record(ty)) => {
            let tys: Vec<_> = ty.fields().map(|field| field.ty).collect();
            let field = |((name, value), ty): (&(String, Value), &Type)| {
                Some((name.clone(), to_wasmtime(value, ty, handles)?))
            };
            if tys.len() != fields.len() {
                return None;
            }
            Val::Record(fields.iter().zip(&tys).map(field).collect::<Option<_>>()?)
        }
        (Value::Tuple(values), Type::Tuple(ty)) => {
            if ty.types().len() != values.len() {
                return None;
            }
            let items = values
                .iter()
                .zip(ty.types())
                .map(|(value, ty)| to_wasmtime(value, &ty, handles));
            Val::Tuple(items.collect::<Option<_>>()?)
        }
        (Value::Variant(case, payload), Type::Variant(ty)) => {
            let of_case = ty.cases().find(|known| known.name == case)?.ty;
            Val::Variant(
                case.clone(),
                payload_to_wasmtime(payload, of_case, handles)?,
            )
        }
        (Value::Enum(case), Type::Enum(_)) => Val::Enum(case.clone()),
        (Value::Option(payload), Type::Option(ty)) => match payload {
            Some(value) => Val::Option(Some(Box::new(to_wasmtime(value, &ty.ty(), handles)?))),
            None => Val::Option(None),
        },
        (Value::Result(Ok(payload)), Type::Result(ty)) => {
            Val::Result(Ok(payload_to_wasmtime(payload, ty.ok(), handles)?))
        }
        (Value::Result(Err(payload)), Type::Result(ty)) => {
            Val::Result(Err(payload_to_wasmtime(payload, ty.err(), handles)?))
        }
        (Value::Flags(names), Type::Flags(_)) => Val::Flags(names.clone()),
        (Value::Handle(handle), _) => return handle.number.and_then(handles),
        _ => return None,
    })
}

fn all_to_wasmtime(
    values: &[Value],
    ty: &Type,
    handles: &dyn Fn(u32) -> Option<Val>,
) -> Option<Vec<Val>> {
    values
        .iter()
        .map(|value| to_wasmtime(value, ty, handles))
        .collect()
}

/// A payload for a case, which may have a type; outer `None` where the two do not agree.
fn payload_to_wasmtime(
    payload: &Option<Box<Value>>,
    ty: Option<Type>,
    handles: &dyn Fn(u32) -> Option<Val>,
) -> Option<Option<Box<Val>>> {
    match (payload, ty) {
        (Some(value), Some(ty)) => Some(Some(Box::new(to_wasmtime(value, &ty, handles)?))),
        (None, None) => Some(None),
        _ => None,
    }
}

/// A value of Wasmtime's. `keep` gives the number under which a handle is kept, if it is.
pub(super) fn from_wasmtime(value: &Val, keep: &mut dyn FnMut(&Val) -> Option<u32>) -> Value {
    let mut handle = |kind| {
        let number = keep(value);
        Value::Handle(Handle { kind, number })
    };
    match value {
        Val::Bool(value) => Value::Bool(*value),
        Val::S8(value) => Value::S8(*value),
        Val::U8(value) => Value::U8(*value),
        Val::S16(value) => Value::S16(*value),
        Val::U16(value) => Value::U16(*value),
        Val::S32(value) => Value::S32(*value),
        Val::U32(value) => Value::U32(*value),
        Val::S64(value) => Value::S64(*value),
        Val::U64(value) => Value::U64(*value),
        Val::Float32(value) => Value::F32(value.to_bits()),
        Val::Float64(value) => Value::F64(value.to_bits()),
        Val::Char(value) => Value::Char(*value),
        Val::String(value) => Value::String(value.clone()),
        Val::List(values) => Value::List(all_from_wasmtime(values, keep)),
        #[cfg(not(feature = "before-48"))]
        Val::FixedLengthList(values) => Value::List(all_from_wasmtime(values, keep)),
        Val::Map(entries) => {
            let entry = |(k, v)| (from_wasmtime(k, keep), from_wasmtime(v, keep));
            Value::Map(entries.iter().map(|(k, v)| (k, v)).map(entry).collect())
        }
        Val::Record(fields) => {
            let field = |(name, value): &(String, Val)| (name.clone(), from_wasmtime(value, keep));
            Value::Record(fields.iter().map(field).collect())
        }
        Val::Tuple(values) => Value::Tuple(all_from_wasmtime(values, keep)),
        Val::Variant(case, value) => {
            Value::Variant(case.clone(), payload_from_wasmtime(value, keep))
        }
        Val::Enum(case) => Value::Enum(case.clone()),
        Val::Option(value) => Value::Option(payload_from_wasmtime(value, keep)),
        Val::Result(Ok(value)) => Value::Result(Ok(payload_from_wasmtime(value, keep))),
        Val::Result(Err(value)) => Value::Result(Err(payload_from_wasmtime(value, keep))),
        Val::Flags(names) => Value::Flags(names.clone()),
        Val::Resource(_) => handle(HandleKind::Resource),
        Val::Future(_) => handle(HandleKind::Future),
        Val::Stream(_) => handle(HandleKind::Stream),
        Val::ErrorContext(_) => handle(HandleKind::ErrorContext),
    }
}

fn all_from_wasmtime(values: &[Val], keep: &mut dyn FnMut(&Val) -> Option<u32>) -> Vec<Value> {
    values
        .iter()
        .map(|value| from_wasmtime(value, keep))
        .collect()
}

fn payload_from_wasmtime(
    value: &Option<Box<Val>>,
    keep: &mut dyn FnMut(&Val) -> Option<u32>,
) -> Option<Box<Value>> {
    value
        .as_ref()
        .map(|value| Box::new(from_wasmtime(value, keep)))
}
