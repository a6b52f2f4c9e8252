//! One end of a stream or future that the host holds, as a machine of its own.
//!
//! Wasmtime asks the host for values, or offers some, whenever a guest copies; the host world has
//! guests order what the host does. Here the two meet: what was ordered waits until it can be
//! done, and a guest's copy waits in Wasmtime's event loop until something has been ordered that
//! ends it. While it waits there, orders are left to the event loop.

use std::collections::VecDeque;
use std::task::Waker;

use assize_protocol::host::{Copied, CopyEnd, HostEvent};
use assize_protocol::value::Value;
use wasmtime::component::Val;

use super::verb::Channel;
use super::world::TURNS;

/// Which end of a stream or future the host holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The one to read from.
    Readable {
        /// Whether the elements have a type.
        typed: bool,
    },
    /// The one to write to.
    Writable,
}

/// What a guest orders.
#[derive(Debug)]
pub(super) enum Op {
    Copy(Copy),
    Cancel,
    Drop,
}

/// A copy by the host.
#[derive(Debug)]
pub(super) struct Copy {
    /// How many elements at most.
    pub length: usize,
    /// The elements, where the host writes and they have a type.
    pub values: Vec<Val>,
}

/// Whoever has the other end.
#[derive(Debug)]
enum Peer {
    /// It does not copy.
    Idle,
    /// Its copy waits in the event loop.
    Waiting(Waker),
    /// There is no telling: the event loop has not come by, for so many turns, since Wasmtime was told
    /// that the host reads. A copy that waited already comes by then.
    Unheard(u32),
    /// It has dropped its end.
    Gone,
}

/// How far the host's own end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Open,
    /// A future whose value has been copied.
    Spent,
    Dropped,
}

/// An end that the host holds.
#[derive(Debug)]
pub(super) struct End {
    token: u32,
    channel: Channel,
    side: Side,
    copy: Option<Copy>,
    ops: VecDeque<Op>,
    peer: Peer,
    life: Life,
    holds: bool,
}

/// What a guest's copy comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// So many elements move, and both copies end.
    Moves(usize),
    /// The guest's copy ends without moving anything, because it asked for nothing.
    Ready,
    /// The host has dropped its end.
    Dropped,
    /// The guest's copy is cancelled, as the guest has asked.
    Cancelled,
    /// The guest waits.
    Waits,
}

impl End {
    pub(super) fn new(token: u32, channel: Channel, side: Side) -> Self {
        End {
            token,
            channel,
            side,
            copy: None,
            ops: VecDeque::new(),
            peer: Peer::Idle,
            life: Life::Open,
            holds: false,
        }
    }

    pub(super) fn channel(&self) -> Channel {
        self.channel
    }

    pub(super) fn side(&self) -> Side {
        self.side
    }

    /// Whether nothing is under way or ordered.
    pub(super) fn is_idle(&self) -> bool {
        self.copy.is_none() && self.ops.is_empty() && self.life == Life::Open
    }

    /// Wasmtime is told only now that the host reads here.
    pub(super) fn offered(&mut self) {
        if matches!(self.peer, Peer::Idle) {
            self.peer = Peer::Unheard(0);
        }
    }

    /// The event loop takes another turn. After [`TURNS`] of them, a copy that waits has come by.
    pub(super) fn turn(&mut self, events: &mut Vec<HostEvent>) {
        if let Peer::Unheard(turns) = &mut self.peer {
            *turns += 1;
            if *turns > TURNS {
                self.quiet(events);
            }
        }
    }

    /// No copy that waits has still to come by.
    pub(super) fn quiet(&mut self, events: &mut Vec<HostEvent>) {
        if matches!(self.peer, Peer::Unheard(_)) {
            self.peer = Peer::Idle;
            self.settle(events);
        }
    }

    /// Whether what is ordered waits for the event loop to tell whether a copy of the guest's waits.
    pub(super) fn is_unsure(&self) -> bool {
        matches!(self.peer, Peer::Unheard(_)) && !self.ops.is_empty()
    }

    /// Does what a guest orders, or leaves it to the event loop.
    pub(super) fn order(&mut self, op: Op, events: &mut Vec<HostEvent>) {
        self.ops.push_back(op);
        self.settle(events);
    }

    /// From now on, a copy that the guest cancels does not give its buffer back.
    pub(super) fn hold(&mut self) {
        self.holds = true;
    }

    /// Gives such buffers back.
    pub(super) fn release(&mut self) {
        self.holds = false;
        self.wake();
    }

    /// The guest has dropped the other end.
    pub(super) fn peer_gone(&mut self, events: &mut Vec<HostEvent>) {
        self.peer = Peer::Gone;
        self.settle(events);
    }

