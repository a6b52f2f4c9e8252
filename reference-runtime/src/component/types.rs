//! Value and function types with everything resolved: what the machine computes with.
//!
//! A resource type is a number in the machine's store, fresh for each instantiation of the
//! component that defines it, so that two types are the same exactly when they compare equal.
//!
//! Spec: Explainer.md, "Type Definitions".

use std::sync::Arc;

/// A runtime resource type: an index into the machine's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceTypeId(pub u32);

/// The name of a field, case, flag or parameter.
pub type Label = Arc<str>;

/// A value type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    /// `bool`
    Bool,
    /// `s8`
    S8,
    /// `u8`
    U8,
    /// `s16`
    S16,
    /// `u16`
    U16,
    /// `s32`
    S32,
    /// `u32`
    U32,
    /// `s64`
    S64,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`: a Unicode scalar value
    Char,
    /// `string`
    String,
    /// `error-context`
    ErrorContext,
    /// `(list t)`
    List(Arc<ValType>),
    /// `(list t n)`
    FixedList(Arc<ValType>, u32),
    /// `(map k v)`
    Map(Arc<ValType>, Arc<ValType>),
    /// `(record ...)`
    Record(Arc<[Field]>),
    /// `(tuple ...)`
    Tuple(Arc<[ValType]>),
    /// `(variant ...)`
    Variant(Arc<[Case]>),
    /// `(enum ...)`
    Enum(Arc<[Label]>),
    /// `(option t)`
    Option(Arc<ValType>),
    /// `(result t (error u))`
    Result {
        /// The type of the `ok` case.
        ok: Option<Arc<ValType>>,
        /// The type of the `error` case.
        error: Option<Arc<ValType>>,
    },
    /// `(flags ...)`: 1 to 32 labels
    Flags(Arc<[Label]>),
    /// `(own r)`
    Own(ResourceTypeId),
    /// `(borrow r)`
    Borrow(ResourceTypeId),
    /// `(stream t?)`
    Stream(Option<Arc<ValType>>),
    /// `(future t?)`
    Future(Option<Arc<ValType>>),
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The field's name.
    pub label: Label,
    /// The field's type.
    pub ty: ValType,
}

/// A case of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    /// The case's name.
    pub label: Label,
    /// The payload's type, where there is one.
    pub ty: Option<ValType>,
}

/// Whether a function type carries the `async` effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `(func ...)`: returns before it blocks its caller.
    Sync,
    /// `(func async ...)`: may block.
    Async,
}

/// A component function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// Whether the type says `async`.
    pub effect: Effect,
    /// The parameters' names.
    pub param_names: Arc<[Label]>,
    /// The parameters' types, as many as there are names.
    pub params: Arc<[ValType]>,
    /// The result's type, as a slice of length 0 or 1.
    pub result: Arc<[ValType]>,
}

impl FuncType {
    /// `(func)`
    pub fn nullary() -> FuncType {
        FuncType {
            effect: Effect::Sync,
            param_names: Arc::default(),
            params: Arc::default(),
            result: Arc::default(),
        }
    }
}
