//! The outline: the order of sections, their printed numbers, places for newcomers, and the outlines of templates.

use std::collections::BTreeMap;

use super::state::{ReviewState, Section, SectionKind, Template};
use crate::{ids::SectionId, limits};

/// Distance between the ranks of siblings that nobody moved.
pub(super) const RANK_STEP: f64 = 1024.0;
/// Siblings nearer than this are numbered anew before one more goes between them.
const RANK_GAP_MIN: f64 = 1e-6;

impl Template {
    /// The titles and kinds of the sections that a report of this template starts with, in order. In English: a
    /// coordinator renames what the report's language wants otherwise.
    pub const fn outline(self) -> &'static [(&'static str, SectionKind)] {
        use SectionKind::{Annex, Dimension, Front, Narrative, Register};
        match self {
            Self::Blank => &[],
            Self::Mgi => &[
                ("Foreword", Front),
                ("Acknowledgements", Front),
                ("Acronyms", Front),
                ("Introduction", Narrative),
                ("Conceptual framework", Narrative),
                ("Context: migration trends and policy", Narrative),
                ("Key findings", Narrative),
                ("Migrants' rights", Dimension),
                ("Whole-of-government approach", Dimension),
                ("Partnerships", Dimension),
                ("Well-being of migrants", Dimension),
                ("Mobility dimensions of crises", Dimension),
                ("Safe, orderly and regular migration", Dimension),
                ("Recommendations of the consultation", Register),
                ("Main sources", Annex),
            ],
        }
    }
}

impl ReviewState {
    /// All sections in the order of the outline, each with its printed number (`None` for front matter and what
    /// stands in it) and its depth (0 is the top level).
    pub fn outline(&self) -> Vec<(&Section, Option<String>, usize)> {
        let mut children: BTreeMap<Option<SectionId>, Vec<&Section>> = BTreeMap::new();
        for section in self.sections.values() {
            // A section whose parent is unknown stays visible, at the top.
            let parent = section.parent.filter(|parent| self.sections.contains_key(parent));
            children.entry(parent).or_default().push(section);
        }
        let mut outline = Vec::with_capacity(self.sections.len());
        let mut waiting = numbered(children.remove(&None), None, 0);
        while let Some((section, number, depth)) = waiting.pop() {
            waiting.extend(numbered(children.remove(&Some(section.id)), number.as_deref(), depth + 1));
            outline.push((section, number, depth));
        }
        outline
    }

    /// The sections that stand in `parent` (or at the top level), in order.
    pub(super) fn siblings(&self, parent: Option<SectionId>) -> Vec<&Section> {
        let mut siblings: Vec<_> = self.sections.values().filter(|it| it.parent == parent).collect();
        siblings.sort_by(|a, b| in_order(a, b));
        siblings
    }

    /// The section and all that it stands in, inmost first. Ends even if the parents went in a circle.
    pub(super) fn ancestry(&self, section: Option<SectionId>) -> Vec<SectionId> {
        let mut path = Vec::new();
        let mut next = section;
        while let Some(id) = next.filter(|id| !path.contains(id)) {
            path.push(id);
            next = self.sections.get(&id).and_then(|it| it.parent);
        }
        path
    }

    /// Levels that a section spans with what stands in it: 1 for a section without children.
    pub(super) fn height(&self, section: SectionId) -> usize {
        self.sections
            .keys()
            .filter_map(|id| self.ancestry(Some(*id)).iter().position(|it| *it == section))
            .max()
            .map_or(1, |below| below + 1)
    }
}

fn in_order(a: &Section, b: &Section) -> std::cmp::Ordering {
    a.rank.total_cmp(&b.rank).then(a.id.cmp(&b.id))
}

/// Siblings with their numbers and depth, last first, so that a stack gives them in order.
fn numbered<'a>(
    siblings: Option<Vec<&'a Section>>,
    parent: Option<&str>,
    depth: usize,
) -> Vec<(&'a Section, Option<String>, usize)> {
    let mut siblings = siblings.unwrap_or_default();
    siblings.sort_by(|a, b| in_order(a, b));
    let mut count = 0;
    let number = |section: &Section| {
        let counts = if depth == 0 { section.kind != SectionKind::Front } else { parent.is_some() };
        count += usize::from(counts);
        counts.then(|| parent.map_or(count.to_string(), |parent| format!("{parent}.{count}")))
    };
    let numbers: Vec<_> = siblings.iter().copied().map(number).collect();
    siblings.into_iter().zip(numbers).map(|(section, number)| (section, number, depth)).rev().collect()
}

