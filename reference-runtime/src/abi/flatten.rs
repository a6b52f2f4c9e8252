//! Which core values a component value becomes when it is not in memory.
//!
//! Nothing that flattens to more than [`MAX_FLAT_PARAMS`] core values is ever passed flat, so a
//! [`Flat`] has room for that many, and flattening ends as soon as it would need more. The
//! recursion is as deep as types are nested, which validation bounds.
//!
//! Spec: CanonicalABI.md, "Flattening".

use super::PtrType;
use super::despecialize::{Cases, Fields, Scalar, Type, despecialize};
use super::types::{Node, Types};
use crate::component::ast::Abi;
use crate::component::types::{FuncType, ValType};
use crate::core;

/// The most flat parameters of a function.
pub const MAX_FLAT_PARAMS: usize = 16;
/// The most flat parameters of a function that is lowered with the async ABI.
pub const MAX_FLAT_ASYNC_PARAMS: usize = 4;
/// The most flat results of a function.
pub const MAX_FLAT_RESULTS: usize = 1;

/// The type of a flat value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlatType {
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
}

/// The types of at most [`MAX_FLAT_PARAMS`] flat values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flat {
    types: [FlatType; MAX_FLAT_PARAMS],
    len: usize,
}

/// What a core function type is flattened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `canon lift`
    Lift,
    /// `canon lower`
    Lower,
}

/// How the callee of `canon lift` with the async ABI tells that it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blocking {
    /// By returning to its caller, which calls `callback`.
    Callback,
    /// By calling a built-in.
    Stackful,
}

impl FlatType {
    /// As a type of core WebAssembly.
    pub fn core(self) -> core::types::ValType {
        match self {
            FlatType::I32 => core::types::ValType::I32,
            FlatType::I64 => core::types::ValType::I64,
            FlatType::F32 => core::types::ValType::F32,
            FlatType::F64 => core::types::ValType::F64,
        }
    }

    /// The core value of this type with these bits, of which those that it has no room for are
    /// dropped.
    pub fn value(self, bits: u64) -> core::Value {
        match self {
            FlatType::I32 => core::Value::I32(bits as u32),
            FlatType::I64 => core::Value::I64(bits),
            FlatType::F32 => core::Value::F32(bits as u32),
            FlatType::F64 => core::Value::F64(bits),
        }
    }
}

impl From<PtrType> for FlatType {
    fn from(ptr_type: PtrType) -> FlatType {
        match ptr_type {
            PtrType::I32 => FlatType::I32,
            PtrType::I64 => FlatType::I64,
        }
    }
}

impl Flat {
    /// No values.
    pub const EMPTY: Flat = Flat {
        types: [FlatType::I32; MAX_FLAT_PARAMS],
        len: 0,
    };

    /// The types, in order.
    pub fn types(&self) -> &[FlatType] {
        &self.types[..self.len]
    }

    /// Of `types`, or none if they are too many.
    fn of(types: &[FlatType]) -> Option<Flat> {
        let mut flat = Flat::EMPTY;
        flat.extend(types)?;
        Some(flat)
    }

    fn extend(&mut self, types: &[FlatType]) -> Option<()> {
        self.types
            .get_mut(self.len..self.len + types.len())?
            .copy_from_slice(types);
        self.len += types.len();
        Some(())
    }

    /// Makes room for values of `types` where these values are, too.
    fn join(&mut self, types: &[FlatType]) {
        for (mine, theirs) in self.types[..self.len].iter_mut().zip(types) {
            *mine = join(*mine, *theirs);
        }
        if let Some(longer) = types.get(self.len..) {
            self.types[self.len..types.len()].copy_from_slice(longer);
            self.len = types.len();
        }
    }
}

/// The smallest type with room for the bits of both. Spec: CanonicalABI.md, "Flattening", `join`.
pub fn join(a: FlatType, b: FlatType) -> FlatType {
    match (a, b) {
        _ if a == b => a,
        (FlatType::I32, FlatType::F32) | (FlatType::F32, FlatType::I32) => FlatType::I32,
        _ => FlatType::I64,
    }
}

/// The type of the one flat value.
pub fn flatten_scalar(t: Scalar<'_>) -> FlatType {
    match t {
        Scalar::S64 | Scalar::U64 => FlatType::I64,
        Scalar::F32 => FlatType::F32,
        Scalar::F64 => FlatType::F64,
        Scalar::Bool | Scalar::S8 | Scalar::U8 | Scalar::S16 | Scalar::U16 => FlatType::I32,
        Scalar::S32 | Scalar::U32 | Scalar::Char | Scalar::Flags(_) => FlatType::I32,
        Scalar::ErrorContext | Scalar::Own(_) | Scalar::Borrow(_) => FlatType::I32,
        Scalar::Stream(_) | Scalar::Future(_) => FlatType::I32,
    }
}

