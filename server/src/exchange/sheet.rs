//! The register as sheets of cells: what spreadsheet and text have in common.

use jiff::Timestamp;

use super::{
    Language, Register, RegisterEntry,
    register::{Coded, RegisterInstitution, RegisterPerson},
    words::{self, Phrase},
};

/// One cell.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(u32),
    Time(Timestamp),
}

/// A column: its header, and its width in characters.
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) width: u8,
}

/// A sheet with a header; each row has a cell for each column.
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// How a column is filled from `T`.
struct Filled<T: ?Sized> {
    title: Phrase,
    width: u8,
    cell: fn(&T, Language) -> Cell,
}

fn sheet<'a, T: 'a>(
    name: Phrase,
    columns: &[Filled<T>],
    language: Language,
    rows: impl Iterator<Item = T>,
) -> Sheet {
    Sheet {
        name: language.say(name),
        columns: columns.iter().map(|it| Column { title: language.say(it.title), width: it.width }).collect(),
        rows: rows.map(|row| columns.iter().map(|it| (it.cell)(&row, language)).collect()).collect(),
    }
}

const fn column<T>(title: Phrase, width: u8, cell: fn(&T, Language) -> Cell) -> Filled<T> {
    Filled { title, width, cell }
}

/// One row a recommendation.
pub(super) fn register(of: &Register) -> Sheet {
    let columns: [Filled<&RegisterEntry>; 38] = [
        column(words::NUMBER, 6, |it, _| Cell::Number(it.number)),
        column(words::RECOMMENDATION, 40, |it, _| text(&it.title)),
        column(words::TEXT, 60, |it, _| text(&it.text)),
        column(words::STATUS, 18, |it, l| text(l.status(it.status))),
        column(words::DIMENSION, 26, |it, _| {
            it.dimension.as_ref().map_or(Cell::Empty, |it| text(&coded(it)))
        }),
        column(words::THEMES, 30, |it, _| list(it.themes.iter().map(coded))),
        column(words::GCM, 30, |it, _| list(it.gcm_objectives.iter().map(coded))),
        column(words::SDG, 30, |it, _| list(it.sdg_targets.iter().map(coded))),
        column(words::LEAD, 28, |it, _| maybe(it.lead_institution.as_ref().map(|it| it.name.as_str()))),
        column(words::SUPPORTING, 28, |it, _| list(it.supporting_institutions.iter().map(name))),
        column(words::BY_WHEN, 16, |it, _| maybe(it.timeframe.as_deref())),
        column(words::PRIORITY, 10, |it, l| maybe(it.priority.map(|it| l.priority(it)))),
        column(words::RATIONALE, 40, |it, _| maybe(it.rationale.as_deref())),
        column(words::VERIFICATION, 30, |it, _| maybe(it.means_of_verification.as_deref())),
        column(words::EVIDENCE, 40, evidence),
        column(words::SUPPORT, 10, |it, _| Cell::Number(it.sums.support)),
        column(words::WITH_CHANGES, 12, |it, _| Cell::Number(it.sums.support_with_changes)),
        column(words::OBJECT, 10, |it, _| Cell::Number(it.sums.object)),
        column(words::ABSTAIN, 10, |it, _| Cell::Number(it.sums.abstain)),
        column(words::NO_MANDATE, 10, |it, _| Cell::Number(it.sums.no_mandate)),
        column(words::WAITING, 12, |it, _| Cell::Number(it.sums.waiting)),
        column(words::LAPSED, 10, |it, _| Cell::Number(it.sums.lapsed)),
        column(words::NO_POSITION, 12, |it, _| Cell::Number(it.no_position)),
        column(words::TO_BE_RENEWED, 12, |it, _| Cell::Number(it.sums.to_be_renewed)),
        column(words::OBJECTIONS, 30, |it, _| {
            list(it.maintained_objections.iter().map(|it| it.name.clone()))
        }),
        column(words::SECTION, 26, section),
        column(words::PROPOSED_BY, 22, |it, _| text(&it.proposed_by.name)),
        column(words::ORGANIZATION, 26, |it, _| maybe(it.proposed_by.organization.as_deref())),
        column(words::PROPOSED_AT, 17, |it, _| Cell::Time(it.created_at)),
        column(words::CHANGED_AT, 17, |it, _| it.edited_at.map_or(Cell::Empty, Cell::Time)),
        column(words::WORDING, 9, |it, _| Cell::Number(it.wording)),
        column(words::MERGED_INTO, 10, |it, _| number(it.merged_into)),
        column(words::SPLIT_FROM, 10, |it, _| number(it.split_from)),
        column(words::CARRIED_FROM, 12, |it, _| number(it.carried_from.map(|it| it.number))),
        column(words::PROGRESS, 14, |it, l| maybe(it.progress.last().map(|it| l.progress(it.state)))),
        column(words::PROGRESS_NOTE, 36, |it, _| maybe(it.progress.last().and_then(|it| it.note.as_deref()))),
        column(words::PROGRESS_LINK, 30, |it, _| maybe(it.progress.last().and_then(|it| it.link.as_deref()))),
        column(words::PROGRESS_AT, 17, |it, _| {
            it.progress.last().map_or(Cell::Empty, |it| Cell::Time(it.at))
        }),
    ];
    sheet(words::REGISTER, &columns, of.language, of.recommendations.iter())
}

