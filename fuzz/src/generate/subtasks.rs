//! Scenarios of calls that stay open: their subtasks, and the tasks that they make.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::{Called, Content};
use super::functions::{FormKind, Want};
use super::model::{Made, Role, Skip, State, ThingId};
use crate::corners::Corner;
use crate::program::{
    Callee, Canon, Comparison, End, Form, FunctionType, InstanceId, LiftForm, Operand, Step, Type,
};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// A call whose callee blocks, and what its caller does meanwhile.
    pub fn open_subtask(&mut self, t: &mut Track) -> Made<()> {
        match self.dice.below(9) {
            0..=3 => self.host_subtask(t),
            4 => self.excluded(t),
            _ => self.guest_subtask(t),
        }
    }

    /// A call of the host's that stays open.
    pub fn host_subtask(&mut self, t: &mut Track) -> Made<()> {
        let verb = match self.dice.below(4) {
            0 => "stubborn",
            1 => "unstarted",
            _ => "pending",
        };
        let result = (verb != "unstarted" && self.dice.chance(1, 2)).then_some(Type::U32);
        let ty = FunctionType {
            is_async: true,
            params: vec![Type::U32],
            result: result.clone(),
        };
        let token = number(self.token().into());
        let host = self.host(verb, ty)?;
        let called = self.call(t, Callee::Host(host), Form::Async, &[token])?;
        let Called::Started { subtask, .. } = called else {
            return Err(Skip);
        };
        for _ in 0..1 + self.dice.below(5) {
            if self.dice.chance(1, 3) {
                self.end_host_call(t, verb, token, &result)?;
                self.thing(t, subtask).event = true;
            } else {
                self.subtask_move(t, subtask, verb == "unstarted")?;
            }
        }
        Ok(())
    }

    /// Lets the host end its call.
    pub fn end_host_call(
        &mut self,
        t: &mut Track,
        verb: &str,
        token: Operand,
        result: &Option<Type>,
    ) -> Made<()> {
        let (verb, params, args) = match verb {
            "unstarted" => ("start", Vec::new(), Vec::new()),
            "stubborn" if self.dice.chance(1, 2) => ("acknowledge", vec![Type::U32], vec![token]),
            _ => {
                let mut params = vec![Type::U32];
                let mut args = vec![token];
                if result.is_some() {
                    params.push(Type::U32);
                    args.push(number(u64::from(self.token()) + 1000));
                }
                ("resolve", params, args)
            }
        };
        let ty = FunctionType {
            is_async: false,
            params,
            result: None,
        };
        self.order(t, verb, ty, args).map(|_| ())
    }

    /// Does something with a subtask that has not returned at once.
    pub fn subtask_move(&mut self, t: &mut Track, subtask: ThingId, starting: bool) -> Made<()> {
        let (state, event) = {
            let thing = self.thing(t, subtask);
            (thing.state, thing.event)
        };
        let mut moves: &[u32] = match state {
            State::Gone => return Err(Skip),
            State::Busy => &[0, 0, 1, 2, 2, 3],
            State::Cancelling => &[1, 2, 2],
            State::Idle | State::Done => &[4],
        };
        if self.slip(&[Corner::WrongState]).is_some() {
            moves = &[0, 1, 2, 3, 4];
        }
        match self.dice.pick(moves).copied().unwrap_or_default() {
            0 => {
                self.corners.count(match (event, starting) {
                    (true, _) => Corner::CancelResolved,
                    (_, true) => Corner::CancelStarting,
                    _ => Corner::CancelStarted,
                });
                let in_set = self.thing(t, subtask).set.is_some();
                let wrong = in_set && self.mistake.is_some() && self.dice.chance(1, 6);
                let sync = wrong || (!in_set && self.dice.chance(1, 2));
                let form = if sync { Form::Sync } else { Form::Async };
                let code = self.cancel_subtask(t, subtask, form)?;
                if form == Form::Sync {
                    self.thing(t, subtask).state = State::Done;
                } else if self.hit(Corner::CancelTwice, 30) {
                    self.if_blocked(t, code, &mut |g, t| {
                        g.cancel_subtask(t, subtask, form).map(|_| ())
                    });
                }
            }
            1 => {
                let set = self.any_set(t)?;
                self.join(t, subtask, Some(set))?;
            }
            2 => {
                let set = match self.thing(t, subtask).set {
                    Some(set) => set,
                    None => {
                        let set = self.any_set(t)?;
                        self.join(t, subtask, Some(set))?;
                        set
                    }
                };
                self.wait(t, set)?;
            }
            3 => self.join(t, subtask, None)?,
            _ => self.drop_subtask(t, subtask)?,
        }
        Ok(())
    }

    /// A call of another instance that stays open.
    pub fn guest_subtask(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        let held = self.dice.chance(1, 4);
        if held {
            self.corners.count(Corner::Backpressure);
            self.at_once(t, other, &mut |g, t| {
                g.run(t, &Canon::BackpressureInc, Vec::new())
            })?;
        }
        let want = Want::nullary().asynchronous();
        let called = self.visit(t, other, &want, Form::Async, &mut |g, t| g.patient(t))?;
        let Called::Started { subtask, state, .. } = called else {
            return Err(Skip);
        };
        self.thing(t, subtask).state = State::Busy;
        let mut release = held && self.dice.chance(1, 2);
        let mut moves = |g: &mut Self, t: &mut Track| {
            for _ in 0..1 + g.dice.below(4) {
                if release && g.dice.chance(1, 3) {
                    release = false;
                    let dec = &Canon::BackpressureDec;
                    g.at_once(t, other, &mut |g, t| g.run(t, dec, Vec::new()))?;
                }
                g.subtask_move(t, subtask, held)?;
            }
            Ok(())
        };
        if t.nested == 0 && self.dice.chance(1, 8) {
            return moves(self, t);
        }
        // It may have returned at once after all; then there is no subtask.
        self.when(
            t,
            Operand::Slot(state),
            Comparison::NotEqual,
            number(2),
            &mut moves,
        );
        self.thing(t, subtask).state = State::Gone;
        Ok(())
    }

    /// Cancels a task that waits in its callback while another of its instance is alone.
    pub fn excluded(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        let want = Want::nullary().asynchronous();
        let first = want.clone().lifted(FormKind::Callback);
        let called = self.visit(t, other, &first, Form::Async, &mut |g, t| g.patient(t))?;
        let Called::Started { subtask, state, .. } = called else {
            return Err(Skip);
        };
        let token = number(self.token().into());
        let ty = FunctionType {
            is_async: true,
            params: vec![Type::U32],
            result: None,
        };
        let host = self.host("pending", ty)?;
        let form = if self.dice.chance(1, 2) {
            FormKind::Sync
        } else {
            FormKind::Callback
        };
        let second = self.visit(t, other, &want.lifted(form), Form::Async, &mut |g, t| {
            t.may_block = true;
            g.call(t, Callee::Host(host), Form::Sync, &[token])
                .map(|_| ())
        })?;
        let started = Operand::Slot(state);
        self.when(t, started, Comparison::NotEqual, number(2), &mut |g, t| {
            g.cancel_subtask(t, subtask, Form::Async).map(|_| ())
        });
        self.thing(t, subtask).state = State::Gone;
        self.end_host_call(t, "pending", token, &None)?;
        self.finish_call(t, second)
    }

    /// Calls a function of a synchronous type, which backpressure does not hold back.
    pub fn at_once(
        &mut self,
        t: &mut Track,
        other: InstanceId,
        content: Content<'_, 'u, 'b, 'p>,
    ) -> Made<()> {
        let want = Want {
            is_async: Some(false),
            ..Want::nullary()
        };
        self.visit(t, other, &want, Form::Sync, content).map(|_| ())
    }

    /// Blocks, and answers a cancellation if there is one.
    pub fn patient(&mut self, t: &mut Track) -> Made<()> {
        t.may_block = true;
        if self.dice.chance(1, 4) {
            // A cancellation that is asked for now is told later.
            let canon = Canon::ThreadYield(cancellable(false));
            self.show(t, &canon, Vec::new(), "yielded")?;
            if self.dice.chance(1, 2) {
                let set = self.any_set(t)?;
                self.wait_so(t, set, Corner::AfterPoll)?;
            }
        }
        if let Some([event, ..]) = self.events(t) {
            let end = match self.dice.below(3) {
                0 => End::Yield,
                _ => {
                    let set = self.any_set(t)?;
                    End::Wait(self.handle(t, set))
                }
            };
            self.continue_after(t, end)?;
            self.answer(t, Operand::Slot(event), 6);
            return Ok(());
        }
        match self.dice.below(4) {
            0 => {
                let canon = Canon::ThreadYield(cancellable(true));
                let code = self.show(t, &canon, Vec::new(), "yielded")?;
                self.answer(t, Operand::Slot(code), 1);
            }
            1 => {
                let canon = Canon::ThreadSuspend(cancellable(self.dice.chance(3, 4)));
                let code = self.show(t, &canon, Vec::new(), "suspended")?;
                self.answer(t, Operand::Slot(code), 1);
            }
            2 => {
                let memory = self.narrow(t.instance)?;
                let address = self.memory(t.instance, memory, 8, 4)?;
                let set = self.any_set(t)?;
                let handle = self.handle(t, set);
                let canon = Canon::WaitableSetWait(cancellable(self.dice.chance(3, 4)), memory);
                let args = vec![handle, number(address.into())];
                let code = self.show(t, &canon, args, "event")?;
                self.answer(t, Operand::Slot(code), 6);
            }
            _ => {
                let ty = FunctionType {
                    is_async: true,
                    params: vec![Type::U32],
                    result: None,
                };
                let token = number(self.token().into());
                let host = self.host("pending", ty)?;
                self.call(t, Callee::Host(host), Form::Sync, &[token])?;
            }
        }
        Ok(())
    }

    /// Where a number says that the task is cancelled: mostly cancels it, or returns all the same.
    pub fn answer(&mut self, t: &mut Track, told: Operand, cancelled: u64) {
        let form = match t.role {
            Role::Function(function) => {
                let functions = &self.program.instances[t.instance.index()].functions;
                functions[function.index()].lift.form.clone()
            }
            _ => return,
        };
        let end = match form {
            LiftForm::Sync { .. } => return self.answer_wrongly(t, told, cancelled),
            LiftForm::Stackful => End::Nothing,
            LiftForm::Callback { .. } => End::Exit,
        };
        self.when(
            t,
            told,
            Comparison::Equal,
            number(cancelled),
            &mut |g, t| {
                if g.dice.chance(1, 4) {
                    g.yield_now(t)?;
                }
                match g.dice.chance(3, 4) {
                    true => g.run(t, &Canon::TaskCancel, Vec::new())?,
                    false => g.task_return(t)?,
                }
                g.push(t, Step::Finish(end.clone()));
                Ok(())
            },
        );
    }

    /// Cancels a task, now and then, that only returns by itself.
    fn answer_wrongly(&mut self, t: &mut Track, told: Operand, cancelled: u64) {
        if self.profile.mistakes == 0 || !self.hit(Corner::WrongReturn, 8) {
            return;
        }
        let cancelled = number(cancelled);
        self.when(t, told, Comparison::Equal, cancelled, &mut |g, t| {
            g.run(t, &Canon::TaskCancel, Vec::new())?;
            g.mark(t, number(1));
            Ok(())
        });
    }

    /// Others have to wait until this task lets them in.
    pub fn backpressure(&mut self, t: &mut Track) -> Made<()> {
        let (inc, dec) = (Canon::BackpressureInc, Canon::BackpressureDec);
        // Seldom: it takes longer than hundreds of other programs.
        if self.hit(Corner::Limits, 200) {
            let inc = self.canon(t.instance, &inc)?;
            let step = Step::Canon {
                canon: inc,
                args: Vec::new(),
                result: None,
            };
            let times = (1 << 16) - self.dice.below(2);
            let steps = vec![step];
            self.push(t, Step::Repeat { times, steps });
            return Ok(());
        }
        self.run(t, &inc, Vec::new())?;
        if self.dice.chance(1, 2) {
            self.later(t, &mut |g, t| g.any_scenario(t))?;
        }
        self.yield_now(t)?;
        if self.slip(&[Corner::WrongState]).is_some() {
            self.run(t, &dec, Vec::new())?;
        }
        if self.dice.chance(3, 4) {
            self.run(t, &dec, Vec::new())?;
        }
        Ok(())
    }

    /// A function of a synchronous type blocks.
    pub fn sync_blocks(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        let want = Want {
            is_async: Some(false),
            ..Want::nullary()
        };
        let sibling = self.hit(Corner::ReadySibling, 2);
        let called = self.visit(t, other, &want, Form::Sync, &mut |g, t| {
            if sibling {
                g.later(t, &mut |g, t| g.any_builtin(t))?;
            }
            match g.dice.below(2) {
                0 => g.yield_now(t),
                _ => g.patient(t),
            }
        })?;
        self.finish_call(t, called)
    }
}
