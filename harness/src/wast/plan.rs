//! A `.wast` text, or a component with calls of its exports, as a script that can be explored.
//!
//! What a directive expects stays here: exploration finds how each action can end, and
//! [`Planned::judge`] says whether that is what the directive wants. Directives whose end does not
//! depend on a schedule, such as `assert_invalid`, are left out, and so is what needs a core
//! instance.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::types::{FuncType, Label, ValType};
use assize_reference::explore::script::{Action, ActionIndex, Event, Script};
use assize_reference::host::HostFunc;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::Machine;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::FuncInst;
use assize_reference::machine::stop::{Stop, Trap};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, parser};

use super::interpret::assemble;
use super::judge::returned;
use super::script::{Lines, Place};
use super::values as patterns;
use crate::runtime::reference::values;
use crate::value::call::WrittenCall;
use crate::value::{CoreValue, Value};

/// A script, and for each of its actions where it comes from and what is wanted of it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The script.
    pub script: Script,
    /// One for each action of the script.
    pub planned: Vec<Planned>,
    /// The host's functions by their names.
    pub functions: BTreeMap<String, HostFunc>,
    /// The directives that are not part of the script, each with the reason.
    pub left_out: Vec<(Place, String)>,
}

/// An action of a plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The directive.
    pub place: Place,
    /// What the host does, in words: `invoke f(1)`.
    pub what: String,
    /// What is expected.
    pub wanted: Wanted,
    /// The types of what the call returns.
    pub(crate) results: Arc<[ValType]>,
}

