//! The state of a running script, and what each directive does with it.

use std::collections::HashMap;

use wast::token::Id;
use wast::{QuoteWat, QuoteWatTest, WastDirective, WastExecute, WastInvoke, WastRet, Wat, parser};

use super::judge::{Judgement, WantedFailure, returned};
use super::values;
use crate::results::{Detail, Verdict};
use crate::runtime::{DefinitionId, Failure, InstanceId, MessageMatching, OutcomeClass, Runtime};
use crate::value::{CoreValue, Value};

const REJECTED: &[OutcomeClass] = &[OutcomeClass::Invalid, OutcomeClass::Malformed];
const REJECTED_AS_MALFORMED: &[OutcomeClass] = &[OutcomeClass::Malformed, OutcomeClass::Invalid];
const UNLINKABLE: &[OutcomeClass] = &[OutcomeClass::Unlinkable];
/// A deadlock's threads can never be resumed: to the caller that waits it is a trap.
const TRAP: &[OutcomeClass] = &[OutcomeClass::Trap, OutcomeClass::Deadlock];
const EXHAUSTION: &[OutcomeClass] = &[OutcomeClass::Exhaustion];
const EXCEPTION: &[OutcomeClass] = &[OutcomeClass::Exception];
const SUSPENSION: &[OutcomeClass] = &[OutcomeClass::Suspension];

/// What a name of the script stands for.
#[derive(Clone)]
enum Binding<T> {
    /// Something that the runtime holds.
    Bound(T),
    /// The directive on this line should have made it and did not.
    Broken {
        line: u32,
        /// The capability for want of which it did not.
        missing: Option<String>,
    },
}

impl<T: Copy> Binding<T> {
    /// What the directive on a line made, or why it made nothing.
    fn of(made: &Result<T, Judgement>, line: u32) -> Self {
        match made {
            Ok(thing) => Binding::Bound(*thing),
            Err(judgement) => Binding::Broken {
                line,
                missing: judgement.capability.clone(),
            },
        }
    }
}

/// A definition or instance and which sort it is of.
#[derive(Clone, Copy)]
struct Held<T> {
    id: T,
    sort: Sort,
}

/// Components and modules have values of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Component,
    Module,
}

/// Names of one kind, and the most recent thing of that kind, which no name refers to.
struct Names<T> {
    named: HashMap<String, Binding<T>>,
    latest: Option<Binding<T>>,
}

impl<T: Copy> Names<T> {
    fn new() -> Self {
        Names {
            named: HashMap::new(),
            latest: None,
        }
    }

    fn bind(&mut self, name: Option<&str>, binding: Binding<T>) {
        if let Some(name) = name {
            self.named.insert(name.to_string(), binding.clone());
        }
        self.latest = Some(binding);
    }

    fn find(&self, name: Option<Id<'_>>, kind: &str) -> Result<T, Judgement> {
        let binding = match name {
            Some(name) => self.named.get(name.name()),
            None => self.latest.as_ref(),
        };
        match (binding, name) {
            (Some(Binding::Bound(thing)), _) => Ok(*thing),
            (Some(Binding::Broken { line, missing }), _) => {
                let reason =
                    format!("depends on the {kind} of line {line}, which did not come about");
                Err(Judgement::not_run(reason, missing.clone()))
            }
            (None, Some(name)) => Err(Judgement::error(format!(
                "there is no {kind} named `${}`",
                name.name()
            ))),
            (None, None) => Err(Judgement::error(format!(
                "there is no {kind} before this line"
            ))),
        }
    }
}

/// A running script.
pub(super) struct Interpreter<'r, R: ?Sized> {
    runtime: &'r mut R,
    matching: MessageMatching,
    definitions: Names<Held<DefinitionId>>,
    instances: Names<Held<InstanceId>>,
}

impl<'r, R: Runtime + ?Sized> Interpreter<'r, R> {
    pub(super) fn new(runtime: &'r mut R) -> Self {
        let matching = runtime.info().match_messages;
        Interpreter {
            runtime,
            matching,
            definitions: Names::new(),
            instances: Names::new(),
        }
    }

    /// The runtime as it is now.
    pub(super) fn runtime(&self) -> &R {
        self.runtime
    }

