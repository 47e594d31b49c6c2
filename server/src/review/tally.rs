//! What follows from the positions and the path of a recommendation. Derived by whoever reads, and kept nowhere; the web
//! client derives the same (`tests/fixtures/tally.json` holds both together).

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    position::{Position, Stance},
    recommendation::{Recommendation, RecommendationStatus, Step, StepKind},
    state::ReviewState,
};
use crate::ids::RecommendationId;

/// What a position adds to the sums: itself, unless its condition says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Support.
    Support,
    /// Support with changes.
    SupportWithChanges,
    /// An objection.
    Object,
    /// An abstention.
    Abstain,
    /// No mandate.
    NoMandate,
    /// Nothing yet: its condition is not agreed or published.
    Waiting,
    /// Nothing: its condition was not agreed, or withdrawn.
    Lapsed,
}

impl From<Stance> for Counted {
    fn from(stance: Stance) -> Self {
        match stance {
            Stance::Support => Self::Support,
            Stance::SupportWithChanges => Self::SupportWithChanges,
            Stance::Object => Self::Object,
            Stance::Abstain => Self::Abstain,
            Stance::NoMandate => Self::NoMandate,
        }
    }
}

/// How many organizations hold what of a recommendation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// Supports.
    pub support: u32,
    /// Supports with changes.
    pub support_with_changes: u32,
    /// Objections.
    pub object: u32,
    /// Abstentions.
    pub abstain: u32,
    /// Without a mandate.
    pub no_mandate: u32,
    /// Their condition is not agreed or published yet.
    pub waiting: u32,
    /// Their condition was not agreed, or withdrawn.
    pub lapsed: u32,
    /// Of all these: taken on a wording that has changed too much since.
    pub to_be_renewed: u32,
}

impl Tally {
    /// Adds one position.
    fn add(&mut self, counted: Counted, to_be_renewed: bool) {
        *match counted {
            Counted::Support => &mut self.support,
            Counted::SupportWithChanges => &mut self.support_with_changes,
            Counted::Object => &mut self.object,
            Counted::Abstain => &mut self.abstain,
            Counted::NoMandate => &mut self.no_mandate,
            Counted::Waiting => &mut self.waiting,
            Counted::Lapsed => &mut self.lapsed,
        } += 1;
        self.to_be_renewed += u32::from(to_be_renewed);
    }
}

impl Recommendation {
    /// Whether a position was taken before it took in another, or another came out of it.
    pub const fn is_to_be_renewed(&self, position: &Position) -> bool {
        position.wording < self.renew_from
    }

    /// Whether a position was taken on another wording than this.
    pub const fn has_earlier_wording(&self, position: &Position) -> bool {
        position.wording < self.wording
    }
}

impl ReviewState {
    /// What a position counts as.
    pub fn counted(&self, position: &Position) -> Counted {
        let Some(condition) = position.condition else { return position.position.into() };
        let end = self.end_of_merges(condition);
        if end.is_some_and(|it| it.id == position.recommendation) {
            // Merged into it since: nothing is left to wait for.
            return position.position.into();
        }
        match end.map(|it| it.status) {
            Some(RecommendationStatus::Agreed | RecommendationStatus::Published) => position.position.into(),
            Some(RecommendationStatus::NotAgreed | RecommendationStatus::Withdrawn) => Counted::Lapsed,
            Some(
                RecommendationStatus::Proposed
                | RecommendationStatus::UnderDiscussion
                | RecommendationStatus::Merged,
            )
            | None => Counted::Waiting,
        }
    }

    /// The recommendation into which one went in the end: itself, unless it was merged. `None` where that leads round
    /// in a circle, or nowhere; the rules make no such record, but this must end whatever it reads.
    pub fn end_of_merges(&self, id: RecommendationId) -> Option<&Recommendation> {
        let mut passed = BTreeSet::new();
        let mut it = self.recommendations.get(&id)?;
        while it.status == RecommendationStatus::Merged {
            let new = passed.insert(it.id);
            it = it.merged_into.filter(|_| new).and_then(|next| self.recommendations.get(&next))?;
        }
        Some(it)
    }

    /// The sums of a recommendation.
    pub fn tally(&self, of: &Recommendation) -> Tally {
        let mut tally = Tally::default();
        for position in self.current_positions(of.id) {
            tally.add(self.counted(position), of.is_to_be_renewed(position));
        }
        tally
    }

    /// The proposal of how to record it that nobody has acted on yet, or the answer to it.
    pub fn open_disposition(&self, of: RecommendationId) -> Option<&Step> {
        self.last_step(of).filter(|it| match it.kind {
            StepKind::DispositionProposed | StepKind::DispositionAccepted | StepKind::DispositionDeclined => {
                true
            }
            StepKind::Proposed
            | StepKind::Discussion
            | StepKind::Decided
            | StepKind::Merged
            | StepKind::Gained
            | StepKind::Split
            | StepKind::Withdrawn
            | StepKind::Reopened
            | StepKind::Published => false,
        })
    }

    /// The objections that stand although it was decided.
    pub fn maintained_objections(&self, of: &Recommendation) -> Vec<&Position> {
        match of.status {
            RecommendationStatus::Agreed
            | RecommendationStatus::NotAgreed
            | RecommendationStatus::Published => {
                self.current_positions(of.id).filter(|it| self.counted(it) == Counted::Object).collect()
            }
            RecommendationStatus::Proposed
            | RecommendationStatus::UnderDiscussion
            | RecommendationStatus::Merged
            | RecommendationStatus::Withdrawn => vec![],
        }
    }
}
