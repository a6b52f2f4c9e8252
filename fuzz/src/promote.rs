//! From a finding to a test: the case goes among the project's own tests, where no expectation is
//! written, since the reference says what is allowed.

use std::fs;
use std::path::{Path, PathBuf};

use assize_harness::host;

use crate::error::FuzzError;
use crate::findings::{Saved, files, write_whole};
use crate::oracle::{Judge, Outcome, TIMEOUT};
use crate::subject::{Seat, Subject};
use crate::trial::Trial;

/// Writes the case of a finding as a test below `suite`, and gives its file. `dir` is where the
/// finding is from, for messages.
///
/// # Errors
/// [`FuzzError::NoTest`] where it is no test on the reference, or there is a test of this name, and
/// [`FuzzError::Io`] where it cannot be written.
pub fn promote(
    saved: &Saved,
    dir: &Path,
    suite: &Path,
    name: Option<&str>,
) -> Result<PathBuf, FuzzError> {
    let no_test = |reason: String| FuzzError::NoTest {
        path: dir.join(files::CASE),
        reason,
    };
    let name = name.map_or_else(|| saved.record.signature.id(), str::to_owned);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if name.is_empty() || !name.chars().all(plain) {
        let reason = format!("`{name}` is no name for a file: use letters, digits, `.`, `_`, `-`");
        return Err(no_test(reason));
    }
    let text = commented(saved);
    let trial = Trial::parse(&dir.join(files::CASE), text.clone())?;
    let mut judge = Judge::new(host::BOUNDS, TIMEOUT);
    let mut reference = Seat::new(Subject::find("reference")?);
    match judge.judge(&trial, &mut reference) {
        Ok(Outcome::Admissible(_)) => {}
        Ok(Outcome::Undecided { why }) => return Err(no_test(format!("undecided: {why}"))),
        Ok(Outcome::Unsupported { capability }) => {
            return Err(no_test(format!("the reference has no `{capability}`")));
        }
        Ok(Outcome::Finding(found)) => {
            let reason = format!("the reference itself does not pass: {}", found.what);
            return Err(no_test(reason));
        }
        Err(rejected) => return Err(no_test(rejected.to_string())),
    }
    let folder = suite.join("regressions");
    fs::create_dir_all(&folder).map_err(FuzzError::io(&folder))?;
    let path = folder.join(format!("{name}.wat"));
    if path.exists() {
        return Err(no_test(format!("{} is there already", path.display())));
    }
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

/// The case with a comment that says what it is about, in the place of the one that it has.
fn commented(saved: &Saved) -> String {
    let signature = &saved.record.signature;
    let mut text = format!(
        ";; Found by the fuzzer in {} {}: {}.\n",
        signature.runtime,
        saved.record.runtime_version,
        signature.in_words().replace('\n', " ")
    );
    let comment = |line: &&str| line.starts_with(";;") && !line.starts_with(";; script:");
    for line in saved.text.lines().skip_while(comment) {
        text += line;
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Record;
    use crate::signature::{Kind, Signature};

    const CASE: &str = ";; Something.\n;; script: call a = f()\n(component\n  \
        (core module $m (func (export \"f\")))\n  (core instance $i (instantiate $m))\n  \
        (func (export \"f\") (canon lift (core func $i \"f\"))))\n";

    fn saved(text: &str) -> Saved {
        Saved {
            record: Record {
                version: 1,
                against: "r".to_owned(),
                runtime_version: "3".to_owned(),
                signature: Signature::of_message(Kind::Crash, "r", "panicked: no"),
                form: None,
                seed: 0,
                number: 0,
                gist: None,
                shrunk: None,
            },
            program: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_case_becomes_a_test_with_a_comment_and_no_test_is_overwritten() {
        let suite = tempfile::tempdir().unwrap();
        let promote = |name| promote(&saved(CASE), Path::new("d"), suite.path(), Some(name));
        let path = promote("a_crash").unwrap();
        assert_eq!(path, suite.path().join("regressions/a_crash.wat"));
        let text = fs::read_to_string(&path).unwrap();
        let begins = ";; Found by the fuzzer in r 3: panicked: no.\n;; script: call a = f()\n(comp";
        assert!(text.starts_with(begins), "{text}");
        let error = promote("a_crash").unwrap_err().to_string();
        assert!(error.ends_with("a_crash.wat is there already"), "{error}");
        let error = promote("../x").unwrap_err().to_string();
        assert!(error.contains("`../x` is no name for a file"), "{error}");
    }

    #[test]
    fn what_the_reference_refuses_is_no_test() {
        let suite = tempfile::tempdir().unwrap();
        let text = CASE.replace("call a = f()", "call a = g()");
        let error = promote(&saved(&text), Path::new("d"), suite.path(), None).unwrap_err();
        let wanted = "d/case.wat: 2: there is no function `g` among the exports";
        assert_eq!(error.to_string(), wanted);
    }
}
