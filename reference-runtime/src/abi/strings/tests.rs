use proptest::prelude::*;

use super::*;
use crate::abi::BorrowScope;
use crate::abi::testing::{Answers, MEMORY_SIZE, Rig};
use crate::machine::limits::Limit;

const ENCODINGS: [StringEncoding; 3] = [
    StringEncoding::Utf8,
    StringEncoding::Utf16,
    StringEncoding::Latin1Utf16,
];
const POINTERS: [PtrType; 2] = [PtrType::I32, PtrType::I64];

/// `text` as it would be lifted from memory in `encoding`.
fn lifted(text: &str, encoding: SourceEncoding) -> StringValue {
    let code_units = match encoding {
        SourceEncoding::Utf8 => text.len(),
        SourceEncoding::Latin1 => text.chars().count(),
        SourceEncoding::Utf16 | SourceEncoding::TaggedUtf16 => text.encode_utf16().count(),
    };
    StringValue {
        text: text.into(),
        encoding: Some(encoding),
        code_units: code_units as u64,
    }
}

fn store(rig: &mut Rig, v: &StringValue) -> Result<Range, Stop> {
    rig.run(BorrowScope::None, |cx| cx.store_string_into_range(v))
}

fn load(rig: &mut Rig, (ptr, units): Range) -> Result<StringValue, Stop> {
    rig.run(BorrowScope::None, |cx| {
        let mut lifting = cx.lifting();
        cx.load_string_from_range(&mut lifting, ptr, units)
    })
}

/// The calls of `realloc` when `text` goes from `from` to `to`, with how many code units of the
/// result and whether they are tagged.
fn trace(text: &str, from: SourceEncoding, to: StringEncoding) -> (Vec<[u64; 4]>, u64, bool) {
    let mut rig = Rig::new(PtrType::I32, to);
    let (_, units) = store(&mut rig, &lifted(text, from)).unwrap();
    (rig.calls(), units & !(1 << 31), units & (1 << 31) != 0)
}

#[test]
fn realloc_is_called_with_the_sizes_that_each_transcoding_guesses_and_corrects() {
    use SourceEncoding as From;
    use StringEncoding as To;
    // The rig allocates upwards from 16. "é" is Latin-1 and takes 2 bytes of UTF-8; "→" is not and
    // takes 3; both take 2 of UTF-16.
    type Calls = &'static [[u64; 4]];
    let table: [(&str, From, To, Calls, u64, bool); 22] = [
        ("aé→", From::Utf8, To::Utf8, &[[0, 0, 1, 6]], 6, false),
        ("", From::Utf8, To::Utf8, &[[0, 0, 1, 0]], 0, false),
        ("aé→", From::Utf16, To::Utf16, &[[0, 0, 2, 6]], 3, false),
        (
            "aé→",
            From::TaggedUtf16,
            To::Utf16,
            &[[0, 0, 2, 6]],
            3,
            false,
        ),
        ("aé", From::Latin1, To::Utf16, &[[0, 0, 2, 4]], 2, false),
        (
            "aé",
            From::Latin1,
            To::Latin1Utf16,
            &[[0, 0, 2, 2]],
            2,
            false,
        ),
        // All ASCII: the guess was right.
        ("ab", From::Utf16, To::Utf8, &[[0, 0, 1, 2]], 2, false),
        ("ab", From::Latin1, To::Utf8, &[[0, 0, 1, 2]], 2, false),
        // 3 units: at worst 9 bytes, in fact 6, so 3 are given back.
        (
            "aé→",
            From::Utf16,
            To::Utf8,
            &[[0, 0, 1, 3], [16, 3, 1, 9], [19, 9, 1, 6]],
            6,
            false,
        ),
        (
            "aé",
            From::Latin1,
            To::Utf8,
            &[[0, 0, 1, 2], [16, 2, 1, 4], [18, 4, 1, 3]],
            3,
            false,
        ),
        // The worst case came true: nothing is given back.
        (
            "→→",
            From::TaggedUtf16,
            To::Utf8,
            &[[0, 0, 1, 2], [16, 2, 1, 6]],
            6,
            false,
        ),
        (
            "éé",
            From::Latin1,
            To::Utf8,
            &[[0, 0, 1, 2], [16, 2, 1, 4]],
            4,
            false,
        ),
        ("ab", From::Utf8, To::Utf16, &[[0, 0, 2, 4]], 2, false),
        (
            "a→",
            From::Utf8,
            To::Utf16,
            &[[0, 0, 2, 8], [16, 8, 2, 4]],
            2,
            false,
        ),
        ("ab", From::Utf8, To::Latin1Utf16, &[[0, 0, 2, 2]], 2, false),
        (
            "aé",
            From::Utf8,
            To::Latin1Utf16,
            &[[0, 0, 2, 3], [16, 3, 2, 2]],
            2,
            false,
        ),
        (
            "aé",
            From::Utf16,
            To::Latin1Utf16,
            &[[0, 0, 2, 2]],
            2,
            false,
        ),
        (
            "aé→",
            From::Utf8,
            To::Latin1Utf16,
            &[[0, 0, 2, 6], [16, 6, 2, 12], [22, 12, 2, 6]],
            3,
            true,
        ),
        (
            "aé→",
            From::Utf16,
            To::Latin1Utf16,
            &[[0, 0, 2, 3], [16, 3, 2, 6]],
            3,
            true,
        ),
        (
            "a→",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[[0, 0, 2, 4]],
            2,
            true,
        ),
        (
            "aé",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[[0, 0, 2, 4], [16, 4, 1, 2]],
            2,
            false,
        ),
        (
            "",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[[0, 0, 2, 0], [16, 0, 1, 0]],
            0,
            false,
        ),
    ];
    for (text, from, to, calls, units, tagged) in table {
        let expected = (calls.to_vec(), units, tagged);
        assert_eq!(
            trace(text, from, to),
            expected,
            "{text:?} from {from:?} to {to:?}"
        );
    }
}

