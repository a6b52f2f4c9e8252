//! Core modules on Wasmtime: the host module of the core suite, values, calls.

use pollster::block_on;
use wasmtime::{
    AnyRef as WasmtimeAnyRef, Engine, ExternRef, Global, GlobalType, Instance, Linker, Memory,
    MemoryType, Module, Mutability, Ref, RefType, Store, Table, TableType, Val, ValType,
};

use super::{Host, failures, store};
use assize_protocol::runtime::{Failure, usage};
use assize_protocol::value::{AnyRef, CoreRef, CoreValue, RefHierarchy, Value};

/// The core instances of a script: their store, and what they may import.
pub(super) struct Cores {
    store: Store<Host>,
    linker: Linker<Host>,
}

impl Cores {
    /// A store that holds nothing but `spectest`, whose guests trap when the deadline is over.
    pub fn new(engine: &Engine, deadline: Host) -> wasmtime::Result<Cores> {
        let mut store = store(engine, deadline);
        let mut linker = Linker::new(engine);
        linker.allow_shadowing(true);
        define_spectest(&mut linker, &mut store)?;
        Ok(Cores { store, linker })
    }

    /// Gives guests another deadline.
    pub fn set_deadline(&mut self, deadline: Host) {
        *self.store.data_mut() = deadline;
    }

    /// Offers what an instance exports under this name.
    pub fn register(&mut self, name: &str, instance: Instance) -> Result<(), Failure> {
        let Cores { store, linker } = self;
        linker
            .instance(store, name, instance)
            .map(drop)
            .map_err(|error| usage(format!("{error:#}")))
    }

    /// Instantiates a module with what is registered and with `spectest`.
    pub fn instantiate(&mut self, module: &Module) -> Result<Instance, Failure> {
        let started = self.linker.instantiate_async(&mut self.store, module);
        block_on(started).map_err(|error| {
            forget_exception(&mut self.store);
            failures::core_instantiation(&error)
        })
    }

    /// Calls an exported function.
    pub fn invoke(
        &mut self,
        instance: &Instance,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let store = &mut self.store;
        let func = instance
            .get_func(&mut *store, export)
            .ok_or_else(|| usage(format!("no exported function `{export}`")))?;
        let ty = func.ty(&*store);
        if ty.params().len() != args.len() {
            let (wanted, given) = (ty.params().len(), args.len());
            return Err(usage(format!(
                "`{export}` takes {wanted} arguments, {given} given"
            )));
        }
        let mut params = Vec::new();
        for (arg, ty) in args.iter().zip(ty.params()) {
            params.push(to_wasmtime(store, arg, &ty)?);
        }
        let mut results: Vec<Val> = ty.results().map(|_| Val::I32(0)).collect();
        match block_on(func.call_async(&mut *store, &params, &mut results)) {
            Ok(()) => results
                .iter()
                .map(|value| from_wasmtime(store, value))
                .collect(),
            Err(error) => {
                forget_exception(store);
                Err(failures::execution(&error))
            }
        }
    }

    /// Reads an exported global.
    pub fn get(&mut self, instance: &Instance, name: &str) -> Result<Value, Failure> {
        let store = &mut self.store;
        let global = instance
            .get_global(&mut *store, name)
            .ok_or_else(|| usage(format!("no exported global `{name}`")))?;
        let value = global.get(&mut *store);
        from_wasmtime(store, &value)
    }
}

