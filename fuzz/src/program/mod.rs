//! A program of the fuzzer: instances, what links them, what their functions do, and what the host
//! does with them, as plain data.
//!
//! A program is the one thing that the generators make, the minimiser shrinks and a report keeps. It
//! becomes a component in two forms, which show the same to a host (see [`crate::emit`]). It has two
//! parts:
//!
//! - its *shape*: types, instances, functions with their options, built-ins and imports, which decide
//!   what the component looks like;
//! - its *bodies*: what the functions do, step by step, which the readable form compiles and the other
//!   form interprets.
//!
//! Things are named by their positions in the lists that hold them. [`Program::check`] says whether all
//! of them are there.

mod canon;
mod check;
mod links;
pub mod samples;
mod shape;
mod shared;
mod signature;
mod step;

use serde::{Deserialize, Serialize};

pub use assize_protocol::types::Type;
pub use canon::{
    Callee, Cancellable, Canon, ContextType, CopyOptions, Encoding, Form, Import, Options,
};
pub use check::{
    BadType, Fault, MAX_INSTANCES, MAX_MEMORIES, MAX_NESTING, MAX_REPEATS, Signatures, Wrong,
};
pub use links::{When, resource_of, walk};
pub use shared::Shared;
pub use signature::{CoreType, Signature};
pub use step::{Arithmetic, Block, Body, Comparison, Condition, End, Operand, Step, Width};

/// The version of the format in which programs are kept.
pub const VERSION: u32 = 1;

/// Defines a position in one of a program's lists.
macro_rules! position {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The position as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

position! {
    /// An instance, in [`Program::instances`].
    InstanceId
}
position! {
    /// A resource type, in [`Program::resources`]. In types its name is `r` and the number.
    ResourceId
}
position! {
    /// A function of the host's, in [`Program::host`].
    HostId
}
position! {
    /// A function, in [`Instance::functions`].
    FunctionId
}
position! {
    /// A thread's body, in [`Instance::threads`].
    ThreadId
}
position! {
    /// A built-in, in [`Instance::canons`].
    CanonId
}
position! {
    /// An imported function, in [`Instance::imports`].
    ImportId
}
position! {
    /// A memory, in [`Instance::memories`].
    MemoryId
}
position! {
    /// A slot, in [`Instance::slots`].
    SlotId
}
position! {
    /// An action, in [`Program::actions`].
    ActionId
}

/// A whole program.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Program {
    /// [`VERSION`].
    pub version: u32,
    /// The resource types.
    pub resources: Vec<Resource>,
    /// The functions of the host world that instances may import.
    pub host: Shared<Vec<HostFunction>>,
    /// The instances: a parent before its children, and what a sibling imports before that sibling.
    pub instances: Vec<Instance>,
    /// What the host does, in order.
    pub actions: Vec<Action>,
}

/// A resource type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// Whose it is.
    pub owner: Owner,
}

/// Who defines a resource type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The host.
    Host,
    /// An instance, which may have a destructor for it. That takes the representation into
    /// `parameter`.
    Instance {
        /// The instance.
        instance: InstanceId,
        /// What happens when a resource is dropped.
        destructor: Option<Handler>,
    },
}

/// A core function with one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handler {
    /// Where the parameter goes.
    pub parameter: SlotId,
    /// What happens.
    pub body: Block,
}

/// A function of the host world. Its name is its verb, `-` and its position in [`Program::host`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HostFunction {
    /// What the host does, by the beginning of the function's name, such as `stream-read`.
    pub verb: String,
    /// Its type.
    pub ty: FunctionType,
}

/// A function's type. Parameters are named `p0`, `p1` and so on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FunctionType {
    /// Whether it says `async`.
    #[serde(rename = "async")]
    pub is_async: bool,
    /// The parameters' types.
    pub params: Vec<Type>,
    /// The result's type, if it has one.
    pub result: Option<Type>,
}

/// A component instance with core code in it.
///
/// Where there are children, its component holds theirs and instantiates them after its own core
/// module, so that they can import its functions; what it calls in them goes through a table that is
/// filled last. Then `start` runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instance {
    /// The instance in whose component this one's is; none for one that the host instantiates.
    pub parent: Option<InstanceId>,
    /// The memories that canonical options name; the first is where steps load and store unless they
    /// say otherwise. Slots are in none of them.
    pub memories: Vec<Memory>,
    /// The cells that steps work on. All tasks and threads of the instance share them; they are zero at
    /// first.
    pub slots: Shared<Vec<Slot>>,
    /// The canonical built-ins that steps may call, each once.
    pub canons: Shared<Vec<Canon>>,
    /// The functions that steps may call, each once.
    pub imports: Shared<Vec<Import>>,
    /// The functions that others can call.
    pub functions: Vec<Shared<Function>>,
    /// What threads do that steps start: the elements of the table that `thread.new-indirect` takes,
    /// which holds one null more.
    pub threads: Vec<Handler>,
    /// What happens when the instance is there.
    pub start: Option<Block>,
    /// What happens in each call of `realloc`, before memory is given out. Where it ends in
    /// [`End::Return`], that address is given instead, unless it is 0.
    pub realloc: Option<Block>,
}

/// A linear memory of [`MEMORY_SIZE`] bytes, which does not grow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Memory {
    /// Whether its addresses have 64 bits.
    pub wide: bool,
}

/// The size of each memory, in bytes.
pub const MEMORY_SIZE: u32 = 65_536;

/// From where on `realloc` gives out memory, in bytes. It goes up to the end and then begins here
/// again, aligned; what is larger than all of that is given this address too.
pub const REALLOC_BASE: u32 = 49_152;

/// A cell of 64 bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// What it is for, as a name in the readable form: `writer`, `set`.
    pub name: String,
}

/// A function that an instance exports.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Function {
    /// Its type.
    pub ty: Shared<FunctionType>,
    /// How it is lifted.
    pub lift: Lift,
    /// Where its core function's parameters go, as many as there are.
    pub parameters: Vec<SlotId>,
    /// What it does.
    pub body: Body,
}

/// The options of `canon lift`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lift {
    /// Which ABI its core function has.
    pub form: LiftForm,
    /// Memory, `realloc` and encoding.
    pub options: Options,
}

/// How a function is lifted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiftForm {
    /// Synchronously. The body has one block, which ends in [`End::Return`], or in [`End::Nothing`]
    /// where there is no result.
    Sync {
        /// What `post-return` does, if there is one.
        post_return: Option<Block>,
    },
    /// `async`, without a callback. The body has one block, which ends in [`End::Nothing`].
    Stackful,
    /// `async` with a callback. The first block is the core function, the others are what the callback
    /// does the first time that the task gets an event, the second time, and so on; after the last it
    /// exits. The number of the block that is next is in context slot 0 from before a block's steps on,
    /// so that steps which set that slot choose the next block.
    Callback {
        /// Where the event and its two payloads go.
        event: [SlotId; 3],
    },
}

/// One thing that the host does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It calls a function, and goes on when that has returned or blocked.
    Start {
        /// The instance.
        instance: InstanceId,
        /// The function.
        function: FunctionId,
        /// The arguments, each in WAVE.
        args: Vec<String>,
    },
    /// It waits until a call has ended.
    Await(ActionId),
    /// It asks for a call to be cancelled.
    Cancel(ActionId),
}
