//! The list of what did not go as expected: where it is, what should have happened, what did.

use std::{
    fmt::{self, Display},
    path::Path,
};

use anstyle::Style;
use assize_harness::{
    expectations::{Expectation, Stale, Unexpected},
    results::{Detail, DirectiveResult, Verdict},
};

use crate::{
    Compared, Run,
    style::{self, BOLD, DIM, GOOD, ODD, Styled},
};

/// What the directive of a host-driven test is called.
const HOST_DRIVEN: &str = "script";

/// How many results of one file on one runtime are shown; the others are counted. A file whose
/// first component does not validate would otherwise fill the screen with what follows from it.
const SHOWN_A_FILE: usize = 4;

/// Shows everything that was not expected in a run; nothing at all where there is none.
pub(crate) struct Unexpecteds<'a>(pub &'a Run);

impl Display for Unexpecteds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for compared in &self.0.compared {
            let unexpected = &compared.comparison.unexpected;
            for of_file in unexpected.chunk_by(|one, next| file_of(one) == file_of(next)) {
                for one in of_file.iter().take(SHOWN_A_FILE) {
                    compared.write(f, one)?;
                }
                let more = of_file.len().saturating_sub(SHOWN_A_FILE);
                if more > 0 {
                    let file = compared.root.join(file_of(&of_file[0]));
                    let text = format!("and {more} more in {}", file.display());
                    writeln!(f, "{:13}{}\n", "", Styled(DIM, text))?;
                }
            }
            for stale in &compared.comparison.stale {
                compared.write_stale(f, stale)?;
            }
        }
        Ok(())
    }
}

fn file_of(unexpected: &Unexpected) -> &str {
    match unexpected {
        Unexpected::Verdict { result, .. } => &result.file,
        Unexpected::Pass { file, .. } => file,
    }
}

impl Compared {
    fn write(&self, f: &mut fmt::Formatter<'_>, unexpected: &Unexpected) -> fmt::Result {
        match unexpected {
            Unexpected::Verdict { result, expected } => self.write_verdict(f, result, expected),
            Unexpected::Pass {
                file,
                expectation,
                defined_at,
            } => {
                self.title(f, "PASS", GOOD, &self.place(file, expectation.line), "")?;
                write_announced(f, expectation)?;
                field(
                    f,
                    "actual",
                    "pass: remove the entry if this is here to stay",
                )?;
                self.write_entry(f, *defined_at)
            }
        }
    }

    fn write_verdict(
        &self,
        f: &mut fmt::Formatter<'_>,
        result: &DirectiveResult,
        expected: &[Verdict],
    ) -> fmt::Result {
        let place = format!(
            "{}:{}:{}",
            self.file(&result.file),
            result.line,
            result.column
        );
        let verdict = result.verdict;
        let label = verdict.name().to_uppercase();
        self.title(f, &label, style::of(verdict), &place, &result.directive)?;
        let Detail {
            expected: wanted,
            actual,
        } = result.detail.clone().unwrap_or_default();
        if !expected.is_empty() {
            let names: Vec<&str> = expected.iter().map(|verdict| verdict.name()).collect();
            field(f, "announced", &names.join(" or "))?;
        }
        if let Some(wanted) = wanted {
            field(f, "expected", &wanted)?;
        }
        if let Some(actual) = actual {
            field(f, "actual", &actual)?;
        }
        if let Some(capability) = &result.capability {
            field(f, "missing", capability)?;
        }
        if let Some(rule) = &result.rule {
            field(f, "rule", rule)?;
        }
        if (result.directive.as_str(), verdict) == (HOST_DRIVEN, Verdict::Fail) {
            let (runtime, file) = (&self.runtime, self.file(&result.file));
            let again = format!("cargo xtask conformance --runtime {runtime} --explain {file}");
            field(f, "again", &again)?;
        }
        writeln!(f)
    }

    fn write_stale(&self, f: &mut fmt::Formatter<'_>, stale: &Stale) -> fmt::Result {
        let Stale {
            expectation,
            defined_at,
            missing,
        } = stale;
        self.title(
            f,
            "STALE",
            ODD,
            &self.place(&expectation.glob, expectation.line),
            "",
        )?;
        write_announced(f, expectation)?;
        field(f, "actual", &format!("the suite has no such {missing}"))?;
        self.write_entry(f, *defined_at)
    }

    fn title(
        &self,
        f: &mut fmt::Formatter<'_>,
        label: &str,
        style: Style,
        place: &str,
        directive: &str,
    ) -> fmt::Result {
        let (label, runtime) = (format!("{label:>12}"), Styled(BOLD, &self.runtime));
        write!(f, "{} {runtime}  {place}", Styled(style, label))?;
        match directive {
            "" => writeln!(f),
            _ => writeln!(f, "  {}", Styled(DIM, directive)),
        }
    }

    /// The line of the expectations file that is not true.
    fn write_entry(&self, f: &mut fmt::Formatter<'_>, line: u32) -> fmt::Result {
        field(
            f,
            "entry",
            &format!("{}:{line}", self.expectations.display()),
        )?;
        writeln!(f)
    }

    fn file(&self, file: &str) -> String {
        self.root.join(Path::new(file)).display().to_string()
    }

    fn place(&self, file: &str, line: Option<u32>) -> String {
        line.map_or_else(
            || self.file(file),
            |line| format!("{}:{line}", self.file(file)),
        )
    }
}

fn write_announced(f: &mut fmt::Formatter<'_>, expectation: &Expectation) -> fmt::Result {
    field(
        f,
        "expected",
        &format!("{}: {}", expectation.verdict, expectation.reason),
    )
}

/// A named line below a title; a text of several lines is indented as a whole.
fn field(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    let mut name = name;
    for line in text.lines() {
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
