//! Values that go into and come out of runtimes, and how they are printed.
//!
//! Component values are written in WAVE; core values, which WAVE does not know, in the text
//! format's notation. Floats are held by their bits: a NaN's payload is part of a result.

use std::fmt;
use std::hash::{Hash, Hasher};

pub mod json;
mod wave;

/// A value of the component model, or of core WebAssembly.
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
    /// `f32`, by its bits
    F32(u32),
    /// `f64`, by its bits
    F64(u64),
    /// `char`
    Char(char),
    /// `string`
    String(String),
    /// `list<T>`, of fixed length or not
    List(Vec<Value>),
    /// `map<K, V>`, in the order in which the entries were lifted
    Map(Vec<(Value, Value)>),
    /// `record`, fields in the type's order
    Record(Vec<(String, Value)>),
    /// `tuple`
    Tuple(Vec<Value>),
    /// `variant`: the case's name and its payload
    Variant(String, Option<Box<Value>>),
    /// `enum`: the case's name
    Enum(String),
    /// `option<T>`
    Option(Option<Box<Value>>),
    /// `result<T, E>`
    Result(Result<Option<Box<Value>>, Option<Box<Value>>>),
    /// `flags`: the names of those that are set
    Flags(Vec<String>),
    /// A handle that a component gave to the host.
    Handle(Handle),
    /// A value of core WebAssembly.
    Core(CoreValue),
}

/// A handle that a component gave to the host.
///
/// The host cannot see which one it is, only of which sort: two handles of one sort are equal.
/// The number is the runtime's own, and good for nothing but passing the handle back to it.
#[derive(Clone, Copy, Debug)]
pub struct Handle {
    /// The sort.
    pub kind: HandleKind,
    /// The runtime's number for it; none where the runtime does not keep it.
    pub number: Option<u32>,
}

impl Handle {
    /// A handle that the runtime does not keep.
    pub fn unkept(kind: HandleKind) -> Self {
        Handle { kind, number: None }
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Handle {}

impl Hash for Handle {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
    }
}

/// The sort of a handle that a component gave to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HandleKind {
    /// `own<R>` or `borrow<R>`
    Resource,
    /// `stream<T>`: the readable end
    Stream,
    /// `future<T>`: the readable end
    Future,
    /// `error-context`
    ErrorContext,
}

impl HandleKind {
    /// The word for the handle in printed values.
    pub fn name(self) -> &'static str {
        match self {
            HandleKind::Resource => "resource",
            HandleKind::Stream => "stream",
            HandleKind::Future => "future",
            HandleKind::ErrorContext => "error-context",
        }
    }
}

/// A value of core WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreValue {
    /// `i32`
    I32(i32),
    /// `i64`
    I64(i64),
    /// `f32`, by its bits
    F32(u32),
    /// `f64`, by its bits
    F64(u64),
    /// `v128`, with lane 0 in the lowest bits
    V128(u128),
    /// A reference.
    Ref(CoreRef),
}

/// A reference of core WebAssembly, as far as a test can observe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreRef {
    /// The null reference of a hierarchy of heap types.
    Null(RefHierarchy),
    /// A function.
    Func,
    /// An external reference; the number is the one that the script passed in, if it did.
    Extern(Option<u32>),
    /// A reference of the `any` hierarchy.
    Any(AnyRef),
    /// An exception.
    Exn,
    /// A continuation.
    Cont,
}

/// The hierarchies of heap types: each has one top and one bottom type.
///
/// Spec: WebAssembly core 3.0, "Heap Types".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefHierarchy {
    /// From `func` to `nofunc`.
    Func,
    /// From `extern` to `noextern`.
    Extern,
    /// From `any` to `none`.
    Any,
    /// From `exn` to `noexn`.
    Exn,
    /// From `cont` to `nocont`.
    Cont,
}

/// What is behind a reference of the `any` hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyRef {
    /// An internalised external reference that the script passed in.
    Host(u32),
    /// An unboxed 31-bit integer.
    I31,
    /// A structure.
    Struct,
    /// An array.
    Array,
    /// Something else, such as an internalised reference of unknown origin.
    Other,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Core(value) => value.fmt(f),
            value => wave::fmt(value, f),
        }
    }
}

impl fmt::Display for CoreValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            CoreValue::I32(value) => write!(f, "(i32.const {value})"),
            CoreValue::I64(value) => write!(f, "(i64.const {value})"),
            CoreValue::F32(bits) => {
                let value = f32::from_bits(bits);
                if value.is_nan() {
                    write!(
                        f,
                        "(f32.const {}nan:{:#x})",
                        sign(bits >> 31),
                        bits & 0x7f_ffff
                    )
                } else {
                    write!(f, "(f32.const {value})")
                }
            }
            CoreValue::F64(bits) => {
                let value = f64::from_bits(bits);
                if value.is_nan() {
                    let payload = bits & 0xf_ffff_ffff_ffff;
                    write!(
                        f,
                        "(f64.const {}nan:{payload:#x})",
                        sign((bits >> 63) as u32)
                    )
                } else {
                    write!(f, "(f64.const {value})")
                }
            }
            CoreValue::V128(bits) => {
                let (low, high) = (bits as u64, (bits >> 64) as u64);
                write!(f, "(v128.const i64x2 {low:#x} {high:#x})")
            }
            CoreValue::Ref(reference) => reference.fmt(f),
        }
    }
}

fn sign(bit: u32) -> &'static str {
    if bit == 0 { "" } else { "-" }
}

impl fmt::Display for CoreRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CoreRef::Null(hierarchy) => write!(f, "(ref.null {})", hierarchy.name()),
            CoreRef::Func => f.write_str("(ref.func)"),
            CoreRef::Extern(Some(number)) => write!(f, "(ref.extern {number})"),
            CoreRef::Extern(None) => f.write_str("(ref.extern)"),
            CoreRef::Any(AnyRef::Host(number)) => write!(f, "(ref.host {number})"),
            CoreRef::Any(AnyRef::I31) => f.write_str("(ref.i31)"),
            CoreRef::Any(AnyRef::Struct) => f.write_str("(ref.struct)"),
            CoreRef::Any(AnyRef::Array) => f.write_str("(ref.array)"),
            CoreRef::Any(AnyRef::Other) => f.write_str("(ref.any)"),
            CoreRef::Exn => f.write_str("(ref.exn)"),
            CoreRef::Cont => f.write_str("(ref.cont)"),
        }
    }
}

impl RefHierarchy {
    /// All of them.
    pub const ALL: [RefHierarchy; 5] = [
        RefHierarchy::Func,
        RefHierarchy::Extern,
        RefHierarchy::Any,
        RefHierarchy::Exn,
        RefHierarchy::Cont,
    ];

    /// The hierarchy's top type as the text format spells it.
    pub fn name(self) -> &'static str {
        match self {
            RefHierarchy::Func => "func",
            RefHierarchy::Extern => "extern",
            RefHierarchy::Any => "any",
            RefHierarchy::Exn => "exn",
            RefHierarchy::Cont => "cont",
        }
    }
}
