//! Types of the component model, with everything resolved: what a host has to know to read and
//! write a value.
//!
//! Spec: Explainer.md, "Type Definitions".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value type. Names are kept, since a value is written with them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
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
    /// `string`
    String,
    /// `error-context`
    ErrorContext,
    /// `list<t>`
    List(Box<Type>),
    /// `list<t, n>`
    FixedList(Box<Type>, u32),
    /// `map<k, v>`
    Map(Box<Type>, Box<Type>),
    /// `record`: names and types of the fields, in order
    Record(Vec<(String, Type)>),
    /// `tuple`
    Tuple(Vec<Type>),
    /// `variant`: names of the cases, in order, and their payloads' types
    Variant(Vec<(String, Option<Type>)>),
    /// `enum`: names of the cases, in order
    Enum(Vec<String>),
    /// `option<t>`
    Option(Box<Type>),
    /// `result<ok, error>`
    Result(Option<Box<Type>>, Option<Box<Type>>),
    /// `flags`: their names, in order
    Flags(Vec<String>),
    /// `own<r>`, with a name for the resource type
    Own(String),
    /// `borrow<r>`, with a name for the resource type
    Borrow(String),
    /// `stream<t>`, or `stream` without an element type
    Stream(Option<Box<Type>>),
    /// `future<t>`, or `future` without an element type
    Future(Option<Box<Type>>),
}
