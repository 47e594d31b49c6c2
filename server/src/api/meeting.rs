//! What the projector of a meeting shows.

use axum::{Json as Answer, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{Json, Seated},
    reports::info,
};
use crate::{
    ids::RecommendationId,
    review::{Command, Meeting, MeetingClock, ReportInfo},
};

/// The whole of what is shown; what is not given is not shown.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewMeeting {
    /// The recommendation on the table.
    #[schema(value_type = Option<String>)]
    recommendation: Option<RecommendationId>,
    /// The clock of a speaker or an item.
    clock: Option<MeetingClock>,
    /// Whether the screen shows what changed in the wording.
    #[serde(default)]
    wording: bool,
}

/// Sets what the projector shows.
#[utoipa::path(put, path = "/api/reports/{report}/meeting", tag = "reports", request_body = NewMeeting,
    responses((status = 200, body = ReportInfo)))]
pub(super) async fn show_meeting(
    seated: Seated,
    Json(new): Json<NewMeeting>,
) -> Result<Answer<ReportInfo>, Problem> {
    let NewMeeting { recommendation, clock, wording } = new;
    let meeting = Some(Meeting { recommendation, clock, wording });
    info(&seated, Command::ShowMeeting { meeting }).await.map(Answer)
}

/// Ends the meeting.
#[utoipa::path(delete, path = "/api/reports/{report}/meeting", tag = "reports",
    responses((status = 204)))]
pub(super) async fn end_meeting(seated: Seated) -> Result<StatusCode, Problem> {
    info(&seated, Command::ShowMeeting { meeting: None }).await.map(|_| StatusCode::NO_CONTENT)
}
