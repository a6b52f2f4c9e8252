//! Value types as the Canonical ABI sees them: the specialised ones written out as what they are
//! short for.
//!
//! A [`Type`] borrows from a [`ValType`] and costs nothing to make, so that nothing is rewritten:
//! `despecialize` is called wherever the specification calls it.
//!
//! Spec: CanonicalABI.md, "Despecialization".

use std::sync::Arc;

use crate::component::types::{Case, Field, ResourceTypeId, ValType};

/// A despecialised value type.
#[derive(Clone, Copy, Debug)]
pub enum Type<'t> {
    /// A type whose values are one integer or float, in memory and as core values.
    Scalar(Scalar<'t>),
    /// `string`
    String,
    /// `list` of any length, and `map`
    List(Element<'t>),
    /// `list` of a fixed length
    FixedList(&'t ValType, u32),
    /// `record` and `tuple`
    Record(Fields<'t>),
    /// `variant`, `enum`, `option` and `result`
    Variant(Cases<'t>),
}

/// A type whose values are one integer or float, in memory and as core values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar<'t> {
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
    /// `char`
    Char,
    /// `error-context`
    ErrorContext,
    /// `flags`
    Flags(Labels),
    /// `own`
    Own(ResourceTypeId),
    /// `borrow`
    Borrow(ResourceTypeId),
    /// `stream`, of elements of this type
    Stream(&'t Option<Arc<ValType>>),
    /// `future`, of an element of this type
    Future(&'t Option<Arc<ValType>>),
}

/// The type of a list's elements.
#[derive(Clone, Copy, Debug)]
pub enum Element<'t> {
    /// That of a `list`.
    Type(&'t ValType),
    /// That of a `map`: the tuple of a key and its value.
    Entry(&'t ValType, &'t ValType),
}

/// The types of a record's fields.
#[derive(Clone, Copy, Debug)]
pub enum Fields<'t> {
    /// Those of a `record`.
    Record(&'t [Field]),
    /// Those of a `tuple`.
    Tuple(&'t [ValType]),
    /// Those of an entry of a `map`.
    Entry(&'t ValType, &'t ValType),
}

/// The cases of a variant.
#[derive(Clone, Copy, Debug)]
pub enum Cases<'t> {
    /// Those of a `variant`.
    Variant(&'t [Case]),
    /// Those of an `enum`, by their number.
    Enum(usize),
    /// `none` and `some`
    Option(&'t ValType),
    /// `ok` and `error`
    Result(Option<&'t ValType>, Option<&'t ValType>),
}

/// The labels of a `flags` type, by their number: 1 to 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels(pub usize);

/// Spec: CanonicalABI.md, "Despecialization", `despecialize`.
pub fn despecialize(t: &ValType) -> Type<'_> {
    match t {
        ValType::Bool => Type::Scalar(Scalar::Bool),
        ValType::S8 => Type::Scalar(Scalar::S8),
        ValType::U8 => Type::Scalar(Scalar::U8),
        ValType::S16 => Type::Scalar(Scalar::S16),
        ValType::U16 => Type::Scalar(Scalar::U16),
        ValType::S32 => Type::Scalar(Scalar::S32),
        ValType::U32 => Type::Scalar(Scalar::U32),
        ValType::S64 => Type::Scalar(Scalar::S64),
        ValType::U64 => Type::Scalar(Scalar::U64),
        ValType::F32 => Type::Scalar(Scalar::F32),
        ValType::F64 => Type::Scalar(Scalar::F64),
        ValType::Char => Type::Scalar(Scalar::Char),
        ValType::String => Type::String,
        ValType::ErrorContext => Type::Scalar(Scalar::ErrorContext),
        ValType::List(element) => Type::List(Element::Type(element)),
        ValType::Map(key, value) => Type::List(Element::Entry(key, value)),
        ValType::FixedList(element, length) => Type::FixedList(element, *length),
        ValType::Record(fields) => Type::Record(Fields::Record(fields)),
        ValType::Tuple(types) => Type::Record(Fields::Tuple(types)),
        ValType::Variant(cases) => Type::Variant(Cases::Variant(cases)),
        ValType::Enum(labels) => Type::Variant(Cases::Enum(labels.len())),
        ValType::Option(some) => Type::Variant(Cases::Option(some)),
        ValType::Result { ok, error } => {
            Type::Variant(Cases::Result(ok.as_deref(), error.as_deref()))
        }
        ValType::Flags(labels) => Type::Scalar(Scalar::Flags(Labels(labels.len()))),
        ValType::Own(rt) => Type::Scalar(Scalar::Own(*rt)),
        ValType::Borrow(rt) => Type::Scalar(Scalar::Borrow(*rt)),
        ValType::Stream(t) => Type::Scalar(Scalar::Stream(t)),
        ValType::Future(t) => Type::Scalar(Scalar::Future(t)),
    }
}

impl<'t> Element<'t> {
    /// The type itself.
    pub fn despecialize(self) -> Type<'t> {
        match self {
            Element::Type(t) => despecialize(t),
            Element::Entry(key, value) => Type::Record(Fields::Entry(key, value)),
        }
    }
}

impl<'t> Fields<'t> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Fields::Record(fields) => fields.len(),
            Fields::Tuple(types) => types.len(),
            Fields::Entry(..) => 2,
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The types, in order.
    pub fn types(self) -> impl Iterator<Item = Type<'t>> {
        (0..self.len()).map(move |i| match self {
            Fields::Record(fields) => despecialize(&fields[i].ty),
            Fields::Tuple(types) => despecialize(&types[i]),
            Fields::Entry(key, value) => despecialize(if i == 0 { key } else { value }),
        })
    }
}

impl<'t> Cases<'t> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Cases::Variant(cases) => cases.len(),
            Cases::Enum(len) => len,
            Cases::Option(_) | Cases::Result(..) => 2,
        }
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The type of the payload of case number `case`, if there is such a case and it has one.
    pub fn payload(self, case: usize) -> Option<Type<'t>> {
        let t = match self {
            Cases::Variant(cases) => cases.get(case)?.ty.as_ref(),
            Cases::Enum(_) => None,
            Cases::Option(some) => (case == 1).then_some(some),
            Cases::Result(ok, error) => [ok, error].get(case).copied().flatten(),
        };
        t.map(despecialize)
    }

    /// The types of all payloads, in order.
    pub fn payloads(self) -> impl Iterator<Item = Type<'t>> {
        (0..self.payload_slots()).filter_map(move |case| self.payload(case))
    }

    /// How many cases could have a payload.
    pub fn payload_slots(self) -> usize {
        match self {
            Cases::Enum(_) => 0,
            _ => self.len(),
        }
    }
}

impl Labels {
    /// The bits that stand for a label.
    pub fn mask(self) -> u32 {
        match self.0 {
            32.. => u32::MAX,
            n => (1 << n) - 1,
        }
    }
}
