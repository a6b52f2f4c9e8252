//! The component around everything: it instantiates the test's components side by side, and the
//! driver beside them with what they export.

use wasm_encoder::{ComponentBuilder, ComponentExportKind};

use super::driver::Driver;
use super::select::Placed;

/// The interface by which a command is run.
const RUN: &str = "wasi:cli/run@0.3.0";

/// Under which name the driver's function is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exported {
    /// As a command's.
    Command,
    /// As a function `run` of the component itself.
    Function,
}

/// The component. The test's instances come in the order of their numbers.
pub(super) fn outer(
    binaries: &[Vec<u8>],
    placed: &[Placed],
    driver: &Driver,
    exported: Exported,
) -> Vec<u8> {
    let mut builder = ComponentBuilder::default();
    let mut components: Vec<(usize, u32)> = Vec::new();
    let mut instances: Vec<(usize, u32)> = Vec::new();
    for Placed {
        instance,
        definition,
        imports,
        ..
    } in placed
    {
        let component = find(&components, *definition).unwrap_or_else(|| {
            let component = builder.component_raw(None, &binaries[*definition]);
            components.push((*definition, component));
            component
        });
        let imports = imports.iter().filter_map(|(name, from)| {
            Some((
                name.clone(),
                ComponentExportKind::Instance,
                find(&instances, *from)?,
            ))
        });
        let imports: Vec<_> = imports.collect();
        let made = builder.instantiate(None, component, imports);
        instances.push((*instance, made));
    }
    let types = builder.component_raw(None, &driver.types);
    let no_imports: [(&str, ComponentExportKind, u32); 0] = [];
    let types = builder.instantiate(None, types, no_imports);
    let mut given = Vec::new();
    for name in &driver.names {
        let ty = builder.alias_export(types, name, ComponentExportKind::Type);
        given.push((name.clone(), ComponentExportKind::Type, ty));
    }
    for (number, (instance, export)) in driver.functions.iter().enumerate() {
        if let Some(instance) = find(&instances, *instance) {
            let func = builder.alias_export(instance, export, ComponentExportKind::Func);
            given.push((format!("f{number}"), ComponentExportKind::Func, func));
        }
    }
    let component = builder.component_raw(None, &driver.wasm);
    let instance = builder.instantiate(None, component, given);
    match exported {
        Exported::Command => builder.export(RUN, ComponentExportKind::Instance, instance, None),
        Exported::Function => {
            let run = builder.alias_export(instance, "run", ComponentExportKind::Func);
            builder.export("run", ComponentExportKind::Func, run, None)
        }
    };
    builder.finish()
}

fn find(numbers: &[(usize, u32)], wanted: usize) -> Option<u32> {
    let found = numbers.iter().find(|(number, _)| *number == wanted);
    found.map(|(_, index)| *index)
}
