//! A component as the list of its definitions, in the order of the binary.
//!
//! Every number is an index into one of the enclosing component's index spaces, which grow as the
//! list is read. Spec: Binary.md, "Component Definitions".

use std::sync::Arc;

use super::types::{Effect, Label};
use crate::core;

/// A decoded and validated component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Component {
    /// The definitions, in order.
    pub definitions: Vec<Definition>,
    /// What the definitions, and those nested in them, use of the scopes around the component;
    /// ascending, each once.
    pub outer: Vec<OuterRef>,
}

/// An item of a scope further out, as the scope that uses it says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OuterRef {
    /// How many scopes to go out: 1 is the one directly around.
    pub count: u32,
    /// The index space there.
    pub sort: OuterSort,
    /// The index there.
    pub index: u32,
}

/// One definition; each appends to the index space that its comment names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Definition {
    /// Core module.
    CoreModule(core::Module),
    /// Core instance.
    CoreInstance(CoreInstance),
    /// Core type.
    CoreType(CoreType),
    /// Component.
    Component(Arc<Component>),
    /// Instance.
    Instance(Instance),
    /// The space of the sort that is aliased.
    Alias(Alias),
    /// Type.
    Type(Type),
    /// Function for `lift`, core function for all others.
    Canon(Canon),
    /// The space of the import's sort.
    Import(Import),
    /// The space of the export's sort.
    Export(Export),
}

/// The sorts of the component level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// `core module`
    CoreModule,
    /// `func`
    Func,
    /// `type`
    Type,
    /// `component`
    Component,
    /// `instance`
    Instance,
}

/// The sorts of the core level that a core instance exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoreSort {
    /// `func`
    Func,
    /// `table`
    Table,
    /// `memory`
    Memory,
    /// `global`
    Global,
    /// `tag`
    Tag,
}

/// A `core instance` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CoreInstance {
    /// `(instantiate $m (with "name" (instance $i))*)`
    Instantiate {
        /// The core module.
        module: u32,
        /// Import module names and the core instances that satisfy them.
        args: Vec<(Label, u32)>,
    },
    /// `(export "name" (sort $i))*`
    FromExports(Vec<(Label, CoreSort, u32)>),
}

/// An `instance` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instance {
    /// `(instantiate $c (with "name" (sort $i))*)`
    Instantiate {
        /// The component.
        component: u32,
        /// Import names and what satisfies them.
        args: Vec<(Label, Sort, u32)>,
    },
    /// `(export "name" (sort $i))*`
    FromExports(Vec<(Label, Sort, u32)>),
}

/// An `alias` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Alias {
    /// `(alias export $i "name" (sort))`
    InstanceExport {
        /// The sort of the export.
        sort: Sort,
        /// The instance.
        instance: u32,
        /// The export's name.
        name: Label,
    },
    /// `(alias core export $i "name" (core sort))`
    CoreInstanceExport {
        /// The sort of the export.
        sort: CoreSort,
        /// The core instance.
        instance: u32,
        /// The export's name.
        name: Label,
    },
    /// `(alias outer n $i (sort))`
    Outer {
        /// What is aliased.
        sort: OuterSort,
        /// How many enclosing components to go out; 0 is this one.
        count: u32,
        /// The index there.
        index: u32,
    },
}

/// The sorts that an outer alias can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OuterSort {
    /// `core module`
    CoreModule,
    /// `core type`
    CoreType,
    /// `type`
    Type,
    /// `component`
    Component,
}

/// A `core type` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CoreType {
    /// A core function type.
    Func(core::FuncType),
    /// A core module type.
    Module(Arc<ModuleType>),
}

/// The type of a core module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModuleType {
    /// Module name, field name and type of each import.
    pub imports: Vec<(Label, Label, core::ExternType)>,
    /// Name and type of each export.
    pub exports: Vec<(Label, core::ExternType)>,
}

/// A value type as it is written: a primitive, or an index into the type space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValTypeRef {
    /// A primitive type.
    Primitive(Primitive),
    /// A type index.
    Index(u32),
}

