//! Whether the names of a scope stay different when a language writes them in its own case and puts
//! methods where it has them.
//!
//! Spec: Explainer.md, "Name Uniqueness".

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Broken;
use crate::component::types::Label;

/// The imports' names or the exports' names of a scope, any two of them strongly unique.
#[derive(Default)]
pub struct Names {
    /// The names as they are written, by their canonical forms.
    written: BTreeMap<String, Label>,
}

impl Names {
    /// Adds a name that has the syntax of an import's or export's.
    pub fn add(&mut self, name: &Label) -> Result<(), Broken> {
        match self.written.entry(canonical(name)) {
            Entry::Vacant(entry) => {
                entry.insert(name.clone());
                Ok(())
            }
            Entry::Occupied(entry) => Err(Broken::NotUnique {
                name: name.clone(),
                earlier: entry.get().clone(),
            }),
        }
    }
}

/// What two names that are not strongly unique have in common.
fn canonical(name: &str) -> String {
    // An interface's version, which ends its name, is no acronym: its case tells versions apart.
    let (labels, version) = name.split_at(name.find('@').unwrap_or(name.len()));
    let name = labels.to_ascii_lowercase() + version;
    let annotations = ["[method]", "[static]"];
    let Some(field) = annotations.iter().find_map(|it| name.strip_prefix(it)) else {
        return name;
    };
    match field.split_once('.') {
        Some((resource, label)) if resource == label => label.to_owned(),
        _ => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that the specification gives as strongly unique.
    const UNIQUE: [&str; 6] = [
        "foo",
        "foo-bar",
        "[constructor]foo",
        "[method]foo.bar",
        "[static]foo.baz",
        "foo:bar/baz",
    ];

    fn names(written: &[&str]) -> Result<Names, Broken> {
        let mut names = Names::default();
        for name in written {
            names.add(&(*name).into())?;
        }
        Ok(names)
    }

    #[test]
    fn names_that_differ_in_more_than_case_and_annotation_are_strongly_unique() {
        assert!(names(&UNIQUE).is_ok());
        assert!(
            names(&[
                "a",
                "[constructor]a",
                "[method]a.b",
                "[static]b.b",
                "[method]b.a"
            ])
            .is_ok()
        );
        assert!(names(&["a", "a-b", "ab", "a1", "a-1"]).is_ok());
    }

    #[test]
    fn a_name_that_differs_in_case_or_annotation_alone_conflicts_with_the_earlier_one() {
        for (name, earlier) in [
            ("foo", "foo"),
            ("FOO", "foo"),
            ("foo-BAR", "foo-bar"),
            ("[constructor]FOO", "[constructor]foo"),
            ("[method]foo.BAR", "[method]foo.bar"),
            ("[static]foo.bar", "[method]foo.bar"),
            ("[method]foo.baz", "[static]foo.baz"),
            ("[method]foo.foo", "foo"),
            ("[static]foo-BAR.FOO-bar", "foo-bar"),
            ("foo:bar/BAZ", "foo:bar/baz"),
        ] {
            let expected = Broken::NotUnique {
                name: name.into(),
                earlier: earlier.into(),
            };
            let added = names(&UNIQUE).and_then(|mut names| names.add(&name.into()));
            assert_eq!(added, Err(expected));
        }
    }

    #[test]
    fn the_case_of_an_interface_counts_in_its_version_alone() {
        assert!(names(&["a:b/c@1.0.0-x", "a:b/c@1.0.0-X", "a:b/c@1.0.0"]).is_ok());
        assert!(names(&["a:b/c@1.0.0-x", "a:b/C@1.0.0-x"]).is_err());
    }
}
