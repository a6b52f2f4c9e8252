//! The form `component`: a test's binaries, and what to do with them as data.

use std::collections::{BTreeMap, HashMap};

use assize_protocol::case::{Action, Binary, Case, Command, Expect, LeftOut, SCHEMA, TestKind};
use assize_protocol::message::{FailureClass, REVISION, WireReading};
use assize_protocol::value::json::to_json;
use serde_json::Value as Json;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, WastRet, Wat, parser};

use super::features;
use crate::host::{self, Planned, StepKind};
use crate::interface::{Interface, Signature};
use crate::value::Value;
use crate::wast::script::{Lines, Place, buffer};
use crate::wast::{Names, PlanError, assemble, component_argument, component_pattern};

/// What stands before the name of a rule that the next directive is about.
const RULE: &str = ";; rule:";

const REJECTED: &[FailureClass] = &[FailureClass::Invalid, FailureClass::Malformed];
/// A deadlock's threads can never be resumed: to the caller that waits it is a trap.
const TRAP: &[FailureClass] = &[FailureClass::Trap, FailureClass::Deadlock];

/// A case and the content of the files that it names, in the order of its binaries.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFiles {
    /// The case.
    pub case: Case,
    /// The binaries.
    pub binaries: Vec<Vec<u8>>,
}

/// A script as a case. What has no place in one is listed there.
///
/// # Errors
/// [`PlanError::Syntax`] where the text is no script.
pub fn script_case(name: &str, text: &str) -> Result<CaseFiles, PlanError> {
    let lines = Lines::new(text);
    let syntax = |error: wast::Error| {
        let (line, column) = lines.position(error.span().offset());
        PlanError::Syntax {
            line,
            column,
            reason: error.message(),
        }
    };
    let buffer = buffer(text).map_err(syntax)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(syntax)?;
    let mut writer = Writer::new(text);
    for directive in script.directives {
        let place = lines.place(&directive);
        let refused = writer.directive(directive, &place).err();
        writer.rules_from = place.line;
        if let Some(reason) = refused {
            let Place {
                line, directive, ..
            } = place;
            writer.left_out.push(LeftOut {
                line,
                directive,
                reason,
            });
        }
    }
    Ok(writer.finish(name, TestKind::Script))
}

/// A host-driven test as a case. All that the specification allows is right.
///
/// # Errors
/// [`PlanError::Syntax`] where the text is no such test.
pub fn host_case(name: &str, text: &str) -> Result<CaseFiles, PlanError> {
    let syntax = |line: u32, reason: String| PlanError::Syntax {
        line,
        column: 1,
        reason,
    };
    let case = host::Case::parse(text).map_err(|error| syntax(error.line, error.reason))?;
    let planned = Planned::new(&case).map_err(|error| syntax(error.line, error.reason))?;
    let mut writer = Writer::new(text);
    let mut made = HashMap::new();
    for (position, step) in planned.steps.iter().enumerate() {
        let place = Place {
            line: step.line,
            column: 1,
            directive: "script".to_owned(),
        };
        let action = match &step.kind {
            StepKind::Instantiate {
                component, with, ..
            } => {
                let definition = writer.host_definition(*component, &planned, &place);
                let instance = writer.instances;
                writer.instances += 1;
                made.insert(position, (instance, definition));
                let imports = with.iter();
                let imports =
                    imports.filter_map(|(name, step)| Some((name.clone(), made.get(step)?.0)));
                Action::Instantiate {
                    definition,
                    instance,
                    imports: imports.collect(),
                }
            }
            StepKind::Start {
                instance,
                export,
                args,
                ..
            } => {
                let (instance, definition) = made.get(instance).copied().unwrap_or_default();
                let call = Some(position);
                let called = writer.call(call, (instance, definition), export, args);
                called.map_err(|reason| syntax(step.line, reason))?
            }
            StepKind::Await(call) => Action::Await { call: *call },
            StepKind::Cancel(call) => Action::Cancel { call: *call },
        };
        writer.push(&place, action, Expect::Admissible);
    }
    Ok(writer.finish(name, TestKind::HostDriven))
}

/// An instance's number and its definition's.
type Instance = (usize, usize);

