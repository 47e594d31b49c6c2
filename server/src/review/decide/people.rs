//! Organizations and participants.

use super::{Decided, ID_TAKEN, known, organization as known_organization, room, wrong};
use crate::{
    ids::{OrganizationId, ParticipantId},
    limits,
    review::{
        Change, Code, Decision, Name, Organization, OrganizationKind, Outcome, Participant, Refusal,
        ReviewState, Role,
    },
};

/// Adds an organization. No name or code of the report may come again, in whatever case or Unicode form.
/// Organizations are bounded as participants are, who each act for one.
pub(super) fn add_organization(
    state: &ReviewState,
    id: OrganizationId,
    name: Name,
    code: Option<Code>,
    kind: OrganizationKind,
) -> Decided {
    let outcome = Outcome::Organization(id);
    if let Some(old) = state.organizations.get(&id) {
        let same = old.name == name && old.kind == kind && code.is_none_or(|code| code == old.code);
        return if same { Ok((outcome, vec![])) } else { Err(ID_TAKEN) };
    }
    room(&state.organizations, limits::PARTICIPANTS_MAX, "organizations")?;
    if state.organization_named(name.as_str()).is_some() {
        return Err(Refusal::conflict(
            "An organization of this report already has this name or code. Use that one, or choose another name.",
        ));
    }
    let code = match code {
        Some(code) if state.organization_named(code.as_str()).is_some() => {
            return Err(Refusal::conflict(
                "An organization of this report already has this code. Choose another one.",
            ));
        }
        Some(code) => code,
        None => state.code_for(name.as_str()).map_err(|error| Refusal::Field { field: "code", error })?,
    };
    let organization = Organization { id, name, code, kind, hue: state.next_hue(), head: None };
    Ok((outcome, vec![Change::Organization(organization)]))
}

/// Names the head of a delegation: somebody who acts for the organization, and does more than read.
pub(super) fn change_organization(
    state: &ReviewState,
    id: OrganizationId,
    head: Option<Option<ParticipantId>>,
) -> Decided {
    let old = known(&state.organizations, &id, "organization")?;
    if let Some(Some(head)) = head {
        let person = state.participants.get(&head).filter(|it| it.organization == id);
        match person.and_then(|it| it.role) {
            None => return Err(wrong("head", "must be a participant who acts for this organization")),
            Some(Role::Observer) => {
                return Err(wrong("head", "must be more than an observer. Change their role first"));
            }
            Some(Role::Coordinator | Role::Drafter | Role::Reviewer) => {}
        }
    }
    let new = Organization { head: head.unwrap_or(old.head), ..old.clone() };
    let changes = if new == *old { vec![] } else { vec![Change::Organization(new)] };
    Ok((Outcome::Organization(id), changes))
}

/// Adds a person. Two people may have one name: their ids and organizations tell them apart.
pub(super) fn add(
    state: &ReviewState,
    id: ParticipantId,
    name: Name,
    organization: OrganizationId,
    role: Role,
) -> Decided {
    let outcome = Outcome::Participant(id);
    if id == ParticipantId::ADMINISTRATOR {
        return Err(ID_TAKEN);
    }
    if let Some(old) = state.participants.get(&id) {
        let same = old.name == name && old.organization == organization && old.role == Some(role);
        return if same { Ok((outcome, vec![])) } else { Err(ID_TAKEN) };
    }
    room(&state.participants, limits::PARTICIPANTS_MAX, "participants")?;
    known_organization(state, Some(organization))?;
    let participant = Participant { id, name, organization, role: Some(role), joined_at: None };
    Ok((outcome, vec![Change::Participant(participant)]))
}

/// Changes a name or a role. The last coordinator may go too: whoever holds the admin token can name another.
pub(super) fn change(
    state: &ReviewState,
    id: ParticipantId,
    name: Option<Name>,
    role: Option<Role>,
) -> Decided {
    let old = present(state, id)?;
    let name = name.unwrap_or_else(|| old.name.clone());
    put_if_new(state, old, Participant { name, role: role.or(old.role), ..old.clone() })
}

/// Takes a person off the report; their record stays for their name. A repeat changes nothing.
pub(super) fn remove(state: &ReviewState, id: ParticipantId) -> Decided {
    let old = known(&state.participants, &id, "participant")?;
    put_if_new(state, old, Participant { role: None, ..old.clone() })
}

/// Notes the first sign-in.
pub(super) fn joined(state: &ReviewState, decision: Decision, id: ParticipantId) -> Decided {
    let old = present(state, id)?;
    put_if_new(state, old, Participant { joined_at: old.joined_at.or(Some(decision.at)), ..old.clone() })
}

/// Who can no longer speak for an organization does not head its delegation any more: else nobody could.
fn put_if_new(state: &ReviewState, old: &Participant, new: Participant) -> Decided {
    let outcome = Outcome::Participant(new.id);
    if new == *old {
        return Ok((outcome, vec![]));
    }
    let silent = matches!(new.role, None | Some(Role::Observer));
    let headed = state.organizations.get(&new.organization).filter(|it| silent && it.head == Some(new.id));
    let headless = headed.map(|it| Change::Organization(Organization { head: None, ..it.clone() }));
    Ok((outcome, std::iter::once(Change::Participant(new)).chain(headless).collect()))
}

/// A participant who was not removed.
fn present(state: &ReviewState, id: ParticipantId) -> Result<&Participant, Refusal> {
    let participant = known(&state.participants, &id, "participant")?;
    if participant.role.is_some() {
        return Ok(participant);
    }
    Err(Refusal::conflict("This person was removed from the report. To bring them back, add them again."))
}
