//! A schedule: the choices of one run, as a value and as text.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::machine::choice::{ChoicePoint, Scheduler};
use crate::machine::state::ThreadId;

/// One choice that was made between two or more alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// What was chosen.
    pub point: ChoicePoint,
    /// The number of the alternative, from 0.
    pub chosen: u32,
    /// How many alternatives there were, at least 2.
    pub options: u32,
}

/// The choices of a run, in order. After the last one, every choice is the first alternative.
///
/// As text it has one line for each choice: `point chosen/options`. Empty lines, and lines that
/// begin with `#`, say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Schedule {
    /// The choices.
    pub choices: Vec<Choice>,
}

/// Why a text is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct ScheduleError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Schedule {
    /// The same schedule without the last choices, as far as they are what comes without them.
    pub fn without_tail(mut self) -> Schedule {
        let last = self.choices.iter().rposition(|choice| choice.chosen != 0);
        self.choices.truncate(last.map_or(0, |last| last + 1));
        self
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.point.name(), self.chosen, self.options)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.choices
            .iter()
            .try_for_each(|choice| writeln!(f, "{choice}"))
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Schedule, ScheduleError> {
        let mut choices = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                let choice = choice(line);
                choices.push(choice.map_err(|reason| ScheduleError {
                    line: at + 1,
                    reason,
                })?);
            }
        }
        Ok(Schedule { choices })
    }
}

fn choice(line: &str) -> Result<Choice, &'static str> {
    let (name, numbers) = line
        .split_once(' ')
        .ok_or("a choice is `point chosen/options`")?;
    let point = ChoicePoint::ALL
        .into_iter()
        .find(|point| point.name() == name)
        .ok_or("there is no such choice point")?;
    let (chosen, options) = numbers
        .trim()
        .split_once('/')
        .ok_or("the numbers are `chosen/options`")?;
    let number = |text: &str| text.parse().map_err(|_| "not a number");
    let (chosen, options) = (number(chosen)?, number(options)?);
    if options < 2 || chosen >= options {
        return Err("one of two or more alternatives is chosen, counted from 0");
    }
    Ok(Choice {
        point,
        chosen,
        options,
    })
}

/// Writes down what another scheduler chooses.
pub struct Recorder<'s> {
    /// Who chooses.
    pub scheduler: &'s mut dyn Scheduler,
    /// What was chosen.
    pub choices: Vec<Choice>,
}

impl<'s> Recorder<'s> {
    /// A recorder that has nothing written down.
    pub fn new(scheduler: &'s mut dyn Scheduler) -> Recorder<'s> {
        Recorder {
            scheduler,
            choices: Vec::new(),
        }
    }

    fn record(&mut self, point: ChoicePoint, chosen: u32, options: u32) -> u32 {
        self.choices.push(Choice {
            point,
            chosen,
            options,
        });
        chosen
    }
}

impl Scheduler for Recorder<'_> {
    fn choose(&mut self, point: ChoicePoint, options: u32) -> u32 {
        if options < 2 {
            return 0;
        }
        let chosen = self.scheduler.choose(point, options);
        self.record(point, chosen, options)
    }

    fn choose_thread(&mut self, point: ChoicePoint, threads: &[ThreadId]) -> u32 {
        if threads.len() < 2 {
            return 0;
        }
        let chosen = self.scheduler.choose_thread(point, threads);
        self.record(point, chosen, threads.len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_read_as_it_was_written() {
        let text = "tick 1/3\ngo-on 0/2\nset-event 1/2\n";
        let schedule: Schedule = text.parse().expect("it is a schedule");
        assert_eq!(schedule.choices.len(), 3);
        assert_eq!(schedule.to_string(), text);
    }

    #[test]
    fn a_fault_in_a_schedule_is_told_with_its_line() {
        let line = |text: &str| text.parse::<Schedule>().map_err(|error| error.line);
        assert_eq!(line("# a comment\n\ntick 3/3"), Err(3));
        assert_eq!(line("tick 0/1"), Err(1));
        assert_eq!(line("tick 0/2\ntock 0/2"), Err(2));
        assert_eq!(line("tick"), Err(1));
    }
}
