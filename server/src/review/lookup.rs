//! What belongs to a recommendation, found by typed keys: nothing here walks over other recommendations' records.

use super::{
    position::{Position, Progress},
    recommendation::Step,
    state::ReviewState,
};
use crate::ids::{OrganizationId, RecommendationId};

impl ReviewState {
    /// The path of a recommendation, first step first.
    pub fn path(&self, of: RecommendationId) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.of(of, ..)
    }

    /// The last step of its path; `None` for one of the first version, which had no path.
    pub fn last_step(&self, of: RecommendationId) -> Option<&Step> {
        self.path(of).next_back()
    }

    /// All positions on a recommendation: by organization, each with its trail, the oldest first.
    pub fn positions_on(&self, of: RecommendationId) -> impl DoubleEndedIterator<Item = &Position> {
        self.positions.of(of, ..)
    }

    /// The position that an organization has now.
    pub fn position_of(&self, of: RecommendationId, whose: OrganizationId) -> Option<&Position> {
        self.positions.of(of, (whose, 0)..=(whose, u32::MAX)).next_back()
    }

    /// The position that each organization has now.
    pub fn current_positions(&self, of: RecommendationId) -> impl Iterator<Item = &Position> {
        let mut all = self.positions_on(of).peekable();
        std::iter::from_fn(move || {
            let mut last = all.next()?;
            while let Some(newer) = all.next_if(|it| it.organization == last.organization) {
                last = newer;
            }
            Some(last)
        })
    }

    /// The reports of progress, oldest first; the last one counts.
    pub fn progress_of(&self, of: RecommendationId) -> impl DoubleEndedIterator<Item = &Progress> {
        self.progress.of(of, ..)
    }
}