/// The primitive value types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `bool`
    Bool,
    /// `s8`
    S8,
    /// `u8`
    U8,
    /// `s16`
    S16,
    /// `u16`
    U16,
    /// `s32`
    S32,
    /// `u32`
    U32,
    /// `s64`
    S64,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`
    Char,
    /// `string`
    String,
    /// `error-context`
    ErrorContext,
}

/// A `type` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A value type.
    Defined(DefinedType),
    /// A function type.
    Func(FuncType),
    /// A component type.
    Component(Arc<TypeBody>),
    /// An instance type.
    Instance(Arc<TypeBody>),
    /// `(resource (rep t) (dtor $f)?)`
    Resource {
        /// The core type of the representation.
        rep: Rep,
        /// The destructor, a core function.
        dtor: Option<u32>,
    },
}

/// The core type of a resource's representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rep {
    /// `(rep i32)`
    I32,
    /// `(rep i64)`
    I64,
}

/// A value type definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DefinedType {
    /// A primitive type under a name.
    Primitive(Primitive),
    /// `(list t)`
    List(ValTypeRef),
    /// `(list t n)`
    FixedList(ValTypeRef, u32),
    /// `(map k v)`
    Map(ValTypeRef, ValTypeRef),
    /// `(record (field "l" t)+)`
    Record(Vec<(Label, ValTypeRef)>),
    /// `(tuple t+)`
    Tuple(Vec<ValTypeRef>),
    /// `(variant (case "l" t?)+)`
    Variant(Vec<(Label, Option<ValTypeRef>)>),
    /// `(enum "l"+)`
    Enum(Vec<Label>),
    /// `(option t)`
    Option(ValTypeRef),
    /// `(result t? (error u)?)`
    Result {
        /// The type of the `ok` case.
        ok: Option<ValTypeRef>,
        /// The type of the `error` case.
        error: Option<ValTypeRef>,
    },
    /// `(flags "l"+)`
    Flags(Vec<Label>),
    /// `(own $r)`
    Own(u32),
    /// `(borrow $r)`
    Borrow(u32),
    /// `(stream t?)`
    Stream(Option<ValTypeRef>),
    /// `(future t?)`
    Future(Option<ValTypeRef>),
}

/// A function type definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// Whether the type says `async`.
    pub effect: Effect,
    /// The parameters.
    pub params: Vec<(Label, ValTypeRef)>,
    /// The result.
    pub result: Option<ValTypeRef>,
}

/// The inside of a component or instance type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeBody {
    /// The declarations, in order.
    pub decls: Vec<TypeDecl>,
    /// What the declarations, and those nested in them, use of the scopes around the type;
    /// ascending, each once.
    pub outer: Vec<OuterRef>,
}

/// A declaration inside a component or instance type, which has index spaces of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeDecl {
    /// A core type.
    CoreType(CoreType),
    /// A type.
    Type(Type),
    /// An alias: of an instance's export, or outer.
    Alias(Alias),
    /// An import; only in component types.
    Import(Label, ExternDesc),
    /// An export.
    Export(Label, ExternDesc),
}

/// What an import or export is declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExternDesc {
    /// `(core module (type $t))`, with $t a core type index
    CoreModule(u32),
    /// `(func (type $t))`
    Func(u32),
    /// `(type (eq $t))`
    TypeEq(u32),
    /// `(type (sub resource))`
    SubResource,
    /// `(component (type $t))`
    Component(u32),
    /// `(instance (type $t))`
    Instance(u32),
}

/// An `import` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// The import's name.
    pub name: Label,
    /// Its declared type.
    pub desc: ExternDesc,
}

/// An `export` definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Export {
    /// The export's name.
    pub name: Label,
    /// The sort of what is exported.
    pub sort: Sort,
    /// Its index.
    pub index: u32,
    /// The type ascribed to it, where there is one.
    pub desc: Option<ExternDesc>,
}

/// How strings are encoded in a component's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum StringEncoding {
    /// `string-encoding=utf8`
    #[default]
    Utf8,
    /// `string-encoding=utf16`
    Utf16,
    /// `string-encoding=latin1+utf16`
    Latin1Utf16,
}

/// Whether a definition uses the async ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Abi {
    /// The synchronous ABI.
    #[default]
    Sync,
    /// The asynchronous ABI.
    Async,
}

/// The `canonopt` list of a canonical definition; numbers are core memory and core function
/// indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct CanonOptions {
    /// `string-encoding=...`
    pub string_encoding: StringEncoding,
    /// `(memory $m)`
    pub memory: Option<u32>,
    /// `(realloc $f)`
    pub realloc: Option<u32>,
    /// `(post-return $f)`
    pub post_return: Option<u32>,
    /// `async`
    pub abi: Abi,
    /// `(callback $f)`
    pub callback: Option<u32>,
}

/// Whether a blocking built-in can be woken by a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cancellable {
    /// It cannot.
    No,
    /// `cancellable`
    Yes,
}

/// The slot width of `context.get` and `context.set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextType {
    /// `i32`
    I32,
    /// `i64`
    I64,
}

