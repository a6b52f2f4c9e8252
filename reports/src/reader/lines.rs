//! Lines of a file that may be of any length and end anywhere.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use super::ReadError;

/// How many bytes a line may have before it is passed over.
const LINE: usize = 16 << 20;

/// What stands on a line.
pub(super) enum Line<'l> {
    Text(&'l [u8]),
    TooLong { bytes: usize },
}

/// Calls `each` with every line and its number, from 1. Nothing longer than [`LINE`] is kept.
/// Says whether the last line is whole, and how many there are.
pub(super) fn lines(
    path: &Path,
    mut each: impl FnMut(u64, Line<'_>),
) -> Result<(bool, u64), ReadError> {
    let failed = |source| ReadError {
        path: path.to_owned(),
        source,
    };
    let file = fs::File::open(path).map_err(failed)?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let limited = &mut input.by_ref().take(LINE as u64);
        if limited.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            return Ok((true, number));
        }
        number += 1;
        let mut whole = line.ends_with(b"\n");
        if !whole && line.len() == LINE {
            let (rest, ended) = skip_line(&mut input).map_err(failed)?;
            whole = ended;
            let bytes = line.len() + rest;
            each(number, Line::TooLong { bytes });
        } else {
            each(number, Line::Text(line.trim_ascii()));
        }
        if !whole {
            return Ok((false, number));
        }
    }
}

/// Reads past the end of the line: how many bytes that is, and whether the line has an end.
fn skip_line(input: &mut impl BufRead) -> io::Result<(usize, bool)> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |end| end + 1);
        if taken == 0 {
            return Ok((skipped, false));
        }
        skipped += taken;
        input.consume(taken);
        if end.is_some() {
            return Ok((skipped, true));
        }
    }
}
