//! What is left when a command is stopped in its middle, or the disk is full: nothing that was saved is
//! lost, and what is there is whole.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use assize_fuzz::corpus::{Feed, Generator};
use assize_fuzz::findings::{Findings, Record, Saved, files};
use assize_fuzz::generate::Capabilities;
use assize_fuzz::minimise::size;
use assize_fuzz::oracle::{Finding, Judge, Outcome};
use assize_fuzz::signature::Kind;
use assize_fuzz::subject::{Seat, Subject};
use assize_fuzz::trial::{Shape, Trial};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// The rule that the runtime has wrong.
const RULE: &str = "waitable-set.drop/elements";

/// A wrong reference that takes its time: each request comes to it a moment later.
fn against() -> String {
    let later = "while IFS= read -r line; do sleep 0.01; printf \"%s\\n\" \"$line\"; done";
    format!("slow=sh -c '{later} | {XTASK} serve reference --mutant {RULE}'")
}

/// A program that is large, and what that runtime does wrong with it.
fn large() -> (Subject, Trial, Finding) {
    let fast = Subject::find(&format!("reference@mutant:{RULE}")).expect("a mutant");
    let names = fast.info().capabilities.clone();
    let capabilities = Capabilities::named(names.iter().map(|name| name.0.as_str()));
    let feed = Generator::new(vec![Shape::Straight], capabilities);
    let mut seat = Seat::new(fast);
    let mut judge = Judge::default();
    let is_it = |outcome: &Outcome| match outcome {
        Outcome::Finding(found) => found.signature.kind == Kind::Inadmissible,
        _ => false,
    };
    for number in 0..5_000 {
        let Ok(trial) = feed.trial(1, number) else {
            continue;
        };
        if size(trial.program().expect("a program")) < 50 {
            continue;
        }
        if judge
            .judge(&trial, &mut seat)
            .is_ok_and(|outcome| is_it(&outcome))
        {
            let slow = Subject::find(&against()).expect("a runtime");
            let Ok(Outcome::Finding(found)) = judge.judge(&trial, &mut Seat::new(slow.clone()))
            else {
                panic!("the slow one does what the fast one does");
            };
            return (slow, trial, *found);
        }
    }
    panic!("none of the programs shows it");
}

/// The same, written as a finding below `root`.
fn written(root: &Path) -> PathBuf {
    let (subject, trial, found) = large();
    let record = Record::new(&subject, &trial, &found, 1, 0);
    let root = root.to_owned();
    Findings { root }
        .write(&trial, &found, &record)
        .expect("a finding")
}

fn xtask(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(XTASK);
    command.args(arguments).current_dir(dir);
    command
}

fn started(mut command: Command) -> Child {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("xtask starts")
}

/// What Ctrl-C does to a command that is under way.
fn interrupted(mut child: Child) -> Output {
    assert!(
        child.try_wait().expect("a child").is_none(),
        "it has ended by itself"
    );
    let id = child.id().to_string();
    let sent = Command::new("kill")
        .args(["-INT", &id])
        .status()
        .expect("there is `kill`");
    assert!(sent.success());
    child.wait_with_output().expect("a child")
}

fn text(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr];
    parts.map(|part| String::from_utf8_lossy(part)).concat()
}

/// What is below a directory of findings, hidden or not.
fn entries(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).expect("a folder");
    let names = entries.map(|entry| {
        entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name")
    });
    names.collect()
}

fn steps(saved: &Saved) -> usize {
    size(saved.program.as_ref().expect("a program"))
}

#[test]
fn minimising_that_is_stopped_keeps_the_best_so_far_and_goes_on_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let finding = written(dir.path());
    let before = steps(&Findings::read(&finding).unwrap());
    let name = finding.to_str().unwrap();

    // On a machine that is busy, nothing may have been tried by then: it is stopped later.
    let stopped = (1..=8).map(|times| {
        let child = started(xtask(dir.path(), &["minimise", name, "--time", "10m"]));
        thread::sleep(times * Duration::from_millis(1000));
        let answer = interrupted(child);
        assert_eq!(answer.status.code(), Some(0), "{}", text(&answer));
        assert_eq!(entries(dir.path()).len(), 1, "{:?}", entries(dir.path()));
        Findings::read(&finding).unwrap()
    });
    let stopped = { stopped }.find(|saved| steps(saved) < before);
    let stopped = stopped.expect("it becomes smaller within seconds");

    let child = started(xtask(dir.path(), &["minimise", name, "--time", "10s"]));
    let answer = child.wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(0), "{}", text(&answer));
    let after = Findings::read(&finding).unwrap();
    assert!(steps(&after) <= steps(&stopped));
    assert_eq!(after.record.signature, stopped.record.signature);
}

