//! Between the harness's values, which have names, and the machine's, which have positions.

use assize_reference::abi::{StringValue, Value as MachineValue};
use assize_reference::component::types::{Label, ValType};

use crate::value::{Handle, HandleKind, Value};

/// What the machine has for a handle where one of a type is wanted.
pub type Handles<'h> = dyn Fn(&Handle, &ValType) -> Option<MachineValue> + 'h;

/// Why a value is not of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not {expected}")]
pub struct Mismatch {
    value: String,
    expected: &'static str,
}

/// `value` as the machine has it, if it is of type `ty`.
///
/// # Errors
/// [`Mismatch`], with the innermost value that does not fit.
pub fn to_machine(value: &Value, ty: &ValType) -> Result<MachineValue, Mismatch> {
    to_machine_with(value, ty, &|_, _| None)
}

/// The same with handles, of which `handle` says what the machine has for them where a handle of
/// that type is wanted.
///
/// # Errors
/// [`Mismatch`], with the innermost value that does not fit.
pub fn to_machine_with(
    value: &Value,
    ty: &ValType,
    handle: &Handles<'_>,
) -> Result<MachineValue, Mismatch> {
    let to_machine = |value: &Value, ty: &ValType| to_machine_with(value, ty, handle);
    let mismatch = || Mismatch {
        value: value.to_string(),
        expected: kind(ty),
    };
    Ok(match (value, ty) {
        (Value::Bool(v), ValType::Bool) => MachineValue::Bool(*v),
        (Value::S8(v), ValType::S8) => MachineValue::S8(*v),
        (Value::U8(v), ValType::U8) => MachineValue::U8(*v),
        (Value::S16(v), ValType::S16) => MachineValue::S16(*v),
        (Value::U16(v), ValType::U16) => MachineValue::U16(*v),
        (Value::S32(v), ValType::S32) => MachineValue::S32(*v),
        (Value::U32(v), ValType::U32) => MachineValue::U32(*v),
        (Value::S64(v), ValType::S64) => MachineValue::S64(*v),
        (Value::U64(v), ValType::U64) => MachineValue::U64(*v),
        (Value::F32(v), ValType::F32) => MachineValue::F32(*v),
        (Value::F64(v), ValType::F64) => MachineValue::F64(*v),
        (Value::Char(v), ValType::Char) => MachineValue::Char(*v),
        (Value::String(v), ValType::String) => MachineValue::String(StringValue::host(&**v)),
        (Value::List(v), ValType::List(ty)) => MachineValue::List(elements(v, ty, handle)?),
        (Value::List(v), ValType::FixedList(ty, length)) if v.len() == *length as usize => {
            MachineValue::List(elements(v, ty, handle)?)
        }
        (Value::Map(entries), ValType::Map(key_ty, value_ty)) => MachineValue::List(
            entries
                .iter()
                .map(|(key, value)| {
                    let entry = [to_machine(key, key_ty)?, to_machine(value, value_ty)?];
                    Ok(MachineValue::Record(entry.into()))
                })
                .collect::<Result<_, _>>()?,
        ),
        (Value::Record(v), ValType::Record(fields)) if v.len() == fields.len() => {
            let fields = v.iter().zip(&**fields);
            let fields = fields.map(|((name, value), field)| {
                if **name != *field.label {
                    return Err(mismatch());
                }
                to_machine(value, &field.ty)
            });
            MachineValue::Record(fields.collect::<Result<_, _>>()?)
        }
        (Value::Tuple(v), ValType::Tuple(types)) if v.len() == types.len() => {
            let values = v
                .iter()
                .zip(&**types)
                .map(|(value, ty)| to_machine(value, ty));
            MachineValue::Record(values.collect::<Result<_, _>>()?)
        }
        (Value::Variant(name, payload), ValType::Variant(cases)) => {
            let case = cases
                .iter()
                .position(|case| *case.label == **name)
                .ok_or_else(mismatch)?;
            let ty = cases[case].ty.as_ref();
            variant(case, payload.as_deref(), ty, handle).ok_or_else(mismatch)??
        }
        (Value::Enum(name), ValType::Enum(labels)) => {
            let case = labels
                .iter()
                .position(|label| **label == **name)
                .ok_or_else(mismatch)?;
            MachineValue::Variant {
                case: case as u32,
                payload: None,
            }
        }
        (Value::Option(payload), ValType::Option(ty)) => {
            let ty = payload.as_ref().map(|_| &**ty);
            let case = usize::from(payload.is_some());
            variant(case, payload.as_deref(), ty, handle).ok_or_else(mismatch)??
        }
        (Value::Result(Ok(payload)), ValType::Result { ok, .. }) => {
            variant(0, payload.as_deref(), ok.as_deref(), handle).ok_or_else(mismatch)??
        }
        (Value::Result(Err(payload)), ValType::Result { error, .. }) => {
            variant(1, payload.as_deref(), error.as_deref(), handle).ok_or_else(mismatch)??
        }
        (Value::Flags(names), ValType::Flags(labels)) => {
            MachineValue::Flags(flags(names, labels).ok_or_else(mismatch)?)
        }
        (Value::Handle(known), _) => handle(known, ty).ok_or_else(mismatch)?,
        _ => return Err(mismatch()),
    })
}

