//! Values in memory, read.
//!
//! The recursion is as deep as types are nested, which validation bounds; how much is read is
//! bounded by [`Lifting`].
//!
//! Spec: CanonicalABI.md, "Loading".

use super::Cx;
use super::despecialize::{Cases, Fields, Type, despecialize};
use super::layout::{align_to, discriminant_type, scalar_size};
use super::types::Types;
use super::value::Value;
use crate::machine::limits::Limit;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

const MAX_LIST_BYTE_LENGTH: u64 = (1 << 28) - 1;

/// The size in the machine's own memory that a value is reckoned to have, in bytes.
const VALUE_SIZE: u64 = 32;

/// One lifting of values: what is known of their types, and how many of them may still come.
#[derive(Debug)]
pub struct Lifting<'t> {
    /// What is known of the types.
    pub types: Types<'t>,
    values_left: u64,
}

impl Cx<'_, '_> {
    /// The start of a lifting. It may make as many values as the machine's limit for elements says,
    /// however the guest makes them overlap in its memory.
    pub fn lifting<'t>(&self) -> Lifting<'t> {
        Lifting {
            types: Types::new(self.ptr_type()),
            values_left: self.step.limits.elements,
        }
    }

    /// Pays for `values` values that are about to be made.
    pub(super) fn pay_for_values(
        &mut self,
        lifting: &mut Lifting<'_>,
        values: u64,
    ) -> Result<(), Stop> {
        lifting.values_left = lifting
            .values_left
            .checked_sub(values)
            .ok_or(Limit::Elements)?;
        self.step.spend(values)
    }

    /// Pays for a string of `byte_length` bytes, which takes the room of that many bytes of values.
    pub(super) fn pay_for_string(
        &mut self,
        lifting: &mut Lifting<'_>,
        byte_length: u64,
    ) -> Result<(), Stop> {
        self.pay_for_values(lifting, byte_length / VALUE_SIZE)?;
        self.step.spend(byte_length - byte_length / VALUE_SIZE)
    }

    /// The value of type `t` at `ptr`, which is aligned for `t`.
    ///
    /// Spec: CanonicalABI.md, "Loading", `load`.
    pub(super) fn load<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        t: Type<'t>,
    ) -> Result<Value, Stop> {
        match t {
            Type::Scalar(scalar) => {
                let bits = self.load_sized_int(ptr, scalar_size(scalar))?;
                self.lift_scalar(bits, scalar)
            }
            Type::String => self.load_string(lifting, ptr),
            Type::List(element) => {
                let (begin, length) = self.load_ptr_pair(ptr)?;
                self.load_list_from_range(lifting, begin, length, element.despecialize())
            }
            Type::FixedList(element, length) => {
                self.load_list_from_valid_range(lifting, ptr, length.into(), despecialize(element))
            }
            Type::Record(fields) => Ok(Value::Record(self.load_record(lifting, ptr, fields)?)),
            Type::Variant(cases) => self.load_variant(lifting, ptr, cases),
        }
    }

    /// Spec: CanonicalABI.md, "Loading", `load_list_from_range`.
    pub(super) fn load_list_from_range<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        length: u64,
        element: Type<'t>,
    ) -> Result<Value, Stop> {
        let layout = lifting.types.layout(element);
        let byte_length = length.saturating_mul(layout.size);
        self.step
            .trap_if(Rule::LoadListLimit, byte_length > MAX_LIST_BYTE_LENGTH)?;
        self.step
            .trap_if(Rule::LoadListAlign, !ptr.is_multiple_of(layout.align))?;
        self.step
            .trap_if(Rule::LoadListBounds, self.past_end(ptr, byte_length))?;
        self.load_list_from_valid_range(lifting, ptr, length, element)
    }

    /// Spec: CanonicalABI.md, "Loading", `load_list_from_valid_range`.
    fn load_list_from_valid_range<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        mut ptr: u64,
        length: u64,
        element: Type<'t>,
    ) -> Result<Value, Stop> {
        self.pay_for_values(lifting, length)?;
        let size = lifting.types.layout(element).size;
        let mut elements = Vec::with_capacity(length as usize);
        for _ in 0..length {
            elements.push(self.load(lifting, ptr, element)?);
            ptr = ptr.saturating_add(size);
        }
        Ok(Value::List(elements))
    }

    /// Spec: CanonicalABI.md, "Loading", `load_record`.
    pub(super) fn load_record<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        mut ptr: u64,
        fields: Fields<'t>,
    ) -> Result<Vec<Value>, Stop> {
        self.pay_for_values(lifting, fields.len() as u64)?;
        let mut values = Vec::with_capacity(fields.len());
        for t in fields.types() {
            let layout = lifting.types.layout(t);
            ptr = align_to(ptr, layout.align);
            values.push(self.load(lifting, ptr, t)?);
            ptr = ptr.saturating_add(layout.size);
        }
        Ok(values)
    }

    /// Spec: CanonicalABI.md, "Loading", `load_variant`.
    fn load_variant<'t>(
        &mut self,
        lifting: &mut Lifting<'t>,
        ptr: u64,
        cases: Cases<'t>,
    ) -> Result<Value, Stop> {
        let case = self.load_sized_int(ptr, discriminant_type(cases).size())?;
        self.step
            .trap_if(Rule::LoadVariantCase, case >= cases.len() as u64)?;
        let t = cases.payload(case as usize);
        let carries = self.step.branch(Rule::LoadVariantPayload, t.is_some());
        let payload = match t {
            Some(t) if carries => {
                self.pay_for_values(lifting, 1)?;
                let ptr = ptr.saturating_add(lifting.types.payload_offset(cases));
                Some(Box::new(self.load(lifting, ptr, t)?))
            }
            _ => None,
        };
        Ok(Value::Variant {
            case: case as u32,
            payload,
        })
    }
}
