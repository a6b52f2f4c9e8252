//! What validation asks for and `wasmparser` lets pass.
//!
//! Validation needs no more of a scope than a few properties of its value types, and which of them
//! an instance exports. Neither depends on what a component is instantiated with: an imported type
//! is either equal to one that is known, or a resource type, which has no values of its own.

mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;

use thiserror::Error;

use self::names::Names;
use super::ast::{
    Alias, DefinedType, Definition, ExternDesc, Instance, OuterSort, Primitive, Sort, Type,
    TypeDecl, ValTypeRef,
};
use super::env::eval_primitive;
use super::types::Label;
use crate::abi::PtrType;
use crate::abi::despecialize::{Labels, despecialize};
use crate::abi::layout::{Layout, elem_size_flags};
use crate::abi::types::Types;

/// One more than the most bytes that a value of any type may take.
const SIZE_BOUND: u64 = 1 << 28;

/// The pointers that sizes are computed with, whatever memory a value will lie in.
const POINTERS: PtrType = PtrType::I64;

/// A rule that a valid component keeps.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// Spec: CanonicalABI.md, "Element Size".
    #[error(
        "element size: a value of this type takes {size} bytes, which exceeds maximum byte size"
    )]
    TooLarge {
        /// How many, or `u64::MAX` if more.
        size: u64,
    },
    /// Spec: Explainer.md, "Type Definitions" (`keytype`).
    #[error("key type: a map has keys of a primitive type, and not of f32, f64 or error-context")]
    MapKey,
    /// Spec: Binary.md, "Type Definitions".
    #[error("no borrow: the elements of a stream or future cannot contain a borrowed handle")]
    BorrowInChannel,
    /// Spec: Explainer.md, "Import and Export Definitions" (`externname`).
    #[error("extern name: a name is neither plain nor that of an interface")]
    Name,
    /// Spec: Explainer.md, "Name Uniqueness".
    #[error("name uniqueness: `{name}` is too like the earlier `{earlier}`")]
    NotUnique {
        /// The name that came second.
        name: Label,
        /// The name that it conflicts with.
        earlier: Label,
    },
}

/// What matters of a value type.
#[derive(Clone, Copy, Debug)]
struct Value {
    layout: Layout,
    borrows: Borrows,
    /// Which primitive type it is, if it is one.
    primitive: Option<Primitive>,
}

/// Whether values of a type can contain borrowed handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Borrows {
    No,
    Yes,
}

impl Value {
    fn primitive(primitive: Primitive) -> Value {
        Value {
            layout: primitive_layout(primitive),
            borrows: Borrows::No,
            primitive: Some(primitive),
        }
    }
}

/// What matters of an item: of a type, or of what is declared by one.
#[derive(Clone, Debug)]
enum Shape {
    /// A value type.
    Value(Value),
    /// An instance or component, or the type of one: what it exports.
    Exports(Exports),
    /// Nothing.
    Opaque,
}

impl Shape {
    fn exports(&self) -> Exports {
        match self {
            Shape::Exports(exports) => exports.clone(),
            Shape::Value(_) | Shape::Opaque => Exports::default(),
        }
    }
}

type Exports = Rc<BTreeMap<Label, Shape>>;

/// The scopes that are being read, innermost last.
#[derive(Default)]
pub struct Shapes {
    scopes: Vec<Scope>,
    /// The exports of the component that was read last, until it is defined in the one around it.
    nested: Exports,
}

#[derive(Default)]
struct Scope {
    types: Vec<Shape>,
    components: Vec<Shape>,
    instances: Vec<Shape>,
    exports: BTreeMap<Label, Shape>,
    import_names: Names,
    export_names: Names,
}

impl Scope {
    fn get(&self, sort: Sort, index: u32) -> Shape {
        let space = match sort {
            Sort::Type => &self.types,
            Sort::Component => &self.components,
            Sort::Instance => &self.instances,
            Sort::CoreModule | Sort::Func => return Shape::Opaque,
        };
        space[index as usize].clone()
    }

    fn push(&mut self, sort: Sort, shape: Shape) {
        match sort {
            Sort::Type => self.types.push(shape),
            Sort::Component => self.components.push(shape),
            Sort::Instance => self.instances.push(shape),
            Sort::CoreModule | Sort::Func => {}
        }
    }

    /// What an import or export of that type is.
    fn declared(&self, desc: ExternDesc) -> (Sort, Shape) {
        match desc {
            ExternDesc::CoreModule(_) => (Sort::CoreModule, Shape::Opaque),
            ExternDesc::Func(_) => (Sort::Func, Shape::Opaque),
            ExternDesc::TypeEq(index) => (Sort::Type, self.get(Sort::Type, index)),
            ExternDesc::SubResource => (Sort::Type, Shape::Opaque),
            ExternDesc::Component(index) => (Sort::Component, self.get(Sort::Type, index)),
            ExternDesc::Instance(index) => (Sort::Instance, self.get(Sort::Type, index)),
        }
    }
}