/// One row a position that an organization has now.
pub(super) fn positions(of: &Register) -> Sheet {
    type Row<'a> = (&'a RegisterEntry, &'a super::RegisterPosition);
    let columns: [Filled<Row<'_>>; 15] = [
        column(words::NUMBER, 6, |(of, _), _| Cell::Number(of.number)),
        column(words::RECOMMENDATION, 40, |(of, _), _| text(&of.title)),
        column(words::ORGANIZATION, 30, |(_, it), _| text(&it.organization.name)),
        column(words::CODE, 10, |(_, it), _| text(&it.organization.code)),
        column(words::KIND, 18, |(_, it), l| text(l.kind(it.organization.kind))),
        column(words::POSITION, 20, |(_, it), l| text(l.stance(it.position))),
        column(words::COUNTED, 20, |(_, it), l| text(l.counted(it.counted))),
        column(words::CHANGES, 40, |(_, it), _| maybe(it.changes.as_deref())),
        column(words::STATEMENT, 40, |(_, it), _| maybe(it.statement.as_deref())),
        column(words::CONDITION, 12, |(_, it), _| number(it.condition)),
        column(words::ON_BEHALF, 12, |(_, it), l| text(l.yes(it.on_behalf))),
        column(words::WORDING, 9, |(_, it), _| Cell::Number(it.wording)),
        column(words::RENEW, 12, |(_, it), l| text(l.yes(it.to_be_renewed))),
        column(words::TAKEN_BY, 26, |(_, it), _| person(&it.by)),
        column(words::AT, 17, |(_, it), _| Cell::Time(it.at)),
    ];
    let rows = of.recommendations.iter().flat_map(|entry| entry.positions.iter().map(move |it| (entry, it)));
    sheet(words::POSITIONS, &columns, of.language, rows)
}

/// One row a step.
pub(super) fn path(of: &Register) -> Sheet {
    type Row<'a> = (&'a RegisterEntry, &'a super::RegisterStep);
    let columns: [Filled<Row<'_>>; 9] = [
        column(words::NUMBER, 6, |(of, _), _| Cell::Number(of.number)),
        column(words::RECOMMENDATION, 40, |(of, _), _| text(&of.title)),
        column(words::STEP, 6, |(_, it), _| Cell::Number(it.n)),
        column(words::WHAT, 26, |(_, it), l| text(l.step(it.kind))),
        column(words::STATUS, 18, |(_, it), l| text(l.status(it.status))),
        column(words::REASON, 50, |(_, it), _| maybe(it.reason.as_deref())),
        column(words::OTHER, 12, |(_, it), _| number(it.other)),
        column(words::TAKEN_BY, 30, |(_, it), _| person(&it.by)),
        column(words::AT, 17, |(_, it), _| Cell::Time(it.at)),
    ];
    let rows = of.recommendations.iter().flat_map(|entry| entry.steps.iter().map(move |it| (entry, it)));
    sheet(words::PATH, &columns, of.language, rows)
}

fn text(it: &str) -> Cell {
    Cell::Text(it.to_owned())
}
fn maybe(it: Option<&str>) -> Cell {
    it.map_or(Cell::Empty, text)
}
fn number(it: Option<u32>) -> Cell {
    it.map_or(Cell::Empty, Cell::Number)
}
fn list(all: impl Iterator<Item = String>) -> Cell {
    let joined = all.collect::<Vec<_>>().join("; ");
    if joined.is_empty() { Cell::Empty } else { Cell::Text(joined) }
}
fn coded(it: &Coded) -> String {
    if it.title.is_empty() { it.code.clone() } else { format!("{} {}", it.code, it.title) }
}
fn name(it: &RegisterInstitution) -> String {
    it.name.clone()
}
fn person(it: &RegisterPerson) -> Cell {
    match &it.organization {
        Some(organization) => Cell::Text(format!("{} ({organization})", it.name)),
        None => text(&it.name),
    }
}
fn section(it: &&RegisterEntry, _: Language) -> Cell {
    let title = it.section.title.as_str();
    Cell::Text(
        it.section.number.as_ref().map_or_else(|| title.to_owned(), |number| format!("{number} {title}")),
    )
}
fn evidence(it: &&RegisterEntry, language: Language) -> Cell {
    let missing = language.say(words::NO_SOURCE);
    list(it.evidence_links.iter().map(|it| {
        format!("{} ({})", it.claim.as_str(), it.source.as_ref().map_or(missing, |source| source.as_str()))
    }))
}
