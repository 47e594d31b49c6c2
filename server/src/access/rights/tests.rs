mod table;

use std::collections::BTreeMap;

use super::*;
use crate::{
    ids::{OrganizationId, RecommendationId, ReplyId, SectionId, ThreadId},
    review::{
        Anchor, Fields, Language, Name, OrganizationKind, Quote, SectionKind, Template, Term, TermCode,
        TermList, Text, Title, WordingStanding,
    },
};

const REPORT: ReportId = ReportId::from_bytes([7; 16]);
const ROLES: [Role; 4] = [Role::Coordinator, Role::Drafter, Role::Reviewer, Role::Observer];
const STAGES: [Stage; 4] = [Stage::Drafting, Stage::InReview, Stage::Agreed, Stage::Locked];

/// One participant for each role, one section for each stage, in the order above.
fn person(role: usize) -> ParticipantId {
    ParticipantId::from_bytes([role as u8 + 1; 16])
}
fn section(stage: usize) -> SectionId {
    SectionId::from_bytes([stage as u8 + 1; 16])
}
fn organization(n: usize) -> OrganizationId {
    OrganizationId::from_bytes([n as u8 + 1; 16])
}
fn standing() -> Standing {
    Standing {
        roles: ROLES.into_iter().enumerate().map(|(n, role)| (person(n), role)).collect(),
        organizations: (0..ROLES.len()).map(|n| (person(n), organization(n))).collect(),
        stages: STAGES.into_iter().enumerate().map(|(n, stage)| (section(n), stage)).collect(),
        wordings: BTreeMap::new(),
    }
}
fn reader(who: ParticipantId) -> MayRead {
    read(&standing(), REPORT, who).unwrap()
}
fn name(text: &str) -> Name {
    Name::try_from(text.to_owned()).unwrap()
}
fn anchor() -> Anchor {
    let position = serde_json::json!({"tname": "body"});
    Anchor { start: position.clone(), end: position, quote: Quote::try_from("words".to_owned()).unwrap() }
}
fn fields() -> Fields {
    Fields::new(title(), text())
}
fn title() -> Title {
    Title::try_from("Title".to_owned()).unwrap()
}
fn text() -> Text {
    Text::try_from("Text".to_owned()).unwrap()
}

fn commands_of_the_outline(section: SectionId) -> Vec<Command> {
    let other = SectionId::from_bytes([99; 16]);
    vec![
        Command::AddSection {
            section: other,
            title: title(),
            kind: SectionKind::Annex,
            parent: Some(section),
            after: None,
            language: None,
        },
        Command::ChangeSection { section, title: Some(title()), stage: None, drafted_by: None },
        Command::ChangeSection { section, title: None, stage: Some(Stage::Drafting), drafted_by: None },
        Command::MoveSection { section, parent: None, after: None },
        Command::ChangeReport { title: Some(title()), public_names: None },
        Command::ShowMeeting { meeting: None },
        Command::Carry { items: vec![] },
        Command::AddTerm {
            term: Term {
                list: TermList::Themes,
                code: TermCode::try_from("1.8".to_owned()).unwrap(),
                title: title(),
                dimension: None,
            },
        },
    ]
}

fn commands_on_people(other: ParticipantId) -> Vec<Command> {
    let organization = OrganizationId::from_bytes([1; 16]);
    let role = Some(Role::Drafter);
    vec![
        Command::AddOrganization {
            organization,
            name: name("IOM"),
            code: None,
            kind: OrganizationKind::UnSystem,
        },
        Command::ChangeOrganization { organization, head: Some(Some(other)) },
        Command::AddParticipant { participant: other, name: name("Ana"), organization, role: Role::Observer },
        Command::ChangeParticipant { participant: other, name: Some(name("Ana")), role: None },
        Command::ChangeParticipant { participant: other, name: None, role },
        Command::RemoveParticipant { participant: other },
        Command::NoteJoined { participant: other },
    ]
}

