//! Gives memory back to the system after documents were let go.
//!
//! The C library keeps what was freed for who asks next, in whole pages too: a server that had a busy morning would stay
//! as large all day.
#![allow(unsafe_code)]

use std::time::Duration;

use tokio::{task::spawn_blocking, time::sleep};

use crate::measure::meter;

/// How often it is looked whether there is something to give back. Doing it takes a few milliseconds for each hundred
/// megabytes, in which others who allocate may wait.
const EVERY: Duration = Duration::from_secs(5);

/// Runs for ever.
pub async fn keep_giving_back() -> std::convert::Infallible {
    let mut documents = 0;
    loop {
        sleep(EVERY).await;
        let now = meter().documents();
        if now < documents
            && let Err(error) = spawn_blocking(give_back).await
        {
            tracing::warn!(%error, "memory was not given back");
        }
        documents = now;
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
