//! Makes the program of a finding smaller, as long as the finding stays the same.
//!
//! What can go is tried in the order of what it saves: what the host does, then steps by halves and
//! quarters, then what is left of branches and loops, bodies that nobody needs, parameters, results and types,
//! options, and numbers.
//! What nothing names any more goes with it. This is done again until nothing more can go.

pub(crate) mod names;
pub(crate) mod steps;
mod types;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use assize_harness::host::By;

use crate::growth;
use crate::metamorphic::{self, Way};
use crate::oracle::{Finding, Judge, Outcome};
use crate::program::{
    Action, ActionId, Block, Callee, Canon, CanonId, Encoding, End, FunctionId, Instance,
    InstanceId, LiftForm, Operand, Owner, Program, Step, Type,
};
use crate::signature::Kind;
use crate::standalone;
use crate::subject::Seat;
use crate::trial::{Rejected, Shape, Trial};

/// When to be content with what there is.
#[derive(Clone, Debug)]
pub struct Limits {
    /// After so long.
    pub time: Duration,
    /// When somebody stops it.
    pub stop: Arc<AtomicBool>,
}

/// A smaller case with the same finding; nothing where there is none, or where the case was no
/// program. Where the readable form shows the same, the result is in that form.
pub fn minimise(
    trial: &Trial,
    finding: &Finding,
    judge: &mut Judge,
    seat: &mut Seat,
    limits: &Limits,
) -> Option<(Trial, Finding)> {
    let (program, shape) = trial.shaped()?;
    // What starves is one of a few programs, each as small as it can be. Whether a process grows takes too
    // long to tell.
    if matches!(finding.signature.kind, Kind::Starved | Kind::Growth) {
        return None;
    }
    let mut shrinker = Shrinker {
        signature: finding.signature.id(),
        kind: finding.signature.kind,
        shape,
        judge,
        seat,
        until: Instant::now() + limits.time,
        stop: &limits.stop,
        best: None,
        program: program.clone(),
    };
    shrinker.begin(program).then_some(())?;
    while shrinker.round() {}
    shrinker.with_script()
}

/// How many steps a program has.
pub fn size(program: &Program) -> usize {
    let mut size = 0;
    program
        .blocks()
        .for_each(|block| block.each_step(&mut |_| size += 1));
    size
}

/// Runs a case on one runtime, in the way in which findings of this kind are found.
///
/// # Errors
/// Those of [`Judge::judge`].
pub fn judge_as(
    kind: Kind,
    trial: &Trial,
    judge: &mut Judge,
    seat: &mut Seat,
) -> Result<Outcome, Rejected> {
    let finding = match kind {
        Kind::Metamorphic => [Way::Readable, Way::InItsForm]
            .into_iter()
            .find_map(|way| metamorphic::check(trial, way, judge, seat))
            .map(|(_, finding)| finding),
        Kind::Growth => growth::check(trial, judge, seat, growth::CERTAIN, &AtomicBool::new(false)),
        _ => return judge.judge(trial, seat),
    };
    Ok(match finding {
        Some(finding) => Outcome::Finding(Box::new(finding)),
        None => Outcome::Admissible(By::Search),
    })
}

struct Shrinker<'s> {
    signature: String,
    kind: Kind,
    shape: Shape,
    judge: &'s mut Judge,
    seat: &'s mut Seat,
    until: Instant,
    stop: &'s AtomicBool,
    best: Option<(Trial, Finding)>,
    /// The smallest program so far.
    program: Program,
}

