//! Strings in memory: three encodings, and the way from each to each.
//!
//! How storing calls `realloc` is normative, down to the sizes that it first guesses and then
//! corrects, and so is what memory holds when it does: text that is already written survives only
//! if the guest's `realloc` copies it.
//!
//! Spec: CanonicalABI.md, "Loading" and "Storing".

use super::load::Lifting;
use super::value::{SourceEncoding, StringValue, Value};
use super::{Cx, PtrType};
use crate::component::ast::StringEncoding;
use crate::machine::choice::ChoicePoint;
use crate::machine::rules::Rule;
use crate::machine::stop::Stop;

const MAX_STRING_BYTE_LENGTH: u64 = (1 << 28) - 1;

/// Where a string was stored: a pointer and a length in code units, perhaps with a tag.
type Range = (u64, u64);

/// The bit of a length that tells UTF-16 from Latin-1.
///
/// Spec: CanonicalABI.md, "Loading", `utf16_tag`.
fn utf16_tag(ptr_type: PtrType) -> u64 {
    match ptr_type {
        PtrType::I32 => 1 << 31,
        PtrType::I64 => 1 << 63,
    }
}

impl Cx<'_, '_> {
    /// Spec: CanonicalABI.md, "Loading", `load_string`.
    pub(super) fn load_string(
        &mut self,
        lifting: &mut Lifting<'_>,
        ptr: u64,
    ) -> Result<Value, Stop> {
        let (begin, tagged_code_units) = self.load_ptr_pair(ptr)?;
        let string = self.load_string_from_range(lifting, begin, tagged_code_units)?;
        Ok(Value::String(string))
    }

    /// Spec: CanonicalABI.md, "Loading", `load_string_from_range`.
    pub(crate) fn load_string_from_range(
        &mut self,
        lifting: &mut Lifting<'_>,
        ptr: u64,
        tagged_code_units: u64,
    ) -> Result<StringValue, Stop> {
        let tag = utf16_tag(self.ptr_type());
        let option = self.opts.string_encoding;
        let mut code_units = tagged_code_units;
        let mut tagged = false;
        if option == StringEncoding::Latin1Utf16 {
            tagged = self
                .step
                .branch(Rule::LoadStringTag, tagged_code_units & tag != 0);
            code_units &= !tag;
        }
        let encoding = SourceEncoding::new(option, tagged);
        let byte_length = code_units.saturating_mul(encoding.code_unit_size());
        let misaligned = option != StringEncoding::Utf8 && !ptr.is_multiple_of(2);
        self.step
            .trap_if(Rule::LoadStringLimit, byte_length > MAX_STRING_BYTE_LENGTH)?;
        self.step.trap_if(Rule::LoadStringAlign, misaligned)?;
        self.step
            .trap_if(Rule::LoadStringBounds, self.past_end(ptr, byte_length))?;
        self.pay_for_string(lifting, byte_length)?;
        let text = encoding.decode(self.load_bytes(ptr, byte_length)?);
        let text = self.step.trap_if_none(Rule::LoadStringEncoding, text)?;
        let text = text.into();
        Ok(StringValue {
            text,
            encoding: Some(encoding),
            code_units,
        })
    }

