//! Memory over repeated runs: a runtime that is started anew for each case, in one process, is not to grow
//! without bound.
//!
//! How much memory a process has is no exact thing: allocators keep what is freed, collectors take
//! their time, caches fill. So a campaign only looks, and where the process of a runtime has grown a lot,
//! the last cases are run again, each by itself, again and again, with the runtime in a fresh process. What
//! grows without bound grows then as well, by much and evenly: that is a finding. All else is none.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::oracle::{Finding, Judge, Outcome, finding};
use crate::signature::Kind;
use crate::subject::Seat;
use crate::trial::Trial;

/// By how many bytes a runtime's process may grow in a campaign before somebody asks why.
pub const SUSPICIOUS: u64 = 256 << 20;

/// How many of the last cases are asked.
pub const SUSPECTS: u64 = 32;

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many bytes.
    pub growth: u64,
    /// Within so long.
    pub time: Duration,
    /// After so many runs, which may take what they keep for later ones.
    pub warm_up: u32,
}

/// What counts as a finding.
pub const CERTAIN: Limits = Limits {
    growth: 256 << 20,
    time: Duration::from_secs(60),
    warm_up: 200,
};

/// What is worth a longer look.
pub const LIKELY: Limits = Limits {
    growth: 8 << 20,
    time: Duration::from_secs(2),
    warm_up: 50,
};

/// How many bytes of memory a process has in use, where the system tells.
pub fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Runs a case again and again. Gives what is to be said of the runtime if its process grows by too much,
/// and evenly.
pub fn check(
    trial: &Trial,
    judge: &mut Judge,
    seat: &mut Seat,
    limits: Limits,
    stop: &AtomicBool,
) -> Option<Finding> {
    let prepared = judge.prepare(trial).ok()?;
    let began = Instant::now();
    let mut curve = Vec::new();
    let mut process = None;
    for run in 0_u32.. {
        if stop.load(Ordering::Relaxed) || began.elapsed() > limits.time {
            return None;
        }
        let driven = judge.run_only(&prepared, seat).ok()?;
        if driven.lost_runtime() {
            return None;
        }
        if run < limits.warm_up {
            continue;
        }
        // One that was started anew begins anew.
        if process.replace(seat.process()) != Some(seat.process()) {
            curve.clear();
        }
        curve.push(resident(seat.process())?);
        if is_endless(&curve, limits.growth) {
            break;
        }
    }
    let grown = curve.last()? - curve.first()?;
    let what = format!(
        "its process grows by {} bytes with each run of the same case",
        grown / curve.len() as u64
    );
    match finding(Kind::Growth, &seat.subject.info().name, what) {
        Outcome::Finding(finding) => Some(*finding),
        _ => None,
    }
}

/// Whether it has grown by so much, and in each quarter by at least half of its even share.
fn is_endless(curve: &[u64], growth: u64) -> bool {
    const PARTS: usize = 4;
    let [first, .., last] = curve else {
        return false;
    };
    let grown = last.saturating_sub(*first);
    let at = |part: usize| curve[part * (curve.len() - 1) / PARTS];
    let even = |part: usize| at(part + 1).saturating_sub(at(part)) >= grown / (2 * PARTS as u64);
    grown >= growth && curve.len() > 2 * PARTS && (0..PARTS).all(even)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory() {
        if cfg!(target_os = "linux") {
            assert!(resident(std::process::id()).unwrap() > 1 << 20);
        }
        assert_eq!(resident(u32::MAX), None);
    }

    #[test]
    fn only_what_grows_evenly_grows_without_bound() {
        let line: Vec<u64> = (0..100).collect();
        assert!(is_endless(&line, 99));
        assert!(!is_endless(&line, 100));
        // A cache that fills, a step, and a collector that comes in time.
        let fills: Vec<u64> = (0..100).map(|run| run.min(40)).collect();
        assert!(!is_endless(&fills, 20));
        let step: Vec<u64> = (0..100).map(|run| u64::from(run > 50) * 90).collect();
        assert!(!is_endless(&step, 20));
        let saw: Vec<u64> = (0..100).map(|run| run % 30).collect();
        assert!(!is_endless(&saw, 5));
        assert!(!is_endless(&[0, 200], 5));
    }
}