/// A case in the making.
struct Writer<'t> {
    text: &'t str,
    binaries: Vec<Vec<u8>>,
    interfaces: Vec<Option<Interface>>,
    commands: Vec<Command>,
    left_out: Vec<LeftOut>,
    definitions: Names<usize>,
    named: Names<Instance>,
    instances: usize,
    /// The line of the directive before: rules that stand behind it belong to the next one.
    rules_from: u32,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str) -> Self {
        Writer {
            text,
            binaries: Vec::new(),
            interfaces: Vec::new(),
            commands: Vec::new(),
            left_out: Vec::new(),
            definitions: Names::new(),
            named: Names::new(),
            instances: 0,
            rules_from: 0,
        }
    }

    fn finish(self, name: &str, kind: TestKind) -> CaseFiles {
        let loaded = |definition: usize| {
            self.commands.iter().any(|command| {
                command.action == Action::Load { definition }
                    && !matches!(command.expect, Expect::Failure { .. })
            })
        };
        let accepted = (0..self.binaries.len()).filter(|definition| loaded(*definition));
        let accepted: Vec<&[u8]> = accepted.map(|n| &*self.binaries[n]).collect();
        let binaries = self
            .interfaces
            .iter()
            .enumerate()
            .map(|(number, interface)| {
                let interface = interface.clone().unwrap_or_default();
                Binary {
                    file: format!("{number}.wasm"),
                    host: interface.host.into_iter().map(Into::into).collect(),
                    resources: interface.resources,
                }
            });
        let binaries: Vec<Binary> = binaries.collect();
        let case = Case {
            schema: SCHEMA,
            name: name.to_owned(),
            about: about(self.text),
            kind,
            revision: REVISION.to_owned(),
            reading: WireReading::Text,
            requires: features::required(&accepted, &binaries, &self.commands),
            rules: rules(self.text),
            binaries,
            commands: self.commands,
            left_out: self.left_out,
        };
        CaseFiles {
            case,
            binaries: self.binaries,
        }
    }

    fn push(&mut self, place: &Place, action: Action, expect: Expect) {
        let between = self.text.lines().take(place.line as usize);
        let between = between.skip(self.rules_from as usize);
        let rules = between.filter_map(|line| line.strip_prefix(RULE));
        self.commands.push(Command {
            line: place.line,
            directive: place.directive.clone(),
            rules: rules.map(|rule| rule.trim().to_owned()).collect(),
            action,
            expect,
        });
    }

    fn add(&mut self, wasm: Vec<u8>) -> usize {
        self.interfaces.push(Interface::of(&wasm).ok());
        self.binaries.push(wasm);
        self.binaries.len() - 1
    }

    fn load(&mut self, wasm: Vec<u8>, place: &Place, expect: Expect) -> usize {
        let definition = self.add(wasm);
        self.push(place, Action::Load { definition }, expect);
        definition
    }

    fn instantiate(&mut self, definition: usize, place: &Place, expect: Expect) -> Instance {
        let instance = self.instances;
        self.instances += 1;
        let action = Action::Instantiate {
            definition,
            instance,
            imports: BTreeMap::new(),
        };
        self.push(place, action, expect);
        (instance, definition)
    }

    /// The number of a host-driven test's component, which is loaded when it is first needed.
    fn host_definition(&mut self, component: usize, planned: &Planned, place: &Place) -> usize {
        let wasm = &planned.components[component];
        match self.binaries.iter().position(|known| known[..] == wasm[..]) {
            Some(definition) => definition,
            None => self.load(wasm.to_vec(), place, Expect::Done),
        }
    }

    /// Adds the commands of a directive. The error is why it has none.
    fn directive(&mut self, directive: WastDirective<'_>, place: &Place) -> Result<(), String> {
        use WastDirective as D;
        match directive {
            D::Module(mut wat) => {
                let name = wat.name();
                self.named.bind(name, None);
                self.definitions.bind(name, None);
                let wasm = binary(&mut wat)?;
                let definition = self.load(wasm, place, Expect::Done);
                let instance = self.instantiate(definition, place, Expect::Done);
                self.definitions.bind(name, Some(definition));
                self.named.bind(name, Some(instance));
            }
            D::ModuleDefinition(mut wat) => {
                let name = wat.name();
                self.definitions.bind(name, None);
                let wasm = binary(&mut wat)?;
                let definition = self.load(wasm, place, Expect::Done);
                self.definitions.bind(name, Some(definition));
            }
            D::ModuleInstance {
                instance, module, ..
            } => {
                self.named.bind(instance, None);
                let definition = self.definitions.find(module)?;
                let made = self.instantiate(definition, place, Expect::Done);
                self.named.bind(instance, Some(made));
            }
            D::Register { name, module, .. } => {
                let (instance, _) = self.named.find(module)?;
                let name = name.to_owned();
                self.push(place, Action::Register { name, instance }, Expect::Done);
            }
            D::Invoke(invoke) => self.invoke(&invoke, place, Expect::Done)?,
            D::AssertReturn {
                exec: WastExecute::Invoke(invoke),
                results,
                ..
            } => self.invoke(&invoke, place, Expect::Returned(returned(&results)?))?,
            D::AssertTrap { exec, message, .. } => self.fails(exec, place, TRAP, message)?,
            D::AssertException { exec, .. } => {
                self.fails(exec, place, &[FailureClass::Exception], "")?;
            }
            D::AssertExhaustion { call, message, .. } => {
                let expect = failure(&[FailureClass::Exhaustion], message);
                self.invoke(&call, place, expect)?;
            }
            D::AssertInvalid {
                mut module,
                message,
                ..
            }
            | D::AssertMalformed {
                mut module,
                message,
                ..
            } => {
                let wasm = binary(&mut module)?;
                self.load(wasm, place, failure(REJECTED, message));
            }
            D::AssertUnlinkable {
                module, message, ..
            } => {
                self.instantiation(module, place, failure(&[FailureClass::Unlinkable], message))?
            }
            _ => return Err("it has no place here".to_owned()),
        }
        Ok(())
    }

    fn fails(
        &mut self,
        exec: WastExecute<'_>,
        place: &Place,
        classes: &[FailureClass],
        message: &str,
    ) -> Result<(), String> {
        let expect = failure(classes, message);
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, place, expect),
            WastExecute::Wat(wat) => self.instantiation(wat, place, expect),
            WastExecute::Get { .. } => Err("components have no globals".to_owned()),
        }
    }

    fn instantiation(&mut self, wat: Wat<'_>, place: &Place, expect: Expect) -> Result<(), String> {
        let wasm = binary(&mut QuoteWat::Wat(wat))?;
        let definition = self.load(wasm, place, Expect::Done);
        self.instantiate(definition, place, expect);
        Ok(())
    }

    fn invoke(
        &mut self,
        invoke: &WastInvoke<'_>,
        place: &Place,
        expect: Expect,
    ) -> Result<(), String> {
        let instance = self.named.find(invoke.module)?;
        let args = invoke.args.iter().map(component_argument);
        let args: Vec<Value> = args.collect::<Result<_, _>>()?;
        let action = self.call(None, instance, invoke.name, &args)?;
        self.push(place, action, expect);
        Ok(())
    }

    fn call(
        &self,
        call: Option<usize>,
        (instance, definition): Instance,
        export: &str,
        args: &[Value],
    ) -> Result<Action, String> {
        let interface = self.interfaces.get(definition).and_then(Option::as_ref);
        let interface = interface.ok_or("its types cannot be read")?;
        let signature = interface.functions.get(export);
        let Signature { params, result, .. } =
            signature.ok_or_else(|| format!("there is no function `{export}`"))?;
        Ok(Action::Call {
            call,
            instance,
            export: export.to_owned(),
            args: args.iter().map(to_json).collect(),
            params: params.iter().map(|(_, ty)| ty.clone()).collect(),
            result: result.clone(),
        })
    }
}

