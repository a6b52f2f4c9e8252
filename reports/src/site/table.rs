//! Tables as pages have them: in a box of their own, which scrolls where they are too wide, and with
//! columns that rows can name where there is no room for more than one.

use maud::{Markup, Render, html};

use super::Plan;
use crate::model::RuntimeIndex;

/// What a table is called, for those who do not see it.
pub(super) enum Called<'n> {
    /// As the element with this id says, mostly a heading.
    By(&'n str),
    /// So.
    As(&'n str),
}

/// A column's head.
pub(super) struct Column(Markup);

/// A column of words.
pub(super) fn words(name: impl Render) -> Column {
    Column(html! { th scope="col" { (name) } })
}

/// A column of numbers.
pub(super) fn numbers(name: &str) -> Column {
    Column(html! { th.n scope="col" { (name) } })
}

/// A column for each runtime, which leads to its page.
pub(super) fn runtimes(plan: &Plan<'_>, root: &str) -> impl Iterator<Item = Column> {
    let indices = plan.run.runtime_indices();
    indices.map(move |runtime| words(runtime_link(plan, runtime, root)))
}

/// A runtime's name, which leads to its page.
pub(super) fn runtime_link(plan: &Plan<'_>, runtime: RuntimeIndex, root: &str) -> Markup {
    html! { a href={ (root) (plan.runtimes[runtime.0]) } { (plan.run.label(runtime)) } }
}

/// A table with these rows. `class` says what it is of, beside that its columns go below one another
/// on a narrow page.
pub(super) fn table(
    called: Called<'_>,
    class: Option<&str>,
    columns: impl IntoIterator<Item = Column>,
    rows: impl IntoIterator<Item = Markup>,
) -> Markup {
    let (by, name) = match called {
        Called::By(id) => (Some(id), None),
        Called::As(name) => (None, Some(name)),
    };
    html! {
        div.wide role="group" aria-labelledby=[by] aria-label=[name] tabindex="0" {
            table class={ @if let Some(class) = class { (class) " " } "stack" } {
                thead { tr { @for Column(head) in columns { (head) } } }
                tbody { @for row in rows { (row) } }
            }
        }
    }
}
