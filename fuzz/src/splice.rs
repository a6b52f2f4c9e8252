//! Changing bytes in the middle of a binary whose sections and functions say how long they are.

use std::ops::Range;

/// Bytes that take the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Which bytes go; an empty range is a place.
    pub range: Range<usize>,
    /// What comes.
    pub bytes: Vec<u8>,
}

impl Splice {
    /// `bytes` instead of what is at `range`.
    pub fn replace(range: Range<usize>, bytes: Vec<u8>) -> Splice {
        Splice { range, bytes }
    }

    /// Whether both change the same place. That of two that touch is told from the other's by nothing.
    pub fn overlaps(&self, other: &Splice) -> bool {
        self.range.start <= other.range.end && other.range.start <= self.range.end
    }
}

/// The parts of a binary that are preceded by their length, and what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// Where the length stands.
    length: usize,
    content: Range<usize>,
    inside: Layout,
}

/// What a binary begins with: its magic number, its version and what it is.
const HEADER: usize = 8;
/// Of a component's sections, the two that hold a binary.
const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;
/// Of a module's sections, the one that holds functions.
const CODE: u8 = 10;

impl Layout {
    /// Finds the parts. None where the lengths do not fit the bytes.
    pub fn of(wasm: &[u8]) -> Option<Layout> {
        binary(wasm, 0..wasm.len())
    }

    /// The binary with the changes, which are in order and do not overlap. Each is inside of a function
    /// or of a section that has no parts, or takes the place of all that a part holds.
    pub fn write(&self, wasm: &[u8], splices: &[Splice]) -> Vec<u8> {
        self.part(wasm, 0..wasm.len(), splices)
    }

    fn part(&self, wasm: &[u8], range: Range<usize>, splices: &[Splice]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = range.start;
        for part in &self.parts {
            out.extend(copied(wasm, at..part.length, splices));
            let replaced = splices.iter().find(|splice| splice.range == part.content);
            let content = match replaced {
                Some(splice) => splice.bytes.clone(),
                None => part.inside.part(wasm, part.content.clone(), splices),
            };
            leb(content.len(), &mut out);
            out.extend(content);
            at = part.content.end;
        }
        // A function ends with an instruction, so that no change stands at the very end of a part, and
        // one at its beginning is after its length.
        out.extend(copied(wasm, at..range.end, splices));
        out
    }
}

fn copied(wasm: &[u8], range: Range<usize>, splices: &[Splice]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = range.start;
    let inside = |splice: &&Splice| range.contains(&splice.range.start);
    for splice in splices.iter().filter(inside) {
        out.extend_from_slice(&wasm[at..splice.range.start]);
        out.extend_from_slice(&splice.bytes);
        at = splice.range.end;
    }
    out.extend_from_slice(&wasm[at..range.end]);
    out
}

/// The parts of a module or component.
fn binary(wasm: &[u8], range: Range<usize>) -> Option<Layout> {
    let is_component = *wasm.get(range.start + 6)? != 0;
    let mut parts = Vec::new();
    let mut at = range.start + HEADER;
    while at < range.end {
        let id = *wasm.get(at)?;
        let length = at + 1;
        let content = sized(wasm, length)?;
        if content.end > range.end {
            return None;
        }
        let inside = match id {
            CORE_MODULE | COMPONENT if is_component => binary(wasm, content.clone())?,
            CODE if !is_component => functions(wasm, content.clone())?,
            _ => Layout { parts: Vec::new() },
        };
        at = content.end;
        parts.push(Part {
            length,
            content,
            inside,
        });
    }
    Some(Layout { parts })
}

fn functions(wasm: &[u8], range: Range<usize>) -> Option<Layout> {
    let (_, mut at) = read_leb(wasm, range.start)?;
    let mut parts = Vec::new();
    while at < range.end {
        let content = sized(wasm, at)?;
        let length = at;
        at = content.end;
        let inside = Layout { parts: Vec::new() };
        parts.push(Part {
            length,
            content,
            inside,
        });
    }
    Some(Layout { parts })
}

/// What comes after the length that stands at `at`.
fn sized(wasm: &[u8], at: usize) -> Option<Range<usize>> {
    let (size, start) = read_leb(wasm, at)?;
    let end = start.checked_add(size)?;
    (end <= wasm.len()).then_some(start..end)
}

/// A number, and where it ends.
fn read_leb(wasm: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut number = 0usize;
    for shift in (0..35).step_by(7) {
        let byte = *wasm.get(at)?;
        at += 1;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number, at));
        }
    }
    None
}

fn leb(number: usize, out: &mut Vec<u8>) {
    use wasm_encoder::Encode;
    number.encode(out);
}
