//! The people of a report, and their links.

use axum::{
    Json as Answer,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem, ProblemType,
    extract::{At, Created, Json, Seated},
    organizations,
};
use crate::{
    ids::{OrganizationId, ParticipantId, ReportId},
    limits::{INVITATION_DAYS, INVITATION_DAYS_MAX},
    review::{Code, Command, Name, OrganizationKind, Outcome, Participant, ReviewState, Role},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Participants {
    /// Those taken off the report included; their role is null.
    participants: Vec<Participant>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewParticipant {
    #[schema(value_type = String)]
    name: Name,
    /// The id, code or name of the organization; a name that is not known makes a new one.
    #[schema(value_type = String)]
    organization: Name,
    role: Role,
    /// The code of a new organization.
    #[schema(value_type = Option<String>)]
    organization_code: Option<Code>,
    /// The kind of a new organization.
    organization_kind: Option<OrganizationKind>,
    /// For how many days the link is good.
    #[schema(minimum = 1, maximum = 366)]
    valid_days: Option<i64>,
}

/// A new participant's way in. It is shown this once: the server keeps only a hash of the token.
#[derive(Serialize, ToSchema)]
pub(super) struct Invited {
    #[schema(value_type = String)]
    id: ParticipantId,
    /// A bearer token.
    token: String,
    /// Opens the web client signed in as this participant.
    link: String,
}

/// What is not given stays as it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct ParticipantChange {
    #[schema(value_type = Option<String>)]
    name: Option<Name>,
    role: Option<Role>,
}

/// Lists the participants.
#[utoipa::path(get, path = "/api/reports/{report}/participants", tag = "people",
    responses((status = 200, body = Participants)))]
pub(super) async fn list_participants(seated: Seated) -> Result<Answer<Participants>, Problem> {
    let review = seated.review().await?;
    Ok(Answer(Participants { participants: review.participants.values().cloned().collect() }))
}

/// Adds a person, and makes their link.
#[utoipa::path(post, path = "/api/reports/{report}/participants", tag = "people",
    request_body = NewParticipant, responses((status = 201, body = Invited)))]
pub(super) async fn add_participant(
    seated: Seated,
    headers: HeaderMap,
    Json(new): Json<NewParticipant>,
) -> Result<Created<Invited>, Problem> {
    let days = valid_days(new.valid_days)?;
    let id = ParticipantId::from_bytes(seated.app.clock.id16());
    let organization = organization(&seated, &new).await?;
    let (name, role) = (new.name, new.role);
    let (outcome, _) =
        seated.act(Command::AddParticipant { participant: id, name, organization, role }).await?;
    let Outcome::Participant(id) = outcome else { return Err(Problem::internal()) };
    let invited = seated.app.access.invite(seated.report(), id, days).await?;
    let token = invited.token.reveal().to_owned();
    let link = seated.app.site.link(&headers, &format!("/join#{token}"));
    Ok(Created(Invited { id, token, link }))
}

/// Changes a person's name or role. One's own name anyone may change; roles only the coordinator.
#[utoipa::path(patch, path = "/api/reports/{report}/participants/{participant}", tag = "people",
    request_body = ParticipantChange, responses((status = 200, body = Participant)))]
pub(super) async fn change_participant(
    seated: Seated,
    at: At<(ReportId, ParticipantId)>,
    Json(change): Json<ParticipantChange>,
) -> Result<Answer<Participant>, Problem> {
    let At((_, participant)) = at;
    let ParticipantChange { name, role } = change;
    let (_, review) = seated.act(Command::ChangeParticipant { participant, name, role }).await?;
    review.participants.get(&participant).cloned().map(Answer).ok_or_else(Problem::internal)
}

/// Takes a person off the report: their tokens and sockets end; what they wrote stays, with their name.
#[utoipa::path(delete, path = "/api/reports/{report}/participants/{participant}", tag = "people",
    responses((status = 204)))]
pub(super) async fn remove_participant(
    seated: Seated,
    at: At<(ReportId, ParticipantId)>,
) -> Result<StatusCode, Problem> {
    let At((report, participant)) = at;
    seated.act(Command::RemoveParticipant { participant }).await?;
    seated.app.access.revoke(report, participant).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn valid_days(days: Option<i64>) -> Result<i64, Problem> {
    match days.unwrap_or(INVITATION_DAYS) {
        days @ 1..=INVITATION_DAYS_MAX => Ok(days),
        _ => {
            let detail = format!("valid_days: must be 1 to {INVITATION_DAYS_MAX}.");
            Err(Problem::new(ProblemType::Invalid, detail))
        }
    }
}

/// The organization that the request means; made when it is a new name.
async fn organization(seated: &Seated, new: &NewParticipant) -> Result<OrganizationId, Problem> {
    if let Some(known) = known(&*seated.review().await?, &new.organization) {
        return Ok(known);
    }
    let made = organizations::add(
        seated,
        new.organization.clone(),
        new.organization_code.clone(),
        new.organization_kind,
    );
    match made.await {
        Ok(made) => Ok(made.id),
        // Somebody made it in between, or its code is another's.
        Err(problem) if problem.kind == ProblemType::Conflict => {
            known(&*seated.review().await?, &new.organization).ok_or(problem)
        }
        Err(problem) => Err(problem),
    }
}

/// By id, then name, then code; names and codes whatever their case.
fn known(review: &ReviewState, wanted: &Name) -> Option<OrganizationId> {
    let wanted = wanted.as_str();
    let same = |text: &str| text.to_lowercase() == wanted.to_lowercase();
    let all = || review.organizations.values();
    wanted
        .parse()
        .ok()
        .filter(|id| review.organizations.contains_key(id))
        .or_else(|| all().find(|one| same(one.name.as_str())).map(|one| one.id))
        .or_else(|| all().find(|one| same(one.code.as_str())).map(|one| one.id))
}