#[test]
fn each_pointer_that_realloc_gives_is_checked_under_its_own_rule() {
    use Rule::*;
    use SourceEncoding as From;
    use StringEncoding as To;
    const END: u64 = MEMORY_SIZE;
    let table: [(&str, From, To, &[u64], Rule); 22] = [
        ("a", From::Utf16, To::Utf16, &[1], StoreCopyAlign),
        ("a", From::Latin1, To::Latin1Utf16, &[1], StoreCopyAlign),
        ("a", From::Utf8, To::Utf8, &[END], StoreCopyBounds),
        ("a", From::Utf16, To::Utf8, &[END], StoreUtf8Bounds),
        (
            "é",
            From::Latin1,
            To::Utf8,
            &[0, END - 1],
            StoreUtf8GrowBounds,
        ),
        (
            "é",
            From::Utf16,
            To::Utf8,
            &[0, 0, END - 1],
            StoreUtf8ShrinkBounds,
        ),
        ("a", From::Utf8, To::Utf16, &[1], StoreUtf16Align),
        ("a", From::Utf8, To::Utf16, &[END], StoreUtf16Bounds),
        ("é", From::Utf8, To::Utf16, &[0, 1], StoreUtf16ShrinkAlign),
        (
            "é",
            From::Utf8,
            To::Utf16,
            &[0, END],
            StoreUtf16ShrinkBounds,
        ),
        ("a", From::Utf8, To::Latin1Utf16, &[1], StoreLatin1Align),
        ("a", From::Utf16, To::Latin1Utf16, &[END], StoreLatin1Bounds),
        (
            "→",
            From::Utf16,
            To::Latin1Utf16,
            &[0, 1],
            StoreLatin1GrowAlign,
        ),
        (
            "→",
            From::Utf16,
            To::Latin1Utf16,
            &[0, END],
            StoreLatin1GrowBounds,
        ),
        (
            "→",
            From::Utf8,
            To::Latin1Utf16,
            &[0, 0, 1],
            StoreLatin1WideShrinkAlign,
        ),
        (
            "→",
            From::Utf8,
            To::Latin1Utf16,
            &[0, 0, END],
            StoreLatin1WideShrinkBounds,
        ),
        (
            "é",
            From::Utf8,
            To::Latin1Utf16,
            &[0, 1],
            StoreLatin1ShrinkAlign,
        ),
        (
            "é",
            From::Utf8,
            To::Latin1Utf16,
            &[0, END],
            StoreLatin1ShrinkBounds,
        ),
        (
            "→",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[1],
            StoreProbablyUtf16Align,
        ),
        (
            "→",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[END],
            StoreProbablyUtf16Bounds,
        ),
        (
            "é",
            From::TaggedUtf16,
            To::Latin1Utf16,
            &[0, END],
            StoreProbablyUtf16ShrinkBounds,
        ),
        ("é→", From::Utf8, To::Utf8, &[END - 4], StoreCopyBounds),
    ];
    for (text, from, to, answers, rule) in table {
        for ptr_type in POINTERS {
            let mut rig = Rig::with_answers(ptr_type, to, Answers::Scripted(answers));
            let stored = store(&mut rig, &lifted(text, from));
            assert_eq!(stored, Err(rule.into()), "{text:?} from {from:?} to {to:?}");
        }
    }
}

