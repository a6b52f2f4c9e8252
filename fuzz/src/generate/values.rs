//! Values: steps that lay them out in memory, the core values that they flatten to, and steps that
//! show what has arrived.

use assize_reference::abi::PtrType;
use assize_reference::abi::layout::{Layout, align_to};

use super::builder::{Builder, Track, number};
use super::model::{Channel, Kind, Made, Side, Skip, State};
use super::types::{self, cases, flat_count, holds_handles, layout, variant_parts, width};
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Canon, Encoding, Form, MemoryId, Operand, Options, Step, Type, Width,
};

/// Strings in which each encoding has its corners.
const TEXTS: &[&str] = &[
    "",
    "a",
    "hello",
    "é",
    "naïve",
    "日本",
    "aé日",
    "😀",
    "\u{0}",
    "\u{7f}\u{80}\u{ff}\u{100}",
    "ÿĀ",
];

/// Where large values lie, in memory that nothing else uses.
const LARGE: u32 = 20_000;

/// Where a value is made or found.
#[derive(Clone, Copy)]
pub(super) struct Site {
    /// With which options.
    pub options: Options,
    /// Which memory that is.
    pub memory: MemoryId,
    /// How wide its addresses are.
    pub pointers: PtrType,
}

impl Builder<'_, '_, '_> {
    /// Where values with these options are.
    pub fn site(&self, t: &Track, options: Options) -> Made<Site> {
        let memory = options.memory.ok_or(Skip)?;
        let memories = &self.program.instances[t.instance.index()].memories;
        let pointers = match memories[memory.index()].wide {
            true => PtrType::I64,
            false => PtrType::I32,
        };
        Ok(Site {
            options,
            memory,
            pointers,
        })
    }

    /// A new value as core values.
    pub fn flat(
        &mut self,
        t: &mut Track,
        site: Site,
        ty: &Type,
        flat: &mut Vec<Operand>,
    ) -> Made<()> {
        match ty {
            Type::String => {
                let (pointer, length) = self.text(t, site)?;
                flat.extend([pointer, length]);
            }
            Type::List(element) => {
                let (pointer, length) = self.list(t, site, element)?;
                flat.extend([pointer, length]);
            }
            Type::Map(key, value) => {
                let entry = Type::Tuple(vec![(**key).clone(), (**value).clone()]);
                let (pointer, length) = self.list(t, site, &entry)?;
                flat.extend([pointer, length]);
            }
            Type::FixedList(element, length) => {
                for _ in 0..*length {
                    self.flat(t, site, element, flat)?;
                }
            }
            Type::Record(fields) => {
                for (_, field) in fields {
                    self.flat(t, site, field, flat)?;
                }
            }
            Type::Tuple(fields) => {
                for field in fields {
                    self.flat(t, site, field, flat)?;
                }
            }
            Type::Variant(_) | Type::Option(_) | Type::Result(..) | Type::Enum(_) => {
                let end = flat.len() + flat_count(ty);
                let (case, payload) = self.case(ty);
                flat.push(case);
                if let Some(payload) = payload {
                    self.flat(t, site, payload, flat)?;
                }
                flat.resize(end, Operand::Const(0));
            }
            _ => {
                let value = self.scalar(t, ty)?;
                flat.push(value);
            }
        }
        Ok(())
    }

    /// Steps that store a new value.
    pub fn store(&mut self, t: &mut Track, site: Site, ty: &Type, address: u64) -> Made<()> {
        match ty {
            Type::String => {
                let pair = self.text(t, site)?;
                self.store_pair(t, site, address, pair);
            }
            Type::List(element) => {
                let pair = self.list(t, site, element)?;
                self.store_pair(t, site, address, pair);
            }
            Type::Map(key, value) => {
                let entry = Type::Tuple(vec![(**key).clone(), (**value).clone()]);
                let pair = self.list(t, site, &entry)?;
                self.store_pair(t, site, address, pair);
            }
            Type::FixedList(element, length) => {
                let size = layout(element, site.pointers).size;
                for i in 0..u64::from(*length) {
                    self.store(t, site, element, address + i * size)?;
                }
            }
            Type::Record(fields) => {
                let fields = fields.iter().map(|(_, field)| field);
                for (field, offset) in offsets(fields, site.pointers) {
                    self.store(t, site, field, address + offset)?;
                }
            }
            Type::Tuple(fields) => {
                for (field, offset) in offsets(fields.iter(), site.pointers) {
                    self.store(t, site, field, address + offset)?;
                }
            }
            Type::Variant(_) | Type::Option(_) | Type::Result(..) | Type::Enum(_) => {
                let (size, offset) = variant_parts(ty, site.pointers);
                let (case, payload) = self.case(ty);
                self.put(t, site, width(size), address, case);
                if let Some(payload) = payload {
                    self.store(t, site, payload, address + offset)?;
                }
            }
            _ => {
                let value = self.scalar(t, ty)?;
                let size = layout(ty, site.pointers).size;
                self.put(t, site, width(size), address, value);
            }
        }
        Ok(())
    }

    fn put(&mut self, t: &mut Track, site: Site, width: Width, address: u64, value: Operand) {
        // Memory is zero at first, and the generator's own is used once.
        if value == Operand::Const(0) {
            return;
        }
        let store = Step::Store {
            memory: site.memory,
            width,
            address: number(address),
            value,
        };
        self.push(t, store);
    }

    fn store_pair(&mut self, t: &mut Track, site: Site, address: u64, pair: (Operand, Operand)) {
        let size = site.pointers.size();
        self.put(t, site, width(size), address, pair.0);
        self.put(t, site, width(size), address + size, pair.1);
    }

    fn case<'t>(&mut self, ty: &'t Type) -> (Operand, Option<&'t Type>) {
        let cases = cases(ty);
        if self.slip(&[Corner::BadValue]).is_some() {
            return (number(cases.len() as u64), None);
        }
        let last = cases.len() as u32 - 1;
        let case = match self.dice.below(6) {
            0 => last,
            _ => self.dice.below(last.min(3) + 1),
        };
        (number(case.into()), cases[case as usize])
    }

    /// A string: its address and its length.
    pub fn text(&mut self, t: &mut Track, site: Site) -> Made<(Operand, Operand)> {
        let text = self.dice.pick(TEXTS).copied().unwrap_or_default();
        let mistake = self.slip(&[
            Corner::BadValue,
            Corner::OutOfBounds,
            Corner::Misaligned,
            Corner::Limits,
        ]);
        let (mut bytes, mut length) = encode(text, site);
        if mistake == Some(Corner::BadValue) {
            (bytes, length) = broken(site);
        }
        let align = match site.options.encoding {
            Encoding::Utf8 => 1,
            Encoding::Utf16 | Encoding::Latin1Utf16 => 2,
        };
        let address = self.memory(t.instance, site.memory, bytes.len() as u64, align)?;
        self.put_bytes(t, site, address.into(), &bytes);
        let pointer = match mistake {
            Some(Corner::OutOfBounds) => number(65_536 - u64::from(self.dice.below(2))),
            Some(Corner::Misaligned) => number(u64::from(address) + 1),
            _ => number(address.into()),
        };
        match mistake {
            Some(Corner::Limits) => return self.large_text(t, site),
            Some(Corner::OutOfBounds) => length = length.max(2),
            _ => {}
        }
        Ok((pointer, number(length)))
    }

    /// A string that is longer than a string may be, or than what `realloc` has to give.
    fn large_text(&mut self, t: &mut Track, site: Site) -> Made<(Operand, Operand)> {
        let lengths = [1 << 28, 5_500, 9_000, 12_000, 17_000, 28_000];
        let mut length = self.dice.pick(&lengths).copied().unwrap_or(1 << 28);
        // What is not written is zero, which is a character in every encoding.
        let first = self.dice.pick(&["a", "é", "日"]).copied().unwrap_or("a");
        let (bytes, coded) = encode(first, site);
        self.put_bytes(t, site, LARGE.into(), &bytes);
        if site.options.encoding != Encoding::Utf8 && length > 1 << 14 && length < 1 << 28 {
            length /= 2;
        }
        let tag = coded & !0xff;
        Ok((number(LARGE.into()), number(length | tag)))
    }

    fn put_bytes(&mut self, t: &mut Track, site: Site, mut address: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let size = [8, 4, 2, 1].into_iter().find(|size| *size <= bytes.len());
            let (chunk, rest) = bytes.split_at(size.unwrap_or(1));
            let mut value = [0; 8];
            value[..chunk.len()].copy_from_slice(chunk);
            let value = number(u64::from_le_bytes(value));
            self.put(t, site, width(chunk.len() as u64), address, value);
            address += chunk.len() as u64;
            bytes = rest;
        }
    }

    fn list(&mut self, t: &mut Track, site: Site, element: &Type) -> Made<(Operand, Operand)> {
        let mut length = u64::from(self.dice.below(4));
        let Layout { align, size } = layout(element, site.pointers);
        let address = self.memory(t.instance, site.memory, size * length, align)?;
        for i in 0..length {
            self.store(t, site, element, u64::from(address) + i * size)?;
        }
        let pointer = self.pointer(address, align);
        if self.slip(&[Corner::Limits]).is_some() {
            let large = self.dice.chance(1, 2) && !holds_handles(element);
            length = match large && size > 0 {
                true => return Ok((number(LARGE.into()), number(24_000 / size))),
                false => 1 << 28,
            };
        }
        Ok((pointer, number(length)))
    }

    /// A value that is one core value.
    fn scalar(&mut self, t: &mut Track, ty: &Type) -> Made<Operand> {
        let bits = match ty {
            Type::Own(name) => return self.own(t, types::resource(name)?),
            Type::Borrow(name) => return self.borrow(t, types::resource(name)?),
            Type::Stream(element) => {
                return self.readable(t, Channel::Stream, element.as_deref());
            }
            Type::Future(element) => {
                return self.readable(t, Channel::Future, element.as_deref());
            }
            Type::ErrorContext => return self.error_context(t),
            Type::Bool => u64::from(self.dice.below(2)),
            Type::Char => self.character(),
            Type::F32 => {
                let floats = [0.0, 1.5, -0.0, f32::MIN, f32::INFINITY, f32::MIN_POSITIVE];
                let float = self.dice.pick(&floats).copied().unwrap_or_default();
                float.to_bits().into()
            }
            Type::F64 => {
                let floats = [0.0, 1.5, -0.0, f64::MIN, f64::INFINITY, f64::MIN_POSITIVE];
                self.dice
                    .pick(&floats)
                    .copied()
                    .unwrap_or_default()
                    .to_bits()
            }
            Type::Flags(labels) => {
                let bits = self.dice.bits() & 0xffff_ffff;
                // Bits that name no flag are mostly left out.
                match self.dice.below(4) {
                    0 => bits,
                    _ => bits & ((1 << labels.len()) - 1),
                }
            }
            _ => {
                let numbers = [
                    1,
                    0,
                    2,
                    0x7f,
                    0x80,
                    0xff,
                    0x7fff,
                    0x8000,
                    0xffff_ffff,
                    u64::MAX,
                ];
                self.dice.pick(&numbers).copied().unwrap_or_default()
            }
        };
        Ok(number(bits))
    }

    fn character(&mut self) -> u64 {
        if self.slip(&[Corner::BadValue]).is_some() {
            let bad = [0xd800, 0xdfff, 0x11_0000, 0xffff_ffff];
            return self.dice.pick(&bad).copied().unwrap_or_default();
        }
        let good = [0x61, 0, 0xff, 0xd7ff, 0xe000, 0x10_ffff];
        self.dice.pick(&good).copied().unwrap_or_default()
    }

    /// A handle of an error context.
    pub fn error_context(&mut self, t: &mut Track) -> Made<Operand> {
        let there = |thing: &super::model::Thing| {
            thing.kind == Kind::ErrorContext && thing.state != State::Gone
        };
        let thing = match self.find(t, there) {
            Ok(thing) if self.dice.chance(1, 2) => thing,
            _ => self.new_error_context(t)?,
        };
        Ok(self.handle(t, thing))
    }

    /// Takes back the readable end of a new stream or future, which somebody else is to get.
    fn readable(
        &mut self,
        t: &mut Track,
        channel: Channel,
        element: Option<&Type>,
    ) -> Made<Operand> {
        let wanted = Kind::End(channel, Side::Readable, element.cloned());
        let there = |thing: &super::model::Thing| {
            thing.kind == wanted && thing.state == State::Idle && thing.set.is_none()
        };
        let thing = match self.find(t, there) {
            Ok(thing) if self.dice.chance(2, 3) => thing,
            _ => self.new_channel(t, channel, element.cloned())?.0,
        };
        if self.slip(&[Corner::WrongState]).is_some() {
            match self.dice.chance(1, 2) {
                true => {
                    let set = self.any_set(t)?;
                    self.join(t, thing, Some(set))?;
                }
                false => {
                    self.copy(t, thing, Form::Async, 1)?;
                }
            }
        }
        let handle = self.handle(t, thing);
        self.thing(t, thing).state = State::Gone;
        Ok(handle)
    }

    fn own(&mut self, t: &mut Track, resource: crate::program::ResourceId) -> Made<Operand> {
        let there = |thing: &super::model::Thing| {
            thing.kind == Kind::Own(resource) && thing.state == State::Idle
        };
        let thing = match self.find(t, there) {
            Ok(thing) if self.dice.chance(2, 3) => thing,
            _ => self.new_resource(t, resource)?,
        };
        let handle = self.handle(t, thing);
        self.thing(t, thing).state = State::Gone;
        Ok(handle)
    }

    fn borrow(&mut self, t: &mut Track, resource: crate::program::ResourceId) -> Made<Operand> {
        let there = |thing: &super::model::Thing| {
            let fits = [Kind::Own(resource), Kind::Borrow(resource)].contains(&thing.kind);
            fits && thing.state == State::Idle
        };
        let thing = match self.find(t, there) {
            Ok(thing) => thing,
            Err(Skip) => self.new_resource(t, resource)?,
        };
        Ok(self.handle(t, thing))
    }

    /// Makes a stream or future; the readable end comes first.
    pub fn new_channel(
        &mut self,
        t: &mut Track,
        channel: Channel,
        element: Option<Type>,
    ) -> Made<(super::model::ThingId, super::model::ThingId)> {
        let canon = match channel {
            Channel::Stream => Canon::StreamNew(element.clone()),
            Channel::Future => Canon::FutureNew(element.clone()),
        };
        let both = self.ask(t, &canon, Vec::new(), "ends")?;
        let both = Operand::Slot(both);
        let reader = self.set(t, Arithmetic::And, both, number(0xffff_ffff), "reader")?;
        let writer = self.set(t, Arithmetic::Shr, both, number(32), "writer")?;
        self.mark(t, both);
        let kind = Kind::End(channel, Side::Readable, element.clone());
        let reader = self.remember(t, reader, kind, State::Idle);
        let kind = Kind::End(channel, Side::Writable, element);
        let writer = self.remember(t, writer, kind, State::Idle);
        self.pair(t, reader, writer);
        Ok((reader, writer))
    }
}

