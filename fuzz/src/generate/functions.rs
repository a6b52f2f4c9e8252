//! Functions that are called: those of a fixed shape that have no body yet, or new ones.

use super::builder::Builder;
use super::calls::empty;
use super::model::{Made, Skip};
use super::profile::Need;
use super::types::{MAX_FLAT_PARAMS, Use, flat_counts, holds_handles};
use crate::corners::Corner;
use crate::program::{
    Block, Body, End, Function, FunctionId, FunctionType, InstanceId, Lift, LiftForm, Type,
};

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

impl Builder<'_, '_, '_> {
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
        functions.push(
            Function {
                ty: ty.into(),
                lift: Lift { form, options },
                parameters,
                body: Body {
                    blocks: vec![Block {
                        steps: Vec::new(),
                        end: End::Unreachable,
                    }],
                },
            }
            .into(),
        );
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

    /// New parameters that all of `names` can name.
    pub fn new_params(&mut self, names: &[InstanceId], usage: Use) -> Vec<Type> {
        if self.hit(Corner::Limits, 9) {
            let counts = [4, 5, 16, 17];
            let count = self.dice.pick(&counts).copied().unwrap_or(4);
            return vec![Type::U32; count];
        }
        let count = self.dice.below(3);
        (0..count).map(|_| self.new_type(names, usage, 2)).collect()
    }
}
