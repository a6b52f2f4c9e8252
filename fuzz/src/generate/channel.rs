//! Steps on the ends of streams and futures, and what the host does with those that it has.

use super::builder::{Builder, Track, number};
use super::model::{Channel, Kind, Made, Peer, Side, Skip, State, ThingId, Whose};
use super::types::{Use, layout};
use crate::corners::Corner;
use crate::program::{Arithmetic, Canon, Comparison, CopyOptions, Form, Operand, SlotId, Type};

/// What can be done with an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Copy,
    Cancel,
    Join,
    Leave,
    Wait,
    Drop,
}

/// An end and what it is.
struct EndOf {
    thing: ThingId,
    channel: Channel,
    side: Side,
    element: Option<Type>,
}

impl Builder<'_, '_, '_> {
    fn end_of(&mut self, t: &Track, thing: ThingId) -> Made<EndOf> {
        match self.thing(t, thing).kind.clone() {
            Kind::End(channel, side, element) => Ok(EndOf {
                thing,
                channel,
                side,
                element,
            }),
            _ => Err(Skip),
        }
    }

    /// Does something with an end: mostly what its state allows.
    pub fn play(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let end = self.end_of(t, thing)?;
        let (state, in_set) = {
            let thing = self.thing(t, thing);
            (thing.state, thing.set.is_some())
        };
        let future = end.channel == Channel::Future;
        let may_drop = !future || end.side == Side::Readable || state == State::Done;
        let mut moves = match state {
            State::Gone => return Err(Skip),
            State::Idle => vec![Move::Copy, Move::Copy, Move::Copy, Move::Join],
            State::Busy => vec![
                Move::Cancel,
                Move::Cancel,
                Move::Join,
                Move::Wait,
                Move::Wait,
            ],
            State::Cancelling => vec![Move::Wait],
            State::Done => vec![Move::Drop, Move::Join],
        };
        if state == State::Idle && may_drop {
            moves.push(Move::Drop);
        }
        if in_set {
            moves.push(Move::Leave);
        }
        if self.slip(&[Corner::WrongState]).is_some() {
            use Move::{Cancel, Copy, Drop, Join, Leave, Wait};
            moves = vec![Copy, Cancel, Drop, Join, Leave, Wait];
        }
        match self.dice.pick(&moves).copied().ok_or(Skip)? {
            Move::Copy => self.any_copy(t, end),
            Move::Cancel => self.any_cancel(t, end),
            Move::Join => {
                let set = self.any_set(t)?;
                self.join(t, thing, Some(set))
            }
            Move::Leave => self.join(t, thing, None),
            Move::Wait => {
                let set = match self.thing(t, thing).set {
                    Some(set) => set,
                    None => {
                        let set = self.any_set(t)?;
                        self.join(t, thing, Some(set))?;
                        set
                    }
                };
                self.wait(t, set)
            }
            Move::Drop => self.drop_end(t, thing),
        }
    }

    /// Drops an end.
    pub fn drop_end(&mut self, t: &mut Track, thing: ThingId) -> Made<()> {
        let EndOf {
            channel,
            side,
            element,
            ..
        } = self.end_of(t, thing)?;
        let canon = match (channel, side) {
            (Channel::Stream, Side::Readable) => Canon::StreamDropReadable(element),
            (Channel::Stream, Side::Writable) => Canon::StreamDropWritable(element),
            (Channel::Future, Side::Readable) => Canon::FutureDropReadable(element),
            (Channel::Future, Side::Writable) => Canon::FutureDropWritable(element),
        };
        let handle = self.handle(t, thing);
        self.run(t, &canon, vec![handle])?;
        self.thing(t, thing).state = State::Gone;
        if let Some(peer) = self.peer_thing(t, thing)
            && peer.state == State::Busy
        {
            peer.event = true;
        }
        Ok(())
    }

    fn peer_thing(&mut self, t: &Track, thing: ThingId) -> Option<&mut super::model::Thing> {
        match self.thing(t, thing).peer {
            Peer::Guest(Whose { instance, thing }) => {
                self.pools[instance.index()].things.get_mut(thing)
            }
            _ => None,
        }
    }

    fn any_cancel(&mut self, t: &mut Track, end: EndOf) -> Made<()> {
        let completed = self.thing(t, end.thing).event;
        self.corners.count(match completed {
            true => Corner::CancelCompleted,
            false => Corner::CancelCopy,
        });
        let in_set = self.thing(t, end.thing).set.is_some();
        // In a set a synchronous one is a mistake, which is made now and then.
        let wrong = in_set && self.mistake.is_some() && self.dice.chance(1, 6);
        let sync = wrong || (!in_set && self.dice.chance(1, 2));
        let form = if sync { Form::Sync } else { Form::Async };
        self.cancel_copy(t, end.thing, form)?;
        Ok(())
    }

    /// Cancels a copy.
    pub fn cancel_copy(&mut self, t: &mut Track, thing: ThingId, form: Form) -> Made<SlotId> {
        let EndOf {
            channel,
            side,
            element,
            ..
        } = self.end_of(t, thing)?;
        let canon = match (channel, side) {
            (Channel::Stream, Side::Readable) => Canon::StreamCancelRead(element, form),
            (Channel::Stream, Side::Writable) => Canon::StreamCancelWrite(element, form),
            (Channel::Future, Side::Readable) => Canon::FutureCancelRead(element, form),
            (Channel::Future, Side::Writable) => Canon::FutureCancelWrite(element, form),
        };
        let handle = self.handle(t, thing);
        let code = self.show(t, &canon, vec![handle], "cancelled")?;
        self.corners.count(Corner::AfterCancel);
        self.thing(t, thing).settle();
        if self.hit(Corner::CancelTwice, 60) {
            self.if_blocked(t, code, &mut |g, t| {
                let handle = g.handle(t, thing);
                g.show(t, &canon, vec![handle], "cancelled").map(|_| ())
            });
        }
        Ok(code)
    }

    fn any_copy(&mut self, t: &mut Track, end: EndOf) -> Made<()> {
        let thing = end.thing;
        let in_set = self.thing(t, thing).set.is_some();
        let asked = match self.peer_thing(t, thing) {
            Some(peer) => peer.state == State::Busy,
            None => self.dice.chance(1, 2),
        };
        // A synchronous copy that nobody answers never ends; a few may do so.
        let sync = (asked && self.dice.chance(1, 2)) || self.dice.chance(1, 12);
        // In a set a synchronous one is a mistake, which is made now and then.
        let wrong = in_set && self.mistake.is_some() && self.dice.chance(1, 6);
        let form = match (sync && !in_set) || wrong {
            true => Form::Sync,
            false => Form::Async,
        };
        let count = self.copy_count(&end);
        self.copy(t, thing, form, count)?;
        Ok(())
    }

    fn copy_count(&mut self, end: &EndOf) -> u32 {
        if end.channel == Channel::Future {
            return 1;
        }
        if self.hit(Corner::ZeroLength, 14) {
            return 0;
        }
        if self.hit(Corner::Partial, 10) {
            return 1 + self.dice.below(4);
        }
        2
    }

    /// Reads or writes so many elements.
    pub fn copy(&mut self, t: &mut Track, thing: ThingId, form: Form, count: u32) -> Made<SlotId> {
        let end = self.end_of(t, thing)?;
        let options = self.narrow_options(t)?;
        let site = self.site(t, options)?;
        let room = match &end.element {
            Some(element) => layout(element, site.pointers),
            None => assize_reference::abi::layout::Layout { align: 1, size: 0 },
        };
        let size = room.size * u64::from(count);
        let address = match self.overlap(t, thing, size, room.align) {
            Some(address) => address,
            None => self.memory(t.instance, site.memory, size, room.align)?,
        };
        if let (Side::Writable, Some(element)) = (end.side, &end.element) {
            for i in 0..u64::from(count) {
                self.store(t, site, element, u64::from(address) + i * room.size)?;
            }
        }
        let copy = CopyOptions { form, options };
        let element = end.element.clone();
        let canon = match (end.channel, end.side) {
            (Channel::Stream, Side::Readable) => Canon::StreamRead(element, copy),
            (Channel::Stream, Side::Writable) => Canon::StreamWrite(element, copy),
            (Channel::Future, Side::Readable) => Canon::FutureRead(element, copy),
            (Channel::Future, Side::Writable) => Canon::FutureWrite(element, copy),
        };
        let handle = self.handle(t, thing);
        let mut args = vec![handle, self.pointer(address, room.align)];
        if end.channel == Channel::Stream {
            args.push(match self.slip(&[Corner::Limits]) {
                Some(_) => number((1 << 28) - u64::from(self.dice.below(2))),
                None => number(count.into()),
            });
        }
        t.may_block |= form == Form::Sync;
        let code = self.show(t, &canon, args, "copied")?;
        self.copied(t, thing, count);
        if let (Side::Readable, Some(element)) = (end.side, &end.element) {
            self.look(t, &end, element, code, address)?;
        }
        self.pools[t.instance.index()].buffer = address;
        Ok(code)
    }

    /// The address of the other end's buffer, or near it, where two buffers are to overlap.
    fn overlap(&mut self, t: &Track, thing: ThingId, size: u64, align: u64) -> Option<u32> {
        let Peer::Guest(peer) = self.thing(t, thing).peer else {
            return None;
        };
        let last = self.pools[t.instance.index()].buffer;
        let fits = peer.instance == t.instance && last > 0 && size > 0;
        if fits && self.hit(Corner::Overlap, 12) {
            let shift = self.dice.below(2) * align as u32;
            return Some(last.next_multiple_of(align as u32) + shift);
        }
        None
    }

    /// Shows the first element that was read, if there is one.
    fn look(
        &mut self,
        t: &mut Track,
        end: &EndOf,
        element: &Type,
        code: SlotId,
        address: u32,
    ) -> Made<()> {
        let options = self.narrow_options(t)?;
        let site = self.site(t, options)?;
        let address = number(address.into());
        if end.channel == Channel::Future {
            self.when(
                t,
                Operand::Slot(code),
                Comparison::Equal,
                number(0),
                &mut |g, t| g.observe_at(t, site, element, address, 0),
            );
            return Ok(());
        }
        let count = self.set(t, Arithmetic::Shr, Operand::Slot(code), number(4), "count")?;
        let count = Operand::Slot(count);
        // A copy that blocked has the largest number for a count.
        self.when(t, count, Comparison::Less, number(1 << 27), &mut |g, t| {
            g.when(t, number(0), Comparison::Less, count, &mut |g, t| {
                g.observe_at(t, site, element, address, 0)
            });
            Ok(())
        });
        Ok(())
    }

    /// Believes what a copy does to both ends.
    fn copied(&mut self, t: &Track, thing: ThingId, count: u32) {
        let future = matches!(self.thing(t, thing).kind, Kind::End(Channel::Future, ..));
        let side = match self.thing(t, thing).kind {
            Kind::End(_, side, _) => side,
            _ => return,
        };
        let unknown = !matches!(self.thing(t, thing).peer, Peer::Guest(_));
        let done = if future { State::Done } else { State::Idle };
        let mut busy = true;
        match self.peer_thing(t, thing) {
            Some(peer) if peer.state == State::Gone => {
                self.thing(t, thing).state = State::Done;
                return;
            }
            Some(peer) if peer.state == State::Busy => {
                if peer.room > 0 {
                    if count > 0 {
                        peer.event = true;
                        peer.room -= peer.room.min(count);
                    }
                    busy = false;
                } else {
                    busy = count > 0 || side == Side::Readable;
                    peer.event |= busy;
                }
            }
            _ => {}
        }
        if unknown && self.dice.chance(1, 3) {
            busy = false;
        }
        if !busy {
            self.corners.count(Corner::AfterReturn);
        }
        let thing = self.thing(t, thing);
        thing.state = if busy { State::Busy } else { done };
        thing.room = if busy { count } else { 0 };
    }

    /// What streams and futures of a scenario carry: in a fixed shape, what there is.
    pub fn channel_element(&mut self, t: &Track, channel: Channel) -> Made<Option<Type>> {
        if !self.fixed {
            return Ok(self.element(&[t.instance], 2));
        }
        let canons = &self.program.instances[t.instance.index()].canons;
        let found: Vec<Option<Type>> = canons
            .iter()
            .filter_map(|canon| match (channel, canon) {
                (Channel::Stream, Canon::StreamNew(element))
                | (Channel::Future, Canon::FutureNew(element)) => Some(element.clone()),
                _ => None,
            })
            .collect();
        self.dice.pick(&found).cloned().ok_or(Skip)
    }

    /// The type of elements that two instances can both name.
    pub fn shared_element(&mut self, t: &Track, other: crate::program::InstanceId) -> Option<Type> {
        match self.dice.below(2) {
            0 => self.element(&[t.instance, other], 1),
            _ => Some(self.new_type(&[t.instance, other], Use::Owned, 1))
                .filter(|ty| *ty != Type::Char),
        }
    }
}

/// The type of a stream or future.
pub(super) fn channel_type(channel: Channel, element: &Option<Type>) -> Type {
    let element = element.clone().map(Box::new);
    match channel {
        Channel::Stream => Type::Stream(element),
        Channel::Future => Type::Future(element),
    }
}
