//! What records name by id or code, in words: institutions, entries of the reference lists, people.

use std::collections::BTreeMap;

use super::{
    Language,
    register::{Coded, RegisterInstitution, RegisterOrganization, RegisterPerson, RegisterSection},
    words,
};
use crate::{
    ids::{OrganizationId, ParticipantId, RecommendationId, SectionId},
    review::{
        Counted, Dimension, DimensionEntry, GcmObjective, Institution, Organization, Position,
        Recommendation, ReviewState, Role, TermCode, TermList, TermTitle, reference,
    },
};

/// A review state, read in one language.
pub(super) struct Naming<'a> {
    pub(super) state: &'a ReviewState,
    pub(super) language: Language,
    /// Printed numbers of the sections that have one.
    sections: BTreeMap<SectionId, String>,
}

impl<'a> Naming<'a> {
    pub(super) fn new(state: &'a ReviewState, language: Language) -> Self {
        let numbered = state.outline().into_iter().filter_map(|(it, number, _)| Some((it.id, number?)));
        Self { state, language, sections: numbered.collect() }
    }

    /// Those that `which` lets through, by number.
    pub(super) fn recommendations(&self, which: impl Fn(&Recommendation) -> bool) -> Vec<&'a Recommendation> {
        let mut all: Vec<_> = self.state.recommendations.values().filter(|it| which(it)).collect();
        all.sort_by_key(|it| (it.number, it.id));
        all
    }

    pub(super) fn number(&self, id: Option<RecommendationId>) -> Option<u32> {
        self.state.recommendations.get(&id?).map(|it| it.number)
    }

    pub(super) fn dimension(&self, it: Dimension) -> Coded {
        let entry = reference().dimensions.iter().find(|entry| entry.code == it);
        let title = entry.map_or("", |DimensionEntry { title, .. }| self.language.pick(&title.en, &title.ru));
        Coded { code: dimension_code(it).to_owned(), title: title.to_owned() }
    }

    /// An entry of a list; of one that nobody knows any more, its code alone.
    pub(super) fn term(&self, list: TermList, code: &TermCode) -> Coded {
        let shipped = reference().entry(list, code).map(|it| self.title(&it.title));
        let own = || self.state.terms.get(&(list, code.clone())).map(|it| it.title.as_str());
        let title = shipped.or_else(own).unwrap_or_default();
        Coded { code: code.as_str().to_owned(), title: title.to_owned() }
    }

    pub(super) fn objective(&self, it: GcmObjective) -> Coded {
        let entry = reference().gcm_objectives.iter().find(|entry| entry.number == it);
        let title = entry.map_or("", |it| self.title(&it.title));
        Coded { code: u8::from(it).to_string(), title: title.to_owned() }
    }

    fn title(&self, it: &'a TermTitle) -> &'a str {
        self.language.pick(&it.en, &it.ru)
    }

    pub(super) fn institution(&self, it: &Institution) -> RegisterInstitution {
        match it {
            Institution::Name(name) => {
                RegisterInstitution { name: name.as_str().to_owned(), organization: None }
            }
            Institution::Organization { organization } => RegisterInstitution {
                name: self.organization_name(*organization),
                organization: Some(*organization),
            },
        }
    }

    pub(super) fn organization_name(&self, id: OrganizationId) -> String {
        self.state.organizations.get(&id).map_or_else(String::new, |it| it.name.as_str().to_owned())
    }

    pub(super) fn organization(it: &Organization) -> RegisterOrganization {
        RegisterOrganization {
            id: it.id,
            name: it.name.as_str().to_owned(),
            code: it.code.as_str().to_owned(),
            kind: it.kind,
        }
    }

    pub(super) fn section(&self, id: SectionId) -> RegisterSection {
        let title = self.state.sections.get(&id).map_or("", |it| it.title.as_str()).to_owned();
        RegisterSection { id, number: self.sections.get(&id).cloned(), title }
    }

    /// Who somebody is, by name; who holds the admin token acts for nobody.
    pub(super) fn person(&self, id: ParticipantId) -> RegisterPerson {
        match self.state.participants.get(&id) {
            Some(it) => RegisterPerson {
                name: it.name.as_str().to_owned(),
                organization: Some(self.organization_name(it.organization)).filter(|name| !name.is_empty()),
            },
            None => RegisterPerson {
                name: self.language.say(words::ADMINISTRATOR).to_owned(),
                organization: None,
            },
        }
    }

    /// The positions that organizations have now with what they count as: in the order of `Counted`, then by name.
    pub(super) fn positions(&self, of: &Recommendation) -> Vec<(&'a Organization, &'a Position, Counted)> {
        let mut all: Vec<_> = self
            .state
            .current_positions(of.id)
            .filter_map(|it| {
                Some((self.state.organizations.get(&it.organization)?, it, self.state.counted(it)))
            })
            .collect();
        all.sort_by(|a, b| (a.2, a.0.name.as_str()).cmp(&(b.2, b.0.name.as_str())));
        all
    }

    /// The organizations that may take positions and have none: those with somebody on the report who drafts or
    /// reviews. One that only coordinates or observes is not waited for.
    pub(super) fn silent(&self, of: &Recommendation) -> Vec<&'a Organization> {
        let people = self.state.participants.values();
        let voices = people.filter(|it| matches!(it.role, Some(Role::Drafter | Role::Reviewer)));
        let mut silent: BTreeMap<(&str, OrganizationId), &Organization> = voices
            .filter_map(|it| self.state.organizations.get(&it.organization))
            .map(|it| ((it.name.as_str(), it.id), it))
            .collect();
        silent.retain(|(_, id), _| self.state.position_of(of.id, *id).is_none());
        silent.into_values().collect()
    }
}

/// `"1"` … `"6"`, as in records.
pub(super) const fn dimension_code(it: Dimension) -> &'static str {
    match it {
        Dimension::Rights => "1",
        Dimension::Government => "2",
        Dimension::Partnerships => "3",
        Dimension::WellBeing => "4",
        Dimension::Crises => "5",
        Dimension::SafeMigration => "6",
    }
}
