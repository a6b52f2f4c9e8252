//! Scenarios: small templates that lead to a corner, with choices of their own.

use super::builder::{Builder, Track, cancellable, number};
use super::calls::{Called, Content, FormKind, Want, empty};
use super::channel::{Holder, channel_type};
use super::model::{Channel, Kind, Made, Role, Side, Skip, State, Thing, ThingId, Whose};
use super::types::resource_name;
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Callee, Canon, Comparison, Condition, ContextType, CopyOptions, End, Form,
    FunctionType, InstanceId, LiftForm, Operand, Owner, Step, Type,
};

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

    fn channel(&mut self) -> Channel {
        match self.dice.below(3) {
            0 => Channel::Future,
            _ => Channel::Stream,
        }
    }

    fn both_ends(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let mut element = self.channel_element(t, channel)?;
        // What is not a number cannot be copied within an instance.
        if !self.fixed && !self.dice.chance(1, 6) {
            element = element.filter(is_number);
        }
        let (reader, writer) = self.new_channel(t, channel, element)?;
        let first = if self.dice.chance(1, 2) {
            reader
        } else {
            writer
        };
        self.play(t, first)?;
        for _ in 0..1 + self.dice.below(6) {
            let end = if self.dice.chance(1, 2) {
                reader
            } else {
                writer
            };
            if self.dice.chance(1, 6) {
                self.later(t, &mut |g, t| g.play(t, end))?;
            } else {
                self.play(t, end)?;
            }
        }
        Ok(())
    }

    fn host_peer(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let element = self.channel_element(t, channel)?;
        let element = element.filter(|element| self.is_hosts(element));
        let (ours, theirs) = self.with_host(t, channel, element.clone())?;
        let (Holder::Guest(Whose { thing, .. }), Holder::Host(token)) = (ours, theirs) else {
            return Err(Skip);
        };
        let Kind::End(_, side, _) = self.thing(t, thing).kind else {
            return Err(Skip);
        };
        for _ in 0..2 + self.dice.below(6) {
            if self.dice.chance(2, 5) {
                self.host_move(t, token, channel, side, &element)?;
            } else {
                self.play(t, thing)?;
            }
        }
        Ok(())
    }

    fn guest_peer(&mut self, t: &mut Track) -> Made<()> {
        let channel = self.channel();
        let other = self.any_callee(t)?;
        let element = match self.fixed {
            true => self.channel_element(t, channel)?,
            false => self.shared_element(t, other),
        };
        let (reader, writer) = self.new_channel(t, channel, element.clone())?;
        if self.dice.chance(1, 4) {
            self.play(t, writer)?;
        }
        let want = Want {
            params: Some(vec![channel_type(channel, &element)]),
            result: Some(None),
            ..Want::default()
        };
        let wanted = Kind::End(channel, Side::Readable, element);
        let moved = self.give(t, other, &want, reader, &wanted)?;
        for _ in 0..1 + self.dice.below(5) {
            if self.dice.chance(1, 2) {
                self.play(t, writer)?;
            } else {
                self.at(t, other, &mut |g, t| {
                    g.play(t, moved)?;
                    match g.dice.chance(1, 3) {
                        true => g.play(t, moved),
                        false => Ok(()),
                    }
                })?;
            }
        }
        Ok(())
    }

    /// Gives a readable end to another instance by a call, and says which thing it is there.
    fn give(
        &mut self,
        t: &mut Track,
        other: InstanceId,
        want: &Want,
        reader: ThingId,
        kind: &Kind,
    ) -> Made<ThingId> {
        let form = if self.dice.chance(1, 2) {
            Form::Async
        } else {
            Form::Sync
        };
        let mut want = want.clone();
        if form == Form::Async {
            want = want.asynchronous();
        }
        let function = self.function(other, &want, &[t.instance])?;
        let mut moved = None;
        let writer = self.thing(t, reader).peer;
        self.fill(other, function, t.depth + 1, &mut |g, inner| {
            let thing = g.find(inner, |thing| {
                thing.kind == *kind && thing.maker == inner.number
            })?;
            g.thing(inner, thing).peer = writer;
            moved = Some(thing);
            match g.dice.chance(1, 2) {
                true => g.play(inner, thing),
                false => Ok(()),
            }
        });
        let moved = moved.ok_or(Skip)?;
        if let super::model::Peer::Guest(Whose { thing, .. }) = writer {
            self.thing(t, thing).peer = super::model::Peer::Guest(Whose {
                instance: other,
                thing: moved,
            });
        }
        let handle = self.handle(t, reader);
        self.thing(t, reader).state = State::Gone;
        let callee = Callee::Function {
            instance: other,
            function,
        };
        let called = self.call(t, callee, form, &[handle])?;
        if self.dice.chance(1, 2) {
            self.finish_call(t, called)?;
        }
        Ok(moved)
    }

    fn open_subtask(&mut self, t: &mut Track) -> Made<()> {
        match self.dice.below(9) {
            0..=3 => self.host_subtask(t),
            4 => self.excluded(t),
            _ => self.guest_subtask(t),
        }
    }

    fn host_subtask(&mut self, t: &mut Track) -> Made<()> {
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

    fn end_host_call(
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
    fn subtask_move(&mut self, t: &mut Track, subtask: ThingId, starting: bool) -> Made<()> {
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
                } else if self.hit(Corner::CancelTwice, 40) {
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

    fn guest_subtask(&mut self, t: &mut Track) -> Made<()> {
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
    fn excluded(&mut self, t: &mut Track) -> Made<()> {
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
    fn at_once(
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
    fn answer(&mut self, t: &mut Track, told: Operand, cancelled: u64) {
        let form = match t.role {
            Role::Function(function) => {
                let functions = &self.program.instances[t.instance.index()].functions;
                functions[function.index()].lift.form.clone()
            }
            _ => return,
        };
        let end = match form {
            LiftForm::Sync { .. } => return,
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

    fn backpressure(&mut self, t: &mut Track) -> Made<()> {
        let (inc, dec) = (Canon::BackpressureInc, Canon::BackpressureDec);
        if self.hit(Corner::Limits, 20) {
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

    fn resources(&mut self, t: &mut Track) -> Made<()> {
        let resource = self.any_resource(&[t.instance])?;
        let owned = |thing: &Thing| thing.kind == Kind::Own(resource) && thing.state == State::Idle;
        let thing = match self.find(t, owned) {
            Ok(thing) => thing,
            Err(Skip) => self.make_resource(t, resource)?,
        };
        for _ in 0..1 + self.dice.below(3) {
            if self.thing(t, thing).state == State::Gone
                && self.slip(&[Corner::DeadHandle]).is_none()
            {
                return Ok(());
            }
            match self.dice.below(4) {
                0 => self.representation(t, thing, resource)?,
                1 => self.drop_resource(t, thing)?,
                2 => self.lend(t, thing, resource)?,
                _ => self.pass_to_host(t, thing, resource)?,
            }
        }
        Ok(())
    }

    /// A new resource, from whoever can make it.
    pub fn make_resource(
        &mut self,
        t: &mut Track,
        resource: crate::program::ResourceId,
    ) -> Made<ThingId> {
        match self.owner(resource) {
            Some(owner) if owner != t.instance => {
                let want = Want {
                    params: Some(Vec::new()),
                    result: Some(Some(Type::Own(resource_name(resource)))),
                    ..Want::default()
                };
                self.visit(t, owner, &want, Form::Sync, &mut |_, _| Ok(()))?;
                self.find(t, |thing| {
                    thing.kind == Kind::Own(resource) && thing.state == State::Idle
                })
            }
            _ => self.new_resource(t, resource),
        }
    }

    pub fn representation(
        &mut self,
        t: &mut Track,
        thing: ThingId,
        resource: crate::program::ResourceId,
    ) -> Made<()> {
        if self.owner(resource) == Some(t.instance) {
            let handle = self.handle(t, thing);
            self.show(t, &Canon::ResourceRep(resource), vec![handle], "rep")?;
            return Ok(());
        }
        if self.owner(resource).is_some() {
            return Ok(());
        }
        let ty = FunctionType {
            is_async: false,
            params: vec![Type::Borrow(resource_name(resource))],
            result: Some(Type::U32),
        };
        let handle = self.handle(t, thing);
        self.order(t, "resource-rep", ty, vec![handle]).map(|_| ())
    }

    fn pass_to_host(
        &mut self,
        t: &mut Track,
        thing: ThingId,
        resource: crate::program::ResourceId,
    ) -> Made<()> {
        if self.owner(resource).is_some() {
            return self.drop_resource(t, thing);
        }
        let ty = FunctionType {
            is_async: false,
            params: vec![Type::Own(resource_name(resource))],
            result: Some(Type::U32),
        };
        let handle = self.handle(t, thing);
        self.order(t, "resource-take", ty, vec![handle])?;
        self.thing(t, thing).state = State::Gone;
        Ok(())
    }

    /// Lends a resource to a call, which may go on for a while.
    pub fn lend(
        &mut self,
        t: &mut Track,
        thing: ThingId,
        resource: crate::program::ResourceId,
    ) -> Made<()> {
        let callees = self.callees(t.instance);
        let seen: Vec<InstanceId> = callees
            .into_iter()
            .filter(|other| self.knows(*other, resource))
            .collect();
        let other = self.dice.pick(&seen).copied().ok_or(Skip)?;
        let suspended = self.hit(Corner::BorrowSuspended, 6);
        let form = if suspended { Form::Async } else { Form::Sync };
        let mut want = Want {
            params: Some(vec![Type::Borrow(resource_name(resource))]),
            result: Some(None),
            ..Want::default()
        };
        if suspended {
            want = want.asynchronous();
        }
        let function = self.function(other, &want, &[t.instance])?;
        let may_block = self.fill(other, function, t.depth + 1, &mut |g, t| match suspended {
            true => g.patient(t),
            false => Ok(()),
        });
        let callee = Callee::Function {
            instance: other,
            function,
        };
        let handle = self.handle(t, thing);
        let called = self.call(t, callee, form, &[handle])?;
        if may_block && self.dice.chance(1, 3) {
            self.drop_resource(t, thing)?;
        }
        match called {
            Called::Started { subtask, state, .. } if may_block && self.dice.chance(1, 2) => {
                let started = Operand::Slot(state);
                self.when(t, started, Comparison::NotEqual, number(2), &mut |g, t| {
                    g.subtask_move(t, subtask, false)?;
                    g.subtask_move(t, subtask, false)
                });
                Ok(())
            }
            called => self.finish_call(t, called),
        }
    }

    fn threads(&mut self, t: &mut Track) -> Made<()> {
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
    fn switch(&mut self, t: &mut Track, thread: ThingId) -> Made<()> {
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

    fn values(&mut self, t: &mut Track) -> Made<()> {
        if self.dice.chance(1, 4) {
            let plain = super::types::Use::Plain;
            let (ty, is_async) = match self.fixed {
                true => (Type::String, false),
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

    fn error_contexts(&mut self, t: &mut Track) -> Made<()> {
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

    fn context_slots(&mut self, t: &mut Track) -> Made<()> {
        let ty = self.context_type(t);
        self.context(t, ty)?;
        if self.dice.chance(1, 2) {
            self.later(t, &mut |g, t| g.context(t, ty))?;
        }
        self.yield_now(t)?;
        self.context(t, ty)
    }

    fn context_type(&mut self, t: &Track) -> ContextType {
        let canons = &self.program.instances[t.instance.index()].canons;
        let there = canons.iter().find_map(|canon| match canon {
            Canon::ContextGet(ty, _) | Canon::ContextSet(ty, _) => Some(*ty),
            _ => None,
        });
        there.unwrap_or(ContextType::I32)
    }

    fn in_start(&mut self, t: &mut Track) -> Made<()> {
        let index = t.instance.index();
        if self.fixed || self.program.instances[index].start.is_some() {
            return Err(Skip);
        }
        let mut inner = self.track(t.instance, Role::Start, t.depth + 1);
        for _ in 0..1 + self.dice.below(3) {
            // What cannot be had is left out.
            let _ = self.any_builtin(&mut inner);
        }
        let mut block = empty();
        block.steps = inner.steps;
        self.program.instances[index].start = Some(block);
        Ok(())
    }

    /// Steps that may call one built-in or import, where nothing may be called.
    fn confined(&mut self, t: &Track, instance: InstanceId, role: Role) -> crate::program::Block {
        let mut inner = self.track(instance, role, t.depth + 1);
        // What cannot be had is left out.
        let _ = match self.dice.below(8) {
            0 => self.values(&mut inner),
            _ => self.any_builtin(&mut inner),
        };
        let mut block = empty();
        block.steps = inner.steps;
        block
    }

    fn in_realloc(&mut self, t: &mut Track) -> Made<()> {
        if self.pools[t.instance.index()].realloc {
            return Err(Skip);
        }
        let block = self.confined(t, t.instance, Role::Confined);
        self.program.instances[t.instance.index()].realloc = Some(block);
        self.pools[t.instance.index()].realloc = true;
        let ty = FunctionType {
            is_async: false,
            params: vec![Type::String],
            result: Some(Type::String),
        };
        let host = self.host("echo", ty)?;
        self.call(t, Callee::Host(host), Form::Sync, &[])?;
        Ok(())
    }

    /// `realloc` gives an address that is not aligned or past the end of memory, the first time or later.
    fn bad_realloc(&mut self, t: &mut Track) -> Made<()> {
        let receiver = match self.any_callee(t) {
            Ok(other) if self.dice.chance(2, 3) => other,
            _ => t.instance,
        };
        if self.pools[receiver.index()].realloc {
            return Err(Skip);
        }
        let counter = self.slot(receiver, "calls")?;
        let calls = Operand::Slot(counter);
        let bad = [65_535, 65_536, 49_153, 1 << 32, 65_534, 49_155];
        let bad = self.dice.pick(&bad).copied().unwrap_or(65_535);
        let mut block = empty();
        block.steps.push(Step::Set {
            slot: counter,
            op: Arithmetic::Add,
            a: calls,
            b: number(1),
        });
        block.steps.push(Step::If {
            condition: Condition {
                a: calls,
                comparison: Comparison::Equal,
                b: number(u64::from(1 + self.dice.below(3))),
            },
            then: vec![Step::Finish(End::Return(number(bad)))],
            otherwise: Vec::new(),
        });
        self.program.instances[receiver.index()].realloc = Some(block);
        self.pools[receiver.index()].realloc = true;
        for _ in 0..2 {
            if receiver == t.instance {
                let ty = FunctionType {
                    is_async: false,
                    params: vec![Type::String],
                    result: Some(Type::String),
                };
                let host = self.host("echo", ty)?;
                self.call(t, Callee::Host(host), Form::Sync, &[])?;
                continue;
            }
            let params = match self.dice.below(4) {
                0 => vec![Type::List(Box::new(Type::U32))],
                _ => vec![Type::String],
            };
            let want = Want {
                params: Some(params),
                result: self.fixed.then_some(Some(Type::String)).or(Some(None)),
                ..Want::default()
            };
            self.visit(t, receiver, &want, Form::Sync, &mut |_, _| Ok(()))?;
        }
        Ok(())
    }

    fn in_post_return(&mut self, t: &mut Track) -> Made<()> {
        let other = self.any_callee(t)?;
        let want = Want::nullary().lifted(FormKind::Sync);
        let function = self.function(other, &want, &[t.instance])?;
        self.fill(other, function, t.depth + 1, &mut |_, _| Ok(()));
        let block = self.confined(t, other, Role::Confined);
        let functions = &mut self.program.instances[other.index()].functions;
        let LiftForm::Sync { post_return } = &mut functions[function.index()].lift.form else {
            return Err(Skip);
        };
        if self.fixed && post_return.is_none() {
            return Err(Skip);
        }
        *post_return = Some(block);
        let callee = Callee::Function {
            instance: other,
            function,
        };
        self.call(t, callee, Form::Sync, &[])?;
        Ok(())
    }

    fn in_destructor(&mut self, t: &mut Track) -> Made<()> {
        let resource = self.any_resource(&[t.instance])?;
        let owner = self.owner(resource).ok_or(Skip)?;
        let mut inner = self.track(owner, Role::Destructor, t.depth + 1);
        let Owner::Instance {
            destructor: Some(destructor),
            ..
        } = &self.program.resources[resource.index()].owner
        else {
            return Err(Skip);
        };
        let parameter = Operand::Slot(destructor.parameter);
        self.mark(&mut inner, parameter);
        // What cannot be had is left out.
        let _ = match self.dice.below(3) {
            0 => self.any_scenario(&mut inner),
            _ => self.any_builtin(&mut inner),
        };
        let Owner::Instance {
            destructor: Some(destructor),
            ..
        } = &mut self.program.resources[resource.index()].owner
        else {
            return Err(Skip);
        };
        destructor.body.steps = inner.steps;
        let thing = self.make_resource(t, resource)?;
        self.drop_resource(t, thing)
    }

    fn thousand(&mut self, t: &mut Track) -> Made<()> {
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

    fn sync_blocks(&mut self, t: &mut Track) -> Made<()> {
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

    fn reentrance(&mut self, t: &mut Track) -> Made<()> {
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

    fn callback_codes(&mut self, t: &mut Track) -> Made<()> {
        if self.events(t).is_none() || t.nested > 0 {
            return Err(Skip);
        }
        for _ in 0..1 + self.dice.below(3) {
            let end = match self.dice.below(3) {
                0 => End::Yield,
                1 if self.slip(&[Corner::BadValue]).is_some() => {
                    let codes = [3, 4, 15, 2 | (99 << 4), 0xffff_ffff];
                    End::Code(number(self.dice.pick(&codes).copied().unwrap_or(3)))
                }
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

    fn sets(&mut self, t: &mut Track) -> Made<()> {
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

    fn drop_set(&mut self, t: &mut Track, set: ThingId) -> Made<()> {
        let handle = self.handle(t, set);
        self.run(t, &Canon::WaitableSetDrop, vec![handle])?;
        self.thing(t, set).state = State::Gone;
        Ok(())
    }

    fn roots_pass_handles(&mut self, t: &mut Track) -> Made<()> {
        let roots: Vec<InstanceId> = (0..self.program.instances.len() as u32)
            .map(InstanceId)
            .filter(|other| self.program.sees(t.instance, *other).is_none())
            .collect();
        let other = self.dice.pick(&roots).copied().ok_or(Skip)?;
        let channel = self.channel();
        let element = match self.fixed {
            true => self.channel_element(t, channel)?,
            false => self.element(&[t.instance, other], 0),
        };
        let (reader, writer) = self.new_channel(t, channel, element.clone())?;
        let token = number(self.token().into());
        let ty = channel_type(channel, &element);
        let (take, give) = match channel {
            Channel::Stream => ("stream-take", "stream-give"),
            Channel::Future => ("future-take", "future-give"),
        };
        let taken = FunctionType {
            is_async: false,
            params: vec![Type::U32, ty.clone()],
            result: None,
        };
        let handle = self.handle(t, reader);
        self.order(t, take, taken, vec![token, handle])?;
        self.thing(t, reader).state = State::Gone;
        let given = FunctionType {
            is_async: false,
            params: vec![Type::U32],
            result: Some(ty),
        };
        let function = self.function(other, &Want::nullary(), &[])?;
        self.fill_task(other, function, t.depth + 1, &mut |g, t| {
            let slot = g.order(t, give, given.clone(), vec![token])?.ok_or(Skip)?;
            let kind = Kind::End(channel, Side::Readable, element.clone());
            let moved = g.remember(t, slot, kind, State::Idle);
            g.play(t, moved)?;
            g.play(t, moved)
        });
        self.tasks.push((other, function));
        self.play(t, writer)?;
        self.play(t, writer)
    }

    /// A built-in that may be any, with a handle or number that may be any.
    pub fn any_builtin(&mut self, t: &mut Track) -> Made<()> {
        let kinds: Vec<ThingId> = (0..self.pools[t.instance.index()].things.len()).collect();
        let handle = match self.dice.pick(&kinds).copied() {
            Some(thing) if self.dice.chance(2, 3) => self.handle(t, thing),
            _ => number(self.dice.below(4).into()),
        };
        let canon = self.some_canon(t)?;
        let count = self.program.canon_signature(t.instance, &canon);
        let mut args = Vec::new();
        for i in 0..count.params.len() {
            args.push(match i {
                0 => handle,
                _ => number(8 * u64::from(self.dice.below(3))),
            });
        }
        t.may_block = true;
        if count.result.is_some() {
            self.show(t, &canon, args, "any")?;
        } else {
            self.run(t, &canon, args)?;
        }
        Ok(())
    }

    /// Any built-in that the instance has or can get.
    fn some_canon(&mut self, t: &Track) -> Made<Canon> {
        if self.fixed {
            let canons = &self.program.instances[t.instance.index()].canons;
            return self.dice.pick(canons).cloned().ok_or(Skip);
        }
        let element = self.channel_element(t, Channel::Stream)?;
        let options = self.narrow_options(t)?;
        let form = if self.dice.chance(1, 2) {
            Form::Async
        } else {
            Form::Sync
        };
        let copy = CopyOptions { form, options };
        let cancel = cancellable(self.dice.chance(1, 2));
        let memory = self.narrow(t.instance)?;
        let context = self.context_type(t);
        let mut canons = vec![
            Canon::ContextGet(context, 1),
            Canon::ContextSet(context, 1),
            Canon::BackpressureInc,
            Canon::BackpressureDec,
            Canon::TaskReturn {
                result: None,
                options: self.options(t.instance),
            },
            Canon::TaskCancel,
            Canon::WaitableSetNew,
            Canon::WaitableSetWait(cancel, memory),
            Canon::WaitableSetPoll(cancel, memory),
            Canon::WaitableSetDrop,
            Canon::WaitableJoin,
            Canon::SubtaskCancel(form),
            Canon::SubtaskDrop,
            Canon::StreamNew(element.clone()),
            Canon::StreamRead(element.clone(), copy),
            Canon::StreamWrite(element.clone(), copy),
            Canon::StreamCancelRead(element.clone(), form),
            Canon::StreamCancelWrite(element.clone(), form),
            Canon::StreamDropReadable(element.clone()),
            Canon::StreamDropWritable(element.clone()),
            Canon::FutureNew(element.clone()),
            Canon::FutureRead(element.clone(), copy),
            Canon::FutureWrite(element.clone(), copy),
            Canon::FutureCancelRead(element.clone(), form),
            Canon::FutureCancelWrite(element.clone(), form),
            Canon::FutureDropReadable(element.clone()),
            Canon::FutureDropWritable(element),
            Canon::ThreadIndex,
            Canon::ThreadNewIndirect,
            Canon::ThreadResumeLater,
            Canon::ThreadSuspend(cancel),
            Canon::ThreadYield(cancel),
            Canon::ThreadSuspendThenResume(cancel),
            Canon::ThreadYieldThenResume(cancel),
            Canon::ThreadSuspendThenPromote(cancel),
            Canon::ThreadYieldThenPromote(cancel),
            Canon::ErrorContextNew(options),
            Canon::ErrorContextDebugMessage(options),
            Canon::ErrorContextDrop,
        ];
        if let Ok(resource) = self.any_resource(&[t.instance]) {
            canons.push(Canon::ResourceDrop(resource));
            if self.owner(resource) == Some(t.instance) {
                canons.push(Canon::ResourceNew(resource));
                canons.push(Canon::ResourceRep(resource));
            }
        }
        self.dice.pick(&canons).cloned().ok_or(Skip)
    }
}

/// Whether values of a type can be copied within an instance.
fn is_number(ty: &Type) -> bool {
    use Type::{F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(ty, U8 | U16 | U32 | U64 | S8 | S16 | S32 | S64 | F32 | F64)
}
