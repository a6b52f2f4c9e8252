//! What the marks of a program show: not which mark and which number, but of which built-in that is
//! the result, and what kind of result.

use std::collections::HashMap;

use assize_reference::abi::Value;
use assize_reference::host::HostEvent;

use crate::program::{
    Block, Callee, Canon, Form, Instance, InstanceId, LiftForm, Operand, Owner, Program, SlotId,
    Step,
};

/// The host function that marks call.
const MARK: &str = "trace-mark";

/// What each mark of a program shows.
#[derive(Debug, Default)]
pub struct Marks {
    places: HashMap<u32, Source>,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Source {
    what: What,
    /// Whether it is only a part of that, or computed from it.
    derived: bool,
}

/// What a number is the result of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A built-in.
    Builtin(&'static str, Code),
    /// What lies in memory after a built-in.
    Memory(&'static str),
    /// A parameter of a function.
    Parameter,
    /// An event that a callback is given.
    Event,
    /// None of these.
    Number,
}

/// How a built-in's result is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// A copy's: blocked, or how it ended and how much it moved.
    Copy,
    /// A subtask's state.
    Subtask,
    /// An event's code.
    Event,
    /// Whether something was cancelled.
    Cancelled,
    /// Something that differs from program to program.
    Number,
}

impl Marks {
    /// The marks of a program.
    pub fn of(program: Option<&Program>) -> Marks {
        let mut marks = Marks::default();
        for (number, instance) in program.iter().flat_map(|program| {
            let instances = program.instances.iter();
            instances.enumerate()
        }) {
            let mut walk = Walk {
                instance,
                places: &mut marks.places,
                slots: HashMap::new(),
                last: "",
            };
            walk.instance(program, InstanceId(number as u32));
        }
        marks
    }

    fn source(&self, event: &HostEvent) -> Option<(Source, u64)> {
        let HostEvent::Called { func, args, .. } = event else {
            return None;
        };
        let [Value::U32(place), Value::U64(value)] = args[..] else {
            return None;
        };
        if &**func != MARK {
            return None;
        }
        Some((*self.places.get(&place)?, value))
    }

    /// Whether both are the same mark, with whatever numbers.
    pub fn is_same(&self, a: &HostEvent, b: &HostEvent) -> bool {
        let place = |event: &HostEvent| match event {
            HostEvent::Called { func, args, .. } if &**func == MARK => args.first().cloned(),
            _ => None,
        };
        place(a).is_some_and(|a| place(b) == Some(a))
    }

    /// The built-in whose result is marked.
    pub fn builtin(&self, event: &HostEvent) -> Option<String> {
        match self.source(event)?.0.what {
            What::Builtin(name, _) | What::Memory(name) if !name.is_empty() => {
                Some(name.to_owned())
            }
            _ => None,
        }
    }

    /// What is marked, in words; nothing where the event is no known mark.
    pub fn describe(&self, event: &HostEvent) -> Option<String> {
        let (source, value) = self.source(event)?;
        let part = if source.derived { "part of " } else { "" };
        Some(match source.what {
            What::Builtin(name, code) if !source.derived => {
                format!("{name} -> {}", code.read(value))
            }
            What::Builtin(name, _) => format!("{part}the result of {name}"),
            What::Memory("") => format!("{part}what memory holds"),
            What::Memory(name) => format!("{part}what memory holds after {name}"),
            What::Parameter => format!("{part}a parameter"),
            What::Event => format!("{part}a callback's event"),
            What::Number => "a mark".to_owned(),
        })
    }
}

impl Code {
    fn read(self, value: u64) -> &'static str {
        let low = value & 0xf;
        match self {
            Code::Copy if value == 0xffff_ffff || value == u64::MAX => "blocked",
            Code::Copy => match (low, value >> 4) {
                (0, 0) => "completed, none",
                (0, _) => "completed, some",
                (1, 0) => "dropped, none",
                (1, _) => "dropped, some",
                (2, 0) => "cancelled, none",
                (2, _) => "cancelled, some",
                _ => "no result of a copy",
            },
            Code::Subtask if value == 0xffff_ffff => "blocked",
            Code::Subtask => match low {
                0 => "starting",
                1 => "started",
                2 => "returned",
                3 => "cancelled before it started",
                4 => "cancelled before it returned",
                _ => "no state of a subtask",
            },
            Code::Event => match value {
                0 => "no event",
                1 => "subtask",
                2 => "stream read",
                3 => "stream write",
                4 => "future read",
                5 => "future write",
                6 => "task cancelled",
                _ => "no code of an event",
            },
            Code::Cancelled if value == 0 => "not cancelled",
            Code::Cancelled => "cancelled",
            Code::Number => "a number",
        }
    }
}

