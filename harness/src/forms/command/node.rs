//! A value with all that its type says about its place in memory and in core values.

use assize_protocol::types::Type;
use assize_protocol::value::Value;

use super::layout::{
    CoreType, HasHandles, Layout, Shape, discriminant_size, joined, layout, payload_offset, shape,
};

/// A value, its sugar taken off.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) layout: Layout,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// An integer, sign-extended where its type has a sign.
    Int(i64),
    /// The bits of a float.
    F32(u32),
    F64(u64),
    Text(String),
    /// The elements of a list, and the room that each takes.
    List(Vec<Node>, Layout),
    Fields(Vec<Node>),
    Case(Case),
}

/// A case of a variant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) index: u32,
    pub(super) discriminant: u32,
    pub(super) payload_offset: u32,
    pub(super) payload: Option<Box<Node>>,
    /// The core values that hold the payload of any case.
    pub(super) joined: Vec<CoreType>,
}

/// Why a value has no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoNode {
    /// Its type has handles.
    Handles,
    /// It is not of its type.
    Unfit,
}

impl From<HasHandles> for NoNode {
    fn from(_: HasHandles) -> Self {
        NoNode::Handles
    }
}

impl Node {
    /// The node of a value of a type.
    pub(super) fn new(value: &Value, ty: &Type) -> Result<Node, NoNode> {
        let layout = layout(ty)?;
        let kind = match (shape(ty)?, value) {
            (Shape::Scalar(..), value) => scalar(value, ty).ok_or(NoNode::Unfit)?,
            (Shape::Text, Value::String(text)) => Kind::Text(text.clone()),
            (Shape::List(t), Value::List(values)) => {
                let nodes = values.iter().map(|value| Node::new(value, t));
                Kind::List(nodes.collect::<Result<_, _>>()?, super::layout::layout(t)?)
            }
            (Shape::Map(key, value), Value::Map(entries)) => {
                let pair = |(k, v): &(Value, Value)| {
                    Ok(Node::fields(vec![Node::new(k, key)?, Node::new(v, value)?]))
                };
                let nodes = entries.iter().map(pair).collect::<Result<_, NoNode>>()?;
                let entry = [super::layout::layout(key)?, super::layout::layout(value)?];
                Kind::List(nodes, Layout::sequence(entry))
            }
            (Shape::Fields(types), value) => {
                let values = field_values(value).ok_or(NoNode::Unfit)?;
                if values.len() != types.len() {
                    return Err(NoNode::Unfit);
                }
                let nodes = values.into_iter().zip(types);
                let nodes = nodes.map(|(value, ty)| Node::new(value, ty));
                Kind::Fields(nodes.collect::<Result<_, _>>()?)
            }
            (Shape::Cases(cases), value) => {
                let (index, payload) = case(value, ty).ok_or(NoNode::Unfit)?;
                let payload = match (payload, cases.get(index).copied().flatten()) {
                    (Some(payload), Some(ty)) => Some(Box::new(Node::new(payload, ty)?)),
                    (None, None) => None,
                    _ => return Err(NoNode::Unfit),
                };
                Kind::Case(Case {
                    index: u32::try_from(index).map_err(|_| NoNode::Unfit)?,
                    discriminant: discriminant_size(cases.len()),
                    payload_offset: payload_offset(&cases)?,
                    payload,
                    joined: joined(&cases)?,
                })
            }
            _ => return Err(NoNode::Unfit),
        };
        Ok(Node { layout, kind })
    }

    /// Fields, one after the other.
    pub(super) fn fields(nodes: Vec<Node>) -> Node {
        Node {
            layout: Layout::sequence(nodes.iter().map(|node| node.layout)),
            kind: Kind::Fields(nodes),
        }
    }

    /// How many values it is made of.
    pub(super) fn count(&self) -> usize {
        match &self.kind {
            Kind::Int(_) | Kind::F32(_) | Kind::F64(_) | Kind::Text(_) => 1,
            Kind::List(nodes, _) | Kind::Fields(nodes) => {
                1 + nodes.iter().map(Node::count).sum::<usize>()
            }
            Kind::Case(case) => 1 + case.payload.as_deref().map_or(0, Node::count),
        }
    }
}

fn scalar(value: &Value, ty: &Type) -> Option<Kind> {
    Some(Kind::Int(match (value, ty) {
        (Value::Bool(v), Type::Bool) => i64::from(*v),
        (Value::S8(v), Type::S8) => i64::from(*v),
        (Value::U8(v), Type::U8) => i64::from(*v),
        (Value::S16(v), Type::S16) => i64::from(*v),
        (Value::U16(v), Type::U16) => i64::from(*v),
        (Value::S32(v), Type::S32) => i64::from(*v),
        (Value::U32(v), Type::U32) => i64::from(*v),
        (Value::S64(v), Type::S64) => *v,
        (Value::U64(v), Type::U64) => v.cast_signed(),
        (Value::Char(v), Type::Char) => i64::from(u32::from(*v)),
        (Value::F32(bits), Type::F32) => return Some(Kind::F32(*bits)),
        (Value::F64(bits), Type::F64) => return Some(Kind::F64(*bits)),
        (Value::Flags(set), Type::Flags(names)) => {
            let bit = |name: &String| names.iter().position(|known| known == name);
            let bits = set.iter().map(bit).collect::<Option<Vec<_>>>()?;
            bits.into_iter().fold(0, |all, bit| all | 1_i64 << bit)
        }
        _ => return None,
    }))
}

fn field_values(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Record(fields) => Some(fields.iter().map(|(_, value)| value).collect()),
        Value::Tuple(values) | Value::List(values) => Some(values.iter().collect()),
        _ => None,
    }
}

/// The position of a value's case, and its payload.
fn case<'v>(value: &'v Value, ty: &Type) -> Option<(usize, Option<&'v Value>)> {
    match (value, ty) {
        (Value::Variant(name, payload), Type::Variant(cases)) => {
            let index = cases.iter().position(|(known, _)| known == name)?;
            Some((index, payload.as_deref()))
        }
        (Value::Enum(name), Type::Enum(names)) => {
            Some((names.iter().position(|known| known == name)?, None))
        }
        (Value::Option(payload), Type::Option(_)) => {
            Some((usize::from(payload.is_some()), payload.as_deref()))
        }
        (Value::Result(Ok(payload)), Type::Result(..)) => Some((0, payload.as_deref())),
        (Value::Result(Err(payload)), Type::Result(..)) => Some((1, payload.as_deref())),
        _ => None,
    }
}
