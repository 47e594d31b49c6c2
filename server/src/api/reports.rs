//! Reports: the list, a new one, one with its outline.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App, Problem, ProblemType,
    extract::{Created, Json, Seated, Signed},
    sections::outline,
};
use crate::{
    access::{Caller, Permit},
    ids::{ParticipantId, ReportId, SectionId},
    review::{
        Command, Language, Organization, Participant, ReportInfo, ReviewState, Role, Section, SectionKind,
        Template, ThreadState, Title,
    },
    room::RoomError,
};

#[derive(Serialize, ToSchema)]
pub(super) struct Reports {
    reports: Vec<Summary>,
}

/// A report in the list.
#[derive(Serialize, ToSchema)]
struct Summary {
    #[schema(value_type = String)]
    id: ReportId,
    #[schema(value_type = String)]
    title: Title,
    #[schema(value_type = String)]
    language: Language,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The caller's role.
    role: Role,
    /// How many sections it has.
    sections: usize,
    /// How many threads wait for an answer.
    open_threads: usize,
    /// How many recommendations it has.
    recommendations: usize,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewReport {
    #[schema(value_type = String)]
    title: Title,
    template: Template,
    /// Sections that follow the template's own.
    #[serde(default)]
    sections: Vec<NewReportSection>,
    /// The language of the text as a BCP 47 tag; `en` when none is given.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
}

#[derive(Deserialize, ToSchema)]
struct NewReportSection {
    #[schema(value_type = String)]
    title: Title,
    /// `narrative` when none is given.
    kind: Option<SectionKind>,
}

/// A new report with its outline.
#[derive(Serialize, ToSchema)]
pub(super) struct Outlined {
    #[serde(flatten)]
    report: ReportInfo,
    /// In the order of the outline.
    sections: Vec<Section>,
}

/// A report with its outline and its people.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    #[serde(flatten)]
    report: ReportInfo,
    /// In the order of the outline.
    sections: Vec<Section>,
    organizations: Vec<Organization>,
    /// Those taken off the report included; their role is null.
    participants: Vec<Participant>,
    you: You,
}

/// The caller on a report.
#[derive(Serialize, ToSchema)]
struct You {
    /// 32 zeros for the holder of the server's admin token.
    #[schema(value_type = String)]
    participant: ParticipantId,
    role: Role,
    rights: Rights,
}

/// What the caller's role allows, where a section's stage does.
#[derive(Serialize, ToSchema)]
struct Rights {
    /// Outline, stages, people.
    coordinate: bool,
    /// Write the text of sections.
    write: bool,
    /// Comment, reply, resolve, recommend.
    comment: bool,
}

/// Lists the reports that the caller is on.
#[utoipa::path(get, path = "/api/reports", tag = "reports", responses((status = 200, body = Reports)))]
pub(super) async fn list_reports(
    State(app): State<App>,
    Signed(caller): Signed,
) -> Result<Answer<Reports>, Problem> {
    let ids: Vec<ReportId> = match &caller {
        Caller::Administrator => app.access.reports(),
        Caller::Bearer { report, .. } => vec![*report],
        Caller::Session { seats, .. } => seats.iter().map(|seat| seat.0).collect(),
    };
    let mut reports = Vec::with_capacity(ids.len());
    for id in ids {
        match app.rooms.review(id).await {
            Ok(review) => reports.extend(caller.on(id).and_then(|who| summary(&review, who))),
            // Noted, but never founded.
            Err(RoomError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Answer(Reports { reports }))
}

/// Starts a report. Only the holder of the server's admin token may.
#[utoipa::path(post, path = "/api/reports", tag = "reports", request_body = NewReport,
    responses((status = 201, body = Outlined)))]
pub(super) async fn create_report(
    State(app): State<App>,
    Signed(caller): Signed,
    Json(new): Json<NewReport>,
) -> Result<Created<Outlined>, Problem> {
    if caller != Caller::Administrator {
        let detail = "Only the holder of the server's admin token may start a report. Ask the operator.";
        return Err(Problem::new(ProblemType::Forbidden, detail));
    }
    let report = ReportId::from_bytes(app.clock.id16());
    let permit = Permit::found(report, found(&app, report, new)?)?;
    // Noted first: a report that was noted and never founded is passed over, one founded and not noted is lost.
    app.access.add_report(report).await?;
    let (_, review) = app.rooms.decide(permit).await?;
    let info = review.report.clone().ok_or_else(Problem::internal)?;
    Ok(Created(Outlined { report: info, sections: outline(&review) }))
}

/// A report with its outline, its people, and what the caller may do.
#[utoipa::path(get, path = "/api/reports/{report}", tag = "reports", responses((status = 200, body = Report)))]
pub(super) async fn read_report(seated: Seated) -> Result<Answer<Report>, Problem> {
    let review = seated.review().await?;
    let report = review.report.clone().ok_or_else(Problem::not_found)?;
    let role = seated.may.role();
    Ok(Answer(Report {
        report,
        sections: outline(&review),
        organizations: review.organizations.values().cloned().collect(),
        participants: review.participants.values().cloned().collect(),
        you: You { participant: seated.may.participant(), role, rights: rights(role) },
    }))
}

/// What is not given stays as it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct ReportChange {
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    /// Whether the public page shows who proposed.
    public_names: Option<bool>,
}

/// Changes the report's title, or what its public page shows.
#[utoipa::path(patch, path = "/api/reports/{report}", tag = "reports", request_body = ReportChange,
    responses((status = 200, body = ReportInfo)))]
pub(super) async fn change_report(
    seated: Seated,
    Json(change): Json<ReportChange>,
) -> Result<Answer<ReportInfo>, Problem> {
    let ReportChange { title, public_names } = change;
    info(&seated, Command::ChangeReport { title, public_names }).await.map(Answer)
}

/// Has a command decided that changes the report itself.
pub(super) async fn info(seated: &Seated, command: Command) -> Result<ReportInfo, Problem> {
    let (_, review) = seated.act(command).await?;
    review.report.clone().ok_or_else(Problem::internal)
}

fn found(app: &App, report: ReportId, new: NewReport) -> Result<Command, Problem> {
    let language = new.language.map_or_else(|| Language::try_from("en".to_owned()), Ok);
    let section = |section: NewReportSection| {
        let id = SectionId::from_bytes(app.clock.id16());
        (id, section.title, section.kind.unwrap_or(SectionKind::Narrative))
    };
    Ok(Command::Found {
        report,
        title: new.title,
        language: language.map_err(|_| Problem::internal())?,
        template: new.template,
        sections: new.sections.into_iter().map(section).collect(),
    })
}

fn summary(review: &Arc<ReviewState>, who: ParticipantId) -> Option<Summary> {
    let report = review.report.as_ref()?;
    let role = if who == ParticipantId::ADMINISTRATOR {
        Role::Coordinator
    } else {
        review.participants.get(&who)?.role?
    };
    Some(Summary {
        id: report.id,
        title: report.title.clone(),
        language: report.language.clone(),
        created_at: report.created_at,
        role,
        sections: review.sections.len(),
        open_threads: review.threads.values().filter(|thread| thread.state == ThreadState::Open).count(),
        recommendations: review.recommendations.len(),
    })
}

const fn rights(role: Role) -> Rights {
    Rights {
        coordinate: matches!(role, Role::Coordinator),
        write: matches!(role, Role::Coordinator | Role::Drafter),
        comment: !matches!(role, Role::Observer),
    }
}
