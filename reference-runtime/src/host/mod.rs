//! The scripted host: the one world, `assize:host`, that tests import.
//!
//! The host does nothing on its own. Its calls return, its copies start and end and its ends are
//! dropped when a guest's call says so, which makes what the host does part of a test and not of
//! its timing. What a runtime leaves open is only when: in the guest's call, in any later call of a
//! built-in, or while no guest runs. The choice points of the host are about that.
//!
//! A component imports an instance named [`WORLD`]. Its functions may have any types that fit what
//! their [`Verb`] does; its resource types are the host's.
//!
//! What stands here is what an embedder would write against `Store.invoke`, `Store.lower` and the
//! interfaces `ReadableStream` and `WritableStream` of the specification. Spec: CanonicalABI.md,
//! "Embedding", "Stream State", "Future State".

mod call;
mod end;
mod event;
mod state;
#[cfg(test)]
mod tests;
mod turn;
mod verb;

pub use event::{HostEvent, Lane};
pub use state::{
    EndOp, Host, HostCopy, HostEnd, HostFunc, ImportCall, ImportCallId, ImportState, Release, Token,
};
pub use verb::Verb;

/// The name of the import.
pub const WORLD: &str = "assize:host/world@0.1.0";
