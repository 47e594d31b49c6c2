//! The path of a recommendation: its steps, and what became of it.

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem, ProblemType,
    extract::{At, Created, Json, Seated},
    recommendations::record,
};
use crate::{
    ids::{RecommendationId, ReportId},
    review::{
        Command, Disposition, Link, NextStep, Outcome, Progress, ProgressState, Recommendation, Step, Text,
        Title,
    },
};

#[derive(Serialize, ToSchema)]
pub(super) struct Steps {
    /// First step first.
    steps: Vec<Step>,
}

/// What somebody does with a recommendation.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StepName {
    /// Open its discussion.
    Discuss,
    /// Ask the organization that proposed it to accept `status`.
    ProposeDisposition,
    /// Answer that: `accept`.
    AnswerDisposition,
    /// Record it as `status`.
    Decide,
    /// Take it back.
    Withdraw,
    /// Open its discussion again.
    Reopen,
    /// Let `into` take it in.
    Merge,
    /// Take a new one out of it: `recommendation`, `title`, `text`.
    Split,
    /// Put it into the published register.
    Publish,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewStep {
    /// How many steps of its path were seen (its `steps`): when it has gone on since, the step is refused.
    seen: u32,
    step: StepName,
    /// Of `propose_disposition` and `decide`.
    status: Option<Disposition>,
    /// Of `answer_disposition`.
    accept: Option<bool>,
    /// Of `merge`: the other one.
    #[schema(value_type = Option<String>)]
    into: Option<RecommendationId>,
    /// Of `split`: the id of the new one, chosen by the client, so that a repeat is known; made by the server when none
    /// is given.
    #[schema(value_type = Option<String>)]
    recommendation: Option<RecommendationId>,
    /// Of `split`: the title of the new one.
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    /// Of `split`: what the new one says.
    #[schema(value_type = Option<String>)]
    text: Option<Text>,
    /// Why; most steps want it.
    #[schema(value_type = Option<String>)]
    reason: Option<Text>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ProgressReports {
    /// Oldest first; the last one counts.
    progress: Vec<Progress>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewProgress {
    state: ProgressState,
    /// What was done.
    #[schema(value_type = Option<String>)]
    note: Option<Text>,
    /// Where that can be seen: an http(s) address.
    #[schema(value_type = Option<String>)]
    link: Option<Link>,
}

/// Lists the steps of a recommendation's path.
#[utoipa::path(get, path = "/api/reports/{report}/recommendations/{recommendation}/steps",
    tag = "recommendations", responses((status = 200, body = Steps)))]
pub(super) async fn list_steps(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
) -> Result<Answer<Steps>, Problem> {
    let At((_, id)) = at;
    let review = seated.review().await?;
    review.recommendations.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Answer(Steps { steps: review.path(id).cloned().collect() }))
}

/// Takes a step on a recommendation's path.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations/{recommendation}/steps",
    tag = "recommendations", request_body = NewStep, responses((status = 201, body = Recommendation)))]
pub(super) async fn take_step(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
    Json(new): Json<NewStep>,
) -> Result<Created<Recommendation>, Problem> {
    let At((_, recommendation)) = at;
    let (seen, reason) = (new.seen, new.reason.clone());
    let step = new.next(|| RecommendationId::from_bytes(seated.app.clock.id16()))?;
    record(&seated, Command::TakeStep { recommendation, seen, step, reason }).await.map(Created)
}

/// Lists the reports of a recommendation's progress.
#[utoipa::path(get, path = "/api/reports/{report}/recommendations/{recommendation}/progress",
    tag = "recommendations", responses((status = 200, body = ProgressReports)))]
pub(super) async fn list_progress(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
) -> Result<Answer<ProgressReports>, Problem> {
    let At((_, id)) = at;
    let review = seated.review().await?;
    review.recommendations.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Answer(ProgressReports { progress: review.progress_of(id).cloned().collect() }))
}

/// Says how far a published recommendation has got.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations/{recommendation}/progress",
    tag = "recommendations", request_body = NewProgress, responses((status = 201, body = Progress)))]
pub(super) async fn report_progress(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
    Json(new): Json<NewProgress>,
) -> Result<Created<Progress>, Problem> {
    let At((_, recommendation)) = at;
    let NewProgress { state, note, link } = new;
    let (outcome, review) = seated.act(Command::ReportProgress { recommendation, state, note, link }).await?;
    let Outcome::Progress((of, n)) = outcome else { return Err(Problem::internal()) };
    review.progress.get(of, &n).cloned().map(Created).ok_or_else(Problem::internal)
}

impl NewStep {
    /// The step, with all that it needs.
    fn next(self, id: impl FnOnce() -> RecommendationId) -> Result<NextStep, Problem> {
        Ok(match self.step {
            StepName::Discuss => NextStep::Discuss,
            StepName::ProposeDisposition => NextStep::ProposeDisposition(given("status", self.status)?),
            StepName::AnswerDisposition if given("accept", self.accept)? => NextStep::AcceptDisposition,
            StepName::AnswerDisposition => NextStep::DeclineDisposition,
            StepName::Decide => NextStep::Decide(given("status", self.status)?),
            StepName::Withdraw => NextStep::Withdraw,
            StepName::Reopen => NextStep::Reopen,
            StepName::Merge => NextStep::Merge { into: given("into", self.into)? },
            StepName::Split => NextStep::Split {
                recommendation: self.recommendation.unwrap_or_else(id),
                title: given("title", self.title)?,
                text: given("text", self.text)?,
            },
            StepName::Publish => NextStep::Publish,
        })
    }
}

/// A field that this step needs.
fn given<T>(field: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::new(ProblemType::Invalid, format!("{field}: must be given for this step.")))
}