    /// Runs one directive, which stands on this line.
    pub(super) fn run(&mut self, directive: WastDirective<'_>, line: u32) -> Judgement {
        use WastDirective as D;
        let judged = match directive {
            D::Module(wat) => self.module(wat, line),
            D::ModuleDefinition(wat) => self.definition(wat, line),
            D::ModuleInstance {
                instance, module, ..
            } => self.instance(instance, module, line),
            D::Register { name, module, .. } => self.register(name, module),
            D::Invoke(invoke) => self.plain_invoke(&invoke),
            D::AssertReturn { exec, results, .. } => self.assert_return(exec, &results),
            D::AssertTrap { exec, message, .. } => self.assert_failure(exec, TRAP, message),
            D::AssertException { exec, .. } => self.assert_failure(exec, EXCEPTION, ""),
            D::AssertSuspension { exec, message, .. } => {
                self.assert_failure(exec, SUSPENSION, message)
            }
            D::AssertExhaustion { call, message, .. } => {
                self.assert_failure(WastExecute::Invoke(call), EXHAUSTION, message)
            }
            D::AssertInvalid {
                module, message, ..
            } => self.assert_rejected(module, REJECTED, message),
            D::AssertMalformed {
                module, message, ..
            } => self.assert_rejected(module, REJECTED_AS_MALFORMED, message),
            D::AssertUnlinkable {
                module, message, ..
            } => self.assert_unlinkable(module, message),
            D::AssertInvalidCustom { .. } | D::AssertMalformedCustom { .. } => {
                Ok(Judgement::unsupported("assertions on custom sections"))
            }
            D::Thread(_) | D::Wait { .. } => Ok(Judgement::unsupported("threads of a script")),
        };
        judged.unwrap_or_else(|judgement| judgement)
    }

    fn module(&mut self, mut wat: QuoteWat<'_>, line: u32) -> Result<Judgement, Judgement> {
        let name = wat.name().map(|id| id.name());
        let defined = self.define(&mut wat);
        let made = match &defined {
            Ok(definition) => self.instantiate(*definition),
            Err(judgement) => Err(judgement.clone()),
        };
        self.definitions.bind(name, Binding::of(&defined, line));
        self.instances.bind(name, Binding::of(&made, line));
        made.map(|_| Judgement::pass())
    }

    fn definition(&mut self, mut wat: QuoteWat<'_>, line: u32) -> Result<Judgement, Judgement> {
        let name = wat.name().map(|id| id.name());
        let made = self.define(&mut wat);
        self.definitions.bind(name, Binding::of(&made, line));
        made.map(|_| Judgement::pass())
    }

    fn instance(
        &mut self,
        instance: Option<Id<'_>>,
        definition: Option<Id<'_>>,
        line: u32,
    ) -> Result<Judgement, Judgement> {
        let made = self
            .definitions
            .find(definition, "definition")
            .and_then(|definition| self.instantiate(definition));
        self.instances
            .bind(instance.map(|id| id.name()), Binding::of(&made, line));
        made.map(|_| Judgement::pass())
    }

    fn define(&mut self, wat: &mut QuoteWat<'_>) -> Result<Held<DefinitionId>, Judgement> {
        let wasm = assemble(wat).map_err(Judgement::error)?;
        self.define_binary(&wasm)
            .map_err(|failure| Judgement::failed("a valid definition", failure))
    }

    fn define_binary(&mut self, wasm: &[u8]) -> Result<Held<DefinitionId>, Failure> {
        let id = self.runtime.define(wasm)?;
        let sort = if wasmparser::Parser::is_component(wasm) {
            Sort::Component
        } else {
            Sort::Module
        };
        Ok(Held { id, sort })
    }

    fn instantiate(
        &mut self,
        definition: Held<DefinitionId>,
    ) -> Result<Held<InstanceId>, Judgement> {
        match self.runtime.instantiate(definition.id) {
            Ok(id) => Ok(Held {
                id,
                sort: definition.sort,
            }),
            Err(failure) => Err(Judgement::failed("an instance", failure)),
        }
    }

    fn register(&mut self, name: &str, instance: Option<Id<'_>>) -> Result<Judgement, Judgement> {
        let instance = self.instances.find(instance, "instance")?;
        match self.runtime.register(name, instance.id) {
            Ok(()) => Ok(Judgement::pass()),
            Err(failure) => Err(Judgement::failed("a registered instance", failure)),
        }
    }

    fn plain_invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Judgement, Judgement> {
        match self.invoke(invoke)? {
            Ok(_) => Ok(Judgement::pass()),
            Err(failure) => Ok(Judgement::failed("a return", failure)),
        }
    }

    /// Calls an export. The outer error is a call that could not be made.
    fn invoke(
        &mut self,
        invoke: &WastInvoke<'_>,
    ) -> Result<Result<Vec<Value>, Failure>, Judgement> {
        let instance = self.instances.find(invoke.module, "instance")?;
        let mut args = Vec::new();
        for arg in &invoke.args {
            let value =
                values::argument(arg).map_err(|unknown| Judgement::unsupported(unknown.0))?;
            args.push(for_sort(value, instance.sort));
        }
        Ok(self.runtime.invoke(instance.id, invoke.name, &args))
    }

