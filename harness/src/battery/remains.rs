//! Checks of what an adapter says that its runtime still keeps.

use serde_json::{Value as Json, json};

use super::components::KEEPS;
use super::session::Session;
use super::{Check, Run, Step};
use crate::runtime::REMAINS;

pub(super) const CHECKS: [Check; 3] = [
    Check {
        name: "remains/nothing",
        why: "what is said to be kept where everything was dropped is taken for a leak",
        needs: &["async", REMAINS],
        run: Run::Steps(nothing),
    },
    Check {
        name: "remains/kept",
        why: "an adapter that never finds anything hides the leaks of its runtime",
        needs: &["async", REMAINS],
        run: Run::Steps(kept),
    },
    Check {
        name: "remains/reset",
        why: "what a test has left is gone when the next one begins",
        needs: &["async", REMAINS],
        run: Run::Steps(|session| {
            kept(session)?;
            session.ok(json!({"method": "reset"}))?;
            nothing(session)
        }),
    },
];

/// The answer after a call of one of the functions of a component.
fn after(session: &mut Session, export: &str) -> Step<Json> {
    let instance = session.instance(KEEPS)?;
    session.call(instance, export, &[], None)?;
    session.ok(json!({"method": "remains"}))
}

fn nothing(session: &mut Session) -> Step {
    let ok = after(session, "clean")?;
    if ok.get("remains") == Some(&Json::Null) {
        return Ok(());
    }
    Err(session.wrong("`remains`: null, since the guest has dropped its waitable set"))
}

fn kept(session: &mut Session) -> Step {
    let ok = after(session, "keep")?;
    if ok["remains"].as_str().is_some_and(|what| !what.is_empty()) {
        return Ok(());
    }
    Err(session.wrong("`remains` with some words: the guest has not dropped its waitable set"))
}
