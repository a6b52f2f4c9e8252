//! `cargo xtask fuzz bench`: how soon each mutant of the reference is noticed.

use std::fmt::Write;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use assize_fuzz::bench::{self, Fate, Kind, Measured, Mutant, Options, Survivors};
use assize_fuzz::campaign::Rules;
use assize_fuzz::corpus::Generator;
use assize_fuzz::generate::Capabilities;
use assize_harness::rules::Rule;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    Outcome,
    cli::{Format, FuzzBench},
    error::XtaskError,
};

/// Why mutants are not found out.
const SURVIVORS: &str = "fuzz/bench/survivors.toml";

/// Measures, and prints a table. What is said not to be found out, and is, is not as expected.
pub fn run(arguments: &FuzzBench) -> Result<Outcome, XtaskError> {
    let feed = Generator::new(super::shapes(arguments.form), Capabilities::all());
    let rules = match arguments.rule.is_empty() {
        true => Rule::ALL.to_vec(),
        false => arguments.rule.clone(),
    };
    let survivors = Survivors::load(&crate::workspace().join(SURVIVORS))?;
    let options = Options {
        rules,
        seeds: arguments.seeds.clone(),
        limit: arguments.limit,
        jobs: arguments.jobs.unwrap_or_else(super::cores),
        feed: &feed,
        survivors: &survivors,
    };
    let stop = super::interrupts()?;
    let bar = bar();
    let left = AtomicUsize::new(usize::MAX);
    let tell = |seed: u64, cases: u64, open: usize| {
        // Often enough to be seen, and not for each case.
        if left.swap(open, Ordering::Relaxed) != open || cases.is_multiple_of(100) {
            bar.tick();
            bar.set_message(format!("seed {seed}: {cases} cases, {open} mutants left"));
        }
    };
    let measured = bench::bench(&options, &stop, &tell);
    bar.finish_and_clear();
    let measured = measured?;
    crate::print(&match arguments.format {
        Format::Json => json(&measured),
        Format::Table => table(&measured),
    })?;
    let mut mutants = measured.mutants.iter();
    Ok(match mutants.any(Mutant::is_found_after_all) {
        true => Outcome::Unexpected,
        false => Outcome::AsExpected,
    })
}

fn bar() -> ProgressBar {
    let bar = match std::env::var_os("CI") {
        Some(_) => ProgressBar::hidden(),
        None => ProgressBar::new_spinner(),
    };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:.dim}  {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

fn json(measured: &Measured) -> String {
    // Plain data always can be written so.
    serde_json::to_string_pretty(measured).unwrap_or_default() + "\n"
}

fn table(measured: &Measured) -> String {
    let mut text = String::new();
    let width = measured
        .mutants
        .iter()
        .map(|mutant| mutant.rule.len())
        .max();
    let width = width.unwrap_or(0);
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "{:width$}  cases and processor time with each seed",
        "rule"
    );
    for mutant in &measured.mutants {
        let _ = write!(text, "{:width$}", mutant.rule);
        for fate in mutant.seeds.values() {
            let _ = match fate {
                Fate::Found { cases, millis, .. } => {
                    let seconds = *millis as f64 / 1000.0;
                    write!(text, "  {cases:>7} {seconds:>6.2}s")
                }
                Fate::Survived { reached: 0 } => write!(text, "  {:>15}", "not reached"),
                Fate::Survived { reached } => {
                    write!(text, "  {:>15}", format!("survives {reached}"))
                }
            };
        }
        if let Some(why) = &mutant.why {
            let kind = match why.kind {
                Kind::Equivalent => "equivalent",
                Kind::OutOfReach => "out of reach",
            };
            let _ = match mutant.is_found_after_all() {
                true => write!(text, "  found, although {SURVIVORS} says {kind}"),
                false => write!(text, "  {kind}: {}", why.reason),
            };
        }
        text.push('\n');
    }
    text + &summary(measured)
}

fn summary(measured: &Measured) -> String {
    let rules = Rules::of(&measured.coverage);
    let cases: Vec<String> = measured
        .cases
        .iter()
        .map(|(seed, cases)| format!("{cases} of seed {seed}"))
        .collect();
    let score = measured.score();
    let percent = 100.0 * score.found as f64 / score.observable.max(1) as f64;
    format!(
        "cases: {}\nrules reached: {} of {}, {} both ways\nfound with every seed: {} of {} \
         observable mutants ({percent:.1} %); {} are equivalent\n",
        cases.join(", "),
        rules.reached,
        rules.all,
        rules.both_ways,
        score.found,
        score.observable,
        score.equivalent,
    )
}
