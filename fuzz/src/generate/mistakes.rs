//! Deliberate mistakes where a handle or an address is given.

use super::builder::{Builder, Track, number};
use super::model::{Channel, Kind, Made, Role, Side, Skip, State, Thing, ThingId};
use crate::corners::Corner;
use crate::program::{MEMORY_SIZE, Operand, ResourceId, Type};

impl Builder<'_, '_, '_> {
    /// Whether to make a mistake here, and which of those that could be made.
    pub fn slip(&mut self, corners: &[Corner]) -> Option<Corner> {
        let (mistake, left) = self.mistake.as_mut()?;
        let mistake = *mistake;
        if !corners.contains(&mistake) {
            return None;
        }
        if *left > 0 {
            *left -= 1;
            return None;
        }
        self.mistake = None;
        self.corners.count(mistake);
        Some(mistake)
    }

    /// The handle of a thing, or, by mistake, another number.
    pub fn handle(&mut self, t: &mut Track, thing: ThingId) -> Operand {
        let Thing {
            maker,
            set,
            event,
            slot,
            ..
        } = *self.thing(t, thing);
        if maker != t.number {
            self.corners.count(match t.role {
                Role::Thread => Corner::OtherThread,
                _ => Corner::OtherTask,
            });
        }
        if set.is_some() {
            self.corners.count(Corner::InSet);
        }
        if event {
            self.corners.count(Corner::PendingEvent);
        }
        let kind = &self.thing(t, thing).kind;
        let typed = matches!(kind, Kind::End(..) | Kind::Own(_) | Kind::Borrow(_));
        let mistakes = [Corner::DeadHandle, Corner::WrongKind, Corner::WrongType];
        let mistakes = if typed { &mistakes[..] } else { &mistakes[..2] };
        match self.slip(mistakes) {
            Some(mistake) => self.wrong_handle(t, thing, mistake),
            None => Operand::Slot(slot),
        }
    }

    /// Another number than the handle of a thing.
    pub fn wrong_handle(&mut self, t: &mut Track, thing: ThingId, mistake: Corner) -> Operand {
        let kind = self.thing(t, thing).kind.clone();
        let wrong = |other: &Thing| match mistake {
            Corner::DeadHandle => other.state == State::Gone,
            Corner::WrongKind => other.state != State::Gone && sort(&other.kind) != sort(&kind),
            _ => {
                other.state != State::Gone && sort(&other.kind) == sort(&kind) && other.kind != kind
            }
        };
        let other = match self.find(t, wrong) {
            Ok(other) => Ok(other),
            Err(Skip) if mistake == Corner::DeadHandle => Err(Skip),
            Err(Skip) => self.other_thing(t, &kind, mistake),
        };
        let numbers = [0, 1, 2, 3, 77, 0x0fff_ffff, 0xffff_ffff];
        match other {
            Ok(other) => Operand::Slot(self.thing(t, other).slot),
            Err(Skip) => number(self.dice.pick(&numbers).copied().unwrap_or_default()),
        }
    }

    /// Makes a thing of another kind or type than `kind`.
    fn other_thing(&mut self, t: &mut Track, kind: &Kind, mistake: Corner) -> Made<ThingId> {
        match kind {
            Kind::End(channel, side, element) if mistake == Corner::WrongType => {
                let other = self.other_element(t, *channel, element)?;
                let (reader, writer) = self.new_channel(t, *channel, other)?;
                Ok(match side {
                    Side::Readable => reader,
                    Side::Writable => writer,
                })
            }
            Kind::Own(resource) | Kind::Borrow(resource) if mistake == Corner::WrongType => {
                let resources = (0..self.program.resources.len() as u32).map(ResourceId);
                let other = resources
                    .filter(|other| other != resource && self.knows(t.instance, *other))
                    .find(|other| self.owner(*other).is_none_or(|owner| owner == t.instance));
                self.new_resource(t, other.ok_or(Skip)?)
            }
            Kind::Set => {
                let element = self.channel_element(t, Channel::Stream)?;
                Ok(self.new_channel(t, Channel::Stream, element)?.0)
            }
            _ => self.new_set(t),
        }
    }

    /// The type of elements of another channel.
    pub fn other_element(
        &mut self,
        t: &Track,
        channel: Channel,
        element: &Option<Type>,
    ) -> Made<Option<Type>> {
        let other = self.channel_element(t, channel)?;
        match other == *element {
            false => Ok(other),
            true if element.is_some() => Ok(None),
            true => Ok(Some(Type::U8)),
        }
    }

    /// An address, or, by mistake, another one.
    pub fn pointer(&mut self, address: u32, align: u64) -> Operand {
        let mistake = if align > 1 {
            self.slip(&[Corner::Misaligned, Corner::OutOfBounds])
        } else {
            self.slip(&[Corner::OutOfBounds])
        };
        let size = u64::from(MEMORY_SIZE);
        let address = match mistake {
            Some(Corner::Misaligned) => u64::from(address) + 1,
            Some(_) => {
                let ends = [size - align, size, size + 8 * align, 0xffff_fff8];
                self.dice.pick(&ends).copied().unwrap_or(size)
            }
            None => address.into(),
        };
        number(address)
    }
}

/// Which kinds are told apart by more than their types.
fn sort(kind: &Kind) -> u8 {
    match kind {
        Kind::End(Channel::Stream, Side::Readable, _) => 0,
        Kind::End(Channel::Stream, Side::Writable, _) => 1,
        Kind::End(Channel::Future, Side::Readable, _) => 2,
        Kind::End(Channel::Future, Side::Writable, _) => 3,
        Kind::Subtask => 4,
        Kind::Set => 5,
        Kind::Own(_) | Kind::Borrow(_) => 6,
        Kind::ErrorContext => 7,
        Kind::Thread => 8,
    }
}
