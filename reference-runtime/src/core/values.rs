//! Core values and the addresses of things in the [`Store`](super::Store).
//!
//! Source: WebAssembly 3.0, "Runtime Structure", "Values" and "Addresses".

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
