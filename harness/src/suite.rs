//! Suites: where they are looked for and which files they have.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::error::HarnessError;
use crate::runtime::Reading;

mod files;

/// The extension of a script's file.
const SCRIPT: &str = "wast";

/// The extension of a host-driven test's file.
pub(crate) const HOST_TEST: &str = "wat";

/// A suite that has a name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuiteName {
    /// The official tests of the component model.
    Official,
    /// The official tests of core WebAssembly.
    Core,
    /// The project's own tests, in the workspace's `spec-tests/`.
    SpecTests,
}

impl SuiteName {
    /// All suites.
    pub const ALL: [SuiteName; 3] = [SuiteName::SpecTests, SuiteName::Official, SuiteName::Core];

    /// The name on the command line, in results and in expectations files.
    pub fn name(self) -> &'static str {
        match self {
            SuiteName::Official => "official",
            SuiteName::Core => "core",
            SuiteName::SpecTests => "spec-tests",
        }
    }

    /// The directories where the suite may be, best first.
    pub fn candidates(self, locations: &Locations) -> Vec<PathBuf> {
        let near = locations.workspace.join("../shared/official");
        match self {
            SuiteName::SpecTests => vec![locations.workspace.join("spec-tests")],
            SuiteName::Official => match &locations.official {
                Some(given) => component_model_below(given),
                None => {
                    let mut candidates = vec![near.join("component-model")];
                    candidates.extend(locations.fetched.iter().flat_map(|dir| {
                        let below = dir.join("component-model");
                        [below.join("test"), below]
                    }));
                    candidates
                }
            },
            SuiteName::Core => match (&locations.core, &locations.official) {
                (Some(given), _) => vec![given.clone()],
                (None, Some(given)) => vec![given.join("core"), given.join("testsuite")],
                (None, None) => {
                    let mut candidates = vec![near.join("core")];
                    candidates.extend(
                        locations
                            .fetched
                            .iter()
                            .flat_map(|dir| [dir.join("core"), dir.join("testsuite")]),
                    );
                    candidates
                }
            },
        }
    }
}

/// A directory that a user names may hold both official suites, be a clone of the component
/// model's repository, or be the folder of its tests.
fn component_model_below(given: &Path) -> Vec<PathBuf> {
    let below = given.join("component-model");
    vec![
        below.join("test"),
        below,
        given.join("test"),
        given.to_path_buf(),
    ]
}

impl fmt::Display for SuiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where to look for suites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locations {
    /// The workspace's root.
    pub workspace: PathBuf,
    /// Where the user says that the official suites are. If this is given, no other place is
    /// looked at.
    pub official: Option<PathBuf>,
    /// Where the user says that the core suite is; stronger than `official`.
    pub core: Option<PathBuf>,
    /// Where `suite fetch` puts clones of the official repositories.
    pub fetched: Option<PathBuf>,
}

impl Locations {
    /// The places that `ASSIZE_OFFICIAL` and `ASSIZE_OFFICIAL_CORE` name, around a workspace.
    pub fn from_env(workspace: impl Into<PathBuf>) -> Self {
        let dir = |name| {
            std::env::var_os(name)
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from)
        };
        Locations {
            workspace: workspace.into(),
            official: dir("ASSIZE_OFFICIAL"),
            core: dir("ASSIZE_OFFICIAL_CORE"),
            fetched: None,
        }
    }
}

/// Which files of a suite to run: all, or those that match one of some globs.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    globs: Option<GlobSet>,
}

impl Filter {
    /// A filter for the files that match at least one of the globs; all files if there are none.
    ///
    /// A glob is compared with the file's path from the suite's root, with and without its
    /// `.wast`. `*` stays within a folder, `**` does not.
    ///
    /// # Errors
    /// [`HarnessError::Glob`] for the first glob that does not parse.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, HarnessError> {
        if globs.is_empty() {
            return Ok(Filter::default());
        }
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let bad = |error: globset::Error| HarnessError::Glob {
                glob: glob.as_ref().to_string(),
                reason: error.kind().to_string(),
            };
            set.add(
                GlobBuilder::new(glob.as_ref())
                    .literal_separator(true)
                    .build()
                    .map_err(bad)?,
            );
        }
        let bad = |error: globset::Error| HarnessError::Glob {
            glob: error.glob().unwrap_or_default().to_string(),
            reason: error.kind().to_string(),
        };
        Ok(Filter {
            globs: Some(set.build().map_err(bad)?),
        })
    }

    /// Whether a file, named by its path from the suite's root, is to run.
    pub fn matches(&self, file: &str) -> bool {
        let stem = file.strip_suffix(".wast");
        let stem = stem.or(file.strip_suffix(".wat")).unwrap_or(file);
        self.globs
            .as_ref()
            .is_none_or(|globs| globs.is_match(file) || globs.is_match(stem))
    }

    /// Whether the filter lets every file through.
    pub fn is_full(&self) -> bool {
        self.globs.is_none()
    }
}

