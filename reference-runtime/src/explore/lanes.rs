//! What was observed of the host's world, lane by lane.

use std::collections::BTreeMap;

use super::script::observed_event;
use crate::host::{HostEvent, Lane};

/// The events of each lane, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    lanes: BTreeMap<Lane, Vec<HostEvent>>,
    len: usize,
}

/// How many events of each lane there have been.
pub type Counts = BTreeMap<Lane, usize>;

impl Lanes {
    /// The lanes of these events.
    pub fn new(events: impl IntoIterator<Item = HostEvent>) -> Lanes {
        let mut lanes = Lanes::default();
        for event in events {
            let event = observed_event(event);
            lanes.lanes.entry(event.lane()).or_default().push(event);
            lanes.len += 1;
        }
        lanes
    }

    /// How many events there are in all.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether `event` comes next in its lane, after so many events.
    pub fn fits(&self, counts: &Counts, event: &HostEvent) -> bool {
        let lane = event.lane();
        let at = counts.get(&lane).copied().unwrap_or(0);
        self.lanes.get(&lane).and_then(|lane| lane.get(at)) == Some(event)
    }

    /// What comes next in each lane, after so many events.
    pub fn next(&self, counts: &Counts) -> Vec<&HostEvent> {
        let next = |(lane, events): (&Lane, &'_ Vec<HostEvent>)| {
            let at = counts.get(lane).copied().unwrap_or(0);
            (at < events.len()).then_some((lane.clone(), at))
        };
        let places: Vec<_> = self.lanes.iter().filter_map(next).collect();
        places
            .iter()
            .map(|(lane, at)| &self.lanes[lane][*at])
            .collect()
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
