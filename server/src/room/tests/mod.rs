//! Rooms as sockets and handlers see them, over a journal in memory that fails on command.

mod client;
mod cold;
mod doze;
mod durability;
mod hall;
mod life;
mod presence;
mod refusals;
mod review;
mod rounds;
mod steps;
mod sync;
mod wording;
mod wording_rights;
mod writers;

use std::time::Duration;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for what must come.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes in time")
}
