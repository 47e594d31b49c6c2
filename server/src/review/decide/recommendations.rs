//! The register of recommendations: putting one forward, completing it, placing it again.

use std::borrow::Cow;

use super::{Decided, ID_TAKEN, anchors, known, lists, open_section, room, within};
use crate::{
    ids::{RecommendationId, SectionId},
    limits,
    review::{
        Anchor, Change, Decision, Fields, FieldsChange, Outcome, Recommendation,
        RecommendationStatus as Status, Refusal, ReviewState, Role, Step, StepKind, telling,
    },
};

const LOCKED: &str = "This section is locked and takes no recommendations. Ask the coordinator to open it again, or \
    recommend on another section.";
const NOT_YOURS: Refusal = Refusal::Forbidden {
    why: Cow::Borrowed(
        "Only its author and the coordinator can change a recommendation. You can comment on it instead.",
    ),
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
    let fields = lists::checked(state, fields)?;
    if let Some(old) = state.recommendations.get(&id) {
        let same = old.author == decision.by
            && old.section == section
            && old.anchor == anchor
            && Fields::of(old) == fields;
        return if same { Ok((Outcome::Recommendation(id), vec![])) } else { Err(ID_TAKEN) };
    }
    unused(state, id)?;
    open_section(state, section, LOCKED)?;
    room(&state.recommendations, limits::RECORDS_MAX, "recommendations")?;
    within(state.steps.len() + 1, limits::STEPS_MAX, "steps of recommendations")?;
    let new = Recommendation { anchor, ..newborn(id, next_number(state), section, fields, decision) };
    let first = first_step(&new, decision);
    Ok((Outcome::Recommendation(id), vec![Change::Recommendation(new.into()), Change::Step(first)]))
}

/// The id of a new one is nobody else's: not a section's either, as texts of both have one form of name on the wire.
pub(super) fn unused(state: &ReviewState, id: RecommendationId) -> Result<(), Refusal> {
    let section = SectionId::from_bytes(*id.as_bytes());
    let taken = state.recommendations.contains_key(&id) || state.sections.contains_key(&section);
    if taken { Err(ID_TAKEN) } else { Ok(()) }
}

/// The number that no recommendation of the report has had.
pub(super) fn next_number(state: &ReviewState) -> u32 {
    state.recommendations.values().map(|it| it.number).max().unwrap_or(0).saturating_add(1)
}

/// A recommendation as it is put forward on a whole section.
pub(super) fn newborn(
    id: RecommendationId,
    number: u32,
    section: SectionId,
    fields: Fields,
    decision: Decision,
) -> Recommendation {
    let Fields { title, text, rationale, dimension, themes, gcm_objectives, sdg_targets, .. } = fields;
    Recommendation {
        id,
        number,
        title,
        text,
        rationale,
        section,
        anchor: None,
        dimension,
        themes,
        gcm_objectives,
        sdg_targets,
        lead_institution: fields.lead_institution,
        supporting_institutions: fields.supporting_institutions,
        timeframe: fields.timeframe,
        priority: fields.priority,
        means_of_verification: fields.means_of_verification,
        evidence_links: fields.evidence_links,
        status: Status::Proposed,
        merged_into: None,
        split_from: None,
        carried_from: None,
        wording: 1,
        renew_from: 1,
        steps: 1,
        author: decision.by,
        created_at: decision.at,
        edited_at: None,
    }
}

/// The step with which every path begins.
pub(super) fn first_step(of: &Recommendation, decision: Decision) -> Step {
    Step {
        recommendation: of.id,
        n: 1,
        kind: StepKind::Proposed,
        status: of.status,
        reason: None,
        other: of.split_from,
        by: decision.by,
        at: decision.at,
    }
}

/// Completes or corrects.
pub(super) fn edit(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    change: FieldsChange,
) -> Decided {
    let old = changeable(state, decision, id)?;
    let before = Fields::of(old);
    let fields = lists::checked(state, change.applied_to(before.clone()))?;
    if fields == before {
        return Ok((Outcome::Recommendation(id), vec![]));
    }
    let reworded = fields.title != before.title || fields.text != before.text;
    still_open(state, decision, old, reworded)?;
    let wording = if reworded { old.wording.saturating_add(1) } else { old.wording };
    let new = Recommendation { wording, edited_at: Some(decision.at), ..old.clone().with(fields) };
    Ok((Outcome::Recommendation(id), vec![Change::Recommendation(new.into())]))
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
    if old.anchor == anchor {
        return Ok((Outcome::Recommendation(id), vec![]));
    }
    let new = Recommendation { anchor, edited_at: Some(decision.at), ..old.clone() };
    Ok((Outcome::Recommendation(id), vec![Change::Recommendation(new.into())]))
}

/// What is at the end of its path stays as it is; what was recorded keeps its words, unless the coordinator corrects
/// them.
fn still_open(
    state: &ReviewState,
    decision: Decision,
    it: &Recommendation,
    reworded: bool,
) -> Result<(), Refusal> {
    let (number, status) = (it.number, telling::status(it.status));
    match it.status {
        Status::Proposed | Status::UnderDiscussion => Ok(()),
        Status::Agreed | Status::NotAgreed if !reworded || decision.role == Role::Coordinator => Ok(()),
        Status::Agreed | Status::NotAgreed => Err(Refusal::forbidden(format!(
            "R{number} is recorded as {status}: only the coordinator changes its title and text now. Ask them."
        ))),
        Status::Merged => {
            let into = telling::other(state, it.merged_into);
            Err(Refusal::conflict(format!("R{number} was merged into {into}. Change {into} instead.")))
        }
        Status::Withdrawn => Err(Refusal::conflict(format!(
            "R{number} was withdrawn. Ask the coordinator to reopen its discussion before you change it."
        ))),
        Status::Published => Err(Refusal::conflict(format!(
            "R{number} is published and stays as it is. Report its progress instead."
        ))),
    }
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
