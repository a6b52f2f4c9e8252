//! Timelines of a host-driven test, drawn: a lane for the script, the host and each task, from left
//! to right; a point for each event, from top to bottom; and beside it what happened.

use assize_harness::host::Standing;
use maud::{Markup, html};

use super::{Plan, show};
use crate::{
    model::{Row, RuntimeIndex, Test, Timeline, Trace},
    text::Text,
};

/// How far lanes are apart, in pixels, as are all measures here.
const LANE: usize = 24;

/// How high a line of text is.
const LINE: usize = 18;

/// How wide a character is, about.
const CHARACTER: f64 = 7.3;

/// How many characters a line of text has.
const WIDTH: usize = 76;

/// How many events are drawn.
const ROWS: usize = 400;

/// The section with the timelines of all runtimes; nothing where there are none. Runtimes that
/// showed the same share a drawing.
pub(super) fn section(plan: &Plan<'_>, test: &Test) -> Markup {
    let mut traces: Vec<(&Trace, Vec<RuntimeIndex>)> = Vec::new();
    for run in &test.runs {
        let Some(trace) = run.trace.as_deref() else {
            continue;
        };
        match traces.iter_mut().find(|(known, _)| *known == trace) {
            Some((_, runtimes)) => runtimes.push(run.runtime),
            None => traces.push((trace, vec![run.runtime])),
        }
    }
    // What is wrong comes first.
    traces.sort_by_key(|(trace, _)| trace.allowed.is_empty());
    html! {
        @if !traces.is_empty() {
            section aria-labelledby="timelines" {
                h2 #timelines { "What happened" }
                @for (position, (trace, runtimes)) in traces.iter().enumerate() {
                    (one(plan, trace, runtimes, position))
                }
            }
        }
    }
}

fn one(plan: &Plan<'_>, trace: &Trace, runtimes: &[RuntimeIndex], position: usize) -> Markup {
    let labels: Vec<String> = runtimes
        .iter()
        .map(|one| plan.run.label(*one).to_string())
        .collect();
    let who = listed(&labels);
    let admissible = trace.allowed.is_empty();
    html! {
        h3 #{ "timeline-" (position) } {
            (who) ": "
            @if admissible { "what the specification allows" } @else { "what no schedule of the specification shows" }
        }
        @if !admissible {
            p { "Up to the line marked ✗, some schedule shows all of this. In its place the specification allows:" }
            ul.allowed { @for what in &trace.allowed { li { code { (show::message(what)) } } } }
        }
        div.timelines {
            (figure(&trace.observed, &trace.allowed, &format!("o{position}"), &format!("What {who} showed")))
            (figure(&trace.reference, &[], &format!("r{position}"), match admissible {
                true => "A run of the reference that shows the same",
                false => "The run of the reference that goes furthest with it",
            }))
        }
    }
}

/// Names in a sentence.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}

/// A line of the drawing: an event, or a line that is added to one.
struct Drawn<'t> {
    row: &'t Row,
    /// Its text, in lines.
    text: Vec<String>,
    /// Where it starts.
    y: usize,
}

fn figure(timeline: &Timeline, allowed: &[Text], id: &str, title: &str) -> Markup {
    let (rows, left) = timeline.rows.split_at(timeline.rows.len().min(ROWS));
    let head = head(timeline);
    let mut y = head + LINE;
    let mut drawn = Vec::new();
    for row in rows {
        let mut text = wrapped(&row.what);
        if row.standing == Standing::First {
            for what in allowed {
                let mut lines = wrapped(&format!("allowed: {}", what));
                text.append(&mut lines);
            }
        }
        let height = text.len();
        drawn.push(Drawn { row, text, y });
        y += height * LINE + 4;
    }
    let text_at = timeline.columns.len() * LANE + 12;
    let longest = drawn.iter().flat_map(|one| &one.text);
    let longest = longest.map(|line| line.chars().count()).max().unwrap_or(0);
    let width = text_at + ((longest + 3) as f64 * CHARACTER) as usize;
    let height = y + 4;
    html! {
        figure.timeline {
            figcaption { (title) }
            div.wide role="region" aria-label=(title) tabindex="0" {
                svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-labelledby={ (id) "t " (id) "d" } {
                    title #{ (id) "t" } { (title) }
                    desc #{ (id) "d" } { (described(timeline)) }
                    (lanes(timeline, head, height))
                    @for one in &drawn { (event(one, text_at, width)) }
                }
            }
            @if !left.is_empty() { p.note { "and " (show::several(left.len(), "more event")) } }
            (as_text(timeline))
        }
    }
}