impl Shrinker<'_> {
    /// Sees that the program has the finding, in its readable form if that has it too.
    fn begin(&mut self, program: &Program) -> bool {
        let mut smaller = None;
        if self.shape == Shape::Chassis && self.holds(program) {
            // A chassis stays compiled while nothing but what bodies do changes.
            self.actions();
            self.lists();
            self.branches();
            smaller = Some(self.program.clone());
        }
        self.shape = Shape::Straight;
        let readable =
            smaller.as_ref().is_some_and(|smaller| self.holds(smaller)) || self.holds(program);
        if !readable {
            self.shape = Shape::Chassis;
        }
        readable || smaller.is_some()
    }

    /// Whether the time is over.
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || Instant::now() >= self.until
    }

    /// Whether the program has the finding. If so, it is the best one from now on.
    fn holds(&mut self, program: &Program) -> bool {
        if self.is_over() || program.check().is_err() {
            return false;
        }
        let trial = match self.shape {
            Shape::Straight => Trial::of(program.clone(), self.shape),
            Shape::Chassis => Trial::on_chassis(program.clone(), self.judge.chassis()),
        };
        let Ok(trial) = trial else {
            return false;
        };
        let Ok(Outcome::Finding(finding)) = judge_as(self.kind, &trial, self.judge, self.seat)
        else {
            return false;
        };
        if finding.signature.id() != self.signature {
            return false;
        }
        self.program = program.clone();
        self.best = Some((trial, *finding));
        true
    }

    /// The best, with a script for the runtime's own program if there is one. There is none of most
    /// cases that end in a trap anyhow, so a task may have to return first.
    fn with_script(mut self) -> Option<(Trial, Finding)> {
        let (trial, mut finding) = self.best.take()?;
        // In this process, the runtime that died of a case would end it.
        if finding.signature.kind != Kind::Inadmissible {
            return Some((trial, finding));
        }
        finding.script = standalone::script(&trial, self.seat);
        if finding.script.is_none() && self.returns() {
            let (longer, mut same) = self.best.take()?;
            same.script = standalone::script(&longer, self.seat);
            if same.script.is_some() {
                return Some((longer, same));
            }
        }
        Some((trial, finding))
    }

    /// Has tasks of `async` functions return at the end, as far as the finding is the same. Gives
    /// whether any does.
    fn returns(&mut self) -> bool {
        let mut any = false;
        for instance in 0..self.program.instances.len() {
            for function in 0..self.program.instances[instance].functions.len() {
                any |= self.tries(|program| add_return(&mut program.instances[instance], function));
            }
        }
        any
    }

    /// Tries the program with a change; gives whether the change stays.
    fn tries(&mut self, change: impl FnOnce(&mut Program)) -> bool {
        let mut program = self.program.clone();
        change(&mut program);
        program != self.program && self.holds(&program)
    }

    /// Tries everything once; gives whether anything became smaller.
    fn round(&mut self) -> bool {
        let before = self.program.clone();
        self.actions();
        self.lists();
        self.branches();
        self.bodies();
        self.unnamed();
        self.types();
        self.options();
        self.numbers();
        self.program != before && !self.is_over()
    }

    /// What the host does, from the last to the first.
    fn actions(&mut self) {
        for at in (0..self.program.actions.len()).rev() {
            self.tries(|program| remove_action(program, at));
        }
    }

    /// Steps, by halves, quarters and so on of each list.
    fn lists(&mut self) {
        let mut number = 0;
        while let Some(mut length) = steps::length(&mut self.program, number) {
            let mut part = length.div_ceil(2).max(1);
            while length > 0 && !self.is_over() {
                let mut at = length;
                while at > 0 {
                    let from = at.saturating_sub(part);
                    self.tries(|program| {
                        steps::edit(program, number, |list| {
                            let to = at.min(list.len());
                            list.drain(from.min(to)..to);
                        });
                    });
                    at = from;
                }
                length = steps::length(&mut self.program, number).unwrap_or(0);
                if part == 1 {
                    break;
                }
                part = part.div_ceil(2);
            }
            number += 1;
        }
    }

    /// One of the branches in the place of an `if`, and what is repeated once in the place of a loop.
    fn branches(&mut self) {
        let mut number = 0;
        while let Some(length) = steps::length(&mut self.program, number) {
            for at in (0..length).rev() {
                for which in 0..2 {
                    self.tries(|program| {
                        steps::edit(program, number, |list| unfold(list, at, which));
                    });
                }
                for by in [16, 2] {
                    self.tries(|program| {
                        steps::edit(program, number, |list| {
                            if let Some(Step::Repeat { times, .. }) = list.get_mut(at) {
                                *times = (*times / by).max(1);
                            }
                        });
                    });
                }
            }
            number += 1;
        }
    }

    /// Bodies that may be left out, and blocks of callbacks.
    fn bodies(&mut self) {
        for at in 0..self.program.instances.len() {
            self.tries(|program| program.instances[at].start = None);
            self.tries(|program| program.instances[at].realloc = None);
            for function in 0..self.program.instances[at].functions.len() {
                self.tries(|program| {
                    let function = &mut program.instances[at].functions[function];
                    if let LiftForm::Sync { post_return } = &mut function.lift.form {
                        *post_return = None;
                    }
                });
                let blocks = |program: &Program| {
                    let function = &program.instances[at].functions[function];
                    function.body.blocks.len()
                };
                for block in (1..blocks(&self.program)).rev() {
                    self.tries(|program| {
                        let function = &mut program.instances[at].functions[function];
                        function.body.blocks.remove(block);
                    });
                }
            }
            for thread in 0..self.program.instances[at].threads.len() {
                self.tries(|program| {
                    program.instances[at].threads[thread].body = Block {
                        steps: Vec::new(),
                        end: End::Nothing,
                    };
                });
            }
            while self.tries(|program| {
                program.instances[at].threads.pop();
            }) {}
        }
        for at in 0..self.program.resources.len() {
            self.tries(|program| {
                if let Owner::Instance { destructor, .. } = &mut program.resources[at].owner {
                    *destructor = None;
                }
            });
        }
    }

    /// What nothing names: all of it, or else one after the other.
    fn unnamed(&mut self) {
        self.tries(|program| while names::remove_unnamed(program, usize::MAX) > 0 {});
        let mut kept = 0;
        loop {
            let mut program = self.program.clone();
            names::skip_unnamed(&mut program, kept);
            if program == self.program || self.is_over() {
                return;
            }
            if !self.holds(&program) {
                kept += 1;
            }
        }
    }

    /// Parameters and results, types that are made of others, and what the host gives.
    fn types(&mut self) {
        for instance in 0..self.program.instances.len() {
            for function in 0..self.program.instances[instance].functions.len() {
                let home = (InstanceId(instance as u32), FunctionId(function as u32));
                self.parts(home.0, home.1);
            }
        }
        // What one type is made of may be left when it is gone.
        let mut tried: Vec<Type> = Vec::new();
        while let Some(ty) = types::compound(&self.program)
            .into_iter()
            .find(|ty| !tried.contains(ty))
        {
            for simpler in types::simpler(&ty) {
                if self.is_over() || self.tries(|program| types::replace(program, &ty, &simpler)) {
                    break;
                }
            }
            tried.push(ty);
        }
        for at in 0..self.program.actions.len() {
            self.values(at);
        }
    }

    fn parts(&mut self, instance: InstanceId, function: FunctionId) {
        let ty = |program: &Program| {
            let home = &program.instances[instance.index()];
            home.functions[function.index()].ty.clone()
        };
        for at in (0..ty(&self.program).params.len()).rev() {
            let part = types::Part::Parameter(at);
            self.tries(|program| types::without(program, instance, function, part));
        }
        if ty(&self.program).result.is_some() {
            let part = types::Part::Result;
            self.tries(|program| types::without(program, instance, function, part));
        }
    }

    /// The simplest values for what the host calls a function with.
    fn values(&mut self, at: usize) {
        let Some(Action::Start {
            instance, function, ..
        }) = self.program.actions.get(at)
        else {
            return;
        };
        let callee = Callee::Function {
            instance: *instance,
            function: *function,
        };
        let wanted = self.program.function_type(callee).params.clone();
        for (number, ty) in wanted.iter().enumerate() {
            let Some(value) = types::simplest(ty) else {
                continue;
            };
            self.tries(|program| {
                if let Some(Action::Start { args, .. }) = program.actions.get_mut(at)
                    && let Some(arg) = args.get_mut(number)
                {
                    *arg = value;
                }
            });
        }
    }

    /// Encodings, and memories of 64 bits.
    fn options(&mut self) {
        self.tries(|program| {
            names::each_option(program, &mut |options| options.encoding = Encoding::Utf8);
        });
        for at in 0..self.program.instances.len() {
            while self.tries(|program| {
                program.instances[at].memories.pop();
            }) {}
            for memory in 0..self.program.instances[at].memories.len() {
                self.tries(|program| program.instances[at].memories[memory].wide = false);
            }
        }
    }

    /// Numbers that steps take: nothing in their place, or one.
    fn numbers(&mut self) {
        let mut number = 0;
        while let Some(length) = steps::length(&mut self.program, number) {
            for at in 0..length {
                let mut operand = 0;
                loop {
                    let mut there = false;
                    let mut simple = false;
                    for value in [0, 1] {
                        let mut program = self.program.clone();
                        steps::edit(&mut program, number, |list| {
                            let operands = list.get_mut(at).map(steps::operands);
                            let found = operands.into_iter().flatten().nth(operand);
                            there = found.is_some();
                            if let Some(Operand::Const(now)) = found {
                                simple |= *now == 0 || *now == 1;
                                *now = value;
                            }
                        });
                        if simple || !there || program != self.program && self.holds(&program) {
                            break;
                        }
                    }
                    if !there || self.is_over() {
                        break;
                    }
                    operand += 1;
                }
            }
            number += 1;
        }
    }
}

