use std::collections::BTreeSet;

use super::*;
use crate::testing;

const COMPONENT: &str = r#"(component
  (core func $yield (canon thread.yield))
  (core func $cancel (canon subtask.cancel))
  (core func $set (canon waitable-set.new))
  (core func $index (canon waitable-set.drop))
  (core module $m
    (import "" "yield" (func $yield (result i32)))
    (import "" "set" (func $set (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (param i32) (result i32)
      (local $n i32)
      (if (local.get 0) (then (call $drop (i32.const 7)) (call $drop (i32.const 9))))
      (local.set $n (call $yield))
      (call $drop (call $set))
      (i32.const 300)))
  (core instance $i (instantiate $m (with "" (instance
    (export "yield" (func $yield)) (export "set" (func $set)) (export "drop" (func $index))))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run"))))"#;

fn component() -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(COMPONENT).unwrap();
    let mut wat = wast::parser::parse::<wast::Wat<'_>>(&buffer).unwrap();
    wat.encode().unwrap()
}

#[test]
fn without_changes_the_binary_stays_as_it_is() {
    let wasm = component();
    assert_eq!(Layout::of(&wasm).unwrap().write(&wasm, &[]), wasm);
}

#[test]
fn every_kind_of_change_is_offered() {
    let sites = survey(&component()).unwrap();
    let kinds: BTreeSet<_> = sites
        .iter()
        .map(|site| match site {
            Site::Statement(_) => "statement",
            Site::Pair(..) => "pair",
            Site::Constant(..) => "constant",
            Site::Call(..) => "call",
            Site::Gap(..) => "gap",
            Site::Byte(..) => "byte",
        })
        .collect();
    let all = ["byte", "call", "constant", "gap", "pair", "statement"];
    assert_eq!(kinds, all.into());
}

#[test]
fn most_changes_leave_the_component_valid_and_make_another() {
    let wasm = component();
    let altered = (0..1_000).filter_map(|seed| {
        let bytes = testing::bytes(seed, 256);
        match alter(&wasm, &mut Unstructured::new(&bytes)) {
            Ok(altered) => Some(altered),
            Err(AlterError::Broken(_)) => None,
            Err(error) => panic!("{error}"),
        }
    });
    let altered: Vec<_> = altered.collect();
    assert!(altered.len() > 800, "{}", altered.len());
    let different: BTreeSet<_> = altered.iter().filter(|altered| **altered != wasm).collect();
    assert!(different.len() > 500, "{}", different.len());
}

#[test]
fn the_same_bytes_make_the_same_change() {
    let wasm = component();
    for seed in 0..50 {
        let bytes = testing::bytes(seed, 256);
        let once = alter(&wasm, &mut Unstructured::new(&bytes)).ok();
        assert_eq!(once, alter(&wasm, &mut Unstructured::new(&bytes)).ok());
    }
}

#[test]
fn what_is_no_component_is_refused() {
    let mut u = Unstructured::new(&[1; 64]);
    let refused = alter(b"\0asm\x0d\0\x01\0\xff", &mut u);
    assert!(matches!(refused, Err(AlterError::Invalid(_))));
    let refused = alter(b"\0asm\x0d\0\x01\0", &mut u);
    assert!(matches!(refused, Err(AlterError::Nothing)));
}
