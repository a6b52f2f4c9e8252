//! Any built-in with any arguments, and where built-ins have no business.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::empty;
use super::functions::Want;
use super::model::{Channel, Made, Role, Skip, ThingId};
use crate::program::{
    Arithmetic, Callee, Canon, Comparison, Condition, CopyOptions, End, Form, FunctionType,
    Operand, Step, Type,
};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Built-ins in a start function.
    pub fn in_start(&mut self, t: &mut Track) -> Made<()> {
        let index = t.instance.index();
        if self.fixed || self.program.instances[index].start.is_some() {
            return Err(Skip);
        }
        let mut inner = self.track(t.instance, Role::Start, t.depth + 1);
        self.mark(&mut inner, number(0));
        for _ in 0..1 + self.dice.below(3) {
            // What cannot be had is left out.
            let _ = self.any_builtin(&mut inner);
        }
        let mut block = empty();
        block.steps = inner.steps;
        self.program.instances[index].start = Some(block);
        Ok(())
    }

    /// `realloc` gives an address that is not aligned or past the end of memory, the first time or later.
    pub fn bad_realloc(&mut self, t: &mut Track) -> Made<()> {
        let receiver = match self.any_callee(t) {
            Ok(other) if self.dice.chance(2, 3) => other,
            _ => t.instance,
        };
        if self.pools[receiver.index()].realloc {
            return Err(Skip);
        }
        let counter = self.slot(receiver, "calls")?;
        let calls = Operand::Slot(counter);
        let bad = [65_535, 65_536, 49_153, 1 << 32, 65_534, 49_155];
        let bad = self.dice.pick(&bad).copied().unwrap_or(65_535);
        let mut block = empty();
        block.steps.push(Step::Set {
            slot: counter,
            op: Arithmetic::Add,
            a: calls,
            b: number(1),
        });
        block.steps.push(Step::If {
            condition: Condition {
                a: calls,
                comparison: Comparison::Equal,
                b: number(u64::from(1 + self.dice.below(3))),
            },
            then: vec![Step::Finish(End::Return(number(bad)))],
            otherwise: Vec::new(),
        });
        self.program.instances[receiver.index()].realloc = Some(block);
        self.pools[receiver.index()].realloc = true;
        for _ in 0..2 {
            if receiver == t.instance {
                let ty = FunctionType {
                    is_async: false,
                    params: vec![Type::String],
                    result: Some(Type::String),
                };
                let host = self.host("echo", ty)?;
                self.call(t, Callee::Host(host), Form::Sync, &[])?;
                continue;
            }
            let params = match self.dice.below(4) {
                0 => vec![Type::List(Box::new(Type::U32))],
                _ => vec![Type::String],
            };
            let want = Want {
                params: Some(params),
                result: self.fixed.then_some(Some(Type::String)).or(Some(None)),
                ..Want::default()
            };
            self.visit(t, receiver, &want, Form::Sync, &mut |_, _| Ok(()))?;
        }
        Ok(())
    }

    /// A built-in that may be any, with a handle or number that may be any.
    pub fn any_builtin(&mut self, t: &mut Track) -> Made<()> {
        let kinds: Vec<ThingId> = (0..self.pools[t.instance.index()].things.len()).collect();
        let handle = match self.dice.pick(&kinds).copied() {
            Some(thing) if self.dice.chance(2, 3) => self.handle(t, thing),
            _ => number(self.dice.below(4).into()),
        };
        let canon = self.some_canon(t)?;
        let count = self.program.canon_signature(t.instance, &canon);
        let mut args = Vec::new();
        for i in 0..count.params.len() {
            args.push(match i {
                0 => handle,
                _ => number(8 * u64::from(self.dice.below(3))),
            });
        }
        t.may_block = true;
        if count.result.is_some() {
            self.show(t, &canon, args, "any")?;
        } else {
            self.run(t, &canon, args)?;
        }
        Ok(())
    }

    /// Any built-in that the instance has or can get.
    pub fn some_canon(&mut self, t: &Track) -> Made<Canon> {
        if self.fixed {
            let canons = &self.program.instances[t.instance.index()].canons;
            return self.dice.pick(canons).cloned().ok_or(Skip);
        }
        let element = self.channel_element(t, Channel::Stream)?;
        let options = self.narrow_options(t)?;
        let form = if self.dice.chance(1, 2) {
            Form::Async
        } else {
            Form::Sync
        };
        let copy = CopyOptions { form, options };
        let cancel = cancellable(self.dice.chance(1, 2));
        let memory = self.narrow(t.instance)?;
        let context = self.context_type(t);
        let mut canons = vec![
            Canon::ContextGet(context, 1),
            Canon::ContextSet(context, 1),
            Canon::BackpressureInc,
            Canon::BackpressureDec,
            Canon::TaskReturn {
                result: None,
                options: self.options(t.instance),
            },
            Canon::TaskCancel,
            Canon::WaitableSetNew,
            Canon::WaitableSetWait(cancel, memory),
            Canon::WaitableSetPoll(cancel, memory),
            Canon::WaitableSetDrop,
            Canon::WaitableJoin,
            Canon::SubtaskCancel(form),
            Canon::SubtaskDrop,
            Canon::StreamNew(element.clone()),
            Canon::StreamRead(element.clone(), copy),
            Canon::StreamWrite(element.clone(), copy),
            Canon::StreamCancelRead(element.clone(), form),
            Canon::StreamCancelWrite(element.clone(), form),
            Canon::StreamDropReadable(element.clone()),
            Canon::StreamDropWritable(element.clone()),
            Canon::FutureNew(element.clone()),
            Canon::FutureRead(element.clone(), copy),
            Canon::FutureWrite(element.clone(), copy),
            Canon::FutureCancelRead(element.clone(), form),
            Canon::FutureCancelWrite(element.clone(), form),
            Canon::FutureDropReadable(element.clone()),
            Canon::FutureDropWritable(element),
            Canon::ThreadIndex,
            Canon::ThreadNewIndirect,
            Canon::ThreadResumeLater,
            Canon::ThreadSuspend(cancel),
            Canon::ThreadYield(cancel),
            Canon::ThreadSuspendThenResume(cancel),
            Canon::ThreadYieldThenResume(cancel),
            Canon::ThreadSuspendThenPromote(cancel),
            Canon::ThreadYieldThenPromote(cancel),
            Canon::ErrorContextNew(options),
            Canon::ErrorContextDebugMessage(options),
            Canon::ErrorContextDrop,
        ];
        if let Ok(resource) = self.any_resource(&[t.instance]) {
            canons.push(Canon::ResourceDrop(resource));
            if self.owner(resource) == Some(t.instance) {
                canons.push(Canon::ResourceNew(resource));
                canons.push(Canon::ResourceRep(resource));
            }
        }
        self.dice.pick(&canons).cloned().ok_or(Skip)
    }
}
