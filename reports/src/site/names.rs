//! Names of pages. A page's name comes from the name of what it is about and from nothing else, so
//! that a link to it holds for as long as that has its name.

/// How long the readable part of a page's name is at most.
const LENGTH: usize = 120;

/// Names that some file systems keep for themselves.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The path of the page about `name`, from the site's root.
pub(super) fn page(folder: &str, name: &str) -> String {
    format!("{folder}/{}.html", slug(name))
}

/// A name for files and anchors: lower-case letters, digits, `-`, `_` and `.`, with `--` for `/`.
/// Where that loses something, a hash of the name follows, so that two names never share a slug.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    let mut exact = !name.contains("--") && !name.starts_with(['-', '.']) && !name.is_empty();
    for character in name.chars() {
        match character {
            'a'..='z' | '0'..='9' | '-' | '_' => slug.push(character),
            // Neither `..` nor an extension of ours.
            '.' if !slug.ends_with(['.', '-']) && !slug.is_empty() => slug.push('.'),
            '/' => slug += "--",
            _ => {
                exact = false;
                if !slug.ends_with('-') {
                    slug.push('-');
                }
            }
        }
        exact &= character != '.' || slug.ends_with('.');
        if slug.len() > LENGTH {
            exact = false;
            break;
        }
    }
    exact &= !slug.ends_with('.') && !RESERVED.contains(&slug.as_str());
    match exact {
        true => slug,
        false => format!("{}-{:016x}", slug.trim_matches(['-', '.']), hash(name)),
    }
}

/// FNV-1a, which is the same everywhere and always.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_stays_readable() {
        assert_eq!(
            page("tests", "spec-tests/host/streams/read_twice.wat"),
            "tests/spec-tests--host--streams--read_twice.wat.html"
        );
        assert_eq!(slug("resource.drop/lends"), "resource.drop--lends");
    }

    #[test]
    fn no_name_leaves_its_folder_or_takes_part_in_markup() {
        let hostile = [
            "../../etc/passwd",
            "..",
            ".",
            "",
            "/",
            "a\\..\\b",
            "<script>alert(1)</script>",
            "\u{1b}[31m",
            "con",
            "NUL",
            "C:\\x",
            "a//../b",
            "名前",
            "a?b#c%2e",
        ];
        for name in hostile {
            let slug = slug(name);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            assert!(slug.bytes().all(plain), "{name}: {slug}");
            assert!(!slug.contains("..") && !slug.starts_with('.'), "{slug}");
            assert!(!RESERVED.contains(&slug.as_str()), "{slug}");
        }
    }

    #[test]
    fn names_that_look_alike_have_slugs_of_their_own() {
        let names = [
            "a/b", "a--b", "a-b", "A/b", "a b", "a_b", "a/b/", "a/.b", "a/b.", "a./b", "a..b", "é",
            "è", "", "-", "con", "CON",
        ];
        let mut slugs: Vec<String> = names.iter().map(|name| slug(name)).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), names.len());
    }

    #[test]
    fn a_long_name_is_cut_and_still_its_own() {
        let (one, other) = ("x".repeat(500), "x".repeat(501));
        assert!(slug(&one).len() < 150);
        assert_ne!(slug(&one), slug(&other));
    }
}
