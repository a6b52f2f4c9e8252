//! What the host does, and what it sees.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::abi::Value;
use crate::component::ast::Component;
use crate::component::link::LinkError;
use crate::component::types::Label;
use crate::host::HostEvent;
use crate::machine::state::ErrorContext;
use crate::machine::stop::Stop;
use crate::machine::waitable::SharedId;

/// What the host does, one action after the other.
///
/// [`Action::Invoke`] ends as soon as the call has returned, whatever other threads are ready then.
/// The host does not wait for those. They go on when a later action lets threads run, if there is
/// one. [`Action::Start`], [`Action::Await`] and [`Action::Cancel`] are what hosts do whose event
/// loop may let others go on before it comes back to them: whether it does is a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Script {
    /// The actions.
    pub actions: Vec<Action>,
}

/// The number of an action of a script, from 0.
pub type ActionIndex = usize;

/// One thing that the host does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It instantiates a component.
    Instantiate {
        /// The component.
        component: Arc<Component>,
        /// For each import the action that makes the instance that is given.
        imports: BTreeMap<Label, ActionIndex>,
    },
    /// It calls an export and waits until that has returned.
    Invoke {
        /// The action that makes the instance.
        instance: ActionIndex,
        /// The export's name.
        export: Label,
        /// The arguments, which must be of the parameters' types.
        args: Vec<Value>,
    },
    /// It calls an export, and goes on when that has returned or blocked.
    Start {
        /// The action that makes the instance.
        instance: ActionIndex,
        /// The export's name.
        export: Label,
        /// The arguments, which must be of the parameters' types.
        args: Vec<Value>,
    },
    /// It waits until a call has returned.
    Await {
        /// The action that has started the call.
        call: ActionIndex,
    },
    /// It asks the callee of a call to cancel.
    Cancel {
        /// The action that has started the call.
        call: ActionIndex,
    },
}

/// What the host sees of an action: how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The instance is there.
    Instantiated,
    /// The imports are not satisfied.
    Unlinkable(LinkError),
    /// The call is under way, or has ended.
    Started,
    /// The callee has been asked to cancel, if there was one left to ask.
    Requested,
    /// The call returned these values, none or one. All handles are alike to the host, and so
    /// are all NaNs.
    Returned(Vec<Value>),
    /// The call was cancelled.
    Cancelled,
    /// The action trapped or passed a limit, or the call cannot return.
    Stopped(Stop),
    /// The action was not taken, since what it is about does not exist.
    NotTaken,
    /// The run was given up while the action was under way.
    GivenUp,
}

/// One event for each action that has ended, in order.
pub type Trace = Vec<Event>;

/// What the host can tell of an event of its own world.
pub(super) fn observed_event(event: HostEvent) -> HostEvent {
    let all = |values: Vec<Value>| values.into_iter().map(observed).collect();
    match event {
        HostEvent::Called { func, effect, args } => HostEvent::Called {
            func,
            effect,
            args: all(args),
        },
        HostEvent::Copied {
            token,
            end,
            values,
            count,
            result,
        } => HostEvent::Copied {
            token,
            end,
            values: all(values),
            count,
            result,
        },
        event => event,
    }
}

/// What the host can tell of a value.
pub(super) fn observed(value: Value) -> Value {
    match value {
        Value::F32(bits) if f32::from_bits(bits).is_nan() => Value::F32(f32::NAN.to_bits()),
        Value::F64(bits) if f64::from_bits(bits).is_nan() => Value::F64(f64::NAN.to_bits()),
        Value::ErrorContext(_) => Value::ErrorContext(ErrorContext {
            debug_message: crate::abi::StringValue::host(""),
        }),
        Value::String(text) => Value::String(crate::abi::StringValue::host(text.text)),
        Value::List(values) => Value::List(values.into_iter().map(observed).collect()),
        Value::Record(values) => Value::Record(values.into_iter().map(observed).collect()),
        Value::Variant { case, payload } => Value::Variant {
            case,
            payload: payload.map(|payload| Box::new(observed(*payload))),
        },
        Value::Own(_) => Value::Own(0),
        Value::Borrow(_) => Value::Borrow(0),
        Value::Stream(_) => Value::Stream(SharedId(0)),
        Value::Future(_) => Value::Future(SharedId(0)),
        value => value,
    }
}