impl<'t> Types<'t> {
    /// The flat types of `ts` one after the other, or none if there are more than
    /// [`MAX_FLAT_PARAMS`].
    ///
    /// Spec: CanonicalABI.md, "Flattening", `flatten_types`.
    pub fn flatten_types(&mut self, ts: &'t [ValType]) -> Option<Flat> {
        self.flatten(Type::Record(Fields::Tuple(ts)))
    }

    /// The flat types of `t`, or none if there are more than [`MAX_FLAT_PARAMS`].
    ///
    /// Spec: CanonicalABI.md, "Flattening", `flatten_type`.
    pub fn flatten(&mut self, t: Type<'t>) -> Option<Flat> {
        let Some(node) = Node::of(t) else {
            return self.compute_flat(t);
        };
        if let Some(flat) = self.flats.get(&node) {
            return *flat;
        }
        let flat = self.compute_flat(t);
        self.flats.insert(node, flat);
        flat
    }

    fn compute_flat(&mut self, t: Type<'t>) -> Option<Flat> {
        match t {
            Type::Scalar(scalar) => Flat::of(&[flatten_scalar(scalar)]),
            Type::String | Type::List(_) => Flat::of(&[self.ptr_type().into(); 2]),
            Type::FixedList(element, length) => self.flatten_fixed_list(element, length),
            Type::Record(fields) => self.flatten_record(fields),
            Type::Variant(cases) => self.flatten_variant(cases),
        }
    }

    fn flatten_fixed_list(&mut self, element: &'t ValType, length: u32) -> Option<Flat> {
        let element = self.flatten(despecialize(element))?;
        let len = element.len.checked_mul(length as usize)?;
        if len > MAX_FLAT_PARAMS {
            return None;
        }
        Flat::of(&element.types().repeat(length as usize))
    }

    fn flatten_record(&mut self, fields: Fields<'t>) -> Option<Flat> {
        let mut flat = Flat::EMPTY;
        for t in fields.types() {
            self.visited += 1;
            flat.extend(self.flatten(t)?.types())?;
        }
        Some(flat)
    }

    /// A variant's discriminant and payload.
    fn flatten_variant(&mut self, cases: Cases<'t>) -> Option<Flat> {
        let mut payload = Flat::EMPTY;
        self.visited += cases.payload_slots() as u64;
        for t in cases.payloads() {
            payload.join(self.flatten(t)?.types());
        }
        let mut flat = Flat::of(&[FlatType::I32])?;
        flat.extend(payload.types())?;
        Some(flat)
    }
}