    /// Spec: CanonicalABI.md, "Storing", `store_string_into_range`.
    pub(crate) fn store_string_into_range(&mut self, v: &StringValue) -> Result<Range, Stop> {
        self.step.spend(v.code_units)?;
        let src = &*v.text;
        let (encoding, units) = match v.encoding {
            Some(encoding) => (encoding, v.code_units),
            None => self.host_encoding(src),
        };
        match (self.opts.string_encoding, encoding) {
            (StringEncoding::Utf8, SourceEncoding::Utf8) => {
                self.store_string_copy(src.as_bytes(), units, 1, 1)
            }
            (StringEncoding::Utf8, SourceEncoding::Utf16 | SourceEncoding::TaggedUtf16) => {
                self.store_string_to_utf8(src, units, units.saturating_mul(3))
            }
            (StringEncoding::Utf8, SourceEncoding::Latin1) => {
                self.store_string_to_utf8(src, units, units.saturating_mul(2))
            }
            (StringEncoding::Utf16, SourceEncoding::Utf8) => self.store_utf8_to_utf16(src, units),
            (StringEncoding::Utf16, _) => self.store_string_copy(&utf16(src), units, 2, 2),
            (StringEncoding::Latin1Utf16, SourceEncoding::Utf8 | SourceEncoding::Utf16) => {
                self.store_string_to_latin1_or_utf16(src, units)
            }
            (StringEncoding::Latin1Utf16, SourceEncoding::Latin1) => {
                self.store_string_copy(&latin1(src), units, 1, 2)
            }
            (StringEncoding::Latin1Utf16, SourceEncoding::TaggedUtf16) => {
                self.store_probably_utf16_to_latin1_or_utf16(src, units)
            }
        }
    }

    /// An encoding in which the host may have `text`, of those that make a difference to the guest,
    /// and the length of the text in its code units.
    fn host_encoding(&mut self, text: &str) -> (SourceEncoding, u64) {
        use SourceEncoding::{Latin1, TaggedUtf16, Utf8, Utf16};
        let narrow = text.chars().all(is_latin1);
        let options: &[SourceEncoding] = match self.opts.string_encoding {
            _ if text.is_empty() => &[Utf8],
            StringEncoding::Latin1Utf16 if text.is_ascii() => &[Utf8, TaggedUtf16],
            _ if text.is_ascii() => &[Utf8],
            StringEncoding::Utf8 if narrow => &[Utf8, Utf16, Latin1],
            StringEncoding::Utf8 | StringEncoding::Utf16 => &[Utf8, Utf16],
            StringEncoding::Latin1Utf16 if narrow => &[Utf8, Utf16, Latin1, TaggedUtf16],
            StringEncoding::Latin1Utf16 => &[Utf8, Utf16, TaggedUtf16],
        };
        let encoding = match options {
            [only] => *only,
            options => {
                let choice = self
                    .step
                    .choose(ChoicePoint::HostString, options.len() as u32);
                options.get(choice as usize).copied().unwrap_or(Utf8)
            }
        };
        let units = match encoding {
            Utf8 => text.len(),
            Latin1 => text.chars().count(),
            Utf16 | TaggedUtf16 => text.encode_utf16().count(),
        };
        (encoding, units as u64)
    }

    /// The encoded length is known beforehand: one allocation.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_string_copy`.
    fn store_string_copy(
        &mut self,
        encoded: &[u8],
        src_code_units: u64,
        dst_code_unit_size: u64,
        dst_alignment: u64,
    ) -> Result<Range, Stop> {
        let dst_byte_length = src_code_units.saturating_mul(dst_code_unit_size);
        let ptr = self.allocate(dst_alignment, dst_byte_length)?;
        self.step
            .trap_if(Rule::StoreCopyAlign, !ptr.is_multiple_of(dst_alignment))?;
        self.step
            .trap_if(Rule::StoreCopyBounds, self.past_end(ptr, dst_byte_length))?;
        self.store_bytes(encoded, ptr)?;
        Ok((ptr, src_code_units))
    }

    /// Guesses that all is ASCII, else makes room for the worst case and gives back the rest.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_string_to_utf8`.
    fn store_string_to_utf8(
        &mut self,
        src: &str,
        src_code_units: u64,
        worst_case_size: u64,
    ) -> Result<Range, Stop> {
        let mut ptr = self.allocate(1, src_code_units)?;
        self.step
            .trap_if(Rule::StoreUtf8Bounds, self.past_end(ptr, src_code_units))?;
        for (i, code_point) in src.chars().enumerate() {
            let i = i as u64;
            if self
                .step
                .branch(Rule::StoreUtf8Ascii, code_point.is_ascii())
            {
                self.store_int(u32::from(code_point).into(), ptr.saturating_add(i), 1)?;
                continue;
            }
            ptr = self.reallocate(ptr, src_code_units, 1, worst_case_size)?;
            self.step.trap_if(
                Rule::StoreUtf8GrowBounds,
                self.past_end(ptr, worst_case_size),
            )?;
            let encoded = src.as_bytes();
            let size = encoded.len() as u64;
            self.store_bytes(from(encoded, i), ptr.saturating_add(i))?;
            if self
                .step
                .branch(Rule::StoreUtf8Shrink, worst_case_size > size)
            {
                ptr = self.reallocate(ptr, worst_case_size, 1, size)?;
                self.step
                    .trap_if(Rule::StoreUtf8ShrinkBounds, self.past_end(ptr, size))?;
            }
            return Ok((ptr, size));
        }
        Ok((ptr, src_code_units))
    }

