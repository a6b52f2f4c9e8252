//! Canonical definitions.
//!
//! Spec: Binary.md, "Canonical Definitions".

use wasmparser::{CanonicalFunction, CanonicalOption};

use super::types::val_type;
use crate::component::ast::{
    Abi, Cancellable, Canon, CanonOptions, Channel, ContextType, End, StringEncoding,
};
use crate::error::LoadError;

/// A canonical definition. The offset of an error counts from its start.
pub fn canon(item: CanonicalFunction) -> Result<Canon, LoadError> {
    use CanonicalFunction as From;
    Ok(match item {
        From::Lift {
            core_func_index,
            type_index,
            options,
        } => Canon::Lift {
            core_func: core_func_index,
            options: canon_options(&options)?,
            ty: type_index,
        },
        From::Lower {
            func_index,
            options,
        } => Canon::Lower {
            func: func_index,
            options: options_but_for_lift(&options)?,
        },
        From::ResourceNew { resource } => Canon::ResourceNew(resource),
        From::ResourceDrop { resource } => Canon::ResourceDrop(resource),
        From::ResourceRep { resource } => Canon::ResourceRep(resource),
        From::ContextGet { ty, slot } => Canon::ContextGet(context_type(ty), slot),
        From::ContextSet { ty, slot } => Canon::ContextSet(context_type(ty), slot),
        From::BackpressureInc => Canon::BackpressureInc,
        From::BackpressureDec => Canon::BackpressureDec,
        From::TaskReturn { result, options } => Canon::TaskReturn {
            result: result.map(val_type),
            options: options_but_for_lift(&options)?,
        },
        From::TaskCancel => Canon::TaskCancel,
        From::WaitableSetNew => Canon::WaitableSetNew,
        From::WaitableSetWait {
            cancellable: c,
            memory,
        } => Canon::WaitableSetWait(cancellable(c), memory),
        From::WaitableSetPoll {
            cancellable: c,
            memory,
        } => Canon::WaitableSetPoll(cancellable(c), memory),
        From::WaitableSetDrop => Canon::WaitableSetDrop,
        From::WaitableJoin => Canon::WaitableJoin,
        From::SubtaskCancel { async_ } => Canon::SubtaskCancel(abi(async_)),
        From::SubtaskDrop => Canon::SubtaskDrop,
        From::ErrorContextNew { options } => {
            Canon::ErrorContextNew(options_but_for_lift(&options)?)
        }
        From::ErrorContextDebugMessage { options } => {
            Canon::ErrorContextDebugMessage(options_but_for_lift(&options)?)
        }
        From::ErrorContextDrop => Canon::ErrorContextDrop,
        other => return channel(other),
    })
}

fn channel(item: CanonicalFunction) -> Result<Canon, LoadError> {
    use CanonicalFunction as From;
    use Channel::{Future, Stream};
    use End::{Readable, Writable};
    Ok(match item {
        From::StreamNew { ty } => Canon::ChannelNew(Stream, ty),
        From::StreamRead { ty, options } => copy(Stream, Readable, ty, &options)?,
        From::StreamWrite { ty, options } => copy(Stream, Writable, ty, &options)?,
        From::StreamCancelRead { ty, async_ } => {
            Canon::ChannelCancel(Stream, Readable, ty, abi(async_))
        }
        From::StreamCancelWrite { ty, async_ } => {
            Canon::ChannelCancel(Stream, Writable, ty, abi(async_))
        }
        From::StreamDropReadable { ty } => Canon::ChannelDrop(Stream, Readable, ty),
        From::StreamDropWritable { ty } => Canon::ChannelDrop(Stream, Writable, ty),
        From::FutureNew { ty } => Canon::ChannelNew(Future, ty),
        From::FutureRead { ty, options } => copy(Future, Readable, ty, &options)?,
        From::FutureWrite { ty, options } => copy(Future, Writable, ty, &options)?,
        From::FutureCancelRead { ty, async_ } => {
            Canon::ChannelCancel(Future, Readable, ty, abi(async_))
        }
        From::FutureCancelWrite { ty, async_ } => {
            Canon::ChannelCancel(Future, Writable, ty, abi(async_))
        }
        From::FutureDropReadable { ty } => Canon::ChannelDrop(Future, Readable, ty),
        From::FutureDropWritable { ty } => Canon::ChannelDrop(Future, Writable, ty),
        other => return thread(&other),
    })
}

