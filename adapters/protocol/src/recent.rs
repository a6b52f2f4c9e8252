//! The results of work that is wanted again soon, such as compiled components.

use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// How many components stay decoded or compiled: more than a campaign has chassis and twins of them, so
/// that each is compiled once.
pub const COMPONENTS: usize = 128;

/// What was made last, each with what it was made of.
#[derive(Clone, Debug)]
pub struct Recent<K, V> {
    capacity: usize,
    /// The last used first.
    entries: VecDeque<(K, V)>,
}

impl<K, V: Clone> Recent<K, V> {
    /// Room for so many.
    pub fn new(capacity: usize) -> Recent<K, V> {
        Recent {
            capacity,
            entries: VecDeque::new(),
        }
    }

    /// What was made of the first that is wanted, if it is still here.
    pub fn find(&mut self, is_wanted: impl Fn(&K) -> bool) -> Option<V> {
        let at = self.entries.iter().position(|(key, _)| is_wanted(key))?;
        let entry = self.entries.remove(at)?;
        let value = entry.1.clone();
        self.entries.push_front(entry);
        Some(value)
    }

    /// Keeps what was made, in the place of what was not used for longest.
    pub fn keep(&mut self, key: K, value: V) {
        self.entries.truncate(self.capacity.saturating_sub(1));
        self.entries.push_front((key, value));
    }
}

/// Bytes that are told from others quickly.
#[derive(Clone, Debug)]
pub struct Bytes {
    hash: u64,
    bytes: Vec<u8>,
}

impl<V: Clone> Recent<Bytes, V> {
    /// What was made of these bytes, if it is still here.
    pub fn get(&mut self, bytes: &[u8]) -> Option<V> {
        let hash = hash(bytes);
        self.find(|key| key.hash == hash && key.bytes == bytes)
    }

    /// Keeps what was made of these bytes.
    pub fn put(&mut self, bytes: &[u8], value: V) {
        let key = Bytes {
            hash: hash(bytes),
            bytes: bytes.to_vec(),
        };
        self.keep(key, value);
    }

    /// What was made of these bytes, or what `make` makes of them now.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn get_or<E>(
        &mut self,
        bytes: &[u8],
        make: impl FnOnce(&[u8]) -> Result<V, E>,
    ) -> Result<V, E> {
        if let Some(value) = self.get(bytes) {
            return Ok(value);
        }
        let value = make(bytes)?;
        self.put(bytes, value.clone());
        Ok(value)
    }
}

/// How many bytes at each end are hashed. What is alike there and as long is compared.
const ENDS: usize = 512;

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    let ends = ENDS.min(bytes.len());
    bytes.len().hash(&mut hasher);
    bytes[..ends].hash(&mut hasher);
    bytes[bytes.len() - ends..].hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut recent = Recent::new(2);
        let mut made = Vec::new();
        for bytes in [b"a", b"b", b"a", b"c", b"a", b"b"] {
            let value = recent.get_or(bytes, |bytes| {
                made.push(bytes[0]);
                Ok::<u8, ()>(bytes[0])
            });
            assert_eq!(value, Ok(bytes[0]));
        }
        assert_eq!(made, b"abcb");
    }

    #[test]
    fn what_could_not_be_made_is_not_kept() {
        let mut recent = Recent::new(2);
        assert_eq!(recent.get_or(b"a", |_| Err::<u8, _>("no")), Err("no"));
        assert_eq!(recent.get(b"a"), None);
    }
}
