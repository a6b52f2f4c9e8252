//! A host-driven test as it is written.

use std::fmt;
use std::sync::Arc;

use wast::parser::{self, ParseBuffer};
use wast::{Wast, WastDirective};

use crate::value::Value;
use crate::wast::script::Lines;

/// What a script line begins with.
const SCRIPT: &str = ";; script:";

/// A test: components, and what the host does with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The components, in order, each with its name, if it has one.
    pub components: Vec<WrittenComponent>,
    /// What the host does, in order. Instances come first unless the script says otherwise.
    pub commands: Vec<Command>,
}

/// A component's name, if it has one, and its bytes, which many tests may share.
pub type WrittenComponent = (Option<String>, Arc<[u8]>);

/// One thing that the host does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The line of the file, from 1; that of no script line is 1.
    pub line: u32,
    /// What it does.
    pub step: Step,
}

/// What the host can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `instance NAME = $COMPONENT [with IMPORT = INSTANCE, …]`
    Instance {
        /// The instance's name.
        name: String,
        /// The component's place in [`Case::components`].
        component: usize,
        /// Which instances are given for which imports.
        with: Vec<(String, String)>,
    },
    /// `start CALL = [INSTANCE.]EXPORT(ARGS)`
    Start {
        /// The call's name.
        call: String,
        /// The instance; the last one if absent.
        instance: Option<String>,
        /// The export and the arguments.
        what: Invocation,
    },
    /// `await CALL`
    Await(String),
    /// `cancel CALL`
    Cancel(String),
}

/// An export and what it is called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// As scripts write it, in WAVE.
    Written(String),
    /// With arguments that are values already.
    Made {
        /// The export.
        export: String,
        /// The arguments.
        args: Vec<Value>,
    },
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Invocation::Written(text) => f.write_str(text),
            Invocation::Made { export, args } => {
                write!(f, "{export}(")?;
                for (at, arg) in args.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{arg}")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// Why a text is no test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {reason}")]
pub struct CaseError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What is wrong there.
    pub reason: String,
}

impl CaseError {
    /// What is wrong with a text that does not parse or encode.
    pub(super) fn of(error: &wast::Error, lines: &Lines) -> CaseError {
        let (line, column) = lines.position(error.span().offset());
        CaseError {
            line,
            column,
            reason: error.message(),
        }
    }
}

impl Step {
    /// The step as a line of a script writes it.
    pub fn line(&self, components: &[WrittenComponent]) -> String {
        match self {
            Step::Instance {
                name,
                component,
                with,
            } => {
                let component = components
                    .get(*component)
                    .and_then(|(name, _)| name.clone());
                let mut line = format!("instance {name} = ${}", component.unwrap_or_default());
                for (at, (import, instance)) in with.iter().enumerate() {
                    line += if at == 0 { " with " } else { ", " };
                    line += &format!("{import} = {instance}");
                }
                line
            }
            Step::Start {
                call,
                instance,
                what,
            } => match instance {
                Some(instance) => format!("start {call} = {instance}.{what}"),
                None => format!("start {call} = {what}"),
            },
            Step::Await(call) => format!("await {call}"),
            Step::Cancel(call) => format!("cancel {call}"),
        }
    }
}

impl Case {
    /// Reads a test.
    ///
    /// # Errors
    /// [`CaseError`] with the place of what is wrong.
    pub fn parse(text: &str) -> Result<Case, CaseError> {
        let components = components(text)?;
        let mut commands = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let Some(written) = line.strip_prefix(SCRIPT) else {
                continue;
            };
            let line = number as u32 + 1;
            let steps = steps(written.trim(), &components).map_err(|reason| CaseError {
                line,
                column: SCRIPT.len() as u32 + 2,
                reason,
            })?;
            commands.extend(steps.into_iter().map(|step| Command { line, step }));
        }
        if commands.is_empty() {
            let reason = format!("there is no line that begins with `{SCRIPT}`");
            return Err(CaseError {
                line: 1,
                column: 1,
                reason,
            });
        }
        let is_instance = |command: &Command| matches!(command.step, Step::Instance { .. });
        if !commands.iter().any(is_instance) {
            let instances = components.iter().enumerate().map(|(component, (name, _))| {
                let name = name.clone().unwrap_or_else(|| component.to_string());
                let with = Vec::new();
                Command {
                    line: 1,
                    step: Step::Instance {
                        name,
                        component,
                        with,
                    },
                }
            });
            commands.splice(..0, instances.collect::<Vec<_>>());
        }
        Ok(Case {
            components,
            commands,
        })
    }

    /// The line of the script's first line, which stands for the whole test.
    pub fn line(&self) -> u32 {
        let lines = self.commands.iter().map(|command| command.line);
        lines.filter(|line| *line > 1).min().unwrap_or(1)
    }
}

