//! The runtimes that are known, and those that were found.

use assize_harness::runtime::known::{Components, KnownRuntime, Presence};
use assize_protocol::message::Form;
use serde::Serialize;

use crate::{
    grid::{Align, Cell, Grid},
    json::pretty,
    style::{BOLD, DIM, GOOD, PLAIN, Styled},
};

/// What stands where there is nothing.
const NOTHING: &str = "-";

/// The known runtimes: a table, and below it how those are run that were found, and how those are
/// installed that were not. No line of the table is longer than 80 columns.
pub fn runtimes_table(known: &[KnownRuntime]) -> String {
    let mut grid = Grid::new(vec![Align::Left; 5]);
    let head = ["runtime", "here", "components", "takes", "what it is"];
    grid.row(head.into_iter().map(|name| Cell::new(name, DIM)).collect());
    grid.rule();
    for runtime in known {
        grid.row(vec![
            Cell::new(&runtime.name, BOLD),
            here(runtime),
            components(runtime.components),
            forms(&runtime.forms),
            Cell::new(runtime.note.as_deref().unwrap_or_default(), PLAIN),
        ]);
    }
    let mut text = format!("\n{grid}");
    text += &lines("run it with --runtime", known, |runtime| {
        runtime.runtime.as_deref()
    });
    text += &lines("not found; it is installed with", known, |runtime| {
        runtime.install.as_deref()
    });
    text
}

/// One line for each runtime that has what is listed.
fn lines(
    head: &str,
    known: &[KnownRuntime],
    listed: impl Fn(&KnownRuntime) -> Option<&str>,
) -> String {
    let mut grid = Grid::new(vec![Align::Left; 2]);
    let mut any = false;
    for runtime in known {
        if let Some(line) = listed(runtime) {
            any = true;
            grid.row(vec![Cell::new(&runtime.name, BOLD), Cell::new(line, PLAIN)]);
        }
    }
    match any {
        true => format!("\n  {}\n{grid}", Styled(DIM, head)),
        false => String::new(),
    }
}

fn here(runtime: &KnownRuntime) -> Cell {
    let version = runtime.version.as_deref().unwrap_or("yes");
    match runtime.presence {
        Presence::BuiltIn | Presence::Found => Cell::new(version, GOOD),
        Presence::NotFound => Cell::new("not found", DIM),
    }
}

fn components(components: Components) -> Cell {
    match components {
        Components::Async => Cell::new("async", PLAIN),
        Components::Sync => Cell::new("sync", PLAIN),
        Components::InPart => Cell::new("in part", DIM),
        Components::None => Cell::new("none", DIM),
    }
}

fn forms(forms: &[Form]) -> Cell {
    let names = forms.iter().map(|form| match form {
        Form::Component => "component",
        Form::Wast => "wast",
        Form::Command => "command",
    });
    match names.collect::<Vec<_>>()[..] {
        [] => Cell::new(NOTHING, DIM),
        ref names => Cell::new(names.join(", "), PLAIN),
    }
}

/// The same as a JSON document, with everything that is known of each.
pub fn runtimes_json(known: &[KnownRuntime]) -> String {
    #[derive(Serialize)]
    struct Document<'k> {
        schema: u32,
        runtimes: &'k [KnownRuntime],
    }
    pretty(&Document {
        schema: 1,
        runtimes: known,
    })
}
