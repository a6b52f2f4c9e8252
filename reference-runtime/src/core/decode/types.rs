//! From `wasmparser`'s types to ours. What belongs to garbage collection or SIMD has no
//! counterpart and is unsupported.

use wasmparser::{
    AbstractHeapType, BlockType, CompositeInnerType, RecGroup, SubType, TypeRef, UnpackedIndex,
};

use crate::core::memory::IndexType;
use crate::core::rec_group::{self, Finality, Member, Supertype, TypeUse};
use crate::core::types::{
    ExternType, FuncType, GlobalType, HeapType, MemoryType, Mutability, RefType, Size, TableType,
    TagType, ValType,
};
use crate::error::LoadError;

const GC: LoadError = LoadError::Unsupported { feature: "gc" };
const SIMD: LoadError = LoadError::Unsupported { feature: "simd" };

/// A value type. `types` are those defined so far.
pub fn val_type(ty: wasmparser::ValType, types: &[FuncType]) -> Result<ValType, LoadError> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => return Err(SIMD),
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty, types)?),
    })
}

/// A reference type.
pub fn ref_type(ty: wasmparser::RefType, types: &[FuncType]) -> Result<RefType, LoadError> {
    Ok(RefType {
        nullable: ty.is_nullable(),
        heap: heap_type(ty.heap_type(), types)?,
    })
}

/// A heap type.
pub fn heap_type(ty: wasmparser::HeapType, types: &[FuncType]) -> Result<HeapType, LoadError> {
    match ty {
        wasmparser::HeapType::Abstract { shared: false, ty } => match ty {
            AbstractHeapType::Func => Ok(HeapType::Func),
            AbstractHeapType::NoFunc => Ok(HeapType::NoFunc),
            AbstractHeapType::Extern => Ok(HeapType::Extern),
            AbstractHeapType::NoExtern => Ok(HeapType::NoExtern),
            AbstractHeapType::Exn => Ok(HeapType::Exn),
            AbstractHeapType::NoExn => Ok(HeapType::NoExn),
            _ => Err(GC),
        },
        wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => {
            Ok(HeapType::Concrete(types[index as usize].def().clone()))
        }
        _ => Err(GC),
    }
}

/// How many operands a block takes and leaves.
pub fn block_type(ty: BlockType, types: &[FuncType]) -> Result<(u32, u32), LoadError> {
    Ok(match ty {
        BlockType::Empty => (0, 0),
        BlockType::Type(result) => {
            val_type(result, types)?;
            (0, 1)
        }
        BlockType::FuncType(index) => {
            let ty = &types[index as usize];
            (ty.params().len() as u32, ty.results().len() as u32)
        }
    })
}

/// A table type.
pub fn table_type(ty: &wasmparser::TableType, types: &[FuncType]) -> Result<TableType, LoadError> {
    Ok(TableType {
        element: ref_type(ty.element_type, types)?,
        index: index_type(ty.table64),
        size: Size {
            min: ty.initial,
            max: ty.maximum,
        },
    })
}

/// A memory type.
pub fn memory_type(ty: &wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        index: index_type(ty.memory64),
        size: Size {
            min: ty.initial,
            max: ty.maximum,
        },
    }
}

fn index_type(is_64: bool) -> IndexType {
    if is_64 {
        IndexType::I64
    } else {
        IndexType::I32
    }
}

/// A global type.
pub fn global_type(
    ty: &wasmparser::GlobalType,
    types: &[FuncType],
) -> Result<GlobalType, LoadError> {
    Ok(GlobalType {
        value: val_type(ty.content_type, types)?,
        mutability: if ty.mutable {
            Mutability::Var
        } else {
            Mutability::Const
        },
    })
}

/// The type of an import or export.
pub fn extern_type(ty: TypeRef, types: &[FuncType]) -> Result<ExternType, LoadError> {
    Ok(match ty {
        TypeRef::Func(index) | TypeRef::FuncExact(index) => {
            ExternType::Func(types[index as usize].clone())
        }
        TypeRef::Table(ty) => ExternType::Table(table_type(&ty, types)?),
        TypeRef::Memory(ty) => ExternType::Memory(memory_type(&ty)),
        TypeRef::Global(ty) => ExternType::Global(global_type(&ty, types)?),
        TypeRef::Tag(ty) => ExternType::Tag(TagType(types[ty.func_type_idx as usize].clone())),
    })
}

/// Adds the types of a recursion group to those defined before it.
pub fn add_types(types: &mut Vec<FuncType>, group: &RecGroup) -> Result<(), LoadError> {
    let members = group.types().map(|ty| member(ty, types));
    let members: Vec<Member> = members.collect::<Result<_, _>>()?;
    types.extend(rec_group::close(&members));
    Ok(())
}

/// A member of a group that stands after `types`.
fn member(ty: &SubType, types: &[FuncType]) -> Result<Member, LoadError> {
    let CompositeInnerType::Func(signature) = &ty.composite_type.inner else {
        return Err(GC);
    };
    let supertype = ty.supertype_idx.and_then(|index| index.as_module_index());
    let all = |uses: &[wasmparser::ValType]| -> Result<Vec<TypeUse>, LoadError> {
        uses.iter().map(|ty| type_use(*ty, types)).collect()
    };
    Ok(Member {
        finality: if ty.is_final {
            Finality::Final
        } else {
            Finality::Open
        },
        supertype: supertype.map(|index| match (index as usize).checked_sub(types.len()) {
            Some(position) => Supertype::Member(position),
            None => Supertype::Defined(types[index as usize].def().clone()),
        }),
        params: all(signature.params())?,
        results: all(signature.results())?,
    })
}

fn type_use(ty: wasmparser::ValType, types: &[FuncType]) -> Result<TypeUse, LoadError> {
    if let wasmparser::ValType::Ref(reference) = ty
        && let wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) = reference.heap_type()
        && let Some(position) = (index as usize).checked_sub(types.len())
    {
        return Ok(TypeUse::Member {
            nullable: reference.is_nullable(),
            position,
        });
    }
    val_type(ty, types).map(TypeUse::Closed)
}
