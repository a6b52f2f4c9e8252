//! What the battery made of an adapter, as text for its author and as one JSON document.

use std::fmt::Write;

use assize_harness::battery::{Battery, CheckResult, Checked, Complaint};

use crate::json::pretty;
use crate::style::{BAD, BOLD, DIM, GOOD, ODD, Styled};

/// The battery as text: who was checked, a line for each check, and of each that failed the
/// request, what should have come, what came, and why it matters.
pub fn battery(command: &str, battery: &Battery) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = match &battery.hello {
        Some(hello) => writeln!(
            text,
            "{} {} {}",
            Styled(BOLD, &hello.name),
            hello.version,
            Styled(DIM, format!("({command})"))
        ),
        None => writeln!(text, "{}", Styled(BOLD, command)),
    };
    let width = battery.checks.iter().map(|check| check.name.len()).max();
    for check in &battery.checks {
        add_check(&mut text, check, width.unwrap_or_default());
    }
    text += &summary(battery);
    text
}

fn add_check(text: &mut String, check: &CheckResult, width: usize) {
    let CheckResult { name, why, checked } = check;
    let _ = match checked {
        Checked::Passed => writeln!(text, "  {} {name}", Styled(GOOD, "pass")),
        Checked::Skipped { missing } => writeln!(
            text,
            "  {} {name:width$} {}",
            Styled(ODD, "skip"),
            Styled(DIM, format!("not there: {missing}"))
        ),
        Checked::Failed(complaint) => {
            let _ = writeln!(text, "  {} {}", Styled(BAD, "FAIL"), Styled(BOLD, name));
            add_complaint(text, complaint);
            writeln!(text, "       {} {why}", Styled(DIM, "why     "))
        }
    };
}

fn add_complaint(text: &mut String, complaint: &Complaint) {
    let Complaint {
        sent,
        expected,
        came,
    } = complaint;
    for (word, what) in [("sent", sent), ("expected", expected), ("came", came)] {
        let what = what.replace('\n', "\n                ");
        let _ = writeln!(text, "       {} {what}", Styled(DIM, format!("{word:8}")));
    }
}

fn summary(battery: &Battery) -> String {
    let count = |wanted: fn(&Checked) -> bool| {
        let checks = battery.checks.iter();
        checks.filter(|check| wanted(&check.checked)).count()
    };
    let passed = count(|checked| matches!(checked, Checked::Passed));
    let skipped = count(|checked| matches!(checked, Checked::Skipped { .. }));
    let failed = count(|checked| matches!(checked, Checked::Failed(_)));
    let failed = match failed {
        0 => Styled(GOOD, "0 failed".to_owned()),
        failed => Styled(BAD, format!("{failed} failed")),
    };
    format!("{passed} passed, {failed}, {skipped} skipped\n")
}

/// The battery as a JSON document, with a line break at its end.
pub fn battery_json(battery: &Battery) -> String {
    pretty(battery)
}