    /// Makes room for two bytes for each byte of the source and gives back the rest.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_utf8_to_utf16`.
    fn store_utf8_to_utf16(&mut self, src: &str, src_code_units: u64) -> Result<Range, Stop> {
        let worst_case_size = src_code_units.saturating_mul(2);
        let mut ptr = self.allocate(2, worst_case_size)?;
        self.step
            .trap_if(Rule::StoreUtf16Align, !ptr.is_multiple_of(2))?;
        self.step
            .trap_if(Rule::StoreUtf16Bounds, self.past_end(ptr, worst_case_size))?;
        let encoded = utf16(src);
        let size = encoded.len() as u64;
        self.store_bytes(&encoded, ptr)?;
        if self
            .step
            .branch(Rule::StoreUtf16Shrink, size < worst_case_size)
        {
            ptr = self.reallocate(ptr, worst_case_size, 2, size)?;
            self.step
                .trap_if(Rule::StoreUtf16ShrinkAlign, !ptr.is_multiple_of(2))?;
            self.step
                .trap_if(Rule::StoreUtf16ShrinkBounds, self.past_end(ptr, size))?;
        }
        Ok((ptr, size / 2))
    }

    /// Guesses that all is Latin-1 and gives back what was too much; the first character that is
    /// not turns the whole string to UTF-16.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_string_to_latin1_or_utf16`.
    fn store_string_to_latin1_or_utf16(
        &mut self,
        src: &str,
        src_code_units: u64,
    ) -> Result<Range, Stop> {
        let mut ptr = self.allocate(2, src_code_units)?;
        self.step
            .trap_if(Rule::StoreLatin1Align, !ptr.is_multiple_of(2))?;
        self.step
            .trap_if(Rule::StoreLatin1Bounds, self.past_end(ptr, src_code_units))?;
        let mut dst_byte_length = 0;
        for usv in src.chars() {
            if !self.step.branch(Rule::StoreLatin1Fits, is_latin1(usv)) {
                return self.inflate_to_utf16(src, src_code_units, ptr, dst_byte_length);
            }
            self.store_int(
                u32::from(usv).into(),
                ptr.saturating_add(dst_byte_length),
                1,
            )?;
            dst_byte_length += 1;
        }
        if self
            .step
            .branch(Rule::StoreLatin1Shrink, dst_byte_length < src_code_units)
        {
            ptr = self.reallocate(ptr, src_code_units, 2, dst_byte_length)?;
            self.step
                .trap_if(Rule::StoreLatin1ShrinkAlign, !ptr.is_multiple_of(2))?;
            self.step.trap_if(
                Rule::StoreLatin1ShrinkBounds,
                self.past_end(ptr, dst_byte_length),
            )?;
        }
        Ok((ptr, dst_byte_length))
    }

