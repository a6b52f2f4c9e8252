//! The program under construction: what can be had in it, and steps that use it.

use super::dice::Dice;
use super::model::{Kind, Made, Pool, Role, Skip, State, Thing, ThingId};
use super::profile::{Need, Profile, allowed, host_need};
use super::types;
use crate::corners::{Corner, Corners, Weights};
use crate::program::{
    Block, Cancellable, Canon, CanonId, Comparison, Condition, Encoding, End, FunctionId,
    FunctionType, HostFunction, HostId, InstanceId, MemoryId, Operand, Options, Program,
    REALLOC_BASE, Slot, SlotId, Step, Type, walk,
};

/// Where free memory begins.
const MEMORY_BASE: u32 = 16;

/// The program under construction.
pub(super) struct Builder<'u, 'b, 'p> {
    pub dice: Dice<'u, 'b>,
    pub profile: &'p Profile,
    /// The profile's, less what this program does without.
    pub weights: Weights,
    pub corners: Corners,
    pub program: Program,
    /// Whether only what the shape has can be had.
    pub fixed: bool,
    pub pools: Vec<Pool>,
    /// How many steps may still be written, about.
    pub steps_left: i64,
    /// The mistake that is to be made, and how many opportunities for it are passed by before.
    pub mistake: Option<(Corner, u32)>,
    /// The instances of the bodies that are being written, from the outside in.
    pub chain: Vec<InstanceId>,
    /// Whether calls that an instance refuses, since it is entered already, are made.
    pub reenter: bool,
    /// Functions that the host is to call, too.
    pub tasks: Vec<(InstanceId, FunctionId)>,
    places: u32,
    tokens: u32,
    tracks: u32,
}

/// The steps of one body while it is written.
pub(super) struct Track {
    pub instance: InstanceId,
    /// Its own number.
    pub number: u32,
    /// How many bodies are being written around this one.
    pub depth: u32,
    pub role: Role,
    /// What is written of a function with a callback, but for the last block.
    pub blocks: Vec<Block>,
    pub steps: Vec<Step>,
    /// In how many branches and loops the steps are.
    pub nested: u32,
    /// Whether the task has returned or been cancelled.
    pub returned: bool,
    /// Whether it does something on which it may block.
    pub may_block: bool,
    /// Handles that the task has to drop before it returns.
    pub borrows: Vec<ThingId>,
}

