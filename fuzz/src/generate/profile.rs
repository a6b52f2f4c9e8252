//! What programs a campaign wants.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::corners::Weights;
use crate::program::{Canon, Form};

/// What programs are to be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How often which corner is chosen.
    pub weights: Weights,
    /// Of how many programs in a hundred one step is a deliberate mistake.
    pub mistakes: u32,
    /// Which shapes programs have.
    pub form: ProgramForm,
    /// What the runtime can do, by the names that adapters declare.
    pub capabilities: Capabilities,
    /// About how many steps a program has at most.
    pub size: u32,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile {
            weights: Weights::default(),
            mistakes: 50,
            form: ProgramForm::Straight,
            capabilities: Capabilities::all(),
            size: 60,
        }
    }
}

/// Which shapes programs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramForm {
    /// Each its own.
    Straight,
    /// One of a few fixed ones, so that a runtime compiles few components.
    Chassis,
}

/// Names all capabilities that the generator knows.
macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident $id:literal;)*) => {
        /// Something that a runtime need not be able to do, and that a program may need.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Need {
            $($(#[$doc])* #[serde(rename = $id)] $name,)*
        }

        impl Need {
            /// Every one.
            pub const ALL: &'static [Need] = &[$(Need::$name,)*];

            /// The name that adapters declare.
            pub fn id(self) -> &'static str {
                match self {
                    $(Need::$name => $id,)*
                }
            }
        }
    };
}

capabilities! {
    /// Built-ins of threads.
    Threads "threads";
    /// Functions that are lifted `async` without a callback.
    Stackful "stackful";
    /// Error contexts.
    ErrorContext "error-context";
    /// Memories with addresses of 64 bits.
    Memory64 "memory64";
    /// Lists of fixed length.
    FixedLengthLists "fixed-length-lists";
    /// Maps.
    Map "map";
    /// Synchronous copies, and cancellations that do not block.
    AsyncBuiltins "async-builtins";
    /// Several calls of the host's at once.
    ConcurrentCalls "concurrent-calls";
    /// Cancellation by the host.
    CallCancel "call-cancel";
    /// `trace` and `echo`.
    HostTrace "host.trace";
    /// `pending` and `resolve`.
    HostPending "host.pending";
    /// `stubborn` and `acknowledge`.
    HostStubborn "host.stubborn";
    /// `unstarted` and `start`.
    HostUnstarted "host.unstarted";
    /// Streams of the host's.
    HostStreams "host.streams";
    /// Copies that the host cancels.
    HostStreamCancel "host.stream-cancel";
    /// Copies of the host's that have no length.
    HostZeroLength "host.zero-length";
    /// Buffers that the host does not give back at once.
    HostHold "host.hold";
    /// Ends that the host hands out.
    HostGive "host.give";
    /// Futures of the host's.
    HostFutures "host.futures";
    /// Resources of the host's.
    HostResources "host.resources";
}

/// What a runtime can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeSet<Need>", into = "BTreeSet<Need>")]
pub struct Capabilities(u32);

impl Capabilities {
    /// Everything.
    pub fn all() -> Capabilities {
        Capabilities::from(Need::ALL.iter().copied().collect::<BTreeSet<_>>())
    }

    /// What is named; names that the generator does not know make no difference to it.
    pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Capabilities {
        let named: BTreeSet<&str> = names.into_iter().collect();
        let known = Need::ALL.iter().copied();
        Capabilities::from(
            known
                .filter(|need| named.contains(need.id()))
                .collect::<BTreeSet<_>>(),
        )
    }

    /// The same, but for one thing.
    pub fn without(self, need: Need) -> Capabilities {
        Capabilities(self.0 & !(1 << need as u32))
    }

    /// Whether a program may need it.
    pub fn has(self, need: Need) -> bool {
        self.0 & (1 << need as u32) != 0
    }
}

impl From<BTreeSet<Need>> for Capabilities {
    fn from(needs: BTreeSet<Need>) -> Capabilities {
        Capabilities(
            needs
                .into_iter()
                .fold(0, |bits, need| bits | (1 << need as u32)),
        )
    }
}

impl From<Capabilities> for BTreeSet<Need> {
    fn from(capabilities: Capabilities) -> BTreeSet<Need> {
        let all = Need::ALL.iter().copied();
        all.filter(|need| capabilities.has(*need)).collect()
    }
}

/// What a runtime must be able to do for a built-in.
pub(super) fn allowed(profile: &Profile, canon: &Canon) -> bool {
    let need = match canon {
        Canon::ThreadIndex
        | Canon::ThreadNewIndirect
        | Canon::ThreadResumeLater
        | Canon::ThreadSuspend(_)
        | Canon::ThreadSuspendThenResume(_)
        | Canon::ThreadYieldThenResume(_)
        | Canon::ThreadSuspendThenPromote(_)
        | Canon::ThreadYieldThenPromote(_) => Need::Threads,
        Canon::ErrorContextNew(_)
        | Canon::ErrorContextDebugMessage(_)
        | Canon::ErrorContextDrop => Need::ErrorContext,
        Canon::SubtaskCancel(Form::Async)
        | Canon::StreamCancelRead(_, Form::Async)
        | Canon::StreamCancelWrite(_, Form::Async)
        | Canon::FutureCancelRead(_, Form::Async)
        | Canon::FutureCancelWrite(_, Form::Async) => Need::AsyncBuiltins,
        Canon::StreamRead(_, copy)
        | Canon::StreamWrite(_, copy)
        | Canon::FutureRead(_, copy)
        | Canon::FutureWrite(_, copy)
            if copy.form == Form::Sync =>
        {
            Need::AsyncBuiltins
        }
        _ => return true,
    };
    profile.capabilities.has(need)
}

/// What a runtime must be able to do for a function of the host world.
pub(super) fn host_need(verb: &str) -> Option<Need> {
    Some(match verb {
        "trace" | "echo" => Need::HostTrace,
        "pending" | "resolve" => Need::HostPending,
        "stubborn" | "acknowledge" => Need::HostStubborn,
        "unstarted" | "start" => Need::HostUnstarted,
        "stream-cancel" => Need::HostStreamCancel,
        "stream-give" | "future-give" => Need::HostGive,
        "stream-hold" | "stream-release" | "future-hold" | "future-release" => Need::HostHold,
        _ if verb.starts_with("stream-") => Need::HostStreams,
        _ if verb.starts_with("future-") => Need::HostFutures,
        _ if verb.starts_with("resource-") => Need::HostResources,
        _ => return None,
    })
}
