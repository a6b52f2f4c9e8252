//! What the host keeps during a test: events, calls that are pending, ends, resource types.
//!
//! Wasmtime drops the host's producers, consumers and futures at moments at which there is no
//! access to a store, and these drops are what the host observes. So its state stands beside the
//! stores, behind a lock that is never held across a call into Wasmtime.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use assize_protocol::host::HostEvent;
use assize_protocol::value::Value;
use wasmtime::component::{ResourceType, Type, Val};

use super::element::Channels;
use super::end::{End, Side};
use super::verb::Channel;

/// The number of an end, of which a token is only the present name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EndId(usize);

/// The state, shared by all who act on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct World(Arc<Mutex<State>>);

#[derive(Debug, Default)]
pub(super) struct State {
    pub events: Vec<HostEvent>,
    unconfirmed: Vec<Unconfirmed>,
    pending: Vec<Pending>,
    next_call: u64,
    ends: Vec<Kept>,
    tokens: BTreeMap<u32, EndId>,
    resources: Vec<String>,
}

/// A write that has ended as far as the host is concerned, while Wasmtime may still have to call
/// the guest for memory to put the elements in. If that traps, nothing was copied.
#[derive(Debug)]
struct Unconfirmed {
    id: EndId,
    event: HostEvent,
    turns: u32,
}

/// After so many turns of the event loop, which does what is ready in the order in which it became
/// so, something has been done that it had to do: the elements are in the guest.
pub(super) const TURNS: u32 = 16;

/// In fewer turns, no guest can have been told of the elements and have returned from its call. So
/// the host may as well have seen nothing yet.
const SEEN: u32 = 3;

/// A call that waits to be resolved.
#[derive(Debug)]
struct Pending {
    id: u64,
    token: u32,
    /// The type of its result.
    ty: Option<Type>,
    state: Answer,
}

#[derive(Debug)]
enum Answer {
    Awaited(Waker),
    /// None or one value.
    Given(Vec<Val>),
}

/// An end with what it takes to use it.
#[derive(Debug)]
struct Kept {
    end: End,
    channels: Channels,
    /// The type of its elements, if they have one.
    element: Option<Type>,
    /// The readable end, before the first read: from then on Wasmtime pushes into the host.
    unread: Option<Val>,
}

impl World {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happened since this was last asked.
    pub(crate) fn take_events(&self) -> Vec<HostEvent> {
        std::mem::take(&mut self.lock().events)
    }

    /// The event loop takes another turn.
    pub(crate) fn turn(&self) {
        let mut state = self.lock();
        for unconfirmed in &mut state.unconfirmed {
            unconfirmed.turns += 1;
        }
        state.confirm(|unconfirmed| unconfirmed.turns > TURNS);
        state.each_end(End::turn);
    }

    /// There is nothing left to do for the event loop.
    pub(crate) fn idle(&self) {
        let mut state = self.lock();
        state.confirm(|_| true);
        state.each_end(End::quiet);
    }

    /// Whether what the host is to do depends on what the event loop comes to in its next turns.
    pub(crate) fn is_unsure(&self) -> bool {
        self.lock().ends.iter().any(|kept| kept.end.is_unsure())
    }

    /// The event loop was left because a call returned.
    pub(crate) fn left(&self) {
        self.lock().confirm(|unconfirmed| unconfirmed.turns >= SEEN);
    }

    /// A trap has ended it.
    pub(crate) fn trapped(&self) {
        self.lock().unconfirmed.clear();
    }

    /// A call with this token that a guest may resolve from now on.
    pub(super) fn pend(&self, token: u32, ty: Option<Type>) -> PendingCall {
        let mut state = self.lock();
        let id = state.next_call;
        state.next_call += 1;
        state.pending.push(Pending {
            id,
            token,
            ty,
            state: Answer::Awaited(Waker::noop().clone()),
        });
        let world = self.clone();
        PendingCall { world, id }
    }
}

/// A pending call as a Rust future. Wasmtime drops it where the guest cancels the call.
pub(super) struct PendingCall {
    world: World,
    id: u64,
}

impl Future for PendingCall {
    type Output = Vec<Val>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<Val>> {
        let mut state = self.world.lock();
        let Some(at) = state.pending.iter().position(|call| call.id == self.id) else {
            return Poll::Pending;
        };
        match &mut state.pending[at].state {
            Answer::Awaited(waker) => {
                waker.clone_from(cx.waker());
                Poll::Pending
            }
            Answer::Given(values) => {
                let values = std::mem::take(values);
                state.pending.remove(at);
                Poll::Ready(values)
            }
        }
    }
}

