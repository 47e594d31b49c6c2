//! The sample review: a consultation on the draft report of an invented country, the Republic of Valdora, read from
//! Markdown and JSON and played in as the commands of its people, so that one can try everything at once.

mod content;
mod markdown;
mod plan;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use markdown::MarkdownError;

use crate::{
    access::{Access, AccessError, Denied, Permit, rights},
    body::Refusal,
    clock::Clock,
    ids::{DocumentName, ParticipantId, ReportId},
    review::{Command, FieldError, ReviewState, Role, Standing, Template},
    room::{RoomError, Rooms},
};
use content::Script;
use plan::{Plan, Step};

/// The sample, as it stands on this server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// The report.
    pub report: ReportId,
    /// One person for each role, for links that let one try it.
    pub seats: Vec<(Role, ParticipantId)>,
}

/// Why the sample was not loaded. What was already written belongs to a report that no list shows.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The script is not as it should be.
    #[error("the sample's script cannot be read: {0}")]
    Script(#[from] serde_json::Error),
    /// The text of a section is not as it should be.
    #[error("the sample's section {section} cannot be read: {error}")]
    Text {
        /// Its key.
        section: String,
        /// Why.
        error: MarkdownError,
    },
    /// A field of the script is not acceptable.
    #[error("in the sample, the {what} {error}")]
    Field {
        /// Which.
        what: &'static str,
        /// Why.
        error: FieldError,
    },
    /// The script names something that isn't there.
    #[error("the sample knows no {what} “{name}”")]
    Unknown {
        /// `section`, `passage`, `participant` …
        what: &'static str,
        /// Its key, name or words.
        name: String,
    },
    /// A text is not a body.
    #[error(transparent)]
    Body(#[from] Refusal),
    /// Somebody in the script does what their role does not allow.
    #[error("in the sample, somebody may not do what they do: {0}")]
    Denied(#[from] Denied),
    /// A room did not do what was asked.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The access ledger could not be written.
    #[error(transparent)]
    Access(#[from] AccessError),
}

/// Loads the sample, or finds it where it was loaded before; then nothing is written. The report is listed only when
/// all of it is there, so a load that was interrupted is started anew. Not to be called twice at the same time.
pub async fn load(rooms: &Rooms, access: &Access, clock: &Clock) -> Result<Sample, SampleError> {
    let script = content::script()?;
    for report in access.reports() {
        if let Some(seats) = seats(&script, &*rooms.review(report).await?) {
            return Ok(Sample { report, seats });
        }
    }
    let Plan { report, steps, seats } = plan::plan(&script, clock)?;
    play(rooms, report, steps).await?;
    access.add_report(report).await?;
    Ok(Sample { report, seats })
}

/// The seats of the sample, if this is its report.
fn seats(script: &Script, state: &ReviewState) -> Option<Vec<(Role, ParticipantId)>> {
    let report = state.report.as_ref()?;
    if report.title != script.title || report.template != Template::Blank {
        return None;
    }
    let links = script.participants.iter().filter(|it| it.link);
    let mut seats = links.map(|it| {
        let seat =
            state.participants.values().find(|seat| seat.name == it.name && seat.role == Some(it.role));
        seat.map(|seat| (it.role, seat.id))
    });
    seats.by_ref().collect()
}

/// Takes the steps one after the other, each with the rights that its author has by then.
async fn play(rooms: &Rooms, report: ReportId, steps: Vec<Step>) -> Result<(), SampleError> {
    let mut state = Arc::<ReviewState>::default();
    for step in steps {
        match step {
            Step::Act { by, command } => {
                state = rooms.decide(permit(&state, report, by, *command)?).await?.1;
            }
            Step::Fill { by, section, update } => {
                let standing = Standing::of(&state);
                let may = rights::read(&standing, report, by).ok_or(STRANGER)?;
                let may = may.write(&standing, DocumentName::body(report, section))?;
                rooms.fill(may, update).await?;
            }
        }
    }
    Ok(())
}

const STRANGER: Denied = Denied("they do not stand on the report");

/// The right to a command, as of a state.
fn permit(
    state: &ReviewState,
    report: ReportId,
    by: ParticipantId,
    command: Command,
) -> Result<Permit, Denied> {
    if matches!(command, Command::Found { .. }) {
        return Permit::found(report, command);
    }
    let standing = Standing::of(state);
    rights::read(&standing, report, by).ok_or(STRANGER)?.act(&standing, command)
}