    fn wake(&mut self) {
        if let Peer::Waiting(waker) = &self.peer {
            waker.wake_by_ref();
        }
    }

    /// Does everything that can be done without the other end, unless a copy of the guest's waits
    /// there, or may do so: then the event loop does it.
    fn settle(&mut self, events: &mut Vec<HostEvent>) {
        match self.peer {
            Peer::Waiting(_) => return self.wake(),
            Peer::Unheard(_) => return,
            Peer::Idle | Peer::Gone => {}
        }
        loop {
            let gone = matches!(self.peer, Peer::Gone) && self.life != Life::Spent;
            if self.copy.is_some() {
                // Only a request to cancel does not wait for the copy's end.
                let cancel = self.ops.iter().position(|op| matches!(op, Op::Cancel));
                match cancel {
                    _ if gone => self.end_copy(CopyEnd::Dropped, Vec::new(), 0, events),
                    Some(at) => {
                        self.ops.remove(at);
                        self.end_copy(CopyEnd::Cancelled, Vec::new(), 0, events);
                    }
                    None => return,
                }
            } else if !self.take_up() {
                return;
            }
        }
    }

    /// Takes up what was ordered first, if anything was: true where there may be more to do.
    fn take_up(&mut self) -> bool {
        match self.ops.pop_front() {
            Some(Op::Copy(copy)) => {
                if self.life == Life::Open {
                    self.copy = Some(copy);
                }
            }
            Some(Op::Cancel) => {}
            Some(Op::Drop) => {
                let writable_future =
                    (self.channel, self.side) == (Channel::Future, Side::Writable);
                let unwritten = writable_future && self.life == Life::Open;
                if !unwritten {
                    self.life = Life::Dropped;
                }
            }
            None => return false,
        }
        true
    }

    /// The guest's copy of `guest` elements comes by. The waker is kept where it has to wait.
    ///
    /// Where one side asks for nothing, only that side's copy ends; where both do, only the
    /// writer's. Spec: CanonicalABI.md, "Stream State".
    pub(super) fn meet(
        &mut self,
        guest: usize,
        guest_cancels: bool,
        waker: &Waker,
        events: &mut Vec<HostEvent>,
    ) -> Meeting {
        self.peer = Peer::Idle;
        let meeting = loop {
            match (self.copy.as_ref().map(|copy| copy.length), guest) {
                (Some(0), _) if guest > 0 || self.side == Side::Writable => {
                    self.end_copy(CopyEnd::Completed, Vec::new(), 0, events);
                }
                (Some(_), 0) => break Meeting::Ready,
                (Some(length), _) => break Meeting::Moves(length.min(guest)),
                (None, _) if self.life == Life::Dropped => break Meeting::Dropped,
                (None, _) if self.take_up() => {}
                (None, _) if guest_cancels && !self.holds => break Meeting::Cancelled,
                (None, _) => break Meeting::Waits,
            }
        };
        if meeting == Meeting::Waits {
            self.peer = Peer::Waiting(waker.clone());
        }
        meeting
    }

    /// The first elements of the copy under way, which is a write: they are about to move.
    pub(super) fn take_values(&mut self, count: usize) -> Vec<Val> {
        let values = self.copy.as_mut().map(|copy| &mut copy.values);
        values.map_or_else(Vec::new, |values| {
            let count = count.min(values.len());
            values.drain(..count).collect()
        })
    }

    /// The guest's copy has ended, and with it the host's where elements moved.
    pub(super) fn met(&mut self, moved: Option<(usize, Vec<Value>)>, events: &mut Vec<HostEvent>) {
        if let Some((count, values)) = moved {
            if self.channel == Channel::Future {
                self.life = Life::Spent;
            }
            self.end_copy(CopyEnd::Completed, values, count, events);
        }
        self.settle(events);
    }

