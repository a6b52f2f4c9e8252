//! Short ways to write types, for the tests of this module.

use std::sync::Arc;

use crate::component::types::{Case, Field, Label, ValType};

fn labels(n: usize) -> impl Iterator<Item = Label> {
    (0..n).map(|i| format!("l{i}").into())
}

pub fn list(t: ValType) -> ValType {
    ValType::List(t.into())
}

pub fn fixed(t: ValType, length: u32) -> ValType {
    ValType::FixedList(t.into(), length)
}

pub fn record<const N: usize>(types: [ValType; N]) -> ValType {
    let fields = labels(N).zip(types).map(|(label, ty)| Field { label, ty });
    ValType::Record(fields.collect())
}

pub fn variant<const N: usize>(types: [Option<ValType>; N]) -> ValType {
    let cases = labels(N).zip(types).map(|(label, ty)| Case { label, ty });
    ValType::Variant(cases.collect())
}

pub fn enumeration(n: usize) -> ValType {
    ValType::Enum(labels(n).collect())
}

pub fn flags(n: usize) -> ValType {
    ValType::Flags(labels(n).collect())
}

pub fn option(t: ValType) -> ValType {
    ValType::Option(t.into())
}

pub fn result(ok: Option<ValType>, error: Option<ValType>) -> ValType {
    ValType::Result {
        ok: ok.map(Arc::new),
        error: error.map(Arc::new),
    }
}