fn elements(
    values: &[Value],
    ty: &ValType,
    handle: &Handles<'_>,
) -> Result<Vec<MachineValue>, Mismatch> {
    let values = values.iter();
    values
        .map(|value| to_machine_with(value, ty, handle))
        .collect()
}

/// A case with its payload; none if there is a payload where there should not be, or the reverse.
fn variant(
    case: usize,
    payload: Option<&Value>,
    ty: Option<&ValType>,
    handle: &Handles<'_>,
) -> Option<Result<MachineValue, Mismatch>> {
    let payload = match (payload, ty) {
        (None, None) => Ok(None),
        (Some(value), Some(ty)) => {
            to_machine_with(value, ty, handle).map(|value| Some(Box::new(value)))
        }
        _ => return None,
    };
    Some(payload.map(|payload| MachineValue::Variant {
        case: case as u32,
        payload,
    }))
}

fn flags(names: &[String], labels: &[Label]) -> Option<u32> {
    names.iter().try_fold(0, |bits, name| {
        let bit = labels.iter().position(|label| **label == **name)?;
        Some(bits | 1 << bit)
    })
}

/// A value of the machine, which is of type `ty`, with its names.
pub fn from_machine(value: &MachineValue, ty: &ValType) -> Value {
    match (value, ty) {
        (MachineValue::Bool(v), _) => Value::Bool(*v),
        (MachineValue::S8(v), _) => Value::S8(*v),
        (MachineValue::U8(v), _) => Value::U8(*v),
        (MachineValue::S16(v), _) => Value::S16(*v),
        (MachineValue::U16(v), _) => Value::U16(*v),
        (MachineValue::S32(v), _) => Value::S32(*v),
        (MachineValue::U32(v), _) => Value::U32(*v),
        (MachineValue::S64(v), _) => Value::S64(*v),
        (MachineValue::U64(v), _) => Value::U64(*v),
        (MachineValue::F32(v), _) => Value::F32(*v),
        (MachineValue::F64(v), _) => Value::F64(*v),
        (MachineValue::Char(v), _) => Value::Char(*v),
        (MachineValue::String(v), _) => Value::String(v.text.to_string()),
        (MachineValue::List(entries), ValType::Map(key_ty, value_ty)) => {
            let entry = |entry: &MachineValue| match entry {
                MachineValue::Record(pair) => match &pair[..] {
                    [key, value] => {
                        Some((from_machine(key, key_ty), from_machine(value, value_ty)))
                    }
                    _ => None,
                },
                _ => None,
            };
            Value::Map(entries.iter().filter_map(entry).collect())
        }
        (MachineValue::List(v), ValType::List(ty) | ValType::FixedList(ty, _)) => {
            Value::List(v.iter().map(|value| from_machine(value, ty)).collect())
        }
        (MachineValue::Record(v), ValType::Record(fields)) => {
            let fields = v.iter().zip(&**fields);
            let named = |(value, field): (_, &assize_reference::component::types::Field)| {
                (field.label.to_string(), from_machine(value, &field.ty))
            };
            Value::Record(fields.map(named).collect())
        }
        (MachineValue::Record(v), ValType::Tuple(types)) => Value::Tuple(
            v.iter()
                .zip(&**types)
                .map(|(v, ty)| from_machine(v, ty))
                .collect(),
        ),
        (MachineValue::Variant { case, payload }, ty) => {
            from_variant(*case, payload.as_deref(), ty)
        }
        (MachineValue::Flags(bits), ValType::Flags(labels)) => {
            let set = labels
                .iter()
                .enumerate()
                .filter(|(bit, _)| bits >> bit & 1 == 1);
            Value::Flags(set.map(|(_, label)| label.to_string()).collect())
        }
        (MachineValue::Stream(_), _) => Value::Handle(Handle::unkept(HandleKind::Stream)),
        (MachineValue::Future(_), _) => Value::Handle(Handle::unkept(HandleKind::Future)),
        (MachineValue::ErrorContext(_), _) => {
            Value::Handle(Handle::unkept(HandleKind::ErrorContext))
        }
        // Lists, records and flags have been matched with their types above.
        (
            MachineValue::Own(_)
            | MachineValue::Borrow(_)
            | MachineValue::List(_)
            | MachineValue::Record(_)
            | MachineValue::Flags(_),
            _,
        ) => Value::Handle(Handle::unkept(HandleKind::Resource)),
    }
}

