//! Built-ins in `realloc` and `post-return`, where nothing may be called. Each would do well
//! elsewhere, so that it is only the place that is wrong.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::{Called, empty};
use super::functions::{FormKind, Want};
use super::model::{Channel, Kind, Made, Peer, Role, Side, Skip, ThingId};
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Block, Callee, Canon, Comparison, Condition, Form, FunctionType, InstanceId,
    LiftForm, Operand, ResourceId, Step, Type,
};

/// What is called, with what it needs.
#[derive(Clone, Copy)]
enum Inside {
    /// A call of another instance or of the host.
    Import,
    /// A built-in that has no handle.
    Fresh(u32),
    /// One on a waitable set.
    Set(ThingId, u32),
    /// A waitable joins a set.
    Join(ThingId, ThingId),
    /// A copy by an end, or its end.
    Copy(ThingId),
    CancelCopy(ThingId),
    DropEnd(ThingId),
    /// One on a subtask.
    CancelSubtask(ThingId),
    DropSubtask(ThingId),
    /// One on an error context.
    Message(ThingId),
    DropError(ThingId),
    /// One on a thread that is suspended.
    Switch(ThingId),
    /// One on a resource.
    NewResource(ResourceId),
    DropResource(ThingId),
}

impl Builder<'_, '_, '_> {
    /// Makes, where it may still be done, what a built-in needs.
    fn prepare(&mut self, t: &mut Track) -> Made<Inside> {
        // Each built-in as often as another, as far as it is to be had.
        Ok(match self.dice.below(37) {
            0 => Inside::Import,
            choice @ 1..10 => Inside::Fresh(choice - 1),
            choice @ 10..13 => Inside::Set(self.new_set(t)?, choice - 10),
            13 => {
                let end = self.some_end(t)?;
                let set = self.new_set(t)?;
                Inside::Join(end, set)
            }
            14..18 => Inside::Copy(self.some_end(t)?),
            18..22 => {
                let end = self.some_end(t)?;
                self.copy(t, end, Form::Async, 1)?;
                Inside::CancelCopy(end)
            }
            22..26 => {
                let end = self.some_end(t)?;
                let kind = &self.thing(t, end).kind;
                if matches!(kind, Kind::End(Channel::Future, Side::Writable, _)) {
                    self.written(t, end)?;
                }
                Inside::DropEnd(end)
            }
            26 => Inside::CancelSubtask(self.pending_subtask(t)?),
            27 => {
                let subtask = self.pending_subtask(t)?;
                self.cancel_subtask(t, subtask, Form::Sync)?;
                Inside::DropSubtask(subtask)
            }
            28 => Inside::Message(self.new_error_context(t)?),
            29 => Inside::DropError(self.new_error_context(t)?),
            30..35 => Inside::Switch(self.silent_thread(t)?),
            35 => {
                let resources = (0..self.program.resources.len() as u32).map(ResourceId);
                let own = resources.filter(|resource| self.owner(*resource) == Some(t.instance));
                let own: Vec<_> = own.collect();
                Inside::NewResource(self.dice.pick(&own).copied().ok_or(Skip)?)
            }
            _ => {
                let resource = self.any_resource(&[t.instance])?;
                Inside::DropResource(self.make_resource(t, resource)?)
            }
        })
    }

    /// An end of a new stream or future: each of the four.
    pub fn some_end(&mut self, t: &mut Track) -> Made<ThingId> {
        let channel = match self.dice.chance(1, 2) {
            true => Channel::Stream,
            false => Channel::Future,
        };
        let element = self.channel_element(t, channel)?;
        let (reader, writer) = self.new_channel(t, channel, element)?;
        Ok(match self.dice.chance(1, 2) {
            true => reader,
            false => writer,
        })
    }

    /// A thread that does nothing: what it would show would trap in its place.
    fn silent_thread(&mut self, t: &mut Track) -> Made<ThingId> {
        let thread = self.new_thread(t, &mut |_, _| Ok(()))?;
        let last = self.pools[t.instance.index()].threads - 1;
        let threads = &mut self.program.instances[t.instance.index()].threads;
        threads[last].body = empty();
        Ok(thread)
    }

    /// Writes the value of a future, whose other end is dropped, so that the end can be dropped.
    pub fn written(&mut self, t: &mut Track, writer: ThingId) -> Made<()> {
        let Peer::Guest(peer) = self.thing(t, writer).peer else {
            return Err(Skip);
        };
        self.drop_end(t, peer.thing)?;
        self.copy(t, writer, Form::Async, 1).map(|_| ())
    }

    /// A call of the host's that stays open.
    pub fn pending_subtask(&mut self, t: &mut Track) -> Made<ThingId> {
        let ty = FunctionType {
            is_async: true,
            params: vec![Type::U32],
            result: None,
        };
        let token = number(self.token().into());
        let host = self.host("pending", ty)?;
        match self.call(t, Callee::Host(host), Form::Async, &[token])? {
            Called::Started { subtask, .. } => Ok(subtask),
            Called::Returned => Err(Skip),
        }
    }

    /// Calls it.
    fn inside(&mut self, t: &mut Track, inside: Inside) -> Made<()> {
        let cancel = cancellable(self.dice.chance(1, 2));
        match inside {
            Inside::Import => self.import_inside(t),
            Inside::Fresh(choice) => self.fresh_inside(t, choice),
            Inside::Set(set, 0) => self.drop_set(t, set),
            Inside::Set(set, 1) => self.wait_so(t, set, Corner::AfterWait),
            Inside::Set(set, _) => {
                let memory = self.narrow(t.instance)?;
                let address = self.memory(t.instance, memory, 8, 4)?;
                let handle = self.handle(t, set);
                let canon = Canon::WaitableSetPoll(cancel, memory);
                let args = vec![handle, number(address.into())];
                self.show(t, &canon, args, "event").map(|_| ())
            }
            Inside::Join(end, set) => self.join(t, end, Some(set)),
            Inside::Copy(end) => self.copy(t, end, Form::Async, 1).map(|_| ()),
            Inside::CancelCopy(end) => self.cancel_copy(t, end, Form::Sync).map(|_| ()),
            Inside::DropEnd(end) => self.drop_end(t, end),
            Inside::CancelSubtask(subtask) => {
                self.cancel_subtask(t, subtask, Form::Sync).map(|_| ())
            }
            Inside::DropSubtask(subtask) => self.drop_subtask(t, subtask),
            Inside::Message(context) => self.debug_message(t, context),
            Inside::DropError(context) => self.drop_error_context(t, context),
            Inside::Switch(thread) => self.switch_inside(t, thread),
            Inside::NewResource(resource) => self.new_resource(t, resource).map(|_| ()),
            Inside::DropResource(thing) => self.drop_resource(t, thing),
        }
    }

    /// One that takes no handle.
    fn fresh_inside(&mut self, t: &mut Track, choice: u32) -> Made<()> {
        let cancel = cancellable(self.dice.chance(1, 2));
        let canon = match choice {
            0 => return self.new_set(t).map(|_| ()),
            1 | 2 => return self.some_end(t).map(|_| ()),
            3 => return self.new_error_context(t).map(|_| ()),
            4 => return self.new_thread(t, &mut |_, _| Ok(())).map(|_| ()),
            5 => Canon::ThreadYield(cancel),
            6 => Canon::ThreadIndex,
            7 => Canon::ThreadSuspend(cancel),
            _ => {
                let options = self.options(t.instance);
                let result = None;
                let canon = match self.dice.chance(1, 2) {
                    true => Canon::TaskCancel,
                    false => Canon::TaskReturn { result, options },
                };
                return self.run(t, &canon, Vec::new());
            }
        };
        self.show(t, &canon, Vec::new(), "inside").map(|_| ())
    }

    fn switch_inside(&mut self, t: &mut Track, thread: ThingId) -> Made<()> {
        let cancel = cancellable(self.dice.chance(1, 2));
        let canon = match self.dice.below(5) {
            0 => Canon::ThreadSuspendThenResume(cancel),
            1 => Canon::ThreadYieldThenResume(cancel),
            2 => Canon::ThreadSuspendThenPromote(cancel),
            3 => Canon::ThreadYieldThenPromote(cancel),
            _ => Canon::ThreadResumeLater,
        };
        let handle = self.handle(t, thread);
        match canon {
            Canon::ThreadResumeLater => self.run(t, &canon, vec![handle]),
            _ => self.show(t, &canon, vec![handle], "switched").map(|_| ()),
        }
    }

    fn import_inside(&mut self, t: &mut Track) -> Made<()> {
        let ty = FunctionType {
            is_async: false,
            params: vec![Type::String],
            result: Some(Type::String),
        };
        let host = self.host("echo", ty)?;
        self.call(t, Callee::Host(host), Form::Sync, &[])
            .map(|_| ())
    }

    /// The steps of such a place.
    fn block_inside(&mut self, t: &Track, instance: InstanceId, inside: Inside) -> Block {
        let mut inner = self.track(instance, Role::Confined, t.depth + 1);
        // What cannot be had is left out.
        let _ = self.inside(&mut inner, inside);
        Block {
            steps: inner.steps,
            ..empty()
        }
    }

    /// Calls a built-in in `realloc`.
    pub fn in_realloc(&mut self, t: &mut Track) -> Made<()> {
        if self.pools[t.instance.index()].realloc {
            return Err(Skip);
        }
        // What is shown there would call, and trap, itself.
        let inside = self.prepare(t)?;
        let block = without_marks(self.block_inside(t, t.instance, inside));
        // Only the call of `realloc` that comes next does it.
        let now = self.slot(t.instance, "now")?;
        let set = |value| Step::Set {
            slot: now,
            op: Arithmetic::Or,
            a: number(value),
            b: number(0),
        };
        let mut then = vec![set(0)];
        then.extend(block.steps);
        let condition = Condition {
            a: Operand::Slot(now),
            comparison: Comparison::Equal,
            b: number(1),
        };
        let guarded = Step::If {
            condition,
            then,
            otherwise: Vec::new(),
        };
        let block = Block {
            steps: vec![guarded],
            ..empty()
        };
        self.program.instances[t.instance.index()].realloc = Some(block);
        self.pools[t.instance.index()].realloc = true;
        self.push(t, set(1));
        self.import_inside(t)
    }

    /// Calls a built-in in `post-return`.
    pub fn in_post_return(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        let want = Want {
            post_return: true,
            ..Want::nullary().lifted(FormKind::Sync)
        };
        let function = self.function(other, &want, &[t.instance])?;
        let mut inside = None;
        self.fill(other, function, t.depth + 1, &mut |g, t| {
            inside = Some(g.prepare(t)?);
            Ok(())
        });
        let block = self.block_inside(t, other, inside.ok_or(Skip)?);
        let functions = &mut self.program.instances[other.index()].functions;
        let LiftForm::Sync { post_return } = &mut functions[function.index()].lift.form else {
            return Err(Skip);
        };
        *post_return = Some(without_marks(block));
        let callee = Callee::Function {
            instance: other,
            function,
        };
        self.call(t, callee, Form::Sync, &[])?;
        Ok(())
    }
}

/// The steps without the calls of the host that show numbers, which would trap in their place.
fn without_marks(mut block: Block) -> Block {
    fn keep(steps: &mut Vec<Step>) {
        steps.retain(|step| !matches!(step, Step::Mark { .. }));
        for step in steps {
            match step {
                Step::If {
                    then, otherwise, ..
                } => {
                    keep(then);
                    keep(otherwise);
                }
                Step::Repeat { steps, .. } => keep(steps),
                _ => {}
            }
        }
    }
    keep(&mut block.steps);
    block
}
