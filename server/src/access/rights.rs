//! Rights as values: made here only, and demanded by what acts on them.

use crate::{
    ids::{DocumentName, ParticipantId, ReportId},
    review::{Command, Role, Standing},
};

/// One may see it, but not do this. The text says what to do instead.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Denied(pub &'static str);

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
    let role = if participant == ParticipantId::ADMINISTRATOR {
        Role::Coordinator
    } else {
        *standing.roles.get(&participant)?
    };
    Some(MayRead { report, participant, role })
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
    /// Their role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The right to write a body: drafters while it is drafted or in review, coordinators until it is locked.
    pub fn write(&self, _standing: &Standing, _name: DocumentName) -> Result<MayWrite, Denied> {
        todo!()
    }

    /// The right to have a command decided.
    pub fn act(&self, _standing: &Standing, _command: Command) -> Result<Permit, Denied> {
        todo!()
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
    pub fn found(_report: ReportId, _command: Command) -> Result<Self, Denied> {
        todo!()
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
