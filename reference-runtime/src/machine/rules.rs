//! The normative rules of the specification, each under its name.
//!
//! `trap_if` and `branch` are the only ways in which the machine traps or decides on a condition
//! of the Canonical ABI, so the table below is the list of everything that the specification
//! decides, and counting how often each rule was reached, and which way, is coverage of the
//! specification.

use std::fmt;

/// Whether a rule ends the computation or selects a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// The machine traps when the condition holds.
    Trap,
    /// The machine continues one way or the other.
    Branch,
}

/// The revision of the specification from which a rule holds, as a commit of
/// WebAssembly/component-model.
pub type Revision = &'static str;

macro_rules! rules {
    ($(
        $heading:literal {
            $($name:ident $kind:ident $id:literal $meaning:literal;)*
        }
    )*) => {
        /// A normative rule of the specification.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(
                #[doc = $meaning]
                $name,
            )*)*
        }

        impl Rule {
            /// Every rule, in the order of the specification.
            pub const ALL: &'static [Rule] = &[$($(Rule::$name,)*)*];

            /// The rule's stable name, such as `resource.drop/lends`.
            pub fn id(self) -> &'static str {
                match self {
                    $($(Rule::$name => $id,)*)*
                }
            }

            /// The heading in `CanonicalABI.md` under which the rule stands.
            pub fn heading(self) -> &'static str {
                match self {
                    $($(Rule::$name => $heading,)*)*
                }
            }

            /// One line: when the rule holds.
            pub fn meaning(self) -> &'static str {
                match self {
                    $($(Rule::$name => $meaning,)*)*
                }
            }

            /// Whether the rule traps or branches.
            pub fn kind(self) -> RuleKind {
                match self {
                    $($(Rule::$name => RuleKind::$kind,)*)*
                }
            }
        }
    };
}

