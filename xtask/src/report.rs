//! `cargo xtask report`: results that were kept, shown in any format. `conformance` shows its own
//! in the same way, from what it has just written.

use std::path::{Path, PathBuf};

use assize_reports::{
    Report, badges,
    changes::Changes,
    json, junit, markdown,
    model::{Problem, Run, Source},
    note_line,
    reader::read,
    record::write_file,
    site, terminal,
    text::Text,
};

use crate::{
    Outcome,
    cli::{self, Formats, ReportFormat},
    conformance::shown,
    error::XtaskError,
    print,
};

/// An earlier run, and where it was read from.
pub struct Baseline {
    run: Run,
    path: PathBuf,
}

/// Shows results that were kept.
pub fn run(arguments: &cli::Report) -> Result<Outcome, XtaskError> {
    let formats = &arguments.formats.format;
    if arguments.out.is_none() && !is_printed_alone(formats) {
        let what = match formats.len() {
            1 => "badges and sites are files",
            _ => "of several formats, only one can be printed",
        };
        return Err(XtaskError::NeedsOut { what });
    }
    let baseline = baseline(&arguments.formats)?;
    let report = report(&arguments.results, baseline.as_ref())?;
    match &arguments.out {
        Some(out) => files(&report, formats, out)?,
        None => show(&report, formats, None)?,
    }
    Ok(Outcome::AsExpected)
}

/// The run that was asked to be compared with, if one was.
pub fn baseline(formats: &Formats) -> Result<Option<Baseline>, XtaskError> {
    let baseline = formats.baseline.as_deref().map(|path| {
        Ok(Baseline {
            run: read(path)?,
            path: shown(path),
        })
    });
    baseline.transpose()
}

/// What the results at `path` say, held against the baseline.
pub fn report(path: &Path, baseline: Option<&Baseline>) -> Result<Report, XtaskError> {
    let mut run = read(path)?;
    let changes = baseline.map(|baseline| {
        let name = baseline.path.to_string_lossy();
        // Facts about the baseline are not needed.
        let problems = baseline.run.problems.iter();
        let problems = problems.filter(|problem| problem.about == Source::Results);
        run.problems.extend(problems.map(|problem| Problem {
            about: Source::Baseline,
            file: Text::message(&name),
            ..problem.clone()
        }));
        Changes::new(&run, &baseline.run, &name)
    });
    Ok(Report {
        run,
        changes,
        results: Text::message(&shown(path).to_string_lossy()),
    })
}

/// Prints the report if only one format is asked for; else prints the table and writes the other
/// formats into `out`.
pub fn show(
    report: &Report,
    formats: &[ReportFormat],
    out: Option<&Path>,
) -> Result<(), XtaskError> {
    match (formats, out) {
        ([ReportFormat::Table], _) => print(&terminal(report)),
        ([ReportFormat::Json], _) => print(&json(report)),
        ([ReportFormat::Junit], _) => print(&junit(report)),
        ([ReportFormat::Markdown], _) => print(&markdown(report)),
        (_, Some(out)) => files(report, formats, out),
        (_, None) => Ok(()),
    }
}

fn is_printed_alone(formats: &[ReportFormat]) -> bool {
    use ReportFormat::{Badge, Html};
    matches!(formats, [format] if !matches!(format, Badge | Html))
}

/// Writes each format into `out`, and says where; the table is printed.
fn files(report: &Report, formats: &[ReportFormat], out: &Path) -> Result<(), XtaskError> {
    for format in formats {
        let files = match format {
            ReportFormat::Table => {
                print(&terminal(report))?;
                continue;
            }
            ReportFormat::Json => vec![("summary.json".to_owned(), json(report))],
            ReportFormat::Junit => vec![("junit.xml".to_owned(), junit(report))],
            ReportFormat::Markdown => vec![("summary.md".to_owned(), markdown(report))],
            ReportFormat::Badge => badges(report),
            ReportFormat::Html => {
                let site = site::write(report, &out.join("site"))?;
                wrote(&site.index);
                continue;
            }
        };
        for (name, text) in files {
            let path = out.join(name);
            write_file(&path, &text)?;
            wrote(&path);
        }
    }
    Ok(())
}

fn wrote(path: &Path) {
    let what = format!("wrote {}", shown(path).display());
    anstream::eprintln!("{}", note_line(&what));
}
