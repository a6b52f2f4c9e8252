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
                self.load_string_from_range(lifting, ptr, packed_length)
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
        self.step
            .trap_if(Rule::LiftFlatVariantCase, case as usize >= cases.len())?;
        let t = cases.payload(case as usize);
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
        Ok(Value::Variant { case, payload })
    }
}
