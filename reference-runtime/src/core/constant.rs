//! Constant expressions: what globals, tables and segments are initialised with.
//!
//! Spec: WebAssembly 3.0, "Constant Expressions".

use wasmparser::Operator;

use super::module::unsupported_operator;
use super::numeric::{i32_add, i32_mul, i32_sub, i64_add, i64_mul, i64_sub};
use super::values::{FuncAddr, GlobalAddr, reference};
use crate::error::LoadError;

/// A valid constant expression.
#[derive(Clone, Debug)]
pub struct ConstExpr(Box<[ConstOp]>);

#[derive(Clone, Copy, Debug)]
enum ConstOp {
    Value(u64),
    RefFunc(u32),
    GlobalGet(u32),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

impl ConstExpr {
    /// Translates an expression that was validated.
    ///
    /// Errors: [`LoadError::Unsupported`] if it allocates.
    pub fn new(expression: &wasmparser::ConstExpr<'_>) -> Result<ConstExpr, LoadError> {
        let mut ops = Vec::new();
        for operator in expression.get_operators_reader() {
            let operator = operator.map_err(LoadError::malformed)?;
            ops.push(match operator {
                Operator::I32Const { value } => ConstOp::Value(u64::from(value as u32)),
                Operator::I64Const { value } => ConstOp::Value(value as u64),
                Operator::F32Const { value } => ConstOp::Value(value.bits().into()),
                Operator::F64Const { value } => ConstOp::Value(value.bits()),
                Operator::RefNull { .. } => ConstOp::Value(0),
                Operator::RefFunc { function_index } => ConstOp::RefFunc(function_index),
                Operator::GlobalGet { global_index } => ConstOp::GlobalGet(global_index),
                Operator::I32Add => ConstOp::I32Add,
                Operator::I32Sub => ConstOp::I32Sub,
                Operator::I32Mul => ConstOp::I32Mul,
                Operator::I64Add => ConstOp::I64Add,
                Operator::I64Sub => ConstOp::I64Sub,
                Operator::I64Mul => ConstOp::I64Mul,
                Operator::End => break,
                other => return Err(unsupported_operator(&other)),
            });
        }
        Ok(ConstExpr(ops.into()))
    }

    /// The value, as it lies in a slot. `funcs` and `globals` are those of the instance, as far
    /// as they exist yet, and `values` those of all globals.
    pub fn evaluate(&self, funcs: &[FuncAddr], globals: &[GlobalAddr], values: &[u64]) -> u64 {
        let mut operands = Vec::new();
        for op in &self.0 {
            let value = match op {
                ConstOp::Value(value) => *value,
                ConstOp::RefFunc(index) => reference(Some(funcs[*index as usize].0)),
                ConstOp::GlobalGet(index) => values[globals[*index as usize].index()],
                ConstOp::I32Add => binary(&mut operands, |a, b| i32_add(a as u32, b as u32).into()),
                ConstOp::I32Sub => binary(&mut operands, |a, b| i32_sub(a as u32, b as u32).into()),
                ConstOp::I32Mul => binary(&mut operands, |a, b| i32_mul(a as u32, b as u32).into()),
                ConstOp::I64Add => binary(&mut operands, i64_add),
                ConstOp::I64Sub => binary(&mut operands, i64_sub),
                ConstOp::I64Mul => binary(&mut operands, i64_mul),
            };
            operands.push(value);
        }
        operands.pop().unwrap_or(0)
    }
}

fn binary(operands: &mut Vec<u64>, compute: impl Fn(u64, u64) -> u64) -> u64 {
    let b = operands.pop().unwrap_or(0);
    let a = operands.pop().unwrap_or(0);
    compute(a, b)
}
