//! Rights as values: made here only, and demanded by what acts on them.

use crate::{
    ids::{DocumentName, Part, ParticipantId, RecommendationId, ReportId, SectionId},
    review::{
        Command, FieldsChange, NextStep, RecommendationStatus as Status, Role, Stage, Standing, Text, Title,
    },
};

#[cfg(test)]
mod tests;

/// One may see it, but not do this. The text says what to do instead.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Denied(pub &'static str);

const COORDINATORS_ONLY: Denied =
    Denied("Only the coordinator can do this. Ask the coordinator of the report.");
const PATH_OF_COORDINATORS: Denied = Denied(
    "Only the coordinator moves a recommendation along its path. Take your organization's position on it, or comment.",
);
const BOTH_COORDINATED: Denied =
    Denied("Only who coordinates both reports can take recommendations over from one to the other.");
const READS_ONLY: Denied =
    Denied("You can read this report. Ask the coordinator if you want to comment or recommend.");
const OWN_NAME_ONLY: Denied = Denied(
    "You can change your own name only. Ask the coordinator to change somebody else's name, or a role.",
);
const FOUNDED_BY_ADMINISTRATOR: Denied =
    Denied("Only whoever holds the server's admin token can start a report. Ask who runs this server.");
const SERVER_WRITES: Denied =
    Denied("Only the server writes the review document. Send a comment or a recommendation instead.");
const GONE: Denied = Denied("You are no longer on this report. Ask the coordinator for a new invitation.");
const NOT_HERE: Denied =
    Denied("This section is not in the report. Open the report again to see its outline.");
const LOCKED: Denied = Denied("This section is locked: nobody edits. Ask the coordinator to open it again.");
const LOCKED_BY_YOU: Denied =
    Denied("This section is locked: nobody edits. Move it back to another stage before you write.");
const AGREED: Denied =
    Denied("This section is agreed: only the coordinator edits. Comment on what should still change.");
const DRAFTERS_WRITE: Denied =
    Denied("You can read this section and comment on it. Only drafters write here.");
const ONLY_READ: Denied = Denied("You can read this section. Only drafters write here.");

const NO_SUCH_WORDING: Denied =
    Denied("This recommendation is not in the report. Open the register again to see those that are.");
const OTHERS_WORD: Denied = Denied(
    "You can read this wording and comment on it. Drafters, the coordinator and the organization that proposed it write here.",
);
const ONLY_READ_WORDING: Denied =
    Denied("You can read this wording. Ask the coordinator if you want to comment or write.");
const DECIDED: Denied = Denied(
    "This recommendation is decided: only the coordinator changes its wording. Comment on what should still change.",
);
const MERGED: Denied =
    Denied("This recommendation was merged into another: nobody writes here. Write in the other one.");
const WITHDRAWN: Denied =
    Denied("This recommendation was withdrawn: nobody writes here. Ask the coordinator to reopen it.");
const PUBLISHED: Denied = Denied("This recommendation is published: its wording stays as it is.");
const ROOMS_NOTE: Denied =
    Denied("The server records a wording by itself. Write in the wording of the recommendation instead.");

/// May read everything of a report.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MayRead {
    report: ReportId,
    participant: ParticipantId,
    role: Role,
}

/// May write one body.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MayWrite {
    name: DocumentName,
    participant: ParticipantId,
}

/// May have this command decided.
#[derive(Clone, PartialEq, Debug)]
pub struct Permit {
    report: ReportId,
    participant: ParticipantId,
    role: Role,
    command: Command,
}

/// The right to read, for a participant who stands on the report. `None`: for them there is no such report.
pub fn read(standing: &Standing, report: ReportId, participant: ParticipantId) -> Option<MayRead> {
    Some(MayRead { report, participant, role: role_of(standing, participant)? })
}

impl MayRead {
    /// The report.
    pub fn report(&self) -> ReportId {
        self.report
    }
    /// Who.
    pub fn participant(&self) -> ParticipantId {
        self.participant
    }
    /// Their role when this right was given.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The right to write a body or a wording, by role, stage and status as they stand now, not as they stood when the
    /// right to read was given.
    pub fn write(&self, standing: &Standing, name: DocumentName) -> Result<MayWrite, Denied> {
        if name.part == Part::Review {
            return Err(SERVER_WRITES);
        }
        if name.report != self.report {
            return Err(NOT_HERE);
        }
        let role = role_of(standing, self.participant).ok_or(GONE)?;
        match name.part {
            Part::Body(section) => self.writes_body(standing, role, section)?,
            Part::Wording(recommendation) => self.writes_wording(standing, role, recommendation)?,
            Part::Review => return Err(SERVER_WRITES),
        }
        Ok(MayWrite { name, participant: self.participant })
    }

