//! Findings that are known: recognised and counted, and not reported again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use assize_harness::runtime::RuntimeInfo;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::FuzzError;
use crate::signature::Signature;
use crate::signature::gist::Gist;

/// Every finding that is known.
#[derive(Clone, Debug, Default)]
pub struct Known {
    entries: Vec<Entry>,
    fingerprint: u64,
}

/// Where stands what is known of Wasmtime.
const WASMTIME: &str = "fuzz/known/wasmtime.toml";

/// A file of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Entry>,
}

/// One of them. A part that is left out is not compared; in the others `*` stands for any text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The runtime.
    pub runtime: String,
    /// The versions that have it, each in full or as its beginning (`48` is also 48.0.8); all if there
    /// are none.
    #[serde(default)]
    pub versions: Vec<String>,
    /// The short name of the signature.
    pub signature: Option<String>,
    /// The signature's kind.
    pub kind: Option<String>,
    /// Its rule.
    pub rule: Option<String>,
    /// Its built-in.
    pub builtin: Option<String>,
    /// What is observed.
    pub observed: Option<String>,
    /// One of those that are allowed.
    pub allowed: Option<String>,
    /// What the smallest program is made of, among other things. An entry that says so is compared only
    /// when there is one.
    #[serde(default)]
    pub smallest: Vec<String>,
    /// Why it is there, and what it is.
    pub reason: String,
    /// Where it was reported.
    pub upstream: Option<String>,
}

impl Known {
    /// Reads every `.toml` in a directory. There are none where there is no directory.
    ///
    /// # Errors
    /// [`FuzzError::Io`] where one cannot be read, and [`FuzzError::File`] with the line where one is
    /// not as it has to be.
    pub fn load(dir: &Path) -> Result<Known, FuzzError> {
        let mut known = Known::default();
        let files = match fs::read_dir(dir) {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(known),
            Err(error) => return Err(FuzzError::io(dir)(error)),
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for file in files {
            let path = file.map_err(FuzzError::io(dir))?.path();
            paths.extend((path.extension().is_some_and(|end| end == "toml")).then_some(path));
        }
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(FuzzError::io(&path))?;
            known.add(&path, &text)?;
        }
        Ok(known)
    }

    /// What this program was built with of the runtimes that are built in, for one that runs where there is
    /// no workspace.
    ///
    /// # Errors
    /// Those of [`Known::load`].
    pub fn built_in() -> Result<Known, FuzzError> {
        let mut known = Known::default();
        known.add(Path::new(WASMTIME), include_str!("../known/wasmtime.toml"))?;
        Ok(known)
    }

    fn add(&mut self, path: &Path, text: &str) -> Result<(), FuzzError> {
        let mut hasher = DefaultHasher::new();
        (self.fingerprint, text).hash(&mut hasher);
        self.fingerprint = hasher.finish();
        self.entries.extend(parse(path, text)?);
        Ok(())
    }

    /// Another number for another list.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The entry about a finding of a runtime of which no smaller program is known yet.
    pub fn find(&self, signature: &Signature, info: &RuntimeInfo) -> Option<&Entry> {
        let about = |entry: &&Entry| entry.smallest.is_empty() && entry.is_about(signature, info);
        self.entries.iter().find(about)
    }

    /// The entry about a finding whose smallest program is made of this.
    pub fn find_smallest(
        &self,
        signature: &Signature,
        gist: &Gist,
        info: &RuntimeInfo,
    ) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| gist.has(&entry.smallest, matches) && entry.is_about(signature, info))
    }
}

/// What a file says, or the line where it does not say what it has to.
pub(crate) fn from_toml<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, FuzzError> {
    let line = |offset: usize| {
        text.bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    };
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(1, |span| line(span.start));
        FuzzError::file(path, format!("line {at}: {}", error.message()))
    })
}

fn parse(path: &Path, text: &str) -> Result<Vec<Entry>, FuzzError> {
    let file: File = from_toml(path, text)?;
    for (number, entry) in file.known.iter().enumerate() {
        let fault = match () {
            () if entry.reason.trim().is_empty() => "has no reason",
            () if entry.smallest.is_empty() && entry.parts().all(|(part, _)| part.is_none()) => {
                "says nothing of the finding: give `signature`, `kind`, `rule`, `builtin`, \
                 `observed`, `allowed` or `smallest`"
            }
            () => continue,
        };
        let reason = format!("entry {} {fault}", number + 1);
        return Err(FuzzError::file(path, reason));
    }
    Ok(file.known)
}

