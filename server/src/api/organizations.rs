//! Whom participants act for.

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{Created, Json, Seated},
};
use crate::{
    ids::OrganizationId,
    review::{Code, Command, Name, Organization, OrganizationKind, Outcome},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Organizations {
    organizations: Vec<Organization>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewOrganization {
    #[schema(value_type = String)]
    name: Name,
    /// A short code, one word; derived from the name when none is given.
    #[schema(value_type = Option<String>)]
    code: Option<Code>,
    /// `other` when none is given.
    kind: Option<OrganizationKind>,
}

/// Lists the organizations.
#[utoipa::path(get, path = "/api/reports/{report}/organizations", tag = "people",
    responses((status = 200, body = Organizations)))]
pub(super) async fn list_organizations(seated: Seated) -> Result<Answer<Organizations>, Problem> {
    let review = seated.review().await?;
    Ok(Answer(Organizations { organizations: review.organizations.values().cloned().collect() }))
}

/// Adds an organization.
#[utoipa::path(post, path = "/api/reports/{report}/organizations", tag = "people",
    request_body = NewOrganization, responses((status = 201, body = Organization)))]
pub(super) async fn add_organization(
    seated: Seated,
    Json(new): Json<NewOrganization>,
) -> Result<Created<Organization>, Problem> {
    add(&seated, new.name, new.code, new.kind).await.map(Created)
}

/// Adds an organization.
pub(super) async fn add(
    seated: &Seated,
    name: Name,
    code: Option<Code>,
    kind: Option<OrganizationKind>,
) -> Result<Organization, Problem> {
    let organization = OrganizationId::from_bytes(seated.app.clock.id16());
    let kind = kind.unwrap_or(OrganizationKind::Other);
    let (outcome, review) = seated.act(Command::AddOrganization { organization, name, code, kind }).await?;
    let Outcome::Organization(id) = outcome else { return Err(Problem::internal()) };
    review.organizations.get(&id).cloned().ok_or_else(Problem::internal)
}
