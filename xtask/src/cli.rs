//! What can be typed after `cargo xtask`.

use std::{ffi::OsString, num::NonZeroUsize, path::PathBuf, time::Duration};

use assize_harness::{
    rules::Rule,
    runtime::{self, jco::Host},
    suite,
};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Where `suite fetch` puts the suites, and where `conformance` looks for them last.
pub const FETCHED_SUITES: &str = "target/assize/suites";

/// Where `suite build` puts our own suite.
pub const BUILT_SUITE: &str = "target/assize/suite";

/// Assize: conformance of component-model runtimes to WASI preview 3.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run conformance suites against runtimes and compare with what is expected of them.
    Conformance(Conformance),
    /// Show the results of an earlier run again, in any format.
    Report(Report),
    /// Run a script under every schedule that the specification allows.
    Explore(Explore),
    /// Show which rules of the specification a suite reaches, and how often.
    Rules(Rules),
    /// Run a suite on the reference with one rule after the other wrong, and show what goes
    /// unnoticed.
    Mutants(Mutants),
    /// Run a script once, and show what happens in the machine.
    Trace(Trace),
    /// Look for what runtimes do that the specification does not allow.
    Fuzz(Fuzz),
    /// Run the case of a finding again.
    Reproduce(Finding),
    /// Make the program of a finding smaller.
    Minimise(Minimise),
    /// Turn the case of a finding into a test under `spec-tests/regressions/`.
    Promote(Promote),
    /// Serve a runtime over the protocol of `adapters/PROTOCOL.md`, on standard input and output.
    Serve(Serve),
    /// Run the campaign that is described on standard input.
    #[command(hide = true)]
    ServeCampaign,
    /// List the runtimes that Assize knows, and which of them are on this machine.
    Runtimes(Runtimes),
    /// Fetch the official test suites, and build our own for those who run it by themselves.
    #[command(subcommand)]
    Suite(Suite),
    /// Build and check adapters: the programs that put runtimes behind the protocol.
    #[command(subcommand)]
    Adapter(Adapter),
    /// Run the project's own tests: `cargo test --workspace`.
    Test(Test),
}

/// What follows the options in the help of `conformance`.
const EXIT_STATUS: &str = "Exit status: 0 when every result is as expected, 1 when one is not, \
     2 when the command line or what it names is wrong.";

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub struct Conformance {
    /// Run just these files, scripts (`.wast`) and host-driven tests (`.wat`), instead of whole suites.
    #[arg(value_name = "FILE", conflicts_with_all = ["suite", "only", "update_expectations"])]
    pub files: Vec<PathBuf>,

    /// Run one part of the files, such as the first of three, so that several machines share them.
    #[arg(long, value_name = "PART/PARTS", value_parser = shard,
        conflicts_with_all = ["files", "update_expectations"])]
    pub shard: Option<Shard>,

    /// A runtime to test: `reference`, `wasmtime`, or the command that starts an adapter, as
    /// `COMMAND ARGUMENTS` or, with a name for it, `NAME=COMMAND`. `wast-cli:COMMAND` is a program
    /// that runs scripts, `command:COMMAND` one that runs `wasi:cli/run` components. Repeat it for
    /// several [default: all that are built in].
    #[arg(long, value_name = "NAME|COMMAND")]
    pub runtime: Vec<String>,

    #[command(flatten)]
    pub selection: Selection,

    #[command(flatten)]
    pub formats: Formats,

    /// Where to write `results.jsonl`, one result a line, and reports [default: target/assize].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// How many files to run at once [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,

    /// How long one file may take on one runtime before the rest of it counts as `timeout`.
    #[arg(long, value_name = "SECS", default_value = "30", value_parser = seconds, allow_negative_numbers = true)]
    pub timeout: Duration,

    /// How the reference reads the specification where its text and its tests contradict each other, and
    /// which of the two host-driven tests are judged by [default: the suite's own way: `tests` for the
    /// official suite, `text` for any other file; host-driven tests are judged by either].
    #[arg(long, value_name = "READING")]
    pub reading: Option<Reading>,

    /// Run the reference with this rule wrong: a trap that does not come, or a branch that is taken
    /// the other way. `cargo xtask rules` lists the rules.
    #[arg(long, value_name = "RULE", value_parser = rule, conflicts_with = "update_expectations")]
    pub mutant: Option<Rule>,

    /// Draw, for each host-driven test that fails, what the runtime showed and how far the
    /// specification goes with it.
    #[arg(long)]
    pub explain: bool,

    /// What the one runtime is known to get wrong [default: adapters/<runtime>/expectations.toml].
    #[arg(long, value_name = "FILE")]
    pub expectations: Option<PathBuf>,

    /// Write what happened into the expectations file, keeping reasons and comments.
    #[arg(long)]
    pub update_expectations: bool,
}

