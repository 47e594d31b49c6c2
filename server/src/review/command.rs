//! What somebody asks of a report. `decide` says what comes of it.

use jiff::Timestamp;

use super::{
    fields::{Anchor, Code, Language, Link, Name, Text, Title},
    position::{ProgressState, Stance},
    proposal::{Fields, FieldsChange},
    recommendation::{CarriedFrom, Disposition},
    state::{Meeting, OrganizationKind, PositionKey, ProgressKey, Role, SectionKind, Stage, Template},
    term::Term,
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
    /// Take a step on a recommendation's path; `seen` is how many steps of it its author saw.
    TakeStep { recommendation: RecommendationId, seen: u32, step: NextStep, reason: Option<Text> },
    /// Say what an organization (one's own, when none is named) holds of a recommendation.
    TakePosition { recommendation: RecommendationId, organization: Option<OrganizationId>, taken: Taken },
    /// Say how far a published recommendation has got.
    ReportProgress {
        recommendation: RecommendationId,
        state: ProgressState,
        note: Option<Text>,
        link: Option<Link>,
    },
    /// Take over what an earlier report left to be done; what was taken over before is passed over.
    Carry { items: Vec<Carried> },
    /// Add to a reference list.
    AddTerm { term: Term },
    /// Name the head of a delegation, or that there is none.
    ChangeOrganization { organization: OrganizationId, head: Option<Option<ParticipantId>> },
    /// Change the report itself in what is given.
    ChangeReport { title: Option<Title>, public_names: Option<bool> },
    /// Set what the projector shows; `None` ends the meeting.
    ShowMeeting { meeting: Option<Meeting> },
}

/// The steps that people take on a recommendation's path.
#[derive(Clone, PartialEq, Debug)]
pub enum NextStep {
    /// Open its discussion.
    Discuss,
    /// Ask the organization that proposed it to accept how it is to be recorded.
    ProposeDisposition(Disposition),
    /// Accept that, for the organization.
    AcceptDisposition,
    /// Do not.
    DeclineDisposition,
    /// Record it.
    Decide(Disposition),
    /// Take it back.
    Withdraw,
    /// Open its discussion again.
    Reopen,
    /// Let another take it in.
    Merge {
        /// The other.
        into: RecommendationId,
    },
    /// Take a new one out of it.
    Split {
        /// The new one.
        recommendation: RecommendationId,
        /// Its title.
        title: Title,
        /// What should be done.
        text: Text,
    },
    /// Put it into the published register.
    Publish,
}

/// A position as an organization takes it.
#[derive(Clone, PartialEq, Debug)]
pub struct Taken {
    /// What it says.
    pub position: Stance,
    /// What would have to change; with `SupportWithChanges`, and only then.
    pub changes: Option<Text>,
    /// In its own words.
    pub statement: Option<Text>,
    /// It holds only if this other recommendation is agreed.
    pub condition: Option<RecommendationId>,
    /// The wording that its author saw; `None` is the wording as it is.
    pub wording: Option<u32>,
}

/// A recommendation of an earlier report that is taken over, told in words that mean the same on every report.
#[derive(Clone, PartialEq, Debug)]
pub struct Carried {
    /// The id it gets.
    pub recommendation: RecommendationId,
    /// What it was.
    pub from: CarriedFrom,
    /// Its fields; institutions by name.
    pub fields: Fields,
    /// What it names of the earlier report's additions to the reference lists.
    pub terms: Vec<Term>,
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
    /// A position.
    Position(PositionKey),
    /// A report of progress.
    Progress(ProgressKey),
    /// Recommendations that say where they were taken over from.
    Carried,
    /// The entry of a reference list that was given.
    Term,
}
