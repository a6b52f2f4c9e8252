//! Core modules on the reference's core interpreter, with the `spectest` module of the core suite.

use std::collections::BTreeMap;
use std::time::Instant;

use assize_reference::core::{
    self, Exit, Extern, FuncType, GlobalType, HostFunc, IndexType, InstanceAddr, InstantiateError,
    Limits, MemoryType, Module, Mutability, RefType, Size, Stack, Store, TableType, ValType,
    Value as Slot,
};

use super::{Failure, OutcomeClass, usage};
use crate::value::{CoreRef, CoreValue, RefHierarchy, Value};

/// Instructions between two looks at the clock.
const SLICE: u64 = 1_000_000;
/// Instructions of one call, all together.
const FUEL: u64 = 1_000_000_000;

/// A core store and what is registered in it.
pub struct CoreRuntime {
    store: Store,
    registered: BTreeMap<String, Source>,
    deadline: Option<Instant>,
}

/// Where imports of a module name come from.
enum Source {
    Instance(InstanceAddr),
    Host(BTreeMap<&'static str, Extern>),
}

impl Default for CoreRuntime {
    fn default() -> Self {
        let mut store = Store::new(Limits::default());
        let spectest = Source::Host(spectest(&mut store));
        CoreRuntime {
            store,
            registered: BTreeMap::from([("spectest".to_owned(), spectest)]),
            deadline: None,
        }
    }
}

impl CoreRuntime {
    /// Sets the moment at which running code is given up.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Makes an instance's exports importable under `name`.
    pub fn register(&mut self, name: &str, instance: InstanceAddr) {
        self.registered
            .insert(name.to_owned(), Source::Instance(instance));
    }

    /// Instantiates `module` with what is registered, and runs its start function.
    pub fn instantiate(&mut self, module: &Module) -> Result<InstanceAddr, Failure> {
        let mut imports = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            imports.push(self.import(&import.module, &import.name)?);
        }
        let instantiated = self.store.instantiate(module, &imports);
        let (instance, start) = instantiated.map_err(|error| {
            let class = match error {
                InstantiateError::Link { .. } => OutcomeClass::Unlinkable,
                InstantiateError::Trap(_) => OutcomeClass::Trap,
                InstantiateError::Limit(_) => OutcomeClass::Exhaustion,
            };
            Failure::new(class, error.to_string())
        })?;
        if let Some(start) = start {
            self.run(Stack::call(&self.store, start, &[]))?;
        }
        Ok(instance)
    }

    /// Calls an exported function.
    pub fn invoke(
        &mut self,
        instance: InstanceAddr,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let Some(Extern::Func(func)) = self.store.export(instance, export) else {
            return Err(usage(format!("there is no exported function `{export}`")));
        };
        let params = self.store.func_type(func).params().to_vec();
        if args.len() != params.len() {
            let (given, taken) = (args.len(), params.len());
            return Err(usage(format!(
                "`{export}` takes {taken} arguments, not {given}"
            )));
        }
        let args = args
            .iter()
            .zip(&params)
            .map(|(arg, ty)| to_slot(arg, ty))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| usage(format!("an argument of `{export}` is of another type")))?;
        let results = self.run(Stack::call(&self.store, func, &args))?;
        Ok(results.into_iter().map(from_slot).collect())
    }

    /// Reads an exported global.
    pub fn get(&mut self, instance: InstanceAddr, name: &str) -> Result<Value, Failure> {
        match self.store.export(instance, name) {
            Some(Extern::Global(global)) => Ok(from_slot(self.store.global_get(global))),
            _ => Err(usage(format!("there is no exported global `{name}`"))),
        }
    }

    fn import(&self, module: &str, name: &str) -> Result<Extern, Failure> {
        let item = match self.registered.get(module) {
            Some(Source::Instance(instance)) => self.store.export(*instance, name),
            Some(Source::Host(items)) => items.get(name).copied(),
            None => None,
        };
        item.ok_or_else(|| {
            let message = format!("nothing is registered for the import `{module}` `{name}`");
            Failure::new(OutcomeClass::Unlinkable, message)
        })
    }

    fn run(&mut self, mut stack: Stack) -> Result<Vec<Slot>, Failure> {
        let mut spent = 0;
        loop {
            let mut fuel = SLICE;
            let exit = stack.run(&mut self.store, &mut fuel);
            spent += SLICE - fuel;
            let (class, message) = match exit {
                Exit::Done(results) => return Ok(results),
                Exit::Host { .. } => {
                    // The functions of `spectest` print, which nobody reads.
                    stack.resume(&[]);
                    continue;
                }
                Exit::Limit(core::Limit::Fuel) if spent < FUEL => {
                    if self
                        .deadline
                        .is_none_or(|deadline| Instant::now() < deadline)
                    {
                        continue;
                    }
                    (OutcomeClass::Timeout, "the deadline passed".to_owned())
                }
                Exit::Limit(limit) => (OutcomeClass::Exhaustion, limit.to_string()),
                Exit::Trap(trap) => (OutcomeClass::Trap, trap.to_string()),
                Exit::Exception(_) => (
                    OutcomeClass::Exception,
                    "an exception was not caught".to_owned(),
                ),
            };
            return Err(Failure::new(class, message));
        }
    }
}

