//! The wording of a recommendation: its title and text as a document that people write together.

use super::{
    change::Change,
    recommendation::{Recommendation, RecommendationStatus},
    state::{ReviewState, Standing},
};
use crate::ids::{DocumentName, OrganizationId, Part, WireName};

/// What decides who may write a recommendation's wording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordingStanding {
    /// Where the recommendation stands.
    pub status: RecommendationStatus,
    /// For whom its author acts; `None`: for nobody on the report, as the administrator.
    pub organization: Option<OrganizationId>,
}

impl ReviewState {
    /// The document that a name on the wire means: of a text, the section's or else the recommendation's.
    pub fn name(&self, wire: WireName) -> Option<DocumentName> {
        let part = match wire.text {
            None => Part::Review,
            Some(text) if self.sections.contains_key(&text.section()) => Part::Body(text.section()),
            Some(text) => {
                let recommendation = self.recommendations.get(&text.recommendation())?;
                Part::Wording(recommendation.id)
            }
        };
        Some(DocumentName { report: wire.report, part })
    }

    /// Whether a change, not yet applied, changes what decides rights.
    pub fn changes_standing(&self, change: &Change) -> bool {
        match change {
            Change::Section(new) => self.sections.get(&new.id).is_none_or(|old| old.stage != new.stage),
            Change::Participant(new) => {
                let old = self.participants.get(&new.id);
                old.is_none_or(|old| old.role != new.role || old.organization != new.organization)
            }
            Change::Recommendation(new) => {
                self.recommendations.get(&new.id).is_none_or(|old| old.status != new.status)
            }
            Change::Report(_)
            | Change::Organization(_)
            | Change::Thread(_)
            | Change::Reply(_)
            | Change::Step(_)
            | Change::Position(_)
            | Change::Term(_)
            | Change::Progress(_) => false,
        }
    }

    /// What decides who may write a recommendation's wording.
    fn wording(&self, of: &Recommendation) -> WordingStanding {
        let organization = self.participants.get(&of.author).map(|author| author.organization);
        WordingStanding { status: of.status, organization }
    }
}

impl Standing {
    /// What decides rights, as of a state.
    pub fn of(state: &ReviewState) -> Self {
        let people = state.participants.values();
        Self {
            roles: people.clone().filter_map(|it| Some((it.id, it.role?))).collect(),
            organizations: people.map(|it| (it.id, it.organization)).collect(),
            stages: state.sections.values().map(|it| (it.id, it.stage)).collect(),
            wordings: state.recommendations.values().map(|it| (it.id, state.wording(it))).collect(),
        }
    }

    /// Follows a change that `state` holds by now; of what did not change it touches nothing.
    pub fn apply(&mut self, state: &ReviewState, change: &Change) {
        match change {
            Change::Section(it) => {
                self.stages.insert(it.id, it.stage);
            }
            Change::Participant(it) => {
                match it.role {
                    Some(role) => self.roles.insert(it.id, role),
                    None => self.roles.remove(&it.id),
                };
                if self.organizations.insert(it.id, it.organization) != Some(it.organization) {
                    let own = state.recommendations.values().filter(|one| one.author == it.id);
                    self.wordings.extend(own.map(|one| (one.id, state.wording(one))));
                }
            }
            Change::Recommendation(it) => {
                self.wordings.insert(it.id, state.wording(it));
            }
            Change::Report(_)
            | Change::Organization(_)
            | Change::Thread(_)
            | Change::Reply(_)
            | Change::Step(_)
            | Change::Position(_)
            | Change::Term(_)
            | Change::Progress(_) => {}
        }
    }
}
