//! Samples become valid components, and show on the reference what they should.

use assize_reference::abi::Value;
use assize_reference::explore::run::{Ran, Run};
use assize_reference::explore::script::Event;
use assize_reference::host::HostEvent;
use assize_reference::machine::choice::Deterministic;
use assize_reference::machine::limits::Limits;
use assize_reference::machine::reading::Reading;
use wasmparser::{Validator, WasmFeatures};
use wast::parser::{self, ParseBuffer};
use wast::{Wast, WastDirective};

use super::{Chassis, Command, EmitError, Emitted, chassis, straight, wat};
use crate::program::samples::{self, Sample, build};
use crate::program::{End, LiftForm, Owner, Program, Slot, SlotId};

/// The most choices of one run.
const MAX_CHOICES: usize = 10_000;

fn run(program: &Program, emitted: &Emitted) -> Ran {
    let script = match samples::script(program, emitted) {
        Ok(script) => script,
        Err(error) => panic!("{error}\n{}", wat(emitted, "")),
    };
    let start = Run::new(Limits::default(), Reading::Text);
    start.finish(&script, &mut Deterministic, MAX_CHOICES)
}

fn marks(ran: &Ran) -> Vec<(u32, u64)> {
    let marks = ran.seen.iter().filter_map(|event| match event {
        HostEvent::Called { func, args, .. } if &**func == "trace-mark" => match args[..] {
            [Value::U32(place), Value::U64(value)] => Some((place, value)),
            _ => None,
        },
        _ => None,
    });
    marks.collect()
}

fn validate(emitted: &Emitted, what: &str) {
    for (name, wasm) in &emitted.components {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        if let Err(error) = validator.validate_all(wasm) {
            panic!("{what}: {name}: {error}\n{}", wat(emitted, ""));
        }
    }
}

fn check(sample: &Sample, emitted: &Emitted, form: &str) -> Ran {
    let what = format!("{} ({form})", sample.name);
    validate(emitted, &what);
    let ran = run(&sample.program, emitted);
    let stopped = ran.trace.iter().find(|event| {
        !matches!(
            event,
            Event::Instantiated | Event::Started | Event::Returned(_)
        )
    });
    assert_eq!(
        stopped,
        None,
        "{what}: {:?}\n{}",
        marks(&ran),
        wat(emitted, "")
    );
    assert_eq!(marks(&ran), sample.marks, "{what}\n{}", wat(emitted, ""));
    ran
}

#[test]
fn samples_show_in_the_readable_form_what_they_should() {
    for sample in &samples::all() {
        let emitted = straight(&sample.program).expect(sample.name);
        check(sample, &emitted, "straight");
    }
}

#[test]
fn samples_show_the_same_in_both_forms() {
    for sample in samples::all() {
        let straight = check(
            &sample,
            &straight(&sample.program).expect(sample.name),
            "straight",
        );
        let chassis = check(
            &sample,
            &chassis(&sample.program).expect(sample.name),
            "chassis",
        );
        assert_eq!(straight.seen, chassis.seen, "{}", sample.name);
        let actions = sample.program.actions.len();
        let of_program = |ran: &Ran| ran.trace[ran.trace.len() - actions..].to_vec();
        assert_eq!(
            of_program(&straight),
            of_program(&chassis),
            "{}",
            sample.name
        );
    }
}

/// The program with all that its shape does not say taken away, as far as a program needs none.
fn idle(program: &Program) -> Program {
    let mut idle = program.clone();
    let slot = Slot {
        name: "idle".to_owned(),
    };
    let nothing = |end: End| build::block(Vec::new(), end);
    idle.actions.clear();
    for resource in &mut idle.resources {
        if let Owner::Instance {
            destructor: Some(destructor),
            ..
        } = &mut resource.owner
        {
            destructor.parameter = SlotId(0);
            destructor.body = nothing(End::Nothing);
        }
    }
    for instance in &mut idle.instances {
        instance.slots = vec![slot.clone()].into();
        instance.realloc = None;
        for thread in &mut instance.threads {
            thread.parameter = SlotId(0);
            thread.body = nothing(End::Unreachable);
        }
        for function in &mut instance.functions {
            function.parameters.fill(SlotId(0));
            function.body.blocks = vec![nothing(End::Unreachable)];
            match &mut function.lift.form {
                LiftForm::Sync {
                    post_return: Some(block),
                } => *block = nothing(End::Nothing),
                LiftForm::Callback { event } => event.fill(SlotId(0)),
                LiftForm::Sync { post_return: None } | LiftForm::Stackful => {}
            }
        }
    }
    idle
}

