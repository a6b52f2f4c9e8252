//! jco, the component model for JavaScript: where its adapter is, how it is started, and on which
//! JavaScript host it runs what jco generates.
//!
//! The adapter is a Node program in `adapters/jco`. Its packages, Node and the other hosts among
//! them, come from npm into directories of the build, so a source tree without them is as it was.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::command_line::program;
use super::process::{AdapterCommand, ProcessFactory, ProcessLimits};
use crate::error::HarnessError;

/// The name of jco.
pub const NAME: &str = "jco";

/// The files that say which packages the adapter or a host needs; the copies beside the packages
/// say which are there.
pub const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];

/// What Chromium's program is called, by different systems.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A JavaScript host that runs what jco generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// Node, which the adapter itself runs on whatever the host.
    Node,
    /// Deno.
    Deno,
    /// Bun, whose engine is not V8.
    Bun,
    /// The runtime of Cloudflare Workers.
    Workerd,
    /// Chromium without a window.
    Chromium,
}

impl Host {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Host; 5] = [
        Host::Node,
        Host::Deno,
        Host::Bun,
        Host::Workerd,
        Host::Chromium,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Host::Node => "node",
            Host::Deno => "deno",
            Host::Bun => "bun",
            Host::Workerd => "workerd",
            Host::Chromium => "chromium",
        }
    }

    /// The host of this name.
    pub fn named(name: &str) -> Option<Host> {
        Host::ALL.into_iter().find(|host| host.name() == name)
    }

    /// What `--runtime` takes for jco on it.
    pub fn runtime(self) -> &'static str {
        match self {
            Host::Node => NAME,
            Host::Deno => "jco@deno",
            Host::Bun => "jco@bun",
            Host::Workerd => "jco@workerd",
            Host::Chromium => "jco@chromium",
        }
    }

    /// What jco on it is called in results.
    pub fn runtime_name(self) -> String {
        self.runtime().replace('@', "-")
    }

    /// The line that installs what jco on it needs.
    pub fn install(self) -> &'static str {
        match self {
            Host::Node => "cargo xtask adapter build jco",
            Host::Deno => "cargo xtask adapter build jco --host deno",
            Host::Bun => "cargo xtask adapter build jco --host bun",
            Host::Workerd => "cargo xtask adapter build jco --host workerd",
            Host::Chromium => "cargo xtask adapter build jco --host chromium",
        }
    }

    /// The packages that jco on it needs.
    pub fn packages(self, workspace: &Path) -> Vec<Packages> {
        let of = |sources: &str, directory: &str| Packages {
            sources: workspace.join("adapters/jco").join(sources),
            directory: workspace.join("target/adapters").join(directory),
        };
        let mut packages = vec![of("", NAME)];
        match self {
            // Chromium is a package of the system.
            Host::Node | Host::Chromium => {}
            Host::Deno | Host::Bun | Host::Workerd => {
                packages.push(of(&format!("hosts/{}", self.name()), &self.runtime_name()));
            }
        }
        packages
    }

    /// Its program, if it is here; Chromium is looked for in the directories of `path`.
    pub fn program(self, workspace: &Path, path: &OsStr) -> Option<PathBuf> {
        match self {
            Host::Chromium => CHROMIUM.iter().find_map(|name| program(name, path)),
            Host::Node => installed(workspace.join("target/adapters/jco"), "node/bin/node"),
            Host::Deno | Host::Bun | Host::Workerd => {
                let packages = workspace.join("target/adapters").join(self.runtime_name());
                installed(packages, &format!(".bin/{}", self.name()))
            }
        }
    }

    /// The command that starts the adapter with this host, or `None` where it is not installed, or
    /// what is installed is not what the sources ask for now.
    pub fn command(self, workspace: &Path, path: &OsStr) -> Option<AdapterCommand> {
        if !self.packages(workspace).iter().all(Packages::are_there) {
            return None;
        }
        let text = |path: PathBuf| path.into_os_string().into_string().ok();
        let node = Host::Node.program(workspace, path)?;
        let mut args = vec![
            text(workspace.join("adapters/jco/src/main.js"))?,
            "--packages".to_owned(),
            text(workspace.join("target/adapters/jco"))?,
        ];
        if self != Host::Node {
            let program = text(self.program(workspace, path)?)?;
            let host = ["--host", self.name(), "--program", &program];
            args.extend(host.map(str::to_owned));
        }
        Some(AdapterCommand {
            name: Some(self.runtime_name()),
            program: text(node)?,
            args,
        })
    }
}

/// Packages of npm: what asks for them, and where they are installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packages {
    /// The directory of the sources that has the [manifests](MANIFESTS).
    pub sources: PathBuf,
    /// The directory that gets `node_modules`, and copies of the manifests.
    pub directory: PathBuf,
}

impl Packages {
    /// Whether what is installed is what the sources ask for now.
    pub fn are_there(&self) -> bool {
        let read = |directory: &Path, name: &str| std::fs::read(directory.join(name)).ok();
        MANIFESTS.iter().all(|name| {
            let wanted = read(&self.sources, name);
            wanted.is_some() && wanted == read(&self.directory, name)
        })
    }
}

