//! What the host's functions do, by the beginning of their names.

use crate::component::ast::Channel;
use crate::component::types::{Effect, FuncType, ValType};

/// What a function of the host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Nothing: the call is a mark in the trace.
    Trace,
    /// It returns its argument.
    Echo,
    /// It returns when it is resolved, and is cancelled when that is asked for.
    Pending,
    /// It returns when it is resolved. A request to cancel is only noted.
    Stubborn,
    /// A stubborn call that was asked to cancel is cancelled.
    Acknowledge,
    /// It does not take its arguments until it is started, and then returns.
    Unstarted,
    /// The unstarted call that has waited longest starts.
    Start,
    /// A pending or stubborn call returns a value.
    Resolve,
    /// It makes a stream or future and keeps the writable end.
    New(Channel),
    /// It keeps a readable end.
    Take(Channel),
    /// It hands out a readable end that it keeps.
    Give(Channel),
    /// It reads from a readable end.
    Read(Channel),
    /// It writes to a writable end.
    Write(Channel),
    /// It cancels its copy.
    Cancel(Channel),
    /// It drops its end.
    Drop(Channel),
    /// It keeps the buffers of copies that the guest cancels.
    Hold(Channel),
    /// It gives such buffers back.
    Release(Channel),
    /// It makes a resource.
    ResourceNew,
    /// It gives a resource's representation.
    ResourceRep,
    /// It takes a resource.
    ResourceTake,
}

/// The names, with the types that go with them.
const VERBS: [(&str, Verb, &str); 29] = {
    use Channel::{Future, Stream};
    use Verb::{
        Acknowledge, Cancel, Drop, Echo, Give, Hold, New, Pending, Read, Release, Resolve,
        ResourceNew, ResourceRep, ResourceTake, Start, Stubborn, Take, Trace, Unstarted, Write,
    };
    const TOKEN: &str = "func(token: u32)";
    const CALL: &str = "async func(token: u32, any…) [-> T]";
    [
        ("trace", Trace, "func(any…)"),
        ("echo", Echo, "[async] func() or [async] func(v: T) -> T"),
        ("pending", Pending, CALL),
        ("stubborn", Stubborn, CALL),
        ("acknowledge", Acknowledge, TOKEN),
        ("unstarted", Unstarted, "async func(any…)"),
        ("start", Start, "func()"),
        ("resolve", Resolve, "func(token: u32[, value: T])"),
        ("stream-new", New(Stream), "func(token: u32) -> stream<T>"),
        (
            "stream-take",
            Take(Stream),
            "func(token: u32, s: stream<T>)",
        ),
        ("stream-give", Give(Stream), "func(token: u32) -> stream<T>"),
        ("stream-read", Read(Stream), "func(token: u32, count: u32)"),
        (
            "stream-write",
            Write(Stream),
            "func(token: u32, values: list<T>) or func(token: u32, count: u32)",
        ),
        ("stream-cancel", Cancel(Stream), TOKEN),
        ("stream-drop", Drop(Stream), TOKEN),
        ("stream-hold", Hold(Stream), TOKEN),
        ("stream-release", Release(Stream), TOKEN),
        ("future-new", New(Future), "func(token: u32) -> future<T>"),
        (
            "future-take",
            Take(Future),
            "func(token: u32, f: future<T>)",
        ),
        ("future-give", Give(Future), "func(token: u32) -> future<T>"),
        ("future-read", Read(Future), TOKEN),
        (
            "future-write",
            Write(Future),
            "func(token: u32[, value: T])",
        ),
        ("future-cancel", Cancel(Future), TOKEN),
        ("future-drop", Drop(Future), TOKEN),
        ("future-hold", Hold(Future), TOKEN),
        ("future-release", Release(Future), TOKEN),
        ("resource-new", ResourceNew, "func(rep: u32) -> own<R>"),
        ("resource-rep", ResourceRep, "func(r: borrow<R>) -> u32"),
        ("resource-take", ResourceTake, "func(r: own<R>) -> u32"),
    ]
};

impl Verb {
    /// The verb of the function `name`: the whole name, or what stands before a `-`.
    pub fn of(name: &str) -> Option<Verb> {
        let found = VERBS.iter().find(|(verb, ..)| {
            let rest = name.strip_prefix(verb);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        found.map(|(_, verb, _)| *verb)
    }

    /// Whether the host gets an end of a stream or future from it, and keeps that under the token.
    pub fn brings_end(self) -> bool {
        matches!(self, Verb::New(_) | Verb::Take(_))
    }

    /// The types that functions with this verb may have.
    pub fn expected(self) -> &'static str {
        let found = VERBS.iter().find(|(_, verb, _)| *verb == self);
        found.map_or("", |(_, _, expected)| expected)
    }

    /// Whether a function of type `ty` can do it.
    pub fn fits(self, ty: &FuncType) -> bool {
        use ValType::U32;
        let (params, result) = (&*ty.params, &*ty.result);
        let shape = match self {
            Verb::Trace => result.is_empty(),
            Verb::Echo => params == result,
            Verb::Pending | Verb::Stubborn => params.first() == Some(&U32),
            Verb::Unstarted => result.is_empty(),
            Verb::Start => params.is_empty() && result.is_empty(),
            Verb::Acknowledge
            | Verb::Cancel(_)
            | Verb::Drop(_)
            | Verb::Hold(_)
            | Verb::Release(_)
            | Verb::Read(Channel::Future) => params == [U32] && result.is_empty(),
            Verb::Read(Channel::Stream) => params == [U32, U32] && result.is_empty(),
            Verb::Resolve | Verb::Write(Channel::Future) => {
                matches!(params, [U32] | [U32, _]) && result.is_empty()
            }
            Verb::Write(Channel::Stream) => {
                matches!(params, [U32, U32 | ValType::List(_)]) && result.is_empty()
            }
            Verb::New(channel) | Verb::Give(channel) => {
                params == [U32] && matches!(result, [end] if is_end(channel, end))
            }
            Verb::Take(channel) => {
                matches!(params, [U32, end] if is_end(channel, end)) && result.is_empty()
            }
            Verb::ResourceNew => params == [U32] && matches!(result, [ValType::Own(_)]),
            Verb::ResourceRep => matches!(params, [ValType::Borrow(_)]) && result == [U32],
            Verb::ResourceTake => matches!(params, [ValType::Own(_)]) && result == [U32],
        };
        shape
            && match self {
                Verb::Echo => true,
                Verb::Pending | Verb::Stubborn | Verb::Unstarted => ty.effect == Effect::Async,
                _ => ty.effect == Effect::Sync,
            }
    }
}

fn is_end(channel: Channel, ty: &ValType) -> bool {
    match channel {
        Channel::Stream => matches!(ty, ValType::Stream(_)),
        Channel::Future => matches!(ty, ValType::Future(_)),
    }
}
