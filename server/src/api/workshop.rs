//! Where registers and public pages are made: beside the threads that answer, and a few at a time, as a large one takes
//! a while.

use tokio::sync::Semaphore;

use super::Problem;
use crate::limits::{EXPORTS_AT_ONCE, EXPORTS_WAITING_MAX, PUBLIC_PAGES_AT_ONCE, PUBLIC_PAGES_WAITING_MAX};

/// What those on a report have made.
pub(super) static EXPORTS: Workshop = Workshop::of(EXPORTS_AT_ONCE, EXPORTS_WAITING_MAX);
/// What everyone has made: a crowd of them keeps nobody waiting who works on a report.
pub(super) static PAGES: Workshop = Workshop::of(PUBLIC_PAGES_AT_ONCE, PUBLIC_PAGES_WAITING_MAX);

/// Places to work at, and room for so many to wait for one.
pub(super) struct Workshop {
    places: Semaphore,
    /// Of those who wait, and those whose thing is being made.
    room: Semaphore,
}

impl Workshop {
    const fn of(places: usize, waiting: usize) -> Self {
        Self { places: Semaphore::const_new(places), room: Semaphore::const_new(places + waiting) }
    }

    /// Has something made. It is made to its end even if nobody waits for it any more.
    pub(super) async fn make<T: Send + 'static>(
        &'static self,
        what: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let room = self.room.try_acquire().map_err(|_| {
            Problem::unavailable(
                "Too many people ask for registers at this moment. Try again in a few seconds.",
            )
        })?;
        let place = self.places.acquire().await.map_err(|_| Problem::internal())?;
        let made = tokio::task::spawn_blocking(move || {
            let made = what();
            drop((place, room));
            made
        });
        made.await.map_err(|error| {
            tracing::error!(%error, "a register could not be made");
            Problem::internal()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::api::ProblemType;

    #[tokio::test]
    async fn who_comes_when_all_places_are_taken_waits_and_who_finds_too_many_waiting_is_told_so() {
        static SHOP: Workshop = Workshop::of(1, 1);
        let (finish, finished) = mpsc::sync_channel::<()>(1);
        let first = tokio::spawn(SHOP.make(move || finished.recv().is_ok()));
        while SHOP.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn(SHOP.make(|| "made"));
        while SHOP.room.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let third = SHOP.make(|| "made").await.unwrap_err();
        assert_eq!(third.kind, ProblemType::Unavailable);
        finish.send(()).unwrap();
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (Ok(true), Ok("made")));
        assert_eq!(SHOP.make(|| "made").await, Ok("made"));
    }

    #[tokio::test]
    async fn what_fails_gives_its_place_back() {
        static SHOP: Workshop = Workshop::of(1, 0);
        let failed = SHOP.make(|| -> () { panic!("as the test wants") }).await.unwrap_err();
        assert_eq!(failed.kind, ProblemType::Internal);
        assert_eq!(SHOP.make(|| "made").await, Ok("made"));
    }
}
