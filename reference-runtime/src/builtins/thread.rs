//! `canon thread.index`.

use super::{Called, returned_i32};
use crate::machine::rules::Rule;
use crate::machine::state::{InstanceId, ThreadId};
use crate::machine::step::Step;
use crate::machine::stop::Stop;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon thread.index".
    pub(super) fn canon_thread_index(
        &mut self,
        thread: ThreadId,
        inst: InstanceId,
    ) -> Result<Called, Stop> {
        self.trap_unless_may_leave(Rule::ThreadIndexMayLeave, inst)?;
        returned_i32(self.store.thread(thread).index)
    }
}
