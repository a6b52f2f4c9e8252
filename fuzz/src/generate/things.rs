//! Steps on resources, error contexts, waitable sets, subtasks and threads.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::Content;
use super::functions::{FormKind, Want};
use super::model::{Kind, Made, Peer, Role, Skip, State, Thing, ThingId, Whose};
use super::profile::Need;
use super::types::resource_name;
use crate::corners::Corner;
use crate::program::{
    Block, Canon, Comparison, End, Form, FunctionType, Handler, LiftForm, Operand, Options,
    ResourceId, SlotId, Type, Width,
};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Makes a resource, here or through the host.
    pub fn new_resource(&mut self, t: &mut Track, resource: ResourceId) -> Made<ThingId> {
        let rep = number(u64::from(self.token()) + 100);
        let slot = match self.owner(resource) {
            Some(owner) if owner == t.instance => {
                self.show(t, &Canon::ResourceNew(resource), vec![rep], "resource")?
            }
            Some(_) => return Err(Skip),
            None => {
                let ty = FunctionType {
                    is_async: false,
                    params: vec![Type::U32],
                    result: Some(Type::Own(resource_name(resource))),
                };
                self.order(t, "resource-new", ty, vec![rep])?.ok_or(Skip)?
            }
        };
        Ok(self.remember(t, slot, Kind::Own(resource), State::Idle))
    }

    /// Drops a handle of a resource.
    pub fn drop_resource(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let (Kind::Own(resource) | Kind::Borrow(resource)) = self.thing(t, thing).kind else {
            return Err(Skip);
        };
        let handle = self.handle(t, thing);
        self.run(t, &Canon::ResourceDrop(resource), vec![handle])?;
        self.thing(t, thing).state = State::Gone;
        Ok(())
    }

    /// Makes an error context.
    pub fn new_error_context(&mut self, t: &mut Track) -> Made<ThingId> {
        self.need(Need::ErrorContext)?;
        let options = self.narrow_options(t)?;
        let site = self.site(t, options)?;
        let (pointer, length) = self.text(t, site)?;
        let canon = Canon::ErrorContextNew(options);
        let slot = self.show(t, &canon, vec![pointer, length], "error")?;
        Ok(self.remember(t, slot, Kind::ErrorContext, State::Idle))
    }

    /// Asks for the message of an error context, which may be any, so that it is not shown.
    pub fn debug_message(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let options = self.narrow_options(t)?;
        let site = self.site(t, options)?;
        let address = self.memory(t.instance, site.memory, 8, 4)?;
        let handle = self.handle(t, thing);
        let pointer = self.pointer(address, 4);
        let canon = Canon::ErrorContextDebugMessage(options);
        self.run(t, &canon, vec![handle, pointer])
    }

    /// Drops an error context.
    pub fn drop_error_context(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let handle = self.handle(t, thing);
        self.run(t, &Canon::ErrorContextDrop, vec![handle])?;
        self.thing(t, thing).state = State::Gone;
        Ok(())
    }

    /// The usual options, but with a memory of 32-bit addresses.
    pub fn narrow_options(&mut self, t: &Track) -> Made<Options> {
        let memory = Some(self.narrow(t.instance)?);
        Ok(Options {
            memory,
            ..self.options(t.instance)
        })
    }

    /// Makes a waitable set.
    pub fn new_set(&mut self, t: &mut Track) -> Made<ThingId> {
        let slot = self.show(t, &Canon::WaitableSetNew, Vec::new(), "set")?;
        Ok(self.remember(t, slot, Kind::Set, State::Idle))
    }

    /// Lets a waitable join a set, or none.
    pub fn join(&mut self, t: &mut Track, thing: ThingId, set: Option<ThingId>) -> Made<()> {
        let waitable = self.handle(t, thing);
        let joined = match set {
            Some(set) => self.handle(t, set),
            None => Operand::Const(0),
        };
        self.run(t, &Canon::WaitableJoin, vec![waitable, joined])?;
        self.thing(t, thing).set = set;
        Ok(())
    }

    /// A set that is there, or a new one.
    pub fn any_set(&mut self, t: &mut Track) -> Made<ThingId> {
        let there = |thing: &Thing| thing.kind == Kind::Set && thing.state != State::Gone;
        match self.find(t, there) {
            Ok(set) if self.dice.chance(2, 3) => Ok(set),
            _ => self.new_set(t),
        }
    }

    /// Asks a set for an event, in one of the ways, and shows it.
    pub fn wait(&mut self, t: &mut Track, set: ThingId) -> Made<()> {
        let mut ways = vec![Corner::AfterWait, Corner::AfterPoll];
        if t.nested == 0 && self.events(t).is_some() {
            ways.push(Corner::AfterCallback);
        }
        let way = self.aim(&ways)?;
        self.wait_so(t, set, way)
    }

    /// Asks a set for an event in this way.
    pub fn wait_so(&mut self, t: &mut Track, set: ThingId, way: Corner) -> Made<()> {
        match way {
            Corner::AfterCallback => {
                let handle = self.handle(t, set);
                self.continue_after(t, End::Wait(handle))?;
            }
            Corner::AfterPoll => {
                if self.dice.chance(2, 3) {
                    self.yield_now(t)?;
                }
                self.ask_set(t, set, true)?;
            }
            _ => {
                t.may_block = true;
                self.ask_set(t, set, false)?;
            }
        }
        self.delivered(t, set, way == Corner::AfterPoll);
        Ok(())
    }

    fn ask_set(&mut self, t: &mut Track, set: ThingId, poll: bool) -> Made<[SlotId; 2]> {
        let memory = self.narrow(t.instance)?;
        let address = self.memory(t.instance, memory, 8, 4)?;
        let cancel = cancellable(self.dice.chance(1, 2));
        let canon = match poll {
            true => Canon::WaitableSetPoll(cancel, memory),
            false => Canon::WaitableSetWait(cancel, memory),
        };
        let handle = self.handle(t, set);
        let pointer = self.pointer(address, 4);
        self.show(t, &canon, vec![handle, pointer], "event")?;
        let mut words = [SlotId(0); 2];
        for (i, word) in words.iter_mut().enumerate() {
            let address = number(u64::from(address) + 4 * i as u64);
            *word = self.load(t, memory, Width::W32, address, "payload")?;
            self.mark(t, Operand::Slot(*word));
        }
        Ok(words)
    }

    /// Waits until a subtask that is alone in a set has resolved.
    pub fn await_subtask(&mut self, t: &mut Track, set: ThingId) -> Made<()> {
        t.may_block = true;
        let [_, state] = self.ask_set(t, set, false)?;
        let (state, returned) = (Operand::Slot(state), number(2));
        self.when(t, state, Comparison::Less, returned, &mut |g, t| {
            g.ask_set(t, set, false).map(|_| ())
        });
        Ok(())
    }

    /// Believes that one event of a set's elements has been delivered, if it is known which; a poll
    /// delivers only what is there.
    fn delivered(&mut self, t: &Track, set: ThingId, polled: bool) {
        let things = &mut self.pools[t.instance.index()].things;
        let elements = things.iter_mut();
        let mut elements: Vec<&mut Thing> = elements
            .filter(|thing| thing.set == Some(set) && thing.state != State::Gone)
            .collect();
        let any = elements.iter().any(|thing| thing.event);
        let busy = [State::Busy, State::Cancelling];
        elements.retain(|thing| thing.event || (!any && !polled && busy.contains(&thing.state)));
        if let [element] = &mut elements[..] {
            element.settle();
        }
    }

    /// Whether the task returns by `task.return`.
    pub fn is_async_lift(&self, t: &Track) -> bool {
        let Role::Function(function) = t.role else {
            return false;
        };
        let functions = &self.program.instances[t.instance.index()].functions;
        !matches!(functions[function.index()].lift.form, LiftForm::Sync { .. })
    }

    /// The slots of a callback's event, where there is a callback.
    pub fn events(&self, t: &Track) -> Option<[SlotId; 3]> {
        let Role::Function(function) = t.role else {
            return None;
        };
        let functions = &self.program.instances[t.instance.index()].functions;
        match functions[function.index()].lift.form {
            LiftForm::Callback { event } => Some(event),
            _ => None,
        }
    }

    /// Ends the block, and goes on in the callback with showing the event.
    pub fn continue_after(&mut self, t: &mut Track, end: End) -> Made<()> {
        let events = self.events(t).filter(|_| t.nested == 0).ok_or(Skip)?;
        t.may_block = true;
        self.end_block(t, end);
        for slot in events {
            self.mark(t, Operand::Slot(slot));
        }
        Ok(())
    }

    /// Lets others run.
    pub fn yield_now(&mut self, t: &mut Track) -> Made<()> {
        if t.nested == 0 && self.events(t).is_some() && self.dice.chance(1, 2) {
            return self.continue_after(t, End::Yield);
        }
        t.may_block = true;
        let cancel = cancellable(self.dice.chance(1, 2));
        self.show(t, &Canon::ThreadYield(cancel), Vec::new(), "yielded")?;
        Ok(())
    }

    /// Cancels a subtask.
    pub fn cancel_subtask(&mut self, t: &mut Track, thing: ThingId, form: Form) -> Made<SlotId> {
        let handle = self.handle(t, thing);
        t.may_block |= form == Form::Sync;
        let slot = self.show(t, &Canon::SubtaskCancel(form), vec![handle], "cancelled")?;
        self.corners.count(Corner::AfterCancel);
        self.thing(t, thing).state = State::Cancelling;
        Ok(slot)
    }

    /// Drops a subtask.
    pub fn drop_subtask(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let handle = self.handle(t, thing);
        self.run(t, &Canon::SubtaskDrop, vec![handle])?;
        self.thing(t, thing).state = State::Gone;
        Ok(())
    }

    /// Makes a thread that does this, and gives the slot of its index.
    pub fn new_thread(&mut self, t: &mut Track, content: Content<'_, 'u, 'b, 'p>) -> Made<ThingId> {
        self.need(Need::Threads)?;
        if t.depth > 4 {
            return Err(Skip);
        }
        let position = self.take_thread(t)?;
        let threads = &self.program.instances[t.instance.index()].threads;
        let parameter = threads[position].parameter;
        let mut inner = self.track(t.instance, Role::Thread, t.depth + 1);
        self.mark(&mut inner, Operand::Slot(parameter));
        // What cannot be had is left out of a body; it is a body without it.
        let _ = content(self, &mut inner);
        self.program.instances[t.instance.index()].threads[position].body = Block {
            steps: inner.steps,
            end: End::Nothing,
        };
        let mut element = number(position as u64);
        if self.slip(&[Corner::DeadHandle]).is_some() {
            let past = self.program.instances[t.instance.index()].threads.len() as u64;
            element = number(past + u64::from(self.dice.below(3)));
        }
        let argument = number(self.token().into());
        let args = vec![element, argument];
        let slot = self.show(t, &Canon::ThreadNewIndirect, args, "thread")?;
        Ok(self.remember(t, slot, Kind::Thread, State::Idle))
    }

    fn take_thread(&mut self, t: &Track) -> Made<usize> {
        let position = self.pools[t.instance.index()].threads;
        let there = self.program.instances[t.instance.index()].threads.len();
        if position >= there {
            if self.fixed {
                return Err(Skip);
            }
            let parameter = self.slot(t.instance, "argument")?;
            let threads = &mut self.program.instances[t.instance.index()].threads;
            threads.push(Handler {
                parameter,
                body: super::calls::empty(),
            });
        }
        self.pools[t.instance.index()].threads += 1;
        Ok(position)
    }

    /// Arranges for this to be done when the task blocks, or later.
    pub fn later(&mut self, t: &mut Track, content: Content<'_, 'u, 'b, 'p>) -> Made<()> {
        let thread = self.need(Need::Threads).is_ok() && self.dice.chance(1, 2);
        if thread {
            let thread = self.new_thread(t, content)?;
            let handle = self.handle(t, thread);
            self.thing(t, thread).state = State::Busy;
            return self.run(t, &Canon::ThreadResumeLater, vec![handle]);
        }
        self.need(Need::ConcurrentCalls)?;
        let want = Want::nullary().asynchronous();
        let form = match self.dice.below(3) {
            0 => FormKind::Sync,
            1 if self.need(Need::Stackful).is_ok() => FormKind::Stackful,
            _ => FormKind::Callback,
        };
        // A task that is to run while this one blocks must not wait for it to be over.
        let alone = self.alone(t);
        let form = match form {
            FormKind::Stackful => form,
            _ if !alone => form,
            _ => {
                self.need(Need::Stackful)?;
                FormKind::Stackful
            }
        };
        let function = self.function(t.instance, &want.lifted(form), &[])?;
        self.fill_task(t.instance, function, t.depth + 1, content);
        self.tasks.push((t.instance, function));
        Ok(())
    }

    /// Whether the task keeps others out while it blocks in a built-in.
    fn alone(&self, t: &Track) -> bool {
        let Role::Function(function) = t.role else {
            return false;
        };
        let functions = &self.program.instances[t.instance.index()].functions;
        let found = &functions[function.index()];
        found.ty.is_async && found.lift.form != LiftForm::Stackful
    }

    /// Remembers that two ends belong together.
    pub fn pair(&mut self, t: &Track, reader: ThingId, writer: ThingId) {
        let whose = |thing| {
            Peer::Guest(Whose {
                instance: t.instance,
                thing,
            })
        };
        self.thing(t, reader).peer = whose(writer);
        self.thing(t, writer).peer = whose(reader);
    }

    /// Uses a context slot. Slot 0 of a task with a callback says which block is next.
    pub fn context(&mut self, t: &mut Track, ty: crate::program::ContextType) -> Made<()> {
        let slot = match self.events(t) {
            Some(_) => 1,
            None => self.dice.below(2),
        };
        if self.dice.chance(1, 2) {
            let value = number(u64::from(self.token()));
            self.run(t, &Canon::ContextSet(ty, slot), vec![value])?;
        }
        self.show(t, &Canon::ContextGet(ty, slot), Vec::new(), "context")?;
        Ok(())
    }

    /// Does something if a built-in said that it blocked.
    pub fn if_blocked(&mut self, t: &mut Track, code: SlotId, content: Content<'_, 'u, 'b, 'p>) {
        let blocked = number(0xffff_ffff);
        self.when(t, Operand::Slot(code), Comparison::Equal, blocked, content);
    }
}

impl Thing {
    /// Its event has been delivered.
    pub fn settle(&mut self) {
        let done = match &self.kind {
            Kind::End(super::model::Channel::Future, ..) => self.event,
            _ => false,
        };
        self.event = false;
        self.room = 0;
        self.state = match (self.state, &self.kind) {
            (State::Gone, _) => State::Gone,
            (_, Kind::Subtask) => State::Done,
            _ if done => State::Done,
            _ => State::Idle,
        };
    }
}
