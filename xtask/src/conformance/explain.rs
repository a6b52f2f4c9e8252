//! `--explain`: host-driven tests that fail are drawn.

use assize_harness::{
    results::{FileResult, Verdict},
    suite::Suite,
};
use assize_reports::explained_host;

/// What is to be said of each host-driven test that fails.
pub fn all(suites: &[Suite], results: &[FileResult]) -> String {
    let fails = |result: &&FileResult| result.count(Verdict::Fail) > 0;
    let mut text = String::new();
    for result in results.iter().filter(fails) {
        let Some(explanation) = &result.explanation else {
            continue;
        };
        let files = suites.iter().filter(|suite| suite.name == result.suite);
        let mut files = files.flat_map(|suite| &suite.files);
        if let Some(file) = files.find(|file| file.name == result.file) {
            let title = format!("{} on {}", file.path.display(), result.runtime);
            text += &explained_host(&title, explanation);
            text.push('\n');
        }
    }
    text
}
