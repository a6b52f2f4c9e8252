//! A host-driven test with everything resolved: types, arguments, and the script to explore.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assize_protocol::host::Imports;
use assize_reference::component::env::{Entity, InstanceValue};
use assize_reference::component::types::{FuncType, Label, ValType};
use assize_reference::explore::script::{Action, Script};
use assize_reference::host::HostFunc;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::embed::{InstantiateError, Machine};
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;

use super::case::{Case, Command, Invocation, Step};
use super::opening::{Definition, Definitions, Opened, Opening, given, note_functions};
use crate::begun::Made;
use crate::runtime::reference::values;
use crate::value::Value;
use crate::value::call::{CallError, WrittenCall};
use crate::wast::{self, Place, Plan, Wanted};

/// A test that can be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The components' bytes.
    pub components: Vec<Arc<[u8]>>,
    /// What the host does.
    pub steps: Vec<PlannedStep>,
    /// The same as the reference takes it, one action for each step.
    pub script: Script,
    /// The host's functions by their names.
    pub functions: Arc<BTreeMap<String, HostFunc>>,
    opening: Arc<Opening>,
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
        host: Arc<Imports>,
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

    /// The reference after the instantiations that the test begins with, where the run has come
    /// through them with these limits.
    pub(super) fn opened(&self, reading: Reading, limits: &Limits) -> Option<&Opened> {
        self.opening.opened(reading, limits)
    }

    /// Resolves a test, up to the first instance whose start function traps.
    ///
    /// # Errors
    /// [`PlanError`] where the reference refuses a component, or where the script and the components
    /// do not fit.
    pub fn new(case: &Case) -> Result<Planned, PlanError> {
        Planned::with(case, &mut Definitions::default())
    }

    /// The same with components that may have been decoded, and instantiated, already.
    ///
    /// # Errors
    /// Those of [`Planned::new`].
    pub fn with(case: &Case, definitions: &mut Definitions) -> Result<Planned, PlanError> {
        let at = |line: u32| move |reason: String| PlanError { line, reason };
        let decoded = case.components.iter();
        let decoded = decoded.map(|(_, wasm)| definitions.get(wasm).map_err(at(case.line())));
        let decoded = decoded.collect::<Result<Vec<_>, _>>()?;
        let is_instance = |command: &&Command| matches!(command.step, Step::Instance { .. });
        let opening = case.commands.iter().take_while(is_instance);
        let (opening, rest) = case.commands.split_at(opening.count());

        let mut named = HashMap::new();
        let (mut made, mut given) = (Vec::new(), Vec::new());
        for (position, command) in opening.iter().enumerate() {
            let Step::Instance {
                name,
                component,
                with,
            } = &command.step
            else {
                continue;
            };
            let with = with.iter().map(|(import, instance)| {
                let made = named.get(instance).copied();
                let made = made.ok_or_else(|| at(command.line)(no_instance(instance)))?;
                Ok((import.clone(), made))
            });
            let with = with.collect::<Result<Vec<_>, _>>()?;
            made.push(Made {
                component: Arc::clone(&decoded[*component].component),
                with: with.clone(),
            });
            given.push(with);
            named.insert(name, position);
        }
        let opened = definitions.opening(made);
        let opened = opened.map_err(|(position, reason)| at(opening[position].line)(reason))?;

        let components = case.components.iter();
        let mut planner = Planner {
            later: None,
            definitions: decoded,
            instances: HashMap::new(),
            calls: HashMap::new(),
            last_instance: None,
            planned: Planned {
                components: components.map(|(_, wasm)| Arc::clone(wasm)).collect(),
                steps: Vec::new(),
                script: Script::default(),
                functions: Arc::clone(&opened.functions),
                opening: opened,
            },
        };
        let mut given = given.into_iter();
        for (position, command) in opening.iter().chain(rest).enumerate() {
            match given.next() {
                Some(with) => planner.opening(command, position, with),
                None => planner.command(command).map_err(at(command.line))?,
            }
            // After a start function that traps, nothing else can be done.
            let mut made = planner.instances.values();
            if made.any(|made| made.instance.is_none()) {
                break;
            }
        }
        Ok(planner.planned)
    }
}

fn no_instance(name: &str) -> String {
    format!("there is no instance `{name}`")
}

struct Planner {
    /// Has the instances that come after the opening too, to know the types of what they export.
    later: Option<Machine>,
    definitions: Vec<Definition>,
    instances: HashMap<String, Instance>,
    calls: HashMap<String, usize>,
    last_instance: Option<String>,
    planned: Planned,
}

/// What a step has made.
struct Instance {
    step: usize,
    /// The instance, unless its start function traps.
    instance: Option<Arc<InstanceValue>>,
}

impl Planner {
    fn machine(&self) -> &Machine {
        let opening = self.planned.opening.by_the_text.run.machine();
        self.later.as_ref().unwrap_or(opening)
    }

    /// A command of the opening, which has been carried out.
    fn opening(&mut self, command: &Command, position: usize, with: Vec<(String, usize)>) {
        let Step::Instance {
            name, component, ..
        } = &command.step
        else {
            return;
        };
        let instance = self
            .planned
            .opening
            .by_the_text
            .run
            .instance(position)
            .cloned();
        let planned = self.instantiated(name, *component, with, instance);
        self.push(command.line, planned);
    }

