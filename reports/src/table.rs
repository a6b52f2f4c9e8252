//! A run as people read it on a terminal: the table, what was not expected, the summary.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::{self, Display},
};

use anstyle::Style;
use assize_harness::results::Verdict;

use crate::{
    Report,
    changes::{Change, Changes, Difference},
    grid::{Align, Cell, Grid},
    model::{Problem, Run, Status},
    style::{self, BAD, BOLD, DIM, GOOD, ODD, PLAIN, Styled},
    tally::{Group, Tally, by_folder, by_suite, overall},
    unexpected::Unexpecteds,
    wrap::{COLUMNS, columns, cut, wrap},
};

/// The verdicts that have a column even when no directive has them.
const ALWAYS: [Verdict; 3] = [Verdict::Pass, Verdict::Fail, Verdict::Unsupported];

/// How wide the names of folders and runtimes may be at least.
const NAME: usize = 10;

/// How many changes of one kind are listed.
const CHANGES_SHOWN: usize = 10;

/// How many missing capabilities the summary names.
const MISSING_SHOWN: usize = 4;

/// The whole report on a run. No line is wider than 80 columns, unless a name is.
pub fn terminal(report: &Report) -> String {
    let run = &report.run;
    let mut text = String::from("\n");
    if !run.tests.is_empty() {
        text += &format!("{}\n", table(run));
    }
    text += &Unexpecteds(run).to_string();
    text += &problems(&run.problems);
    if let Some(changes) = &report.changes {
        text += &changed(changes);
    }
    text + &summary(report)
}

/// The table: as it is if it fits, else without the rarer verdicts, else with shorter names too:
/// first of folders, then of runtimes.
fn table(run: &Run) -> Grid {
    let counted = overall(run).directives;
    let has = |verdict: &Verdict| ALWAYS.contains(verdict) || counted.get(*verdict) > 0;
    let verdicts: Vec<Verdict> = Verdict::ALL.into_iter().filter(has).collect();
    let whole = (usize::MAX, usize::MAX);
    let mut grid = table_with(run, &verdicts, whole);
    if grid.width() > COLUMNS {
        grid = table_with(run, &ALWAYS, whole);
    }
    let widest = |names: &mut dyn Iterator<Item = &str>| names.map(columns).max().unwrap_or(0);
    let over = grid.width().saturating_sub(COLUMNS);
    if over == 0 {
        return grid;
    }
    let folders = widest(&mut run.tests.iter().map(|test| test.folder()));
    let shorter = folders.saturating_sub(over).max(NAME);
    grid = table_with(run, &ALWAYS, (shorter, usize::MAX));
    let over = grid.width().saturating_sub(COLUMNS);
    if over == 0 {
        return grid;
    }
    let runtimes = widest(&mut run.runtimes.iter().map(|runtime| &*runtime.label));
    let shorter_too = runtimes.saturating_sub(over).max(NAME);
    table_with(run, &ALWAYS, (shorter, shorter_too))
}

/// A table with a column for each of these verdicts, and one for all others if there are any; the
/// names of folders and runtimes are cut to so many columns.
fn table_with(run: &Run, verdicts: &[Verdict], names: (usize, usize)) -> Grid {
    let all = overall(run).directives;
    let listed: usize = verdicts.iter().map(|verdict| all.get(*verdict)).sum();
    let table = Table {
        run,
        verdicts,
        others: listed < all.total,
        names,
    };
    let numbers = 2 + verdicts.len() + usize::from(table.others);
    let mut grid = Grid::new([vec![Align::Left; 2], vec![Align::Right; numbers]].concat());
    grid.row(table.head());
    let (suites, folders) = (by_suite(run), by_folder(run));
    for suite in suites.chunk_by(|one, next| one.suite == next.suite) {
        grid.rule();
        let name = &run.suite(suite[0].suite).name;
        grid.title(Cell::new(cut(name, COLUMNS - 4), BOLD));
        let of_suite = folders.iter().filter(|group| group.suite == suite[0].suite);
        let mut above: Option<&Group> = None;
        for group in of_suite.clone() {
            grid.row(table.row(group, above));
            above = Some(group);
        }
        if of_suite.count() > suite.len() {
            for group in suite {
                grid.row(table.row(group, above));
                above = Some(group);
            }
        }
    }
    grid
}

