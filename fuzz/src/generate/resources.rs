//! Scenarios of resources.

use super::builder::{Builder, Track, number};
use super::calls::Called;
use super::functions::Want;
use super::model::{Kind, Made, Role, Skip, State, Thing, ThingId};
use super::types::resource_name;
use crate::corners::Corner;
use crate::program::{
    Callee, Canon, Comparison, Form, FunctionType, InstanceId, Operand, Owner, Type,
};

impl<'u, 'b, 'p> Builder<'u, 'b, 'p> {
    /// A resource is made, lent, given and dropped.
    pub fn resources(&mut self, t: &mut Track) -> Made<()> {
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

    /// Asks for the number that a resource stands for.
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

    /// Gives a resource of the host's back to it, and drops one of a guest's.
    pub fn pass_to_host(
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

    /// Built-ins in a destructor.
    pub fn in_destructor(&mut self, t: &mut Track) -> Made<()> {
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
}
