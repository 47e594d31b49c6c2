//! Gives memory back to the system after documents were let go, and after many came at once: a handshake needs more
//! than the connection that it leaves.
//!
//! The C library keeps what was freed for who asks next, in whole pages too: a server that had a busy morning would stay
//! as large all day.
#![allow(unsafe_code)]

use std::time::Duration;

use tokio::{task::spawn_blocking, time::sleep};

use crate::measure::meter;

/// How often it is looked whether there is something to give back.
const EVERY: Duration = Duration::from_secs(1);
/// Looks from one time to the next, at least: it takes a few milliseconds for each hundred megabytes, in which others
/// who allocate may wait.
const LOOKS_MIN: u32 = 5;
/// So many who came leave something to give back.
const CAME_MIN: i64 = 100;
/// While more than these come between two looks, they have not all come.
const COMING: i64 = 5;

/// Runs for ever.
pub async fn keep_giving_back() -> std::convert::Infallible {
    let mut watch = Watch::default();
    loop {
        sleep(EVERY).await;
        if watch.finds(meter().documents(), meter().sockets())
            && let Err(error) = spawn_blocking(give_back).await
        {
            tracing::warn!(%error, "memory was not given back");
        }
    }
}

/// When there is something to give back.
struct Watch {
    documents: i64,
    sockets: i64,
    /// The fewest sockets since it was given back.
    fewest: i64,
    /// Documents were let go since.
    let_go: bool,
    looks: u32,
}

impl Default for Watch {
    fn default() -> Self {
        Self { documents: 0, sockets: 0, fewest: 0, let_go: false, looks: LOOKS_MIN }
    }
}

impl Watch {
    /// Looks, with what there is now.
    fn finds(&mut self, documents: i64, sockets: i64) -> bool {
        let coming = sockets - std::mem::replace(&mut self.sockets, sockets) > COMING;
        self.fewest = self.fewest.min(sockets);
        self.let_go |= documents < std::mem::replace(&mut self.documents, documents);
        self.looks = self.looks.saturating_add(1);
        let came = sockets - self.fewest >= CAME_MIN && !coming;
        let found = (self.let_go || came) && self.looks >= LOOKS_MIN;
        if found {
            (self.let_go, self.fewest, self.looks) = (false, sockets, 0);
        }
        found
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_back() {
    // SAFETY: it has no precondition, and touches only what is free. Its answer says whether there was any.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}

#[cfg(test)]
mod tests {
    use super::*;

    /// At which looks something is found.
    fn found(looks: &[(i64, i64)]) -> Vec<usize> {
        let mut watch = Watch::default();
        let looks = looks.iter().enumerate();
        looks.filter(|(_, (documents, sockets))| watch.finds(*documents, *sockets)).map(|it| it.0).collect()
    }

    #[test]
    fn documents_that_were_let_go_are_given_back_and_not_again_at_once() {
        assert_eq!(found(&[(9, 0), (9, 0), (8, 0), (7, 0), (6, 0), (6, 0), (6, 0), (6, 0), (6, 0)]), [2, 7]);
    }

    #[test]
    fn it_is_given_back_once_all_have_come() {
        assert_eq!(found(&[(1, 0), (1, 90), (1, 400), (1, 700), (1, 702), (1, 703), (1, 703)]), [4]);
    }

    #[test]
    fn a_few_who_come_are_nothing_and_those_who_come_again_are() {
        assert_eq!(found(&[(1, 40), (1, 99), (1, 99), (1, 99)]), [0; 0]);
        assert_eq!(found(&[(1, 200), (1, 200), (1, 10), (1, 200), (1, 200), (1, 200), (1, 200)]), [1, 6]);
    }
}
