//! The names of what a component defines, which the text format shows.

use wasm_encoder::{ComponentNameSection, NameMap};

/// The names in the index spaces of a component. Indices come in ascending order.
#[derive(Default)]
pub(super) struct Names {
    pub(super) core_modules: NameMap,
    pub(super) core_instances: NameMap,
    pub(super) core_funcs: NameMap,
    pub(super) core_memories: NameMap,
    pub(super) core_tables: NameMap,
    pub(super) funcs: NameMap,
    pub(super) types: NameMap,
    pub(super) components: NameMap,
    pub(super) instances: NameMap,
}

impl Names {
    /// The section.
    pub(super) fn section(&self) -> ComponentNameSection {
        let mut section = ComponentNameSection::new();
        section.core_modules(&self.core_modules);
        section.core_instances(&self.core_instances);
        section.core_funcs(&self.core_funcs);
        section.core_memories(&self.core_memories);
        section.core_tables(&self.core_tables);
        section.funcs(&self.funcs);
        section.types(&self.types);
        section.components(&self.components);
        section.instances(&self.instances);
        section
    }
}
