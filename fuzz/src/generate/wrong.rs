//! One thing used wrongly: each rule that tells kinds, types and states of handles apart, and what may
//! be an address or a value, for each built-in that has it.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::{Called, MAX_DEPTH};
use super::channel::channel_type;
use super::functions::{FormKind, Want};
use super::model::{Channel, Kind, Made, Side, Skip, ThingId};
use super::profile::Need;
use super::types::{MAX_FLAT_PARAMS, flat_count, flat_counts, resource_name};
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Callee, Canon, End, Form, FunctionType, InstanceId, Operand, ResourceId, Type, walk,
};

impl Builder<'_, '_, '_> {
    /// Uses something wrongly.
    pub fn wrong_use(&mut self, t: &mut Track) -> Made<()> {
        if self.profile.mistakes == 0 {
            return Err(Skip);
        }
        // Not every instance has what each of them needs.
        for _ in 0..4 {
            let before = t.steps.len();
            let made = self.some_wrong_use(t);
            if made.is_ok() || t.steps.len() != before {
                return made;
            }
        }
        Err(Skip)
    }

    fn some_wrong_use(&mut self, t: &mut Track) -> Made<()> {
        match self.dice.below(31) {
            0..6 => self.wrong_end(t),
            6..9 => self.wrong_resource(t),
            9..11 => self.borrowed_as_owned(t),
            11 => self.wrong_message(t),
            12..15 => self.wrong_end_of_task(t),
            15..18 => self.borrowed_and_cancelled(t),
            18..20 => self.wrong_thread(t),
            20..28 => self.wrong_argument(t),
            _ => self.wrong_kind(t),
        }
    }

    /// Makes a mistake at the next opportunity for it.
    fn mistake_now(&mut self, mistakes: &[Corner]) {
        let mistake = self.dice.pick(mistakes).copied();
        self.mistake = mistake.map(|mistake| (mistake, 0));
    }

    /// Takes a waitable set for something else, or something else for one.
    fn wrong_kind(&mut self, t: &mut Track) -> Made<()> {
        self.corners.count(Corner::WrongKind);
        let set = self.new_set(t)?;
        let choice = self.dice.below(8);
        if choice < 4 {
            return match choice {
                0 => self.drop_subtask(t, set),
                1 => self.cancel_subtask(t, set, Form::Sync).map(|_| ()),
                2 => self.drop_error_context(t, set),
                _ => self.join(t, set, Some(set)),
            };
        }
        let waitable = match self.some_end(t) {
            Ok(end) => end,
            Err(Skip) => self.pending_subtask(t)?,
        };
        match choice {
            4 => self.drop_set(t, waitable),
            5 => self.wait_so(t, waitable, Corner::AfterWait),
            6 => self.wait_so(t, waitable, Corner::AfterPoll),
            _ => self.join(t, waitable, Some(waitable)),
        }
    }

    fn wrong_end(&mut self, t: &mut Track) -> Made<()> {
        let channel = match self.dice.chance(1, 2) {
            true => Channel::Stream,
            false => Channel::Future,
        };
        let element = self.channel_element(t, channel)?;
        let (reader, writer) = self.new_channel(t, channel, element.clone())?;
        let side = match self.dice.chance(1, 2) {
            true => Side::Readable,
            false => Side::Writable,
        };
        let end = match side {
            Side::Readable => reader,
            Side::Writable => writer,
        };
        let drop = self.dice.chance(1, 3);
        let cancel = !drop && self.dice.chance(1, 2);
        let mut form = match self.dice.chance(1, 2) {
            true => Form::Sync,
            false => Form::Async,
        };
        if cancel {
            self.copy(t, end, Form::Async, 1)?;
        } else if drop && (channel, side) == (Channel::Future, Side::Writable) {
            self.written(t, end)?;
        }
        match self.dice.below(5) {
            0 => {
                let other = self.other_element(t, channel, &element)?;
                self.corners.count(Corner::WrongType);
                self.thing(t, end).kind = Kind::End(channel, side, other);
            }
            1 => {
                self.corners.count(Corner::WrongKind);
                let other = match side {
                    Side::Readable => Side::Writable,
                    Side::Writable => Side::Readable,
                };
                self.thing(t, end).kind = Kind::End(channel, other, element);
            }
            2 | 3 if !drop && !cancel => {
                self.mistake_now(&[Corner::Limits, Corner::OutOfBounds, Corner::Misaligned]);
            }
            _ => {
                self.corners.count(Corner::WrongState);
                let set = self.new_set(t)?;
                self.join(t, end, Some(set))?;
                form = Form::Sync;
            }
        }
        match (drop, cancel) {
            (true, _) => self.drop_end(t, end),
            (_, true) => self.cancel_copy(t, end, form).map(|_| ()),
            _ => self.copy(t, end, form, 1).map(|_| ()),
        }
    }

    /// Returns twice, or in a task that returns by itself, or gives a callback's code that means nothing.
    fn wrong_end_of_task(&mut self, t: &mut Track) -> Made<()> {
        if t.nested > 0 {
            return Err(Skip);
        }
        if self.events(t).is_some() && self.dice.chance(1, 2) {
            self.corners.count(Corner::BadValue);
            let end = self.wrong_code(t)?;
            return self.continue_after(t, end);
        }
        self.corners.count(Corner::WrongReturn);
        self.task_return(t)?;
        if self.is_async_lift(t) {
            self.task_return(t)?;
        }
        // That it got here shows what went wrong.
        self.mark(t, number(1));
        Ok(())
    }

    /// How a callback ends with a code that means nothing, or waits for what is no waitable set.
    pub fn wrong_code(&mut self, t: &mut Track) -> Made<End> {
        let choice = self.dice.below(3);
        if choice == 0 {
            let codes = [3, 4, 15, 2 | (99 << 4), 0xffff_ffff];
            let code = self.dice.pick(&codes).copied().unwrap_or(3);
            return Ok(End::Code(number(code)));
        }
        let set = self.any_set(t)?;
        if choice == 1 {
            return Ok(End::Wait(self.wrong_handle(t, set, Corner::WrongKind)));
        }
        // With a set that is there only the code is wrong.
        let set = self.handle(t, set);
        let set = self.set(t, Arithmetic::Shl, set, number(4), "set")?;
        let code = number(u64::from(3 + self.dice.below(13)));
        let code = self.set(t, Arithmetic::Or, Operand::Slot(set), code, "code")?;
        Ok(End::Code(Operand::Slot(code)))
    }

    /// A resource type, and an instance that does not define it and can be lent one.
    fn borrower(&mut self, t: &Track, form: Option<FormKind>) -> Made<(ResourceId, InstanceId)> {
        let mut pairs = Vec::new();
        for resource in (0..self.program.resources.len() as u32).map(ResourceId) {
            let want = Want {
                form,
                ..wants(Type::Borrow(resource_name(resource)))
            };
            if self.knows(t.instance, resource) {
                let mut others = self.callees(t.instance);
                others.retain(|other| {
                    let knows = self.knows(*other, resource);
                    knows
                        && self.owner(resource) != Some(*other)
                        && self.has_function(*other, &want)
                });
                pairs.extend(others.into_iter().map(|other| (resource, other)));
            }
        }
        self.dice.pick(&pairs).copied().ok_or(Skip)
    }

    /// Lends a resource to a call that returns or is cancelled and does not give it back, or gives away
    /// what is lent.
    fn borrowed_and_cancelled(&mut self, t: &mut Track) -> Made<()> {
        let form = match self.dice.below(4) {
            0 => FormKind::Sync,
            1 if self.need(Need::Stackful).is_ok() => FormKind::Stackful,
            _ => FormKind::Callback,
        };
        let (resource, other) = self.borrower(t, Some(form))?;
        let name = resource_name(resource);
        let thing = self.make_resource(t, resource)?;
        let want = wants(Type::Borrow(name.clone())).asynchronous();
        let function = self.function(other, &want.lifted(form), &[t.instance])?;
        self.fill(other, function, t.depth + 1, &mut |g, t| {
            t.borrows.clear();
            g.patient(t)
        });
        let callee = Callee::Function {
            instance: other,
            function,
        };
        let handle = self.handle(t, thing);
        let called = self.call(t, callee, Form::Async, &[handle])?;
        let Called::Started { subtask, .. } = called else {
            return Err(Skip);
        };
        if self.dice.chance(2, 3) {
            self.cancel_subtask(t, subtask, Form::Sync)?;
            return Ok(());
        }
        let want = Want {
            is_async: Some(false),
            ..wants(Type::Own(name))
        };
        self.corners.count(Corner::WrongState);
        self.visit(t, other, &want, Form::Sync, &mut |_, _| Ok(()))?;
        Ok(())
    }

    /// Begins a thread with what is no function for one, or resumes one that is not suspended.
    fn wrong_thread(&mut self, t: &mut Track) -> Made<()> {
        if self.dice.chance(1, 2) {
            self.mistake_now(&[Corner::DeadHandle]);
            return self.new_thread(t, &mut |_, _| Ok(())).map(|_| ());
        }
        let thread = self.new_thread(t, &mut |g, t| g.yield_now(t))?;
        let handle = self.handle(t, thread);
        self.run(t, &Canon::ThreadResumeLater, vec![handle])?;
        if self.dice.chance(1, 3) {
            self.yield_now(t)?;
        }
        self.corners.count(Corner::WrongState);
        let cancel = cancellable(self.dice.chance(1, 2));
        let canon = match self.dice.below(3) {
            0 => return self.run(t, &Canon::ThreadResumeLater, vec![handle]),
            1 => Canon::ThreadSuspendThenResume(cancel),
            _ => Canon::ThreadYieldThenResume(cancel),
        };
        self.show(t, &canon, vec![handle], "switched").map(|_| ())
    }

    fn two_resources(&mut self, t: &Track) -> Made<(ThingId, ResourceId)> {
        let known = (0..self.program.resources.len() as u32).map(ResourceId);
        let known: Vec<_> = known.filter(|r| self.knows(t.instance, *r)).collect();
        let other = self.dice.pick(&known).copied().ok_or(Skip)?;
        let thing = self.find(t, |thing| {
            matches!(thing.kind, Kind::Own(resource) if resource != other)
                && thing.state == super::model::State::Idle
        })?;
        Ok((thing, other))
    }

    /// Uses a resource, or what is none, as a resource of another type.
    fn wrong_resource(&mut self, t: &mut Track) -> Made<()> {
        let first = self.any_resource(&[t.instance])?;
        match self.owner(first) {
            // Some of what can be done with it only its owner can do.
            Some(owner) if owner != t.instance && self.dice.chance(1, 2) => {
                self.at(t, owner, &mut |g, t| g.wrong_resource_here(t, first))
            }
            _ => self.wrong_resource_here(t, first),
        }
    }

    fn wrong_resource_here(&mut self, t: &mut Track, first: ResourceId) -> Made<()> {
        let (thing, other) = match self.dice.chance(1, 3) {
            true => {
                self.corners.count(Corner::WrongKind);
                (self.new_set(t)?, first)
            }
            false => {
                self.make_resource(t, first)?;
                self.corners.count(Corner::WrongType);
                self.two_resources(t)?
            }
        };
        self.thing(t, thing).kind = Kind::Own(other);
        match self.dice.below(4) {
            0 => self.drop_resource(t, thing),
            1 => self.representation(t, thing, other),
            2 => self.lend(t, thing, other),
            _ => {
                let callee = self.receiver(t, other)?;
                let want = Want {
                    params: Some(vec![Type::Own(resource_name(other))]),
                    result: Some(None),
                    ..Want::default()
                };
                self.visit(t, callee, &want, Form::Sync, &mut |_, _| Ok(()))?;
                Ok(())
            }
        }
    }

    /// An instance that can be given a resource.
    fn receiver(&mut self, t: &Track, resource: ResourceId) -> Made<InstanceId> {
        let mut callees = self.callees(t.instance);
        callees.retain(|callee| self.knows(*callee, resource));
        self.dice.pick(&callees).copied().ok_or(Skip)
    }

    /// Lends a resource to a function that gives it away as its own.
    fn borrowed_as_owned(&mut self, t: &mut Track) -> Made<()> {
        let (resource, other) = self.borrower(t, None)?;
        let name = resource_name(resource);
        self.make_resource(t, resource)?;
        self.corners.count(Corner::WrongKind);
        let lent = wants(Type::Borrow(name.clone()));
        self.visit(t, other, &lent, Form::Sync, &mut |g, t| {
            let borrow = t.borrows.pop().ok_or(Skip)?;
            g.thing(t, borrow).kind = Kind::Own(resource);
            match g.owner(resource) {
                None => g.pass_to_host(t, borrow, resource)?,
                Some(_) => {
                    let next = g.receiver(t, resource)?;
                    let given = wants(Type::Own(name.clone()));
                    g.visit(t, next, &given, Form::Sync, &mut |_, _| Ok(()))?;
                }
            }
            // That it got here shows what went wrong, since it cannot return any more.
            g.mark(t, number(1));
            Ok(())
        })?;
        Ok(())
    }

    fn wrong_message(&mut self, t: &mut Track) -> Made<()> {
        let context = self.new_error_context(t)?;
        self.mistake_now(&[Corner::Misaligned, Corner::OutOfBounds, Corner::WrongKind]);
        match self.dice.chance(1, 4) {
            true => self.drop_error_context(t, context),
            false => self.debug_message(t, context),
        }
    }

    /// Calls a function with an argument or for a result that is wrong.
    fn wrong_argument(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        if t.depth >= MAX_DEPTH {
            return Err(Skip);
        }
        let ty = match self.fixed {
            true => self.type_to_mistake(other)?,
            false => self.new_type_to_mistake()?,
        };
        let mistakes = mistakes_with(&ty);
        let form = match ty.is_async && self.dice.chance(1, 3) {
            true => Form::Async,
            false => Form::Sync,
        };
        let want = Want {
            params: Some(ty.params),
            result: Some(ty.result),
            is_async: Some(ty.is_async),
            ..Want::default()
        };
        let function = self.function(other, &want, &[t.instance])?;
        let before = self.mistake.take();
        // Either the callee makes it, with its result, or the caller.
        let by_callee = self.dice.chance(1, 3);
        if by_callee {
            self.mistake_now(&mistakes);
        }
        self.fill(other, function, t.depth + 1, &mut |_, _| Ok(()));
        if !by_callee {
            self.mistake_now(&mistakes);
        }
        let callee = Callee::Function {
            instance: other,
            function,
        };
        let made = self.call(t, callee, form, &[]);
        self.mistake = before;
        made.map(|_| ())
    }

    /// The type of a function of an instance with which something can be done wrongly.
    fn type_to_mistake(&mut self, instance: InstanceId) -> Made<FunctionType> {
        let free = self.bodiless(instance).into_iter();
        let types = free.map(|id| &self.function_of(instance, id).ty);
        let types = types.filter(|ty| !mistakes_with(ty).is_empty());
        let types: Vec<FunctionType> = types.map(|ty| (**ty).clone()).collect();
        self.dice.pick(&types).cloned().ok_or(Skip)
    }

    /// The type of a new function with which something can be done wrongly.
    fn new_type_to_mistake(&mut self) -> Made<FunctionType> {
        let mut result = None;
        let params = match self.dice.below(9) {
            0 => vec![Type::Char],
            1 => vec![Type::U32; 17],
            2 => vec![Type::String],
            3 => vec![Type::List(Box::new(Type::U32))],
            4 => vec![Type::Option(Box::new(Type::U8))],
            5 => {
                self.need(Need::ErrorContext)?;
                vec![Type::ErrorContext]
            }
            6 => vec![channel_type(Channel::Stream, &Some(Type::U8))],
            7 => vec![channel_type(Channel::Future, &Some(Type::U8))],
            _ => {
                result = Some(Type::Tuple(vec![Type::U32; 3]));
                Vec::new()
            }
        };
        Ok(FunctionType {
            is_async: self.dice.chance(1, 2),
            params,
            result,
        })
    }
}