/// The rank of a newcomer at place `at` among `siblings` (in order, the newcomer not among them), and those siblings
/// that had to be numbered anew because nothing fits between two of them any more.
pub(super) fn place(siblings: &[&Section], at: usize) -> (f64, Vec<Section>) {
    let at = at.min(siblings.len());
    let before = at.checked_sub(1).and_then(|before| siblings.get(before)).map(|it| it.rank);
    let after = siblings.get(at).map(|it| it.rank);
    let rank = match (before, after) {
        (None, None) => RANK_STEP,
        (Some(before), None) => before + RANK_STEP,
        (None, Some(after)) => after - RANK_STEP,
        (Some(before), Some(after)) => before + (after - before) / 2.0,
    };
    let fits = rank.is_finite()
        && before.is_none_or(|it| rank - it >= RANK_GAP_MIN)
        && after.is_none_or(|it| it - rank >= RANK_GAP_MIN);
    if fits {
        return (rank, Vec::new());
    }
    let rank_at = |place: usize| (place + 1) as f64 * RANK_STEP;
    let moved = siblings.iter().enumerate().map(|(place, it)| {
        let place = if place < at { place } else { place + 1 };
        Section { rank: rank_at(place), ..(*it).clone() }
    });
    let moved = moved.zip(siblings).filter(|(new, old)| new.rank != old.rank).map(|(new, _)| new).collect();
    (rank_at(at), moved)
}

const _: () = assert!(limits::OUTLINE_DEPTH_MAX == 4, "the refusal in `decide` names the depth");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Stage, Title};

    fn section(id: u8, parent: Option<u8>, rank: f64, kind: SectionKind) -> Section {
        Section {
            id: SectionId::from_bytes([id; 16]),
            title: Title::try_from(format!("Section {id}")).unwrap(),
            kind,
            parent: parent.map(|id| SectionId::from_bytes([id; 16])),
            rank,
            stage: Stage::Drafting,
            language: None,
            drafted_by: None,
        }
    }

    fn state(sections: impl IntoIterator<Item = Section>) -> ReviewState {
        ReviewState { sections: sections.into_iter().map(|it| (it.id, it)).collect(), ..Default::default() }
    }

    #[test]
    fn numbers_run_over_what_is_not_front_matter_and_children_follow_their_parent() {
        use SectionKind::{Dimension, Front, Narrative};
        let state = state([
            section(1, None, 1.0, Front),
            section(2, Some(1), 1.0, Narrative),
            section(3, None, 3.0, Narrative),
            section(4, None, 2.0, Dimension),
            section(5, Some(4), 7.0, Narrative),
            section(6, Some(4), 7.0, Narrative),
            section(7, Some(6), 1.0, Narrative),
            section(8, Some(99), 9.0, Narrative),
        ]);
        let outline: Vec<_> = state
            .outline()
            .into_iter()
            .map(|(it, number, depth)| (it.id.as_bytes()[0], number.unwrap_or_default(), depth))
            .collect();
        let wanted = [(1, "", 0), (2, "", 1), (4, "1", 0), (5, "1.1", 1), (6, "1.2", 1), (7, "1.2.1", 2)];
        let wanted = wanted.into_iter().chain([(3, "2", 0), (8, "3", 0)]);
        assert_eq!(
            outline,
            wanted.map(|(id, number, depth)| (id, number.to_owned(), depth)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn parents_that_go_in_a_circle_end_no_walk_in_a_loop() {
        let state = state([
            section(1, Some(2), 1.0, SectionKind::Narrative),
            section(2, Some(1), 1.0, SectionKind::Narrative),
        ]);
        let first = SectionId::from_bytes([1; 16]);
        assert_eq!(state.outline(), []);
        assert_eq!(state.ancestry(Some(first)).len(), 2);
        assert_eq!(state.height(first), 2);
    }

    #[test]
    fn siblings_are_numbered_anew_when_nothing_fits_between_them() {
        let a = section(1, None, 1.0, SectionKind::Narrative);
        let b = section(2, None, 1.0 + 1e-7, SectionKind::Narrative);
        let (rank, moved) = place(&[&a, &b], 1);
        assert_eq!(rank, 2.0 * RANK_STEP);
        assert_eq!(moved.iter().map(|it| it.rank).collect::<Vec<_>>(), [RANK_STEP, 3.0 * RANK_STEP]);
        assert_eq!(place(&[&a], 0), (1.0 - RANK_STEP, vec![]));
        assert_eq!(place(&[&a], 1), (1.0 + RANK_STEP, vec![]));
        assert_eq!(place(&[], 7), (RANK_STEP, vec![]));
    }

    #[test]
    fn the_outline_of_an_mgi_report_has_its_six_dimensions() {
        let dimensions = Template::Mgi.outline().iter().filter(|it| it.1 == SectionKind::Dimension).count();
        assert_eq!((Template::Mgi.outline().len(), dimensions), (15, 6));
        assert!(Template::Mgi.outline().iter().all(|it| Title::try_from(it.0.to_owned()).is_ok()));
    }
}
