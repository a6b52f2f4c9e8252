//! Steps that show what has arrived: parameters, results, and what was read.

use super::values::{Site, offsets};

use super::builder::{Builder, Track, number};
use super::model::{Channel, Kind, Made, Side, Skip, State};
use super::types::{self, cases, flat_count, layout, variant_parts, width};
use crate::program::{Arithmetic, Comparison, Operand, SlotId, Type, Width};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Shows what is in the slots, as core values of a type.
    pub fn observe(&mut self, t: &mut Track, ty: &Type, slots: &[SlotId]) -> Made<()> {
        match ty {
            Type::String | Type::List(_) | Type::Map(..) => {
                if let Some(length) = slots.get(1) {
                    self.mark(t, Operand::Slot(*length));
                }
            }
            Type::FixedList(element, length) => {
                let size = flat_count(element);
                for i in 0..(*length as usize).min(3) {
                    let part = slots.get(i * size..(i + 1) * size).ok_or(Skip)?;
                    self.observe(t, element, part)?;
                }
            }
            Type::Record(fields) => {
                let mut rest = slots;
                for (_, field) in fields {
                    let (part, after) = rest.split_at_checked(flat_count(field)).ok_or(Skip)?;
                    self.observe(t, field, part)?;
                    rest = after;
                }
            }
            Type::Tuple(fields) => {
                let mut rest = slots;
                for field in fields {
                    let (part, after) = rest.split_at_checked(flat_count(field)).ok_or(Skip)?;
                    self.observe(t, field, part)?;
                    rest = after;
                }
            }
            Type::Variant(_) | Type::Option(_) | Type::Result(..) | Type::Enum(_) => {
                let (case, payload) = slots.split_first().ok_or(Skip)?;
                self.mark(t, Operand::Slot(*case));
                let one = cases(ty).into_iter().flatten().next();
                if let Some(one) = one {
                    let part = payload.get(..flat_count(one)).ok_or(Skip)?;
                    self.observe(t, one, part)?;
                }
            }
            _ => {
                let slot = *slots.first().ok_or(Skip)?;
                self.mark(t, Operand::Slot(slot));
                self.arrived(t, ty, slot);
            }
        }
        Ok(())
    }

    /// Shows what is at an address, as a value of a type.
    pub fn observe_at(
        &mut self,
        t: &mut Track,
        site: Site,
        ty: &Type,
        base: Operand,
        offset: u64,
    ) -> Made<()> {
        match ty {
            Type::String | Type::List(_) | Type::Map(..) => {
                self.observe_pair(t, site, base, offset)
            }
            Type::FixedList(element, _) => self.observe_at(t, site, element, base, offset),
            Type::Record(fields) => {
                let fields = fields.iter().map(|(_, field)| field);
                for (field, inner) in offsets(fields, site.pointers).into_iter().take(4) {
                    self.observe_at(t, site, field, base, offset + inner)?;
                }
                Ok(())
            }
            Type::Tuple(fields) => {
                let fields = offsets(fields.iter(), site.pointers);
                for (field, inner) in fields.into_iter().take(4) {
                    self.observe_at(t, site, field, base, offset + inner)?;
                }
                Ok(())
            }
            Type::Variant(_) | Type::Option(_) | Type::Result(..) | Type::Enum(_) => {
                let (size, inner) = variant_parts(ty, site.pointers);
                let case = self.get(t, site, width(size), base, offset, "case")?;
                self.mark(t, Operand::Slot(case));
                let all = cases(ty);
                let payload = all.iter().enumerate().find_map(|(i, t)| Some((i, (*t)?)));
                if let Some((i, payload)) = payload {
                    let case = Operand::Slot(case);
                    self.when(t, case, Comparison::Equal, number(i as u64), &mut |g, t| {
                        g.observe_at(t, site, payload, base, offset + inner)
                    });
                }
                Ok(())
            }
            _ => {
                let size = layout(ty, site.pointers).size;
                let slot = self.get(t, site, width(size), base, offset, "value")?;
                self.mark(t, Operand::Slot(slot));
                self.arrived(t, ty, slot);
                Ok(())
            }
        }
    }

    /// Shows the length and the first byte of what an address and a length tell of.
    pub fn observe_pair(
        &mut self,
        t: &mut Track,
        site: Site,
        base: Operand,
        offset: u64,
    ) -> Made<()> {
        let size = site.pointers.size();
        let length = self.get(t, site, width(size), base, offset + size, "length")?;
        self.mark(t, Operand::Slot(length));
        self.when(
            t,
            Operand::Slot(length),
            Comparison::NotEqual,
            number(0),
            &mut |g, t| {
                let pointer = g.get(t, site, width(size), base, offset, "pointer")?;
                let byte = g.get(t, site, Width::W8, Operand::Slot(pointer), 0, "byte")?;
                g.mark(t, Operand::Slot(byte));
                Ok(())
            },
        );
        Ok(())
    }

    /// Loads from an address and an offset.
    pub fn get(
        &mut self,
        t: &mut Track,
        site: Site,
        width: Width,
        base: Operand,
        offset: u64,
        name: &str,
    ) -> Made<SlotId> {
        let address = match base {
            Operand::Const(base) => Operand::Const(base.wrapping_add(offset as i64)),
            Operand::Slot(_) if offset == 0 => base,
            Operand::Slot(_) => {
                let sum = self.set(t, Arithmetic::Add, base, number(offset), "address")?;
                Operand::Slot(sum)
            }
        };
        self.load(t, site.memory, width, address, name)
    }

    /// Remembers a handle that has come to the instance.
    pub fn arrived(&mut self, t: &mut Track, ty: &Type, slot: SlotId) {
        let kind = match ty {
            Type::Own(name) => types::resource(name).map(Kind::Own),
            Type::Borrow(name) => types::resource(name).map(Kind::Borrow),
            Type::Stream(element) => {
                let element = element.as_deref().cloned();
                Ok(Kind::End(Channel::Stream, Side::Readable, element))
            }
            Type::Future(element) => {
                let element = element.as_deref().cloned();
                Ok(Kind::End(Channel::Future, Side::Readable, element))
            }
            Type::ErrorContext => Ok(Kind::ErrorContext),
            _ => return,
        };
        let Ok(kind) = kind else { return };
        let local = |g: &Self, resource| g.owner(resource) == Some(t.instance);
        match kind {
            // The owner of a resource type gets representations in place of borrowed handles.
            Kind::Borrow(resource) if local(self, resource) => {}
            Kind::Borrow(_) => {
                let thing = self.remember(t, slot, kind, State::Idle);
                t.borrows.push(thing);
            }
            _ => {
                self.remember(t, slot, kind, State::Idle);
            }
        }
    }
}
