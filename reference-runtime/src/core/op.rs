//! The instructions that the interpreter executes.
//!
//! They are those of WebAssembly, one for one where possible, with structured control resolved to
//! jumps. Indices of functions, tables and so on are those of the module.

/// Applies a macro to the table of the instructions that only compute, load or store.
///
/// Each line gives the name of an instruction, which is the same here and in `wasmparser`, and for
/// - `unary` and `binary`: the function of `numeric` that computes it;
/// - `load`: the type in memory, and the integer that it is extended to;
/// - `store`: the type in memory.
macro_rules! with_plain_instructions {
    ($apply:ident! { $($context:tt)* }) => {
        $apply! {
            { $($context)* }
            unary {
                I32Eqz i32_eqz, I32Clz i32_clz, I32Ctz i32_ctz, I32Popcnt i32_popcnt,
                I32Extend8S i32_extend8_s, I32Extend16S i32_extend16_s,
                I64Eqz i64_eqz, I64Clz i64_clz, I64Ctz i64_ctz, I64Popcnt i64_popcnt,
                I64Extend8S i64_extend8_s, I64Extend16S i64_extend16_s,
                I64Extend32S i64_extend32_s,
                F32Abs f32_abs, F32Neg f32_neg, F32Ceil f32_ceil, F32Floor f32_floor,
                F32Trunc f32_trunc, F32Nearest f32_nearest, F32Sqrt f32_sqrt,
                F64Abs f64_abs, F64Neg f64_neg, F64Ceil f64_ceil, F64Floor f64_floor,
                F64Trunc f64_trunc, F64Nearest f64_nearest, F64Sqrt f64_sqrt,
                I32WrapI64 i32_wrap_i64, I64ExtendI32S i64_extend_i32_s,
                I64ExtendI32U i64_extend_i32_u,
                I32TruncF32S i32_trunc_f32_s, I32TruncF32U i32_trunc_f32_u,
                I32TruncF64S i32_trunc_f64_s, I32TruncF64U i32_trunc_f64_u,
                I64TruncF32S i64_trunc_f32_s, I64TruncF32U i64_trunc_f32_u,
                I64TruncF64S i64_trunc_f64_s, I64TruncF64U i64_trunc_f64_u,
                I32TruncSatF32S i32_trunc_sat_f32_s, I32TruncSatF32U i32_trunc_sat_f32_u,
                I32TruncSatF64S i32_trunc_sat_f64_s, I32TruncSatF64U i32_trunc_sat_f64_u,
                I64TruncSatF32S i64_trunc_sat_f32_s, I64TruncSatF32U i64_trunc_sat_f32_u,
                I64TruncSatF64S i64_trunc_sat_f64_s, I64TruncSatF64U i64_trunc_sat_f64_u,
                F32ConvertI32S f32_convert_i32_s, F32ConvertI32U f32_convert_i32_u,
                F32ConvertI64S f32_convert_i64_s, F32ConvertI64U f32_convert_i64_u,
                F64ConvertI32S f64_convert_i32_s, F64ConvertI32U f64_convert_i32_u,
                F64ConvertI64S f64_convert_i64_s, F64ConvertI64U f64_convert_i64_u,
                F32DemoteF64 f32_demote_f64, F64PromoteF32 f64_promote_f32,
            }
            binary {
                I32Add i32_add, I32Sub i32_sub, I32Mul i32_mul, I32DivS i32_div_s,
                I32DivU i32_div_u, I32RemS i32_rem_s, I32RemU i32_rem_u, I32And i32_and,
                I32Or i32_or, I32Xor i32_xor, I32Shl i32_shl, I32ShrS i32_shr_s,
                I32ShrU i32_shr_u, I32Rotl i32_rotl, I32Rotr i32_rotr,
                I32Eq i32_eq, I32Ne i32_ne, I32LtS i32_lt_s, I32LtU i32_lt_u, I32GtS i32_gt_s,
                I32GtU i32_gt_u, I32LeS i32_le_s, I32LeU i32_le_u, I32GeS i32_ge_s,
                I32GeU i32_ge_u,
                I64Add i64_add, I64Sub i64_sub, I64Mul i64_mul, I64DivS i64_div_s,
                I64DivU i64_div_u, I64RemS i64_rem_s, I64RemU i64_rem_u, I64And i64_and,
                I64Or i64_or, I64Xor i64_xor, I64Shl i64_shl, I64ShrS i64_shr_s,
                I64ShrU i64_shr_u, I64Rotl i64_rotl, I64Rotr i64_rotr,
                I64Eq i64_eq, I64Ne i64_ne, I64LtS i64_lt_s, I64LtU i64_lt_u, I64GtS i64_gt_s,
                I64GtU i64_gt_u, I64LeS i64_le_s, I64LeU i64_le_u, I64GeS i64_ge_s,
                I64GeU i64_ge_u,
                F32Add f32_add, F32Sub f32_sub, F32Mul f32_mul, F32Div f32_div, F32Min f32_min,
                F32Max f32_max, F32Copysign f32_copysign,
                F32Eq f32_eq, F32Ne f32_ne, F32Lt f32_lt, F32Gt f32_gt, F32Le f32_le,
                F32Ge f32_ge,
                F64Add f64_add, F64Sub f64_sub, F64Mul f64_mul, F64Div f64_div, F64Min f64_min,
                F64Max f64_max, F64Copysign f64_copysign,
                F64Eq f64_eq, F64Ne f64_ne, F64Lt f64_lt, F64Gt f64_gt, F64Le f64_le,
                F64Ge f64_ge,
            }
            load {
                I32Load u32 u32, I64Load u64 u64, F32Load u32 u32, F64Load u64 u64,
                I32Load8S i8 u32, I32Load8U u8 u32, I32Load16S i16 u32, I32Load16U u16 u32,
                I64Load8S i8 u64, I64Load8U u8 u64, I64Load16S i16 u64, I64Load16U u16 u64,
                I64Load32S i32 u64, I64Load32U u32 u64,
            }
            store {
                I32Store u32, I64Store u64, F32Store u32, F64Store u64,
                I32Store8 u8, I32Store16 u16, I64Store8 u8, I64Store16 u16, I64Store32 u32,
            }
        }
    };
}

