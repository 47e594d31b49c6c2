//! Signing in by a link, and out again.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App, Problem, ProblemType,
    extract::{self, Json, Peer, Signed},
};
use crate::{
    access::{AccessError, Caller, SignedIn},
    ids::{ParticipantId, ReportId},
    review::{Command, Organization, Participant, ReviewState, Role},
};

#[derive(Deserialize, ToSchema)]
pub(super) struct Link {
    /// The token of an invitation, as after `#` in its link.
    token: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct SignIn {
    /// The token of an invitation, as after `#` in its link.
    token: String,
    /// Whether this is a browser of one's own, to be kept signed in.
    #[serde(default)]
    keep: bool,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ReportName {
    #[schema(value_type = String)]
    id: ReportId,
    title: String,
}

/// Who a link is for.
#[derive(Serialize, ToSchema)]
pub(super) struct Invitation {
    report: ReportName,
    participant: Participant,
    organization: Organization,
    /// Whether they have signed in before.
    joined: bool,
}

/// A report on which this browser is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SeatOnReport {
    report: ReportName,
    participant: Participant,
    organization: Organization,
    role: Role,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// Whether this is the holder of the server's admin token, who coordinates every report.
    administrator: bool,
    seats: Vec<SeatOnReport>,
}

/// Tells who a link is for. Changes nothing, so that a mail scanner that opens it uses nothing up.
#[utoipa::path(post, path = "/api/invitation", tag = "session", security(()), request_body = Link,
    responses((status = 200, body = Invitation)))]
pub(super) async fn read_invitation(
    State(app): State<App>,
    from: Peer,
    Json(link): Json<Link>,
) -> Result<Answer<Invitation>, Problem> {
    let (report, participant) =
        app.access.invitation(&link.token).map_err(|error| refused(&app, from, error))?;
    let review = app.rooms.review(report).await?;
    let seat = seat(&review, report, participant).ok_or_else(Problem::invalid_invitation)?;
    let joined = seat.participant.joined_at.is_some();
    Ok(Answer(Invitation {
        report: seat.report,
        participant: seat.participant,
        organization: seat.organization,
        joined,
    }))
}

/// Exchanges a link's token for a session cookie. A browser that has a session gains this report.
#[utoipa::path(post, path = "/api/session", tag = "session", security(()), request_body = SignIn,
    responses((status = 200, body = Session)))]
pub(super) async fn sign_in(
    State(app): State<App>,
    from: Peer,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<Response, Problem> {
    let current = extract::cookie(&app.site, &headers);
    let signed = app
        .access
        .sign_in(&body.token, current, body.keep)
        .await
        .map_err(|error| refused(&app, from, error))?;
    note_joined(&app, signed.report, signed.participant).await?;
    let caller = app.access.caller(crate::access::Credential::Session(signed.secret.reveal()));
    let session = session(&app, &caller.ok_or_else(Problem::unauthenticated)?).await?;
    let cookie = app.session_cookie(&signed, body.keep);
    Ok(([(header::SET_COOKIE, cookie)], Answer(session)).into_response())
}

/// Tells on which reports the caller is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session", responses((status = 200, body = Session)))]
pub(super) async fn read_session(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Answer<Session>, Problem> {
    Ok(Answer(session(&app, &caller).await?))
}

/// Ends the session; its sockets close.
#[utoipa::path(delete, path = "/api/session", tag = "session", responses((status = 204)))]
pub(super) async fn sign_out(State(app): State<App>, Signed(caller): Signed) -> Result<Response, Problem> {
    let Caller::Session { id, .. } = caller else {
        let detail = "A token has no session to end. Ask the coordinator to revoke it.";
        return Err(Problem::new(ProblemType::Forbidden, detail));
    };
    app.access.sign_out(id).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.cookie("", Some(0)))]).into_response())
}

fn refused(app: &App, from: Peer, error: AccessError) -> Problem {
    match error {
        AccessError::InvalidInvitation => app.wrong_token(from, Problem::invalid_invitation()),
        other => other.into(),
    }
}

async fn note_joined(app: &App, report: ReportId, participant: ParticipantId) -> Result<(), Problem> {
    let seated = app.seat(&Caller::Bearer { report, participant }, report).await;
    // Taken off the report since: their link stands for nobody.
    let seated = seated.map_err(|_| Problem::invalid_invitation())?;
    seated.act(Command::NoteJoined { participant }).await.map(drop)
}

async fn session(app: &App, caller: &Caller) -> Result<Session, Problem> {
    let own: &[(ReportId, ParticipantId)] = match caller {
        Caller::Administrator => &[],
        Caller::Bearer { report, participant } => &[(*report, *participant)],
        Caller::Session { seats, .. } => seats,
    };
    let mut seats = Vec::with_capacity(own.len());
    for (report, participant) in own {
        let review = app.rooms.review(*report).await?;
        seats.extend(seat(&review, *report, *participant));
    }
    Ok(Session { administrator: *caller == Caller::Administrator, seats })
}

/// A participant's seat; `None` once they were taken off the report.
fn seat(review: &ReviewState, id: ReportId, participant: ParticipantId) -> Option<SeatOnReport> {
    let title = review.report.as_ref()?.title.as_str().to_owned();
    let participant = review.participants.get(&participant)?.clone();
    let organization = review.organizations.get(&participant.organization)?.clone();
    let role = participant.role?;
    Some(SeatOnReport { report: ReportName { id, title }, participant, organization, role })
}

impl App {
    /// The `Set-Cookie` of a fresh session. A browser that is not to be kept forgets it when it closes.
    fn session_cookie(&self, signed: &SignedIn, keep: bool) -> HeaderValue {
        let left = signed.expires.as_second().saturating_sub(self.clock.now().as_second()).max(0);
        self.cookie(signed.secret.reveal(), keep.then_some(left))
    }

    fn cookie(&self, value: &str, max_age: Option<i64>) -> HeaderValue {
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.site.secure() { "; Secure" } else { "" };
        let name = self.site.cookie();
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}
