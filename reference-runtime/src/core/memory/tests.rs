//! That a memory is a row of bytes, and that it shares what it can.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use proptest::prelude::*;

use super::{CHUNK, CHUNK_SIZE, IndexType, Memory, PAGE_SIZE};
use crate::core::trap::Limit;

fn of_pages(pages: u64) -> Memory {
    Memory::new(pages, None, IndexType::I32, 65_536).expect("the limit is that of the type")
}

fn hash(memory: &Memory) -> u64 {
    let mut hasher = DefaultHasher::new();
    memory.hash(&mut hasher);
    hasher.finish()
}

fn stored(memory: &Memory) -> usize {
    memory.chunks.iter().flatten().count()
}

fn contents(memory: &Memory) -> Vec<u8> {
    let mut bytes = vec![0xaa; memory.len_bytes() as usize];
    memory.read(0, &mut bytes).expect("that is all of it");
    bytes
}

#[test]
fn a_write_to_a_clone_copies_exactly_one_chunk() {
    let mut original = of_pages(1);
    original.fill(0, 1, PAGE_SIZE).expect("in bounds");
    for at in 0..16 {
        original.store(at * CHUNK, [at as u8]).expect("in bounds");
    }
    let mut clone = original.clone();
    clone.store(5 * CHUNK + 7, [9]).expect("in bounds");
    for (at, (a, b)) in original.chunks.iter().zip(&clone.chunks).enumerate() {
        let (a, b) = (a.as_ref().expect("filled"), b.as_ref().expect("filled"));
        assert_eq!(Arc::ptr_eq(a, b), at != 5, "chunk {at}");
        assert_eq!(
            Arc::strong_count(a),
            if at == 5 { 1 } else { 2 },
            "chunk {at}"
        );
    }
    assert_eq!(original.load(5 * CHUNK + 7), Some([1]));
    assert_eq!(clone.load(5 * CHUNK + 7), Some([9]));
}

#[test]
fn a_write_to_a_chunk_of_ones_own_copies_nothing() {
    let mut memory = of_pages(1);
    memory.store(0, [1]).expect("in bounds");
    let before = memory.chunks[0].as_ref().map(Arc::as_ptr);
    memory.store(1, [2]).expect("in bounds");
    assert_eq!(memory.chunks[0].as_ref().map(Arc::as_ptr), before);
}

#[test]
fn an_access_must_lie_wholly_within_the_memory() {
    let mut memory = of_pages(1);
    let end = PAGE_SIZE;
    assert_eq!(memory.load(end - 8), Some([0; 8]));
    for addr in [end - 7, end - 1, end, end + 1, u64::MAX - 7, u64::MAX] {
        assert_eq!(memory.load::<8>(addr), None, "at {addr}");
        assert_eq!(memory.store(addr, [1; 8]), None, "at {addr}");
        assert_eq!(memory.read(addr, &mut [0; 8]), None, "at {addr}");
        assert_eq!(memory.write(addr, &[1; 8]), None, "at {addr}");
        assert_eq!(memory.fill(addr, 1, 8), None, "at {addr}");
        assert_eq!(memory.copy_within(addr, 0, 8), None, "at {addr}");
        assert_eq!(memory.copy_within(0, addr, 8), None, "at {addr}");
        assert_eq!(
            memory.copy_from(&memory.clone(), addr, 0, 8),
            None,
            "at {addr}"
        );
        assert_eq!(
            memory.copy_from(&memory.clone(), 0, addr, 8),
            None,
            "at {addr}"
        );
    }
    assert_eq!(memory.fill(1, 1, u64::MAX), None);
    assert_eq!(memory.copy_within(1, 2, u64::MAX), None);
    assert_eq!(stored(&memory), 0, "a refused access has no effect");
}

#[test]
fn an_access_of_no_bytes_may_lie_at_the_end_but_not_past_it() {
    let mut memory = of_pages(1);
    assert_eq!(memory.fill(PAGE_SIZE, 1, 0), Some(()));
    assert_eq!(memory.copy_within(PAGE_SIZE, PAGE_SIZE, 0), Some(()));
    assert_eq!(memory.write(PAGE_SIZE, &[]), Some(()));
    assert_eq!(memory.fill(PAGE_SIZE + 1, 1, 0), None);
    assert_eq!(memory.copy_within(0, PAGE_SIZE + 1, 0), None);
}

