//! Arrows of timelines: what goes from one column to another, and between which.

use assize_reference::component::ast::End;
use assize_reference::explore::check::Observed;
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use serde::{Deserialize, Serialize};

use super::explain::{Row, Standing, Timeline};

/// Something that goes from one column to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Arrow {
    /// What goes.
    pub what: Passage,
    /// The position of the column that it comes from.
    pub from: usize,
    /// The position of the column that it goes to.
    pub to: usize,
}

/// What goes from one column to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Passage {
    /// A call, to the callee.
    Call,
    /// The return of one, to the caller.
    Return,
    /// A request to cancel, to the callee; or that a call was cancelled, to the caller.
    Cancel,
    /// The elements of a copy, or only the news that it is over, to the reader.
    Copy,
}

/// The column for what the host does.
pub(super) const SCRIPT: &str = "script";

/// The column for what guests call.
pub(super) const GUEST: &str = "guest";

/// The column for what the host sees in a run of the reference.
pub(super) const HOST: &str = "host";

/// A timeline in the making: arrows name their columns, which may come later.
#[derive(Default)]
pub(super) struct Sketch {
    pub(super) timeline: Timeline,
    arrows: Vec<Option<Passing>>,
}

/// An arrow between columns that have names.
pub(super) struct Passing {
    what: Passage,
    from: String,
    to: String,
}

impl Passing {
    pub(super) fn new(what: Passage, from: &str, to: &str) -> Option<Passing> {
        Some(Passing {
            what,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }
}

impl Sketch {
    /// Adds a row to the column of this name, which may be a new one.
    pub(super) fn add(
        &mut self,
        column: &str,
        what: String,
        standing: Standing,
        arrow: Option<Passing>,
    ) {
        let known = self.column(column);
        let column = known.unwrap_or_else(|| {
            self.timeline.columns.push(column.to_owned());
            self.timeline.columns.len() - 1
        });
        self.arrows.push(arrow);
        self.timeline.rows.push(Row {
            column,
            what,
            standing,
            arrow: None,
        });
    }

    fn column(&self, name: &str) -> Option<usize> {
        let mut columns = self.timeline.columns.iter();
        columns.position(|known| known == name)
    }

    /// The timeline. An arrow from or to a column in which nothing happened is left out.
    pub(super) fn finish(mut self) -> Timeline {
        for (place, arrow) in std::mem::take(&mut self.arrows).into_iter().enumerate() {
            let arrow = arrow.and_then(|arrow| {
                Some(Arrow {
                    what: arrow.what,
                    from: self.column(&arrow.from)?,
                    to: self.column(&arrow.to)?,
                })
            });
            self.timeline.rows[place].arrow = arrow;
        }
        self.timeline
    }
}

/// What goes between guests and the host by an event, as far as a runtime shows that.
pub(super) fn guest_arrow(event: &HostEvent, column: &str) -> Option<Passing> {
    match event {
        HostEvent::Called { .. } if column == GUEST => Passing::new(Passage::Call, GUEST, SCRIPT),
        HostEvent::Called { .. } => Passing::new(Passage::Call, GUEST, column),
        HostEvent::Cancelled { .. } => Passing::new(Passage::Cancel, GUEST, column),
        HostEvent::Copied { end, .. } => match end {
            End::Readable => Passing::new(Passage::Copy, GUEST, column),
            End::Writable => Passing::new(Passage::Copy, column, GUEST),
        },
        HostEvent::Dropped { .. } => None,
    }
}

/// What goes between the host and guests in a step of the script.
pub(super) fn step_arrow(outcome: &Observed) -> Option<Passing> {
    let Observed::Exactly(event) = outcome else {
        return None;
    };
    match event {
        Event::Started => Passing::new(Passage::Call, SCRIPT, GUEST),
        Event::Requested => Passing::new(Passage::Cancel, SCRIPT, GUEST),
        Event::Returned(_) => Passing::new(Passage::Return, GUEST, SCRIPT),
        Event::Cancelled => Passing::new(Passage::Cancel, GUEST, SCRIPT),
        _ => None,
    }
}
