//! What can be changed of a canonical definition without a change of its type.
//!
//! Spec: Binary.md, "Canonical Definitions".

use wasmparser::{CanonicalFunction, CanonicalOption, ComponentCanonicalSectionReader};

use super::{AlterError, Site};

/// Finds the flags of built-ins and the encodings of strings.
pub fn survey(
    canons: &ComponentCanonicalSectionReader<'_>,
    wasm: &[u8],
    sites: &mut Vec<Site>,
) -> Result<(), AlterError> {
    let items: Vec<_> = canons
        .clone()
        .into_iter_with_offsets()
        .collect::<Result<_, _>>()?;
    let ends = items.iter().skip(1).map(|(offset, _)| *offset);
    let ends = ends.chain([canons.range().end]);
    for ((start, canon), end) in items.iter().zip(ends) {
        if let Some(at) = flag(canon, *start, end) {
            sites.push(Site::Byte(at, vec![1 - wasm[at].min(1)]));
        }
        if let Some(at) = encoding(canon, &wasm[*start..end]) {
            let at = start + at;
            let others = (0..3).filter(|byte| *byte != wasm[at]).collect();
            sites.push(Site::Byte(at, others));
        }
    }
    Ok(())
}

/// Where a built-in says `async` or `cancellable`: after its opcode, or at its end.
fn flag(canon: &CanonicalFunction, start: usize, end: usize) -> Option<usize> {
    use CanonicalFunction as C;
    match canon {
        C::SubtaskCancel { .. }
        | C::ThreadYield { .. }
        | C::ThreadSuspend { .. }
        | C::WaitableSetWait { .. }
        | C::WaitableSetPoll { .. } => Some(start + 1),
        C::StreamCancelRead { .. }
        | C::StreamCancelWrite { .. }
        | C::FutureCancelRead { .. }
        | C::FutureCancelWrite { .. } => Some(end - 1),
        _ => None,
    }
}

/// Where an encoding of strings stands, among the definition's bytes.
fn encoding(canon: &CanonicalFunction, bytes: &[u8]) -> Option<usize> {
    use CanonicalFunction as C;
    let options = match canon {
        C::Lift { options, .. }
        | C::Lower { options, .. }
        | C::TaskReturn { options, .. }
        | C::StreamRead { options, .. }
        | C::StreamWrite { options, .. }
        | C::FutureRead { options, .. }
        | C::FutureWrite { options, .. }
        | C::ErrorContextNew { options }
        | C::ErrorContextDebugMessage { options } => options,
        _ => return None,
    };
    // The options stand at the end, but for the type of a lifted function. The encoding is found if it
    // is the first of them, as people write it, and if its place can be told.
    let byte = match options.first()? {
        CanonicalOption::UTF8 => 0,
        CanonicalOption::UTF16 => 1,
        CanonicalOption::CompactUTF16 => 2,
        _ => return None,
    };
    let count = u8::try_from(options.len()).ok()?;
    let mut places = bytes.windows(2).enumerate();
    let found = places.rfind(|(_, window)| *window == [count, byte]);
    found.map(|(at, _)| at + 1)
}
