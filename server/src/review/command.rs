//! What somebody asks of a report. `decide` says what comes of it.

use jiff::Timestamp;

use super::{
    fields::{Anchor, Code, Language, Name, Text, Title},
    proposal::{Fields, FieldsChange},
    state::{OrganizationKind, Role, SectionKind, Stage, Template},
};
use crate::ids::{OrganizationId, ParticipantId, RecommendationId, ReplyId, ReportId, SectionId, ThreadId};

/// What somebody asks of a report. Ids of what is to be made are chosen before, so that a repeat is known.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "fields are named as those of the records they make or change")]
pub enum Command {
    /// Start the report; `sections` follow the template's own.
    Found {
        report: ReportId,
        title: Title,
        language: Language,
        template: Template,
        sections: Vec<(SectionId, Title, SectionKind)>,
    },
    /// Add a section after a sibling (or at the end).
    AddSection {
        section: SectionId,
        title: Title,
        kind: SectionKind,
        parent: Option<SectionId>,
        after: Option<SectionId>,
        language: Option<Language>,
    },
    /// Change what is given; the outer `Option` is "leave as it is".
    ChangeSection {
        section: SectionId,
        title: Option<Title>,
        stage: Option<Stage>,
        drafted_by: Option<Option<OrganizationId>>,
    },
    /// Move a section in the outline: behind the sibling `after`, or before all of its new siblings.
    MoveSection { section: SectionId, parent: Option<SectionId>, after: Option<SectionId> },
    /// Add an organization; without a code one is derived from its name. The hue is the least used.
    AddOrganization { organization: OrganizationId, name: Name, code: Option<Code>, kind: OrganizationKind },
    /// Add a person.
    AddParticipant { participant: ParticipantId, name: Name, organization: OrganizationId, role: Role },
    /// Change a person's name or role.
    ChangeParticipant { participant: ParticipantId, name: Option<Name>, role: Option<Role> },
    /// Take a person off the report; what they wrote stays.
    RemoveParticipant { participant: ParticipantId },
    /// A person signed in for the first time (a repeat changes nothing).
    NoteJoined { participant: ParticipantId },
    /// Comment on a passage or a whole section.
    OpenThread { thread: ThreadId, section: SectionId, anchor: Option<Anchor>, text: Text },
    /// Reply.
    Reply { reply: ReplyId, thread: ThreadId, text: Text },
    /// Change one's own comment.
    EditThread { thread: ThreadId, text: Text },
    /// Change one's own reply.
    EditReply { reply: ReplyId, text: Text },
    /// Settle a thread.
    Resolve { thread: ThreadId },
    /// Open it again.
    Reopen { thread: ThreadId },
    /// Give a thread new words to stand on.
    PlaceThread { thread: ThreadId, anchor: Anchor },
    /// Propose.
    Recommend { recommendation: RecommendationId, section: SectionId, anchor: Option<Anchor>, fields: Fields },
    /// Complete or correct; every field is as given.
    EditRecommendation { recommendation: RecommendationId, change: FieldsChange },
    /// Give a recommendation new words to stand on.
    PlaceRecommendation { recommendation: RecommendationId, anchor: Anchor },
}

/// Who asks, and when.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Decision {
    /// The author of the change.
    pub by: ParticipantId,
    /// Their role when the room decides (rights were checked by the caller; rules look at the author again).
    pub role: Role,
    /// When.
    pub at: Timestamp,
}

/// What an accepted command made or changed: the id tells which record to answer with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The report.
    Report(ReportId),
    /// A section.
    Section(SectionId),
    /// An organization.
    Organization(OrganizationId),
    /// A participant.
    Participant(ParticipantId),
    /// A thread.
    Thread(ThreadId),
    /// A reply.
    Reply(ReplyId),
    /// A recommendation.
    Recommendation(RecommendationId),
}
