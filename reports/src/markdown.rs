//! A run as Markdown that fits a comment on a pull request: a summary, then what was unexpected,
//! what changed and what is known, folded.
//!
//! Everything that comes from a runtime or a test stands within `<code>` or `<pre>` and is
//! spelt with references, so that it can neither be markup nor call for anybody.

use std::{collections::BTreeMap, fmt::Write};

use assize_harness::results::Verdict;

use crate::{
    Report,
    changes::{Change, Difference},
    model::{Directive, Entry, Part, Run, Status, Test},
    tally::{self, Tally, Verdicts},
    text::Text,
    wrap::cut,
};

/// How many bytes a report may have. GitHub takes 65,536 characters.
const LIMIT: usize = 64_000;

/// How many bytes are kept for what comes after a list.
const RESERVE: usize = 1_500;

/// How many characters of a message are shown.
const MESSAGE: usize = 1_500;

/// How many unexpected results of one test on one runtime are listed; the others are counted.
const SHOWN_A_FILE: usize = 4;

/// How many of anything are listed; less where there is no room.
const LISTED: usize = 100;

/// The whole run as Markdown.
pub fn markdown(report: &Report) -> String {
    let run = &report.run;
    let mut page = Page::default();
    page.add(&head(report));
    page.add(&table(run));
    page.list("### Damaged results", &problems(run));
    page.list("### Unexpected", &unexpected(run));
    changes(&mut page, report);
    page.fold("Known deviations", &known(run));
    page.fold("Beyond what the runtimes claim to have", &beyond(run));
    page.add(&foot(run));
    page.text
}

/// Markdown that does not grow past its limit.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn add(&mut self, part: &str) {
        if self.text.len() + part.len() <= LIMIT {
            self.text += part;
        }
    }

    /// Items under a heading, as many as there is room for.
    fn list(&mut self, heading: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.add(&format!("\n{heading}\n\n"));
        let mut shown = 0;
        for item in items.iter().take(LISTED) {
            if self.text.len() + item.len() > LIMIT - RESERVE {
                break;
            }
            self.add(item);
            shown += 1;
        }
        if let Some(more @ 1..) = items.len().checked_sub(shown) {
            self.add(&format!("\nand {more} more\n"));
        }
    }

    /// The same, folded.
    fn fold(&mut self, summary: &str, items: &[String]) {
        if items.is_empty() || self.text.len() + 2 * RESERVE > LIMIT {
            return;
        }
        let count = items.len();
        let head = format!("<details><summary>{summary} ({count})</summary>");
        self.list(&head, items);
        self.add("\n</details>\n");
    }
}

fn head(report: &Report) -> String {
    let run = &report.run;
    let Tally {
        files,
        files_passed,
        ..
    } = tally::overall(run);
    let unexpected: usize = run
        .runs()
        .map(|(_, run)| {
            let wrong = run.directives.iter().filter(|one| one.is_unexpected());
            wrong.count() + run.mended.len()
        })
        .sum();
    let stale = run.stale.len();
    let compared = run.runs().any(|(_, run)| {
        let mut directives = run.directives.iter();
        directives.any(|one| one.status == Status::NotCompared)
    });
    let mut text = match (run.is_as_expected(), compared) {
        (true, false) => "## ✅ Assize: as expected\n\n".to_owned(),
        (true, true) => "## Assize: not compared with expectations\n\n".to_owned(),
        (false, _) => {
            let parts = [
                (unexpected, "unexpected result"),
                (stale, "stale expectation"),
            ];
            let parts = parts.into_iter().filter(|(count, _)| *count > 0);
            let parts: Vec<String> = parts.map(|(count, noun)| plural(count, noun)).collect();
            format!("## ❌ Assize: {}\n\n", parts.join(", "))
        }
    };
    text += &format!("{files_passed} of {files} tests pass");
    if let Some(changes) = &report.changes {
        let baseline = code(&changes.baseline);
        text += &format!("; since {baseline}: {}", changes.counts());
    }
    text += ".\n\n";
    text
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A row for each suite on each runtime.
fn table(run: &Run) -> String {
    let all = tally::overall(run).directives;
    let always = [Verdict::Pass, Verdict::Fail, Verdict::Unsupported];
    let has = |verdict: &Verdict| always.contains(verdict) || all.get(*verdict) > 0;
    let verdicts: Vec<Verdict> = Verdict::ALL.into_iter().filter(has).collect();
    let mut text = String::from("| suite | runtime | tests |");
    for verdict in &verdicts {
        text += &format!(" {verdict} |");
    }
    text += "\n| --- | --- | ---: |";
    text += &" ---: |".repeat(verdicts.len());
    text.push('\n');
    let groups = tally::by_suite(run);
    for group in groups.iter().take(LISTED) {
        let runtime = run.runtime(group.runtime);
        let (suite, name) = (code(&run.suite(group.suite).name), code(&runtime.name));
        let Tally {
            files,
            files_passed,
            directives,
        } = group.tally;
        let version = code(&runtime.version);
        text += &format!("| {suite} | {name} {version} | {files_passed}/{files} |");
        text += &cells(&verdicts, &directives);
    }
    text
}

fn cells(verdicts: &[Verdict], counts: &Verdicts) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        match counts.get(*verdict) {
            0 => text += " – |",
            count => text += &format!(" {count} |"),
        }
    }
    text.push('\n');
    text
}