struct Table<'r> {
    run: &'r Run,
    verdicts: &'r [Verdict],
    others: bool,
    names: (usize, usize),
}

impl Table<'_> {
    fn head(&self) -> Vec<Cell> {
        let names = ["folder", "runtime", "files", "directives"];
        let verdicts = self.verdicts.iter().map(|verdict| verdict.name());
        names
            .into_iter()
            .chain(verdicts)
            .chain(self.others.then_some("other"))
            .map(|name| Cell::new(name, DIM))
            .collect()
    }

    /// A line of the table. The folder is named only where it differs from the line above.
    fn row(&self, group: &Group, above: Option<&Group>) -> Vec<Cell> {
        let new = above.is_none_or(|above| above.folder != group.folder);
        let folder = match group.folder.as_deref() {
            _ if !new => Cell::new("", PLAIN),
            None => Cell::new("all", BOLD),
            Some("") => Cell::new(".", PLAIN),
            Some(folder) => Cell::new(cut(folder, self.names.0), PLAIN),
        };
        let Tally {
            files,
            files_passed,
            directives,
        } = group.tally;
        let runtime = cut(self.run.label(group.runtime), self.names.1);
        let mut cells = vec![
            folder,
            Cell::new(runtime, PLAIN),
            Cell::new(
                format!("{files_passed}/{files}"),
                share_style(files_passed, files),
            ),
            Cell::new(directives.total.to_string(), PLAIN),
        ];
        let number = |count: usize, style: Style| match count {
            0 => Cell::new("-", DIM),
            count => Cell::new(count.to_string(), style),
        };
        let mut others = directives.total;
        for &verdict in self.verdicts {
            let count = directives.get(verdict);
            others -= count;
            cells.push(number(count, style::of(verdict)));
        }
        cells.extend(self.others.then(|| number(others, BAD)));
        cells
    }
}

/// What was missing or damaged in the results.
fn problems(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let place = match problem.line {
            Some(line) => format!("{}:{line}", problem.file),
            None => problem.file.to_string(),
        };
        text += &labelled("DAMAGED", ODD, &format!("{place}: {}", problem.what));
    }
    if !problems.is_empty() {
        text.push('\n');
    }
    text
}