    fn command(&mut self, command: &Command) -> Result<(), String> {
        let planned = match &command.step {
            Step::Instance {
                name,
                component,
                with,
            } => self.instantiate(name, *component, with)?,
            Step::Start {
                call,
                instance,
                what,
            } => self.start(call, instance.as_ref(), what)?,
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
        self.push(command.line, planned);
        Ok(())
    }

    fn push(&mut self, line: u32, (what, kind, action): (String, StepKind, Action)) {
        self.planned.script.actions.push(action);
        self.planned.steps.push(PlannedStep { line, what, kind });
    }

    fn call(&self, name: &str) -> Result<usize, String> {
        let call = self.calls.get(name).copied();
        call.ok_or_else(|| format!("no call `{name}` was started"))
    }

    fn made(&self, name: &str) -> Result<&Instance, String> {
        let made = self.instances.get(name);
        made.ok_or_else(|| no_instance(name))
    }

    /// The imports that instances are given for, and the steps that make those.
    fn steps(&self, with: &[(String, String)]) -> Result<Vec<(String, usize)>, String> {
        let with = with.iter();
        with.map(|(import, instance)| Ok((import.clone(), self.made(instance)?.step)))
            .collect()
    }

    fn entities(&self, with: &[(String, String)]) -> Result<BTreeMap<Label, Entity>, String> {
        let with = with.iter().map(|(import, instance)| {
            let instance = self.made(instance)?.instance.clone();
            let instance = instance.ok_or("the instance that is given does not exist")?;
            Ok((import.as_str().into(), Entity::Instance(instance)))
        });
        with.collect()
    }

    fn instantiate(
        &mut self,
        name: &str,
        component: usize,
        with: &[(String, String)],
    ) -> Result<(String, StepKind, Action), String> {
        let (given, steps) = (self.entities(with)?, self.steps(with)?);
        let mut machine = match self.later.take() {
            Some(machine) => machine,
            None => self.planned.opening.by_the_text.run.machine().clone(),
        };
        let known = machine.store.funcs.len();
        machine.refuel();
        let definition = &self.definitions[component].component;
        let made = machine.instantiate(definition, &given, &mut Deterministic);
        let instance = match made {
            Ok(instance) => Some(instance),
            Err(InstantiateError::Link(error)) => return Err(error.to_string()),
            Err(InstantiateError::Stop(_)) => None,
        };
        let functions = Arc::make_mut(&mut self.planned.functions);
        note_functions(functions, &machine.store.funcs[known..])?;
        self.later = Some(machine);
        Ok(self.instantiated(name, component, steps, instance))
    }

    fn instantiated(
        &mut self,
        name: &str,
        component: usize,
        with: Vec<(String, usize)>,
        instance: Option<Arc<InstanceValue>>,
    ) -> (String, StepKind, Action) {
        let step = self.planned.steps.len();
        self.instances
            .insert(name.to_owned(), Instance { step, instance });
        self.last_instance = Some(name.to_owned());
        let definition = &self.definitions[component];
        let action = Action::Instantiate {
            component: Arc::clone(&definition.component),
            imports: given(&with),
        };
        let kind = StepKind::Instantiate {
            component,
            host: Arc::clone(&definition.host),
            with,
        };
        (format!("instance {name}"), kind, action)
    }

    fn start(
        &mut self,
        call: &str,
        instance: Option<&String>,
        what: &Invocation,
    ) -> Result<(String, StepKind, Action), String> {
        let instance = instance.or(self.last_instance.as_ref());
        let made = self.made(instance.ok_or("there is no instance")?)?;
        let exports = made
            .instance
            .as_ref()
            .ok_or("the instance does not exist")?;
        let invoked = Invoked::new(what).map_err(|error| error.to_string())?;
        let export = invoked.export().to_owned();
        let Some(Entity::Func(func)) = exports.exports.get(export.as_str()) else {
            return Err(format!("there is no function `{export}` among the exports"));
        };
        let ty = self.machine().store.func(*func).ty().clone();
        let args = invoked
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
        let what = match what {
            Invocation::Written(text) => format!("start {call} = {text}"),
            // Arguments that nobody has written are long.
            Invocation::Made { export, .. } => format!("start {call} = {export}(…)"),
        };
        Ok((what, kind, action))
    }
}

/// An invocation that was read.
enum Invoked<'w> {
    Written(WrittenCall<'w>),
    Made(&'w str, &'w [Value]),
}

impl<'w> Invoked<'w> {
    fn new(what: &'w Invocation) -> Result<Invoked<'w>, CallError> {
        Ok(match what {
            Invocation::Written(text) => Invoked::Written(WrittenCall::parse(text)?),
            Invocation::Made { export, args } => Invoked::Made(export, args),
        })
    }

    fn export(&self) -> &str {
        match self {
            Invoked::Written(call) => call.name(),
            Invoked::Made(export, _) => export,
        }
    }

    fn args(&self, types: &[ValType]) -> Result<Vec<Value>, CallError> {
        match self {
            Invoked::Written(call) => call.args(types),
            Invoked::Made(_, args) if args.len() == types.len() => Ok(args.to_vec()),
            Invoked::Made(_, args) => Err(CallError::Count {
                given: args.len(),
                taken: types.len(),
            }),
        }
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
        functions: BTreeMap::clone(&planned.functions),
        left_out: Vec::new(),
    })
}