/// A function with this parameter and no result.
fn wants(param: Type) -> Want {
    Want {
        params: Some(vec![param]),
        result: Some(None),
        ..Want::default()
    }
}

/// What can be done wrongly with what a function takes and gives.
fn mistakes_with(ty: &FunctionType) -> Vec<Corner> {
    use Corner::{BadValue, DeadHandle, Limits, Misaligned, OutOfBounds};
    use Corner::{WrongKind, WrongState, WrongType};
    let mut mistakes = Vec::new();
    let results = ty.result.as_ref().map_or(0, flat_count);
    if flat_counts(&ty.params) > MAX_FLAT_PARAMS || results > 1 {
        mistakes.extend([Misaligned, OutOfBounds]);
    }
    for param in &ty.params {
        walk(param, &mut |part| {
            let wrong: &[Corner] = match part {
                Type::Char | Type::Enum(_) => &[BadValue],
                Type::Variant(_) | Type::Option(_) | Type::Result(..) => &[BadValue],
                Type::String => &[BadValue, OutOfBounds, Misaligned, Limits],
                Type::List(_) | Type::Map(..) => &[OutOfBounds, Misaligned, Limits],
                Type::Stream(_) | Type::Future(_) => &[WrongKind, WrongType, WrongState],
                Type::Own(_) | Type::Borrow(_) => &[WrongKind, WrongType, DeadHandle],
                Type::ErrorContext => &[WrongKind, DeadHandle],
                _ => &[],
            };
            mistakes.extend(wrong);
        });
    }
    mistakes
}
