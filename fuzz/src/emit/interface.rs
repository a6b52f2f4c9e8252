//! What the core modules of an instance have to do with one another and with its component.

use std::collections::BTreeMap;

use crate::program::{
    Callee, Canon, CanonId, ContextType, Form as Abi, ImportId, Instance, InstanceId, LiftForm,
    Owner, Program, ResourceId, Signature, When,
};

use super::Form;
use super::links::Item;
use super::uses::Uses;

/// A core function that the main module can call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// What it is.
    pub(super) what: What,
    /// Its name in the modules and in the component.
    pub(super) name: String,
    /// Its core type.
    pub(super) signature: Signature,
    /// How it is reached.
    pub(super) target: Target,
}

/// What a core function is that the main module can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// The function for marks.
    Mark,
    /// `context.get` of slot 0, which says which block is next.
    NextBlock,
    /// `context.set` of slot 0.
    SetNextBlock,
    /// A built-in.
    Canon(CanonId),
    /// An import.
    Import(ImportId),
}

/// How a core function is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// It is the module's import of this number.
    Import(u32),
    /// It stands at this place of the table that is filled late.
    Late(u32),
}

/// A core function that others need before the main module is there: they call it by way of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    /// What happens in `realloc`.
    Realloc,
    /// A destructor.
    Destructor(ResourceId),
}

/// What the core modules of an instance share.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    /// What the main module calls.
    pub(super) calls: Vec<Call>,
    /// What `$libc` calls in the main module, by the place in its table.
    pub(super) hooks: Vec<Hook>,
    /// Whether there is a table of threads.
    pub(super) threads: bool,
    /// The type of context slots.
    pub(super) context: ContextType,
}

impl Interface {
    pub(super) fn new(program: &Program, id: InstanceId, uses: &Uses, form: Form) -> Interface {
        let instance = &program.instances[id.index()];
        let mut calls = Calls::default();
        if uses.marks {
            let signature = Signature {
                params: vec![crate::program::CoreType::I32, crate::program::CoreType::I64],
                result: None,
            };
            calls.add(What::Mark, "mark", signature, When::Early);
        }
        let context = context(instance);
        if has_callbacks(instance) {
            for (what, name, canon) in [
                (What::NextBlock, "next-block", Canon::ContextGet(context, 0)),
                (
                    What::SetNextBlock,
                    "set-next-block",
                    Canon::ContextSet(context, 0),
                ),
            ] {
                calls.add(what, name, program.canon_signature(id, &canon), When::Early);
            }
        }
        for &canon in &uses.canons {
            let definition = &instance.canons[canon.index()];
            let signature = program.canon_signature(id, definition);
            let when = program.canon_when(id, definition).unwrap_or(When::Early);
            calls.add(What::Canon(canon), canon_name(definition), signature, when);
        }
        for &import in &uses.imports {
            let definition = &instance.imports[import.index()];
            let item = item(definition.callee);
            let name = match definition.form {
                Abi::Sync => item.name(program),
                Abi::Async => format!("{}.async", item.name(program)),
            };
            let signature = program.import_signature(id, definition);
            let when = program.import_when(id, definition).unwrap_or(When::Early);
            calls.add(What::Import(import), &name, signature, when);
        }
        Interface {
            calls: calls.all,
            hooks: hooks(program, id, form),
            threads: uses.threads,
            context,
        }
    }

    /// The calls that are imports of the main module.
    pub(super) fn early(&self) -> impl Iterator<Item = &Call> {
        let calls = self.calls.iter();
        calls.filter(|call| matches!(call.target, Target::Import(_)))
    }

    /// The calls that go by way of the table that is filled late.
    pub(super) fn late(&self) -> impl Iterator<Item = &Call> {
        let calls = self.calls.iter();
        calls.filter(|call| matches!(call.target, Target::Late(_)))
    }

    /// A call.
    pub(super) fn call(&self, what: What) -> Option<&Call> {
        self.calls.iter().find(|call| call.what == what)
    }
}

/// The function that a callee is.
pub(super) fn item(callee: Callee) -> Item {
    match callee {
        Callee::Host(host) => Item::Host(host),
        Callee::Function { instance, function } => Item::Function(instance, function),
    }
}

/// Calls in the making.
#[derive(Default)]
struct Calls {
    all: Vec<Call>,
    imports: u32,
    late: u32,
    names: BTreeMap<String, u32>,
}

