//! The elements of a stream's or future's buffer.
//!
//! Spec: CanonicalABI.md, "Buffer State", `read` and `write`.

use super::despecialize::despecialize;
use super::layout::Layout;
use super::types::Types;
use super::value::Value;
use super::{Cx, store};
use crate::component::types::ValType;
use crate::machine::limits::PART_FUEL;
use crate::machine::stop::Stop;

impl Cx<'_, '_> {
    /// The alignment and size of a `t` in the memory.
    pub fn element_layout(&self, t: &ValType) -> Layout {
        Types::new(self.ptr_type()).layout(despecialize(t))
    }

    /// The `n` elements of type `t` at `ptr`, which is aligned and in bounds for them.
    pub fn load_buffer(&mut self, ptr: u64, n: u32, t: &ValType) -> Result<Vec<Value>, Stop> {
        let mut lifting = self.lifting();
        lifting.types.layout(despecialize(t));
        self.step.spend(lifting.types.visited() * PART_FUEL)?;
        match self.load_list_from_valid_range(&mut lifting, ptr, n.into(), despecialize(t))? {
            Value::List(elements) => Ok(elements),
            _ => Err(store::MISTYPED),
        }
    }

    /// Stores elements of type `t` at `ptr`, which is aligned and in bounds for them.
    pub fn store_buffer(&mut self, elements: &[Value], ptr: u64, t: &ValType) -> Result<(), Stop> {
        let mut types = Types::new(self.ptr_type());
        types.layout(despecialize(t));
        self.step.spend(types.visited() * PART_FUEL)?;
        self.store_list_into_valid_range(&mut types, elements, ptr, despecialize(t))
    }
}
