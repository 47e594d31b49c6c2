//! The report and its sections.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::{Decided, ID_TAKEN, known, organization, room, wrong};
use crate::{
    ids::{OrganizationId, ReportId, SectionId},
    limits,
    review::{
        Change, Decision, Language, Outcome, Refusal, ReportInfo, ReviewState, Section, SectionKind, Stage,
        Template, Title,
        outline::{RANK_STEP, place},
    },
};

/// Starts the report with the template's sections, and those named after them.
pub(super) fn found(
    state: &ReviewState,
    decision: Decision,
    (id, title, language, template): (ReportId, Title, Language, Template),
    sections: Vec<(SectionId, Title, SectionKind)>,
) -> Decided {
    if state.report.is_some() {
        return Err(Refusal::conflict("This report exists already. Open it instead."));
    }
    let own = template.outline().iter().enumerate().map(|(place, (title, kind))| {
        let title = Title::try_from((*title).to_owned());
        let title = title.map_err(|error| Refusal::Field { field: "template", error })?;
        Ok((template_section(id, place), title, *kind))
    });
    let all: Vec<_> = own.chain(sections.into_iter().map(Ok)).collect::<Result<_, Refusal>>()?;
    if all.len() > limits::SECTIONS_MAX {
        return Err(Refusal::Full { what: "sections", max: limits::SECTIONS_MAX });
    }
    if all.iter().map(|it| it.0).collect::<BTreeSet<_>>().len() < all.len() {
        return Err(ID_TAKEN);
    }
    let report = ReportInfo {
        id,
        title,
        language,
        template,
        created_at: decision.at,
        public_names: false,
        meeting: None,
    };
    let sections = all.into_iter().enumerate().map(|(place, (id, title, kind))| {
        let rank = (place + 1) as f64 * RANK_STEP;
        let stage = Stage::Drafting;
        Change::Section(Section {
            id,
            title,
            kind,
            parent: None,
            rank,
            stage,
            language: None,
            drafted_by: None,
        })
    });
    Ok((Outcome::Report(id), std::iter::once(Change::Report(report)).chain(sections).collect()))
}

/// The id of a template's section: as far from any other as chance would put it, and the same each time it is asked.
fn template_section(report: ReportId, place: usize) -> SectionId {
    let mut hash = Sha256::new();
    hash.update(b"section of a template");
    hash.update(report.as_bytes());
    hash.update((place as u64).to_be_bytes());
    let mut id = [0; 16];
    id.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    SectionId::from_bytes(id)
}

/// A section to be added.
pub(super) struct Newcomer {
    pub(super) section: SectionId,
    pub(super) title: Title,
    pub(super) kind: SectionKind,
    pub(super) parent: Option<SectionId>,
    pub(super) language: Option<Language>,
}

/// Adds a section behind a sibling, or at the end.
pub(super) fn add(state: &ReviewState, new: Newcomer, after: Option<SectionId>) -> Decided {
    let Newcomer { section: id, title, kind, parent, language } = new;
    let outcome = Outcome::Section(id);
    if let Some(old) = state.sections.get(&id) {
        let same = old.title == title && old.kind == kind && old.parent == parent && old.language == language;
        return if same { Ok((outcome, vec![])) } else { Err(ID_TAKEN) };
    }
    room(&state.sections, limits::SECTIONS_MAX, "sections")?;
    fits(state, parent, 1)?;
    let siblings = state.siblings(parent);
    let at = after.map_or(Ok(siblings.len()), |after| behind(state, &siblings, after))?;
    let (rank, moved) = place(&siblings, at);
    let stage = Stage::Drafting;
    let section = Section { id, title, kind, parent, rank, stage, language, drafted_by: None };
    Ok((outcome, moved.into_iter().chain([section]).map(Change::Section).collect()))
}

/// Changes what is given.
pub(super) fn change(
    state: &ReviewState,
    id: SectionId,
    title: Option<Title>,
    stage: Option<Stage>,
    drafted_by: Option<Option<OrganizationId>>,
) -> Decided {
    let old = known(&state.sections, &id, "section")?;
    organization(state, drafted_by.flatten())?;
    let new = Section {
        title: title.unwrap_or_else(|| old.title.clone()),
        stage: stage.unwrap_or(old.stage),
        drafted_by: drafted_by.unwrap_or(old.drafted_by),
        ..old.clone()
    };
    let changes = if new == *old { vec![] } else { vec![Change::Section(new)] };
    Ok((Outcome::Section(id), changes))
}

/// Moves a section behind a sibling, or before all others in its new place.
pub(super) fn shift(
    state: &ReviewState,
    id: SectionId,
    parent: Option<SectionId>,
    after: Option<SectionId>,
) -> Decided {
    let old = known(&state.sections, &id, "section")?;
    if state.ancestry(parent).contains(&id) {
        return Err(wrong("parent", "must not be the section itself or one that stands in it"));
    }
    fits(state, parent, state.height(id))?;
    let siblings: Vec<_> = state.siblings(parent).into_iter().filter(|it| it.id != id).collect();
    let at = after.map_or(Ok(0), |after| behind(state, &siblings, after))?;
    let stands = state.siblings(parent).get(at).is_some_and(|it| it.id == id);
    if old.parent == parent && stands {
        return Ok((Outcome::Section(id), vec![]));
    }
    let (rank, moved) = place(&siblings, at);
    let section = Section { parent, rank, ..old.clone() };
    Ok((Outcome::Section(id), moved.into_iter().chain([section]).map(Change::Section).collect()))
}

/// The place behind a sibling.
fn behind(state: &ReviewState, siblings: &[&Section], after: SectionId) -> Result<usize, Refusal> {
    known(&state.sections, &after, "section")?;
    let place = siblings.iter().position(|it| it.id == after);
    place.map(|place| place + 1).ok_or_else(|| wrong("after", "must be another section with the same parent"))
}

/// The parent exists, and `levels` below it stay within the outline's depth.
fn fits(state: &ReviewState, parent: Option<SectionId>, levels: usize) -> Result<(), Refusal> {
    if let Some(parent) = parent {
        known(&state.sections, &parent, "section")?;
    }
    if state.ancestry(parent).len() + levels > limits::OUTLINE_DEPTH_MAX {
        return Err(wrong("parent", "must be higher up: an outline has at most 4 levels"));
    }
    Ok(())
}
