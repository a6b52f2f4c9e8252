//! The program generator: programs from bytes.
//!
//! A program is made of *scenarios*, templates that lead to a [corner](crate::corners), one after the
//! other. Each writes the bodies of the functions that it calls as it goes, by a model of what every
//! instance holds then, so that most steps are valid; one step in some programs is a deliberate
//! mistake. Each program does without a random part of the corners, since what is never done also
//! leads to states that are rare otherwise.
//!
//! On swarms: Groce, Zhang, Eide, Chen, Regehr: Swarm Testing, ISSTA 2012.

mod anything;
mod bodies;
mod builder;
mod calls;
mod channel;
mod chassis;
mod confined;
mod dice;
mod drawn;
mod functions;
mod hosted;
mod mistakes;
mod model;
mod observe;
mod peers;
mod plan;
mod profile;
mod resources;
mod scenario;
mod shape;
mod source;
mod subtasks;
mod things;
mod threads;
mod types;
mod values;
mod wave;
mod wrong;

use arbitrary::Unstructured;

use builder::Builder;
use dice::Dice;
use functions::{FormKind, Want};
pub use profile::{Capabilities, Need, Profile, ProgramForm};
pub use source::Source;

use crate::corners::{Corner, Corners};
use crate::program::{
    Action, ActionId, Encoding, FunctionId, InstanceId, Program, Shared, Type, VERSION,
};

/// A program, and what it was aimed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The program.
    pub program: Program,
    /// How often it was aimed at which corner.
    pub corners: Corners,
}

/// Makes programs of one profile; it keeps the fixed shapes, so that they are made once.
#[derive(Clone, Debug)]
pub struct Generator {
    profile: Profile,
    shapes: Vec<Program>,
}

impl Generator {
    /// For this profile.
    pub fn new(profile: Profile) -> Generator {
        let shapes = match profile.form {
            ProgramForm::Straight => Vec::new(),
            ProgramForm::Chassis => (0..chassis::SHAPES + chassis::DRAWN)
                .map(|number| chassis::shape(number, &profile))
                .collect(),
        };
        Generator { profile, shapes }
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Makes a program from bytes: always the same from the same.
    ///
    /// # Errors
    /// None at present: bytes that run out give a program that ends soon.
    pub fn program(&self, u: &mut Unstructured<'_>) -> arbitrary::Result<Generated> {
        Ok(self.generate(u, None))
    }

    /// The same, but where the shape is one of those that are drawn, it is the one whose turn it is. So
    /// programs that follow each other have few shapes, and what keeps components has them at hand.
    ///
    /// # Errors
    /// None at present.
    pub fn program_in_turn(
        &self,
        u: &mut Unstructured<'_>,
        turn: u32,
    ) -> arbitrary::Result<Generated> {
        Ok(self.generate(u, Some(turn)))
    }

    fn generate(&self, u: &mut Unstructured<'_>, turn: Option<u32>) -> Generated {
        let shape = |number: u32| self.shapes[number as usize].clone();
        generate(u, &self.profile, &shape, turn)
    }
}

/// Makes a program from bytes, like [`Generator::program`].
///
/// # Errors
/// None at present.
pub fn program(u: &mut Unstructured<'_>, profile: &Profile) -> arbitrary::Result<Generated> {
    let shape = |number| chassis::shape(number, profile);
    Ok(generate(u, profile, &shape, None))
}

fn generate(
    u: &mut Unstructured<'_>,
    profile: &Profile,
    fixed: &dyn Fn(u32) -> Program,
    turn: Option<u32>,
) -> Generated {
    let mut dice = Dice(u);
    let (shape, focus) = match profile.form {
        ProgramForm::Straight => (shape::straight(&mut dice, profile), None),
        ProgramForm::Chassis => {
            let number = chassis::number(&mut dice, turn);
            (fixed(number), Some(plan::focus(number)))
        }
    };
    let mut g = Builder::new(dice, profile, shape, focus.is_some());
    g.swarm();
    for corner in focus.into_iter().flatten() {
        g.weights.set(*corner, 6 * profile.weights.get(*corner));
    }
    let tasks = 1 + g.dice.below(3);
    for task in 0..tasks {
        g.task(task);
    }
    g.actions();
    Generated {
        program: g.program,
        corners: g.corners,
    }
}

/// Makes a type without handles, and a value of it in WAVE.
pub fn value(u: &mut Unstructured<'_>) -> (Type, String) {
    let profile = Profile::default();
    let empty = Program {
        version: VERSION,
        resources: Vec::new(),
        host: Shared::default(),
        instances: Vec::new(),
        actions: Vec::new(),
    };
    let mut g = Builder::new(Dice(u), &profile, empty, false);
    let ty = g.new_type(&[], types::Use::Plain, 3);
    let value = g.wave(&ty).unwrap_or_default();
    (ty, value)
}

impl Builder<'_, '_, '_> {
    /// Decides what the program does without, and whether and when it makes a mistake.
    fn swarm(&mut self) {
        for corner in Corner::ALL {
            if self.dice.chance(1, 3) {
                self.weights.set(*corner, 0);
            }
        }
        if self.dice.chance(self.profile.mistakes, 100) {
            let weights = &self.profile.weights;
            let weight = |corner| weights.get(corner);
            let mistake = self.dice.weighted(Corner::MISTAKES, weight);
            let left = self.dice.below(12);
            self.mistake = mistake.map(|mistake| (mistake, self.dice.below(left + 1)));
        }
        if !self.fixed {
            for pool in &mut self.pools {
                let encodings = [Encoding::Utf8, Encoding::Utf16, Encoding::Latin1Utf16];
                let encoding = self.dice.pick(&encodings).copied();
                pool.encoding = encoding.unwrap_or(Encoding::Utf8);
            }
        }
        self.steps_left = match self.dice.below(8) {
            0 => self.steps_left,
            1..=3 => self.steps_left / 2,
            _ => self.steps_left / 4,
        };
    }

