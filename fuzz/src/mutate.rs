//! Damage done to a binary, as data: a list of edits that makes the same damage each time.

/// One edit. Positions and lengths are taken modulo what the binary has, so every edit applies to
/// every binary that is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Replaces a byte.
    Set {
        /// Where.
        at: usize,
        /// With what.
        byte: u8,
    },
    /// Flips a bit.
    Flip {
        /// In which byte.
        at: usize,
        /// Which bit, 0 to 7.
        bit: u8,
    },
    /// Adds to a byte, which often makes an index or a constant another one that is valid.
    Nudge {
        /// To which byte.
        at: usize,
        /// How much, modulo 256.
        by: i8,
    },
    /// Puts bytes in.
    Insert {
        /// Before which byte.
        at: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// Takes bytes out.
    Remove {
        /// From where on.
        at: usize,
        /// How many.
        length: usize,
    },
    /// Copies bytes to another place, over what is there or in between.
    Copy {
        /// From where on.
        from: usize,
        /// How many.
        length: usize,
        /// To where.
        to: usize,
        /// Whether what is there stays, after the copy.
        keep: bool,
    },
    /// Cuts the binary off.
    Truncate {
        /// How many bytes stay.
        length: usize,
    },
}

/// The most bytes that a damaged binary has: inserting cannot make it grow without end.
pub const MAX_LENGTH: usize = 1 << 20;

/// `bytes` with `edits` made one after the other.
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edit in edits {
        if !bytes.is_empty() {
            apply_one(&mut bytes, edit);
        }
        bytes.truncate(MAX_LENGTH);
    }
    bytes
}

fn apply_one(bytes: &mut Vec<u8>, edit: &Edit) {
    let len = bytes.len();
    match edit {
        Edit::Set { at, byte } => bytes[at % len] = *byte,
        Edit::Flip { at, bit } => bytes[at % len] ^= 1 << (bit % 8),
        Edit::Nudge { at, by } => bytes[at % len] = bytes[at % len].wrapping_add_signed(*by),
        Edit::Insert { at, bytes: new } => {
            let at = at % (len + 1);
            bytes.splice(at..at, new.iter().copied());
        }
        Edit::Remove { at, length } => {
            let at = at % len;
            bytes.drain(at..at + length % (len - at + 1));
        }
        Edit::Copy {
            from,
            length,
            to,
            keep,
        } => {
            let from = from % len;
            let copy = bytes[from..from + length % (len - from + 1)].to_vec();
            let to = to % len;
            let end = if *keep { to } else { len.min(to + copy.len()) };
            bytes.splice(to..end, copy);
        }
        Edit::Truncate { length } => bytes.truncate(length % len),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_one_after_the_other() {
        let edits = [
            Edit::Set { at: 1, byte: b'x' },
            Edit::Insert {
                at: 5,
                bytes: b"yz".to_vec(),
            },
            Edit::Remove { at: 0, length: 1 },
            Edit::Copy {
                from: 0,
                length: 2,
                to: 3,
                keep: false,
            },
        ];
        assert_eq!(apply(b"abcde", &edits), b"xcdxcz");
    }

    #[test]
    fn positions_wrap_around() {
        assert_eq!(apply(b"ab", &[Edit::Flip { at: 3, bit: 8 }]), b"ac");
        assert_eq!(apply(b"a\0", &[Edit::Nudge { at: 3, by: -1 }]), b"a\xff");
        assert_eq!(apply(b"ab", &[Edit::Truncate { length: 5 }]), b"a");
    }

    #[test]
    fn nothing_is_done_to_an_empty_binary() {
        assert_eq!(apply(b"", &[Edit::Set { at: 7, byte: 0 }]), b"");
    }
}
