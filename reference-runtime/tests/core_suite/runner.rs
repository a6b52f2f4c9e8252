//! Runs the directives of a file, one after the other, in one store.

use std::collections::{BTreeSet, HashMap};

use assize_reference::LoadError;
use assize_reference::core::{
    Exit, Extern, InstanceAddr, InstantiateError, Limit, Limits, Module, Stack, Store, Trap, Value,
};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use crate::{spectest, values};

/// Far more than any directive of the suite needs.
const FUEL: u64 = 4_000_000_000;

/// What became of a file's directives. Those that are not mentioned passed.
#[derive(Default)]
pub struct Report {
    /// Those that failed, each with its line and what happened instead.
    pub failures: Vec<String>,
    /// The features for want of which some could not be run.
    pub missing: BTreeSet<&'static str>,
}

/// Why a directive did not pass.
enum Failure {
    /// It needs a module that was refused for want of a feature.
    Missing(&'static str),
    /// It did something else than it says.
    Wrong(String),
}

impl From<String> for Failure {
    fn from(message: String) -> Failure {
        Failure::Wrong(message)
    }
}

/// Runs a file.
pub fn run(text: &str) -> Result<Report, String> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(|error| error.to_string())?;
    let wast: Wast<'_> = parser::parse(&buffer).map_err(|error| error.to_string())?;
    let mut runner = Runner::new().map_err(|limit| limit.to_string())?;
    let mut report = Report::default();
    for directive in wast.directives {
        let (line, _) = directive.span().linecol_in(text);
        match runner.directive(directive) {
            Ok(()) => {}
            Err(Failure::Missing(feature)) => _ = report.missing.insert(feature),
            Err(Failure::Wrong(message)) => {
                report
                    .failures
                    .push(format!("line {}: {message}", line + 1));
            }
        }
    }
    Ok(report)
}

/// Something that a directive made, unless a feature is missing for it.
type Made<T> = Result<T, &'static str>;

struct Runner {
    store: Store,
    spectest: HashMap<String, Extern>,
    registered: HashMap<String, Made<InstanceAddr>>,
    /// The instance that directives without a name mean.
    current: Option<Made<InstanceAddr>>,
    instances: HashMap<String, Made<InstanceAddr>>,
    definition: Option<Made<Module>>,
    definitions: HashMap<String, Made<Module>>,
}

/// How an action ended.
#[derive(Debug)]
enum Outcome {
    Returned(Vec<Value>),
    Instantiated(InstanceAddr),
    Trapped(Trap),
    Threw,
    Exhausted(Limit),
    Unlinkable(String),
}

