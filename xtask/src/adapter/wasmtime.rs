//! The adapter for another release of Wasmtime: the same sources, built outside of the workspace.
//!
//! A workspace has one lock file and so one Wasmtime. The release asked for gets a package of its
//! own under `target/adapters`, whose manifest says what the workspace's says, but for Wasmtime's
//! version and that of `wasmparser`, which has to be the one that Wasmtime itself uses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assize_harness::runtime::wasmtime::built_adapter;
use toml::{Table, Value};

use super::AdapterError;
use crate::{Outcome, cli::WasmtimeBuild, error::XtaskError, workspace};

/// Features of the adapter's sources, each for releases before the one named.
const OLDER: [(u64, &str); 2] = [(47, "before-47"), (48, "before-48")];

/// Builds the adapter.
pub fn build(arguments: &WasmtimeBuild) -> Result<Outcome, XtaskError> {
    let version = &arguments.version;
    let major = major(version)?;
    let binary = built_adapter(version);
    let package = Package::new(version, major)?;
    package.lock()?;
    package.write(package.used("wasmtime-environ", "wasmparser")?.as_deref())?;
    let exact = package.locked("wasmtime")?;
    let mut build = vec!["build", "--bin", "assize-wasmtime"];
    let jobs = arguments.jobs.map(|jobs| jobs.to_string());
    if let Some(jobs) = &jobs {
        build.extend(["--jobs", jobs]);
    }
    package.cargo(&build, &[("ASSIZE_WASMTIME_VERSION", &exact)])?;
    anstream::println!("Wasmtime {exact}: {}", binary.display());
    anstream::println!("use it with --runtime wasmtime@{version}");
    Ok(Outcome::AsExpected)
}

/// The first number of a version such as `47` or `47.0.4`.
fn major(version: &str) -> Result<u64, AdapterError> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    let wrong = || AdapterError::Version(version.to_owned());
    let major = parts.next().flatten().ok_or_else(wrong)?;
    let others: Vec<Option<u64>> = parts.collect();
    let complete = matches!(others[..], [] | [Some(_), Some(_)]);
    complete.then_some(major).ok_or_else(wrong)
}

/// The package in which the release is built.
struct Package {
    directory: PathBuf,
    /// The requirement in the manifest.
    version: String,
    major: u64,
    /// What the workspace says of its dependencies.
    dependencies: Table,
    /// The names of those that the adapter has.
    names: Vec<String>,
}

impl Package {
    fn new(version: &str, major: u64) -> Result<Self, AdapterError> {
        let root = workspace().join("Cargo.toml");
        let adapter = workspace().join("adapters/wasmtime/Cargo.toml");
        let dependencies = table(&root, &["workspace", "dependencies"])?;
        let names = table(&adapter, &["dependencies"])?;
        let directory = workspace().join(format!("target/adapters/wasmtime-{version}"));
        Ok(Package {
            directory,
            version: match version.contains('.') {
                true => format!("={version}"),
                false => version.to_owned(),
            },
            major,
            dependencies,
            names: names.keys().cloned().collect(),
        })
    }

    /// Writes the manifest. Without `wasmparser`, it is good for resolving and nothing else.
    fn write(&self, wasmparser: Option<&str>) -> Result<(), AdapterError> {
        let path = self.directory.join("Cargo.toml");
        let text = self.manifest(wasmparser)?;
        if fs::read_to_string(&path).is_ok_and(|present| present == text) {
            return Ok(());
        }
        let written = fs::create_dir_all(&self.directory).and_then(|()| fs::write(&path, text));
        written.map_err(|source| AdapterError::File { path, source })
    }

    fn manifest(&self, wasmparser: Option<&str>) -> Result<String, AdapterError> {
        let sources = workspace().join("adapters/wasmtime/src");
        let mut dependencies = Table::new();
        for name in &self.names {
            if let Some(dependency) = self.dependency(name, wasmparser)? {
                dependencies.insert(name.clone(), dependency);
            }
        }
        let package = Table::from_iter([
            ("name".to_owned(), Value::from("assize-wasmtime")),
            ("version".to_owned(), Value::from(env!("CARGO_PKG_VERSION"))),
            ("edition".to_owned(), Value::from("2024")),
            ("publish".to_owned(), Value::from(false)),
        ]);
        let path = |file: &str| Value::from(sources.join(file).display().to_string());
        let lib = Table::from_iter([("path".to_owned(), path("lib.rs"))]);
        let bin = Table::from_iter([
            ("name".to_owned(), Value::from("assize-wasmtime")),
            ("path".to_owned(), path("main.rs")),
        ]);
        let older = OLDER.iter().filter(|(before, _)| self.major < *before);
        let older = older.map(|(_, feature)| Value::from(*feature)).collect();
        let mut features = Table::from_iter([("default".to_owned(), Value::Array(older))]);
        for (_, feature) in OLDER {
            features.insert(feature.to_owned(), Value::Array(Vec::new()));
        }
        // What takes time is building Wasmtime, not running it.
        let profile = Table::from_iter([
            ("opt-level".to_owned(), Value::from(1)),
            ("debug".to_owned(), Value::from(false)),
        ]);
        let profiles = Table::from_iter([("dev".to_owned(), Value::Table(profile))]);
        let manifest = Table::from_iter([
            ("workspace".to_owned(), Value::Table(Table::new())),
            ("package".to_owned(), Value::Table(package)),
            ("lib".to_owned(), Value::Table(lib)),
            ("bin".to_owned(), Value::Array(vec![Value::Table(bin)])),
            ("features".to_owned(), Value::Table(features)),
            ("dependencies".to_owned(), Value::Table(dependencies)),
            ("profile".to_owned(), Value::Table(profiles)),
        ]);
        Ok(manifest.to_string())
    }

