//! What core code of a component calls, and what of it is called: built-ins, lowered and lifted functions.

use wasm_encoder::{CanonicalOption, ExportKind};

use super::Maker;
use crate::emit::interface::{Call, What, item};
use crate::emit::links::Item;
use crate::emit::straight::{callback_name, function_name, post_return_name};
use crate::emit::{Form, canons, interpreter, libc};
use crate::program::{
    CanonId, Encoding, Form as Abi, FunctionId, LiftForm, MemoryId, Options, When,
};

/// Whether `realloc` is among the options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Realloc {
    No,
    Yes,
}

impl Maker<'_> {
    /// An instance of built-ins and lowered functions.
    pub(super) fn canon_instance(&mut self, name: &str, calls: &[Call]) -> u32 {
        let funcs: Vec<_> = calls.iter().map(|call| self.lower(call)).collect();
        let exports = calls.iter().zip(funcs);
        let exports: Vec<_> = exports
            .map(|(call, func)| (call.name.as_str(), ExportKind::Func, func))
            .collect();
        let index = self.builder.core_instantiate_exports(None, exports);
        self.names.core_instances.append(index, name);
        index
    }

    /// Defines the core function that is called.
    fn lower(&mut self, call: &Call) -> u32 {
        let context = self.context;
        let index = match call.what {
            What::Mark => {
                let mark = self.func(Item::Mark);
                self.builder.lower_func(None, mark, [])
            }
            What::NextBlock => {
                let ty = canons::context_type(self.interface.context);
                self.builder.context_get(ty, 0)
            }
            What::SetNextBlock => {
                let ty = canons::context_type(self.interface.context);
                self.builder.context_set(ty, 0)
            }
            What::Canon(CanonId(number)) => {
                let instance = &context.program.instances[self.id.index()];
                self.canon(&instance.canons[number as usize])
            }
            What::Import(import) => {
                let instance = &context.program.instances[self.id.index()];
                let import = &instance.imports[import.index()];
                let func = self.func(item(import.callee));
                let mut options = self.options(&import.options, Realloc::Yes);
                if import.form == Abi::Async {
                    options.push(CanonicalOption::Async);
                }
                self.builder.lower_func(None, func, options)
            }
        };
        self.name_core_func(index, &call.name)
    }

    /// The options that all definitions share.
    pub(in crate::emit) fn options(
        &self,
        options: &Options,
        realloc: Realloc,
    ) -> Vec<CanonicalOption> {
        let encoding = match options.encoding {
            Encoding::Utf8 => CanonicalOption::UTF8,
            Encoding::Utf16 => CanonicalOption::UTF16,
            Encoding::Latin1Utf16 => CanonicalOption::CompactUTF16,
        };
        let mut written = vec![encoding];
        if let Some(memory) = options.memory {
            let (memory, realloc_of_it) = self.memories[memory.index()];
            written.push(CanonicalOption::Memory(memory));
            if realloc == Realloc::Yes {
                written.push(CanonicalOption::Realloc(realloc_of_it));
            }
        }
        written
    }

    pub(in crate::emit) fn memory(&self, memory: MemoryId) -> u32 {
        self.memories[memory.index()].0
    }

    /// Lifts the functions whose types are there early, or those whose types are there late.
    pub(super) fn lift(&mut self, when: When) {
        let context = self.context;
        let program = context.program;
        let instance = &program.instances[self.id.index()];
        for (number, function) in instance.functions.iter().enumerate() {
            if program.sees_types(self.id, &function.ty) != Some(when) {
                continue;
            }
            let item = Item::Function(self.id, FunctionId(number as u32));
            if self.links.exports.contains(&item) {
                self.export_types(&function.ty);
            }
            let mut options = self.options(&function.lift.options, Realloc::Yes);
            let core = self.core_func(self.main, &function_name(number));
            match &function.lift.form {
                LiftForm::Sync { post_return } => {
                    if post_return.is_some() {
                        let name = post_return_name(number);
                        let post_return = self.core_func(self.main, &name);
                        options.push(CanonicalOption::PostReturn(post_return));
                    }
                }
                LiftForm::Stackful => options.push(CanonicalOption::Async),
                LiftForm::Callback { .. } => {
                    let callback = self.core_func(self.main, &callback_name(number));
                    options.push(CanonicalOption::Async);
                    options.push(CanonicalOption::Callback(callback));
                }
            }
            self.lift_item(item, core, options);
        }
        if when == When::Early && context.form == Form::Chassis {
            self.lift_load();
        }
    }

    fn lift_item(&mut self, item: Item, core: u32, options: Vec<CanonicalOption>) {
        let ty = self.function_type(item);
        let index = self.builder.lift_func(None, core, ty, options);
        let name = item.name(self.program());
        self.names.funcs.append(index, &name);
        self.funcs.insert(item, index);
    }

    /// The function that takes the bodies.
    fn lift_load(&mut self) {
        let (libc, kind) = (self.libc, ExportKind::Memory);
        let state = self
            .builder
            .core_alias_export(None, libc, libc::STATE, kind);
        let realloc = self.core_func(libc, libc::LOAD_REALLOC);
        let core = self.core_func(self.main, interpreter::LOAD);
        let options = vec![
            CanonicalOption::Memory(state),
            CanonicalOption::Realloc(realloc),
        ];
        self.lift_item(Item::Load(self.id), core, options);
    }
}
