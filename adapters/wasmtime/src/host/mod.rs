//! The host world `assize:host` on Wasmtime.
//!
//! Guests order what the host does. A function of a synchronous type does it before it returns,
//! as far as it can be done then; a function of an `async` type is a Rust future, which Wasmtime
//! polls in its event loop and drops where the guest cancels the call.
//!
//! Wasmtime does not let a host refuse to be cancelled or put off taking its arguments, and it
//! wants the element types of streams and futures as Rust types. What does not go is refused when
//! a component is linked, as unsupported.

use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{
    Accessor, Component, Linker, LinkerInstance, ResourceAny, ResourceDynamic, ResourceType, Type,
    Val,
};
use wasmtime::{AsContextMut, StoreContextMut};

use assize_protocol::host::{HOST_WORLD, HostEvent};
use assize_protocol::runtime::{Failure, OutcomeClass, usage};
use assize_protocol::value::Value;

use crate::Host;
use crate::values::from_wasmtime;

mod channel;
mod element;
mod end;
mod verb;
mod world;

use element::Channels;
use end::{Copy, End, Op, Side};
use verb::{Channel, Verb};
use world::EndId;
pub(crate) use world::World;

/// Something that this host cannot do: the test is unsupported, and no trap.
#[derive(Debug, thiserror::Error)]
#[error("the host does not have: {0}")]
pub(crate) struct Beyond(pub(crate) String);

impl Beyond {
    fn feature(feature: impl Into<String>) -> wasmtime::Error {
        wasmtime::Error::new(Beyond(feature.into()))
    }
}

/// A value as an event shows it: the host keeps no handles for later.
fn event_value(value: &Val) -> Value {
    from_wasmtime(value, &mut |_| None)
}

/// Defines what a component imports from the host world.
pub(crate) fn link(
    linker: &mut Linker<Host>,
    component: &Component,
    world: &World,
) -> Result<(), Failure> {
    let ty = component.component_type();
    let engine = component.engine().clone();
    for (name, item) in ty.imports(&engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else {
            continue;
        };
        if name != HOST_WORLD {
            continue;
        }
        let mut linker = linker.instance(name).map_err(refused)?;
        for (name, item) in instance.exports(&engine) {
            match item.ty {
                ComponentItem::ComponentFunc(ty) => define(&mut linker, world, name, &ty)?,
                ComponentItem::Resource(_) => define_resource(&mut linker, world, name)?,
                _ => {}
            }
        }
    }
    Ok(())
}

fn refused(error: wasmtime::Error) -> Failure {
    usage(format!("{error:#}"))
}

fn define_resource(
    linker: &mut LinkerInstance<'_, Host>,
    world: &World,
    name: &str,
) -> Result<(), Failure> {
    let ty = ResourceType::host_dynamic(world.lock().resource(name));
    let (world, resource) = (world.clone(), name.to_owned());
    let dropped = move |_: StoreContextMut<'_, Host>, rep| {
        let resource = resource.clone();
        let event = HostEvent::Dropped { resource, rep };
        world.lock().events.push(event);
        Ok(())
    };
    linker.resource(name, ty, dropped).map_err(refused)
}

fn define(
    linker: &mut LinkerInstance<'_, Host>,
    world: &World,
    name: &str,
    ty: &ComponentFunc,
) -> Result<(), Failure> {
    let func = Function::new(world, name, ty).map_err(|feature| {
        let message = format!("`{name}`: the host does not have {feature}");
        Failure::new(OutcomeClass::Unsupported { feature }, message)
    })?;
    let defined = if ty.async_() {
        linker.func_new_concurrent(name, move |accessor, ty, args, results| {
            let func = func.clone();
            Box::pin(async move { func.call_async(accessor, &ty, args, results).await })
        })
    } else {
        linker.func_new(name, move |store, ty, args, results| {
            func.call(store, &ty, args, results)
        })
    };
    defined.map_err(refused)
}

/// A function of the host world.
#[derive(Clone)]
struct Function {
    world: World,
    name: String,
    verb: Verb,
    /// What to do with the streams or futures in its type, if there are any.
    channels: Option<Channels>,
}