fn failure(classes: &[FailureClass], message: &str) -> Expect {
    Expect::Failure {
        classes: classes.to_vec(),
        message: message.to_owned(),
    }
}

/// What a call should return: null, or its one result.
fn returned(results: &[WastRet<'_>]) -> Result<Json, String> {
    match results {
        [] => Ok(Json::Null),
        [result] => {
            let value = component_pattern(result);
            let value = value.ok_or("what it expects is not a component's value")?;
            Ok(to_json(&value))
        }
        _ => Err("a component's function has one result".to_owned()),
    }
}

fn binary(wat: &mut QuoteWat<'_>) -> Result<Vec<u8>, String> {
    let wasm = assemble(wat).map_err(|error| format!("its text has no binary: {error}"))?;
    match wasmparser::Parser::is_component(&wasm) {
        true => Ok(wasm),
        false => Err("core modules have no place here".to_owned()),
    }
}

/// The comment at the beginning of a test, without the lines that mean something.
fn about(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix(";;"));
    let words = comment.map(str::trim).filter(|line| {
        let marked = |mark: &str| line.starts_with(mark);
        !(marked("script:") || marked("rule:") || marked("text:") || line.is_empty())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The identifiers of all rules that a test names, each once.
fn rules(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(RULE));
    let ids = lines.filter_map(|line| line.split_whitespace().next());
    let ids: std::collections::BTreeSet<&str> = ids.collect();
    ids.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use assize_protocol::types::Type;
    use serde_json::json;

    use super::*;

    const SCRIPT: &str = r#";; What it is about.
;; Text: somewhere.

(component definition $D
  (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func (export "f") (param "x" u8) (result u8) (canon lift (core func $i "f"))))
(component instance $a $D)
;; rule: some/rule holds
(assert_return (invoke $a "f" (u8.const 7)) (u8.const 7))
(assert_trap (invoke $a "f" (u8.const 7)) "some words")
(assert_invalid (component (export "x" (func 0))) "unknown")
(assert_malformed (component quote "(nothing)") "unexpected")
(module $core)
(assert_return (invoke $core "g"))
"#;

    #[test]
    fn a_script_becomes_commands_in_the_protocols_terms() {
        let CaseFiles { case, binaries } = script_case("a/b", SCRIPT).unwrap();
        assert_eq!(case.about, "What it is about. Text: somewhere.");
        assert_eq!(case.rules, ["some/rule"]);
        assert_eq!(binaries.len(), 2);
        let call = Action::Call {
            call: None,
            instance: 0,
            export: "f".to_owned(),
            args: vec![json!(7)],
            params: vec![Type::U8],
            result: Some(Type::U8),
        };
        let instantiate = Action::Instantiate {
            definition: 0,
            instance: 0,
            imports: BTreeMap::new(),
        };
        let done: Vec<_> = case
            .commands
            .iter()
            .map(|c| (&c.action, &c.expect))
            .collect();
        assert_eq!(
            done,
            [
                (&Action::Load { definition: 0 }, &Expect::Done),
                (&instantiate, &Expect::Done),
                (&call, &Expect::Returned(json!(7))),
                (&call, &failure(TRAP, "some words")),
                (
                    &Action::Load { definition: 1 },
                    &failure(REJECTED, "unknown")
                ),
            ]
        );
        let rules: Vec<_> = case.commands.iter().map(|c| c.rules.len()).collect();
        assert_eq!(rules, [0, 0, 1, 0, 0]);
        let left_out: Vec<u32> = case.left_out.iter().map(|left| left.line).collect();
        assert_eq!(left_out, [13, 14, 15]);
    }

    #[test]
    fn a_host_driven_test_becomes_commands_without_expectations() {
        let text = r#";; About.
;; script: start a = f(1)
;; script: await a
(component
  (import "assize:host/world@0.1.0" (instance $h
    (export "pending" (func async (param "token" u32) (result u32)))))
  (export "f" (func $h "pending")))"#;
        let CaseFiles { case, binaries } = host_case("host/x", text).unwrap();
        assert_eq!(binaries.len(), 1);
        assert_eq!(case.binaries[0].host.len(), 1);
        assert_eq!(case.requires, ["async", "concurrent-calls", "host.pending"]);
        let expected = json!([
            {"line": 1, "directive": "script", "do": "load", "definition": 0, "expect": "done"},
            {"line": 1, "directive": "script", "do": "instantiate", "definition": 0,
             "instance": 0, "expect": "admissible"},
            {"line": 2, "directive": "script", "do": "call", "call": 1, "instance": 0,
             "export": "f", "args": [1], "params": ["u32"], "result": "u32",
             "expect": "admissible"},
            {"line": 3, "directive": "script", "do": "await", "call": 1,
             "expect": "admissible"},
        ]);
        assert_eq!(serde_json::to_value(&case.commands).unwrap(), expected);
    }
}
