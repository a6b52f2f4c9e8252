//! The one place where the machine is not determined: a choice that the specification leaves open.

use super::state::ThreadId;

/// What is being chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChoicePoint {
    /// Whether `error-context.new` drops the debug message (0) or keeps it (1).
    /// Spec: CanonicalABI.md, "canon error-context.new".
    DebugMessage,
    /// Which of the ready threads the host resumes, the one that has waited longest first.
    /// Spec: CanonicalABI.md, "Embedding", `tick`.
    Tick,
    /// Whether a thread that waits for what is so already blocks (0) or goes on at once (1). Where
    /// the tests are followed, it is the other way round for events: see
    /// [`Dispute::ReadyWaitGoesOn`](super::reading::Dispute::ReadyWaitGoesOn).
    /// Spec: CanonicalABI.md, "Threads", `wait_until`.
    GoOn,
    /// Which ready thread of the instance runs while a synchronous task cannot.
    /// Spec: CanonicalABI.md, "canon lift".
    Sibling,
    /// Which of a waitable set's events is delivered, that of the element that joined first first.
    /// Spec: CanonicalABI.md, "Waitable State", `WaitableSet.get_pending_event`.
    SetEvent,
    /// Which of a task's threads is told that the task is cancelled.
    /// Spec: CanonicalABI.md, "Tasks", `request_cancellation`.
    CancelThread,
    /// Whether the host does what a guest has ordered before the guest goes on (0) or later (1): in a
    /// later call of a built-in, or while no guest runs.
    HostNow,
    /// What the host does while no guest runs: one of the things that it is to do, or, as the last
    /// option if there is a thread that is ready, nothing yet.
    HostActs,
    /// Whether a call that the host is to let go on, and that it is asked to cancel then, goes on
    /// (0) or is cancelled (1).
    HostCancel,
    /// Whether the host's event loop comes back to what the host waits for (0) or lets something
    /// else go on first (1).
    HostLooks,
    /// In which encoding the host has a string that it hands to a guest: of those that make a
    /// difference to the guest, in the order UTF-8, UTF-16, Latin-1, and UTF-16 of a host that also has
    /// strings in Latin-1.
    /// Spec: CanonicalABI.md, "Storing", `store_string_into_range`.
    HostString,
    /// Where the text and the tests contradict each other and either may be followed, whether it is the
    /// text (0) or the tests (1).
    Dispute,
}

impl ChoicePoint {
    /// Every choice point.
    pub const ALL: [ChoicePoint; 12] = [
        ChoicePoint::DebugMessage,
        ChoicePoint::Tick,
        ChoicePoint::GoOn,
        ChoicePoint::Sibling,
        ChoicePoint::SetEvent,
        ChoicePoint::CancelThread,
        ChoicePoint::HostNow,
        ChoicePoint::HostActs,
        ChoicePoint::HostCancel,
        ChoicePoint::HostLooks,
        ChoicePoint::HostString,
        ChoicePoint::Dispute,
    ];

    /// The name that schedules write.
    pub fn name(self) -> &'static str {
        match self {
            ChoicePoint::DebugMessage => "debug-message",
            ChoicePoint::Tick => "tick",
            ChoicePoint::GoOn => "go-on",
            ChoicePoint::Sibling => "sibling",
            ChoicePoint::SetEvent => "set-event",
            ChoicePoint::CancelThread => "cancel-thread",
            ChoicePoint::HostNow => "host-now",
            ChoicePoint::HostActs => "host-acts",
            ChoicePoint::HostCancel => "host-cancel",
            ChoicePoint::HostLooks => "host-looks",
            ChoicePoint::HostString => "host-string",
            ChoicePoint::Dispute => "dispute",
        }
    }
}

/// Makes the machine's choices.
pub trait Scheduler {
    /// Picks one of `options` alternatives (at least 1), numbered from 0.
    fn choose(&mut self, point: ChoicePoint, options: u32) -> u32;

    /// Picks one of `threads` (at least 1), by its position.
    fn choose_thread(&mut self, point: ChoicePoint, threads: &[ThreadId]) -> u32 {
        self.choose(point, threads.len() as u32)
    }
}

/// The deterministic profile: always the first alternative, which each choice point defines to be
/// the one that the profile prescribes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deterministic;

impl Scheduler for Deterministic {
    fn choose(&mut self, _point: ChoicePoint, _options: u32) -> u32 {
        0
    }
}
