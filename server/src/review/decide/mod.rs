//! The pure function that decides a command: one file for each noun.

mod anchors;
mod carry;
mod delegation;
mod lists;
mod outline;
mod path;
mod people;
mod positions;
mod recommendations;
mod report;
#[cfg(test)]
mod tests;
mod threads;

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Refusal,
    change::Changes,
    command::{Command, Decision, Outcome},
    fields::FieldError,
    state::{ReviewState, Section, Stage},
};
use crate::ids::{OrganizationId, SectionId};

/// What a decided command gives.
type Decided = Result<(Outcome, Changes), Refusal>;

/// Decides a command against the state. An exact repeat of a creation by the same author gives the same outcome
/// and no changes. Never panics on any input.
///
/// Whether the author's role and the section's stage give the right was settled before (`access::rights`); the rules
/// here hold for every role, the coordinator's included.
pub fn decide(state: &ReviewState, decision: Decision, command: Command) -> Decided {
    if let Command::Found { report, title, language, template, sections } = command {
        return outline::found(state, decision, (report, title, language, template), sections);
    }
    if state.report.is_none() {
        return Err(Refusal::NotFound { what: "report" });
    }
    match command {
        Command::Found { .. } => Err(Refusal::NotFound { what: "report" }),
        Command::AddSection { section, title, kind, parent, after, language } => {
            outline::add(state, outline::Newcomer { section, title, kind, parent, language }, after)
        }
        Command::ChangeSection { section, title, stage, drafted_by } => {
            outline::change(state, section, title, stage, drafted_by)
        }
        Command::MoveSection { section, parent, after } => outline::shift(state, section, parent, after),
        Command::AddOrganization { organization, name, code, kind } => {
            people::add_organization(state, organization, name, code, kind)
        }
        Command::AddParticipant { participant, name, organization, role } => {
            people::add(state, participant, name, organization, role)
        }
        Command::ChangeParticipant { participant, name, role } => {
            people::change(state, participant, name, role)
        }
        Command::RemoveParticipant { participant } => people::remove(state, participant),
        Command::NoteJoined { participant } => people::joined(state, decision, participant),
        Command::OpenThread { thread, section, anchor, text } => {
            threads::open(state, decision, thread, section, anchor, text)
        }
        Command::Reply { reply, thread, text } => threads::reply(state, decision, reply, thread, text),
        Command::EditThread { thread, text } => threads::edit(state, decision, thread, text),
        Command::EditReply { reply, text } => threads::edit_reply(state, decision, reply, text),
        Command::Resolve { thread } => threads::resolve(state, decision, thread),
        Command::Reopen { thread } => threads::reopen(state, thread),
        Command::PlaceThread { thread, anchor } => threads::place(state, thread, anchor),
        Command::Recommend { recommendation, section, anchor, fields } => {
            recommendations::recommend(state, decision, recommendation, section, anchor, fields)
        }
        Command::EditRecommendation { recommendation, change } => {
            recommendations::edit(state, decision, recommendation, change)
        }
        Command::PlaceRecommendation { recommendation, anchor } => {
            recommendations::place(state, decision, recommendation, anchor)
        }
        Command::TakeStep { recommendation, seen, step, reason } => {
            path::take(state, decision, recommendation, seen, step, reason)
        }
        Command::TakePosition { recommendation, organization, taken } => {
            positions::take(state, decision, recommendation, organization, taken)
        }
        Command::ReportProgress { recommendation, state: progress, note, link } => {
            positions::report_progress(state, decision, recommendation, (progress, note, link))
        }
        Command::Carry { items } => carry::take_over(state, decision, items),
        Command::AddTerm { term } => lists::add(state, term),
        Command::ChangeOrganization { organization, head } => {
            people::change_organization(state, organization, head)
        }
        Command::ChangeReport { title, public_names } => report::change(state, title, public_names),
        Command::ShowMeeting { meeting } => report::show(state, meeting),
    }
}

/// The id of a creation names something else already.
const ID_TAKEN: Refusal = Refusal::Conflict {
    why: Cow::Borrowed(
        "This id already belongs to something else. Send the request again with a new id, or without one.",
    ),
};

/// A record that a command names.
fn known<'a, K: Ord, V>(map: &'a BTreeMap<K, V>, id: &K, what: &'static str) -> Result<&'a V, Refusal> {
    map.get(id).ok_or(Refusal::NotFound { what })
}

/// A field of a command that is not acceptable.
fn wrong(field: &'static str, why: &'static str) -> Refusal {
    Refusal::Field { field, error: FieldError::Form(why) }
}

/// Room for one more.
fn room<K, V>(map: &BTreeMap<K, V>, max: usize, what: &'static str) -> Result<(), Refusal> {
    within(map.len() + 1, max, what)
}

/// Not more than a report may hold.
const fn within(count: usize, max: usize, what: &'static str) -> Result<(), Refusal> {
    if count <= max { Ok(()) } else { Err(Refusal::Full { what, max }) }
}

/// A section that still takes comments.
fn open_section(state: &ReviewState, id: SectionId, otherwise: &'static str) -> Result<(), Refusal> {
    let section: &Section = known(&state.sections, &id, "section")?;
    match section.stage {
        Stage::Drafting | Stage::InReview | Stage::Agreed => Ok(()),
        Stage::Locked => Err(Refusal::forbidden(otherwise)),
    }
}

/// The organization, when one is named, is on the report.
fn organization(state: &ReviewState, id: Option<OrganizationId>) -> Result<(), Refusal> {
    id.map_or(Ok(()), |id| known(&state.organizations, &id, "organization").map(|_| ()))
}
