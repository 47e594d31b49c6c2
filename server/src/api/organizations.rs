//! Whom participants act for.

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{At, Created, Json, Seated},
    sections::given,
};
use crate::{
    ids::{OrganizationId, ParticipantId, ReportId},
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

/// What is not given stays as it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct OrganizationChange {
    /// The head of its delegation, who alone takes its positions and answers for it; null is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    head: Option<Option<ParticipantId>>,
}

/// Names the head of a delegation.
#[utoipa::path(patch, path = "/api/reports/{report}/organizations/{organization}", tag = "people",
    request_body = OrganizationChange, responses((status = 200, body = Organization)))]
pub(super) async fn change_organization(
    seated: Seated,
    at: At<(ReportId, OrganizationId)>,
    Json(change): Json<OrganizationChange>,
) -> Result<Answer<Organization>, Problem> {
    let At((_, organization)) = at;
    record(&seated, Command::ChangeOrganization { organization, head: change.head }).await.map(Answer)
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
    record(seated, Command::AddOrganization { organization, name, code, kind }).await
}

async fn record(seated: &Seated, command: Command) -> Result<Organization, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Organization(id) = outcome else { return Err(Problem::internal()) };
    review.organizations.get(&id).cloned().ok_or_else(Problem::internal)
}
