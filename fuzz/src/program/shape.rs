//! A program's shape: what its chassis depends on.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Function, Instance, LiftForm, Owner, Program};

impl Program {
    /// Names the shape: the same for programs that differ in nothing but slots, actions, and what is
    /// done in bodies. The components of the chassis are the same for these.
    pub fn shape_key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.version.hash(&mut hasher);
        self.resources.len().hash(&mut hasher);
        for resource in &self.resources {
            match &resource.owner {
                Owner::Host => None,
                Owner::Instance {
                    instance,
                    destructor,
                } => Some((instance, destructor.is_some())),
            }
            .hash(&mut hasher);
        }
        self.host.hash(&mut hasher);
        self.instances.len().hash(&mut hasher);
        for instance in &self.instances {
            hash_instance(instance, &mut hasher);
        }
        hasher.finish()
    }
}

fn hash_instance(instance: &Instance, hasher: &mut DefaultHasher) {
    let Instance {
        parent,
        memories,
        slots: _,
        canons,
        imports,
        functions,
        threads,
        start: _,
        realloc: _,
    } = instance;
    (parent, memories, canons, imports, threads.len()).hash(hasher);
    functions.len().hash(hasher);
    for function in functions {
        hash_function(function, hasher);
    }
}

fn hash_function(function: &Function, hasher: &mut DefaultHasher) {
    let form = match &function.lift.form {
        LiftForm::Sync { post_return: None } => 0,
        LiftForm::Sync {
            post_return: Some(_),
        } => 1,
        LiftForm::Stackful => 2,
        LiftForm::Callback { .. } => 3,
    };
    (form, &function.lift.options, &function.ty).hash(hasher);
}
