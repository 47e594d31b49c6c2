//! Numbered proposals.

use std::collections::BTreeSet;

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
    ids::{Part, RecommendationId, ReportId, SectionId},
    review::{
        Anchor, Command, Dimension, EvidenceLink, Fields, FieldsChange, GcmObjective, Institution, Outcome,
        Priority, Recommendation, ShortField, TermCode, Text, Title,
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
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    themes: BTreeSet<TermCode>,
    #[serde(default)]
    #[schema(value_type = Vec<u8>)]
    gcm_objectives: BTreeSet<GcmObjective>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    sdg_targets: BTreeSet<TermCode>,
    lead_institution: Option<Institution>,
    #[serde(default)]
    supporting_institutions: Vec<Institution>,
    #[schema(value_type = Option<String>)]
    timeframe: Option<ShortField>,
    priority: Option<Priority>,
    #[schema(value_type = Option<String>)]
    means_of_verification: Option<Text>,
    #[serde(default)]
    evidence_links: Vec<EvidenceLink>,
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
    #[schema(value_type = Option<Vec<String>>)]
    themes: Option<BTreeSet<TermCode>>,
    #[schema(value_type = Option<Vec<u8>>)]
    gcm_objectives: Option<BTreeSet<GcmObjective>>,
    #[schema(value_type = Option<Vec<String>>)]
    sdg_targets: Option<BTreeSet<TermCode>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Institution>)]
    lead_institution: Option<Option<Institution>>,
    supporting_institutions: Option<Vec<Institution>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    timeframe: Option<Option<ShortField>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Priority>)]
    priority: Option<Option<Priority>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    means_of_verification: Option<Option<Text>>,
    evidence_links: Option<Vec<EvidenceLink>>,
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
    let change = change.fields();
    record(&seated, Command::EditRecommendation { recommendation, change }).await.map(Answer)
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

pub(super) async fn record(seated: &Seated, command: Command) -> Result<Recommendation, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Recommendation(id) = outcome else { return Err(Problem::internal()) };
    review.recommendations.get(&id).cloned().ok_or_else(Problem::internal)
}

async fn placed(seated: &Seated, all: Vec<Recommendation>) -> Result<Vec<PlacedRecommendation>, Problem> {
    let anchors = all.iter().map(|one| (one.id, Part::Body(one.section), one.anchor.as_ref()));
    let detached = detached(seated, anchors).await?;
    let placed = all.into_iter().map(|recommendation| PlacedRecommendation {
        detached: detached.contains(&recommendation.id),
        recommendation,
    });
    Ok(placed.collect())
}

impl NewRecommendation {
    fn fields(self) -> Fields {
        Fields {
            title: self.title,
            text: self.text,
            rationale: self.rationale,
            dimension: self.dimension,
            themes: self.themes,
            gcm_objectives: self.gcm_objectives,
            sdg_targets: self.sdg_targets,
            lead_institution: self.lead_institution,
            supporting_institutions: self.supporting_institutions,
            timeframe: self.timeframe,
            priority: self.priority,
            means_of_verification: self.means_of_verification,
            evidence_links: self.evidence_links,
        }
    }
}

impl RecommendationChange {
    fn fields(self) -> FieldsChange {
        FieldsChange {
            title: self.title,
            text: self.text,
            rationale: self.rationale,
            dimension: self.dimension,
            themes: self.themes,
            gcm_objectives: self.gcm_objectives,
            sdg_targets: self.sdg_targets,
            lead_institution: self.lead_institution,
            supporting_institutions: self.supporting_institutions,
            timeframe: self.timeframe,
            priority: self.priority,
            means_of_verification: self.means_of_verification,
            evidence_links: self.evidence_links,
        }
    }
}