/// Constants, shortly.
pub(super) fn number(value: u64) -> Operand {
    Operand::Const(value as i64)
}

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Begins with a shape.
    pub fn new(dice: Dice<'u, 'b>, profile: &'p Profile, program: Program, fixed: bool) -> Self {
        let pools = program.instances.iter().map(pool).collect();
        Builder {
            dice,
            profile,
            weights: profile.weights.clone(),
            corners: Corners::default(),
            program,
            fixed,
            pools,
            steps_left: i64::from(profile.size),
            mistake: None,
            chain: Vec::new(),
            reenter: false,
            tasks: Vec::new(),
            places: 0,
            tokens: 0,
            tracks: 0,
        }
    }

    /// Begins a body.
    pub fn track(&mut self, instance: InstanceId, role: Role, depth: u32) -> Track {
        self.tracks += 1;
        Track {
            instance,
            number: self.tracks,
            depth,
            role,
            blocks: Vec::new(),
            steps: Vec::new(),
            nested: 0,
            returned: false,
            may_block: false,
            borrows: Vec::new(),
        }
    }

    /// One of `corners`, by the weights, or by chance where all are zero; counted.
    pub fn aim(&mut self, corners: &[Corner]) -> Made<Corner> {
        let weights = &self.weights;
        let weighted = self.dice.weighted(corners, |corner| weights.get(corner));
        let corner = weighted.or_else(|| self.dice.pick(corners).copied());
        let corner = corner.ok_or(Skip)?;
        self.corners.count(corner);
        Ok(corner)
    }

    /// Whether to aim at a corner, of `others` other possibilities of common weight; counted if so.
    pub fn hit(&mut self, corner: Corner, others: u32) -> bool {
        let weight = self.weights.get(corner);
        let hit = self.dice.chance(weight, weight + others);
        if hit {
            self.corners.count(corner);
        }
        hit
    }

    /// Fails unless the program may need it.
    pub fn need(&self, need: Need) -> Made<()> {
        if self.profile.capabilities.has(need) {
            Ok(())
        } else {
            Err(Skip)
        }
    }

    /// A number for the host to know a call or an end by.
    pub fn token(&mut self) -> u32 {
        self.tokens += 1;
        self.tokens
    }

    /// A slot that nothing else uses.
    pub fn slot(&mut self, instance: InstanceId, name: &str) -> Made<SlotId> {
        let slots = &mut self.program.instances[instance.index()].slots;
        let taken = &mut self.pools[instance.index()].slots;
        if *taken >= slots.len() {
            if self.fixed {
                return Err(Skip);
            }
            slots.push(Slot { name: name.into() });
        }
        *taken += 1;
        Ok(SlotId(*taken as u32 - 1))
    }

    /// Memory that nothing else uses.
    pub fn memory(
        &mut self,
        instance: InstanceId,
        memory: MemoryId,
        size: u64,
        align: u64,
    ) -> Made<u32> {
        let next = &mut self.pools[instance.index()].memory[memory.index()];
        let start = u64::from(*next).next_multiple_of(align.max(1));
        let end = start + size;
        if end > u64::from(REALLOC_BASE) {
            return Err(Skip);
        }
        *next = end as u32;
        Ok(start as u32)
    }

    /// A built-in that the instance has or can get.
    pub fn canon(&mut self, instance: InstanceId, canon: &Canon) -> Made<CanonId> {
        let canons = &mut self.program.instances[instance.index()].canons;
        if let Some(position) = canons.iter().position(|other| other == canon) {
            return Ok(CanonId(position as u32));
        }
        if self.fixed || !allowed(self.profile, canon) {
            return Err(Skip);
        }
        canons.push(canon.clone());
        Ok(CanonId(canons.len() as u32 - 1))
    }

    /// Calls a built-in that has no result.
    pub fn run(&mut self, t: &mut Track, canon: &Canon, args: Vec<Operand>) -> Made<()> {
        let canon = self.canon(t.instance, canon)?;
        self.push(
            t,
            Step::Canon {
                canon,
                args,
                result: None,
            },
        );
        Ok(())
    }

    /// Calls a built-in that has a result, into a new slot.
    pub fn ask(
        &mut self,
        t: &mut Track,
        canon: &Canon,
        args: Vec<Operand>,
        name: &str,
    ) -> Made<SlotId> {
        let canon = self.canon(t.instance, canon)?;
        let slot = self.slot(t.instance, name)?;
        self.push(
            t,
            Step::Canon {
                canon,
                args,
                result: Some(slot),
            },
        );
        Ok(slot)
    }

    /// Like [`Builder::ask`], and shows the result.
    pub fn show(
        &mut self,
        t: &mut Track,
        canon: &Canon,
        args: Vec<Operand>,
        name: &str,
    ) -> Made<SlotId> {
        let slot = self.ask(t, canon, args, name)?;
        self.mark(t, Operand::Slot(slot));
        Ok(slot)
    }

    /// Adds a step.
    pub fn push(&mut self, t: &mut Track, step: Step) {
        self.steps_left -= 1;
        t.steps.push(step);
    }

    /// Shows a number.
    pub fn mark(&mut self, t: &mut Track, value: Operand) {
        self.places += 1;
        let place = self.places;
        self.push(t, Step::Mark { place, value });
    }

    /// Loads into a new slot.
    pub fn load(
        &mut self,
        t: &mut Track,
        memory: MemoryId,
        width: crate::program::Width,
        address: Operand,
        name: &str,
    ) -> Made<SlotId> {
        let slot = self.slot(t.instance, name)?;
        self.push(
            t,
            Step::Load {
                slot,
                memory,
                width,
                address,
            },
        );
        Ok(slot)
    }

    /// Computes into a new slot.
    pub fn set(
        &mut self,
        t: &mut Track,
        op: crate::program::Arithmetic,
        a: Operand,
        b: Operand,
        name: &str,
    ) -> Made<SlotId> {
        let slot = self.slot(t.instance, name)?;
        self.push(t, Step::Set { slot, op, a, b });
        Ok(slot)
    }

    /// Steps in a branch or loop, of which those that were written before something was not to be had
    /// are kept.
    pub fn nested(
        &mut self,
        t: &mut Track,
        steps: &mut dyn FnMut(&mut Self, &mut Track) -> Made<()>,
    ) -> Vec<Step> {
        let outer = std::mem::take(&mut t.steps);
        t.nested += 1;
        // What cannot be had is left out; the program is a program without it.
        let _ = steps(self, t);
        t.nested -= 1;
        std::mem::replace(&mut t.steps, outer)
    }

    /// Steps that are done if two numbers compare so.
    pub fn when(
        &mut self,
        t: &mut Track,
        a: Operand,
        comparison: Comparison,
        b: Operand,
        steps: &mut dyn FnMut(&mut Self, &mut Track) -> Made<()>,
    ) {
        let then = self.nested(t, steps);
        if then.is_empty() {
            return;
        }
        let condition = Condition { a, comparison, b };
        self.push(
            t,
            Step::If {
                condition,
                then,
                otherwise: Vec::new(),
            },
        );
    }

    /// Remembers what a slot holds.
    pub fn remember(&mut self, t: &Track, slot: SlotId, kind: Kind, state: State) -> ThingId {
        let things = &mut self.pools[t.instance.index()].things;
        things.push(Thing::new(slot, kind, state, t.number));
        things.len() - 1
    }

    /// A thing of the instance's.
    pub fn thing(&mut self, t: &Track, thing: ThingId) -> &mut Thing {
        &mut self.pools[t.instance.index()].things[thing]
    }

    /// A thing of the instance's for which `fits` is true, if there is one: mostly the task's own.
    pub fn find(&mut self, t: &Track, fits: impl Fn(&Thing) -> bool) -> Made<ThingId> {
        let things = &self.pools[t.instance.index()].things;
        let own = |id: &ThingId| things[*id].maker == t.number && fits(&things[*id]);
        let own: Vec<ThingId> = (0..things.len()).filter(own).collect();
        if !own.is_empty() && self.dice.chance(4, 5) {
            return self.dice.pick(&own).copied().ok_or(Skip);
        }
        let fitting: Vec<ThingId> = (0..things.len()).filter(|id| fits(&things[*id])).collect();
        self.dice.pick(&fitting).copied().ok_or(Skip)
    }

    /// The options with which an instance's definitions are made.
    pub fn options(&self, instance: InstanceId) -> Options {
        Options {
            memory: Some(MemoryId(0)),
            encoding: self.pools[instance.index()].encoding,
        }
    }

    /// A function of the host's that instances have or can get.
    pub fn host(&mut self, verb: &str, ty: FunctionType) -> Made<HostId> {
        if let Some(need) = host_need(verb) {
            self.need(need)?;
        }
        if !ty.types().all(|ty| self.is_hosts(ty)) {
            return Err(Skip);
        }
        let host = &mut self.program.host;
        let same = |other: &HostFunction| other.verb == verb && other.ty == ty;
        if let Some(position) = host.iter().position(same) {
            return Ok(HostId(position as u32));
        }
        if self.fixed {
            return Err(Skip);
        }
        let verb = verb.into();
        host.push(HostFunction { verb, ty });
        Ok(HostId(host.len() as u32 - 1))
    }

    /// Whether the host can name all resource types in a type.
    pub fn is_hosts(&self, ty: &Type) -> bool {
        let mut all = true;
        walk(ty, &mut |part| {
            if let Type::Own(name) | Type::Borrow(name) = part {
                let resource = types::resource(name);
                all &= resource.is_ok_and(|resource| self.owner(resource).is_none());
            }
        });
        all
    }

    /// Ends a block of a function with a callback.
    pub fn end_block(&mut self, t: &mut Track, end: End) {
        let steps = std::mem::take(&mut t.steps);
        t.blocks.push(Block { steps, end });
    }
}

