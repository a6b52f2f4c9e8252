//! Scenarios of threads, waitable sets and callbacks.

use super::builder::{Builder, Track, cancellable, number};
use super::model::{Made, Skip, State, Thing, ThingId};
use crate::corners::Corner;
use crate::program::{Canon, ContextType, End};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// A thread, and the ways to switch to it.
    pub fn threads(&mut self, t: &mut Track) -> Made<()> {
        let outlives = self.hit(Corner::ThreadOutlives, 8);
        let thread = self.new_thread(t, &mut |g, t| {
            let context = ContextType::I32;
            if g.dice.chance(1, 2) {
                g.context(t, context)?;
            }
            match g.dice.below(4) {
                0 => g.yield_now(t),
                1 => {
                    let canon = Canon::ThreadSuspend(cancellable(g.dice.chance(1, 2)));
                    g.show(t, &canon, Vec::new(), "suspended").map(|_| ())
                }
                _ => g.any_scenario(t),
            }
        })?;
        if outlives && t.nested == 0 && !t.returned && self.is_async_lift(t) {
            let handle = self.handle(t, thread);
            self.run(t, &Canon::ThreadResumeLater, vec![handle])?;
            self.thing(t, thread).state = State::Busy;
            return self.task_return(t);
        }
        for _ in 0..1 + self.dice.below(3) {
            self.switch(t, thread)?;
        }
        Ok(())
    }

    /// Switches to a thread in one of the ways.
    pub fn switch(&mut self, t: &mut Track, thread: ThingId) -> Made<()> {
        t.may_block = true;
        let cancel = cancellable(self.dice.chance(1, 2));
        let suspended = self.thing(t, thread).state == State::Idle;
        let choice = match suspended || self.slip(&[Corner::WrongState]).is_some() {
            true => self.dice.below(8),
            false => 4 + self.dice.below(5),
        };
        let canon = match choice {
            0 | 1 => Canon::ThreadResumeLater,
            2 => Canon::ThreadSuspendThenResume(cancel),
            3 => Canon::ThreadYieldThenResume(cancel),
            4 => Canon::ThreadSuspendThenPromote(cancel),
            5 => Canon::ThreadYieldThenPromote(cancel),
            6 => {
                self.show(t, &Canon::ThreadIndex, Vec::new(), "index")?;
                return Ok(());
            }
            _ => return self.yield_now(t),
        };
        let handle = self.handle(t, thread);
        self.thing(t, thread).state = State::Busy;
        match canon {
            Canon::ThreadResumeLater => self.run(t, &canon, vec![handle]),
            _ => self.show(t, &canon, vec![handle], "switched").map(|_| ()),
        }
    }

    /// Context slots are used before and after others run.
    pub fn context_slots(&mut self, t: &mut Track) -> Made<()> {
        let ty = self.context_type(t);
        self.context(t, ty)?;
        if self.dice.chance(1, 2) {
            self.later(t, &mut |g, t| g.context(t, ty))?;
        }
        self.yield_now(t)?;
        self.context(t, ty)
    }

    /// The type of the instance's context slots.
    pub fn context_type(&mut self, t: &Track) -> ContextType {
        let canons = &self.program.instances[t.instance.index()].canons;
        let there = canons.iter().find_map(|canon| match canon {
            Canon::ContextGet(ty, _) | Canon::ContextSet(ty, _) => Some(*ty),
            _ => None,
        });
        there.unwrap_or(ContextType::I32)
    }

    /// A callback returns whatever it can.
    pub fn callback_codes(&mut self, t: &mut Track) -> Made<()> {
        if self.events(t).is_none() || t.nested > 0 {
            return Err(Skip);
        }
        for _ in 0..1 + self.dice.below(3) {
            let end = match self.dice.below(3) {
                0 => End::Yield,
                1 if self.slip(&[Corner::BadValue]).is_some() => self.wrong_code(t)?,
                1 => End::Code(number(1 | (u64::from(self.dice.below(9)) << 4))),
                _ => {
                    let set = self.any_set(t)?;
                    if self.dice.chance(1, 2) {
                        self.later(t, &mut |g, t| g.any_builtin(t))?;
                    }
                    End::Wait(self.handle(t, set))
                }
            };
            self.continue_after(t, end)?;
        }
        Ok(())
    }

    /// A waitable set, its elements and its waiters.
    pub fn sets(&mut self, t: &mut Track) -> Made<()> {
        let set = self.any_set(t)?;
        let waitable = |thing: &Thing| thing.kind.is_waitable() && thing.state != State::Gone;
        if let Ok(thing) = self.find(t, waitable) {
            self.join(t, thing, Some(set))?;
        }
        match self.dice.below(4) {
            0 => {
                self.corners.count(Corner::WithWaiter);
                self.later(t, &mut |g, t| {
                    let waitable = g.find(t, waitable);
                    match g.dice.below(6) {
                        0 | 2 | 4 if waitable.is_ok() => g.play(t, waitable?),
                        1 | 3 if waitable.is_ok() => g.join(t, waitable?, Some(set)),
                        _ => g.drop_set(t, set),
                    }
                })?;
                self.wait_so(t, set, Corner::AfterWait)
            }
            1 => self.drop_set(t, set),
            _ => self.wait_so(t, set, Corner::AfterPoll),
        }
    }

    /// Drops a waitable set.
    pub fn drop_set(&mut self, t: &mut Track, set: ThingId) -> Made<()> {
        let handle = self.handle(t, set);
        self.run(t, &Canon::WaitableSetDrop, vec![handle])?;
        self.thing(t, set).state = State::Gone;
        Ok(())
    }
}
