//! Checks of calls: values of every type both ways, traps, misuse, calls that overlap.

use assize_protocol::types::Type;
use assize_protocol::value::Value;
use assize_protocol::value::json::{from_json, to_json};
use serde_json::{Value as Json, json};

use super::components::{CORE, SMALL, same};
use super::session::Session;
use super::{Check, Run, Step};

/// So many bytes have to go both ways in one value.
const BIG: usize = 1 << 20;

/// A type whose values go in and come out again.
pub(super) struct Same {
    /// The definition of the type, where it has to have a name.
    definition: &'static str,
    /// The type in the text format.
    name: &'static str,
    /// The core function that returns what it gets.
    core: &'static str,
    /// The type in the protocol's notation.
    ty: &'static str,
    /// Values of it in the protocol's notation.
    values: &'static str,
}

/// The JSON of a table of this program.
fn table<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the tables of the battery are tested")
}

impl Same {
    /// The component.
    pub(super) fn text(&self) -> String {
        same(self.definition, self.name, self.core)
    }

    /// The type.
    pub(super) fn ty(&self) -> Type {
        table(self.ty)
    }

    pub(super) fn run(&self, session: &mut Session) -> Step {
        let ty = self.ty();
        let values: Vec<Json> = table(self.values);
        let instance = session.instance(&self.text())?;
        for json in &values {
            let value = from_json(json, &ty).expect("the tables of the battery are tested");
            let came = session.call(instance, "same", &[(&value, &ty)], Some(&ty))?;
            if came.as_ref() != Some(&value) {
                return Err(session.wrong(format!("the value {json} that was sent")));
            }
        }
        Ok(())
    }
}

const PLAIN: &str = "values come back as they were sent";
const TEXT: &str =
    "64-bit integers are decimal strings, since many languages' JSON has no such numbers";
const BITS: &str = "floats are written by their bits: the payload of a NaN is part of a result";
const NAMES: &str = "values are written with the names of their types, in any order";

/// A check that values of a type go in and come out.
const fn check(
    name: &'static str,
    why: &'static str,
    needs: &'static [&'static str],
    same: Same,
) -> Check {
    Check {
        name,
        why,
        needs,
        run: Run::Same(same),
    }
}

/// A type that needs no definition.
const fn plain(
    name: &'static str,
    core: &'static str,
    ty: &'static str,
    values: &'static str,
) -> Same {
    Same {
        definition: "",
        name,
        core,
        ty,
        values,
    }
}

/// A type that is defined, and exported as `t`.
const fn defined(
    definition: &'static str,
    core: &'static str,
    ty: &'static str,
    values: &'static str,
) -> Same {
    Same {
        definition,
        name: "$t",
        core,
        ty,
        values,
    }
}

