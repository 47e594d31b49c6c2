//! Taking over what an earlier report left to be done.

use std::collections::BTreeSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App, Problem, ProblemType,
    extract::{Created, Json, Seated, Signed},
};
use crate::{
    ids::{RecommendationId, ReportId},
    review::{Command, Recommendation},
};

#[derive(Deserialize, ToSchema)]
pub(super) struct Carry {
    /// The earlier report, which the caller coordinates, too.
    #[schema(value_type = String)]
    from: ReportId,
    /// Only these; all that are agreed or published and neither done nor dropped, when none are named.
    #[schema(value_type = Option<Vec<String>>)]
    recommendations: Option<BTreeSet<RecommendationId>>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct CarriedOver {
    /// By number, as they stand here; those that were taken over before, included.
    recommendations: Vec<Recommendation>,
}

/// Takes over what an earlier report left to be done. A repeat copies nothing twice.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations/carry", tag = "recommendations",
    request_body = Carry, responses((status = 201, body = CarriedOver)))]
pub(super) async fn carry_over(
    State(app): State<App>,
    Signed(caller): Signed,
    seated: Seated,
    Json(carry): Json<Carry>,
) -> Result<Created<CarriedOver>, Problem> {
    let earlier = match app.seat(&caller, carry.from).await {
        Err(problem) if problem.kind == ProblemType::NotFound => None,
        earlier => Some(earlier?),
    };
    seated.may.carries_from(earlier.as_ref().map(|it| &it.may))?;
    let earlier = earlier.ok_or_else(unknown)?;
    if carry.from == seated.report() {
        return Err(Problem::new(ProblemType::Invalid, "from: must be another report than this one."));
    }
    let id = || RecommendationId::from_bytes(app.clock.id16());
    let items = earlier.review().await?.left_to_be_done(carry.recommendations.as_ref(), id)?;
    let wanted: BTreeSet<_> = items.iter().map(|it| (it.from.report, it.from.recommendation)).collect();
    let (_, review) = seated.act(Command::Carry { items }).await?;
    let here = |it: &&Recommendation| {
        it.carried_from.is_some_and(|from| wanted.contains(&(from.report, from.recommendation)))
    };
    let mut recommendations: Vec<_> = review.recommendations.values().filter(here).cloned().collect();
    recommendations.sort_by_key(|it| it.number);
    Ok(Created(CarriedOver { recommendations }))
}

fn unknown() -> Problem {
    Problem::new(ProblemType::Invalid, "from: must be a report that you coordinate.")
}
