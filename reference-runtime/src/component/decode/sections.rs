//! From a valid section to the definitions in it.
//!
//! Spec: Binary.md, "Instance Definitions", "Alias Definitions" and "Import and Export
//! Definitions".

use wasmparser::{ComponentExternalKind, FromReader, Payload, SectionLimited};

use super::{Decoder, canon, types};
use crate::component::ast::{CoreInstance, Definition, Export, Import, Instance, Sort};
use crate::error::LoadError;

impl Decoder<'_> {
    /// Adds the definitions of a section to the component that is being read.
    pub(super) fn section(&mut self, payload: &Payload<'_>) -> Result<(), LoadError> {
        match payload {
            Payload::InstanceSection(section) => self.each(section, |_, item| {
                Ok(Definition::CoreInstance(core_instance(item)))
            }),
            Payload::CoreTypeSection(section) => self.core_types(section),
            Payload::ComponentInstanceSection(section) => {
                self.each(section, |_, item| instance(item).map(Definition::Instance))
            }
            Payload::ComponentAliasSection(section) => self.each(section, |decoder, item| {
                types::alias(&item, &mut decoder.core_types).map(Definition::Alias)
            }),
            Payload::ComponentTypeSection(section) => self.each(section, |decoder, item| {
                types::type_(&item, &mut decoder.core_types).map(Definition::Type)
            }),
            Payload::ComponentCanonicalSection(section) => {
                self.each(section, |_, item| canon::canon(item).map(Definition::Canon))
            }
            Payload::ComponentStartSection { .. } => {
                Err(LoadError::Unsupported { feature: "values" })
            }
            Payload::ComponentImportSection(section) => {
                self.each(section, |_, item| import(&item).map(Definition::Import))
            }
            Payload::ComponentExportSection(section) => {
                self.each(section, |_, item| export(&item).map(Definition::Export))
            }
            _ => Ok(()),
        }
    }

    fn each<'s, T: FromReader<'s>>(
        &mut self,
        section: &SectionLimited<'s, T>,
        convert: impl Fn(&mut Self, T) -> Result<Definition, LoadError>,
    ) -> Result<(), LoadError> {
        for item in section.clone().into_iter_with_offsets() {
            let (offset, item) = item.map_err(LoadError::malformed)?;
            let definition = convert(self, item).map_err(|error| error.within(offset))?;
            self.define(offset, definition)?;
        }
        Ok(())
    }

    fn core_types(
        &mut self,
        section: &wasmparser::CoreTypeSectionReader<'_>,
    ) -> Result<(), LoadError> {
        for item in section.clone().into_iter_with_offsets() {
            let (offset, item) = item.map_err(LoadError::malformed)?;
            for ty in self.core_types.define(&item)? {
                self.define(offset, Definition::CoreType(ty))?;
            }
        }
        Ok(())
    }
}

fn core_instance(item: wasmparser::Instance<'_>) -> CoreInstance {
    match item {
        wasmparser::Instance::Instantiate { module_index, args } => CoreInstance::Instantiate {
            module: module_index,
            args: args
                .iter()
                .map(|arg| (arg.name.into(), arg.index))
                .collect(),
        },
        wasmparser::Instance::FromExports(exports) => CoreInstance::FromExports(
            exports
                .iter()
                .map(|item| (item.name.into(), types::core_sort(item.kind), item.index))
                .collect(),
        ),
    }
}

fn instance(item: wasmparser::ComponentInstance<'_>) -> Result<Instance, LoadError> {
    Ok(match item {
        wasmparser::ComponentInstance::Instantiate {
            component_index,
            args,
        } => Instance::Instantiate {
            component: component_index,
            args: args
                .iter()
                .map(|arg| Ok((arg.name.into(), sort(arg.kind)?, arg.index)))
                .collect::<Result<_, LoadError>>()?,
        },
        wasmparser::ComponentInstance::FromExports(exports) => Instance::FromExports(
            exports
                .iter()
                .map(|item| Ok((item.name.name.into(), sort(item.kind)?, item.index)))
                .collect::<Result<_, LoadError>>()?,
        ),
    })
}

fn import(item: &wasmparser::ComponentImport<'_>) -> Result<Import, LoadError> {
    Ok(Import {
        name: item.name.name.into(),
        desc: types::extern_desc(item.ty)?,
    })
}

fn export(item: &wasmparser::ComponentExport<'_>) -> Result<Export, LoadError> {
    Ok(Export {
        name: item.name.name.into(),
        sort: sort(item.kind)?,
        index: item.index,
        desc: item.ty.map(types::extern_desc).transpose()?,
    })
}

/// A sort of the component level.
pub fn sort(kind: ComponentExternalKind) -> Result<Sort, LoadError> {
    Ok(match kind {
        ComponentExternalKind::Module => Sort::CoreModule,
        ComponentExternalKind::Func => Sort::Func,
        ComponentExternalKind::Value => return Err(LoadError::Unsupported { feature: "values" }),
        ComponentExternalKind::Type => Sort::Type,
        ComponentExternalKind::Instance => Sort::Instance,
        ComponentExternalKind::Component => Sort::Component,
    })
}
