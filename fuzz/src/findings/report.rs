//! A finding as a page for people.

use std::fmt::Write;

use assize_harness::host::{Deviation, Standing, Timeline};
use assize_harness::rules::Rule;
use assize_harness::runtime::WASMTIME;
use assize_harness::runtime::command_line::WAST_DEFAULT;

use super::{Record, files};
use crate::corpus::FIRST;
use crate::oracle::Finding;
use crate::signature::Kind;
use crate::starve::SPINS;
use crate::trial::{Origin, Trial};

/// The page.
pub fn report(trial: &Trial, finding: &Finding, record: &Record) -> String {
    let mut page = String::new();
    let signature = &finding.signature;
    let runtime = format!("{} {}", signature.runtime, record.runtime_version);
    // Writing to a string does not fail.
    let _ = writeln!(page, "# {}\n", signature.id());
    let _ = writeln!(page, "{}\n", summary(finding, &runtime));
    if let Some(deviation) = &finding.deviation {
        page += &compared(deviation, &runtime);
    }
    if let Some(reference) = &finding.reference {
        page += "## What the reference does there\n\n```text\n";
        page += &timeline(reference);
        page += "```\n\n";
    }
    page += &where_it_says_so(finding);
    if let Some(gist) = &record.gist {
        let parts: Vec<&str> = gist.0.iter().map(String::as_str).collect();
        let _ = writeln!(
            page,
            "What the smallest program is made of: {}.\n",
            parts.join(", ")
        );
    }
    page += &reproduction(trial, finding, record);
    let _ = writeln!(page, "## The script\n\n```text");
    for line in trial.text().lines() {
        if let Some(script) = line.strip_prefix(";; script: ") {
            let _ = writeln!(page, "{script}");
        }
    }
    let _ = writeln!(page, "```\n\nThe component is in `{}`.", files::CASE);
    page
}

fn summary(finding: &Finding, runtime: &str) -> String {
    let what = &finding.what;
    match finding.signature.kind {
        Kind::Inadmissible => {
            format!("What {runtime} does, no schedule of the specification shows: {what}.")
        }
        Kind::Crash => format!("{runtime} came to grief:\n\n```text\n{what}\n```"),
        Kind::Hang => format!("{runtime} comes to no end, and the reference does: {what}."),
        Kind::Refused => {
            format!("{runtime} refuses a component that is valid:\n\n```text\n{what}\n```")
        }
        Kind::Protocol => {
            format!("What {runtime} answers is no answer:\n\n```text\n{what}\n```")
        }
        Kind::Growth => format!(
            "The same case was run on {runtime} again and again, each time on a runtime that was reset, and \
             {what}."
        ),
        Kind::Starved => format!(
            "While a guest of {runtime} yields, {SPINS} times, what is due from the host is given to nobody: \
             {what}. The specification promises nothing about that, so this is not inadmissible."
        ),
        Kind::Metamorphic => format!(
            "A mistake of this project's and not of {runtime}: what that shows of this program, written in \
             another way, is admissible for the other program and not for this one: {what}."
        ),
        Kind::Leak => format!(
            "What {runtime} shows is admissible, but in every schedule of the specification that comes \
             to the end of the script, all tasks have ended and all handles are dropped once nothing \
             goes on any more. It keeps:\n\n```text\n{what}\n```"
        ),
    }
}

fn compared(deviation: &Deviation, runtime: &str) -> String {
    let explanation = &deviation.explanation;
    let mut text = format!("## What {runtime} showed\n\n```text\n");
    text += &timeline(&explanation.observed);
    if deviation.observed.is_none() {
        text += "! nothing more\n";
    }
    text += "```\n\n## What the specification allows at the `!`\n\n```text\n";
    for allowed in &explanation.allowed {
        text += allowed;
        text.push('\n');
    }
    text += "```\n\n## The run of the reference that goes furthest with that\n\n```text\n";
    text += &timeline(&explanation.reference);
    text += "```\n\n";
    text
}

/// What happened, line by line, each with the column that it belongs to.
fn timeline(timeline: &Timeline) -> String {
    let names = timeline.columns.iter();
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    let rows = timeline.rows.iter().map(|row| {
        let mark = match row.standing {
            Standing::Admissible => ' ',
            Standing::First => '!',
            Standing::After => '?',
        };
        let column = timeline.columns.get(row.column);
        let column = column.map_or("", String::as_str);
        format!("{mark} {column:width$}  {}\n", row.what)
    });
    rows.collect()
}

fn where_it_says_so(finding: &Finding) -> String {
    let rule = finding.signature.rule.as_deref().and_then(Rule::with_id);
    let builtin = &finding.signature.builtin;
    let mut text = "## Where it says so\n\n".to_owned();
    match rule {
        Some(rule) => {
            let (heading, meaning, id) = (rule.heading(), rule.meaning(), rule.id());
            let _ = writeln!(
                text,
                "CanonicalABI.md, \"{heading}\": it traps when {meaning} (rule `{id}`).\n"
            );
        }
        None => match builtin {
            Some(builtin) if builtin.contains('.') => {
                let _ = writeln!(text, "CanonicalABI.md, \"canon {builtin}\".\n");
            }
            _ => return String::new(),
        },
    }
    text
}

fn reproduction(trial: &Trial, finding: &Finding, record: &Record) -> String {
    let mut text = "## How to reproduce\n\n".to_owned();
    let (against, seed, number) = (&record.against, record.seed, record.number);
    let _ = writeln!(
        text,
        "With this project:\n\n```text\ncargo xtask reproduce target/assize/findings/{}\n\
         cargo xtask conformance --explain --runtime '{against}' case.wat\n```\n",
        record.signature.id()
    );
    if finding.script.is_some() {
        let script = files::SCRIPT;
        let _ = match record.signature.runtime.as_str() {
            WASMTIME => writeln!(
                text,
                "With the runtime's own program:\n\n```text\n{WAST_DEFAULT} {script}\n```\n"
            ),
            _ => writeln!(text, "With any program that runs scripts: `{script}`.\n"),
        };
    }
    let form = match &trial.origin {
        Origin::Program(..) => format!("`{}` is the program. ", files::PROGRAM),
        Origin::Text(_) | Origin::Made(_) => String::new(),
    };
    let case = match number.checked_sub(FIRST) {
        Some(first) => format!("program {first} of those that each campaign runs first,"),
        None => format!("case {number} of seed {seed}"),
    };
    let _ = writeln!(text, "{form}It is {case} against `{against}`.\n");
    text
}
