//! jco, the component model for JavaScript: where its adapter is and how it is started.
//!
//! The adapter is a Node program in `adapters/jco`. Its packages, Node among them, come from npm
//! into a directory of the build, so a source tree without them is as it was.

use std::path::{Path, PathBuf};

use super::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use crate::error::HarnessError;

/// The name of jco.
pub const NAME: &str = "jco";

/// The line that installs what the adapter needs.
pub const INSTALL: &str = "cargo xtask adapter build jco";

/// The files that say which packages the adapter needs; the copies beside the packages say
/// which are there.
pub const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];

/// The adapter's sources, below the root of the workspace.
pub fn sources(workspace: &Path) -> PathBuf {
    workspace.join("adapters/jco")
}

/// The directory that the packages are installed in, below the root of the workspace.
pub fn packages(workspace: &Path) -> PathBuf {
    workspace.join("target/adapters/jco")
}

/// The command that starts the adapter, or `None` where it is not installed, or what is installed
/// is not what the sources ask for now.
pub fn command(workspace: &Path) -> Option<AdapterCommand> {
    let (sources, packages) = (sources(workspace), packages(workspace));
    let same = |name: &str| match (
        std::fs::read(sources.join(name)),
        std::fs::read(packages.join(name)),
    ) {
        (Ok(wanted), Ok(there)) => wanted == there,
        _ => false,
    };
    let node = packages.join("node_modules/node/bin/node");
    if !node.is_file() || !MANIFESTS.iter().all(|name| same(name)) {
        return None;
    }
    let text = |path: PathBuf| path.into_os_string().into_string().ok();
    Some(AdapterCommand {
        name: Some(NAME.to_owned()),
        program: text(node)?,
        args: vec![
            text(sources.join("src/main.js"))?,
            "--packages".to_owned(),
            text(packages)?,
        ],
    })
}

/// Starts the adapter of this workspace.
///
/// # Errors
/// [`HarnessError::RuntimeNotFound`] where it is not installed.
pub(super) fn factory() -> Result<ProcessFactory, HarnessError> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let command =
        command(manifest.parent().unwrap_or(manifest)).ok_or(HarnessError::RuntimeNotFound {
            runtime: NAME,
            install: INSTALL,
        })?;
    Ok(ProcessFactory::new(command, ProcessLimits::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace with the adapter's manifests and with packages of these manifests.
    fn workspace(installed: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary directory");
        let write = |path: PathBuf, text: &str| {
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("a file");
        };
        for name in MANIFESTS {
            write(sources(root.path()).join(name), "wanted");
            write(packages(root.path()).join(name), installed);
        }
        write(packages(root.path()).join("node_modules/node/bin/node"), "");
        root
    }

    #[test]
    fn the_command_runs_the_sources_with_the_installed_node() {
        let root = workspace("wanted");
        let command = command(root.path()).expect("installed");
        assert!(command.program.ends_with("bin/node"));
        assert_eq!(
            Path::new(&command.args[0]),
            sources(root.path()).join("src/main.js")
        );
        assert_eq!(Path::new(&command.args[2]), packages(root.path()));
    }

    #[test]
    fn packages_of_other_manifests_count_as_not_installed() {
        assert_eq!(command(workspace("older").path()), None);
    }

    #[test]
    fn without_node_nothing_is_installed() {
        let root = workspace("wanted");
        let node = packages(root.path()).join("node_modules/node/bin/node");
        std::fs::remove_file(node).expect("the file is there");
        assert_eq!(command(root.path()), None);
    }
}
