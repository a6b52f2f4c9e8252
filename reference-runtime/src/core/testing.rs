//! Modules as text, for tests.

use super::{
    Exit, Extern, FuncAddr, FuncType, HostFunc, InstanceAddr, Limits, Module, Stack, Store,
    ValType, Value,
};

/// The bytes of a module in text form.
pub fn assemble(text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text).unwrap();
    wast::parser::parse::<wast::Wat<'_>>(&buffer)
        .unwrap()
        .encode()
        .unwrap()
}

/// A store with an instance of a module. Each of its imports is a host function from `i32` to
/// `i32`, and the first is number 0.
pub fn instantiate(text: &str, limits: Limits) -> (Store, InstanceAddr) {
    let module = Module::new(&assemble(text)).unwrap();
    let mut store = Store::new(limits);
    let ty = FuncType::new(&[ValType::I32], &[ValType::I32]);
    let imports: Vec<Extern> = (0..)
        .zip(module.imports())
        .map(|(number, _)| Extern::Func(store.host_func(HostFunc(number), ty.clone())))
        .collect();
    let (instance, _) = store.instantiate(&module, &imports).unwrap();
    (store, instance)
}

/// The exported function of that name.
pub fn func(store: &Store, instance: InstanceAddr, name: &str) -> FuncAddr {
    match store.export(instance, name) {
        Some(Extern::Func(func)) => func,
        other => panic!("`{name}` is {other:?}"),
    }
}

/// A call of the function `run` with `i32` arguments, not begun.
pub fn call_run(store: &Store, instance: InstanceAddr, args: &[u32]) -> Stack {
    let args: Vec<Value> = args.iter().copied().map(Value::I32).collect();
    Stack::call(store, func(store, instance, "run"), &args)
}

/// Calls `run` of a module with an `i32` and gives how that ended.
pub fn run(text: &str, arg: u32, limits: Limits) -> Exit {
    let (mut store, instance) = instantiate(text, limits);
    call_run(&store, instance, &[arg]).run(&mut store, &mut 100_000_000)
}

/// What a function with one `i32` result gives.
pub fn done(result: u32) -> Exit {
    Exit::Done(vec![Value::I32(result)])
}