    /// A body: drafters while it is drafted or in review, coordinators until it is locked.
    fn writes_body(&self, standing: &Standing, role: Role, section: SectionId) -> Result<(), Denied> {
        let stage = *standing.stages.get(&section).ok_or(NOT_HERE)?;
        match (role, stage) {
            (Role::Coordinator, Stage::Drafting | Stage::InReview | Stage::Agreed)
            | (Role::Drafter, Stage::Drafting | Stage::InReview) => Ok(()),
            (Role::Coordinator, Stage::Locked) => Err(LOCKED_BY_YOU),
            (Role::Drafter, Stage::Agreed) => Err(AGREED),
            (Role::Drafter, Stage::Locked) => Err(LOCKED),
            (Role::Reviewer, _) => Err(DRAFTERS_WRITE),
            (Role::Observer, _) => Err(ONLY_READ),
        }
    }

    /// A wording: coordinators, drafters and the organization that proposed it until it is decided, coordinators then.
    /// Observers read, whomever they act for.
    fn writes_wording(
        &self,
        standing: &Standing,
        role: Role,
        recommendation: RecommendationId,
    ) -> Result<(), Denied> {
        let wording = standing.wordings.get(&recommendation).ok_or(NO_SUCH_WORDING)?;
        let proposed_it = standing
            .organizations
            .get(&self.participant)
            .is_some_and(|organization| wording.organization == Some(*organization));
        match (wording.status, role) {
            (Status::Merged, _) => Err(MERGED),
            (Status::Withdrawn, _) => Err(WITHDRAWN),
            (Status::Published, _) => Err(PUBLISHED),
            (_, Role::Observer) => Err(ONLY_READ_WORDING),
            (_, Role::Coordinator) => Ok(()),
            (Status::Agreed | Status::NotAgreed, _) => Err(DECIDED),
            (Status::Proposed | Status::UnderDiscussion, Role::Drafter) => Ok(()),
            (Status::Proposed | Status::UnderDiscussion, Role::Reviewer) if proposed_it => Ok(()),
            (Status::Proposed | Status::UnderDiscussion, Role::Reviewer) => Err(OTHERS_WORD),
        }
    }

    /// The right to take recommendations over from an earlier report: for who coordinates both. Without a seat there
    /// (`None`) only what they are here is looked at: whether there is such a report, they do not learn.
    pub fn carries_from(&self, earlier: Option<&Self>) -> Result<(), Denied> {
        std::iter::once(self).chain(earlier).try_for_each(|it| coordinates(it.role, BOTH_COORDINATED))
    }

    /// The right to have a command decided, by the role as it stands now. What a section's stage forbids to everyone,
    /// `review::decide` refuses.
    pub fn act(&self, standing: &Standing, command: Command) -> Result<Permit, Denied> {
        let role = role_of(standing, self.participant).ok_or(GONE)?;
        allowed(role, self.participant, &command)?;
        Ok(Permit { report: self.report, participant: self.participant, role, command })
    }
}

/// The role by which somebody acts: the administrator is coordinator of every report.
fn role_of(standing: &Standing, participant: ParticipantId) -> Option<Role> {
    if participant == ParticipantId::ADMINISTRATOR {
        return Some(Role::Coordinator);
    }
    standing.roles.get(&participant).copied()
}

