//! Calls of the host's functions.

use super::event::HostEvent;
use super::state::{
    EndOp, HostEnd, HostFunc, ImportCall, ImportCallId, ImportState, Release, Token,
};
use super::verb::Verb;
use crate::abi::Value;
use crate::component::ast::{Channel, End};
use crate::component::types::{Label, ValType};
use crate::machine::choice::ChoicePoint;
use crate::machine::state::{Callee, SubtaskId};
use crate::machine::step::Step;
use crate::machine::stop::{Stop, Trap};
use crate::machine::waitable::{Shared, SharedId};

/// How the host answers a call that has taken its arguments.
enum Answer {
    /// It returns these values, none or one, before the caller goes on.
    Returned(Vec<Value>),
    /// It has not returned yet.
    Open(Option<Token>, ImportState),
}

impl Step<'_> {
    /// Calls a function of the host for `subtask`. A function of a synchronous type has returned
    /// when control comes back.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `FuncInst`.
    pub(crate) fn call_host(&mut self, func: HostFunc, subtask: SubtaskId) -> Result<(), Stop> {
        if func.verb == Verb::Unstarted {
            let call = self.add_import_call(func, subtask, None, ImportState::Unstarted);
            self.store.host.unstarted.push_back(call);
            return Ok(());
        }
        let args = self.start_import_call(&func, subtask)?;
        match self.answer(&func, args)? {
            Answer::Returned(values) => {
                self.resolve_subtask(subtask, Some(values), &func.ty.result)?;
            }
            Answer::Open(token, state) => {
                self.add_import_call(func, subtask, token, state);
            }
        }
        self.host_turn()
    }

    fn add_import_call(
        &mut self,
        func: HostFunc,
        subtask: SubtaskId,
        token: Option<Token>,
        state: ImportState,
    ) -> ImportCallId {
        let call = ImportCallId(self.store.host.calls.add(ImportCall {
            func,
            subtask,
            token,
            state,
            postponed: false,
        }));
        self.store.subtask_mut(subtask).callee = Some(Callee::Host(call));
        call
    }

    /// The host takes the arguments.
    pub(super) fn start_import_call(
        &mut self,
        func: &HostFunc,
        subtask: SubtaskId,
    ) -> Result<Vec<Value>, Stop> {
        let args = self.start_subtask(subtask, &func.ty.params)?;
        let args: Vec<_> = args.into_iter().map(Value::held_by_host).collect();
        self.host_sees(HostEvent::Called {
            func: func.name.clone(),
            effect: func.ty.effect,
            args: args.clone(),
        });
        Ok(args)
    }

    /// The guest drops a resource of the host's.
    pub(crate) fn host_drops_resource(&mut self, resource: Label, rep: u64) {
        self.host_sees(HostEvent::Dropped { resource, rep });
    }

    fn answer(&mut self, func: &HostFunc, mut args: Vec<Value>) -> Result<Answer, Stop> {
        let token = match args.first() {
            Some(&Value::U32(token)) => token,
            _ => 0,
        };
        let value = (args.len() > 1).then(|| args.swap_remove(1));
        let returned = match func.verb {
            Verb::Trace | Verb::Unstarted => Vec::new(),
            Verb::Echo => {
                return Ok(match func.ty.effect {
                    crate::component::types::Effect::Sync => Answer::Returned(args),
                    crate::component::types::Effect::Async => {
                        Answer::Open(None, ImportState::Returning(args))
                    }
                });
            }
            Verb::Pending | Verb::Stubborn => {
                return Ok(Answer::Open(Some(token), ImportState::Pending));
            }
            Verb::Acknowledge => {
                let asked = |call: &ImportCall| call.state == ImportState::CancelRequested;
                self.set_due(token, asked, ImportState::Cancelling);
                Vec::new()
            }
            Verb::Start => {
                if let Some(call) = self.store.host.unstarted.pop_front() {
                    self.store.host.calls.get_mut(call.0).state = ImportState::Starting;
                }
                Vec::new()
            }
            Verb::Resolve => {
                let types = &func.ty.params[1..];
                let open = |call: &ImportCall| {
                    let waits = [ImportState::Pending, ImportState::CancelRequested];
                    waits.contains(&call.state) && *call.func.ty.result == *types
                };
                self.set_due(token, open, ImportState::Returning(Vec::from_iter(value)));
                Vec::new()
            }
            Verb::New(channel) => vec![self.host_makes_channel(channel, token, &func.ty.result)],
            Verb::Take(channel) => {
                if let Some(Value::Stream(shared) | Value::Future(shared)) = value {
                    self.host_keeps_end(channel, End::Readable, token, shared);
                }
                Vec::new()
            }
            Verb::Give(channel) => vec![self.host_gives_end(channel, token, &func.ty.result)?],
            Verb::Read(channel) => {
                let length = match (channel, value) {
                    (Channel::Stream, Some(Value::U32(count))) => count,
                    _ => 1,
                };
                self.order_copy(channel, End::Readable, token, length, Vec::new(), None);
                Vec::new()
            }
            Verb::Write(channel) => {
                self.host_writes(channel, token, value, &func.ty.params[1..]);
                Vec::new()
            }
            Verb::Cancel(channel) => self.order(channel, token, EndOp::Cancel),
            Verb::Drop(channel) => self.order(channel, token, EndOp::Drop),
            Verb::Release(channel) => {
                if let Some(end) = self.host_end(channel, token) {
                    end.release = Release::Due;
                }
                Vec::new()
            }
            Verb::Hold(channel) => {
                if let Some(end) = self.host_end(channel, token) {
                    end.holds = true;
                    end.release = Release::NotDue;
                }
                Vec::new()
            }
            Verb::ResourceNew => vec![Value::Own(token.into())],
            Verb::ResourceRep | Verb::ResourceTake => match args.first() {
                Some(Value::Own(rep) | Value::Borrow(rep)) => vec![Value::U32(*rep as u32)],
                _ => return Err(Stop::Broken),
            },
        };
        Ok(Answer::Returned(returned))
    }

    /// Says of the first call with `token` that `wanted` holds for what is due.
    fn set_due(&mut self, token: Token, wanted: impl Fn(&ImportCall) -> bool, due: ImportState) {
        let mut calls = self.store.host.calls.iter_mut();
        if let Some(call) = calls.find(|call| call.token == Some(token) && wanted(call)) {
            call.state = due;
            call.postponed = false;
        }
    }

    /// The guest asks the host to cancel a call that has not returned.
    ///
    /// Spec: CanonicalABI.md, "Embedding", `OnCancel`.
    pub(crate) fn request_host_cancellation(&mut self, id: ImportCallId) -> Result<(), Stop> {
        let call = self.store.host.calls.get(id.0);
        let stubborn = call.func.verb == Verb::Stubborn;
        let state = match &call.state {
            ImportState::Pending if stubborn => ImportState::CancelRequested,
            ImportState::Unstarted | ImportState::Pending => ImportState::Cancelling,
            // The host may have set out to do something else.
            ImportState::Starting | ImportState::Returning(_) if !stubborn => {
                match self.choose(ChoicePoint::HostCancel, 2) {
                    0 => return self.host_turn(),
                    _ => ImportState::Cancelling,
                }
            }
            _ => return Ok(()),
        };
        self.store.host.unstarted.retain(|&waits| waits != id);
        let call = self.store.host.calls.get_mut(id.0);
        call.state = state;
        call.postponed = false;
        self.host_turn()
    }

    fn host_makes_channel(&mut self, channel: Channel, token: Token, result: &[ValType]) -> Value {
        let t = match result {
            [ValType::Stream(t) | ValType::Future(t)] => t.clone(),
            _ => None,
        };
        let shared = SharedId(self.store.shared.add(Shared {
            t,
            dropped: false,
            pending: None,
        }));
        self.host_keeps_end(channel, End::Writable, token, shared);
        end_value(channel, shared)
    }

    /// Where the token names another end already, that one is out of reach from now on.
    fn host_keeps_end(&mut self, channel: Channel, end: End, token: Token, shared: SharedId) {
        let end = HostEnd::new(channel, end, shared);
        self.store.host.ends.insert(token, end);
    }

    fn host_gives_end(
        &mut self,
        channel: Channel,
        token: Token,
        result: &[ValType],
    ) -> Result<Value, Stop> {
        let given = self.store.host.ends.get(&token).filter(|end| {
            let t = &self.store.shared(end.shared).t;
            let same = matches!(result, [ValType::Stream(u) | ValType::Future(u)] if u == t);
            let idle = end.copy.is_none() && end.ops.is_empty() && !end.done;
            (end.channel, end.end) == (channel, End::Readable) && idle && same
        });
        let Some(shared) = given.map(|end| end.shared) else {
            return Err(Stop::Trap(Trap::Host("the host has no such end to give")));
        };
        self.store.host.ends.remove(&token);
        Ok(end_value(channel, shared))
    }

    fn host_writes(
        &mut self,
        channel: Channel,
        token: Token,
        value: Option<Value>,
        types: &[ValType],
    ) {
        let (length, values, t) = match (channel, value, types) {
            (Channel::Stream, Some(Value::List(values)), [ValType::List(t)]) => {
                (values.len() as u32, values, Some(t.clone()))
            }
            (Channel::Stream, Some(Value::U32(count)), _) => (count, Vec::new(), None),
            (Channel::Future, Some(value), [t]) => (1, vec![value], Some(t.clone().into())),
            _ => (1, Vec::new(), None),
        };
        self.order_copy(channel, End::Writable, token, length, values, t);
    }
}

/// The readable end of `shared` as a value.
fn end_value(channel: Channel, shared: SharedId) -> Value {
    match channel {
        Channel::Stream => Value::Stream(shared),
        Channel::Future => Value::Future(shared),
    }
}
