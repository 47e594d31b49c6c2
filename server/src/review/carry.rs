//! What a report leaves to be done, for a later one to take over.

use std::collections::BTreeSet;

use super::{
    command::Carried,
    fields::{FieldError, ShortField},
    position::ProgressState,
    proposal::Fields,
    recommendation::{CarriedFrom, Institution, Recommendation, RecommendationStatus},
    refusal::Refusal,
    state::ReviewState,
    term::{Term, TermList},
};
use crate::ids::RecommendationId;

impl ReviewState {
    /// Its recommendations that were agreed or published and are not done or dropped, by number; of these the `wanted`
    /// ones, when some are named; all these must be there. `id` makes the ids that they get.
    pub fn left_to_be_done(
        &self,
        wanted: Option<&BTreeSet<RecommendationId>>,
        mut id: impl FnMut() -> RecommendationId,
    ) -> Result<Vec<Carried>, Refusal> {
        if !wanted.into_iter().flatten().all(|id| self.recommendations.contains_key(id)) {
            let error = FieldError::Form("must be recommendations of the earlier report");
            return Err(Refusal::Field { field: "recommendations", error });
        }
        let Some(report) = self.report.as_ref().map(|it| it.id) else { return Ok(vec![]) };
        let all = self.recommendations.values();
        let mut left: Vec<_> =
            all.filter(|it| wanted.is_none_or(|ids| ids.contains(&it.id)) && self.is_left(it)).collect();
        left.sort_by_key(|it| it.number);
        let carried = left.into_iter().map(|it| Carried {
            recommendation: id(),
            from: CarriedFrom { report, recommendation: it.id, number: it.number },
            fields: self.abroad(it),
            terms: self.own_terms(it),
        });
        Ok(carried.collect())
    }

    fn is_left(&self, it: &Recommendation) -> bool {
        let stands = matches!(it.status, RecommendationStatus::Agreed | RecommendationStatus::Published);
        let over = |state| matches!(state, ProgressState::Done | ProgressState::Dropped);
        stands && !self.progress_of(it.id).next_back().is_some_and(|it| over(it.state))
    }

    /// The fields in words that mean the same on every report: institutions by name.
    fn abroad(&self, it: &Recommendation) -> Fields {
        let named = |it: Institution| match it {
            Institution::Organization { organization } => {
                let name = self.organizations.get(&organization)?.name.as_str().to_owned();
                ShortField::try_from(name).ok().map(Institution::Name)
            }
            Institution::Name(_) => Some(it),
        };
        let fields = Fields::of(it);
        Fields {
            lead_institution: fields.lead_institution.and_then(named),
            supporting_institutions: fields.supporting_institutions.into_iter().filter_map(named).collect(),
            ..fields
        }
    }

    fn own_terms(&self, it: &Recommendation) -> Vec<Term> {
        let themes = it.themes.iter().map(|code| (TermList::Themes, code.clone()));
        let targets = it.sdg_targets.iter().map(|code| (TermList::SdgTargets, code.clone()));
        themes.chain(targets).filter_map(|key| self.terms.get(&key).cloned()).collect()
    }
}
