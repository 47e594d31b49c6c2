//! What organizations hold of recommendations, and how far published ones have got.

use super::{Decided, delegation, known, within, wrong};
use crate::{
    ids::{OrganizationId, RecommendationId},
    limits,
    review::{
        Change, Decision, Institution, Link, Outcome, Position, Progress, ProgressState, Recommendation,
        RecommendationStatus as Status, Refusal, ReviewState, Role, Stance, Taken, Text, telling,
    },
};

/// Takes a position. It is added to those that the organization took before; an exact repeat of the last one by the
/// same person changes nothing.
pub(super) fn take(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    organization: Option<OrganizationId>,
    taken: Taken,
) -> Decided {
    let it = known(&state.recommendations, &id, "recommendation")?;
    let organization = organization.or_else(|| delegation::acts_for(state, decision.by));
    let organization =
        organization.ok_or_else(|| wrong("organization", "must be given: you act for none"))?;
    if !state.organizations.contains_key(&organization) {
        return Err(wrong("organization", "must be an organization of this report"));
    }
    let what = format!("take its position on R{}", it.number);
    let on_behalf = match delegation::speaks_for(state, decision.by, organization, &what) {
        Ok(()) => false,
        Err(_) if decision.role == Role::Coordinator => true,
        Err(refusal) => return Err(refusal),
    };
    let Taken { position, changes, statement, condition, wording } = taken;
    let last = state.position_of(id, organization);
    let new = Position {
        recommendation: id,
        organization,
        n: last.map_or(0, |it| it.n).saturating_add(1),
        position,
        changes,
        statement,
        condition,
        on_behalf,
        wording: wording.unwrap_or(it.wording),
        by: decision.by,
        at: decision.at,
    };
    if let Some(last) = last
        && (Position { n: last.n, at: last.at, ..new.clone() }) == *last
    {
        return Ok((Outcome::Position((id, organization, last.n)), vec![]));
    }
    still_asked(it)?;
    holds_together(state, it, &new)?;
    within(state.positions.len() + 1, limits::POSITIONS_MAX, "positions")?;
    Ok((Outcome::Position((id, organization, new.n)), vec![Change::Position(new)]))
}

/// Positions are taken while it is talked about.
fn still_asked(it: &Recommendation) -> Result<(), Refusal> {
    let recorded = match it.status {
        Status::Proposed | Status::UnderDiscussion => return Ok(()),
        Status::Agreed | Status::NotAgreed => "recorded as ",
        Status::Merged | Status::Withdrawn | Status::Published => "",
    };
    Err(Refusal::conflict(format!(
        "Positions are closed: R{} is {recorded}{}. Ask the coordinator if it has to be discussed again.",
        it.number,
        telling::status(it.status)
    )))
}

fn holds_together(state: &ReviewState, it: &Recommendation, new: &Position) -> Result<(), Refusal> {
    match (new.position, &new.changes) {
        (Stance::SupportWithChanges, None) => {
            return Err(wrong("changes", "must say what would have to change"));
        }
        (Stance::SupportWithChanges, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err(wrong("changes", "must be left out: only support with changes has them")),
    }
    match new.condition {
        Some(id) if id == it.id => return Err(wrong("condition", "must be another recommendation")),
        Some(id) if !state.recommendations.contains_key(&id) => {
            return Err(wrong("condition", "must be a recommendation of this report"));
        }
        Some(id) if state.end_of_merges(id).is_some_and(|end| end.id == it.id) => {
            return Err(wrong("condition", "must be another recommendation: this one was merged into it"));
        }
        _ => {}
    }
    if (1..=it.wording).contains(&new.wording) {
        Ok(())
    } else {
        Err(wrong("wording", "must be a wording that the recommendation has had"))
    }
}

/// Says how far a published recommendation has got: for the organization that leads it, or as the coordinator.
pub(super) fn report_progress(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    (progress, note, link): (ProgressState, Option<Text>, Option<Link>),
) -> Decided {
    let it = known(&state.recommendations, &id, "recommendation")?;
    if decision.role != Role::Coordinator {
        let what = format!("report the progress of R{}", it.number);
        match it.lead_institution {
            Some(Institution::Organization { organization }) => {
                delegation::speaks_for(state, decision.by, organization, &what)?;
            }
            _ => {
                return Err(Refusal::forbidden(format!(
                    "No organization of this report leads R{}, so only the coordinator can {what}. Tell them.",
                    it.number
                )));
            }
        }
    }
    if it.status != Status::Published {
        return Err(Refusal::conflict(format!(
            "R{} is {}. Progress is reported once it is published.",
            it.number,
            telling::status(it.status)
        )));
    }
    let last = state.progress_of(id).next_back();
    let n = last.map_or(0, |it| it.n).saturating_add(1);
    let new =
        Progress { recommendation: id, n, state: progress, note, link, by: decision.by, at: decision.at };
    if let Some(last) = last
        && (Progress { n: last.n, at: last.at, ..new.clone() }) == *last
    {
        return Ok((Outcome::Progress((id, last.n)), vec![]));
    }
    within(state.progress.len() + 1, limits::PROGRESS_MAX, "reports of progress")?;
    Ok((Outcome::Progress((id, n)), vec![Change::Progress(new)]))
}
