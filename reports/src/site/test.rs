//! A page for each test: what came of it on each runtime, what did not pass, what happened, which
//! rules it reaches, and its source.

use assize_harness::results::Verdict;
use maud::{Markup, html};

use super::{
    Plan, index,
    layout::{Page, root_of},
    outcomes::{self, Group, Place},
    show::{self, Counts, number, several},
    source,
    table::{
        Called::{As, By},
        numbers, runtime_link, table, words,
    },
    timeline,
};
use crate::model::{Directive, Reach, RuntimeIndex, Status, Test, TestRun};

/// How many bytes of messages are shown. Groups after that are listed by their lines.
const MESSAGES: usize = 120_000;

/// About how many bytes one runtime has in a group beside messages.
const OUTCOME: usize = 250;

/// How many keywords of one group are named.
const KEYWORDS: usize = 4;

/// How many lines of one group are named.
const LINES: usize = 24;

pub(super) fn page(plan: &Plan<'_>, index: usize) -> Page {
    let run = plan.run;
    let test = &run.tests[index];
    let path = plan.tests[index].clone();
    let root = root_of(&path);
    let name = plan.test_name(test);
    let suite = &run.suite(test.suite).name;
    let rows = outcomes::rows(run, test);
    let groups = outcomes::groups(&rows);
    let headline = test.headline();
    let body = html! {
        h1.path { (test.file) }
        @if !headline.is_empty() { p.lede { (show::prose(&headline)) } }
        section {
            h2 #verdicts { "Verdicts" }
            (verdicts(plan, test, &root))
        }
        (not_passed(plan, test, &groups, &root))
        (timeline::section(plan, test))
        (rules(plan, index, &root))
        (source::section(plan, test, &rows))
    };
    let feature = plan
        .features
        .iter()
        .find(|feature| feature.tests.binary_search(&index).is_ok());
    let mut above = index::above(suite).to_vec();
    above.extend(feature.map(|one| (one.page.clone(), one.name(run).to_string())));
    Page {
        path,
        title: name.to_string(),
        above,
        body,
    }
}

fn verdicts(plan: &Plan<'_>, test: &Test, root: &str) -> Markup {
    let columns = ["Runtime", "Verdict", "Directives", "As expected?"].map(words);
    let runtimes = plan.run.runtime_indices();
    let rows = runtimes.map(|runtime| verdict_row(plan, test, runtime, root));
    table(By("verdicts"), None, columns, rows)
}

fn verdict_row(plan: &Plan<'_>, test: &Test, runtime: RuntimeIndex, root: &str) -> Markup {
    let run = plan.run;
    html! {
        tr {
            th scope="row" {
                (runtime_link(plan, runtime, root))
                " " span.note { (run.runtime(runtime).version) }
            }
            @match test.on(runtime) {
                None => { td.note colspan="3" { "not run" } }
                Some(of_test) => {
                    td data-of="Verdict" { (show::verdict(of_test.verdict())) }
                    td.counts data-of="Directives" { (Counts::of(of_test).verdicts()) }
                    td data-of="As expected" { (expected(of_test)) }
                }
            }
        }
    }
}

/// How a test on a runtime stands to what is known of that.
fn expected(run: &TestRun) -> Markup {
    let unexpected = Counts::of(run).unexpected;
    let of = |status: fn(&Status) -> bool| run.directives.iter().any(|one| status(&one.status));
    html! {
        @if unexpected > 0 {
            (show::unexpected(&format!("no: {} unexpected", number(unexpected))))
        } @else if of(|status| matches!(status, Status::NotCompared)) {
            span.note { "not recorded" }
        } @else if of(|status| matches!(status, Status::Known(_))) {
            "yes: known failures"
        } @else if of(|status| matches!(status, Status::Beyond)) {
            "yes: beyond its capabilities"
        } @else if of(|status| matches!(status, Status::Undecided)) {
            "yes: undecided"
        } @else {
            "yes"
        }
        @for entry in &run.mended {
            p.note {
                "announced as " (entry.verdict.name()) " (" (show::reason(entry)) "), but passes: the entry on line "
                (entry.defined_at) " can go"
            }
        }
    }
}

