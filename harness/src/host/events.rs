//! Events of the host's world, between adapters, the reference and people.

use std::collections::BTreeMap;
use std::sync::Arc;

use assize_protocol::host as protocol;
use assize_reference::abi::{StringValue, Value as MachineValue};
use assize_reference::component::ast::End;
use assize_reference::component::types::ValType;
use assize_reference::host::{HostEvent, HostFunc};
use assize_reference::machine::state::ErrorContext;
use assize_reference::machine::waitable::{CopyResult, SharedId};

use crate::runtime::reference::values;
use crate::value::{HandleKind, Value};

/// What is known of the host's functions and, from the calls of these, of its ends.
#[derive(Clone, Debug)]
pub(crate) struct Types<'p> {
    functions: &'p BTreeMap<String, HostFunc>,
    /// The elements' types of the ends, by their tokens.
    ends: BTreeMap<u32, Option<Arc<ValType>>>,
}

impl<'p> Types<'p> {
    pub(crate) fn new(functions: &'p BTreeMap<String, HostFunc>) -> Types<'p> {
        Types {
            functions,
            ends: BTreeMap::new(),
        }
    }

    /// Learns from an event what elements an end has.
    fn learn(&mut self, event: &HostEvent) {
        let HostEvent::Called { func, args, .. } = event else {
            return;
        };
        let (Some(function), Some(&MachineValue::U32(token))) =
            (self.functions.get(&**func), args.first())
        else {
            return;
        };
        if let Some(t) = function.element_type() {
            self.ends.insert(token, t.clone());
        }
    }

    /// The event as the reference has it. The error says why it cannot be one.
    pub(crate) fn event(&mut self, event: &protocol::HostEvent) -> Result<HostEvent, String> {
        let event = match event {
            protocol::HostEvent::Call { function, args } => {
                let func = self.functions.get(function);
                let func = func
                    .ok_or_else(|| format!("a call of `{function}`, which no component imports"))?;
                if args.len() != func.ty.params.len() {
                    let wanted = func.ty.params.len();
                    return Err(format!(
                        "a call of `{function}` without its {wanted} arguments"
                    ));
                }
                let args = args.iter().zip(&*func.ty.params);
                HostEvent::Called {
                    func: func.name.clone(),
                    effect: func.ty.effect,
                    args: args
                        .map(|(arg, ty)| observed(arg, ty))
                        .collect::<Result<_, _>>()?,
                }
            }
            protocol::HostEvent::Cancelled { token } => HostEvent::Cancelled { token: *token },
            protocol::HostEvent::Copied { token, copied, end } => {
                self.copied(*token, copied, *end)?
            }
            protocol::HostEvent::Dropped { resource, rep } => HostEvent::Dropped {
                resource: resource.as_str().into(),
                rep: (*rep).into(),
            },
        };
        self.learn(&event);
        Ok(event)
    }

    fn copied(
        &self,
        token: u32,
        copied: &protocol::Copied,
        end: protocol::CopyEnd,
    ) -> Result<HostEvent, String> {
        let t = self.ends.get(&token);
        let t = t.ok_or_else(|| format!("a copy of {token}, which names no end"))?;
        let (end_kind, count, values) = match (copied, t) {
            (protocol::Copied::Written(count), _) => (End::Writable, *count, Vec::new()),
            (protocol::Copied::Count(count), None) => (End::Readable, *count, Vec::new()),
            (protocol::Copied::Values(values), Some(t)) => {
                let read = values.iter().map(|value| observed(value, t));
                let read = read.collect::<Result<Vec<_>, _>>()?;
                (End::Readable, read.len() as u32, read)
            }
            _ => {
                return Err(format!(
                    "a copy of {token} with values where it has no element type, or without"
                ));
            }
        };
        Ok(HostEvent::Copied {
            token,
            end: end_kind,
            values,
            count,
            result: match end {
                protocol::CopyEnd::Completed => CopyResult::Completed,
                protocol::CopyEnd::Dropped => CopyResult::Dropped,
                protocol::CopyEnd::Cancelled => CopyResult::Cancelled,
            },
        })
    }

    /// The event in words, with values in WAVE.
    pub(crate) fn describe(&mut self, event: &HostEvent) -> String {
        self.learn(event);
        match event {
            HostEvent::Called { func, args, .. } => {
                let types = self.functions.get(&**func).map(|func| &*func.ty.params);
                let args = args.iter().zip(types.unwrap_or_default());
                let args: Vec<_> = args.map(|(arg, ty)| written(arg, ty)).collect();
                format!("call {func}({})", args.join(", "))
            }
            HostEvent::Cancelled { token } => format!("pending call {token} cancelled"),
            HostEvent::Copied {
                token,
                end,
                values,
                count,
                result,
            } => {
                let what = match (end, self.ends.get(token)) {
                    (End::Writable, _) => format!("{count} written"),
                    (End::Readable, Some(Some(t))) => {
                        let values: Vec<_> = values.iter().map(|value| written(value, t)).collect();
                        format!("read [{}]", values.join(", "))
                    }
                    (End::Readable, _) => format!("{count} read"),
                };
                let how = match result {
                    CopyResult::Completed => "completed",
                    CopyResult::Dropped => "dropped",
                    CopyResult::Cancelled => "cancelled",
                };
                format!("end {token}: {what}, {how}")
            }
            HostEvent::Dropped { resource, rep } => format!("drop {resource}({rep})"),
        }
    }
}

fn written(value: &MachineValue, ty: &ValType) -> String {
    values::from_machine(value, ty).to_string()
}

/// A value that was observed as the reference has it. All handles are alike.
pub(crate) fn observed(value: &Value, ty: &ValType) -> Result<MachineValue, String> {
    values::to_machine_with(value, ty, &|handle, ty| {
        Some(match (handle.kind, ty) {
            (HandleKind::Resource, ValType::Own(_)) => MachineValue::Own(0),
            (HandleKind::Resource, ValType::Borrow(_)) => MachineValue::Borrow(0),
            (HandleKind::Stream, ValType::Stream(_)) => MachineValue::Stream(SharedId(0)),
            (HandleKind::Future, ValType::Future(_)) => MachineValue::Future(SharedId(0)),
            (HandleKind::ErrorContext, ValType::ErrorContext) => {
                MachineValue::ErrorContext(ErrorContext {
                    debug_message: StringValue::host(""),
                })
            }
            _ => return None,
        })
    })
    .map_err(|mismatch| mismatch.to_string())
}
