//! What a component looks like from outside: the types of its exported functions, and what it
//! imports from the host world.
//!
//! A runtime in another process gets values as JSON, which is read and written by types that the
//! harness has to know.

use std::collections::{BTreeMap, HashMap};

use assize_protocol::host::{Effect, HOST_WORLD, HostFunction};
use assize_protocol::types::Type;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentEntityType, ComponentFuncTypeId,
    ComponentInstanceTypeId, ComponentValType, ResourceId,
};
use wasmparser::types::TypesRef;
use wasmparser::{BinaryReaderError, Parser, Payload, PrimitiveValType, Validator, WasmFeatures};

/// The type of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Whether it says `async`.
    pub effect: Effect,
    /// The names and types of the parameters.
    pub params: Vec<(String, Type)>,
    /// The type of the result, if there is one.
    pub result: Option<Type>,
}

/// What a component looks like from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// The names of its imports, the host world among them.
    pub imports: Vec<String>,
    /// The exported functions by name.
    pub functions: BTreeMap<String, Signature>,
    /// The functions that it imports from the host world.
    pub host: Vec<HostFunction>,
    /// The names of the resource types that it imports from the host world.
    pub resources: Vec<String>,
}

impl Interface {
    /// The interface of a component.
    ///
    /// # Errors
    /// Why the bytes are no valid component, with every proposal turned on.
    pub fn of(component: &[u8]) -> Result<Interface, BinaryReaderError> {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let types = validator.validate_all(component)?;
        let names = Names::of(component)?;
        let mut reader = Reader {
            types: types.as_ref(),
            resources: HashMap::new(),
        };
        let mut interface = Interface {
            imports: names.imports.clone(),
            ..Interface::default()
        };
        for import in &names.imports {
            if let Some(item) = reader.types.component_item_for_import(import) {
                reader.name_resources(import, item.ty);
                if let (HOST_WORLD, ComponentEntityType::Instance(world)) = (&**import, item.ty) {
                    reader.host_world(world, &mut interface);
                }
            }
        }
        for export in &names.exports {
            if let Some(item) = reader.types.component_item_for_export(export) {
                reader.name_resources(export, item.ty);
            }
        }
        for export in names.exports {
            let item = reader.types.component_item_for_export(&export);
            if let Some(ComponentEntityType::Func(func)) = item.map(|item| item.ty) {
                interface.functions.insert(export, reader.signature(func));
            }
        }
        Ok(interface)
    }
}

/// The names of the imports and exports of the outermost component.
#[derive(Default)]
struct Names {
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Names {
    fn of(component: &[u8]) -> Result<Names, BinaryReaderError> {
        let mut names = Names::default();
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        names.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        names.exports.push(export?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(names)
    }
}

/// Reads types, with the names of the resource types that have one.
struct Reader<'t> {
    types: TypesRef<'t>,
    resources: HashMap<ResourceId, String>,
}

impl Reader<'_> {
    fn name_resources(&mut self, name: &str, ty: ComponentEntityType) {
        match ty {
            ComponentEntityType::Type {
                created: ComponentAnyTypeId::Resource(id),
                ..
            } => {
                let resource = self.resources.entry(id.resource());
                resource.or_insert_with(|| name.to_owned());
            }
            ComponentEntityType::Instance(instance) => {
                if let Some(instance) = self.types.get(instance) {
                    for (name, item) in &instance.exports {
                        self.name_resources(name, item.ty);
                    }
                }
            }
            _ => {}
        }
    }

    fn host_world(&self, world: ComponentInstanceTypeId, interface: &mut Interface) {
        let Some(world) = self.types.get(world) else {
            return;
        };
        for (name, item) in &world.exports {
            match item.ty {
                ComponentEntityType::Func(func) => {
                    let signature = self.signature(func);
                    interface.host.push(HostFunction {
                        instance: HOST_WORLD.to_owned(),
                        name: name.clone(),
                        effect: signature.effect,
                        params: signature.params,
                        result: signature.result,
                    });
                }
                ComponentEntityType::Type {
                    created: ComponentAnyTypeId::Resource(_),
                    ..
                } => interface.resources.push(name.clone()),
                _ => {}
            }
        }
    }

    fn signature(&self, func: ComponentFuncTypeId) -> Signature {
        let Some(func) = self.types.get(func) else {
            return Signature {
                effect: Effect::Sync,
                params: Vec::new(),
                result: None,
            };
        };
        let effect = match func.async_ {
            true => Effect::Async,
            false => Effect::Sync,
        };
        let params = func.params.iter();
        Signature {
            effect,
            params: params
                .map(|(name, ty)| (name.to_string(), self.ty(*ty)))
                .collect(),
            result: func.result.map(|ty| self.ty(ty)),
        }
    }

    fn ty(&self, ty: ComponentValType) -> Type {
        match ty {
            ComponentValType::Primitive(ty) => primitive(ty),
            // An identifier that the validator gave out is always known to it.
            ComponentValType::Type(id) => match self.types.get(id) {
                Some(ty) => self.defined(ty),
                None => Type::Tuple(Vec::new()),
            },
        }
    }

    fn boxed(&self, ty: ComponentValType) -> Box<Type> {
        Box::new(self.ty(ty))
    }

