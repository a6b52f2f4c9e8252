//! Blocks, branches and calls.

use wasmparser::{Catch as CatchClause, Operator, TryTable};

use super::{Before, Translator};
use crate::core::decode;
use crate::core::module::{Catch, Handler, Passes};
use crate::core::op::{Branch, IndirectCall, Op};
use crate::error::LoadError;

/// A block that has begun and not ended.
pub struct Label {
    kind: LabelKind,
    /// The slot of its first parameter or result, counted from the function's first local.
    height: u32,
    params: u32,
    results: u32,
    /// What goes to its end and must be told where that is.
    fixups: Vec<Fixup>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LabelKind {
    /// The body of the function.
    Function,
    Block,
    Loop {
        start: u32,
    },
    /// The first arm of an `if`; the position of the jump over it.
    If {
        skip: usize,
    },
    /// A `try_table`, by its position among the handlers.
    Try {
        handler: usize,
    },
    /// A block that cannot be reached.
    Dead,
}

#[derive(Clone, Copy)]
enum Fixup {
    Op(usize),
    Catch { handler: usize, clause: usize },
}

impl Label {
    /// The label of a function's body.
    pub fn function(locals: u32, results: u32) -> Label {
        Label {
            kind: LabelKind::Function,
            height: locals,
            params: 0,
            results,
            fixups: Vec::new(),
        }
    }