#[test]
fn growing_adds_zeros_up_to_the_maximum_and_the_limit() {
    let mut bounded = Memory::new(1, Some(3), IndexType::I32, 10).expect("within the limit");
    assert_eq!(bounded.load::<1>(PAGE_SIZE), None);
    assert_eq!(
        [bounded.grow(1), bounded.grow(2), bounded.grow(0)],
        [Some(1), None, Some(2)]
    );
    assert_eq!(bounded.load(PAGE_SIZE), Some([0]));
    let mut limited = Memory::new(1, None, IndexType::I64, 10).expect("within the limit");
    assert_eq!(
        [limited.grow(u64::MAX), limited.grow(10), limited.grow(9)],
        [None, None, Some(1)]
    );
    let mut narrow = Memory::new(0, None, IndexType::I32, u64::MAX).expect("within the limit");
    assert_eq!([narrow.grow(65_537), narrow.grow(65_536)], [None, Some(0)]);
}

#[test]
fn a_memory_larger_than_the_limit_is_refused() {
    assert_eq!(
        Memory::new(11, None, IndexType::I64, 10).err(),
        Some(Limit::Memory)
    );
    assert_eq!(
        Memory::new(1 << 48, None, IndexType::I64, u64::MAX).err(),
        Some(Limit::Memory)
    );
}

#[test]
fn an_untouched_memory_of_any_size_stores_nothing() {
    let mut memory = Memory::new(1 << 40, None, IndexType::I64, 1 << 40).expect("at the limit");
    let end = memory.len_bytes();
    assert_eq!(memory.load(end - 8), Some([0; 8]));
    memory.store(end - 8, [0; 8]).expect("in bounds");
    memory.write(end - 5000, &[0; 5000]).expect("in bounds");
    memory.fill(0, 0, end).expect("in bounds");
    assert_eq!(memory.chunks.capacity(), 0);
}

#[test]
fn filling_whole_chunks_stores_zeros_nowhere_and_other_bytes_once() {
    let mut memory = of_pages(2);
    memory.fill(100, 7, 2 * PAGE_SIZE - 200).expect("in bounds");
    let whole = memory.chunks[1].as_ref().expect("filled");
    assert_eq!(Arc::strong_count(whole), 30);
    memory.fill(0, 0, 2 * PAGE_SIZE).expect("in bounds");
    assert_eq!(stored(&memory), 0);
}

#[test]
fn copying_whole_chunks_shares_them() {
    let mut source = of_pages(1);
    source.write(0, &[3; 2 * CHUNK_SIZE]).expect("in bounds");
    let mut target = of_pages(1);
    target
        .copy_from(&source, 4 * CHUNK, CHUNK, 2 * CHUNK)
        .expect("in bounds");
    let shared = target.chunks[4].as_ref().expect("copied");
    assert!(Arc::ptr_eq(
        shared,
        source.chunks[1].as_ref().expect("written")
    ));
    assert_eq!(stored(&target), 1, "the second chunk is of zeros");
}

#[test]
fn zeros_compare_and_hash_alike_whether_stored_or_absent() {
    let untouched = of_pages(1);
    let mut touched = of_pages(1);
    touched.store(3 * CHUNK, [1]).expect("in bounds");
    assert_ne!(touched, untouched);
    touched.store(3 * CHUNK, [0]).expect("in bounds");
    assert_eq!(stored(&touched), 1);
    assert_eq!(touched, untouched);
    assert_eq!(untouched, touched);
    assert_eq!(hash(&touched), hash(&untouched));
}

