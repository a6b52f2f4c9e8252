//! A host-driven test with everything resolved: types, arguments, and the script to explore.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assize_protocol::host::Imports;
use assize_protocol::recent::Recent;
use assize_reference::component::ast::Component;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::types::{FuncType, ValType};
use assize_reference::explore::script::{Action, Script};
use assize_reference::host::HostFunc;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::{InstantiateError, Machine};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::FuncInst;

use super::case::{Case, Command, Step};
use crate::interface::Interface;
use crate::runtime::reference::values;
use crate::value::Value;
use crate::value::call::WrittenCall;
use crate::wast::{self, Place, Plan, Wanted};

/// A test that can be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The components' bytes.
    pub components: Vec<Vec<u8>>,
    /// What the host does.
    pub steps: Vec<PlannedStep>,
    /// The same as the reference takes it, one action for each step.
    pub script: Script,
    /// The host's functions by their names.
    pub functions: BTreeMap<String, HostFunc>,
}

/// A command with what it is about.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    /// The line of the script.
    pub line: u32,
    /// The command in words.
    pub what: String,
    /// What the host does.
    pub kind: StepKind,
}

/// What the host does. Other steps are named by their positions.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// It instantiates a component.
    Instantiate {
        /// The component's position.
        component: usize,
        /// The functions and resource types of the host's world that it imports.
        host: Imports,
        /// The imports that other instances are given for, and the steps that make those.
        with: Vec<(String, usize)>,
    },
    /// It calls an export.
    Start {
        /// The step that makes the instance.
        instance: usize,
        /// The export.
        export: String,
        /// The arguments.
        args: Vec<Value>,
        /// The export's type.
        ty: Arc<FuncType>,
    },
    /// It waits for the call that a step has started.
    Await(usize),
    /// It asks for the call that a step has started to be cancelled.
    Cancel(usize),
}

/// Why a test cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}: {reason}")]
pub struct PlanError {
    /// The line of the script.
    pub line: u32,
    /// What is wrong there.
    pub reason: String,
}

/// Components that were decoded, since the same ones come again and again where a shape serves many
/// tests.
#[derive(Clone, Debug)]
pub struct Definitions {
    recent: Recent<Definition>,
    limits: Limits,
}

/// A decoded component, and what it imports from the host world.
#[derive(Clone, Debug)]
struct Definition {
    component: Arc<Component>,
    host: Imports,
}

/// How many components stay decoded.
const DEFINITIONS: usize = 32;

impl Definitions {
    /// None yet. To know the types of what instances export, tests are planned on a machine with
    /// these limits.
    pub fn new(limits: Limits) -> Definitions {
        Definitions {
            recent: Recent::new(DEFINITIONS),
            limits,
        }
    }

    fn get(&mut self, wasm: &[u8]) -> Result<Definition, String> {
        self.recent.get_or(wasm, |wasm| {
            let component = Component::new(wasm).map_err(|error| error.to_string())?;
            let interface = Interface::of(wasm).map_err(|error| error.to_string())?;
            let host = Imports {
                instances: BTreeMap::new(),
                host: interface.host,
                resources: interface.resources,
            };
            Ok(Definition { component, host })
        })
    }
}

impl Default for Definitions {
    fn default() -> Self {
        Definitions::new(Limits::default())
    }
}

impl Planned {
    /// The types of what the call returns that a step awaits; none for other steps.
    pub fn result_types(&self, step: usize) -> &[ValType] {
        let Some(StepKind::Await(call)) = self.steps.get(step).map(|step| &step.kind) else {
            return &[];
        };
        match &self.steps[*call].kind {
            StepKind::Start { ty, .. } => &ty.result,
            _ => &[],
        }
    }

    /// Resolves a test, up to the first instance whose start function traps.
    ///
    /// # Errors
    /// [`PlanError`] where the reference refuses a component, or where the script and the components
    /// do not fit.
    pub fn new(case: &Case) -> Result<Planned, PlanError> {
        Planned::with(case, &mut Definitions::default())
    }

    /// The same with components that may have been decoded already.
    ///
    /// # Errors
    /// Those of [`Planned::new`].
    pub fn with(case: &Case, definitions: &mut Definitions) -> Result<Planned, PlanError> {
        let mut planner = Planner {
            machine: Machine::new(definitions.limits.clone(), Reading::Text),
            definitions: Vec::new(),
            instances: HashMap::new(),
            calls: HashMap::new(),
            last_instance: None,
            planned: Planned {
                components: case
                    .components
                    .iter()
                    .map(|(_, wasm)| wasm.clone())
                    .collect(),
                steps: Vec::new(),
                script: Script::default(),
                functions: BTreeMap::new(),
            },
        };
        for (_, wasm) in &case.components {
            let definition = definitions.get(wasm).map_err(|reason| PlanError {
                line: case.line(),
                reason,
            })?;
            planner.definitions.push(definition);
        }
        for command in &case.commands {
            planner.command(command).map_err(|reason| PlanError {
                line: command.line,
                reason,
            })?;
            // After a start function that traps, nothing else can be done.
            if planner
                .instances
                .values()
                .any(|made| made.instance.is_none())
            {
                break;
            }
        }
        Ok(planner.planned)
    }
}

struct Planner {
    /// Has the instances, to know the types of what they export.
    machine: Machine,
    definitions: Vec<Definition>,
    instances: HashMap<String, Made>,
    calls: HashMap<String, usize>,
    last_instance: Option<String>,
    planned: Planned,
}

/// What a step has made.
struct Made {
    step: usize,
    /// The instance, unless its start function traps.
    instance: Option<Arc<InstanceValue>>,
}