fn commands_with_words(section: SectionId) -> Vec<Command> {
    let thread = ThreadId::from_bytes([1; 16]);
    let reply = ReplyId::from_bytes([1; 16]);
    let recommendation = RecommendationId::from_bytes([1; 16]);
    vec![
        Command::OpenThread { thread, section, anchor: None, text: text() },
        Command::Reply { reply, thread, text: text() },
        Command::EditThread { thread, text: text() },
        Command::EditReply { reply, text: text() },
        Command::Resolve { thread },
        Command::Reopen { thread },
        Command::PlaceThread { thread, anchor: anchor() },
        Command::CommentWording { thread, recommendation, anchor: None, text: text() },
        Command::Recommend { recommendation, section, anchor: None, fields: fields() },
        Command::EditRecommendation { recommendation, change: fields().into() },
        Command::PlaceRecommendation { recommendation, anchor: anchor() },
    ]
}

fn found() -> Command {
    let language = Language::try_from("en".to_owned()).unwrap();
    Command::Found { report: REPORT, title: title(), language, template: Template::Blank, sections: vec![] }
}

#[test]
fn who_writes_a_body_is_settled_by_role_and_stage() {
    let table = [
        // drafting, in review, agreed, locked
        (Role::Coordinator, [true, true, true, false]),
        (Role::Drafter, [true, true, false, false]),
        (Role::Reviewer, [false; 4]),
        (Role::Observer, [false; 4]),
    ];
    for (n, (role, wanted)) in table.into_iter().enumerate() {
        for (stage, wanted) in wanted.into_iter().enumerate() {
            let name = DocumentName::body(REPORT, section(stage));
            let may = reader(person(n)).write(&standing(), name);
            assert_eq!(may.is_ok(), wanted, "{role:?} in {:?}: {may:?}", STAGES[stage]);
            if let Ok(may) = may {
                assert_eq!((may.name(), may.participant()), (name, person(n)));
            }
        }
    }
    let administrator = reader(ParticipantId::ADMINISTRATOR);
    let may = |stage| administrator.write(&standing(), DocumentName::body(REPORT, section(stage))).is_ok();
    assert_eq!([0, 1, 2, 3].map(may), [true, true, true, false]);
}

#[test]
fn who_words_a_recommendation_is_settled_by_status_role_and_organization() {
    let open = [true, true, true, false];
    let table = [
        // coordinator, drafter, reviewer of the organization that proposed it, observer of it
        (Status::Proposed, open),
        (Status::UnderDiscussion, open),
        (Status::Agreed, [true, false, false, false]),
        (Status::NotAgreed, [true, false, false, false]),
        (Status::Merged, [false; 4]),
        (Status::Withdrawn, [false; 4]),
        (Status::Published, [false; 4]),
    ];
    let id = RecommendationId::from_bytes([40; 16]);
    let name = DocumentName::wording(REPORT, id);
    for (status, wanted) in table {
        for (n, wanted) in wanted.into_iter().enumerate() {
            let worded = |by| {
                let mut standing = standing();
                standing.wordings.insert(id, WordingStanding { status, organization: by });
                reader(person(n)).write(&standing, name)
            };
            assert_eq!(worded(Some(organization(n))).is_ok(), wanted, "{:?} of a {status:?} one", ROLES[n]);
            // Whose it is says something to reviewers only.
            let reviewer = ROLES[n] == Role::Reviewer;
            for other in [None, Some(organization(50))] {
                assert_eq!(worded(other).is_ok(), wanted && !reviewer, "{:?}, {status:?}", ROLES[n]);
            }
        }
    }
    assert_eq!(reader(person(0)).write(&standing(), name), Err(NO_SUCH_WORDING));
}

#[test]
fn only_who_coordinates_both_takes_recommendations_over() {
    for (here, there) in (0..4).flat_map(|here| (0..4).map(move |there| (here, there))) {
        let right = reader(person(here)).carries_from(Some(&reader(person(there))));
        let wanted = if (here, there) == (0, 0) { Ok(()) } else { Err(BOTH_COORDINATED) };
        assert_eq!(right, wanted, "{:?} here, {:?} there", ROLES[here], ROLES[there]);
    }
    assert_eq!(reader(person(0)).carries_from(None), Ok(()));
    assert_eq!(reader(person(2)).carries_from(None), Err(BOTH_COORDINATED));
}

#[test]
fn nobody_notes_a_wording_but_its_room() {
    let recommendation = RecommendationId::from_bytes([40; 16]);
    let command = Command::NoteWording { recommendation, title: None, text: None };
    assert_eq!(reader(person(0)).act(&standing(), command), Err(ROOMS_NOTE));
    // Also of somebody who is no longer there.
    let permit = Permit::note_wording((REPORT, person(50)), recommendation, None, None);
    assert!(permit.renewed(&standing()).is_ok());
}

