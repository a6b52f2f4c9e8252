use super::*;
use crate::component::ast::{CoreType, ExternDesc, Instance, Sort, Type, TypeDecl};
use crate::component::testing::encode;

fn load(text: &str) -> Result<Arc<Component>, LoadError> {
    Component::new(&encode(text))
}

fn definitions(text: &str) -> Vec<Definition> {
    match load(text) {
        Ok(component) => component.definitions.clone(),
        Err(error) => panic!("{error}: {text}"),
    }
}

/// A section with that number.
fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    let mut length = contents.len();
    while length > 0x7f {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(contents);
    bytes
}

/// A component with these sections.
fn component(sections: &[u8]) -> Vec<u8> {
    [b"\0asm\x0d\0\x01\0", sections].concat()
}

fn offset(bytes: &[u8]) -> usize {
    match Component::new(bytes) {
        Err(LoadError::Malformed { offset, .. } | LoadError::Invalid { offset, .. }) => offset,
        other => panic!("{other:?} has no offset"),
    }
}

#[test]
fn definitions_come_in_the_order_of_the_binary() {
    let definitions = definitions(
        r#"(component
            (import "f" (func $f))
            (component $c (import "g" (func)))
            (instance $i (instantiate $c (with "g" (func $f))))
            (export "i" (instance $i)))"#,
    );
    let [
        Definition::Type(Type::Func(_)),
        Definition::Import(import),
        Definition::Component(nested),
        Definition::Instance(Instance::Instantiate { component: 0, args }),
        Definition::Export(export),
    ] = definitions.as_slice()
    else {
        panic!("{definitions:?}");
    };
    assert_eq!((&*import.name, import.desc), ("f", ExternDesc::Func(0)));
    assert_eq!(nested.definitions.len(), 2);
    assert_eq!(args.as_slice(), [("g".into(), Sort::Func, 0)]);
    assert_eq!(
        (export.sort, export.index, export.desc),
        (Sort::Instance, 0, None)
    );
}

#[test]
fn a_core_type_is_the_same_through_any_number_of_outer_aliases() {
    let definitions = definitions(
        r#"(component
            (core type $f (func (param i32)))
            (type (instance
                (alias outer 1 $f (core type $g))
                (core type $m (module
                    (alias outer 1 $g (type $h))
                    (import "a" "b" (func (type $h)))
                    (export "c" (func (type $h)))))
                (export "m" (core module (type $m))))))"#,
    );
    let [
        Definition::CoreType(CoreType::Func(f)),
        Definition::Type(Type::Instance(body)),
    ] = definitions.as_slice()
    else {
        panic!("{definitions:?}");
    };
    let Some(TypeDecl::CoreType(CoreType::Module(module))) = body.decls.get(1) else {
        panic!("{body:?}");
    };
    let func = core::ExternType::Func(f.clone());
    assert_eq!(module.imports, [("a".into(), "b".into(), func.clone())]);
    assert_eq!(module.exports, [("c".into(), func)]);
}

#[test]
fn core_types_of_one_recursion_group_are_several_definitions() {
    let definitions = definitions(
        "(component (core rec
            (type $a (func (result (ref null $b))))
            (type $b (func (param (ref null $a))))))",
    );
    assert!(matches!(
        definitions.as_slice(),
        [Definition::CoreType(CoreType::Func(a)), Definition::CoreType(CoreType::Func(b))] if a != b
    ));
}

#[test]
fn what_does_not_follow_the_grammar_is_malformed_before_it_is_invalid() {
    let invalid = section(7, &[1, 0x67, 0x7d, 0]);
    assert!(matches!(
        Component::new(&component(&invalid)),
        Err(LoadError::Invalid { .. })
    ));
    let malformed = [invalid, section(7, &[1, 0x60])].concat();
    assert!(matches!(
        Component::new(&component(&malformed)),
        Err(LoadError::Malformed { .. })
    ));
}

#[test]
fn a_core_module_is_no_component() {
    for bytes in [
        encode("(module)"),
        Vec::new(),
        b"\0asm".to_vec(),
        b"\0asm\x0e\0\x01\0".to_vec(),
    ] {
        assert!(matches!(
            Component::new(&bytes),
            Err(LoadError::Malformed { .. })
        ));
    }
}

