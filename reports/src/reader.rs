//! Reads what a run left behind into a [`Run`], whatever state it is in.
//!
//! A file that was cut off, that has damaged lines, or that comes from an older Assize gives what
//! it holds; what it does not is a [`Problem`] with its line. Files are read line by line, and
//! names that come again and again are kept once, so that a run of a million results fits into
//! some hundred megabytes.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use assize_harness::{host, results::Verdict};

use crate::{
    model::{
        About, Directive, Entry, Problem, Reach, Row, Run, Runtime, RuntimeIndex, Stale, Status,
        Suite, SuiteIndex, Test, TestRun, Timeline, Trace,
    },
    record::{self, EntryLine, FACTS, Fact, RESULTS, ReadResult, SCHEMA, Standing},
    text::{Text, TextKind},
};

/// How many bytes a line may have before it is passed over.
const LINE: usize = 16 << 20;

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

/// What stands on a line.
enum Line<'l> {
    Text(&'l [u8]),
    TooLong { bytes: usize },
}

/// Calls `each` with every line and its number, from 1. Nothing longer than [`LINE`] is kept.
/// Says whether the last line is whole, and how many there are.
fn lines(path: &Path, mut each: impl FnMut(u64, Line<'_>)) -> Result<(bool, u64), ReadError> {
    let failed = |source| ReadError {
        path: path.to_owned(),
        source,
    };
    let file = fs::File::open(path).map_err(failed)?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let limited = &mut input.by_ref().take(LINE as u64);
        if limited.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok((true, number));
        }
        number += 1;
        let mut whole = line.ends_with(b"\n");
        if !whole && line.len() == LINE {
            let (rest, ended) = skip_line(&mut input).map_err(failed)?;
            whole = ended;
            let bytes = line.len() + rest;
            each(number, Line::TooLong { bytes });
        } else {
            each(number, Line::Text(line.trim_ascii()));
        }
        if !whole {
            return Ok((false, number));
        }
    }
}