/// The components of the file, encoded.
fn components(text: &str) -> Result<Vec<WrittenComponent>, CaseError> {
    let lines = Lines::new(text);
    let error = |error: wast::Error| CaseError::of(&error, &lines);
    let buffer = ParseBuffer::new(text).map_err(error)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(error)?;
    let mut components = Vec::new();
    for directive in script.directives {
        let (line, column) = lines.position(directive.span().offset());
        let WastDirective::Module(mut wat) = directive else {
            let reason = "only components stand here".to_owned();
            return Err(CaseError {
                line,
                column,
                reason,
            });
        };
        let name = wat.name().map(|name| name.name().to_owned());
        components.push((name, wat.encode().map_err(error)?.into()));
    }
    Ok(components)
}

/// What a script line says: one step, or for `call` two.
fn steps(written: &str, components: &[WrittenComponent]) -> Result<Vec<Step>, String> {
    let (verb, rest) = written.split_once(' ').unwrap_or((written, ""));
    let rest = rest.trim();
    let named = || {
        let (name, what) = rest.split_once('=').ok_or("`=` is missing")?;
        Ok::<_, String>((name.trim().to_owned(), what.trim()))
    };
    let call = || match rest {
        "" => Err(format!("`{verb}` takes the name of a call")),
        name => Ok(name.to_owned()),
    };
    Ok(match verb {
        "instance" => {
            let (name, what) = named()?;
            vec![instance(name, what, components)?]
        }
        "start" => {
            let (name, what) = named()?;
            vec![start(name, what)]
        }
        "call" => {
            let (name, what) = named()?;
            vec![start(name.clone(), what), Step::Await(name)]
        }
        "await" => vec![Step::Await(call()?)],
        "cancel" => vec![Step::Cancel(call()?)],
        _ => {
            return Err(format!(
                "`{verb}` is none of `instance`, `start`, `call`, `await` and `cancel`"
            ));
        }
    })
}

fn start(call: String, what: &str) -> Step {
    let name = what.split('(').next().unwrap_or(what);
    let (instance, text) = match name.split_once('.') {
        Some((instance, _)) => (Some(instance.to_owned()), &what[instance.len() + 1..]),
        None => (None, what),
    };
    Step::Start {
        call,
        instance,
        what: Invocation::Written(text.to_owned()),
    }
}

fn instance(name: String, what: &str, components: &[WrittenComponent]) -> Result<Step, String> {
    let (component, with) = match what.split_once(" with ") {
        Some((component, with)) => (component.trim(), with),
        None => (what, ""),
    };
    let wanted = component.strip_prefix('$');
    let position = components
        .iter()
        .position(|(name, _)| wanted.is_some() && name.as_deref() == wanted);
    let component = position.ok_or_else(|| format!("there is no component `{component}`"))?;
    let pairs = with.split(',').filter(|pair| !pair.trim().is_empty());
    let with = pairs.map(|pair| {
        let (import, instance) = pair
            .split_once('=')
            .ok_or_else(|| format!("`{pair}` is not `IMPORT = INSTANCE`"))?;
        Ok((import.trim().to_owned(), instance.trim().to_owned()))
    });
    Ok(Step::Instance {
        name,
        component,
        with: with.collect::<Result<_, String>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Case::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_script_is_read_with_its_lines() {
        let text = ";; What it is about.\n;; script: start a = run(1, \"x.y\")\n;; script: call b = i.run()\n;; script: cancel a\n(component $i)";
        let case = Case::parse(text).unwrap();
        let steps: Vec<_> = case.commands.iter().map(|c| (c.line, &c.step)).collect();
        let instance = Step::Instance {
            name: "i".to_owned(),
            component: 0,
            with: Vec::new(),
        };
        let start = |call: &str, instance: Option<&str>, text: &str| Step::Start {
            call: call.to_owned(),
            instance: instance.map(str::to_owned),
            what: Invocation::Written(text.to_owned()),
        };
        let (a, b) = ("a".to_owned(), "b".to_owned());
        assert_eq!(
            steps,
            [
                (1, &instance),
                (2, &start("a", None, "run(1, \"x.y\")")),
                (3, &start("b", Some("i"), "run()")),
                (3, &Step::Await(b)),
                (4, &Step::Cancel(a)),
            ]
        );
        assert_eq!(case.line(), 2);
    }

    #[test]
    fn instances_are_given_for_imports() {
        let text = ";; script: instance x = $b with dep = y, e = z\n(component $a) (component $b)";
        let with = [("dep", "y"), ("e", "z")];
        let with = with.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        let step = Step::Instance {
            name: "x".to_owned(),
            component: 1,
            with,
        };
        assert_eq!(
            Case::parse(text).unwrap().commands,
            [Command { line: 1, step }]
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let errors = [
            error("(component)"),
            error(";; script: stop a\n(component)"),
            error(";; script: start run()\n(component)"),
            error(";; script: await\n(component)"),
            error(";; script: instance a = $b\n(component $a)"),
            error(";; script: await a\n(component) (assert_return (invoke \"f\"))"),
            error(";; script: await a\n(component"),
        ];
        insta::assert_snapshot!(errors.join("\n"), @r"
        1:1: there is no line that begins with `;; script:`
        1:12: `stop` is none of `instance`, `start`, `call`, `await` and `cancel`
        1:12: `=` is missing
        1:12: `await` takes the name of a call
        1:12: there is no component `$b`
        2:14: only components stand here
        2:11: expected `)`
        ");
    }
}