    /// How many operands a branch to it keeps.
    fn arity(&self) -> u32 {
        match self.kind {
            LabelKind::Loop { .. } => self.params,
            _ => self.results,
        }
    }
}

impl Translator<'_> {
    /// Translates an operator that begins, divides or ends a block. These count even where they
    /// cannot be reached. Gives whether it was one.
    pub fn structure(
        &mut self,
        operator: &Operator<'_>,
        before: Before,
    ) -> Result<bool, LoadError> {
        match operator {
            Operator::Block { blockty } => {
                self.begin(LabelKind::Block, *blockty, before.operands, before)?;
            }
            Operator::Loop { blockty } => {
                let start = self.here();
                self.begin(LabelKind::Loop { start }, *blockty, before.operands, before)?;
            }
            Operator::If { blockty } => {
                let skip = self.definition.code.len();
                let operands = before.operands.saturating_sub(1);
                self.begin(LabelKind::If { skip }, *blockty, operands, before)?;
                if before.reachable {
                    self.emit(Op::JumpIfZero(0));
                }
            }
            Operator::TryTable { try_table } => self.begin_try(try_table, before)?,
            Operator::Else => self.divide(before),
            Operator::End => self.end(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Translates any other operator that is not plain computation, or passes it on.
    pub fn control(&mut self, operator: &Operator<'_>, before: Before) -> Result<(), LoadError> {
        let operands = before.operands;
        match operator {
            Operator::Unreachable => self.emit(Op::Unreachable),
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth, operands, Op::Jump, Op::Br);
            }
            Operator::BrIf { relative_depth } => {
                self.branch(*relative_depth, operands - 1, Op::JumpIf, Op::BrIf);
            }
            Operator::BrTable { targets } => {
                self.emit(Op::BrTable(targets.len()));
                for depth in targets.targets() {
                    let depth = depth.map_err(LoadError::malformed)?;
                    self.branch(depth, operands - 1, Op::Jump, Op::Br);
                }
                self.branch(targets.default(), operands - 1, Op::Jump, Op::Br);
            }
            Operator::BrOnNull { relative_depth } => {
                self.moving_branch(*relative_depth, Op::BrOnNull);
            }
            Operator::BrOnNonNull { relative_depth } => {
                self.moving_branch(*relative_depth, Op::BrOnNonNull);
            }
            Operator::Return => self.emit(Op::Return(self.results)),
            Operator::Call { function_index } => {
                let imported = self.definition.imported_funcs;
                self.emit(match function_index.checked_sub(imported) {
                    Some(defined) => Op::CallDefined(defined),
                    None => Op::CallImport(*function_index),
                });
            }
            Operator::CallIndirect {
                type_index: ty,
                table_index: table,
            } => self.emit(Op::CallIndirect(IndirectCall {
                ty: *ty,
                table: *table,
            })),
            Operator::CallRef { .. } => self.emit(Op::CallRef),
            Operator::ReturnCall { function_index } => self.emit(Op::ReturnCall(*function_index)),
            Operator::ReturnCallIndirect {
                type_index: ty,
                table_index: table,
            } => self.emit(Op::ReturnCallIndirect(IndirectCall {
                ty: *ty,
                table: *table,
            })),
            Operator::ReturnCallRef { .. } => self.emit(Op::ReturnCallRef),
            Operator::Throw { tag_index } => self.emit(Op::Throw(*tag_index)),
            Operator::ThrowRef => self.emit(Op::ThrowRef),
            other => self.plain(other)?,
        }
        Ok(())
    }

    /// Begins a block above `operands` operands, which include its parameters.
    fn begin(
        &mut self,
        kind: LabelKind,
        ty: wasmparser::BlockType,
        operands: u32,
        before: Before,
    ) -> Result<(), LoadError> {
        let (params, results) = decode::block_type(ty, &self.definition.types)?;
        self.labels.push(Label {
            kind: if before.reachable {
                kind
            } else {
                LabelKind::Dead
            },
            height: self.locals + operands.saturating_sub(params),
            params,
            results,
            fixups: Vec::new(),
        });
        Ok(())
    }

    fn begin_try(&mut self, block: &TryTable, before: Before) -> Result<(), LoadError> {
        let handler = self.definition.handlers.len();
        if before.reachable {
            let start = self.here();
            let clauses = block.catches.iter().enumerate();
            let catches = clauses
                .map(|(clause, catch)| self.catch(*catch, Fixup::Catch { handler, clause }))
                .collect();
            self.definition.handlers.push(Handler {
                range: start..start,
                catches,
            });
        }
        self.begin(
            LabelKind::Try { handler },
            block.ty,
            before.operands,
            before,
        )
    }

    /// A clause. Its label is seen from outside the block, which has not begun yet.
    fn catch(&mut self, clause: CatchClause, fixup: Fixup) -> Catch {
        let (tag, passes, depth) = match clause {
            CatchClause::One { tag, label } => (Some(tag), Passes::Values, label),
            CatchClause::OneRef { tag, label } => (Some(tag), Passes::Reference, label),
            CatchClause::All { label } => (None, Passes::Values, label),
            CatchClause::AllRef { label } => (None, Passes::Reference, label),
        };
        let (target, height) = self.target(depth, fixup);
        Catch {
            tag,
            passes,
            target,
            height,
        }
    }

    /// `else`
    fn divide(&mut self, before: Before) {
        let Some(top) = self.labels.len().checked_sub(1) else {
            return;
        };
        let LabelKind::If { skip } = self.labels[top].kind else {
            return;
        };
        if before.reachable {
            let jump = self.definition.code.len();
            self.emit(Op::Jump(0));
            self.labels[top].fixups.push(Fixup::Op(jump));
        }
        self.labels[top].kind = LabelKind::Block;
        self.fix(Fixup::Op(skip));
    }

    /// `end`
    fn end(&mut self) {
        let Some(label) = self.labels.pop() else {
            return;
        };
        match label.kind {
            // Without `else`, the parameters are the results.
            LabelKind::If { skip } => self.fix(Fixup::Op(skip)),
            LabelKind::Try { handler } => {
                self.definition.handlers[handler].range.end = self.here();
            }
            _ => {}
        }
        for fixup in label.fixups {
            self.fix(fixup);
        }
        if label.kind == LabelKind::Function {
            self.emit(Op::Return(self.results));
        }
    }

    /// Emits a branch that finds `operands` operands: `jump` if they are already as the label
    /// wants them, `branch` otherwise.
    fn branch(&mut self, depth: u32, operands: u32, jump: fn(u32) -> Op, branch: fn(Branch) -> Op) {
        let label = self.label(depth);
        if label.height + label.arity() == self.locals + operands {
            let position = self.definition.code.len();
            let (target, _) = self.target(depth, Fixup::Op(position));
            self.emit(jump(target));
        } else {
            self.moving_branch(depth, branch);
        }
    }

    fn moving_branch(&mut self, depth: u32, branch: fn(Branch) -> Op) {
        let keep = self.label(depth).arity();
        let position = self.definition.code.len();
        let (target, height) = self.target(depth, Fixup::Op(position));
        self.emit(branch(Branch {
            target,
            height,
            keep,
        }));
    }

    /// Where a branch to a label goes, or 0 if that is not known yet and `fixup` will tell.
    fn target(&mut self, depth: u32, fixup: Fixup) -> (u32, u32) {
        let label = self.label(depth);
        let height = label.height;
        match label.kind {
            LabelKind::Loop { start } => (start, height),
            _ => {
                label.fixups.push(fixup);
                (0, height)
            }
        }
    }

    fn label(&mut self, depth: u32) -> &mut Label {
        let at = self.labels.len() - 1 - depth as usize;
        &mut self.labels[at]
    }

    /// Makes something that goes forward go here.
    fn fix(&mut self, fixup: Fixup) {
        let here = self.here();
        match fixup {
            Fixup::Op(position) => match &mut self.definition.code[position] {
                Op::Jump(target) | Op::JumpIf(target) | Op::JumpIfZero(target) => *target = here,
                Op::Br(branch)
                | Op::BrIf(branch)
                | Op::BrOnNull(branch)
                | Op::BrOnNonNull(branch) => branch.target = here,
                _ => {}
            },
            Fixup::Catch { handler, clause } => {
                self.definition.handlers[handler].catches[clause].target = here;
            }
        }
    }
}
