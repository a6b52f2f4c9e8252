//! The site: its pages are whole whatever the results say, and stay small.

use std::{collections::BTreeMap, ffi::OsStr, fmt::Write, fs, path::Path};

use assize_reports::{Report, model::Run, reader::read, site, text::Text};

use crate::common;

/// Every file of a run's site, by its path within it.
fn pages(run: Run) -> BTreeMap<String, String> {
    let report = Report {
        run,
        ..Report::default()
    };
    let dir = tempfile::tempdir().expect("there is room for files");
    let written = site::write(&report, dir.path()).expect("the directory can be written");
    assert_eq!(written.index, dir.path().join("index.html"));
    let mut pages = BTreeMap::new();
    collect(dir.path(), "", &mut pages);
    let html = pages.keys().filter(|name| name.ends_with(".html")).count();
    assert_eq!(written.pages, html);
    pages
}

fn collect(dir: &Path, below: &str, pages: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).expect("the directory is there") {
        let path = entry.expect("the directory can be read").path();
        let name = path.file_name().and_then(OsStr::to_str);
        let name = name.expect("names are plain");
        match path.is_dir() {
            true => collect(&path, &format!("{below}{name}/"), pages),
            false => {
                let text = fs::read_to_string(&path).expect("files are text");
                pages.insert(format!("{below}{name}"), text);
            }
        }
    }
}

/// A run of results that are given as lines, with sources for some.
fn run_of(results: &str, facts: &str) -> Run {
    let dir = tempfile::tempdir().expect("there is room for files");
    fs::write(dir.path().join("results.jsonl"), results).expect("there is room for files");
    fs::write(dir.path().join("facts.jsonl"), facts).expect("there is room for files");
    read(&dir.path().join("results.jsonl")).expect("the results are there")
}

fn recorded() -> Run {
    let dir = tempfile::tempdir().expect("there is room for files");
    read(&common::record(dir.path())).expect("the results are there")
}

/// What stands on a page, without its tags.
fn text(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text += before;
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    let text = (text + rest).replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn each_runtime_test_rule_and_feature_has_a_page() {
    let pages = pages(recorded());
    for name in [
        "index.html",
        "rules.html",
        "search.html",
        "assets/site.css",
        "assets/site.js",
        "assets/search.js",
        "runtimes/wasmtime.html",
        "features/official--async.html",
        "tests/official--async--broken.wast.html",
        "rules/resource.drop--lends.html",
    ] {
        assert!(pages.contains_key(name), "{name}: {:?}", pages.keys());
    }
}

#[test]
fn a_runtime_s_page_tells_the_unexpected_before_the_known() {
    let pages = pages(recorded());
    let page = text(&pages["runtimes/wasmtime.html"]);
    let place = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}: {page}"));
    assert!(place("async/broken.wast") < place("Passes again"));
    assert!(place("Passes again") < place("About nothing"));
    assert!(place("About nothing") < place("lists are read backwards"));
    assert!(page.contains("48.0.8"));
}

#[test]
fn the_matrix_and_a_runtime_s_page_count_the_same_as_unexpected() {
    let run = recorded();
    assert_eq!(run.stale.len(), 1);
    let pages = pages(run);
    let counted = |page: &str, before: &str| -> Vec<usize> {
        let page = text(&pages[page]);
        let counts = page.match_indices(" unexpected").filter_map(|(at, _)| {
            let (_, count) = page[..at].rsplit_once(before)?;
            count.parse().ok()
        });
        counts.collect()
    };
    let in_matrix = counted("index.html", "no: ");
    let on_page = counted("runtimes/wasmtime.html", "! ");
    assert_eq!(in_matrix.len(), 1);
    assert_eq!(on_page.iter().sum::<usize>(), in_matrix[0]);
}

#[test]
fn a_failing_host_driven_test_is_drawn_with_what_is_allowed() {
    let pages = pages(recorded());
    let page = text(&pages["tests/official--host--seen.wat.html"]);
    assert!(page.contains("✗ end 5: read [10], completed"), "{page}");
    assert!(page.contains("allowed: end 5: read [10, 20], completed"));
    assert!(page.contains("Event 3 is the first that is not allowed."));
}

