//! What validation asks for and `wasmparser` lets pass: how large a value may be in memory.
//!
//! Validation needs no more of a scope than the sizes of its value types, and which of them an
//! instance exports. Neither depends on what a component is instantiated with: an imported type is
//! either equal to one that is known, or a resource type, which has no values of its own.
//!
//! Spec: CanonicalABI.md, "Alignment" and "Element Size".

use std::collections::BTreeMap;
use std::rc::Rc;

use thiserror::Error;

use super::ast::{
    Alias, DefinedType, Definition, ExternDesc, Instance, OuterSort, Primitive, Sort, Type,
    TypeDecl, ValTypeRef,
};
use super::types::Label;

/// One more than the most bytes that a value of any type may take, with 64-bit pointers.
const SIZE_BOUND: u64 = 1 << 28;

/// A rule that a valid component keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// Spec: CanonicalABI.md, "Element Size".
    #[error(
        "element size: a value of this type takes {size} bytes, which exceeds maximum byte size"
    )]
    TooLarge {
        /// How many, or `u64::MAX` if more.
        size: u64,
    },
}

/// How a value lies in memory with 64-bit pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// In bytes. Saturates.
    size: u64,
    /// In bytes; a power of two.
    align: u64,
}

impl Layout {
    const fn scalar(size: u64) -> Layout {
        Layout { size, align: size }
    }

    /// An address and a length.
    const POINTER_PAIR: Layout = Layout { size: 16, align: 8 };
    /// An index into a handle table.
    const HANDLE: Layout = Layout::scalar(4);
}

/// What matters of an item: of a type, or of what is declared by one.
#[derive(Clone, Debug)]
enum Shape {
    /// A value type.
    Value(Layout),
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
            Definition::Instance(instance) => self.instance(instance),
            Definition::Alias(alias) => self.alias(alias),
            Definition::Type(ty) => self.type_(ty)?,
            Definition::Import(import) => self.import(import.desc),
            Definition::Export(export) => {
                let scope = self.innermost();
                let shape = match export.desc {
                    Some(desc) => scope.declared(desc).1,
                    None => scope.get(export.sort, export.index),
                };
                self.export(export.name.clone(), export.sort, shape);
            }
        }
        Ok(())
    }

    fn instance(&mut self, instance: &Instance) {
        let scope = self.innermost();
        let shape = match instance {
            Instance::Instantiate { component, .. } => scope.get(Sort::Component, *component),
            Instance::FromExports(items) => {
                let shape = |(name, sort, index): &(Label, Sort, u32)| {
                    (name.clone(), scope.get(*sort, *index))
                };
                Shape::Exports(Rc::new(items.iter().map(shape).collect()))
            }
        };
        scope.push(Sort::Instance, shape);
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

    fn import(&mut self, desc: ExternDesc) {
        let (sort, shape) = self.innermost().declared(desc);
        self.innermost().push(sort, shape);
    }

    fn export(&mut self, name: Label, sort: Sort, shape: Shape) {
        let scope = self.innermost();
        scope.push(sort, shape.clone());
        scope.exports.insert(name, shape);
    }

    fn type_(&mut self, ty: &Type) -> Result<(), Broken> {
        let shape = match ty {
            Type::Defined(ty) => {
                let layout = self.layout(ty);
                if layout.size >= SIZE_BOUND {
                    return Err(Broken::TooLarge { size: layout.size });
                }
                Shape::Value(layout)
            }
            Type::Func(_) | Type::Resource { .. } => Shape::Opaque,
            Type::Component(decls) | Type::Instance(decls) => self.decls(decls)?,
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
                TypeDecl::Import(_, desc) => self.import(*desc),
                TypeDecl::Export(name, desc) => {
                    let (sort, shape) = self.innermost().declared(*desc);
                    self.export(name.clone(), sort, shape);
                }
            }
        }
        self.leave();
        Ok(Shape::Exports(self.nested.clone()))
    }

    /// Spec: CanonicalABI.md, "Alignment" and "Element Size".
    fn layout(&self, ty: &DefinedType) -> Layout {
        let of = |ty: &ValTypeRef| self.use_(*ty);
        let both =
            |a: &Option<ValTypeRef>, b: &Option<ValTypeRef>| variant(2, a.iter().chain(b).map(of));
        match ty {
            DefinedType::Primitive(primitive) => self.use_(ValTypeRef::Primitive(*primitive)),
            DefinedType::List(_) | DefinedType::Map(..) => Layout::POINTER_PAIR,
            DefinedType::FixedList(element, length) => {
                let element = of(element);
                Layout {
                    size: element.size.saturating_mul((*length).into()),
                    ..element
                }
            }
            DefinedType::Record(fields) => record(fields.iter().map(|(_, ty)| of(ty))),
            DefinedType::Tuple(types) => record(types.iter().map(of)),
            DefinedType::Variant(cases) => variant(
                cases.len(),
                cases.iter().filter_map(|(_, ty)| ty.as_ref()).map(of),
            ),
            DefinedType::Enum(labels) => variant(labels.len(), [].into_iter()),
            DefinedType::Option(some) => variant(2, [of(some)].into_iter()),
            DefinedType::Result { ok, error } => both(ok, error),
            DefinedType::Flags(labels) => Layout::scalar(match labels.len() {
                ..=8 => 1,
                9..=16 => 2,
                _ => 4,
            }),
            DefinedType::Own(_)
            | DefinedType::Borrow(_)
            | DefinedType::Stream(_)
            | DefinedType::Future(_) => Layout::HANDLE,
        }
    }

    fn use_(&self, ty: ValTypeRef) -> Layout {
        let primitive = match ty {
            ValTypeRef::Primitive(primitive) => primitive,
            ValTypeRef::Index(index) => {
                return match self.scopes.last().map(|scope| &scope.types[index as usize]) {
                    Some(Shape::Value(layout)) => *layout,
                    _ => unreachable!("validation asks for a value type"),
                };
            }
        };
        match primitive {
            Primitive::Bool | Primitive::S8 | Primitive::U8 => Layout::scalar(1),
            Primitive::S16 | Primitive::U16 => Layout::scalar(2),
            Primitive::S32 | Primitive::U32 | Primitive::F32 | Primitive::Char => Layout::scalar(4),
            Primitive::S64 | Primitive::U64 | Primitive::F64 => Layout::scalar(8),
            Primitive::String => Layout::POINTER_PAIR,
            Primitive::ErrorContext => Layout::HANDLE,
        }
    }
}

fn record(fields: impl Iterator<Item = Layout>) -> Layout {
    let mut layout = Layout { size: 0, align: 1 };
    for field in fields {
        layout.size = align_to(layout.size, field.align).saturating_add(field.size);
        layout.align = layout.align.max(field.align);
    }
    Layout {
        size: align_to(layout.size, layout.align),
        ..layout
    }
}

fn variant(cases: usize, payloads: impl Iterator<Item = Layout>) -> Layout {
    let discriminant = match cases {
        ..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    };
    let payload = payloads.fold(Layout { size: 0, align: 1 }, |most, payload| Layout {
        size: most.size.max(payload.size),
        align: most.align.max(payload.align),
    });
    let align = payload.align.max(discriminant);
    let size = align_to(discriminant, payload.align).saturating_add(payload.size);
    Layout {
        size: align_to(size, align),
        align,
    }
}

/// The next multiple of `align`; saturates.
fn align_to(size: u64, align: u64) -> u64 {
    size.checked_next_multiple_of(align).unwrap_or(u64::MAX)
}
