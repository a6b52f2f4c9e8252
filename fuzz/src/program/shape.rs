//! A program's shape: what its chassis depends on.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Block, End, Function, Handler, LiftForm, Owner, Program, SlotId};

impl Program {
    /// Names the shape: the same for programs that differ in nothing but slots, actions, and what is
    /// done in bodies. The components of the chassis are the same for these.
    pub fn shape_key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.shape().hash(&mut hasher);
        hasher.finish()
    }

    /// The program with nothing in it but its shape: no actions, no slots, and bodies that do nothing.
    /// It is not meant to be emitted.
    fn shape(&self) -> Program {
        let mut shape = self.clone();
        shape.actions.clear();
        for resource in &mut shape.resources {
            if let Owner::Instance { destructor, .. } = &mut resource.owner {
                destructor.iter_mut().for_each(empty);
            }
        }
        for instance in &mut shape.instances {
            instance.slots.clear();
            instance.start = None;
            instance.realloc = None;
            instance.threads.iter_mut().for_each(empty);
            instance.functions.iter_mut().for_each(empty_function);
        }
        shape
    }
}

fn nothing() -> Block {
    Block {
        steps: Vec::new(),
        end: End::Nothing,
    }
}

fn empty(handler: &mut Handler) {
    *handler = Handler {
        parameter: SlotId(0),
        body: nothing(),
    };
}

fn empty_function(function: &mut Function) {
    function.parameters.clear();
    function.body.blocks.clear();
    match &mut function.lift.form {
        LiftForm::Sync { post_return } => {
            post_return.iter_mut().for_each(|block| *block = nothing());
        }
        LiftForm::Callback { event } => *event = [SlotId(0); 3],
        LiftForm::Stackful => {}
    }
}
