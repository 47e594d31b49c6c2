//! The register as files, for those on the report.

use std::sync::Arc;

use axum::{
    Json as Answer,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Problem,
    extract::{Asked, Seated},
    workshop::EXPORTS,
};
use crate::exchange::{self, Language, Register};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InLanguage {
    /// The language of headers and of the titles of reference lists; English when none is given.
    #[serde(default)]
    #[param(inline, required = false)]
    language: Language,
}

/// The register as a workbook: recommendations, positions that count now, steps of all paths.
#[utoipa::path(get, path = "/api/reports/{report}/register.xlsx", tag = "recommendations", params(InLanguage),
    responses((status = 200, body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
pub(super) async fn register_workbook(seated: Seated, asked: Asked<InLanguage>) -> Result<Response, Problem> {
    let now = seated.app.clock.now();
    let bytes = of(&seated, asked.0.language, move |register| exchange::xlsx(&register, now)).await?;
    let bytes = bytes.map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        Problem::internal()
    })?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(kind, "attachment; filename=\"register.xlsx\"", bytes))
}

/// The register as comma-separated values, one row a recommendation, in UTF-8. What a spreadsheet would take for a
/// formula has an apostrophe before it.
#[utoipa::path(get, path = "/api/reports/{report}/register.csv", tag = "recommendations", params(InLanguage),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn register_text(seated: Seated, asked: Asked<InLanguage>) -> Result<Response, Problem> {
    let bytes = of(&seated, asked.0.language, |register| exchange::csv(&register)).await?;
    Ok(file("text/csv; charset=utf-8; header=present", "attachment; filename=\"register.csv\"", bytes))
}

/// The register as JSON: all recommendations with their positions and paths, in words.
#[utoipa::path(get, path = "/api/reports/{report}/register.json", tag = "recommendations", params(InLanguage),
    responses((status = 200, body = Register)))]
pub(super) async fn register(seated: Seated, asked: Asked<InLanguage>) -> Result<Answer<Register>, Problem> {
    of(&seated, asked.0.language, |register| register).await.map(Answer)
}

/// Makes something of the report's register.
async fn of<T: Send + 'static>(
    seated: &Seated,
    language: Language,
    what: impl FnOnce(Register) -> T + Send + 'static,
) -> Result<T, Problem> {
    let state = Arc::clone(&seated.review().await?);
    EXPORTS.make(move || Register::of(&state, language).map(what)).await?.ok_or_else(Problem::not_found)
}

fn file(kind: &'static str, disposition: &'static str, bytes: Vec<u8>) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
    ];
    (headers, bytes).into_response()
}
