//! Throwing and catching.
//!
//! An exception becomes an object of the store only when a reference to it is needed: when a
//! clause passes it on, or when nothing catches it.
//!
//! Spec: WebAssembly 3.0, "Execution", "Exception Handling".

use super::{Cursor, Machine, Step, Stop};
use crate::core::module::{Catch, Passes};
use crate::core::store::Exception;
use crate::core::trap::{Limit, Trap};
use crate::core::values::{ExnAddr, TagAddr, address, reference};

/// The clause that catches an exception, in which activation.
struct Caught {
    activation: usize,
    clause: Catch,
}

impl Machine<'_> {
    /// `throw`: the exception's values are the topmost operands.
    pub fn throw(&mut self, at: Cursor, tag: TagAddr) -> Step {
        let count = self.store.tags[tag.index()].0.params().len();
        let fields = self.stack.slots[at.sp - count..at.sp].to_vec();
        self.unwind(at, Exception { tag, fields }, None)
    }

    /// `throw_ref`
    pub fn throw_ref(&mut self, at: Cursor) -> Step {
        let exception = address(self.stack.slots[at.sp - 1]).map(ExnAddr);
        let exception = exception.ok_or(Trap::NullExceptionReference)?;
        let thrown = self.store.exceptions[exception.index()].clone();
        self.unwind(at, thrown, Some(exception))
    }

    /// Goes to the clause that catches the exception, which `existing` refers to if anything does.
    fn unwind(&mut self, at: Cursor, exception: Exception, existing: Option<ExnAddr>) -> Step {
        let Some(caught) = self.find(at.pc, exception.tag) else {
            return Err(Stop::Exception(self.object(exception, existing)?));
        };
        let mut values = match caught.clause.tag {
            Some(_) => exception.fields.clone(),
            None => Vec::new(),
        };
        if caught.clause.passes == Passes::Reference {
            let object = self.object(exception, existing)?;
            values.push(reference(Some(object.0)));
        }
        Ok(self.catch(&caught, &values))
    }

    fn object(
        &mut self,
        exception: Exception,
        existing: Option<ExnAddr>,
    ) -> Result<ExnAddr, Limit> {
        match existing {
            Some(object) => Ok(object),
            None => self.store.alloc_exception(exception),
        }
    }

    /// The innermost clause for a tag around what is being executed.
    fn find(&mut self, pc: usize, tag: TagAddr) -> Option<Caught> {
        let mut next = pc as u32;
        for (index, activation) in self.stack.activations.iter().enumerate().rev() {
            if index + 1 < self.stack.activations.len() {
                next = activation.pc;
            }
            let instance = &self.store.instances[activation.instance.index()];
            let definition = instance.module.definition();
            let function = &definition.functions[activation.function as usize];
            let range = function.handlers.start as usize..function.handlers.end as usize;
            self.extra += 1 + range.len() as u64 / 8;
            for handler in definition.handlers[range].iter().rev() {
                if !handler.range.contains(&(next - 1)) {
                    continue;
                }
                let catches = |clause: &&Catch| match clause.tag {
                    Some(expected) => instance.tags[expected as usize] == tag,
                    None => true,
                };
                if let Some(clause) = handler.catches.iter().find(catches) {
                    return Some(Caught {
                        activation: index,
                        clause: *clause,
                    });
                }
            }
        }
        None
    }

    fn catch(&mut self, caught: &Caught, values: &[u64]) -> Cursor {
        self.stack.activations.truncate(caught.activation + 1);
        let activation = self.stack.activations[caught.activation];
        self.reach(activation.top as usize);
        let base = activation.base as usize;
        let from = base + caught.clause.height as usize;
        let sp = from + values.len();
        self.stack.slots[from..sp].copy_from_slice(values);
        Cursor {
            pc: caught.clause.target as usize,
            sp,
            base,
        }
    }
}