/// The fields with their offsets.
pub(super) fn offsets<'t>(
    fields: impl Iterator<Item = &'t Type>,
    pointers: PtrType,
) -> Vec<(&'t Type, u64)> {
    let mut end = 0;
    let place = |field| {
        let Layout { align, size } = layout(field, pointers);
        let offset = align_to(end, align);
        end = offset + size;
        (field, offset)
    };
    fields.map(place).collect()
}

/// The bytes of a string and what stands for its length.
fn encode(text: &str, site: Site) -> (Vec<u8>, u64) {
    let wide = || -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let tag = 1 << (site.pointers.size() * 8 - 1);
    match site.options.encoding {
        Encoding::Utf8 => (text.as_bytes().to_vec(), text.len() as u64),
        Encoding::Utf16 => {
            let bytes = wide();
            let length = bytes.len() as u64 / 2;
            (bytes, length)
        }
        // Latin-1 characters are written in either way, by their number.
        Encoding::Latin1Utf16
            if text.chars().all(|c| u32::from(c) < 0x100) && text.len() % 2 == 1 =>
        {
            let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
            let length = bytes.len() as u64;
            (bytes, length)
        }
        Encoding::Latin1Utf16 => {
            let bytes = wide();
            let length = bytes.len() as u64 / 2;
            (bytes, length | tag)
        }
    }
}

/// Bytes that are no string.
fn broken(site: Site) -> (Vec<u8>, u64) {
    let tag = 1 << (site.pointers.size() * 8 - 1);
    match site.options.encoding {
        Encoding::Utf8 => (vec![0x61, 0xff], 2),
        Encoding::Utf16 => (vec![0x00, 0xd8], 1),
        Encoding::Latin1Utf16 => (vec![0x00, 0xd8], 1 | tag),
    }
}
