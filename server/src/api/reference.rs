//! The reference lists, and what a report adds to them.

use axum::{Json as Answer, http::header, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{Created, Json, Seated},
};
use crate::review::{Command, Dimension, Reference, Term, TermCode, TermList, Title, reference};

#[derive(Serialize, ToSchema)]
pub(super) struct Terms {
    /// By list and code.
    terms: Vec<Term>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewTerm {
    list: TermList,
    /// One word, such as `1.8`.
    #[schema(value_type = String)]
    code: TermCode,
    #[schema(value_type = String)]
    title: Title,
    /// The dimension of a theme.
    dimension: Option<Dimension>,
}

/// The reference lists. The same for everyone, and until the server is another version.
#[utoipa::path(get, path = "/api/reference", tag = "recommendations", security(()),
    responses((status = 200, body = Reference)))]
pub(super) async fn read_reference() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Answer(reference()))
}

/// Lists what this report adds to the reference lists.
#[utoipa::path(get, path = "/api/reports/{report}/terms", tag = "recommendations",
    responses((status = 200, body = Terms)))]
pub(super) async fn list_terms(seated: Seated) -> Result<Answer<Terms>, Problem> {
    Ok(Answer(Terms { terms: seated.review().await?.terms.values().cloned().collect() }))
}

/// Adds to a reference list of this report.
#[utoipa::path(post, path = "/api/reports/{report}/terms", tag = "recommendations", request_body = NewTerm,
    responses((status = 201, body = Term)))]
pub(super) async fn add_term(seated: Seated, Json(new): Json<NewTerm>) -> Result<Created<Term>, Problem> {
    let NewTerm { list, code, title, dimension } = new;
    let key = (list, code.clone());
    let (_, review) = seated.act(Command::AddTerm { term: Term { list, code, title, dimension } }).await?;
    review.terms.get(&key).cloned().map(Created).ok_or_else(Problem::internal)
}
