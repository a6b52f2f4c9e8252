//! The host module `spectest` that the suite's modules import.

use std::collections::HashMap;

use assize_reference::core::{
    Extern, FuncType, GlobalType, HostFunc, IndexType, Limit, MemoryType, Mutability, RefType,
    Size, Store, TableType, ValType, Value,
};

/// Adds the module's contents to a store. Its functions take what they are given and return
/// nothing.
pub fn define(store: &mut Store) -> Result<HashMap<String, Extern>, Limit> {
    let mut exports = HashMap::new();
    let functions: [(&str, &[ValType]); 7] = [
        ("print", &[]),
        ("print_i32", &[ValType::I32]),
        ("print_i64", &[ValType::I64]),
        ("print_f32", &[ValType::F32]),
        ("print_f64", &[ValType::F64]),
        ("print_i32_f32", &[ValType::I32, ValType::F32]),
        ("print_f64_f64", &[ValType::F64, ValType::F64]),
    ];
    for (number, (name, params)) in (0..).zip(functions) {
        let func = store.host_func(HostFunc(number), FuncType::new(params, &[]));
        exports.insert(name.to_owned(), Extern::Func(func));
    }
    let globals = [
        ("global_i32", ValType::I32, Value::I32(666)),
        ("global_i64", ValType::I64, Value::I64(666)),
        ("global_f32", ValType::F32, Value::F32(666.6_f32.to_bits())),
        ("global_f64", ValType::F64, Value::F64(666.6_f64.to_bits())),
    ];
    for (name, value, initial) in globals {
        let mutability = Mutability::Const;
        let global = store.alloc_global(GlobalType { value, mutability }, initial);
        exports.insert(name.to_owned(), Extern::Global(global));
    }
    for (name, index) in [("table", IndexType::I32), ("table64", IndexType::I64)] {
        let ty = TableType {
            element: RefType::FUNCREF,
            index,
            size: size(10, 20),
        };
        let table = store.alloc_table(&ty, Value::FuncRef(None))?;
        exports.insert(name.to_owned(), Extern::Table(table));
    }
    let memory = store.alloc_memory(&MemoryType {
        index: IndexType::I32,
        size: size(1, 2),
    })?;
    exports.insert("memory".to_owned(), Extern::Memory(memory));
    Ok(exports)
}

fn size(min: u64, max: u64) -> Size {
    Size {
        min,
        max: Some(max),
    }
}
