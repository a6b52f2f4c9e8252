//! Core types: of values, functions, tables, memories, globals and tags, and when one matches
//! another.
//!
//! A defined function type is known by its [`TypeId`], a digest, so that types of different modules
//! compare without a common registry. Heap types other than functions, external references and
//! exceptions belong to garbage collection and do not occur.
//!
//! Spec: WebAssembly 3.0, "Types" and "Matching".

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::memory::IndexType;
use super::rec_group::{self, Finality, Member, TypeUse};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// A reference.
    Ref(RefType),
}

impl ValType {
    /// `funcref`
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNCREF);
    /// `externref`
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERNREF);
    /// `exnref`
    pub const EXNREF: ValType = ValType::Ref(RefType::EXNREF);

    /// Whether each value of this type is one of `expected`.
    ///
    /// Spec: WebAssembly 3.0, "Matching", "Value Types".
    pub fn matches(&self, expected: &ValType) -> bool {
        match (self, expected) {
            (ValType::Ref(actual), ValType::Ref(expected)) => actual.matches(expected),
            _ => self == expected,
        }
    }
}

/// The type of a reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RefType {
    /// Whether null belongs to the type.
    pub nullable: bool,
    /// What a reference that is not null refers to.
    pub heap: HeapType,
}

impl RefType {
    /// `funcref`
    pub const FUNCREF: RefType = RefType::nullable(HeapType::Func);
    /// `externref`
    pub const EXTERNREF: RefType = RefType::nullable(HeapType::Extern);
    /// `exnref`
    pub const EXNREF: RefType = RefType::nullable(HeapType::Exn);

    const fn nullable(heap: HeapType) -> RefType {
        RefType {
            nullable: true,
            heap,
        }
    }

    /// Whether each reference of this type is one of `expected`.
    ///
    /// Spec: WebAssembly 3.0, "Matching", "Reference Types".
    pub fn matches(&self, expected: &RefType) -> bool {
        (expected.nullable || !self.nullable) && self.heap.matches(&expected.heap)
    }
}

/// What a reference refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HeapType {
    /// Any function.
    Func,
    /// No function.
    NoFunc,
    /// Something of the embedder's.
    Extern,
    /// Nothing of the embedder's.
    NoExtern,
    /// Any exception.
    Exn,
    /// No exception.
    NoExn,
    /// A function of a defined type.
    Concrete(DefType),
}

impl HeapType {
    /// Spec: WebAssembly 3.0, "Matching", "Heap Types".
    fn matches(&self, expected: &HeapType) -> bool {
        match (self, expected) {
            (HeapType::Concrete(actual), HeapType::Concrete(expected)) => actual.matches(expected),
            (HeapType::NoFunc, HeapType::Func | HeapType::Concrete(_))
            | (HeapType::Concrete(_), HeapType::Func)
            | (HeapType::NoExtern, HeapType::Extern)
            | (HeapType::NoExn, HeapType::Exn) => true,
            _ => self == expected,
        }
    }
}

/// The identity of a defined type: equal for equal types, in whatever module they were defined,
/// and stable from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeId(pub(super) u128);

/// A defined type, as far as matching looks at it.
#[derive(Clone, Debug)]
pub struct DefType {
    pub(super) id: TypeId,
    /// What it was declared a subtype of. Validation bounds how long the chain is.
    pub(super) supertype: Option<Arc<DefType>>,
}

impl DefType {
    /// Which type it is.
    pub fn id(&self) -> TypeId {
        self.id
    }

    /// Whether this is `expected` or was declared as a subtype of it.
    pub fn matches(&self, expected: &DefType) -> bool {
        self == expected || self.is_below(expected)
    }

    fn is_below(&self, expected: &DefType) -> bool {
        let mut next = &self.supertype;
        while let Some(supertype) = next {
            if **supertype == *expected {
                return true;
            }
            next = &supertype.supertype;
        }
        false
    }
}

impl PartialEq for DefType {
    fn eq(&self, other: &DefType) -> bool {
        self.id == other.id
    }
}

impl Eq for DefType {}

impl Hash for DefType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// The type of a function. Cheap to clone; equality is that of defined types.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FuncType(Arc<Signature>);

struct Signature {
    params: Box<[ValType]>,
    results: Box<[ValType]>,
    def: DefType,
}

impl PartialEq for Signature {
    fn eq(&self, other: &Signature) -> bool {
        self.def == other.def
    }
}

impl Eq for Signature {}

impl Hash for Signature {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.def.hash(state);
    }
}

impl fmt::Debug for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} -> {:?}", self.params(), self.results())
    }
}

impl FuncType {
    /// The type that a plain `(type (func ..))` defines.
    pub fn new(params: &[ValType], results: &[ValType]) -> FuncType {
        let closed = |types: &[ValType]| types.iter().cloned().map(TypeUse::Closed).collect();
        let alone = Member {
            finality: Finality::Final,
            supertype: None,
            params: closed(params),
            results: closed(results),
        };
        rec_group::close(&[alone]).remove(0)
    }

    pub(super) fn defined(
        params: Box<[ValType]>,
        results: Box<[ValType]>,
        def: DefType,
    ) -> FuncType {
        FuncType(Arc::new(Signature {
            params,
            results,
            def,
        }))
    }

