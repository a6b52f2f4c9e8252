//! Mutants that are not found out, and why: `fuzz/bench/survivors.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assize_harness::rules::Rule;
use serde::{Deserialize, Serialize};

use crate::error::FuzzError;
use crate::known::from_toml;

/// The mutants of which it is known why they are not found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survivors(BTreeMap<Rule, Why>);

/// Why a mutant is not found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Whether it could be.
    pub kind: Kind,
    /// The reason, in words.
    pub reason: String,
}

/// Whether a mutant could be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// No program can tell it from the reference.
    Equivalent,
    /// Some program could, and the generator makes none.
    OutOfReach,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    survivor: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    kind: Kind,
    reason: String,
}

impl Survivors {
    /// Reads the file.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where it cannot be read, and [`FuzzError::File`] where it is not as it has to
    /// be, or names a rule that there is not, or one twice.
    pub fn load(path: &Path) -> Result<Survivors, FuzzError> {
        let text = fs::read_to_string(path).map_err(FuzzError::io(path))?;
        parse(path, &text)
    }

    /// Why the mutant of this rule is not found out.
    pub fn why(&self, rule: Rule) -> Option<&Why> {
        self.0.get(&rule)
    }
}

fn parse(path: &Path, text: &str) -> Result<Survivors, FuzzError> {
    let file: File = from_toml(path, text)?;
    let mut survivors = BTreeMap::new();
    for Entry { rule, kind, reason } in file.survivor {
        let unknown = || FuzzError::file(path, format!("there is no rule `{rule}`"));
        let known = Rule::with_id(&rule).ok_or_else(unknown)?;
        if survivors.insert(known, Why { kind, reason }).is_some() {
            return Err(FuzzError::file(path, format!("`{rule}` is there twice")));
        }
    }
    Ok(Survivors(survivors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = parse(Path::new("survivors.toml"), text).unwrap_err();
        error.to_string()
    }

    #[test]
    fn a_rule_has_to_be_there_and_only_once() {
        let entry = |rule: &str| {
            format!("[[survivor]]\nrule = \"{rule}\"\nkind = \"equivalent\"\nreason = \"x\"\n")
        };
        let one = entry("table.get/bounds");
        let survivors = parse(Path::new("survivors.toml"), &one).unwrap();
        let why = survivors.why(Rule::TableGetBounds).unwrap();
        assert_eq!((why.kind, &*why.reason), (Kind::Equivalent, "x"));
        assert_eq!(survivors.why(Rule::TableGetEmpty), None);
        assert_eq!(
            error(&entry("table.get")),
            "survivors.toml: there is no rule `table.get`"
        );
        assert_eq!(
            error(&format!("{one}{one}")),
            "survivors.toml: `table.get/bounds` is there twice"
        );
    }

    #[test]
    fn the_file_of_the_project_is_as_it_has_to_be() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/survivors.toml");
        assert_ne!(Survivors::load(&path).unwrap(), Survivors::default());
    }
}
