//! `cargo xtask adapter build jco`: installs the packages of `adapters/jco`, Node among them.

use std::fs;
use std::process::{Command, Stdio};

use assize_harness::runtime::jco::{MANIFESTS, command, packages, sources};

use super::AdapterError;
use crate::{Outcome, error::XtaskError, print, workspace};

/// Installs exactly the packages of the lock file, where they are not installed yet.
pub fn build() -> Result<Outcome, XtaskError> {
    if command(workspace()).is_none() {
        install()?;
    }
    let Some(command) = command(workspace()) else {
        return Err(AdapterError::Npm("the package `node` has brought no program".into()).into());
    };
    let args = command.args.join(" ");
    print(&format!(
        "jco: {} {args}\nuse it with --runtime jco\n",
        command.program
    ))?;
    Ok(Outcome::AsExpected)
}

fn install() -> Result<(), AdapterError> {
    let (sources, packages) = (sources(workspace()), packages(workspace()));
    let file = |path, source| AdapterError::File { path, source };
    fs::create_dir_all(&packages).map_err(|error| file(packages.clone(), error))?;
    for name in MANIFESTS {
        let from = sources.join(name);
        fs::copy(&from, packages.join(name)).map_err(|error| file(from, error))?;
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
        .current_dir(&packages)
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
