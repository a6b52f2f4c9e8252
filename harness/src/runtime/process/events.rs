//! Reading the events of the host world: their values by the types of the host's functions.

use std::collections::BTreeMap;

use assize_protocol::host::{Copied, HostEvent, HostFunction};
use assize_protocol::message::Event;
use assize_protocol::types::Type;
use assize_protocol::value::Value;
use assize_protocol::value::json::{Mismatch, from_json};
use assize_reference::host::Verb;
use serde_json::Value as Json;

use super::protocol_error;
use crate::runtime::Failure;

/// What is known of the host world since the last reset.
#[derive(Default)]
pub(super) struct HostTypes {
    functions: BTreeMap<String, HostFunction>,
    /// The element types of the ends that tokens name.
    elements: BTreeMap<u32, Option<Type>>,
}

impl HostTypes {
    /// Adds what an instance imports.
    pub(super) fn add(&mut self, functions: &[HostFunction]) {
        let named = functions.iter().map(|f| (f.name.clone(), f.clone()));
        self.functions.extend(named);
    }

    /// Reads an event.
    pub(super) fn read(&mut self, event: Event) -> Result<HostEvent, Failure> {
        Ok(match event {
            Event::Call { call, args } => self.call(call, &args)?,
            Event::Cancelled { cancelled } => HostEvent::Cancelled { token: cancelled },
            Event::Dropped { dropped, rep } => HostEvent::Dropped {
                resource: dropped,
                rep,
            },
            Event::Copied {
                copied,
                values,
                written,
                end,
            } => HostEvent::Copied {
                token: copied,
                copied: self.copied(copied, values, written)?,
                end: end.into(),
            },
        })
    }

    fn call(&mut self, name: String, args: &[Json]) -> Result<HostEvent, Failure> {
        let function = self.functions.get(&name);
        let function = function.ok_or_else(|| {
            protocol_error(format!("an event is about `{name}`, which nobody imports"))
        })?;
        if args.len() != function.params.len() {
            let (given, taken) = (args.len(), function.params.len());
            let message = format!("the event of `{name}` has {given} arguments, not {taken}");
            return Err(protocol_error(message));
        }
        let args = args.iter().zip(&function.params);
        let args = args.map(|(arg, (_, ty))| from_json(arg, ty));
        let args: Vec<Value> = args
            .collect::<Result<_, _>>()
            .map_err(|error| does_not_fit(&name, &error))?;
        // The first argument of a function that deals with an end is the end's token.
        if let (Some(Value::U32(token)), Some(element)) = (args.first(), element(function)) {
            self.elements.insert(*token, element.cloned());
        }
        Ok(HostEvent::Call {
            function: name,
            args,
        })
    }

    fn copied(
        &self,
        token: u32,
        values: Option<Json>,
        written: Option<u32>,
    ) -> Result<Copied, Failure> {
        let values = match (values, written) {
            (None, Some(count)) => return Ok(Copied::Written(count)),
            (Some(values), None) => values,
            _ => {
                let message = format!("the copy of {token} has not one of `values` and `written`");
                return Err(protocol_error(message));
            }
        };
        let what = format!("copy of {token}");
        let error = |error| does_not_fit(&what, &error);
        match self.elements.get(&token) {
            None => {
                let message = format!("an event is about the end {token}, which there is not");
                Err(protocol_error(message))
            }
            Some(None) => match from_json(&values, &Type::U32).map_err(error)? {
                Value::U32(count) => Ok(Copied::Count(count)),
                _ => Ok(Copied::Count(0)),
            },
            Some(Some(ty)) => {
                let ty = Type::List(Box::new(ty.clone()));
                match from_json(&values, &ty).map_err(error)? {
                    Value::List(values) => Ok(Copied::Values(values)),
                    _ => Ok(Copied::Values(Vec::new())),
                }
            }
        }
    }
}

/// The element type of the stream or future of which the host gets an end from a function; none if
/// it gets none.
fn element(function: &HostFunction) -> Option<Option<&Type>> {
    if !Verb::of(&function.name).is_some_and(Verb::brings_end) {
        return None;
    }
    let params = function.params.iter().map(|(_, ty)| ty);
    params.chain(&function.result).find_map(|ty| match ty {
        Type::Stream(element) | Type::Future(element) => Some(element.as_deref()),
        _ => None,
    })
}

fn does_not_fit(what: &str, error: &Mismatch) -> Failure {
    protocol_error(format!("a value in the event of `{what}`: {error}"))
}

#[cfg(test)]
mod tests {
    use assize_protocol::host::{CopyEnd, Effect};
    use serde_json::json;

    use super::*;
    use crate::runtime::OutcomeClass;

    fn types() -> HostTypes {
        let function = |name: &str, params: &[(&str, Type)], result| HostFunction {
            instance: "i".into(),
            name: name.into(),
            effect: Effect::Sync,
            params: params
                .iter()
                .map(|(n, t)| ((*n).to_owned(), t.clone()))
                .collect(),
            result,
        };
        let element = Type::U8;
        let mut types = HostTypes::default();
        types.add(&[
            function("trace", &[("a", Type::S64)], None),
            function(
                "stream-new",
                &[("token", Type::U32)],
                Some(Type::Stream(Some(Box::new(element)))),
            ),
            function(
                "future-new",
                &[("token", Type::U32)],
                Some(Type::Future(None)),
            ),
        ]);
        types
    }

    fn read(types: &mut HostTypes, event: Json) -> Result<HostEvent, Failure> {
        types.read(serde_json::from_value(event).unwrap())
    }

    #[test]
    fn arguments_are_read_by_the_types_of_the_function() {
        let event = read(&mut types(), json!({"call": "trace", "args": ["-1"]}));
        assert_eq!(
            event,
            Ok(HostEvent::Call {
                function: "trace".into(),
                args: vec![Value::S64(-1)],
            })
        );
    }

    #[test]
    fn copied_values_are_read_by_the_type_of_the_end() {
        let mut types = types();
        read(&mut types, json!({"call": "stream-new", "args": [1]})).unwrap();
        read(&mut types, json!({"call": "future-new", "args": [2]})).unwrap();
        let mut copied = |event| match read(&mut types, event).unwrap() {
            HostEvent::Copied { copied, end, .. } => (copied, end),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            copied(json!({"copied": 1, "values": [5, 6], "end": "completed"})),
            (
                Copied::Values(vec![Value::U8(5), Value::U8(6)]),
                CopyEnd::Completed
            )
        );
        assert_eq!(
            copied(json!({"copied": 2, "values": 1, "end": "dropped"})),
            (Copied::Count(1), CopyEnd::Dropped)
        );
        assert_eq!(
            copied(json!({"copied": 1, "written": 3, "end": "cancelled"})),
            (Copied::Written(3), CopyEnd::Cancelled)
        );
    }

    #[test]
    fn what_does_not_fit_is_a_protocol_error() {
        for event in [
            json!({"call": "none", "args": []}),
            json!({"call": "trace", "args": []}),
            json!({"call": "trace", "args": [1]}),
            json!({"copied": 9, "values": 1, "end": "completed"}),
            json!({"copied": 9, "end": "completed"}),
        ] {
            let failure = read(&mut types(), event).unwrap_err();
            assert_eq!(failure.class, OutcomeClass::Protocol);
        }
    }
}
