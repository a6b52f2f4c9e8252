//! What the fixed shapes are made of that were planned by hand, and what each is good for.

use super::channel::channel_type;
use super::drawn::FOCUS;
use super::model::Channel;
use super::types::resource_name;
use crate::corners::Corner;
use crate::program::{Encoding, ResourceId, Type};

/// What a shape is made of.
pub(super) struct Plan {
    pub parents: &'static [Option<u32>],
    pub streams: Vec<Option<Type>>,
    pub futures: Vec<Option<Type>>,
    /// The owners of resource types; none is the host.
    pub resources: Vec<Option<u32>>,
    pub threads: bool,
    pub errors: bool,
    /// Functions beside those without parameters and result, of every instance.
    pub functions: Vec<(bool, Vec<Type>, Option<Type>)>,
    /// The types of which the host gives back what it is given, beside strings: whether the function is
    /// `async`, and the type.
    pub echoes: Vec<(bool, Type)>,
    /// Whether the host makes calls that stay open.
    pub open_calls: bool,
    /// Whether the host has ends of the streams and futures.
    pub host_ends: bool,
    pub encodings: [Encoding; 2],
    /// The instances whose first memory has addresses of 64 bits; the second one has not.
    pub wide: Vec<u32>,
    /// The instances that do something at their start, and what.
    pub starts: Vec<(u32, AtStart)>,
}

/// What an instance does at its start.
#[derive(Clone, Copy)]
pub(super) enum AtStart {
    /// It makes a waitable set.
    Set,
    /// It makes a resource of its own, if it has such.
    Resource,
    /// It makes a stream.
    Stream,
    /// It lets nobody in, and then everybody again.
    Backpressure,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            parents: &[None, Some(0), Some(0)],
            streams: Vec::new(),
            futures: Vec::new(),
            resources: Vec::new(),
            threads: false,
            errors: false,
            functions: Vec::new(),
            echoes: Vec::new(),
            open_calls: false,
            host_ends: false,
            encodings: [Encoding::Utf8; 2],
            wide: Vec::new(),
            starts: Vec::new(),
        }
    }
}

/// The plan of this number.
pub(super) fn plan(number: u32) -> Plan {
    let own = || Type::Own(resource_name(ResourceId(0)));
    let borrow = || Type::Borrow(resource_name(ResourceId(0)));
    let borrow_of_host = || Type::Borrow(resource_name(ResourceId(1)));
    let stream = |t| channel_type(Channel::Stream, &t);
    let future = |t| channel_type(Channel::Future, &t);
    let number_streams = || vec![Some(Type::U8), None];
    match number {
        // Streams and futures between instances.
        0 => Plan {
            streams: number_streams(),
            futures: vec![Some(Type::U32), None],
            functions: vec![
                (true, vec![stream(Some(Type::U8))], None),
                (true, vec![stream(None)], None),
                (true, vec![future(Some(Type::U32))], None),
                (false, vec![future(None)], None),
                (false, vec![stream(Some(Type::U8))], None),
                (true, Vec::new(), Some(stream(Some(Type::U8)))),
            ],
            ..Plan::default()
        },
        // Streams and futures of the host's, and calls of it.
        1 => Plan {
            parents: &[None, Some(0)],
            streams: vec![Some(Type::U8), Some(Type::String)],
            futures: vec![Some(Type::U8), None],
            open_calls: true,
            host_ends: true,
            encodings: [Encoding::Utf16, Encoding::Latin1Utf16],
            ..Plan::default()
        },
        // Calls that stay open, and backpressure.
        2 => Plan {
            parents: &[None, Some(0), Some(0), Some(0)],
            open_calls: true,
            functions: vec![(true, vec![Type::U32], Some(Type::U32))],
            ..Plan::default()
        },
        // Resources.
        3 => Plan {
            parents: &[None, Some(0), Some(0), Some(0)],
            resources: vec![Some(1), None, Some(1)],
            streams: vec![Some(own())],
            functions: vec![
                (false, vec![own()], None),
                (true, vec![own()], None),
                (true, vec![borrow()], None),
                (false, vec![borrow()], None),
                (true, vec![borrow(), borrow()], None),
                (true, Vec::new(), Some(own())),
                (false, Vec::new(), Some(own())),
                (false, vec![Type::List(Box::new(own()))], None),
                (true, vec![stream(Some(own()))], None),
                (true, vec![borrow()], None),
                (true, vec![borrow()], None),
                (true, vec![borrow_of_host()], None),
            ],
            ..Plan::default()
        },
        // Threads.
        4 => Plan {
            parents: &[None, Some(0)],
            streams: vec![Some(Type::U8)],
            futures: vec![Some(Type::U8)],
            threads: true,
            open_calls: true,
            ..Plan::default()
        },
        // Values of all types, with two encodings.
        5 => Plan {
            parents: &[None, Some(0)],
            errors: true,
            functions: value_functions(),
            encodings: [Encoding::Utf8, Encoding::Utf16],
            ..Plan::default()
        },
        // Two roots, which pass handles through the host, and other encodings.
        _ => Plan {
            parents: &[None, None, Some(0), Some(0)],
            streams: vec![Some(Type::U8), Some(stream(Some(Type::U8)))],
            futures: vec![Some(stream(Some(Type::U8)))],
            functions: vec![
                (true, vec![stream(Some(stream(Some(Type::U8))))], None),
                (false, vec![Type::String], Some(Type::String)),
                (true, vec![Type::String], Some(Type::String)),
            ],
            host_ends: true,
            errors: true,
            encodings: [Encoding::Latin1Utf16, Encoding::Utf8],
            ..Plan::default()
        },
    }
}

