//! A test's source: highlighted, with a line number on each line and, beside each directive, what
//! came of it on each runtime.

use std::{collections::BTreeMap, fmt::Write};

use assize_harness::results::Verdict;
use maud::{Markup, PreEscaped, html};

use super::{
    Plan,
    outcomes::{Place, Row},
    show,
};
use crate::model::Test;

/// For how many runtimes there is room in the margin.
const MARGIN: usize = 8;

/// The section with the source; what that says otherwise where there is none.
pub(super) fn section(plan: &Plan<'_>, test: &Test, rows: &BTreeMap<Place<'_>, Row<'_>>) -> Markup {
    let names: Vec<String> = plan
        .run
        .runtime_indices()
        .take(MARGIN)
        .map(|runtime| plan.run.label(runtime).to_string())
        .collect();
    html! {
        section {
            h2 #source { "Source" }
            @match &test.source {
                None => { p.note { "The source was not recorded." } }
                Some(source) => {
                    p.note { "In the margin, from left to right: " (names.join(", ")) "." }
                    pre class={ "source m" (names.len()) } role="group" aria-labelledby="source" tabindex="0" {
                        code { (PreEscaped(listing(plan, source, rows))) }
                    }
                }
            }
        }
    }
}

fn listing(plan: &Plan<'_>, source: &str, rows: &BTreeMap<Place<'_>, Row<'_>>) -> String {
    let mut marks: BTreeMap<u32, (Place<'_>, &Row<'_>)> = BTreeMap::new();
    for (place, row) in rows {
        // Of two directives on one line, that which did not pass.
        let passed = |row: &Row<'_>| row.iter().flatten().all(|one| one.verdict == Verdict::Pass);
        let first = marks.entry(place.line).or_insert((*place, row));
        if passed(first.1) && !passed(row) {
            *first = (*place, row);
        }
    }
    // Line numbers are counted by the style sheet, and every line is a few bytes: sources are most
    // of what a site is made of.
    let mut out = String::with_capacity(source.len() * 3);
    let mut highlighter = Highlighter::default();
    for (number, line) in (1..).zip(source.lines()) {
        let _ = write!(out, "<span id=L{number}>");
        if let Some((place, row)) = marks.get(&number) {
            margin(plan, &mut out, *place, row);
        }
        highlighter.line(line, &mut out);
        out.push_str("\n</span>");
    }
    out
}

/// What came of the directive on a line: a sign for each runtime.
fn margin(plan: &Plan<'_>, out: &mut String, place: Place<'_>, row: &Row<'_>) {
    let passed = row.iter().flatten().all(|one| one.verdict == Verdict::Pass);
    if passed {
        out.push_str("<a aria-hidden=true>");
    } else {
        let _ = write!(out, "<a href=#not-passed aria-label=\"line {}:", place.line);
        for (runtime, directive) in plan.run.runtime_indices().zip(row) {
            if let Some(directive) = directive {
                out.push(' ');
                escape_attribute(plan.run.label(runtime), out);
                let _ = write!(out, " {};", directive.verdict.name());
            }
        }
        out.push_str("\">");
    }
    for directive in row.iter().take(MARGIN) {
        let (tone, sign) = directive.map_or(("none", "·"), |one| {
            (show::tone(one.verdict), show::sign(one.verdict))
        });
        let _ = write!(out, "<b class={tone}>{sign}</b>");
    }
    out.push_str("</a>");
}

/// What a piece of the text format is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anything that needs no colour.
    Plain,
    /// A comment, of a line or between `(;` and `;)`.
    Comment,
    /// A string.
    String,
    /// A name: `$x`.
    Name,
    /// The first word after a parenthesis: a form, a field or an instruction.
    Head,
}

impl Kind {
    /// The element that it is put into: short ones, since there are very many.
    fn element(self) -> Option<&'static str> {
        match self {
            Kind::Plain => None,
            Kind::Comment => Some("i"),
            Kind::String => Some("em"),
            Kind::Name => Some("var"),
            Kind::Head => Some("b"),
        }
    }
}

/// Goes through the text format line by line. What is not well-formed stays as it is.
#[derive(Debug, Default)]
struct Highlighter {
    /// How many block comments are open, one inside the other.
    comments: usize,
    /// Whether a string goes on from the line before.
    in_string: bool,
}

impl Highlighter {
    /// Appends a line, escaped, without its end.
    fn line(&mut self, line: &str, out: &mut String) {
        let mut rest = line;
        let mut after_parenthesis = false;
        while !rest.is_empty() {
            let (kind, length) = self.token(rest, after_parenthesis);
            // Tokens end between characters, and are never empty.
            let (token, next) = rest.split_at(length.max(1));
            let blank = token.bytes().all(|byte| byte == b' ');
            after_parenthesis =
                token.ends_with('(') && kind == Kind::Plain || after_parenthesis && blank;
            push(kind, token, out);
            rest = next;
        }
    }

