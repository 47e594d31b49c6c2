//! The register of recommendations.

use super::{Decided, ID_TAKEN, anchors, known, open_section, room};
use crate::{
    ids::{RecommendationId, SectionId},
    limits,
    review::{
        Anchor, Change, Decision, Fields, FieldsChange, Outcome, Recommendation, RecommendationStatus,
        Refusal, ReviewState, Role,
    },
};

const LOCKED: &str = "This section is locked and takes no recommendations. Ask the coordinator to open it again, or \
    recommend on another section.";
const NOT_YOURS: Refusal = Refusal::Forbidden {
    why: "Only its author and the coordinator can change a recommendation. You can comment on it instead.",
};

/// Puts a recommendation forward. Its number is the next: records are never removed, so numbers have no gap and none is
/// used again.
pub(super) fn recommend(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    section: SectionId,
    anchor: Option<Anchor>,
    fields: Fields,
) -> Decided {
    let anchor = anchor.map(anchors::checked).transpose()?;
    if let Some(old) = state.recommendations.get(&id) {
        let same = old.author == decision.by
            && old.section == section
            && old.anchor == anchor
            && with_fields(old, fields) == *old;
        return if same { Ok((Outcome::Recommendation(id), vec![])) } else { Err(ID_TAKEN) };
    }
    open_section(state, section, LOCKED)?;
    room(&state.recommendations, limits::RECORDS_MAX, "recommendations")?;
    let number = state.recommendations.values().map(|it| it.number).max().unwrap_or(0).saturating_add(1);
    let Fields { title, text, rationale, dimension, lead_institution, timeframe, priority } = fields;
    put(Recommendation {
        id,
        number,
        title,
        text,
        rationale,
        section,
        anchor,
        dimension,
        lead_institution,
        timeframe,
        priority,
        status: RecommendationStatus::Proposed,
        author: decision.by,
        created_at: decision.at,
        edited_at: None,
    })
}

/// Completes or corrects.
pub(super) fn edit(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    change: FieldsChange,
) -> Decided {
    let old = changeable(state, decision, id)?;
    put_if_new(old, changed(old, change), decision)
}

/// Gives a recommendation new words to stand on.
pub(super) fn place(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    anchor: Anchor,
) -> Decided {
    let old = changeable(state, decision, id)?;
    let anchor = Some(anchors::checked(anchor)?);
    put_if_new(old, Recommendation { anchor, ..old.clone() }, decision)
}

fn with_fields(old: &Recommendation, fields: Fields) -> Recommendation {
    let Fields { title, text, rationale, dimension, lead_institution, timeframe, priority } = fields;
    Recommendation { title, text, rationale, dimension, lead_institution, timeframe, priority, ..old.clone() }
}

fn changed(old: &Recommendation, change: FieldsChange) -> Recommendation {
    let old = old.clone();
    Recommendation {
        title: change.title.unwrap_or(old.title),
        text: change.text.unwrap_or(old.text),
        rationale: change.rationale.unwrap_or(old.rationale),
        dimension: change.dimension.unwrap_or(old.dimension),
        lead_institution: change.lead_institution.unwrap_or(old.lead_institution),
        timeframe: change.timeframe.unwrap_or(old.timeframe),
        priority: change.priority.unwrap_or(old.priority),
        ..old
    }
}

fn put(it: Recommendation) -> Decided {
    Ok((Outcome::Recommendation(it.id), vec![Change::Recommendation(it)]))
}

fn put_if_new(old: &Recommendation, new: Recommendation, decision: Decision) -> Decided {
    if new == *old {
        return Ok((Outcome::Recommendation(new.id), vec![]));
    }
    put(Recommendation { edited_at: Some(decision.at), ..new })
}

/// One that the author of the command may change: their own, or any for a coordinator.
fn changeable(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
) -> Result<&Recommendation, Refusal> {
    let it = known(&state.recommendations, &id, "recommendation")?;
    if it.author == decision.by || decision.role == Role::Coordinator { Ok(it) } else { Err(NOT_YOURS) }
}
