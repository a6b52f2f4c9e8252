//! The site: a run as a static directory of pages that a project can publish.
//!
//! Nothing in it is fetched from anywhere else, links are relative, and every page says what it
//! says without a script; the only things that need one are the search and the switch between
//! light and dark. Pages are written with `maud`, which escapes every text. What is
//! [`PreEscaped`](maud::PreEscaped) is made in [`source`], from escaped texts.

mod changes;
mod claims;
mod feature;
mod index;
mod layout;
mod names;
mod outcomes;
mod rule;
mod rules;
mod runtime;
mod search;
mod show;
mod source;
mod table;
mod test;
mod timeline;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use assize_harness::rules::Rule;
use maud::Markup;

use crate::{
    Report, ReportError,
    model::{Run, SuiteIndex, Test},
    text::Text,
};
use layout::Page;

/// What has been written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The page to open.
    pub index: PathBuf,
    /// How many pages there are.
    pub pages: usize,
    /// How many bytes all files have.
    pub bytes: u64,
}

/// Writes the site into `dir`, which is made if need be. Files of other names that are in there
/// stay.
///
/// # Errors
/// [`ReportError`] where something cannot be written.
pub fn write(report: &Report, dir: &Path) -> Result<Site, ReportError> {
    let plan = Plan::new(report);
    let mut writer = Writer::new(dir);
    for (name, content) in layout::ASSETS {
        writer.file(&format!("assets/{name}"), content)?;
    }
    writer.file("assets/search.js", &search::entries(&plan))?;
    writer.page(&plan, &index::page(&plan))?;
    writer.page(&plan, &search::page())?;
    writer.page(&plan, &rules::page(&plan))?;
    for feature in &plan.features {
        writer.page(&plan, &feature::page(&plan, feature))?;
    }
    for runtime in plan.run.runtime_indices() {
        writer.page(&plan, &runtime::page(&plan, runtime))?;
    }
    for rule in &plan.rules {
        writer.page(&plan, &rule::page(&plan, rule))?;
    }
    for test in 0..report.run.tests.len() {
        writer.page(&plan, &test::page(&plan, test))?;
    }
    Ok(Site {
        index: dir.join("index.html"),
        pages: writer.pages,
        bytes: writer.bytes,
    })
}

/// Writes files and counts them.
struct Writer<'d> {
    dir: &'d Path,
    /// The folder that was made last, since most files have that of the one before.
    made: PathBuf,
    pages: usize,
    bytes: u64,
}

impl<'d> Writer<'d> {
    fn new(dir: &'d Path) -> Self {
        Self {
            dir,
            made: PathBuf::new(),
            pages: 0,
            bytes: 0,
        }
    }

    fn page(&mut self, plan: &Plan<'_>, page: &Page) -> Result<(), ReportError> {
        self.pages += 1;
        let markup: Markup = layout::whole(plan, page);
        self.file(&page.path, &markup.0)
    }

    fn file(&mut self, name: &str, content: &str) -> Result<(), ReportError> {
        let path = self.dir.join(name);
        let failed = |source| ReportError {
            path: path.clone(),
            source,
        };
        let folder = path.parent().unwrap_or(self.dir);
        if folder != self.made {
            fs::create_dir_all(folder).map_err(failed)?;
            self.made = folder.to_owned();
        }
        fs::write(&path, content).map_err(failed)?;
        self.bytes += content.len() as u64;
        Ok(())
    }
}

/// A run, arranged into pages.
pub(crate) struct Plan<'r> {
    report: &'r Report,
    run: &'r Run,
    /// The page of each runtime.
    runtimes: Vec<String>,
    /// The page of each test.
    tests: Vec<String>,
    /// What each test says of rules.
    claims: Vec<claims::Claims<'r>>,
    features: Vec<Feature<'r>>,
    rules: Vec<rule::RuleFacts>,
    /// Where a rule is in `rules`.
    rule_places: HashMap<String, usize>,
}

/// The tests of one folder of a suite.
pub(crate) struct Feature<'r> {
    suite: SuiteIndex,
    folder: &'r str,
    /// The places of its tests in the run.
    tests: Vec<usize>,
    page: String,
}

impl<'r> Plan<'r> {
    fn new(report: &'r Report) -> Self {
        let run = &report.run;
        let runtimes = run.runtime_indices();
        let runtimes = runtimes
            .map(|index| names::page("runtimes", run.label(index)))
            .collect();
        let name = |test: &Test| format!("{}/{}", run.suite(test.suite).name, test.file);
        let tests = run.tests.iter();
        let claims = run.tests.iter();
        let mut plan = Plan {
            report,
            run,
            runtimes,
            tests: tests
                .map(|test| names::page("tests", &name(test)))
                .collect(),
            claims: claims
                .map(|test| claims::Claims::of(test.source.as_deref().unwrap_or_default()))
                .collect(),
            features: features(run),
            rules: Vec::new(),
            rule_places: HashMap::new(),
        };
        plan.rules = rule::collect(&plan);
        let places = plan.rules.iter().enumerate();
        plan.rule_places = places
            .map(|(place, rule)| (rule.id.to_string(), place))
            .collect();
        plan
    }

    /// A test's name with that of its suite.
    fn test_name(&self, test: &Test) -> Text {
        let suite = &self.run.suite(test.suite).name;
        Text::ours(format!("{suite}/{}", test.file))
    }

    /// The facts on a rule, where there is such a rule.
    fn rule(&self, id: &str) -> Option<&rule::RuleFacts> {
        self.rule_places.get(id).map(|place| &self.rules[*place])
    }
}

/// The folders of each suite: tests are sorted by suite and file, so that those of a folder are
/// not always neighbours.
fn features(run: &Run) -> Vec<Feature<'_>> {
    let mut features: Vec<Feature<'_>> = Vec::new();
    let mut places: HashMap<(SuiteIndex, &str), usize> = HashMap::new();
    for (index, test) in run.tests.iter().enumerate() {
        let place = *places
            .entry((test.suite, test.folder()))
            .or_insert_with(|| {
                let suite = &run.suite(test.suite).name;
                features.push(Feature {
                    suite: test.suite,
                    folder: test.folder(),
                    tests: Vec::new(),
                    page: names::page("features", &format!("{suite}/{}", test.folder())),
                });
                features.len() - 1
            });
        features[place].tests.push(index);
    }
    features.sort_by_key(|feature| (feature.suite, feature.folder));
    features
}

impl Feature<'_> {
    /// What it is called: the folder, or the suite's name where it has none.
    fn name(&self, run: &Run) -> Text {
        match self.folder {
            "" => Text::ours(format!("{} (top folder)", run.suite(self.suite).name)),
            folder => Text::ours(folder),
        }
    }
}

/// All rules that this version knows, by id.
fn known_rules() -> HashMap<&'static str, Rule> {
    Rule::ALL.iter().map(|rule| (rule.id(), *rule)).collect()
}