/// One file of a suite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuiteFile {
    /// The path from the suite's root, with `/` between its parts: what results call it.
    pub name: String,
    /// Where to read it.
    pub path: PathBuf,
}

/// A suite that was found: its files to run, in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// The name in results and expectations files.
    pub name: String,
    /// The directory that file names start from.
    pub root: PathBuf,
    /// The files that passed the filter.
    pub files: Vec<SuiteFile>,
    /// Whether the filter let every file through.
    pub coverage: Coverage,
}

impl Suite {
    /// How the suite's authors read the specification where its text and its tests contradict
    /// each other: the official suite is those tests, and all others are written to the text.
    pub fn reading(&self) -> Reading {
        if self.name == SuiteName::Official.name() {
            Reading::Tests
        } else {
            Reading::Text
        }
    }
}

/// How much of a suite is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// Every file of the suite.
    Full,
    /// The files that a filter let through.
    Partial,
}

impl Suite {
    /// Finds a suite: the first candidate directory with at least one `.wast` file.
    ///
    /// # Errors
    /// [`HarnessError::SuiteNotFound`] where there is none, with all places that were looked at;
    /// [`HarnessError::Io`] where a directory of the suite cannot be read.
    pub fn discover(
        name: SuiteName,
        locations: &Locations,
        filter: &Filter,
    ) -> Result<Suite, HarnessError> {
        let candidates = name.candidates(locations);
        for root in &candidates {
            if !root.is_dir() {
                continue;
            }
            let mut files = Vec::new();
            collect(root, "", &mut files)?;
            if files.is_empty() {
                continue;
            }
            files.retain(|file| filter.matches(&file.name));
            files.sort();
            let coverage = if filter.is_full() {
                Coverage::Full
            } else {
                Coverage::Partial
            };
            let (name, root) = (name.name().to_string(), root.clone());
            return Ok(Suite {
                name,
                root,
                files,
                coverage,
            });
        }
        Err(HarnessError::SuiteNotFound {
            suite: name.name(),
            looked_in: candidates,
        })
    }
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Adds the tests of a directory and of the directories below it.
fn collect(dir: &Path, prefix: &str, files: &mut Vec<SuiteFile>) -> Result<(), HarnessError> {
    let io = |source| HarnessError::Io {
        path: dir.to_path_buf(),
        source,
    };
    for entry in fs::read_dir(dir).map_err(io)? {
        let entry = entry.map_err(io)?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(io)?.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == SCRIPT || extension == HOST_TEST)
        {
            files.push(SuiteFile { name, path });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "(component)").unwrap();
    }

    fn names(suite: &Suite) -> Vec<&str> {
        suite.files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn files_come_sorted_by_their_path_from_the_root() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.wast", "a/z.wast", "a/b/c.wast", "a/readme.md"] {
            write(&dir.path().join("spec-tests"), name);
        }
        let locations = Locations {
            workspace: dir.path().to_path_buf(),
            ..Locations::default()
        };
        let suite = Suite::discover(SuiteName::SpecTests, &locations, &Filter::default()).unwrap();
        assert_eq!(names(&suite), ["a/b/c.wast", "a/z.wast", "b.wast"]);
        assert_eq!(suite.coverage, Coverage::Full);
    }

    #[test]
    fn a_filter_takes_globs_with_or_without_the_extension() {
        let filter = Filter::new(&["values/*", "async/wait.wast"]).unwrap();
        assert!(filter.matches("values/strings.wast"));
        assert!(filter.matches("async/wait.wast"));
        assert!(!filter.matches("values/deep/strings.wast"));
        assert!(!filter.matches("async/waiter.wast"));
        assert!(
            Filter::new(&["**/strings"])
                .unwrap()
                .matches("values/deep/strings.wast")
        );
    }

    #[test]
    fn a_bad_glob_is_named_with_its_fault() {
        let error = Filter::new(&["a[b"]).unwrap_err();
        insta::assert_snapshot!(error, @"bad glob `a[b`: unclosed character class; missing ']'");
    }

    #[test]
    fn a_missing_suite_names_every_place_that_was_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let given = dir.path().join("given");
        let locations = Locations {
            official: Some(given.clone()),
            ..Locations::default()
        };
        let error =
            Suite::discover(SuiteName::Official, &locations, &Filter::default()).unwrap_err();
        let HarnessError::SuiteNotFound { looked_in, .. } = error else {
            panic!("wrong error: {error}");
        };
        assert_eq!(looked_in.len(), 4);
        assert!(looked_in.contains(&given));
    }

    #[test]
    fn a_clone_of_the_component_model_is_found_by_its_test_folder() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "test/values/strings.wast");
        write(dir.path(), "design/not-a-test.wast");
        let locations = Locations {
            official: Some(dir.path().to_path_buf()),
            ..Locations::default()
        };
        let suite = Suite::discover(SuiteName::Official, &locations, &Filter::default()).unwrap();
        assert_eq!(names(&suite), ["values/strings.wast"]);
    }
}