/// Adds a `task.return` of nothing to the end of a function's last block, if that can be.
fn add_return(instance: &mut Instance, at: usize) {
    let function = &mut instance.functions[at];
    if function.ty.result.is_some() || matches!(function.lift.form, LiftForm::Sync { .. }) {
        return;
    }
    let wanted = Canon::TaskReturn {
        result: None,
        options: function.lift.options,
    };
    let found = instance.canons.iter().position(|canon| *canon == wanted);
    let canon = CanonId(found.unwrap_or(instance.canons.len()) as u32);
    if found.is_none() {
        instance.canons.push(wanted);
    }
    if let Some(block) = function.body.blocks.last_mut() {
        block.steps.push(Step::Canon {
            canon,
            args: Vec::new(),
            result: None,
        });
    }
}

/// Puts one of an `if`'s branches, or a loop's steps, in the place of it.
fn unfold(list: &mut Vec<Step>, at: usize, which: usize) {
    let inner = match list.get_mut(at) {
        Some(Step::If { then, .. }) if which == 0 => std::mem::take(then),
        Some(Step::If { otherwise, .. }) => std::mem::take(otherwise),
        Some(Step::Repeat { steps, .. }) if which == 0 => std::mem::take(steps),
        _ => return,
    };
    list.splice(at..=at, inner);
}

/// Removes an action, and those that are about it.
fn remove_action(program: &mut Program, at: usize) {
    let is_it = |id: &ActionId| id.index() == at;
    let goes = |number: usize, action: &Action| match action {
        _ if number == at => true,
        Action::Await(call) | Action::Cancel(call) => is_it(call),
        Action::Start { .. } => false,
    };
    let mut left = Vec::new();
    let mut renamed = Vec::new();
    for (number, action) in program.actions.drain(..).enumerate() {
        renamed.push(left.len() as u32);
        if !goes(number, &action) {
            left.push(action);
        }
    }
    for action in &mut left {
        if let Action::Await(call) | Action::Cancel(call) = action {
            *call = ActionId(renamed.get(call.index()).copied().unwrap_or(u32::MAX));
        }
    }
    program.actions = left;
}
