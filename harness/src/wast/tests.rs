use super::*;
use crate::results::Verdict;
use crate::runtime::fake::Fake;

/// One line a directive: place, keyword, verdict, and what was expected and happened.
fn report(text: &str) -> String {
    report_on(Fake::new(), text)
}

fn report_on(mut fake: Fake, text: &str) -> String {
    let line = |(place, judgement): (Place, Judgement)| {
        let Place {
            line,
            column,
            directive,
        } = place;
        let mut shown = format!("{line}:{column} {directive} {}", judgement.verdict);
        if let Some(detail) = judgement.detail {
            let part = |part: Option<String>| part.unwrap_or_else(|| "-".into());
            shown += &format!(" | {} | {}", part(detail.expected), part(detail.actual));
        }
        for extra in judgement.capability.into_iter().chain(judgement.rule) {
            shown += &format!(" | {extra}");
        }
        shown
    };
    let lines: Vec<String> = run_text(text, &mut fake, None)
        .into_iter()
        .map(line)
        .collect();
    lines.join("\n")
}

fn verdicts(text: &str) -> Vec<Verdict> {
    run_text(text, &mut Fake::new(), None)
        .into_iter()
        .map(|(_, j)| j.verdict)
        .collect()
}

#[test]
fn definitions_instances_and_calls_pass_when_the_runtime_does_them() {
    insta::assert_snapshot!(report(
        r#"
        (component $a)
        (component definition $D (core module))
        (component instance $i $D)
        (component instance $j $D)
        (component quote "(type u8)")
        (module)
        (module definition $M)
        (module instance $m $M)
        (register "name")
        (register "name" $i)
        (invoke "f")
        (assert_return (invoke $a "which") (u32.const 0))
        (assert_return (invoke $j "which") (u32.const 2))
        (assert_return (invoke "which") (u32.const 5))
        (assert_return (get $i "g") (str.const "g"))
        (assert_return (component))
        "#
    ), @r#"
    2:9 component pass
    3:9 component definition pass
    4:9 component instance pass
    5:9 component instance pass
    6:9 component quote pass
    7:9 module pass
    8:9 module definition pass
    9:9 module instance pass
    10:9 register pass
    11:9 register pass
    12:9 invoke pass
    13:9 assert_return pass | returned 0 | returned 0
    14:9 assert_return pass | returned 2 | returned 2
    15:9 assert_return pass | returned 5 | returned 5
    16:9 assert_return pass | returned "g" | returned "g"
    17:9 assert_return pass | returned | returned
    "#);
}

#[test]
fn assertions_of_failure_accept_their_class_and_nothing_else() {
    insta::assert_snapshot!(report(
        r#"
        (component)
        (assert_trap (invoke "trap!") "text")
        (assert_trap (invoke "exception!") "text")
        (assert_trap (invoke "f") "text")
        (assert_trap (component (core module (import "trap!" "" (func)))) "text")
        (assert_trap (component (core module (import "invalid!" "" (func)))) "text")
        (assert_exception (invoke "exception!"))
        (assert_exception (invoke "trap!"))
        (assert_suspension (invoke "suspension!") "text")
        (assert_exhaustion (invoke "exhaustion!") "text")
        (assert_exhaustion (invoke "trap!") "text")
        (assert_unlinkable (module (import "unlinkable!" "" (func))) "text")
        (assert_unlinkable (module (import "trap!" "" (func))) "text")
        (assert_unlinkable (module) "text")
        (assert_invalid (module (import "invalid!" "" (func))) "text")
        (assert_invalid (module (import "malformed!" "" (func))) "text")
        (assert_invalid (module) "text")
        (assert_malformed (module binary "malformed!") "text")
        (assert_malformed (module quote "(nonsense") "text")
        (assert_malformed (module quote "(func)") "text")
        (assert_invalid (module (func call $nowhere)) "text")
        "#
    ), @r"
    2:9 component pass
    3:9 assert_trap pass | trap: text | trap: said trap! | rule/trap!
    4:9 assert_trap fail | trap: text | exception: said exception! | rule/exception!
    5:9 assert_trap fail | trap: text | returned
    6:9 assert_trap pass | trap: text | trap: said trap! | rule/trap!
    7:9 assert_trap fail | a valid definition | invalid: said invalid! | rule/invalid!
    8:9 assert_exception pass | exception | exception: said exception! | rule/exception!
    9:9 assert_exception fail | exception | trap: said trap! | rule/trap!
    10:9 assert_suspension pass | suspension: text | suspension: said suspension! | rule/suspension!
    11:9 assert_exhaustion pass | exhaustion: text | exhaustion: said exhaustion! | rule/exhaustion!
    12:9 assert_exhaustion fail | exhaustion: text | trap: said trap! | rule/trap!
    13:9 assert_unlinkable pass | unlinkable: text | unlinkable: said unlinkable! | rule/unlinkable!
    14:9 assert_unlinkable fail | unlinkable: text | trap: said trap! | rule/trap!
    15:9 assert_unlinkable fail | unlinkable: text | linked and instantiated
    16:9 assert_invalid pass | invalid: text | invalid: said invalid! | rule/invalid!
    17:9 assert_invalid pass | invalid: text | malformed: said malformed! | rule/malformed!
    18:9 assert_invalid fail | invalid: text | accepted
    19:9 assert_malformed pass | malformed: text | malformed: said malformed! | rule/malformed!
    20:9 assert_malformed pass | malformed: text | malformed: expected valid module field
    21:9 assert_malformed fail | malformed: text | accepted
    22:9 assert_invalid pass | invalid: text | malformed: unknown func: failed to find name `$nowhere`
    ");
}

#[test]
fn what_is_missing_is_unsupported_and_what_makes_no_sense_is_an_error() {
    insta::assert_snapshot!(report(
        r#"
        (component)
        (assert_return (invoke "unsupported!"))
        (assert_trap (invoke "unsupported!") "text")
        (assert_invalid (module (import "unsupported!" "" (func))) "text")
        (assert_return (invoke "usage!"))
        (assert_return (invoke $nobody "f"))
        (component instance $i $nobody)
        (assert_return (invoke "f" (ref.null 3)))
        (thread $t (module))
        (wait $t)
        "#
    ), @r"
    2:9 component pass
    3:9 assert_return unsupported | returned | unsupported (gc): said unsupported! | gc | rule/unsupported!
    4:9 assert_trap unsupported | trap: text | unsupported (gc): said unsupported! | gc | rule/unsupported!
    5:9 assert_invalid unsupported | invalid: text | unsupported (gc): said unsupported! | gc | rule/unsupported!
    6:9 assert_return error | returned | usage error: said usage! | rule/usage!
    7:9 assert_return error | - | there is no instance named `$nobody`
    8:9 component instance error | - | there is no definition named `$nobody`
    9:9 assert_return error | - | not run: depends on the instance of line 8, which did not come about
    10:9 thread unsupported | - | unsupported: threads of a script | threads of a script
    11:9 wait unsupported | - | unsupported: threads of a script | threads of a script
    ");
}

#[test]
fn a_failed_definition_takes_along_what_depends_on_it_and_nothing_else() {
    insta::assert_snapshot!(report(
        r#"
        (component $good)
        (component $bad (core module (import "invalid!" "" (func))))
        (assert_return (invoke "f"))
        (component instance $i $bad)
        (assert_return (invoke $i "f"))
        (assert_return (invoke $good "f"))
        (component)
        (assert_return (invoke "f"))
        "#
    ), @r"
    2:9 component pass
    3:9 component fail | a valid definition | invalid: said invalid! | rule/invalid!
    4:9 assert_return error | - | not run: depends on the instance of line 3, which did not come about
    5:9 component instance error | - | not run: depends on the definition of line 3, which did not come about
    6:9 assert_return error | - | not run: depends on the instance of line 5, which did not come about
    7:9 assert_return pass | returned | returned
    8:9 component pass
    9:9 assert_return pass | returned | returned
    ");
}

#[test]
fn what_depends_on_an_unsupported_definition_is_unsupported_too() {
    let text = r#"
        (module (import "unsupported!" "" (func)))
        (assert_return (invoke "f"))
        (register "name")
        (module)
        (assert_return (invoke "f"))"#;
    let unsupported = Verdict::Unsupported;
    let expected = [
        unsupported,
        unsupported,
        unsupported,
        Verdict::Pass,
        Verdict::Pass,
    ];
    assert_eq!(verdicts(text), expected);
}

#[test]
fn results_are_compared_in_number_kind_and_value() {
    let compare = |arg: &str, ret: &str| {
        let text = format!("(component) (assert_return (invoke \"echo\" {arg}) {ret})");
        verdicts(&text)[1] == Verdict::Pass
    };
    assert!(compare("(u32.const 1)", "(u32.const 1)"));
    assert!(!compare("(u32.const 1)", "(u32.const 2)"));
    assert!(!compare("(u32.const 1)", "(s32.const 1)"));
    assert!(!compare("(u32.const 1)", ""));
    assert!(!compare("", "(u32.const 1)"));
    assert!(compare("(f32.const nan)", "(f32.const nan:0x200000)"));
    assert!(compare("(f64.const -0)", "(f64.const -0)"));
    assert!(!compare("(f64.const -0)", "(f64.const 0)"));
    assert!(compare(
        "(flags.const \"a\" \"b\")",
        "(flags.const \"b\" \"a\")"
    ));
    assert!(!compare("(flags.const \"a\" \"b\")", "(flags.const \"a\")"));
    assert!(compare(
        "(result.ok (u8.const 1))",
        "(result.ok (u8.const 1))"
    ));
    assert!(!compare(
        "(result.ok (u8.const 1))",
        "(result.err (u8.const 1))"
    ));
    assert!(!compare("(result.ok (u8.const 1))", "(result.ok)"));
    assert!(!compare("(list.const (u8.const 1))", "(list.const)"));
    assert!(!compare(
        "(record.const (field \"a\" u8.const 1))",
        "(record.const (field \"b\" u8.const 1))"
    ));
    assert!(!compare(
        "(option.some (char.const \"a\"))",
        "(option.some (char.const \"b\"))"
    ));
    assert!(!compare(
        "(variant.const \"a\" (u8.const 1))",
        "(variant.const \"a\" (u8.const 2))"
    ));
}

#[test]
fn core_results_may_be_given_as_patterns() {
    let compare = |arg: &str, ret: &str| {
        let text = format!("(module) (assert_return (invoke \"echo\" {arg}) {ret})");
        verdicts(&text)[1] == Verdict::Pass
    };
    assert!(compare(
        "(f32.const -nan:0x400000)",
        "(f32.const nan:canonical)"
    ));
    assert!(!compare(
        "(f32.const nan:0x400001)",
        "(f32.const nan:canonical)"
    ));
    assert!(compare(
        "(f32.const nan:0x400001)",
        "(f32.const nan:arithmetic)"
    ));
    assert!(!compare(
        "(f32.const nan:0x200000)",
        "(f32.const nan:arithmetic)"
    ));
    assert!(!compare("(f32.const nan:0x200000)", "(f32.const nan)"));
    assert!(!compare("(f64.const inf)", "(f64.const nan:arithmetic)"));
    assert!(compare(
        "(i32.const 2)",
        "(either (i32.const 1) (i32.const 2))"
    ));
    assert!(!compare(
        "(i32.const 3)",
        "(either (i32.const 1) (i32.const 2))"
    ));
    assert!(compare("(ref.null func)", "(ref.null)"));
    assert!(compare("(ref.null eq)", "(ref.null any)"));
    assert!(!compare("(ref.null extern)", "(ref.null func)"));
    assert!(!compare("(ref.null func)", "(ref.func)"));
    assert!(compare("(ref.extern 1)", "(ref.extern)"));
    assert!(!compare("(ref.extern 1)", "(ref.extern 2)"));
    assert!(compare("(ref.host 1)", "(ref.any)"));
    assert!(!compare("(ref.host 1)", "(ref.eq)"));
    assert!(compare(
        "(v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 -16)",
        "(v128.const i16x8 0x201 0x403 0x605 0x807 0xa09 0xc0b 0xe0d 0xf00f)"
    ));
    assert!(compare(
        "(v128.const f32x4 nan 1 2 3)",
        "(v128.const f32x4 nan:canonical 1 2 3)"
    ));
    assert!(!compare("(v128.const f64x2 1 2)", "(v128.const f64x2 2 1)"));
}

#[test]
fn messages_count_only_for_a_runtime_that_asks_for_it() {
    let text = r#"
        (component)
        (assert_trap (invoke "trap!") "said trap!")
        (assert_trap (invoke "trap!") "something else")
        (assert_malformed (component quote "(nonsense)") "something else")"#;
    let verdicts_of = |fake: &mut Fake| -> Vec<Verdict> {
        run_text(text, fake, None)
            .into_iter()
            .skip(1)
            .map(|(_, j)| j.verdict)
            .collect()
    };
    assert_eq!(verdicts_of(&mut Fake::new()), [Verdict::Pass; 3]);
    assert_eq!(
        verdicts_of(&mut Fake::that_matches_messages()),
        [Verdict::Pass, Verdict::Fail, Verdict::Pass]
    );
}

#[test]
fn after_a_crash_the_rest_of_the_file_is_not_run() {
    insta::assert_snapshot!(report(
        r#"
        (component)
        (assert_trap (invoke "panic!") "text")
        (assert_return (invoke "f"))
        "#
    ), @r"
    2:9 component pass
    3:9 assert_trap crash | - | panicked: out of ideas
    4:9 assert_return error | - | not run: the runtime was lost on line 3
    ");
}

#[test]
fn after_the_deadline_every_directive_is_a_timeout() {
    use std::time::{Duration, Instant};
    let text = "(component) (invoke \"hang!\") (component)";
    let deadline = Some(Instant::now() + Duration::from_millis(50));
    let results = run_text(text, &mut Fake::new(), deadline);
    let verdicts: Vec<Verdict> = results.into_iter().map(|(_, j)| j.verdict).collect();
    assert_eq!(
        verdicts,
        [Verdict::Pass, Verdict::Timeout, Verdict::Timeout]
    );
}

#[test]
fn a_text_that_is_not_a_script_is_one_error_with_its_place() {
    insta::assert_snapshot!(report("(component)\n  (assert_nothing)"), @"2:4 file error | - | not a script: unexpected token, expected one of: `module`, `component`, `assert_malformed`, `assert_malformed_custom`, `assert_invalid`, `assert_invalid_custom`, `register`, `invoke`, `assert_trap`, `assert_return`, `assert_exhaustion`, `assert_unlinkable`, `assert_exception`, `assert_suspension`, `thread`, `wait`");
    insta::assert_snapshot!(report("(component)\n(module \"unfinished"), @"2:20 file error | - | not a script: unexpected end-of-file");
    insta::assert_snapshot!(report("(component"), @"1:11 file error | - | not a script: expected `)`");
    insta::assert_snapshot!(report("\u{0}\u{1}"), @r#"1:1 file error | - | not a script: unexpected character '\u{0}'"#);
}

#[test]
fn a_bare_module_is_a_script_and_an_empty_text_is_not() {
    assert_eq!(verdicts("(func)"), [Verdict::Pass]);
    assert_eq!(verdicts(""), [Verdict::Error]);
}