#[test]
fn memories_that_differ_in_a_byte_or_its_place_or_their_size_differ() {
    let with = |addr: u64, byte: u8| {
        let mut memory = of_pages(1);
        memory.store(addr, [byte]).expect("in bounds");
        memory
    };
    let mut all = vec![of_pages(1), of_pages(2)];
    for addr in [0, 1, 8, 32, 64, CHUNK - 1, CHUNK, PAGE_SIZE - 1] {
        all.extend([with(addr, 1), with(addr, 0x80)]);
    }
    for (i, a) in all.iter().enumerate() {
        for (j, b) in all.iter().enumerate() {
            assert_eq!(
                (a == b, hash(a) == hash(b)),
                (i == j, i == j),
                "{i} and {j}"
            );
        }
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Store { addr: u64, value: u64 },
    Write { addr: u64, byte: u8, n: u64 },
    Fill { addr: u64, byte: u8, n: u64 },
    CopyWithin { dst: u64, src: u64, n: u64 },
    CopyFromClone { dst: u64, src: u64, n: u64 },
}

/// Addresses and lengths near the borders of chunks as often as anywhere; some out of bounds.
fn place() -> impl Strategy<Value = u64> {
    let border = (0..=17u64, 0..=18u64).prop_map(|(at, near)| (at * CHUNK + near).max(9) - 9);
    prop_oneof![0..=PAGE_SIZE, border]
}

fn operation() -> impl Strategy<Value = Operation> {
    let byte = || prop_oneof![Just(0u8), any::<u8>()];
    prop_oneof![
        (place(), any::<u64>()).prop_map(|(addr, value)| Operation::Store { addr, value }),
        (place(), byte(), place()).prop_map(|(addr, byte, n)| {
            Operation::Write {
                addr,
                byte,
                n: n / 2,
            }
        }),
        (place(), byte(), place()).prop_map(|(addr, byte, n)| {
            Operation::Fill {
                addr,
                byte,
                n: n / 2,
            }
        }),
        (place(), place(), place())
            .prop_map(|(dst, src, n)| { Operation::CopyWithin { dst, src, n: n / 2 } }),
        (place(), place(), place())
            .prop_map(|(dst, src, n)| { Operation::CopyFromClone { dst, src, n: n / 2 } }),
    ]
}

fn apply(memory: &mut Memory, operation: &Operation) -> Option<()> {
    match *operation {
        Operation::Store { addr, value } => memory.store(addr, value.to_le_bytes()),
        Operation::Write { addr, byte, n } => memory.write(addr, &vec![byte; n as usize]),
        Operation::Fill { addr, byte, n } => memory.fill(addr, byte, n),
        Operation::CopyWithin { dst, src, n } => memory.copy_within(dst, src, n),
        Operation::CopyFromClone { dst, src, n } => memory.copy_from(&memory.clone(), dst, src, n),
    }
}

/// The same on a plain row of bytes.
fn apply_plainly(bytes: &mut [u8], operation: &Operation) -> Option<()> {
    let range = |addr: u64, n: u64| addr as usize..(addr + n) as usize;
    match *operation {
        Operation::Store { addr, value } => {
            bytes
                .get_mut(range(addr, 8))?
                .copy_from_slice(&value.to_le_bytes());
        }
        Operation::Write { addr, byte, n } | Operation::Fill { addr, byte, n } => {
            bytes.get_mut(range(addr, n))?.fill(byte);
        }
        Operation::CopyWithin { dst, src, n } | Operation::CopyFromClone { dst, src, n } => {
            let source = bytes.get(range(src, n))?.to_vec();
            bytes.get_mut(range(dst, n))?.copy_from_slice(&source);
        }
    }
    Some(())
}

proptest! {
    #[test]
    fn a_memory_behaves_as_a_row_of_bytes(
        operations in proptest::collection::vec(operation(), 1..24),
        probes in proptest::collection::vec(place(), 8),
    ) {
        let mut memory = of_pages(1);
        let mut bytes = vec![0; PAGE_SIZE as usize];
        for operation in &operations {
            let before = memory.clone();
            let bytes_before = bytes.clone();
            prop_assert_eq!(
                apply(&mut memory, operation),
                apply_plainly(&mut bytes, operation),
                "{:?}", operation
            );
            prop_assert!(contents(&memory) == bytes, "{operation:?}");
            prop_assert!(contents(&before) == bytes_before, "clone changed by {operation:?}");
        }
        for addr in probes {
            let expected = bytes.get(addr as usize..addr as usize + 8);
            prop_assert_eq!(memory.load::<8>(addr).map(Vec::from), expected.map(Vec::from));
        }
        let mut rebuilt = of_pages(1);
        rebuilt.write(0, &bytes).expect("as long as the memory");
        prop_assert!(rebuilt == memory && hash(&rebuilt) == hash(&memory));
    }
}