fn pool(instance: &crate::program::Instance) -> Pool {
    Pool {
        things: left_at_start(instance),
        memory: vec![MEMORY_BASE; instance.memories.len()],
        slots: taken_slots(instance),
        functions: vec![false; instance.functions.len()],
        threads: 0,
        realloc: false,
        buffer: 0,
        encoding: match instance.functions.first() {
            Some(function) => function.lift.options.encoding,
            None => Encoding::Utf8,
        },
    }
}

/// What an instance of a fixed shape has made at its start.
fn left_at_start(instance: &crate::program::Instance) -> Vec<Thing> {
    let steps = instance.start.iter().flat_map(|block| &block.steps);
    let made = steps.filter_map(|step| match step {
        Step::Canon {
            canon,
            result: Some(slot),
            ..
        } => {
            let kind = match instance.canons.get(canon.index())? {
                Canon::WaitableSetNew => Kind::Set,
                Canon::ResourceNew(resource) => Kind::Own(*resource),
                _ => return None,
            };
            Some(Thing::new(*slot, kind, State::Idle, 0))
        }
        _ => None,
    });
    made.collect()
}

/// How many slots parameters and events go to; they come first.
fn taken_slots(instance: &crate::program::Instance) -> usize {
    let named = instance.slots.iter().take_while(|slot| slot.name != FREE);
    named.count()
}

/// The name of a slot of a fixed shape that bodies may use as they like.
pub(super) const FREE: &str = "s";

/// `cancellable` or not.
pub(super) fn cancellable(yes: bool) -> Cancellable {
    if yes {
        Cancellable::Yes
    } else {
        Cancellable::No
    }
}
