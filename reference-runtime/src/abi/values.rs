//! Parameters and results: flat up to a maximum, in memory past it.
//!
//! Spec: CanonicalABI.md, "Lifting and Lowering Values".

use super::despecialize::{Fields, Type};
use super::flatten::Flat;
use super::layout::Layout;
use super::types::Types;
use super::value::Value;
use super::{CoreValueIter, Cx};
use crate::component::types::ValType;
use crate::core;
use crate::machine::limits::PART_FUEL;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

impl Cx<'_, '_> {
    /// Reads values of types `ts` from `vi`. If they flatten to more than `max_flat` core values
    /// (at most [`MAX_FLAT_PARAMS`](super::flatten::MAX_FLAT_PARAMS)), `vi` has a pointer to them.
    ///
    /// Spec: CanonicalABI.md, "Lifting and Lowering Values", `lift_flat_values`.
    pub fn lift_flat_values(
        &mut self,
        max_flat: usize,
        vi: &mut CoreValueIter,
        ts: &[ValType],
    ) -> Result<Vec<Value>, Stop> {
        let mut lifting = self.lifting();
        let fields = Fields::Tuple(ts);
        let spills = exceeds(lifting.types.flatten_types(ts), max_flat);
        self.step.spend(lifting.types.visited() * PART_FUEL)?;
        if !self.step.branch(Rule::LiftValuesSpill, spills) {
            return self.lift_flat_record(&mut lifting, vi, fields);
        }
        let ptr = vi.next(self.ptr_type().into());
        let Layout { align, size } = lifting.types.layout(Type::Record(fields));
        self.step
            .trap_if(Rule::LiftValuesAlign, !ptr.is_multiple_of(align))?;
        self.step
            .trap_if(Rule::LiftValuesBounds, self.past_end(ptr, size))?;
        self.load_record(&mut lifting, ptr, fields)
    }

    /// Gives the core values for `vs`, which are of types `ts`. If that would be more than
    /// `max_flat` (at most [`MAX_FLAT_PARAMS`](super::flatten::MAX_FLAT_PARAMS)), the values go to
    /// memory: to where `out_param` says, or else to a new allocation, whose address is then the
    /// one core value.
    ///
    /// Spec: CanonicalABI.md, "Lifting and Lowering Values", `lower_flat_values`.
    pub fn lower_flat_values(
        &mut self,
        max_flat: usize,
        vs: Vec<Value>,
        ts: &[ValType],
        out_param: Option<&mut CoreValueIter>,
    ) -> Result<Vec<core::Value>, Stop> {
        let mut types = Types::new(self.ptr_type());
        let fields = Fields::Tuple(ts);
        let mut flat = Vec::new();
        let spills = exceeds(types.flatten_types(ts), max_flat);
        self.step.spend(types.visited() * PART_FUEL)?;
        if !self.step.branch(Rule::LowerValuesSpill, spills) {
            self.lower_flat_record(&mut types, &vs, fields, &mut flat)?;
            return Ok(flat);
        }
        let Layout { align, size } = types.layout(Type::Record(fields));
        let ptr_type = self.ptr_type().into();
        let given = self
            .step
            .branch(Rule::LowerValuesOutParam, out_param.is_some());
        let ptr = match out_param {
            Some(out_param) if given => out_param.next(ptr_type),
            _ => {
                let ptr = self.allocate(align, size)?;
                flat.push(ptr_type.value(ptr));
                ptr
            }
        };
        self.step
            .trap_if(Rule::LowerValuesAlign, !ptr.is_multiple_of(align))?;
        self.step
            .trap_if(Rule::LowerValuesBounds, self.past_end(ptr, size))?;
        self.store_record(&mut types, &vs, ptr, fields)?;
        Ok(flat)
    }
}

fn exceeds(flat: Option<Flat>, max_flat: usize) -> bool {
    flat.is_none_or(|flat| flat.types().len() > max_flat)
}

#[cfg(test)]
mod tests;
