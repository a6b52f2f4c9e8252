//! From what lines say to a run.

use std::{sync::Arc, time::Duration};

use assize_harness::{host, results::Verdict};

use super::{MESSAGES, Reader};
use crate::{
    model::{
        About, Directive, Entry, Reach, Row, Runtime, RuntimeIndex, Stale, Status, Suite,
        SuiteIndex, Test, TestRun, Timeline, Trace,
    },
    record::{self, EntryLine, Fact, ReadResult, Standing},
    text::{Text, TextKind},
};

/// What lines say.
impl Reader {
    pub(super) fn result(&mut self, line: ReadResult<'_>) {
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
            Some(Standing::Undecided) => Status::Undecided,
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

    pub(super) fn fact(&mut self, fact: Fact<'_>) {
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
                label: name.clone(),
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
