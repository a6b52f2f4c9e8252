//! The host world `assize:host`: what an instance may import from the host, and what the host
//! sees of it.
//!
//! The types of its functions are free. The beginning of a function's name, its verb, says what
//! the host does, so the harness tells the adapter which functions a component imports, and no
//! adapter has to find them in the binary.

use std::collections::BTreeMap;

use crate::runtime::InstanceId;
use crate::types::Type;
use crate::value::Value;

/// The name of the one instance that a component imports of the host world.
pub const HOST_WORLD: &str = "assize:host/world@0.1.0";

/// A function of the host world that a component imports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostFunction {
    /// The name of the imported instance that it belongs to.
    pub instance: String,
    /// Its whole name, which begins with its verb.
    pub name: String,
    /// Whether its type says `async`.
    pub effect: Effect,
    /// The names and types of its parameters.
    pub params: Vec<(String, Type)>,
    /// The type of its result, if it has one.
    pub result: Option<Type>,
}

/// Whether a function type says `async`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It does not: the function returns before its caller goes on.
    Sync,
    /// It does: the function may block.
    Async,
}

/// Where an instantiation takes its imports from, other than from the registered names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Imports {
    /// Instances, by the name of the import that they are for.
    pub instances: BTreeMap<String, InstanceId>,
    /// The host functions that the definition imports.
    pub host: Vec<HostFunction>,
    /// The names of the resource types that the definition imports from the host world.
    pub resources: Vec<String>,
}

impl Imports {
    /// Whether nothing is named here.
    pub fn is_empty(&self) -> bool {
        self.instances.is_empty() && self.host.is_empty() && self.resources.is_empty()
    }
}

/// What the host saw.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostEvent {
    /// A host function was called, and took its arguments.
    Call {
        /// Its whole name.
        function: String,
        /// The arguments.
        args: Vec<Value>,
    },
    /// A pending call of the host was cancelled.
    Cancelled {
        /// The token of the call.
        token: u32,
    },
    /// A copy of an end that the host holds has ended.
    Copied {
        /// The token of the end.
        token: u32,
        /// What was copied.
        copied: Copied,
        /// Why the copy ended.
        end: CopyEnd,
    },
    /// The destructor of a host resource was called.
    Dropped {
        /// The name under which the host world exports the resource type.
        resource: String,
        /// The representation of the resource.
        rep: u32,
    },
}

/// What a copy of the host's moved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Copied {
    /// A read of values.
    Values(Vec<Value>),
    /// A read of so many elements that have no type.
    Count(u32),
    /// A write of so many elements.
    Written(u32),
}

/// Why a copy ended.
///
/// Spec: CanonicalABI.md, "Stream State", `CopyResult`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyEnd {
    /// It moved something, or nothing was asked for.
    Completed,
    /// The other end was dropped.
    Dropped,
    /// It was cancelled.
    Cancelled,
}
