//! Reads what a run left behind into a [`Run`], whatever state it is in.
//!
//! A file that was cut off, that has damaged lines, or that comes from an older Assize gives what
//! it holds; what it does not is a [`Problem`] with its line. Files are read line by line, and
//! names that come again and again are kept once, so that a run of a million results fits into
//! some hundred megabytes.

mod collect;
mod lines;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::lines::{Line, lines};
use crate::{
    model::{Entry, Problem, Run, RuntimeIndex, Source, SuiteIndex},
    record::{FACTS, Fact, RESULTS, ReadResult, SCHEMA},
    text::Text,
};

/// How many bytes of messages are kept. What comes after is counted and left out.
const MESSAGES: usize = 256 << 20;

/// How many problems are kept for each file. What comes after is counted.
const PROBLEMS: u64 = 50;

/// Why there is nothing to report on.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {source}", path.display())]
pub struct ReadError {
    /// The file that was to be read.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// Reads a run: `path` is a directory with a `results.jsonl`, or a file of results. Facts are
/// taken from the `facts.jsonl` beside a `results.jsonl`.
///
/// # Errors
/// [`ReadError`] where the results cannot be opened or the system fails to read them. All else
/// that may be wrong with the files is in [`Run::problems`].
pub fn read(path: &Path) -> Result<Run, ReadError> {
    let results = match path.is_dir() {
        true => path.join(RESULTS),
        false => path.to_owned(),
    };
    let mut reader = Reader::default();
    reader.results(&results)?;
    let facts = results.with_file_name(FACTS);
    if results.file_name().is_some_and(|name| name == RESULTS) {
        if facts.is_file() {
            reader.facts(&facts)?;
        } else {
            let what = "not there: no sources, timelines, rules or capabilities are shown";
            reader.problem(FACTS, None, what);
        }
    }
    Ok(reader.finish())
}

/// Collects a run.
#[derive(Default)]
struct Reader {
    run: Run,
    names: HashMap<String, Text>,
    entries: HashSet<Arc<Entry>>,
    suites: HashMap<Text, SuiteIndex>,
    runtimes: HashMap<(Text, Text), RuntimeIndex>,
    tests: HashMap<(SuiteIndex, Text), usize>,
    runs: HashMap<(usize, RuntimeIndex), usize>,
    /// Lines of results that were understood.
    results: u64,
    /// Bytes of messages that were kept.
    messages: usize,
    /// Messages that were not.
    left_out: u64,
    /// Problems of the present file.
    problems: u64,
}

impl Reader {
    fn results(&mut self, path: &Path) -> Result<(), ReadError> {
        let file = file_name(path);
        let mut last_bad = None;
        let (whole, count) = lines(path, |number, line| {
            let understood = self.line(&file, number, line, |reader, text| {
                let result: ReadResult<'_> = serde_json::from_str(text)?;
                reader.result(result);
                Ok(())
            });
            last_bad = (!understood).then_some(number);
        })?;
        self.end_of_file(&file, whole, count, last_bad);
        if self.left_out > 0 {
            let what = format!(
                "{} messages are not shown: there are more than {} MiB of them",
                self.left_out,
                MESSAGES >> 20
            );
            self.problem(&file, None, &what);
        }
        Ok(())
    }