    /// The types of the parameters.
    pub fn params(&self) -> &[ValType] {
        &self.0.params
    }

    /// The types of the results.
    pub fn results(&self) -> &[ValType] {
        &self.0.results
    }

    /// The defined type behind it.
    pub fn def(&self) -> &DefType {
        &self.0.def
    }

    /// Whether a function of this type can be used as one of `expected`.
    pub fn matches(&self, expected: &FuncType) -> bool {
        self.def().matches(expected.def())
    }
}

/// The type of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    /// The type of the elements.
    pub element: RefType,
    /// The type of the indices.
    pub index: IndexType,
    /// The size in elements.
    pub size: Size,
}

/// The type of a memory. Pages are of 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    /// The type of the addresses.
    pub index: IndexType,
    /// The size in pages.
    pub size: Size,
}

/// How large a table or memory is at least, and how large it may grow.
///
/// Spec: WebAssembly 3.0, "Types", "Limits".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// The least size.
    pub min: u64,
    /// The greatest size, if it is bounded.
    pub max: Option<u64>,
}

impl Size {
    /// Spec: WebAssembly 3.0, "Matching", "Limits".
    fn matches(self, expected: Size) -> bool {
        self.min >= expected.min
            && match (self.max, expected.max) {
                (_, None) => true,
                (Some(actual), Some(expected)) => actual <= expected,
                (None, Some(_)) => false,
            }
    }
}

/// Whether a global can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutability {
    /// It cannot.
    Const,
    /// It can.
    Var,
}

/// The type of a global.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    /// The type of its value.
    pub value: ValType,
    /// Whether it can be set.
    pub mutability: Mutability,
}

/// The type of an exception tag: a function type without results.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TagType(pub FuncType);

/// The type of something imported or exported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExternType {
    /// A function
    Func(FuncType),
    /// A table
    Table(TableType),
    /// A memory
    Memory(MemoryType),
    /// A global
    Global(GlobalType),
    /// A tag
    Tag(TagType),
}

impl ExternType {
    /// The word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            ExternType::Func(_) => "function",
            ExternType::Table(_) => "table",
            ExternType::Memory(_) => "memory",
            ExternType::Global(_) => "global",
            ExternType::Tag(_) => "tag",
        }
    }
}

/// Whether something of type `actual` can be supplied for an import of type `expected`.
///
/// Spec: WebAssembly 3.0, "Matching", "External Types".
pub fn matches(actual: &ExternType, expected: &ExternType) -> bool {
    match (actual, expected) {
        (ExternType::Func(actual), ExternType::Func(expected)) => actual.matches(expected),
        (ExternType::Table(actual), ExternType::Table(expected)) => {
            actual.index == expected.index
                && actual.size.matches(expected.size)
                && actual.element.matches(&expected.element)
                && expected.element.matches(&actual.element)
        }
        (ExternType::Memory(actual), ExternType::Memory(expected)) => {
            actual.index == expected.index && actual.size.matches(expected.size)
        }
        (ExternType::Global(actual), ExternType::Global(expected)) => {
            actual.mutability == expected.mutability
                && actual.value.matches(&expected.value)
                && (actual.mutability == Mutability::Const || expected.value.matches(&actual.value))
        }
        (ExternType::Tag(TagType(actual)), ExternType::Tag(TagType(expected))) => {
            actual.matches(expected) && expected.matches(actual)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concrete(nullable: bool, ty: &FuncType) -> RefType {
        RefType {
            nullable,
            heap: HeapType::Concrete(ty.def().clone()),
        }
    }

    fn memory(min: u64, max: Option<u64>) -> ExternType {
        ExternType::Memory(MemoryType {
            index: IndexType::I32,
            size: Size { min, max },
        })
    }

    fn global(value: ValType, mutability: Mutability) -> ExternType {
        ExternType::Global(GlobalType { value, mutability })
    }

    #[test]
    fn a_reference_that_cannot_be_null_matches_one_that_can_and_not_the_reverse() {
        let ty = FuncType::new(&[], &[]);
        assert!(concrete(false, &ty).matches(&concrete(true, &ty)));
        assert!(!concrete(true, &ty).matches(&concrete(false, &ty)));
        assert!(concrete(true, &ty).matches(&RefType::FUNCREF));
        assert!(!concrete(true, &ty).matches(&RefType::EXTERNREF));
    }

    #[test]
    fn a_memory_matches_when_it_is_large_enough_and_bounded_tightly_enough() {
        assert!(matches(&memory(2, Some(3)), &memory(1, Some(4))));
        assert!(matches(&memory(2, Some(3)), &memory(1, None)));
        assert!(!matches(&memory(0, Some(3)), &memory(1, None)));
        assert!(!matches(&memory(2, None), &memory(1, Some(4))));
    }

    #[test]
    fn a_constant_global_matches_a_wider_type_and_a_variable_one_only_its_own() {
        let narrow = ValType::Ref(concrete(false, &FuncType::new(&[], &[])));
        for (mutability, expected) in [(Mutability::Const, true), (Mutability::Var, false)] {
            let actual = global(narrow.clone(), mutability);
            let wide = global(ValType::FUNCREF, mutability);
            assert_eq!(matches(&actual, &wide), expected);
            assert!(matches(&actual, &actual));
        }
    }
}
