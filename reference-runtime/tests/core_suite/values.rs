//! Values in directives: arguments, and what results are compared with.

use assize_reference::core::{ExternRef, Value};
use wast::core::{AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// An argument as a value.
pub fn argument(arg: &WastArg<'_>) -> Result<Value, String> {
    match arg {
        WastArg::Core(WastArgCore::I32(value)) => Ok(Value::I32(*value as u32)),
        WastArg::Core(WastArgCore::I64(value)) => Ok(Value::I64(*value as u64)),
        WastArg::Core(WastArgCore::F32(value)) => Ok(Value::F32(value.bits)),
        WastArg::Core(WastArgCore::F64(value)) => Ok(Value::F64(value.bits)),
        WastArg::Core(WastArgCore::RefExtern(address)) => {
            Ok(Value::ExternRef(Some(ExternRef(*address))))
        }
        WastArg::Core(WastArgCore::RefNull(HeapType::Abstract { ty, .. })) => match ty {
            AbstractHeapType::Func | AbstractHeapType::NoFunc => Ok(Value::FuncRef(None)),
            AbstractHeapType::Extern | AbstractHeapType::NoExtern => Ok(Value::ExternRef(None)),
            AbstractHeapType::Exn | AbstractHeapType::NoExn => Ok(Value::ExnRef(None)),
            other => Err(format!("no argument of type {other:?}")),
        },
        other => Err(format!("no such argument: {other:?}")),
    }
}

/// Whether the results are as expected, one by one.
pub fn all_match(actual: &[Value], expected: &[WastRet<'_>]) -> bool {
    actual.len() == expected.len()
        && (actual.iter().zip(expected)).all(|(actual, expected)| match expected {
            WastRet::Core(expected) => matches(*actual, expected),
            _ => false,
        })
}

fn matches(actual: Value, expected: &WastRetCore<'_>) -> bool {
    match (actual, expected) {
        (_, WastRetCore::Either(choices)) => choices.iter().any(|choice| matches(actual, choice)),
        (Value::I32(actual), WastRetCore::I32(expected)) => actual == *expected as u32,
        (Value::I64(actual), WastRetCore::I64(expected)) => actual == *expected as u64,
        (Value::F32(actual), WastRetCore::F32(expected)) => f32_matches(actual, expected),
        (Value::F64(actual), WastRetCore::F64(expected)) => f64_matches(actual, expected),
        (Value::FuncRef(None), WastRetCore::RefNull(ty)) => is_top(ty, AbstractHeapType::Func),
        (Value::ExternRef(None), WastRetCore::RefNull(ty)) => is_top(ty, AbstractHeapType::Extern),
        (Value::ExnRef(None), WastRetCore::RefNull(ty)) => is_top(ty, AbstractHeapType::Exn),
        (Value::FuncRef(Some(_)), WastRetCore::RefFunc(None)) => true,
        (Value::ExternRef(Some(actual)), WastRetCore::RefExtern(expected)) => {
            expected.is_none_or(|expected| actual == ExternRef(expected))
        }
        _ => false,
    }
}

/// Whether the type that an expected null is given, if any, is one of the hierarchy below `top`.
fn is_top(ty: &Option<HeapType<'_>>, top: AbstractHeapType) -> bool {
    let bottom = match top {
        AbstractHeapType::Func => AbstractHeapType::NoFunc,
        AbstractHeapType::Extern => AbstractHeapType::NoExtern,
        _ => AbstractHeapType::NoExn,
    };
    match ty {
        None => true,
        Some(HeapType::Abstract { ty, .. }) => *ty == top || *ty == bottom,
        Some(_) => top == AbstractHeapType::Func,
    }
}

fn f32_matches(actual: u32, expected: &NanPattern<F32>) -> bool {
    match expected {
        NanPattern::CanonicalNan => actual & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => actual & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(expected) => actual == expected.bits,
    }
}

fn f64_matches(actual: u64, expected: &NanPattern<F64>) -> bool {
    match expected {
        NanPattern::CanonicalNan => actual & (u64::MAX >> 1) == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => actual & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(expected) => actual == expected.bits,
    }
}
