//! A page for each rule of the specification: what it says, where it stands, which tests reach it,
//! and which runtimes break it.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

use assize_harness::{
    results::Verdict,
    rules::{Rule, RuleKind},
};
use maud::{Markup, html};

use super::{
    Plan,
    claims::Way,
    known_rules,
    layout::{Page, root_of},
    names, rules,
    show::{self, number, several},
    table::{Called::By, numbers, runtime_link, table, words},
};
use crate::{
    model::{Directive, RuntimeIndex, Test},
    text::Text,
};

/// How many places one runtime's row names.
const PLACES: usize = 12;

/// How many tests of one folder are named that only reach a rule on the way.
const IN_FOLDER: usize = 10;

/// Where the specification is kept.
const SPECIFICATION: &str = "https://github.com/WebAssembly/component-model/blob";

/// A rule, and what the run says about it.
pub(super) struct RuleFacts {
    pub id: Text,
    /// The rule, where this version of Assize knows it.
    pub known: Option<Rule>,
    pub page: String,
    /// The tests that reach it.
    reached: Vec<Reached>,
    /// The directives that are about it.
    checks: Vec<Check>,
}

/// A test that reaches a rule on the reference.
struct Reached {
    test: usize,
    held: u64,
    not: u64,
    /// Whether the test says that it is about the rule.
    about: bool,
}

/// A directive that is about a rule, on one runtime.
struct Check {
    test: usize,
    line: u32,
    runtime: RuntimeIndex,
    verdict: Verdict,
    unexpected: bool,
    /// Whether it is this rule that the verdict is about, and no other.
    alone: bool,
}

impl Check {
    /// Whether the runtime did something else than the directive asks for.
    fn failed(&self) -> bool {
        use Verdict::{Crash, Fail, Protocol, Timeout};
        matches!(self.verdict, Fail | Crash | Timeout | Protocol)
    }
}

impl RuleFacts {
    fn new(id: Text, known: Option<Rule>) -> Self {
        Self {
            page: names::page("rules", &id),
            id,
            known,
            reached: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// How many tests reach it each way.
    pub fn ways(&self) -> [usize; 2] {
        let ways: [fn(&Reached) -> bool; 2] = [|one| one.held > 0, |one| one.not > 0];
        ways.map(|way| self.reached.iter().filter(|one| way(one)).count())
    }

    /// The runtimes that fail in a directive that is about this rule alone.
    pub fn broken_by(&self) -> Vec<RuntimeIndex> {
        let failed = self.checks.iter().filter(|check| check.failed());
        let broken = failed.filter(|check| check.alone);
        let mut runtimes: Vec<_> = broken.map(|check| check.runtime).collect();
        runtimes.sort();
        runtimes.dedup();
        runtimes
    }
}

/// All rules that this version knows, in the order of the specification, and those that a run of
/// another version names beside them.
pub(super) fn collect(plan: &Plan<'_>) -> Vec<RuleFacts> {
    let known = known_rules();
    let mut rules: Vec<RuleFacts> = Rule::ALL
        .iter()
        .map(|rule| RuleFacts::new(Text::ours(rule.id()), Some(*rule)))
        .collect();
    let mut places: BTreeMap<Text, usize> = rules
        .iter()
        .enumerate()
        .map(|(place, rule)| (rule.id.clone(), place))
        .collect();
    let mut place_of = |rules: &mut Vec<RuleFacts>, id: &str| {
        let id = Text::name(id);
        *places.entry(id.clone()).or_insert_with(|| {
            let rule = known.get(&*id).copied();
            rules.push(RuleFacts::new(id, rule));
            rules.len() - 1
        })
    };
    for (index, test) in plan.run.tests.iter().enumerate() {
        for reach in &test.rules {
            let place = place_of(&mut rules, &reach.rule);
            rules[place].reached.push(Reached {
                test: index,
                held: reach.held,
                not: reach.not,
                about: plan.claims[index].are_about(&reach.rule),
            });
        }
        let named = named(test);
        for of_test in &test.runs {
            for directive in &of_test.directives {
                let ids = about(plan, index, directive, &named);
                for id in &ids {
                    let place = place_of(&mut rules, id);
                    rules[place].checks.push(Check {
                        test: index,
                        line: directive.line,
                        runtime: of_test.runtime,
                        verdict: directive.verdict,
                        unexpected: directive.is_unexpected(),
                        alone: match directive.rule.as_deref() {
                            Some(rule) => rule == *id,
                            None => ids.len() == 1,
                        },
                    });
                }
            }
        }
    }
    rules
}

/// Where a directive is, as lines and columns go, and a rule.
type Named<'r> = BTreeSet<(u32, u32, &'r str)>;

/// The rules that some runtime named at a directive, because of which it did not pass there.
fn named(test: &Test) -> Named<'_> {
    let directives = test.runs.iter().flat_map(|run| &run.directives);
    let failed = directives.filter(|one| one.verdict != Verdict::Pass);
    let named = failed.filter_map(|one| Some((one.line, one.column, one.rule.as_deref()?)));
    named.collect()
}