impl Runner {
    fn new() -> Result<Runner, Limit> {
        let mut store = Store::new(Limits::default());
        Ok(Runner {
            spectest: spectest::define(&mut store)?,
            store,
            registered: HashMap::new(),
            current: None,
            instances: HashMap::new(),
            definition: None,
            definitions: HashMap::new(),
        })
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> Result<(), Failure> {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name();
                let module = load(&mut module)?;
                self.instantiate_named(module, name)
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name();
                let module = load(&mut module)?;
                if let Some(name) = name {
                    self.definitions
                        .insert(name.name().to_owned(), module.clone());
                }
                self.definition = Some(module);
                Ok(())
            }
            WastDirective::ModuleInstance {
                instance, module, ..
            } => {
                let found = match module {
                    Some(name) => self.definitions.get(name.name()).cloned(),
                    None => self.definition.clone(),
                };
                let module = found.ok_or("no such definition".to_owned())?;
                self.instantiate_named(module, instance)
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.made_instance(module)?;
                self.registered.insert(name.to_owned(), instance);
                Ok(())
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke)? {
                Outcome::Returned(_) => Ok(()),
                other => Err(format!("{other:?}").into()),
            },
            other => self.assertion(other),
        }
    }

    fn assertion(&mut self, directive: WastDirective<'_>) -> Result<(), Failure> {
        match directive {
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec)? {
                Outcome::Returned(actual) if values::all_match(&actual, &results) => Ok(()),
                other => Err(format!("{other:?} instead of {results:?}").into()),
            },
            WastDirective::AssertTrap { exec, message, .. } => match self.execute(exec)? {
                // The suite sometimes adds what element or address it was.
                Outcome::Trapped(trap) if message.starts_with(&trap.to_string()) => Ok(()),
                other => Err(format!("{other:?} instead of trap: {message}").into()),
            },
            WastDirective::AssertException { exec, .. } => match self.execute(exec)? {
                Outcome::Threw => Ok(()),
                other => Err(format!("{other:?} instead of an exception").into()),
            },
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call)? {
                Outcome::Exhausted(limit) if limit.to_string() == message => Ok(()),
                other => Err(format!("{other:?} instead of {message}").into()),
            },
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => match self.instantiate_text(module)? {
                Outcome::Unlinkable(reason) if reason.starts_with(message) => Ok(()),
                other => Err(format!("{other:?} instead of unlinkable: {message}").into()),
            },
            WastDirective::AssertInvalid { mut module, .. } => match load_bytes(&mut module) {
                Ok(Err(LoadError::Invalid { .. })) => Ok(()),
                other => Err(format!("{other:?} instead of invalid").into()),
            },
            WastDirective::AssertMalformed { mut module, .. } => match load_bytes(&mut module) {
                Err(_) | Ok(Err(LoadError::Malformed { .. })) => Ok(()),
                other => Err(format!("{other:?} instead of malformed").into()),
            },
            other => Err(format!("not a directive of the core suite: {other:?}").into()),
        }
    }

    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Outcome, Failure> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(module) => self.instantiate_text(module),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                match self.store.export(instance, global) {
                    Some(Extern::Global(address)) => {
                        Ok(Outcome::Returned(vec![self.store.global_get(address)]))
                    }
                    other => Err(format!("`{global}` is {other:?}").into()),
                }
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Outcome, Failure> {
        let instance = self.instance(invoke.module)?;
        let Some(Extern::Func(func)) = self.store.export(instance, invoke.name) else {
            return Err(format!("no function `{}`", invoke.name).into());
        };
        let args: Result<Vec<Value>, String> = invoke.args.iter().map(values::argument).collect();
        let stack = Stack::call(&self.store, func, &args?);
        Ok(self.finish(stack))
    }

    fn finish(&mut self, mut stack: Stack) -> Outcome {
        let mut fuel = FUEL;
        loop {
            match stack.run(&mut self.store, &mut fuel) {
                Exit::Done(results) => return Outcome::Returned(results),
                Exit::Trap(trap) => return Outcome::Trapped(trap),
                Exit::Exception(_) => return Outcome::Threw,
                Exit::Limit(limit) => return Outcome::Exhausted(limit),
                Exit::Host { .. } => stack.resume(&[]),
            }
        }
    }

    fn instantiate_text(&mut self, module: Wat<'_>) -> Result<Outcome, Failure> {
        let module = load(&mut QuoteWat::Wat(module))?;
        self.instantiate(&module.map_err(Failure::Missing)?)
    }

    fn instantiate_named(
        &mut self,
        module: Made<Module>,
        name: Option<Id<'_>>,
    ) -> Result<(), Failure> {
        // A module that fails must not leave the one before it in its place.
        self.current = None;
        let made = match module.map_err(Failure::Missing) {
            Ok(module) => self.instantiate(&module),
            Err(missing) => Err(missing),
        };
        let made = match made {
            Ok(Outcome::Instantiated(instance)) => Ok(instance),
            Ok(other) => return Err(format!("{other:?}").into()),
            Err(Failure::Missing(feature)) => Err(feature),
            Err(wrong) => return Err(wrong),
        };
        self.current = Some(made);
        if let Some(name) = name {
            self.instances.insert(name.name().to_owned(), made);
        }
        made.map(|_| ()).map_err(Failure::Missing)
    }

    fn instantiate(&mut self, module: &Module) -> Result<Outcome, Failure> {
        let mut imports = Vec::new();
        for import in module.imports() {
            match self.import(&import.module, &import.name)? {
                Some(item) => imports.push(item),
                None => return Ok(Outcome::Unlinkable("unknown import".to_owned())),
            }
        }
        Ok(match self.store.instantiate(module, &imports) {
            Err(InstantiateError::Link { message }) => Outcome::Unlinkable(message),
            Err(InstantiateError::Trap(trap)) => Outcome::Trapped(trap),
            Err(InstantiateError::Limit(limit)) => Outcome::Exhausted(limit),
            Ok((instance, None)) => Outcome::Instantiated(instance),
            Ok((instance, Some(start))) => {
                let stack = Stack::call(&self.store, start, &[]);
                match self.finish(stack) {
                    Outcome::Returned(_) => Outcome::Instantiated(instance),
                    other => other,
                }
            }
        })
    }

    fn import(&self, module: &str, name: &str) -> Result<Option<Extern>, Failure> {
        if module == "spectest" {
            return Ok(self.spectest.get(name).copied());
        }
        match self.registered.get(module) {
            None => Ok(None),
            Some(Ok(instance)) => Ok(self.store.export(*instance, name)),
            Some(Err(feature)) => Err(Failure::Missing(feature)),
        }
    }

    fn instance(&self, name: Option<Id<'_>>) -> Result<InstanceAddr, Failure> {
        self.made_instance(name)?.map_err(Failure::Missing)
    }

    fn made_instance(&self, name: Option<Id<'_>>) -> Result<Made<InstanceAddr>, Failure> {
        let found = match name {
            Some(name) => self.instances.get(name.name()).copied(),
            None => self.current,
        };
        found.ok_or_else(|| Failure::Wrong(format!("no instance {name:?}")))
    }
}

/// A module that must be one, or one that needs something missing.
fn load(module: &mut QuoteWat<'_>) -> Result<Made<Module>, Failure> {
    match load_bytes(module)? {
        Ok(module) => Ok(Ok(module)),
        Err(LoadError::Unsupported { feature }) => Ok(Err(feature)),
        Err(error) => Err(error.to_string().into()),
    }
}

/// A module from its bytes, after the text, if it is text, was assembled.
fn load_bytes(module: &mut QuoteWat<'_>) -> Result<Result<Module, LoadError>, String> {
    let bytes = module.encode().map_err(|error| error.to_string())?;
    Ok(Module::new(&bytes))
}