#[test]
fn who_may_have_a_command_decided_is_settled_by_role_at_every_stage() {
    let other = ParticipantId::from_bytes([50; 16]);
    for (stage, section) in (0..4).map(|stage| (STAGES[stage], section(stage))) {
        let groups = [
            (commands_of_the_outline(section), [true, false, false, false]),
            (commands_on_people(other), [true, false, false, false]),
            (commands_with_words(section), [true, true, true, false]),
            (vec![found()], [false; 4]),
        ];
        for (commands, wanted) in groups {
            for (command, n) in commands.iter().flat_map(|it| (0..4).map(move |n| (it, n))) {
                let permit = reader(person(n)).act(&standing(), command.clone());
                assert_eq!(permit.is_ok(), wanted[n], "{:?} in {stage:?}: {command:?}", ROLES[n]);
                if let Ok(permit) = permit {
                    assert_eq!((permit.participant(), permit.role()), (person(n), ROLES[n]));
                    assert_eq!((permit.report(), permit.command()), (REPORT, command));
                }
            }
        }
    }
}

#[test]
fn anyone_on_the_report_changes_their_own_name_and_notes_their_own_arrival_but_not_their_role() {
    for n in 1..4 {
        let me = person(n);
        let act = |command| reader(me).act(&standing(), command);
        assert!(
            act(Command::ChangeParticipant { participant: me, name: Some(name("Me")), role: None }).is_ok()
        );
        assert!(act(Command::NoteJoined { participant: me }).is_ok());
        let role = Some(Role::Coordinator);
        assert_eq!(
            act(Command::ChangeParticipant { participant: me, name: Some(name("Me")), role }),
            Err(OWN_NAME_ONLY)
        );
    }
}

#[test]
fn the_administrator_coordinates_every_report_and_alone_founds_them() {
    let administrator = reader(ParticipantId::ADMINISTRATOR);
    assert_eq!(administrator.role(), Role::Coordinator);
    for command in commands_of_the_outline(section(0)) {
        assert!(administrator.act(&standing(), command).is_ok());
    }
    let permit = Permit::found(REPORT, found()).unwrap();
    assert_eq!((permit.participant(), permit.report()), (ParticipantId::ADMINISTRATOR, REPORT));
    assert!(permit.renewed(&Standing::default()).is_ok());
    assert!(Permit::found(ReportId::from_bytes([8; 16]), found()).is_err(), "two reports in one request");
    assert!(Permit::found(REPORT, commands_of_the_outline(section(0)).remove(0)).is_err());
}

#[test]
fn for_whom_there_is_no_seat_there_is_no_report() {
    assert_eq!(read(&standing(), REPORT, ParticipantId::from_bytes([50; 16])), None);
}

#[test]
fn the_review_document_other_reports_and_unknown_sections_are_not_written() {
    let may = reader(person(0));
    let elsewhere = ReportId::from_bytes([8; 16]);
    for (name, why) in [
        (DocumentName::review(REPORT), SERVER_WRITES),
        (DocumentName::body(elsewhere, section(0)), NOT_HERE),
        (DocumentName::body(REPORT, SectionId::from_bytes([50; 16])), NOT_HERE),
    ] {
        assert_eq!(may.write(&standing(), name), Err(why));
    }
}

#[test]
fn a_role_that_was_lowered_or_taken_away_counts_at_once() {
    let drafter = reader(person(1));
    let body = DocumentName::body(REPORT, section(0));
    let permit = drafter.act(&standing(), commands_with_words(section(0)).remove(0)).unwrap();

    let mut lowered = standing();
    lowered.roles.insert(person(1), Role::Observer);
    assert_eq!(drafter.write(&lowered, body), Err(ONLY_READ));
    assert_eq!(permit.clone().renewed(&lowered), Err(READS_ONLY));

    let mut raised = standing();
    raised.roles.insert(person(1), Role::Coordinator);
    assert_eq!(permit.clone().renewed(&raised).unwrap().role(), Role::Coordinator);

    let mut removed = standing();
    removed.roles.remove(&person(1));
    assert_eq!(drafter.write(&removed, body), Err(GONE));
    assert_eq!(permit.renewed(&removed), Err(GONE));
}