/// The rules that a directive is about: those that its comment names, and those because of which it
/// did not pass on some runtime.
fn about<'p>(
    plan: &'p Plan<'_>,
    test: usize,
    directive: &Directive,
    named: &Named<'p>,
) -> BTreeSet<&'p str> {
    let (line, column) = (directive.line, directive.column);
    let claims = plan.claims[test].at(line).iter().map(|(id, _)| *id);
    let named = named.range((line, column, "")..);
    let named = named.take_while(|one| (one.0, one.1) == (line, column));
    claims.chain(named.map(|(_, _, id)| *id)).collect()
}

/// A rule's page.
pub(super) fn page(plan: &Plan<'_>, rule: &RuleFacts) -> Page {
    let root = root_of(&rule.page);
    let body = html! {
        h1 { code { (rule.id) } }
        (meaning(plan, rule))
        section {
            h2 #runtimes { "On the runtimes" }
            (checks(plan, rule, &root))
        }
        section {
            h2 #tests { "Tests that reach it" }
            (reached(plan, rule, &root))
        }
    };
    let heading = rule.known.map(Rule::heading);
    let mut above = vec![(rules::PATH.to_owned(), "Rules".to_owned())];
    above.extend(heading.map(|name| {
        (
            format!("{}#{}", rules::PATH, names::slug(name)),
            name.to_owned(),
        )
    }));
    Page {
        path: rule.page.clone(),
        title: format!("{} · Rule", rule.id),
        above,
        body,
    }
}

fn meaning(plan: &Plan<'_>, facts: &RuleFacts) -> Markup {
    let Some(rule) = facts.known else {
        return html! { p.lede { "A rule that this version of Assize does not know." } };
    };
    html! {
        p.lede {
            "It holds where " (rule.meaning()) ". "
            @match rule.kind() {
                RuleKind::Trap => { "The component then traps." }
                RuleKind::Branch => { "What comes next depends on it." }
            }
        }
        p {
            "In the specification: "
            a href=(address(plan, rule)) rel="noreferrer" { "CanonicalABI.md, “" (rule.heading()) "”" }
            " (since revision " code { (rule.since()) } ")"
        }
    }
}

/// The rule's place in the specification.
fn address(plan: &Plan<'_>, rule: Rule) -> String {
    let recorded = plan.run.about.revision.as_deref();
    let commit = |text: &&str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let revision = recorded.filter(commit).unwrap_or(rule.since());
    let anchor = anchor(rule.heading());
    format!("{SPECIFICATION}/{revision}/design/mvp/CanonicalABI.md#{anchor}")
}

/// The name that GitHub gives to a heading. Headings of built-ins that came with preview 3 have an
/// emoji in front, of which only the blank after it is left.
fn anchor(heading: &str) -> String {
    let old = ["canon lift", "canon lower"].contains(&heading);
    let old = old || heading.starts_with("canon resource.");
    let mark = if heading.starts_with("canon ") && !old {
        "-"
    } else {
        ""
    };
    let mut anchor = mark.to_owned();
    for character in heading.chars() {
        match character {
            ' ' => anchor.push('-'),
            '-' | '_' => anchor.push(character),
            other if other.is_alphanumeric() => anchor.extend(other.to_lowercase()),
            _ => {}
        }
    }
    anchor
}

fn checks(plan: &Plan<'_>, rule: &RuleFacts, root: &str) -> Markup {
    let columns = ["Runtime", "Directives", "Where it does something else"].map(words);
    let runtimes = plan.run.runtime_indices();
    let rows = runtimes.map(|runtime| checks_row(plan, rule, runtime, root));
    html! {
        @if rule.checks.is_empty() {
            p { "No directive says that it is about this rule. The tests below still depend on it." }
        } @else {
            p { "What came of the directives that are about this rule. Where one is about several rules, its failure may be due to another of these." }
            (table(By("runtimes"), None, columns, rows))
        }
    }
}

fn checks_row(plan: &Plan<'_>, rule: &RuleFacts, runtime: RuntimeIndex, root: &str) -> Markup {
    let checks = || rule.checks.iter().filter(move |one| one.runtime == runtime);
    let count = |verdict| checks().filter(|one| one.verdict == verdict).count();
    let broken: Vec<&Check> = checks().filter(|check| check.failed()).collect();
    html! {
        tr {
            th scope="row" { (runtime_link(plan, runtime, root)) }
            td.counts data-of="Directives" {
                @for (verdict, count) in Verdict::ALL.map(|one| (one, count(one))) {
                    @if count > 0 { (show::count(verdict, count)) " " }
                }
                @if checks().next().is_none() { span.note { "none" } }
            }
            td data-of="Where it does something else" {
                @match broken.len() {
                    0 if checks().any(|one| one.verdict == Verdict::Pass) => { span.note { "nowhere" } }
                    0 => { span.note { "not known" } }
                    _ => { (places(plan, &broken, root)) }
                }
            }
        }
    }
}