/// What to make of results.
#[derive(Debug, Args)]
pub struct Formats {
    /// How to show the results; several as `table,junit`. One format is printed; of several, the
    /// table is printed and the others are written as files, as badges always are.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "table",
        value_delimiter = ','
    )]
    pub format: Vec<ReportFormat>,

    /// Show what is better, worse, new and gone since an earlier run: its `results.jsonl`, or the
    /// directory with it. This does not change the exit status.
    #[arg(long, value_name = "RESULTS")]
    pub baseline: Option<PathBuf>,
}

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people at a terminal: a table, and the list of what was not expected.
    Table,
    /// For programs: one JSON document, `summary.json`.
    Json,
    /// For build servers: JUnit XML, `junit.xml`.
    Junit,
    /// For a comment on a pull request: `summary.md`.
    Markdown,
    /// For shields.io: `badge-<runtime>.json`.
    Badge,
    /// For everybody: a site, `site/index.html`.
    Html,
}

/// What follows the options in the help of `report`.
const REPORT_STATUS: &str = "Exit status: 0 when the results could be read, whatever they say, 2 \
     when they could not or the command line is wrong.";

#[derive(Debug, Args)]
#[command(after_help = REPORT_STATUS)]
pub struct Report {
    /// The directory that `conformance` wrote its results into, or a file of results.
    #[arg(value_name = "RESULTS")]
    pub results: PathBuf,

    #[command(flatten)]
    pub formats: Formats,

    /// Where to write what is not printed.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Which tests are run.
#[derive(Debug, Args)]
pub struct Selection {
    /// A suite to run; repeat it for several [default: spec-tests, and for `conformance` also official
    /// where present].
    #[arg(long, value_name = "NAME")]
    pub suite: Vec<SuiteName>,

    /// The directory with the official component-model tests.
    ///
    /// Either the folder `test` of WebAssembly/component-model, or a clone of it [env: ASSIZE_OFFICIAL].
    #[arg(long, value_name = "DIR")]
    pub official: Option<PathBuf>,

    /// Run only files whose path within their suite matches, e.g. `values/*` or `async/cancel-*`.
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Rules {
    #[command(flatten)]
    pub selection: Selection,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Mutants {
    #[command(flatten)]
    pub selection: Selection,

    /// How many mutants to run at once [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

/// What follows the options in the help of `fuzz`.
const FUZZ_STATUS: &str = "Exit status: 0 when nothing was found that is not known, 1 when something \
     was, 2 when the command line or what it names is wrong. docs/fuzzing.md says what a finding's \
     directory holds.";

#[derive(Debug, Args)]
#[command(after_help = FUZZ_STATUS, args_conflicts_with_subcommands = true)]
pub struct Fuzz {
    #[command(subcommand)]
    pub command: Option<FuzzCommand>,

    #[command(flatten)]
    pub campaign: Campaign,
}

#[derive(Debug, Subcommand)]
pub enum FuzzCommand {
    /// Measure how soon a campaign notices each mutant of the reference.
    Bench(FuzzBench),
}

#[derive(Debug, Args)]
pub struct Campaign {
    /// A runtime: what `conformance --runtime` takes, or `reference@seed:N` or
    /// `reference@mutant:RULE`. Repeat it for several. Without any, the reference runs the programs
    /// alone, which tells of its own faults and of the rules that are reached.
    #[arg(long, value_name = "NAME|COMMAND")]
    pub against: Vec<String>,

    /// Run nothing, but write the programs of `--cases` cases, and as many inputs of bytes, into this
    /// directory: seeds for coverage-guided fuzzers.
    #[arg(long, value_name = "DIR", requires = "cases", conflicts_with_all = ["against", "corpus"])]
    pub emit_corpus: Option<PathBuf>,

    /// What programs are made from.
    #[arg(long, value_name = "N", default_value = "0")]
    pub seed: u64,

    /// End with this case of the seed.
    #[arg(long, value_name = "N", conflicts_with = "time")]
    pub cases: Option<u64>,

    /// End after this time, such as 90s, 30m or 8h.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub time: Option<Duration>,

    /// Begin with this case, and not where a campaign that was stopped has left off.
    #[arg(long, value_name = "N")]
    pub from: Option<u64>,

    /// How many cases to run at once [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,

    /// What programs become.
    #[arg(long, value_name = "FORM", default_value = "both")]
    pub form: ProgramForm,

    /// What cases are made of.
    #[arg(long, value_name = "GENERATOR", default_value = "programs")]
    pub generator: CaseGenerator,

    /// Run the programs and host-driven tests of this directory, one after the other, and make none. With
    /// `--engine libfuzzer`: keep those that reach something of their own in its `programs` [default:
    /// target/assize/libfuzzer/TARGET].
    #[arg(long, value_name = "DIR", conflicts_with_all = ["form", "generator"])]
    pub corpus: Option<PathBuf>,

    /// What looks for programs.
    #[arg(long, value_name = "ENGINE", default_value = "random")]
    pub engine: Engine,

    /// Where to write findings [default: target/assize/findings].
    #[arg(long, value_name = "DIR")]
    pub findings: Option<PathBuf>,
}

/// What looks for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Chance: stable Rust, and any runtime.
    Random,
    /// libFuzzer, guided by the coverage of a runtime that is built in: needs a nightly toolchain and
    /// cargo-fuzz.
    Libfuzzer,
}

/// What makes the cases of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CaseGenerator {
    /// Programs, by a model of what instances hold.
    Programs,
    /// Our own tests, and the official ones where present, each changed in a few places.
    Altered,
    /// Core code that is chance, around all built-ins.
    Chaos,
}

/// What a program becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgramForm {
    /// A component of its own, as reports show it.
    Straight,
    /// One of a few components that interpret programs, which a runtime compiles once.
    Chassis,
    /// By turns the one and the other.
    Both,
}

#[derive(Debug, Args)]
pub struct FuzzBench {
    /// A rule whose mutant is tested; repeat it for several [default: all].
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub rule: Vec<Rule>,