/// How much room the names of lanes need, which stand at a slope.
fn head(timeline: &Timeline) -> usize {
    let names = timeline.columns.iter();
    let longest = names.map(|name| shortened(name).chars().count()).max();
    (longest.unwrap_or(0) as f64 * CHARACTER * 0.6) as usize + 16
}

/// A lane's name, as far as there is room for it.
fn shortened(name: &str) -> String {
    let (shown, left) = show::cut(name, 24);
    match left {
        0 => shown.to_owned(),
        _ => format!("{shown}…"),
    }
}

fn lane_at(column: usize) -> usize {
    column * LANE + LANE / 2
}

fn lanes(timeline: &Timeline, head: usize, height: usize) -> Markup {
    html! {
        @for (column, name) in timeline.columns.iter().enumerate() {
            @let x = lane_at(column);
            line.lane x1=(x) x2=(x) y1=(head) y2=(height) {}
            text.lane x=(x) y=(head - 6) transform={ "rotate(-38 " (x) " " (head - 6) ")" } { (shortened(name)) }
        }
    }
}

fn event(drawn: &Drawn<'_>, text_at: usize, width: usize) -> Markup {
    let (x, y) = (lane_at(drawn.row.column), drawn.y);
    let own = wrapped(&drawn.row.what).len();
    let (class, mark) = match drawn.row.standing {
        Standing::Admissible => ("event", ""),
        Standing::First => ("event first", "✗ "),
        Standing::After => ("event after", "? "),
    };
    html! {
        g class=(class) {
            @if drawn.row.standing == Standing::First {
                rect.band x="0" y=(y - LINE + 4) width=(width) height=(drawn.text.len() * LINE + 2) {}
            }
            line.guide x1=(x) x2=(text_at - 4) y1=(y - 4) y2=(y - 4) {}
            @match drawn.row.standing {
                Standing::First => { path.point d={ "M" (x - 5) " " (y - 9) "l10 10m0 -10l-10 10" } {} }
                _ => { circle.point cx=(x) cy=(y - 4) r="4.5" {} }
            }
            @for (line, text) in drawn.text.iter().enumerate() {
                text class=[(line >= own).then_some("allowed")] x=(text_at) y=(y + line * LINE) {
                    @if line == 0 { (mark) }
                    (text)
                }
            }
        }
    }
}

/// A text in lines that are not too long, broken at blanks where there are some.
fn wrapped(text: &str) -> Vec<String> {
    let (text, left) = show::cut(text, WIDTH * 8);
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest: &str = line.trim_end();
        loop {
            let (head, left) = show::cut(rest, WIDTH);
            if left == 0 {
                lines.push(rest.to_owned());
                break;
            }
            let end = head.rfind(' ').filter(|at| *at > head.len() / 2);
            let (head, tail) = rest.split_at(end.unwrap_or(head.len()));
            lines.push(head.to_owned());
            rest = tail.trim_start();
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    if left > 0 {
        lines.push(format!("… ({left} more characters)"));
    }
    lines
}

/// What a drawing shows, for those who do not see it.
fn described(timeline: &Timeline) -> String {
    let names: Vec<String> = timeline
        .columns
        .iter()
        .map(|name| name.to_string())
        .collect();
    let rows = &timeline.rows;
    let refused = rows.iter().position(|row| row.standing == Standing::First);
    let refused = refused.map_or_else(String::new, |at| {
        format!(" Event {} is the first that is not allowed.", at + 1)
    });
    format!(
        "{} in {}: {}.{refused} The list below has the same as text.",
        show::several(rows.len(), "event"),
        show::several(names.len(), "lane"),
        listed(&names),
    )
}

/// The same as a list.
fn as_text(timeline: &Timeline) -> Markup {
    html! {
        details {
            summary { "As text" }
            ol.events {
                @for row in timeline.rows.iter().take(ROWS) {
                    li {
                        @match row.standing {
                            Standing::Admissible => {}
                            Standing::First => { strong.bad { "✗ not allowed: " } }
                            Standing::After => { span.note { "? not looked at: " } }
                        }
                        span.note { (timeline.columns[row.column]) " " } (show::message(&row.what))
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_wrapped_at_blanks() {
        let text = format!("{} {}", "a".repeat(60), "b".repeat(30));
        assert_eq!(wrapped(&text), ["a".repeat(60), "b".repeat(30)]);
        let lines = wrapped(&"é".repeat(WIDTH + 1));
        assert_eq!(lines, ["é".repeat(WIDTH), "é".to_owned()]);
        assert_eq!(wrapped(""), [""]);
        assert_eq!(wrapped("a\n\nb"), ["a", "", "b"]);
        let lines = wrapped(&"x".repeat(1000));
        assert_eq!(
            lines.last().map(String::as_str),
            Some("… (392 more characters)")
        );
    }
}
