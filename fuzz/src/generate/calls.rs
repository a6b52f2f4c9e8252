//! Functions and calls of them: who is called, with which arguments, what it does, and what comes
//! back.

use super::builder::{Builder, Track, number};
use super::model::{Kind, Made, Skip, State, ThingId};
use super::profile::Need;
use super::types::{
    MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, Use, flat_count, flat_counts, holds_handles, layout,
};
use super::values::Site;
use crate::corners::Corner;
use crate::program::{
    Arithmetic, Block, Body, Callee, Canon, Comparison, Encoding, End, Form, Function, FunctionId,
    FunctionType, Import, ImportId, InstanceId, Lift, LiftForm, MemoryId, Operand, Options, SlotId,
    Step, Type,
};

/// How deep bodies are written within bodies.
pub(super) const MAX_DEPTH: u32 = 4;

/// What a body does, to be written where it stands.
pub(super) type Content<'c, 'u, 'b, 'p> =
    &'c mut dyn FnMut(&mut Builder<'u, 'b, 'p>, &mut Track) -> Made<()>;

/// How a function is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormKind {
    Sync,
    Stackful,
    Callback,
}

/// What a function is to be like; what is left open is chosen.
#[derive(Clone, Default)]
pub(super) struct Want {
    /// Its parameters.
    pub params: Option<Vec<Type>>,
    /// Its result.
    pub result: Option<Option<Type>>,
    /// Whether it is `async`.
    pub is_async: Option<bool>,
    /// How it is lifted.
    pub form: Option<FormKind>,
    /// Whether something is to be done in `post-return`.
    pub post_return: bool,
}

impl Want {
    /// A function without parameters or result.
    pub fn nullary() -> Want {
        Want {
            params: Some(Vec::new()),
            result: Some(None),
            ..Want::default()
        }
    }

    /// The same, `async`.
    pub fn asynchronous(self) -> Want {
        Want {
            is_async: Some(true),
            ..self
        }
    }

    /// The same, lifted so.
    pub fn lifted(self, form: FormKind) -> Want {
        Want {
            form: Some(form),
            ..self
        }
    }

    fn fits(&self, function: &Function) -> bool {
        let Function { ty, lift, .. } = function;
        self.params
            .as_ref()
            .is_none_or(|params| *params == ty.params)
            && self
                .result
                .as_ref()
                .is_none_or(|result| *result == ty.result)
            && self.is_async.is_none_or(|is_async| is_async == ty.is_async)
            && self.form.is_none_or(|form| form == form_of(&lift.form))
            && (!self.post_return || has_post_return(&lift.form))
    }
}

pub(super) fn form_of(form: &LiftForm) -> FormKind {
    match form {
        LiftForm::Sync { .. } => FormKind::Sync,
        LiftForm::Stackful => FormKind::Stackful,
        LiftForm::Callback { .. } => FormKind::Callback,
    }
}

