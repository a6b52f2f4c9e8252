use super::*;
use crate::component::testing::encode;
use crate::machine::choice::Deterministic;
use crate::machine::embed::Machine;
use crate::machine::limits::Limits;

fn component(text: &str) -> Arc<Component> {
    Component::new(&encode(text)).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What comes of linking a component with these imports to what an instance of a component with
/// these definitions exports.
fn link(exporting: &str, importing: &str) -> Result<(), LinkError> {
    let mut machine = Machine::new(Limits::default());
    let provider = component(&format!("(component {exporting})"));
    let instance = machine
        .instantiate(&provider, &BTreeMap::new(), &mut Deterministic)
        .unwrap_or_else(|error| panic!("{error}: {exporting}"));
    let consumer = component(&format!("(component {importing})"));
    check_imports(&consumer, &instance.exports, &machine.store)
}

fn mismatch(path: &str, sort: &'static str) -> Result<(), LinkError> {
    Err(LinkError::Type {
        path: path.to_owned(),
        sort,
    })
}

/// Exports `f`, a function with that type.
fn exporting_func(params: &str, core_params: &str) -> String {
    format!(
        r#"(core module $m (func (export "f") {core_params}))
           (core instance $i (instantiate $m))
           (func $f {params} (canon lift (core func $i "f")))
           (export "f" (func $f))"#
    )
}

#[test]
fn functions_are_of_the_same_type_when_effect_names_and_types_are_the_same() {
    let exporting = exporting_func(r#"(param "a" u8)"#, "(param i32)");
    let importing = |ty: &str| link(&exporting, &format!(r#"(import "f" (func {ty}))"#));
    assert_eq!(importing(r#"(param "a" u8)"#), Ok(()));
    for other in [
        "",
        r#"(param "b" u8)"#,
        r#"(param "a" u16)"#,
        r#"(param "a" u8) (param "b" u8)"#,
        r#"(param "a" u8) (result u8)"#,
        r#"async (param "a" u8)"#,
    ] {
        assert_eq!(importing(other), mismatch("f", "function"), "{other}");
    }
}

#[test]
fn what_is_imported_must_be_there_and_of_the_sort_that_is_declared() {
    let exporting = exporting_func("", "");
    let missing = LinkError::Missing {
        path: "g".to_owned(),
    };
    assert_eq!(link(&exporting, r#"(import "g" (func))"#), Err(missing));
    let sort = LinkError::Sort {
        path: "f".to_owned(),
        expected: "instance",
        found: "function",
    };
    assert_eq!(link(&exporting, r#"(import "f" (instance))"#), Err(sort));
    assert_eq!(link(&exporting, ""), Ok(()));
}

#[test]
fn an_instance_may_export_more_than_is_declared_and_not_less() {
    let exporting = exporting_func("", "")
        + r#"(instance $j (export "f" (func $f)))
        (instance $k (export "j" (instance $j))) (export "k" (instance $k))"#;
    let importing = |decls: &str| link(&exporting, &format!(r#"(import "k" (instance {decls}))"#));
    assert_eq!(importing(""), Ok(()));
    assert_eq!(
        importing(r#"(export "j" (instance (export "f" (func))))"#),
        Ok(())
    );
    let missing = LinkError::Missing {
        path: "k`.`j`.`g".to_owned(),
    };
    assert_eq!(
        importing(r#"(export "j" (instance (export "g" (func))))"#),
        Err(missing)
    );
}

/// Exports the resources `r` and `s`, and `f`, which takes an `r`.
const RESOURCES: &str = r#"
    (type $r' (resource (rep i32)))
    (type $s' (resource (rep i32)))
    (export $r "r" (type $r'))
    (export $s "s" (type $s'))
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func $f (param "x" (own $r)) (canon lift (core func $i "f")))
    (export "f" (func $f))"#;

#[test]
fn an_imported_resource_type_is_the_one_supplied_in_what_is_imported_after_it() {
    let taking = |resource: &str| {
        format!(
            r#"(import "r" (type $r (sub resource)))
               (import "s" (type $s (sub resource)))
               (import "f" (func (param "x" (own ${resource}))))"#
        )
    };
    assert_eq!(link(RESOURCES, &taking("r")), Ok(()));
    assert_eq!(link(RESOURCES, &taking("s")), mismatch("f", "function"));
}

#[test]
fn a_type_bounded_by_equality_must_be_that_type() {
    let importing = |name: &str| {
        format!(
            r#"(import "r" (type $r (sub resource)))
               (import "{name}" (type (eq $r)))"#
        )
    };
    assert_eq!(link(RESOURCES, &importing("s")), mismatch("s", "type"));
    let exporting = r#"(type $t (record (field "a" u8))) (export "t" (type $t))"#;
    let importing = |ty: &str| {
        link(
            exporting,
            &format!(r#"(type $t {ty}) (import "t" (type (eq $t)))"#),
        )
    };
    assert_eq!(importing(r#"(record (field "a" u8))"#), Ok(()));
    assert_eq!(
        importing(r#"(record (field "b" u8))"#),
        mismatch("t", "type")
    );
}

#[test]
fn instance_types_are_equal_when_each_has_what_the_other_has() {
    let exporting = r#"(type $t (instance
            (export "f" (func)) (export "i" (instance (export "g" (func (param "x" u8)))))))
        (export "t" (type $t))"#;
    let importing = |decls: &str| {
        link(
            exporting,
            &format!(r#"(type $t (instance {decls})) (import "t" (type (eq $t)))"#),
        )
    };
    let all = r#"(type $u u8) (type $g (func (param "x" $u)))
        (export "i" (instance (alias outer 1 $g (type $g')) (export "g" (func (type $g')))))
        (export "f" (func))"#;
    assert_eq!(importing(all), Ok(()));
    assert_eq!(importing(r#"(export "f" (func))"#), mismatch("t", "type"));
    assert_eq!(
        importing(&format!(r#"{all} (export "h" (func))"#)),
        mismatch("t", "type")
    );
}

#[test]
fn a_core_module_may_export_more_and_import_less_than_is_declared() {
    let exporting = r#"(core module $m
            (import "a" "b" (func)) (memory (export "m") 2 3) (func (export "f")))
        (export "m" (core module $m))"#;
    let importing =
        |decls: &str| link(exporting, &format!(r#"(import "m" (core module {decls}))"#));
    let given = r#"(import "a" "b" (func)) (import "a" "c" (func))"#;
    assert_eq!(
        importing(&format!(r#"{given} (export "m" (memory 1))"#)),
        Ok(())
    );
    assert_eq!(
        importing(r#"(export "m" (memory 1))"#),
        mismatch("m", "core module")
    );
    for export in [
        r#"(export "m" (memory 3))"#,
        r#"(export "f" (func (param i32)))"#,
        r#"(export "g" (func))"#,
    ] {
        assert_eq!(
            importing(&format!("{given} {export}")),
            mismatch("m", "core module"),
            "{export}"
        );
    }
}

#[test]
fn a_component_may_export_more_and_import_less_than_is_declared() {
    let exporting = r#"(component $c
            (import "r" (type $r (sub resource)))
            (import "a" (func $a (param "x" (borrow $r))))
            (export "x" (func $a)) (export "y" (func $a)))
        (export "c" (component $c))"#;
    let importing = |decls: &str| link(exporting, &format!(r#"(import "c" (component {decls}))"#));
    let given =
        r#"(import "r" (type $r (sub resource))) (import "a" (func (param "x" (borrow $r))))"#;
    let same = r#"(export "x" (func (param "x" (borrow $r))))"#;
    assert_eq!(
        importing(&format!(r#"{given} (import "b" (func)) {same}"#)),
        Ok(())
    );
    assert_eq!(
        importing(&format!(r#"{given} (export "x" (func))"#)),
        mismatch("c`.`x", "function")
    );
    let missing = LinkError::Missing {
        path: "c`.`a".to_owned(),
    };
    assert_eq!(
        importing(r#"(import "r" (type (sub resource)))"#),
        Err(missing)
    );
    let other = r#"(import "r" (type (sub resource))) (import "a" (func))"#;
    assert_eq!(importing(other), mismatch("c`.`a", "function"));
}

#[test]
fn an_exported_resource_type_may_be_declared_abstract_or_as_what_it_is() {
    let exporting = r#"(component $c
            (import "r" (type $r (sub resource)))
            (export $e "e" (type $r))
            (import "f" (func $f (param "x" (own $r))))
            (export "f" (func $f) (func (param "x" (own $e)))))
        (export "c" (component $c))"#;
    let importing = |own: &str| {
        let text = format!(
            r#"(import "c" (component
                (import "r" (type $r (sub resource)))
                (import "f" (func (param "x" (own $r))))
                (export "e" (type $e {own}))
                (export "f" (func (param "x" (own $e))))))"#
        );
        link(exporting, &text)
    };
    assert_eq!(importing("(sub resource)"), Ok(()));
    assert_eq!(importing("(eq $r)"), Ok(()));
}

#[test]
fn a_component_that_imports_core_modules_cannot_be_compared() {
    let exporting = r#"(component $c) (export "c" (component $c))"#;
    let importing = r#"(import "c" (component (import "m" (core module))))"#;
    let unsupported = LinkError::HigherOrder {
        path: "c`.`m".to_owned(),
    };
    assert_eq!(link(exporting, importing), Err(unsupported));
}

#[test]
fn a_declared_type_may_come_from_a_nested_instance() {
    let exporting = exporting_func(r#"(param "x" u8)"#, "(param i32)");
    let importing = |ty: &str| {
        format!(
            r#"(component $c (import "t" (type $t (eq 0))) (export "u" (type $t)))
               (type $t {ty})
               (instance $i (instantiate $c (with "t" (type $t))))
               (alias export $i "u" (type $u))
               (import "f" (func (param "x" $u)))"#
        )
        .replace("(component $c", &format!("(component $c (type {ty})"))
    };
    assert_eq!(link(&exporting, &importing("u8")), Ok(()));
    assert_eq!(
        link(&exporting, &importing("u16")),
        mismatch("f", "function")
    );
}

#[test]
fn types_that_take_too_long_to_evaluate_are_refused() {
    let mut importing = "(component $c0)".to_owned();
    for index in 1..60 {
        let previous = index - 1;
        importing += &format!(
            "(component $c{index}
                (alias outer 1 $c{previous} (component $c))
                (instance (instantiate $c)) (instance (instantiate $c)))"
        );
    }
    importing += r#"(instance (instantiate $c59)) (import "f" (func))"#;
    assert_eq!(
        link(&exporting_func("", ""), &importing),
        Err(LinkError::TooComplex)
    );
}