fn installed(packages: PathBuf, program: &str) -> Option<PathBuf> {
    let path = packages.join("node_modules").join(program);
    path.is_file().then_some(path)
}

/// The directory below `adapters` with what is expected of the runtime of this name: jco's hosts
/// share one, as they run the same code.
pub fn expectations_of(runtime: &str) -> &str {
    match Host::ALL.iter().any(|host| host.runtime_name() == runtime) {
        true => NAME,
        false => runtime,
    }
}

/// Starts the adapter of this workspace, with this host.
///
/// # Errors
/// [`HarnessError::RuntimeNotFound`] where it is not installed.
pub(super) fn factory(host: Host) -> Result<ProcessFactory, HarnessError> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = manifest.parent().unwrap_or(manifest);
    let path = env::var_os("PATH").unwrap_or_default();
    let command = host
        .command(workspace, &path)
        .ok_or(HarnessError::RuntimeNotFound {
            runtime: host.runtime(),
            install: host.install(),
        })?;
    Ok(ProcessFactory::new(command, ProcessLimits::default()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// A workspace with the manifests of the adapter and of Deno, and with packages of these
    /// manifests.
    fn workspace(installed: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary directory");
        for packages in Host::Deno.packages(root.path()) {
            for name in MANIFESTS {
                write(packages.sources.join(name), "wanted");
                write(packages.directory.join(name), installed);
            }
        }
        let programs = [
            "jco/node_modules/node/bin/node",
            "jco-deno/node_modules/.bin/deno",
        ];
        for program in programs {
            write(root.path().join("target/adapters").join(program), "");
        }
        root
    }

    fn command(root: &tempfile::TempDir, host: Host) -> Option<AdapterCommand> {
        host.command(root.path(), root.path().as_os_str())
    }

    #[test]
    fn the_command_runs_the_sources_with_the_installed_node() {
        let root = workspace("wanted");
        let command = command(&root, Host::Node).expect("installed");
        assert_eq!(command.name.as_deref(), Some("jco"));
        assert!(command.program.ends_with("jco/node_modules/node/bin/node"));
        let main = root.path().join("adapters/jco/src/main.js");
        assert_eq!(Path::new(&command.args[0]), main);
        let packages = root.path().join("target/adapters/jco");
        assert_eq!(Path::new(&command.args[2]), packages);
        assert_eq!(command.args.len(), 3);
    }

    #[test]
    fn another_host_is_told_to_the_same_program() {
        let root = workspace("wanted");
        let command = command(&root, Host::Deno).expect("installed");
        assert_eq!(command.name.as_deref(), Some("jco-deno"));
        assert!(command.program.ends_with("jco/node_modules/node/bin/node"));
        assert_eq!(command.args[3..6], ["--host", "deno", "--program"]);
        assert!(command.args[6].ends_with("jco-deno/node_modules/.bin/deno"));
    }

    #[test]
    fn a_host_whose_packages_are_not_there_is_not_installed() {
        assert_eq!(command(&workspace("wanted"), Host::Bun), None);
    }

    #[test]
    fn packages_of_other_manifests_count_as_not_installed() {
        assert_eq!(command(&workspace("older"), Host::Node), None);
    }

    #[test]
    fn without_node_nothing_is_installed() {
        let root = workspace("wanted");
        let node = Host::Node.program(root.path(), OsStr::new(""));
        fs::remove_file(node.expect("installed")).expect("the file is there");
        assert_eq!(command(&root, Host::Node), None);
        assert_eq!(command(&root, Host::Deno), None);
    }

    #[test]
    fn chromium_is_a_program_of_the_system() {
        let root = workspace("wanted");
        assert_eq!(command(&root, Host::Chromium), None);
        let chromium = root.path().join("chromium-browser");
        write(chromium.clone(), "");
        fs::set_permissions(&chromium, fs::Permissions::from_mode(0o755)).expect("a file of ours");
        let command = command(&root, Host::Chromium).expect("installed");
        assert_eq!(Path::new(&command.args[6]), chromium);
    }

    #[test]
    fn a_host_is_named_behind_an_at_sign_and_told_apart_in_results() {
        let names = Host::ALL.map(|host| (host.runtime(), host.runtime_name()));
        assert_eq!(names[0], ("jco", "jco".to_owned()));
        assert_eq!(names[2], ("jco@bun", "jco-bun".to_owned()));
        for host in Host::ALL {
            assert_eq!(Host::named(host.name()), Some(host));
        }
        assert_eq!(Host::named("netscape"), None);
    }

    #[test]
    fn all_hosts_share_what_is_expected_of_jco_and_nobody_else_does() {
        for host in Host::ALL {
            assert_eq!(expectations_of(&host.runtime_name()), "jco");
        }
        for other in ["wasmtime", "wasmtime-47", "jco-netscape"] {
            assert_eq!(expectations_of(other), other);
        }
    }

    #[test]
    fn the_manifests_of_every_host_are_among_the_sources() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for packages in Host::ALL.map(|host| host.packages(&root)).concat() {
            for name in MANIFESTS {
                assert!(packages.sources.join(name).is_file(), "{packages:?}");
            }
        }
    }
}
