//! The list of what did not go as expected: where it is, what should have happened, what did.

use std::fmt::{self, Display};

use anstyle::Style;
use assize_harness::results::Verdict;

use crate::{
    model::{Directive, Entry, Part, Run, RuntimeIndex, Stale, Status, Test},
    style::{self, BOLD, DIM, GOOD, ODD, Styled},
    wrap::{COLUMNS, wrap},
};

/// What the directive of a host-driven test is called.
const HOST_DRIVEN: &str = "script";

/// How many results of one file on one runtime are shown; the others are counted. A file whose
/// first component does not validate would otherwise fill the screen with what follows from it.
const SHOWN_A_FILE: usize = 4;

/// How many lines of one text are shown.
const SHOWN_LINES: usize = 40;

/// How many columns stand before a field's text: the indentation and the field's name.
const BEFORE_FIELD: usize = 23;

/// Shows everything that was not expected in a run; nothing at all where there is none.
pub(crate) struct Unexpecteds<'a>(pub &'a Run);

/// Something about a test.
enum One<'a> {
    Verdict(&'a Directive, &'a [Verdict]),
    Mended(&'a Entry),
}

impl Display for Unexpecteds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.parts() {
            self.write_part(f, &part)?;
        }
        Ok(())
    }
}

impl Unexpecteds<'_> {
    fn write_part(&self, f: &mut fmt::Formatter<'_>, part: &Part<'_>) -> fmt::Result {
        for (test, run) in &part.runs {
            let verdicts = run.directives.iter().filter_map(|one| match &one.status {
                Status::Unexpected { announced } => Some(One::Verdict(one, announced)),
                _ => None,
            });
            let of_file: Vec<One<'_>> =
                verdicts.chain(run.mended.iter().map(One::Mended)).collect();
            for one in of_file.iter().take(SHOWN_A_FILE) {
                match one {
                    One::Verdict(directive, announced) => {
                        self.write_verdict(f, part.runtime, test, directive, announced)?;
                    }
                    One::Mended(entry) => self.write_mended(f, part.runtime, test, entry)?,
                }
            }
            let more = of_file.len().saturating_sub(SHOWN_A_FILE);
            if more > 0 {
                let text = format!("and {more} more in {}", self.0.place(test));
                writeln!(f, "{:13}{}\n", "", Styled(DIM, text))?;
            }
        }
        let of_part = |stale: &&Stale| (stale.suite, stale.runtime) == (part.suite, part.runtime);
        for stale in self.0.stale.iter().filter(of_part) {
            self.write_stale(f, stale)?;
        }
        Ok(())
    }

    fn write_verdict(
        &self,
        f: &mut fmt::Formatter<'_>,
        runtime: RuntimeIndex,
        test: &Test,
        result: &Directive,
        announced: &[Verdict],
    ) -> fmt::Result {
        let file = self.0.place(test);
        let place = format!("{file}:{}:{}", result.line, result.column);
        let verdict = result.verdict;
        let label = verdict.name().to_uppercase();
        let style = style::of(verdict);
        self.title(f, runtime, &label, style, &place, &result.keyword)?;
        if !announced.is_empty() {
            let names: Vec<&str> = announced.iter().map(|verdict| verdict.name()).collect();
            field(f, "announced", &names.join(" or "))?;
        }
        let fields = [
            ("expected", &result.expected),
            ("actual", &result.actual),
            ("missing", &result.capability),
            ("rule", &result.rule),
        ];
        for (name, text) in fields {
            if let Some(text) = text {
                field(f, name, text)?;
            }
        }
        if (&*result.keyword, verdict) == (HOST_DRIVEN, Verdict::Fail) {
            let runtime = &self.0.runtime(runtime).name;
            let again = format!("cargo xtask conformance --runtime {runtime} --explain {file}");
            field(f, "again", &again)?;
        }
        writeln!(f)
    }

    fn write_mended(
        &self,
        f: &mut fmt::Formatter<'_>,
        runtime: RuntimeIndex,
        test: &Test,
        entry: &Entry,
    ) -> fmt::Result {
        let place = with_line(&self.0.place(test), entry.line);
        self.title(f, runtime, "PASS", GOOD, &place, "")?;
        write_announced(f, entry)?;
        let actual = "pass: remove the entry if this is here to stay";
        field(f, "actual", actual)?;
        self.write_entry(f, runtime, entry.defined_at)
    }

    fn write_stale(&self, f: &mut fmt::Formatter<'_>, stale: &Stale) -> fmt::Result {
        let entry = &stale.entry;
        let place = with_line(&self.0.below(stale.suite, &entry.glob), entry.line);
        self.title(f, stale.runtime, "STALE", ODD, &place, "")?;
        write_announced(f, entry)?;
        let actual = format!("the suite has no such {}", stale.missing);
        field(f, "actual", &actual)?;
        self.write_entry(f, stale.runtime, entry.defined_at)
    }

    fn title(
        &self,
        f: &mut fmt::Formatter<'_>,
        runtime: RuntimeIndex,
        label: &str,
        style: Style,
        place: &str,
        directive: &str,
    ) -> fmt::Result {
        let (label, runtime) = (format!("{label:>12}"), self.0.label(runtime));
        let title = format!("{} {}", Styled(style, label), Styled(BOLD, runtime));
        let mut whole = format!("{title}  {place}");
        if !directive.is_empty() {
            whole += &format!("  {}", Styled(DIM, directive));
        }
        for (number, line) in wrap(&whole, COLUMNS).iter().enumerate() {
            let indent = if number == 0 { 0 } else { 13 };
            writeln!(f, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// The line of the expectations file that is not true.
    fn write_entry(
        &self,
        f: &mut fmt::Formatter<'_>,
        runtime: RuntimeIndex,
        line: u32,
    ) -> fmt::Result {
        let path = self.0.runtime(runtime).expectations.as_deref();
        let path = path.unwrap_or("expectations.toml");
        field(f, "entry", &format!("{path}:{line}"))?;
        writeln!(f)
    }
}

fn with_line(place: &str, line: Option<u32>) -> String {
    match line {
        Some(line) => format!("{place}:{line}"),
        None => place.to_owned(),
    }
}

fn write_announced(f: &mut fmt::Formatter<'_>, entry: &Entry) -> fmt::Result {
    field(
        f,
        "expected",
        &format!("{}: {}", entry.verdict, entry.reason),
    )
}

/// A named line below a title; a text of several lines is indented as a whole.
fn field(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    let mut name = name;
    let lines = text.lines();
    let lines: Vec<String> = lines
        .flat_map(|line| wrap(line, COLUMNS - BEFORE_FIELD))
        .collect();
    let more = lines.len().saturating_sub(SHOWN_LINES);
    let more = (more > 0).then(|| format!("… and {more} more lines"));
    for line in lines.into_iter().take(SHOWN_LINES).chain(more) {
        writeln!(
            f,
            "{:13}{} {line}",
            "",
            Styled(DIM, format_args!("{name:<9}"))
        )?;
        name = "";
    }
    Ok(())
}
