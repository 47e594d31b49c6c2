//! What everyone may see of a report once something of it is published: pages, a feed, JSON. No credentials are read.

use std::fmt::Write as _;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::{
    App, Problem,
    extract::{Asked, At},
    workshop::PAGES,
};
use crate::{
    exchange::{
        Language,
        public::{self, PublicRegister},
    },
    room::RoomError,
};

/// How a page was asked for. What it does not know of is passed over: it is for people who follow links.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct View {
    /// `en` or `ru`; without it, what the browser wants.
    language: Option<String>,
    /// Only recommendations of this dimension, by its code; `0` is those without one.
    dimension: Option<String>,
}

impl View {
    fn chosen(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::of_tag)
    }

    fn language(&self, headers: &HeaderMap) -> Language {
        let accept =
            || headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        self.chosen().unwrap_or_else(|| Language::wanted(accept()))
    }
}

/// What is the same for every public page.
pub(super) struct Visit {
    app: App,
    headers: HeaderMap,
    view: View,
}

impl axum::extract::FromRequestParts<App> for Visit {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self, Problem> {
        let Asked(view) = Asked::<View>::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), headers: parts.headers.clone(), view })
    }
}

impl Visit {
    /// Makes something of what is public of a report. `None`: there is no such report, or nothing of it is public.
    async fn make<T: Send + 'static>(
        &self,
        report: &str,
        what: impl FnOnce(PublicRegister) -> T + Send + 'static,
    ) -> Result<Option<T>, Problem> {
        let Ok(report) = report.parse() else { return Ok(None) };
        let state = match self.app.rooms.review(report).await {
            Ok(state) => state,
            Err(RoomError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let base = self.app.site.link(&self.headers, "");
        let language = self.view.language(&self.headers);
        PAGES.make(move || PublicRegister::of(&state, language, &base).map(what)).await
    }

    /// A page, if there is one.
    async fn page(
        self,
        report: &str,
        what: impl FnOnce(&PublicRegister, public::Asked<'_>) -> Option<String> + Send + 'static,
    ) -> Result<Response, Problem> {
        let (language, chosen) = (self.view.language(&self.headers), self.view.chosen().is_some());
        let dimension = self.view.dimension.clone();
        let made = self.make(report, move |register| {
            what(&register, public::Asked { language, chosen, dimension: dimension.as_deref() })
        });
        const HTML: &str = "text/html; charset=utf-8";
        Ok(match made.await?.flatten() {
            Some(page) => self.answer(HTML, page.into_bytes()),
            None => {
                let page = (StatusCode::NOT_FOUND, public::nothing(language));
                ([(header::CONTENT_TYPE, HTML), (header::CACHE_CONTROL, "no-store")], page).into_response()
            }
        })
    }

    /// An answer with its tag, or that the visitor has it already.
    fn answer(&self, kind: &'static str, body: Vec<u8>) -> Response {
        let tag = tag(&body);
        let language = self.view.language(&self.headers).tag();
        let known =
            self.headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let mut response = if known.split(',').any(|it| it.trim() == tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_LANGUAGE, language)], body).into_response()
        };
        let headers = response.headers_mut();
        // Kept by whoever likes, and asked for again each time: what is dropped from view is not shown on.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// Weak, as the bytes differ by the encoding that they are sent in.
fn tag(body: &[u8]) -> String {
    Sha256::digest(body)[..16].iter().fold("W/\"".to_owned(), |mut tag, byte| {
        // Writing to a String does not fail.
        let _ = write!(tag, "{byte:02x}");
        tag
    }) + "\""
}

/// The published recommendations of a report, as a page without a script. 404 until one is published.
#[utoipa::path(get, path = "/public/{report}", tag = "public", security(()), params(View),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(super) async fn public_page(visit: Visit, at: At<String>) -> Result<Response, Problem> {
    visit.page(&at.0, |register, asked| Some(public::page(register, asked))).await
}

/// One published recommendation, as a page without a script.
#[utoipa::path(get, path = "/public/{report}/recommendations/{number}", tag = "public", security(()), params(View),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(super) async fn public_recommendation(
    visit: Visit,
    at: At<(String, String)>,
) -> Result<Response, Problem> {
    let At((report, number)) = at;
    let number: Option<u32> = number.parse().ok();
    visit.page(&report, move |register, asked| public::entry(register, number?, asked)).await
}

/// What was published of a report, and what became of it, as an Atom feed: newest first.
#[utoipa::path(get, path = "/public/{report}/feed.atom", tag = "public", security(()), params(View),
    responses((status = 200, body = String, content_type = "application/atom+xml")))]
pub(super) async fn public_feed(visit: Visit, at: At<String>) -> Result<Response, Problem> {
    let made = visit.make(&at.0, |register| public::feed(&register)).await?;
    let feed = made.ok_or_else(Problem::not_found)?;
    Ok(visit.answer("application/atom+xml; charset=utf-8", feed))
}

/// The published recommendations of a report, as JSON.
#[utoipa::path(get, path = "/public/{report}/register.json", tag = "public", security(()), params(View),
    responses((status = 200, body = PublicRegister)))]
pub(super) async fn public_register(visit: Visit, at: At<String>) -> Result<Response, Problem> {
    let made = visit.make(&at.0, |register| serde_json::to_vec(&register)).await?;
    let register = made.ok_or_else(Problem::not_found)?.map_err(|error| {
        tracing::error!(%error, "a public register could not be written");
        Problem::internal()
    })?;
    Ok(visit.answer("application/json", register))
}

/// The style sheet of the pages.
pub(super) fn style() -> Router<App> {
    Router::new().route(
        "/public/page.css",
        get(async |State(_): State<App>| {
            let cache = "public, max-age=31536000, immutable";
            (
                [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, cache)],
                public::STYLE,
            )
        }),
    )
}
