//! What was observed of the host's world, lane by lane.

use std::collections::BTreeMap;

use super::script::observed_event;
use crate::host::{HostEvent, Lane};

/// The events of each lane, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    lanes: BTreeMap<Lane, Vec<HostEvent>>,
    end: End,
    cancellations: Cancellations,
}

/// Whether a host learns that its pending calls are cancelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cancellations {
    /// It does.
    #[default]
    Seen,
    /// It does not, so that there is no telling whether there were any.
    Unseen,
}

/// Whether these are all events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// They are.
    #[default]
    Complete,
    /// The run ended in a trap. A host may then not have learned of everything that it learns late, or
    /// have told of a copy that the trap has cut: only the lane of the guest is compared to its end.
    Trapped,
}

/// How many events of each lane there have been.
pub type Counts = BTreeMap<Lane, usize>;

impl Lanes {
    /// The lanes of these events.
    pub fn new(
        events: impl IntoIterator<Item = HostEvent>,
        end: End,
        cancellations: Cancellations,
    ) -> Lanes {
        let lanes = BTreeMap::new();
        let mut lanes = Lanes {
            lanes,
            end,
            cancellations,
        };
        for event in events {
            let event = observed_event(event);
            lanes.lanes.entry(event.lane()).or_default().push(event);
        }
        lanes
    }

    /// Whether `event` comes next in its lane, after so many events.
    pub fn fits(&self, counts: &Counts, event: &HostEvent) -> bool {
        let lane = event.lane();
        if self.cancellations == Cancellations::Unseen && matches!(lane, Lane::PendingCall(_)) {
            return true;
        }
        let at = counts.get(&lane).copied().unwrap_or(0);
        match self.lanes.get(&lane).and_then(|lane| lane.get(at)) {
            Some(observed) => observed == event,
            None => self.end == End::Trapped && lane != Lane::Guest,
        }
    }

    /// Whether so many events of each lane are all that there are.
    pub fn has_shown(&self, counts: &Counts) -> bool {
        let shown = |(lane, events): (&Lane, &Vec<HostEvent>)| {
            let cut = self.end == End::Trapped && *lane != Lane::Guest;
            cut || counts.get(lane).is_some_and(|count| *count >= events.len())
        };
        self.lanes.iter().all(shown)
    }
}

/// How many events of each lane are among `events`.
pub fn counts(events: &[HostEvent]) -> Counts {
    let mut counts = Counts::new();
    for event in events {
        *counts.entry(event.lane()).or_default() += 1;
    }
    counts
}
