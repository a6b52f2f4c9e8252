//! One thing used wrongly: each rule that tells kinds, types and states of handles apart, and what may
//! be an address or a value, for each built-in that has it.

use super::builder::{Builder, Track, number};
use super::calls::{Called, Want};
use super::channel::channel_type;
use super::model::{Channel, Kind, Made, Side, Skip, ThingId};
use super::types::resource_name;
use crate::corners::Corner;
use crate::program::{Callee, End, Form, InstanceId, ResourceId, Type};

impl Builder<'_, '_, '_> {
    /// Uses something wrongly.
    pub fn wrong_use(&mut self, t: &mut Track) -> Made<()> {
        if self.profile.mistakes == 0 {
            return Err(Skip);
        }
        match self.dice.below(16) {
            10 | 11 => self.wrong_end_of_task(t),
            12 | 13 => self.borrowed_and_cancelled(t),
            0..=3 => self.wrong_end(t),
            4 | 5 => self.wrong_resource(t),
            6 => self.borrowed_as_owned(t),
            7 => self.wrong_message(t),
            _ => self.wrong_argument(t),
        }
    }

    /// Makes a mistake at the next opportunity for it.
    fn mistake_now(&mut self, mistakes: &[Corner]) {
        let mistake = self.dice.pick(mistakes).copied();
        self.mistake = mistake.map(|mistake| (mistake, 0));
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
        match self.dice.below(3) {
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

    /// Returns twice, or gives a callback's code that means nothing.
    fn wrong_end_of_task(&mut self, t: &mut Track) -> Made<()> {
        if t.nested > 0 || !self.is_async_lift(t) {
            return Err(Skip);
        }
        if self.events(t).is_some() && self.dice.chance(1, 2) {
            self.corners.count(Corner::BadValue);
            let codes = [3, 4, 15, 2 | (99 << 4), 0xffff_ffff];
            let code = self.dice.pick(&codes).copied().unwrap_or(3);
            return self.continue_after(t, End::Code(number(code)));
        }
        self.task_return(t)?;
        self.task_return(t)
    }

    /// Lends a resource to a call that is cancelled and does not give it back, or gives away what is
    /// lent.
    fn borrowed_and_cancelled(&mut self, t: &mut Track) -> Made<()> {
        let resource = self.any_resource(&[t.instance])?;
        let other = self.receiver(t, resource)?;
        let name = resource_name(resource);
        let want = Want {
            params: Some(vec![Type::Borrow(name.clone())]),
            result: Some(None),
            ..Want::default()
        };
        let thing = self.make_resource(t, resource)?;
        let function = self.function(other, &want.asynchronous(), &[t.instance])?;
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
        if self.dice.chance(1, 2) {
            self.cancel_subtask(t, subtask, Form::Sync)?;
            return Ok(());
        }
        let want = Want {
            params: Some(vec![Type::Own(name)]),
            result: Some(None),
            is_async: Some(false),
            ..Want::default()
        };
        self.corners.count(Corner::WrongState);
        self.visit(t, other, &want, Form::Sync, &mut |_, _| Ok(()))?;
        Ok(())
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

    /// Uses a resource as one of another type.
    fn wrong_resource(&mut self, t: &mut Track) -> Made<()> {
        let first = self.any_resource(&[t.instance])?;
        self.make_resource(t, first)?;
        let (thing, other) = self.two_resources(t)?;
        self.corners.count(Corner::WrongType);
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
        let resource = self.any_resource(&[t.instance])?;
        let other = self.receiver(t, resource)?;
        if self.owner(resource) == Some(other) {
            return Err(Skip);
        }
        let name = resource_name(resource);
        let want = |ty| Want {
            params: Some(vec![ty]),
            result: Some(None),
            ..Want::default()
        };
        self.make_resource(t, resource)?;
        self.corners.count(Corner::WrongKind);
        let lent = want(Type::Borrow(name.clone()));
        self.visit(t, other, &lent, Form::Sync, &mut |g, t| {
            let borrow = t.borrows.pop().ok_or(Skip)?;
            g.thing(t, borrow).kind = Kind::Own(resource);
            match g.owner(resource) {
                None => g.pass_to_host(t, borrow, resource)?,
                Some(_) => {
                    let next = g.receiver(t, resource)?;
                    let given = want(Type::Own(name.clone()));
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
        use Corner::{BadValue, DeadHandle, Limits, Misaligned, OutOfBounds};
        use Corner::{WrongKind, WrongState, WrongType};
        let other = self.any_callee(t)?;
        if self.fixed && self.dice.chance(1, 2) {
            let before = self.mistake.take();
            self.mistake_now(Corner::MISTAKES);
            let made = self.visit(t, other, &Want::default(), Form::Sync, &mut |_, _| Ok(()));
            self.mistake = before;
            return made.map(|_| ());
        }
        let mut result = None;
        let wide = Type::Tuple(vec![Type::U32; 3]);
        let (params, mistakes): (Vec<Type>, &[Corner]) = match self.dice.below(8) {
            0 => (vec![Type::Char], &[BadValue]),
            1 => (vec![Type::U32; 17], &[Misaligned, OutOfBounds]),
            2 => (
                vec![Type::String],
                &[BadValue, OutOfBounds, Misaligned, Limits],
            ),
            3 => {
                let list = Type::List(Box::new(Type::U32));
                (vec![list], &[OutOfBounds, Misaligned, Limits])
            }
            4 => (vec![Type::ErrorContext], &[WrongKind, DeadHandle]),
            5 | 6 => {
                let channel = match self.dice.chance(1, 2) {
                    true => Channel::Stream,
                    false => Channel::Future,
                };
                let ty = channel_type(channel, &Some(Type::U8));
                (vec![ty], &[WrongKind, WrongType, WrongState])
            }
            _ => {
                result = Some(wide);
                (Vec::new(), &[Misaligned, OutOfBounds])
            }
        };
        if params.contains(&Type::ErrorContext) {
            self.need(super::profile::Need::ErrorContext)?;
        }
        let want = Want {
            params: Some(params),
            result: match self.fixed && result.is_none() {
                true => None,
                false => Some(result),
            },
            ..Want::default()
        };
        let form = match self.dice.chance(1, 3) {
            true => Form::Async,
            false => Form::Sync,
        };
        let before = self.mistake.take();
        self.mistake_now(mistakes);
        let made = self.visit(t, other, &want, form, &mut |_, _| Ok(()));
        self.mistake = before;
        made.map(|_| ())
    }
}
