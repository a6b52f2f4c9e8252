//! Single files that a user names instead of a suite.

use std::path::{Path, PathBuf};

use super::{Coverage, Locations, Suite, SuiteFile, SuiteName, slashed};

impl Suite {
    /// The files that a user named, by the suites that they belong to.
    ///
    /// A file that lies in a known suite is named as that suite names it, so that what is expected
    /// of it there holds here too. All other files make up a suite `files`, under their paths as
    /// given; a path that leads nowhere is among them, and fails when it is read.
    pub fn of_files(paths: &[PathBuf], locations: &Locations) -> Vec<Suite> {
        let roots = known_roots(locations);
        let mut suites: Vec<Suite> = Vec::new();
        for path in paths {
            let (name, root, file) = place(path, &roots);
            match suites
                .iter_mut()
                .find(|suite| suite.name == name && suite.root == root)
            {
                Some(suite) if suite.files.contains(&file) => {}
                Some(suite) => suite.files.push(file),
                None => suites.push(Suite {
                    name: name.to_string(),
                    root: root.to_path_buf(),
                    files: vec![file],
                    coverage: Coverage::Partial,
                }),
            }
        }
        suites
    }
}

/// Every directory that may hold a suite and exists, as given and in the system's canonical form.
fn known_roots(locations: &Locations) -> Vec<(SuiteName, PathBuf, PathBuf)> {
    let candidates = SuiteName::ALL.into_iter().flat_map(|name| {
        name.candidates(locations)
            .into_iter()
            .map(move |root| (name, root))
    });
    candidates
        .filter_map(|(name, root)| root.canonicalize().ok().map(|real| (name, root, real)))
        .collect()
}

/// The suite that a file belongs to, that suite's root, and the file as the suite has it.
fn place<'a>(
    path: &Path,
    roots: &'a [(SuiteName, PathBuf, PathBuf)],
) -> (&'static str, &'a Path, SuiteFile) {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    for (name, root, real_root) in roots {
        if let Ok(inner) = real.strip_prefix(real_root) {
            let file = SuiteFile {
                name: slashed(inner),
                path: path.to_path_buf(),
            };
            return (name.name(), root, file);
        }
    }
    (
        "files",
        Path::new(""),
        SuiteFile {
            name: slashed(path),
            path: path.to_path_buf(),
        },
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_of_a_known_suite_is_named_as_there_and_any_other_as_given() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("spec-tests/values/lists.wast");
        fs::create_dir_all(inside.parent().unwrap()).unwrap();
        fs::write(&inside, "(component)").unwrap();
        let outside = dir.path().join("elsewhere.wast");
        let locations = Locations {
            workspace: dir.path().to_path_buf(),
            ..Locations::default()
        };

        let suites = Suite::of_files(&[outside.clone(), inside.clone(), inside], &locations);

        let named: Vec<(&str, Vec<&str>)> = suites
            .iter()
            .map(|suite| {
                let files = suite.files.iter().map(|file| file.name.as_str()).collect();
                (suite.name.as_str(), files)
            })
            .collect();
        let outside = slashed(&outside);
        assert_eq!(
            named,
            [
                ("files", vec![outside.as_str()]),
                ("spec-tests", vec!["values/lists.wast"])
            ]
        );
        assert!(
            suites
                .iter()
                .all(|suite| suite.coverage == Coverage::Partial)
        );
    }
}
