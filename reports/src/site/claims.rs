//! What a test says of rules in its comments: `;; rule: <id> holds` above a directive.

use std::collections::BTreeMap;

/// Whether a rule's condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// It holds.
    Holds,
    /// It does not.
    DoesNotHold,
}

impl Way {
    pub fn words(self) -> &'static str {
        match self {
            Way::Holds => "holds",
            Way::DoesNotHold => "does not hold",
        }
    }
}

/// The rules that directives are about, by the line on which a directive starts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Claims<'s>(BTreeMap<u32, Vec<(&'s str, Way)>>);

impl<'s> Claims<'s> {
    /// Those of a source.
    pub fn of(source: &'s str) -> Self {
        let mut claims = BTreeMap::new();
        let mut above = Vec::new();
        for (line, text) in (1..).zip(source.lines()) {
            match text.trim_start().strip_prefix(";;") {
                Some(comment) => above.extend(claim(comment.trim())),
                None if above.is_empty() => {}
                None => {
                    claims.insert(line, std::mem::take(&mut above));
                }
            }
        }
        Self(claims)
    }

    /// What is said of the directive that starts on this line.
    pub fn at(&self, line: u32) -> &[(&'s str, Way)] {
        self.0.get(&line).map_or(&[], Vec::as_slice)
    }

    /// Whether any directive is said to be about this rule.
    pub fn are_about(&self, rule: &str) -> bool {
        self.0.values().flatten().any(|(id, _)| *id == rule)
    }
}

fn claim(comment: &str) -> Option<(&str, Way)> {
    let (id, words) = comment.strip_prefix("rule:")?.trim().split_once(' ')?;
    let mut ways = [Way::Holds, Way::DoesNotHold].into_iter();
    let way = ways.find(|way| way.words() == words.trim())?;
    Some((id, way))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_about_the_directive_below_it() {
        let source = ";; rule: a/b holds\n\n;; Words.\n;; rule: a/b does not hold\n;; rule: c/d holds\n(x\n  y)\n(z)";
        let claims = Claims::of(source);
        assert_eq!(
            claims.at(6),
            [("a/b", Way::DoesNotHold), ("c/d", Way::Holds)]
        );
        assert_eq!(claims.at(8), []);
        assert!(claims.are_about("c/d") && !claims.are_about("e/f"));
    }
}
