use super::*;
use crate::program::{LiftForm, Owner};

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

fn profile(form: ProgramForm) -> Profile {
    Profile {
        form,
        ..Profile::default()
    }
}

#[test]
fn every_program_is_one() {
    for form in [ProgramForm::Straight, ProgramForm::Chassis] {
        let profile = profile(form);
        for case in 0..5_000 {
            let Generated { program, .. } = generated(1, case, &profile);
            if let Err(fault) = program.check() {
                panic!("{form:?} {case}: {fault}");
            }
        }
    }
}

#[test]
fn a_fixed_shape_stays_as_it_is_whatever_its_bodies_do() {
    let profile = profile(ProgramForm::Chassis);
    let shapes: Vec<Program> = (0..chassis::SHAPES)
        .map(|number| shape_of(chassis::shape(number, &profile)))
        .collect();
    for case in 0..500 {
        let shape = shape_of(generated(3, case, &profile).program);
        assert!(shapes.contains(&shape), "case {case}");
    }
}

/// The program without what its bodies do.
fn shape_of(mut program: Program) -> Program {
    let nothing = || calls::empty();
    program.actions.clear();
    for resource in &mut program.resources {
        if let Owner::Instance {
            destructor: Some(destructor),
            ..
        } = &mut resource.owner
        {
            destructor.body = nothing();
        }
    }
    for instance in &mut program.instances {
        instance.realloc = Some(nothing());
        for function in &mut instance.functions {
            function.body.blocks.clear();
            if let LiftForm::Sync {
                post_return: Some(block),
            } = &mut function.lift.form
            {
                *block = nothing();
            }
        }
        for thread in &mut instance.threads {
            thread.body = nothing();
        }
    }
    program
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
