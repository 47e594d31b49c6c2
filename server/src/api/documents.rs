//! A live document as one Yjs update, so that a page shows text before its socket is up.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    Problem,
    extract::{At, Seated},
};
use crate::ids::{ReportId, WireName};

/// The whole document as one Yjs v1 update, no newer than what is durable; `document` is a section's or a
/// recommendation's id, or `review`.
#[utoipa::path(get, path = "/api/reports/{report}/documents/{document}", tag = "documents",
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn read_document(seated: Seated, at: At<(ReportId, String)>) -> Result<Response, Problem> {
    let At((report, part)) = at;
    let wire: WireName = format!("{report}/{part}").parse().map_err(|_| Problem::not_found())?;
    let name = seated.review().await?.name(wire).ok_or_else(Problem::not_found)?;
    let update = seated.app.rooms.document(seated.may, name).await?;
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    Ok(([kind, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], update).into_response())
}