    /// Writes a function that the host calls, out of scenarios.
    fn task(&mut self, number: u32) {
        let instances = self.program.instances.len() as u32;
        let instance = match self.dice.chance(1, 4) {
            true => InstanceId(self.dice.below(instances)),
            false => InstanceId(self.usual_entry()),
        };
        let mut want = Want::nullary();
        if self.dice.chance(1, 6) {
            want.params = None;
            want.result = None;
        }
        if !self.dice.chance(1, 8) {
            want = want.asynchronous();
            want.form = match self.dice.below(6) {
                0 => Some(FormKind::Sync),
                1..=3 => Some(FormKind::Callback),
                _ => None,
            };
        }
        let Ok(function) = self.function(instance, &want, &[]) else {
            return;
        };
        let first = self.tasks.len();
        self.fill(instance, function, 0, &mut |g, t| {
            // Every task does something.
            let share = g.steps_left.max(8) / (3 - i64::from(number.min(2)));
            let end = g.steps_left - share;
            // Some do one thing only, and are soon done.
            let most = if g.dice.chance(1, 3) { 0 } else { 6 };
            let mut left = most;
            if left == 0 {
                // That it began shows that nothing went wrong before.
                g.mark(t, builder::number(0));
            }
            while left > 0 && g.steps_left > end && !g.dice.exhausted() {
                // A scenario that is not to be had here has left what it could.
                let _ = g.any_scenario(t);
                left -= 1;
            }
            match g.dice.chance(1, 2) || left == most {
                true => g.one_of_scenarios(t, Corner::LAST),
                false => Ok(()),
            }
        });
        self.tasks.insert(first, (instance, function));
    }

    /// The last root, which sees most, or, where it stands alone, any.
    fn usual_entry(&mut self) -> u32 {
        let instances = self.program.instances.len() as u32;
        let seeing = (0..instances).filter(|i| !self.callees(InstanceId(*i)).is_empty());
        let seeing: Vec<u32> = seeing.collect();
        self.dice.pick(&seeing).copied().unwrap_or_default()
    }

    /// Writes what the host does: it starts the tasks, cancels some, and awaits most.
    fn actions(&mut self) {
        let concurrent = self.need(Need::ConcurrentCalls).is_ok();
        let cancels = self.need(Need::CallCancel).is_ok();
        let again = self.hit(Corner::CallAfterTrap, 20);
        let mut open = Vec::new();
        for (instance, function) in std::mem::take(&mut self.tasks) {
            let Some(call) = self.start(instance, function) else {
                continue;
            };
            if cancels && self.hit(Corner::HostCancels, 40) {
                self.program.actions.push(Action::Cancel(call));
            }
            let wait = !concurrent || again || self.dice.chance(1, 4);
            match wait {
                true => self.program.actions.push(Action::Await(call)),
                false => open.push(call),
            }
        }
        while !open.is_empty() {
            let next = self.dice.below(open.len() as u32) as usize;
            let call = open.remove(next);
            if cancels && self.hit(Corner::HostCancels, 40) {
                self.program.actions.push(Action::Cancel(call));
            }
            if !self.dice.chance(1, 16) {
                self.program.actions.push(Action::Await(call));
            }
        }
    }

    fn start(&mut self, instance: InstanceId, function: FunctionId) -> Option<ActionId> {
        let functions = &self.program.instances[instance.index()].functions;
        let params = functions[function.index()].ty.params.clone();
        let args: Option<Vec<String>> = params.iter().map(|ty| self.wave(ty)).collect();
        let action = Action::Start {
            instance,
            function,
            args: args?,
        };
        self.program.actions.push(action);
        Some(ActionId(self.program.actions.len() as u32 - 1))
    }
}

#[cfg(test)]
mod tests;
