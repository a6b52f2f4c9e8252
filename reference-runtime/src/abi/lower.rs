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