#[test]
fn a_rule_s_page_says_what_it_means_and_where_it_stands() {
    let pages = pages(recorded());
    let page = &pages["rules/resource.drop--lends.html"];
    assert!(text(page).contains("It holds where the resource is lent."));
    assert!(page.contains("/design/mvp/CanonicalABI.md#canon-resourcedrop\""));
    assert!(text(page).contains("the condition holds in 1 and does not in 1 of them"));
}

#[test]
fn every_page_forbids_to_load_anything_from_elsewhere_and_does_not_ask_for_it() {
    for (name, page) in pages(recorded()) {
        if name.ends_with(".html") {
            assert!(page.contains("default-src 'none'"), "{name}");
        }
        for loaded in ["src=\"http", "url(http", "@import", "fetch(", "src=\"//"] {
            assert!(!page.contains(loaded), "{name} has {loaded}");
        }
        for tag in page.split("<link ").skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            assert!(!tag.contains("://"), "{name}: {tag}");
        }
    }
}

#[test]
fn links_lead_to_pages_that_are_there_from_wherever_the_site_is() {
    let pages = pages(recorded());
    for (name, page) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in page.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap_or_default();
            if link.starts_with("https://") || link.starts_with('#') {
                continue;
            }
            assert!(!link.starts_with('/'), "{name} leads to {link}");
            let file = link.split('#').next().unwrap_or_default();
            let path = match (name.split_once('/'), file.strip_prefix("../")) {
                (Some(_), Some(up)) => up.to_owned(),
                (Some((folder, _)), None) => format!("{folder}/{file}"),
                (None, _) => file.to_owned(),
            };
            assert!(pages.contains_key(&path), "{name} leads to {link}");
        }
    }
}

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror='a'>\"&amp;";

#[test]
fn markup_in_any_name_or_message_is_text() {
    let line = serde_json::json!({
        "runtime": MARKUP, "version": MARKUP, "suite": MARKUP, "file": format!("{MARKUP}/{MARKUP}"),
        "line": 1, "column": 1, "directive": MARKUP, "verdict": "fail", "rule": MARKUP,
        "detail": {"expected": MARKUP, "actual": MARKUP},
        "expectation": {"status": "known", "entry": {
            "glob": MARKUP, "verdict": "fail", "reason": MARKUP, "upstream": "javascript:alert(1)", "defined_at": 1,
        }},
    });
    let row = serde_json::json!({"column": 0, "what": MARKUP, "standing": "first"});
    let timeline = serde_json::json!({"columns": [MARKUP], "rows": [row]});
    let facts = [
        serde_json::json!({"kind": "trace", "suite": MARKUP, "runtime": MARKUP, "version": MARKUP,
            "file": format!("{MARKUP}/{MARKUP}"),
            "explanation": {"observed": timeline, "reference": timeline, "allowed": [MARKUP]}}),
        serde_json::json!({"kind": "test", "suite": MARKUP, "file": format!("{MARKUP}/{MARKUP}"),
            "source": format!("(a \"{MARKUP}\" {MARKUP} ;; {MARKUP}\n")}),
    ];
    let facts: String = facts.iter().map(|fact| format!("{fact}\n")).collect();
    let pages = pages(run_of(&format!("{line}\n"), &facts));
    for (name, page) in &pages {
        assert!(!name.contains(['<', '"', ' ', '\'']), "{name}");
        if name.ends_with(".html") {
            assert!(!page.contains("<img"), "{name}");
            assert!(!page.contains("<script>"), "{name}");
            assert!(!page.contains("href=\"javascript"), "{name}");
        }
    }
    let (_, test) = pages
        .iter()
        .find(|(name, _)| name.starts_with("tests/"))
        .unwrap();
    assert!(text(test).contains(MARKUP), "{test}");
    // As JavaScript, a text is only ended by a quotation mark.
    assert!(pages["assets/search.js"].contains("\\\"&amp;\""));
}

