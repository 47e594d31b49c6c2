//! A report's review state: what the review document holds, as typed records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields::{Anchor, Code, Language, Name, TermCode, Text, Title},
    position::{Position, Progress},
    recommendation::{Recommendation, Step},
    term::{Term, TermList},
    trails::Trails,
    wording::WordingStanding,
};
use crate::ids::{OrganizationId, ParticipantId, RecommendationId, ReplyId, ReportId, SectionId, ThreadId};

/// What a person on a report is there to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets up the review and must answer every comment; may do everything.
    Coordinator,
    /// Writes the sections.
    Drafter,
    /// Comments and recommends.
    Reviewer,
    /// Reads.
    Observer,
}

/// A section's place on its way to agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Drafters write.
    Drafting,
    /// Drafters write, reviewers comment.
    InReview,
    /// Only the coordinator edits.
    Agreed,
    /// Nobody edits or comments.
    Locked,
}

/// What a section is in the outline of the report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Foreword, acknowledgements, acronyms: not numbered.
    Front,
    /// Running text.
    Narrative,
    /// One of the six MGI dimensions.
    Dimension,
    /// The recommendations of the consultation.
    Register,
    /// Sources and annexes.
    Annex,
}

/// Whom participants act for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationKind {
    /// Ministries and agencies of the State.
    Government,
    /// United Nations system, IOM included.
    UnSystem,
    /// Non-governmental organizations and associations.
    CivilSociety,
    /// Universities and research.
    Academia,
    /// Employers, banks, recruiters.
    PrivateSector,
    /// Cities and regions.
    LocalAuthority,
    /// Anyone else.
    Other,
}

/// The outline that a report starts with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// The outline of a Migration Governance Indicators report.
    Mgi,
    /// No sections but those named.
    Blank,
}

/// The six dimensions of the MGI framework, written `"1"` … `"6"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
pub enum Dimension {
    /// Migrants' rights.
    #[serde(rename = "1")]
    Rights,
    /// Whole-of-government approach.
    #[serde(rename = "2")]
    Government,
    /// Partnerships.
    #[serde(rename = "3")]
    Partnerships,
    /// Well-being of migrants.
    #[serde(rename = "4")]
    WellBeing,
    /// Mobility dimensions of crises.
    #[serde(rename = "5")]
    Crises,
    /// Safe, orderly and regular migration.
    #[serde(rename = "6")]
    SafeMigration,
}

/// How urgent a recommendation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// First.
    High,
    /// Then.
    Medium,
    /// When possible.
    Low,
}

/// Whether a thread still waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreadState {
    /// Waits.
    Open,
    /// Settled; may be reopened.
    Resolved,
}

/// The report itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReportInfo {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ReportId,
    /// Its title.
    #[schema(value_type = String)]
    pub title: Title,
    /// The language of its text.
    #[schema(value_type = String)]
    pub language: Language,
    /// The outline it started with.
    pub template: Template,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Whether the public page shows who proposed.
    #[serde(default)]
    pub public_names: bool,
    /// What the projector shows; `None` outside of meetings.
    #[serde(default)]
    pub meeting: Option<Meeting>,
}

/// What the projector of a meeting shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Meeting {
    /// The recommendation on the table.
    #[schema(value_type = Option<String>)]
    pub recommendation: Option<RecommendationId>,
    /// The clock of a speaker or an item.
    pub clock: Option<MeetingClock>,
    /// Whether the screen shows what changed in the wording.
    pub wording: bool,
}

/// A clock that runs down.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MeetingClock {
    /// When it is over, if it runs.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// What was left when it was stopped; `None` while it runs.
    pub paused_seconds: Option<u32>,
}

/// A part of the report with a body of its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SectionId,
    /// Its title.
    #[schema(value_type = String)]
    pub title: Title,
    /// What it is in the outline.
    pub kind: SectionKind,
    /// The section it stands in.
    #[schema(value_type = Option<String>)]
    pub parent: Option<SectionId>,
    /// Its place among its siblings.
    pub rank: f64,
    /// Its stage.
    pub stage: Stage,
    /// The language of its text, when it is not the report's.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// The organization that drafts it.
    #[schema(value_type = Option<String>)]
    pub drafted_by: Option<OrganizationId>,
}

