//! What the reference still keeps of what guests and the host have made.

use assize_reference::machine::embed::Progress;
use assize_reference::machine::state::ComponentInstance;
use assize_reference::machine::store::Store;

use super::Reference;

/// How far the machine goes on before it tells, in steps.
const STEPS: u32 = 100_000;

impl Reference {
    /// Lets everything go on that can, and then says what is left. Nothing where that comes to no end, or
    /// to a trap.
    pub(super) fn what_remains(&mut self) -> Option<String> {
        self.machine.refuel();
        for _ in 0..STEPS {
            match self.machine.step(self.scheduler.as_mut()) {
                Ok(Progress::Stepped) => {}
                Ok(Progress::Quiescent) => return left(&self.machine.store),
                Err(_) => return None,
            }
        }
        None
    }
}

/// What there is in a store that a guest or the host could still use, in words; nothing where there is
/// nothing.
pub fn left(store: &Store) -> Option<String> {
    let instances =
        |has: fn(&ComponentInstance) -> bool| store.instances.iter().any(|instance| has(instance));
    let kinds = [
        ("code that runs", !store.control.is_empty()),
        ("tasks", !store.tasks.is_empty()),
        ("subtasks", !store.subtasks.is_empty()),
        ("threads", !store.threads.is_empty()),
        ("streams or futures", !store.shared.is_empty()),
        ("calls by the host", !store.host_calls.is_empty()),
        ("calls of the host", !store.host.calls.is_empty()),
        ("ends of the host", !store.host.ends.is_empty()),
        ("handles", instances(|one| !one.handles.is_empty())),
        (
            "indices of threads",
            instances(|one| !one.threads.is_empty()),
        ),
    ];
    let kept = kinds.into_iter().filter(|(_, kept)| *kept);
    let kept: Vec<&str> = kept.map(|(name, _)| name).collect();
    (!kept.is_empty()).then(|| kept.join(", "))
}