impl Shapes {
    /// Begins a scope inside of the innermost.
    pub fn enter(&mut self) {
        self.scopes.push(Scope::default());
    }

    /// Ends the innermost scope. If it was a component's, its definition follows.
    pub fn leave(&mut self) {
        let scope = self.scopes.pop().unwrap_or_default();
        self.nested = Rc::new(scope.exports);
    }

    fn innermost(&mut self) -> &mut Scope {
        self.scopes
            .last_mut()
            .expect("definitions stand in a scope")
    }

    /// Checks a definition of the innermost scope and adds what it defines.
    pub fn define(&mut self, definition: &Definition) -> Result<(), Broken> {
        match definition {
            Definition::CoreModule(_)
            | Definition::CoreInstance(_)
            | Definition::CoreType(_)
            | Definition::Canon(_) => {}
            Definition::Component(_) => {
                let exports = Shape::Exports(self.nested.clone());
                self.innermost().push(Sort::Component, exports);
            }
            Definition::Instance(instance) => self.instance(instance)?,
            Definition::Alias(alias) => self.alias(alias),
            Definition::Type(ty) => self.type_(ty)?,
            Definition::Import(import) => self.import(&import.name, import.desc)?,
            Definition::Export(export) => {
                let scope = self.innermost();
                let shape = match export.desc {
                    Some(desc) => scope.declared(desc).1,
                    None => scope.get(export.sort, export.index),
                };
                self.export(&export.name, export.sort, shape)?;
            }
        }
        Ok(())
    }

    fn instance(&mut self, instance: &Instance) -> Result<(), Broken> {
        let scope = self.innermost();
        let shape = match instance {
            Instance::Instantiate { component, .. } => scope.get(Sort::Component, *component),
            Instance::FromExports(items) => {
                let mut names = Names::default();
                for (name, ..) in items {
                    names.add(name)?;
                }
                let exports = items
                    .iter()
                    .map(|(name, sort, index)| (name.clone(), scope.get(*sort, *index)))
                    .collect();
                Shape::Exports(Rc::new(exports))
            }
        };
        scope.push(Sort::Instance, shape);
        Ok(())
    }

    fn alias(&mut self, alias: &Alias) {
        match alias {
            Alias::InstanceExport {
                sort,
                instance,
                name,
            } => {
                let scope = self.innermost();
                let exports = scope.get(Sort::Instance, *instance).exports();
                let shape = exports.get(name).cloned().unwrap_or(Shape::Opaque);
                scope.push(*sort, shape);
            }
            Alias::CoreInstanceExport { .. } => {}
            Alias::Outer { sort, count, index } => {
                let sort = match sort {
                    OuterSort::CoreModule | OuterSort::CoreType => return,
                    OuterSort::Type => Sort::Type,
                    OuterSort::Component => Sort::Component,
                };
                let outer = &self.scopes[self.scopes.len() - 1 - *count as usize];
                let shape = outer.get(sort, *index);
                self.innermost().push(sort, shape);
            }
        }
    }

    fn import(&mut self, name: &Label, desc: ExternDesc) -> Result<(), Broken> {
        check_name(name)?;
        let scope = self.innermost();
        scope.import_names.add(name)?;
        let (sort, shape) = scope.declared(desc);
        scope.push(sort, shape);
        Ok(())
    }

    fn export(&mut self, name: &Label, sort: Sort, shape: Shape) -> Result<(), Broken> {
        let scope = self.innermost();
        scope.export_names.add(name)?;
        scope.push(sort, shape.clone());
        scope.exports.insert(name.clone(), shape);
        Ok(())
    }

    fn type_(&mut self, ty: &Type) -> Result<(), Broken> {
        let shape = match ty {
            Type::Defined(ty) => Shape::Value(self.value(ty)?),
            Type::Func(_) | Type::Resource { .. } => Shape::Opaque,
            Type::Component(body) | Type::Instance(body) => self.decls(&body.decls)?,
        };
        self.innermost().push(Sort::Type, shape);
        Ok(())
    }

    fn decls(&mut self, decls: &[TypeDecl]) -> Result<Shape, Broken> {
        self.enter();
        for decl in decls {
            match decl {
                TypeDecl::CoreType(_) => {}
                TypeDecl::Type(ty) => self.type_(ty)?,
                TypeDecl::Alias(alias) => self.alias(alias),
                TypeDecl::Import(name, desc) => self.import(name, *desc)?,
                TypeDecl::Export(name, desc) => {
                    let (sort, shape) = self.innermost().declared(*desc);
                    self.export(name, sort, shape)?;
                }
            }
        }
        self.leave();
        Ok(Shape::Exports(self.nested.clone()))
    }