impl Entry {
    /// The patterns, and whether each is about what may be there several times.
    fn parts(&self) -> impl Iterator<Item = (&Option<String>, &'static str)> {
        [
            (&self.signature, "signature"),
            (&self.kind, "kind"),
            (&self.rule, "rule"),
            (&self.builtin, "builtin"),
            (&self.observed, "observed"),
            (&self.allowed, "allowed"),
        ]
        .into_iter()
    }

    fn is_about(&self, signature: &Signature, info: &RuntimeInfo) -> bool {
        let of_version = |version: &String| {
            let rest = info.version.strip_prefix(version.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let versions = self.versions.is_empty() || self.versions.iter().any(of_version);
        let fits = |(pattern, part): (&Option<String>, &str)| {
            let Some(pattern) = pattern else { return true };
            let one = |text: &str| matches(pattern, text);
            match part {
                "signature" => one(&signature.id()),
                "kind" => one(signature.kind.name()),
                "rule" => signature.rule.as_deref().is_some_and(one),
                "builtin" => signature.builtin.as_deref().is_some_and(one),
                "observed" => one(&signature.observed),
                _ => signature.allowed.iter().any(|allowed| one(allowed)),
            }
        };
        self.runtime == info.name && versions && self.parts().all(fits)
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| matches(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Kind;
    use crate::testing::info;

    fn of(text: &str) -> Known {
        let mut known = Known::default();
        known.add(Path::new("r.toml"), text).unwrap();
        known
    }

    fn error(text: &str) -> String {
        parse(Path::new("r.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_finding_is_known_by_its_runtime_version_and_parts() {
        let text = "[[known]]\nruntime = \"r\"\nversions = [\"48\"]\nkind = \"crash\"\n\
                    observed = \"panicked: *N*\"\nreason = \"it counts wrong\"\n";
        let known = of(text);
        let crash = Signature::of_message(Kind::Crash, "r", "panicked: index 3 of 2");
        let reason = |signature, version| {
            let entry = known.find(signature, &info(version));
            entry.map(|entry| entry.reason.as_str())
        };
        assert_eq!(reason(&crash, "48.0.8"), Some("it counts wrong"));
        assert_eq!(reason(&crash, "480.1"), None);
        let other = Signature::of_message(Kind::Crash, "r", "panicked: no numbers");
        assert_eq!(reason(&other, "48"), None);
        let hang = Signature::of_message(Kind::Hang, "r", "");
        assert_eq!(reason(&hang, "48"), None);
    }

    #[test]
    fn what_the_smallest_program_is_made_of_is_compared_only_when_it_is_there() {
        let text = "[[known]]\nruntime = \"r\"\nsmallest = [\"thread.*-then-promote\", \"call\"]\n\
                    reason = \"it promotes what is not ready\"\n";
        let known = of(text);
        let hang = Signature::of_message(Kind::Hang, "r", "");
        let is_known = |parts: &[&str]| {
            let parts = parts.iter().map(|part| (*part).to_owned());
            let gist = Gist(parts.collect());
            known.find_smallest(&hang, &gist, &info("1")).is_some()
        };
        assert!(known.find(&hang, &info("1")).is_none());
        assert!(is_known(&[
            "call",
            "lift sync",
            "thread.yield-then-promote"
        ]));
        assert!(!is_known(&["call", "thread.yield-then-resume"]));
        assert!(!is_known(&["thread.yield-then-promote"]));
    }

    #[test]
    fn a_malformed_file_is_an_error_that_says_where() {
        let errors = [
            error("[[known]]\nruntime = 3\nreason = \"x\"\n"),
            error("[[known]]\nruntime = \"r\"\nreason = \"x\"\nseverity = 1\n"),
            error("[[known]]\nruntime = \"r\"\nreason = \"x\"\n"),
            error("[[known]]\nruntime = \"r\"\nkind = \"hang\"\nreason = \" \"\n"),
            error("known"),
        ];
        insta::assert_snapshot!(errors.join("\n"), @r"
        r.toml: line 2: invalid type: integer `3`, expected a string
        r.toml: line 4: unknown field `severity`, expected one of `runtime`, `versions`, `signature`, `kind`, `rule`, `builtin`, `observed`, `allowed`, `smallest`, `reason`, `upstream`
        r.toml: entry 1 says nothing of the finding: give `signature`, `kind`, `rule`, `builtin`, `observed`, `allowed` or `smallest`
        r.toml: entry 1 has no reason
        r.toml: line 1: key with no value, expected `=`
        ");
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("*", ""));
        assert!(matches("a*c*", "abcd"));
        assert!(!matches("a*d", "abc"));
        assert!(!matches("abc", "abcd"));
    }
}
