//! `GET /metrics`, for a listener of its own: who may reach the server's pages need not see how it is doing.

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::{Problem, method_not_allowed};
use crate::{
    access::Access,
    measure::{CONTENT_TYPE, meter},
};

/// What the listener for measures answers.
pub fn metrics(access: Access) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || Problem::not_found())
        .with_state(access)
}

async fn show(State(access): State<Access>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], meter().text(access.reports().len()))
}
