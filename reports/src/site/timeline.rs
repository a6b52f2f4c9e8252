//! Timelines of a host-driven test, drawn: a lane for the script, the host and each task, from left
//! to right; a point for each event, from top to bottom; an arrow where something goes from one lane
//! to another; and beside it what happened.

use std::fmt::Write;

use assize_harness::host::{Arrow, Passage, Standing};
use maud::{Markup, html};

use super::{Plan, show};
use crate::{
    model::{RuntimeIndex, Test, Timeline, Trace},
    text::Text,
};

/// How far lanes are apart, in pixels, as are all measures here.
const LANE: usize = 26;

/// How high a line of text is.
const LINE: usize = 17;

/// How far events are apart beyond their lines.
const GAP: usize = 4;

/// How wide a character is, about.
const CHARACTER: f64 = 7.3;

/// How many characters a line of text has.
const WIDTH: usize = 70;

/// How many lines one event may have.
const LINES: usize = 6;

/// How many events are drawn.
const ROWS: usize = 400;

/// How many lanes are drawn; events of others stand in the last.
const LANES: usize = 40;

/// What arrows mean.
const PASSAGES: [(Passage, &str); 4] = [
    (Passage::Call, "call"),
    (Passage::Return, "return"),
    (Passage::Cancel, "cancellation"),
    (Passage::Copy, "copy"),
];

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
            section {
                h2 #timelines { "What happened" }
                (key(traces.iter().map(|(trace, _)| *trace)))
                @for (position, (trace, runtimes)) in traces.iter().enumerate() {
                    @let earlier = traces[..position].iter();
                    @let shown = earlier.filter(|(other, _)| other.reference == trace.reference);
                    (one(plan, trace, runtimes, position, shown.count() > 0))
                }
            }
        }
    }
}

/// What signs and arrows mean, as far as there are any.
fn key<'t>(traces: impl Iterator<Item = &'t Trace>) -> Markup {
    let timelines: Vec<&Timeline> = traces
        .flat_map(|trace| [&trace.observed, &trace.reference])
        .collect();
    let arrows = || timelines.iter().flat_map(|one| &one.rows);
    let present = |what| arrows().any(|row| row.arrow.is_some_and(|arrow| arrow.what == what));
    let passages = PASSAGES.into_iter().filter(|(what, _)| present(*what));
    html! {
        p.key {
            @for (what, name) in passages {
                span {
                    svg width="44" height="14" aria-hidden="true" { (arrow(4, 38, 7, what)) }
                    (name)
                }
            }
            @if arrows().any(|row| row.standing == Standing::First) {
                span { b.bad { "✗" } " the first event that no schedule of the specification shows" }
            }
            @if arrows().any(|row| row.standing == Standing::After) {
                span { "○ what came after it" }
            }
        }
    }
}

fn one(
    plan: &Plan<'_>,
    trace: &Trace,
    runtimes: &[RuntimeIndex],
    position: usize,
    reference_shown: bool,
) -> Markup {
    let labels = runtimes.iter().map(|one| plan.run.label(*one).to_string());
    let who = listed(&labels.collect::<Vec<_>>());
    let admissible = trace.allowed.is_empty();
    let reference = match admissible {
        true => "A run of the reference that shows the same",
        false => "The run of the reference that goes furthest with it",
    };
    html! {
        details.trace open[position == 0 || !admissible] {
            summary {
                h3 #{ "timeline-" (position) } {
                    (who) ": "
                    @match admissible {
                        true => { "the specification allows this" }
                        false => { "no schedule of the specification shows this" }
                    }
                }
            }
        @if !admissible {
            p { "In place of the event marked ✗, the specification allows:" }
            ul.allowed { @for what in &trace.allowed { li { code { (show::message(what)) } } } }
        }
        div.timelines {
            (figure(&trace.observed, &trace.allowed, &format!("o{position}"), &format!("What {who} showed")))
            @if reference_shown {
                p.note { "The run of the reference is the one above." }
            } @else {
                (figure(&trace.reference, &[], &format!("r{position}"), reference))
            }
        }
        }
    }
}

/// Whether it is drawn what this runtime did wrong.
pub(super) fn is_drawn(test: &Test, runtime: RuntimeIndex) -> bool {
    let trace = test.on(runtime).and_then(|run| run.trace.as_deref());
    trace.is_some_and(|trace| !trace.allowed.is_empty())
}

/// Names in a sentence.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}

/// An event as it is drawn.
struct Drawn {
    /// Its lane.
    lane: usize,
    standing: Standing,
    arrow: Option<Arrow>,
    /// What happened, in lines.
    what: Vec<String>,
    /// What is allowed in its place, in lines.
    allowed: Vec<String>,
    /// The base line of its first line.
    y: usize,
}