/// What is different from the baseline: what is worse first.
fn changed(changes: &Changes) -> String {
    let mut text = String::new();
    let kinds = [
        ("WORSE", BAD, &changes.worse),
        ("BETTER", GOOD, &changes.better),
    ];
    for (label, style, list) in kinds {
        for change in list.iter().take(CHANGES_SHOWN) {
            text += &labelled(label, style, &change_line(change));
        }
        text += &more(list.len());
    }
    for (label, list) in [("NEW", &changes.new), ("GONE", &changes.gone)] {
        for difference in list.iter().take(CHANGES_SHOWN) {
            text += &labelled(label, ODD, &difference_line(difference));
        }
        text += &more(list.len());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn more(listed: usize) -> String {
    match listed.saturating_sub(CHANGES_SHOWN) {
        0 => String::new(),
        more => labelled("", DIM, &format!("and {more} more")),
    }
}

fn change_line(change: &Change) -> String {
    let Change {
        runtime,
        suite,
        file,
        line,
        directive,
        before,
        after,
    } = change;
    format!("{runtime}  {suite} {file}:{line} {directive}: {before} -> {after}")
}

fn difference_line(difference: &Difference) -> String {
    let Difference {
        runtime,
        suite,
        file,
        directives,
        verdict,
    } = difference;
    let directives = Count(*directives, "directive");
    format!("{runtime}  {suite} {file}: {directives}, at worst {verdict}")
}

fn share_style(part: usize, whole: usize) -> Style {
    if part == whole { GOOD } else { PLAIN }
}

/// The last lines: how much was run, whether it was as expected, where all results are.
fn summary(report: &Report) -> String {
    let run = &report.run;
    let Tally {
        files, directives, ..
    } = overall(run);
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| directives.get(*verdict) > 0)
        .map(|verdict| {
            let count = directives.get(verdict);
            format!("{} {verdict}", Styled(style::of(verdict), count))
        })
        .collect();
    let took = match run.about.elapsed {
        Some(elapsed) => format!(" ({:.2} s)", elapsed.as_secs_f64()),
        None => String::new(),
    };
    let ran = format!(
        "{} in {}{took}: {}",
        Count(directives.total, "directive"),
        Count(files, "file"),
        if counts.is_empty() {
            "nothing to judge".to_owned()
        } else {
            counts.join(", ")
        },
    );
    let mut lines = vec![("Summary", BOLD, ran), ("Runtimes", BOLD, runtimes(run))];
    if directives.unsupported > 0 {
        lines.push(("Missing", ODD, missing(run)));
    }
    let standing = Standing::new(run);
    lines.push(match run.is_as_expected() {
        true => ("Expected", GOOD, standing.expected()),
        false => ("Unexpected", BAD, standing.not_expected()),
    });
    if let Some(changes) = &report.changes {
        let changed = format!("{} since {}", changes.counts(), changes.baseline);
        lines.push(("Changes", BOLD, changed));
    }
    lines.push(("Results", BOLD, report.results.to_string()));
    lines
        .into_iter()
        .map(|(label, style, text)| labelled(label, style, &text))
        .collect()
}

/// The runtimes with their versions, in the order of the table.
fn runtimes(run: &Run) -> String {
    let runtimes = run.runtimes.iter();
    let runtimes = runtimes.map(|runtime| format!("{} {}", runtime.name, runtime.version));
    runtimes.collect::<Vec<_>>().join(", ")
}

/// The capabilities that directives lacked, the ones that most of them lacked first.
fn missing(run: &Run) -> String {
    let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
    let directives = run.runs().flat_map(|(_, run)| &run.directives);
    for capability in directives.filter_map(|result| result.capability.as_deref()) {
        *lacking.entry(capability).or_default() += 1;
    }
    let mut lacking: Vec<(&str, usize)> = lacking.into_iter().collect();
    lacking.sort_by_key(|&(_, count)| Reverse(count));
    let more = lacking.len().saturating_sub(MISSING_SHOWN);
    let shown = lacking.iter().take(MISSING_SHOWN);
    let mut parts: Vec<String> = shown
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    parts.join(", ")
}

/// A line, or several, under a label.
fn labelled(label: &str, style: Style, text: &str) -> String {
    let mut label = Styled(style, format!("{label:>12}")).to_string();
    let mut whole = String::new();
    for line in text.lines().flat_map(|line| wrap(line, COLUMNS - 13)) {
        whole += &format!("{label} {line}\n");
        label = " ".repeat(12);
    }
    whole
}

/// How many results stand how to what is known of the runtimes.
#[derive(Default)]
struct Standing {
    unexpected: usize,
    stale: usize,
    known: usize,
    undecided: usize,
    not_compared: usize,
}

impl Standing {
    fn new(run: &Run) -> Self {
        let mut standing = Self {
            stale: run.stale.len(),
            ..Self::default()
        };
        for (_, of_test) in run.runs() {
            standing.unexpected += of_test.mended.len();
            for directive in &of_test.directives {
                match directive.status {
                    Status::Passed | Status::Beyond => {}
                    Status::Known(_) => standing.known += 1,
                    Status::Undecided => standing.undecided += 1,
                    Status::Unexpected { .. } => standing.unexpected += 1,
                    Status::NotCompared => standing.not_compared += 1,
                }
            }
        }
        standing
    }

    fn expected(&self) -> String {
        if self.not_compared > 0 {
            let unknown = Count(self.not_compared, "result");
            return format!("not known of {unknown}: they come without a comparison");
        }
        let known = Count(self.known, "known deviation");
        let undecided = Count(self.undecided, "undecided result");
        match (self.known, self.undecided) {
            (0, 0) => "everything passed".to_owned(),
            (_, 0) => format!("all results, among them {known}"),
            (0, _) => format!("all results, among them {undecided}"),
            (_, _) => format!("all results, among them {known} and {undecided}"),
        }
    }

    fn not_expected(&self) -> String {
        let mut parts = Vec::new();
        if self.unexpected > 0 {
            parts.push(Styled(BAD, Count(self.unexpected, "result")).to_string());
        }
        if self.stale > 0 {
            parts.push(Styled(ODD, Count(self.stale, "stale expectation")).to_string());
        }
        if self.known > 0 {
            parts.push(format!("besides {}", Count(self.known, "known deviation")));
        }
        parts.join(", ")
    }
}

/// A number with its noun, in the plural where it has to be.
struct Count(usize, &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, noun) = self;
        write!(f, "{count} {noun}{}", if *count == 1 { "" } else { "s" })
    }
}
