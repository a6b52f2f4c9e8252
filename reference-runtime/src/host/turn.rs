//! When the host does what it is to do: in the guest's call that orders it, in a later call of a
//! built-in, or while no guest runs.

use super::event::HostEvent;
use super::state::{ImportCallId, ImportState, Release, Token};
use crate::machine::choice::ChoicePoint;
use crate::machine::state::InstanceId;
use crate::machine::step::Step;
use crate::machine::stop::Stop;

/// Something that the host is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// About a call of one of its functions.
    Call(ImportCallId),
    /// With one of its ends.
    End(Token),
    /// Giving back the buffer of a copy that the guest has cancelled.
    Release(Token),
}

/// Which of what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// What has not been put off.
    Fresh,
    /// Everything.
    All,
}

impl Step<'_> {
    /// Does what has become due, or puts it off until no guest runs.
    pub(crate) fn host_turn(&mut self) -> Result<(), Stop> {
        while let Some(&due) = self.due(Which::Fresh).first() {
            match self.choose(ChoicePoint::HostNow, 2) {
                0 => self.act(due)?,
                _ => self.postpone(due),
            }
        }
        Ok(())
    }

    /// Does what was put off, or some of it, since the guest in `inst` calls a built-in. A host that
    /// is told of a guest's copy may answer it at once, and one with threads of its own may do what it
    /// is to do at any time; that guests notice nothing of this between two calls of built-ins.
    pub(crate) fn host_reconsiders(&mut self, inst: InstanceId) -> Result<(), Stop> {
        if self.host_due() == 0 || !self.instance(inst).may_leave {
            return Ok(());
        }
        for call in self.store.host.calls.iter_mut() {
            call.postponed = false;
        }
        for end in self.store.host.ends.values_mut() {
            end.postponed = false;
            if end.release == Release::Postponed {
                end.release = Release::Due;
            }
        }
        self.host_turn()
    }

    /// How many things the host is to do.
    pub(crate) fn host_due(&self) -> u32 {
        self.due(Which::All).len() as u32
    }

    /// Does one of the things that the host is to do, by its number.
    pub(crate) fn host_acts(&mut self, number: u32) -> Result<(), Stop> {
        let due = self.due(Which::All).get(number as usize).copied();
        self.act(due.ok_or(Stop::Broken)?)?;
        self.host_turn()
    }

    fn due(&self, which: Which) -> Vec<Due> {
        let host = &self.store.host;
        let counts = |postponed: bool| which == Which::All || !postponed;
        let calls = host.calls.enumerate();
        let calls = calls.filter(|(_, call)| call.is_due() && counts(call.postponed));
        let ends = host.ends.iter();
        let ends = ends.filter(|(_, end)| end.next_op().is_some() && counts(end.postponed));
        let releases = host.ends.iter().filter(|(_, end)| match end.release {
            Release::NotDue => false,
            Release::Due => true,
            Release::Postponed => which == Which::All,
        });
        calls
            .map(|(place, _)| Due::Call(ImportCallId(place)))
            .chain(ends.map(|(token, _)| Due::End(*token)))
            .chain(releases.map(|(token, _)| Due::Release(*token)))
            .collect()
    }

    fn postpone(&mut self, due: Due) {
        match due {
            Due::Call(call) => self.store.host.calls.get_mut(call.0).postponed = true,
            Due::End(token) => {
                if let Some(end) = self.store.host.ends.get_mut(&token) {
                    end.postponed = true;
                }
            }
            Due::Release(token) => {
                if let Some(end) = self.store.host.ends.get_mut(&token) {
                    end.release = Release::Postponed;
                }
            }
        }
    }

    fn act(&mut self, due: Due) -> Result<(), Stop> {
        let id = match due {
            Due::Call(id) => id,
            Due::End(token) => return self.do_next_op(token),
            Due::Release(token) => {
                self.release(token);
                return Ok(());
            }
        };
        let call = self.store.host.calls.remove(id.0);
        let (func, subtask) = (call.func, call.subtask);
        let result = match call.state {
            ImportState::Starting => {
                self.start_import_call(&func, subtask)?;
                Some(Vec::new())
            }
            ImportState::Returning(values) => Some(values),
            _ => {
                if let Some(token) = call.token {
                    self.host_sees(HostEvent::Cancelled { token });
                }
                None
            }
        };
        self.resolve_subtask(subtask, result, &func.ty.result)
    }

    /// Writes down what the host sees.
    pub(super) fn host_sees(&mut self, event: HostEvent) {
        self.events.push(event);
    }
}
