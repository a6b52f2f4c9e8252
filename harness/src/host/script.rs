//! Host-driven tests out of a script: each of its components, with the calls that the script makes of it.
//!
//! What the script expects is left out. So the tests are good for what is made of them: others that
//! differ from them a little, of which nobody knows beforehand what is to be expected.

use std::collections::HashMap;
use std::sync::Arc;

use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke};

use super::case::{Case, CaseError, Command, Invocation, Step};
use crate::wast::argument_text;
use crate::wast::script::Lines;

/// The name of each test's one instance.
const INSTANCE: &str = "i";

/// The tests of a script. Components that do not encode, and calls with arguments that are not of the
/// component model, are left out, since scripts have them on purpose.
///
/// # Errors
/// [`CaseError`] where the text is no script.
pub fn cases(text: &str) -> Result<Vec<Case>, CaseError> {
    let lines = Lines::new(text);
    let error = |error: wast::Error| CaseError::of(&error, &lines);
    let buffer = ParseBuffer::new(text).map_err(error)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(error)?;
    let mut cases = Cases::default();
    for directive in script.directives {
        let (line, _) = lines.position(directive.span().offset());
        cases.directive(directive, line);
    }
    let cases = cases.cases.into_iter();
    Ok(cases.filter(|case| case.commands.len() > 1).collect())
}

/// The tests so far.
#[derive(Default)]
struct Cases {
    cases: Vec<Case>,
    /// Definitions by their names, and the latest one without regard to that.
    definitions: HashMap<Option<String>, Arc<[u8]>>,
    /// Which test the instance of a name belongs to, and the latest one.
    instances: HashMap<Option<String>, usize>,
}

impl Cases {
    fn directive(&mut self, directive: WastDirective<'_>, line: u32) {
        match directive {
            WastDirective::Module(mut wat) => {
                let name = name(wat.name());
                if let Some(wasm) = component(&mut wat) {
                    self.instance(name, wasm);
                }
            }
            WastDirective::ModuleDefinition(mut wat) => {
                let name = name(wat.name());
                if let Some(wasm) = component(&mut wat) {
                    self.definitions.insert(name, wasm.clone());
                    self.definitions.insert(None, wasm);
                }
            }
            WastDirective::ModuleInstance {
                instance, module, ..
            } => {
                if let Some(wasm) = self.definitions.get(&name(module)).cloned() {
                    self.instance(name(instance), wasm);
                }
            }
            WastDirective::Invoke(invoke)
            | WastDirective::AssertReturn {
                exec: WastExecute::Invoke(invoke),
                ..
            }
            | WastDirective::AssertTrap {
                exec: WastExecute::Invoke(invoke),
                ..
            } => self.call(&invoke, line),
            _ => {}
        }
    }

    fn instance(&mut self, name: Option<String>, wasm: Arc<[u8]>) {
        self.instances.insert(name, self.cases.len());
        self.instances.insert(None, self.cases.len());
        let step = Step::Instance {
            name: INSTANCE.to_owned(),
            component: 0,
            with: Vec::new(),
        };
        self.cases.push(Case {
            components: vec![(Some(INSTANCE.to_owned()), wasm)],
            commands: vec![Command { line: 1, step }],
        });
    }

    fn call(&mut self, invoke: &WastInvoke<'_>, line: u32) {
        let case = self.instances.get(&name(invoke.module));
        let args: Option<Vec<_>> = invoke.args.iter().map(argument_text).collect();
        let (Some(&case), Some(args)) = (case, args) else {
            return;
        };
        let commands = &mut self.cases[case].commands;
        let call = format!("c{}", commands.len() / 2);
        let start = Step::Start {
            call: call.clone(),
            instance: Some(INSTANCE.to_owned()),
            what: Invocation::Written(format!("{}({})", invoke.name, args.join(", "))),
        };
        let steps = [start, Step::Await(call)];
        commands.extend(steps.map(|step| Command { line, step }));
    }
}

fn name(id: Option<Id<'_>>) -> Option<String> {
    id.map(|id| id.name().to_owned())
}

/// The binary, if it is a component's.
fn component(wat: &mut QuoteWat<'_>) -> Option<Arc<[u8]>> {
    let wasm = wat.encode().ok()?;
    // After the version stands what the binary is.
    (wasm.get(6) == Some(&1)).then(|| wasm.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_component_comes_with_its_calls() {
        let text = r#"
            (component $a (core module) (export "m" (core module 0)))
            (component definition $d (core module) (export "m" (core module 0)))
            (component instance $b $d)
            (assert_return (invoke "f" (str.const "x")) (u32.const 1))
            (assert_trap (invoke $a "g") "no")
            (invoke "f")
            (module)
            (assert_invalid (component (export "x" (func 0))) "index")
        "#;
        let cases = cases(text).unwrap();
        let written = cases.iter().map(|case| {
            let steps = case.commands.iter().map(|command| match &command.step {
                Step::Start { what, .. } => what.to_string(),
                Step::Await(call) => format!("await {call}"),
                step => format!("{step:?}").split(' ').next().unwrap().to_owned(),
            });
            steps.collect::<Vec<_>>().join("; ")
        });
        let written: Vec<_> = written.collect();
        assert_eq!(
            written,
            [
                "Instance; g(); await c0",
                "Instance; f(\"x\"); await c0; f(); await c1"
            ]
        );
    }

    #[test]
    fn what_is_no_script_is_said_with_its_place() {
        let error = cases("(component").unwrap_err().to_string();
        assert_eq!(error, "1:11: expected `)`");
    }
}
