//! Whether the server is ready, and whether saving works.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, Problem};
use crate::journal::{Durability, Vitals};

/// A commit that takes longer makes saving `slow`. A flush takes milliseconds.
const SLOW_FROM: Duration = Duration::from_secs(1);

/// What `/health` is answered from. Cheap to clone; the clones are one.
#[derive(Clone)]
pub struct Condition {
    vitals: Arc<dyn Fn() -> Vitals + Send + Sync>,
    stopping: Arc<AtomicBool>,
}

impl Condition {
    /// The condition of a server that runs and asks its journal this way. The journal was opened and checked.
    pub fn new(vitals: impl Fn() -> Vitals + Send + Sync + 'static) -> Self {
        Self { vitals: Arc::new(vitals), stopping: Arc::default() }
    }

    /// From now on the server is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

impl Default for Condition {
    /// The condition of a server whose journal never fails.
    fn default() -> Self {
        Self::new(Vitals::default)
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ready`: a server that is not answers 503, or does not listen yet.
    status: &'static str,
    /// What a confirmed change survives: `none`, `local_disk` or `quorum`.
    durability: &'static str,
    /// `working`; `slow` when what is being saved has waited for more than a second; `refused` when the disk is nearly
    /// full, so that no change is taken.
    saving: &'static str,
    /// How long what is being saved has waited, in milliseconds; 0 when nothing waits.
    waiting_ms: u64,
}

/// Says that the server is ready, and what its confirmations survive. 503 when the store has failed or the server stops.
#[utoipa::path(
    get, path = "/health", tag = "server", security(()),
    responses(
        (status = 200, body = Health),
        (status = 503, body = Problem, content_type = "application/problem+json",
            description = "The store has failed, or the server is stopping."),
    ),
)]
pub(super) async fn health(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let vitals = (app.condition.vitals)();
    judge(vitals, app.condition.stopping.load(Ordering::Relaxed), app.durability).map(Json)
}

fn judge(vitals: Vitals, stopping: bool, durability: Durability) -> Result<Health, Problem> {
    if vitals.failed {
        return Err(Problem::unavailable(
            "A write to the store failed, so nothing more is confirmed. The operator looks at the disk and starts the \
             server again; what was confirmed is stored.",
        ));
    }
    if stopping {
        return Err(Problem::unavailable("The server is stopping. Try again in a moment."));
    }
    let waiting = vitals.commit_under_way.unwrap_or_default();
    Ok(Health {
        status: "ready",
        durability: match durability {
            Durability::None => "none",
            Durability::LocalDisk => "local_disk",
            Durability::Quorum => "quorum",
        },
        saving: if vitals.low_space {
            "refused"
        } else if waiting > SLOW_FROM {
            "slow"
        } else {
            "working"
        },
        waiting_ms: u64::try_from(waiting.as_millis()).unwrap_or(u64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(vitals: Vitals, stopping: bool) -> (u16, String) {
        match judge(vitals, stopping, Durability::LocalDisk) {
            Ok(health) => (200, serde_json::to_string(&health).unwrap()),
            Err(problem) => (problem.status, problem.detail),
        }
    }

    #[test]
    fn a_server_that_saves_is_ready() {
        let health = told(Vitals::default(), false);
        let all = r#"{"status":"ready","durability":"local_disk","saving":"working","waiting_ms":0}"#;
        assert_eq!(health, (200, all.to_owned()));
    }

    #[test]
    fn a_change_that_waits_is_told_and_slow_after_a_second() {
        for (waited, saving) in [(1, "working"), (1000, "working"), (1001, "slow")] {
            let commit_under_way = Some(Duration::from_millis(waited));
            let (status, body) = told(Vitals { commit_under_way, ..Vitals::default() }, false);
            let end = format!("\"saving\":\"{saving}\",\"waiting_ms\":{waited}}}");
            assert!(status == 200 && body.ends_with(&end), "{body}");
        }
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_told() {
        let (status, body) = told(Vitals { low_space: true, ..Vitals::default() }, false);
        assert!(status == 200 && body.contains(r#""saving":"refused""#), "{body}");
    }

    #[test]
    fn a_failed_store_and_a_stop_are_503_and_say_which() {
        let failed = Vitals { failed: true, ..Vitals::default() };
        for stopping in [false, true] {
            let (status, detail) = told(failed, stopping);
            assert!(status == 503 && detail.contains("looks at the disk"), "{detail}");
        }
        let (status, detail) = told(Vitals::default(), true);
        assert!(status == 503 && detail.contains("stopping"), "{detail}");
    }
}