impl Function {
    /// The function, or what the host would have to have for it.
    fn new(world: &World, name: &str, ty: &ComponentFunc) -> Result<Self, String> {
        let verb = Verb::of(name)?;
        let channel = match verb {
            Verb::New(_) | Verb::Give(_) => ty.results().next(),
            Verb::Take(_) => ty.params().nth(1).map(|(_, ty)| ty),
            _ => None,
        };
        let channels = match channel {
            Some(channel) => {
                let channels = Channels::of(element_of(channel).as_ref());
                let missing = || "streams and futures of this element type".to_owned();
                Some(channels.ok_or_else(missing)?)
            }
            None => None,
        };
        Ok(Function {
            world: world.clone(),
            name: name.to_owned(),
            verb,
            channels,
        })
    }

    fn note_call(&self, args: &[Val]) {
        let function = self.name.clone();
        let args = args.iter().map(event_value).collect();
        let event = HostEvent::Call { function, args };
        self.world.lock().events.push(event);
    }

    /// The type does not go with the verb.
    fn misfit<T>(&self) -> wasmtime::Result<T> {
        let feature = format!("a function `{}` of this type", self.name);
        Err(Beyond::feature(feature))
    }

    /// A call through an `async` type.
    async fn call_async(
        &self,
        accessor: &Accessor<Host>,
        ty: &ComponentFunc,
        args: &[Val],
        results: &mut [Val],
    ) -> wasmtime::Result<()> {
        self.note_call(args);
        match (self.verb, args) {
            (Verb::Trace, _) => {
                accessor.with(|mut store| give_back(store.as_context_mut(), args))?;
            }
            (Verb::Echo, _) if args.len() == results.len() => results.clone_from_slice(args),
            (Verb::Pending, [Val::U32(token), rest @ ..]) => {
                accessor.with(|mut store| give_back(store.as_context_mut(), rest))?;
                let values = self.world.pend(*token, ty.results().next()).await;
                for (result, value) in results.iter_mut().zip(values) {
                    *result = value;
                }
            }
            _ => return self.misfit(),
        }
        Ok(())
    }

    /// A call through a synchronous type.
    fn call(
        &self,
        mut store: StoreContextMut<'_, Host>,
        ty: &ComponentFunc,
        args: &[Val],
        results: &mut [Val],
    ) -> wasmtime::Result<()> {
        self.note_call(args);
        match (self.verb, args) {
            (Verb::Trace, _) => give_back(store, args)?,
            (Verb::Echo, _) if args.len() == results.len() => results.clone_from_slice(args),
            (Verb::Resolve, [Val::U32(token), rest @ ..]) if rest.len() < 2 => {
                let wanted = ty.params().nth(1).map(|(_, ty)| ty);
                let value = rest.first().cloned();
                self.world.lock().resolve(*token, value, wanted);
            }
            (Verb::ResourceNew, [Val::U32(rep)]) => {
                let [result] = results else {
                    return self.misfit();
                };
                let Some(Type::Own(resource)) = ty.results().next() else {
                    return self.misfit();
                };
                let Some(number) = self.world.lock().resource_of(resource) else {
                    return self.misfit();
                };
                let own = ResourceDynamic::new_own(*rep, number);
                *result = Val::Resource(own.try_into_resource_any(store)?);
            }
            (Verb::ResourceRep | Verb::ResourceTake, [Val::Resource(resource)]) => {
                let [result] = results else {
                    return self.misfit();
                };
                let resource = resource.try_into_resource_dynamic(store)?;
                *result = Val::U32(resource.rep());
            }
            (_, [Val::U32(token), rest @ ..]) => {
                let done = self.act(store.as_context_mut(), ty, *token, rest)?;
                match (done, results) {
                    (None, []) => {}
                    (Some(value), [result]) => *result = value,
                    _ => return self.misfit(),
                }
            }
            _ => return self.misfit(),
        }
        Ok(())
    }

