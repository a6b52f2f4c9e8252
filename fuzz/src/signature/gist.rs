//! What a program is made of. Of the smallest program that shows something, nothing can go without
//! that going as well, so that this says what it is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::PLAIN;
use super::marks::builtin;
use crate::program::{
    Action, Block, Callee, Canon, Encoding, End, Form, Function, Instance, LiftForm, Options,
    Owner, Program, Step,
};

/// What a program is made of: the built-ins that it calls, how it calls and lifts functions, how
/// callbacks end, what else has a body, and what the host does. Parts of one word are built-ins and
/// bodies, but for `call`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gist(pub BTreeSet<String>);

impl Gist {
    /// What this program is made of.
    pub fn of(program: &Program) -> Gist {
        let mut gist = Gist::default();
        for instance in &program.instances {
            gist.instance(instance);
        }
        for host in &program.host {
            gist.add(&format!("host {}", host.verb));
        }
        for resource in &program.resources {
            if let Owner::Instance {
                instance,
                destructor: Some(handler),
            } = &resource.owner
                && let Some(instance) = program.instances.get(instance.index())
            {
                gist.add("destructor");
                gist.block(instance, &handler.body);
            }
        }
        let cancels = |action: &Action| matches!(action, Action::Cancel(_));
        if program.actions.iter().any(cancels) {
            gist.add("the host cancels");
        }
        let starts = |action: &&Action| matches!(action, Action::Start { .. });
        gist.add(match program.actions.iter().filter(starts).count() {
            0 => "no call by the host",
            1 => "one call by the host",
            _ => "several calls by the host",
        });
        gist
    }

    /// The built-ins that do more than plain ones, and what else has a body; on one line.
    pub fn telling(&self) -> String {
        let telling = |part: &&String| {
            let plain = PLAIN.iter().any(|plain| part.starts_with(plain));
            !plain && !part.contains(' ') && *part != "call"
        };
        let parts = self.0.iter().filter(telling).map(String::as_str);
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Whether each pattern fits something that the program is made of.
    pub(crate) fn has(&self, patterns: &[String], fits: fn(&str, &str) -> bool) -> bool {
        let there = |pattern: &String| self.0.iter().any(|part| fits(pattern, part));
        patterns.iter().all(there)
    }

    fn add(&mut self, part: &str) {
        self.0.insert(part.to_owned());
    }

    fn instance(&mut self, instance: &Instance) {
        for function in &instance.functions {
            self.function(instance, function);
        }
        for thread in &instance.threads {
            self.block(instance, &thread.body);
        }
        for (what, block) in [("start", &instance.start), ("realloc", &instance.realloc)] {
            if let Some(block) = block {
                self.add(&format!("in-{what}"));
                self.block(instance, block);
            }
        }
        if instance.memories.iter().any(|memory| memory.wide) {
            self.add("memory64");
        }
    }

    fn function(&mut self, instance: &Instance, function: &Function) {
        let form = match &function.lift.form {
            LiftForm::Sync { post_return } => {
                if let Some(block) = post_return {
                    self.add("in-post-return");
                    self.block(instance, block);
                }
                "sync"
            }
            LiftForm::Stackful => "stackful",
            LiftForm::Callback { .. } => "callback",
        };
        self.add(&format!("lift {form}"));
        if !function.ty.is_async {
            self.add("type without async");
        }
        self.options(&function.lift.options);
        for block in &function.body.blocks {
            self.block(instance, block);
        }
    }

    fn options(&mut self, options: &Options) {
        match options.encoding {
            Encoding::Utf8 => {}
            Encoding::Utf16 => self.add("utf16"),
            Encoding::Latin1Utf16 => self.add("latin1+utf16"),
        }
    }

    fn block(&mut self, instance: &Instance, block: &Block) {
        self.steps(instance, &block.steps);
        self.end(&block.end);
    }

    fn end(&mut self, end: &End) {
        match end {
            End::Yield => self.add("callback yields"),
            End::Wait(_) => self.add("callback waits"),
            End::Code(_) => self.add("callback code"),
            End::Nothing | End::Return(_) | End::Exit | End::Unreachable => {}
        }
    }

    fn steps(&mut self, instance: &Instance, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Canon { canon, .. } => {
                    if let Some(canon) = instance.canons.get(canon.index()) {
                        self.canon(canon);
                    }
                }
                Step::Call { import, .. } => {
                    let Some(import) = instance.imports.get(import.index()) else {
                        continue;
                    };
                    self.options(&import.options);
                    self.add(match (import.form, import.callee) {
                        (Form::Async, Callee::Host(_)) => "async call of the host",
                        (Form::Async, _) => "async call",
                        (Form::Sync, Callee::Host(_)) => "call of the host",
                        (Form::Sync, _) => "call",
                    });
                }
                Step::If {
                    then, otherwise, ..
                } => {
                    self.steps(instance, then);
                    self.steps(instance, otherwise);
                }
                Step::Repeat { steps, .. } => self.steps(instance, steps),
                Step::Finish(end) => self.end(end),
                Step::Mark { .. } | Step::Set { .. } | Step::Load { .. } | Step::Store { .. } => {}
            }
        }
    }

    fn canon(&mut self, canon: &Canon) {
        let (name, _) = builtin(canon);
        self.add(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::samples;

    #[test]
    fn a_program_is_made_of_what_it_calls_and_how() {
        let sample = samples::all().into_iter().find(|s| s.name == "threads");
        let gist = Gist::of(&sample.unwrap().program);
        let parts: Vec<&str> = gist.0.iter().map(String::as_str).collect();
        insta::assert_snapshot!(parts.join(", "), @"context.get, context.set, lift stackful, one call by the host, task.return, thread.new-indirect, thread.resume-later, thread.yield");
        insta::assert_snapshot!(gist.telling(), @"task.return thread.new-indirect thread.resume-later thread.yield");
    }
}