/// Whether a role gives the right to a command. Every command stands here: one that is new needs a decision.
fn allowed(role: Role, by: ParticipantId, command: &Command) -> Result<(), Denied> {
    match command {
        Command::Found { .. } => Err(FOUNDED_BY_ADMINISTRATOR),
        Command::NoteWording { .. } => Err(ROOMS_NOTE),
        Command::AddSection { .. }
        | Command::ChangeSection { .. }
        | Command::MoveSection { .. }
        | Command::AddOrganization { .. }
        | Command::AddParticipant { .. }
        | Command::RemoveParticipant { .. }
        | Command::Carry { .. }
        | Command::AddTerm { .. }
        | Command::ChangeOrganization { .. }
        | Command::ChangeReport { .. }
        | Command::ShowMeeting { .. } => coordinates(role, COORDINATORS_ONLY),
        Command::ChangeParticipant { participant, role: None, .. } if *participant == by => Ok(()),
        Command::ChangeParticipant { .. } => coordinates(role, OWN_NAME_ONLY),
        Command::NoteJoined { participant } if *participant == by => Ok(()),
        Command::NoteJoined { .. } => coordinates(role, COORDINATORS_ONLY),
        Command::OpenThread { .. }
        | Command::CommentWording { .. }
        | Command::Reply { .. }
        | Command::EditThread { .. }
        | Command::EditReply { .. }
        | Command::Resolve { .. }
        | Command::Reopen { .. }
        | Command::PlaceThread { .. }
        | Command::Recommend { .. }
        | Command::EditRecommendation { .. }
        | Command::PlaceRecommendation { .. }
        | Command::TakePosition { .. }
        | Command::ReportProgress { .. } => takes_part(role),
        Command::TakeStep { step, .. } => match step {
            // For whom they are of those who take part, `review::decide` looks at.
            NextStep::AcceptDisposition | NextStep::DeclineDisposition | NextStep::Withdraw => {
                takes_part(role)
            }
            NextStep::Discuss
            | NextStep::ProposeDisposition(_)
            | NextStep::Decide(_)
            | NextStep::Reopen
            | NextStep::Merge { .. }
            | NextStep::Split { .. }
            | NextStep::Publish => coordinates(role, PATH_OF_COORDINATORS),
        },
    }
}

fn takes_part(role: Role) -> Result<(), Denied> {
    match role {
        Role::Coordinator | Role::Drafter | Role::Reviewer => Ok(()),
        Role::Observer => Err(READS_ONLY),
    }
}

fn coordinates(role: Role, otherwise: Denied) -> Result<(), Denied> {
    match role {
        Role::Coordinator => Ok(()),
        Role::Drafter | Role::Reviewer | Role::Observer => Err(otherwise),
    }
}

impl MayWrite {
    /// The document.
    pub fn name(&self) -> DocumentName {
        self.name
    }
    /// Who.
    pub fn participant(&self) -> ParticipantId {
        self.participant
    }
}

impl Permit {
    /// For the administrator, who founds reports before anyone stands on them.
    pub fn found(report: ReportId, command: Command) -> Result<Self, Denied> {
        match command {
            Command::Found { report: named, .. } if named == report => Ok(Self {
                report,
                participant: ParticipantId::ADMINISTRATOR,
                role: Role::Coordinator,
                command,
            }),
            _ => Err(Denied("A report starts with its founding. Found it before anything else.")),
        }
    }

    /// For the room that holds a wording: what its last writer, who might write it then, left of title and text.
    pub fn note_wording(
        (report, participant): (ReportId, ParticipantId),
        recommendation: RecommendationId,
        title: Option<Title>,
        text: Option<Text>,
    ) -> Self {
        let command = Command::NoteWording { recommendation, title, text };
        // Whoever it is by then; no rule on this command asks for more.
        Self { report, participant, role: Role::Observer, command }
    }

    /// The permit as of now: roles may have changed while it waited. For whoever decides the command, just before.
    pub fn renewed(self, standing: &Standing) -> Result<Self, Denied> {
        if matches!(self.command, Command::Found { .. } | Command::NoteWording { .. }) {
            return Ok(self);
        }
        let Self { report, participant, role, command } = self;
        MayRead { report, participant, role }.act(standing, command)
    }

    /// Of a command that gives a recommendation another title or text: that recommendation, with the whole permit; and
    /// the permit for what else the command does.
    pub fn split_wording(self) -> (Option<(RecommendationId, Self)>, Self) {
        let Command::EditRecommendation { recommendation, change } = &self.command else {
            return (None, self);
        };
        if change.title.is_none() && change.text.is_none() {
            return (None, self);
        }
        let recommendation = *recommendation;
        let change = FieldsChange { title: None, text: None, ..change.clone() };
        let rest = Self { command: Command::EditRecommendation { recommendation, change }, ..self.clone() };
        (Some((recommendation, self)), rest)
    }

    /// The report.
    pub fn report(&self) -> ReportId {
        self.report
    }
    /// Who.
    pub fn participant(&self) -> ParticipantId {
        self.participant
    }
    /// Their role.
    pub fn role(&self) -> Role {
        self.role
    }
    /// The command.
    pub fn command(&self) -> &Command {
        &self.command
    }
}