    fn defined(&self, ty: &ComponentDefinedType) -> Type {
        let optional = |ty: &Option<ComponentValType>| ty.map(|ty| self.boxed(ty));
        let resource = |id: ResourceId| {
            let name = self.resources.get(&id).map(String::as_str);
            name.unwrap_or("resource").to_owned()
        };
        match ty {
            ComponentDefinedType::Primitive(ty) => primitive(*ty),
            ComponentDefinedType::Record(record) => {
                let fields = record.fields.iter();
                Type::Record(
                    fields
                        .map(|(n, ty)| (n.to_string(), self.ty(*ty)))
                        .collect(),
                )
            }
            ComponentDefinedType::Variant(variant) => {
                let cases = variant.cases.iter();
                let case = |ty: Option<ComponentValType>| ty.map(|ty| self.ty(ty));
                Type::Variant(cases.map(|(n, c)| (n.to_string(), case(c.ty))).collect())
            }
            ComponentDefinedType::List { element, .. } => Type::List(self.boxed(*element)),
            ComponentDefinedType::FixedLengthList {
                element, length, ..
            } => Type::FixedList(self.boxed(*element), *length),
            ComponentDefinedType::Map { key, value, .. } => {
                Type::Map(self.boxed(*key), self.boxed(*value))
            }
            ComponentDefinedType::Tuple(tuple) => {
                Type::Tuple(tuple.types.iter().map(|ty| self.ty(*ty)).collect())
            }
            ComponentDefinedType::Flags(names) => {
                Type::Flags(names.iter().map(ToString::to_string).collect())
            }
            ComponentDefinedType::Enum(names) => {
                Type::Enum(names.iter().map(ToString::to_string).collect())
            }
            ComponentDefinedType::Option { ty, .. } => Type::Option(self.boxed(*ty)),
            ComponentDefinedType::Result { ok, err, .. } => {
                Type::Result(optional(ok), optional(err))
            }
            ComponentDefinedType::Own(id) => Type::Own(resource(id.resource())),
            ComponentDefinedType::Borrow(id) => Type::Borrow(resource(id.resource())),
            ComponentDefinedType::Future { ty, .. } => Type::Future(optional(ty)),
            ComponentDefinedType::Stream { ty, .. } => Type::Stream(optional(ty)),
        }
    }
}

fn primitive(ty: PrimitiveValType) -> Type {
    match ty {
        PrimitiveValType::Bool => Type::Bool,
        PrimitiveValType::S8 => Type::S8,
        PrimitiveValType::U8 => Type::U8,
        PrimitiveValType::S16 => Type::S16,
        PrimitiveValType::U16 => Type::U16,
        PrimitiveValType::S32 => Type::S32,
        PrimitiveValType::U32 => Type::U32,
        PrimitiveValType::S64 => Type::S64,
        PrimitiveValType::U64 => Type::U64,
        PrimitiveValType::F32 => Type::F32,
        PrimitiveValType::F64 => Type::F64,
        PrimitiveValType::Char => Type::Char,
        PrimitiveValType::String => Type::String,
        PrimitiveValType::ErrorContext => Type::ErrorContext,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn interface(text: &str) -> Interface {
        let buffer = wast::parser::ParseBuffer::new(text).unwrap();
        let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).unwrap();
        Interface::of(&wat.encode().unwrap()).unwrap()
    }

    #[test]
    fn exported_functions_have_the_types_that_the_component_gives_them() {
        let interface = interface(
            r#"(component
              (type $r' (resource (rep i32)))
              (export $r "res" (type $r'))
              (type $rec' (record (field "a" u8) (field "b" (option (list string)))))
              (export $rec "rec" (type $rec'))
              (type $var' (variant (case "x") (case "y" (result u8 (error char)))))
              (export $var "var" (type $var'))
              (core module $m (func (export "f") (param i32)) (func (export "g") (result i32) unreachable)
                (memory (export "mem") 1) (func (export "re") (param i32 i32 i32 i32) (result i32) unreachable))
              (core instance $i (instantiate $m))
              (func (export "take") (param "p" (own $r)) (canon lift (core func $i "f")))
              (func (export "make") async (result $rec)
                (canon lift (core func $i "g") (memory (core memory $i "mem")))))"#,
        );
        assert_eq!(interface.functions.len(), 2);
        let take = &interface.functions["take"];
        assert_eq!(take.params, [("p".to_owned(), Type::Own("res".to_owned()))]);
        assert_eq!((take.effect, &take.result), (Effect::Sync, &None));
        let make = &interface.functions["make"];
        assert_eq!(make.effect, Effect::Async);
        let record = json!({"record": [["a", "u8"], ["b", {"option": {"list": "string"}}]]});
        assert_eq!(serde_json::to_value(&make.result).unwrap(), record);
    }

    #[test]
    fn what_is_imported_from_the_host_world_is_told_and_other_imports_are_not() {
        let interface = interface(
            r#"(component
              (import "other" (instance (export "f" (func))))
              (import "assize:host/world@0.1.0" (instance
                (export "thing" (type $t (sub resource)))
                (export "resource-rep" (func (param "r" (borrow $t)) (result u32)))
                (export "pending-u8" (func async (param "token" u32) (result u8))))))"#,
        );
        assert_eq!(interface.resources, ["thing"]);
        let names: Vec<&str> = interface.host.iter().map(|f| &*f.name).collect();
        assert_eq!(names, ["resource-rep", "pending-u8"]);
        let [rep, pending] = &interface.host[..] else {
            panic!("two functions");
        };
        assert_eq!(rep.params, [("r".to_owned(), Type::Borrow("thing".into()))]);
        assert_eq!(pending.effect, Effect::Async);
        assert_eq!(pending.result, Some(Type::U8));
        assert!(interface.functions.is_empty());
    }

    #[test]
    fn names_of_nested_components_are_not_its_own() {
        let interface = interface(
            r#"(component
              (component
                (core module $m (func (export "f")))
                (core instance $i (instantiate $m))
                (func (export "inner") (canon lift (core func $i "f")))))"#,
        );
        assert_eq!(interface, Interface::default());
    }
}
