//! The memory that a command begins with: its calls' arguments, and what it compares texts with.

use super::layout::{CoreType, Layout, align};
use super::node::{Kind, Node};

/// Where the image begins. Address 0 stays free, so that no pointer is null.
const BASE: u32 = 1024;

/// A constant core value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Const {
    I32(i32),
    I64(i64),
    /// By its bits.
    F32(u32),
    F64(u64),
}

impl Const {
    /// The zero of a type.
    fn zero(ty: CoreType) -> Const {
        match ty {
            CoreType::I32 => Const::I32(0),
            CoreType::I64 => Const::I64(0),
            CoreType::F32 => Const::F32(0),
            CoreType::F64 => Const::F64(0),
        }
    }

    /// The value as one of a type that it was joined with others to.
    fn joined(self, ty: CoreType) -> Const {
        match (self, ty) {
            (Const::I32(v), CoreType::I64) => Const::I64(i64::from(v.cast_unsigned())),
            (Const::F32(bits), CoreType::I32) => Const::I32(bits.cast_signed()),
            (Const::F32(bits), CoreType::I64) => Const::I64(i64::from(bits)),
            (Const::F64(bits), CoreType::I64) => Const::I64(bits.cast_signed()),
            (value, _) => value,
        }
    }

    /// The instruction that gives it, in the text format.
    pub(super) fn text(self) -> String {
        match self {
            Const::I32(v) => format!("(i32.const {v})"),
            Const::I64(v) => format!("(i64.const {v})"),
            Const::F32(bits) => format!("(f32.reinterpret_i32 (i32.const {bits}))"),
            Const::F64(bits) => format!("(f64.reinterpret_i64 (i64.const {bits}))"),
        }
    }
}

/// The image in the making.
pub(super) struct Image {
    bytes: Vec<u8>,
}

impl Image {
    pub(super) fn new() -> Self {
        Image { bytes: Vec::new() }
    }

    /// Where it begins.
    pub(super) const fn base() -> u32 {
        BASE
    }

    /// The first address behind it.
    pub(super) fn end(&self) -> u32 {
        // A test that fills 4 GiB with its arguments cannot be read in the first place.
        BASE.saturating_add(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Room for something; its address.
    pub(super) fn reserve(&mut self, layout: Layout) -> u32 {
        let address = align(self.end(), layout.align);
        let end = (address - BASE) as usize + layout.size as usize;
        self.bytes.resize(end, 0);
        address
    }

    /// The address of a copy of these bytes.
    pub(super) fn text(&mut self, bytes: &[u8]) -> u32 {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let address = self.reserve(Layout { size, align: 1 });
        self.write(address, bytes);
        address
    }

    fn write(&mut self, address: u32, bytes: &[u8]) {
        let start = (address - BASE) as usize;
        if let Some(room) = self.bytes.get_mut(start..start + bytes.len()) {
            room.copy_from_slice(bytes);
        }
    }

    /// The address of a copy of a value.
    pub(super) fn place(&mut self, node: &Node) -> u32 {
        let address = self.reserve(node.layout);
        self.store(node, address);
        address
    }

    /// Spec: CanonicalABI.md, "Storing".
    fn store(&mut self, node: &Node, address: u32) {
        let size = node.layout.size as usize;
        match &node.kind {
            Kind::Int(v) => self.write(address, v.to_le_bytes().get(..size).unwrap_or_default()),
            Kind::F32(bits) => self.write(address, &bits.to_le_bytes()),
            Kind::F64(bits) => self.write(address, &bits.to_le_bytes()),
            Kind::Text(_) | Kind::List(..) => {
                let (pointer, length) = self.range(node);
                self.write(address, &pointer.to_le_bytes());
                self.write(address + 4, &length.to_le_bytes());
            }
            Kind::Fields(nodes) => {
                let mut at = address;
                for node in nodes {
                    at = align(at, node.layout.align);
                    self.store(node, at);
                    at += node.layout.size;
                }
            }
            Kind::Case(case) => {
                let index = case.index.to_le_bytes();
                let index = index.get(..case.discriminant as usize);
                self.write(address, index.unwrap_or_default());
                if let Some(payload) = &case.payload {
                    self.store(payload, address + case.payload_offset);
                }
            }
        }
    }

    /// Where a text's bytes or a list's elements are, and how many there are.
    fn range(&mut self, node: &Node) -> (u32, u32) {
        match &node.kind {
            Kind::Text(text) => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                (self.text(text.as_bytes()), length)
            }
            Kind::List(nodes, element) => {
                let length = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
                let pointer = self.reserve(Layout {
                    size: element.size.saturating_mul(length),
                    align: element.align,
                });
                for (position, node) in (0..).zip(nodes) {
                    self.store(node, pointer + position * element.size);
                }
                (pointer, length)
            }
            _ => (0, 0),
        }
    }

    /// A value as core values. What lies in memory is put into the image.
    ///
    /// Spec: CanonicalABI.md, "Flat Lowering".
    pub(super) fn flatten(&mut self, node: &Node) -> Vec<Const> {
        match &node.kind {
            Kind::Int(v) if node.layout.size == 8 => vec![Const::I64(*v)],
            Kind::Int(v) => vec![Const::I32(*v as i32)],
            Kind::F32(bits) => vec![Const::F32(*bits)],
            Kind::F64(bits) => vec![Const::F64(*bits)],
            Kind::Text(_) | Kind::List(..) => {
                let (pointer, length) = self.range(node);
                vec![
                    Const::I32(pointer.cast_signed()),
                    Const::I32(length.cast_signed()),
                ]
            }
            Kind::Fields(nodes) => nodes.iter().flat_map(|node| self.flatten(node)).collect(),
            Kind::Case(case) => {
                let mut flat = vec![Const::I32(case.index.cast_signed())];
                let payload = case.payload.as_deref();
                let payload = payload.map(|node| self.flatten(node)).unwrap_or_default();
                let mut payload = payload.into_iter();
                flat.extend(case.joined.iter().map(|ty| match payload.next() {
                    Some(value) => value.joined(*ty),
                    None => Const::zero(*ty),
                }));
                flat
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use assize_protocol::types::Type;
    use assize_protocol::value::Value;

    use super::*;

    #[test]
    fn a_list_of_texts_lies_in_the_image_and_is_passed_by_address() {
        let ty = Type::List(Box::new(Type::String));
        let value = Value::List(vec![Value::String("ab".to_owned())]);
        let node = Node::new(&value, &ty).unwrap();
        let mut image = Image::new();
        assert_eq!(image.flatten(&node), [Const::I32(1024), Const::I32(1)]);
        let pointer_and_length = [0x08, 4, 0, 0, 2, 0, 0, 0];
        assert_eq!(image.bytes(), [&pointer_and_length[..], b"ab"].concat());
    }

    #[test]
    fn a_payload_is_passed_in_the_type_that_holds_every_case() {
        let ty = Type::Result(Some(Box::new(Type::F32)), Some(Box::new(Type::S64)));
        let payload = Some(Box::new(Value::F32(0x8000_0000)));
        let node = Node::new(&Value::Result(Ok(payload)), &ty).unwrap();
        let flat = Image::new().flatten(&node);
        assert_eq!(flat, [Const::I32(0), Const::I64(0x8000_0000)]);
    }

    #[test]
    fn small_integers_with_a_sign_are_extended() {
        let node = Node::new(&Value::S8(-1), &Type::S8).unwrap();
        let mut image = Image::new();
        assert_eq!(image.flatten(&node), [Const::I32(-1)]);
        let address = image.place(&node);
        assert_eq!((address, image.bytes()), (1024, &[0xff][..]));
    }
}
