//! A checker for JUnit documents: the elements and attributes that Jenkins' xUnit plugin knows,
//! where each may stand, which have to be there, and whether the numbers add up.

use quick_xml::{Reader, events::Event};

/// An element, with what the schema says about it.
struct Known {
    name: &'static str,
    within: &'static [&'static str],
    required: &'static [&'static str],
    optional: &'static [&'static str],
    has_text: bool,
}

const KNOWN: [Known; 9] = [
    Known {
        name: "testsuites",
        within: &[""],
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
        has_text: false,
    },
    Known {
        name: "testsuite",
        within: &["testsuites", "testsuite"],
        required: &["name", "tests", "failures", "errors"],
        optional: &["time", "skipped", "timestamp", "hostname", "id", "package"],
        has_text: false,
    },
    Known {
        name: "properties",
        within: &["testsuite"],
        required: &[],
        optional: &[],
        has_text: false,
    },
    Known {
        name: "property",
        within: &["properties"],
        required: &["name", "value"],
        optional: &[],
        has_text: false,
    },
    Known {
        name: "testcase",
        within: &["testsuite"],
        required: &["name"],
        optional: &["classname", "time", "group"],
        has_text: false,
    },
    complaint("failure"),
    complaint("error"),
    complaint("skipped"),
    Known {
        name: "system-out",
        within: &["testcase", "testsuite"],
        required: &[],
        optional: &[],
        has_text: true,
    },
];

const fn complaint(name: &'static str) -> Known {
    Known {
        name,
        within: &["testcase"],
        required: &[],
        optional: &["type", "message"],
        has_text: true,
    }
}

/// What stands in a document: how often each element does, by its path, and all faults.
#[derive(Debug, Default)]
pub struct Checked {
    pub counts: std::collections::BTreeMap<String, usize>,
    pub faults: Vec<String>,
    /// The numbers that the root gives: tests, failures, errors.
    pub totals: [usize; 3],
}

pub fn check(text: &str) -> Checked {
    let mut checked = Checked::default();
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                element(&mut checked, &path, &start);
                let name = start.name();
                path.push(String::from_utf8_lossy(name.as_ref()).into_owned());
            }
            Ok(Event::Empty(start)) => element(&mut checked, &path, &start),
            Ok(Event::End(_)) => drop(path.pop()),
            Ok(Event::Text(text)) => {
                let blank = text.iter().all(u8::is_ascii_whitespace);
                let within = path.last().map_or("", String::as_str);
                if !blank && !KNOWN.iter().any(|one| one.name == within && one.has_text) {
                    checked.faults.push(format!("text in {within}"));
                }
            }
            Ok(Event::GeneralRef(_) | Event::Decl(_)) => {}
            Ok(Event::Eof) => return checked,
            Ok(other) => checked.faults.push(format!("{other:?}")),
            Err(error) => {
                checked.faults.push(error.to_string());
                return checked;
            }
        }
    }
}

fn element(checked: &mut Checked, path: &[String], start: &quick_xml::events::BytesStart<'_>) {
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    *checked.counts.entry(name.clone()).or_default() += 1;
    let Some(known) = KNOWN.iter().find(|known| known.name == name) else {
        return checked.faults.push(format!("no element is called {name}"));
    };
    let within = path.last().map_or("", String::as_str);
    if !known.within.contains(&within) {
        checked.faults.push(format!("{name} in {within}"));
    }
    let mut names = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.expect("the attributes are well-formed");
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        if !known.required.contains(&&*key) && !known.optional.contains(&&*key) {
            checked.faults.push(format!("{name} has no {key}"));
        }
        if key == "time" && !is_time(&value) {
            checked.faults.push(format!("{value} is no time"));
        }
        let totals = ["tests", "failures", "errors"];
        if let Some(index) = totals.iter().position(|total| *total == key) {
            let number = value.parse().unwrap_or(usize::MAX);
            if name == "testsuites" {
                checked.totals[index] = number;
            }
        }
        names.push(key);
    }
    for required in known.required {
        if !names.iter().any(|name| name == required) {
            checked.faults.push(format!("{name} lacks {required}"));
        }
    }
}

/// Seconds with at most three decimals.
fn is_time(value: &str) -> bool {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals) && decimals.len() <= 3
}
