//! What each section, already validated, adds to a [`Definition`].

use wasmparser::{DataKind, ElementKind, ExternalKind, Payload, TableInit};

use super::types::{add_types, extern_type, global_type, memory_type, table_type};
use crate::core::constant::ConstExpr;
use crate::core::module::{
    DataSegment, Definition, ElementItems, ElementSegment, Export, GlobalDefinition, Import, Mode,
    TableDefinition,
};
use crate::core::types::{ExternType, FuncType, TagType};
use crate::error::LoadError;

impl Definition {
    /// Adds a section other than of code.
    pub(super) fn section(&mut self, payload: &Payload<'_>) -> Result<(), LoadError> {
        match payload {
            Payload::TypeSection(section) => {
                each(section, |group| add_types(&mut self.types, &group))
            }
            Payload::ImportSection(section) => self.add_imports(section),
            Payload::FunctionSection(section) => each(section, |ty| {
                let ty = self.func_type(ty);
                self.spaces.funcs.push(ty);
                Ok(())
            }),
            Payload::TableSection(section) => each(section, |table| self.add_table(&table)),
            Payload::MemorySection(section) => each(section, |ty| {
                let ty = memory_type(&ty);
                self.spaces.memories.push(ty.clone());
                self.memories.push(ty);
                Ok(())
            }),
            Payload::TagSection(section) => each(section, |tag| {
                let ty = TagType(self.func_type(tag.func_type_idx));
                self.spaces.tags.push(ty.clone());
                self.tags.push(ty);
                Ok(())
            }),
            Payload::GlobalSection(section) => each(section, |global| self.add_global(&global)),
            Payload::ExportSection(section) => each(section, |export| {
                self.add_export(&export);
                Ok(())
            }),
            Payload::StartSection { func, .. } => {
                self.start = Some(*func);
                Ok(())
            }
            Payload::ElementSection(section) => {
                each(section, |segment| self.add_elements(&segment))
            }
            Payload::DataSection(section) => each(section, |segment| self.add_data(&segment)),
            _ => Ok(()),
        }
    }

    fn func_type(&self, index: u32) -> FuncType {
        self.types[index as usize].clone()
    }

    fn add_imports(
        &mut self,
        section: &wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), LoadError> {
        for import in section.clone().into_imports() {
            let import = import.map_err(LoadError::malformed)?;
            let ty = extern_type(import.ty, &self.types)?;
            match &ty {
                ExternType::Func(ty) => self.spaces.funcs.push(ty.clone()),
                ExternType::Table(ty) => self.spaces.tables.push(ty.clone()),
                ExternType::Memory(ty) => self.spaces.memories.push(ty.clone()),
                ExternType::Global(ty) => self.spaces.globals.push(ty.clone()),
                ExternType::Tag(ty) => self.spaces.tags.push(ty.clone()),
            }
            self.imports.push(Import {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
                ty,
            });
        }
        self.imported_funcs = self.spaces.funcs.len() as u32;
        Ok(())
    }

    fn add_table(&mut self, table: &wasmparser::Table<'_>) -> Result<(), LoadError> {
        let ty = table_type(&table.ty, &self.types)?;
        let init = match &table.init {
            TableInit::RefNull => None,
            TableInit::Expr(init) => Some(ConstExpr::new(init)?),
        };
        self.spaces.tables.push(ty.clone());
        self.tables.push(TableDefinition { ty, init });
        Ok(())
    }

    fn add_global(&mut self, global: &wasmparser::Global<'_>) -> Result<(), LoadError> {
        let ty = global_type(&global.ty, &self.types)?;
        let init = ConstExpr::new(&global.init_expr)?;
        self.spaces.globals.push(ty.clone());
        self.globals.push(GlobalDefinition { ty, init });
        Ok(())
    }

    fn add_export(&mut self, export: &wasmparser::Export<'_>) {
        let at = export.index as usize;
        let ty = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => {
                ExternType::Func(self.spaces.funcs[at].clone())
            }
            ExternalKind::Table => ExternType::Table(self.spaces.tables[at].clone()),
            ExternalKind::Memory => ExternType::Memory(self.spaces.memories[at].clone()),
            ExternalKind::Global => ExternType::Global(self.spaces.globals[at].clone()),
            ExternalKind::Tag => ExternType::Tag(self.spaces.tags[at].clone()),
        };
        let name = export.name.to_owned();
        self.export_names.insert(name.clone(), self.exports.len());
        self.exports.push(Export {
            name,
            ty,
            index: export.index,
        });
    }

    fn add_elements(&mut self, segment: &wasmparser::Element<'_>) -> Result<(), LoadError> {
        let mode = match &segment.kind {
            ElementKind::Passive => Mode::Passive,
            ElementKind::Declared => Mode::Declarative,
            ElementKind::Active {
                table_index,
                offset_expr,
            } => Mode::Active {
                target: table_index.unwrap_or(0),
                offset: ConstExpr::new(offset_expr)?,
            },
        };
        let items = match &segment.items {
            wasmparser::ElementItems::Functions(functions) => {
                let mut indices = Vec::with_capacity(functions.count() as usize);
                each(functions, |index| {
                    indices.push(index);
                    Ok(())
                })?;
                ElementItems::Functions(indices)
            }
            wasmparser::ElementItems::Expressions(ty, expressions) => {
                super::types::ref_type(*ty, &self.types)?;
                let mut values = Vec::with_capacity(expressions.count() as usize);
                each(expressions, |expression| {
                    values.push(ConstExpr::new(&expression)?);
                    Ok(())
                })?;
                ElementItems::Expressions(values)
            }
        };
        self.elements.push(ElementSegment { mode, items });
        Ok(())
    }

    fn add_data(&mut self, segment: &wasmparser::Data<'_>) -> Result<(), LoadError> {
        let mode = match &segment.kind {
            DataKind::Passive => Mode::Passive,
            DataKind::Active {
                memory_index,
                offset_expr,
            } => Mode::Active {
                target: *memory_index,
                offset: ConstExpr::new(offset_expr)?,
            },
        };
        self.data.push(DataSegment {
            mode,
            bytes: segment.data.to_vec(),
        });
        Ok(())
    }
}

/// Does something with each item of a section that was read before without errors.
fn each<'a, T: wasmparser::FromReader<'a>>(
    section: &wasmparser::SectionLimited<'a, T>,
    mut action: impl FnMut(T) -> Result<(), LoadError>,
) -> Result<(), LoadError> {
    for item in section.clone() {
        action(item.map_err(LoadError::malformed)?)?;
    }
    Ok(())
}
