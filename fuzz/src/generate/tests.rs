use super::*;

fn generated(seed: u64, case: u64, profile: &Profile) -> Generated {
    let source = Source::seeded(seed, case);
    let mut u = Unstructured::new(source.bytes());
    program(&mut u, profile).expect("a generator that fails is reported")
}

#[test]
fn the_same_bytes_give_the_same_program() {
    let profile = Profile::default();
    for case in 0..100 {
        assert_eq!(generated(1, case, &profile), generated(1, case, &profile));
    }
}

#[test]
fn every_program_is_one() {
    let profile = Profile::default();
    for case in 0..10_000 {
        let Generated { program, .. } = generated(1, case, &profile);
        if let Err(fault) = program.check() {
            panic!("case {case}: {fault}");
        }
    }
}

#[test]
fn every_corner_is_aimed_at() {
    let profile = Profile::default();
    let mut corners = Corners::default();
    for case in 0..3_000 {
        corners.merge(&generated(2, case, &profile).corners);
    }
    let missed = Corner::ALL
        .iter()
        .filter(|corner| corners.get(**corner) == 0);
    let missed: Vec<_> = missed.map(|corner| corner.id()).collect();
    assert!(missed.is_empty(), "{missed:?}");
}
