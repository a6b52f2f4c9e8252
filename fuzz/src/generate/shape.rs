//! Shapes: which instances there are, how they stand to each other, and what they start with.

use super::calls::empty;
use super::dice::Dice;
use super::profile::{Need, Profile};
use crate::program::{
    Handler, Instance, InstanceId, Memory, Owner, Program, Resource, Shared, Slot, SlotId, VERSION,
};

/// The parents of the instances of a shape, in order.
pub(super) const TOPOLOGIES: &[&[Option<u32>]] = &[
    // A chain of two in one that holds both.
    &[None, Some(0), Some(0)],
    // A chain of three.
    &[None, Some(0), Some(0), Some(0)],
    // A parent and its child, which can call one another.
    &[None, Some(0)],
    // Two roots.
    &[None, None, Some(0), Some(1)],
    // A root alone.
    &[None],
    // Nested twice, and a sibling of the outer one.
    &[None, Some(0), Some(1), Some(0)],
    // A root with one child, and another root.
    &[None, Some(0), None],
];

/// A new shape, without functions: they come as they are needed.
pub(super) fn straight(dice: &mut Dice<'_, '_>, profile: &Profile) -> Program {
    let topology = dice.pick(TOPOLOGIES).copied().unwrap_or(TOPOLOGIES[0]);
    let wide = profile.capabilities.has(Need::Memory64);
    let mut instances = Vec::new();
    for parent in topology {
        let mut memories = vec![Memory { wide: false }];
        if wide && dice.chance(1, 12) {
            memories.insert(0, Memory { wide: true });
        } else if dice.chance(1, 6) {
            memories.push(Memory { wide: false });
        }
        instances.push(instance(parent.map(InstanceId), memories));
    }
    let one_root = topology.iter().filter(|parent| parent.is_none()).count() == 1;
    let mut resources = Vec::new();
    let count = [0, 2, 2, 3][dice.below(4) as usize];
    for _ in 0..count {
        let owner = match dice.below(3) {
            // Two roots would each have host resource types of their own.
            0 if one_root && profile.capabilities.has(Need::HostResources) => Owner::Host,
            _ => {
                let instance = InstanceId(dice.below(instances.len() as u32));
                let destructor = dice.chance(2, 3);
                let slots = &mut instances[instance.index()].slots;
                own(instance, destructor, slots)
            }
        };
        resources.push(Resource { owner });
    }
    Program {
        version: VERSION,
        resources,
        host: Shared::default(),
        instances,
        actions: Vec::new(),
    }
}

pub(super) fn instance(parent: Option<InstanceId>, memories: Vec<Memory>) -> Instance {
    Instance {
        parent,
        memories,
        slots: Shared::default(),
        canons: Shared::default(),
        imports: Shared::default(),
        functions: Vec::new(),
        threads: Vec::new(),
        start: None,
        realloc: None,
    }
}

/// An instance's own resource type, perhaps with a destructor.
pub(super) fn own(instance: InstanceId, destructor: bool, slots: &mut Vec<Slot>) -> Owner {
    let destructor = destructor.then(|| {
        slots.push(Slot { name: "rep".into() });
        Handler {
            parameter: SlotId(slots.len() as u32 - 1),
            body: empty(),
        }
    });
    Owner::Instance {
        instance,
        destructor,
    }
}
