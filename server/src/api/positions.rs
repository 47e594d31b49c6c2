//! What organizations hold of recommendations.

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{At, Created, Json, Seated},
};
use crate::{
    ids::{OrganizationId, RecommendationId, ReportId},
    review::{Command, Counted, Outcome, Position, ReviewState, Stance, Taken, Text},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Positions {
    /// By recommendation and organization; each with those that it took before, oldest first.
    positions: Vec<CountedPosition>,
}

#[derive(Serialize, ToSchema)]
struct CountedPosition {
    #[serde(flatten)]
    position: Position,
    /// What it counts as, its condition looked at.
    counted: Counted,
    /// Whether the organization holds it now; only such positions are counted.
    current: bool,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewPosition {
    /// Whose; one's own when none is given. A coordinator may record another's.
    #[schema(value_type = Option<String>)]
    organization: Option<OrganizationId>,
    position: Stance,
    /// What would have to change: with `support_with_changes`, and only then.
    #[schema(value_type = Option<String>)]
    changes: Option<Text>,
    /// In the organization's own words.
    #[schema(value_type = Option<String>)]
    statement: Option<Text>,
    /// It holds only if this other recommendation is agreed.
    #[schema(value_type = Option<String>)]
    condition: Option<RecommendationId>,
    /// The wording that was seen; as it is now when none is given.
    wording: Option<u32>,
}

/// Lists all positions of the report.
#[utoipa::path(get, path = "/api/reports/{report}/positions", tag = "recommendations",
    responses((status = 200, body = Positions)))]
pub(super) async fn list_all_positions(seated: Seated) -> Result<Answer<Positions>, Problem> {
    let review = seated.review().await?;
    Ok(Answer(listed(&review, review.positions.values())))
}

/// Lists the positions on a recommendation.
#[utoipa::path(get, path = "/api/reports/{report}/recommendations/{recommendation}/positions",
    tag = "recommendations", responses((status = 200, body = Positions)))]
pub(super) async fn list_positions(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
) -> Result<Answer<Positions>, Problem> {
    let At((_, id)) = at;
    let review = seated.review().await?;
    review.recommendations.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Answer(listed(&review, review.positions_on(id))))
}

/// Takes a position.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations/{recommendation}/positions",
    tag = "recommendations", request_body = NewPosition, responses((status = 201, body = Position)))]
pub(super) async fn take_position(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
    Json(new): Json<NewPosition>,
) -> Result<Created<Position>, Problem> {
    let At((_, recommendation)) = at;
    let NewPosition { organization, position, changes, statement, condition, wording } = new;
    let taken = Taken { position, changes, statement, condition, wording };
    let command = Command::TakePosition { recommendation, organization, taken };
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Position((of, whose, n)) = outcome else { return Err(Problem::internal()) };
    review.positions.get(of, &(whose, n)).cloned().map(Created).ok_or_else(Problem::internal)
}

/// In the order of their keys, the last one of an organization on a recommendation is the one that it holds.
fn listed<'a>(review: &ReviewState, all: impl Iterator<Item = &'a Position>) -> Positions {
    let whose = |it: &Position| (it.recommendation, it.organization);
    let mut all = all.peekable();
    let mut positions = Vec::new();
    while let Some(position) = all.next() {
        let current = all.peek().is_none_or(|next| whose(next) != whose(position));
        let counted = review.counted(position);
        positions.push(CountedPosition { position: position.clone(), counted, current });
    }
    Positions { positions }
}
