//! Keeps the panics of runtimes off the terminal: they are results, not news.

use std::cell::{Cell, RefCell};
use std::panic;
use std::rc::Rc;
use std::sync::Once;

/// Is told of a panic before anything else comes of it.
type Witness = Rc<dyn Fn(&str)>;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static WITNESS: RefCell<Option<Witness>> = const { RefCell::new(None) };
}

/// From now on, panics of this thread print nothing. Those of other threads do as before.
pub fn contain_panics_of_this_thread() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CONTAINED.try_with(Cell::get).unwrap_or(false) {
                return before(info);
            }
            let _ = LAST.try_with(|last| last.replace(Some(info.to_string())));
            let witness = WITNESS.try_with(|witness| witness.borrow().clone());
            if let Ok(Some(witness)) = witness {
                witness(&info.to_string());
            }
        }));
    });
    CONTAINED.with(|contained| contained.set(true));
}

/// Where the last contained panic of this thread was, and what it said.
pub fn take_last_panic() -> Option<String> {
    LAST.take()
}

/// The same, and `witness` is told where each panic is and what it says: also of one that cannot be
/// caught, which ends the process.
pub fn witness_panics_of_this_thread(witness: impl Fn(&str) + 'static) {
    contain_panics_of_this_thread();
    WITNESS.with(|slot| slot.replace(Some(Rc::new(witness))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_told_of_the_panics_of_its_thread() {
        let told = Rc::new(RefCell::new(Vec::new()));
        let all = Rc::clone(&told);
        witness_panics_of_this_thread(move |text| all.borrow_mut().push(text.to_owned()));
        assert!(panic::catch_unwind(|| panic!("no {}", 7)).is_err());
        let told = told.borrow();
        assert_eq!(take_last_panic().as_ref(), told.first());
        assert_eq!(told.len(), 1);
        assert!(
            told[0].ends_with("no 7") && told[0].contains("contain.rs"),
            "{told:?}"
        );
    }
}
