//! What can be changed of core code: its statements, found with the validator's view of the stack.

use std::ops::Range;
use std::rc::Rc;

use arbitrary::Unstructured;
use wasm_encoder::{Encode, Instruction};
use wasmparser::{FuncValidator, FunctionBody, Operator, ValType, WasmModuleResources};

use super::{AlterError, Site};

/// The most functions of one module that are offered for a call.
const FUNCTIONS: u32 = 256;

/// Which constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Of 32 bits.
    I32(i32),
    /// Of 64.
    I64(i64),
}

/// What a function can call, with what it has at hand for arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callable {
    /// Imported functions, with parameters, and how many results.
    functions: Vec<(u32, Vec<ValType>, usize)>,
    /// Locals.
    locals: Vec<(u32, ValType)>,
}

/// A place between two instructions where the block has nothing on the stack.
#[derive(Clone, Copy)]
struct Boundary {
    at: usize,
    /// How deep the blocks are nested there, and which of those of that depth it is in.
    block: (u32, u32),
}

/// Finds what can be changed in a function.
pub fn survey<R: WasmModuleResources>(
    mut validator: FuncValidator<R>,
    body: &FunctionBody<'_>,
    imported: u32,
    sites: &mut Vec<Site>,
) -> Result<(), AlterError> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let callable = Rc::new(callable(&validator, imported));
    let mut boundaries = Vec::new();
    let mut blocks = 0;
    let mut inside = vec![0];
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let at = operators.original_position();
        if is_boundary(&validator) {
            let block = (inside.len() as u32, inside.last().copied().unwrap_or(0));
            boundaries.push(Boundary { at, block });
        }
        let operator = operators.read()?;
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => {
                blocks += 1;
                inside.push(blocks);
            }
            Operator::Else => {
                blocks += 1;
                inside.pop();
                inside.push(blocks);
            }
            Operator::End => drop(inside.pop()),
            _ => {}
        }
        instruction(
            &operator,
            at..operators.original_position(),
            &validator,
            sites,
        );
        validator.op(at, &operator)?;
    }
    statements(&boundaries, &callable, sites);
    Ok(())
}

fn is_boundary<R: WasmModuleResources>(validator: &FuncValidator<R>) -> bool {
    let frame = validator.get_control_frame(0);
    frame.is_some_and(|frame| {
        !frame.unreachable && frame.height == validator.operand_stack_height() as usize
    })
}

fn callable<R: WasmModuleResources>(validator: &FuncValidator<R>, imported: u32) -> Callable {
    let functions = (0..imported.min(FUNCTIONS)).filter_map(|index| {
        let resources = validator.resources();
        let ty = resources.sub_type_at_id(resources.type_id_of_function(index)?);
        let ty = ty.unwrap_func();
        let is_number = |ty: &ValType| constant(*ty, 0).is_some();
        let fits = ty.params().iter().all(is_number);
        fits.then(|| (index, ty.params().to_vec(), ty.results().len()))
    });
    let functions = functions.collect();
    let locals = (0..validator.len_locals())
        .filter_map(|index| Some((index, validator.get_local_type(index)?)));
    let locals = locals.collect();
    Callable { functions, locals }
}

/// What can be changed of one instruction.
fn instruction<R: WasmModuleResources>(
    operator: &Operator<'_>,
    range: Range<usize>,
    validator: &FuncValidator<R>,
    sites: &mut Vec<Site>,
) {
    match *operator {
        Operator::I32Const { value } => sites.push(Site::Constant(Constant::I32(value), range)),
        Operator::I64Const { value } => sites.push(Site::Constant(Constant::I64(value), range)),
        Operator::Call { function_index } => {
            let resources = validator.resources();
            let ty = resources.type_id_of_function(function_index);
            let others = (0..FUNCTIONS).filter(|&other| {
                other != function_index
                    && ty.is_some()
                    && resources.type_id_of_function(other) == ty
            });
            let others: Vec<_> = others.collect();
            if !others.is_empty() {
                sites.push(Site::Call(range, others));
            }
        }
        _ => {}
    }
}

/// The statements between boundaries of the same block.
fn statements(boundaries: &[Boundary], callable: &Rc<Callable>, sites: &mut Vec<Site>) {
    for (index, first) in boundaries.iter().enumerate() {
        if !callable.functions.is_empty() {
            sites.push(Site::Gap(first.at, Rc::clone(callable)));
        }
        let same = |boundary: &&Boundary| boundary.block == first.block;
        // What stands between is inside a block of the statement.
        let mut rest = boundaries[index + 1..].iter().filter(same);
        let Some(second) = rest.next() else { continue };
        sites.push(Site::Statement(first.at..second.at));
        if let Some(third) = rest.next() {
            sites.push(Site::Pair(first.at..third.at, second.at));
        }
    }
}

/// Numbers at which something begins or ends, beside those near to what stands there.
const NUMBERS: [i64; 14] = [
    0,
    1,
    2,
    3,
    4,
    8,
    -1,
    16,
    0xffff,
    0x1_0000,
    0x0fff_ffff,
    0x1000_0000,
    0x7fff_ffff,
    0x8000_0000,
];

/// Another constant of the same type, as an instruction.
pub fn other_constant(constant: Constant, u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    let old = match constant {
        Constant::I32(value) => i64::from(value),
        Constant::I64(value) => value,
    };
    let new = match u.int_in_range(0..=3)? {
        0 => old.wrapping_add(1),
        1 => old.wrapping_sub(1),
        2 => *u.choose(&NUMBERS)?,
        _ => i64::from(u.arbitrary::<i32>()?),
    };
    Ok(encoded(&[match constant {
        Constant::I32(_) => Instruction::I32Const(new as i32),
        Constant::I64(_) => Instruction::I64Const(new),
    }]))
}

/// A call of an imported function with constants or locals as arguments, whose results are dropped.
pub fn new_call(callable: &Callable, u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    let (function, params, results) = u.choose(&callable.functions)?;
    let mut instructions = Vec::new();
    for param in params {
        let mut locals = callable.locals.iter().filter(|(_, ty)| ty == param);
        let local = match u.ratio(1, 3)? {
            true => {
                let count = locals.clone().count();
                let which = if count == 0 {
                    0
                } else {
                    u.choose_index(count)?
                };
                locals.nth(which)
            }
            false => None,
        };
        let number = match u.ratio(3, 4)? {
            true => i64::from(u.int_in_range(0..=5u8)?),
            false => *u.choose(&NUMBERS)?,
        };
        match (local, constant(*param, number)) {
            (Some((local, _)), _) => instructions.push(Instruction::LocalGet(*local)),
            (None, Some(constant)) => instructions.push(constant),
            (None, None) => return Err(arbitrary::Error::IncorrectFormat),
        }
    }
    instructions.push(Instruction::Call(*function));
    instructions.extend((0..*results).map(|_| Instruction::Drop));
    Ok(encoded(&instructions))
}

fn constant(ty: ValType, number: i64) -> Option<Instruction<'static>> {
    Some(match ty {
        ValType::I32 => Instruction::I32Const(number as i32),
        ValType::I64 => Instruction::I64Const(number),
        ValType::F32 => Instruction::F32Const((number as f32).into()),
        ValType::F64 => Instruction::F64Const((number as f64).into()),
        _ => return None,
    })
}

/// Instructions as bytes.
pub fn encoded(instructions: &[Instruction<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for instruction in instructions {
        instruction.encode(&mut out);
    }
    out
}
