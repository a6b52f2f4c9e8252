//! Wasmtime's event loop, polled by hand.
//!
//! The host world does nothing on its own, so all that can ever wake the loop is the loop itself.
//! Where it waits and was not woken meanwhile, nothing can go on without a call from outside.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use wasmtime::Store;
use wasmtime::component::Accessor;

use crate::Host;
use crate::host::World;

/// Why the event loop stopped before what was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nothing can go on.
    Idle,
    /// The deadline is over.
    Late,
}

/// Remembers that it was woken.
#[derive(Default)]
struct Alarm(AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Alarm {
    /// Whether it was woken since this was last asked.
    fn rang(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Runs what is open in a store until `wait` ends or nothing can go on. What has not ended stays
/// open and goes on the next time.
///
/// # Errors
/// The trap that ended the store's guests.
pub(super) fn run<R>(
    store: &mut Store<Host>,
    world: &World,
    wait: impl AsyncFnOnce(&Accessor<Host>) -> R,
) -> wasmtime::Result<Result<R, Stop>> {
    let deadline = *store.data();
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(Arc::clone(&alarm));
    let mut cx = Context::from_waker(&waker);
    // The loop is left through its own future only: dropped elsewhere, it would take along what
    // it was about to do.
    let leave: Cell<Option<Stop>> = Cell::new(None);
    let watch = async |accessor: &Accessor<Host>| {
        let mut wait = pin!(wait(accessor));
        let mut waited = None;
        poll_fn(|cx| {
            world.turn();
            if waited.is_none()
                && let Poll::Ready(result) = wait.as_mut().poll(cx)
            {
                waited = Some(result);
            }
            if leave.get().is_none() && waited.is_some() && world.is_unsure() {
                // Nobody else may have a reason to come back here.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            match (waited.take(), leave.get()) {
                (Some(result), _) => Poll::Ready(Ok(result)),
                (None, Some(stop)) => Poll::Ready(Err(stop)),
                (None, None) => Poll::Pending,
            }
        })
        .await
    };
    let mut turns = pin!(store.run_concurrent(watch));
    loop {
        if let Poll::Ready(stopped) = turns.as_mut().poll(&mut cx) {
            match &stopped {
                Ok(Err(Stop::Idle)) => world.idle(),
                Ok(_) => world.left(),
                Err(_) => world.trapped(),
            }
            return stopped;
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            leave.set(Some(Stop::Late));
        } else if !alarm.rang() {
            leave.set(Some(Stop::Idle));
        }
    }
}

/// What a future comes to that needs no event from outside, if it comes to something.
pub(super) fn complete<F: Future>(future: F) -> Option<F::Output> {
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(Arc::clone(&alarm));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return Some(output),
            Poll::Pending if alarm.rang() => {}
            Poll::Pending => return None,
        }
    }
}
