//! Keeps the panics of runtimes off the terminal: they are results, not news.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// From now on, panics of this thread print nothing. Those of other threads do as before.
pub fn contain_panics_of_this_thread() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CONTAINED.try_with(Cell::get).unwrap_or(false) {
                before(info);
            }
        }));
    });
    CONTAINED.with(|contained| contained.set(true));
}
