//! Core values and the addresses of things in the [`Store`](super::Store).
//!
//! Source: WebAssembly 3.0, "Runtime Structure", "Values" and "Addresses".

use super::types::{HeapType, ValType};

macro_rules! address {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in the store's vector of this kind.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

address! {
    /// Address of a function instance.
    FuncAddr
    /// Address of a table instance.
    TableAddr
    /// Address of a memory instance.
    MemAddr
    /// Address of a global instance.
    GlobalAddr
    /// Address of a tag instance.
    TagAddr
    /// Address of an exception instance.
    ExnAddr
    /// Address of a module instance.
    InstanceAddr
    /// What an embedder calls one of its functions; the interpreter only hands it back.
    HostFunc
    /// An opaque reference of the embedder's.
    ExternRef
}

/// A core value. Floats are kept as bits, so that equality and hashing are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `i32`
    I32(u32),
    /// `i64`
    I64(u64),
    /// `f32`, as its bits
    F32(u32),
    /// `f64`, as its bits
    F64(u64),
    /// A function reference; `None` is null.
    FuncRef(Option<FuncAddr>),
    /// An external reference; `None` is null.
    ExternRef(Option<ExternRef>),
    /// An exception reference; `None` is null.
    ExnRef(Option<ExnAddr>),
}

impl Value {
    /// The value as it lies in a slot: numbers zero-extended, null as 0, any other reference as
    /// its address plus one.
    pub(super) fn to_slot(self) -> u64 {
        match self {
            Value::I32(bits) | Value::F32(bits) => bits.into(),
            Value::I64(bits) | Value::F64(bits) => bits,
            Value::FuncRef(address) => reference(address.map(|a| a.0)),
            Value::ExternRef(address) => reference(address.map(|a| a.0)),
            Value::ExnRef(address) => reference(address.map(|a| a.0)),
        }
    }

    /// The value of type `ty` in a slot.
    pub(super) fn from_slot(ty: &ValType, slot: u64) -> Value {
        match ty {
            ValType::I32 => Value::I32(slot as u32),
            ValType::I64 => Value::I64(slot),
            ValType::F32 => Value::F32(slot as u32),
            ValType::F64 => Value::F64(slot),
            ValType::Ref(ty) => Value::from_reference(&ty.heap, slot),
        }
    }

    /// The reference in a slot.
    pub(super) fn from_reference(heap: &HeapType, slot: u64) -> Value {
        match heap {
            HeapType::Func | HeapType::NoFunc | HeapType::Concrete(_) => {
                Value::FuncRef(address(slot).map(FuncAddr))
            }
            HeapType::Extern | HeapType::NoExtern => Value::ExternRef(address(slot).map(ExternRef)),
            HeapType::Exn | HeapType::NoExn => Value::ExnRef(address(slot).map(ExnAddr)),
        }
    }
}

/// A reference as it lies in a slot.
pub(super) fn reference(address: Option<u32>) -> u64 {
    address.map_or(0, |address| u64::from(address) + 1)
}

/// The address in a slot that holds a reference, if that is not null.
pub(super) fn address(slot: u64) -> Option<u32> {
    slot.checked_sub(1).map(|address| address as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_from_its_slot() {
        let values = [
            (ValType::I32, Value::I32(u32::MAX)),
            (ValType::I64, Value::I64(u64::MAX)),
            (ValType::F32, Value::F32(0x7fc0_0000)),
            (ValType::F64, Value::F64(1 << 63)),
            (ValType::FUNCREF, Value::FuncRef(None)),
            (ValType::FUNCREF, Value::FuncRef(Some(FuncAddr(0)))),
            (
                ValType::EXTERNREF,
                Value::ExternRef(Some(ExternRef(u32::MAX))),
            ),
            (ValType::EXNREF, Value::ExnRef(Some(ExnAddr(7)))),
        ];
        for (ty, value) in values {
            assert_eq!(Value::from_slot(&ty, value.to_slot()), value);
        }
    }
}