    /// The first token of a text that is not empty, and its length in bytes.
    fn token(&mut self, text: &str, after_parenthesis: bool) -> (Kind, usize) {
        if self.comments > 0 {
            return (Kind::Comment, self.block_comment(text));
        }
        if self.in_string {
            return (Kind::String, self.string(text, 0));
        }
        if text.starts_with(";;") {
            return (Kind::Comment, text.len());
        }
        if text.starts_with("(;") {
            return (Kind::Comment, self.block_comment(text));
        }
        if text.starts_with('"') {
            self.in_string = true;
            return (Kind::String, self.string(text, 1));
        }
        let word = |character: char| !character.is_whitespace() && !"()\";".contains(character);
        let length = text.find(|one| !word(one)).unwrap_or(text.len());
        if length > 0 {
            let kind = match text.as_bytes()[0] {
                b'$' => Kind::Name,
                _ if after_parenthesis => Kind::Head,
                _ => Kind::Plain,
            };
            return (kind, length);
        }
        let plain = |character: char| word(character) || "\";".contains(character);
        // A parenthesis ends a piece, so that it is known what stands after one.
        let length = match text.find(|one: char| plain(one) || "()".contains(one)) {
            Some(0) => text.chars().next().map_or(1, char::len_utf8),
            Some(blanks) => blanks,
            None => text.len(),
        };
        (Kind::Plain, length)
    }

    /// How much of a line belongs to a block comment that is open or starts here.
    fn block_comment(&mut self, text: &str) -> usize {
        let mut at = 0;
        while at < text.len() {
            match &text.as_bytes()[at..] {
                [b'(', b';', ..] => (self.comments, at) = (self.comments + 1, at + 2),
                [b';', b')', ..] => (self.comments, at) = (self.comments - 1, at + 2),
                _ => at += 1,
            }
            if self.comments == 0 {
                break;
            }
        }
        at
    }

    /// How much of a line belongs to a string, of which `at` bytes have been read.
    fn string(&mut self, text: &str, mut at: usize) -> usize {
        while at < text.len() {
            match text.as_bytes()[at] {
                b'\\' => at += 2,
                b'"' => {
                    self.in_string = false;
                    return at + 1;
                }
                _ => at += 1,
            }
        }
        // A backslash before a character of several bytes, or at the end.
        let mut end = at.min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        end
    }
}

fn push(kind: Kind, token: &str, out: &mut String) {
    match kind.element() {
        None => escape_text(token, out),
        Some(element) => {
            let _ = write!(out, "<{element}>");
            escape_text(token, out);
            let _ = write!(out, "</{element}>");
        }
    }
}

/// Appends a text so that it stands for itself in an element.
fn escape_text(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(character),
        }
    }
}

/// Appends a text so that it stands for itself in an attribute's quotes.
fn escape_attribute(text: &str, out: &mut String) {
    let mut escaped = String::new();
    escape_text(text, &mut escaped);
    out.push_str(&escaped.replace('"', "&quot;"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn highlighted(source: &str) -> String {
        let mut highlighter = Highlighter::default();
        let mut out = String::new();
        for line in source.lines() {
            highlighter.line(line, &mut out);
            out.push('\n');
        }
        out
    }

    #[test]
    fn each_kind_of_token_has_its_element() {
        insta::assert_snapshot!(highlighted(
            "(module $m ;; a <comment>\n  ( func (export \"f\\\"<\") (i32.const -0x1f) nop))\n(; open (; twice ;)\nstill ;) (x \"a\nb\" y)"
        ), @r#"
        (<b>module</b> <var>$m</var> <i>;; a &lt;comment&gt;</i>
          ( <b>func</b> (<b>export</b> <em>"f\"&lt;"</em>) (<b>i32.const</b> -0x1f) nop))
        <i>(; open (; twice ;)</i>
        <i>still ;)</i> (<b>x</b> <em>"a</em>
        <em>b"</em> y)
        "#);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_line_comes_out_once_and_escaped(
            source in "([(); \"\\\\$<>&'a0é\u{3000}-]|\\(;|;\\)|;;){0,40}"
        ) {
            let out = highlighted(&source);
            let mut text = String::new();
            let mut rest = out.as_str();
            while let Some(start) = rest.find("<") {
                let (before, tag) = rest.split_at(start);
                text += before;
                let end = tag.find('>').expect("a tag ends");
                let element = tag[1..end].trim_start_matches('/');
                prop_assert!(["b", "i", "em", "var"].contains(&element), "{}", element);
                rest = &tag[end + 1..];
            }
            text += rest;
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            prop_assert_eq!(text, source.lines().map(|line| format!("{line}\n")).collect::<String>());
        }
    }
}
