//! The rules of the specification: how often a suite reaches them, and which mutants it misses.

use assize_harness::{
    mutants::{Fate, Mutant},
    rules::{Coverage, Rule, RuleKind},
};
use serde::Serialize;

use crate::{
    grid::{Align, Cell, Grid},
    json::pretty,
    style::{BAD, BOLD, DIM, ODD, PLAIN, Styled},
};

/// How often each rule was reached each way, by the headings of the specification.
pub fn rules_table(coverage: &Coverage) -> String {
    let mut grid = Grid::new(vec![Align::Left, Align::Right, Align::Right, Align::Left]);
    let head = ["rule", "holds", "does not hold", "meaning"];
    grid.row(head.into_iter().map(|name| Cell::new(name, DIM)).collect());
    for rules in Rule::ALL.chunk_by(|one, next| one.heading() == next.heading()) {
        grid.rule();
        for rule in rules {
            let count = |holds| match coverage.count(*rule, holds) {
                0 => Cell::new("-", BAD),
                count => Cell::new(count.to_string(), PLAIN),
            };
            grid.row(vec![
                Cell::new(rule.id(), BOLD),
                count(true),
                count(false),
                Cell::new(rule.meaning(), PLAIN),
            ]);
        }
    }
    let both = |rule: &&Rule| [true, false].map(|way| coverage.count(**rule, way) > 0) == [true; 2];
    let reached = Rule::ALL.iter().filter(both).count();
    let all = Rule::ALL.len();
    format!("\n{grid}\nreached {reached} of {all} rules both ways\n")
}

/// The same as a JSON document, with a line break at its end.
pub fn rules_json(coverage: &Coverage) -> String {
    #[derive(Serialize)]
    struct Document {
        schema: u32,
        rules: Vec<Reached>,
    }
    #[derive(Serialize)]
    struct Reached {
        #[serde(flatten)]
        rule: Described,
        holds: u32,
        does_not_hold: u32,
    }
    let reached = |rule: &Rule| Reached {
        rule: Described::from(*rule),
        holds: coverage.count(*rule, true),
        does_not_hold: coverage.count(*rule, false),
    };
    pretty(&Document {
        schema: 1,
        rules: Rule::ALL.iter().map(reached).collect(),
    })
}

/// The mutants that were not killed, and how many were.
pub fn mutants_table(mutants: &[Mutant]) -> String {
    let mut text = String::new();
    for Mutant { rule, fate } in mutants {
        let fate = match fate {
            Fate::Killed { .. } => continue,
            Fate::Survived => Styled(BAD, "survived"),
            Fate::Unreached => Styled(ODD, "unreached"),
        };
        let wrong = match rule.kind() {
            RuleKind::Trap => "never traps",
            RuleKind::Branch => "taken the other way",
        };
        let (id, meaning) = (Styled(BOLD, rule.id()), rule.meaning());
        text += &format!("{fate}  {id} ({wrong}): {meaning}\n");
    }
    let (killed, all) = (killed(mutants), mutants.len());
    let percent = percent(mutants);
    text + &format!("killed {killed} of {all} mutants, {percent} %\n")
}

/// All mutants as a JSON document, with a line break at its end.
pub fn mutants_json(mutants: &[Mutant]) -> String {
    #[derive(Serialize)]
    struct Document<'m> {
        schema: u32,
        killed: usize,
        total: usize,
        percent: f64,
        mutants: Vec<Entry<'m>>,
    }
    #[derive(Serialize)]
    struct Entry<'m> {
        #[serde(flatten)]
        rule: Described,
        #[serde(flatten)]
        fate: &'m Fate,
    }
    pretty(&Document {
        schema: 1,
        killed: killed(mutants),
        total: mutants.len(),
        percent: percent(mutants),
        mutants: mutants
            .iter()
            .map(|mutant| Entry {
                rule: Described::from(mutant.rule),
                fate: &mutant.fate,
            })
            .collect(),
    })
}

fn killed(mutants: &[Mutant]) -> usize {
    let killed = |mutant: &&Mutant| matches!(mutant.fate, Fate::Killed { .. });
    mutants.iter().filter(killed).count()
}

/// The share of mutants that were killed, in percent, to one digit and never rounded up.
fn percent(mutants: &[Mutant]) -> f64 {
    let thousandths = killed(mutants) * 1000 / mutants.len().max(1);
    thousandths as f64 / 10.0
}

/// A rule with all that is to be said of it.
#[derive(Serialize)]
struct Described {
    rule: &'static str,
    kind: &'static str,
    heading: &'static str,
    meaning: &'static str,
    since: &'static str,
}

impl From<Rule> for Described {
    fn from(rule: Rule) -> Self {
        Described {
            rule: rule.id(),
            kind: match rule.kind() {
                RuleKind::Trap => "trap",
                RuleKind::Branch => "branch",
            },
            heading: rule.heading(),
            meaning: rule.meaning(),
            since: rule.since(),
        }
    }
}
