//! The rest of a shard's thread. While its rooms may not commit anyway, a busy thread reads nothing: what comes before
//! the end of the window is read at once then, for one wake-up in place of one each. No change is shown later for it; who
//! joins, asks or moves may wait for the rest of a window.

use std::{
    cell::RefCell,
    future::poll_fn,
    task::{Poll, Waker},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::limits::SHARD_REST_MAX;

/// A thread that is never idle, and so takes no rest, begins its rounds this much late.
const RESTLESS: Duration = Duration::from_millis(2);

#[derive(Default)]
struct Rest {
    until: Option<Instant>,
    /// Who waits for its end.
    waker: Option<Waker>,
}

thread_local! {
    static REST: RefCell<Rest> = RefCell::default();
}

/// Has this thread rest until then, as soon as nothing on it is ready.
pub(super) fn set(until: Instant) {
    let bound = Instant::now() + SHARD_REST_MAX;
    REST.with_borrow_mut(|rest| rest.until = (until <= bound).then_some(until));
}

/// This thread waits for what comes, as ever.
pub(super) fn cancel() {
    REST.with_borrow_mut(|rest| rest.until = None);
}

/// Takes the rest of this thread, if one was set. For the runtime, before it waits for what comes.
pub(super) fn take() {
    let Rest { until, waker } = REST.take();
    if let Some(until) = until {
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
    }
    waker.into_iter().for_each(Waker::wake);
}

/// Waits for the moment, if this thread rests at least until then. False, at once, if it does not.
pub(super) async fn until(moment: Instant) -> bool {
    if REST.with_borrow(|rest| rest.until.is_none_or(|until| until < moment)) {
        return false;
    }
    let rested = poll_fn(|cx| {
        if moment <= Instant::now() {
            return Poll::Ready(());
        }
        REST.with_borrow_mut(|rest| rest.waker = Some(cx.waker().clone()));
        Poll::Pending
    });
    tokio::select! {
        () = rested => {}
        () = sleep_until(moment + RESTLESS) => {}
    }
    true
}

/// Lets those go first who are ready, and then those whom they made ready.
pub(super) async fn others_first() {
    let mut turns = 2;
    poll_fn(|cx| {
        if turns == 0 {
            return Poll::Ready(());
        }
        turns -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use tokio::{
        runtime::{Builder, LocalOptions},
        task::spawn_local,
    };

    use super::*;

    /// A shard's runtime.
    fn on_a_thread(test: impl Future<Output = ()> + 'static) {
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().on_thread_park(take).build_local(LocalOptions::default()).unwrap();
        runtime.block_on(async { spawn_local(test).await.unwrap() });
    }

    #[test]
    fn who_waits_for_the_end_of_a_rest_goes_on_no_sooner() {
        on_a_thread(async {
            let moment = Instant::now() + Duration::from_millis(3);
            set(moment);
            assert!(until(moment).await);
            assert!(Instant::now() >= moment);
        });
    }

    #[test]
    fn nobody_waits_for_a_rest_that_is_not_taken() {
        on_a_thread(async {
            let moment = Instant::now() + Duration::from_millis(3);
            assert!(!until(moment).await, "none was set");
            set(moment);
            assert!(!until(moment + Duration::from_millis(1)).await, "it is over before");
            cancel();
            assert!(!until(moment).await, "it was given up");
            set(Instant::now() + SHARD_REST_MAX + Duration::from_secs(1));
            assert!(!until(moment).await, "it would be too long");
        });
    }

    #[test]
    fn a_thread_that_finds_no_rest_holds_nobody() {
        on_a_thread(async {
            let moment = Instant::now() + Duration::from_millis(1);
            set(moment);
            let over = Rc::new(Cell::new(false));
            let (told, busy) = (over.clone(), over.clone());
            let waits = spawn_local(async move {
                assert!(until(moment).await);
                told.set(true);
            });
            // Always ready: the runtime never waits.
            while !busy.get() {
                poll_fn(|cx| {
                    cx.waker().wake_by_ref();
                    if busy.get() { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
            }
            waits.await.unwrap();
        });
    }

    #[test]
    fn others_go_first_and_those_whom_they_wake() {
        on_a_thread(async {
            let seen = Rc::new(Cell::new(0));
            let (one, counts) = (seen.clone(), seen.clone());
            spawn_local(async move {
                one.set(1);
                let two = one.clone();
                spawn_local(async move { two.set(2) });
            });
            others_first().await;
            assert_eq!(counts.get(), 2);
        });
    }
}
