//! Numbered proposals.

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{Asked, At, Created, Json, Seated},
    sections::given,
    threads::{OfSection, Place, detached},
};
use crate::{
    ids::{RecommendationId, ReportId, SectionId},
    review::{
        Anchor, Command, Dimension, Fields, Outcome, Priority, Recommendation, ShortField, Text, Title,
    },
};

#[derive(Serialize, ToSchema)]
pub(super) struct Recommendations {
    /// By number.
    recommendations: Vec<PlacedRecommendation>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct PlacedRecommendation {
    #[serde(flatten)]
    recommendation: Recommendation,
    /// Whether the words it stood on are gone.
    detached: bool,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewRecommendation {
    /// Chosen by the client, so that a repeat is known; made by the server when none is given.
    #[schema(value_type = Option<String>)]
    id: Option<RecommendationId>,
    #[schema(value_type = String)]
    section: SectionId,
    /// The passage; none is the whole section.
    anchor: Option<Anchor>,
    #[schema(value_type = String)]
    title: Title,
    #[schema(value_type = String)]
    text: Text,
    #[schema(value_type = Option<String>)]
    rationale: Option<Text>,
    dimension: Option<Dimension>,
    #[schema(value_type = Option<String>)]
    lead_institution: Option<ShortField>,
    #[schema(value_type = Option<String>)]
    timeframe: Option<ShortField>,
    priority: Option<Priority>,
}

/// What is not given stays as it is; null takes an optional field away.
#[derive(Deserialize, ToSchema)]
pub(super) struct RecommendationChange {
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    #[schema(value_type = Option<String>)]
    text: Option<Text>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    rationale: Option<Option<Text>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Dimension>)]
    dimension: Option<Option<Dimension>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    lead_institution: Option<Option<ShortField>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    timeframe: Option<Option<ShortField>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Priority>)]
    priority: Option<Option<Priority>>,
}

/// Lists recommendations by number, and whether the words they stood on are gone.
#[utoipa::path(get, path = "/api/reports/{report}/recommendations", tag = "recommendations",
    params(OfSection), responses((status = 200, body = Recommendations)))]
pub(super) async fn list_recommendations(
    seated: Seated,
    Asked(of): Asked<OfSection>,
) -> Result<Answer<Recommendations>, Problem> {
    let review = seated.review().await?;
    let section = of.section()?;
    let all = review.recommendations.values();
    let mut wanted: Vec<Recommendation> =
        all.filter(|one| section.is_none_or(|id| id == one.section)).cloned().collect();
    wanted.sort_by_key(|one| one.number);
    placed(&seated, wanted).await.map(|recommendations| Answer(Recommendations { recommendations }))
}

/// Proposes.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations", tag = "recommendations",
    request_body = NewRecommendation, responses((status = 201, body = Recommendation)))]
pub(super) async fn recommend(
    seated: Seated,
    Json(new): Json<NewRecommendation>,
) -> Result<Created<Recommendation>, Problem> {
    let id = new.id.unwrap_or_else(|| RecommendationId::from_bytes(seated.app.clock.id16()));
    let (section, anchor) = (new.section, new.anchor.clone());
    let command = Command::Recommend { recommendation: id, section, anchor, fields: new.fields() };
    record(&seated, command).await.map(Created)
}

/// One recommendation.
#[utoipa::path(get, path = "/api/reports/{report}/recommendations/{recommendation}", tag = "recommendations",
    responses((status = 200, body = PlacedRecommendation)))]
pub(super) async fn read_recommendation(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
) -> Result<Answer<PlacedRecommendation>, Problem> {
    let At((_, id)) = at;
    let one = seated.review().await?.recommendations.get(&id).cloned().ok_or_else(Problem::not_found)?;
    let placed = placed(&seated, vec![one]).await?.pop();
    placed.map(Answer).ok_or_else(Problem::not_found)
}

/// Completes or corrects a recommendation.
#[utoipa::path(patch, path = "/api/reports/{report}/recommendations/{recommendation}",
    tag = "recommendations", request_body = RecommendationChange,
    responses((status = 200, body = Recommendation)))]
pub(super) async fn edit_recommendation(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
    Json(change): Json<RecommendationChange>,
) -> Result<Answer<Recommendation>, Problem> {
    let At((_, recommendation)) = at;
    let review = seated.review().await?;
    let before = review.recommendations.get(&recommendation).ok_or_else(Problem::not_found)?;
    let fields = change.over(before);
    record(&seated, Command::EditRecommendation { recommendation, fields }).await.map(Answer)
}

/// Gives a recommendation new words to stand on.
#[utoipa::path(post, path = "/api/reports/{report}/recommendations/{recommendation}/anchor",
    tag = "recommendations", request_body = Place, responses((status = 200, body = Recommendation)))]
pub(super) async fn place_recommendation(
    seated: Seated,
    at: At<(ReportId, RecommendationId)>,
    Json(place): Json<Place>,
) -> Result<Answer<Recommendation>, Problem> {
    let At((_, recommendation)) = at;
    record(&seated, Command::PlaceRecommendation { recommendation, anchor: place.anchor }).await.map(Answer)
}

async fn record(seated: &Seated, command: Command) -> Result<Recommendation, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Recommendation(id) = outcome else { return Err(Problem::internal()) };
    review.recommendations.get(&id).cloned().ok_or_else(Problem::internal)
}

async fn placed(seated: &Seated, all: Vec<Recommendation>) -> Result<Vec<PlacedRecommendation>, Problem> {
    let anchors = all.iter().map(|one| (one.id, one.section, one.anchor.as_ref()));
    let detached = detached(seated, anchors).await?;
    let placed = all.into_iter().map(|recommendation| PlacedRecommendation {
        detached: detached.contains(&recommendation.id),
        recommendation,
    });
    Ok(placed.collect())
}

impl NewRecommendation {
    fn fields(self) -> Fields {
        let Self { title, text, rationale, dimension, lead_institution, timeframe, priority, .. } = self;
        Fields { title, text, rationale, dimension, lead_institution, timeframe, priority }
    }
}

impl RecommendationChange {
    /// The fields as they are to be, over those as they are.
    fn over(self, before: &Recommendation) -> Fields {
        Fields {
            title: self.title.unwrap_or_else(|| before.title.clone()),
            text: self.text.unwrap_or_else(|| before.text.clone()),
            rationale: self.rationale.unwrap_or_else(|| before.rationale.clone()),
            dimension: self.dimension.unwrap_or(before.dimension),
            lead_institution: self.lead_institution.unwrap_or_else(|| before.lead_institution.clone()),
            timeframe: self.timeframe.unwrap_or_else(|| before.timeframe.clone()),
            priority: self.priority.unwrap_or(before.priority),
        }
    }
}