/// Goes through an instance's bodies, and keeps where the slots' contents come from.
struct Walk<'p> {
    instance: &'p Instance,
    places: &'p mut HashMap<u32, Source>,
    slots: HashMap<SlotId, Source>,
    /// The built-in that was called last.
    last: &'static str,
}

impl Walk<'_> {
    fn instance(&mut self, program: Option<&Program>, id: InstanceId) {
        let direct = |what| Source {
            what,
            derived: false,
        };
        for function in &self.instance.functions {
            for slot in &function.parameters {
                self.slots.insert(*slot, direct(What::Parameter));
            }
            if let LiftForm::Callback { event } = &function.lift.form {
                let code = What::Builtin("callback", Code::Event);
                self.slots.insert(event[0], direct(code));
                for slot in &event[1..] {
                    self.slots.insert(*slot, direct(What::Event));
                }
            }
            function
                .body
                .blocks
                .iter()
                .for_each(|block| self.block(block));
            if let LiftForm::Sync {
                post_return: Some(block),
            } = &function.lift.form
            {
                self.block(block);
            }
        }
        let destructors = program.iter().flat_map(|program| &program.resources);
        let destructors = destructors.filter_map(|resource| match &resource.owner {
            Owner::Instance {
                instance,
                destructor,
            } if *instance == id => destructor.as_ref(),
            _ => None,
        });
        for handler in self.instance.threads.iter().chain(destructors) {
            self.slots
                .insert(handler.parameter, direct(What::Parameter));
            self.block(&handler.body);
        }
        for block in self.instance.start.iter().chain(&self.instance.realloc) {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        self.steps(&block.steps);
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        let mut put = |slot: SlotId, what: What, derived: bool| {
            self.slots.insert(slot, Source { what, derived });
        };
        match step {
            Step::Canon { canon, result, .. } => {
                let Some(canon) = self.instance.canons.get(canon.index()) else {
                    return;
                };
                let (name, code) = builtin(canon);
                self.last = name;
                if let Some(slot) = result {
                    put(*slot, What::Builtin(name, code), false);
                }
            }
            Step::Call { import, result, .. } => {
                let Some(import) = self.instance.imports.get(import.index()) else {
                    return;
                };
                let (name, code) = match (import.form, import.callee) {
                    (Form::Async, Callee::Host(_)) => ("an async call of the host", Code::Subtask),
                    (Form::Async, _) => ("an async call", Code::Subtask),
                    (Form::Sync, Callee::Host(_)) => ("a call of the host", Code::Number),
                    (Form::Sync, _) => ("a call", Code::Number),
                };
                self.last = name;
                if let Some(slot) = result {
                    put(*slot, What::Builtin(name, code), false);
                }
            }
            Step::Mark { place, value } => {
                let source = self.operand(value);
                self.places.insert(*place, source);
            }
            Step::Set { slot, a, b, .. } => {
                let numbers = [a, b].map(|operand| self.operand(operand));
                let from = numbers.into_iter().find(|from| from.what != What::Number);
                let from = from.unwrap_or(numbers[0]);
                let derived = from.derived || !matches!(b, Operand::Const(0));
                self.slots.insert(*slot, Source { derived, ..from });
            }
            Step::Load { slot, .. } => {
                let what = What::Memory(self.last);
                put(*slot, what, false);
            }
            Step::If {
                then, otherwise, ..
            } => {
                self.steps(then);
                self.steps(otherwise);
            }
            Step::Repeat { steps, .. } => self.steps(steps),
            Step::Store { .. } | Step::Finish(_) => {}
        }
    }

    fn operand(&self, operand: &Operand) -> Source {
        let number = Source {
            what: What::Number,
            derived: false,
        };
        match operand {
            Operand::Const(_) => number,
            Operand::Slot(slot) => self.slots.get(slot).copied().unwrap_or(number),
        }
    }
}

