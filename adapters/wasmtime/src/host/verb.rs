//! What the host's functions do, by the beginning of their names.

/// A stream or a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Stream,
    Future,
}

/// What a function of the host world does, as far as Wasmtime lets a host do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Trace,
    Echo,
    Pending,
    Resolve,
    New(Channel),
    Take(Channel),
    Give(Channel),
    Read(Channel),
    Write(Channel),
    Cancel(Channel),
    Drop(Channel),
    Hold(Channel),
    Release(Channel),
    ResourceNew,
    ResourceRep,
    ResourceTake,
}

/// A verb once it is known whether it is about a stream or a future.
type OnEnd = fn(Channel) -> Verb;

/// The verbs for one of the host's ends.
const ON_ENDS: [(&str, OnEnd); 9] = [
    ("new", Verb::New),
    ("take", Verb::Take),
    ("give", Verb::Give),
    ("read", Verb::Read),
    ("write", Verb::Write),
    ("cancel", Verb::Cancel),
    ("drop", Verb::Drop),
    ("hold", Verb::Hold),
    ("release", Verb::Release),
];

const OTHERS: [(&str, Verb); 7] = [
    ("trace", Verb::Trace),
    ("echo", Verb::Echo),
    ("pending", Verb::Pending),
    ("resolve", Verb::Resolve),
    ("resource-new", Verb::ResourceNew),
    ("resource-rep", Verb::ResourceRep),
    ("resource-take", Verb::ResourceTake),
];

/// Verbs that Wasmtime has no way to serve, with the capability that each belongs to: it drops
/// the future of a host function as soon as the guest asks to cancel it, and it takes the
/// arguments of every call at once.
const BEYOND: [(&str, &str); 4] = [
    ("stubborn", "host.stubborn"),
    ("acknowledge", "host.stubborn"),
    ("unstarted", "host.unstarted"),
    ("start", "host.unstarted"),
];

impl Verb {
    /// The verb of the function `name`: the whole name, or what stands before a `-`. Otherwise
    /// what the runtime would have to have.
    pub(super) fn of(name: &str) -> Result<Verb, String> {
        if let Some((_, verb)) = OTHERS.iter().find(|(word, _)| after(name, word).is_some()) {
            return Ok(*verb);
        }
        for (word, channel) in [("stream", Channel::Stream), ("future", Channel::Future)] {
            let Some(rest) = after(name, word) else {
                continue;
            };
            let found = ON_ENDS.iter().find(|(word, _)| after(rest, word).is_some());
            if let Some((_, verb)) = found {
                return Ok(verb(channel));
            }
        }
        let found = BEYOND.iter().find(|(word, _)| after(name, word).is_some());
        Err(found.map_or_else(
            || format!("host function `{name}`"),
            |(_, capability)| (*capability).to_owned(),
        ))
    }
}

/// What stands after the word and the hyphen that follows it, if `name` begins with the word.
fn after<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let rest = name.strip_prefix(word)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_the_whole_name_or_stands_before_a_hyphen() {
        assert_eq!(Verb::of("trace"), Ok(Verb::Trace));
        assert_eq!(Verb::of("trace-two"), Ok(Verb::Trace));
        assert_eq!(Verb::of("stream-new"), Ok(Verb::New(Channel::Stream)));
        assert_eq!(Verb::of("future-read-u8"), Ok(Verb::Read(Channel::Future)));
        assert!(Verb::of("traces").is_err());
        assert!(Verb::of("stream").is_err());
    }

    #[test]
    fn what_wasmtime_cannot_serve_is_named_by_its_capability() {
        assert_eq!(Verb::of("stubborn-b"), Err("host.stubborn".to_owned()));
        assert_eq!(Verb::of("start"), Err("host.unstarted".to_owned()));
    }
}
