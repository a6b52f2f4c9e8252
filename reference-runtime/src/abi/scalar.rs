//! Values that are one integer or float: what loading has in common with flat lifting, and storing
//! with flat lowering.
//!
//! Floats are kept as bits. The one NaN that a component value can be is the canonical one, and
//! lowering gives that one too, which is what the deterministic profile prescribes. Any other NaN
//! that the specification allows there would be a choice point.
//!
//! Spec: CanonicalABI.md, "Loading", "Storing", "Flat Lifting" and "Flat Lowering".

use super::despecialize::{Labels, Scalar};
use super::value::Value;
use super::{Cx, store};
use crate::component::ast::Channel;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

const CANONICAL_FLOAT32_NAN: u32 = 0x7fc0_0000;
const CANONICAL_FLOAT64_NAN: u64 = 0x7ff8_0000_0000_0000;

impl Cx<'_, '_> {
    /// The value of type `t` that `bits`, as read from memory or from a core value, stand for.
    pub(super) fn lift_scalar(&mut self, bits: u64, t: Scalar<'_>) -> Result<Value, Stop> {
        Ok(match t {
            Scalar::Bool => Value::Bool(bits != 0),
            Scalar::S8 => Value::S8(bits as i8),
            Scalar::U8 => Value::U8(bits as u8),
            Scalar::S16 => Value::S16(bits as i16),
            Scalar::U16 => Value::U16(bits as u16),
            Scalar::S32 => Value::S32(bits as i32),
            Scalar::U32 => Value::U32(bits as u32),
            Scalar::S64 => Value::S64(bits as i64),
            Scalar::U64 => Value::U64(bits),
            Scalar::F32 => Value::F32(canonicalize_nan32(bits as u32)),
            Scalar::F64 => Value::F64(canonicalize_nan64(bits)),
            Scalar::Char => Value::Char(self.convert_i32_to_char(bits as u32)?),
            Scalar::Flags(labels) => Value::Flags(unpack_flags_from_int(bits as u32, labels)),
            Scalar::ErrorContext => Value::ErrorContext(self.lift_error_context(bits as u32)?),
            Scalar::Own(rt) => Value::Own(self.lift_own(bits as u32, rt)?),
            Scalar::Borrow(rt) => Value::Borrow(self.lift_borrow(bits as u32, rt)?),
            Scalar::Stream(t) => Value::Stream(self.lift_stream(bits as u32, t)?),
            Scalar::Future(t) => Value::Future(self.lift_future(bits as u32, t)?),
        })
    }

    /// Spec: CanonicalABI.md, "Loading", `convert_i32_to_char`.
    fn convert_i32_to_char(&mut self, i: u32) -> Result<char, Stop> {
        self.step.trap_if(Rule::LoadCharRange, i >= 0x11_0000)?;
        self.step
            .trap_if(Rule::LoadCharSurrogate, (0xD800..=0xDFFF).contains(&i))?;
        Ok(char::from_u32(i).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The bits of `v`, which is of type `t`: as many low ones as there is room for are stored or
    /// passed. Negative integers are sign-extended.
    pub(super) fn lower_scalar(&mut self, v: &Value, t: Scalar<'_>) -> Result<u64, Stop> {
        Ok(match (t, v) {
            (Scalar::Bool, Value::Bool(v)) => (*v).into(),
            (Scalar::S8, Value::S8(v)) => *v as u64,
            (Scalar::U8, Value::U8(v)) => (*v).into(),
            (Scalar::S16, Value::S16(v)) => *v as u64,
            (Scalar::U16, Value::U16(v)) => (*v).into(),
            (Scalar::S32, Value::S32(v)) => *v as u64,
            (Scalar::U32, Value::U32(v)) => (*v).into(),
            (Scalar::S64, Value::S64(v)) => *v as u64,
            (Scalar::U64, Value::U64(v)) => *v,
            (Scalar::F32, Value::F32(v)) => canonicalize_nan32(*v).into(),
            (Scalar::F64, Value::F64(v)) => canonicalize_nan64(*v),
            (Scalar::Char, Value::Char(v)) => u32::from(*v).into(),
            (Scalar::Flags(labels), Value::Flags(v)) => (*v & labels.mask()).into(),
            (Scalar::ErrorContext, Value::ErrorContext(v)) => self.lower_error_context(v)?.into(),
            (Scalar::Own(rt), Value::Own(rep)) => self.lower_own(*rep, rt)?.into(),
            (Scalar::Borrow(rt), Value::Borrow(rep)) => self.lower_borrow(*rep, rt)?,
            (Scalar::Stream(_), Value::Stream(shared)) => {
                self.lower_readable_end(Channel::Stream, *shared)?.into()
            }
            (Scalar::Future(_), Value::Future(shared)) => {
                self.lower_readable_end(Channel::Future, *shared)?.into()
            }
            _ => return Err(store::MISTYPED),
        })
    }
}

/// From bytes to as many values as they are.
type ReadRow = fn(&[u8]) -> Vec<Value>;

/// How values of type `t` are read from their bytes in a row, for the types whose every bit pattern
/// is a value: the same as [`Cx::lift_scalar`] of each.
pub(super) fn numbers(t: Scalar) -> Option<ReadRow> {
    Some(match t {
        Scalar::S8 => |bytes| row(bytes, |v| Value::S8(i8::from_le_bytes(v))),
        Scalar::U8 => |bytes| row(bytes, |v| Value::U8(u8::from_le_bytes(v))),
        Scalar::S16 => |bytes| row(bytes, |v| Value::S16(i16::from_le_bytes(v))),
        Scalar::U16 => |bytes| row(bytes, |v| Value::U16(u16::from_le_bytes(v))),
        Scalar::S32 => |bytes| row(bytes, |v| Value::S32(i32::from_le_bytes(v))),
        Scalar::U32 => |bytes| row(bytes, |v| Value::U32(u32::from_le_bytes(v))),
        Scalar::S64 => |bytes| row(bytes, |v| Value::S64(i64::from_le_bytes(v))),
        Scalar::U64 => |bytes| row(bytes, |v| Value::U64(u64::from_le_bytes(v))),
        Scalar::F32 => |bytes| {
            row(bytes, |v| {
                Value::F32(canonicalize_nan32(u32::from_le_bytes(v)))
            })
        },
        Scalar::F64 => |bytes| {
            row(bytes, |v| {
                Value::F64(canonicalize_nan64(u64::from_le_bytes(v)))
            })
        },
        _ => return None,
    })
}

fn row<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> Value) -> Vec<Value> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| value(*number)).collect()
}

/// Spec: CanonicalABI.md, "Loading", `unpack_flags_from_int`.
fn unpack_flags_from_int(i: u32, labels: Labels) -> u32 {
    i & labels.mask()
}

/// Spec: CanonicalABI.md, "Loading", `canonicalize_nan32`.
pub(super) fn canonicalize_nan32(bits: u32) -> u32 {
    if f32::from_bits(bits).is_nan() {
        CANONICAL_FLOAT32_NAN
    } else {
        bits
    }
}

/// Spec: CanonicalABI.md, "Loading", `canonicalize_nan64`.
pub(super) fn canonicalize_nan64(bits: u64) -> u64 {
    if f64::from_bits(bits).is_nan() {
        CANONICAL_FLOAT64_NAN
    } else {
        bits
    }
}