/// Whom participants act for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrganizationId,
    /// Its full name.
    #[schema(value_type = String)]
    pub name: Name,
    /// Its short code, as on its plate.
    #[schema(value_type = String)]
    pub code: Code,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its colour and line, 1 to 8.
    pub hue: u8,
    /// The head of its delegation, who alone takes its positions and answers for it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub head: Option<ParticipantId>,
}

/// A person on the report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    /// Their id.
    #[schema(value_type = String)]
    pub id: ParticipantId,
    /// Their name, as others see it.
    #[schema(value_type = String)]
    pub name: Name,
    /// Whom they act for.
    #[schema(value_type = String)]
    pub organization: OrganizationId,
    /// Their role; `None` once they were removed (what they wrote keeps their name).
    pub role: Option<Role>,
    /// When they first signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub joined_at: Option<Timestamp>,
}

/// A comment on a passage or a whole section.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ThreadId,
    /// The section it is about.
    #[schema(value_type = String)]
    pub section: SectionId,
    /// The recommendation whose wording it is about; `section` is that recommendation's then.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub recommendation: Option<RecommendationId>,
    /// The passage; `None` is the whole section, or the whole wording.
    pub anchor: Option<Anchor>,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub author: ParticipantId,
    /// The comment.
    #[schema(value_type = String)]
    pub text: Text,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its author last changed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    /// Open or resolved.
    pub state: ThreadState,
    /// Who resolved it.
    #[schema(value_type = Option<String>)]
    pub resolved_by: Option<ParticipantId>,
    /// When it was resolved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
}

/// A reply in a thread.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Reply {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ReplyId,
    /// The thread.
    #[schema(value_type = String)]
    pub thread: ThreadId,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub author: ParticipantId,
    /// The reply.
    #[schema(value_type = String)]
    pub text: Text,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its author last changed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
}

/// Everything the review document of one report holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReviewState {
    /// The report; `None` until it is founded.
    pub report: Option<ReportInfo>,
    /// Its sections.
    pub sections: BTreeMap<SectionId, Section>,
    /// Its organizations.
    pub organizations: BTreeMap<OrganizationId, Organization>,
    /// Its participants, those removed included.
    pub participants: BTreeMap<ParticipantId, Participant>,
    /// Its threads.
    pub threads: BTreeMap<ThreadId, Thread>,
    /// Their replies.
    pub replies: BTreeMap<ReplyId, Reply>,
    /// Its recommendations.
    pub recommendations: BTreeMap<RecommendationId, Recommendation>,
    /// The steps of their paths, by number.
    pub steps: Trails<u32, Step>,
    /// What organizations say to them, by organization and which of its positions.
    pub positions: Trails<(OrganizationId, u32), Position>,
    /// What was added to the reference lists.
    pub terms: BTreeMap<TermKey, Term>,
    /// How far published ones have got.
    pub progress: Trails<u32, Progress>,
}

/// A recommendation, an organization, and which of its positions.
pub type PositionKey = (RecommendationId, OrganizationId, u32);
/// A list, and the code in it.
pub type TermKey = (TermList, TermCode);
/// A recommendation, and which report of its progress.
pub type ProgressKey = (RecommendationId, u32);

/// The part of the review state that decides what people may do; rooms of bodies watch it. `Eq`, so that two pointers to
/// one are equal at a glance.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Each participant's role; removed ones are not listed.
    pub roles: BTreeMap<ParticipantId, Role>,
    /// Whom each participant acts for, those removed included.
    pub organizations: BTreeMap<ParticipantId, OrganizationId>,
    /// Each section's stage.
    pub stages: BTreeMap<SectionId, Stage>,
    /// Of each recommendation, what decides who words it.
    pub wordings: BTreeMap<RecommendationId, WordingStanding>,
}
