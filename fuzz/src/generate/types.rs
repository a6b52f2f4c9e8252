//! Types: where their values lie, and new ones.

use assize_reference::abi::PtrType;
use assize_reference::abi::layout::{Layout, align_to, discriminant_type};

use super::builder::Builder;
use super::model::{Made, Skip};
use super::profile::Need;
use crate::corners::Corner;
use crate::program::{InstanceId, Owner, ResourceId, Type, When, Width, resource_of, walk};

/// The most flat parameters, where they are not fewer.
pub(super) const MAX_FLAT_PARAMS: usize = 16;
/// The most flat parameters of an async call.
pub(super) const MAX_FLAT_ASYNC_PARAMS: usize = 4;

/// The alignment and size of values of a type.
pub(super) fn layout(ty: &Type, pointers: PtrType) -> Layout {
    match ty {
        Type::Bool | Type::S8 | Type::U8 => Layout::scalar(1),
        Type::S16 | Type::U16 => Layout::scalar(2),
        Type::S32 | Type::U32 | Type::F32 | Type::Char => Layout::scalar(4),
        Type::S64 | Type::U64 | Type::F64 => Layout::scalar(8),
        Type::String | Type::List(_) | Type::Map(..) => Layout::pointer_pair(pointers),
        Type::FixedList(t, n) => Layout::fixed_list(layout(t, pointers), *n),
        Type::Record(fields) => Layout::record(fields.iter().map(|(_, t)| layout(t, pointers))),
        Type::Tuple(ts) => Layout::record(ts.iter().map(|t| layout(t, pointers))),
        Type::Enum(labels) => Layout::variant(labels.len(), Layout { align: 1, size: 0 }),
        Type::Flags(labels) => Layout::scalar(flags_size(labels.len())),
        Type::Variant(_) | Type::Option(_) | Type::Result(..) => {
            let cases = cases(ty);
            Layout::variant(cases.len(), payload_layout(&cases, pointers))
        }
        Type::ErrorContext | Type::Own(_) | Type::Borrow(_) => Layout::HANDLE,
        Type::Stream(_) | Type::Future(_) => Layout::HANDLE,
    }
}

/// The payloads of a variant's cases, of whatever kind of variant.
pub(super) fn cases(ty: &Type) -> Vec<Option<&Type>> {
    match ty {
        Type::Variant(cases) => cases.iter().map(|(_, t)| t.as_ref()).collect(),
        Type::Enum(labels) => vec![None; labels.len()],
        Type::Option(t) => vec![None, Some(t)],
        Type::Result(ok, error) => vec![ok.as_deref(), error.as_deref()],
        _ => Vec::new(),
    }
}

fn payload_layout(cases: &[Option<&Type>], pointers: PtrType) -> Layout {
    Layout::payload(cases.iter().flatten().map(|t| layout(t, pointers)))
}

/// How many bytes the discriminant takes, and where the payload is.
pub(super) fn variant_parts(ty: &Type, pointers: PtrType) -> (u64, u64) {
    let cases = cases(ty);
    let size = discriminant_type(cases.len()).size();
    let payload = payload_layout(&cases, pointers);
    (size, align_to(size, payload.align))
}

