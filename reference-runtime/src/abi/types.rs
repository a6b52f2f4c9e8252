//! What has been computed of the types of one conversion.
//!
//! A value type is a graph: `Arc`s let a type occur many times in another, so that a few dozen
//! definitions can stand for a tree of 2^30 nodes. Layouts and flattenings are therefore computed
//! once for each node of the graph. The table lives as long as one lifting or lowering borrows the
//! types, which is what makes it right to know a node by its address.

use std::collections::HashMap;
use std::marker::PhantomData;

use super::PtrType;
use super::despecialize::{Cases, Fields, Type};
use super::flatten::Flat;
use super::layout::Layout;
use crate::component::types::{Case, Field, ValType};

/// Layouts and flattenings of types that live for `'t`, for one type of pointers.
#[derive(Debug)]
pub struct Types<'t> {
    pub(super) ptr_type: PtrType,
    pub(super) layouts: HashMap<Node, Layout>,
    pub(super) payload_offsets: HashMap<Node, u64>,
    pub(super) flats: HashMap<Node, Option<Flat>>,
    pub(super) visited: u64,
    types: PhantomData<&'t ValType>,
}

/// A node of the graph: a type that is made of others, by where its parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Record(*const [Field]),
    Tuple(*const [ValType]),
    Entry(*const ValType, *const ValType),
    Variant(*const [Case]),
    Option(*const ValType),
    Result(Option<*const ValType>, Option<*const ValType>),
    FixedList(*const ValType, u32),
}

impl<'t> Types<'t> {
    /// Nothing computed yet.
    pub fn new(ptr_type: PtrType) -> Types<'t> {
        Types {
            ptr_type,
            layouts: HashMap::new(),
            payload_offsets: HashMap::new(),
            flats: HashMap::new(),
            visited: 0,
            types: PhantomData,
        }
    }

    /// How many fields and cases were looked at to compute it all.
    pub fn visited(&self) -> u64 {
        self.visited
    }

    /// The type of pointers.
    pub fn ptr_type(&self) -> PtrType {
        self.ptr_type
    }
}

impl Node {
    /// The node of `t`, or none if what is asked of `t` does not depend on other types.
    pub(super) fn of(t: Type<'_>) -> Option<Node> {
        Some(match t {
            Type::FixedList(element, length) => Node::FixedList(element, length),
            Type::Record(Fields::Record(fields)) => Node::Record(fields),
            Type::Record(Fields::Tuple(types)) => Node::Tuple(types),
            Type::Record(Fields::Entry(key, value)) => Node::Entry(key, value),
            Type::Variant(Cases::Variant(cases)) => Node::Variant(cases),
            Type::Variant(Cases::Option(some)) => Node::Option(some),
            Type::Variant(Cases::Result(ok, error)) => {
                Node::Result(ok.map(|t| t as *const _), error.map(|t| t as *const _))
            }
            _ => return None,
        })
    }
}
