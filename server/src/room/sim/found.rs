//! Sets a report up, before anything goes wrong.

use super::{
    server::start,
    world::{REPORT, W, participant, section},
};
use crate::{
    access::{Permit, rights},
    ids::{OrganizationId, ParticipantId},
    review::{Command, Language, Name, OrganizationKind, SectionKind, Template, Title},
    room::{Rooms, Tuning},
};

/// Founds the report of a plan with its sections and people, in a process of its own.
pub(super) async fn report(world: &W) {
    let clock = world.start_clock(999);
    let rooms = start(world, clock, Tuning::default()).rooms;
    let organization = OrganizationId::from_bytes([3; 16]);
    let (kind, code) = (OrganizationKind::Government, None);
    rooms.decide(Permit::found(REPORT, founding(world)).unwrap()).await.unwrap();
    decide(&rooms, Command::AddOrganization { organization, name: name("Ministry"), code, kind }).await;
    for (who, person) in world.plan.people.iter().enumerate() {
        let (participant, name, role) = (participant(who), name(&format!("Person {who}")), person.role);
        decide(&rooms, Command::AddParticipant { participant, name, organization, role }).await;
    }
    rooms.stop().await;
    world.exec.crash();
}

fn founding(world: &W) -> Command {
    let title = |text: &str| Title::try_from(text.to_owned()).unwrap();
    let sections = (0..world.plan.sections).map(|at| (section(at), title("Section"), SectionKind::Narrative));
    let sections = sections.collect();
    let language = Language::try_from("en".to_owned()).unwrap();
    Command::Found { report: REPORT, title: title("A report"), language, template: Template::Blank, sections }
}

fn name(text: &str) -> Name {
    Name::try_from(text.to_owned()).unwrap()
}

async fn decide(rooms: &Rooms, command: Command) {
    let standing = rooms.standing(REPORT).await.unwrap().borrow().clone();
    let may = rights::read(&standing, REPORT, ParticipantId::ADMINISTRATOR).unwrap();
    rooms.decide(may.act(&standing, command).unwrap()).await.unwrap();
}
