//! What coverage-guided fuzzing needs and the workspace does not: a nightly toolchain and cargo-fuzz. It is
//! looked for, and never installed.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::fuzzer::Fuzzer;
use super::{Guided, Hunt, LOOK, Watcher};
use crate::error::FuzzError;
use crate::targets::TALLY;

/// How a nightly cargo is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools {
    cargo: OsString,
    /// What tells rustup's cargo which toolchain to take; empty where the default one is a nightly.
    toolchain: Option<&'static str>,
}

/// How targets are built: as `fuzz/oss-fuzz/build.sh` does.
const BUILD: [&str; 4] = ["--release", "--debug-assertions", "--sanitizer", "address"];

impl Tools {
    /// Those that `cargo` on the path has.
    ///
    /// # Errors
    /// [`FuzzError::Engine`] where one is missing, with the command that installs it.
    pub fn find() -> Result<Tools, FuzzError> {
        Tools::of("cargo".into())
    }

    /// Those of this cargo, which is rustup's or a nightly one.
    pub(super) fn of(cargo: OsString) -> Result<Tools, FuzzError> {
        let missing = |what: &str, how: &str| {
            let reason = format!("`libfuzzer` needs {what}; install it with `{how}`");
            FuzzError::Engine(reason)
        };
        let nightly = |toolchain| {
            let tools = Tools {
                cargo: cargo.clone(),
                toolchain,
            };
            let version = tools.says(&["--version"])?;
            version.contains("-nightly").then_some(tools)
        };
        let found = nightly(Some("+nightly")).or_else(|| nightly(None));
        let found = found.ok_or_else(|| {
            missing(
                "a nightly toolchain",
                "rustup toolchain install nightly --profile minimal",
            )
        })?;
        match found.says(&["fuzz", "--version"]) {
            Some(_) => Ok(found),
            None => Err(missing("cargo-fuzz", "cargo install cargo-fuzz")),
        }
    }

    fn cargo(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        command.args(self.toolchain);
        command
            // The cargo that runs this program is of another toolchain, and rustup shall not fetch any.
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO")
            .env("RUSTUP_AUTO_INSTALL", "0");
        command
    }

    /// What it prints, if it is content.
    fn says(&self, arguments: &[&str]) -> Option<String> {
        let output = self.cargo().args(arguments).stdin(Stdio::null()).output();
        let output = output.ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    }

    fn fuzz(&self, guided: &Guided, command: &str) -> Command {
        let mut cargo = self.cargo();
        cargo.current_dir(&guided.workspace);
        cargo.args(["fuzz", command]).args(BUILD);
        cargo.arg(guided.target.name());
        cargo
    }

    /// The command that runs the target, which has been built.
    pub(super) fn run(&self, guided: &Guided, arguments: &[String]) -> Command {
        let mut command = self.fuzz(guided, "run");
        command.arg(guided.corpus()).arg("--").args(arguments);
        command.env(TALLY, guided.tally());
        command
    }

    /// Builds the target, which the first time takes a quarter of an hour.
    ///
    /// # Errors
    /// [`FuzzError::Engine`] where that fails, with the last that was said.
    pub(super) fn build(
        &self,
        guided: &Guided,
        stop: &AtomicBool,
        watcher: &mut dyn Watcher,
    ) -> Result<(), FuzzError> {
        let mut build = Fuzzer::start(self.fuzz(guided, "build"), &guided.tally())?;
        let mut hunt = Hunt::default();
        loop {
            if stop.load(Ordering::Relaxed) {
                build.stop();
            }
            let ended = build.look(&mut hunt)?;
            if let Some(line) = build.last_line() {
                watcher.builds(line);
            }
            match ended {
                None => std::thread::sleep(LOOK),
                Some(ended) if ended.status.success() || stop.load(Ordering::Relaxed) => {
                    return Ok(());
                }
                Some(ended) => {
                    let name = guided.target.name();
                    let reason = format!("`{name}` cannot be built: {}", ended.words);
                    return Err(FuzzError::Engine(reason));
                }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    /// A cargo that is this script.
    pub(in crate::guided) fn fake(dir: &Path, script: &str) -> OsString {
        let path = dir.join("cargo");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.into_os_string()
    }

    fn found(script: &str) -> Result<Option<&'static str>, String> {
        let dir = tempfile::tempdir().unwrap();
        let tools = Tools::of(fake(dir.path(), script));
        tools
            .map(|tools| tools.toolchain)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_tool_that_is_missing_is_said_with_the_command_that_installs_it() {
        let nightly = "`libfuzzer` needs a nightly toolchain; install it with \
                       `rustup toolchain install nightly --profile minimal`";
        assert_eq!(found("exit 1"), Err(nightly.to_owned()));
        assert_eq!(found("echo cargo 1.95.0"), Err(nightly.to_owned()));
        let missing = Tools::of("/nowhere/cargo".into()).unwrap_err().to_string();
        assert_eq!(missing, nightly);
        let no_fuzz = "[ $2 = --version ] && echo cargo 1.97.0-nightly";
        let fuzz = "`libfuzzer` needs cargo-fuzz; install it with `cargo install cargo-fuzz`";
        assert_eq!(found(no_fuzz), Err(fuzz.to_owned()));
    }

    #[test]
    fn a_nightly_is_found_by_its_name_or_as_the_default_toolchain() {
        let by_name = "case \"$*\" in '+nightly --version') echo cargo 1.97.0-nightly;; \
                       '+nightly fuzz --version') echo cargo-fuzz 0.13.2;; *) exit 1;; esac";
        assert_eq!(found(by_name), Ok(Some("+nightly")));
        let default = "case \"$*\" in --version) echo cargo 1.97.0-nightly;; \
                       'fuzz --version') echo cargo-fuzz 0.13.2;; *) exit 1;; esac";
        assert_eq!(found(default), Ok(None));
    }
}
