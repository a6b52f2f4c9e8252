//! Scenarios of streams and futures: whoever has the other end.

use super::builder::{Builder, Track, number};
use super::channel::channel_type;
use super::functions::Want;
use super::hosted::Holder;
use super::model::{Channel, Kind, Made, Side, Skip, State, ThingId, Whose};
use crate::program::{Callee, Form, FunctionType, InstanceId, Type};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Both ends of a stream or future are here.
    pub fn both_ends(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let mut element = self.channel_element(t, channel)?;
        // What is not a number cannot be copied within an instance.
        if !self.fixed && !self.dice.chance(1, 6) {
            element = element.filter(is_number);
        }
        let (reader, writer) = self.new_channel(t, channel, element)?;
        let first = if self.dice.chance(1, 2) {
            reader
        } else {
            writer
        };
        self.play(t, first)?;
        for _ in 0..1 + self.dice.below(6) {
            let end = if self.dice.chance(1, 2) {
                reader
            } else {
                writer
            };
            if self.dice.chance(1, 6) {
                self.later(t, &mut |g, t| g.play(t, end))?;
            } else {
                self.play(t, end)?;
            }
        }
        Ok(())
    }

    /// The host has the other end.
    pub fn host_peer(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let element = self.channel_element(t, channel)?;
        let element = element.filter(|element| self.is_hosts(element));
        let (ours, theirs) = self.with_host(t, channel, element.clone())?;
        let (Holder::Guest(Whose { thing, .. }), Holder::Host(token)) = (ours, theirs) else {
            return Err(Skip);
        };
        let Kind::End(_, side, _) = self.thing(t, thing).kind else {
            return Err(Skip);
        };
        for _ in 0..2 + self.dice.below(6) {
            if self.dice.chance(2, 5) {
                self.host_move(t, token, channel, side, &element)?;
            } else {
                self.play(t, thing)?;
            }
        }
        Ok(())
    }

    /// Another instance gets the readable end.
    pub fn guest_peer(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let other = self.any_callee(t)?;
        let element = match self.fixed {
            true => self.channel_element(t, channel)?,
            false => self.shared_element(t, other),
        };
        let (reader, writer) = self.new_channel(t, channel, element.clone())?;
        if self.dice.chance(1, 4) {
            self.play(t, writer)?;
        }
        let want = Want {
            params: Some(vec![channel_type(channel, &element)]),
            result: Some(None),
            ..Want::default()
        };
        let wanted = Kind::End(channel, Side::Readable, element);
        let moved = self.give(t, other, &want, reader, &wanted)?;
        for _ in 0..1 + self.dice.below(5) {
            if self.dice.chance(1, 2) {
                self.play(t, writer)?;
            } else {
                self.at(t, other, &mut |g, t| {
                    g.play(t, moved)?;
                    match g.dice.chance(1, 3) {
                        true => g.play(t, moved),
                        false => Ok(()),
                    }
                })?;
            }
        }
        Ok(())
    }

    /// Gives a readable end to another instance by a call, and says which thing it is there.
    pub fn give(
        &mut self,
        t: &mut Track,
        other: InstanceId,
        want: &Want,
        reader: ThingId,
        kind: &Kind,
    ) -> Made<ThingId> {
        let form = if self.dice.chance(1, 2) {
            Form::Async
        } else {
            Form::Sync
        };
        let mut want = want.clone();
        if form == Form::Async {
            want = want.asynchronous();
        }
        let function = self.function(other, &want, &[t.instance])?;
        let mut moved = None;
        let writer = self.thing(t, reader).peer;
        self.fill(other, function, t.depth + 1, &mut |g, inner| {
            let thing = g.find(inner, |thing| {
                thing.kind == *kind && thing.maker == inner.number
            })?;
            g.thing(inner, thing).peer = writer;
            moved = Some(thing);
            match g.dice.chance(1, 2) {
                true => g.play(inner, thing),
                false => Ok(()),
            }
        });
        let moved = moved.ok_or(Skip)?;
        if let super::model::Peer::Guest(Whose { thing, .. }) = writer {
            self.thing(t, thing).peer = super::model::Peer::Guest(Whose {
                instance: other,
                thing: moved,
            });
        }
        let handle = self.handle(t, reader);
        self.thing(t, reader).state = State::Gone;
        let callee = Callee::Function {
            instance: other,
            function,
        };
        let called = self.call(t, callee, form, &[handle])?;
        if self.dice.chance(1, 2) {
            self.finish_call(t, called)?;
        }
        Ok(moved)
    }

    /// A readable end goes to an instance that this one does not see, through the host.
    pub fn roots_pass_handles(&mut self, t: &mut Track) -> Made<()> {
        let roots: Vec<InstanceId> = (0..self.program.instances.len() as u32)
            .map(InstanceId)
            .filter(|other| self.program.sees(t.instance, *other).is_none())
            .collect();
        let other = self.dice.pick(&roots).copied().ok_or(Skip)?;
        let channel = self.channel();
        let element = match self.fixed {
            true => self.channel_element(t, channel)?,
            false => self.element(&[t.instance, other], 0),
        };
        let (reader, writer) = self.new_channel(t, channel, element.clone())?;
        let token = number(self.token().into());
        let ty = channel_type(channel, &element);
        let (take, give) = match channel {
            Channel::Stream => ("stream-take", "stream-give"),
            Channel::Future => ("future-take", "future-give"),
        };
        let taken = FunctionType {
            is_async: false,
            params: vec![Type::U32, ty.clone()],
            result: None,
        };
        let handle = self.handle(t, reader);
        self.order(t, take, taken, vec![token, handle])?;
        self.thing(t, reader).state = State::Gone;
        let given = FunctionType {
            is_async: false,
            params: vec![Type::U32],
            result: Some(ty),
        };
        let function = self.function(other, &Want::nullary(), &[])?;
        self.fill_task(other, function, t.depth + 1, &mut |g, t| {
            let slot = g.order(t, give, given.clone(), vec![token])?.ok_or(Skip)?;
            let kind = Kind::End(channel, Side::Readable, element.clone());
            let moved = g.remember(t, slot, kind, State::Idle);
            g.play(t, moved)?;
            g.play(t, moved)
        });
        self.tasks.push((other, function));
        self.play(t, writer)?;
        self.play(t, writer)
    }

    /// A stream, or more rarely a future.
    pub fn channel(&mut self) -> Channel {
        match self.dice.below(3) {
            0 => Channel::Future,
            _ => Channel::Stream,
        }
    }
}

/// Whether values of a type can be copied within an instance.
fn is_number(ty: &Type) -> bool {
    use Type::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(ty, U8 | U16 | U32 | U64 | S8 | S16 | S32 | S64 | F32 | F64)
}
