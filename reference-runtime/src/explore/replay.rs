//! Makes the choices of a schedule that was written down.

use thiserror::Error;

use super::schedule::{Choice, Schedule};
use crate::machine::choice::{ChoicePoint, Scheduler};

/// Makes the choices of a schedule, and then always the first alternative.
#[derive(Clone, Debug)]
pub struct Replay {
    schedule: Schedule,
    position: usize,
    mismatch: Option<Mismatch>,
}

/// A schedule that is not one of this script.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("step {step} of the schedule is `{written}`, and the machine chooses `{} ?/{options}` there", point.name())]
pub struct Mismatch {
    /// The first choice that does not fit, from 1.
    pub step: usize,
    /// What the schedule has there.
    pub written: Choice,
    /// What the machine chooses there.
    pub point: ChoicePoint,
    /// Between how many alternatives.
    pub options: u32,
}

/// Choices of a schedule that the run came to no need for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// A choice is another one than was written down.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// The run ended before the schedule.
    #[error("the run ended before step {step} of the schedule")]
    TooLong {
        /// The first choice that is left over, from 1.
        step: usize,
    },
}

impl Replay {
    /// Replays `schedule`.
    pub fn new(schedule: Schedule) -> Replay {
        Replay {
            schedule,
            position: 0,
            mismatch: None,
        }
    }

    /// Whether the run that has ended was one of the schedule.
    pub fn finish(self) -> Result<(), ReplayError> {
        if let Some(mismatch) = self.mismatch {
            return Err(mismatch.into());
        }
        if self.position < self.schedule.choices.len() {
            let step = self.position + 1;
            return Err(ReplayError::TooLong { step });
        }
        Ok(())
    }
}

impl Scheduler for Replay {
    fn choose(&mut self, point: ChoicePoint, options: u32) -> u32 {
        if options < 2 || self.mismatch.is_some() {
            return 0;
        }
        let Some(&written) = self.schedule.choices.get(self.position) else {
            return 0;
        };
        self.position += 1;
        if (written.point, written.options) != (point, options) {
            self.mismatch = Some(Mismatch {
                step: self.position,
                written,
                point,
                options,
            });
            return 0;
        }
        written.chosen
    }
}
