//! A file on a runtime that takes whole tests: one verdict for all of it.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use assize_protocol::message::{Form, RunReply};
use assize_reference::explore::exhaustive::Bounds;
use tempfile::NamedTempFile;

use crate::forms::{command, script_case, standalone};
use crate::results::{Detail, Verdict};
use crate::runtime::{OutcomeClass, Runtime};
use crate::wast::script::{Ended, Sink};
use crate::wast::{Judgement, Place};

/// How far the schedules of a command are explored before it is run.
const BOUNDS: Bounds = Bounds {
    states: 100_000,
    depth: 100_000,
    time: Duration::from_secs(5),
};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Script,
    HostDriven,
}

/// Runs the test in `text` on a runtime that has been reset.
pub(super) fn run(
    text: &str,
    source: Source,
    runtime: &mut (dyn Runtime + 'static),
    deadline: Option<Instant>,
    sink: &mut dyn Sink<dyn Runtime>,
) -> Ended {
    let began = Instant::now();
    let place = Place::file(1, 1);
    sink.planned(std::slice::from_ref(&place));
    let form = runtime.form();
    let (judgement, ended) = match file(text, source, form) {
        Ok(file) => {
            runtime.set_deadline(deadline);
            judge(runtime, form, file.path())
        }
        Err(judgement) => (judgement, Ended::Well),
    };
    sink.ran(runtime);
    sink.judged(&place, judgement, began.elapsed());
    ended
}

/// The test as the runtime takes it, in a file that goes when it is dropped. The error says why
/// there is none.
fn file(text: &str, source: Source, form: Form) -> Result<NamedTempFile, Judgement> {
    let unsupported = |reason: String| Judgement {
        capability: Some("component".to_owned()),
        ..Judgement::because(Verdict::Unsupported, format!("unsupported: {reason}"))
    };
    let not_a_test = |error: crate::wast::PlanError| Judgement::error(error.to_string());
    if source == Source::HostDriven {
        let reason = "a host that does what the test says";
        return Err(unsupported(reason.to_owned()));
    }
    let (suffix, content) = match form {
        Form::Wast => (".wast", standalone(text).map_err(not_a_test)?.into_bytes()),
        Form::Command => {
            let files = script_case("", text).map_err(not_a_test)?;
            let composed = command(&files, &BOUNDS);
            (
                ".wasm",
                composed
                    .map_err(|reason| unsupported(reason.to_string()))?
                    .wasm,
            )
        }
        Form::Component => return Err(unsupported("whole tests".to_owned())),
    };
    let mut builder = tempfile::Builder::new();
    let file = builder.prefix("assize-").suffix(suffix).tempfile();
    let file = file.and_then(|mut file| file.write_all(&content).map(|()| file));
    file.map_err(|error| Judgement::error(format!("no file for the test: {error}")))
}

fn judge(runtime: &mut dyn Runtime, form: Form, path: &Path) -> (Judgement, Ended) {
    match runtime.run(form, path) {
        Ok(RunReply { passed, message }) => {
            let verdict = match passed {
                true => Verdict::Pass,
                false => Verdict::Fail,
            };
            let judgement = Judgement {
                verdict,
                capability: None,
                detail: Some(Detail {
                    expected: Some("success".to_owned()),
                    actual: Some(message),
                }),
                rule: None,
            };
            (judgement, Ended::Well)
        }
        Err(failure) => {
            let lost = matches!(failure.class, OutcomeClass::Crash | OutcomeClass::Protocol);
            let judgement = Judgement::failed("success", failure);
            let ended = match lost {
                true => Ended::RuntimeLost,
                false => Ended::Well,
            };
            (judgement, ended)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    use super::*;
    use crate::results::FileResult;
    use crate::run::RunOptions;
    use crate::runtime::RuntimeFactory;
    use crate::runtime::command_line::{CommandLine, CommandLineFactory};
    use crate::runtime::process::ProcessLimits;
    use crate::suite::{Coverage, Suite, SuiteFile};

    const SCRIPT: &str = "(component $c (core module $m (func (export \"f\")))
        (core instance $i (instantiate $m))
        (func (export \"f\") (canon lift (core func $i \"f\"))))
      (assert_return (invoke \"f\"))";

    /// Runs files on the command line `sh -c SCRIPT sh FILE`.
    fn run(form: Form, script: &str, files: &[(&str, &str)]) -> Vec<FileResult> {
        let dir = tempfile::tempdir().unwrap();
        let files = files.iter().map(|(name, text)| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            let name = (*name).to_owned();
            SuiteFile { name, path }
        });
        let suite = Suite {
            name: "suite".to_owned(),
            root: dir.path().to_path_buf(),
            files: files.collect(),
            coverage: Coverage::Full,
        };
        let line = CommandLine {
            name: "line".to_owned(),
            form,
            words: ["/bin/sh", "-c", script, "sh"].map(str::to_owned).to_vec(),
        };
        let factory = CommandLineFactory::new(line, ProcessLimits::default()).unwrap();
        let runtimes: [Arc<dyn RuntimeFactory>; 1] = [Arc::new(factory)];
        let options = RunOptions {
            jobs: NonZeroUsize::MIN,
            timeout: Duration::from_secs(20),
            reading: None,
        };
        crate::run::run(&suite, &runtimes, options, &mut ()).unwrap()
    }

    fn verdicts(results: &[FileResult]) -> Vec<Verdict> {
        let directives = results.iter().flat_map(|file| &file.directives);
        directives.map(|directive| directive.verdict).collect()
    }

    #[test]
    fn a_script_reaches_a_command_line_with_its_components_as_binary() {
        let files = [("a.wast", SCRIPT)];
        let binary = "grep -q 'component $c binary' \"$1\" && grep -q assert_return \"$1\"";
        assert_eq!(verdicts(&run(Form::Wast, binary, &files)), [Verdict::Pass]);
        let results = run(Form::Wast, "echo no; exit 1", &files);
        assert_eq!(verdicts(&results), [Verdict::Fail]);
        let detail = results[0].directives[0].detail.clone().unwrap();
        assert_eq!(detail.actual.as_deref(), Some("exit status: 1\nno"));
    }

    #[test]
    fn a_command_reaches_a_command_line_as_a_component_where_there_is_one() {
        let only_invalid = "(assert_invalid (component (export \"x\" (func 0))) \"unknown\")";
        let files = [("a.wast", SCRIPT), ("b.wast", only_invalid)];
        let is_command = "grep -q wasi:cli/run@0.3.0 \"$1\"";
        let results = run(Form::Command, is_command, &files);
        assert_eq!(verdicts(&results), [Verdict::Pass, Verdict::Unsupported]);
        let missing = &results[1].directives[0].capability;
        assert_eq!(missing.as_deref(), Some("component"));
    }

    #[test]
    fn a_host_driven_test_is_unsupported_and_a_text_that_is_no_test_an_error() {
        let files = [
            ("a.wat", ";; script: call a = f()\n(component)"),
            ("b.wast", "("),
        ];
        let results = run(Form::Wast, "exit 0", &files);
        assert_eq!(verdicts(&results), [Verdict::Unsupported, Verdict::Error]);
    }
}