#[test]
fn narrowing_to_latin1_leaves_the_alignment_of_the_last_pointer_unchecked() {
    let answers = Answers::Scripted(&[0, 7]);
    let mut rig = Rig::with_answers(PtrType::I32, StringEncoding::Latin1Utf16, answers);
    assert_eq!(
        store(&mut rig, &lifted("é", SourceEncoding::TaggedUtf16)),
        Ok((7, 1))
    );
}

#[test]
fn what_realloc_does_not_copy_is_lost() {
    // "é" is not ASCII, so that "ab" was written before the second call and is not written again.
    let answers = Answers::Scripted(&[0, 100, 200]);
    let mut rig = Rig::with_answers(PtrType::I32, StringEncoding::Utf8, answers);
    let (ptr, size) = store(&mut rig, &lifted("abé", SourceEncoding::Utf16)).unwrap();
    assert_eq!((ptr, rig.read(ptr, size)), (200, vec![0; 4]));
    assert_eq!(rig.read(0, 2), b"ab");
    assert_eq!(rig.read(100, size), [0, 0, 0xC3, 0xA9]);
}

#[test]
fn widening_to_utf16_widens_what_memory_holds() {
    let answers = Answers::Scripted(&[0, 100]);
    let mut rig = Rig::with_answers(PtrType::I32, StringEncoding::Latin1Utf16, answers);
    rig.write(100, b"xyz");
    let (ptr, _) = store(&mut rig, &lifted("ab→", SourceEncoding::Utf16)).unwrap();
    assert_eq!(
        (ptr, rig.read(ptr, 6)),
        (100, vec![b'x', 0, b'y', 0, 0x92, 0x21])
    );
}

#[test]
fn a_string_is_loaded_only_from_a_range_that_holds_one() {
    use StringEncoding::*;
    const MAX: u64 = MAX_STRING_BYTE_LENGTH;
    const TAG: u64 = 1 << 31;
    let table = [
        (Utf8, (0, MAX + 1), Rule::LoadStringLimit),
        (Utf16, (1, MAX / 2 + 1), Rule::LoadStringLimit),
        (Latin1Utf16, (1, TAG | (MAX / 2 + 1)), Rule::LoadStringLimit),
        (Latin1Utf16, (1, MAX + 1), Rule::LoadStringLimit),
        (Utf16, (MEMORY_SIZE + 1, 1), Rule::LoadStringAlign),
        (Latin1Utf16, (1, 0), Rule::LoadStringAlign),
        (Utf8, (MEMORY_SIZE - 1, 2), Rule::LoadStringBounds),
        (Utf8, (MEMORY_SIZE + 1, 0), Rule::LoadStringBounds),
        (Utf16, (0, MAX / 2), Rule::LoadStringBounds),
        (
            Latin1Utf16,
            (MEMORY_SIZE - 2, TAG | 2),
            Rule::LoadStringBounds,
        ),
        // 0: a byte that never occurs in UTF-8; 2: a high surrogate alone; 4: a low one first.
        (Utf8, (0, 1), Rule::LoadStringEncoding),
        (Utf16, (2, 1), Rule::LoadStringEncoding),
        (Latin1Utf16, (4, TAG | 2), Rule::LoadStringEncoding),
    ];
    for (encoding, range, rule) in table {
        let mut rig = Rig::new(PtrType::I32, encoding);
        rig.write(0, &[0xFF, 0, 0x00, 0xD8, 0x00, 0xDC, 0x00, 0xD8]);
        assert_eq!(
            load(&mut rig, range),
            Err(rule.into()),
            "{encoding:?} {range:?}"
        );
    }
}