    /// A dependency as the workspace has it, but for paths and for what belongs to Wasmtime.
    fn dependency(
        &self,
        name: &str,
        wasmparser: Option<&str>,
    ) -> Result<Option<Value>, AdapterError> {
        let missing = || AdapterError::Manifest {
            path: workspace().join("Cargo.toml"),
            reason: format!("no workspace dependency `{name}`"),
        };
        let mut dependency = match self.dependencies.get(name).ok_or_else(missing)? {
            Value::Table(dependency) => dependency.clone(),
            version => Table::from_iter([("version".to_owned(), version.clone())]),
        };
        if let Some(Value::String(path)) = dependency.get_mut("path") {
            *path = workspace().join(&*path).display().to_string();
        }
        let version = match (name, wasmparser) {
            ("wasmtime", _) => &self.version,
            ("wasmparser", Some(version)) => version,
            ("wasmparser", None) => return Ok(None),
            _ => return Ok(Some(Value::Table(dependency))),
        };
        dependency.insert("version".to_owned(), Value::from(version));
        Ok(Some(Value::Table(dependency)))
    }

    /// Resolves the dependencies, unless that was done before.
    fn lock(&self) -> Result<(), AdapterError> {
        if self.lock_file().exists() {
            return Ok(());
        }
        self.write(None)?;
        self.cargo(&["generate-lockfile"], &[])
    }

    fn lock_file(&self) -> PathBuf {
        self.directory.join("Cargo.lock")
    }

    fn packages(&self) -> Result<Vec<Table>, AdapterError> {
        let lock = table(&self.lock_file(), &[])?;
        let packages = lock.get("package").and_then(Value::as_array);
        let tables = packages.into_iter().flatten().filter_map(Value::as_table);
        Ok(tables.cloned().collect())
    }

    fn package(&self, name: &str) -> Result<Table, AdapterError> {
        let packages = self.packages()?;
        let mut named = packages
            .into_iter()
            .filter(|package| text(package, "name") == Some(name));
        named.next().ok_or_else(|| AdapterError::Manifest {
            path: self.lock_file(),
            reason: format!("there is no `{name}`"),
        })
    }

    /// The version of a package that there is once.
    fn locked(&self, name: &str) -> Result<String, AdapterError> {
        let package = self.package(name)?;
        let version = text(&package, "version").unwrap_or_default();
        Ok(version.to_owned())
    }

    /// The version of `name` that `user` depends on: it stands behind the name where there are
    /// several in the lock file.
    fn used(&self, user: &str, name: &str) -> Result<Option<String>, AdapterError> {
        let package = self.package(user)?;
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten().filter_map(Value::as_str) {
            if dependency == name {
                return self.locked(name).map(Some);
            }
            if let Some(version) = dependency
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(' '))
            {
                return Ok(Some(version.to_owned()));
            }
        }
        Ok(None)
    }

    fn cargo(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), AdapterError> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(arguments)
            .current_dir(&self.directory)
            .env_remove("CARGO_TARGET_DIR")
            .envs(environment.iter().copied())
            .status();
        if status.is_ok_and(|status| status.success()) {
            return Ok(());
        }
        Err(AdapterError::Build {
            command: arguments.join(" "),
            directory: self.directory.clone(),
        })
    }
}

fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}

/// A table in a TOML file.
fn table(path: &Path, keys: &[&str]) -> Result<Table, AdapterError> {
    let read = fs::read_to_string(path);
    let text = read.map_err(|source| AdapterError::File {
        path: path.to_owned(),
        source,
    })?;
    let wrong = |reason: String| AdapterError::Manifest {
        path: path.to_owned(),
        reason,
    };
    let mut table: Table = text
        .parse()
        .map_err(|e: toml::de::Error| wrong(e.to_string()))?;
    for key in keys {
        table = match table.remove(*key) {
            Some(Value::Table(inner)) => inner,
            _ => return Err(wrong(format!("there is no table `{key}`"))),
        };
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_major_one_or_a_full_one() {
        assert_eq!(major("47").ok(), Some(47));
        assert_eq!(major("46.0.3").ok(), Some(46));
        for wrong in ["", "x", "47.", "47.1", "47.0.4.1", "47.0.x", "../47"] {
            assert!(major(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_manifest_has_the_workspaces_dependencies_but_for_wasmtimes_versions() {
        let package = Package::new("46", 46).expect("manifests that can be read");
        let manifest = package.manifest(Some("0.251.0")).expect("a manifest");
        let manifest: Table = manifest.parse().expect("TOML");
        let dependencies = manifest["dependencies"].as_table().expect("a table");
        assert_eq!(dependencies["wasmtime"]["version"].as_str(), Some("46"));
        assert_eq!(
            dependencies["wasmparser"]["version"].as_str(),
            Some("0.251.0")
        );
        let features = package.dependencies["wasmtime"]["features"].clone();
        assert_eq!(dependencies["wasmtime"]["features"], features);
        let protocol = dependencies["assize-protocol"]["path"].as_str();
        assert!(protocol.is_some_and(|path| Path::new(path).is_absolute()));
        let older = manifest["features"]["default"].as_array().expect("a list");
        assert_eq!(older.len(), 2);
    }
}
