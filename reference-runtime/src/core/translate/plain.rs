//! Instructions that go on with the next: variables, references, memories, tables, numbers.

use crate::core::module::unsupported_operator;
use wasmparser::Operator;

use super::Translator;
use crate::core::decode;
use crate::core::op::{Copying, Op, with_plain_instructions};
use crate::error::LoadError;

impl Translator<'_> {
    /// Translates an operator that is not control.
    pub fn plain(&mut self, operator: &Operator<'_>) -> Result<(), LoadError> {
        let op = match operator {
            // A slot is the same whatever the type of the number in it.
            Operator::Nop
            | Operator::I32ReinterpretF32
            | Operator::I64ReinterpretF64
            | Operator::F32ReinterpretI32
            | Operator::F64ReinterpretI64 => return Ok(()),
            Operator::Drop => Op::Drop,
            Operator::Select => Op::Select,
            Operator::TypedSelect { ty } => {
                decode::val_type(*ty, &self.definition.types)?;
                Op::Select
            }
            Operator::LocalGet { local_index } => Op::LocalGet(*local_index),
            Operator::LocalSet { local_index } => Op::LocalSet(*local_index),
            Operator::LocalTee { local_index } => Op::LocalTee(*local_index),
            Operator::GlobalGet { global_index } => Op::GlobalGet(*global_index),
            Operator::GlobalSet { global_index } => Op::GlobalSet(*global_index),
            Operator::I32Const { value } => Op::Const(u64::from(*value as u32)),
            Operator::I64Const { value } => Op::Const(*value as u64),
            Operator::F32Const { value } => Op::Const(value.bits().into()),
            Operator::F64Const { value } => Op::Const(value.bits()),
            Operator::RefNull { hty } => {
                decode::heap_type(*hty, &self.definition.types)?;
                Op::Const(0)
            }
            Operator::RefIsNull => Op::RefIsNull,
            Operator::RefFunc { function_index } => Op::RefFunc(*function_index),
            Operator::RefAsNonNull => Op::RefAsNonNull,
            other => match table(other).or_else(|| memory(other)) {
                Some(op) => op,
                None => number(other)?,
            },
        };
        self.emit(op);
        Ok(())
    }
}

fn table(operator: &Operator<'_>) -> Option<Op> {
    Some(match operator {
        Operator::TableGet { table } => Op::TableGet(*table),
        Operator::TableSet { table } => Op::TableSet(*table),
        Operator::TableSize { table } => Op::TableSize(*table),
        Operator::TableGrow { table } => Op::TableGrow(*table),
        Operator::TableFill { table } => Op::TableFill(*table),
        Operator::TableCopy {
            dst_table,
            src_table,
        } => Op::TableCopy(Copying {
            dst: *dst_table,
            src: *src_table,
        }),
        Operator::TableInit { elem_index, table } => Op::TableInit(Copying {
            dst: *table,
            src: *elem_index,
        }),
        Operator::ElemDrop { elem_index } => Op::ElemDrop(*elem_index),
        _ => return None,
    })
}

fn memory(operator: &Operator<'_>) -> Option<Op> {
    Some(match operator {
        Operator::MemorySize { mem } => Op::MemorySize(*mem),
        Operator::MemoryGrow { mem } => Op::MemoryGrow(*mem),
        Operator::MemoryFill { mem } => Op::MemoryFill(*mem),
        Operator::MemoryCopy { dst_mem, src_mem } => Op::MemoryCopy(Copying {
            dst: *dst_mem,
            src: *src_mem,
        }),
        Operator::MemoryInit { data_index, mem } => Op::MemoryInit(Copying {
            dst: *mem,
            src: *data_index,
        }),
        Operator::DataDrop { data_index } => Op::DataDrop(*data_index),
        _ => return None,
    })
}

macro_rules! translate_number {
    (
        { $operator:expr }
        unary { $($unary:ident $unary_fn:ident,)* }
        binary { $($binary:ident $binary_fn:ident,)* }
        load { $($load:ident $load_from:ident $load_to:ident,)* }
        store { $($store:ident $store_as:ident,)* }
    ) => {
        match $operator {
            $(Operator::$unary => Op::$unary,)*
            $(Operator::$binary => Op::$binary,)*
            $(Operator::$load { memarg } => Op::$load { memory: memarg.memory, offset: memarg.offset },)*
            $(Operator::$store { memarg } => Op::$store { memory: memarg.memory, offset: memarg.offset },)*
            other => return Err(unsupported_operator(other)),
        }
    };
}

fn number(operator: &Operator<'_>) -> Result<Op, LoadError> {
    Ok(with_plain_instructions! { translate_number! { operator } })
}
