//! What a command costs in a large register: 1,000 recommendations, on which 60 organizations have taken positions.
//! `cargo test --release -p plenary --lib -- review_doc::cost --ignored --nocapture`

use std::time::{Duration, Instant};

use super::*;
use crate::{
    access::rights,
    ids::{OrganizationId, ParticipantId, RecommendationId, ReportId, SectionId},
    review::{
        Fields, Language, Name, OrganizationKind, Role, SectionKind, Stance, Taken, Template, Text, Title,
    },
};

const REPORT: ReportId = ReportId::from_bytes([7; 16]);
const RECOMMENDATIONS: u16 = 1_000;
const ORGANIZATIONS: u16 = 60;

fn bytes(kind: u8, n: u16) -> [u8; 16] {
    let [a, b] = n.to_be_bytes();
    [kind, a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
}
fn text(of: &str) -> Text {
    Text::try_from(of.to_owned()).unwrap()
}
fn title(of: &str) -> Title {
    Title::try_from(of.to_owned()).unwrap()
}

struct Desk(ReviewDoc, i64);

impl Desk {
    fn act(&mut self, by: ParticipantId, command: Command) {
        let standing = self.0.standing().clone();
        let permit = match command {
            Command::Found { .. } => Permit::found(REPORT, command),
            command => rights::read(&standing, REPORT, by).unwrap().act(&standing, command),
        };
        self.1 += 1;
        self.0.decide(permit.unwrap(), Timestamp::from_second(self.1).unwrap()).unwrap();
    }

    fn position(&mut self, organization: u16, recommendation: u16, position: Stance) {
        let statement = Some(text("We hold this for right, and have said so in the consultation of spring."));
        let taken = Taken { position, changes: None, statement, condition: None, wording: None };
        let recommendation = RecommendationId::from_bytes(bytes(1, recommendation));
        let by = ParticipantId::from_bytes(bytes(3, organization));
        self.act(by, Command::TakePosition { recommendation, organization: None, taken });
    }
}

fn register() -> Desk {
    let admin = ParticipantId::ADMINISTRATOR;
    let mut desk = Desk(ReviewDoc::load([], 1).unwrap(), 0);
    let section = SectionId::from_bytes([9; 16]);
    desk.act(
        admin,
        Command::Found {
            report: REPORT,
            title: title("A large one"),
            language: Language::try_from("en".to_owned()).unwrap(),
            template: Template::Blank,
            sections: vec![(section, title("All"), SectionKind::Narrative)],
        },
    );
    for n in 0..ORGANIZATIONS {
        let organization = OrganizationId::from_bytes(bytes(2, n));
        let name = Name::try_from(format!("Organization {n}")).unwrap();
        desk.act(
            admin,
            Command::AddOrganization {
                organization,
                name: name.clone(),
                code: None,
                kind: OrganizationKind::Other,
            },
        );
        let participant = ParticipantId::from_bytes(bytes(3, n));
        desk.act(admin, Command::AddParticipant { participant, name, organization, role: Role::Reviewer });
    }
    for n in 0..RECOMMENDATIONS {
        let recommendation = RecommendationId::from_bytes(bytes(1, n));
        let fields = Fields::new(title(&format!("Build homes, {n}")), text(&"Build more homes. ".repeat(20)));
        desk.act(admin, Command::Recommend { recommendation, section, anchor: None, fields });
        for organization in 0..ORGANIZATIONS {
            desk.position(organization, n, Stance::Support);
        }
    }
    desk.0.publish();
    desk
}

#[test]
#[ignore = "a measurement"]
fn a_command_in_a_large_register() {
    let mut desk = register();
    // Somebody watches, as rooms of bodies do.
    let _watched = desk.0.published();
    let mut taken: Vec<Duration> = (0..100)
        .map(|n| {
            let start = Instant::now();
            desk.position(n % ORGANIZATIONS, n * 7, Stance::Object);
            desk.0.publish();
            start.elapsed()
        })
        .collect();
    taken.sort();
    let start = Instant::now();
    let copy = ReviewState::clone(desk.0.state());
    let copying = start.elapsed();
    drop(copy);
    let start = Instant::now();
    let encoded = desk.0.encode();
    let encoding = start.elapsed();
    let start = Instant::now();
    ReviewDoc::load([&encoded[..]], 2).unwrap();
    println!(
        "a position: median {:?}, 95th {:?}; a copy of the state: {copying:?}; the document: {} bytes, encoded in {encoding:?}, loaded in {:?}",
        taken[50],
        taken[95],
        encoded.len(),
        start.elapsed()
    );
}
