use super::*;
use crate::component::ast::Component;
use crate::component::testing::encode;
use crate::error::LoadError;

/// Asserts that `text`, the inside of a component, breaks a rule, or none.
fn check(text: &str, expected: Option<Broken>) {
    match (
        Component::new(&encode(&format!("(component {text})"))),
        expected,
    ) {
        (Ok(_), None) => {}
        (Err(LoadError::Invalid { message, .. }), Some(broken)) => {
            assert_eq!(message, broken.to_string(), "{text}");
        }
        (loaded, expected) => panic!("{text}: {:?}, not {expected:?}", loaded.err()),
    }
}

fn too_large(size: u64) -> Option<Broken> {
    Some(Broken::TooLarge { size })
}

#[test]
fn a_value_takes_less_than_2_to_the_28_bytes() {
    check("(type (list u8 0x0fff_ffff))", None);
    check("(type (list u8 0x1000_0000))", too_large(1 << 28));
    check("(type (list string 0x0100_0000))", too_large(1 << 28));
    check("(type (option (list u8 0x0fff_ffff)))", too_large(1 << 28));
    check(
        "(type (tuple (list u8 0x0800_0000) (list u16 0x0400_0000)))",
        too_large(1 << 28),
    );
    check(
        "(type (list (list u8 0x0fff_ffff) 0x3fff_ffff))",
        too_large(0x0fff_ffff * 0x3fff_ffff),
    );
    check("(type (list (list u8 0x0fff_ffff)))", None);
    check("(type (stream (list u8 0x0fff_ffff)))", None);
}

#[test]
fn a_size_is_found_through_aliases_of_every_kind() {
    let used = "(type (tuple $t u8))";
    let sized = "(list u8 0x0fff_ffff)";
    let exports = format!("(type $e {sized}) (export \"t\" (type (eq $e)))");
    let scopes = [
        format!("(type $t {sized}) (component (alias outer 1 $t (type $t)) {used})"),
        format!("(type $t {sized}) (type (instance (alias outer 1 $t (type $t)) {used}))"),
        format!("(type $e {sized}) (import \"t\" (type $t (eq $e))) {used}"),
        format!("(type $e {sized}) (export $t \"t\" (type $e)) {used}"),
        format!("(import \"i\" (instance $i {exports})) (alias export $i \"t\" (type $t)) {used}"),
        format!(
            "(type (component (import \"i\" (instance $i {exports}))
               (alias export $i \"t\" (type $t)) {used}))"
        ),
        format!(
            "(component $c (type $e {sized}) (export \"t\" (type $e)))
             (instance $i (instantiate $c)) (alias export $i \"t\" (type $t)) {used}"
        ),
        format!(
            "(type $e {sized}) (instance $i (export \"t\" (type $e)))
             (alias export $i \"t\" (type $t)) {used}"
        ),
        format!(
            "(import \"c\" (component $c {exports})) (instance $i (instantiate $c))
             (alias export $i \"t\" (type $t)) {used}"
        ),
    ];
    for scope in scopes {
        check(&scope, too_large(1 << 28));
    }
}

#[test]
fn a_map_has_keys_of_certain_primitive_types() {
    for key in ["bool", "s8", "u64", "char", "string"] {
        check(&format!("(type (map {key} u8))"), None);
        check(&format!("(type $k {key}) (type (map $k u8))"), None);
    }
    for key in [
        "f32",
        "f64",
        "error-context",
        "(list u8)",
        "(tuple u8)",
        "(option u8)",
    ] {
        check(&format!("(type (map {key} u8))"), Some(Broken::MapKey));
        check(
            &format!("(type (instance (type (map {key} u8))))"),
            Some(Broken::MapKey),
        );
    }
}

#[test]
fn no_borrow_goes_through_a_stream_or_future() {
    let resource = "(type $r (resource (rep i32))) (type $b (borrow $r))";
    for element in ["$b", "(list $b)", "(option (tuple u8 $b))", "(map u8 $b)"] {
        for channel in ["stream", "future"] {
            let text = format!("{resource} (type ({channel} {element}))");
            check(&text, Some(Broken::BorrowInChannel));
        }
    }
    check(
        &format!("{resource} (type (stream (own $r))) (type (future))"),
        None,
    );
    check(
        &format!("{resource} (type (func (param \"x\" (list $b))))"),
        None,
    );
}

#[test]
fn a_name_is_plain_or_that_of_an_interface() {
    for name in ["a", "get-JSON", "a:b/c", "a:b/c@1.2.3-x.y+z"] {
        check(&format!("(import \"{name}\" (func))"), None);
    }
    for name in [
        "url=<https://a.b>",
        "unlocked-dep=<a:b>",
        "integrity=<sha256-YQ==>",
    ] {
        check(&format!("(import \"{name}\" (func))"), Some(Broken::Name));
        check(
            &format!("(type (component (import \"{name}\" (func))))"),
            Some(Broken::Name),
        );
    }
}

fn not_unique(name: &str, earlier: &str) -> Option<Broken> {
    Some(Broken::NotUnique {
        name: name.into(),
        earlier: earlier.into(),
    })
}

#[test]
fn the_case_of_an_interface_does_not_tell_two_names_apart_in_any_scope() {
    let declared = |keyword: &str, name: &str| {
        format!("({keyword} \"a:b/c\" (func)) ({keyword} \"{name}\" (func))")
    };
    let defined =
        |name: &str| format!("(export \"a:b/c\" (func $f)) (export \"{name}\" (func $f))");
    let scopes = |name: &str| {
        [
            declared("import", name),
            format!("(type (component {}))", declared("import", name)),
            format!("(type (component {}))", declared("export", name)),
            format!("(type (instance {}))", declared("export", name)),
            format!("(import \"f\" (func $f)) {}", defined(name)),
            format!("(import \"f\" (func $f)) (instance {})", defined(name)),
        ]
    };
    for scope in scopes("a:b/C") {
        check(&scope, not_unique("a:b/C", "a:b/c"));
    }
    for scope in scopes("a:b/c-d") {
        check(&scope, None);
    }
}

#[test]
fn the_case_of_a_method_does_not_tell_two_names_apart_in_any_scope() {
    let func = |resource: &str| format!("(func (param \"self\" (borrow {resource})))");
    let declared = |keyword: &str, name: &str| {
        format!(
            "({keyword} \"r\" (type $r (sub resource)))
             ({keyword} \"[method]r.get-a\" {func}) ({keyword} \"{name}\" {func})",
            func = func("$r"),
        )
    };
    let scopes = |name: &str| {
        [
            declared("import", name),
            format!("(type (component {}))", declared("import", name)),
            format!("(type (component {}))", declared("export", name)),
            format!("(type (instance {}))", declared("export", name)),
            format!(
                "(component
                   (import \"r\" (type $own (sub resource)))
                   (import \"f\" (func $f (param \"self\" (borrow $own))))
                   (export $r \"r\" (type $own))
                   (export \"[method]r.get-a\" (func $f) {func})
                   (export \"{name}\" (func $f) {func}))",
                func = func("$r"),
            ),
        ]
    };
    for name in ["[method]r.get-A", "[static]r.GET-a"] {
        for scope in scopes(name) {
            check(&scope, not_unique(name, "[method]r.get-a"));
        }
    }
    for name in ["[method]r.get-b", "[static]r.get"] {
        for scope in scopes(name) {
            check(&scope, None);
        }
    }
}

#[test]
fn an_import_and_an_export_may_have_one_name() {
    check(
        "(import \"a:b/c\" (func $f)) (export \"a:b/C\" (func $f))",
        None,
    );
}
