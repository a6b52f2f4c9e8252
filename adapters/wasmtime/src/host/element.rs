//! Element types of the streams and futures whose ends the host holds.
//!
//! Wasmtime wants them as Rust types. So the host serves a list of them, and what is not on it is
//! unsupported: that list, and no more, is what stands between a type of the component model and
//! the generic code of [`super::channel`].

use std::any::Any;

use wasmtime::StoreContextMut;
use wasmtime::component::{
    ErrorContext, FutureAny, Lift, Lower, ResourceAny, StreamAny, Type, Val,
};

use super::channel;
use super::world::{EndId, World};
use crate::Host;

/// A Rust type that stands for a type of the component model.
pub(super) trait Element: Lift + Lower + Send + Sync + 'static {
    /// Whether a guest is called for memory when it gets such a value.
    const NEEDS_MEMORY: bool = false;

    /// The value, if it is of this type.
    fn from_val(value: Val) -> Option<Self>;

    /// The value as Wasmtime's own.
    fn into_val(self) -> Val;
}

/// Makes a channel and gives its readable end.
type Make = fn(StoreContextMut<'_, Host>, &World, EndId) -> wasmtime::Result<Val>;

/// Makes the host read from the readable end.
type Pipe = fn(StoreContextMut<'_, Host>, &World, EndId, Val) -> wasmtime::Result<()>;

/// What the host does with channels of one element type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channels {
    /// Whether there is an element type.
    pub typed: bool,
    /// Whether a guest is called for memory when it gets an element.
    pub needs_memory: bool,
    pub make_stream: Make,
    pub pipe_stream: Pipe,
    pub make_future: Make,
    pub pipe_future: Pipe,
}

impl Channels {
    /// Those of this element type, or of none, if the host has it.
    pub(super) fn of(ty: Option<&Type>) -> Option<Self> {
        let Some(ty) = ty else {
            let untyped = Self::carrying::<()>();
            return Some(Channels {
                typed: false,
                ..untyped
            });
        };
        Some(match ty {
            Type::Bool => Self::carrying::<bool>(),
            Type::S8 => Self::carrying::<i8>(),
            Type::U8 => Self::carrying::<u8>(),
            Type::S16 => Self::carrying::<i16>(),
            Type::U16 => Self::carrying::<u16>(),
            Type::S32 => Self::carrying::<i32>(),
            Type::U32 => Self::carrying::<u32>(),
            Type::S64 => Self::carrying::<i64>(),
            Type::U64 => Self::carrying::<u64>(),
            Type::Float32 => Self::carrying::<f32>(),
            Type::Float64 => Self::carrying::<f64>(),
            Type::Char => Self::carrying::<char>(),
            Type::String => Self::carrying::<String>(),
            Type::Own(_) => Self::carrying::<ResourceAny>(),
            Type::Stream(_) => Self::carrying::<StreamAny>(),
            Type::Future(_) => Self::carrying::<FutureAny>(),
            Type::ErrorContext => Self::carrying::<ErrorContext>(),
            Type::List(ty) => match ty.ty() {
                Type::U8 => Self::carrying::<Vec<u8>>(),
                Type::U32 => Self::carrying::<Vec<u32>>(),
                Type::String => Self::carrying::<Vec<String>>(),
                _ => return None,
            },
            Type::Option(ty) => match ty.ty() {
                Type::U8 => Self::carrying::<Option<u8>>(),
                Type::U32 => Self::carrying::<Option<u32>>(),
                Type::String => Self::carrying::<Option<String>>(),
                _ => return None,
            },
            Type::Result(ty) => match (ty.ok(), ty.err()) {
                (None, None) => Self::carrying::<Result<(), ()>>(),
                (Some(Type::U32), Some(Type::U32)) => Self::carrying::<Result<u32, u32>>(),
                (Some(Type::U32), Some(Type::String)) => Self::carrying::<Result<u32, String>>(),
                _ => return None,
            },
            Type::Tuple(ty) => match &ty.types().collect::<Vec<_>>()[..] {
                [Type::U32, Type::U32] => Self::carrying::<(u32, u32)>(),
                [Type::U8, Type::U32] => Self::carrying::<(u8, u32)>(),
                [Type::U32, Type::String] => Self::carrying::<(u32, String)>(),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn carrying<T: Element>() -> Self {
        Channels {
            typed: true,
            needs_memory: T::NEEDS_MEMORY,
            make_stream: channel::make_stream::<T>,
            pipe_stream: channel::pipe_stream::<T>,
            make_future: channel::make_future::<T>,
            pipe_future: channel::pipe_future::<T>,
        }
    }
}

/// Elements that have a variant of [`Val`] for themselves.
macro_rules! plain {
    ($($rust:ty: $variant:ident $($needs_memory:literal)?)*) => {$(
        impl Element for $rust {
            $(const NEEDS_MEMORY: bool = $needs_memory;)?

            fn from_val(value: Val) -> Option<Self> {
                match value {
                    Val::$variant(value) => Some(value),
                    _ => None,
                }
            }

            fn into_val(self) -> Val {
                Val::$variant(self)
            }
        }
    )*};
}

plain! {
    bool: Bool
    i8: S8
    u8: U8
    i16: S16
    u16: U16
    i32: S32
    u32: U32
    i64: S64
    u64: U64
    f32: Float32
    f64: Float64
    char: Char
    String: String true
    ResourceAny: Resource
    StreamAny: Stream
    FutureAny: Future
}

/// No element type: what counts is how many there are.
impl Element for () {
    fn from_val(_: Val) -> Option<Self> {
        Some(())
    }

    fn into_val(self) -> Val {
        Val::Tuple(Vec::new())
    }
}

impl Element for ErrorContext {
    fn from_val(_: Val) -> Option<Self> {
        None
    }

    fn into_val(self) -> Val {
        ErrorContext::into_val(self)
    }
}

impl<T: Element> Element for Vec<T> {
    const NEEDS_MEMORY: bool = true;

    fn from_val(value: Val) -> Option<Self> {
        match value {
            Val::List(values) => values.into_iter().map(T::from_val).collect(),
            _ => None,
        }
    }

    fn into_val(self) -> Val {
        Val::List(self.into_iter().map(T::into_val).collect())
    }
}

impl<T: Element> Element for Option<T> {
    const NEEDS_MEMORY: bool = T::NEEDS_MEMORY;

    fn from_val(value: Val) -> Option<Self> {
        match value {
            Val::Option(None) => Some(None),
            Val::Option(Some(value)) => T::from_val(*value).map(Some),
            _ => None,
        }
    }

    fn into_val(self) -> Val {
        Val::Option(self.map(|value| Box::new(value.into_val())))
    }
}

impl<T: Element, E: Element> Element for Result<T, E> {
    const NEEDS_MEMORY: bool = T::NEEDS_MEMORY || E::NEEDS_MEMORY;

    fn from_val(value: Val) -> Option<Self> {
        match value {
            Val::Result(Ok(value)) => payload(value).map(Ok),
            Val::Result(Err(value)) => payload(value).map(Err),
            _ => None,
        }
    }

    fn into_val(self) -> Val {
        Val::Result(match self {
            Ok(value) => Ok(boxed(value)),
            Err(value) => Err(boxed(value)),
        })
    }
}

/// A payload, which is absent where it has no type.
fn payload<T: Element>(value: Option<Box<Val>>) -> Option<T> {
    T::from_val(value.map_or_else(|| Val::Tuple(Vec::new()), |value| *value))
}

/// A payload, unless it has no type.
fn boxed<T: Element>(value: T) -> Option<Box<Val>> {
    let untyped = (&value as &dyn Any).is::<()>();
    (!untyped).then(|| Box::new(value.into_val()))
}

impl<A: Element, B: Element> Element for (A, B) {
    const NEEDS_MEMORY: bool = A::NEEDS_MEMORY || B::NEEDS_MEMORY;

    fn from_val(value: Val) -> Option<Self> {
        let Val::Tuple(values) = value else {
            return None;
        };
        let [a, b] = <[Val; 2]>::try_from(values).ok()?;
        Some((A::from_val(a)?, B::from_val(b)?))
    }

    fn into_val(self) -> Val {
        Val::Tuple(vec![self.0.into_val(), self.1.into_val()])
    }
}
