//! The comments before a directive that tell which rules it shows.

use assize_harness::rules::Rule;

/// Which way the condition of a rule goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// It holds.
    Holds,
    /// It does not hold.
    DoesNotHold,
}

impl Way {
    /// Both ways.
    pub const BOTH: [Way; 2] = [Way::Holds, Way::DoesNotHold];

    /// Whether the condition is true.
    pub fn holds(self) -> bool {
        self == Way::Holds
    }

    /// The words of a comment for it.
    pub fn words(self) -> &'static str {
        match self {
            Way::Holds => "holds",
            Way::DoesNotHold => "does not hold",
        }
    }
}

/// What the comments before one directive say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// `;; rule: <id> holds` and `;; rule: <id> does not hold`, in their order.
    pub rules: Vec<(Rule, Way)>,
    /// Whether there is a `;; text: …`, for what the specification says without a rule.
    pub text: bool,
    /// What is wrong with the comments.
    pub faults: Vec<String>,
}

impl Claims {
    /// Reads the comment lines that stand right above `line`, counted from 1.
    pub fn above(text: &str, line: u32) -> Claims {
        let mut claims = Claims::read(text, line);
        if claims.rules.is_empty() && !claims.text && claims.faults.is_empty() {
            let fault = "no comment says what rule or text this is about";
            claims.faults.push(fault.to_owned());
        }
        claims
    }

    /// The same above the script of a host-driven test, which only has to say what it is about.
    pub fn above_script(text: &str, line: u32) -> Claims {
        let mut claims = Claims::read(text, line);
        if line <= 1 && claims.faults.is_empty() {
            let fault = "no comment says what this is about";
            claims.faults.push(fault.to_owned());
        }
        claims
    }

    fn read(text: &str, line: u32) -> Claims {
        let lines: Vec<&str> = text.lines().take(line.saturating_sub(1) as usize).collect();
        let comments = lines
            .iter()
            .rev()
            .map_while(|line| line.trim_start().strip_prefix(";;"));
        let mut comments: Vec<&str> = comments.map(str::trim).collect();
        comments.reverse();

        let mut claims = Claims::default();
        for comment in comments {
            if let Some(claim) = comment.strip_prefix("rule:") {
                match rule_claim(claim.trim()) {
                    Ok(claim) => claims.rules.push(claim),
                    Err(fault) => claims.faults.push(fault),
                }
            }
            claims.text |= comment.starts_with("text:");
        }
        claims
    }

    /// The first rule that is said to hold.
    pub fn first_that_holds(&self) -> Option<Rule> {
        let mut holding = self.rules.iter().filter(|(_, way)| way.holds());
        holding.next().map(|(rule, _)| *rule)
    }
}

fn rule_claim(claim: &str) -> Result<(Rule, Way), String> {
    let (id, words) = claim.split_once(' ').unwrap_or((claim, ""));
    let rule = Rule::with_id(id).ok_or_else(|| format!("there is no rule `{id}`"))?;
    let mut ways = Way::BOTH.into_iter();
    match ways.find(|way| way.words() == words.trim()) {
        Some(way) => Ok((rule, way)),
        None => Err(format!("`{id}` neither holds nor does not hold: `{words}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = ";; not about the directive: an empty line follows

;; What it is.
;; rule: table.get/bounds does not hold
;; rule: resource.drop/lends holds
(assert_trap (invoke \"f\") \"\")
(assert_return (invoke \"f\"))
;; rule: no/such holds
;; rule: table.get/bounds may hold
(assert_return (invoke \"f\"))
;; text: Instances: a fresh one
(component)";

    #[test]
    fn the_comments_right_above_a_directive_are_its_claims() {
        let claims = Claims::above(TEXT, 6);
        assert_eq!(
            claims.rules,
            [
                (Rule::TableGetBounds, Way::DoesNotHold),
                (Rule::ResourceDropLends, Way::Holds)
            ]
        );
        assert_eq!(claims.first_that_holds(), Some(Rule::ResourceDropLends));
        assert_eq!(claims.faults, [""; 0]);
        assert!(Claims::above(TEXT, 12).text);
    }

    #[test]
    fn a_directive_without_claims_is_at_fault() {
        assert_eq!(Claims::above(TEXT, 7).faults.len(), 1);
    }

    #[test]
    fn unknown_rules_and_ways_are_faults() {
        assert_eq!(
            Claims::above(TEXT, 10).faults,
            [
                "there is no rule `no/such`",
                "`table.get/bounds` neither holds nor does not hold: `may hold`"
            ]
        );
    }
}
