//! What exploring schedules has found, as text for people and as one JSON document.

use std::fmt::Write;

use assize_harness::explore::{Explored, ExploredAction, ExploredOutcome, Traced};
use serde::Serialize;

use crate::json::pretty;
use crate::style::{BAD, BOLD, DIM, GOOD, ODD, Styled};

/// How many lines of a schedule are shown; the JSON document has all of them.
const SHOWN_CHOICES: usize = 40;

/// An exploration as text. `file` is the name of what was explored.
pub fn explored(file: &str, found: &Explored) -> String {
    let mut text = String::new();
    let several = |action: &&ExploredAction| !action.holds || action.outcomes.len() > 1;
    for action in found.actions.iter().filter(several) {
        add_action(&mut text, file, action);
    }
    if let Some(schedule) = &found.endless {
        let note = "a schedule that need never end: it comes back to where it was";
        text += &format!("{} {note}\n", Styled(ODD, "note:"));
        add_schedule(&mut text, schedule);
    }
    text += &summary(file, found);
    text
}

fn summary(file: &str, found: &Explored) -> String {
    let Explored {
        states,
        steps,
        outcomes,
        millis,
        ..
    } = found;
    let rate = u128::from(*states) * 1000 / (*millis).max(1);
    let complete = if found.complete {
        Styled(GOOD, "complete")
    } else {
        Styled(ODD, "bounded")
    };
    let actions = found.actions.len();
    let broken = found.actions.iter().filter(|action| !action.holds).count();
    let verdict = if broken == 0 {
        Styled(GOOD, "all hold in every schedule explored".to_owned())
    } else {
        Styled(BAD, format!("{broken} do not hold in every schedule"))
    };
    let left_out = match found.left_out.len() {
        0 => String::new(),
        count => format!(" {}", Styled(DIM, format!("({count} left out)"))),
    };
    format!(
        "{}: {complete}, {states} states, {steps} steps, {outcomes} outcomes of {actions} actions{left_out}, \
         {verdict}, {millis} ms ({rate} states/s)\n",
        Styled(BOLD, file)
    )
}

fn add_action(text: &mut String, file: &str, action: &ExploredAction) {
    let ExploredAction {
        line,
        directive,
        what,
        wanted,
        ..
    } = action;
    let place = Styled(BOLD, format!("{file}:{line}"));
    // Writing to a string does not fail.
    let _ = writeln!(text, "{place} {directive}: {what}; expected: {wanted}");
    for outcome in &action.outcomes {
        add_outcome(text, outcome);
    }
}

fn add_outcome(text: &mut String, outcome: &ExploredOutcome) {
    let style = if outcome.as_wanted { GOOD } else { BAD };
    let _ = writeln!(text, "  {}", Styled(style, &outcome.event));
    add_schedule(text, &outcome.schedule);
}

fn add_schedule(text: &mut String, schedule: &[String]) {
    if schedule.is_empty() {
        let _ = writeln!(text, "    in the deterministic profile");
    }
    for choice in schedule.iter().take(SHOWN_CHOICES) {
        let _ = writeln!(text, "    {choice}");
    }
    if schedule.len() > SHOWN_CHOICES {
        let rest = schedule.len() - SHOWN_CHOICES;
        let _ = writeln!(text, "    {}", Styled(DIM, format!("and {rest} more")));
    }
}

/// A run as text: one line for each thing that happened, indented by how deep it is nested.
pub fn traced(run: &Traced) -> String {
    let mut text = String::new();
    for line in &run.lines {
        text.extend((0..line.depth).map(|_| "  "));
        if let (Some(task), Some(thread)) = (line.task, line.thread) {
            text += &format!("{} ", Styled(DIM, format!("task {task} thread {thread}:")));
        }
        text += &line.what;
        text.push('\n');
    }
    if !run.ended {
        text += &format!("{} too many choices: given up\n", Styled(ODD, "note:"));
    }
    text
}

/// A run as a JSON document, with a line break at its end.
pub fn traced_json(file: &str, run: &Traced) -> String {
    document(file, run)
}

/// An exploration as a JSON document, with a line break at its end.
pub fn explored_json(file: &str, found: &Explored) -> String {
    document(file, found)
}

fn document(file: &str, found: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Document<'a, T> {
        file: &'a str,
        #[serde(flatten)]
        found: &'a T,
    }
    pretty(&Document { file, found })
}
