//! What recommendations choose from lists, and what coordinators add to these.

use std::collections::BTreeSet;

use super::{Decided, room, wrong};
use crate::{
    limits,
    review::{
        Change, FieldError, Fields, Institution, Outcome, Refusal, ReviewState, Term, TermCode, TermList,
        reference,
    },
};

/// The fields with each supporting institution named once, or the refusal when a list is too long or names what the
/// report does not have.
pub(super) fn checked(state: &ReviewState, mut fields: Fields) -> Result<Fields, Refusal> {
    bounded("themes", fields.themes.len(), limits::THEMES_MAX)?;
    bounded("sdg_targets", fields.sdg_targets.len(), limits::SDG_TARGETS_MAX)?;
    bounded(
        "supporting_institutions",
        fields.supporting_institutions.len(),
        limits::SUPPORTING_INSTITUTIONS_MAX,
    )?;
    bounded("evidence_links", fields.evidence_links.len(), limits::EVIDENCE_LINKS_MAX)?;
    has_all(state, "themes", TermList::Themes, &fields.themes)?;
    has_all(state, "sdg_targets", TermList::SdgTargets, &fields.sdg_targets)?;
    once(&mut fields.supporting_institutions);
    on_report(state, "lead_institution", fields.lead_institution.as_ref())?;
    on_report(state, "supporting_institutions", &fields.supporting_institutions)?;
    Ok(fields)
}

/// Each institution named once, where it was named first.
pub(super) fn once(all: &mut Vec<Institution>) {
    let mut named = BTreeSet::new();
    all.retain(|it| named.insert(it.clone()));
}

fn bounded(field: &'static str, length: usize, max: usize) -> Result<(), Refusal> {
    if length <= max { Ok(()) } else { Err(Refusal::Field { field, error: FieldError::TooMany { max } }) }
}

fn has_all(
    state: &ReviewState,
    field: &'static str,
    list: TermList,
    codes: &BTreeSet<TermCode>,
) -> Result<(), Refusal> {
    if codes.iter().all(|code| state.has_term(list, code)) {
        return Ok(());
    }
    Err(wrong(field, "must be codes of the reference list, or of what the coordinator added to it"))
}

fn on_report<'a>(
    state: &ReviewState,
    field: &'static str,
    all: impl IntoIterator<Item = &'a Institution>,
) -> Result<(), Refusal> {
    let unknown = |it: &Institution| match it {
        Institution::Organization { organization } => !state.organizations.contains_key(organization),
        Institution::Name(_) => false,
    };
    if all.into_iter().any(unknown) {
        return Err(wrong(field, "must name organizations of this report; name any other by its name"));
    }
    Ok(())
}

/// Adds to a reference list. What is there stays: recommendations refer to it.
pub(super) fn add(state: &ReviewState, term: Term) -> Decided {
    if let Some(old) = state.terms.get(&(term.list, term.code.clone())) {
        let why = "This code is on the list already, with another title. Choose another code.";
        return if *old == term { Ok((Outcome::Term, vec![])) } else { Err(Refusal::conflict(why)) };
    }
    if reference().entry(term.list, &term.code).is_some() {
        return Err(Refusal::conflict("This code is on the reference list already. Choose another code."));
    }
    if term.list == TermList::SdgTargets && term.dimension.is_some() {
        return Err(wrong("dimension", "must be left out: only themes belong to one"));
    }
    room(&state.terms, limits::TERMS_MAX, "additions to the reference lists")?;
    Ok((Outcome::Term, vec![Change::Term(term)]))
}