pub(super) use with_plain_instructions;

macro_rules! define_op {
    (
        { $($control:tt)* }
        unary { $($unary:ident $unary_fn:ident,)* }
        binary { $($binary:ident $binary_fn:ident,)* }
        load { $($load:ident $load_from:ident $load_to:ident,)* }
        store { $($store:ident $store_as:ident,)* }
    ) => {
        /// One instruction. Loads and stores name their memory and what is added to the address.
        #[derive(Clone, Copy, Debug)]
        pub enum Op {
            $($control)*
            $($unary,)*
            $($binary,)*
            $($load { memory: u32, offset: u64 },)*
            $($store { memory: u32, offset: u64 },)*
        }
    };
}

with_plain_instructions! { define_op! {
    /// `unreachable`
    Unreachable,
    /// Goes to a position; the operands are already as the target expects them.
    Jump(u32),
    /// The same, if the operand is not zero.
    JumpIf(u32),
    /// The same, if the operand is zero.
    JumpIfZero(u32),
    /// Goes to a position and drops the operands between those kept and the target's.
    Br(Branch),
    /// The same, if the operand is not zero.
    BrIf(Branch),
    /// Goes to one of the next instructions, by the operand, and at most that many further.
    BrTable(u32),
    /// `br_on_null`
    BrOnNull(Branch),
    /// `br_on_non_null`
    BrOnNonNull(Branch),
    /// Leaves the function with that many results.
    Return(u32),
    /// Calls an imported function.
    CallImport(u32),
    /// Calls a function that the module defines, counted from the first such.
    CallDefined(u32),
    /// `call_indirect`
    CallIndirect(IndirectCall),
    /// `call_ref`
    CallRef,
    /// `return_call`
    ReturnCall(u32),
    /// `return_call_indirect`
    ReturnCallIndirect(IndirectCall),
    /// `return_call_ref`
    ReturnCallRef,
    /// `throw` of a tag
    Throw(u32),
    /// `throw_ref`
    ThrowRef,
    /// `drop`
    Drop,
    /// `select`
    Select,
    /// `local.get`
    LocalGet(u32),
    /// `local.set`
    LocalSet(u32),
    /// `local.tee`
    LocalTee(u32),
    /// `global.get`
    GlobalGet(u32),
    /// `global.set`
    GlobalSet(u32),
    /// A constant of any type, as it lies in a slot; null is 0.
    Const(u64),
    /// `ref.is_null`
    RefIsNull,
    /// `ref.func`
    RefFunc(u32),
    /// `ref.as_non_null`
    RefAsNonNull,
    /// `table.get`
    TableGet(u32),
    /// `table.set`
    TableSet(u32),
    /// `table.size`
    TableSize(u32),
    /// `table.grow`
    TableGrow(u32),
    /// `table.fill`
    TableFill(u32),
    /// `table.copy`
    TableCopy(Copying),
    /// `table.init` from an element segment
    TableInit(Copying),
    /// `elem.drop`
    ElemDrop(u32),
    /// `memory.size`
    MemorySize(u32),
    /// `memory.grow`
    MemoryGrow(u32),
    /// `memory.fill`
    MemoryFill(u32),
    /// `memory.copy`
    MemoryCopy(Copying),
    /// `memory.init` from a data segment
    MemoryInit(Copying),
    /// `data.drop`
    DataDrop(u32),
} }

/// Instructions are fetched one by one: they stay small.
const _: () = assert!(size_of::<Op>() <= 16);

/// Where a branch goes, and what it does to the operands.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// The position of the next instruction.
    pub target: u32,
    /// The slot, counted from the function's first local, that the kept operands move down to.
    pub height: u32,
    /// How many operands are kept.
    pub keep: u32,
}

/// What an indirect call names.
#[derive(Clone, Copy, Debug)]
pub struct IndirectCall {
    /// The expected type.
    pub ty: u32,
    /// The table.
    pub table: u32,
}

/// Between which two memories, tables or segments elements are copied.
#[derive(Clone, Copy, Debug)]
pub struct Copying {
    /// The memory or table written.
    pub dst: u32,
    /// The memory, table or segment read.
    pub src: u32,
}
