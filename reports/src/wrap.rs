//! Lines that fit a terminal.

use unicode_width::UnicodeWidthChar;

/// How many columns a terminal is taken to have.
pub(crate) const COLUMNS: usize = 80;

/// Breaks a line of text, which may carry colours, between words, so that no part is wider than
/// `width` columns. A word that is wider by itself stays whole: it is a path or an address, which
/// somebody may want to copy. Blanks at the beginning stay, since they mean something.
pub(crate) fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut parts = Vec::new();
    let (mut part, mut taken) = (line[..indent].to_owned(), indent);
    let mut first = true;
    for word in line[indent..].split(' ') {
        let wide = columns(word);
        if !first && taken + 1 + wide > width {
            parts.push(std::mem::take(&mut part).trim_end().to_owned());
            (taken, first) = (0, true);
        }
        if !first {
            part.push(' ');
            taken += 1;
        }
        part += word;
        taken += wide;
        first = false;
    }
    parts.push(part);
    parts
}

/// How many columns a text takes, without the colours that it carries.
pub(crate) fn columns(text: &str) -> usize {
    let mut wide = 0;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // Ours alone are left: `ESC [ numbers m`.
            characters.by_ref().find(|character| *character == 'm');
        } else {
            wide += character.width().unwrap_or_default();
        }
    }
    wide
}

/// A text cut to so many columns, with a mark where something is missing.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |character: &char| {
        taken += character.width().unwrap_or_default();
        taken < width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_long_words_stay_whole() {
        assert_eq!(wrap("  one two three", 9), ["  one two", "three"]);
        assert_eq!(wrap("a/very/long/path b", 4), ["a/very/long/path", "b"]);
        assert_eq!(wrap("one  two", 4), ["one", "two"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn colours_take_no_room() {
        assert_eq!(columns("\u{1b}[1m\u{1b}[31mred\u{1b}[0m"), 3);
        assert_eq!(cut("名前名前", 5), "名前…");
        assert_eq!(cut("name", 4), "name");
    }
}