    /// Widens in place the `done` characters that are stored at `ptr` as Latin-1, and goes on in
    /// UTF-16. The second half of `store_string_to_latin1_or_utf16`.
    fn inflate_to_utf16(
        &mut self,
        src: &str,
        src_code_units: u64,
        ptr: u64,
        done: u64,
    ) -> Result<Range, Stop> {
        let worst_case_size = src_code_units.saturating_mul(2);
        let mut ptr = self.reallocate(ptr, src_code_units, 2, worst_case_size)?;
        self.step
            .trap_if(Rule::StoreLatin1GrowAlign, !ptr.is_multiple_of(2))?;
        self.step.trap_if(
            Rule::StoreLatin1GrowBounds,
            self.past_end(ptr, worst_case_size),
        )?;
        let narrow = self.load_bytes(ptr, done)?;
        let wide: Vec<u8> = narrow.into_iter().flat_map(|byte| [byte, 0]).collect();
        self.store_bytes(&wide, ptr)?;
        let encoded = utf16(src);
        let size = encoded.len() as u64;
        self.store_bytes(from(&encoded, 2 * done), ptr.saturating_add(2 * done))?;
        if self
            .step
            .branch(Rule::StoreLatin1WideShrink, worst_case_size > size)
        {
            ptr = self.reallocate(ptr, worst_case_size, 2, size)?;
            self.step
                .trap_if(Rule::StoreLatin1WideShrinkAlign, !ptr.is_multiple_of(2))?;
            self.step
                .trap_if(Rule::StoreLatin1WideShrinkBounds, self.past_end(ptr, size))?;
        }
        Ok((ptr, (size / 2) | utf16_tag(self.ptr_type())))
    }

    /// Guesses that the source was UTF-16 because it had to be, else narrows it to Latin-1. The
    /// second `realloc` asks for an alignment of 1 only, and the result's is not checked.
    ///
    /// Spec: CanonicalABI.md, "Storing", `store_probably_utf16_to_latin1_or_utf16`.
    fn store_probably_utf16_to_latin1_or_utf16(
        &mut self,
        src: &str,
        src_code_units: u64,
    ) -> Result<Range, Stop> {
        let src_byte_length = src_code_units.saturating_mul(2);
        let ptr = self.allocate(2, src_byte_length)?;
        self.step
            .trap_if(Rule::StoreProbablyUtf16Align, !ptr.is_multiple_of(2))?;
        self.step.trap_if(
            Rule::StoreProbablyUtf16Bounds,
            self.past_end(ptr, src_byte_length),
        )?;
        let encoded = utf16(src);
        self.store_bytes(&encoded, ptr)?;
        let code_units = encoded.len() as u64 / 2;
        let wide = !src.chars().all(is_latin1);
        if self.step.branch(Rule::StoreProbablyUtf16Wide, wide) {
            return Ok((ptr, code_units | utf16_tag(self.ptr_type())));
        }
        let narrow: Vec<u8> = encoded.into_iter().step_by(2).collect();
        self.store_bytes(&narrow, ptr)?;
        let ptr = self.reallocate(ptr, src_byte_length, 1, code_units)?;
        let past_end = self.past_end(ptr, code_units);
        self.step
            .trap_if(Rule::StoreProbablyUtf16ShrinkBounds, past_end)?;
        Ok((ptr, code_units))
    }
}

impl SourceEncoding {
    /// In bytes.
    fn code_unit_size(self) -> u64 {
        match self {
            SourceEncoding::Utf8 | SourceEncoding::Latin1 => 1,
            SourceEncoding::Utf16 | SourceEncoding::TaggedUtf16 => 2,
        }
    }

    /// The text that `bytes` are, if they are any.
    fn decode(self, bytes: Vec<u8>) -> Option<String> {
        match self {
            SourceEncoding::Utf8 => String::from_utf8(bytes).ok(),
            SourceEncoding::Latin1 => Some(bytes.into_iter().map(char::from).collect()),
            SourceEncoding::Utf16 | SourceEncoding::TaggedUtf16 => {
                let (units, _) = bytes.as_chunks();
                let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
                char::decode_utf16(units).collect::<Result<_, _>>().ok()
            }
        }
    }
}

fn is_latin1(c: char) -> bool {
    u32::from(c) <= 0xFF
}

/// `text` in UTF-16, little-endian.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `text`, all of whose characters are Latin-1, as that.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u32::from(c) as u8).collect()
}

/// What comes after the first `n` bytes.
fn from(bytes: &[u8], n: u64) -> &[u8] {
    bytes.get(n as usize..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
