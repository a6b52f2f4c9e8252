//! The form `wast`: a script that needs nothing of the text format but the script's own words, and
//! of these only what every program that runs scripts understands.
//!
//! - Components and modules are binary.
//! - The text of an assertion is empty: every runtime has words of its own for what goes wrong. What
//!   the text was stays as a comment.
//! - A call of the latest instance does not name it, since not every program finds an instance of a
//!   component by its name.

use std::fmt::Write;

use wast::lexer::{Lexer, TokenKind};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, parser};

use crate::wast::script::{Lines, buffer};
use crate::wast::{PlanError, assemble};

/// How many bytes stand on a line.
const BYTES_A_LINE: usize = 32;

/// A script in this form. A text that has no binary stays: that it has none is what the script
/// says of it.
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
    let tokens = Tokens::of(text).map_err(syntax)?;
    let buffer = buffer(text).map_err(syntax)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(syntax)?;
    let mut editor = Editor {
        text,
        tokens,
        written: String::new(),
        copied: 0,
        latest: None,
    };
    for directive in script.directives {
        editor.directive(directive);
    }
    Ok(editor.finish())
}

/// Copies a text with some parts replaced, from its beginning to its end.
struct Editor<'t> {
    text: &'t str,
    tokens: Tokens,
    written: String,
    /// How much of the text is written.
    copied: usize,
    /// The name of the latest instance.
    latest: Option<String>,
}

impl Editor<'_> {
    fn finish(mut self) -> String {
        let end = self.text.len();
        self.replace((end, end), "");
        self.written
    }

    /// Puts something in the place of a part of the text.
    fn replace(&mut self, (start, end): (usize, usize), by: &str) {
        self.written += self.text.get(self.copied..start).unwrap_or_default();
        self.written += by;
        self.copied = end;
    }

    fn directive(&mut self, directive: WastDirective<'_>) {
        use WastDirective as D;
        let keyword = directive.span().offset();
        let owned = |name: Option<Id<'_>>| name.map(|name| name.name().to_owned());
        match directive {
            D::ModuleDefinition(wat) => self.definition(wat, "definition "),
            D::Module(wat) => {
                self.latest = owned(wat.name());
                self.definition(wat, "");
            }
            D::ModuleInstance { instance, .. } => self.latest = owned(instance),
            D::Invoke(invoke) => self.invoke(&invoke),
            D::AssertReturn { exec, .. } | D::AssertException { exec, .. } => self.exec(exec),
            D::AssertMalformed { module, .. } | D::AssertInvalid { module, .. } => {
                self.definition(module, "");
                self.message(keyword);
            }
            D::AssertUnlinkable { module, .. } => {
                self.definition(QuoteWat::Wat(module), "");
                self.message(keyword);
            }
            D::AssertTrap { exec, .. } | D::AssertSuspension { exec, .. } => {
                self.exec(exec);
                self.message(keyword);
            }
            D::AssertExhaustion { call, .. } => {
                self.invoke(&call);
                self.message(keyword);
            }
            _ => {}
        }
    }

    fn exec(&mut self, exec: WastExecute<'_>) {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(wat) => self.definition(QuoteWat::Wat(wat), ""),
            WastExecute::Get { .. } => {}
        }
    }

    fn definition(&mut self, mut wat: QuoteWat<'_>, head: &str) {
        let name = wat.name().map(|id| id.name().to_owned());
        if name.as_deref().is_some_and(|name| !is_plain(name)) {
            return;
        }
        let around = self.tokens.around(wat.span().offset());
        if let (Some((open, close)), Ok(wasm)) = (around, assemble(&mut wat)) {
            self.replace((open, close + 1), &binary(&wasm, head, name.as_deref()));
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) {
        let Some(name) = invoke.module else { return };
        if self.latest.as_deref() != Some(name.name()) {
            return;
        }
        let offset = name.span().offset();
        let id = self.tokens.ids.iter().find(|(start, _)| *start == offset);
        if let Some((start, end)) = id.copied() {
            let rest = self.text.get(end..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start().len();
            self.replace((start, end + blanks), "");
        }
    }

    /// Empties the text of the assertion with this keyword.
    fn message(&mut self, keyword: usize) {
        let Some((_, close)) = self.tokens.around(keyword) else {
            return;
        };
        let before = self.tokens.strings.iter().filter(|(_, end)| *end <= close);
        let Some((start, end)) = before.max().copied() else {
            return;
        };
        let message = self.text.get(start..end).unwrap_or_default();
        let comment = match message {
            "\"\"" => String::new(),
            quoted if quoted.contains("(;") || quoted.contains(";)") => String::new(),
            quoted => format!(" (; {} ;)", quoted.trim_matches('"')),
        };
        self.replace((start, end), &format!("\"\"{comment}"));
    }
}

/// Where some tokens of a text begin and end.
#[derive(Default)]
struct Tokens {
    /// Every opening parenthesis and the one that closes it.
    parens: Vec<(usize, usize)>,
    strings: Vec<(usize, usize)>,
    ids: Vec<(usize, usize)>,
}

impl Tokens {
    fn of(text: &str) -> Result<Tokens, wast::Error> {
        let mut lexer = Lexer::new(text);
        lexer.allow_confusing_unicode(true);
        let mut open = Vec::new();
        let mut tokens = Tokens::default();
        for token in lexer.iter(0) {
            let token = token?;
            let place = (token.offset, token.offset + token.len as usize);
            match token.kind {
                TokenKind::LParen => open.push(token.offset),
                TokenKind::RParen => {
                    let pair = open.pop().map(|open| (open, token.offset));
                    tokens.parens.extend(pair);
                }
                TokenKind::String => tokens.strings.push(place),
                TokenKind::Id => tokens.ids.push(place),
                _ => {}
            }
        }
        Ok(tokens)
    }

    /// The innermost parentheses around an offset.
    fn around(&self, offset: usize) -> Option<(usize, usize)> {
        let around = |(open, close): &&(usize, usize)| *open < offset && offset < *close;
        let pairs = self.parens.iter().filter(around);
        pairs.max_by_key(|(open, _)| *open).copied()
    }
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
        assert!(made.contains("(component quote \"(nothing)\") \"\" (; unexpected ;))"));
        assert!(!made.contains("canon lift"));
    }

    #[test]
    fn a_call_names_an_instance_only_where_it_is_not_the_latest() {
        let made = standalone(SCRIPT).unwrap();
        assert!(made.contains("(assert_return (invoke \"f\") (u8.const 7))"));
        assert!(made.contains("(assert_return (invoke \"g\") (i32.const 1))"));
        let other = "(component $a)\n(component $b)\n(invoke $a \"f\")\n(invoke $b \"f\")";
        let made = standalone(other).unwrap();
        assert!(
            made.ends_with("(invoke $a \"f\")\n(invoke \"f\")"),
            "{made}"
        );
    }
}