impl Drawn {
    /// The height of its point.
    fn middle(&self) -> usize {
        self.y - 4
    }

    fn lines(&self) -> usize {
        self.what.len() + self.allowed.len()
    }
}

fn drawn(timeline: &Timeline, allowed: &[Text], head: usize) -> Vec<Drawn> {
    let mut y = head + LINE;
    let mut drawn = Vec::new();
    let mut add = |lane, standing, arrow, what: &str| {
        let refused = standing == Standing::First;
        let allowed = allowed.iter().filter(|_| refused);
        let one = Drawn {
            lane,
            standing,
            arrow,
            what: wrapped(what),
            allowed: allowed
                .flat_map(|what| wrapped(&format!("allowed: {what}")))
                .collect(),
            y,
        };
        y += one.lines() * LINE + GAP;
        drawn.push(one);
    };
    for row in timeline.rows.iter().take(ROWS) {
        let arrow = row.arrow.filter(|one| one.from.max(one.to) < LANES);
        let lane = row.column.min(LANES - 1);
        add(lane, row.standing, arrow, &row.what);
    }
    if ends_too_early(timeline, allowed) {
        add(0, Standing::First, None, NOTHING_MORE);
    }
    drawn
}

/// What is said where it is the end that is not allowed.
const NOTHING_MORE: &str = "nothing more";

/// Whether all that was seen is allowed, but that it was all is not.
fn ends_too_early(timeline: &Timeline, allowed: &[Text]) -> bool {
    let refused = |row: &crate::model::Row| row.standing == Standing::First;
    !allowed.is_empty() && !timeline.rows.iter().any(refused)
}

fn figure(timeline: &Timeline, allowed: &[Text], id: &str, title: &str) -> Markup {
    let head = head(timeline);
    let drawn = drawn(timeline, allowed, head);
    let lanes = timeline.columns.len().min(LANES);
    let text_at = lanes * LANE + 10;
    let texts = drawn
        .iter()
        .flat_map(|one| one.what.iter().chain(&one.allowed));
    let longest = texts.map(|line| line.chars().count()).max().unwrap_or(0);
    let width = text_at + ((longest + 3) as f64 * CHARACTER) as usize;
    let last = drawn.last();
    let height = last.map_or(head, |one| one.y + (one.lines() - 1) * LINE) + 12;
    let left = timeline.rows.len().saturating_sub(ROWS);
    html! {
        figure.timeline {
            figcaption { (title) }
            div.wide role="group" aria-label=(title) tabindex="0" {
                svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-labelledby={ (id) "t" } aria-describedby={ (id) "d" } {
                    title #{ (id) "t" } { (title) }
                    desc #{ (id) "d" } { (described(timeline, allowed)) }
                    (bands(&drawn, width))
                    (lane_names(timeline, head))
                    path.lane d=(lane_lines(lanes, head, height)) {}
                    @for one in &drawn {
                        @if let Some(Arrow { what, from, to }) = one.arrow {
                            (arrow(lane_at(from), lane_at(to), one.middle(), what))
                        }
                    }
                    path.points d=(points(&drawn)) {}
                    @for one in &drawn { (event(one, text_at)) }
                }
            }
            @if left > 0 { p.note { "and " (show::several(left, "more event")) } }
            (as_text(timeline, allowed))
        }
    }
}

