//! The few colours that reports use. Text always carries them; the stream it is written to
//! (`anstream`) takes them out where nobody would see them: in a pipe, in a file, under `NO_COLOR`.

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style};
use assize_harness::results::Verdict;

/// What stands out without saying anything about success: headings, names.
pub(crate) const BOLD: Style = Style::new().bold();
/// What is there for completeness.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Bad news.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// News that is neither: something is missing or was not decided.
pub(crate) const ODD: Style = AnsiColor::Yellow.on_default().bold();
/// Ordinary text.
pub(crate) const PLAIN: Style = Style::new();

/// A verdict's colour, the same wherever the verdict is shown.
pub(crate) fn of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => GOOD,
        Verdict::Unsupported | Verdict::Undecided => ODD,
        Verdict::Fail | Verdict::Crash | Verdict::Timeout | Verdict::Protocol | Verdict::Error => {
            BAD
        }
    }
}

/// A value shown in a style.
pub(crate) struct Styled<T>(pub Style, pub T);

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(style, value) = self;
        write!(f, "{style}{value}{style:#}")
    }
}