/// A built-in's name, as the specification spells it, and what its result says.
pub(super) fn builtin(canon: &Canon) -> (&'static str, Code) {
    match canon {
        Canon::ResourceNew(_) => ("resource.new", Code::Number),
        Canon::ResourceDrop(_) => ("resource.drop", Code::Number),
        Canon::ResourceRep(_) => ("resource.rep", Code::Number),
        Canon::ContextGet(..) => ("context.get", Code::Number),
        Canon::ContextSet(..) => ("context.set", Code::Number),
        Canon::BackpressureInc => ("backpressure.inc", Code::Number),
        Canon::BackpressureDec => ("backpressure.dec", Code::Number),
        Canon::TaskReturn { .. } => ("task.return", Code::Number),
        Canon::TaskCancel => ("task.cancel", Code::Number),
        Canon::WaitableSetNew => ("waitable-set.new", Code::Number),
        Canon::WaitableSetWait(..) => ("waitable-set.wait", Code::Event),
        Canon::WaitableSetPoll(..) => ("waitable-set.poll", Code::Event),
        Canon::WaitableSetDrop => ("waitable-set.drop", Code::Number),
        Canon::WaitableJoin => ("waitable.join", Code::Number),
        Canon::SubtaskCancel(_) => ("subtask.cancel", Code::Subtask),
        Canon::SubtaskDrop => ("subtask.drop", Code::Number),
        Canon::StreamNew(_) => ("stream.new", Code::Number),
        Canon::StreamRead(..) => ("stream.read", Code::Copy),
        Canon::StreamWrite(..) => ("stream.write", Code::Copy),
        Canon::StreamCancelRead(..) => ("stream.cancel-read", Code::Copy),
        Canon::StreamCancelWrite(..) => ("stream.cancel-write", Code::Copy),
        Canon::StreamDropReadable(_) => ("stream.drop-readable", Code::Number),
        Canon::StreamDropWritable(_) => ("stream.drop-writable", Code::Number),
        Canon::FutureNew(_) => ("future.new", Code::Number),
        Canon::FutureRead(..) => ("future.read", Code::Copy),
        Canon::FutureWrite(..) => ("future.write", Code::Copy),
        Canon::FutureCancelRead(..) => ("future.cancel-read", Code::Copy),
        Canon::FutureCancelWrite(..) => ("future.cancel-write", Code::Copy),
        Canon::FutureDropReadable(_) => ("future.drop-readable", Code::Number),
        Canon::FutureDropWritable(_) => ("future.drop-writable", Code::Number),
        Canon::ThreadIndex => ("thread.index", Code::Number),
        Canon::ThreadNewIndirect => ("thread.new-indirect", Code::Number),
        Canon::ThreadResumeLater => ("thread.resume-later", Code::Number),
        Canon::ThreadSuspend(_) => ("thread.suspend", Code::Cancelled),
        Canon::ThreadYield(_) => ("thread.yield", Code::Cancelled),
        Canon::ThreadSuspendThenResume(_) => ("thread.suspend-then-resume", Code::Cancelled),
        Canon::ThreadYieldThenResume(_) => ("thread.yield-then-resume", Code::Cancelled),
        Canon::ThreadSuspendThenPromote(_) => ("thread.suspend-then-promote", Code::Cancelled),
        Canon::ThreadYieldThenPromote(_) => ("thread.yield-then-promote", Code::Cancelled),
        Canon::ErrorContextNew(_) => ("error-context.new", Code::Number),
        Canon::ErrorContextDebugMessage(_) => ("error-context.debug-message", Code::Number),
        Canon::ErrorContextDrop => ("error-context.drop", Code::Number),
    }
}
