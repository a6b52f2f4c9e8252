//! Which commands of a case a component can do by itself, with other components as it is.

use std::collections::BTreeMap;

use assize_protocol::case::{Action, Case, Command, Expect, LeftOut};
use assize_protocol::value::json::from_json;
use serde_json::Value as Json;

use super::driver::Check;
use super::node::{NoNode, Node};
use crate::forms::case::CaseFiles;
use crate::interface::{Interface, Signature};

/// So many values in the arguments and the result of one call are compared, and no more.
const MAX_VALUES: usize = 4096;

const TRAP_ENDS_ALL: &str = "a component that traps cannot go on to check anything";
const NO_REJECTION: &str = "what is to be refused cannot be part of a component";
const GROUP_LEFT: &str = "a call before it, on this instance or one linked with it, is left out";
const NOT_PLACED: &str = "its instance is left out";

/// An instance that the component contains.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Its number.
    pub(super) instance: usize,
    /// Its definition's number.
    pub(super) definition: usize,
    /// The instances that it imports, by the imports' names.
    pub(super) imports: Vec<(String, usize)>,
    /// Instances of one group are linked with one another.
    pub(super) group: usize,
}

/// A check, its group, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Selected {
    pub(super) check: Check,
    pub(super) group: usize,
    pub(super) line: u32,
    pub(super) directive: String,
}

/// What can be done, and what cannot.
#[derive(Default)]
pub(super) struct Selection {
    pub(super) placed: Vec<Placed>,
    pub(super) checks: Vec<Selected>,
    pub(super) left_out: Vec<LeftOut>,
    /// Groups of which no more calls are made.
    pub(super) closed: Vec<usize>,
    pub(super) registered: BTreeMap<String, usize>,
}

/// Selects from the commands of a case.
pub(super) fn select(files: &CaseFiles) -> Selection {
    let interfaces = files.binaries.iter().map(|wasm| Interface::of(wasm).ok());
    let interfaces: Vec<Option<Interface>> = interfaces.collect();
    let mut selection = Selection {
        left_out: files.case.left_out.clone(),
        ..Selection::default()
    };
    let Case { commands, .. } = &files.case;
    for command in commands {
        if let Err(reason) = selection.command(command, &interfaces) {
            selection.left_out.push(LeftOut {
                line: command.line,
                directive: command.directive.clone(),
                reason,
            });
        }
    }
    selection
}

impl Selection {
    fn command(
        &mut self,
        command: &Command,
        interfaces: &[Option<Interface>],
    ) -> Result<(), String> {
        match (&command.action, &command.expect) {
            (Action::Load { .. }, Expect::Failure { .. }) => Err(NO_REJECTION.to_owned()),
            (Action::Load { .. }, _) => Ok(()),
            (
                Action::Instantiate {
                    definition,
                    instance,
                    imports,
                },
                Expect::Done,
            ) => {
                let interface = interfaces.get(*definition).and_then(Option::as_ref);
                let interface = interface.ok_or("its types cannot be read")?;
                self.place(*definition, *instance, imports, interface)
            }
            (Action::Instantiate { .. }, _) => Err(NO_REJECTION.to_owned()),
            (Action::Register { name, instance }, _) => {
                self.registered.insert(name.clone(), *instance);
                Ok(())
            }
            (
                Action::Call {
                    instance,
                    export,
                    args,
                    ..
                },
                expect,
            ) => {
                let placed = self.placed(*instance).ok_or(NOT_PLACED)?;
                let (group, definition) = (placed.group, placed.definition);
                if self.closed.contains(&group) {
                    return Err(GROUP_LEFT.to_owned());
                }
                let interface = interfaces.get(definition).and_then(Option::as_ref);
                let signature = interface.and_then(|known| known.functions.get(export));
                let check = signature
                    .ok_or_else(|| format!("there is no function `{export}`"))
                    .and_then(|signature| check(*instance, export, signature, args, expect));
                if check.is_err() {
                    self.closed.push(group);
                }
                self.checks.push(Selected {
                    check: check?,
                    group,
                    line: command.line,
                    directive: command.directive.clone(),
                });
                Ok(())
            }
            (Action::Await { .. } | Action::Cancel { .. }, _) => {
                Err("only a host has calls that overlap".to_owned())
            }
        }
    }

    fn placed(&self, instance: usize) -> Option<&Placed> {
        self.placed
            .iter()
            .find(|placed| placed.instance == instance)
    }

    fn place(
        &mut self,
        definition: usize,
        instance: usize,
        given: &BTreeMap<String, usize>,
        interface: &Interface,
    ) -> Result<(), String> {
        let mut imports = Vec::new();
        let mut groups = Vec::new();
        for name in &interface.imports {
            let from = given.get(name).or(self.registered.get(name)).copied();
            let from = from.and_then(|from| self.placed(from));
            let from = from.ok_or_else(|| format!("it imports `{name}` from the host"))?;
            groups.push(from.group);
            imports.push((name.clone(), from.instance));
        }
        let group = groups.first().copied().unwrap_or(instance);
        let linked = |other: &usize| groups.contains(other);
        for placed in self
            .placed
            .iter_mut()
            .filter(|placed| linked(&placed.group))
        {
            placed.group = group;
        }
        for selected in self.checks.iter_mut().filter(|check| linked(&check.group)) {
            selected.group = group;
        }
        if self.closed.iter().any(linked) {
            self.closed.push(group);
        }
        self.placed.push(Placed {
            instance,
            definition,
            imports,
            group,
        });
        Ok(())
    }
}

/// The check of a call. The error is why there is none.
fn check(
    instance: usize,
    export: &str,
    signature: &Signature,
    args: &[Json],
    expect: &Expect,
) -> Result<Check, String> {
    let expected = match (expect, &signature.result) {
        (Expect::Failure { .. }, _) => return Err(TRAP_ENDS_ALL.to_owned()),
        (Expect::Returned(value), Some(ty)) => Some(node(value, ty)?),
        (Expect::Returned(_) | Expect::Done | Expect::Admissible, _) => None,
    };
    let args = args.iter().zip(&signature.params);
    let args = args.map(|(arg, (_, ty))| node(arg, ty));
    let args: Vec<Node> = args.collect::<Result<_, _>>()?;
    let values = args.iter().chain(&expected).map(Node::count).sum::<usize>();
    if values > MAX_VALUES {
        return Err(format!("it has {values} values, more than {MAX_VALUES}"));
    }
    Ok(Check {
        instance,
        export: export.to_owned(),
        signature: signature.clone(),
        args,
        expected,
    })
}

fn node(json: &Json, ty: &assize_protocol::types::Type) -> Result<Node, String> {
    let value = from_json(json, ty).map_err(|error| error.to_string())?;
    Node::new(&value, ty).map_err(|why| match why {
        NoNode::Handles => "handles are not compared".to_owned(),
        NoNode::Unfit => "a value is not of its type".to_owned(),
    })
}
