//! Arguments and result patterns of scripts.

use wast::component::WastVal;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

use crate::value::{AnyRef, CoreRef, CoreValue, RefHierarchy, Value};

/// What an argument or a pattern says that the harness has no notion of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

/// The value of an argument.
pub(super) fn argument(argument: &WastArg<'_>) -> Result<Value, Unknown> {
    match argument {
        WastArg::Core(value) => core_argument(value).map(Value::Core),
        WastArg::Component(value) => Ok(component_value(value)),
        other => Err(Unknown(format!("argument {other:?}"))),
    }
}

fn core_argument(argument: &WastArgCore<'_>) -> Result<CoreValue, Unknown> {
    Ok(match argument {
        WastArgCore::I32(value) => CoreValue::I32(*value),
        WastArgCore::I64(value) => CoreValue::I64(*value),
        WastArgCore::F32(value) => CoreValue::F32(value.bits),
        WastArgCore::F64(value) => CoreValue::F64(value.bits),
        WastArgCore::V128(value) => CoreValue::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(ty) => {
            let hierarchy = hierarchy(ty)
                .ok_or_else(|| Unknown("null references of concrete types".to_string()))?;
            CoreValue::Ref(CoreRef::Null(hierarchy))
        }
        WastArgCore::RefExtern(number) => CoreValue::Ref(CoreRef::Extern(Some(*number))),
        WastArgCore::RefHost(number) => CoreValue::Ref(CoreRef::Any(AnyRef::Host(*number))),
    })
}

fn hierarchy(ty: &HeapType<'_>) -> Option<RefHierarchy> {
    use AbstractHeapType as Ty;
    let HeapType::Abstract { ty, .. } = ty else {
        return None;
    };
    Some(match ty {
        Ty::Func | Ty::NoFunc => RefHierarchy::Func,
        Ty::Extern | Ty::NoExtern => RefHierarchy::Extern,
        Ty::Exn | Ty::NoExn => RefHierarchy::Exn,
        Ty::Cont | Ty::NoCont => RefHierarchy::Cont,
        Ty::Any | Ty::Eq | Ty::Struct | Ty::Array | Ty::I31 | Ty::None => RefHierarchy::Any,
    })
}

