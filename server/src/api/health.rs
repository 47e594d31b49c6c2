//! Whether the server is ready.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use crate::journal::Durability;

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ready`: a server that is not does not listen.
    status: &'static str,
    /// What a confirmed change survives: `none`, `local_disk` or `quorum`.
    durability: &'static str,
}

/// Says that the server is ready, and what its confirmations survive.
#[utoipa::path(get, path = "/health", tag = "server", security(()), responses((status = 200, body = Health)))]
pub(super) async fn health(State(app): State<App>) -> Json<Health> {
    let durability = match app.durability {
        Durability::None => "none",
        Durability::LocalDisk => "local_disk",
        Durability::Quorum => "quorum",
    };
    Json(Health { status: "ready", durability })
}
