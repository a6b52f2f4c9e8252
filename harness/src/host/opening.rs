//! The instantiations that a test begins with: what is decoded and run once for all tests that share them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use assize_protocol::host::Imports;
use assize_protocol::recent::{Bytes, COMPONENTS, Recent};
use assize_reference::component::ast::Component;
use assize_reference::component::types::Label;
use assize_reference::explore::run::{Run, Status};
use assize_reference::explore::schedule::Recorder;
use assize_reference::explore::script::{Action, Event, Script};
use assize_reference::host::HostFunc;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use assize_reference::machine::state::FuncInst;

use crate::begun::{Begun, Made};
use crate::interface::Interface;

/// Components that were decoded, since the same ones come again and again where a shape serves many
/// tests.
#[derive(Clone, Debug)]
pub struct Definitions {
    recent: Recent<Bytes, Definition>,
    openings: Begun<Arc<Opening>>,
    limits: Limits,
}

/// A decoded component, and what it imports from the host world.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub component: Arc<Component>,
    pub host: Arc<Imports>,
}

impl Definitions {
    /// None yet. To know the types of what instances export, tests are planned on a machine with
    /// these limits.
    pub fn new(limits: Limits) -> Definitions {
        Definitions {
            recent: Recent::new(COMPONENTS),
            openings: Begun::default(),
            limits,
        }
    }

    pub(super) fn get(&mut self, wasm: &[u8]) -> Result<Definition, String> {
        self.recent.get_or(wasm, |wasm| {
            let component = Component::new(wasm).map_err(|error| error.to_string())?;
            let interface = Interface::of(wasm).map_err(|error| error.to_string())?;
            let host = Imports {
                instances: BTreeMap::new(),
                host: interface.host,
                resources: interface.resources,
            };
            let host = Arc::new(host);
            Ok(Definition { component, host })
        })
    }

    /// The opening with these instantiations.
    ///
    /// # Errors
    /// The position of what does not fit, and why.
    pub(super) fn opening(&mut self, made: Vec<Made>) -> Result<Arc<Opening>, (usize, String)> {
        if let Some(opening) = self.openings.get(&made) {
            return Ok(opening);
        }
        let opening = Arc::new(Opening::new(&made, self.limits.clone())?);
        self.openings.put(made, Arc::clone(&opening));
        Ok(opening)
    }
}

impl Default for Definitions {
    fn default() -> Self {
        Definitions::new(Limits::default())
    }
}

/// The instantiations that a test begins with.
#[derive(Debug)]
pub(super) struct Opening {
    script: Script,
    limits: Limits,
    pub by_the_text: Opened,
    /// Most tests do not want these.
    by_the_tests: OnceLock<Opened>,
    by_either: OnceLock<Opened>,
    pub functions: Arc<BTreeMap<String, HostFunc>>,
}

/// The reference after them, in its deterministic profile.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub run: Run,
    /// Whether there was nothing to choose and nothing to see, and all instances are there.
    pub is_the_only_way: bool,
    /// Whether the run has come so far.
    is_whole: bool,
}

/// How many choices are made on the way through an opening.
const CHOICES: usize = 20_000;

impl Opening {
    /// Instantiates these, or up to the first whose start function traps.
    ///
    /// # Errors
    /// The position of what does not fit, and why.
    fn new(made: &[Made], limits: Limits) -> Result<Opening, (usize, String)> {
        let actions = made.iter().map(|made| Action::Instantiate {
            component: Arc::clone(&made.component),
            imports: given(&made.with),
        });
        let script = Script {
            actions: actions.collect(),
        };
        let opened = Opened::new(&script, limits.clone(), Reading::Text);
        let wrong = |(position, event): (usize, &Event)| match event {
            Event::Unlinkable(error) => Some((position, error.to_string())),
            _ => None,
        };
        let mut trace = opened.run.trace().iter().enumerate();
        if let Some(wrong) = trace.find_map(wrong) {
            return Err(wrong);
        }
        let mut functions = BTreeMap::new();
        let last = made.len().saturating_sub(1);
        let known = &opened.run.machine().store.funcs;
        note_functions(&mut functions, known).map_err(|reason| (last, reason))?;
        Ok(Opening {
            script,
            limits,
            by_the_text: opened,
            by_the_tests: OnceLock::new(),
            by_either: OnceLock::new(),
            functions: Arc::new(functions),
        })
    }

    /// The reference after the instantiations, where the run has come through them with these limits.
    pub fn opened(&self, reading: Reading, limits: &Limits) -> Option<&Opened> {
        let open = || Opened::new(&self.script, limits.clone(), reading);
        let opened = match reading {
            _ if *limits != self.limits => return None,
            Reading::Text => &self.by_the_text,
            Reading::Tests => self.by_the_tests.get_or_init(open),
            Reading::Either => self.by_either.get_or_init(open),
        };
        opened.is_whole.then_some(opened)
    }
}

impl Opened {
    fn new(script: &Script, limits: Limits, reading: Reading) -> Opened {
        let mut run = Run::new(limits, reading);
        let mut scheduler = Deterministic;
        let mut recorder = Recorder::new(&mut scheduler);
        let finished = run.follow(script, &mut recorder, CHOICES);
        let made = |event: &Event| *event == Event::Instantiated;
        Opened {
            is_the_only_way: recorder.choices.is_empty()
                && run.seen().is_empty()
                && run.trace().len() == script.actions.len()
                && run.trace().iter().all(made),
            is_whole: finished == Status::Ended,
            run,
        }
    }
}

/// The imports that earlier actions make, by their positions.
pub(super) fn given(with: &[(String, usize)]) -> BTreeMap<Label, usize> {
    let with = with.iter();
    with.map(|(import, made)| (import.as_str().into(), *made))
        .collect()
}

/// Keeps those of the functions that are of the host's world, by their names.
pub(super) fn note_functions(
    functions: &mut BTreeMap<String, HostFunc>,
    store: &[FuncInst],
) -> Result<(), String> {
    for func in store {
        let FuncInst::Host(func) = func else {
            continue;
        };
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