    fn value(&self, ty: &DefinedType) -> Result<Value, Broken> {
        if let DefinedType::Primitive(primitive) = ty {
            return Ok(Value::primitive(*primitive));
        }
        let parts = || parts(ty).map(|part| self.used(part));
        let part_borrows = parts()
            .map(|part| part.borrows)
            .max()
            .unwrap_or(Borrows::No);
        let borrows = match ty {
            DefinedType::Borrow(_) => Borrows::Yes,
            DefinedType::Stream(_) | DefinedType::Future(_) if part_borrows == Borrows::Yes => {
                return Err(Broken::BorrowInChannel);
            }
            _ => part_borrows,
        };
        if let DefinedType::Map(key, _) = ty {
            self.key(*key)?;
        }
        let layout = layout(ty, parts().map(|part| part.layout));
        if layout.size >= SIZE_BOUND {
            return Err(Broken::TooLarge { size: layout.size });
        }
        Ok(Value {
            layout,
            borrows,
            primitive: None,
        })
    }

    /// Spec: Explainer.md, "Type Definitions" (`keytype`).
    fn key(&self, ty: ValTypeRef) -> Result<(), Broken> {
        match self.used(ty).primitive {
            None | Some(Primitive::F32 | Primitive::F64 | Primitive::ErrorContext) => {
                Err(Broken::MapKey)
            }
            Some(_) => Ok(()),
        }
    }

    fn used(&self, ty: ValTypeRef) -> Value {
        match ty {
            ValTypeRef::Primitive(primitive) => Value::primitive(primitive),
            ValTypeRef::Index(index) => {
                match self.scopes.last().map(|scope| &scope.types[index as usize]) {
                    Some(Shape::Value(value)) => *value,
                    _ => unreachable!("validation asks for a value type"),
                }
            }
        }
    }
}

/// The types that `ty` is made of.
fn parts(ty: &DefinedType) -> Box<dyn Iterator<Item = ValTypeRef> + '_> {
    match ty {
        DefinedType::Primitive(_)
        | DefinedType::Enum(_)
        | DefinedType::Flags(_)
        | DefinedType::Own(_)
        | DefinedType::Borrow(_) => Box::new([].into_iter()),
        DefinedType::List(ty) | DefinedType::FixedList(ty, _) | DefinedType::Option(ty) => {
            Box::new([*ty].into_iter())
        }
        DefinedType::Map(key, value) => Box::new([*key, *value].into_iter()),
        DefinedType::Record(fields) => Box::new(fields.iter().map(|(_, ty)| *ty)),
        DefinedType::Tuple(types) => Box::new(types.iter().copied()),
        DefinedType::Variant(cases) => Box::new(cases.iter().filter_map(|(_, ty)| *ty)),
        DefinedType::Result { ok, error } => Box::new([*ok, *error].into_iter().flatten()),
        DefinedType::Stream(ty) | DefinedType::Future(ty) => Box::new(ty.iter().copied()),
    }
}

/// The layout of a type whose parts have these layouts.
fn layout(ty: &DefinedType, mut parts: impl Iterator<Item = Layout>) -> Layout {
    match ty {
        DefinedType::Primitive(primitive) => primitive_layout(*primitive),
        DefinedType::List(_) | DefinedType::Map(..) => Layout::pointer_pair(POINTERS),
        DefinedType::FixedList(_, length) => match parts.next() {
            Some(element) => Layout::fixed_list(element, *length),
            None => unreachable!("a list has an element type"),
        },
        DefinedType::Record(_) | DefinedType::Tuple(_) => Layout::record(parts),
        DefinedType::Variant(cases) => Layout::variant(cases.len(), Layout::payload(parts)),
        DefinedType::Enum(labels) => Layout::variant(labels.len(), Layout::payload(parts)),
        DefinedType::Option(_) | DefinedType::Result { .. } => {
            Layout::variant(2, Layout::payload(parts))
        }
        DefinedType::Flags(labels) => Layout::scalar(elem_size_flags(Labels(labels.len()))),
        DefinedType::Own(_)
        | DefinedType::Borrow(_)
        | DefinedType::Stream(_)
        | DefinedType::Future(_) => Layout::HANDLE,
    }
}

fn primitive_layout(primitive: Primitive) -> Layout {
    Types::new(POINTERS).layout(despecialize(&eval_primitive(primitive)))
}

/// A name is plain or that of an interface. Others, of which `wasmparser` knows several for imports,
/// say what kind of name they are before an equals sign, which neither of the two can contain.
///
/// Spec: Explainer.md, "Import and Export Definitions" (`externname`).
fn check_name(name: &str) -> Result<(), Broken> {
    if name.contains('=') {
        Err(Broken::Name)
    } else {
        Ok(())
    }
}
