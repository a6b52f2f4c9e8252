//! `canon backpressure.inc` and `backpressure.dec`.

use super::{Called, returned_nothing};
use crate::machine::rules::Rule;
use crate::machine::state::InstanceId;
use crate::machine::step::Step;
use crate::machine::stop::Stop;

/// The counter stays below this.
const BACKPRESSURE_LIMIT: u32 = 1 << 16;

impl Step<'_> {
    /// Spec: CanonicalABI.md, "canon backpressure.{inc,dec}".
    pub(super) fn canon_backpressure_inc(&mut self, inst: InstanceId) -> Result<Called, Stop> {
        let backpressure = self.instance(inst).backpressure + 1;
        self.trap_if(
            Rule::BackpressureIncLimit,
            backpressure == BACKPRESSURE_LIMIT,
        )?;
        self.instance_mut(inst).backpressure = backpressure;
        returned_nothing()
    }

    /// Spec: CanonicalABI.md, "canon backpressure.{inc,dec}".
    pub(super) fn canon_backpressure_dec(&mut self, inst: InstanceId) -> Result<Called, Stop> {
        let backpressure = self.instance(inst).backpressure;
        self.trap_if(Rule::BackpressureDecZero, backpressure == 0)?;
        self.instance_mut(inst).backpressure = backpressure - 1;
        returned_nothing()
    }
}