    /// Does what an assertion is about. The outer error is a thing that could not be done.
    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Result<Vec<Value>, Failure>, Judgement> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instances.find(module, "instance")?;
                Ok(self
                    .runtime
                    .get(instance.id, global)
                    .map(|value| vec![value]))
            }
            WastExecute::Wat(wat) => {
                let definition = self.define(&mut QuoteWat::Wat(wat))?;
                Ok(self.runtime.instantiate(definition.id).map(|_| Vec::new()))
            }
        }
    }

    fn assert_return(
        &mut self,
        exec: WastExecute<'_>,
        results: &[WastRet<'_>],
    ) -> Result<Judgement, Judgement> {
        let patterns: Vec<String> = results.iter().map(values::describe).collect();
        let expected = match patterns.len() {
            0 => "returned".to_string(),
            _ => format!("returned {}", patterns.join(", ")),
        };
        let actual = match self.execute(exec)? {
            Ok(actual) => actual,
            Err(failure) => return Ok(Judgement::failed(&expected, failure)),
        };
        let fits = actual.len() == results.len()
            && results
                .iter()
                .zip(&actual)
                .all(|(pattern, value)| values::fits(pattern, value));
        let verdict = if fits { Verdict::Pass } else { Verdict::Fail };
        let detail = Detail {
            expected: Some(expected),
            actual: Some(returned(&actual)),
        };
        Ok(Judgement {
            verdict,
            detail: Some(detail),
            ..Judgement::pass()
        })
    }

    fn assert_failure(
        &mut self,
        exec: WastExecute<'_>,
        classes: &'static [OutcomeClass],
        message: &str,
    ) -> Result<Judgement, Judgement> {
        let wanted = WantedFailure {
            classes,
            message,
            matching: self.matching,
        };
        Ok(wanted.judge_outcome(self.execute(exec)?))
    }

    fn assert_rejected(
        &mut self,
        mut wat: QuoteWat<'_>,
        classes: &'static [OutcomeClass],
        message: &str,
    ) -> Result<Judgement, Judgement> {
        let wanted = WantedFailure {
            classes,
            message,
            matching: self.matching,
        };
        let wasm = match assemble(&mut wat) {
            Ok(wasm) => wasm,
            Err(reason) => {
                let failure = Failure::new(OutcomeClass::Malformed, reason);
                // The text never reached the runtime: its words are not the runtime's.
                let wanted = WantedFailure {
                    matching: MessageMatching::ClassOnly,
                    ..wanted
                };
                return Ok(wanted.judge(failure));
            }
        };
        Ok(match self.define_binary(&wasm) {
            Ok(_) => wanted.judge_success("accepted"),
            Err(failure) => wanted.judge(failure),
        })
    }

    fn assert_unlinkable(&mut self, wat: Wat<'_>, message: &str) -> Result<Judgement, Judgement> {
        let wanted = WantedFailure {
            classes: UNLINKABLE,
            message,
            matching: self.matching,
        };
        let definition = self.define(&mut QuoteWat::Wat(wat))?;
        Ok(match self.runtime.instantiate(definition.id) {
            Ok(_) => wanted.judge_success("linked and instantiated"),
            Err(failure) => wanted.judge(failure),
        })
    }
}

/// The binary of a definition, or why its text has none.
pub(crate) fn assemble(wat: &mut QuoteWat<'_>) -> Result<Vec<u8>, String> {
    let text = match wat.to_test().map_err(|error| error.message())? {
        QuoteWatTest::Binary(wasm) => return Ok(wasm),
        QuoteWatTest::Text(text) => text,
    };
    let text = String::from_utf8(text).map_err(|error| error.to_string())?;
    let buffer = parser::ParseBuffer::new(&text).map_err(|error| error.message())?;
    let mut parsed = parser::parse::<Wat<'_>>(&buffer).map_err(|error| error.message())?;
    parsed.encode().map_err(|error| error.message())
}

/// Scripts write `f32.const` and `f64.const` for core functions and for component functions.
fn for_sort(value: Value, sort: Sort) -> Value {
    match (sort, value) {
        (Sort::Component, Value::Core(CoreValue::F32(bits))) => Value::F32(bits),
        (Sort::Component, Value::Core(CoreValue::F64(bits))) => Value::F64(bits),
        (_, value) => value,
    }
}
