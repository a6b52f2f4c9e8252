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
    "Threads" {
        DeliverPendingCancel Branch "thread/pending-cancel" "the task is to be cancelled, and the thread can be told";
        PromoteReady Branch "thread/promote-ready" "the thread to be promoted is ready";
    }
    "Tasks" {
        EnterBackpressure Branch "task.enter/backpressure" "the instance takes no tasks now, or others wait already";
        EnterCancelled Branch "task.enter/cancelled" "the task is cancelled while it waits to enter";
        EnterExclusive Branch "task.enter/exclusive" "the task needs to be alone among those that do";
        ExitUnresolved Trap "task.exit/unresolved" "the task's last thread ends, and the task has not returned or been cancelled";
        CancelInitial Branch "task.request-cancellation/initial" "the task has not entered its instance";
        CancelExcluded Branch "task.request-cancellation/excluded" "the task's implicit thread cannot run, since another task excludes it";
        CancelNow Branch "task.request-cancellation/now" "a thread of the task can be told at once";
        CancelState Trap "task.cancel/state" "the task has not been asked to cancel";
        CancelBorrows Trap "task.cancel/borrows" "the task still holds borrowed handles when it is cancelled";
        ReturnTwice Trap "task.return/resolved" "the task has already returned or been cancelled";
        ReturnBorrows Trap "task.return/borrows" "the task still holds borrowed handles when it returns";
    }
    "Table State" {
        TableGetBounds Trap "table.get/bounds" "the index is past the end of the table";
        TableGetEmpty Trap "table.get/empty" "nothing is at the index";
        TableAddFree Branch "table.add/free" "an index that was freed is used again";
        TableAddLimit Trap "table.add/limit" "the table holds as many elements as it may";
    }
    "Waitable State" {
        SetWaitCancelled Branch "waitable-set/cancelled" "the wait was ended by a cancellation";
        WaitableSetPollEvent Branch "waitable-set.poll/event" "the set has an event";
        WaitableSetDropElements Trap "waitable-set.drop/elements" "the set has elements";
        WaitableSetDropWaiting Trap "waitable-set.drop/waiting" "a thread waits for the set";
    }
    "Subtask State" {
        SubtaskDropUndelivered Trap "subtask.drop/undelivered" "the caller does not know yet that the subtask has resolved";
    }
    "Buffer State" {
        BufferLimit Trap "buffer/limit" "the buffer is longer than a buffer may be";
        BufferAlign Trap "buffer/align" "the buffer's pointer is not aligned";
        BufferBounds Trap "buffer/bounds" "the buffer ends past the end of memory";
    }
    "Stream State" {
        StreamReadDropped Branch "stream.read/dropped" "the writable end was dropped";
        StreamReadPending Branch "stream.read/pending" "the writable end waits with a buffer";
        StreamReadSameInstance Trap "stream.read/same-instance" "both ends are in one instance, and the elements are more than numbers";
        StreamReadPendingRemain Branch "stream.read/pending-remain" "the writable end's buffer has elements";
        StreamReadRemain Branch "stream.read/remain" "there is room for elements";
        StreamWriteDropped Branch "stream.write/dropped" "the readable end was dropped";
        StreamWritePending Branch "stream.write/pending" "the readable end waits with a buffer";
        StreamWriteSameInstance Trap "stream.write/same-instance" "both ends are in one instance, and the elements are more than numbers";
        StreamWritePendingRemain Branch "stream.write/pending-remain" "the readable end's buffer has room";
        StreamWriteRemain Branch "stream.write/remain" "there are elements";
        StreamWriteZeroLength Branch "stream.write/zero-length" "both buffers are of length zero";
        DropSecondEnd Branch "channel.drop/second" "the other end was dropped before";
        DropPending Branch "channel.drop/pending" "the other end waits with a buffer";
        DropCopying Trap "channel.drop/copying" "a copy by the end is under way";
    }
    "Future State" {
        FutureReadPending Branch "future.read/pending" "the writable end waits with a value";
        FutureReadSameInstance Trap "future.read/same-instance" "both ends are in one instance, and the value is more than a number";
        FutureWriteDropped Branch "future.write/dropped" "the readable end was dropped";
        FutureWritePending Branch "future.write/pending" "the readable end waits";
        FutureWriteSameInstance Trap "future.write/same-instance" "both ends are in one instance, and the value is more than a number";
        FutureDropWritableDone Trap "future.drop-writable/done" "the future's value has not been written";
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
        LiftStreamKind Trap "stream.lift/kind" "the handle is not the readable end of a stream";
        LiftStreamType Trap "stream.lift/type" "the stream is of another type";
        LiftStreamState Trap "stream.lift/state" "the end is copying or done";
        LiftStreamInSet Trap "stream.lift/in-set" "the end is in a waitable set";
        LiftFutureKind Trap "future.lift/kind" "the handle is not the readable end of a future";
        LiftFutureType Trap "future.lift/type" "the future is of another type";
        LiftFutureState Trap "future.lift/state" "the end is copying or done";
        LiftFutureInSet Trap "future.lift/in-set" "the end is in a waitable set";
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
        LiftAsync Branch "lift/async" "the function is lifted with the async ABI";
        LiftCallback Branch "lift/callback" "there is a `callback` function";
        CallbackCode Trap "callback/code" "the code that the callback returned means nothing";
        CallbackExit Branch "callback/exit" "the task ends";
        CallbackYield Branch "callback/yield" "the task yields; else it waits";
        CallbackWaitKind Trap "callback/waitable-set" "what the task is to wait for is not a waitable set";
        CallbackCancelled Branch "callback/cancelled" "the yield was ended by a cancellation";
        LiftResolved Branch "lift/resolved" "the synchronous task has returned; else its siblings run";
        LiftBlocked Trap "lift/blocked" "a synchronous task cannot finish, since no thread that may run is ready";
    }
    "canon lower" {
        LowerMayLeave Trap "lower/may-leave" "the instance may not be left now";
        LowerAsync Branch "lower/async" "the function is lowered with the async ABI";
        LowerResolved Branch "lower/resolved" "the callee has returned before it blocked";
        LowerAsyncResolved Branch "lower/async-resolved" "the callee of an async call has returned before it blocked";
        SubtaskCancelledBeforeStarted Branch "lower/cancelled-before-started" "the callee was cancelled before it took its arguments";
        SubtaskEventResolved Branch "lower/event-resolved" "the event tells of the subtask's resolution";
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
        TaskReturnSync Trap "task.return/sync" "the task is lifted with the synchronous ABI";
        TaskReturnType Trap "task.return/type" "the result is of another type than the task's";
        TaskReturnOptions Trap "task.return/options" "the string encoding or memory is another than the task's";
    }
    "canon task.cancel" {
        TaskCancelMayLeave Trap "task.cancel/may-leave" "the instance may not be left now";
        TaskCancelSync Trap "task.cancel/sync" "the task is lifted with the synchronous ABI";
    }
    "canon waitable-set.new" {
        WaitableSetNewMayLeave Trap "waitable-set.new/may-leave" "the instance may not be left now";
    }
    "canon waitable-set.wait" {
        WaitableSetWaitMayLeave Trap "waitable-set.wait/may-leave" "the instance may not be left now";
        WaitableSetWaitKind Trap "waitable-set.wait/kind" "the handle is not a waitable set";
        EventAlign Trap "waitable-set.wait/align" "the pointer for the event is not aligned";
        EventBounds Trap "waitable-set.wait/bounds" "the event ends past the end of memory";
    }
    "canon waitable-set.poll" {
        WaitableSetPollMayLeave Trap "waitable-set.poll/may-leave" "the instance may not be left now";
        WaitableSetPollKind Trap "waitable-set.poll/kind" "the handle is not a waitable set";
    }
    "canon waitable-set.drop" {
        WaitableSetDropMayLeave Trap "waitable-set.drop/may-leave" "the instance may not be left now";
        WaitableSetDropKind Trap "waitable-set.drop/kind" "the handle is not a waitable set";
    }
    "canon waitable.join" {
        WaitableJoinMayLeave Trap "waitable.join/may-leave" "the instance may not be left now";
        WaitableJoinKind Trap "waitable.join/kind" "the handle is not a waitable";
        WaitableJoinSyncWaiter Trap "waitable.join/sync-waiter" "a thread is blocked on the waitable";
        WaitableJoinLeave Branch "waitable.join/leave" "the waitable is only to leave its set";
        WaitableJoinSetKind Trap "waitable.join/set-kind" "the handle is not a waitable set";
    }
    "canon subtask.cancel" {
        SubtaskCancelMayLeave Trap "subtask.cancel/may-leave" "the instance may not be left now";
        SubtaskCancelKind Trap "subtask.cancel/kind" "the handle is not a subtask";
        SubtaskCancelDelivered Trap "subtask.cancel/delivered" "the caller knows already that the subtask has resolved";
        SubtaskCancelTwice Trap "subtask.cancel/twice" "the subtask has been asked to cancel before";
        SubtaskCancelInSet Trap "subtask.cancel/in-set" "the call is synchronous, and the subtask is in a waitable set";
        SubtaskCancelResolved Branch "subtask.cancel/resolved" "the subtask has resolved already";
        SubtaskCancelAtOnce Branch "subtask.cancel/at-once" "the subtask resolves when it is asked";
        SubtaskCancelBlocks Branch "subtask.cancel/blocks" "the call blocks until the subtask has resolved";
    }
    "canon subtask.drop" {
        SubtaskDropMayLeave Trap "subtask.drop/may-leave" "the instance may not be left now";
        SubtaskDropKind Trap "subtask.drop/kind" "the handle is not a subtask";
    }
    "canon {stream,future}.new" {
        StreamNewMayLeave Trap "stream.new/may-leave" "the instance may not be left now";
        FutureNewMayLeave Trap "future.new/may-leave" "the instance may not be left now";
    }
    "canon stream.{read,write}" {
        StreamReadMayLeave Trap "stream.read/may-leave" "the instance may not be left now";
        StreamReadKind Trap "stream.read/kind" "the handle is not the readable end of a stream";
        StreamReadType Trap "stream.read/type" "the stream is of another type";
        StreamReadState Trap "stream.read/state" "the end is copying or done";
        StreamReadInSet Trap "stream.read/in-set" "the call is synchronous, and the end is in a waitable set";
        StreamWriteMayLeave Trap "stream.write/may-leave" "the instance may not be left now";
        StreamWriteKind Trap "stream.write/kind" "the handle is not the writable end of a stream";
        StreamWriteType Trap "stream.write/type" "the stream is of another type";
        StreamWriteState Trap "stream.write/state" "the end is copying or done";
        StreamWriteInSet Trap "stream.write/in-set" "the call is synchronous, and the end is in a waitable set";
        CopyAtOnce Branch "copy/at-once" "the copy is over before the built-in returns";
        CopyBlocks Branch "copy/blocks" "the call blocks until the copy is over";
    }
    "canon future.{read,write}" {
        FutureReadMayLeave Trap "future.read/may-leave" "the instance may not be left now";
        FutureReadKind Trap "future.read/kind" "the handle is not the readable end of a future";
        FutureReadType Trap "future.read/type" "the future is of another type";
        FutureReadState Trap "future.read/state" "the end is copying or done";
        FutureReadInSet Trap "future.read/in-set" "the call is synchronous, and the end is in a waitable set";
        FutureWriteMayLeave Trap "future.write/may-leave" "the instance may not be left now";
        FutureWriteKind Trap "future.write/kind" "the handle is not the writable end of a future";
        FutureWriteType Trap "future.write/type" "the future is of another type";
        FutureWriteState Trap "future.write/state" "the end is copying or done";
        FutureWriteInSet Trap "future.write/in-set" "the call is synchronous, and the end is in a waitable set";
    }
    "canon {stream,future}.cancel-{read,write}" {
        StreamCancelReadMayLeave Trap "stream.cancel-read/may-leave" "the instance may not be left now";
        StreamCancelReadKind Trap "stream.cancel-read/kind" "the handle is not the readable end of a stream";
        StreamCancelReadType Trap "stream.cancel-read/type" "the stream is of another type";
        StreamCancelReadState Trap "stream.cancel-read/state" "no asynchronous copy is under way";
        StreamCancelReadInSet Trap "stream.cancel-read/in-set" "the call is synchronous, and the end is in a waitable set";
        StreamCancelWriteMayLeave Trap "stream.cancel-write/may-leave" "the instance may not be left now";
        StreamCancelWriteKind Trap "stream.cancel-write/kind" "the handle is not the writable end of a stream";
        StreamCancelWriteType Trap "stream.cancel-write/type" "the stream is of another type";
        StreamCancelWriteState Trap "stream.cancel-write/state" "no asynchronous copy is under way";
        StreamCancelWriteInSet Trap "stream.cancel-write/in-set" "the call is synchronous, and the end is in a waitable set";
        FutureCancelReadMayLeave Trap "future.cancel-read/may-leave" "the instance may not be left now";
        FutureCancelReadKind Trap "future.cancel-read/kind" "the handle is not the readable end of a future";
        FutureCancelReadType Trap "future.cancel-read/type" "the future is of another type";
        FutureCancelReadState Trap "future.cancel-read/state" "no asynchronous copy is under way";
        FutureCancelReadInSet Trap "future.cancel-read/in-set" "the call is synchronous, and the end is in a waitable set";
        FutureCancelWriteMayLeave Trap "future.cancel-write/may-leave" "the instance may not be left now";
        FutureCancelWriteKind Trap "future.cancel-write/kind" "the handle is not the writable end of a future";
        FutureCancelWriteType Trap "future.cancel-write/type" "the future is of another type";
        FutureCancelWriteState Trap "future.cancel-write/state" "no asynchronous copy is under way";
        FutureCancelWriteInSet Trap "future.cancel-write/in-set" "the call is synchronous, and the end is in a waitable set";
        CancelCopyCompleted Branch "cancel-copy/completed" "the copy has an event already";
    }
    "canon {stream,future}.drop-{readable,writable}" {
        StreamDropReadableMayLeave Trap "stream.drop-readable/may-leave" "the instance may not be left now";
        StreamDropReadableKind Trap "stream.drop-readable/kind" "the handle is not the readable end of a stream";
        StreamDropReadableType Trap "stream.drop-readable/type" "the stream is of another type";
        StreamDropWritableMayLeave Trap "stream.drop-writable/may-leave" "the instance may not be left now";
        StreamDropWritableKind Trap "stream.drop-writable/kind" "the handle is not the writable end of a stream";
        StreamDropWritableType Trap "stream.drop-writable/type" "the stream is of another type";
        FutureDropReadableMayLeave Trap "future.drop-readable/may-leave" "the instance may not be left now";
        FutureDropReadableKind Trap "future.drop-readable/kind" "the handle is not the readable end of a future";
        FutureDropReadableType Trap "future.drop-readable/type" "the future is of another type";
        FutureDropWritableMayLeave Trap "future.drop-writable/may-leave" "the instance may not be left now";
        FutureDropWritableKind Trap "future.drop-writable/kind" "the handle is not the writable end of a future";
        FutureDropWritableType Trap "future.drop-writable/type" "the future is of another type";
    }
    "canon thread.index" {
        ThreadIndexMayLeave Trap "thread.index/may-leave" "the instance may not be left now";
    }
    "canon thread.new-indirect" {
        ThreadNewIndirectMayLeave Trap "thread.new-indirect/may-leave" "the instance may not be left now";
        ThreadNewIndirectBounds Trap "thread.new-indirect/bounds" "the index is past the end of the table";
        ThreadNewIndirectNull Trap "thread.new-indirect/null" "the table has no function at the index";
        ThreadNewIndirectType Trap "thread.new-indirect/type" "the function is of another type";
    }
    "canon thread.resume-later" {
        ThreadResumeLaterMayLeave Trap "thread.resume-later/may-leave" "the instance may not be left now";
        ThreadResumeLaterSuspended Trap "thread.resume-later/suspended" "the thread is not suspended";
    }
    "canon thread.suspend" {
        ThreadSuspendMayLeave Trap "thread.suspend/may-leave" "the instance may not be left now";
    }
    "canon thread.yield" {
        ThreadYieldMayLeave Trap "thread.yield/may-leave" "the instance may not be left now";
    }
    "canon thread.suspend-then-resume" {
        ThreadSuspendThenResumeMayLeave Trap "thread.suspend-then-resume/may-leave" "the instance may not be left now";
        ThreadSuspendThenResumeSuspended Trap "thread.suspend-then-resume/suspended" "the thread is not suspended";
    }
    "canon thread.yield-then-resume" {
        ThreadYieldThenResumeMayLeave Trap "thread.yield-then-resume/may-leave" "the instance may not be left now";
        ThreadYieldThenResumeSuspended Trap "thread.yield-then-resume/suspended" "the thread is not suspended";
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
    /// The rule with this id.
    pub fn with_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }

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

    /// What was counted here and not in `earlier`, an earlier state of this count.
    pub fn since(&self, earlier: &Coverage) -> Coverage {
        let mut counts = self.counts.clone();
        for (mine, theirs) in counts.iter_mut().zip(&earlier.counts) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = mine.saturating_sub(*theirs);
            }
        }
        Coverage { counts }
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