pub(super) fn component_value(value: &WastVal<'_>) -> Value {
    let items = |items: &[WastVal<'_>]| items.iter().map(component_value).collect();
    let boxed =
        |value: &Option<Box<WastVal<'_>>>| value.as_deref().map(component_value).map(Box::new);
    match value {
        WastVal::Bool(value) => Value::Bool(*value),
        WastVal::U8(value) => Value::U8(*value),
        WastVal::S8(value) => Value::S8(*value),
        WastVal::U16(value) => Value::U16(*value),
        WastVal::S16(value) => Value::S16(*value),
        WastVal::U32(value) => Value::U32(*value),
        WastVal::S32(value) => Value::S32(*value),
        WastVal::U64(value) => Value::U64(*value),
        WastVal::S64(value) => Value::S64(*value),
        WastVal::F32(value) => Value::F32(value.bits),
        WastVal::F64(value) => Value::F64(value.bits),
        WastVal::Char(value) => Value::Char(*value),
        WastVal::String(value) => Value::String((*value).to_string()),
        WastVal::List(values) => Value::List(items(values)),
        WastVal::Record(fields) => Value::Record(
            fields
                .iter()
                .map(|(name, v)| ((*name).to_string(), component_value(v)))
                .collect(),
        ),
        WastVal::Tuple(values) => Value::Tuple(items(values)),
        WastVal::Variant(case, value) => Value::Variant((*case).to_string(), boxed(value)),
        WastVal::Enum(case) => Value::Enum((*case).to_string()),
        WastVal::Option(value) => Value::Option(boxed(value)),
        WastVal::Result(Ok(value)) => Value::Result(Ok(boxed(value))),
        WastVal::Result(Err(value)) => Value::Result(Err(boxed(value))),
        WastVal::Flags(names) => Value::Flags(names.iter().map(ToString::to_string).collect()),
    }
}

/// A pattern in words.
pub(super) fn describe(pattern: &WastRet<'_>) -> String {
    match pattern {
        WastRet::Core(pattern) => describe_core(pattern),
        WastRet::Component(value) => component_value(value).to_string(),
        other => format!("{other:?}"),
    }
}

fn describe_core(pattern: &WastRetCore<'_>) -> String {
    let core = |value: CoreValue| value.to_string();
    match pattern {
        WastRetCore::I32(value) => core(CoreValue::I32(*value)),
        WastRetCore::I64(value) => core(CoreValue::I64(*value)),
        WastRetCore::F32(NanPattern::Value(value)) => core(CoreValue::F32(value.bits)),
        WastRetCore::F32(NanPattern::CanonicalNan) => "(f32.const nan:canonical)".to_string(),
        WastRetCore::F32(NanPattern::ArithmeticNan) => "(f32.const nan:arithmetic)".to_string(),
        WastRetCore::F64(NanPattern::Value(value)) => core(CoreValue::F64(value.bits)),
        WastRetCore::F64(NanPattern::CanonicalNan) => "(f64.const nan:canonical)".to_string(),
        WastRetCore::F64(NanPattern::ArithmeticNan) => "(f64.const nan:arithmetic)".to_string(),
        WastRetCore::V128(lanes) => format!("(v128.const {lanes:?})"),
        WastRetCore::RefNull(ty) => match ty.as_ref().and_then(hierarchy) {
            Some(hierarchy) => core(CoreValue::Ref(CoreRef::Null(hierarchy))),
            None => "(ref.null)".to_string(),
        },
        WastRetCore::RefExtern(number) => core(CoreValue::Ref(CoreRef::Extern(*number))),
        WastRetCore::RefHost(number) => core(CoreValue::Ref(CoreRef::Any(AnyRef::Host(*number)))),
        WastRetCore::RefFunc(_) => "(ref.func)".to_string(),
        WastRetCore::RefAny => "(ref.any)".to_string(),
        WastRetCore::RefEq => "(ref.eq)".to_string(),
        WastRetCore::RefArray => "(ref.array)".to_string(),
        WastRetCore::RefStruct => "(ref.struct)".to_string(),
        WastRetCore::RefI31 => "(ref.i31)".to_string(),
        WastRetCore::RefI31Shared => "(ref.i31_shared)".to_string(),
        WastRetCore::Either(patterns) => {
            let shown: Vec<String> = patterns.iter().map(describe_core).collect();
            format!("(either {})", shown.join(" "))
        }
    }
}

/// Whether a result is what a pattern asks for.
///
/// Scripts write floats of core functions and of component functions alike, so a core pattern
/// also stands for a component's float. All NaNs of a component are one value: lifting and
/// lowering may change their bits.
///
/// Spec: CanonicalABI.md, "Loading" (floating-point values).
pub(super) fn fits(pattern: &WastRet<'_>, actual: &Value) -> bool {
    match (pattern, actual) {
        (WastRet::Core(pattern), Value::Core(actual)) => fits_core(pattern, actual),
        (WastRet::Core(pattern), actual) => {
            component_float(pattern).is_some_and(|expected| component_fits(&expected, actual))
        }
        (WastRet::Component(pattern), actual) => component_fits(&component_value(pattern), actual),
        _ => false,
    }
}

pub(super) fn component_float(pattern: &WastRetCore<'_>) -> Option<Value> {
    match pattern {
        WastRetCore::F32(NanPattern::Value(value)) => Some(Value::F32(value.bits)),
        WastRetCore::F64(NanPattern::Value(value)) => Some(Value::F64(value.bits)),
        WastRetCore::F32(_) => Some(Value::F32(f32::NAN.to_bits())),
        WastRetCore::F64(_) => Some(Value::F64(f64::NAN.to_bits())),
        _ => None,
    }
}

pub(super) fn component_fits(expected: &Value, actual: &Value) -> bool {
    let all = |expected: &[Value], actual: &[Value]| {
        expected.len() == actual.len()
            && expected
                .iter()
                .zip(actual)
                .all(|(e, a)| component_fits(e, a))
    };
    let payload =
        |expected: &Option<Box<Value>>, actual: &Option<Box<Value>>| match (expected, actual) {
            (Some(expected), Some(actual)) => component_fits(expected, actual),
            (None, None) => true,
            _ => false,
        };
    match (expected, actual) {
        (Value::F32(e), Value::F32(a)) => {
            e == a || f32::from_bits(*e).is_nan() && f32::from_bits(*a).is_nan()
        }
        (Value::F64(e), Value::F64(a)) => {
            e == a || f64::from_bits(*e).is_nan() && f64::from_bits(*a).is_nan()
        }
        (Value::List(e), Value::List(a)) | (Value::Tuple(e), Value::Tuple(a)) => all(e, a),
        // Scripts have no notation for maps: a list of pairs stands for one.
        (Value::List(e), Value::Map(a)) => {
            e.len() == a.len()
                && e.iter().zip(a).all(|(e, (key, value))| match e {
                    Value::Tuple(pair) => all(pair, &[key.clone(), value.clone()]),
                    _ => false,
                })
        }
        (Value::Record(e), Value::Record(a)) => {
            e.len() == a.len()
                && e.iter()
                    .zip(a)
                    .all(|((e_name, e), (a_name, a))| e_name == a_name && component_fits(e, a))
        }
        (Value::Variant(e_case, e), Value::Variant(a_case, a)) => e_case == a_case && payload(e, a),
        (Value::Option(e), Value::Option(a)) => payload(e, a),
        (Value::Result(Ok(e)), Value::Result(Ok(a)))
        | (Value::Result(Err(e)), Value::Result(Err(a))) => payload(e, a),
        (Value::Flags(e), Value::Flags(a)) => {
            e.len() == a.len() && e.iter().all(|name| a.contains(name))
        }
        (expected, actual) => expected == actual,
    }
}

fn fits_core(pattern: &WastRetCore<'_>, actual: &CoreValue) -> bool {
    match (pattern, actual) {
        (WastRetCore::Either(patterns), _) => patterns.iter().any(|p| fits_core(p, actual)),
        (WastRetCore::I32(e), CoreValue::I32(a)) => e == a,
        (WastRetCore::I64(e), CoreValue::I64(a)) => e == a,
        (WastRetCore::F32(e), CoreValue::F32(a)) => fits_f32(e, *a),
        (WastRetCore::F64(e), CoreValue::F64(a)) => fits_f64(e, *a),
        (WastRetCore::V128(e), CoreValue::V128(a)) => fits_v128(e, *a),
        (pattern, CoreValue::Ref(actual)) => fits_ref(pattern, actual),
        _ => false,
    }
}

fn fits_ref(pattern: &WastRetCore<'_>, actual: &CoreRef) -> bool {
    match (pattern, actual) {
        (WastRetCore::RefNull(ty), CoreRef::Null(actual)) => ty
            .as_ref()
            .and_then(hierarchy)
            .is_none_or(|expected| expected == *actual),
        (WastRetCore::RefFunc(_), CoreRef::Func)
        | (WastRetCore::RefExtern(None), CoreRef::Extern(_))
        | (WastRetCore::RefAny, CoreRef::Any(_)) => true,
        (WastRetCore::RefExtern(Some(e)), CoreRef::Extern(Some(a)))
        | (WastRetCore::RefHost(e), CoreRef::Any(AnyRef::Host(a))) => e == a,
        (WastRetCore::RefEq, CoreRef::Any(any)) => {
            matches!(any, AnyRef::I31 | AnyRef::Struct | AnyRef::Array)
        }
        (WastRetCore::RefArray, CoreRef::Any(any)) => *any == AnyRef::Array,
        (WastRetCore::RefStruct, CoreRef::Any(any)) => *any == AnyRef::Struct,
        (WastRetCore::RefI31 | WastRetCore::RefI31Shared, CoreRef::Any(any)) => *any == AnyRef::I31,
        _ => false,
    }
}

const F32_EXPONENT_AND_QUIET: u32 = 0x7fc0_0000;
const F64_EXPONENT_AND_QUIET: u64 = 0x7ff8_0000_0000_0000;

/// Spec: WebAssembly core, "Floating-Point" (NaN values): a canonical NaN has only the top bit
/// of its payload set, an arithmetic one has at least that.
fn fits_f32(pattern: &NanPattern<F32>, actual: u32) -> bool {
    match pattern {
        NanPattern::Value(expected) => expected.bits == actual,
        NanPattern::CanonicalNan => actual & !(1 << 31) == F32_EXPONENT_AND_QUIET,
        NanPattern::ArithmeticNan => actual & F32_EXPONENT_AND_QUIET == F32_EXPONENT_AND_QUIET,
    }
}

fn fits_f64(pattern: &NanPattern<F64>, actual: u64) -> bool {
    match pattern {
        NanPattern::Value(expected) => expected.bits == actual,
        NanPattern::CanonicalNan => actual & !(1 << 63) == F64_EXPONENT_AND_QUIET,
        NanPattern::ArithmeticNan => actual & F64_EXPONENT_AND_QUIET == F64_EXPONENT_AND_QUIET,
    }
}

fn fits_v128(pattern: &V128Pattern, actual: u128) -> bool {
    let lane = |width: u32, index: usize| (actual >> (width * saturated(index))) as u64;
    match pattern {
        V128Pattern::I8x16(lanes) => each(lanes, |i, e| *e == lane(8, i) as i8),
        V128Pattern::I16x8(lanes) => each(lanes, |i, e| *e == lane(16, i) as i16),
        V128Pattern::I32x4(lanes) => each(lanes, |i, e| *e == lane(32, i) as i32),
        V128Pattern::I64x2(lanes) => each(lanes, |i, e| *e == lane(64, i) as i64),
        V128Pattern::F32x4(lanes) => each(lanes, |i, e| fits_f32(e, lane(32, i) as u32)),
        V128Pattern::F64x2(lanes) => each(lanes, |i, e| fits_f64(e, lane(64, i))),
    }
}

fn saturated(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn each<T>(lanes: &[T], fits: impl Fn(usize, &T) -> bool) -> bool {
    lanes
        .iter()
        .enumerate()
        .all(|(index, lane)| fits(index, lane))
}
