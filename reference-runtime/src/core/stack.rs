//! A call in progress, as plain data.
//!
//! Spec: WebAssembly 3.0, "Runtime Structure", "Stack".

use super::interpret;
use super::store::Store;
use super::trap::{Limit, Trap};
use super::types::ValType;
use super::values::{ExnAddr, FuncAddr, HostFunc, InstanceAddr, Value};

/// A call of a function, with all that it has called and that has not returned.
///
/// It can be cloned, compared and resumed wherever a run stopped. Slots above the operands in use
/// are not kept, so equal computations are equal stacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stack {
    /// The function called first.
    func: FuncAddr,
    /// Locals and operands of all activations, the outermost lowest.
    pub(super) slots: Vec<u64>,
    /// The calls in progress, the outermost first.
    pub(super) activations: Vec<Activation>,
    pub(super) status: Status,
}

/// A call of a function that the interpreter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Activation {
    /// Whose code it runs.
    pub instance: InstanceAddr,
    /// Counted from the first function that the module defines.
    pub function: u32,
    /// The next instruction, unless the interpreter is at work on this activation.
    pub pc: u32,
    /// The slot of its first local.
    pub base: u32,
    /// The first slot that it never uses.
    pub top: u32,
}

/// What a stack waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// To be run: a call of the function, whose arguments are the slots.
    Calling(FuncAddr),
    /// To be run: the last activation goes on.
    Ready,
    /// The results of the embedder's function. Its arguments are the last so many slots.
    Host {
        /// The function.
        func: FuncAddr,
        /// What the embedder calls it.
        host: HostFunc,
        /// How many arguments.
        args: u32,
    },
    /// Nothing: it returned, and the slots are the results.
    Done,
    /// Nothing: it trapped.
    Trapped(Trap),
    /// Nothing: an exception left it.
    Threw(ExnAddr),
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// The call returned these results.
    Done(Vec<Value>),
    /// A function of the embedder's was called, who answers with [`Stack::resume`].
    Host {
        /// Which function.
        func: HostFunc,
        /// Its arguments.
        args: Vec<Value>,
    },
    /// The call trapped.
    Trap(Trap),
    /// The call ended with an exception that nothing caught.
    Exception(ExnAddr),
    /// The machine's bounds were reached. The instruction that would have passed them has not
    /// been executed.
    Limit(Limit),
}

impl Stack {
    /// A call of `func`, not begun. The arguments must be of its parameters' types.
    ///
    /// If the embedder runs `func`, the first run stops at once with [`Exit::Host`].
    pub fn call(store: &Store, func: FuncAddr, args: &[Value]) -> Stack {
        debug_assert_eq!(args.len(), store.func_type(func).params().len());
        Stack {
            func,
            slots: args.iter().map(|arg| arg.to_slot()).collect(),
            activations: Vec::new(),
            status: Status::Calling(func),
        }
    }

    /// Runs until something needs the embedder. `fuel` counts the instructions down.
    ///
    /// A stack that has ended, or waits for the embedder, says so again.
    pub fn run(&mut self, store: &mut Store, fuel: &mut u64) -> Exit {
        if let Err(limit) = interpret::run(self, store, fuel) {
            return Exit::Limit(limit);
        }
        match self.status {
            Status::Host { func, host, .. } => Exit::Host {
                func: host,
                args: self.last_values(store.func_type(func).params()),
            },
            Status::Trapped(trap) => Exit::Trap(trap),
            Status::Threw(exception) => Exit::Exception(exception),
            // A run that no limit stopped leaves neither of the first two.
            Status::Calling(_) | Status::Ready | Status::Done => {
                Exit::Done(self.last_values(store.func_type(self.func).results()))
            }
        }
    }

    /// The types of the results that the stack waits for; none where it does not wait.
    pub fn awaited<'s>(&self, store: &'s Store) -> &'s [ValType] {
        match self.status {
            Status::Host { func, .. } => store.func_type(func).results(),
            _ => &[],
        }
    }

    /// Gives the results of the embedder's function that a run stopped at. They must be of its
    /// results' types. A stack that does not wait for any ignores them.
    pub fn resume(&mut self, results: &[Value]) {
        let Status::Host { args, .. } = self.status else {
            return;
        };
        let args = args as usize;
        self.slots.truncate(self.slots.len().saturating_sub(args));
        self.slots
            .extend(results.iter().map(|value| value.to_slot()));
        self.status = match self.activations.last() {
            Some(_) => Status::Ready,
            None => Status::Done,
        };
    }

    /// Ends it without results.
    pub(super) fn give_up(&mut self, status: Status) {
        self.slots.clear();
        self.activations.clear();
        self.status = status;
    }

    /// The last slots as values of the given types.
    fn last_values(&self, types: &[ValType]) -> Vec<Value> {
        let first = self.slots.len().saturating_sub(types.len());
        let values = types.iter().zip(&self.slots[first..]);
        values
            .map(|(ty, slot)| Value::from_slot(ty, *slot))
            .collect()
    }
}
