//! Function bodies, validated and translated operator by operator.
//!
//! The validator knows the height of the operand stack at each operator. With that, every branch
//! is resolved here: where it goes, how many operands it keeps and what it drops. Code that cannot
//! be reached is validated and left out.
//!
//! Spec: WebAssembly 3.0, "Validation Algorithm" and "Instructions", "Control Instructions".

mod control;
mod plain;

use wasmparser::{
    Error, FuncValidator, FunctionBody, Operator, OperatorsReader, ValidatorResources,
};

use super::decode;
use super::module::{Definition, Function};
use super::op::Op;
use crate::error::LoadError;
use control::Label;

/// Why a function was refused.
pub enum Rejection {
    /// Its bytes cannot be decoded, or it is not valid.
    Error(Error),
    /// It needs something that is not here.
    Unsupported(LoadError),
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Rejection {
        Rejection::Error(error)
    }
}

impl From<LoadError> for Rejection {
    fn from(error: LoadError) -> Rejection {
        Rejection::Unsupported(error)
    }
}

/// Validates a function and, with a definition, adds it there.
pub fn function(
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    into: Option<&mut Definition>,
) -> Result<(), Rejection> {
    let mut unsupported = None;
    let mut translator = into.map(|definition| Translator::new(definition, validator));
    let mut locals = body.get_locals_reader()?;
    for _ in 0..locals.get_count() {
        let offset = locals.original_position();
        let (count, ty) = locals.read()?;
        validator.define_locals(offset, count, ty)?;
        if let Some(active) = &mut translator
            && let Err(error) = active.locals(count, ty)
        {
            unsupported.get_or_insert(error);
            translator = None;
        }
    }
    if let Some(active) = &mut translator {
        active.begin_body();
    }
    let mut operators = OperatorsReader::new(locals.get_binary_reader());
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        let before = Before::new(validator);
        validator.op(offset, &operator)?;
        if let Some(active) = &mut translator
            && let Err(error) = active.operator(&operator, before, validator)
        {
            unsupported.get_or_insert(error);
            translator = None;
        }
    }
    operators.finish()?;
    match (translator, unsupported) {
        (_, Some(error)) => Err(error.into()),
        (Some(translator), None) => {
            translator.finish();
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

/// What the validator knew before an operator.
#[derive(Clone, Copy)]
struct Before {
    /// The number of operands.
    operands: u32,
    /// Whether the operator can be executed.
    reachable: bool,
}

impl Before {
    fn new(validator: &FuncValidator<ValidatorResources>) -> Before {
        Before {
            operands: validator.operand_stack_height(),
            reachable: (validator.get_control_frame(0)).is_some_and(|frame| !frame.unreachable),
        }
    }
}

/// A function on its way into a definition.
struct Translator<'a> {
    definition: &'a mut Definition,
    entry: u32,
    first_handler: u32,
    params: u32,
    locals: u32,
    results: u32,
    /// The most operands so far.
    operands: u32,
    /// The blocks around the current operator, outermost first; the first is the function.
    labels: Vec<Label>,
}

impl<'a> Translator<'a> {
    fn new(
        definition: &'a mut Definition,
        validator: &FuncValidator<ValidatorResources>,
    ) -> Translator<'a> {
        let ty = &definition.spaces.funcs[validator.index() as usize];
        let (params, results) = (ty.params().len() as u32, ty.results().len() as u32);
        Translator {
            entry: definition.code.len() as u32,
            first_handler: definition.handlers.len() as u32,
            definition,
            params,
            locals: params,
            results,
            operands: 0,
            labels: Vec::new(),
        }
    }

    fn locals(&mut self, count: u32, ty: wasmparser::ValType) -> Result<(), LoadError> {
        decode::val_type(ty, &self.definition.types)?;
        self.locals += count;
        Ok(())
    }

    /// Begins the body, when all locals are known.
    fn begin_body(&mut self) {
        let label = Label::function(self.locals, self.results);
        self.labels.push(label);
    }

    fn operator(
        &mut self,
        operator: &Operator<'_>,
        before: Before,
        validator: &FuncValidator<ValidatorResources>,
    ) -> Result<(), LoadError> {
        self.operands = self.operands.max(validator.operand_stack_height());
        if self.structure(operator, before)? || !before.reachable {
            return Ok(());
        }
        self.control(operator, before)
    }

    fn emit(&mut self, op: Op) {
        self.definition.code.push(op);
    }

    /// The position of the next instruction.
    fn here(&self) -> u32 {
        self.definition.code.len() as u32
    }

    fn finish(self) {
        let frame = self.locals + self.operands;
        self.definition.functions.push(Function {
            entry: self.entry,
            params: self.params,
            locals: self.locals,
            frame,
            handlers: self.first_handler..self.definition.handlers.len() as u32,
        });
    }
}
