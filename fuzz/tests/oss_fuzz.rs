//! What OSS-Fuzz and ClusterFuzzLite are given: that it is whole can be seen without building anything, and
//! that it works, by `fuzz/oss-fuzz/check.sh`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = workspace().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The targets of `fuzz/Cargo.toml`.
fn targets() -> Vec<String> {
    let manifest: toml::Table = read("fuzz/Cargo.toml").parse().expect("a manifest");
    let bins = manifest["bin"].as_array().expect("targets").iter();
    let names = bins.map(|bin| bin["name"].as_str().expect("a name").to_owned());
    names.collect()
}

/// The lines `key = value` of each section.
fn options(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut section = None;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = Some(sections.entry(name.to_owned()).or_default());
        } else {
            let (key, value) = line.split_once('=').expect("a key and a value");
            let section = section.as_mut().expect("a section");
            section.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    sections
}

#[test]
fn every_target_is_built_with_its_kind_of_seeds_and_is_checked() {
    let (build, check) = (
        read("fuzz/oss-fuzz/build.sh"),
        read("fuzz/oss-fuzz/check.sh"),
    );
    let targets = targets();
    assert_eq!(targets.len(), 4);
    for target in &targets {
        let program = read(&format!("fuzz/fuzz_targets/{target}.rs"));
        let takes = ["programs", "bytes"].into_iter();
        let takes = takes.filter(|kind| program.contains(&format!("({target} takes {kind})")));
        let [takes] = &takes.collect::<Vec<_>>()[..] else {
            panic!("{target}");
        };
        let line = format!("    [{target}]={takes}\n");
        assert!(build.contains(&line), "build.sh has no `{}`", line.trim());
        assert!(
            check.contains(&format!(" {target}")),
            "check.sh has no {target}"
        );
    }
    let listed = build
        .lines()
        .filter(|line| line.starts_with("    [") && line.contains("]="));
    assert_eq!(
        listed.count(),
        targets.len(),
        "build.sh lists what there is not"
    );
}

#[test]
fn the_scripts_are_such_as_the_shell_can_read() {
    for script in ["build.sh", "check.sh"] {
        let path = workspace().join("fuzz/oss-fuzz").join(script);
        let output = Command::new("bash")
            .arg("-n")
            .arg(&path)
            .output()
            .expect("bash starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn options_are_flags_of_libfuzzer_with_numbers() {
    let sections = options(&read("fuzz/oss-fuzz/target.options"));
    let names: Vec<_> = sections.keys().map(String::as_str).collect();
    assert_eq!(names, ["asan", "libfuzzer"]);
    for (key, value) in sections.values().flatten() {
        assert!(value.parse::<u32>().is_ok(), "{key} = {value}");
    }
    let flags: Vec<_> = sections["libfuzzer"].keys().map(String::as_str).collect();
    let known = [
        "detect_leaks",
        "len_control",
        "max_len",
        "rss_limit_mb",
        "timeout",
    ];
    assert_eq!(flags, known);
}

#[test]
fn every_line_of_the_dictionary_is_a_word_of_json() {
    for line in read("fuzz/oss-fuzz/program.dict").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // What stands between the quotes has quotes of its own, as JSON has them in a string.
        let word: String = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        let word = word.strip_suffix(':').unwrap_or(&word);
        assert!(serde_json::from_str::<String>(word).is_ok(), "{line}");
    }
}

#[test]
fn projects_say_what_the_services_ask_for() {
    let keys = |path: &str| {
        let text = read(path);
        let lines = text
            .lines()
            .filter(|line| !line.starts_with(['#', ' ', '-']));
        let keys = lines.filter_map(|line| line.split_once(':'));
        let keys = keys.map(|(key, value)| (key.to_owned(), value.trim().to_owned()));
        keys.collect::<BTreeMap<_, _>>()
    };
    let oss_fuzz = keys("fuzz/oss-fuzz/project.yaml");
    for key in [
        "homepage",
        "main_repo",
        "primary_contact",
        "fuzzing_engines",
        "sanitizers",
    ] {
        assert!(oss_fuzz.contains_key(key), "{key}");
    }
    assert_eq!(oss_fuzz["language"], "rust");
    assert_eq!(keys(".clusterfuzzlite/project.yaml")["language"], "rust");
}

#[test]
fn both_images_have_a_toolchain_that_can_build_the_workspace() {
    // The images' own nightly may be older than what the workspace asks for.
    let line = |path| {
        let text = read(path);
        let mut lines = text.lines().map(str::to_owned);
        lines.find(|line| line.starts_with("ENV RUSTUP_TOOLCHAIN=nightly-"))
    };
    let images = ["fuzz/oss-fuzz/Dockerfile", ".clusterfuzzlite/Dockerfile"].map(line);
    assert!(images[0].is_some());
    assert_eq!(images[0], images[1]);
}

#[test]
#[ignore = "builds Wasmtime with instrumentation: needs a nightly toolchain, cargo-fuzz and half an hour"]
fn build_sh_leaves_what_oss_fuzz_looks_for_and_it_runs() {
    let status = Command::new("bash")
        .arg(workspace().join("fuzz/oss-fuzz/check.sh"))
        .status()
        .expect("bash starts");
    assert!(status.success(), "{status}");
}
