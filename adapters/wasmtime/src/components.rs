//! Components on Wasmtime: instances, calls, values.

use pollster::block_on;
use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, Linker, Type, Val};

use super::{Host, failures};
use assize_protocol::runtime::{Failure, OutcomeClass, usage};
use assize_protocol::value::{Handle, HandleKind, Value};

/// A component instance with the store that it has for itself.
pub(super) struct ComponentInstance {
    store: Store<Host>,
    component: Component,
    instance: Instance,
}

impl ComponentInstance {
    /// Links and instantiates.
    pub(super) fn new(
        linker: &Linker<Host>,
        mut store: Store<Host>,
        component: Component,
    ) -> Result<Self, Failure> {
        let linked = linker
            .instantiate_pre(&component)
            .map_err(|e| failures::linking(&e))?;
        let instance = block_on(linked.instantiate_async(&mut store))
            .map_err(|error| failures::execution(&error))?;
        Ok(ComponentInstance {
            store,
            component,
            instance,
        })
    }

    pub(super) fn set_deadline(&mut self, deadline: Host) {
        *self.store.data_mut() = deadline;
    }

    /// Offers the exported modules and resource types to later instantiations.
    pub(super) fn register(
        &mut self,
        linker: &mut Linker<Host>,
        name: &str,
    ) -> Result<(), Failure> {
        let ty = self.component.component_type();
        let engine = self.component.engine().clone();
        let mut linker = linker
            .instance(name)
            .map_err(|error| usage(format!("{error:#}")))?;
        for (export, item) in ty.exports(&engine) {
            let defined = match item.ty {
                ComponentItem::Module(_) => self
                    .instance
                    .get_module(&mut self.store, export)
                    .map(|module| linker.module(export, &module)),
                ComponentItem::Resource(_) => self
                    .instance
                    .get_resource(&mut self.store, export)
                    .map(|resource| linker.resource(export, resource, |_, _| Ok(()))),
                ComponentItem::Type(_) => None,
                _ => {
                    let feature = "importing functions of another component instance";
                    return Err(Failure::new(
                        OutcomeClass::Unsupported {
                            feature: feature.to_string(),
                        },
                        format!("`{export}` is bound to its instance's store"),
                    ));
                }
            };
            defined
                .transpose()
                .map_err(|error| usage(format!("{error:#}")))?;
        }
        Ok(())
    }

    /// Calls an exported function and waits until it returned.
    pub(super) fn invoke(&mut self, export: &str, args: &[Value]) -> Result<Vec<Value>, Failure> {
        let func = self
            .instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| usage(format!("no exported function `{export}`")))?;
        let ty = func.ty(&self.store);
        let (wanted, given) = (ty.params().len(), args.len());
        if wanted != given {
            return Err(usage(format!(
                "`{export}` takes {wanted} arguments, {given} given"
            )));
        }
        let mut params = Vec::new();
        for (arg, (name, ty)) in args.iter().zip(ty.params()) {
            let param = to_wasmtime(arg, &ty);
            params.push(param.ok_or_else(|| usage(format!("{arg} is not a value for `{name}`")))?);
        }
        let mut results: Vec<Val> = ty.results().map(|_| Val::Bool(false)).collect();
        block_on(func.call_async(&mut self.store, &params, &mut results))
            .map_err(|error| failures::execution(&error))?;
        Ok(results.into_iter().map(from_wasmtime).collect())
    }
}