    /// Does something with the end that a token names. Gives the result, if there is one.
    fn act(
        &self,
        store: StoreContextMut<'_, Host>,
        ty: &ComponentFunc,
        token: u32,
        args: &[Val],
    ) -> wasmtime::Result<Option<Val>> {
        let of_arg = ty.params().nth(1).map(|(_, ty)| ty);
        match (self.verb, args) {
            (Verb::New(channel), []) => {
                let element = ty.results().next().and_then(element_of);
                return self.make(store, channel, token, element).map(Some);
            }
            (Verb::Give(channel), []) => return self.give(channel, token).map(Some),
            (Verb::Take(channel), [end]) => {
                self.take(channel, token, end, of_arg.and_then(element_of))?;
            }
            (Verb::Read(Channel::Stream), [Val::U32(count)]) => {
                self.read(store, Channel::Stream, token, *count as usize)?;
            }
            (Verb::Read(Channel::Future), []) => self.read(store, Channel::Future, token, 1)?,
            (Verb::Write(Channel::Stream), [Val::U32(count)]) => {
                self.write(Channel::Stream, token, None, *count as usize, Vec::new());
            }
            (Verb::Write(Channel::Stream), [Val::List(values)]) => {
                let element = match of_arg {
                    Some(Type::List(list)) => Some(list.ty()),
                    _ => None,
                };
                let length = values.len();
                self.write(Channel::Stream, token, element, length, values.clone());
            }
            (Verb::Write(Channel::Future), values) if values.len() < 2 => {
                self.write(Channel::Future, token, of_arg, 1, values.to_vec());
            }
            (Verb::Cancel(channel), []) => self.order(channel, token, Op::Cancel),
            (Verb::Drop(channel), []) => self.drop_end(store, channel, token)?,
            (Verb::Hold(channel), []) => self.hold(store, channel, token)?,
            (Verb::Release(channel), []) => self.release(channel, token),
            _ => return self.misfit(),
        }
        Ok(None)
    }

    fn make(
        &self,
        store: StoreContextMut<'_, Host>,
        channel: Channel,
        token: u32,
        element: Option<Type>,
    ) -> wasmtime::Result<Val> {
        let Some(channels) = self.channels else {
            return self.misfit();
        };
        let end = End::new(token, channel, Side::Writable);
        let id = self.world.lock().keep(token, end, channels, element, None);
        match channel {
            Channel::Stream => (channels.make_stream)(store, &self.world, id),
            Channel::Future => (channels.make_future)(store, &self.world, id),
        }
    }

    fn take(
        &self,
        channel: Channel,
        token: u32,
        readable: &Val,
        element: Option<Type>,
    ) -> wasmtime::Result<()> {
        let Some(channels) = self.channels else {
            return self.misfit();
        };
        let end = End::new(
            token,
            channel,
            Side::Readable {
                typed: channels.typed,
            },
        );
        let readable = Some(readable.clone());
        let mut state = self.world.lock();
        state.keep(token, end, channels, element, readable);
        Ok(())
    }

    /// Hands out a readable end. Once the host has read from it, Wasmtime does not give it back.
    fn give(&self, channel: Channel, token: u32) -> wasmtime::Result<Val> {
        let mut state = self.world.lock();
        let named = state.named_readable(channel, token);
        let Some(id) = named.filter(|&id| state.with_end(id, |end, _| end.is_idle())) else {
            return Err(wasmtime::Error::msg("the host has no such end to give"));
        };
        let given = state.take_unread(id);
        let given = given.ok_or_else(|| Beyond::feature("giving an end that has been read"))?;
        state.forget(token);
        Ok(given)
    }

    fn read(
        &self,
        store: StoreContextMut<'_, Host>,
        channel: Channel,
        token: u32,
        length: usize,
    ) -> wasmtime::Result<()> {
        let mut state = self.world.lock();
        let Some(id) = state.named_readable(channel, token) else {
            return Ok(());
        };
        let values = Vec::new();
        state.with_end(id, |end, events| {
            end.order(Op::Copy(Copy { length, values }), events);
        });
        drop(state);
        self.pipe(store, id)
    }