rules! {
    "Component Instances" {
        MayEnter Trap "instance/may-enter" "the callee, or an instance around it that the caller is not in, is already entered";
    }
    "Tasks" {
        ReturnTwice Trap "task.return/resolved" "the task has already returned or been cancelled";
        ReturnBorrows Trap "task.return/borrows" "the task still holds borrowed handles when it returns";
    }
    "Table State" {
        TableGetBounds Trap "table.get/bounds" "the index is past the end of the table";
        TableGetEmpty Trap "table.get/empty" "nothing is at the index";
        TableAddFree Branch "table.add/free" "an index that was freed is used again";
        TableAddLimit Trap "table.add/limit" "the table holds as many elements as it may";
    }
    "Loading" {
        LoadCharRange Trap "char/range" "the code point is above 0x10FFFF";
        LoadCharSurrogate Trap "char/surrogate" "the code point is a surrogate";
        LoadStringTag Branch "string.load/utf16-tag" "the length of a latin1+utf16 string carries the UTF-16 tag";
        LoadStringLimit Trap "string.load/limit" "the string is longer than a string may be";
        LoadStringAlign Trap "string.load/align" "the string's pointer is not aligned";
        LoadStringBounds Trap "string.load/bounds" "the string ends past the end of memory";
        LoadStringEncoding Trap "string.load/encoding" "the bytes are not a string in the declared encoding";
        LiftErrorContextKind Trap "error-context.lift/kind" "the handle is not an error context";
        LoadListLimit Trap "list.load/limit" "the list is longer than a list may be";
        LoadListAlign Trap "list.load/align" "the list's pointer is not aligned";
        LoadListBounds Trap "list.load/bounds" "the list ends past the end of memory";
        LoadVariantCase Trap "variant.load/case" "the discriminant names no case";
        LoadVariantPayload Branch "variant.load/payload" "the case carries a payload";
        LiftOwnKind Trap "own.lift/kind" "the handle is not a resource";
        LiftOwnType Trap "own.lift/type" "the resource is of another type";
        LiftOwnLends Trap "own.lift/lends" "the resource is lent";
        LiftOwnOwned Trap "own.lift/owned" "the handle does not own its resource";
        LiftBorrowKind Trap "borrow.lift/kind" "the handle is not a resource";
        LiftBorrowType Trap "borrow.lift/type" "the resource is of another type";
    }
    "Storing" {
        StoreCopyAlign Trap "string.store-copy/align" "`realloc` gave a pointer that is not aligned";
        StoreCopyBounds Trap "string.store-copy/bounds" "`realloc` gave a range past the end of memory";
        StoreUtf8Bounds Trap "string.store-utf8/bounds" "`realloc` gave a first range past the end of memory";
        StoreUtf8Ascii Branch "string.store-utf8/ascii" "the code point takes one byte";
        StoreUtf8GrowBounds Trap "string.store-utf8/grow-bounds" "`realloc` gave a larger range past the end of memory";
        StoreUtf8Shrink Branch "string.store-utf8/shrink" "the string takes less than the worst case";
        StoreUtf8ShrinkBounds Trap "string.store-utf8/shrink-bounds" "`realloc` gave a smaller range past the end of memory";
        StoreUtf16Align Trap "string.store-utf16/align" "`realloc` gave a pointer that is not aligned";
        StoreUtf16Bounds Trap "string.store-utf16/bounds" "`realloc` gave a first range past the end of memory";
        StoreUtf16Shrink Branch "string.store-utf16/shrink" "the string takes less than the worst case";
        StoreUtf16ShrinkAlign Trap "string.store-utf16/shrink-align" "`realloc` gave a smaller range that is not aligned";
        StoreUtf16ShrinkBounds Trap "string.store-utf16/shrink-bounds" "`realloc` gave a smaller range past the end of memory";
        StoreLatin1Align Trap "string.store-latin1/align" "`realloc` gave a pointer that is not aligned";
        StoreLatin1Bounds Trap "string.store-latin1/bounds" "`realloc` gave a first range past the end of memory";
        StoreLatin1Fits Branch "string.store-latin1/fits" "the code point is a Latin-1 character";
        StoreLatin1GrowAlign Trap "string.store-latin1/grow-align" "`realloc` gave a larger range that is not aligned";
        StoreLatin1GrowBounds Trap "string.store-latin1/grow-bounds" "`realloc` gave a larger range past the end of memory";
        StoreLatin1WideShrink Branch "string.store-latin1/wide-shrink" "the UTF-16 string takes less than the worst case";
        StoreLatin1WideShrinkAlign Trap "string.store-latin1/wide-shrink-align" "`realloc` gave a smaller UTF-16 range that is not aligned";
        StoreLatin1WideShrinkBounds Trap "string.store-latin1/wide-shrink-bounds" "`realloc` gave a smaller UTF-16 range past the end of memory";
        StoreLatin1Shrink Branch "string.store-latin1/shrink" "the Latin-1 string takes less than was allocated";
        StoreLatin1ShrinkAlign Trap "string.store-latin1/shrink-align" "`realloc` gave a smaller Latin-1 range that is not aligned";
        StoreLatin1ShrinkBounds Trap "string.store-latin1/shrink-bounds" "`realloc` gave a smaller Latin-1 range past the end of memory";
        StoreProbablyUtf16Align Trap "string.store-probably-utf16/align" "`realloc` gave a pointer that is not aligned";
        StoreProbablyUtf16Bounds Trap "string.store-probably-utf16/bounds" "`realloc` gave a first range past the end of memory";
        StoreProbablyUtf16Wide Branch "string.store-probably-utf16/wide" "some character is not Latin-1";
        StoreProbablyUtf16ShrinkBounds Trap "string.store-probably-utf16/shrink-bounds" "`realloc` gave a smaller range past the end of memory";
        StoreListAlign Trap "list.store/align" "`realloc` gave a pointer that is not aligned";
        StoreListBounds Trap "list.store/bounds" "`realloc` gave a range past the end of memory";
        StoreVariantPayload Branch "variant.store/payload" "the case carries a payload";
        LowerBorrowLocal Branch "borrow.lower/local" "the resource is the receiving instance's own, so that its representation is passed";
    }
    "Flat Lifting" {
        LiftFlatVariantCase Trap "variant.lift-flat/case" "the discriminant names no case";
        LiftFlatVariantPayload Branch "variant.lift-flat/payload" "the case carries a payload";
    }
    "Flat Lowering" {
        LowerFlatVariantPayload Branch "variant.lower-flat/payload" "the case carries a payload";
    }
    "Lifting and Lowering Values" {
        LiftValuesSpill Branch "values.lift/spill" "the values take more than the flat maximum, so they are in memory";
        LiftValuesAlign Trap "values.lift/align" "the pointer to the values is not aligned";
        LiftValuesBounds Trap "values.lift/bounds" "the values end past the end of memory";
        LowerValuesSpill Branch "values.lower/spill" "the values take more than the flat maximum, so they go to memory";
        LowerValuesOutParam Branch "values.lower/out-param" "the caller gave the pointer";
        LowerValuesAlign Trap "values.lower/align" "the pointer to the values is not aligned";
        LowerValuesBounds Trap "values.lower/bounds" "the values end past the end of memory";
    }
    "canon lift" {
        LiftPostReturn Branch "lift/post-return" "there is a `post-return` function";
        LiftException Trap "lift/exception" "a core function that the Canonical ABI called threw an exception";
        LiftBlocked Trap "lift/blocked" "a synchronous task cannot finish, since no thread that may run is ready";
    }
    "canon lower" {
        LowerMayLeave Trap "lower/may-leave" "the instance may not be left now";
    }
    "canon resource.new" {
        ResourceNewMayLeave Trap "resource.new/may-leave" "the instance may not be left now";
    }
    "canon resource.drop" {
        ResourceDropMayLeave Trap "resource.drop/may-leave" "the instance may not be left now";
        ResourceDropKind Trap "resource.drop/kind" "the handle is not a resource";
        ResourceDropType Trap "resource.drop/type" "the resource is of another type";
        ResourceDropLends Trap "resource.drop/lends" "the resource is lent";
        ResourceDropOwn Branch "resource.drop/own" "the handle owns its resource, so the resource ends";
        ResourceDropDtor Branch "resource.drop/dtor" "the resource type has a destructor";
    }
    "canon resource.rep" {
        ResourceRepKind Trap "resource.rep/kind" "the handle is not a resource";
        ResourceRepType Trap "resource.rep/type" "the resource is of another type";
    }
    "canon backpressure.{inc,dec}" {
        BackpressureIncLimit Trap "backpressure.inc/limit" "the counter would pass its maximum";
        BackpressureDecZero Trap "backpressure.dec/zero" "the counter is already zero";
    }
    "canon task.return" {
        TaskReturnMayLeave Trap "task.return/may-leave" "the instance may not be left now";
    }
    "canon task.cancel" {
        TaskCancelMayLeave Trap "task.cancel/may-leave" "the instance may not be left now";
    }
    "canon waitable-set.new" {
        WaitableSetNewMayLeave Trap "waitable-set.new/may-leave" "the instance may not be left now";
    }
    "canon waitable-set.wait" {
        WaitableSetWaitMayLeave Trap "waitable-set.wait/may-leave" "the instance may not be left now";
    }
    "canon waitable-set.poll" {
        WaitableSetPollMayLeave Trap "waitable-set.poll/may-leave" "the instance may not be left now";
    }
    "canon waitable-set.drop" {
        WaitableSetDropMayLeave Trap "waitable-set.drop/may-leave" "the instance may not be left now";
    }
    "canon waitable.join" {
        WaitableJoinMayLeave Trap "waitable.join/may-leave" "the instance may not be left now";
    }
    "canon subtask.cancel" {
        SubtaskCancelMayLeave Trap "subtask.cancel/may-leave" "the instance may not be left now";
    }
    "canon subtask.drop" {
        SubtaskDropMayLeave Trap "subtask.drop/may-leave" "the instance may not be left now";
    }
    "canon {stream,future}.new" {
        StreamNewMayLeave Trap "stream.new/may-leave" "the instance may not be left now";
        FutureNewMayLeave Trap "future.new/may-leave" "the instance may not be left now";
    }
    "canon stream.{read,write}" {
        StreamReadMayLeave Trap "stream.read/may-leave" "the instance may not be left now";
        StreamWriteMayLeave Trap "stream.write/may-leave" "the instance may not be left now";
    }
    "canon future.{read,write}" {
        FutureReadMayLeave Trap "future.read/may-leave" "the instance may not be left now";
        FutureWriteMayLeave Trap "future.write/may-leave" "the instance may not be left now";
    }
    "canon {stream,future}.cancel-{read,write}" {
        StreamCancelReadMayLeave Trap "stream.cancel-read/may-leave" "the instance may not be left now";
        StreamCancelWriteMayLeave Trap "stream.cancel-write/may-leave" "the instance may not be left now";
        FutureCancelReadMayLeave Trap "future.cancel-read/may-leave" "the instance may not be left now";
        FutureCancelWriteMayLeave Trap "future.cancel-write/may-leave" "the instance may not be left now";
    }
    "canon {stream,future}.drop-{readable,writable}" {
        StreamDropReadableMayLeave Trap "stream.drop-readable/may-leave" "the instance may not be left now";
        StreamDropWritableMayLeave Trap "stream.drop-writable/may-leave" "the instance may not be left now";
        FutureDropReadableMayLeave Trap "future.drop-readable/may-leave" "the instance may not be left now";
        FutureDropWritableMayLeave Trap "future.drop-writable/may-leave" "the instance may not be left now";
    }
    "canon thread.index" {
        ThreadIndexMayLeave Trap "thread.index/may-leave" "the instance may not be left now";
    }
    "canon thread.new-indirect" {
        ThreadNewIndirectMayLeave Trap "thread.new-indirect/may-leave" "the instance may not be left now";
    }
    "canon thread.resume-later" {
        ThreadResumeLaterMayLeave Trap "thread.resume-later/may-leave" "the instance may not be left now";
    }
    "canon thread.suspend" {
        ThreadSuspendMayLeave Trap "thread.suspend/may-leave" "the instance may not be left now";
    }
    "canon thread.yield" {
        ThreadYieldMayLeave Trap "thread.yield/may-leave" "the instance may not be left now";
    }
    "canon thread.suspend-then-resume" {
        ThreadSuspendThenResumeMayLeave Trap "thread.suspend-then-resume/may-leave" "the instance may not be left now";
    }
    "canon thread.yield-then-resume" {
        ThreadYieldThenResumeMayLeave Trap "thread.yield-then-resume/may-leave" "the instance may not be left now";
    }
    "canon thread.suspend-then-promote" {
        ThreadSuspendThenPromoteMayLeave Trap "thread.suspend-then-promote/may-leave" "the instance may not be left now";
    }
    "canon thread.yield-then-promote" {
        ThreadYieldThenPromoteMayLeave Trap "thread.yield-then-promote/may-leave" "the instance may not be left now";
    }
    "canon error-context.new" {
        ErrorContextNewMayLeave Trap "error-context.new/may-leave" "the instance may not be left now";
    }
    "canon error-context.debug-message" {
        ErrorContextDebugMessageMayLeave Trap "error-context.debug-message/may-leave" "the instance may not be left now";
        ErrorContextDebugMessageKind Trap "error-context.debug-message/kind" "the handle is not an error context";
        ErrorContextDebugMessageAlign Trap "error-context.debug-message/align" "the pointer to the result is not aligned";
        ErrorContextDebugMessageBounds Trap "error-context.debug-message/bounds" "the result ends past the end of memory";
    }
    "canon error-context.drop" {
        ErrorContextDropMayLeave Trap "error-context.drop/may-leave" "the instance may not be left now";
        ErrorContextDropKind Trap "error-context.drop/kind" "the handle is not an error context";
    }
}

impl Rule {
    /// The revision of the specification from which the rule holds.
    pub fn since(self) -> Revision {
        "6d28164"
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.meaning(), self.id())
    }
}

/// How often each rule was reached, each way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    counts: Vec<[u32; 2]>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage {
            counts: vec![[0; 2]; Rule::ALL.len()],
        }
    }
}

impl Coverage {
    /// Counts one evaluation of `rule`'s condition.
    pub fn record(&mut self, rule: Rule, holds: bool) {
        let count = &mut self.counts[rule as usize][usize::from(holds)];
        *count = count.saturating_add(1);
    }

    /// How often `rule`'s condition was evaluated and did (or did not) hold.
    pub fn count(&self, rule: Rule, holds: bool) -> u32 {
        self.counts[rule as usize][usize::from(holds)]
    }

    /// Adds what `other` counted.
    pub fn merge(&mut self, other: &Coverage) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = mine.saturating_add(*theirs);
            }
        }
    }
}