    fn end_copy(
        &mut self,
        end: CopyEnd,
        values: Vec<Value>,
        count: usize,
        events: &mut Vec<HostEvent>,
    ) {
        self.copy = None;
        if self.channel == Channel::Future && end == CopyEnd::Dropped {
            self.life = Life::Spent;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let copied = match self.side {
            Side::Writable => Copied::Written(count),
            Side::Readable { typed: true } => Copied::Values(values),
            Side::Readable { typed: false } => Copied::Count(count),
        };
        let token = self.token;
        events.push(HostEvent::Copied { token, copied, end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(channel: Channel, side: Side) -> End {
        End::new(1, channel, side)
    }

    fn copy(length: usize) -> Op {
        let values = Vec::new();
        Op::Copy(Copy { length, values })
    }

    fn copied(copied: Copied, end: CopyEnd) -> HostEvent {
        HostEvent::Copied {
            token: 1,
            copied,
            end,
        }
    }

    #[test]
    fn what_is_ordered_while_a_copy_is_under_way_waits_for_its_end_but_for_cancel() {
        let (mut end, mut events) = (end(Channel::Stream, Side::Writable), Vec::new());
        end.order(copy(2), &mut events);
        end.order(Op::Drop, &mut events);
        assert_eq!(
            end.meet(0, false, Waker::noop(), &mut events),
            Meeting::Ready
        );
        end.met(None, &mut events);
        assert_eq!(events, []);
        end.order(Op::Cancel, &mut events);
        let cancelled = copied(Copied::Written(0), CopyEnd::Cancelled);
        assert_eq!(events, [cancelled]);
        assert_eq!(
            end.meet(1, false, Waker::noop(), &mut events),
            Meeting::Dropped
        );
    }

    #[test]
    fn where_both_copy_nothing_the_writer_ends() {
        let (mut writer, mut events) = (end(Channel::Stream, Side::Writable), Vec::new());
        writer.order(copy(0), &mut events);
        assert_eq!(
            writer.meet(0, false, Waker::noop(), &mut events),
            Meeting::Waits
        );
        assert_eq!(events, [copied(Copied::Written(0), CopyEnd::Completed)]);

        let side = Side::Readable { typed: false };
        let (mut reader, mut events) = (end(Channel::Stream, side), Vec::new());
        reader.order(copy(0), &mut events);
        assert_eq!(
            reader.meet(0, false, Waker::noop(), &mut events),
            Meeting::Ready
        );
        assert_eq!(events, []);
    }

    #[test]
    fn orders_are_left_to_the_event_loop_while_the_guests_copy_waits_there() {
        let side = Side::Readable { typed: false };
        let (mut reader, mut events) = (end(Channel::Stream, side), Vec::new());
        assert_eq!(
            reader.meet(3, false, Waker::noop(), &mut events),
            Meeting::Waits
        );
        reader.order(copy(5), &mut events);
        reader.order(Op::Cancel, &mut events);
        assert_eq!(events, []);
        assert_eq!(
            reader.meet(3, true, Waker::noop(), &mut events),
            Meeting::Moves(3)
        );
        reader.met(Some((3, Vec::new())), &mut events);
        assert_eq!(events, [copied(Copied::Count(3), CopyEnd::Completed)]);
    }

    #[test]
    fn orders_wait_while_nobody_knows_whether_a_copy_of_the_guests_waits() {
        let side = Side::Readable { typed: false };
        let read_and_cancel = || {
            let (mut reader, mut events) = (end(Channel::Stream, side), Vec::new());
            reader.order(copy(1), &mut events);
            reader.offered();
            assert!(!reader.is_unsure());
            reader.order(Op::Cancel, &mut events);
            assert!(reader.is_unsure());
            assert_eq!(events, []);
            (reader, events)
        };
        let (mut reader, mut events) = read_and_cancel();
        let meeting = reader.meet(3, false, Waker::noop(), &mut events);
        assert_eq!(meeting, Meeting::Moves(1));
        reader.met(Some((1, Vec::new())), &mut events);
        assert_eq!(events, [copied(Copied::Count(1), CopyEnd::Completed)]);

        let cancelled = copied(Copied::Count(0), CopyEnd::Cancelled);
        let (mut reader, mut events) = read_and_cancel();
        for _ in 0..TURNS {
            reader.turn(&mut events);
        }
        assert_eq!(events, []);
        reader.turn(&mut events);
        assert_eq!(events, std::slice::from_ref(&cancelled));

        let (mut reader, mut events) = read_and_cancel();
        reader.quiet(&mut events);
        assert_eq!(events, [cancelled]);
        assert!(!reader.is_unsure());
    }

    #[test]
    fn a_guest_that_cancels_waits_while_the_host_holds() {
        let (mut end, mut events) = (end(Channel::Stream, Side::Writable), Vec::new());
        end.hold();
        assert_eq!(
            end.meet(1, true, Waker::noop(), &mut events),
            Meeting::Waits
        );
        end.release();
        assert_eq!(
            end.meet(1, true, Waker::noop(), &mut events),
            Meeting::Cancelled
        );
    }

    #[test]
    fn a_writable_future_is_dropped_only_after_its_write() {
        let (mut end, mut events) = (end(Channel::Future, Side::Writable), Vec::new());
        end.order(Op::Drop, &mut events);
        end.order(copy(1), &mut events);
        assert_eq!(
            end.meet(1, false, Waker::noop(), &mut events),
            Meeting::Moves(1)
        );
        end.met(Some((1, Vec::new())), &mut events);
        end.order(copy(1), &mut events);
        end.peer_gone(&mut events);
        assert_eq!(events, [copied(Copied::Written(1), CopyEnd::Completed)]);
    }
}
