//! Streams and futures between guests and the host: what Wasmtime polls.
//!
//! A producer stands for a writable end of the host's, a consumer for a readable one. Both ask
//! the [`End`](super::end::End) what the guest's copy comes to. When Wasmtime drops them, the
//! guest has dropped its end.

use std::pin::Pin;
use std::task::{Context, Poll};

use wasmtime::component::{
    Destination, FutureConsumer, FutureProducer, FutureReader, ReadBuffer, Source, StreamConsumer,
    StreamProducer, StreamReader, StreamResult, Val, VecBuffer, WriteBuffer,
};
use wasmtime::{AsContextMut, StoreContextMut};

use super::element::Element;
use super::end::Meeting;
use super::world::{EndId, World};
use super::{Beyond, event_value};
use crate::Host;

/// Makes a stream, of which the host has the writable end.
pub(super) fn make_stream<T: Element>(
    mut store: StoreContextMut<'_, Host>,
    world: &World,
    id: EndId,
) -> wasmtime::Result<Val> {
    let producer = Producer::<T>::new(world, id);
    let reader = StreamReader::new(&mut store, producer)?;
    Ok(Val::Stream(reader.try_into_stream_any(store)?))
}

/// Makes the host the reader of a stream.
pub(super) fn pipe_stream<T: Element>(
    mut store: StoreContextMut<'_, Host>,
    world: &World,
    id: EndId,
    stream: Val,
) -> wasmtime::Result<()> {
    let Val::Stream(stream) = stream else {
        return Err(Beyond::feature("a stream of this type"));
    };
    let reader = StreamReader::<T>::try_from_stream_any(stream)?;
    reader.pipe(&mut store, Consumer::<T>::new(world, id))
}

/// Makes a future, of which the host has the writable end.
pub(super) fn make_future<T: Element>(
    mut store: StoreContextMut<'_, Host>,
    world: &World,
    id: EndId,
) -> wasmtime::Result<Val> {
    let producer = Producer::<T>::new(world, id);
    let reader = FutureReader::new(&mut store, producer)?;
    Ok(Val::Future(reader.try_into_future_any(store)?))
}

/// Makes the host the reader of a future.
pub(super) fn pipe_future<T: Element>(
    mut store: StoreContextMut<'_, Host>,
    world: &World,
    id: EndId,
    future: Val,
) -> wasmtime::Result<()> {
    let Val::Future(future) = future else {
        return Err(Beyond::feature("a future of this type"));
    };
    let reader = FutureReader::<T>::try_from_future_any(future)?;
    reader.pipe(&mut store, Consumer::<T>::new(world, id))
}

/// One of the host's ends as Wasmtime knows it.
struct Held {
    world: World,
    id: EndId,
}

impl Held {
    /// What a guest's copy of so many elements comes to.
    fn meet(&self, guest: usize, guest_cancels: bool, cx: &Context<'_>) -> Meeting {
        let mut state = self.world.lock();
        state.with_end(self.id, |end, events| {
            end.meet(guest, guest_cancels, cx.waker(), events)
        })
    }

    /// The guest's copy has ended.
    fn met(&self, moved: Option<(usize, Vec<assize_protocol::value::Value>)>) {
        self.world.lock().met(self.id, moved);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.world.lock();
        state.with_end(self.id, |end, events| end.peer_gone(events));
    }
}

/// The guest reads what the host writes.
struct Producer<T> {
    held: Held,
    elements: std::marker::PhantomData<fn() -> T>,
}

impl<T: Element> Producer<T> {
    fn new(world: &World, id: EndId) -> Self {
        let world = world.clone();
        Producer {
            held: Held { world, id },
            elements: std::marker::PhantomData,
        }
    }

    /// The elements that the host writes, `count` of them.
    fn elements(&self, count: usize) -> wasmtime::Result<Vec<T>> {
        let mut state = self.held.world.lock();
        let values = state.with_end(self.held.id, |end, _| end.take_values(count));
        drop(state);
        // A copy without values is one of elements without a type.
        let values = values.into_iter().map(Some).chain(std::iter::repeat(None));
        let typed = values.take(count).map(|value| {
            let value = value.unwrap_or_else(|| Val::Tuple(Vec::new()));
            T::from_val(value).ok_or_else(|| Beyond::feature("an element of another type"))
        });
        typed.collect()
    }
}