/// Functions with types of every kind, at the limits of what is passed flat.
fn value_functions() -> Vec<(bool, Vec<Type>, Option<Type>)> {
    let list = |t| Type::List(Box::new(t));
    let option = |t| Type::Option(Box::new(t));
    let named = |prefix: &str, count: u32| (0..count).map(|i| format!("{prefix}{i}")).collect();
    let record = Type::Record(vec![
        ("a".into(), Type::U8),
        ("b".into(), Type::F64),
        ("c".into(), Type::String),
    ]);
    let variant = Type::Variant(vec![
        ("a".into(), Some(Type::F32)),
        ("b".into(), None),
        ("c".into(), Some(Type::Tuple(vec![Type::U64, Type::Char]))),
    ]);
    let result = Type::Result(Some(Box::new(Type::String)), Some(Box::new(Type::U16)));
    vec![
        (false, vec![Type::Char], Some(Type::String)),
        (false, vec![Type::ErrorContext], Some(Type::ErrorContext)),
        (false, Vec::new(), Some(Type::Tuple(vec![Type::U32; 3]))),
        (false, vec![Type::String], Some(Type::String)),
        (true, vec![Type::String], Some(Type::String)),
        (false, vec![list(Type::U32)], Some(list(Type::String))),
        (true, vec![record.clone()], Some(record)),
        (false, vec![variant.clone()], Some(variant)),
        (true, vec![option(Type::U8), result.clone()], Some(result)),
        (true, vec![Type::U32; 4], Some(Type::U32)),
        (true, vec![Type::U32; 5], None),
        (false, vec![Type::U8; 16], None),
        (true, vec![Type::U64; 17], None),
        (
            false,
            vec![Type::Enum(named("e", 257))],
            Some(Type::Enum(named("e", 256))),
        ),
        (
            true,
            vec![Type::Flags(named("b", 32))],
            Some(Type::Flags(named("b", 9))),
        ),
        (
            false,
            vec![Type::Bool, Type::S8, Type::S16],
            Some(Type::Char),
        ),
        (true, vec![Type::F32, Type::F64, Type::S64], Some(Type::S32)),
        (
            true,
            vec![Type::Char, list(Type::Char)],
            Some(option(Type::String)),
        ),
    ]
}

/// What the shape of this number is good for.
pub(super) fn focus(number: u32) -> &'static [Corner] {
    match number {
        0 => &[
            Corner::BothEnds,
            Corner::GuestPeer,
            Corner::Sets,
            Corner::WrongUse,
            Corner::OtherTask,
        ],
        1 => &[Corner::HostPeer, Corner::OpenSubtask, Corner::BothEnds],
        2 => &[
            Corner::OpenSubtask,
            Corner::Backpressure,
            Corner::CallbackCodes,
            Corner::HostCancels,
            Corner::Sets,
        ],
        3 => &[
            Corner::Resources,
            Corner::WrongUse,
            Corner::InDestructor,
            Corner::InPostReturn,
            Corner::InRealloc,
        ],
        4 => &[
            Corner::Threads,
            Corner::ContextSlots,
            Corner::OpenSubtask,
            Corner::InPostReturn,
            Corner::InRealloc,
            Corner::WrongUse,
        ],
        5 => &[
            Corner::Values,
            Corner::ErrorContexts,
            Corner::WrongUse,
            Corner::BadRealloc,
            Corner::InPostReturn,
        ],
        6 => &[
            Corner::RootsPassHandles,
            Corner::Values,
            Corner::BadRealloc,
            Corner::WrongUse,
            Corner::InRealloc,
        ],
        _ => FOCUS,
    }
}
