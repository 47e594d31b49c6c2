//! What the sample is made of: one Markdown file for each section, and `review.json` for the people and what they said.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::review::{
    Code, Dimension, Disposition, EvidenceLink, GcmObjective, Language, Link, Name, OrganizationKind,
    Priority, ProgressState, Quote, Role, SectionKind, ShortField, Stage, Stance, TermCode, TermList, Text,
    Title,
};

/// The people of the sample, and what they do, as it stands in `review.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// The report's title.
    pub(super) title: Title,
    /// The language of the report.
    pub(super) language: Language,
    /// In the order in which they get their hues.
    pub(super) organizations: Vec<OrganizationEntry>,
    /// Each known by name in the rest of the script.
    pub(super) participants: Vec<ParticipantEntry>,
    /// In the order of the outline.
    pub(super) sections: Vec<SectionEntry>,
    /// In the order in which they are opened.
    pub(super) threads: Vec<ThreadEntry>,
    /// In the order of their numbers.
    pub(super) recommendations: Vec<RecommendationEntry>,
    /// What became of them, in order.
    pub(super) events: Vec<EventEntry>,
}

/// An organization, known by its code in the rest of the script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationEntry {
    pub(super) code: Code,
    pub(super) name: Name,
    pub(super) kind: OrganizationKind,
}

/// A person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParticipantEntry {
    pub(super) name: Name,
    /// The code of their organization.
    pub(super) organization: Code,
    pub(super) role: Role,
    /// Whether one of the sample's links signs in as this person.
    #[serde(default)]
    pub(super) link: bool,
}

/// A section; its text is the file of the same key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionEntry {
    pub(super) key: String,
    pub(super) kind: SectionKind,
    pub(super) stage: Stage,
    /// The code of the organization that drafts it.
    pub(super) drafted_by: Code,
    #[serde(default)]
    pub(super) language: Option<Language>,
}

/// A comment with its replies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThreadEntry {
    pub(super) section: String,
    /// Absent: the whole section.
    #[serde(default)]
    pub(super) quote: Option<Quote>,
    pub(super) author: Name,
    pub(super) text: Text,
    #[serde(default)]
    pub(super) replies: Vec<ReplyEntry>,
    /// Absent: still open.
    #[serde(default)]
    pub(super) resolved_by: Option<Name>,
}

/// A reply.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyEntry {
    pub(super) author: Name,
    pub(super) text: Text,
}

/// A recommendation; what is absent is still to be completed by the people of the consultation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecommendationEntry {
    pub(super) section: String,
    #[serde(default)]
    pub(super) quote: Option<Quote>,
    pub(super) author: Name,
    pub(super) title: Title,
    pub(super) text: Text,
    #[serde(default)]
    pub(super) rationale: Option<Text>,
    #[serde(default)]
    pub(super) dimension: Option<Dimension>,
    #[serde(default)]
    pub(super) themes: BTreeSet<TermCode>,
    #[serde(default)]
    pub(super) gcm_objectives: BTreeSet<GcmObjective>,
    #[serde(default)]
    pub(super) sdg_targets: BTreeSet<TermCode>,
    /// The code of an organization, or the name of any other.
    #[serde(default)]
    pub(super) lead_institution: Option<ShortField>,
    /// As the lead.
    #[serde(default)]
    pub(super) supporting_institutions: Vec<ShortField>,
    #[serde(default)]
    pub(super) timeframe: Option<ShortField>,
    #[serde(default)]
    pub(super) priority: Option<Priority>,
    #[serde(default)]
    pub(super) means_of_verification: Option<Text>,
    #[serde(default)]
    pub(super) evidence_links: Vec<EvidenceLink>,
}

/// Something that happened to a recommendation, which is known by its number (`on`). Where nobody is named, the
/// coordinator did it.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum EventEntry {
    /// A delegation named its head.
    Head { organization: Code, head: Name },
    /// A reference list was added to.
    Term { list: TermList, code: TermCode, title: Title, dimension: Option<Dimension> },
    /// Organizations took a position. Where nobody of one may, the coordinator recorded it.
    Position {
        on: u32,
        organizations: Vec<Code>,
        position: Stance,
        changes: Option<Text>,
        statement: Option<Text>,
        /// The number of another recommendation.
        condition: Option<u32>,
    },
    /// Its words or its themes were changed.
    Edit { on: u32, by: Name, text: Option<Text>, themes: Option<BTreeSet<TermCode>> },
    /// Its discussion was opened.
    Discuss { on: u32 },
    /// Its organization was asked to accept how it is recorded.
    Propose { on: u32, status: Disposition, reason: Option<Text> },
    /// It answered.
    Answer { on: u32, by: Name, accept: bool, reason: Option<Text> },
    /// It was recorded.
    Decide { on: u32, status: Disposition, reason: Option<Text> },
    /// It was taken back.
    Withdraw { on: u32, by: Name, reason: Text },
    /// It went into another.
    Merge { on: u32, into: u32, reason: Text },
    /// It was published.
    Publish { on: u32 },
    /// It has got further.
    Progress { on: u32, by: Name, state: ProgressState, note: Option<Text>, link: Option<Link> },
}

/// Reads the script.
pub(super) fn script() -> Result<Script, serde_json::Error> {
    serde_json::from_str(include_str!("../../sample/valdora/review.json"))
}

/// The Markdown of a section.
pub(super) fn text(key: &str) -> Option<&'static str> {
    TEXTS.iter().find(|it| it.0 == key).map(|it| it.1)
}

macro_rules! texts {
    ($($key:literal in $file:literal),+ $(,)?) => {
        [$(($key, include_str!(concat!("../../sample/valdora/", $file, ".md")))),+]
    };
}

/// Key and Markdown of each section.
pub(super) const TEXTS: [(&str, &str); 15] = texts![
    "foreword" in "01-foreword",
    "acknowledgements" in "02-acknowledgements",
    "acronyms" in "03-acronyms",
    "introduction" in "04-introduction",
    "conceptual-framework" in "05-conceptual-framework",
    "context" in "06-context",
    "key-findings" in "07-key-findings",
    "migrants-rights" in "08-migrants-rights",
    "whole-of-government" in "09-whole-of-government",
    "partnerships" in "10-partnerships",
    "well-being" in "11-well-being",
    "crises" in "12-crises",
    "safe-migration" in "13-safe-migration",
    "recommendations" in "14-recommendations",
    "main-sources" in "15-main-sources",
];