impl Calls {
    /// Adds one. A name that is there already gets a number.
    fn add(&mut self, what: What, name: &str, signature: Signature, when: When) {
        let target = match when {
            When::Early => {
                self.imports += 1;
                Target::Import(self.imports - 1)
            }
            When::Late => {
                self.late += 1;
                Target::Late(self.late - 1)
            }
        };
        let count = self.names.entry(name.to_owned()).or_default();
        *count += 1;
        let name = match count {
            1 => name.to_owned(),
            count => format!("{name}.{count}"),
        };
        self.all.push(Call {
            what,
            name,
            signature,
            target,
        });
    }
}

/// Whether a function of an instance is lifted with a callback.
fn has_callbacks(instance: &Instance) -> bool {
    let mut functions = instance.functions.iter();
    functions.any(|function| matches!(function.lift.form, LiftForm::Callback { .. }))
}

/// The type of an instance's context slots: that of its built-ins.
fn context(instance: &Instance) -> ContextType {
    let mut types = instance.canons.iter().filter_map(|canon| match canon {
        Canon::ContextGet(ty, _) | Canon::ContextSet(ty, _) => Some(*ty),
        _ => None,
    });
    types.next().unwrap_or(ContextType::I32)
}

fn hooks(program: &Program, id: InstanceId, form: Form) -> Vec<Hook> {
    let instance = &program.instances[id.index()];
    let realloc = match form {
        Form::Straight => instance.realloc.is_some(),
        Form::Chassis => !instance.memories.is_empty(),
    };
    let mut hooks: Vec<_> = realloc.then_some(Hook::Realloc).into_iter().collect();
    for (number, resource) in (0..).zip(&program.resources) {
        if let Owner::Instance {
            instance,
            destructor: Some(_),
        } = resource.owner
            && instance == id
        {
            hooks.push(Hook::Destructor(ResourceId(number)));
        }
    }
    hooks
}

/// A built-in's name in the text format.
fn canon_name(canon: &Canon) -> &'static str {
    match canon {
        Canon::ResourceNew(_) => "resource.new",
        Canon::ResourceDrop(_) => "resource.drop",
        Canon::ResourceRep(_) => "resource.rep",
        Canon::ContextGet(..) => "context.get",
        Canon::ContextSet(..) => "context.set",
        Canon::BackpressureInc => "backpressure.inc",
        Canon::BackpressureDec => "backpressure.dec",
        Canon::TaskReturn { .. } => "task.return",
        Canon::TaskCancel => "task.cancel",
        Canon::WaitableSetNew => "waitable-set.new",
        Canon::WaitableSetWait(..) => "waitable-set.wait",
        Canon::WaitableSetPoll(..) => "waitable-set.poll",
        Canon::WaitableSetDrop => "waitable-set.drop",
        Canon::WaitableJoin => "waitable.join",
        Canon::SubtaskCancel(_) => "subtask.cancel",
        Canon::SubtaskDrop => "subtask.drop",
        Canon::StreamNew(_) => "stream.new",
        Canon::StreamRead(..) => "stream.read",
        Canon::StreamWrite(..) => "stream.write",
        Canon::StreamCancelRead(..) => "stream.cancel-read",
        Canon::StreamCancelWrite(..) => "stream.cancel-write",
        Canon::StreamDropReadable(_) => "stream.drop-readable",
        Canon::StreamDropWritable(_) => "stream.drop-writable",
        Canon::FutureNew(_) => "future.new",
        Canon::FutureRead(..) => "future.read",
        Canon::FutureWrite(..) => "future.write",
        Canon::FutureCancelRead(..) => "future.cancel-read",
        Canon::FutureCancelWrite(..) => "future.cancel-write",
        Canon::FutureDropReadable(_) => "future.drop-readable",
        Canon::FutureDropWritable(_) => "future.drop-writable",
        Canon::ThreadIndex => "thread.index",
        Canon::ThreadNewIndirect => "thread.new-indirect",
        Canon::ThreadResumeLater => "thread.resume-later",
        Canon::ThreadSuspend(_) => "thread.suspend",
        Canon::ThreadYield(_) => "thread.yield",
        Canon::ThreadSuspendThenResume(_) => "thread.suspend-then-resume",
        Canon::ThreadYieldThenResume(_) => "thread.yield-then-resume",
        Canon::ThreadSuspendThenPromote(_) => "thread.suspend-then-promote",
        Canon::ThreadYieldThenPromote(_) => "thread.yield-then-promote",
        Canon::ErrorContextNew(_) => "error-context.new",
        Canon::ErrorContextDebugMessage(_) => "error-context.debug-message",
        Canon::ErrorContextDrop => "error-context.drop",
    }
}