#[test]
fn the_components_of_the_chassis_depend_on_the_shape_alone() {
    let mut before: Vec<Program> = Vec::new();
    for Sample { name, program, .. } in samples::all() {
        let idle = idle(&program);
        assert_ne!(idle, program, "{name}");
        assert!(idle.has_shape_of(&program), "{name}");
        let components = |program| chassis(program).expect(name).components;
        assert_eq!(components(&idle), components(&program), "{name}");
        let kept = Chassis::new(&idle).expect(name).emit(&program);
        assert_eq!(kept, chassis(&program), "{name}");
        let mut others = before.iter();
        assert!(!others.any(|other| other.has_shape_of(&program)), "{name}");
        before.push(program);
    }
}

#[test]
fn a_chassis_takes_programs_of_its_shape_alone() {
    let samples = samples::all();
    let chassis = Chassis::new(&samples[0].program).expect(samples[0].name);
    assert_eq!(chassis.commands(&samples[1].program), Err(EmitError::Shape));
    let mut faulty = samples[0].program.clone();
    faulty.instances[1].functions[0].body.blocks.clear();
    let fault = faulty.check().unwrap_err();
    assert_eq!(chassis.commands(&faulty), Err(EmitError::Fault(fault)));
}

#[test]
fn a_chassis_has_no_starts_at_which_other_bodies_run() {
    let mut samples = samples::all().into_iter();
    let sample = samples.find(|sample| sample.name == "threads");
    let mut program = sample.expect("there is one").program;
    assert!(chassis(&program).is_ok());
    let thread = build::canon(0, &[build::k(0), build::k(0)], Some(0));
    program.instances[0].start = Some(build::block(vec![thread], End::Nothing));
    assert_eq!(chassis(&program), Err(EmitError::Start(0)));
    program.instances[0].start = Some(build::block(Vec::new(), End::Exit));
    let fault = program.check().unwrap_err();
    assert_eq!(chassis(&program), Err(EmitError::Fault(fault)));
}

#[test]
fn bodies_that_do_not_fit_are_refused() {
    let mut sample = samples::all().remove(0);
    let mark = build::mark(7, build::k(0));
    let steps = &mut sample.program.instances[2].functions[0].body.blocks[0].steps;
    steps.extend(std::iter::repeat_n(mark, 20_000));
    assert_eq!(chassis(&sample.program), Err(EmitError::TooLarge(2)));
    assert!(straight(&sample.program).is_ok());
}

#[test]
fn the_text_of_a_test_is_that_of_its_components() {
    for Sample { name, program, .. } in samples::all() {
        let emitted = straight(&program).expect(name);
        let text = wat(&emitted, "What it is about,\n\nin two lines.");
        assert!(text.starts_with(
            ";; What it is about,\n;;\n;; in two lines.\n;; script: instance i0 = $i0\n"
        ));
        let buffer = ParseBuffer::new(&text).expect(name);
        let script = parser::parse::<Wast<'_>>(&buffer);
        let script = script.unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let components = script
            .directives
            .into_iter()
            .map(|directive| match directive {
                WastDirective::Module(mut wat) => {
                    let component = wat.name().map(|name| name.name().to_owned());
                    (component.expect(name), wat.encode().expect(name).into())
                }
                _ => panic!("{name}: there is more than components in it"),
            });
        let read = Emitted {
            components: components.collect(),
            commands: emitted.commands.clone(),
        };
        assert_eq!(
            run(&program, &read).seen,
            run(&program, &emitted).seen,
            "{name}"
        );
    }
}

#[test]
fn commands_are_lines_of_a_script() {
    let sample = samples::all().remove(0);
    let emitted = straight(&sample.program).expect(sample.name);
    let lines: Vec<_> = emitted.commands.iter().map(Command::to_string).collect();
    assert_eq!(
        lines,
        [
            "instance i0 = $i0",
            "start c0 = i0.i3-f0(5)",
            "await c0",
            "start c2 = i0.i1-f0(1)",
            "await c2"
        ]
    );
}
