//! The form `wast`: a script that needs nothing of the text format but the script's own words.

use std::fmt::Write;

use wast::lexer::{Lexer, TokenKind};
use wast::{QuoteWat, Wast, WastDirective, WastExecute, parser};

use crate::wast::script::{Lines, buffer};
use crate::wast::{PlanError, assemble};

/// How many bytes stand on a line.
const BYTES_A_LINE: usize = 32;

/// A script with every component and module in it written as binary. A text that has no binary
/// stays: that it has none is what the script says of it.
///
/// # Errors
/// [`PlanError::Syntax`] where the text is no script.
pub fn standalone(text: &str) -> Result<String, PlanError> {
    let lines = Lines::new(text);
    let syntax = |error: wast::Error| {
        let (line, column) = lines.position(error.span().offset());
        PlanError::Syntax {
            line,
            column,
            reason: error.message(),
        }
    };
    let parens = parens(text).map_err(syntax)?;
    let buffer = buffer(text).map_err(syntax)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(syntax)?;
    let mut written = String::new();
    let mut copied = 0;
    for directive in script.directives {
        let Some((mut wat, head)) = definition(directive) else {
            continue;
        };
        let keyword = wat.span().offset();
        let around = parens
            .iter()
            .filter(|(open, close)| *open < keyword && keyword < *close);
        let Some((open, close)) = around.max_by_key(|(open, _)| *open) else {
            continue;
        };
        let name = wat.name().map(|id| id.name().to_owned());
        if name.as_deref().is_some_and(|name| !is_plain(name)) {
            continue;
        }
        let Ok(wasm) = assemble(&mut wat) else {
            continue;
        };
        written += text.get(copied..*open).unwrap_or_default();
        written += &binary(&wasm, head, name.as_deref());
        copied = close + 1;
    }
    written += text.get(copied..).unwrap_or_default();
    Ok(written)
}

/// The component or module in a directive, and what stands before its name.
fn definition(directive: WastDirective<'_>) -> Option<(QuoteWat<'_>, &'static str)> {
    use WastDirective as D;
    match directive {
        D::ModuleDefinition(wat) => Some((wat, "definition ")),
        D::Module(wat)
        | D::AssertMalformed { module: wat, .. }
        | D::AssertInvalid { module: wat, .. } => Some((wat, "")),
        D::AssertUnlinkable { module: wat, .. }
        | D::AssertTrap {
            exec: WastExecute::Wat(wat),
            ..
        }
        | D::AssertException {
            exec: WastExecute::Wat(wat),
            ..
        } => Some((QuoteWat::Wat(wat), "")),
        _ => None,
    }
}

/// The offsets of every opening parenthesis and of the one that closes it.
fn parens(text: &str) -> Result<Vec<(usize, usize)>, wast::Error> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for token in lexer.iter(0) {
        let token = token?;
        match token.kind {
            TokenKind::LParen => open.push(token.offset),
            TokenKind::RParen => pairs.extend(open.pop().map(|open| (open, token.offset))),
            _ => {}
        }
    }
    Ok(pairs)
}

/// Whether a name can be written without quotes.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"(),;[]{}".contains(&byte);
    !name.is_empty() && name.bytes().all(plain)
}

fn binary(wasm: &[u8], head: &str, name: Option<&str>) -> String {
    let sort = match wasmparser::Parser::is_component(wasm) {
        true => "component",
        false => "module",
    };
    let name = name.map(|name| format!("${name} ")).unwrap_or_default();
    let mut text = format!("({sort} {head}{name}binary");
    for line in wasm.chunks(BYTES_A_LINE) {
        text += &format!("\n  \"{}\"", escaped(line));
    }
    text + ")"
}

/// Bytes as the text format writes them in a string.
pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte {
            b' '..=b'~' if !b"\"\\".contains(byte) => text.push(char::from(*byte)),
            // Writing to a string does not fail.
            _ => drop(write!(text, "\\{byte:02x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::reference::ReferenceFactory;
    use crate::runtime::{Reading, Runtime};
    use crate::wast::run_text;

    const SCRIPT: &str = r#";; A comment stays.
(component definition $D
  (core module $m (func (export "f") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func (export "f") (result u8) (canon lift (core func $i "f"))))
(component instance $a $D)
(assert_return (invoke $a "f") (u8.const 7))
(assert_return (invoke $a "f") (u8.const 8))
(component $b (component))
(assert_invalid (component quote "(export \"x\" (func 0))") "unknown")
(assert_malformed (component quote "(nothing)") "unexpected")
(module $m (func (export "g") (result i32) (i32.const 1)))
(assert_return (invoke $m "g") (i32.const 1))
"#;

    fn verdicts(text: &str) -> Vec<(String, crate::results::Verdict)> {
        let mut runtime = ReferenceFactory::default().reference(Reading::Text);
        runtime.reset().unwrap();
        let judged = run_text(text, &mut runtime, None);
        let judged = judged.into_iter();
        judged
            .map(|(place, j)| (place.directive, j.verdict))
            .collect()
    }

    #[test]
    fn a_standalone_script_is_judged_as_the_script_that_it_is_made_from() {
        let made = standalone(SCRIPT).unwrap();
        assert_eq!(verdicts(&made), verdicts(SCRIPT));
    }

    #[test]
    fn components_are_binary_and_the_rest_stays() {
        let made = standalone(SCRIPT).unwrap();
        assert!(
            made.starts_with(";; A comment stays.\n(component definition $D binary\n  \"\\00asm")
        );
        assert!(made.contains("(component $b binary"));
        assert!(made.contains("(assert_invalid (component binary"));
        assert!(made.contains("(component quote \"(nothing)\")"));
        assert!(!made.contains("canon lift"));
    }
}