/// The host module that the core suite imports.
fn spectest(store: &mut Store) -> BTreeMap<&'static str, Extern> {
    use ValType::{F32, F64, I32, I64};
    let mut items = BTreeMap::new();
    let prints: [(&str, &[ValType]); 7] = [
        ("print", &[]),
        ("print_i32", &[I32]),
        ("print_i64", &[I64]),
        ("print_f32", &[F32]),
        ("print_f64", &[F64]),
        ("print_i32_f32", &[I32, F32]),
        ("print_f64_f64", &[F64, F64]),
    ];
    for (name, params) in prints {
        let func = store.host_func(HostFunc(0), FuncType::new(params, &[]));
        items.insert(name, Extern::Func(func));
    }
    let globals = [
        ("global_i32", I32, Slot::I32(666)),
        ("global_i64", I64, Slot::I64(666)),
        ("global_f32", F32, Slot::F32(666.6_f32.to_bits())),
        ("global_f64", F64, Slot::F64(666.6_f64.to_bits())),
    ];
    for (name, value, init) in globals {
        let ty = GlobalType {
            value,
            mutability: Mutability::Const,
        };
        items.insert(name, Extern::Global(store.alloc_global(ty, init)));
    }
    for (name, index) in [("table", IndexType::I32), ("table64", IndexType::I64)] {
        let size = Size {
            min: 10,
            max: Some(20),
        };
        let ty = TableType {
            element: RefType::FUNCREF,
            index,
            size,
        };
        let table = store.alloc_table(&ty, Slot::FuncRef(None));
        items.extend(table.ok().map(|table| (name, Extern::Table(table))));
    }
    let size = Size {
        min: 1,
        max: Some(2),
    };
    let memory = store.alloc_memory(&MemoryType {
        index: IndexType::I32,
        size,
    });
    items.extend(memory.ok().map(|memory| ("memory", Extern::Memory(memory))));
    items
}

/// An argument as the interpreter has it, if it is of type `ty`.
fn to_slot(value: &Value, ty: &ValType) -> Option<Slot> {
    let Value::Core(value) = value else {
        return None;
    };
    Some(match (value, ty) {
        (CoreValue::I32(v), ValType::I32) => Slot::I32(*v as u32),
        (CoreValue::I64(v), ValType::I64) => Slot::I64(*v as u64),
        (CoreValue::F32(v), ValType::F32) => Slot::F32(*v),
        (CoreValue::F64(v), ValType::F64) => Slot::F64(*v),
        (CoreValue::Ref(CoreRef::Null(RefHierarchy::Func)), ValType::Ref(_)) => Slot::FuncRef(None),
        (CoreValue::Ref(CoreRef::Null(RefHierarchy::Exn)), ValType::Ref(_)) => Slot::ExnRef(None),
        (CoreValue::Ref(CoreRef::Null(RefHierarchy::Extern)), ValType::Ref(_)) => {
            Slot::ExternRef(None)
        }
        (CoreValue::Ref(CoreRef::Extern(Some(v))), ValType::Ref(_)) => {
            Slot::ExternRef(Some(core::ExternRef(*v)))
        }
        _ => return None,
    })
}

fn from_slot(value: Slot) -> Value {
    Value::Core(match value {
        Slot::I32(v) => CoreValue::I32(v as i32),
        Slot::I64(v) => CoreValue::I64(v as i64),
        Slot::F32(v) => CoreValue::F32(v),
        Slot::F64(v) => CoreValue::F64(v),
        Slot::FuncRef(Some(_)) => CoreValue::Ref(CoreRef::Func),
        Slot::FuncRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Func)),
        Slot::ExternRef(Some(v)) => CoreValue::Ref(CoreRef::Extern(Some(v.0))),
        Slot::ExternRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Extern)),
        Slot::ExnRef(Some(_)) => CoreValue::Ref(CoreRef::Exn),
        Slot::ExnRef(None) => CoreValue::Ref(CoreRef::Null(RefHierarchy::Exn)),
    })
}