fn has_post_return(form: &LiftForm) -> bool {
    matches!(
        form,
        LiftForm::Sync {
            post_return: Some(_)
        }
    )
}

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

    /// A function of an instance that has no body yet, and that `users` can call; the host where there
    /// are none.
    pub fn function(
        &mut self,
        instance: InstanceId,
        want: &Want,
        users: &[InstanceId],
    ) -> Made<FunctionId> {
        if !self.fixed {
            return self.new_function(instance, want, users);
        }
        let mut fitting = self.bodiless(instance);
        fitting.retain(|id| {
            let function = self.function_of(instance, *id);
            let callable = !users.is_empty() || !function.ty.params.iter().any(holds_handles);
            callable && want.fits(function)
        });
        let function = self.dice.pick(&fitting).copied().ok_or(Skip)?;
        self.pools[instance.index()].functions[function.index()] = true;
        Ok(function)
    }

    /// The functions of an instance that have no body yet.
    pub fn bodiless(&self, instance: InstanceId) -> Vec<FunctionId> {
        let filled = &self.pools[instance.index()].functions;
        let free = (0..filled.len()).filter(|id| !filled[*id]);
        free.map(|id| FunctionId(id as u32)).collect()
    }

    /// A function.
    pub fn function_of(&self, instance: InstanceId, function: FunctionId) -> &Function {
        &self.program.instances[instance.index()].functions[function.index()]
    }

    /// Whether an instance has, or can get, a function that is like this and has no body.
    pub fn has_function(&self, instance: InstanceId, want: &Want) -> bool {
        let mut free = self.bodiless(instance).into_iter();
        !self.fixed || free.any(|id| want.fits(self.function_of(instance, id)))
    }

    fn new_function(
        &mut self,
        instance: InstanceId,
        want: &Want,
        users: &[InstanceId],
    ) -> Made<FunctionId> {
        let mut names = users.to_vec();
        names.push(instance);
        let form = self.new_form(want)?;
        let is_async = match want.is_async {
            Some(is_async) => is_async,
            None => form != FormKind::Sync || self.dice.chance(1, 2),
        };
        let usage = if users.is_empty() {
            Use::Plain
        } else {
            Use::Param
        };
        let params = match &want.params {
            Some(params) => params.clone(),
            None => self.new_params(&names, usage),
        };
        let result = match &want.result {
            Some(result) => result.clone(),
            None => {
                let some = self.dice.chance(2, 3);
                some.then(|| self.new_type(&names, Use::Owned, 2))
            }
        };
        let ty = FunctionType {
            is_async,
            params,
            result,
        };
        let options = self.new_options(instance);
        let count = flat_counts(&ty.params);
        let count = if count > MAX_FLAT_PARAMS { 1 } else { count };
        let parameters = (0..count).map(|_| self.slot(instance, "p"));
        let parameters = parameters.collect::<Made<Vec<_>>>()?;
        let form = match form {
            FormKind::Sync => {
                let wanted = want.post_return || self.dice.chance(1, 4);
                let post_return = wanted.then(empty);
                LiftForm::Sync { post_return }
            }
            FormKind::Stackful => LiftForm::Stackful,
            FormKind::Callback => LiftForm::Callback {
                event: [
                    self.slot(instance, "event")?,
                    self.slot(instance, "which")?,
                    self.slot(instance, "what")?,
                ],
            },
        };
        let functions = &mut self.program.instances[instance.index()].functions;
        functions.push(Function {
            ty,
            lift: Lift { form, options },
            parameters,
            body: Body {
                blocks: vec![Block {
                    steps: Vec::new(),
                    end: End::Unreachable,
                }],
            },
        });
        self.pools[instance.index()].functions.push(true);
        Ok(FunctionId(functions.len() as u32 - 1))
    }

    fn new_form(&mut self, want: &Want) -> Made<FormKind> {
        if let Some(form) = want.form {
            if form == FormKind::Stackful {
                self.need(Need::Stackful)?;
            }
            return Ok(form);
        }
        if want.is_async == Some(false) {
            return Ok(FormKind::Sync);
        }
        Ok(match self.dice.below(5) {
            0 | 1 => FormKind::Callback,
            2 => FormKind::Sync,
            _ if self.need(Need::Stackful).is_ok() => FormKind::Stackful,
            _ => FormKind::Callback,
        })
    }

    fn new_params(&mut self, names: &[InstanceId], usage: Use) -> Vec<Type> {
        if self.hit(Corner::Limits, 9) {
            let counts = [4, 5, 16, 17];
            let count = self.dice.pick(&counts).copied().unwrap_or(4);
            return vec![Type::U32; count];
        }
        let count = self.dice.below(3);
        (0..count).map(|_| self.new_type(names, usage, 2)).collect()
    }

    /// Options for a new definition: mostly the instance's usual ones.
    fn new_options(&mut self, instance: InstanceId) -> Options {
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
