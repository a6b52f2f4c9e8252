//! What the host does in a sample, for the reference to do it.

use std::collections::BTreeMap;

use assize_reference::LoadError;
use assize_reference::abi::Value;
use assize_reference::component::ast::Component;
use assize_reference::explore::script::{Action, Script};

use crate::emit::{Command, Emitted};
use crate::program::{Callee, FunctionId, InstanceId, Program, Type};

/// Why there is no script.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// A component is refused.
    #[error("{name}: {error}")]
    Refused {
        /// The component's name.
        name: String,
        /// Why.
        error: LoadError,
    },
    /// An argument is none of those that samples have: integers, lists of them, and cases without a
    /// payload.
    #[error("`{0}` is no argument of a sample")]
    Argument(String),
    /// A command is about what is not there.
    #[error("there is no `{0}`")]
    Missing(String),
}

/// The commands as the reference takes them.
///
/// # Errors
/// [`ScriptError`] where the reference refuses a component, or cannot be told of a command.
pub fn script(program: &Program, emitted: &Emitted) -> Result<Script, ScriptError> {
    let mut components = Vec::new();
    for (name, wasm) in &emitted.components {
        let component = Component::new(wasm).map_err(|error| ScriptError::Refused {
            name: name.clone(),
            error,
        });
        components.push(component?);
    }
    let mut made = BTreeMap::new();
    let mut actions = Vec::new();
    for command in &emitted.commands {
        let number = actions.len();
        let find = |made: &BTreeMap<String, usize>, name: &String| {
            let found = made.get(name).copied();
            found.ok_or_else(|| ScriptError::Missing(name.clone()))
        };
        actions.push(match command {
            Command::Instance { name, component } => {
                made.insert(name.clone(), number);
                let component = components.get(*component).cloned();
                Action::Instantiate {
                    component: component.ok_or_else(|| ScriptError::Missing(name.clone()))?,
                    imports: BTreeMap::new(),
                }
            }
            Command::Start {
                call,
                instance,
                export,
                args,
            } => {
                let instance = find(&made, instance)?;
                made.insert(call.clone(), number);
                let types = types(program, export);
                let args = args.iter().zip(&types).map(|(arg, ty)| value(arg, ty));
                Action::Start {
                    instance,
                    export: export.as_str().into(),
                    args: args.collect::<Result<_, _>>()?,
                }
            }
            Command::Load {
                call,
                instance,
                export,
                words,
            } => {
                let instance = find(&made, instance)?;
                made.insert(call.clone(), number);
                let words = words.iter().copied().map(Value::U64).collect();
                Action::Start {
                    instance,
                    export: export.as_str().into(),
                    args: vec![Value::List(words)],
                }
            }
            Command::Await(call) => Action::Await {
                call: find(&made, call)?,
            },
            Command::Cancel(call) => Action::Cancel {
                call: find(&made, call)?,
            },
        });
    }
    Ok(Script { actions })
}

/// The types of an export's parameters.
fn types(program: &Program, export: &str) -> Vec<Type> {
    let function = export.strip_prefix('i').and_then(|rest| {
        let (instance, function) = rest.split_once("-f")?;
        Some(Callee::Function {
            instance: InstanceId(instance.parse().ok()?),
            function: FunctionId(function.parse().ok()?),
        })
    });
    match function {
        Some(function) => program.function_type(function).params.clone(),
        None => Vec::new(),
    }
}

fn value(text: &str, ty: &Type) -> Result<Value, ScriptError> {
    let number = |ty: &Type| -> Option<Value> {
        Some(match ty {
            Type::U8 => Value::U8(text.trim().parse().ok()?),
            Type::U16 => Value::U16(text.trim().parse().ok()?),
            Type::U32 => Value::U32(text.trim().parse().ok()?),
            Type::U64 => Value::U64(text.trim().parse().ok()?),
            Type::Variant(cases) => Value::Variant {
                case: cases
                    .iter()
                    .position(|(name, ty)| name == text && ty.is_none())?
                    as u32,
                payload: None,
            },
            _ => return None,
        })
    };
    if let Type::List(element) = ty {
        let inner = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        let inner = inner.ok_or_else(|| ScriptError::Argument(text.to_owned()))?;
        let elements = inner
            .split(',')
            .filter(|element| !element.trim().is_empty());
        let elements = elements.map(|text| value(text, element));
        return Ok(Value::List(elements.collect::<Result<_, _>>()?));
    }
    number(ty).ok_or_else(|| ScriptError::Argument(text.to_owned()))
}