fn problems(run: &Run) -> Vec<String> {
    let problems = run.problems.iter().map(|problem| {
        let line = problem.line.map(|line| format!(":{line}"));
        let place = format!("{}{}", problem.file, line.unwrap_or_default());
        format!("- {} {}\n", code(&place), prose(&problem.what))
    });
    problems.collect()
}

/// Everything unexpected, each folded, with what was expected and what happened.
fn unexpected(run: &Run) -> Vec<String> {
    let mut items = Vec::new();
    for part in run.parts() {
        for (test, of_test) in &part.runs {
            let wrong = of_test.directives.iter().filter(|one| one.is_unexpected());
            let count = wrong.clone().count();
            let shown = wrong.take(SHOWN_A_FILE);
            items.extend(shown.map(|one| unexpected_one(run, &part, test, one)));
            if let Some(more @ 1..) = count.checked_sub(SHOWN_A_FILE) {
                items.push(format!("and {more} more in {}\n\n", code(&test.file)));
            }
            items.extend(of_test.mended.iter().map(|entry| {
                let place = code(&test.file);
                let runtime = code(run.label(part.runtime));
                format!(
                    "- {runtime} {place} <b>passes</b>, although {} says not: {}\n",
                    defined(run, &part, entry),
                    prose(&entry.reason)
                )
            }));
        }
        let of_part = |stale: &&crate::model::Stale| {
            (stale.suite, stale.runtime) == (part.suite, part.runtime)
        };
        items.extend(run.stale.iter().filter(of_part).map(|stale| {
            format!(
                "- {} is about no {} of {}: {}\n",
                defined(run, &part, &stale.entry),
                prose(&stale.missing),
                code(&run.suite(stale.suite).name),
                code(&stale.entry.glob)
            )
        }));
    }
    items
}

/// Where an entry stands.
fn defined(run: &Run, part: &Part<'_>, entry: &Entry) -> String {
    let path = run.runtime(part.runtime).expectations.as_deref();
    let path = path.unwrap_or("expectations.toml");
    code(&format!("{path}:{}", entry.defined_at))
}

fn unexpected_one(run: &Run, part: &Part<'_>, test: &Test, one: &Directive) -> String {
    let place = format!("{}:{}", test.file, one.line);
    let title = format!(
        "{} {} <b>{}</b> {}",
        code(run.label(part.runtime)),
        code(&place),
        one.verdict,
        code(&one.keyword)
    );
    let mut text = String::new();
    let fields = [
        ("expected", &one.expected),
        ("actual", &one.actual),
        ("missing", &one.capability),
        ("rule", &one.rule),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            let value = shorten(value).replace('\n', "\n          ");
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name:<9} {}", escape(&value));
        }
    }
    if text.is_empty() {
        return format!("- {title}\n\n");
    }
    format!("<details><summary>{title}</summary>\n\n<pre>{text}</pre>\n\n</details>\n\n")
}