fn thread(item: &CanonicalFunction) -> Result<Canon, LoadError> {
    use CanonicalFunction as From;
    Ok(match *item {
        From::ThreadIndex => Canon::ThreadIndex,
        From::ThreadNewIndirect {
            func_ty_index,
            table_index,
        } => Canon::ThreadNewIndirect(func_ty_index, table_index),
        From::ThreadResumeLater => Canon::ThreadResumeLater,
        From::ThreadSuspend { cancellable: c } => Canon::ThreadSuspend(cancellable(c)),
        From::ThreadYield { cancellable: c } => Canon::ThreadYield(cancellable(c)),
        From::ThreadSuspendThenResume { cancellable: c } => {
            Canon::ThreadSuspendThenResume(cancellable(c))
        }
        From::ThreadYieldThenResume { cancellable: c } => {
            Canon::ThreadYieldThenResume(cancellable(c))
        }
        From::ThreadSuspendThenPromote { cancellable: c } => {
            Canon::ThreadSuspendThenPromote(cancellable(c))
        }
        From::ThreadYieldThenPromote { cancellable: c } => {
            Canon::ThreadYieldThenPromote(cancellable(c))
        }
        _ => {
            return Err(LoadError::Unsupported {
                feature: "shared-everything threads",
            });
        }
    })
}

fn copy(
    channel: Channel,
    end: End,
    ty: u32,
    options: &[CanonicalOption],
) -> Result<Canon, LoadError> {
    Ok(Canon::ChannelCopy(
        channel,
        end,
        ty,
        options_but_for_lift(options)?,
    ))
}

/// The options of everything else than `canon lift`, to which two belong alone. `wasmparser` does not
/// look at those two for `future.write`, not even at whether there are such functions.
///
/// Spec: CanonicalABI.md, "canonopt Validation".
fn options_but_for_lift(options: &[CanonicalOption]) -> Result<CanonOptions, LoadError> {
    let name = |option: &CanonicalOption| match option {
        CanonicalOption::PostReturn(_) => Some("post-return"),
        CanonicalOption::Callback(_) => Some("callback"),
        _ => None,
    };
    match options.iter().find_map(name) {
        Some(name) => Err(LoadError::Invalid {
            offset: 0,
            message: format!("canonical option `{name}` is for `canon lift` only"),
        }),
        None => canon_options(options),
    }
}

fn canon_options(options: &[CanonicalOption]) -> Result<CanonOptions, LoadError> {
    let mut out = CanonOptions::default();
    for option in options {
        match *option {
            CanonicalOption::UTF8 => out.string_encoding = StringEncoding::Utf8,
            CanonicalOption::UTF16 => out.string_encoding = StringEncoding::Utf16,
            CanonicalOption::CompactUTF16 => out.string_encoding = StringEncoding::Latin1Utf16,
            CanonicalOption::Memory(index) => out.memory = Some(index),
            CanonicalOption::Realloc(index) => out.realloc = Some(index),
            CanonicalOption::PostReturn(index) => out.post_return = Some(index),
            CanonicalOption::Async => out.abi = Abi::Async,
            CanonicalOption::Callback(index) => out.callback = Some(index),
            CanonicalOption::CoreType(_) | CanonicalOption::Gc => {
                return Err(LoadError::Unsupported {
                    feature: "garbage-collected ABI",
                });
            }
        }
    }
    Ok(out)
}

fn context_type(ty: wasmparser::ValType) -> ContextType {
    if ty == wasmparser::ValType::I64 {
        ContextType::I64
    } else {
        ContextType::I32
    }
}

fn abi(async_: bool) -> Abi {
    if async_ { Abi::Async } else { Abi::Sync }
}

fn cancellable(cancellable: bool) -> Cancellable {
    if cancellable {
        Cancellable::Yes
    } else {
        Cancellable::No
    }
}
