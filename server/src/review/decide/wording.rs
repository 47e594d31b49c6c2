//! The wording of a recommendation: what is noted of it in the record, and comments on it.

use super::{Decided, anchors, known, threads};
use crate::{
    ids::{RecommendationId, ThreadId},
    review::{
        Anchor, Change, Decision, Outcome, Recommendation, RecommendationStatus, Refusal, ReviewState, Text,
        Thread, Title,
    },
};

const MERGED: &str = "This recommendation was merged into another. Comment on that one instead.";
const WITHDRAWN: &str =
    "This recommendation was withdrawn and takes no comments. Ask the coordinator to reopen it.";
const PUBLISHED: &str = "This recommendation is published: its wording takes no comments any more.";

/// Puts title and text into the record as they were worded. Whoever wrote them might when they did, so this holds at
/// every status: the record follows the words, or there would be two truths.
pub(super) fn note(
    state: &ReviewState,
    decision: Decision,
    id: RecommendationId,
    title: Option<Title>,
    text: Option<Text>,
) -> Decided {
    let old = known(&state.recommendations, &id, "recommendation")?;
    let title = title.unwrap_or_else(|| old.title.clone());
    let text = text.unwrap_or_else(|| old.text.clone());
    let outcome = Outcome::Recommendation(id);
    if (&title, &text) == (&old.title, &old.text) {
        return Ok((outcome, vec![]));
    }
    let (wording, edited_at) = (old.wording.saturating_add(1), Some(decision.at));
    let new = Recommendation { title, text, wording, edited_at, ..old.clone() };
    Ok((outcome, vec![Change::Recommendation(Box::new(new))]))
}

/// Opens a thread on a passage or all of a wording.
pub(super) fn comment(
    state: &ReviewState,
    decision: Decision,
    (id, recommendation): (ThreadId, RecommendationId),
    anchor: Option<Anchor>,
    text: Text,
) -> Decided {
    let section = known(&state.recommendations, &recommendation, "recommendation")?.section;
    let anchor = anchor.map(anchors::checked).transpose()?;
    let new = threads::newborn(decision, id, section, anchor, text);
    threads::put_first(state, Thread { recommendation: Some(recommendation), ..new })
}

/// The wording still takes comments. Its section's stage says nothing of it: that is about the section's own text.
pub(super) fn takes_comments(state: &ReviewState, id: RecommendationId) -> Result<(), Refusal> {
    match known(&state.recommendations, &id, "recommendation")?.status {
        RecommendationStatus::Proposed
        | RecommendationStatus::UnderDiscussion
        | RecommendationStatus::Agreed
        | RecommendationStatus::NotAgreed => Ok(()),
        RecommendationStatus::Merged => Err(Refusal::forbidden(MERGED)),
        RecommendationStatus::Withdrawn => Err(Refusal::forbidden(WITHDRAWN)),
        RecommendationStatus::Published => Err(Refusal::forbidden(PUBLISHED)),
    }
}
