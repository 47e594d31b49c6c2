//! The outline and the stages of sections.

use axum::Json as Answer;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{At, Created, Json, Seated},
};
use crate::{
    ids::{OrganizationId, ReportId, SectionId},
    review::{Command, Language, Outcome, ReviewState, Section, SectionKind, Stage, Title},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Sections {
    /// In the order of the outline.
    sections: Vec<Section>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewSection {
    #[schema(value_type = String)]
    title: Title,
    /// `narrative` when none is given.
    kind: Option<SectionKind>,
    /// The section to stand in; the top when none is given.
    #[schema(value_type = Option<String>)]
    parent: Option<SectionId>,
    /// The sibling to stand after; the end when none is given.
    #[schema(value_type = Option<String>)]
    after: Option<SectionId>,
    /// The language of its text, when it is not the report's.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
}

/// What is not given stays as it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct SectionChange {
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    stage: Option<Stage>,
    /// The section to stand in; null is the top.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<SectionId>>,
    /// The sibling to stand after; null is the end.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    after: Option<Option<SectionId>>,
    /// The organization that drafts it; null is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    drafted_by: Option<Option<OrganizationId>>,
}

/// Tells a field that is null from one that is not there.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// Lists the sections.
#[utoipa::path(get, path = "/api/reports/{report}/sections", tag = "sections",
    responses((status = 200, body = Sections)))]
pub(super) async fn list_sections(seated: Seated) -> Result<Answer<Sections>, Problem> {
    Ok(Answer(Sections { sections: outline(&*seated.review().await?) }))
}

/// Adds a section.
#[utoipa::path(post, path = "/api/reports/{report}/sections", tag = "sections", request_body = NewSection,
    responses((status = 201, body = Section)))]
pub(super) async fn add_section(
    seated: Seated,
    Json(new): Json<NewSection>,
) -> Result<Created<Section>, Problem> {
    let command = Command::AddSection {
        section: SectionId::from_bytes(seated.app.clock.id16()),
        title: new.title,
        kind: new.kind.unwrap_or(SectionKind::Narrative),
        parent: new.parent,
        after: new.after,
        language: new.language,
    };
    section(&seated, command).await.map(Created)
}

/// Changes a section's title, stage, drafter or place.
#[utoipa::path(patch, path = "/api/reports/{report}/sections/{section}", tag = "sections",
    request_body = SectionChange, responses((status = 200, body = Section)))]
pub(super) async fn change_section(
    seated: Seated,
    at: At<(ReportId, SectionId)>,
    Json(change): Json<SectionChange>,
) -> Result<Answer<Section>, Problem> {
    let At((_, id)) = at;
    if change.parent.is_some() || change.after.is_some() {
        let parent = match change.parent {
            Some(parent) => parent,
            None => seated.review().await?.sections.get(&id).and_then(|section| section.parent),
        };
        let after = change.after.flatten();
        section(&seated, Command::MoveSection { section: id, parent, after }).await?;
    }
    let SectionChange { title, stage, drafted_by, .. } = change;
    section(&seated, Command::ChangeSection { section: id, title, stage, drafted_by }).await.map(Answer)
}

async fn section(seated: &Seated, command: Command) -> Result<Section, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Section(id) = outcome else { return Err(Problem::internal()) };
    review.sections.get(&id).cloned().ok_or_else(Problem::internal)
}

/// All sections in the order of the outline: each before its children, siblings by rank, then id.
pub(super) fn outline(review: &ReviewState) -> Vec<Section> {
    let mut ranked: Vec<&Section> = review.sections.values().collect();
    ranked.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(a.id.cmp(&b.id)));
    let mut order = Vec::with_capacity(ranked.len());
    place(&ranked, None, &mut order);
    // A section whose parent isn't there still has to be seen.
    let lost = ranked.iter().filter(|section| !order.iter().any(|placed| placed.id == section.id));
    let lost: Vec<Section> = lost.map(|section| (*section).clone()).collect();
    order.extend(lost);
    order
}

/// Appends the children of `parent`, each with its own; as deep as `OUTLINE_DEPTH_MAX`, which `review` holds.
fn place(ranked: &[&Section], parent: Option<SectionId>, order: &mut Vec<Section>) {
    for section in ranked.iter().filter(|section| section.parent == parent) {
        order.push((*section).clone());
        place(ranked, Some(section.id), order);
    }
}
