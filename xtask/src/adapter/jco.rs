//! `cargo xtask adapter build jco`: installs the packages of `adapters/jco`, Node among them, and
//! what another JavaScript host needs.

use std::fs;
use std::process::{Command, Stdio};

use assize_harness::runtime::jco::{Host, MANIFESTS, Packages};

use super::AdapterError;
use crate::{Outcome, error::XtaskError, print, workspace};

/// Installs exactly the packages of the lock files, where they are not installed yet.
pub fn build(host: Host) -> Result<Outcome, XtaskError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if host.command(workspace(), &path).is_none() {
        for packages in host.packages(workspace()) {
            install(&packages)?;
        }
    }
    let Some(command) = host.command(workspace(), &path) else {
        return Err(AdapterError::NoProgram(lacking(host)).into());
    };
    let args = command.args.join(" ");
    print(&format!(
        "{}: {} {args}\nuse it with --runtime {}\n",
        host.runtime(),
        command.program,
        host.runtime()
    ))?;
    Ok(Outcome::AsExpected)
}

/// What an installation without a program says.
fn lacking(host: Host) -> String {
    match host {
        Host::Chromium => "Chromium is not on the path: install your system's package `chromium`, \
             with `apt-get install chromium` on Debian"
            .to_owned(),
        other => format!("the package `{}` has brought no program", other.name()),
    }
}

fn install(packages: &Packages) -> Result<(), AdapterError> {
    let Packages { sources, directory } = packages;
    let file = |path, source| AdapterError::File { path, source };
    fs::create_dir_all(directory).map_err(|error| file(directory.clone(), error))?;
    for name in MANIFESTS {
        let from = sources.join(name);
        fs::copy(&from, directory.join(name)).map_err(|error| file(from, error))?;
    }
    // Not `npm ci`: it wants every optional package for every platform to be in the lock file, and
    // some registries do not have all of them.
    let status = Command::new("npm")
        .args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(directory)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| AdapterError::Npm(format!("cannot start npm: {error}")))?;
    if !status.success() {
        return Err(AdapterError::Npm(format!(
            "`npm install` ended with {status}"
        )));
    }
    Ok(())
}
