//! Whether what an instance's core functions do can be done: their steps name what is there, and they
//! end as they must.

use crate::program::{Block, End, Function, Handler, Instance, LiftForm, Operand, SlotId, Step};

use super::place::Place;
use super::{Checked, Fault, MAX_NESTING, MAX_REPEATS, Signatures, Wrong, counted, fault, present};

/// How the core function ends in which a block stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Without a result.
    Nothing,
    /// With the flattened result of a function, or with nothing where it has none.
    Return { result: bool },
    /// With what a callback returns.
    Callback,
    /// With an address or nothing.
    Realloc,
}

impl Ending {
    fn allows(self, end: &End) -> bool {
        match end {
            End::Unreachable => true,
            End::Nothing => self != Ending::Callback && self != Ending::Return { result: true },
            End::Return(_) => matches!(self, Ending::Return { .. } | Ending::Realloc),
            End::Exit | End::Yield | End::Wait(_) | End::Code(_) => self == Ending::Callback,
        }
    }
}

/// An instance whose bodies are checked.
pub(super) struct Bodies<'p> {
    pub(super) instance: &'p Instance,
    pub(super) signatures: &'p Signatures,
}

impl Bodies<'_> {
    pub(super) fn check(&self, place: &Place<'_>) -> Checked {
        let instance = self.instance;
        let functions = instance.functions.iter().zip(&self.signatures.functions);
        for (number, (function, signature)) in functions.enumerate() {
            let place = place.part("functions");
            self.function(&place.at(number), function, signature)?;
        }
        for (number, thread) in instance.threads.iter().enumerate() {
            self.handler(&place.part("threads").at(number), thread)?;
        }
        if let Some(block) = &instance.start {
            self.block(&place.part("start"), block, Ending::Nothing)?;
        }
        if let Some(block) = &instance.realloc {
            self.block(&place.part("realloc"), block, Ending::Realloc)?;
        }
        Ok(())
    }

    fn function(
        &self,
        place: &Place<'_>,
        function: &Function,
        signature: &crate::program::Signature,
    ) -> Checked {
        let (given, wanted) = (function.parameters.len(), signature.params.len());
        counted(place, "parameters", given, wanted)?;
        self.slots(place, &function.parameters)?;
        let blocks = &function.body.blocks;
        let ending = match &function.lift.form {
            LiftForm::Sync { post_return } => {
                if let Some(block) = post_return {
                    self.block(&place.part("post-return"), block, Ending::Nothing)?;
                }
                let result = signature.result.is_some();
                Ending::Return { result }
            }
            LiftForm::Stackful => Ending::Nothing,
            LiftForm::Callback { event } => {
                self.slots(place, event)?;
                Ending::Callback
            }
        };
        match ending {
            Ending::Callback => counted(place, "blocks", blocks.len().min(1), 1)?,
            _ => counted(place, "blocks", blocks.len(), 1)?,
        }
        for (number, block) in blocks.iter().enumerate() {
            let place = place.part("body");
            self.block(&place.part("blocks").at(number), block, ending)?;
        }
        Ok(())
    }

    pub(super) fn handler(&self, place: &Place<'_>, handler: &Handler) -> Checked {
        self.slots(place, &[handler.parameter])?;
        self.block(place, &handler.body, Ending::Nothing)
    }

    fn slots(&self, place: &Place<'_>, slots: &[SlotId]) -> Checked {
        let mut slots = slots.iter();
        slots.try_for_each(|slot| present(place, "slot", slot.0, &self.instance.slots))
    }

    fn block(&self, place: &Place<'_>, block: &Block, ending: Ending) -> Checked {
        let nesting = Nesting {
            any: MAX_NESTING,
            repeats: MAX_REPEATS,
        };
        self.steps(place, &block.steps, ending, nesting)?;
        self.end(place, &block.end, ending)
    }

    fn end(&self, place: &Place<'_>, end: &End, ending: Ending) -> Checked {
        if !ending.allows(end) {
            return Err(fault(place, Wrong::End));
        }
        match end {
            End::Return(operand) | End::Wait(operand) | End::Code(operand) => {
                self.operands(place, &[*operand])
            }
            End::Nothing | End::Exit | End::Yield | End::Unreachable => Ok(()),
        }
    }

    fn operands(&self, place: &Place<'_>, operands: &[Operand]) -> Checked {
        operands.iter().try_for_each(|operand| match operand {
            Operand::Const(_) => Ok(()),
            Operand::Slot(slot) => self.slots(place, &[*slot]),
        })
    }

    fn steps(
        &self,
        place: &Place<'_>,
        steps: &[Step],
        ending: Ending,
        nesting: Nesting,
    ) -> Checked {
        for (number, step) in steps.iter().enumerate() {
            self.step(&place.at(number), step, ending, nesting)?;
        }
        Ok(())
    }

    fn step(&self, place: &Place<'_>, step: &Step, ending: Ending, nesting: Nesting) -> Checked {
        match step {
            Step::Canon {
                canon,
                args,
                result,
            } => {
                present(place, "built-in", canon.0, &self.signatures.canons)?;
                let signature = &self.signatures.canons[canon.index()];
                self.call(place, signature.params.len(), args, *result)
            }
            Step::Call {
                import,
                args,
                result,
            } => {
                present(place, "import", import.0, &self.signatures.imports)?;
                let signature = &self.signatures.imports[import.index()];
                self.call(place, signature.params.len(), args, *result)
            }
            Step::Mark { value, .. } => self.operands(place, &[*value]),
            Step::Set { slot, a, b, .. } => {
                self.slots(place, &[*slot])?;
                self.operands(place, &[*a, *b])
            }
            Step::Load {
                slot,
                memory,
                address,
                ..
            } => {
                self.slots(place, &[*slot])?;
                present(place, "memory", memory.0, &self.instance.memories)?;
                self.operands(place, &[*address])
            }
            Step::Store {
                memory,
                address,
                value,
                ..
            } => {
                present(place, "memory", memory.0, &self.instance.memories)?;
                self.operands(place, &[*address, *value])
            }
            Step::If {
                condition,
                then,
                otherwise,
            } => {
                self.operands(place, &[condition.a, condition.b])?;
                let nesting = nesting.deeper(place)?;
                self.steps(&place.part("then"), then, ending, nesting)?;
                self.steps(&place.part("otherwise"), otherwise, ending, nesting)
            }
            Step::Repeat { steps, .. } => {
                let nesting = nesting.deeper(place)?.repeat(place)?;
                self.steps(&place.part("steps"), steps, ending, nesting)
            }
            Step::Finish(end) => self.end(place, end, ending),
        }
    }

    fn call(
        &self,
        place: &Place<'_>,
        params: usize,
        args: &[Operand],
        result: Option<SlotId>,
    ) -> Checked {
        counted(place, "arguments", args.len(), params)?;
        self.operands(place, args)?;
        self.slots(place, result.as_slice())
    }
}

/// How much deeper steps may be nested.
#[derive(Clone, Copy)]
struct Nesting {
    any: u32,
    repeats: u32,
}

impl Nesting {
    fn deeper(self, place: &Place<'_>) -> Result<Nesting, Fault> {
        let (what, most) = ("nested lists of steps", MAX_NESTING as usize);
        let any = self.any.checked_sub(1);
        let any = any.ok_or_else(|| fault(place, Wrong::TooMany { what, most }))?;
        Ok(Nesting { any, ..self })
    }

    fn repeat(self, place: &Place<'_>) -> Result<Nesting, Fault> {
        let (what, most) = ("nested repetitions", MAX_REPEATS as usize);
        let repeats = self.repeats.checked_sub(1);
        let repeats = repeats.ok_or_else(|| fault(place, Wrong::TooMany { what, most }))?;
        Ok(Nesting { repeats, ..self })
    }
}