fn flags_size(labels: usize) -> u64 {
    match labels {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

/// How many core values a value flattens to.
pub(super) fn flat_count(ty: &Type) -> usize {
    match ty {
        Type::String | Type::List(_) | Type::Map(..) => 2,
        Type::FixedList(t, n) => flat_count(t).saturating_mul(*n as usize),
        Type::Record(fields) => fields.iter().map(|(_, t)| flat_count(t)).sum(),
        Type::Tuple(ts) => ts.iter().map(flat_count).sum(),
        Type::Variant(_) | Type::Option(_) | Type::Result(..) | Type::Enum(_) => {
            let payloads = cases(ty).into_iter().flatten();
            1 + payloads.map(flat_count).max().unwrap_or_default()
        }
        _ => 1,
    }
}

/// Whether there are handles in values of a type, so that not any number is one.
pub(super) fn holds_handles(ty: &Type) -> bool {
    let mut holds = false;
    walk(ty, &mut |part| {
        holds |= matches!(
            part,
            Type::Own(_) | Type::Borrow(_) | Type::Stream(_) | Type::Future(_) | Type::ErrorContext
        );
    });
    holds
}

/// How many core values these values flatten to.
pub(super) fn flat_counts(types: &[Type]) -> usize {
    types.iter().map(flat_count).sum()
}

/// The width of so many bytes.
pub(super) fn width(size: u64) -> Width {
    match size {
        1 => Width::W8,
        2 => Width::W16,
        4 => Width::W32,
        _ => Width::W64,
    }
}

/// The resource type that a name in a type means.
pub(super) fn resource(name: &str) -> Made<ResourceId> {
    resource_of(name).ok_or(Skip)
}

/// The name of a resource type in a type.
pub(super) fn resource_name(resource: ResourceId) -> String {
    format!("r{}", resource.0)
}

/// Where a type is to be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// As a parameter.
    Param,
    /// As a result, or the element of a stream or future: there are no borrows in it.
    Owned,
    /// As what the host gives in a call: there are no handles in it.
    Plain,
}

const NUMBERS: &[Type] = &[
    Type::U8,
    Type::U32,
    Type::S8,
    Type::U16,
    Type::S16,
    Type::S32,
    Type::U64,
    Type::S64,
    Type::F32,
    Type::F64,
    Type::Bool,
    Type::Char,
];

impl Builder<'_, '_, '_> {
    /// A new type whose resource types all of `instances` can name.
    pub fn new_type(&mut self, instances: &[InstanceId], usage: Use, depth: u32) -> Type {
        if depth == 0 || self.dice.chance(2, 5) {
            return self.leaf(instances, usage);
        }
        let inner = |g: &mut Self| g.new_type(instances, usage, depth - 1);
        match self.dice.below(10) {
            0 => Type::List(Box::new(inner(self))),
            1 => {
                let count = 1 + self.dice.below(3);
                Type::Record((0..count).map(|i| (format!("f{i}"), inner(self))).collect())
            }
            2 => {
                let count = 1 + self.dice.below(3);
                Type::Tuple((0..count).map(|_| inner(self)).collect())
            }
            3 => Type::Option(Box::new(inner(self))),
            4 => {
                let ok = self.dice.chance(2, 3).then(|| Box::new(inner(self)));
                let error = self.dice.chance(1, 2).then(|| Box::new(inner(self)));
                Type::Result(ok, error)
            }
            5 => self.new_variant(instances, usage, depth),
            6 => {
                let count = self.count(&[1, 2, 3, 256, 257]);
                Type::Enum((0..count).map(|i| format!("e{i}")).collect())
            }
            7 => {
                let count = self.count(&[1, 3, 8, 9, 16, 17, 32]);
                Type::Flags((0..count).map(|i| format!("b{i}")).collect())
            }
            8 if self.need(Need::FixedLengthLists).is_ok() => {
                let count = self.count(&[1, 2, 3, 16, 17]);
                Type::FixedList(Box::new(inner(self)), count)
            }
            9 if self.need(Need::Map).is_ok() => {
                let key = self.dice.pick(&[Type::U8, Type::String, Type::U32]);
                let key = key.cloned().unwrap_or(Type::U8);
                Type::Map(Box::new(key), Box::new(inner(self)))
            }
            _ => Type::String,
        }
    }

    /// A count; the large ones are limits.
    fn count(&mut self, counts: &[u32]) -> u32 {
        if self.hit(Corner::Limits, 6) {
            counts.last().copied().unwrap_or(1)
        } else {
            let few = &counts[..counts.len().min(3)];
            self.dice.pick(few).copied().unwrap_or(1)
        }
    }

    fn new_variant(&mut self, instances: &[InstanceId], usage: Use, depth: u32) -> Type {
        let large = self.hit(Corner::Limits, 9);
        let count = if large {
            256 + self.dice.below(2)
        } else {
            1 + self.dice.below(4)
        };
        let mut cases = Vec::new();
        for i in 0..count {
            let payload = i < 4 && self.dice.chance(2, 3);
            let payload = payload.then(|| self.new_type(instances, usage, depth - 1));
            cases.push((format!("c{i}"), payload));
        }
        Type::Variant(cases)
    }

    fn leaf(&mut self, instances: &[InstanceId], usage: Use) -> Type {
        let numbers = usage == Use::Plain || !self.dice.chance(2, 5);
        let number = |g: &mut Self| g.dice.pick(NUMBERS).cloned().unwrap_or(Type::U8);
        if numbers {
            return match self.dice.below(4) {
                0 => Type::String,
                _ => number(self),
            };
        }
        match self.dice.below(6) {
            0 | 1 => match self.any_resource(instances) {
                Ok(resource) if usage == Use::Param && self.dice.chance(1, 2) => {
                    Type::Borrow(resource_name(resource))
                }
                Ok(resource) => Type::Own(resource_name(resource)),
                Err(Skip) => number(self),
            },
            2 if self.need(Need::ErrorContext).is_ok() => Type::ErrorContext,
            3 => Type::Future(self.element(instances, 1).map(Box::new)),
            _ => Type::Stream(self.element(instances, 1).map(Box::new)),
        }
    }

    /// The type of a stream's or future's elements.
    pub fn element(&mut self, instances: &[InstanceId], depth: u32) -> Option<Type> {
        if self.hit(Corner::HandleElements, 12) {
            let handle = match self.dice.below(3) {
                0 => Some(Type::Stream(Some(Box::new(Type::U8)))),
                1 => Some(Type::Future(None)),
                _ => {
                    let own = self.any_resource(instances);
                    own.ok().map(|resource| Type::Own(resource_name(resource)))
                }
            };
            if handle.is_some() {
                return handle;
            }
        }
        match self.dice.below(8) {
            0 => None,
            1..=3 => Some(Type::U8),
            4 => Some(Type::U32),
            _ => {
                let ty = self.new_type(instances, Use::Owned, depth);
                // A stream of characters is not valid.
                Some(if ty == Type::Char { Type::String } else { ty })
            }
        }
    }

    /// A resource type that all of `instances` can name.
    pub fn any_resource(&mut self, instances: &[InstanceId]) -> Made<ResourceId> {
        let resources = 0..self.program.resources.len() as u32;
        let known: Vec<_> = resources
            .map(ResourceId)
            .filter(|resource| instances.iter().all(|i| self.knows(*i, *resource)))
            .collect();
        self.dice.pick(&known).copied().ok_or(Skip)
    }

    /// Whether an instance can name a resource type before its children are there.
    pub fn knows(&self, instance: InstanceId, resource: ResourceId) -> bool {
        self.program.sees_resource(instance, resource) == Some(When::Early)
    }

    /// The instance that defines a resource type; none if the host does.
    pub fn owner(&self, resource: ResourceId) -> Option<InstanceId> {
        match self.program.resources[resource.index()].owner {
            Owner::Host => None,
            Owner::Instance { instance, .. } => Some(instance),
        }
    }
}