/// What a directive wants of its action.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// An instance, or any return.
    Success,
    /// A return of these values.
    Returned(Vec<Value>),
    /// A trap.
    Trap,
    /// What the specification allows, which is what exploration finds.
    Anything,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The text is no script.
    #[error("{line}:{column}: not a script: {reason}")]
    Syntax {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// What is wrong there.
        reason: String,
    },
    /// The component cannot be used.
    #[error("{0}")]
    Component(String),
    /// A call cannot be made.
    #[error("`{call}`: {reason}")]
    Call {
        /// The call as given.
        call: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Planned {
    /// Whether an end of the action is what is wanted of it.
    pub fn judge(&self, event: &Event) -> bool {
        match (&self.wanted, event) {
            (Wanted::Anything, _) => true,
            (Wanted::Success, Event::Instantiated | Event::Returned(_)) => true,
            (Wanted::Returned(wanted), Event::Returned(_)) => {
                let actual = self.returned(event);
                wanted.len() == actual.len()
                    && wanted
                        .iter()
                        .zip(&actual)
                        .all(|(wanted, actual)| patterns::component_fits(wanted, actual))
            }
            (Wanted::Trap, Event::Stopped(Stop::Trap(_) | Stop::Deadlock)) => true,
            _ => false,
        }
    }

    /// What the host sees, in words.
    pub fn describe(&self, event: &Event) -> String {
        match event {
            Event::Instantiated => "instantiated".to_owned(),
            Event::Returned(_) => returned(&self.returned(event)),
            Event::Started => "started".to_owned(),
            Event::Requested => "asked to cancel".to_owned(),
            Event::Cancelled => "cancelled".to_owned(),
            Event::Unlinkable(error) => format!("unlinkable: {error}"),
            Event::Stopped(Stop::Trap(Trap::Rule(rule))) => {
                format!("trap: {} ({})", rule.meaning(), rule.id())
            }
            Event::Stopped(Stop::Trap(trap)) => format!("trap: {trap}"),
            Event::Stopped(stop) => stop.to_string(),
            Event::NotTaken => "not taken: the instance does not exist".to_owned(),
            Event::GivenUp => "given up: too many choices".to_owned(),
        }
    }

    /// One line of a trace: the action and how it ended.
    pub fn line(&self, event: &Event) -> String {
        let (line, what) = (self.place.line, &self.what);
        format!("{line}: {what} -> {}", self.describe(event))
    }

    fn returned(&self, event: &Event) -> Vec<Value> {
        let Event::Returned(returned) = event else {
            return Vec::new();
        };
        returned
            .iter()
            .zip(&*self.results)
            .map(|(value, ty)| values::from_machine(value, ty))
            .collect()
    }
}

/// The plan of a `.wast` text.
///
/// # Errors
/// [`PlanError::Syntax`] where the text is no script.
pub fn plan_text(text: &str, reading: Reading) -> Result<Plan, PlanError> {
    let lines = Lines::new(text);
    let syntax = |error: wast::Error| {
        let (line, column) = lines.position(error.span().offset());
        PlanError::Syntax {
            line,
            column,
            reason: error.message(),
        }
    };
    let buffer = super::script::buffer(text).map_err(syntax)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(syntax)?;
    let mut planner = Planner::new(reading);
    for directive in script.directives {
        let place = lines.place(&directive);
        if let Err(reason) = planner.directive(directive, &place) {
            planner.plan.left_out.push((place, reason));
        }
    }
    Ok(planner.finish())
}

/// A plan in the making, with a machine that has the instances, to know the types of functions.
struct Planner {
    plan: Plan,
    machine: Machine,
    made: HashMap<ActionIndex, Arc<InstanceValue>>,
    definitions: Names<Arc<Component>>,
    instances: Names<ActionIndex>,
    registered: BTreeMap<Label, ActionIndex>,
}

/// Things by name, and the last one.
pub(crate) struct Names<T> {
    named: HashMap<String, Option<T>>,
    latest: Option<T>,
}

impl<T: Clone> Names<T> {
    pub(crate) fn new() -> Self {
        Names {
            named: HashMap::new(),
            latest: None,
        }
    }

    pub(crate) fn bind(&mut self, name: Option<Id<'_>>, thing: Option<T>) {
        if let Some(name) = name {
            self.named.insert(name.name().to_owned(), thing.clone());
        }
        self.latest = thing;
    }

    pub(crate) fn find(&self, name: Option<Id<'_>>) -> Result<T, String> {
        let found = match name {
            Some(name) => self.named.get(name.name()).cloned().flatten(),
            None => self.latest.clone(),
        };
        found.ok_or_else(|| "what it is about is not part of the script".to_owned())
    }
}

impl Planner {
    fn finish(self) -> Plan {
        let host = self
            .machine
            .store
            .funcs
            .iter()
            .filter_map(|func| match func {
                FuncInst::Host(func) => Some((func.name.to_string(), func.clone())),
                FuncInst::Lifted(_) => None,
            });
        Plan {
            functions: host.collect(),
            ..self.plan
        }
    }

    fn new(reading: Reading) -> Planner {
        Planner {
            plan: Plan::default(),
            machine: Machine::new(Limits::default(), reading),
            made: HashMap::new(),
            definitions: Names::new(),
            instances: Names::new(),
            registered: BTreeMap::new(),
        }
    }

    /// Adds the actions of a directive. The error is why it has none.
    fn directive(&mut self, directive: WastDirective<'_>, place: &Place) -> Result<(), String> {
        use WastDirective as D;
        match directive {
            D::Module(mut wat) => {
                let name = wat.name();
                let component = component(&mut wat);
                self.definitions.bind(name, component.clone().ok());
                self.instances.bind(name, None);
                let action = self.instantiate(component?, place, Wanted::Success);
                self.instances.bind(name, Some(action));
                Ok(())
            }
            D::ModuleDefinition(mut wat) => {
                let component = component(&mut wat);
                self.definitions.bind(wat.name(), component.clone().ok());
                component.map(|_| ())
            }
            D::ModuleInstance {
                instance, module, ..
            } => {
                self.instances.bind(instance, None);
                let component = self.definitions.find(module)?;
                let action = self.instantiate(component, place, Wanted::Success);
                self.instances.bind(instance, Some(action));
                Ok(())
            }
            D::Register { name, module, .. } => {
                let action = self.instances.find(module)?;
                self.registered.insert(name.into(), action);
                Ok(())
            }
            D::Invoke(invoke) => self.invoke(&invoke, place, Wanted::Success),
            D::AssertReturn {
                exec: WastExecute::Invoke(invoke),
                results,
                ..
            } => {
                let wanted = results
                    .iter()
                    .map(component_pattern)
                    .collect::<Option<_>>()
                    .ok_or("what it expects is not a component's value")?;
                self.invoke(&invoke, place, Wanted::Returned(wanted))
            }
            D::AssertTrap { exec, .. } => match exec {
                WastExecute::Invoke(invoke) => self.invoke(&invoke, place, Wanted::Trap),
                WastExecute::Wat(wat) => {
                    let component = component(&mut QuoteWat::Wat(wat))?;
                    self.instantiate(component, place, Wanted::Trap);
                    Ok(())
                }
                WastExecute::Get { .. } => Err("components have no globals".to_owned()),
            },
            _ => Err("it does not depend on a schedule".to_owned()),
        }
    }

    fn instantiate(
        &mut self,
        component: Arc<Component>,
        place: &Place,
        wanted: Wanted,
    ) -> ActionIndex {
        let imports: BTreeMap<Label, Entity> = self
            .registered
            .iter()
            .filter_map(|(name, action)| {
                let instance = self.made.get(action)?.clone();
                Some((name.clone(), Entity::Instance(instance)))
            })
            .collect();
        self.machine.refuel();
        let made = self
            .machine
            .instantiate(&component, &imports, &mut Deterministic);
        let action = Action::Instantiate {
            component,
            imports: self.registered.clone(),
        };
        let action = self.add(action, place, "instantiate".to_owned(), wanted, [].into());
        if let Ok(made) = made {
            self.made.insert(action, made);
        }
        action
    }

    fn invoke(
        &mut self,
        invoke: &WastInvoke<'_>,
        place: &Place,
        wanted: Wanted,
    ) -> Result<(), String> {
        let instance = self.instances.find(invoke.module)?;
        let args = invoke.args.iter().map(component_argument);
        let args = args.collect::<Result<_, _>>()?;
        self.call(instance, invoke.name, args, place, wanted)
    }

    /// The type of an export of the instance that `instance` makes, if it makes one.
    fn export_type(
        &self,
        instance: ActionIndex,
        export: &str,
    ) -> Result<Option<Arc<FuncType>>, String> {
        let Some(made) = self.made.get(&instance) else {
            return Ok(None);
        };
        match made.exports.get(export) {
            Some(Entity::Func(func)) => Ok(Some(self.machine.store.func(*func).ty().clone())),
            _ => Err(format!("there is no function `{export}` among the exports")),
        }
    }

    fn call(
        &mut self,
        instance: ActionIndex,
        export: &str,
        args: Vec<Value>,
        place: &Place,
        wanted: Wanted,
    ) -> Result<(), String> {
        let shown: Vec<String> = args.iter().map(ToString::to_string).collect();
        let what = format!("invoke {export}({})", shown.join(", "));
        let ty = self.export_type(instance, export)?;
        let (args, results) = match ty {
            Some(ty) if ty.params.len() != args.len() => {
                return Err(format!("it takes {} arguments", ty.params.len()));
            }
            Some(ty) => {
                let args = args.iter().zip(&*ty.params);
                let args = args
                    .map(|(arg, ty)| values::to_machine(arg, ty))
                    .collect::<Result<_, _>>()
                    .map_err(|mismatch| mismatch.to_string())?;
                (args, ty.result.iter().cloned().collect())
            }
            None => (Vec::new(), [].into()),
        };
        let action = Action::Invoke {
            instance,
            export: export.into(),
            args,
        };
        self.add(action, place, what, wanted, results);
        Ok(())
    }

    fn written_call(
        &mut self,
        instance: ActionIndex,
        call: &str,
        place: &Place,
    ) -> Result<(), String> {
        let call = WrittenCall::parse(call).map_err(|e| e.to_string())?;
        let ty = self.export_type(instance, call.name())?;
        let ty = ty.ok_or("the component cannot be instantiated")?;
        let args = call.args(&ty.params).map_err(|e| e.to_string())?;
        self.call(instance, call.name(), args, place, Wanted::Success)
    }

    fn add(
        &mut self,
        action: Action,
        place: &Place,
        what: String,
        wanted: Wanted,
        results: Arc<[ValType]>,
    ) -> ActionIndex {
        self.plan.script.actions.push(action);
        self.plan.planned.push(Planned {
            place: place.clone(),
            what,
            wanted,
            results,
        });
        self.plan.planned.len() - 1
    }
}

fn component(wat: &mut QuoteWat<'_>) -> Result<Arc<Component>, String> {
    let wasm = assemble(wat)?;
    if !wasmparser::Parser::is_component(&wasm) {
        return Err("core modules have no schedule".to_owned());
    }
    Component::new(&wasm).map_err(|error| error.to_string())
}

/// The value of an argument of a component's function. Scripts write its floats as those of core
/// functions. The error is what is not known of it.
pub(crate) fn component_argument(argument: &WastArg<'_>) -> Result<Value, String> {
    let value = patterns::argument(argument).map_err(|unknown| unknown.0)?;
    Ok(match value {
        Value::Core(CoreValue::F32(bits)) => Value::F32(bits),
        Value::Core(CoreValue::F64(bits)) => Value::F64(bits),
        value => value,
    })
}

/// The value that a component's function should return; none for what only core functions do.
pub(crate) fn component_pattern(pattern: &WastRet<'_>) -> Option<Value> {
    match pattern {
        WastRet::Component(value) => Some(patterns::component_value(value)),
        WastRet::Core(pattern) => patterns::component_float(pattern),
        _ => None,
    }
}

/// The plan of a component that is instantiated, and then called as each of `calls` says, which
/// are in WAVE: `f(1, "two")`. Each is expected to return.
///
/// # Errors
/// [`PlanError::Component`] where the component is refused or cannot be instantiated,
/// [`PlanError::Call`] where a call does not fit it.
pub fn plan_component(wasm: &[u8], calls: &[String], reading: Reading) -> Result<Plan, PlanError> {
    let component = Component::new(wasm).map_err(|e| PlanError::Component(e.to_string()))?;
    let mut planner = Planner::new(reading);
    let place = |line: usize| Place {
        line: line as u32,
        column: 0,
        directive: "component".to_owned(),
    };
    let instance = planner.instantiate(component, &place(0), Wanted::Success);
    for (position, call) in calls.iter().enumerate() {
        let place = place(position + 1);
        planner
            .written_call(instance, call, &place)
            .map_err(|reason| PlanError::Call {
                call: call.clone(),
                reason,
            })?;
    }
    Ok(planner.finish())
}
