//! HTTP and sockets: routers by noun, the OpenAPI description, problem+json, the socket upgrade, the web client.
//!
//! A handler extracts, asks for the right, acts, answers. Wire types live here only.

mod carry;
mod documents;
mod exports;
mod extract;
mod health;
mod log;
mod meeting;
mod metrics;
mod openapi;
mod organizations;
mod origin;
mod participants;
mod path;
mod positions;
mod problem;
mod public;
mod recommendations;
mod reference;
mod replies;
mod reports;
mod sections;
mod serve;
mod session;
mod site;
mod sync;
#[cfg(test)]
mod tests;
mod threads;
mod web;
mod workshop;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    http::{Method, Uri},
    middleware,
    routing::get,
};
use parking_lot::Mutex;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access::{Access, Attempts},
    clock::Clock,
    journal::Durability,
    room::Rooms,
};
pub use health::Condition;
pub use metrics::metrics;
pub use problem::{Problem, ProblemType};
pub use serve::{Connections, serve};
pub use site::Site;
pub use sync::Sockets;

/// What handlers act on. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The live documents.
    pub rooms: Rooms,
    /// Who is who.
    pub access: Access,
    /// Time and chance.
    pub clock: Clock,
    /// What "durable" means here.
    pub durability: Durability,
    /// How saving goes, and whether the server stops.
    pub condition: Condition,
    /// Under which address the server is reached.
    pub site: Site,
    /// The sockets that are open.
    pub sockets: Sockets,
    /// Wrong tokens by address.
    pub attempts: Arc<Mutex<Attempts>>,
    /// Where the web client is read from, in place of the one that is built in.
    pub web: Option<PathBuf>,
}

/// All operations of the HTTP interface, with their description.
fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(health::health))
        .routes(routes!(session::read_invitation))
        .routes(routes!(session::read_session, session::sign_in, session::sign_out))
        .routes(routes!(reports::list_reports, reports::create_report))
        .routes(routes!(reports::read_report, reports::change_report))
        .routes(routes!(meeting::show_meeting, meeting::end_meeting))
        .routes(routes!(sections::list_sections, sections::add_section))
        .routes(routes!(sections::change_section))
        .routes(routes!(organizations::list_organizations, organizations::add_organization))
        .routes(routes!(organizations::change_organization))
        .routes(routes!(participants::list_participants, participants::add_participant))
        .routes(routes!(participants::change_participant, participants::remove_participant))
        .routes(routes!(threads::list_threads, threads::open_thread))
        .routes(routes!(threads::edit_thread))
        .routes(routes!(threads::resolve_thread))
        .routes(routes!(threads::reopen_thread))
        .routes(routes!(threads::place_thread))
        .routes(routes!(replies::reply))
        .routes(routes!(replies::edit_reply))
        .routes(routes!(recommendations::list_recommendations, recommendations::recommend))
        .routes(routes!(recommendations::read_recommendation, recommendations::edit_recommendation))
        .routes(routes!(recommendations::place_recommendation))
        .routes(routes!(path::list_steps, path::take_step))
        .routes(routes!(path::list_progress, path::report_progress))
        .routes(routes!(positions::list_positions, positions::take_position))
        .routes(routes!(positions::list_all_positions))
        .routes(routes!(carry::carry_over))
        .routes(routes!(reference::read_reference))
        .routes(routes!(reference::list_terms, reference::add_term))
        .routes(routes!(exports::register_workbook))
        .routes(routes!(exports::register_text))
        .routes(routes!(exports::register))
        .routes(routes!(public::public_page))
        .routes(routes!(public::public_recommendation))
        .routes(routes!(public::public_feed))
        .routes(routes!(public::public_register))
        .routes(routes!(documents::read_document))
}

/// The OpenAPI description.
pub fn description() -> utoipa::openapi::OpenApi {
    openapi::finish(operations().into_openapi())
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let description = description();
    let (operations, _) = operations().split_for_parts();
    operations
        .route("/api/openapi.json", get(async move || axum::Json(description)))
        .merge(public::style())
        .merge(sync::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(web::page)
        .layer(middleware::from_fn_with_state(app.clone(), origin::check))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(log::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), log::request))
        .layer(middleware::from_fn_with_state(app.clone(), site::headers))
        .with_state(app)
}

async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem::new(
        ProblemType::MethodNotAllowed,
        format!("{} does not take {method}; /api/openapi.json says what it takes.", uri.path()),
    )
}
