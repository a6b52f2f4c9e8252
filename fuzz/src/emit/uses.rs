//! What of an instance goes into its component.

use std::collections::BTreeSet;

use crate::program::{Block, Canon, CanonId, ImportId, Instance, MemoryId, Owner, Program, Step};

use super::Form;

/// What the core code of an instance uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses {
    /// Whether it shows marks.
    pub(super) marks: bool,
    /// The built-ins that it calls.
    pub(super) canons: BTreeSet<CanonId>,
    /// The imports that it calls.
    pub(super) imports: BTreeSet<ImportId>,
    /// The memories that it loads from and stores to.
    pub(super) memories: BTreeSet<MemoryId>,
    /// Whether it starts threads.
    pub(super) threads: bool,
}

/// What each instance of a program uses: what its steps do, or, for the chassis, all that there is.
pub(super) fn uses(program: &Program, form: Form) -> Vec<Uses> {
    let instances = program.instances.iter();
    let mut uses: Vec<_> = instances
        .map(|instance| of_instance(instance, form))
        .collect();
    for resource in &program.resources {
        if let Owner::Instance {
            instance,
            destructor: Some(destructor),
        } = &resource.owner
            && form == Form::Straight
        {
            uses[instance.index()].block(&destructor.body);
        }
    }
    for (uses, instance) in uses.iter_mut().zip(&program.instances) {
        let mut canons = uses
            .canons
            .iter()
            .map(|canon| &instance.canons[canon.index()]);
        uses.threads = canons.any(|canon| *canon == Canon::ThreadNewIndirect);
    }
    uses
}

fn of_instance(instance: &Instance, form: Form) -> Uses {
    let all = |count: usize| 0..count as u32;
    if form == Form::Chassis {
        return Uses {
            marks: true,
            canons: all(instance.canons.len()).map(CanonId).collect(),
            imports: all(instance.imports.len()).map(ImportId).collect(),
            memories: all(instance.memories.len()).map(MemoryId).collect(),
            threads: false,
        };
    }
    let mut uses = Uses::default();
    instance.blocks().for_each(|block| uses.block(block));
    uses
}

impl Uses {
    fn block(&mut self, block: &Block) {
        block.each_step(&mut |step| match step {
            Step::Canon { canon, .. } => {
                self.canons.insert(*canon);
            }
            Step::Call { import, .. } => {
                self.imports.insert(*import);
            }
            Step::Mark { .. } => self.marks = true,
            Step::Load { memory, .. } | Step::Store { memory, .. } => {
                self.memories.insert(*memory);
            }
            Step::If { .. } | Step::Repeat { .. } | Step::Set { .. } | Step::Finish(_) => {}
        });
    }
}
