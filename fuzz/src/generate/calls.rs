//! Functions and calls of them: who is called, with which arguments, what it does, and what comes
//! back.

use super::builder::{Builder, Track, number};
use super::functions::Want;
use super::model::{Kind, Made, Skip, State, ThingId};
use super::types::{MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, flat_count, flat_counts, layout};
use super::values::Site;
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Block, Callee, Canon, Comparison, Encoding, End, Form, FunctionType, Import,
    ImportId, InstanceId, MemoryId, Operand, Options, SlotId, Step, Type,
};

/// How deep bodies are written within bodies.
pub(super) const MAX_DEPTH: u32 = 4;

/// What a body does, to be written where it stands.
pub(super) type Content<'c, 'u, 'b, 'p> =
    &'c mut dyn FnMut(&mut Builder<'u, 'b, 'p>, &mut Track) -> Made<()>;

/// Where a result will be.
pub(super) struct OutParam {
    ty: Type,
    site: Site,
    address: u32,
}

/// What a call gave.
pub(super) enum Called {
    /// It has returned.
    Returned,
    /// It is perhaps still going on: this is the subtask, or 0, in a slot, and what it returned in
    /// another, with where its result will be.
    Started {
        /// The subtask.
        subtask: ThingId,
        /// Its state when the call returned.
        state: SlotId,
        /// What the result will be, and where.
        result: Option<OutParam>,
    },
}

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// The instances that `from` can call.
    pub fn callees(&self, from: InstanceId) -> Vec<InstanceId> {
        let all = (0..self.program.instances.len() as u32).map(InstanceId);
        all.filter(|of| *of != from && self.program.sees(from, *of).is_some())
            .collect()
    }

    /// Whether an instance lets the track's in: what is entered already is entered only from within.
    fn lets_in(&self, t: &Track, callee: InstanceId) -> bool {
        let entered = |instance| {
            let mut chain = self.chain.iter();
            chain.any(|entered| self.program.is_within(*entered, instance))
        };
        let mut entering = self.program.ancestry(callee);
        !entering.any(|outer| !self.program.is_within(t.instance, outer) && entered(outer))
    }

    /// One of the instances that the track's can call.
    pub fn any_callee(&mut self, t: &Track) -> Made<InstanceId> {
        let mut callees = self.callees(t.instance);
        callees.retain(|callee| self.reenter || self.lets_in(t, *callee));
        self.dice.pick(&callees).copied().ok_or(Skip)
    }

    /// Options for a new definition: mostly the instance's usual ones.
    pub fn new_options(&mut self, instance: InstanceId) -> Options {
        let mut options = self.options(instance);
        if self.dice.chance(1, 6) {
            let encodings = [Encoding::Utf8, Encoding::Utf16, Encoding::Latin1Utf16];
            let encoding = self.dice.pick(&encodings);
            options.encoding = encoding.copied().unwrap_or(options.encoding);
        }
        let memories = self.program.instances[instance.index()].memories.len();
        if memories > 1 && self.hit(Corner::TwoMemories, 4) {
            options.memory = Some(MemoryId(1));
        }
        options
    }

    /// A lowered function that the instance has or can get.
    pub fn import(&mut self, instance: InstanceId, callee: Callee, form: Form) -> Made<ImportId> {
        let imports = &self.program.instances[instance.index()].imports;
        let same = |import: &Import| import.callee == callee && import.form == form;
        if let Some(position) = imports.iter().position(same) {
            return Ok(ImportId(position as u32));
        }
        let is_async = self.program.function_type(callee).is_async;
        if self.fixed || (form == Form::Async && !is_async) {
            return Err(Skip);
        }
        let mut options = self.new_options(instance);
        if form == Form::Async && self.is_wide(instance, options) {
            options.memory = Some(self.narrow(instance)?);
        }
        let imports = &mut self.program.instances[instance.index()].imports;
        imports.push(Import {
            callee,
            form,
            options,
        });
        Ok(ImportId(imports.len() as u32 - 1))
    }

    fn is_wide(&self, instance: InstanceId, options: Options) -> bool {
        let memories = &self.program.instances[instance.index()].memories;
        let memory = options
            .memory
            .and_then(|memory| memories.get(memory.index()));
        memory.is_some_and(|memory| memory.wide)
    }

    /// A memory with addresses of 32 bits.
    pub fn narrow(&self, instance: InstanceId) -> Made<MemoryId> {
        let memories = &self.program.instances[instance.index()].memories;
        let narrow = memories.iter().position(|memory| !memory.wide);
        narrow.map(|memory| MemoryId(memory as u32)).ok_or(Skip)
    }

    /// Calls a function with new arguments, but for those of the first parameters that are given as
    /// core values.
    pub fn call(
        &mut self,
        t: &mut Track,
        callee: Callee,
        form: Form,
        given: &[Operand],
    ) -> Made<Called> {
        let import = self.import(t.instance, callee, form)?;
        let options = self.program.instances[t.instance.index()].imports[import.index()].options;
        let site = self.site(t, options)?;
        let ty = self.program.function_type(callee).clone();
        let most = match form {
            Form::Sync => MAX_FLAT_PARAMS,
            Form::Async => MAX_FLAT_ASYNC_PARAMS,
        };
        let mut args = self.arguments(t, site, &ty.params, most, given)?;
        let out = match &ty.result {
            Some(result) if form == Form::Async || flat_count(result) > 1 => {
                let room = layout(result, site.pointers);
                let address = self.memory(t.instance, site.memory, room.size, room.align)?;
                args.push(self.pointer(address, room.align));
                Some(address)
            }
            _ => None,
        };
        let slot = match (form, &ty.result) {
            (Form::Sync, Some(_)) if out.is_none() => Some(self.slot(t.instance, "result")?),
            (Form::Sync, _) => None,
            (Form::Async, _) => Some(self.slot(t.instance, "started")?),
        };
        let result = slot;
        self.push(
            t,
            Step::Call {
                import,
                args,
                result,
            },
        );
        if form == Form::Async {
            let packed = slot.ok_or(Skip)?;
            let result = ty.result.zip(out);
            let result = result.map(|(ty, address)| OutParam { ty, site, address });
            return self.started(t, packed, result);
        }
        match (&ty.result, out, slot) {
            (Some(result), Some(address), _) => {
                self.observe_at(t, site, result, number(address.into()), 0)?;
            }
            (Some(result), None, Some(slot)) => self.observe(t, result, &[slot])?,
            _ => {}
        }
        Ok(Called::Returned)
    }

    fn started(&mut self, t: &mut Track, packed: SlotId, result: Option<OutParam>) -> Made<Called> {
        self.mark(t, Operand::Slot(packed));
        let packed = Operand::Slot(packed);
        let state = self.set(t, Arithmetic::And, packed, number(15), "state")?;
        let subtask = self.set(t, Arithmetic::Shr, packed, number(4), "subtask")?;
        let subtask = self.remember(t, subtask, Kind::Subtask, State::Busy);
        Ok(Called::Started {
            subtask,
            state,
            result,
        })
    }

    /// The core arguments of a call, or of `task.return`: those given, and new ones.
    pub fn arguments(
        &mut self,
        t: &mut Track,
        site: Site,
        params: &[Type],
        most: usize,
        given: &[Operand],
    ) -> Made<Vec<Operand>> {
        if flat_counts(params) <= most {
            let mut flat = given.to_vec();
            for param in params.iter().skip(given.len()) {
                self.flat(t, site, param, &mut flat)?;
            }
            return Ok(flat);
        }
        if !given.is_empty() {
            return Err(Skip);
        }
        let whole = Type::Tuple(params.to_vec());
        let room = layout(&whole, site.pointers);
        let address = self.memory(t.instance, site.memory, room.size, room.align)?;
        self.store(t, site, &whole, address.into())?;
        Ok(vec![self.pointer(address, room.align)])
    }

    /// Calls a function of the host's that is to be synchronous; its core result, if it has one.
    pub fn order(
        &mut self,
        t: &mut Track,
        verb: &str,
        ty: FunctionType,
        args: Vec<Operand>,
    ) -> Made<Option<SlotId>> {
        let has_result = ty.result.is_some();
        let host = self.host(verb, ty)?;
        let import = self.import(t.instance, Callee::Host(host), Form::Sync)?;
        let slot = has_result.then(|| self.slot(t.instance, "given"));
        let result = slot.transpose()?;
        self.push(
            t,
            Step::Call {
                import,
                args,
                result,
            },
        );
        if let Some(slot) = result {
            self.mark(t, Operand::Slot(slot));
        }
        Ok(result)
    }

    /// Steps that are done in an instance: here, or in a function of it that is called here.
    pub fn at(
        &mut self,
        t: &mut Track,
        instance: InstanceId,
        content: Content<'_, 'u, 'b, 'p>,
    ) -> Made<()> {
        if instance == t.instance {
            return content(self, t);
        }
        let form = match self.dice.below(4) {
            0 => Form::Async,
            _ => Form::Sync,
        };
        self.visit(t, instance, &Want::nullary(), form, content)
            .map(|_| ())
    }

    /// Calls a function of another instance that does this.
    pub fn visit(
        &mut self,
        t: &mut Track,
        instance: InstanceId,
        want: &Want,
        form: Form,
        content: Content<'_, 'u, 'b, 'p>,
    ) -> Made<Called> {
        let seen = self.program.sees(t.instance, instance).is_some();
        if t.depth >= MAX_DEPTH || !seen || !(self.reenter || self.lets_in(t, instance)) {
            return Err(Skip);
        }
        let mut want = want.clone();
        if form == Form::Async {
            want = want.asynchronous();
        }
        let function = self.function(instance, &want, &[t.instance])?;
        let callee = Callee::Function { instance, function };
        let may_block = self.fill(instance, function, t.depth + 1, content);
        t.may_block |= may_block && form == Form::Sync;
        let called = self.call(t, callee, form, &[])?;
        if let Called::Started { subtask, .. } = &called
            && !may_block
        {
            self.thing(t, *subtask).state = State::Gone;
        }
        Ok(called)
    }

    /// Shows the result of a call that has returned.
    pub fn observe_result(&mut self, t: &mut Track, result: &Option<OutParam>) -> Made<()> {
        match result {
            Some(OutParam { ty, site, address }) => {
                self.observe_at(t, *site, ty, number((*address).into()), 0)
            }
            None => Ok(()),
        }
    }

    /// Where a call has not returned at once: joins a set and waits for it, shows its result, and
    /// drops it.
    pub fn finish_call(&mut self, t: &mut Track, called: Called) -> Made<()> {
        let Called::Started {
            subtask,
            state,
            result,
        } = called
        else {
            return Ok(());
        };
        self.when(
            t,
            Operand::Slot(state),
            Comparison::NotEqual,
            number(2),
            &mut |g, t| {
                let set = g.new_set(t)?;
                g.join(t, subtask, Some(set))?;
                g.await_subtask(t, set)?;
                let handle = g.handle(t, subtask);
                g.run(t, &Canon::SubtaskDrop, vec![handle])?;
                g.thing(t, subtask).state = State::Gone;
                let set_handle = g.handle(t, set);
                g.run(t, &Canon::WaitableSetDrop, vec![set_handle])?;
                g.thing(t, set).state = State::Gone;
                Ok(())
            },
        );
        self.thing(t, subtask).state = State::Gone;
        self.observe_result(t, &result)
    }
}

/// No steps.
pub(super) fn empty() -> Block {
    Block {
        steps: Vec::new(),
        end: End::Nothing,
    }
}
