//! Plans that are drawn: types, memories, and who stands where, all by chance.
//!
//! The number of a shape decides everything, so that a runtime has compiled each of them soon, as it
//! has those that were planned by hand.

use arbitrary::Unstructured;

use super::builder::Builder;
use super::dice::Dice;
use super::plan::{AtStart, Plan};
use super::profile::{Need, Profile};
use super::shape::{TOPOLOGIES, instance};
use super::source::Source;
use super::types::{Use, holds_handles};
use crate::corners::Corner;
use crate::program::{Encoding, InstanceId, Owner, Program, Resource, Shared, Type, VERSION};

/// What all of them are drawn from.
const SEED: u64 = 3;

/// The plan of this number.
pub(super) fn drawn(number: u32, profile: &Profile) -> Plan {
    let source = Source::seeded(SEED, number.into());
    let mut bytes = Unstructured::new(source.bytes());
    let mut dice = Dice(&mut bytes);
    let parents = dice.pick(TOPOLOGIES).copied().unwrap_or_default();
    let count = parents.len() as u32;
    let one_root = parents.iter().filter(|parent| parent.is_none()).count() == 1;
    let mut resources = Vec::new();
    for _ in 0..dice.below(3) {
        resources.push(match dice.chance(1, 3) && one_root {
            // Two roots would each have host resource types of their own.
            true => None,
            false => Some(dice.below(count)),
        });
    }
    let mut g = Builder::new(dice, profile, world(parents, &resources), false);
    let element = |g: &mut Builder<'_, '_, '_>| g.element(&[], 2);
    let streams = vec![element(&mut g), element(&mut g)];
    let futures = vec![element(&mut g)];
    let elements = || streams.iter().chain(&futures).flatten();
    let plain = !elements().any(holds_handles);
    let functions = (0..8).map(|_| function(&mut g)).collect();
    let echoes = (0..2).map(|_| {
        let ty = g.new_type(&[], Use::Plain, 3);
        (g.dice.chance(1, 2), ty)
    });
    let echoes = echoes.collect();
    // Not where instances call one another: if a runtime dies of the adapters, it does so with each case of
    // the shape. Readable components have them there too.
    let mut wide = Vec::new();
    if count == 1 && g.need(Need::Memory64).is_ok() && g.dice.chance(2, 3) {
        wide.push(0);
    }
    let mut starts = Vec::new();
    if g.dice.chance(1, 3) {
        use AtStart::{Backpressure, Resource, Set, Stream};
        for instance in 0..count {
            let what = g.dice.pick(&[Set, Resource, Stream, Backpressure]);
            starts.extend(what.map(|what| (instance, *what)));
        }
    }
    let encodings = [Encoding::Utf8, Encoding::Utf16, Encoding::Latin1Utf16];
    let mut encoding = || g.dice.pick(&encodings).copied().unwrap_or(Encoding::Utf8);
    Plan {
        parents,
        streams,
        futures,
        encodings: [encoding(), encoding()],
        resources,
        threads: g.dice.chance(1, 3),
        errors: g.dice.chance(1, 3),
        functions,
        echoes,
        open_calls: g.dice.chance(1, 2),
        host_ends: plain && g.dice.chance(1, 2),
        wide,
        starts,
    }
}

/// What drawn shapes are good for.
pub(super) const FOCUS: &[Corner] = &[
    Corner::Values,
    Corner::BothEnds,
    Corner::GuestPeer,
    Corner::InPostReturn,
    Corner::WrongUse,
];

/// What types can name.
fn world(parents: &[Option<u32>], resources: &[Option<u32>]) -> Program {
    let instances = parents.iter();
    let instances = instances.map(|parent| instance(parent.map(InstanceId), Vec::new()));
    let resources = resources.iter().map(|owner| Resource {
        owner: match owner {
            None => Owner::Host,
            Some(owner) => Owner::Instance {
                instance: InstanceId(*owner),
                destructor: None,
            },
        },
    });
    Program {
        version: VERSION,
        resources: resources.collect(),
        host: Shared::default(),
        instances: instances.collect(),
        actions: Vec::new(),
    }
}

/// A function of the host's or of instances': whether it is `async`, parameters and result.
fn function(g: &mut Builder<'_, '_, '_>) -> (bool, Vec<Type>, Option<Type>) {
    let usage = match g.dice.chance(1, 3) {
        true => Use::Plain,
        false => Use::Param,
    };
    let params = g.new_params(&[], usage);
    let some = g.dice.chance(2, 3);
    let result = some.then(|| g.new_type(&[], Use::Owned, 3));
    (g.dice.chance(1, 2), params, result)
}