#[test]
fn an_offset_counts_from_the_start_of_the_outermost_component() {
    let module = b"\0asm\x01\0\0\0\x07\x05\x01\x01a\0\x05";
    let Err(LoadError::Invalid { offset: inside, .. }) = core::Module::new(module) else {
        panic!("an export must exist");
    };
    let inner = component(&section(1, module));
    assert_eq!(
        offset(&component(&section(4, &inner))),
        8 + 2 + 8 + 2 + inside
    );
    let sized = section(7, &[2, 0x7d, 0x67, 0x7d, 0x80, 0x80, 0x80, 0x80, 0x01]);
    assert_eq!(offset(&component(&sized)), 8 + 4);
    assert_eq!(
        offset(&component(&section(4, &component(&sized)))),
        8 + 2 + 8 + 4
    );
}

#[test]
fn what_the_runtime_does_not_have_is_unsupported() {
    let unsupported = [
        (r#"(component (import "v" (value u8)))"#, "values"),
        (
            "(component (core func (canon thread.available_parallelism)))",
            "shared-everything threads",
        ),
        ("(component (core type (struct)))", "gc"),
        ("(component (core module (func (param v128))))", "simd"),
    ];
    for (text, feature) in unsupported {
        assert_eq!(
            load(text),
            Err(LoadError::Unsupported { feature }),
            "{text}"
        );
    }
}

#[test]
fn an_invalid_component_is_invalid_though_it_holds_what_is_unsupported() {
    let text = r#"(component
        (core module (func (param v128)))
        (type (list u8 0))
        (core type (struct)))"#;
    assert!(matches!(load(text), Err(LoadError::Invalid { .. })));
}

#[test]
fn post_return_and_callback_belong_to_lift_though_the_validator_lets_future_write_have_them() {
    let write = |options: &str| {
        load(&format!(
            r#"(component
                (core module $M (memory (export "m") 1) (func (export "f")))
                (core instance $m (instantiate $M))
                (alias core export $m "f" (core func $f))
                (type $t (future u8))
                (core func (canon future.write $t {options} (memory (core memory $m "m")))))"#
        ))
    };
    assert!(write("async").is_ok());
    for options in [
        "async (callback (core func $f))",
        "(post-return (core func $f))",
    ] {
        let refused = write(options);
        assert!(
            matches!(refused, Err(LoadError::Invalid { offset: 1.., .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn no_nesting_overflows_the_stack() {
    let types = [[0x42, 1, 1].repeat(300_000).as_slice(), &[0x42, 0]].concat();
    let types = [&[1], types.as_slice()].concat();
    let deep = Err(LoadError::Unsupported {
        feature: "components or types nested deeper than 100",
    });
    assert_eq!(Component::new(&component(&section(7, &types))), deep);

    let mut nested = component(&[]);
    for _ in 0..200 {
        nested = component(&section(4, &nested));
    }
    assert_eq!(Component::new(&nested), deep);
}

/// A component that has something of every section.
const MIXED: &str = r#"(component
    (core module $m (memory (export "m") 1) (func (export "f") (param i32 i32))
        (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
    (core type $t (module (import "a" "b" (func)) (export "c" (memory 1))))
    (core instance $i (instantiate $m))
    (alias core export $i "m" (core memory $mem))
    (type $r (resource (rep i32)))
    (type $s (record (field "a" (list u8 3)) (field "b" (option string)) (field "c" (own $r))))
    (import "i" (instance $j (export "t" (type $t (sub resource))) (export "[method]t.g" (func
        (param "self" (borrow $t)) (result (tuple u8 char))))))
    (import "m" (core module (type $t)))
    (alias export $j "t" (type $u))
    (func $f (param "s" string)
        (canon lift (core func $i "f") (memory $mem) (realloc (core func $i "r"))))
    (core func (canon resource.new $r))
    (type (component (import "a" (func)) (export "b" (instance))))
    (component $c (import "f" (func $f (param "s" string))) (alias outer 1 $t (core type $v))
        (export "f" (func $f)))
    (instance $k (instantiate $c (with "f" (func $f))))
    (export "k" (instance $k)))"#;

#[test]
fn a_component_with_every_section_loads() {
    let exports = definitions(MIXED)
        .into_iter()
        .filter_map(|definition| match definition {
            Definition::Export(export) => Some(export.name),
            _ => None,
        });
    assert!(exports.eq(["k".into()]));
}

proptest::proptest! {
    #[test]
    fn no_change_of_a_valid_component_makes_loading_panic(
        changes in proptest::collection::vec((0..1_000_usize, proptest::num::u8::ANY), 1..4),
    ) {
        let mut bytes = encode(MIXED);
        for (place, byte) in changes {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        if let Ok(component) = Component::new(&bytes) {
            proptest::prop_assert!(component.definitions.len() < bytes.len());
        }
    }
}