    /// Has Wasmtime offer to the host what the guest writes, if it does not already.
    fn pipe(&self, store: StoreContextMut<'_, Host>, id: EndId) -> wasmtime::Result<()> {
        let mut state = self.world.lock();
        let (unread, channels) = (state.take_unread(id), state.channels(id));
        if unread.is_some() {
            state.with_end(id, |end, _| end.offered());
        }
        // Wasmtime may drop the consumer at once, which asks for the lock.
        drop(state);
        match unread {
            Some(end @ Val::Stream(_)) => (channels.pipe_stream)(store, &self.world, id, end),
            Some(end) => (channels.pipe_future)(store, &self.world, id, end),
            None => Ok(()),
        }
    }

    fn write(
        &self,
        channel: Channel,
        token: u32,
        element: Option<Type>,
        length: usize,
        values: Vec<Val>,
    ) {
        let mut state = self.world.lock();
        if let Some(id) = state.named_writable(channel, token, element.as_ref()) {
            state.with_end(id, |end, events| {
                end.order(Op::Copy(Copy { length, values }), events);
            });
        }
    }

    fn order(&self, channel: Channel, token: u32, op: Op) {
        let mut state = self.world.lock();
        if let Some(id) = state.named(channel, token) {
            state.with_end(id, |end, events| end.order(op, events));
        }
    }

    /// Only a host that reads learns of the copies that it is to hold.
    fn hold(
        &self,
        store: StoreContextMut<'_, Host>,
        channel: Channel,
        token: u32,
    ) -> wasmtime::Result<()> {
        let mut state = self.world.lock();
        let Some(id) = state.named(channel, token) else {
            return Ok(());
        };
        state.with_end(id, |end, _| end.hold());
        drop(state);
        self.pipe(store, id)
    }

    fn release(&self, channel: Channel, token: u32) {
        let mut state = self.world.lock();
        if let Some(id) = state.named(channel, token) {
            state.with_end(id, |end, _| end.release());
        }
    }

    fn drop_end(
        &self,
        mut store: StoreContextMut<'_, Host>,
        channel: Channel,
        token: u32,
    ) -> wasmtime::Result<()> {
        let mut state = self.world.lock();
        let Some(id) = state.named(channel, token) else {
            return Ok(());
        };
        let unread = state.take_unread(id);
        if unread.is_some() {
            state.forget(token);
        } else {
            state.with_end(id, |end, events| end.order(Op::Drop, events));
        }
        // Wasmtime may drop a producer of the host's now, which asks for the lock.
        drop(state);
        match unread {
            Some(Val::Stream(mut stream)) => stream.close(&mut store),
            Some(Val::Future(mut future)) => future.close(&mut store),
            _ => Ok(()),
        }
    }
}

/// The element type of a stream or future, if it has one.
fn element_of(ty: Type) -> Option<Type> {
    match ty {
        Type::Stream(stream) => stream.ty(),
        Type::Future(future) => future.ty(),
        _ => None,
    }
}

/// Borrowed handles go back to the guest before the call returns.
fn give_back(mut store: StoreContextMut<'_, Host>, args: &[Val]) -> wasmtime::Result<()> {
    let mut borrowed = Vec::new();
    for arg in args {
        find_borrowed(arg, &mut borrowed);
    }
    for resource in borrowed {
        resource.try_into_resource_dynamic(&mut store)?;
    }
    Ok(())
}

/// Adds the borrowed handles in `value`, wherever they are in it.
fn find_borrowed(value: &Val, found: &mut Vec<ResourceAny>) {
    match value {
        Val::Resource(resource) if !resource.owned() => found.push(*resource),
        Val::List(values) | Val::Tuple(values) => {
            for value in values {
                find_borrowed(value, found);
            }
        }
        Val::Record(fields) => {
            for (_, value) in fields {
                find_borrowed(value, found);
            }
        }
        Val::Map(entries) => {
            for (key, value) in entries {
                find_borrowed(key, found);
                find_borrowed(value, found);
            }
        }
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => find_borrowed(value, found),
        _ => {}
    }
}