fn not_passed(plan: &Plan<'_>, test: &Test, groups: &[Group<'_>], root: &str) -> Markup {
    let (shown, more) = groups.split_at(within(MESSAGES, groups));
    html! {
        @if !groups.is_empty() {
            section {
                h2 #not-passed { "What did not pass" }
                @for group in shown { (group_section(plan, test, group, root)) }
                @if !more.is_empty() {
                    p { "And more, which the margin of the source marks: " (lines(more.iter().flat_map(|group| &group.places))) }
                }
            }
        }
    }
}

/// How many groups from the first on have no more than so many bytes of messages.
fn within(limit: usize, groups: &[Group<'_>]) -> usize {
    let mut sum = 0;
    let fits = |group: &&Group<'_>| {
        for directive in group.row.iter().flatten() {
            let texts = [&directive.expected, &directive.actual];
            let texts = texts.into_iter().flatten();
            sum += texts.map(|text| show::cost(text)).sum::<usize>() + OUTCOME;
        }
        sum <= limit
    };
    groups.iter().take_while(fits).count()
}

/// The lines of directives as links into the source.
fn lines<'p, 'r: 'p>(places: impl Iterator<Item = &'p Place<'r>>) -> Markup {
    let places: Vec<_> = places.collect();
    let (shown, more) = places.split_at(places.len().min(LINES));
    html! {
        @for (position, place) in shown.iter().enumerate() {
            @if position > 0 { ", " }
            a href={ "#L" (place.line) } { (place.line) }
        }
        @if !more.is_empty() { " and " (number(more.len())) " more" }
    }
}

