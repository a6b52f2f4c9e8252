//! Bodies of functions: parameters are shown, something is done, and a value is returned.

use super::builder::{Builder, Track};
use super::calls::{Content, MAX_DEPTH};
use super::functions::{FormKind, form_of};
use super::model::{Kind, Made, Role, Skip, State};
use super::types::{MAX_FLAT_PARAMS, flat_count, flat_counts, layout};
use crate::corners::Corner;
use crate::program::{
    Canon, Encoding, End, Function, FunctionId, InstanceId, Operand, Options, SlotId, Type,
};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// Writes the body of a function that has none.
    pub fn fill(
        &mut self,
        instance: InstanceId,
        function: FunctionId,
        depth: u32,
        content: Content<'_, 'u, 'b, 'p>,
    ) -> bool {
        let mut t = self.track(instance, Role::Function(function), depth);
        self.chain.push(instance);
        let found = &self.program.instances[instance.index()].functions[function.index()];
        let found = found.clone();
        let Function {
            ty,
            lift,
            parameters,
            ..
        } = &*found;
        // What cannot be had is left out of a body; it is a body without it.
        let _ = self.observe_params(&mut t, &ty.params, parameters, lift.options);
        let form = form_of(&lift.form);
        if form != FormKind::Sync && self.hit(Corner::ReturnEarly, 12) {
            let _ = self.task_return(&mut t);
        }
        if depth <= MAX_DEPTH {
            let _ = content(self, &mut t);
        }
        let end = match form {
            FormKind::Sync => self.sync_result(&mut t, ty.result.as_ref(), lift.options),
            FormKind::Stackful | FormKind::Callback => {
                if !t.returned && self.slip(&[Corner::WrongReturn]).is_none() {
                    let _ = self.task_return(&mut t);
                }
                match form {
                    FormKind::Callback => End::Exit,
                    _ => End::Nothing,
                }
            }
        };
        self.end_block(&mut t, end);
        let functions = &mut self.program.instances[instance.index()].functions;
        functions[function.index()].body.blocks = t.blocks;
        self.chain.pop();
        t.may_block
    }

    /// Writes the body of a function that the host calls.
    pub fn fill_task(
        &mut self,
        instance: InstanceId,
        function: FunctionId,
        depth: u32,
        content: Content<'_, 'u, 'b, 'p>,
    ) {
        let chain = std::mem::take(&mut self.chain);
        self.fill(instance, function, depth, content);
        self.chain = chain;
    }

    /// Shows the parameters.
    pub fn observe_params(
        &mut self,
        t: &mut Track,
        params: &[Type],
        slots: &[SlotId],
        options: Options,
    ) -> Made<()> {
        let site = self.site(t, options)?;
        if flat_counts(params) > MAX_FLAT_PARAMS {
            let base = Operand::Slot(*slots.first().ok_or(Skip)?);
            let whole = Type::Tuple(params.to_vec());
            return self.observe_at(t, site, &whole, base, 0);
        }
        let mut rest = slots;
        for param in params {
            let (part, after) = rest.split_at_checked(flat_count(param)).ok_or(Skip)?;
            self.observe(t, param, part)?;
            rest = after;
        }
        Ok(())
    }

    /// Returns from the task with a new value. Borrows are dropped before.
    pub fn task_return(&mut self, t: &mut Track) -> Made<()> {
        let Role::Function(function) = t.role else {
            return Err(Skip);
        };
        let found = &self.program.instances[t.instance.index()].functions[function.index()];
        let mut options = found.lift.options;
        let mut result = found.ty.result.clone();
        if t.returned {
            self.corners.count(Corner::WrongReturn);
        }
        self.drop_borrows(t)?;
        if self.slip(&[Corner::WrongReturn]).is_some() {
            match self.dice.below(3) {
                0 => {
                    result = if result.is_none() {
                        Some(Type::U8)
                    } else {
                        None
                    }
                }
                1 => {
                    options.encoding = match options.encoding {
                        Encoding::Utf8 => Encoding::Utf16,
                        _ => Encoding::Utf8,
                    }
                }
                _ => return self.run(t, &Canon::TaskCancel, Vec::new()),
            }
        }
        let site = self.site(t, options)?;
        let types: Vec<Type> = result.iter().cloned().collect();
        let args = self.arguments(t, site, &types, MAX_FLAT_PARAMS, &[])?;
        self.run(t, &Canon::TaskReturn { result, options }, args)?;
        t.returned |= t.nested == 0;
        Ok(())
    }

    /// Drops the handles that the task has borrowed, but for those that it forgets by mistake.
    pub fn drop_borrows(&mut self, t: &mut Track) -> Made<()> {
        for borrow in t.borrows.clone() {
            let Kind::Borrow(resource) = self.thing(t, borrow).kind else {
                continue;
            };
            let there = self.thing(t, borrow).state != State::Gone;
            if there && self.slip(&[Corner::WrongReturn]).is_none() {
                let handle = self.handle(t, borrow);
                self.run(t, &Canon::ResourceDrop(resource), vec![handle])?;
                if t.nested == 0 {
                    self.thing(t, borrow).state = State::Gone;
                }
            }
        }
        Ok(())
    }

    /// How a function ends that is lifted synchronously.
    pub fn sync_result(&mut self, t: &mut Track, result: Option<&Type>, options: Options) -> End {
        let _ = self.drop_borrows(t);
        let Some(result) = result else {
            return End::Nothing;
        };
        let value = self.sync_value(t, result, options);
        // Without room for a value there is none to return.
        value.map_or(End::Unreachable, End::Return)
    }

    /// The core result of such a function.
    pub fn sync_value(&mut self, t: &mut Track, result: &Type, options: Options) -> Made<Operand> {
        let site = self.site(t, options)?;
        if flat_count(result) == 1 {
            let mut flat = Vec::new();
            self.flat(t, site, result, &mut flat)?;
            return flat.first().copied().ok_or(Skip);
        }
        let room = layout(result, site.pointers);
        let address = self.memory(t.instance, site.memory, room.size, room.align)?;
        self.store(t, site, result, address.into())?;
        Ok(self.pointer(address, room.align))
    }
}
