//! Core types of components, and the index spaces that they stand in.
//!
//! A core type depends on nothing that instantiation could change, so it is resolved here, through
//! outer aliases too.
//!
//! Spec: Binary.md, "Type Definitions" (`core:type`).

use wasmparser::{ModuleTypeDeclaration, RecGroup};

use crate::component::ast::{CoreType, ModuleType};
use crate::core::{self, decode::types};
use crate::error::LoadError;

/// The core type index spaces of the scopes that are being read, innermost last.
#[derive(Default)]
pub struct CoreTypes {
    scopes: Vec<Space>,
}

#[derive(Default)]
struct Space {
    types: Vec<CoreType>,
    /// The same, for function types to refer to. They cannot refer to a module type, whose place
    /// is held by any function type.
    funcs: Vec<core::FuncType>,
}

impl Space {
    fn push(&mut self, ty: CoreType) {
        self.funcs.push(match &ty {
            CoreType::Func(ty) => ty.clone(),
            CoreType::Module(_) => core::FuncType::new(&[], &[]),
        });
        self.types.push(ty);
    }
}

impl CoreTypes {
    /// Begins a scope inside of the innermost.
    pub fn enter(&mut self) {
        self.scopes.push(Space::default());
    }

    /// Ends the innermost scope.
    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The space `count` scopes out.
    fn space(&self, count: u32) -> &Space {
        &self.scopes[self.scopes.len() - 1 - count as usize]
    }

    fn innermost(&mut self) -> &mut Space {
        self.scopes.last_mut().expect("types stand in a scope")
    }

    /// Appends the type `index` of the scope `count` scopes out.
    pub fn alias(&mut self, count: u32, index: u32) {
        let ty = self.space(count).types[index as usize].clone();
        self.innermost().push(ty);
    }

    /// Appends what `definition` defines, which can be several types, and gives it.
    pub fn define(
        &mut self,
        definition: &wasmparser::CoreType<'_>,
    ) -> Result<Vec<CoreType>, LoadError> {
        let defined = match definition {
            wasmparser::CoreType::Rec(group) => self.group(group)?,
            wasmparser::CoreType::Module(decls) => {
                vec![CoreType::Module(self.module_type(decls)?.into())]
            }
        };
        for ty in &defined {
            self.innermost().push(ty.clone());
        }
        Ok(defined)
    }

    fn group(&self, group: &RecGroup) -> Result<Vec<CoreType>, LoadError> {
        let mut funcs = self.space(0).funcs.clone();
        let first = funcs.len();
        types::add_types(&mut funcs, group)?;
        Ok(funcs.drain(first..).map(CoreType::Func).collect())
    }

    fn module_type(&self, decls: &[ModuleTypeDeclaration<'_>]) -> Result<ModuleType, LoadError> {
        let mut space = Vec::new();
        let mut module = ModuleType {
            imports: Vec::new(),
            exports: Vec::new(),
        };
        for decl in decls {
            match decl {
                ModuleTypeDeclaration::Type(group) => {
                    types::add_types(&mut space, group)?;
                }
                ModuleTypeDeclaration::OuterAlias {
                    count: 0, index, ..
                } => {
                    space.push(space[*index as usize].clone());
                }
                ModuleTypeDeclaration::OuterAlias { count, index, .. } => {
                    space.push(self.space(count - 1).funcs[*index as usize].clone());
                }
                ModuleTypeDeclaration::Import(import) => {
                    let ty = types::extern_type(import.ty, &space)?;
                    module
                        .imports
                        .push((import.module.into(), import.name.into(), ty));
                }
                ModuleTypeDeclaration::Export { name, ty } => {
                    let ty = types::extern_type(*ty, &space)?;
                    module.exports.push(((*name).into(), ty));
                }
            }
        }
        Ok(module)
    }
}
