//! Scenarios: small templates that lead to a corner, with choices of their own.

use super::builder::{Builder, Track, number};
use super::functions::Want;
use super::model::{Channel, Made, Skip, State};
use crate::corners::Corner;
use crate::program::{Arithmetic, Callee, Canon, Form, FunctionType, Operand, Step, Type};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Writes steps that lead to a corner.
    pub fn scenario(&mut self, t: &mut Track, corner: Corner) -> Made<()> {
        match corner {
            Corner::BothEnds => self.both_ends(t),
            Corner::HostPeer => self.host_peer(t),
            Corner::GuestPeer => self.guest_peer(t),
            Corner::OpenSubtask => self.open_subtask(t),
            Corner::Backpressure => self.backpressure(t),
            Corner::Resources => self.resources(t),
            Corner::Threads => self.threads(t),
            Corner::Values => self.values(t),
            Corner::ErrorContexts => self.error_contexts(t),
            Corner::ContextSlots => self.context_slots(t),
            Corner::InStart => self.in_start(t),
            Corner::InRealloc => self.in_realloc(t),
            Corner::InPostReturn => self.in_post_return(t),
            Corner::InDestructor => self.in_destructor(t),
            Corner::BadRealloc => self.bad_realloc(t),
            Corner::Thousand => self.thousand(t),
            Corner::SyncBlocks => self.sync_blocks(t),
            Corner::Reentrance => self.reentrance(t),
            Corner::CallbackCodes => self.callback_codes(t),
            Corner::Sets => self.sets(t),
            Corner::RootsPassHandles => self.roots_pass_handles(t),
            Corner::AnyBuiltin => self.any_builtin(t),
            Corner::WrongUse => self.wrong_use(t),
            _ => Err(Skip),
        }
    }

    /// Some scenario, by the weights; a few are tried where something is not to be had here.
    pub fn any_scenario(&mut self, t: &mut Track) -> Made<()> {
        self.one_of_scenarios(t, Corner::SCENARIOS)
    }

    /// Some of these scenarios.
    pub fn one_of_scenarios(&mut self, t: &mut Track, corners: &[Corner]) -> Made<()> {
        for _ in 0..8 {
            let weights = &self.weights;
            let weight = |corner| weights.get(corner);
            let corner = self.dice.weighted(corners, weight).ok_or(Skip)?;
            let before = (t.steps.len(), t.blocks.len());
            let made = self.scenario(t, corner);
            // What was written before something was not to be had stays.
            if made.is_ok() || (t.steps.len(), t.blocks.len()) != before {
                self.corners.count(corner);
                return Ok(());
            }
        }
        Err(Skip)
    }

    /// A call with values of any types.
    pub fn values(&mut self, t: &mut Track) -> Made<()> {
        if self.dice.chance(1, 4) {
            let plain = super::types::Use::Plain;
            let (ty, is_async) = match self.fixed {
                true => self.any_echo()?,
                false => (
                    self.new_type(&[t.instance], plain, 2),
                    self.dice.chance(1, 2),
                ),
            };
            let form = match is_async && self.dice.chance(1, 2) {
                true => Form::Async,
                false => Form::Sync,
            };
            let ty = FunctionType {
                is_async,
                params: vec![ty.clone()],
                result: Some(ty),
            };
            let host = self.host("echo", ty)?;
            let called = self.call(t, Callee::Host(host), form, &[])?;
            return self.finish_call(t, called);
        }
        let other = self.any_callee(t)?;
        let form = if self.dice.chance(1, 3) {
            Form::Async
        } else {
            Form::Sync
        };
        let called = self.visit(t, other, &Want::default(), form, &mut |g, t| match g
            .dice
            .chance(1, 4)
        {
            true => g.any_scenario(t),
            false => Ok(()),
        })?;
        self.finish_call(t, called)
    }

    /// A type of which the host gives back what it is given, and whether it does so in an `async` call.
    fn any_echo(&mut self) -> Made<(Type, bool)> {
        let host = self.program.host.iter();
        let echoes: Vec<_> = host.filter(|host| host.verb == "echo").collect();
        let echo = self.dice.pick(&echoes).ok_or(Skip)?;
        let ty = echo.ty.result.clone().ok_or(Skip)?;
        Ok((ty, echo.ty.is_async))
    }

    /// Error contexts are made, asked and dropped.
    pub fn error_contexts(&mut self, t: &mut Track) -> Made<()> {
        let context = self.new_error_context(t)?;
        for _ in 0..1 + self.dice.below(3) {
            if self.thing(t, context).state == State::Gone && !self.dice.chance(1, 8) {
                return Ok(());
            }
            match self.dice.below(3) {
                0 => self.drop_error_context(t, context)?,
                1 => self.debug_message(t, context)?,
                _ => {
                    let another = self.new_error_context(t)?;
                    self.debug_message(t, another)?;
                }
            }
        }
        Ok(())
    }

    /// One step a thousand times.
    pub fn thousand(&mut self, t: &mut Track) -> Made<()> {
        let times = 1000;
        let choice = self.dice.below(4);
        let steps = self.nested(t, &mut |g, t| match choice {
            0 => {
                let set = g.ask(t, &Canon::WaitableSetNew, Vec::new(), "set")?;
                g.run(t, &Canon::WaitableSetDrop, vec![Operand::Slot(set)])
            }
            1 => {
                let element = g.channel_element(t, Channel::Stream)?;
                let canon = Canon::StreamNew(element.clone());
                let both = Operand::Slot(g.ask(t, &canon, Vec::new(), "ends")?);
                let shift = Arithmetic::Shr;
                let writer = g.set(t, shift, both, number(32), "writer")?;
                let canon = Canon::StreamDropReadable(element.clone());
                g.run(t, &canon, vec![both])?;
                let canon = Canon::StreamDropWritable(element);
                g.run(t, &canon, vec![Operand::Slot(writer)])
            }
            2 => {
                let resource = g.any_resource(&[t.instance])?;
                let new = Canon::ResourceNew(resource);
                if g.owner(resource) != Some(t.instance) {
                    return Err(Skip);
                }
                let handle = g.ask(t, &new, vec![number(7)], "resource")?;
                g.run(
                    t,
                    &Canon::ResourceDrop(resource),
                    vec![Operand::Slot(handle)],
                )
            }
            _ => {
                let other = g.any_callee(t)?;
                let want = Want {
                    is_async: Some(false),
                    ..Want::nullary()
                };
                g.visit(t, other, &want, Form::Sync, &mut |_, _| Ok(()))
                    .map(|_| ())
            }
        });
        if steps.is_empty() {
            return Err(Skip);
        }
        self.push(t, Step::Repeat { times, steps });
        Ok(())
    }

    /// Calls go back and forth between instances.
    pub fn reentrance(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        if self.dice.chance(1, 2) {
            self.corners.count(Corner::LongChain);
        }
        let home = t.instance;
        self.reenter = self.dice.chance(1, 4);
        let made = self.at(t, other, &mut |g, t| {
            let callees = g.callees(t.instance);
            let next = match callees.contains(&home) {
                true => home,
                false => g.dice.pick(&callees).copied().ok_or(Skip)?,
            };
            g.at(t, next, &mut |g, t| match g.dice.chance(1, 2) {
                true => g.at(t, other, &mut |g, t| g.yield_now(t)),
                false => g.any_scenario(t),
            })
        });
        self.reenter = false;
        made
    }
}
