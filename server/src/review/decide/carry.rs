//! Taking over what an earlier report left to be done.

use std::collections::BTreeSet;

use super::{Decided, ID_TAKEN, lists, recommendations, within};
use crate::{
    ids::SectionId,
    limits,
    review::{
        Carried, CarriedFrom, Change, Decision, Dimension, FieldError, Fields, Institution, Outcome,
        Recommendation, Refusal, ReviewState, Section, SectionKind, Stage, Term, TermCode, TermList,
        reference,
    },
};

/// Puts recommendations of an earlier report forward anew; what was taken over before is passed over.
pub(super) fn take_over(state: &ReviewState, decision: Decision, items: Vec<Carried>) -> Decided {
    if items.len() > limits::CARRIED_MAX {
        let error = FieldError::TooMany { max: limits::CARRIED_MAX };
        return Err(Refusal::Field { field: "recommendations", error });
    }
    let told = |it: &CarriedFrom| (it.report, it.recommendation);
    let mut before: BTreeSet<_> =
        state.recommendations.values().filter_map(|it| it.carried_from.as_ref().map(told)).collect();
    let places = Places::of(state);
    let mut ids = BTreeSet::new();
    let mut terms = BTreeSet::new();
    let mut changes = vec![];
    for (item, number) in items
        .into_iter()
        .filter(|it| before.insert(told(&it.from)))
        .zip(recommendations::next_number(state)..)
    {
        recommendations::unused(state, item.recommendation)?;
        if !ids.insert(item.recommendation) {
            return Err(ID_TAKEN);
        }
        for term in item.terms.iter().filter(|it| !state.has_term(it.list, &it.code)) {
            if terms.insert((term.list, term.code.clone())) {
                changes.push(Change::Term(term.clone()));
            }
        }
        let section = places.of_dimension(item.fields.dimension)?;
        let fields = at_home(state, item.fields, &item.terms);
        let new = recommendations::newborn(item.recommendation, number, section, fields, decision);
        let new = Recommendation { carried_from: Some(item.from), ..new };
        changes.push(Change::Step(recommendations::first_step(&new, decision)));
        changes.push(Change::Recommendation(new.into()));
    }
    within(state.recommendations.len() + ids.len(), limits::RECORDS_MAX, "recommendations")?;
    within(state.steps.len() + ids.len(), limits::STEPS_MAX, "steps of recommendations")?;
    within(state.terms.len() + terms.len(), limits::TERMS_MAX, "additions to the reference lists")?;
    Ok((Outcome::Carried, changes))
}

/// Where recommendations that belonged to no section of this report go.
struct Places<'a> {
    /// The sections of the dimensions, in their order, where the report has one for each.
    dimensions: Vec<&'a Section>,
    /// The register, else any that is not locked.
    any: Option<SectionId>,
}

impl<'a> Places<'a> {
    fn of(state: &'a ReviewState) -> Self {
        let outline: Vec<&Section> = state.outline().into_iter().map(|it| it.0).collect();
        let of = |kind: SectionKind| outline.iter().copied().filter(move |it| it.kind == kind);
        let dimensions: Vec<_> = of(SectionKind::Dimension).collect();
        let mut candidates = of(SectionKind::Register).chain(outline.iter().copied());
        let any = candidates.find(|it| is_open(it)).map(|it| it.id);
        // With one too few or too many, nobody can say which belongs to which.
        let complete = dimensions.len() == reference().dimensions.len();
        Self { dimensions: if complete { dimensions } else { vec![] }, any }
    }

    fn of_dimension(&self, dimension: Option<Dimension>) -> Result<SectionId, Refusal> {
        let own = dimension.and_then(|it| self.dimensions.get(it as usize)).filter(|it| is_open(it));
        own.map(|it| it.id).or(self.any).ok_or_else(|| {
            Refusal::conflict(
                "This report has no section that takes recommendations. Add one, or open one again.",
            )
        })
    }
}

fn is_open(section: &Section) -> bool {
    section.stage != Stage::Locked
}

/// The fields as this report says them: institutions that are on it as its organizations, and no code that means
/// something else here.
fn at_home(state: &ReviewState, fields: Fields, terms: &[Term]) -> Fields {
    let known = |it: Institution| match it {
        Institution::Name(name) => match state.organization_named(name.as_str()) {
            Some(it) => Institution::Organization { organization: it.id },
            None => Institution::Name(name),
        },
        Institution::Organization { .. } => it,
    };
    let other = |list: TermList, code: &TermCode| {
        let here = state.terms.get(&(list, code.clone()));
        here.is_some_and(|here| !terms.contains(here))
    };
    let mut supporting_institutions = fields.supporting_institutions.into_iter().map(known).collect();
    lists::once(&mut supporting_institutions);
    Fields {
        themes: fields.themes.into_iter().filter(|it| !other(TermList::Themes, it)).collect(),
        sdg_targets: fields.sdg_targets.into_iter().filter(|it| !other(TermList::SdgTargets, it)).collect(),
        lead_institution: fields.lead_institution.map(known),
        supporting_institutions,
        ..fields
    }
}