pub(super) const VALUES: [Check; 24] = [
    check(
        "call/bool",
        PLAIN,
        &[],
        plain("bool", "i32", r#""bool""#, "[false, true]"),
    ),
    check(
        "call/s8",
        PLAIN,
        &[],
        plain("s8", "i32", r#""s8""#, "[-128, 127]"),
    ),
    check(
        "call/u8",
        PLAIN,
        &[],
        plain("u8", "i32", r#""u8""#, "[0, 255]"),
    ),
    check(
        "call/s16",
        PLAIN,
        &[],
        plain("s16", "i32", r#""s16""#, "[-32768, 32767]"),
    ),
    check(
        "call/u16",
        PLAIN,
        &[],
        plain("u16", "i32", r#""u16""#, "[0, 65535]"),
    ),
    check(
        "call/s32",
        PLAIN,
        &[],
        plain("s32", "i32", r#""s32""#, "[-2147483648, 2147483647]"),
    ),
    check(
        "call/u32",
        PLAIN,
        &[],
        plain("u32", "i32", r#""u32""#, "[0, 4294967295]"),
    ),
    check(
        "call/s64",
        TEXT,
        &[],
        plain(
            "s64",
            "i64",
            r#""s64""#,
            r#"["-9223372036854775808", "9007199254740993"]"#,
        ),
    ),
    check(
        "call/u64",
        TEXT,
        &[],
        plain("u64", "i64", r#""u64""#, r#"["0", "18446744073709551615"]"#),
    ),
    check(
        "call/f32",
        BITS,
        &[],
        plain(
            "f32",
            "f32",
            r#""f32""#,
            r#"["0x80000000", "0x00000001", "0xff800000", "0x7fc00000"]"#,
        ),
    ),
    check(
        "call/f64",
        BITS,
        &[],
        plain(
            "f64",
            "f64",
            r#""f64""#,
            r#"["0x8000000000000000", "0x0000000000000001", "0xfff0000000000000", "0x7ff8000000000000"]"#,
        ),
    ),
    check(
        "call/char",
        PLAIN,
        &[],
        plain("char", "i32", r#""char""#, r#"["a", "\u0000", "🐘"]"#),
    ),
    check(
        "call/string",
        PLAIN,
        &[],
        plain(
            "string",
            "pair",
            r#""string""#,
            r#"["", "a \"b\"\n", "\u0000 é 🐘"]"#,
        ),
    ),
    check(
        "call/list",
        PLAIN,
        &[],
        plain("(list u8)", "pair", r#"{"list": "u8"}"#, "[[], [0, 255]]"),
    ),
    check(
        "call/list-of-strings",
        PLAIN,
        &[],
        plain(
            "(list string)",
            "pair",
            r#"{"list": "string"}"#,
            r#"[["a", "", "bc"]]"#,
        ),
    ),
    check(
        "call/fixed-list",
        PLAIN,
        &["fixed-length-lists"],
        plain(
            "(list u32 2)",
            "pair",
            r#"{"fixed-list": ["u32", 2]}"#,
            "[[1, 4294967295]]",
        ),
    ),
    check(
        "call/map",
        "a map is an array of pairs: its keys may be of any type",
        &["map"],
        plain(
            "(map u8 u8)",
            "pair",
            r#"{"map": ["u8", "u8"]}"#,
            "[[], [[1, 2], [3, 4]]]",
        ),
    ),
    check(
        "call/record",
        NAMES,
        &[],
        defined(
            r#"(type $d (record (field "zeta" u32) (field "alpha" u32))) (export $t "t" (type $d))"#,
            "pair",
            r#"{"record": [["zeta", "u32"], ["alpha", "u32"]]}"#,
            r#"[{"alpha": 2, "zeta": 1}]"#,
        ),
    ),
    check(
        "call/tuple",
        PLAIN,
        &[],
        plain(
            "(tuple u32 s32)",
            "pair",
            r#"{"tuple": ["u32", "s32"]}"#,
            "[[1, -1]]",
        ),
    ),
    check(
        "call/variant",
        NAMES,
        &[],
        defined(
            r#"(type $d (variant (case "none") (case "some" u32))) (export $t "t" (type $d))"#,
            "pair",
            r#"{"variant": [["none", null], ["some", "u32"]]}"#,
            r#"[{"case": "none"}, {"case": "some", "value": 0}]"#,
        ),
    ),
    check(
        "call/enum",
        NAMES,
        &[],
        defined(
            r#"(type $d (enum "b" "a")) (export $t "t" (type $d))"#,
            "i32",
            r#"{"enum": ["b", "a"]}"#,
            r#"["a", "b"]"#,
        ),
    ),
    check(
        "call/option",
        "`null` is no value, and {\"some\": v} is one: so options nest",
        &[],
        plain(
            "(option u32)",
            "pair",
            r#"{"option": "u32"}"#,
            r#"[null, {"some": 0}, {"some": 4294967295}]"#,
        ),
    ),
    check(
        "call/result",
        PLAIN,
        &[],
        plain(
            "(result u32 (error s32))",
            "pair",
            r#"{"result": ["u32", "s32"]}"#,
            r#"[{"ok": 0}, {"error": -1}]"#,
        ),
    ),
    check(
        "call/flags",
        NAMES,
        &[],
        defined(
            r#"(type $d (flags "b" "a" "c")) (export $t "t" (type $d))"#,
            "i32",
            r#"{"flags": ["b", "a", "c"]}"#,
            r#"[[], ["c"], ["b", "a", "c"]]"#,
        ),
    ),
];

pub(super) const CHECKS: [Check; 9] = [
    Check {
        name: "call/nothing",
        why: "a call without arguments and results is the least there is",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(SMALL)?;
            session.call(instance, "f", &[], None).map(drop)
        }),
    },
    Check {
        name: "call/big",
        why: "answers may be long, and come on one line all the same",
        needs: &[],
        run: Run::Steps(big),
    },
    Check {
        name: "call/trap",
        why: "a trap is a result: the adapter says so and goes on",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(SMALL)?;
            let call = json!({"method": "call", "instance": instance, "export": "trap"});
            session.fails(call, &["trap"])?;
            session.fresh()?;
            let instance = session.instance(SMALL)?;
            session.call(instance, "f", &[], None).map(drop)
        }),
    },
    Check {
        name: "call/unknown-export",
        why: "a name that nothing is exported under is a misuse, and no trap",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(SMALL)?;
            let call = json!({"method": "call", "instance": instance, "export": "nothing"});
            session.fails(call, &["usage"])
        }),
    },
    Check {
        name: "call/too-many-arguments",
        why: "arguments that do not fit are a misuse, and no trap",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(SMALL)?;
            let call = json!({
                "method": "call", "instance": instance, "export": "f",
                "args": [1], "params": ["u8"],
            });
            session.fails(call, &["usage"])
        }),
    },
    Check {
        name: "call/core",
        why: "core modules are called with values that tell their own types",
        needs: &[],
        run: Run::Steps(core),
    },
    Check {
        name: "get/core",
        why: "the core suite reads globals",
        needs: &[],
        run: Run::Steps(|session| {
            let instance = session.instance(CORE)?;
            let get = json!({"method": "get", "instance": instance, "global": "g"});
            let ok = session.ok(get)?;
            let expected = json!({"i64": "-9223372036854775808"});
            if ok["value"] == expected {
                return Ok(());
            }
            Err(session.wrong(format!("`value`: {expected}")))
        }),
    },
    Check {
        name: "call/open",
        why: "calls that are not waited for are how tests see concurrency",
        needs: &["concurrent-calls"],
        run: Run::Steps(open),
    },
    Check {
        name: "await/unknown-call",
        why: "a number that the adapter never gave out is a misuse, and no crash",
        needs: &["concurrent-calls"],
        run: Run::Steps(|session| {
            session.fails(json!({"method": "await", "call": 4_000_000}), &["usage"])
        }),
    },
];

fn big(session: &mut Session) -> Step {
    let ty = Type::String;
    let value = Value::String("0123456789abcdef".repeat(BIG / 16));
    let instance = session.instance(&same("", "string", "pair"))?;
    let came = session.call(instance, "same", &[(&value, &ty)], Some(&ty))?;
    if came == Some(value) {
        return Ok(());
    }
    Err(session.wrong("the string of a million characters that was sent"))
}

fn core(session: &mut Session) -> Step {
    let instance = session.instance(CORE)?;
    let cases = [
        ("i32", json!([{"i32": -1}]), json!([{"i32": -1}])),
        ("i64", json!([{"i64": "-1"}]), json!([{"i64": "-1"}])),
        (
            "f32",
            json!([{"f32": "0x7fa00001"}]),
            json!([{"f32": "0x7fa00001"}]),
        ),
        (
            "f64",
            json!([{"f64": "0x8000000000000000"}]),
            json!([{"f64": "0x8000000000000000"}]),
        ),
        (
            "two",
            json!([{"i32": 1}, {"i64": "2"}]),
            json!([{"i64": "2"}, {"i32": 1}]),
        ),
    ];
    for (export, args, results) in cases {
        let ok = session.ok(json!({
            "method": "call", "instance": instance, "export": export, "args": args, "core": true,
        }))?;
        if ok["outcome"]["returned"] != results {
            return Err(session.wrong(format!("`outcome`: {{\"returned\": {results}}}")));
        }
    }
    Ok(())
}

/// Two calls are begun, and waited for in the other order.
fn open(session: &mut Session) -> Step {
    let ty = Type::U32;
    let instance = session.instance(&same("", "u32", "i32"))?;
    let mut calls: Vec<(u64, Value, Option<Json>)> = Vec::new();
    for number in [1, 2] {
        let value = Value::U32(number);
        let ok = session.ok(json!({
            "method": "call", "instance": instance, "export": "same", "wait": false,
            "args": [to_json(&value)], "params": [ty], "result": ty,
        }))?;
        let call = session.number(&ok, "call")?;
        if calls.iter().any(|(other, ..)| *other == call) {
            return Err(session.wrong("another number than the first call's"));
        }
        let ended = match ok.get("outcome") {
            None => return Err(session.wrong("an `outcome`, null where the call is open")),
            Some(Json::Null) => None,
            Some(_) => Some(ok),
        };
        calls.push((call, value, ended));
    }
    for (call, value, ended) in calls.into_iter().rev() {
        let ok = match ended {
            Some(ok) => ok,
            None => session.ok(json!({"method": "await", "call": call}))?,
        };
        if session.returned(&ok, Some(&ty))? != Some(value.clone()) {
            return Err(session.wrong(format!("{value} from call {call}")));
        }
    }
    Ok(())
}
