//! The program under construction: what can be had in it, and steps that use it.

use super::dice::Dice;
use super::model::{Channel, Kind, Made, Peer, Pool, Role, Side, Skip, State, Thing, ThingId};
use super::profile::{Need, Profile};
use super::types;
use crate::corners::{Corner, Corners, Weights};
use crate::program::{
    Block, Cancellable, Canon, CanonId, Comparison, Condition, Encoding, End, Form, FunctionId,
    FunctionType, HostFunction, HostId, InstanceId, MEMORY_SIZE, MemoryId, Operand, Options,
    Program, REALLOC_BASE, ResourceId, Slot, SlotId, Step, Type, walk,
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

    /// Whether to make a mistake here, and which of those that could be made.
    pub fn slip(&mut self, corners: &[Corner]) -> Option<Corner> {
        let (mistake, left) = self.mistake.as_mut()?;
        let mistake = *mistake;
        if !corners.contains(&mistake) {
            return None;
        }
        if *left > 0 {
            *left -= 1;
            return None;
        }
        self.mistake = None;
        self.corners.count(mistake);
        Some(mistake)
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
        things.push(Thing {
            slot,
            kind,
            state,
            set: None,
            maker: t.number,
            event: false,
            room: 0,
            peer: Peer::Unknown,
        });
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

    /// The handle of a thing, or, by mistake, another number.
    pub fn handle(&mut self, t: &mut Track, thing: ThingId) -> Operand {
        let Thing {
            maker,
            set,
            event,
            slot,
            ..
        } = *self.thing(t, thing);
        if maker != t.number {
            self.corners.count(match t.role {
                Role::Thread => Corner::OtherThread,
                _ => Corner::OtherTask,
            });
        }
        if set.is_some() {
            self.corners.count(Corner::InSet);
        }
        if event {
            self.corners.count(Corner::PendingEvent);
        }
        let kind = &self.thing(t, thing).kind;
        let typed = matches!(kind, Kind::End(..) | Kind::Own(_) | Kind::Borrow(_));
        let mistakes = [Corner::DeadHandle, Corner::WrongKind, Corner::WrongType];
        let mistakes = if typed { &mistakes[..] } else { &mistakes[..2] };
        match self.slip(mistakes) {
            Some(mistake) => self.wrong_handle(t, thing, mistake),
            None => Operand::Slot(slot),
        }
    }

    /// Another number than the handle of a thing.
    pub fn wrong_handle(&mut self, t: &mut Track, thing: ThingId, mistake: Corner) -> Operand {
        let kind = self.thing(t, thing).kind.clone();
        let wrong = |other: &Thing| match mistake {
            Corner::DeadHandle => other.state == State::Gone,
            Corner::WrongKind => other.state != State::Gone && sort(&other.kind) != sort(&kind),
            _ => {
                other.state != State::Gone && sort(&other.kind) == sort(&kind) && other.kind != kind
            }
        };
        let other = match self.find(t, wrong) {
            Ok(other) => Ok(other),
            Err(Skip) if mistake == Corner::DeadHandle => Err(Skip),
            Err(Skip) => self.other_thing(t, &kind, mistake),
        };
        let numbers = [0, 1, 2, 3, 77, 0x0fff_ffff, 0xffff_ffff];
        match other {
            Ok(other) => Operand::Slot(self.thing(t, other).slot),
            Err(Skip) => number(self.dice.pick(&numbers).copied().unwrap_or_default()),
        }
    }

    /// Makes a thing of another kind or type than `kind`.
    fn other_thing(&mut self, t: &mut Track, kind: &Kind, mistake: Corner) -> Made<ThingId> {
        match kind {
            Kind::End(channel, side, element) if mistake == Corner::WrongType => {
                let other = self.other_element(t, *channel, element)?;
                let (reader, writer) = self.new_channel(t, *channel, other)?;
                Ok(match side {
                    Side::Readable => reader,
                    Side::Writable => writer,
                })
            }
            Kind::Own(resource) | Kind::Borrow(resource) if mistake == Corner::WrongType => {
                let resources = (0..self.program.resources.len() as u32).map(ResourceId);
                let other = resources
                    .filter(|other| other != resource && self.knows(t.instance, *other))
                    .find(|other| self.owner(*other).is_none_or(|owner| owner == t.instance));
                self.new_resource(t, other.ok_or(Skip)?)
            }
            Kind::Set => {
                let element = self.channel_element(t, Channel::Stream)?;
                Ok(self.new_channel(t, Channel::Stream, element)?.0)
            }
            _ => self.new_set(t),
        }
    }

    /// The type of elements of another channel.
    pub fn other_element(
        &mut self,
        t: &Track,
        channel: Channel,
        element: &Option<Type>,
    ) -> Made<Option<Type>> {
        let other = self.channel_element(t, channel)?;
        match other == *element {
            false => Ok(other),
            true if element.is_some() => Ok(None),
            true => Ok(Some(Type::U8)),
        }
    }

    /// An address, or, by mistake, another one.
    pub fn pointer(&mut self, address: u32, align: u64) -> Operand {
        let mistake = if align > 1 {
            self.slip(&[Corner::Misaligned, Corner::OutOfBounds])
        } else {
            self.slip(&[Corner::OutOfBounds])
        };
        let size = u64::from(MEMORY_SIZE);
        let address = match mistake {
            Some(Corner::Misaligned) => u64::from(address) + 1,
            Some(_) => {
                let ends = [size - align, size, size + 8 * align, 0xffff_fff8];
                self.dice.pick(&ends).copied().unwrap_or(size)
            }
            None => address.into(),
        };
        number(address)
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
        things: Vec::new(),
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

/// How many slots parameters and events go to; they come first.
fn taken_slots(instance: &crate::program::Instance) -> usize {
    let named = instance.slots.iter().take_while(|slot| slot.name != FREE);
    named.count()
}

/// The name of a slot of a fixed shape that bodies may use as they like.
pub(super) const FREE: &str = "s";

/// Which kinds are told apart by more than their types.
fn sort(kind: &Kind) -> u8 {
    match kind {
        Kind::End(Channel::Stream, Side::Readable, _) => 0,
        Kind::End(Channel::Stream, Side::Writable, _) => 1,
        Kind::End(Channel::Future, Side::Readable, _) => 2,
        Kind::End(Channel::Future, Side::Writable, _) => 3,
        Kind::Subtask => 4,
        Kind::Set => 5,
        Kind::Own(_) | Kind::Borrow(_) => 6,
        Kind::ErrorContext => 7,
        Kind::Thread => 8,
    }
}

/// What a runtime must be able to do for a built-in.
pub(super) fn allowed(profile: &Profile, canon: &Canon) -> bool {
    let need = match canon {
        Canon::ThreadIndex
        | Canon::ThreadNewIndirect
        | Canon::ThreadResumeLater
        | Canon::ThreadSuspend(_)
        | Canon::ThreadSuspendThenResume(_)
        | Canon::ThreadYieldThenResume(_)
        | Canon::ThreadSuspendThenPromote(_)
        | Canon::ThreadYieldThenPromote(_) => Need::Threads,
        Canon::ErrorContextNew(_)
        | Canon::ErrorContextDebugMessage(_)
        | Canon::ErrorContextDrop => Need::ErrorContext,
        Canon::SubtaskCancel(Form::Async)
        | Canon::StreamCancelRead(_, Form::Async)
        | Canon::StreamCancelWrite(_, Form::Async)
        | Canon::FutureCancelRead(_, Form::Async)
        | Canon::FutureCancelWrite(_, Form::Async) => Need::AsyncBuiltins,
        Canon::StreamRead(_, copy)
        | Canon::StreamWrite(_, copy)
        | Canon::FutureRead(_, copy)
        | Canon::FutureWrite(_, copy)
            if copy.form == Form::Sync =>
        {
            Need::AsyncBuiltins
        }
        _ => return true,
    };
    profile.capabilities.has(need)
}

/// What a runtime must be able to do for a function of the host world.
pub(super) fn host_need(verb: &str) -> Option<Need> {
    Some(match verb {
        "trace" | "echo" => Need::HostTrace,
        "pending" | "resolve" => Need::HostPending,
        "stubborn" | "acknowledge" => Need::HostStubborn,
        "unstarted" | "start" => Need::HostUnstarted,
        "stream-cancel" => Need::HostStreamCancel,
        "stream-give" | "future-give" => Need::HostGive,
        "stream-hold" | "stream-release" | "future-hold" | "future-release" => Need::HostHold,
        _ if verb.starts_with("stream-") => Need::HostStreams,
        _ if verb.starts_with("future-") => Need::HostFutures,
        _ if verb.starts_with("resource-") => Need::HostResources,
        _ => return None,
    })
}

/// `cancellable` or not.
pub(super) fn cancellable(yes: bool) -> Cancellable {
    if yes {
        Cancellable::Yes
    } else {
        Cancellable::No
    }
}