    fn facts(&mut self, path: &Path) -> Result<(), ReadError> {
        let file = file_name(path);
        let mut promised = None;
        let mut last_bad = None;
        let (whole, count) = lines(path, |number, line| {
            let understood = self.line(&file, number, line, |reader, text| {
                match serde_json::from_str(text)? {
                    Fact::Run {
                        schema,
                        results,
                        facts,
                        ..
                    } if schema != SCHEMA => {
                        let what = format!("of another shape: {schema}, not {SCHEMA}");
                        reader.problem(FACTS, Some(number), &what);
                        promised = Some((results, facts));
                    }
                    fact => {
                        if let Fact::Run { results, facts, .. } = &fact {
                            promised = Some((*results, *facts));
                        }
                        reader.fact(fact);
                    }
                }
                Ok(())
            });
            last_bad = (!understood).then_some(number);
        })?;
        self.end_of_file(&file, whole, count, last_bad);
        match promised {
            None => self.problem(&file, None, "does not say what run it is about"),
            Some((results, facts)) => {
                if self.results != results {
                    let what = format!("{} of the run's {results} results are here", self.results);
                    self.problem(RESULTS, None, &what);
                }
                if count != facts {
                    let what = format!("{count} of its {facts} lines are here");
                    self.problem(&file, None, &what);
                }
            }
        }
        Ok(())
    }

    /// Has a line understood, and says whether it was. A line of blanks has nothing to understand.
    fn line(
        &mut self,
        file: &str,
        number: u64,
        line: Line<'_>,
        understand: impl FnOnce(&mut Self, &str) -> Result<(), serde_json::Error>,
    ) -> bool {
        let text = match line {
            Line::Text(b"") => return true,
            Line::Text(text) => String::from_utf8_lossy(text),
            Line::TooLong { bytes } => {
                let what = format!("passed over: it has {bytes} bytes");
                self.problem(file, Some(number), &what);
                return true;
            }
        };
        if let Cow::Owned(_) = text {
            let what = "not UTF-8: what is not is shown as U+FFFD";
            self.problem(file, Some(number), what);
        }
        match understand(self, &text) {
            Ok(()) => true,
            Err(error) => {
                let what = format!("passed over: {}", json_error(&error));
                self.problem(file, Some(number), &what);
                false
            }
        }
    }

    /// Says that a file was cut off, where it was.
    fn end_of_file(&mut self, file: &str, whole: bool, count: u64, last_bad: Option<u64>) {
        if !whole && last_bad == Some(count) {
            let what = "cut off: the file ends within this line";
            let last = self.run.problems.last_mut();
            match last.filter(|problem| problem.line == Some(count)) {
                Some(problem) => problem.what = Text::message(what),
                None => self.problem(file, Some(count), what),
            }
        }
        if let Some(more @ 1..) = self.problems.checked_sub(PROBLEMS) {
            let what = format!("{more} more problems");
            self.run.problems.push(Problem {
                about: source(file),
                file: Text::name(file),
                line: None,
                what: Text::message(&what),
            });
        }
        self.problems = 0;
    }

    fn problem(&mut self, file: &str, line: Option<u64>, what: &str) {
        self.problems += 1;
        if self.problems <= PROBLEMS {
            self.run.problems.push(Problem {
                about: source(file),
                file: Text::name(file),
                line,
                what: Text::message(what),
            });
        }
    }

    fn finish(mut self) -> Run {
        let mut versions: HashMap<Text, usize> = HashMap::new();
        for runtime in &self.run.runtimes {
            *versions.entry(runtime.name.clone()).or_default() += 1;
        }
        for runtime in &mut self.run.runtimes {
            if versions.get(&runtime.name).is_some_and(|count| *count > 1) {
                runtime.label = Text::ours(format!("{} {}", runtime.name, runtime.version));
            }
        }
        for test in &mut self.run.tests {
            // Facts about results that are lost: to say that nothing failed would be wrong.
            test.runs.retain(|run| !run.directives.is_empty());
            test.runs.sort_by_key(|run| run.runtime);
        }
        self.run.tests.sort_by(|one, other| {
            (one.suite, one.file.as_str()).cmp(&(other.suite, other.file.as_str()))
        });
        self.run
    }
}

/// What is wrong, without the place within the line, which nobody looks for.
fn json_error(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    match error.is_data() {
        true => text[..end].to_owned(),
        false => format!("not JSON: {}", &text[..end]),
    }
}

fn source(file: &str) -> Source {
    match file {
        FACTS => Source::Facts,
        _ => Source::Results,
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