#[test]
fn a_campaign_that_is_stopped_while_it_minimises_has_a_whole_finding_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (_, trial, _) = large();
    let corpus = dir.path().join("corpus");
    fs::create_dir_all(&corpus).unwrap();
    let program = serde_json::to_string(trial.program().unwrap()).unwrap();
    fs::write(corpus.join("large.json"), program).unwrap();
    let before = size(trial.program().unwrap());

    let runtime = against();
    let corpus = corpus.to_str().unwrap();
    let found = dir.path().join("found");
    let fuzz = |more: &[&str]| {
        let line = ["fuzz", "--against", &runtime, "--corpus", corpus];
        let findings = ["--findings", "found", "--cases", "40", "-j1"];
        let arguments = line.into_iter().chain(findings).chain(more.iter().copied());
        xtask(dir.path(), &arguments.collect::<Vec<_>>())
    };
    let child = started(fuzz(&["--from", "0"]));
    let deadline = Instant::now() + Duration::from_secs(60);
    let is_there = || {
        let entries = fs::read_dir(&found).into_iter().flatten().flatten();
        let mut entries = entries.map(|entry| entry.path());
        entries.find(|path| path.join(files::RECORD).is_file())
    };
    while is_there().is_none() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    thread::sleep(Duration::from_millis(200));
    let answer = interrupted(child);
    assert_eq!(answer.status.code(), Some(1), "{}", text(&answer));
    // How many cases there were by then depends on the machine.
    let last = "findings: 1 new, 0 known; undecided: 0 of ";
    assert!(text(&answer).contains(last), "{}", text(&answer));
    assert_eq!(entries(&found).len(), 1, "{:?}", entries(&found));
    let saved = Findings::read(&is_there().unwrap()).unwrap();
    assert!(steps(&saved) <= before);

    let answer = started(fuzz(&[])).wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(0), "{}", text(&answer));
    let told = text(&answer);
    assert!(
        told.contains("goes on with case ") && told.contains("where it was left"),
        "{told}"
    );
    assert!(told.contains("findings: 0 new, 1 known;"), "{told}");
}

/// The command with no room for any file.
fn without_room(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    let line = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
    shell.args(["-c", line, "sh"]).arg(command.get_program());
    shell.args(command.get_args());
    shell.current_dir(command.get_current_dir().expect("it has a folder"));
    shell
}

#[test]
fn where_there_is_no_room_one_line_says_so_and_what_is_there_stays_whole() {
    let dir = tempfile::tempdir().unwrap();
    let finding = written(dir.path());
    let name = finding.to_str().unwrap();
    let saved = || {
        let names = entries(&finding);
        names
            .into_iter()
            .map(|name| (fs::read(finding.join(&name)).unwrap(), name))
    };
    let before: Vec<_> = saved().collect();

    let minimise = xtask(dir.path(), &["minimise", name, "--time", "2s"]);
    let answer = started(without_room(&minimise)).wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(2), "{}", text(&answer));
    let err = String::from_utf8_lossy(&answer.stderr);
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("program.json: File too large"), "{err}");
    assert_eq!(saved().collect::<Vec<_>>(), before);
    assert_eq!(entries(dir.path()).len(), 1, "{:?}", entries(dir.path()));

    let runtime = against();
    let line = [
        "fuzz",
        "--against",
        &runtime,
        "--corpus",
        name,
        "--findings",
        "found",
    ];
    let more = ["--cases", "5", "--from", "0"];
    let fuzz = xtask(dir.path(), &[&line[..], &more[..]].concat());
    let answer = started(without_room(&fuzz)).wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(2), "{}", text(&answer));
    let err = String::from_utf8_lossy(&answer.stderr);
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("File too large"), "{err}");
    assert_eq!(entries(&dir.path().join("found")), [""; 0]);
}

#[test]
fn a_finding_that_was_taken_away_for_a_new_one_that_never_came_is_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let finding = written(dir.path());
    let name = finding.file_name().unwrap().to_str().unwrap();
    let former = dir.path().join(format!(".{name}.former"));
    fs::rename(&finding, &former).unwrap();
    let answer = started(xtask(dir.path(), &["reproduce", name]));
    let answer = answer.wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(1), "{}", text(&answer));
    assert!(
        text(&answer).contains("reproduced: slow-"),
        "{}",
        text(&answer)
    );
    assert!(finding.is_dir() && !former.exists());
}