/// The core function type that `ft` is lifted from or lowered to. `blocking` counts only for
/// lifting with the async ABI.
///
/// Spec: CanonicalABI.md, "Flattening", `flatten_functype`.
pub fn flatten_functype<'t>(
    types: &mut Types<'t>,
    abi: Abi,
    blocking: Blocking,
    ft: &'t FuncType,
    direction: Direction,
) -> core::types::FuncType {
    let ptr = FlatType::from(types.ptr_type());
    let mut up_to = |max: usize, ts| match types.flatten_types(ts) {
        Some(flat) if flat.len <= max => Some(flat.types().to_vec()),
        _ => None,
    };
    let max_params = match (abi, direction) {
        (Abi::Async, Direction::Lower) => MAX_FLAT_ASYNC_PARAMS,
        _ => MAX_FLAT_PARAMS,
    };
    let mut params = up_to(max_params, &ft.params).unwrap_or_else(|| vec![ptr]);
    let results = match (abi, direction) {
        (Abi::Sync, _) => match (up_to(MAX_FLAT_RESULTS, &ft.result), direction) {
            (Some(flat), _) => flat,
            (None, Direction::Lift) => vec![ptr],
            (None, Direction::Lower) => {
                params.push(ptr);
                vec![]
            }
        },
        (Abi::Async, Direction::Lift) => match blocking {
            Blocking::Callback => vec![FlatType::I32],
            Blocking::Stackful => vec![],
        },
        (Abi::Async, Direction::Lower) => {
            if up_to(0, &ft.result).is_none() {
                params.push(ptr);
            }
            vec![FlatType::I32]
        }
    };
    let core = |flat: Vec<FlatType>| flat.into_iter().map(FlatType::core).collect::<Vec<_>>();
    core::types::FuncType::new(&core(params), &core(results))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::testing::{enumeration, fixed, flags, list, option, record, result, variant};
    use crate::component::types::Effect;

    /// The flat types of `t`, a letter each: `i` and `f` of 32 bits, `I` and `F` of 64.
    fn flat(t: &ValType, ptr_type: PtrType) -> String {
        match Types::new(ptr_type).flatten(despecialize(t)) {
            Some(flat) => flat.types().iter().map(|t| letter(&t.core())).collect(),
            None => "memory".to_owned(),
        }
    }

    fn letter(t: &core::types::ValType) -> char {
        match t {
            core::types::ValType::I32 => 'i',
            core::types::ValType::I64 => 'I',
            core::types::ValType::F32 => 'f',
            core::types::ValType::F64 => 'F',
            core::types::ValType::Ref(_) => 'r',
        }
    }

    #[test]
    fn flat_types_are_those_computed_by_hand() {
        use ValType::*;
        let nested = variant([Some(option(F32)), Some(F64)]);
        // A type, and its flat types with 32-bit pointers and with 64-bit pointers.
        let table = [
            (Bool, "i", "i"),
            (S64, "I", "I"),
            (F32, "f", "f"),
            (F64, "F", "F"),
            (String, "ii", "II"),
            (list(F64), "ii", "II"),
            (Map(U8.into(), U64.into()), "ii", "II"),
            (fixed(F32, 3), "fff", "fff"),
            (fixed(record([U8, F64]), 2), "iFiF", "iFiF"),
            (fixed(U8, 16), "iiiiiiiiiiiiiiii", "iiiiiiiiiiiiiiii"),
            (fixed(U8, 17), "memory", "memory"),
            (fixed(U8, (1 << 28) - 1), "memory", "memory"),
            (record([U8, S64, String]), "iIii", "iIII"),
            (enumeration(300), "i", "i"),
            (flags(32), "i", "i"),
            (option(F32), "if", "if"),
            (option(String), "iii", "iII"),
            (result(None, None), "i", "i"),
            (result(Some(U32), Some(F32)), "ii", "ii"),
            (result(Some(F32), Some(F64)), "iI", "iI"),
            (result(Some(U32), Some(F64)), "iI", "iI"),
            (result(Some(F32), Some(S64)), "iI", "iI"),
            (result(Some(F32), Some(F32)), "if", "if"),
            // The longer payload is joined with the shorter one only as far as that goes.
            (
                variant([Some(F32), None, Some(record([U8, F64]))]),
                "iiF",
                "iiF",
            ),
            (
                variant([Some(record([F32, F32])), Some(String)]),
                "iii",
                "iII",
            ),
            (nested, "iIf", "iIf"),
            (
                option(fixed(U8, 15)),
                "iiiiiiiiiiiiiiii",
                "iiiiiiiiiiiiiiii",
            ),
            (option(fixed(U8, 16)), "memory", "memory"),
        ];
        for (t, narrow, wide) in table {
            assert_eq!(flat(&t, PtrType::I32), narrow, "{t:?}");
            assert_eq!(flat(&t, PtrType::I64), wide, "{t:?}");
        }
    }

    #[test]
    fn a_type_is_flattened_once_however_often_it_occurs() {
        let mut t = ValType::F32;
        for _ in 0..15 {
            t = variant([Some(t.clone()), Some(t.clone()), Some(t.clone()), Some(t)]);
        }
        assert_eq!(flat(&t, PtrType::I32), "iiiiiiiiiiiiiiif");
        assert_eq!(flat(&option(t), PtrType::I32), "memory");
    }

    fn functype(params: &[ValType], result: &[ValType]) -> FuncType {
        FuncType {
            effect: Effect::Sync,
            param_names: params.iter().map(|_| "p".into()).collect(),
            params: params.into(),
            result: result.into(),
        }
    }

    /// What `flatten_functype` gives with 64-bit pointers, as `params->results`.
    fn core_type(abi: Abi, blocking: Blocking, ft: &FuncType, direction: Direction) -> String {
        let mut types = Types::new(PtrType::I64);
        let ft = flatten_functype(&mut types, abi, blocking, ft, direction);
        let letters = |types: &[_]| types.iter().map(letter).collect::<String>();
        format!("{}->{}", letters(ft.params()), letters(ft.results()))
    }

    #[test]
    fn functions_spill_to_memory_past_the_maximum_of_their_abi() {
        use {Blocking::*, Direction::*};
        let u8s = |n| vec![ValType::U8; n];
        let small = functype(&u8s(4), &u8s(1));
        let medium = functype(&u8s(5), &[ValType::String]);
        let large = functype(&u8s(17), &[]);
        let table = [
            (&small, Abi::Sync, Stackful, Lift, "iiii->i"),
            (&small, Abi::Sync, Stackful, Lower, "iiii->i"),
            (&small, Abi::Async, Stackful, Lift, "iiii->"),
            (&small, Abi::Async, Callback, Lift, "iiii->i"),
            (&small, Abi::Async, Stackful, Lower, "iiiiI->i"),
            (&medium, Abi::Sync, Stackful, Lift, "iiiii->I"),
            (&medium, Abi::Sync, Stackful, Lower, "iiiiiI->"),
            (&medium, Abi::Async, Callback, Lift, "iiiii->i"),
            (&medium, Abi::Async, Stackful, Lower, "II->i"),
            (&large, Abi::Sync, Stackful, Lift, "I->"),
            (&large, Abi::Sync, Stackful, Lower, "I->"),
            (&large, Abi::Async, Stackful, Lift, "I->"),
            (&large, Abi::Async, Stackful, Lower, "I->i"),
        ];
        for (ft, abi, blocking, direction, expected) in table {
            assert_eq!(
                core_type(abi, blocking, ft, direction),
                expected,
                "{abi:?} {direction:?}"
            );
        }
    }
}