/// A value for a parameter of this type, if it is one. Wasmtime itself checks names and the
/// number of fields; the type is needed where one notation stands for several types.
fn to_wasmtime(value: &Value, ty: &Type) -> Option<Val> {
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
        (Value::List(values), Type::List(ty)) => Val::List(all_to_wasmtime(values, &ty.ty())?),
        (Value::List(values), Type::FixedLengthList(ty)) => {
            Val::FixedLengthList(all_to_wasmtime(values, &ty.ty())?)
        }
        (Value::Map(entries), Type::Map(ty)) => {
            let (key_ty, value_ty) = (ty.key(), ty.value());
            let entry = |(key, value): &(Value, Value)| {
                Some((to_wasmtime(key, &key_ty)?, to_wasmtime(value, &value_ty)?))
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
            );
        }
        (Value::Record(fields), Type::Record(ty)) => {
            let tys: Vec<_> = ty.fields().map(|field| field.ty).collect();
            let field = |((name, value), ty): (&(String, Value), &Type)| {
                Some((name.clone(), to_wasmtime(value, ty)?))
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
                .map(|(value, ty)| to_wasmtime(value, &ty));
            Val::Tuple(items.collect::<Option<_>>()?)
        }
        (Value::Variant(case, payload), Type::Variant(ty)) => {
            let of_case = ty.cases().find(|known| known.name == case)?.ty;
            Val::Variant(case.clone(), payload_to_wasmtime(payload, of_case)?)
        }
        (Value::Enum(case), Type::Enum(_)) => Val::Enum(case.clone()),
        (Value::Option(payload), Type::Option(ty)) => match payload {
            Some(value) => Val::Option(Some(Box::new(to_wasmtime(value, &ty.ty())?))),
            None => Val::Option(None),
        },
        (Value::Result(Ok(payload)), Type::Result(ty)) => {
            Val::Result(Ok(payload_to_wasmtime(payload, ty.ok())?))
        }
        (Value::Result(Err(payload)), Type::Result(ty)) => {
            Val::Result(Err(payload_to_wasmtime(payload, ty.err())?))
        }
        (Value::Flags(names), Type::Flags(_)) => Val::Flags(names.clone()),
        _ => return None,
    })
}

fn all_to_wasmtime(values: &[Value], ty: &Type) -> Option<Vec<Val>> {
    values.iter().map(|value| to_wasmtime(value, ty)).collect()
}

/// A payload for a case, which may have a type; outer `None` where the two do not agree.
fn payload_to_wasmtime(payload: &Option<Box<Value>>, ty: Option<Type>) -> Option<Option<Box<Val>>> {
    match (payload, ty) {
        (Some(value), Some(ty)) => Some(Some(Box::new(to_wasmtime(value, &ty)?))),
        (None, None) => Some(None),
        _ => None,
    }
}

fn from_wasmtime(value: Val) -> Value {
    let all = |values: Vec<Val>| values.into_iter().map(from_wasmtime).collect();
    let boxed = |value: Option<Box<Val>>| value.map(|value| Box::new(from_wasmtime(*value)));
    match value {
        Val::Bool(value) => Value::Bool(value),
        Val::S8(value) => Value::S8(value),
        Val::U8(value) => Value::U8(value),
        Val::S16(value) => Value::S16(value),
        Val::U16(value) => Value::U16(value),
        Val::S32(value) => Value::S32(value),
        Val::U32(value) => Value::U32(value),
        Val::S64(value) => Value::S64(value),
        Val::U64(value) => Value::U64(value),
        Val::Float32(value) => Value::F32(value.to_bits()),
        Val::Float64(value) => Value::F64(value.to_bits()),
        Val::Char(value) => Value::Char(value),
        Val::String(value) => Value::String(value),
        Val::List(values) | Val::FixedLengthList(values) => Value::List(all(values)),
        Val::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(k, v)| (from_wasmtime(k), from_wasmtime(v)))
                .collect(),
        ),
        Val::Record(fields) => Value::Record(
            fields
                .into_iter()
                .map(|(name, value)| (name, from_wasmtime(value)))
                .collect(),
        ),
        Val::Tuple(values) => Value::Tuple(all(values)),
        Val::Variant(case, payload) => Value::Variant(case, boxed(payload)),
        Val::Enum(case) => Value::Enum(case),
        Val::Option(payload) => Value::Option(boxed(payload)),
        Val::Result(Ok(payload)) => Value::Result(Ok(boxed(payload))),
        Val::Result(Err(payload)) => Value::Result(Err(boxed(payload))),
        Val::Flags(names) => Value::Flags(names),
        Val::Resource(_) => Value::Handle(Handle::unkept(HandleKind::Resource)),
        Val::Future(_) => Value::Handle(Handle::unkept(HandleKind::Future)),
        Val::Stream(_) => Value::Handle(Handle::unkept(HandleKind::Stream)),
        Val::ErrorContext(_) => Value::Handle(Handle::unkept(HandleKind::ErrorContext)),
    }
}