#[test]
fn control_characters_long_lines_and_other_bytes_are_shown_harmless_and_cut() {
    let long = "A".repeat(1 << 20);
    let line = serde_json::json!({
        "runtime": "\u{1b}[31mred", "version": "1", "suite": "s", "file": "\u{202e}../../x",
        "line": 1, "directive": "d", "verdict": "crash", "detail": {"actual": long},
    });
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hostile.jsonl");
    let mut bytes = line.to_string().into_bytes();
    let place = bytes.windows(3).position(|three| three == b"red").unwrap();
    bytes[place] = 0xff;
    fs::write(&path, bytes).unwrap();
    let pages = pages(read(&path).unwrap());
    let index = text(&pages["index.html"]);
    assert!(index.contains("\\u{1b}[31m\u{fffd}ed"), "{index}");
    assert!(index.contains("not UTF-8"), "{index}");
    let (name, test) = pages
        .iter()
        .find(|(name, _)| name.starts_with("tests/"))
        .unwrap();
    assert!(!name.contains(".."), "{name}");
    assert!(test.len() < 20_000, "{}", test.len());
    let shown = text(test);
    assert!(shown.contains("A… ("), "{shown}");
    assert!(shown.contains("\\u{202e}../../x"), "{shown}");
}

#[test]
fn a_file_that_was_cut_off_gives_what_it_holds_and_the_first_page_says_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let path = common::record(dir.path());
    let results = fs::read_to_string(&path).unwrap();
    let half = results.len() / 2;
    fs::write(&path, &results[..half]).unwrap();
    fs::write(dir.path().join("facts.jsonl"), "{\"kind\":\"run\",").unwrap();
    let pages = pages(read(&path).unwrap());
    let index = text(&pages["index.html"]);
    assert!(index.contains("This run is not whole"), "{index}");
    assert!(
        index.contains("cut off: the file ends within this line"),
        "{index}"
    );
    let test = &pages["tests/official--async--broken.wast.html"];
    assert!(
        text(test).contains("The source was not recorded."),
        "{test}"
    );
}

#[test]
fn nothing_at_all_gives_a_site_that_says_so() {
    let pages = pages(run_of("", ""));
    let index = text(&pages["index.html"]);
    assert!(index.contains("0 runtimes"), "{index}");
    assert!(index.contains("This run is not whole"), "{index}");
}

#[test]
fn pages_stay_small_however_much_a_runtime_says() {
    let mut results = String::new();
    for line in 1..=1500 {
        let result = serde_json::json!({
            "runtime": "r", "version": "1", "suite": "s", "file": "a/b.wast", "line": line,
            "directive": "assert_return", "verdict": "fail",
            "detail": {"expected": format!("{line} {}", "<".repeat(5000)), "actual": format!("{line} {}", "&".repeat(5000))},
            "expectation": {"status": "known", "entry": {
                "glob": "a/b.wast", "line": line, "verdict": "fail",
                "reason": format!("{line} {}", "\"".repeat(5000)), "defined_at": line,
            }},
        });
        let _ = writeln!(results, "{result}");
    }
    for test in 0..1500 {
        let result = serde_json::json!({
            "runtime": "r", "version": "1", "suite": "s", "file": format!("c{}/{test}.wast", test % 10),
            "line": 1, "directive": "invoke", "verdict": "crash", "detail": {"actual": "<".repeat(5000)},
            "expectation": {"status": "unexpected", "announced": []},
        });
        let _ = writeln!(results, "{result}");
    }
    let pages = pages(run_of(&results, ""));
    for (name, page) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
        assert!(page.len() < 300_000, "{name} has {} bytes", page.len());
    }
}

#[test]
fn a_site_that_cannot_be_written_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("taken");
    fs::write(&taken, "").unwrap();
    let report = Report {
        run: recorded(),
        results: Text::name("results.jsonl"),
        ..Report::default()
    };
    let error = site::write(&report, &taken).unwrap_err();
    assert!(error.to_string().contains("taken"), "{error}");
}