/// Defines `spectest`, the module that scripts of the core suite import from.
///
/// Its exports and their values are those that the suite's host module is known to have. What
/// it prints is not part of a result and goes nowhere.
fn define_spectest(linker: &mut Linker<Host>, store: &mut Store<Host>) -> wasmtime::Result<()> {
    linker.func_wrap("spectest", "print", || {})?;
    linker.func_wrap("spectest", "print_i32", |_: i32| {})?;
    linker.func_wrap("spectest", "print_i64", |_: i64| {})?;
    linker.func_wrap("spectest", "print_f32", |_: f32| {})?;
    linker.func_wrap("spectest", "print_f64", |_: f64| {})?;
    linker.func_wrap("spectest", "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func_wrap("spectest", "print_f64_f64", |_: f64, _: f64| {})?;
    let globals = [
        ("global_i32", Val::I32(666)),
        ("global_i64", Val::I64(666)),
        ("global_f32", Val::F32(666.6f32.to_bits())),
        ("global_f64", Val::F64(666.6f64.to_bits())),
    ];
    for (name, value) in globals {
        let ty = GlobalType::new(value.ty(&mut *store)?, Mutability::Const);
        let global = Global::new(&mut *store, ty, value)?;
        linker.define(&mut *store, "spectest", name, global)?;
    }
    let tables = [
        ("table", TableType::new(RefType::FUNCREF, 10, Some(20))),
        ("table64", TableType::new64(RefType::FUNCREF, 10, Some(20))),
    ];
    for (name, ty) in tables {
        let table = Table::new(&mut *store, ty, Ref::Func(None))?;
        linker.define(&mut *store, "spectest", name, table)?;
    }
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
    linker.define(&mut *store, "spectest", "memory", memory)?;
    Ok(())
}

/// An exception that nothing caught stays with its store until it is taken away.
fn forget_exception(store: &mut Store<Host>) {
    if store.has_pending_exception() {
        let _ = store.take_pending_exception();
    }
}

fn to_wasmtime(store: &mut Store<Host>, value: &Value, ty: &ValType) -> Result<Val, Failure> {
    let Value::Core(value) = value else {
        return Err(usage(format!("{value} is not a value of core WebAssembly")));
    };
    let value = match *value {
        CoreValue::I32(value) => Val::I32(value),
        CoreValue::I64(value) => Val::I64(value),
        CoreValue::F32(bits) => Val::F32(bits),
        CoreValue::F64(bits) => Val::F64(bits),
        CoreValue::V128(bits) => Val::V128(bits.into()),
        CoreValue::Ref(CoreRef::Null(RefHierarchy::Func)) => Val::FuncRef(None),
        CoreValue::Ref(CoreRef::Null(RefHierarchy::Extern)) => Val::ExternRef(None),
        CoreValue::Ref(CoreRef::Null(RefHierarchy::Any)) => Val::AnyRef(None),
        CoreValue::Ref(CoreRef::Null(RefHierarchy::Exn)) => Val::ExnRef(None),
        CoreValue::Ref(CoreRef::Extern(Some(number))) => {
            Val::ExternRef(Some(host_reference(store, number)?))
        }
        CoreValue::Ref(CoreRef::Any(AnyRef::Host(number))) => {
            let reference = host_reference(store, number)?;
            let reference = WasmtimeAnyRef::convert_extern(&mut *store, reference)
                .map_err(|error| failures::execution(&error))?;
            Val::AnyRef(Some(reference))
        }
        CoreValue::Ref(reference) => {
            return Err(usage(format!("{reference} cannot be passed in")));
        }
    };
    match value.matches_ty(&*store, ty) {
        Ok(true) => Ok(value),
        _ => Err(usage(format!("the argument is not of type {ty}"))),
    }
}

fn host_reference(
    store: &mut Store<Host>,
    number: u32,
) -> Result<wasmtime::Rooted<ExternRef>, Failure> {
    block_on(ExternRef::new_async(&mut *store, number)).map_err(|error| failures::execution(&error))
}

fn from_wasmtime(store: &mut Store<Host>, value: &Val) -> Result<Value, Failure> {
    let value = match value {
        Val::I32(value) => CoreValue::I32(*value),
        Val::I64(value) => CoreValue::I64(*value),
        Val::F32(bits) => CoreValue::F32(*bits),
        Val::F64(bits) => CoreValue::F64(*bits),
        Val::V128(value) => CoreValue::V128(value.as_u128()),
        Val::FuncRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Func)),
        Val::ExternRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Extern)),
        Val::AnyRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Any)),
        Val::ExnRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Exn)),
        Val::ContRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Cont)),
        Val::FuncRef(Some(_)) => CoreValue::Ref(CoreRef::Func),
        Val::ExnRef(Some(_)) => CoreValue::Ref(CoreRef::Exn),
        Val::ContRef(Some(_)) => CoreValue::Ref(CoreRef::Cont),
        Val::ExternRef(Some(reference)) => {
            CoreValue::Ref(CoreRef::Extern(number_of(store, reference)))
        }
        Val::AnyRef(Some(reference)) => CoreValue::Ref(CoreRef::Any(any_of(store, reference))),
    };
    Ok(Value::Core(value))
}

/// The number that the script passed in as this reference, if it did.
fn number_of(store: &Store<Host>, reference: &wasmtime::Rooted<ExternRef>) -> Option<u32> {
    reference
        .data(store)
        .ok()
        .flatten()?
        .downcast_ref::<u32>()
        .copied()
}

fn any_of(store: &mut Store<Host>, reference: &wasmtime::Rooted<WasmtimeAnyRef>) -> AnyRef {
    if let Ok(true) = reference.is_i31(&*store) {
        return AnyRef::I31;
    }
    if let Ok(true) = reference.is_struct(&*store) {
        return AnyRef::Struct;
    }
    if let Ok(true) = reference.is_array(&*store) {
        return AnyRef::Array;
    }
    let outside = ExternRef::convert_any(&mut *store, *reference).ok();
    outside
        .and_then(|outside| number_of(store, &outside))
        .map_or(AnyRef::Other, AnyRef::Host)
}
