//! Code that compares what a call returned with what it should return.
//!
//! A check is a function that gives 1 as soon as something differs, and 0 where nothing does.

use super::image::{Const, Image};
use super::layout::align;
use super::node::{Kind, Node};

/// The body of a check in the making, in the text format.
pub(super) struct Code<'i> {
    pub(super) image: &'i mut Image,
    pub(super) text: String,
    /// How many locals for addresses there are.
    pub(super) addresses: usize,
}

impl<'i> Code<'i> {
    pub(super) fn new(image: &'i mut Image) -> Self {
        Code {
            image,
            text: String::new(),
            addresses: 0,
        }
    }

    /// Where this condition is true, the check has failed.
    fn fail_if(&mut self, condition: &str) {
        self.text += &format!("      (if {condition} (then (return (i32.const 1))))\n");
    }

    /// A new local for an address, set to what this instruction gives.
    pub(super) fn address(&mut self, value: &str) -> String {
        let name = format!("$p{}", self.addresses);
        self.addresses += 1;
        self.text += &format!("      (local.set {name} {value})\n");
        format!("(local.get {name})")
    }

    /// Compares a core value, which an instruction gives.
    pub(super) fn core(&mut self, actual: &str, expected: Const) {
        let condition = match expected {
            Const::F32(bits) if f32::from_bits(bits).is_nan() => {
                format!("(f32.eq {actual} {actual})")
            }
            Const::F64(bits) if f64::from_bits(bits).is_nan() => {
                format!("(f64.eq {actual} {actual})")
            }
            Const::F32(bits) => {
                format!("(i32.ne (i32.reinterpret_f32 {actual}) (i32.const {bits}))")
            }
            Const::F64(bits) => {
                format!("(i64.ne (i64.reinterpret_f64 {actual}) (i64.const {bits}))")
            }
            Const::I32(v) => format!("(i32.ne {actual} (i32.const {v}))"),
            Const::I64(v) => format!("(i64.ne {actual} (i64.const {v}))"),
        };
        self.fail_if(&condition);
    }

    /// Compares the value at an address, which an instruction gives, plus an offset.
    ///
    /// Spec: CanonicalABI.md, "Loading".
    pub(super) fn memory(&mut self, node: &Node, base: &str, offset: u32) {
        match &node.kind {
            Kind::Int(v) => {
                let actual = load(node.layout.size, base, offset);
                self.core(&actual, int(*v, node.layout.size));
            }
            Kind::F32(bits) => {
                self.core(
                    &format!("(f32.load offset={offset} {base})"),
                    Const::F32(*bits),
                );
            }
            Kind::F64(bits) => {
                self.core(
                    &format!("(f64.load offset={offset} {base})"),
                    Const::F64(*bits),
                );
            }
            Kind::Text(text) => {
                self.core(&load(4, base, offset + 4), length(text.len()));
                let (actual, length) = (load(4, base, offset), text.len());
                let expected = self.image.text(text.as_bytes());
                self.fail_if(&format!(
                    "(i32.eqz (call $same {actual} (i32.const {expected}) (i32.const {length})))"
                ));
            }
            Kind::List(nodes, element) => {
                self.core(&load(4, base, offset + 4), length(nodes.len()));
                let elements = self.address(&load(4, base, offset));
                for (position, node) in (0..).zip(nodes) {
                    self.memory(node, &elements, position * element.size);
                }
            }
            Kind::Fields(nodes) => {
                let mut at = offset;
                for node in nodes {
                    at = align(at, node.layout.align);
                    self.memory(node, base, at);
                    at += node.layout.size;
                }
            }
            Kind::Case(case) => {
                let index = int(i64::from(case.index), case.discriminant);
                self.core(&load(case.discriminant, base, offset), index);
                if let Some(payload) = &case.payload {
                    self.memory(payload, base, offset + case.payload_offset);
                }
            }
        }
    }
}

/// The instruction that loads an integer of so many bytes.
fn load(size: u32, base: &str, offset: u32) -> String {
    let instruction = match size {
        1 => "i32.load8_u",
        2 => "i32.load16_u",
        8 => "i64.load",
        _ => "i32.load",
    };
    format!("({instruction} offset={offset} {base})")
}

/// What [`load`] gives for an integer of so many bytes.
fn int(value: i64, size: u32) -> Const {
    match size {
        1 => Const::I32((value & 0xff) as i32),
        2 => Const::I32((value & 0xffff) as i32),
        8 => Const::I64(value),
        _ => Const::I32(value as i32),
    }
}

fn length(length: usize) -> Const {
    Const::I32(u32::try_from(length).unwrap_or(u32::MAX).cast_signed())
}