/// Stream or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// `stream`
    Stream,
    /// `future`
    Future,
}

/// Which end of a stream or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// The readable end.
    Readable,
    /// The writable end.
    Writable,
}

/// A canonical definition. Spec: Binary.md, "Canonical Definitions".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Canon {
    /// `(canon lift (core func $f) opts (func (type $t)))`
    Lift {
        /// The core function.
        core_func: u32,
        /// Its options.
        options: CanonOptions,
        /// The function type.
        ty: u32,
    },
    /// `(canon lower (func $f) opts)`
    Lower {
        /// The function.
        func: u32,
        /// Its options.
        options: CanonOptions,
    },
    /// `resource.new`
    ResourceNew(u32),
    /// `resource.drop`
    ResourceDrop(u32),
    /// `resource.rep`
    ResourceRep(u32),
    /// `context.get`
    ContextGet(ContextType, u32),
    /// `context.set`
    ContextSet(ContextType, u32),
    /// `backpressure.inc`
    BackpressureInc,
    /// `backpressure.dec`
    BackpressureDec,
    /// `task.return`
    TaskReturn {
        /// The result's type.
        result: Option<ValTypeRef>,
        /// Its options.
        options: CanonOptions,
    },
    /// `task.cancel`
    TaskCancel,
    /// `waitable-set.new`
    WaitableSetNew,
    /// `waitable-set.wait`
    WaitableSetWait(Cancellable, u32),
    /// `waitable-set.poll`
    WaitableSetPoll(Cancellable, u32),
    /// `waitable-set.drop`
    WaitableSetDrop,
    /// `waitable.join`
    WaitableJoin,
    /// `subtask.cancel`
    SubtaskCancel(Abi),
    /// `subtask.drop`
    SubtaskDrop,
    /// `stream.new`, `future.new`
    ChannelNew(Channel, u32),
    /// `stream.read`, `stream.write`, `future.read`, `future.write`
    ChannelCopy(Channel, End, u32, CanonOptions),
    /// `stream.cancel-read` and its three siblings
    ChannelCancel(Channel, End, u32, Abi),
    /// `stream.drop-readable` and its three siblings
    ChannelDrop(Channel, End, u32),
    /// `thread.index`
    ThreadIndex,
    /// `thread.new-indirect`, with a core type and a core table index
    ThreadNewIndirect(u32, u32),
    /// `thread.resume-later`
    ThreadResumeLater,
    /// `thread.suspend`
    ThreadSuspend(Cancellable),
    /// `thread.yield`
    ThreadYield(Cancellable),
    /// `thread.suspend-then-resume`
    ThreadSuspendThenResume(Cancellable),
    /// `thread.yield-then-resume`
    ThreadYieldThenResume(Cancellable),
    /// `thread.suspend-then-promote`
    ThreadSuspendThenPromote(Cancellable),
    /// `thread.yield-then-promote`
    ThreadYieldThenPromote(Cancellable),
    /// `error-context.new`
    ErrorContextNew(CanonOptions),
    /// `error-context.debug-message`
    ErrorContextDebugMessage(CanonOptions),
    /// `error-context.drop`
    ErrorContextDrop,
}