impl Drop for PendingCall {
    fn drop(&mut self) {
        let mut state = self.world.lock();
        if let Some(at) = state.pending.iter().position(|call| call.id == self.id) {
            let token = state.pending.remove(at).token;
            state.events.push(HostEvent::Cancelled { token });
        }
    }
}

impl State {
    /// The first pending call with this token and this result type returns.
    pub(super) fn resolve(&mut self, token: u32, value: Option<Val>, ty: Option<Type>) {
        let open = |call: &&mut Pending| {
            call.token == token && call.ty == ty && matches!(call.state, Answer::Awaited(_))
        };
        if let Some(call) = self.pending.iter_mut().find(open) {
            let given = Answer::Given(Vec::from_iter(value));
            if let Answer::Awaited(waker) = std::mem::replace(&mut call.state, given) {
                waker.wake();
            }
        }
    }

    /// Keeps an end. Where the token names another one already, that one is out of reach.
    pub(super) fn keep(
        &mut self,
        token: u32,
        end: End,
        channels: Channels,
        element: Option<Type>,
        unread: Option<Val>,
    ) -> EndId {
        let id = EndId(self.ends.len());
        self.ends.push(Kept {
            end,
            channels,
            element,
            unread,
        });
        self.tokens.insert(token, id);
        id
    }

    /// The end that a token names, if it is one of such a stream or future.
    pub(super) fn named(&self, channel: Channel, token: u32) -> Option<EndId> {
        let id = *self.tokens.get(&token)?;
        (self.ends[id.0].end.channel() == channel).then_some(id)
    }

    /// The same, if it is writable and its elements are of this type.
    pub(super) fn named_writable(
        &self,
        channel: Channel,
        token: u32,
        element: Option<&Type>,
    ) -> Option<EndId> {
        let id = self.named(channel, token)?;
        let Kept {
            end, element: own, ..
        } = &self.ends[id.0];
        (end.side() == Side::Writable && own.as_ref() == element).then_some(id)
    }

    /// The same, if it is readable.
    pub(super) fn named_readable(&self, channel: Channel, token: u32) -> Option<EndId> {
        let id = self.named(channel, token)?;
        (self.ends[id.0].end.side() != Side::Writable).then_some(id)
    }

    /// The token names nothing any more.
    pub(super) fn forget(&mut self, token: u32) {
        self.tokens.remove(&token);
    }

    /// Does something with an end, which may cause events.
    pub(super) fn with_end<R>(
        &mut self,
        id: EndId,
        act: impl FnOnce(&mut End, &mut Vec<HostEvent>) -> R,
    ) -> R {
        self.confirm(|unconfirmed| unconfirmed.id == id);
        act(&mut self.ends[id.0].end, &mut self.events)
    }

    fn each_end(&mut self, act: impl Fn(&mut End, &mut Vec<HostEvent>)) {
        for kept in &mut self.ends {
            act(&mut kept.end, &mut self.events);
        }
    }

    /// The guest's copy has ended, and with it the host's where elements moved.
    pub(super) fn met(&mut self, id: EndId, moved: Option<(usize, Vec<Value>)>) {
        let Kept { end, channels, .. } = &mut self.ends[id.0];
        let writes = moved.is_some() && end.side() == Side::Writable;
        let before = self.events.len();
        end.met(moved, &mut self.events);
        // The first of the events is about this copy, the others come after it.
        if writes && channels.needs_memory {
            let events = self.events.drain(before..);
            self.unconfirmed.extend(events.map(|event| Unconfirmed {
                id,
                event,
                turns: 0,
            }));
        }
    }

    fn confirm(&mut self, certain: impl Fn(&Unconfirmed) -> bool) {
        let (certain, others) = std::mem::take(&mut self.unconfirmed)
            .into_iter()
            .partition::<Vec<_>, _>(certain);
        self.unconfirmed = others;
        let events = certain.into_iter().map(|unconfirmed| unconfirmed.event);
        self.events.extend(events);
    }

    pub(super) fn channels(&self, id: EndId) -> Channels {
        self.ends[id.0].channels
    }

    /// The readable end itself, if nothing has been read from it.
    pub(super) fn take_unread(&mut self, id: EndId) -> Option<Val> {
        self.ends[id.0].unread.take()
    }

    /// The number of the host's resource type with this name.
    pub(super) fn resource(&mut self, name: &str) -> u32 {
        let known = self.resources.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.resources.push(name.to_owned());
            self.resources.len() - 1
        });
        at as u32
    }

    /// The number of one of the host's resource types.
    pub(super) fn resource_of(&self, ty: ResourceType) -> Option<u32> {
        (0..self.resources.len() as u32).find(|&number| ResourceType::host_dynamic(number) == ty)
    }
}
