//! Lifted values.

use std::sync::Arc;

use crate::component::ast::StringEncoding;
use crate::machine::waitable::SharedId;

/// A component value, despecialised as the Canonical ABI has it: records and tuples by position,
/// variants, enums, options and results by case number, maps as lists of pairs.
///
/// Spec: CanonicalABI.md, "Despecialization".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `bool`
    Bool(bool),
    /// `s8`
    S8(i8),
    /// `u8`
    U8(u8),
    /// `s16`
    S16(i16),
    /// `u16`
    U16(u16),
    /// `s32`
    S32(i32),
    /// `u32`
    U32(u32),
    /// `s64`
    S64(i64),
    /// `u64`
    U64(u64),
    /// `f32`, as its bits
    F32(u32),
    /// `f64`, as its bits
    F64(u64),
    /// `char`
    Char(char),
    /// `string`
    String(StringValue),
    /// `error-context`
    ErrorContext(crate::machine::state::ErrorContext),
    /// `list`, fixed or not, and `map`
    List(Vec<Value>),
    /// `record` and `tuple`
    Record(Vec<Value>),
    /// `variant`, `enum`, `option` and `result`
    Variant {
        /// The case's number.
        case: u32,
        /// Its payload.
        payload: Option<Box<Value>>,
    },
    /// `flags`: label `n` is bit `n`
    Flags(u32),
    /// `own`: the resource's representation
    Own(u64),
    /// `borrow`: the resource's representation
    Borrow(u64),
    /// `stream`: what the readable end shares with the writable end
    Stream(SharedId),
    /// `future`: what the readable end shares with the writable end
    Future(SharedId),
}

/// A string, with the encoding that it was lifted from: lowering's calls of `realloc` depend on it.
///
/// How a host keeps its strings is its own affair, so that one that the host hands out may have any
/// encoding: a choice of the machine's.
///
/// Spec: CanonicalABI.md, "Loading", `String`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StringValue {
    /// The text.
    pub text: Arc<str>,
    /// The encoding in the source's memory; none where the host has the string.
    pub encoding: Option<SourceEncoding>,
    /// The length in code units of that encoding, without the UTF-16 tag; in bytes of UTF-8 where the
    /// host has the string.
    pub code_units: u64,
}

/// The encoding that a string had in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceEncoding {
    /// `utf8`
    Utf8,
    /// `utf16`
    Utf16,
    /// `latin1+utf16`, without the tag
    Latin1,
    /// `latin1+utf16`, with the tag
    TaggedUtf16,
}

impl StringValue {
    /// A string of the host's.
    pub fn host(text: impl Into<Arc<str>>) -> StringValue {
        let text = text.into();
        StringValue {
            code_units: text.len() as u64,
            encoding: None,
            text,
        }
    }
}

impl Value {
    /// The value once the host has taken it, which then has its strings.
    pub fn held_by_host(self) -> Value {
        let all = |values: Vec<Value>| values.into_iter().map(Value::held_by_host).collect();
        match self {
            Value::String(string) => Value::String(StringValue::host(string.text)),
            Value::List(values) => Value::List(all(values)),
            Value::Record(values) => Value::Record(all(values)),
            Value::Variant { case, payload } => Value::Variant {
                case,
                payload: payload.map(|payload| Box::new(payload.held_by_host())),
            },
            value => value,
        }
    }
}

impl SourceEncoding {
    /// The encoding of a component's option, given whether the length carried the tag.
    pub fn new(option: StringEncoding, tagged: bool) -> SourceEncoding {
        match (option, tagged) {
            (StringEncoding::Utf8, _) => SourceEncoding::Utf8,
            (StringEncoding::Utf16, _) => SourceEncoding::Utf16,
            (StringEncoding::Latin1Utf16, false) => SourceEncoding::Latin1,
            (StringEncoding::Latin1Utf16, true) => SourceEncoding::TaggedUtf16,
        }
    }
}
