//! What Wasmtime keeps of tasks, threads, waitables and handles.
//!
//! Its own tests ask a store to assert that there is nothing. Here an assertion that fails is an
//! answer like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::Store;

use crate::Host;

/// What a store keeps in which nothing goes on any more, if it keeps anything.
pub(super) fn of(store: &mut Store<Host>) -> Option<String> {
    let entries = store.concurrent_state_table_size();
    if entries > 0 {
        let what = "tasks, threads, waitables and sets";
        return Some(format!("{entries} entries in the table of {what}"));
    }
    // Nothing is done with the store after this.
    let asserted = catch_unwind(AssertUnwindSafe(|| store.assert_concurrent_state_empty()));
    let panic = asserted.err()?;
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    Some(text.unwrap_or("an assertion fails").to_owned())
}
