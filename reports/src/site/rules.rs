//! The list of all rules of the specification, by its headings.

use assize_harness::rules::{Rule, RuleKind};
use maud::{Markup, html};

use super::{
    Plan, index,
    layout::Page,
    names,
    rule::RuleFacts,
    show::{number, several},
    table::{Called::By, Column, numbers, table, words},
};

pub(super) const PATH: &str = "rules.html";

/// The page.
pub(super) fn page(plan: &Plan<'_>) -> Page {
    let heading = |rule: &RuleFacts| rule.known.map_or("Others", |rule| rule.heading());
    let chunks = plan
        .rules
        .chunk_by(|one, next| heading(one) == heading(next));
    let both = plan.rules.iter().filter(|rule| !rule.ways().contains(&0));
    let both = both.count();
    let broken = plan
        .rules
        .iter()
        .filter(|rule| !rule.broken_by().is_empty());
    let broken = broken.count();
    let body = html! {
        h1 { "Rules" }
        p.lede {
            "Each condition on which the Canonical ABI traps or decides is a rule with a name. Of "
            (several(plan.rules.len(), "rule")) ", tests reach " (number(both)) " both ways: once where the condition holds, and once where it does not. "
            "A runtime is said to break a rule where it fails in a directive that is about this rule alone, which is so for "
            (several(broken, "rule")) "."
        }
        @for rules in chunks {
            @let name = heading(&rules[0]);
            @let id = names::slug(name);
            section {
                h2 #(id) { (name) }
                (table(By(&id), Some("rules"), columns(), rules.iter().map(|rule| row(plan, rule))))
            }
        }
    };
    Page {
        path: PATH.to_owned(),
        title: "Rules".to_owned(),
        above: vec![(index::PATH.to_owned(), "Matrix".to_owned())],
        body,
    }
}

fn columns() -> [Column; 6] {
    [
        words("Rule"),
        words("It holds where"),
        words("If so"),
        numbers("Tests: holds"),
        numbers("does not"),
        words("Broken by"),
    ]
}

fn row(plan: &Plan<'_>, rule: &RuleFacts) -> Markup {
    let broken_by = rule.broken_by();
    html! {
        tr {
            th scope="row" { a href=(rule.page) { code { (rule.id) } } }
            td data-of="It holds where" { @if let Some(known) = rule.known { (known.meaning()) } }
            td data-of="If so" { @if let Some(known) = rule.known { (consequence(known)) } }
            @for (count, way) in rule.ways().into_iter().zip(["Tests where it holds", "Tests where it does not"]) {
                td.n data-of=(way) { @match count { 0 => { span.bad { "none" } } count => { (number(count)) } } }
            }
            td data-of="Broken by" {
                @for (position, runtime) in broken_by.iter().enumerate() {
                    @if position > 0 { ", " }
                    a href={ (rule.page) "#runtimes" } { (plan.run.label(*runtime)) }
                }
            }
        }
    }
}

fn consequence(rule: Rule) -> &'static str {
    match rule.kind() {
        RuleKind::Trap => "trap",
        RuleKind::Branch => "branch",
    }
}