/// Reads past the end of the line: how many bytes that is, and whether the line has an end.
fn skip_line(input: &mut impl BufRead) -> io::Result<(usize, bool)> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |end| end + 1);
        if taken == 0 {
            return Ok((skipped, false));
        }
        skipped += taken;
        input.consume(taken);
        if end.is_some() {
            return Ok((skipped, true));
        }
    }
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
        if let std::borrow::Cow::Owned(_) = text {
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
            let (file, what) = (Text::name(file), Text::message(what));
            self.run.problems.push(Problem { file, line, what });
        }
    }

    fn finish(mut self) -> Run {
        for test in &mut self.run.tests {
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

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// What lines say.
impl Reader {
    fn result(&mut self, line: ReadResult<'_>) {
        self.results += 1;
        let runtime = self.runtime(&line.runtime, &line.version);
        let suite = self.suite(&line.suite);
        let test = self.test(suite, &line.file);
        let detail = line.detail.unwrap_or_default();
        let keyword = match &*line.directive {
            "" => "file",
            keyword => keyword,
        };
        let directive = Directive {
            line: line.line,
            column: line.column,
            keyword: self.name(keyword),
            verdict: line.verdict,
            status: self.status(line.verdict, line.expectation),
            capability: line.capability.map(|name| self.name(&name)),
            expected: self.message(detail.expected.as_deref()),
            actual: self.message(detail.actual.as_deref()),
            rule: line.rule.map(|name| self.name(&name)),
            micros: line.micros,
        };
        self.test_run(test, runtime).directives.push(directive);
    }

    fn status(&mut self, verdict: Verdict, standing: Option<Standing<'_>>) -> Status {
        match standing {
            _ if verdict == Verdict::Pass => Status::Passed,
            None => Status::NotCompared,
            Some(Standing::Beyond) => Status::Beyond,
            Some(Standing::Unexpected { announced }) => Status::Unexpected { announced },
            Some(Standing::Known { entry }) => {
                let entry = self.entry(&entry);
                match self.entries.get(&entry) {
                    Some(known) => Status::Known(Arc::clone(known)),
                    None => {
                        let entry = Arc::new(entry);
                        self.entries.insert(Arc::clone(&entry));
                        Status::Known(entry)
                    }
                }
            }
        }
    }

    fn entry(&mut self, line: &EntryLine<'_>) -> Entry {
        Entry {
            glob: self.name(&line.glob),
            line: line.line,
            verdict: line.verdict,
            reason: Text::message(&line.reason),
            upstream: line.upstream.as_deref().map(Text::message),
            defined_at: line.defined_at,
        }
    }

    fn fact(&mut self, fact: Fact<'_>) {
        match fact {
            Fact::Run {
                assize,
                revision,
                began,
                millis,
                ..
            } => {
                self.run.about = About {
                    assize: Some(Text::name(&assize)),
                    revision: Some(Text::name(&revision)),
                    began,
                    elapsed: Some(Duration::from_millis(millis)),
                };
            }
            Fact::Runtime {
                name,
                version,
                capabilities,
                expectations,
            } => {
                let RuntimeIndex(index) = self.runtime(&name, &version);
                let capabilities = capabilities.iter().map(|name| self.name(name)).collect();
                let runtime = &mut self.run.runtimes[index];
                runtime.capabilities = Some(capabilities);
                runtime.expectations = Some(Text::message(&expectations));
            }
            Fact::Suite {
                name,
                root,
                in_full,
            } => {
                let SuiteIndex(index) = self.suite(&name);
                let suite = &mut self.run.suites[index];
                suite.root = Some(Text::message(&root));
                suite.in_full = Some(in_full);
            }
            Fact::Mended { about, file, entry } => {
                let entry = self.entry(&entry);
                self.run_about(&about, &file).mended.push(entry);
            }
            Fact::Stale {
                about,
                entry,
                missing,
            } => {
                let stale = Stale {
                    suite: self.suite(&about.suite),
                    runtime: self.runtime(&about.runtime, &about.version),
                    entry: self.entry(&entry),
                    missing: self.name(&missing),
                };
                self.run.stale.push(stale);
            }
            Fact::Trace {
                about,
                file,
                explanation,
            } => {
                let trace = self.trace(&explanation);
                self.run_about(&about, &file).trace = Some(Box::new(trace));
            }
            Fact::Reached { suite, file, rules } => {
                let reach = rules.into_iter().map(|reached| Reach {
                    rule: self.name(&reached.rule),
                    held: reached.held,
                    not: reached.not,
                });
                let rules = reach.collect();
                self.test_named(&suite, &file).rules = rules;
            }
            Fact::Test {
                suite,
                file,
                source,
            } => {
                let source = Text::new(&source, TextKind::Source);
                self.test_named(&suite, &file).source = Some(source);
            }
        }
    }

    fn trace(&mut self, explanation: &host::Explanation) -> Trace {
        let allowed = explanation.allowed.iter();
        Trace {
            observed: self.timeline(&explanation.observed),
            reference: self.timeline(&explanation.reference),
            allowed: allowed.map(|text| Text::message(text)).collect(),
        }
    }

    /// A row without a column is no row.
    fn timeline(&mut self, timeline: &host::Timeline) -> Timeline {
        let columns = timeline.columns.iter();
        let columns: Vec<Text> = columns.map(|name| self.name(name)).collect();
        let rows = timeline.rows.iter();
        let rows = rows.filter(|row| row.column < columns.len());
        let rows = rows.map(|row| Row {
            column: row.column,
            what: Text::message(&row.what),
            standing: row.standing,
            arrow: row
                .arrow
                .filter(|arrow| arrow.from.max(arrow.to) < columns.len()),
        });
        Timeline {
            rows: rows.collect(),
            columns,
        }
    }
}

/// Places in the run, made where they are not there yet.
impl Reader {
    fn name(&mut self, raw: &str) -> Text {
        if let Some(known) = self.names.get(raw) {
            return known.clone();
        }
        let name = Text::name(raw);
        // What is longer is cut in any case, and need not be kept to be found again.
        if raw.len() <= TextKind::Name.limit() {
            self.names.insert(raw.to_owned(), name.clone());
        }
        name
    }

    fn message(&mut self, raw: Option<&str>) -> Option<Text> {
        let raw = raw?;
        if self.messages >= MESSAGES {
            self.left_out += 1;
            return None;
        }
        let text = Text::message(raw);
        self.messages += text.len();
        Some(text)
    }

    fn runtime(&mut self, name: &str, version: &str) -> RuntimeIndex {
        let (name, version) = (self.name(name), self.name(version));
        let next = RuntimeIndex(self.run.runtimes.len());
        let key = (name.clone(), version.clone());
        let index = *self.runtimes.entry(key).or_insert(next);
        if index == next {
            self.run.runtimes.push(Runtime {
                name,
                version,
                capabilities: None,
                expectations: None,
            });
        }
        index
    }

    fn suite(&mut self, name: &str) -> SuiteIndex {
        let name = self.name(name);
        let next = SuiteIndex(self.run.suites.len());
        let index = *self.suites.entry(name.clone()).or_insert(next);
        if index == next {
            self.run.suites.push(Suite {
                name,
                root: None,
                in_full: None,
            });
        }
        index
    }

    fn test(&mut self, suite: SuiteIndex, file: &str) -> usize {
        let file = self.name(file);
        let next = self.run.tests.len();
        let index = *self.tests.entry((suite, file.clone())).or_insert(next);
        if index == next {
            self.run.tests.push(Test {
                suite,
                file,
                source: None,
                rules: Vec::new(),
                runs: Vec::new(),
            });
        }
        index
    }

    fn test_named(&mut self, suite: &str, file: &str) -> &mut Test {
        let suite = self.suite(suite);
        let test = self.test(suite, file);
        &mut self.run.tests[test]
    }

    fn test_run(&mut self, test: usize, runtime: RuntimeIndex) -> &mut TestRun {
        let runs = &mut self.run.tests[test].runs;
        let next = runs.len();
        let index = *self.runs.entry((test, runtime)).or_insert(next);
        if index == next {
            runs.push(TestRun {
                runtime,
                directives: Vec::new(),
                mended: Vec::new(),
                trace: None,
            });
        }
        &mut runs[index]
    }

    fn run_about(&mut self, about: &record::About<'_>, file: &str) -> &mut TestRun {
        let runtime = self.runtime(&about.runtime, &about.version);
        let suite = self.suite(&about.suite);
        let test = self.test(suite, file);
        self.test_run(test, runtime)
    }
}
