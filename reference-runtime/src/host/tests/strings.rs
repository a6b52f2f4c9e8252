//! In which encodings the host has its strings shows in what it asks `realloc` for.

use super::*;

/// A `realloc` that counts how often it is called.
const COUNTED: &str = r#"(core module $Alloc
    (global $calls (export "calls") (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.const 1024)))
  (core instance $alloc (instantiate $Alloc))
  (alias core export $alloc "realloc" (core func $realloc))
  (alias core export $alloc "calls" (core global $calls))"#;

#[test]
fn a_host_may_have_its_strings_in_any_encoding() {
    let called = |options: &str, text: &str| {
        let length = text.len();
        let script = script(
            &component(
                &format!(r#"{MARK} (export "echo" (func (param "v" string) (result string)))"#),
                &format!(
                    r#"{COUNTED}
                   (core func $echo (canon lower (func $h "echo") {options}
                     (memory $m) (realloc $realloc)))"#
                ),
                r#"(import "" "echo" (func $echo (param i32 i32 i32)))
               (import "alloc" "calls" (global $calls (mut i32)))"#,
                &format!(
                    r#"(data (i32.const 256) "{text}")
                   (func (export "run")
                     (call $echo (i32.const 256) (i32.const {length}) (i32.const 16))
                     (call $trace (global.get $calls))
                     (call $return))"#
                ),
            )
            .replace(
                r#"(with "" (instance"#,
                r#"(with "alloc" (instance $alloc)) (with "" (instance"#,
            ),
        );
        runs_are_admissible(&script);
        marks(&script)
    };
    let calls = |numbers: &[u32]| numbers.iter().map(|number| vec![*number]).collect();
    // Each encoding that has those characters asks for one thing first, and corrects itself.
    assert_eq!(called("", "\u{e9}"), calls(&[1, 2, 3]));
    assert_eq!(called("", "\u{2192}"), calls(&[1, 2]));
    // It is the same for all of them where each character has one byte.
    assert_eq!(called("", "e"), calls(&[1]));
    assert_eq!(called("", ""), calls(&[1]));
    // The host's two bytes, read as Latin-1, are two characters, which UTF-8 has in four bytes.
    assert_eq!(
        called("string-encoding=latin1+utf16", "\u{e9}"),
        calls(&[1, 2])
    );
}

#[test]
fn a_host_may_have_a_debug_message_in_any_encoding() {
    let script = script(
        &component(
            MARK,
            &format!(
                r#"{COUNTED}
               (core func $new (canon error-context.new
                 string-encoding=latin1+utf16 (memory $m)))
               (core func $message (canon error-context.debug-message
                 string-encoding=latin1+utf16 (memory $m) (realloc $realloc)))"#
            ),
            r#"(import "" "new" (func $new (param i32 i32) (result i32)))
               (import "" "message" (func $message (param i32 i32)))
               (import "alloc" "calls" (global $calls (mut i32)))"#,
            // One code unit of UTF-16, and the tag that says so.
            r#"(data (i32.const 256) "\e5\65")
               (func (export "run")
                 (call $message (call $new (i32.const 256) (i32.const 0x80000001)) (i32.const 16))
                 (call $trace (global.get $calls))
                 (call $return))"#,
        )
        .replace(
            r#"(with "" (instance"#,
            r#"(with "alloc" (instance $alloc)) (with "" (instance"#,
        ),
    );
    runs_are_admissible(&script);
    // Tagged UTF-16, as it came, or no message; UTF-16; and UTF-8, of which too much was expected.
    assert_eq!(marks(&script), [1, 2, 3].map(|calls| vec![calls]).into());
}
