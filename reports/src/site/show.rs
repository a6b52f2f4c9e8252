//! Small things that pages are made of: verdicts, counts, dates, messages.

use std::time::Duration;

use assize_harness::results::Verdict;
use maud::{Markup, html};

use crate::{
    date::timestamp,
    model::{Entry, TestRun},
};

/// How many characters of a message a page shows.
const MESSAGE: usize = 1500;

/// A sign for a verdict, which reads without colour. It is never alone: words stand beside it, or
/// a legend explains it.
pub(super) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Unsupported => "○",
        Verdict::Crash => "☒",
        Verdict::Timeout => "◷",
        Verdict::Protocol => "≠",
        Verdict::Undecided => "?",
        Verdict::Error => "–",
    }
}

/// What kind of news a verdict is: the name of a class.
pub(super) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Unsupported | Verdict::Undecided | Verdict::Error => "odd",
        Verdict::Fail | Verdict::Crash | Verdict::Timeout | Verdict::Protocol => "bad",
    }
}

/// What a verdict means, in a line.
pub(super) fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "the runtime did what the test asks for",
        Verdict::Fail => "it did something else",
        Verdict::Unsupported => "it does not claim a capability that the test needs",
        Verdict::Crash => "it died",
        Verdict::Timeout => "its time was over",
        Verdict::Protocol => "its adapter gave an answer that is none",
        Verdict::Undecided => "neither right nor wrong was found within the bounds of the search",
        Verdict::Error => "not judged: something that it builds on did not come about",
    }
}

/// A verdict: its sign and its name.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    html! { span class={ "v " (tone(verdict)) } { b aria-hidden="true" { (sign(verdict)) } " " (verdict.name()) } }
}

/// How many directives have a verdict, with its sign.
pub(super) fn count(verdict: Verdict, count: usize) -> Markup {
    html! { span class={ "c " (tone(verdict)) } { b aria-hidden="true" { (sign(verdict)) } " " (number(count)) " " (verdict.name()) } }
}

/// A mark that something is not what is known of a runtime, in these words.
pub(super) fn unexpected(words: &str) -> Markup {
    html! { span.c.unexpected { b aria-hidden="true" { "!" } " " (words) } }
}

/// How many directives have which verdict, and how many of those nobody announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    verdicts: [usize; Verdict::ALL.len()],
    pub unexpected: usize,
}

impl Counts {
    pub fn of(run: &TestRun) -> Self {
        let mut counts = Self::default();
        counts.add(run);
        counts
    }

    pub fn add(&mut self, run: &TestRun) {
        for directive in &run.directives {
            let place = Verdict::ALL
                .iter()
                .position(|one| *one == directive.verdict);
            self.verdicts[place.unwrap_or_default()] += 1;
            self.unexpected += usize::from(directive.is_unexpected());
        }
        self.unexpected += run.mended.len();
    }

    pub fn total(&self) -> usize {
        self.verdicts.iter().sum()
    }

    /// Verdicts that came about, with how often they did.
    pub fn present(&self) -> impl Iterator<Item = (Verdict, usize)> {
        let all = Verdict::ALL.into_iter().zip(self.verdicts);
        all.filter(|(_, count)| *count > 0)
    }

    /// The counts of verdicts in words, with signs.
    pub fn verdicts(&self) -> Markup {
        html! {
            @for (verdict, count) in self.present() {
                (self::count(verdict, count)) " "
            }
        }
    }

    /// The same, and how many of those are unexpected.
    pub fn shown(&self) -> Markup {
        html! {
            (self.verdicts())
            @if self.unexpected > 0 {
                (unexpected(&format!("{} unexpected", number(self.unexpected))))
            }
        }
    }
}

/// A number with spaces between its thousands.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            // No-break, and narrow.
            shown.push('\u{202f}');
        }
        shown.push(digit);
    }
    shown
}

/// How often something came about, as a cell of a table.
pub(super) fn times(count: u64) -> String {
    match count {
        0 => "–".to_owned(),
        count => number(usize::try_from(count).unwrap_or(usize::MAX)),
    }
}

/// A number of things: the word's end follows the number.
pub(super) fn several(count: usize, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {word}{end}", number(count))
}

/// A message of a runtime or a harness: cut where it is long.
pub(super) fn message(text: &str) -> Markup {
    let (shown, left) = cut(text, MESSAGE);
    html! {
        (shown)
        @if left > 0 { span.note { "… (" (several(left, "more character")) ")" } }
    }
}

/// How many bytes a message has on a page.
pub(super) fn cost(text: &str) -> usize {
    let escaped = |character: char| match character {
        '<' | '>' | '&' | '"' => 6,
        other => other.len_utf8(),
    };
    text.chars().take(MESSAGE).map(escaped).sum()
}

/// A sentence of ours or of a vendor's: what stands between backquotes is code.
pub(super) fn prose(text: &str) -> Markup {
    let (shown, left) = cut(text, MESSAGE);
    let paired = shown.matches('`').count().is_multiple_of(2) && left == 0;
    if !paired {
        return message(text);
    }
    html! {
        @for (position, part) in shown.split('`').enumerate() {
            @if position % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The start of a text, and how many characters come after it.
pub(super) fn cut(text: &str, limit: usize) -> (&str, usize) {
    match text.char_indices().nth(limit) {
        None => (text, 0),
        Some((end, _)) => (&text[..end], text[end..].chars().count()),
    }
}

/// Why something is expected not to pass.
pub(super) fn reason(entry: &Entry) -> Markup {
    html! {
        (prose(&entry.reason))
        @match (entry.link(), &entry.upstream) {
            (Some(link), _) => { " " a href=(link) rel="noreferrer" { "reported upstream" } }
            (None, Some(upstream)) => { " (reported: " (message(upstream)) ")" }
            (None, None) => {}
        }
    }
}

/// A moment in seconds since 1970, in UTC.
pub(super) fn date(seconds: u64) -> String {
    let moment = timestamp(seconds);
    let (date, time) = moment.split_once('T').unwrap_or((&moment, ""));
    let (time, _seconds) = time.rsplit_once(':').unwrap_or((time, ""));
    format!("{date} {time} UTC")
}

/// A duration in seconds, or in minutes where it has many.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_secs() {
        0..100 => format!("{seconds:.1} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_date_and_a_time_of_day() {
        assert_eq!(date(1_750_000_000), "2025-06-15 15:06 UTC");
    }

    #[test]
    fn numbers_and_durations_are_readable() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(number),
            ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
        assert_eq!(several(1, "test"), "1 test");
        assert_eq!(several(2, "test"), "2 tests");
        assert_eq!(duration(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn backquotes_in_pairs_are_code() {
        assert_eq!(prose("`a` <b> `c").0, "`a` &lt;b&gt; `c");
        assert_eq!(prose("an `<a>` here").0, "an <code>&lt;a&gt;</code> here");
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        assert_eq!(cut("éé", 1), ("é", 1));
        assert_eq!(cut("é", 1), ("é", 0));
        let shown = message(&"é".repeat(MESSAGE + 2)).0;
        assert!(shown.ends_with("… (2 more characters)</span>"), "{shown}");
    }
}
