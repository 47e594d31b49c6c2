//! Who speaks for an organization.

use crate::{
    ids::{OrganizationId, ParticipantId},
    review::{Refusal, ReviewState, telling},
};

/// Whether somebody speaks for an organization: its head of delegation alone, or, where it has none, whoever acts for
/// it. `what` completes "… of {organization} can …". The role was looked at before.
pub(super) fn speaks_for(
    state: &ReviewState,
    who: ParticipantId,
    organization: OrganizationId,
    what: &str,
) -> Result<(), Refusal> {
    let whose = telling::whose(state, organization);
    let head = state.organizations.get(&organization).and_then(|it| it.head);
    match head {
        Some(head) if head == who => Ok(()),
        Some(head) => {
            let head = telling::who(state, head);
            Err(Refusal::forbidden(format!(
                "Only {head}, who heads the delegation of {whose}, can {what}. Ask them."
            )))
        }
        None if acts_for(state, who) == Some(organization) => Ok(()),
        None => Err(Refusal::forbidden(format!("Only somebody who acts for {whose} can {what}. Ask them."))),
    }
}

/// The organization that somebody acts for; the administrator acts for none.
pub(super) fn acts_for(state: &ReviewState, who: ParticipantId) -> Option<OrganizationId> {
    state.participants.get(&who).map(|it| it.organization)
}
