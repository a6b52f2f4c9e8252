//! The adapter that misbehaves.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::{Command, exit};
use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};

const LONG: Duration = Duration::from_secs(600);

/// Answers requests until there are no more.
pub fn serve(mode: &str) -> ! {
    let dir = PathBuf::from(std::env::args().nth(3).unwrap_or_default());
    let starts = OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.join("starts"));
    starts
        .and_then(|mut file| file.write_all(b"start\n"))
        .expect("a note of the start");
    let mut deaf = false;
    for line in io::stdin().lock().lines() {
        let line = line.expect("a line of input");
        let request: Json = serde_json::from_str(&line).expect("a request");
        if mode == "hello" {
            exit(4);
        }
        if request["export"] == "misbehave" {
            misbehave(mode, &request["id"], &dir);
        }
        deaf |= request["export"] == "misread";
        say(&answer(mode, &request));
        if request["method"] == "bye" {
            exit(0);
        }
        if deaf && request["method"] == "instantiate" {
            thread::sleep(LONG);
        }
    }
    exit(0);
}

fn say(message: &Json) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{message}").and_then(|()| out.flush());
    if written.is_err() {
        exit(5);
    }
}

/// The answer to any request, for a runtime whose functions all return their argument.
fn answer(mode: &str, request: &Json) -> Json {
    let ok = match request["method"].as_str().unwrap_or_default() {
        "hello" => {
            let capabilities: &[&str] = if mode == "keep" { &["remains"] } else { &[] };
            json!({"name": "fake", "version": "1", "protocol": 1, "capabilities": capabilities})
        }
        "remains" => json!({"remains": "a task"}),
        "load" => json!({"definition": 1}),
        "instantiate" => json!({"instance": 1}),
        "call" => json!({"call": 1, "outcome": {"returned": request["args"]}}),
        _ => json!({}),
    };
    json!({"id": request["id"], "ok": ok})
}

fn misbehave(mode: &str, id: &Json, dir: &std::path::Path) {
    let mut out = io::stdout().lock();
    match mode {
        "exit" => {
            eprintln!("I have had enough");
            exit(3);
        }
        "abort" => std::process::abort(),
        "sleep" => thread::sleep(LONG),
        "spin" => spin(),
        "gigabyte" => {
            let block = vec![b'x'; 1 << 20];
            for _ in 0..1024 {
                if out.write_all(&block).is_err() {
                    exit(5);
                }
            }
        }
        "flood" => while writeln!(out, "{}", json!({"id": 0, "ok": {}})).is_ok() {},
        "noise" => {
            let block = vec![b'x'; 1 << 20];
            for _ in 0..200 {
                io::stderr().write_all(&block).expect("standard error");
            }
            eprintln!("\nthe last of it");
            exit(3);
        }
        "allocate" => {
            let mut held = Vec::new();
            loop {
                // What is limited is what is asked for. Writing to it would take time that is limited, too.
                held.push(std::hint::black_box(Vec::<u8>::with_capacity(16 << 20)));
            }
        }
        "order" => {
            let earlier = id.as_u64().unwrap_or_default().saturating_sub(1);
            let _ = writeln!(out, "{}", json!({"id": earlier, "ok": {}}));
        }
        "garbage" => {
            let _ = writeln!(out, "Segmentation fault (core dumped)");
        }
        "nest" => {
            let _ = writeln!(out, "{}", "[".repeat(1 << 20));
        }
        "dense" => {
            let ones = "1,".repeat((4 << 20) / 2 - 100);
            let start = format!("{{\"id\": {id}, \"ok\": {{\"outcome\": {{\"returned\": [[");
            let _ = writeln!(out, "{start}{ones}1]]}}}}}}");
        }
        "shape" => {
            let _ = writeln!(out, "{}", json!({"id": id, "ok": {"outcome": 1}}));
        }
        "value" => {
            let returned = json!({"outcome": {"returned": [1]}});
            let _ = writeln!(out, "{}", json!({"id": id, "ok": returned}));
        }
        "close" => close(),
        "fork" => fork(dir),
        _ => {}
    }
}

fn spin() {
    let mut number = 0_u64;
    loop {
        number = std::hint::black_box(number.wrapping_add(1));
    }
}

/// Closes standard output, which safe Rust cannot do itself, by handing over to a program that
/// does.
fn close() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec >&-; sleep 600"]);
    let error = std::os::unix::process::CommandExt::exec(&mut shell);
    eprintln!("no shell: {error}");
    exit(6);
}

/// Leaves the work to a child that does not hear polite requests to end.
fn fork(dir: &std::path::Path) {
    let mut child = Command::new("sh")
        .args(["-c", "trap '' TERM; while :; do sleep 1; done"])
        .spawn()
        .expect("a shell");
    fs::write(dir.join("child"), child.id().to_string()).expect("a note of the child");
    child.wait().expect("a child");
}
