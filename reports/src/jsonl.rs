//! `results.jsonl`: every result of a run, one JSON object a line.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use assize_harness::results::FileResult;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct ReportError {
    /// The file or directory that was to be written.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// Writes every result of the files to `results.jsonl` in `dir`, which is made if need be, and
/// says where that is.
pub fn write_results(dir: &Path, files: &[FileResult]) -> Result<PathBuf, ReportError> {
    let path = dir.join("results.jsonl");
    let write = || {
        fs::create_dir_all(dir)?;
        let mut out = BufWriter::new(fs::File::create(&path)?);
        for result in files.iter().flat_map(|file| &file.directives) {
            serde_json::to_writer(&mut out, result)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    };
    write().map_err(|source| ReportError {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}
