//! A run as people read it on a terminal: the table, what was not expected, the summary.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::{self, Display},
    path::Path,
};

use anstyle::Style;
use assize_harness::results::Verdict;

use crate::{
    Run,
    grid::{Align, Cell, Grid},
    style::{self, BAD, BOLD, DIM, GOOD, ODD, PLAIN, Styled},
    tally::{Group, Tally, by_folder, by_suite, overall},
    unexpected::Unexpecteds,
};

/// The verdicts that have a column even when no directive has them.
const ALWAYS: [Verdict; 3] = [Verdict::Pass, Verdict::Fail, Verdict::Unsupported];

/// How many missing capabilities the summary names.
const MISSING_SHOWN: usize = 4;

/// The whole report on a run; `results` is where its results were written.
pub fn terminal(run: &Run, results: &Path) -> String {
    let mut text = String::from("\n");
    if !run.files.is_empty() {
        text += &format!("{}\n", table(run));
    }
    text += &Unexpecteds(run).to_string();
    text + &summary(run, results)
}

fn table(run: &Run) -> Grid {
    let counted = overall(&run.files).directives;
    let verdicts: Vec<Verdict> = Verdict::ALL
        .into_iter()
        .filter(|verdict| ALWAYS.contains(verdict) || counted.get(*verdict) > 0)
        .collect();
    let columns = [vec![Align::Left; 3], vec![Align::Right; 2 + verdicts.len()]].concat();
    let mut grid = Grid::new(columns);
    grid.row(head(&verdicts));
    for suite in by_suite(&run.files).chunk_by(|one, next| one.suite == next.suite) {
        grid.rule();
        let folders = by_folder(&run.files);
        let of_suite = folders.iter().filter(|group| group.suite == suite[0].suite);
        let mut above: Option<&Group> = None;
        for group in of_suite.clone() {
            grid.row(row(group, above, &verdicts));
            above = Some(group);
        }
        if of_suite.count() > suite.len() {
            for group in suite {
                grid.row(row(group, above, &verdicts));
                above = Some(group);
            }
        }
    }
    grid
}

fn head(verdicts: &[Verdict]) -> Vec<Cell> {
    let names = ["suite", "folder", "runtime", "files", "directives"];
    let verdicts = verdicts.iter().map(|verdict| verdict.name());
    names
        .into_iter()
        .chain(verdicts)
        .map(|name| Cell::new(name, DIM))
        .collect()
}

/// A line of the table. Suite and folder are named only where they differ from the line above.
fn row(group: &Group, above: Option<&Group>, verdicts: &[Verdict]) -> Vec<Cell> {
    let new_suite = above.is_none_or(|above| above.suite != group.suite);
    let new_folder = new_suite || above.is_none_or(|above| above.folder != group.folder);
    let folder = match group.folder.as_deref() {
        None => Cell::new("all", BOLD),
        Some("") => Cell::new(".", PLAIN),
        Some(folder) => Cell::new(folder, PLAIN),
    };
    let blank = Cell::new("", PLAIN);
    let Tally {
        files,
        files_passed,
        directives,
    } = group.tally;
    let mut cells = vec![
        if new_suite {
            Cell::new(&group.suite, BOLD)
        } else {
            blank.clone()
        },
        if new_folder { folder } else { blank },
        Cell::new(&group.runtime, PLAIN),
        Cell::new(
            format!("{files_passed}/{files}"),
            share_style(files_passed, files),
        ),
        Cell::new(directives.total().to_string(), PLAIN),
    ];
    cells.extend(
        verdicts
            .iter()
            .map(|&verdict| match directives.get(verdict) {
                0 => Cell::new("-", DIM),
                count => Cell::new(count.to_string(), style::of(verdict)),
            }),
    );
    cells
}

fn share_style(part: usize, whole: usize) -> Style {
    if part == whole { GOOD } else { PLAIN }
}

/// The last lines: how much was run, whether it was as expected, where all results are.
fn summary(run: &Run, results: &Path) -> String {
    let Tally {
        files, directives, ..
    } = overall(&run.files);
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| directives.get(*verdict) > 0)
        .map(|verdict| {
            let count = directives.get(verdict);
            format!("{} {verdict}", Styled(style::of(verdict), count))
        })
        .collect();
    let seconds = run.elapsed.as_secs_f64();
    let ran = format!(
        "{} in {} ({seconds:.2} s): {}",
        Count(directives.total(), "directive"),
        Count(files, "file"),
        if counts.is_empty() {
            "nothing to judge".to_owned()
        } else {
            counts.join(", ")
        },
    );
    let mut lines = vec![("Summary", BOLD, ran), ("Runtimes", BOLD, runtimes(run))];
    if directives.get(Verdict::Unsupported) > 0 {
        lines.push(("Missing", ODD, missing(run)));
    }
    lines.push(match run.is_as_expected() {
        true => ("Expected", GOOD, expected(run)),
        false => ("Unexpected", BAD, not_expected(run)),
    });
    lines.push(("Results", BOLD, results.display().to_string()));
    lines
        .into_iter()
        .map(|(label, style, text)| labelled(label, style, &text))
        .collect()
}

/// The runtimes with their versions, in the order of the table.
fn runtimes(run: &Run) -> String {
    let mut named: Vec<String> = Vec::new();
    for file in &run.files {
        let name = format!("{} {}", file.runtime, file.version);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named.join(", ")
}

/// The capabilities that directives lacked, the ones that most of them lacked first.
fn missing(run: &Run) -> String {
    let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
    let directives = run.files.iter().flat_map(|file| &file.directives);
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

fn labelled(label: &str, style: Style, text: &str) -> String {
    format!("{} {text}\n", Styled(style, format_args!("{label:>12}")))
}

fn deviations(run: &Run) -> usize {
    run.compared
        .iter()
        .map(|compared| compared.comparison.expected_deviations)
        .sum()
}

fn expected(run: &Run) -> String {
    match deviations(run) {
        0 => "everything passed".to_owned(),
        known => format!(
            "all results, among them {}",
            Count(known, "known deviation")
        ),
    }
}

fn not_expected(run: &Run) -> String {
    let sum = |of: fn(&crate::Compared) -> usize| run.compared.iter().map(of).sum::<usize>();
    let results = sum(|compared| compared.comparison.unexpected.len());
    let stale = sum(|compared| compared.comparison.stale.len());
    let mut parts = Vec::new();
    if results > 0 {
        parts.push(Styled(BAD, Count(results, "result")).to_string());
    }
    if stale > 0 {
        parts.push(Styled(ODD, Count(stale, "stale expectation")).to_string());
    }
    if deviations(run) > 0 {
        parts.push(format!(
            "besides {}",
            Count(deviations(run), "known deviation")
        ));
    }
    parts.join(", ")
}

/// A number with its noun, in the plural where it has to be.
struct Count(usize, &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, noun) = self;
        write!(f, "{count} {noun}{}", if *count == 1 { "" } else { "s" })
    }
}