fn group_section(plan: &Plan<'_>, test: &Test, group: &Group<'_>, root: &str) -> Markup {
    let Some(first) = group.places.first() else {
        return html! {};
    };
    let id = format!("d{}-{}", first.line, first.column);
    // What a drawing shows is not told once more.
    let drawn = |runtime| timeline::is_drawn(test, runtime);
    let mut failed = plan.run.runtime_indices().zip(&group.row);
    let is_drawn = failed.any(|(runtime, directive)| directive.is_some() && drawn(runtime));
    let asked = asked(group).filter(|_| !is_drawn);
    let mut keywords: Vec<&str> = group.places.iter().map(|place| place.keyword).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let runtimes = plan.run.runtime_indices();
    html! {
        section.group {
            h3 #(id) {
                @match (first.line, group.places.len()) {
                    (0, _) => { "The file as a whole" }
                    (_, 1) => { "Line " (lines(group.places.iter())) }
                    (_, _) => { "Lines " (lines(group.places.iter())) }
                }
                @for keyword in keywords.iter().take(KEYWORDS) { " " code { (keyword) } }
                @if keywords.len() > KEYWORDS { " …" }
            }
            @if let Some(asked) = asked {
                p.asked { span.note { "asks for" } } pre.message { (show::message(asked)) }
            }
            table.outcomes {
                tbody {
                    @for (runtime, directive) in runtimes.zip(&group.row) {
                        tr {
                            th scope="row" { (plan.run.label(runtime)) }
                            @match directive {
                                None => { td colspan="2" { span.note { "not run" } } }
                                Some(directive) => {
                                    td { (show::verdict(directive.verdict)) }
                                    td {
                                        @if drawn(runtime) {
                                            p { "What happened is " a href="#timelines" { "drawn below" } "." }
                                            (rule_and_standing(plan, directive, root))
                                        } @else {
                                            (outcome(plan, directive, asked.is_some(), root))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the directive of a group asks for, where all that did not pass say the same about it.
fn asked<'r>(group: &Group<'r>) -> Option<&'r str> {
    let failed = group.row.iter().flatten();
    let failed = failed.filter(|one| {
        !matches!(
            one.verdict,
            Verdict::Pass | Verdict::Unsupported | Verdict::Error
        )
    });
    let mut asked = failed.map(|one| one.expected.as_deref());
    let first = asked.next()??;
    asked.all(|other| other == Some(first)).then_some(first)
}

/// What happened where a directive did not pass, and why.
fn outcome(plan: &Plan<'_>, directive: &Directive, asked_above: bool, root: &str) -> Markup {
    if directive.verdict == Verdict::Pass {
        return html! {};
    }
    let tried = !matches!(directive.verdict, Verdict::Unsupported | Verdict::Error);
    let expected = directive
        .expected
        .as_deref()
        .filter(|_| tried && !asked_above);
    // An adapter may have nothing to say beside that it lacks something.
    let lack = |actual: &&str| {
        let lack = actual.strip_prefix("unsupported: ");
        lack.is_none() || lack != directive.capability.as_deref()
    };
    let actual = directive.actual.as_deref().filter(lack);
    html! {
        @if let Some(capability) = &directive.capability {
            p { "lacks " code { (capability) } }
        }
        @if let Some(expected) = expected {
            p.note { "asked for" } pre.message { (show::message(expected)) } p.note { "got" }
        }
        @if outcomes::was_not_run(directive) {
            p.note { "not run: what it builds on did not come about" }
        } @else if let Some(actual) = actual { pre.message { (show::message(actual)) } }
        (rule_and_standing(plan, directive, root))
    }
}

/// The rule that is broken, if that is known, and how that stands to what is known of the runtime.
fn rule_and_standing(plan: &Plan<'_>, directive: &Directive, root: &str) -> Markup {
    html! {
        @if let Some(rule) = &directive.rule { p { "rule " (rule_link(plan, rule, root)) } }
        @match &directive.status {
            Status::Known(entry) => { p.why { "known: " (show::reason(entry)) } }
            Status::Unexpected { announced } => {
                p.why.unexpected {
                    b aria-hidden="true" { "!" } " unexpected"
                    @if !announced.is_empty() {
                        ": announced was "
                        @for (position, verdict) in announced.iter().enumerate() {
                            @if position > 0 { " or " }
                            (verdict.name())
                        }
                    }
                }
            }
            Status::Passed | Status::Beyond | Status::Undecided | Status::NotCompared => {}
        }
    }
}

/// A rule's id, as a link where it has a page.
pub(super) fn rule_link(plan: &Plan<'_>, id: &str, root: &str) -> Markup {
    html! {
        @match plan.rule(id) {
            Some(rule) => { a href={ (root) (rule.page) } { code { (id) } } }
            None => { code { (id) } }
        }
    }
}

/// The same in a list that is set as code as a whole.
fn plain_rule_link(plan: &Plan<'_>, id: &str, root: &str) -> Markup {
    html! {
        @match plan.rule(id) {
            Some(rule) => { a href={ (root) (rule.page) } { (id) } }
            None => { (id) }
        }
    }
}

fn rules(plan: &Plan<'_>, index: usize, root: &str) -> Markup {
    let reached = &plan.run.tests[index].rules;
    let (about, passed): (Vec<&Reach>, Vec<&Reach>) = reached
        .iter()
        .partition(|reach| plan.claims[index].are_about(&reach.rule));
    html! {
        @if !reached.is_empty() {
            section {
                h2 #rules { "Rules" }
                @if !about.is_empty() {
                    p { "The rules of the specification that this test says it is about, and how often each way came about on the reference:" }
                    (rule_table(plan, &about, root))
                }
                @if !passed.is_empty() {
                    details open[about.is_empty()] {
                        summary {
                            @if about.is_empty() { "Rules that it reaches on the reference" } @else { "Others that it reaches on the way" }
                            ", and whether their conditions hold (" (number(passed.len())) ")"
                        }
                        ul.names.ids.note {
                            @for reach in &passed {
                                li { (plain_rule_link(plan, &reach.rule, root)) " " (ways(reach)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Which ways a rule came about.
fn ways(reach: &Reach) -> &'static str {
    match (reach.held, reach.not) {
        (0, _) => "does not",
        (_, 0) => "holds",
        (_, _) => "both",
    }
}

fn rule_table(plan: &Plan<'_>, reached: &[&Reach], root: &str) -> Markup {
    let columns = [
        words("Rule"),
        numbers("Holds"),
        numbers("Does not"),
        words("It holds where"),
    ];
    let rows = reached.iter().map(|reach| {
        let known = plan.rule(&reach.rule).and_then(|one| one.known);
        html! {
            tr {
                th scope="row" { (rule_link(plan, &reach.rule, root)) }
                td.n data-of="Holds" { (show::times(reach.held)) }
                td.n data-of="Does not" { (show::times(reach.not)) }
                td data-of="It holds where" { @if let Some(rule) = known { (rule.meaning()) } }
            }
        }
    });
    table(
        As(&several(reached.len(), "rule")),
        Some("rules"),
        columns,
        rows,
    )
}
