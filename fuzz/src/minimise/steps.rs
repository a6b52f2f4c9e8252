//! The lists of steps of a program, by their numbers: a list comes before those in it.

use crate::program::{Block, Instance, InstanceId, LiftForm, Operand, Owner, Program, Step};

/// Calls `visit` with every list of steps.
pub fn each_list(program: &mut Program, visit: &mut dyn FnMut(&mut Vec<Step>)) {
    each_block(program, &mut |block| lists(&mut block.steps, visit));
}

/// Calls `visit` with every list of an instance's steps.
pub fn each_list_of(program: &mut Program, id: InstanceId, visit: &mut dyn FnMut(&mut Vec<Step>)) {
    let blocks = &mut |block: &mut Block| lists(&mut block.steps, visit);
    if let Some(instance) = program.instances.get_mut(id.index()) {
        in_instance(instance, blocks);
    }
    for resource in &mut program.resources {
        if let Owner::Instance {
            instance,
            destructor: Some(handler),
        } = &mut resource.owner
            && *instance == id
        {
            blocks(&mut handler.body);
        }
    }
}

fn lists(list: &mut Vec<Step>, visit: &mut dyn FnMut(&mut Vec<Step>)) {
    visit(list);
    for step in list {
        match step {
            Step::If {
                then, otherwise, ..
            } => {
                lists(then, visit);
                lists(otherwise, visit);
            }
            Step::Repeat { steps, .. } => lists(steps, visit),
            _ => {}
        }
    }
}

/// Calls `visit` with every block.
pub fn each_block(program: &mut Program, visit: &mut dyn FnMut(&mut Block)) {
    for instance in &mut program.instances {
        in_instance(instance, visit);
    }
    for resource in &mut program.resources {
        if let Owner::Instance {
            destructor: Some(handler),
            ..
        } = &mut resource.owner
        {
            visit(&mut handler.body);
        }
    }
}

fn in_instance(instance: &mut Instance, visit: &mut dyn FnMut(&mut Block)) {
    for function in &mut instance.functions {
        function.body.blocks.iter_mut().for_each(&mut *visit);
        if let LiftForm::Sync {
            post_return: Some(block),
        } = &mut function.lift.form
        {
            visit(block);
        }
    }
    for thread in &mut instance.threads {
        visit(&mut thread.body);
    }
    instance.start.iter_mut().for_each(&mut *visit);
    instance.realloc.iter_mut().for_each(&mut *visit);
}

/// How long the list with this number is; none if there are fewer lists.
pub fn length(program: &mut Program, number: usize) -> Option<usize> {
    let mut length = None;
    edit(program, number, |list| length = Some(list.len()));
    length
}

/// Changes the list with this number.
pub fn edit(program: &mut Program, number: usize, change: impl FnOnce(&mut Vec<Step>)) {
    let mut change = Some(change);
    let mut count = 0;
    each_list(program, &mut |list| {
        if count == number
            && let Some(change) = change.take()
        {
            change(list);
        }
        count += 1;
    });
}

/// The operands of a step.
pub fn operands(step: &mut Step) -> Vec<&mut Operand> {
    match step {
        Step::Canon { args, .. } | Step::Call { args, .. } => args.iter_mut().collect(),
        Step::Mark { value, .. } => vec![value],
        Step::Set { a, b, .. } => vec![a, b],
        Step::Load { address, .. } => vec![address],
        Step::Store { address, value, .. } => vec![address, value],
        Step::If { condition, .. } => vec![&mut condition.a, &mut condition.b],
        Step::Repeat { .. } | Step::Finish(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::minimise::size;
    use crate::program::samples;

    #[test]
    fn the_steps_that_are_counted_are_those_that_can_be_changed() {
        let mut in_destructors = 0;
        for sample in samples::all() {
            let mut program = sample.program;
            let mut changed = 0;
            super::each_list(&mut program, &mut |list| changed += list.len());
            assert_eq!(size(&program), changed, "{}", sample.name);
            program.resources.clear();
            in_destructors += changed - size(&program);
        }
        assert!(in_destructors > 0);
    }
}