impl Planner {
    fn command(&mut self, command: &Command) -> Result<(), String> {
        let (what, kind, action) = match &command.step {
            Step::Instance {
                name,
                component,
                with,
            } => self.instantiate(name, *component, with)?,
            Step::Start {
                call,
                instance,
                text,
            } => self.start(call, instance.as_ref(), text)?,
            Step::Await(call) => {
                let step = self.call(call)?;
                let action = Action::Await { call: step };
                (format!("await {call}"), StepKind::Await(step), action)
            }
            Step::Cancel(call) => {
                let step = self.call(call)?;
                let action = Action::Cancel { call: step };
                (format!("cancel {call}"), StepKind::Cancel(step), action)
            }
        };
        self.planned.script.actions.push(action);
        self.planned.steps.push(PlannedStep {
            line: command.line,
            what,
            kind,
        });
        Ok(())
    }

    fn call(&self, name: &str) -> Result<usize, String> {
        let call = self.calls.get(name).copied();
        call.ok_or_else(|| format!("no call `{name}` was started"))
    }

    fn made(&self, name: &str) -> Result<&Made, String> {
        let made = self.instances.get(name);
        made.ok_or_else(|| format!("there is no instance `{name}`"))
    }

    fn instantiate(
        &mut self,
        name: &str,
        component: usize,
        with: &[(String, String)],
    ) -> Result<(String, StepKind, Action), String> {
        let Definition {
            component: definition,
            host,
        } = self.definitions[component].clone();
        let mut steps = Vec::new();
        let mut given = BTreeMap::new();
        for (import, instance) in with {
            let made = self.made(instance)?;
            steps.push((import.clone(), made.step));
            let instance = made.instance.clone();
            let instance = instance.ok_or("the instance that is given does not exist")?;
            given.insert(import.as_str().into(), Entity::Instance(instance));
        }
        let known = self.machine.store.funcs.len();
        self.machine.refuel();
        let made = self
            .machine
            .instantiate(&definition, &given, &mut Deterministic);
        let instance = match made {
            Ok(instance) => Some(instance),
            Err(InstantiateError::Link(error)) => return Err(error.to_string()),
            Err(InstantiateError::Stop(_)) => None,
        };
        self.note_functions(known)?;
        let step = self.planned.steps.len();
        let made = Made { step, instance };
        self.instances.insert(name.to_owned(), made);
        self.last_instance = Some(name.to_owned());
        let action = Action::Instantiate {
            component: definition,
            imports: steps
                .iter()
                .map(|(import, step)| (import.as_str().into(), *step))
                .collect(),
        };
        let kind = StepKind::Instantiate {
            component,
            host,
            with: steps,
        };
        Ok((format!("instance {name}"), kind, action))
    }

    /// Keeps the functions of the host's world that an instantiation has imported, which are those
    /// after the first `known` in the store.
    fn note_functions(&mut self, known: usize) -> Result<(), String> {
        let store = &self.machine.store;
        for func in &store.funcs[known..] {
            let FuncInst::Host(func) = func else {
                continue;
            };
            let functions = &mut self.planned.functions;
            let earlier = functions.insert(func.name.to_string(), func.clone());
            if earlier.is_some_and(|earlier| earlier.ty != func.ty) {
                let name = &func.name;
                return Err(format!(
                    "two components import `{name}` with different types"
                ));
            }
        }
        Ok(())
    }

    fn start(
        &mut self,
        call: &str,
        instance: Option<&String>,
        text: &str,
    ) -> Result<(String, StepKind, Action), String> {
        let instance = instance.or(self.last_instance.as_ref());
        let made = self.made(instance.ok_or("there is no instance")?)?;
        let exports = made
            .instance
            .as_ref()
            .ok_or("the instance does not exist")?;
        let written = WrittenCall::parse(text).map_err(|error| error.to_string())?;
        let export = written.name().to_owned();
        let Some(Entity::Func(func)) = exports.exports.get(export.as_str()) else {
            return Err(format!("there is no function `{export}` among the exports"));
        };
        let ty = self.machine.store.func(*func).ty().clone();
        let args = written
            .args(&ty.params)
            .map_err(|error| error.to_string())?;
        let machine_args = args.iter().zip(&*ty.params);
        let machine_args = machine_args
            .map(|(arg, ty)| values::to_machine(arg, ty))
            .collect::<Result<_, _>>()
            .map_err(|mismatch| mismatch.to_string())?;
        let action = Action::Start {
            instance: made.step,
            export: export.as_str().into(),
            args: machine_args,
        };
        let kind = StepKind::Start {
            instance: made.step,
            export,
            args,
            ty,
        };
        self.calls.insert(call.to_owned(), self.planned.steps.len());
        Ok((format!("start {call} = {text}"), kind, action))
    }
}

/// The plan of a host-driven test, in which every way is wanted in which it can end.
///
/// # Errors
/// What is wrong with the text or with its script.
pub fn plan_case(text: &str) -> Result<Plan, wast::PlanError> {
    let case = Case::parse(text).map_err(|error| wast::PlanError::Syntax {
        line: error.line,
        column: error.column,
        reason: error.reason,
    })?;
    let planned = Planned::new(&case).map_err(|error| wast::PlanError::Syntax {
        line: error.line,
        column: 1,
        reason: error.reason,
    })?;
    let steps = planned.steps.iter().enumerate();
    let steps = steps.map(|(position, step)| wast::Planned {
        place: Place {
            line: step.line,
            column: 1,
            directive: "script".to_owned(),
        },
        what: step.what.clone(),
        wanted: Wanted::Anything,
        results: planned.result_types(position).into(),
    });
    Ok(Plan {
        planned: steps.collect(),
        script: planned.script.clone(),
        functions: planned.functions.clone(),
        left_out: Vec::new(),
    })
}