impl<T: Element> StreamProducer<Host> for Producer<T> {
    type Item = T;
    type Buffer = VecBuffer<T>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut store: StoreContextMut<'a, Host>,
        mut destination: Destination<'a, T, VecBuffer<T>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let Some(room) = destination.remaining(store.as_context_mut()) else {
            return Poll::Ready(Err(Beyond::feature("host.give to the host itself")));
        };
        let (moved, result) = match self.held.meet(room, finish, cx) {
            Meeting::Waits => return Poll::Pending,
            Meeting::Moves(count) => {
                destination.set_buffer(self.elements(count)?.into());
                (Some((count, Vec::new())), StreamResult::Completed)
            }
            Meeting::Ready => (None, StreamResult::Completed),
            Meeting::Cancelled => (None, StreamResult::Cancelled),
            Meeting::Dropped => (None, StreamResult::Dropped),
        };
        self.held.met(moved);
        Poll::Ready(Ok(result))
    }
}

impl<T: Element> FutureProducer<Host> for Producer<T> {
    type Item = T;

    fn poll_produce(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        _: StoreContextMut<'_, Host>,
        finish: bool,
    ) -> Poll<wasmtime::Result<Option<T>>> {
        let value = match self.held.meet(1, finish, cx) {
            Meeting::Waits => return Poll::Pending,
            Meeting::Moves(count) => self.elements(count)?.pop(),
            Meeting::Cancelled => None,
            Meeting::Ready | Meeting::Dropped => {
                return Poll::Ready(Err(Beyond::feature("host.futures that are dropped")));
            }
        };
        self.held.met(value.as_ref().map(|_| (1, Vec::new())));
        Poll::Ready(Ok(value))
    }
}

/// The host reads what the guest writes.
struct Consumer<T> {
    held: Held,
    elements: std::marker::PhantomData<fn() -> T>,
}

impl<T: Element> Consumer<T> {
    fn new(world: &World, id: EndId) -> Self {
        let world = world.clone();
        Consumer {
            held: Held { world, id },
            elements: std::marker::PhantomData,
        }
    }

    /// Takes `count` elements, as many as the guest has.
    fn take(
        store: StoreContextMut<'_, Host>,
        source: &mut Source<'_, T>,
        count: usize,
    ) -> wasmtime::Result<Vec<assize_protocol::value::Value>> {
        let mut taken = Taken {
            values: Vec::new(),
            room: count,
        };
        source.read(store, &mut taken)?;
        let values = taken.values.into_iter().map(T::into_val);
        Ok(values.map(|value| event_value(&value)).collect())
    }
}

impl<T: Element> StreamConsumer<Host> for Consumer<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut store: StoreContextMut<'_, Host>,
        mut source: Source<'_, T>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let offered = source.remaining(store.as_context_mut());
        let (moved, result) = match self.held.meet(offered, finish, cx) {
            Meeting::Waits => return Poll::Pending,
            Meeting::Moves(count) => {
                let values = Self::take(store, &mut source, count)?;
                (Some((count, values)), StreamResult::Completed)
            }
            Meeting::Ready => (None, StreamResult::Completed),
            Meeting::Cancelled => (None, StreamResult::Cancelled),
            Meeting::Dropped => (None, StreamResult::Dropped),
        };
        self.held.met(moved);
        Poll::Ready(Ok(result))
    }
}

impl<T: Element> FutureConsumer<Host> for Consumer<T> {
    type Item = T;

    fn poll_consume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        store: StoreContextMut<'_, Host>,
        mut source: Source<'_, T>,
        finish: bool,
    ) -> Poll<wasmtime::Result<()>> {
        let moved = match self.held.meet(1, finish, cx) {
            Meeting::Waits => return Poll::Pending,
            Meeting::Moves(count) => Some((count, Self::take(store, &mut source, count)?)),
            Meeting::Cancelled => None,
            // A future's consumer has no word for it.
            Meeting::Ready | Meeting::Dropped => {
                let feature = "dropping a readable future that the host has read from";
                return Poll::Ready(Err(Beyond::feature(feature)));
            }
        };
        self.held.met(moved);
        Poll::Ready(Ok(()))
    }
}

/// Room for so many elements and not one more.
struct Taken<T> {
    values: Vec<T>,
    room: usize,
}

impl<T: Send + Sync + 'static> ReadBuffer<T> for Taken<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        let before = self.values.len();
        Extend::extend(&mut self.values, iter.into_iter().take(self.room));
        self.room -= self.values.len() - before;
    }

    fn remaining_capacity(&self) -> usize {
        self.room
    }

    fn move_from(&mut self, input: &mut dyn WriteBuffer<T>, count: usize) {
        let count = count.min(self.room);
        self.values.move_from(input, count);
        self.room -= count;
    }
}
