//! Between the messages and what a runtime takes and gives.

use super::*;
use crate::host::{Copied, HostEvent};
use crate::runtime::Outcome;
use crate::value::json::to_json;

impl From<Reading> for WireReading {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Text => WireReading::Text,
            Reading::Tests => WireReading::Tests,
        }
    }
}

impl From<WireReading> for Reading {
    fn from(reading: WireReading) -> Self {
        match reading {
            WireReading::Text => Reading::Text,
            WireReading::Tests => Reading::Tests,
        }
    }
}

impl From<MessageMatching> for WireMatching {
    fn from(matching: MessageMatching) -> Self {
        match matching {
            MessageMatching::ClassOnly => WireMatching::Class,
            MessageMatching::Contains => WireMatching::Contains,
        }
    }
}

impl From<WireMatching> for MessageMatching {
    fn from(matching: WireMatching) -> Self {
        match matching {
            WireMatching::Class => MessageMatching::ClassOnly,
            WireMatching::Contains => MessageMatching::Contains,
        }
    }
}

impl From<HostFunction> for WireHostFunction {
    fn from(function: HostFunction) -> Self {
        WireHostFunction {
            instance: function.instance,
            name: function.name,
            is_async: function.effect == Effect::Async,
            params: function.params,
            result: function.result,
        }
    }
}

impl From<WireHostFunction> for HostFunction {
    fn from(function: WireHostFunction) -> Self {
        let effect = match function.is_async {
            true => Effect::Async,
            false => Effect::Sync,
        };
        HostFunction {
            instance: function.instance,
            name: function.name,
            effect,
            params: function.params,
            result: function.result,
        }
    }
}

impl From<CopyEnd> for WireCopyEnd {
    fn from(end: CopyEnd) -> Self {
        match end {
            CopyEnd::Completed => WireCopyEnd::Completed,
            CopyEnd::Dropped => WireCopyEnd::Dropped,
            CopyEnd::Cancelled => WireCopyEnd::Cancelled,
        }
    }
}

impl From<WireCopyEnd> for CopyEnd {
    fn from(end: WireCopyEnd) -> Self {
        match end {
            WireCopyEnd::Completed => CopyEnd::Completed,
            WireCopyEnd::Dropped => CopyEnd::Dropped,
            WireCopyEnd::Cancelled => CopyEnd::Cancelled,
        }
    }
}

impl From<HostEvent> for Event {
    fn from(event: HostEvent) -> Self {
        match event {
            HostEvent::Call { function, args } => Event::Call {
                call: function,
                args: args.iter().map(to_json).collect(),
            },
            HostEvent::Cancelled { token } => Event::Cancelled { cancelled: token },
            HostEvent::Copied { token, copied, end } => {
                let (values, written) = match copied {
                    Copied::Values(values) => (Some(values.iter().map(to_json).collect()), None),
                    Copied::Count(count) => (Some(count.into()), None),
                    Copied::Written(count) => (None, Some(count)),
                };
                let (copied, end) = (token, end.into());
                Event::Copied {
                    copied,
                    values,
                    written,
                    end,
                }
            }
            HostEvent::Dropped { resource, rep } => Event::Dropped {
                dropped: resource,
                rep,
            },
        }
    }
}

impl From<Outcome> for WireOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Returned(values) => WireOutcome::Returned {
                returned: values.iter().map(to_json).collect(),
            },
            Outcome::Cancelled => WireOutcome::Cancelled { cancelled: true },
        }
    }
}

impl From<Failure> for WireFailure {
    fn from(failure: Failure) -> Self {
        let mut feature = None;
        let class = match failure.class {
            OutcomeClass::Malformed => FailureClass::Malformed,
            OutcomeClass::Invalid => FailureClass::Invalid,
            OutcomeClass::Unlinkable => FailureClass::Unlinkable,
            OutcomeClass::Trap => FailureClass::Trap,
            OutcomeClass::Exception => FailureClass::Exception,
            OutcomeClass::Suspension => FailureClass::Suspension,
            OutcomeClass::Exhaustion => FailureClass::Exhaustion,
            OutcomeClass::Unsupported { feature: missing } => {
                feature = Some(missing);
                FailureClass::Unsupported
            }
            OutcomeClass::Usage => FailureClass::Usage,
            OutcomeClass::Timeout => FailureClass::Timeout,
            OutcomeClass::Deadlock => FailureClass::Deadlock,
            // Only the harness sees that an answer is none; an adapter never says so of itself.
            OutcomeClass::Crash | OutcomeClass::Protocol => FailureClass::Crash,
        };
        WireFailure {
            class,
            message: failure.message,
            rule: failure.rule,
            feature,
        }
    }
}

impl From<WireFailure> for Failure {
    fn from(failure: WireFailure) -> Self {
        let class = match failure.class {
            FailureClass::Malformed => OutcomeClass::Malformed,
            FailureClass::Invalid => OutcomeClass::Invalid,
            FailureClass::Unlinkable => OutcomeClass::Unlinkable,
            FailureClass::Trap => OutcomeClass::Trap,
            FailureClass::Exception => OutcomeClass::Exception,
            FailureClass::Suspension => OutcomeClass::Suspension,
            FailureClass::Exhaustion => OutcomeClass::Exhaustion,
            FailureClass::Unsupported => OutcomeClass::Unsupported {
                feature: failure.feature.unwrap_or_else(|| failure.message.clone()),
            },
            FailureClass::Usage => OutcomeClass::Usage,
            FailureClass::Timeout => OutcomeClass::Timeout,
            FailureClass::Deadlock => OutcomeClass::Deadlock,
            FailureClass::Crash => OutcomeClass::Crash,
        };
        Failure {
            class,
            message: failure.message,
            rule: failure.rule,
        }
    }
}