fn changes(page: &mut Page, report: &Report) {
    let Some(changes) = &report.changes else {
        return;
    };
    let lines = |list: &[Change]| list.iter().map(change_line).collect::<Vec<_>>();
    page.list("### Worse than the baseline", &lines(&changes.worse));
    page.fold("Better than the baseline", &lines(&changes.better));
    let lines = |list: &[Difference]| list.iter().map(difference_line).collect::<Vec<_>>();
    page.fold("New", &lines(&changes.new));
    page.fold("Gone", &lines(&changes.gone));
}

fn change_line(change: &Change) -> String {
    let place = format!("{}:{}", change.file, change.line);
    format!(
        "- {} {} {} {}: {} → {}\n",
        code(&change.runtime),
        code(&change.suite),
        code(&place),
        code(&change.directive),
        change.before,
        change.after
    )
}

fn difference_line(one: &Difference) -> String {
    format!(
        "- {} {} {}: {}, at worst {}\n",
        code(&one.runtime),
        code(&one.suite),
        code(&one.file),
        plural(one.directives, "directive"),
        one.verdict
    )
}

/// Known deviations by their reason, the most frequent first.
fn known(run: &Run) -> Vec<String> {
    let mut counts: BTreeMap<(&Text, &Text), (usize, &Entry)> = BTreeMap::new();
    for (_, of_test) in run.runs() {
        for directive in &of_test.directives {
            if let Status::Known(entry) = &directive.status {
                let key = (run.label(of_test.runtime), &entry.reason);
                counts.entry(key).or_insert((0, entry)).0 += 1;
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(key, (count, _))| (std::cmp::Reverse(*count), *key));
    let items = counts
        .into_iter()
        .map(|((runtime, reason), (count, entry))| {
            let link = entry.link().map(escape);
            let link = link.map(|link| format!(" (<a href=\"{link}\">reported</a>)"));
            format!(
                "- {} {}: {}{}\n",
                code(runtime),
                plural(count, "directive"),
                prose(reason),
                link.unwrap_or_default()
            )
        });
    items.collect()
}

/// What runtimes lack and do not claim to have, with how many directives need it.
fn beyond(run: &Run) -> Vec<String> {
    let mut counts: BTreeMap<(&Text, &str), usize> = BTreeMap::new();
    for (_, of_test) in run.runs() {
        for directive in &of_test.directives {
            if let (Status::Beyond, Some(lacks)) = (&directive.status, &directive.capability) {
                let key = (run.label(of_test.runtime), lacks.as_str());
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let items = counts.into_iter().map(|((runtime, lacks), count)| {
        let count = plural(count, "directive");
        format!("- {} {}: {count}\n", code(runtime), code(lacks))
    });
    items.collect()
}

fn foot(run: &Run) -> String {
    let about = &run.about;
    let mut parts = Vec::new();
    if let Some(assize) = &about.assize {
        parts.push(format!("Assize {}", code(assize)));
    }
    if let Some(revision) = &about.revision {
        let of = "WebAssembly/component-model";
        parts.push(format!("tests for {} at {}", code(of), code(revision)));
    }
    if let Some(began) = about.began {
        parts.push(format!("run at {} UTC", crate::date::timestamp(began)));
    }
    if let Some(elapsed) = about.elapsed {
        parts.push(format!("{:.1} s", elapsed.as_secs_f64()));
    }
    match parts.is_empty() {
        true => String::new(),
        false => format!("\n<sub>{}</sub>\n", parts.join(" · ")),
    }
}

/// A message, cut to what a comment has room for.
fn shorten(text: &str) -> String {
    let short: Vec<String> = text.lines().map(|line| cut(line, MESSAGE)).collect();
    let short = short.join("\n");
    match short.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short,
    }
}

/// A text of one line as code.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(&text.replace('\n', " ")))
}

/// A text of one line among other text. What would call for somebody or link to an issue is
/// broken with a space of no width.
fn prose(text: &str) -> String {
    let text = escape(&text.replace('\n', " "));
    text.replace("&#64;", "&#64;&#8203;")
        .replace("&#35;", "&#35;&#8203;")
}

/// A text in which nothing is markup, neither of Markdown nor of HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' | '`' | '*' | '_' | '[' | ']' | '\\' | '|' | '~' | '!'
            | '@' | '#' | '$' | ':' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    // An address without a scheme is taken for one all the same.
    escaped.replace("www.", "www&#46;")
}
