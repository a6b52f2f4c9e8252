//! A program's shape: what its chassis depends on.

use super::{Function, Instance, LiftForm, Owner, Program, Resource};

impl Program {
    /// Whether the shape is the same: it is for programs that differ in nothing but slots, actions, and
    /// what is done in bodies, other than at starts. The components of the chassis are the same for
    /// these.
    ///
    /// What the programs share is not looked at.
    pub fn has_shape_of(&self, other: &Program) -> bool {
        self.version == other.version
            && self.host == other.host
            && each(&self.resources, &other.resources, same_resource)
            && each(&self.instances, &other.instances, same_instance)
    }
}

fn each<T>(ours: &[T], theirs: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
}

fn same_resource(ours: &Resource, theirs: &Resource) -> bool {
    let owner = |resource: &Resource| match &resource.owner {
        Owner::Host => None,
        Owner::Instance {
            instance,
            destructor,
        } => Some((*instance, destructor.is_some())),
    };
    owner(ours) == owner(theirs)
}

fn same_instance(ours: &Instance, theirs: &Instance) -> bool {
    let Instance {
        parent,
        memories,
        slots: _,
        canons,
        imports,
        functions,
        threads,
        start,
        realloc: _,
    } = ours;
    *parent == theirs.parent
        && *memories == theirs.memories
        && *canons == theirs.canons
        && *imports == theirs.imports
        && *start == theirs.start
        && threads.len() == theirs.threads.len()
        && each(functions, &theirs.functions, |ours, theirs| {
            ours.is(theirs) || same_function(ours, theirs)
        })
}

fn same_function(ours: &Function, theirs: &Function) -> bool {
    let form = |function: &Function| match &function.lift.form {
        LiftForm::Sync { post_return } => (0, post_return.is_some()),
        LiftForm::Stackful => (1, false),
        LiftForm::Callback { .. } => (2, false),
    };
    form(ours) == form(theirs) && ours.lift.options == theirs.lift.options && ours.ty == theirs.ty
}