    /// The seeds, each a campaign of its own.
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "1,2,3"
    )]
    pub seeds: Vec<u64>,

    /// How much processor time a campaign has against one mutant.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub limit: Duration,

    /// What programs become.
    #[arg(long, value_name = "FORM", default_value = "chassis")]
    pub form: ProgramForm,

    /// How many seeds to try at once [default: one a core].
    #[arg(long, short = 'j', value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Finding {
    /// The directory of the finding.
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Minimise {
    /// The directory of the finding.
    pub dir: PathBuf,

    /// How long to try.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub time: Duration,
}

#[derive(Debug, Args)]
pub struct Promote {
    /// The directory of the finding.
    pub dir: PathBuf,

    /// What to call the test [default: as the finding is called].
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// What follows the options in the help of `explore`.
const EXPLORE_STATUS: &str = "Exit status: 0 when every expectation holds in every schedule that \
     was explored, 1 when one does not, 2 when the command line or what it names is wrong.";

#[derive(Debug, Args)]
#[command(after_help = EXPLORE_STATUS)]
pub struct Explore {
    #[command(flatten)]
    pub script: Script,

    /// Where to write the schedule of the first expectation that does not hold.
    #[arg(long, value_name = "FILE")]
    pub schedule: Option<PathBuf>,

    /// Give up after so many states.
    #[arg(long, value_name = "N", default_value = "10000000")]
    pub max_states: u64,

    /// Give up after so many seconds.
    #[arg(long, value_name = "SECS", default_value = "60", value_parser = seconds, allow_negative_numbers = true)]
    pub time: Duration,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Trace {
    #[command(flatten)]
    pub script: Script,

    /// The choices of the run, one a line, as `explore` shows them [default: none, which is the
    /// deterministic profile].
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    pub schedule: Option<PathBuf>,

    /// Make every choice at random, from this seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

/// What follows the options in the help of `adapter check`.
const CHECK_STATUS: &str = "Exit status: 0 when nothing failed, 1 when something did. What the \
     adapter does not declare is skipped. docs/writing-an-adapter.md has the way to an adapter in \
     ten steps.";

#[derive(Debug, Args)]
#[command(after_help = CHECK_STATUS)]
pub struct CheckAdapter {
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// The command that starts the adapter.
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// The runtime.
    pub runtime: Served,

    /// Make this rule of the reference wrong.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub mutant: Option<Rule>,

    /// Let the reference choose at random, as this seed decides, where the specification leaves a
    /// choice.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// The revision of the specification that the reference follows.
    #[arg(long, value_name = "REVISION", default_value = "6d28164")]
    pub spec: Revision,

    /// What the reference follows where the specification's text and its tests contradict each other
    /// [default: what the harness asks for].
    #[arg(long, value_name = "WHICH")]
    pub reading: Option<Reading>,
}

/// A revision of the specification, by its commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Revision {
    /// WebAssembly/component-model of 2026-08-21.
    #[value(name = "6d28164")]
    August2026,
}

/// A runtime that is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Served {
    /// The reference.
    Reference,
    /// Wasmtime, as it is embedded.
    Wasmtime,
}

/// What the host does.
#[derive(Debug, Args)]
pub struct Script {
    /// A script, or a component that is instantiated.
    #[arg(value_name = "FILE.wast|COMPONENT.wasm")]
    pub file: PathBuf,

