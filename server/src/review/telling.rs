//! What happened, told in the words of a refusal: who did what, and when.

use jiff::Timestamp;

use super::{
    recommendation::{RecommendationStatus, Step, StepKind},
    state::ReviewState,
};
use crate::ids::{OrganizationId, ParticipantId, RecommendationId};

/// "Anna Petrova (IOM)".
pub(super) fn who(state: &ReviewState, participant: ParticipantId) -> String {
    let Some(person) = state.participants.get(&participant) else { return "The administrator".to_owned() };
    match state.organizations.get(&person.organization) {
        Some(of) => format!("{} ({})", person.name.as_str(), of.code.as_str()),
        None => person.name.as_str().to_owned(),
    }
}

/// "Ministry of Labour (MOL)".
pub(super) fn whose(state: &ReviewState, organization: OrganizationId) -> String {
    let Some(it) = state.organizations.get(&organization) else { return "An organization".to_owned() };
    if it.name.as_str() == it.code.as_str() {
        return it.code.as_str().to_owned();
    }
    format!("{} ({})", it.name.as_str(), it.code.as_str())
}

/// "R7".
pub(super) fn which(state: &ReviewState, id: RecommendationId) -> String {
    state.recommendations.get(&id).map_or_else(|| "it".to_owned(), |it| format!("R{}", it.number))
}

/// "R7", the one into which another went or from which it came; "another one" where that is not known.
pub(super) fn other(state: &ReviewState, id: Option<RecommendationId>) -> String {
    id.map_or_else(|| "another one".to_owned(), |id| which(state, id))
}

/// "recorded R7 as agreed".
pub(super) fn deed(state: &ReviewState, step: &Step) -> String {
    let it = which(state, step.recommendation);
    let other = other(state, step.other);
    let as_ = status(step.status);
    match step.kind {
        StepKind::Proposed => format!("proposed {it}"),
        StepKind::Discussion => format!("opened the discussion of {it}"),
        StepKind::DispositionProposed => format!("proposed to record {it} as {as_}"),
        StepKind::DispositionAccepted => format!("accepted that {it} is recorded as {as_}"),
        StepKind::DispositionDeclined => format!("declined that {it} is recorded as {as_}"),
        StepKind::Decided => format!("recorded {it} as {as_}"),
        StepKind::Merged => format!("merged {it} into {other}"),
        StepKind::Gained => format!("merged {other} into {it}"),
        StepKind::Split => format!("split {other} from {it}"),
        StepKind::Withdrawn => format!("withdrew {it}"),
        StepKind::Reopened => format!("reopened the discussion of {it}"),
        StepKind::Published => format!("published {it}"),
    }
}

/// "at 14:03 UTC", with the date when it was another day.
pub(super) fn when(at: Timestamp, now: Timestamp) -> String {
    let day = |it: Timestamp| it.strftime("%F").to_string();
    let same_day = day(at) == day(now);
    let form = if same_day { "at %H:%M UTC" } else { "on %-d %B %Y at %H:%M UTC" };
    at.strftime(form).to_string()
}

/// A status in a sentence.
pub(super) const fn status(it: RecommendationStatus) -> &'static str {
    match it {
        RecommendationStatus::Proposed => "proposed",
        RecommendationStatus::UnderDiscussion => "under discussion",
        RecommendationStatus::Agreed => "agreed",
        RecommendationStatus::NotAgreed => "not agreed",
        RecommendationStatus::Merged => "merged",
        RecommendationStatus::Withdrawn => "withdrawn",
        RecommendationStatus::Published => "published",
    }
}
