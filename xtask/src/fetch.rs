//! `cargo xtask suite fetch`: the official test suites, at the commits that Assize is written against.
//!
//! Each suite is a shallow, sparse git checkout of its upstream repository. A checkout that already
//! stands at the pinned commit is left alone, so the command may be repeated and needs no network then.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// One upstream repository and what of it is a test suite.
#[derive(Debug, Clone, Copy)]
pub struct Upstream {
    /// The suite's name on the command line.
    pub suite: &'static str,
    /// Its folder under the directory that `suite fetch` fills.
    folder: &'static str,
    url: &'static str,
    commit: &'static str,
    /// The folder of the repository that holds the tests; `None` when they lie at its top.
    tests: Option<&'static str>,
}

/// Every suite that `suite fetch` brings.
pub const UPSTREAMS: [Upstream; 2] = [
    Upstream {
        suite: "official",
        folder: "component-model",
        url: "https://github.com/WebAssembly/component-model",
        commit: "6d281648bd89caf885a7adcc412962dbd2425ab7",
        tests: Some("test"),
    },
    Upstream {
        suite: "core",
        folder: "testsuite",
        url: "https://github.com/WebAssembly/testsuite",
        commit: "193e551ff22663995b1ac95dc62344133669e14b",
        tests: None,
    },
];

/// What a fetch found or did.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The checkout stood at the pinned commit already.
    Present(PathBuf),
    /// The checkout was brought to the pinned commit.
    Updated(PathBuf),
}

/// Why a suite could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("git is needed to fetch the suites, and starting it failed: {0}")]
    Git(#[source] io::Error),
    #[error("cannot create {path}: {source}")]
    Directory { path: PathBuf, source: io::Error },
    #[error(
        "cannot fetch {url} at {commit}: {stderr}\n\
         (is the network there? a checkout made elsewhere works too: see `--official DIR`)"
    )]
    Network {
        url: &'static str,
        commit: &'static str,
        stderr: String,
    },
    #[error("`git {command}` failed in {directory}: {stderr}")]
    Checkout {
        command: String,
        directory: PathBuf,
        stderr: String,
    },
}

impl Upstream {
    /// The directory with this suite's tests, once it is fetched into `dir`.
    pub fn tests_in(&self, dir: &Path) -> PathBuf {
        let checkout = dir.join(self.folder);
        self.tests
            .map_or(checkout.clone(), |tests| checkout.join(tests))
    }

    /// The upstream commit, shortened as people write it.
    pub fn short_commit(&self) -> &'static str {
        &self.commit[..7]
    }

    /// Brings this suite's checkout under `dir` to the pinned commit.
    pub fn fetch(&self, dir: &Path) -> Result<Fetched, FetchError> {
        let checkout = dir.join(self.folder);
        let tests = self.tests_in(dir);
        std::fs::create_dir_all(&checkout).map_err(|source| FetchError::Directory {
            path: checkout.clone(),
            source,
        })?;
        if self.is_current(&checkout)? && tests.is_dir() {
            return Ok(Fetched::Present(tests));
        }
        self.local(&checkout, &["init", "--quiet"])?;
        let sparse = ["sparse-checkout", "set", "--cone"];
        self.local(&checkout, &[&sparse[..], self.tests.as_slice()].concat())?;
        self.download(&checkout)?;
        // Test files are read byte for byte: no line ending may change on the way.
        let detach = [
            "-c",
            "core.autocrlf=false",
            "checkout",
            "--quiet",
            "--force",
            "--detach",
        ];
        self.local(&checkout, &[&detach[..], &[self.commit]].concat())?;
        Ok(Fetched::Updated(tests))
    }

    /// Whether `checkout` is a repository of its own at the pinned commit. Its `.git` is looked for
    /// first: without one, git would answer for a repository further up.
    fn is_current(&self, checkout: &Path) -> Result<bool, FetchError> {
        if !checkout.join(".git").exists() {
            return Ok(false);
        }
        let head = git(checkout, &["rev-parse", "HEAD"])?;
        Ok(head.status.success() && String::from_utf8_lossy(&head.stdout).trim() == self.commit)
    }

    fn download(&self, checkout: &Path) -> Result<(), FetchError> {
        let fetch = ["fetch", "--quiet", "--depth", "1", self.url, self.commit];
        let output = git(checkout, &fetch)?;
        if output.status.success() {
            return Ok(());
        }
        Err(FetchError::Network {
            url: self.url,
            commit: self.short_commit(),
            stderr: text(&output),
        })
    }

    fn local(&self, checkout: &Path, arguments: &[&str]) -> Result<(), FetchError> {
        let output = git(checkout, arguments)?;
        if output.status.success() {
            return Ok(());
        }
        Err(FetchError::Checkout {
            command: arguments.join(" "),
            directory: checkout.to_owned(),
            stderr: text(&output),
        })
    }
}

/// Runs git in `directory` and in no other, even where the environment names one, as in a git hook.
/// It never asks for a password, since nobody may be there to answer.
fn git(directory: &Path, arguments: &[&str]) -> Result<Output, FetchError> {
    Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(arguments)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .map_err(FetchError::Git)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}