    /// A call of one of the component's exports, in WAVE: `f(1, "two")`; repeat it for several,
    /// one after the other.
    #[arg(long, value_name = "CALL")]
    pub invoke: Vec<String>,

    /// What to follow where the specification's text and its tests contradict each other.
    #[arg(long, value_name = "WHICH", default_value = "text")]
    pub reading: Reading,
}

/// A suite that `--suite` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SuiteName {
    /// The component-model tests of the specification's authors.
    Official,
    /// The core WebAssembly tests of the specification's authors.
    Core,
    /// Our own tests, in `spec-tests/`.
    SpecTests,
}

impl From<SuiteName> for suite::SuiteName {
    fn from(name: SuiteName) -> Self {
        match name {
            SuiteName::Official => Self::Official,
            SuiteName::Core => Self::Core,
            SuiteName::SpecTests => Self::SpecTests,
        }
    }
}

/// Which side the reference takes where the specification contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reading {
    /// `CanonicalABI.md`, to the letter.
    Text,
    /// The official tests.
    Tests,
}

impl From<Reading> for runtime::Reading {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Text => Self::Text,
            Reading::Tests => Self::Tests,
        }
    }
}

/// How a command prints what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: a table, and the list of what was not expected.
    Table,
    /// For programs: one JSON document.
    Json,
}

/// What to do with the programs that put runtimes behind the protocol.
#[derive(Debug, Subcommand)]
pub enum Adapter {
    /// Tell, message by message, what an adapter gets wrong.
    Check(CheckAdapter),
    /// Build one.
    #[command(subcommand)]
    Build(AdapterBuild),
}

/// An adapter that can be built.
#[derive(Debug, Subcommand)]
pub enum AdapterBuild {
    /// The one for jco: brings jco, Node and other JavaScript hosts from npm.
    Jco(JcoBuild),
    /// The one for another release of Wasmtime.
    Wasmtime(WasmtimeBuild),
}

#[derive(Debug, Args)]
pub struct JcoBuild {
    /// The JavaScript host that runs what jco generates: node, deno, bun, workerd or chromium.
    #[arg(long, value_name = "NAME", default_value = "node", value_parser = jco_host)]
    pub host: Host,
}

#[derive(Debug, Args)]
pub struct WasmtimeBuild {
    /// The release, such as 47 or 47.0.4.
    #[arg(long, value_name = "VERSION")]
    pub version: String,

    /// How many jobs cargo may run at once [default: as many as there are processors].
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub enum Suite {
    /// Fetch the official suites with git, at the commits that Assize is written against.
    Fetch(Fetch),
    /// Build our own tests as binaries with data, as scripts of binaries, and as commands that
    /// check themselves.
    Build(SuiteBuild),
}

#[derive(Debug, Args)]
pub struct SuiteBuild {
    /// The directory to put them in [default: target/assize/suite].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Build only files whose path within the suite matches, e.g. `values/*`.
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Runtimes {
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Fetch {
    /// The directory to put them in [default: target/assize/suites].
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Test {
    /// Passed on to `cargo test --workspace`, what follows a later `--` included.
    #[arg(value_name = "ARGUMENT", allow_hyphen_values = true, num_args = 0..)]
    pub cargo: Vec<OsString>,

    /// Passed on to the test programs, where nothing stands before the `--`.
    #[arg(value_name = "TEST ARGUMENT", last = true)]
    pub programs: Vec<OsString>,
}

/// A rule, by its id.
fn jco_host(name: &str) -> Result<Host, String> {
    Host::named(name).ok_or_else(|| "jco runs on node, deno, bun, workerd and chromium".to_owned())
}

fn rule(id: &str) -> Result<Rule, String> {
    Rule::with_id(id).ok_or_else(|| "there is no such rule".to_owned())
}

/// One of several equal parts, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

/// `PART/PARTS`.
fn shard(text: &str) -> Result<Shard, String> {
    let (part, of) = text.split_once('/').unwrap_or((text, ""));
    match (part.parse(), of.parse()) {
        (Ok(part), Ok(of)) if 1 <= part && part <= of => Ok(Shard { part, of }),
        _ => Err("give the part and the number of parts, such as 1/3".to_owned()),
    }
}

/// How many files to run at once: at least one.
fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "give a whole number, 1 or more".to_owned())
}

/// A positive number of seconds, fractions allowed.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    if seconds <= 0.0 {
        return Err("a file needs some time: give more than 0 seconds".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// A time with its unit: seconds, minutes or hours.
fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let scale = match &text[number.len()..] {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("give a time such as 90s, 30m or 8h".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "give a time such as 90s, 30m or 8h".to_owned())?;
    if number <= 0.0 {
        return Err("give more than nothing".to_owned());
    }
    Duration::try_from_secs_f64(number * scale).map_err(|error| error.to_string())
}
