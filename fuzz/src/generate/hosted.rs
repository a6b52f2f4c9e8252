//! Streams and futures whose other end the host has, and what it does with that.

use super::builder::{Builder, Track, number};
use super::channel::channel_type;
use super::model::{Channel, Kind, Made, Peer, Side, Skip, State, Whose};
use super::profile::Need;
use super::types::layout;
use crate::corners::Corner;
use crate::program::{FunctionType, Operand, Type};

/// One side of a stream or future: a guest's end or the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A guest's.
    Guest(Whose),
    /// The host's, under a token.
    Host(u32),
}

impl Builder<'_, '_, '_> {
    /// Makes a stream or future whose other end the host has.
    pub fn with_host(
        &mut self,
        t: &mut Track,
        channel: Channel,
        element: Option<Type>,
    ) -> Made<(Holder, Holder)> {
        let token = self.token();
        let ty = channel_type(channel, &element);
        let (new, take) = match channel {
            Channel::Stream => ("stream-new", "stream-take"),
            Channel::Future => ("future-new", "future-take"),
        };
        let instance = t.instance;
        let whose = |thing| Holder::Guest(Whose { instance, thing });
        let ours = if self.dice.chance(1, 2) {
            let ty = FunctionType {
                is_async: false,
                params: vec![Type::U32],
                result: Some(ty),
            };
            let args = vec![number(token.into())];
            let slot = self.order(t, new, ty, args)?.ok_or(Skip)?;
            let kind = Kind::End(channel, Side::Readable, element);
            self.remember(t, slot, kind, State::Idle)
        } else {
            let (reader, writer) = self.new_channel(t, channel, element)?;
            let ty = FunctionType {
                is_async: false,
                params: vec![Type::U32, ty],
                result: None,
            };
            let handle = self.handle(t, reader);
            self.order(t, take, ty, vec![number(token.into()), handle])?;
            self.thing(t, reader).state = State::Gone;
            writer
        };
        self.thing(t, ours).peer = Peer::Host(token);
        Ok((whose(ours), Holder::Host(token)))
    }

    /// Lets the host do something with its end, which is the other one than `side`.
    pub fn host_move(
        &mut self,
        t: &mut Track,
        token: u32,
        channel: Channel,
        side: Side,
        element: &Option<Type>,
    ) -> Made<()> {
        let name = match channel {
            Channel::Stream => "stream",
            Channel::Future => "future",
        };
        let token = number(token.into());
        let order = |g: &mut Self, t: &mut Track, verb: &str, params: Vec<Type>, args| {
            let ty = FunctionType {
                is_async: false,
                params,
                result: None,
            };
            g.order(t, &format!("{name}-{verb}"), ty, args).map(|_| ())
        };
        let choice = self.dice.below(9);
        if choice == 0 || choice > 4 {
            self.host_answers(t, token);
        }
        match choice {
            0 => order(self, t, "drop", vec![Type::U32], vec![token]),
            1 => {
                self.need(Need::HostStreamCancel)?;
                order(self, t, "cancel", vec![Type::U32], vec![token])
            }
            2 if self.need(Need::HostHold).is_ok() => {
                order(self, t, "hold", vec![Type::U32], vec![token])
            }
            3 if self.need(Need::HostHold).is_ok() => {
                order(self, t, "release", vec![Type::U32], vec![token])
            }
            4 if side == Side::Writable && self.need(Need::HostGive).is_ok() => {
                let ty = FunctionType {
                    is_async: false,
                    params: vec![Type::U32],
                    result: Some(channel_type(channel, element)),
                };
                let slot = self.order(t, &format!("{name}-give"), ty, vec![token])?;
                let kind = Kind::End(channel, Side::Readable, element.clone());
                self.remember(t, slot.ok_or(Skip)?, kind, State::Idle);
                Ok(())
            }
            _ => self.host_copy(t, token, channel, side, element),
        }
    }

    /// Believes that the host does something with its end that ends a copy of ours.
    fn host_answers(&mut self, t: &Track, token: Operand) {
        for thing in &mut self.pools[t.instance.index()].things {
            let ours = matches!(thing.peer, Peer::Host(other) if number(other.into()) == token);
            thing.event |= ours && thing.state == State::Busy;
        }
    }

    fn host_copy(
        &mut self,
        t: &mut Track,
        token: Operand,
        channel: Channel,
        side: Side,
        element: &Option<Type>,
    ) -> Made<()> {
        let zero = self.need(Need::HostZeroLength).is_ok() && self.hit(Corner::ZeroLength, 14);
        let count = if zero { 0 } else { 1 + self.dice.below(3) };
        let (verb, mut params, mut args) = match (channel, side) {
            (Channel::Stream, Side::Writable) => (
                "stream-read",
                vec![Type::U32, Type::U32],
                vec![token, number(count.into())],
            ),
            (Channel::Future, Side::Writable) => ("future-read", vec![Type::U32], vec![token]),
            (Channel::Stream, Side::Readable) => ("stream-write", vec![Type::U32], vec![token]),
            (Channel::Future, Side::Readable) => ("future-write", vec![Type::U32], vec![token]),
        };
        let writes = side == Side::Readable;
        match (channel, element) {
            (Channel::Stream, Some(element)) if writes => {
                let list = Type::List(Box::new(element.clone()));
                let options = self.options(t.instance);
                let site = self.site(t, options)?;
                let size = layout(element, site.pointers);
                let bytes = size.size * u64::from(count);
                let address = self.memory(t.instance, site.memory, bytes, size.align)?;
                for i in 0..u64::from(count) {
                    self.store(t, site, element, u64::from(address) + i * size.size)?;
                }
                params.push(list);
                args.extend([number(address.into()), number(count.into())]);
            }
            (Channel::Stream, None) if writes => {
                params.push(Type::U32);
                args.push(number(count.into()));
            }
            (Channel::Future, Some(element)) if writes => {
                let options = self.options(t.instance);
                let site = self.site(t, options)?;
                if super::types::flat_count(element) > 4 {
                    return Err(Skip);
                }
                self.flat(t, site, element, &mut args)?;
                params.push(element.clone());
            }
            _ => {}
        }
        let ty = FunctionType {
            is_async: false,
            params,
            result: None,
        };
        self.order(t, verb, ty, args)?;
        Ok(())
    }
}
