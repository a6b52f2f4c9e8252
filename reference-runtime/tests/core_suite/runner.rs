//! Runs the directives of a file, one after the other, in one store.

use std::collections::HashMap;

use assize_reference::core::{
    Exit, Extern, InstanceAddr, InstantiateError, Limit, Limits, LoadError, Module, Stack, Store,
    Trap, Value,
};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use crate::{spectest, values};

/// Far more than any directive of the suite needs.
const FUEL: u64 = 4_000_000_000;

/// Runs a file. Gives the directives that failed, each with its line and what happened instead.
pub fn run(text: &str) -> Result<Vec<String>, String> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(|error| error.to_string())?;
    let wast: Wast<'_> = parser::parse(&buffer).map_err(|error| error.to_string())?;
    let mut runner = Runner::new().map_err(|limit| limit.to_string())?;
    let mut failures = Vec::new();
    for directive in wast.directives {
        let (line, _) = directive.span().linecol_in(text);
        if let Err(message) = runner.directive(directive) {
            failures.push(format!("line {}: {message}", line + 1));
        }
    }
    Ok(failures)
}

struct Runner {
    store: Store,
    spectest: HashMap<String, Extern>,
    registered: HashMap<String, InstanceAddr>,
    /// The instance that directives without a name mean.
    current: Option<InstanceAddr>,
    instances: HashMap<String, InstanceAddr>,
    definition: Option<Module>,
    definitions: HashMap<String, Module>,
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

    fn directive(&mut self, directive: WastDirective<'_>) -> Result<(), String> {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name();
                let module = load(&mut module)?;
                self.instantiate_named(&module, name)
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
                self.instantiate_named(&found.ok_or("no such definition")?, instance)
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module)?;
                self.registered.insert(name.to_owned(), instance);
                Ok(())
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke)? {
                Outcome::Returned(_) => Ok(()),
                other => Err(format!("{other:?}")),
            },
            other => self.assertion(other),
        }
    }

    fn assertion(&mut self, directive: WastDirective<'_>) -> Result<(), String> {
        match directive {
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec)? {
                Outcome::Returned(actual) if values::all_match(&actual, &results) => Ok(()),
                other => Err(format!("{other:?} instead of {results:?}")),
            },
            WastDirective::AssertTrap { exec, message, .. } => match self.execute(exec)? {
                // The suite sometimes adds what element or address it was.
                Outcome::Trapped(trap) if message.starts_with(&trap.to_string()) => Ok(()),
                other => Err(format!("{other:?} instead of trap: {message}")),
            },
            WastDirective::AssertException { exec, .. } => match self.execute(exec)? {
                Outcome::Threw => Ok(()),
                other => Err(format!("{other:?} instead of an exception")),
            },
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call)? {
                Outcome::Exhausted(limit) if limit.to_string() == message => Ok(()),
                other => Err(format!("{other:?} instead of {message}")),
            },
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => match self.instantiate_text(module)? {
                Outcome::Unlinkable(reason) if reason.starts_with(message) => Ok(()),
                other => Err(format!("{other:?} instead of unlinkable: {message}")),
            },
            WastDirective::AssertInvalid { mut module, .. } => match load_bytes(&mut module) {
                Ok(Err(LoadError::Invalid { .. })) => Ok(()),
                other => Err(format!("{other:?} instead of invalid")),
            },
            WastDirective::AssertMalformed { mut module, .. } => match load_bytes(&mut module) {
                Err(_) | Ok(Err(LoadError::Malformed { .. })) => Ok(()),
                other => Err(format!("{other:?} instead of malformed")),
            },
            other => Err(format!("not a directive of the core suite: {other:?}")),
        }
    }

    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Outcome, String> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(module) => self.instantiate_text(module),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                match self.store.export(instance, global) {
                    Some(Extern::Global(address)) => {
                        Ok(Outcome::Returned(vec![self.store.global_get(address)]))
                    }
                    other => Err(format!("`{global}` is {other:?}")),
                }
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Outcome, String> {
        let instance = self.instance(invoke.module)?;
        let Some(Extern::Func(func)) = self.store.export(instance, invoke.name) else {
            return Err(format!("no function `{}`", invoke.name));
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

    fn instantiate_text(&mut self, module: Wat<'_>) -> Result<Outcome, String> {
        let module = load(&mut QuoteWat::Wat(module))?;
        Ok(self.instantiate(&module))
    }

    fn instantiate_named(&mut self, module: &Module, name: Option<Id<'_>>) -> Result<(), String> {
        // A module that fails must not leave the one before it in its place.
        self.current = None;
        match self.instantiate(module) {
            Outcome::Instantiated(instance) => {
                self.current = Some(instance);
                if let Some(name) = name {
                    self.instances.insert(name.name().to_owned(), instance);
                }
                Ok(())
            }
            other => Err(format!("{other:?}")),
        }
    }

    fn instantiate(&mut self, module: &Module) -> Outcome {
        let mut imports = Vec::new();
        for import in module.imports() {
            match self.import(&import.module, &import.name) {
                Some(item) => imports.push(item),
                None => return Outcome::Unlinkable("unknown import".to_owned()),
            }
        }
        match self.store.instantiate(module, &imports) {
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
        }
    }

    fn import(&self, module: &str, name: &str) -> Option<Extern> {
        match module {
            "spectest" => self.spectest.get(name).copied(),
            _ => self.store.export(*self.registered.get(module)?, name),
        }
    }

    fn instance(&self, name: Option<Id<'_>>) -> Result<InstanceAddr, String> {
        let found = match name {
            Some(name) => self.instances.get(name.name()).copied(),
            None => self.current,
        };
        found.ok_or_else(|| format!("no instance {name:?}"))
    }
}

/// A module that must be one.
fn load(module: &mut QuoteWat<'_>) -> Result<Module, String> {
    load_bytes(module)?.map_err(|error| error.to_string())
}

/// A module from its bytes, after the text, if it is text, was assembled.
fn load_bytes(module: &mut QuoteWat<'_>) -> Result<Result<Module, LoadError>, String> {
    let bytes = module.encode().map_err(|error| error.to_string())?;
    Ok(Module::new(&bytes))
}