fn from_variant(case: u32, payload: Option<&MachineValue>, ty: &ValType) -> Value {
    let value = |ty: Option<&ValType>| {
        let (payload, ty) = (payload?, ty?);
        Some(Box::new(from_machine(payload, ty)))
    };
    let position = case as usize;
    match ty {
        ValType::Option(ty) => Value::Option(value(Some(ty))),
        ValType::Result { ok, .. } if case == 0 => Value::Result(Ok(value(ok.as_deref()))),
        ValType::Result { error, .. } => Value::Result(Err(value(error.as_deref()))),
        ValType::Enum(labels) => Value::Enum(labels[position].to_string()),
        ValType::Variant(cases) => {
            let case = &cases[position];
            Value::Variant(case.label.to_string(), value(case.ty.as_ref()))
        }
        _ => Value::Variant(case.to_string(), None),
    }
}

/// What a value of the type is called in a message.
fn kind(ty: &ValType) -> &'static str {
    match ty {
        ValType::Bool => "a bool",
        ValType::S8 => "an s8",
        ValType::U8 => "a u8",
        ValType::S16 => "an s16",
        ValType::U16 => "a u16",
        ValType::S32 => "an s32",
        ValType::U32 => "a u32",
        ValType::S64 => "an s64",
        ValType::U64 => "a u64",
        ValType::F32 => "an f32",
        ValType::F64 => "an f64",
        ValType::Char => "a char",
        ValType::String => "a string",
        ValType::ErrorContext => "an error context",
        ValType::List(_) => "a list of the parameter's type",
        ValType::FixedList(..) => "a list of the parameter's type and length",
        ValType::Map(..) => "a map of the parameter's type",
        ValType::Record(_) => "a record of the parameter's type",
        ValType::Tuple(_) => "a tuple of the parameter's type",
        ValType::Variant(_) => "a variant of the parameter's type",
        ValType::Enum(_) => "an enum of the parameter's type",
        ValType::Option(_) => "an option of the parameter's type",
        ValType::Result { .. } => "a result of the parameter's type",
        ValType::Flags(_) => "flags of the parameter's type",
        ValType::Own(_) | ValType::Borrow(_) => "a resource, which a script cannot make",
        ValType::Stream(_) => "a stream, which a script cannot make",
        ValType::Future(_) => "a future, which a script cannot make",
    }
}