#[test]
fn the_empty_string_may_lie_at_the_very_end_of_memory() {
    for encoding in ENCODINGS {
        let mut rig = Rig::new(PtrType::I64, encoding);
        assert_eq!(&*load(&mut rig, (MEMORY_SIZE, 0)).unwrap().text, "");
    }
}

#[test]
fn a_tag_counts_only_where_there_is_a_choice_and_at_the_width_of_pointers() {
    let mut rig = Rig::new(PtrType::I64, StringEncoding::Latin1Utf16);
    rig.write(0, &[0xE9, 0]);
    let wide = load(&mut rig, (0, 1 << 63 | 1)).unwrap();
    assert_eq!(
        (&*wide.text, wide.encoding),
        ("é", Some(SourceEncoding::TaggedUtf16))
    );
    let narrow = load(&mut rig, (0, 1)).unwrap();
    assert_eq!(
        (&*narrow.text, narrow.encoding),
        ("é", Some(SourceEncoding::Latin1))
    );
    assert_eq!(
        load(&mut rig, (0, 1 << 31 | 1)),
        Err(Rule::LoadStringLimit.into())
    );
    let mut rig = Rig::new(PtrType::I64, StringEncoding::Utf16);
    assert_eq!(
        load(&mut rig, (0, 1 << 63 | 1)),
        Err(Rule::LoadStringLimit.into())
    );
}

#[test]
fn strings_count_against_the_limits() {
    let mut rig = Rig::new(PtrType::I32, StringEncoding::Utf8);
    rig.limits.elements = 10;
    assert_eq!(load(&mut rig, (0, 352)), Err(Limit::Elements.into()));
    rig.store.fuel = 300;
    assert_eq!(load(&mut rig, (0, 301)), Err(Limit::Fuel.into()));
    rig.store.fuel = 300;
    assert_eq!(
        load(&mut rig, (0, 300)).map(|string| string.code_units),
        Ok(300)
    );
    assert_eq!(rig.store.fuel, 0);
}

fn source() -> impl Strategy<Value = StringValue> {
    let latin1 = proptest::collection::vec(any::<u8>(), 0..40)
        .prop_map(|bytes| bytes.into_iter().map(char::from).collect::<String>());
    let any = proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter);
    let ascii = "[ -~]{0,40}";
    let encoding = prop_oneof![
        Just(SourceEncoding::Utf8),
        Just(SourceEncoding::Utf16),
        Just(SourceEncoding::TaggedUtf16)
    ];
    prop_oneof![
        latin1
            .clone()
            .prop_map(|text| lifted(&text, SourceEncoding::Latin1)),
        (prop_oneof![latin1, any, ascii], encoding).prop_map(|(text, from)| lifted(&text, from)),
    ]
}

/// What memory holds, and whether a tag says so, according to the standard library.
fn encode(text: &str, encoding: StringEncoding) -> (Vec<u8>, bool) {
    let utf16 = || text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    match encoding {
        StringEncoding::Utf8 => (text.as_bytes().to_vec(), false),
        StringEncoding::Utf16 => (utf16(), false),
        StringEncoding::Latin1Utf16 => {
            match text
                .chars()
                .map(u8::try_from)
                .collect::<Result<Vec<_>, _>>()
            {
                Ok(latin1) => (latin1, false),
                Err(_) => (utf16(), true),
            }
        }
    }
}

proptest! {
    #[test]
    fn transcoding_is_that_of_the_standard_library_and_loading_undoes_it(
        v in source(),
        to in proptest::sample::select(&ENCODINGS[..]),
        ptr_type in proptest::sample::select(&POINTERS[..]),
    ) {
        let mut rig = Rig::new(ptr_type, to);
        let (ptr, tagged_units) = store(&mut rig, &v).unwrap();
        let (bytes, tagged) = encode(&v.text, to);
        let tag = utf16_tag(ptr_type);
        prop_assert_eq!(tagged, tagged_units & tag != 0);
        prop_assert_eq!(rig.read(ptr, bytes.len() as u64), bytes);
        let loaded = load(&mut rig, (ptr, tagged_units)).unwrap();
        prop_assert_eq!(&loaded.text, &v.text);
        let expected = loaded.encoding.map(|from| lifted(&v.text, from));
        prop_assert_eq!(Some(loaded), expected);
    }
}