fn places(plan: &Plan<'_>, broken: &[&Check], root: &str) -> Markup {
    let (shown, more) = broken.split_at(broken.len().min(PLACES));
    html! {
        ul.places {
            @for check in shown {
                li {
                    a href={ (root) (plan.tests[check.test]) "#L" (check.line) } {
                        (plan.test_name(&plan.run.tests[check.test])) ":" (check.line)
                    }
                    @if !check.alone { span.note { " (about others too)" } }
                    @if check.unexpected { " " (show::unexpected("unexpected")) }
                }
            }
            @if !more.is_empty() { li.note { "and " (number(more.len())) " more" } }
        }
    }
}

fn reached(plan: &Plan<'_>, rule: &RuleFacts, root: &str) -> Markup {
    let (about, others): (Vec<&Reached>, Vec<&Reached>) =
        rule.reached.iter().partition(|one| one.about);
    let [holds, not] = rule.ways();
    html! {
        p {
            (several(rule.reached.len(), "test")) ": the condition holds in " (number(holds)) " and does not in " (number(not)) " of them. "
            @match about.len() {
                0 => { "None says that it is about the rule." }
                1 => { "One says that it is about the rule:" }
                more => { (number(more)) " say that they are about the rule:" }
            }
        }
        @if !about.is_empty() { (about_table(plan, &about, root)) }
        @if !others.is_empty() {
            details open[about.is_empty()] {
                summary {
                    @if about.is_empty() { "Tests that reach it" } @else { "Others that reach it on the way" }
                    ", and whether it holds there (" (number(others.len())) ")"
                }
                @for tests in others.chunk_by(|one, next| folder(plan, one) == folder(plan, next)) {
                    (in_folder(plan, tests, root))
                }
            }
        }
    }
}

/// The suite and folder of a test.
fn folder<'p>(plan: &'p Plan<'_>, reached: &Reached) -> (usize, &'p str) {
    let test = &plan.run.tests[reached.test];
    (test.suite.0, test.folder())
}

/// Tests of one folder, with the way in which they reach a rule where it is only one.
fn in_folder(plan: &Plan<'_>, tests: &[&Reached], root: &str) -> Markup {
    let Some(first) = tests.first().map(|one| &plan.run.tests[one.test]) else {
        return html! {};
    };
    let suite = &plan.run.suite(first.suite).name;
    html! {
        h3 { (suite) "/" (first.folder()) }
        ul.names.note {
            @for reached in tests.iter().take(IN_FOLDER) {
                @let file = &plan.run.tests[reached.test].file;
                li {
                    a href={ (root) (plan.tests[reached.test]) } { (file.rsplit('/').next().unwrap_or_default()) }
                    " " (ways(reached))
                }
            }
            @if tests.len() > IN_FOLDER { li { "and " (number(tests.len() - IN_FOLDER)) " more" } }
        }
    }
}

/// Which ways a test reaches a rule.
fn ways(reached: &Reached) -> &'static str {
    match (reached.held, reached.not) {
        (_, 0) => Way::Holds.words(),
        (0, _) => "does not",
        (_, _) => "both",
    }
}

fn about_table(plan: &Plan<'_>, about: &[&Reached], root: &str) -> Markup {
    let ways = [Way::Holds, Way::DoesNotHold].map(|way| numbers(way.words()));
    let runtimes = plan.run.runtime_indices();
    let runtimes = runtimes.map(|runtime| words(plan.run.label(runtime).as_str()));
    let columns = iter::once(words("Test")).chain(ways).chain(runtimes);
    let rows = about.iter().map(|reached| reached_row(plan, reached, root));
    table(By("tests"), Some("tests"), columns, rows)
}

fn reached_row(plan: &Plan<'_>, reached: &Reached, root: &str) -> Markup {
    let test: &Test = &plan.run.tests[reached.test];
    html! {
        tr {
            th scope="row" { a href={ (root) (plan.tests[reached.test]) } { (plan.test_name(test)) } }
            td.n data-of="holds" { (show::times(reached.held)) }
            td.n data-of="does not hold" { (show::times(reached.not)) }
            @for runtime in plan.run.runtime_indices() {
                td data-of=(plan.run.label(runtime)) { @match test.on(runtime) { Some(run) => { (show::verdict(run.verdict())) } None => { span.note { "not run" } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        assert_eq!(anchor("Component Instances"), "component-instances");
        assert_eq!(anchor("canon lift"), "canon-lift");
        assert_eq!(anchor("canon resource.drop"), "canon-resourcedrop");
        assert_eq!(anchor("canon task.return"), "-canon-taskreturn");
        assert_eq!(
            anchor("canon {stream,future}.cancel-{read,write}"),
            "-canon-streamfuturecancel-readwrite"
        );
    }
}
