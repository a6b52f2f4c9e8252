//! A process group: its limits, its end, and the end of what it writes.

use std::collections::VecDeque;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

/// How much of an output is kept, in bytes and in lines.
const TAIL: usize = 8 << 10;
const TAIL_LINES: usize = 10;

/// The end of an output.
pub(in crate::runtime) type Tail = Arc<Mutex<VecDeque<u8>>>;

/// Ends every process of the group that this process leads, at once.
pub fn kill(leader: u32) {
    signal(leader, "KILL");
}

/// Asks every process of the group that this process leads to end, as Ctrl-C does.
pub fn interrupt(leader: u32) {
    signal(leader, "INT");
}

/// The standard library has no call for it; every POSIX shell has.
fn signal(leader: u32, name: &str) {
    let mut kill = Command::new("/bin/sh");
    kill.args(["-c", "kill -s \"$1\" -- \"-$2\"", "sh", name]);
    kill.arg(leader.to_string());
    let kill = kill.stdin(Stdio::null()).stdout(Stdio::null());
    // It fails where nothing is left of the group.
    let _ = kill.stderr(Stdio::null()).status();
}

/// Limits the memory that a process may have for writing, in bytes.
#[cfg(target_os = "linux")]
pub(in crate::runtime) fn limit_memory(process: u32, memory: u64) {
    limit(process, rlimit::Resource::DATA, memory, memory);
    // No file of the memory's size when it dies.
    limit(process, rlimit::Resource::CORE, 0, 0);
}

/// A process that is gone already needs no limit, so failures are no news.
#[cfg(target_os = "linux")]
pub(super) fn limit(process: u32, resource: rlimit::Resource, soft: u64, hard: u64) {
    if let Ok(id) = i32::try_from(process) {
        let _ = rlimit::prlimit(id, resource, Some((soft, hard)), None);
    }
}

#[cfg(not(target_os = "linux"))]
pub(in crate::runtime) fn limit_memory(_: u32, _: u64) {}

/// Reads an output to its end, and keeps the last of it. `ended` is disconnected then.
pub(in crate::runtime) fn read_tail(mut output: impl Read, tail: &Tail, ended: SyncSender<()>) {
    let mut buffer = [0; 4096];
    loop {
        let read = match output.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => read,
        };
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend(&buffer[..read]);
        let excess = tail.len().saturating_sub(TAIL);
        tail.drain(..excess);
    }
    drop(ended);
}

/// The last lines of an output; empty where there are none.
pub(in crate::runtime) fn last_lines(tail: &Tail) -> String {
    let tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
    let bytes: Vec<u8> = tail.iter().copied().collect();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.trim().lines().collect();
    let last = lines.get(lines.len().saturating_sub(TAIL_LINES)..);
    last.unwrap_or_default().join("\n")
}
