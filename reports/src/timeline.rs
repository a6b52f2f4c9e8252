//! Timelines of a host-driven test as text: a column for each lane, a row for each event.

use std::fmt::Write;

use assize_harness::host::{Explanation, Row, Standing, Timeline};

use crate::style::{BAD, BOLD, DIM, Styled};

/// How far apart columns are; fewer where a timeline has many.
const STEP: usize = 14;

/// How wide a row is before it is cut.
const WIDTH: usize = 100;

/// Both timelines of an explanation, and what may come next. `title` says what was run.
pub fn explained(title: &str, explanation: &Explanation) -> String {
    let mut text = format!("{}\n\n", Styled(BOLD, title));
    let parts = [
        ("what the runtime showed", &explanation.observed),
        (
            "the run of the reference that goes furthest with that",
            &explanation.reference,
        ),
    ];
    for (name, timeline) in parts {
        let _ = writeln!(text, "  {}", Styled(BOLD, name));
        add_timeline(&mut text, timeline);
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "  {}",
        Styled(BOLD, "what the specification allows next")
    );
    for allowed in &explanation.allowed {
        let _ = writeln!(text, "    {allowed}");
    }
    text
}

fn add_timeline(text: &mut String, timeline: &Timeline) {
    let step = (WIDTH / 2 / timeline.columns.len().max(1)).clamp(4, STEP);
    add_names(text, timeline, step);
    for row in &timeline.rows {
        add_row(text, row, step);
    }
}

/// The names of the columns, on as many lines as it takes for none to run into the next.
fn add_names(text: &mut String, timeline: &Timeline, step: usize) {
    let mut left: Vec<(usize, &str)> = Vec::new();
    for (column, name) in timeline.columns.iter().enumerate() {
        left.push((column * step, name));
    }
    while !left.is_empty() {
        let mut line = String::new();
        left.retain(|(at, name)| {
            let end = line.chars().count();
            if end > 0 && end + 1 > *at {
                return true;
            }
            line += &" ".repeat(at - end);
            line += name;
            false
        });
        let _ = writeln!(text, "    {}", Styled(DIM, line));
    }
}

fn add_row(text: &mut String, row: &Row, step: usize) {
    let lanes = format!("│{}", " ".repeat(step - 1)).repeat(row.column);
    let (mark, style) = match row.standing {
        Standing::Admissible => ("", None),
        Standing::First => ("! ", Some(BAD)),
        Standing::After => ("? ", Some(DIM)),
    };
    let room = WIDTH.saturating_sub(row.column * step);
    let what = cut(&format!("{mark}{}", row.what), room);
    let lanes = Styled(DIM, lanes);
    let _ = match style {
        Some(style) => writeln!(text, "    {lanes}{}", Styled(style, what)),
        None => writeln!(text, "    {lanes}{what}"),
    };
}

fn cut(text: &str, room: usize) -> String {
    let shown: String = text.chars().take(room).collect();
    match shown.len() < text.len() {
        true => format!("{}…", shown.trim_end()),
        false => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_stands_in_its_column() {
        let row = |column, what: &str, standing| Row {
            column,
            what: what.to_owned(),
            standing,
            arrow: None,
        };
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let explanation = Explanation {
            observed: Timeline {
                columns: columns(&["script", "guest", "a-name-of-some-length", "end 5"]),
                rows: vec![
                    row(0, "start a = run() -> started", Standing::Admissible),
                    row(1, "call trace(1)", Standing::Admissible),
                    row(3, "end 5: read [10], completed", Standing::First),
                    row(0, "await a -> returned", Standing::After),
                ],
            },
            reference: Timeline {
                columns: columns(&["script"]),
                rows: vec![row(0, &"long ".repeat(40), Standing::Admissible)],
            },
            allowed: vec!["end 5: read [10, 20], completed".to_owned()],
        };
        let text =
            anstream::adapter::strip_str(&explained("x.wat on fake", &explanation)).to_string();
        insta::assert_snapshot!(text, @r"
        x.wat on fake

          what the runtime showed
            script      guest       a-name-of-some-length
                                                end 5
            start a = run() -> started
            │           call trace(1)
            │           │           │           ! end 5: read [10], completed
            ? await a -> returned

          the run of the reference that goes furthest with that
            script
            long long long long long long long long long long long long long long long long long long long long…

          what the specification allows next
            end 5: read [10, 20], completed
        ");
    }
}