/// How much room the names of lanes need, which stand at a slope.
fn head(timeline: &Timeline) -> usize {
    let names = timeline.columns.iter().take(LANES);
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

fn lane_names(timeline: &Timeline, head: usize) -> Markup {
    let y = head - 6;
    html! {
        @for (column, name) in timeline.columns.iter().take(LANES).enumerate() {
            @let x = lane_at(column);
            text.lane x=(x) y=(y) transform={ "rotate(-38 " (x) " " (y) ")" } { (shortened(name)) }
        }
    }
}

/// Where the lanes are, as a path.
fn lane_lines(lanes: usize, head: usize, height: usize) -> String {
    let mut path = String::new();
    for lane in 0..lanes {
        let _ = write!(path, "M{} {head}V{height}", lane_at(lane));
    }
    path
}

/// What is behind an event that is not allowed.
fn bands(drawn: &[Drawn], width: usize) -> Markup {
    let refused = drawn.iter().filter(|one| one.standing == Standing::First);
    html! {
        @for one in refused {
            rect.band x="0" y=(one.y - LINE + 3) width=(width) height=(one.lines() * LINE + 4) rx="3" {}
        }
    }
}

/// The points of events that are allowed, as a path of lines without length, whose round ends are
/// the points.
fn points(drawn: &[Drawn]) -> String {
    let mut path = String::new();
    let allowed = drawn
        .iter()
        .filter(|one| one.standing == Standing::Admissible);
    for one in allowed {
        let _ = write!(path, "M{} {}h0", lane_at(one.lane), one.middle());
    }
    path
}

/// An arrow along an event's height. Its end is short of the lane, so that it is seen beside a
/// point there.
fn arrow(from: usize, to: usize, y: usize, what: Passage) -> Markup {
    let class = match what {
        Passage::Call => "arrow",
        Passage::Return => "arrow return",
        Passage::Cancel => "arrow cancel",
        Passage::Copy => "arrow copy",
    };
    let (end, tip) = match from < to {
        true => (to.saturating_sub(5), "l-6-4m6 4l-6 4"),
        false => (to + 5, "l6-4m-6 4l6 4"),
    };
    html! {
        path class=(class) d={ "M" (from) " " (y) "H" (end) } {}
        path.tip.cancel[what == Passage::Cancel].copy[what == Passage::Copy] d={ "M" (end) " " (y) (tip) } {}
    }
}

fn event(one: &Drawn, text_at: usize) -> Markup {
    let (x, y) = (lane_at(one.lane), one.middle());
    let (class, mark) = match one.standing {
        Standing::Admissible => (None, ""),
        Standing::First => (Some("refused"), "✗ "),
        Standing::After => (Some("later"), ""),
    };
    html! {
        @match one.standing {
            Standing::Admissible => {}
            Standing::First => { path.first d={ "M" (x - 5) " " (y - 5) "l10 10m0-10l-10 10" } {} }
            Standing::After => { circle.after cx=(x) cy=(y) r="4" {} }
        }
        @for (line, text) in one.what.iter().enumerate() {
            text class=[class] x=(text_at) y=(one.y + line * LINE) { @if line == 0 { (mark) } (text) }
        }
        @for (line, text) in one.allowed.iter().enumerate() {
            text.allowed x=(text_at) y=(one.y + (one.what.len() + line) * LINE) { (text) }
        }
    }
}

/// A text in lines that are not too long, broken at blanks where there are some.
fn wrapped(text: &str) -> Vec<String> {
    let (text, mut left) = show::cut(text, WIDTH * LINES);
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest: &str = line.trim_end();
        loop {
            let (head, more) = show::cut(rest, WIDTH);
            if more == 0 {
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
    let over = lines.drain(lines.len().min(LINES)..);
    left += over.map(|line| line.chars().count()).sum::<usize>();
    if left > 0 {
        lines.push(format!("… ({left} more characters)"));
    }
    lines
}

/// What a drawing shows, for those who do not see it.
fn described(timeline: &Timeline, allowed: &[Text]) -> String {
    let names: Vec<String> = timeline.columns.iter().map(Text::to_string).collect();
    let rows = &timeline.rows;
    let refused = rows.iter().position(|row| row.standing == Standing::First);
    let refused = match refused {
        Some(at) => format!(" Event {} is the first that is not allowed.", at + 1),
        None if ends_too_early(timeline, allowed) => " Then more was due to come.".to_owned(),
        None => String::new(),
    };
    format!(
        "{} in {}: {}.{refused} The list below has the same as text.",
        show::several(rows.len(), "event"),
        show::several(names.len(), "lane"),
        listed(&names),
    )
}

/// The same as a list.
fn as_text(timeline: &Timeline, allowed: &[Text]) -> Markup {
    let passage = |what| PASSAGES.into_iter().find(|(one, _)| *one == what);
    html! {
        details {
            summary { "As text" }
            ol.events {
                @for row in timeline.rows.iter().take(ROWS) {
                    li {
                        @match row.standing {
                            Standing::Admissible => {}
                            Standing::First => { strong.bad { "✗ not allowed: " } }
                            Standing::After => { "○ after that: " }
                        }
                        i { (timeline.columns[row.column]) } " " (show::message(&row.what))
                        @if let Some((arrow, (_, name))) = row.arrow.and_then(|arrow| Some((arrow, passage(arrow.what)?))) {
                            i { " (" (name) " from " (timeline.columns[arrow.from]) " to " (timeline.columns[arrow.to]) ")" }
                        }
                    }
                }
                @if ends_too_early(timeline, allowed) { li { strong.bad { "✗ not allowed: " } (NOTHING_MORE) } }
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
    }

    #[test]
    fn an_event_has_few_lines_however_long_its_text_is() {
        let long = wrapped(&"x".repeat(1000));
        assert_eq!(long.len(), LINES + 1);
        assert_eq!(long[LINES], "… (580 more characters)");
        let many = wrapped(&"x\n".repeat(100));
        assert_eq!(many.len(), LINES + 1);
        assert_eq!(many[LINES], "… (94 more characters)");
    }
}
