//! One log line a request, with an id that the answer carries too. Never a query, a token or a text.

use std::{any::Any, fmt::Write as _};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

use super::{App, Problem};
use crate::limits::HTTP_TIME_MAX;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs a request within its time, under a span of its id, and logs how it ended.
pub(super) async fn request(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = hex(&app.clock.id16());
    let method = request.method().clone();
    // The route's pattern, not the path: somebody may have put a token there.
    let route = request.extensions().get::<MatchedPath>().map_or("web", |path| path.as_str()).to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    async {
        let started = Instant::now();
        let mut response = match timeout(HTTP_TIME_MAX, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::unavailable(
                "The server did not finish in time, and may still do it. Look whether it is done, or repeat the request with the same id.",
            )
            .into_response(),
        };
        let (status, ms) = (response.status().as_u16(), started.elapsed().as_millis() as u64);
        if status >= 500 {
            tracing::warn!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// The answer to a request whose handler panicked. The message may hold anything, so it is not logged here.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Problem::internal().into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
