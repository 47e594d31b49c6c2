//! Positions, heads of delegations, progress, and what the projector shows, by examples.

use super::*;
use crate::review::{Counted, Institution, Link, Meeting, MeetingClock, ProgressState};

/// Organization 1 (persons 1 and 2, the coordinator 9) proposed 1; organization 2 has persons 3 and 4.
fn two() -> Review {
    let mut review = Review::new();
    review.ok(9, add_organization(2, "Ministry of Labour"));
    review.ok(9, add_person_of(3, 2, Role::Reviewer));
    review.ok(9, add_person_of(4, 2, Role::Drafter));
    review.ok(1, recommend(1, 1, "Do it."));
    review.ok(1, recommend(2, 1, "Do more."));
    review
}

fn taken(position: Stance) -> Taken {
    Taken { position, changes: None, statement: None, condition: None, wording: None }
}
fn take(n: u8, of: u8, taken: Taken) -> Command {
    Command::TakePosition { recommendation: recommendation(n), organization: Some(organization(of)), taken }
}
fn head(of: u8, head: Option<u8>) -> Command {
    Command::ChangeOrganization { organization: organization(of), head: Some(head.map(person)) }
}

#[test]
fn the_latest_position_counts_and_the_others_are_its_trail() {
    let mut review = two();
    review.ok(3, position(1, Stance::Object));
    assert_eq!(review.ok(3, position(1, Stance::Object)), 0, "a repeat adds nothing");
    review.ok(4, position(1, Stance::Object));
    review.ok(3, position(1, Stance::Support));
    let trail: Vec<_> =
        review.state.positions_on(recommendation(1)).map(|it| (it.n, it.by, it.position)).collect();
    let wanted =
        [(1, person(3), Stance::Object), (2, person(4), Stance::Object), (3, person(3), Stance::Support)];
    assert_eq!(trail, wanted);
    let tally = review.state.tally(review.recommendation(1));
    assert_eq!((tally.support, tally.object), (1, 0));
}

#[test]
fn a_coordinator_takes_positions_for_others_and_it_is_seen() {
    let mut review = two();
    review.ok(9, take(1, 2, taken(Stance::Support)));
    review.ok(9, take(1, 1, taken(Stance::Support)));
    let on_behalf = |of| review.state.position_of(recommendation(1), organization(of)).unwrap().on_behalf;
    assert_eq!((on_behalf(1), on_behalf(2)), (false, true));
    let mut review = two();
    review.refused(
        3,
        take(1, 1, taken(Stance::Support)),
        "who acts for International Organization for Migration (IOM)",
    );
    review.refused(0, position(1, Stance::Support), "organization must be given");
    review.refused(
        9,
        take(1, 7, taken(Stance::Support)),
        "organization must be an organization of this report",
    );
    review.ok(0, take(1, 1, taken(Stance::Support)));
}

#[test]
fn the_head_of_a_delegation_alone_speaks_for_it() {
    let mut review = two();
    review.ok(9, head(2, Some(3)));
    review.refused(
        4,
        position(1, Stance::Support),
        "Only Person 3 (ML), who heads the delegation of Ministry of Labour (ML)",
    );
    review.ok(3, position(1, Stance::Support));
    review.ok(9, take(1, 2, taken(Stance::Abstain)));
    review.ok(9, head(1, Some(1)));
    review.ok(9, take(1, 1, taken(Stance::Abstain)));
    let now = review.state.position_of(recommendation(1), organization(1)).unwrap();
    assert!(
        now.on_behalf,
        "a coordinator who is not the head records it on behalf of their own organization"
    );
    review.ok(9, step(&review, 1, NextStep::ProposeDisposition(Disposition::Agreed), None));
    review.refused(9, step(&review, 1, NextStep::AcceptDisposition, None), "who heads the delegation");
    review.refused(2, step(&review, 1, NextStep::AcceptDisposition, None), "who heads the delegation");
    review.ok(1, step(&review, 1, NextStep::AcceptDisposition, None));
}

#[test]
fn a_head_acts_for_the_organization_and_steps_down_with_their_rights() {
    let mut review = two();
    review.ok(9, add_person_of(5, 2, Role::Observer));
    for (who, why) in
        [(1, "who acts for this organization"), (5, "more than an observer"), (77, "who acts for")]
    {
        review.refused(9, head(2, Some(who)), why);
    }
    for fall in [
        Command::RemoveParticipant { participant: person(3) },
        Command::ChangeParticipant { participant: person(3), name: None, role: Some(Role::Observer) },
    ] {
        let mut review = two();
        assert_eq!((review.ok(9, head(2, Some(3))), review.ok(9, head(2, Some(3)))), (1, 0));
        assert_eq!(review.ok(9, fall), 2);
        assert_eq!(review.state.organizations[&organization(2)].head, None);
        review.ok(4, position(1, Stance::Support));
    }
}

#[test]
fn a_position_says_what_belongs_to_it_and_nothing_else() {
    let mut review = two();
    let with = |changes: &mut dyn FnMut(&mut Taken)| {
        let mut it = taken(Stance::SupportWithChanges);
        it.changes = Some(text("Later."));
        changes(&mut it);
        take(1, 2, it)
    };
    review.refused(3, with(&mut |it| it.changes = None), "changes must say what would have to change");
    review.refused(3, with(&mut |it| it.position = Stance::Support), "changes must be left out");
    review.refused(3, with(&mut |it| it.condition = Some(recommendation(1))), "condition must be another");
    review.refused(
        3,
        with(&mut |it| it.condition = Some(recommendation(9))),
        "condition must be a recommendation",
    );
    for wording in [0, 2] {
        review.refused(3, with(&mut |it| it.wording = Some(wording)), "wording must be a wording");
    }
    review.ok(3, with(&mut |it| it.condition = Some(recommendation(2))));
    let now = review.state.position_of(recommendation(1), organization(2)).unwrap().clone();
    assert_eq!(review.state.counted(&now), Counted::Waiting);
    review.go(2, ways().remove(3).1);
    assert_eq!(review.state.counted(&now), Counted::SupportWithChanges);
}

#[test]
fn what_was_merged_into_a_recommendation_is_no_condition_on_it() {
    let mut review = two();
    review.ok(3, take(2, 2, Taken { condition: Some(recommendation(1)), ..taken(Stance::Object) }));
    review.go(1, ways().remove(5).1);
    let then = review.state.position_of(recommendation(2), organization(2)).unwrap().clone();
    assert_eq!(review.state.counted(&then), Counted::Object, "one that was taken before counts as it is");
    review.refused(
        3,
        take(2, 2, Taken { condition: Some(recommendation(1)), ..taken(Stance::Support) }),
        "condition must be another recommendation: this one was merged into it",
    );
}

#[test]
fn a_position_on_words_that_have_changed_says_on_which_it_was_taken() {
    let mut review = two();
    let edit = Command::EditRecommendation {
        recommendation: recommendation(1),
        change: fields("Do it soon.").into(),
    };
    review.ok(1, edit);
    review.ok(3, take(1, 2, Taken { wording: Some(1), ..taken(Stance::Support) }));
    let (it, now) =
        (review.recommendation(1), review.state.position_of(recommendation(1), organization(2)).unwrap());
    assert!(it.has_earlier_wording(now) && !it.is_to_be_renewed(now));
}

#[test]
fn positions_are_closed_once_it_is_decided_but_an_answer_that_was_lost_is_given_again() {
    for (status, way) in ways() {
        let mut review = two();
        review.ok(3, position(1, Stance::Support));
        review.go(1, way);
        let open = matches!(status, "proposed" | "under discussion" | "to be answered");
        assert_eq!(review.ok(3, position(1, Stance::Support)), 0);
        match review.act(3, position(1, Stance::Object)) {
            Ok(_) => assert!(open, "{status}"),
            Err(refusal) => {
                let told = refusal.to_string();
                assert!(
                    !open && told.starts_with("Positions are closed: R1 is ") && told.contains(status),
                    "{told}"
                );
            }
        }
    }
}

#[test]
fn the_lead_and_the_coordinator_report_the_progress_of_what_is_published() {
    let mut review = two();
    let report = |state| Command::ReportProgress {
        recommendation: recommendation(1),
        state,
        note: Some(text("The bill is drafted.")),
        link: Some(Link::try_from("https://a.example/bill".to_owned()).unwrap()),
    };
    review.refused(3, report(ProgressState::UnderWay), "No organization of this report leads R1");
    let lead = Some(Some(Institution::Organization { organization: organization(2) }));
    let change = crate::review::FieldsChange { lead_institution: lead, ..Default::default() };
    review.ok(1, Command::EditRecommendation { recommendation: recommendation(1), change });
    review.refused(3, report(ProgressState::UnderWay), "Progress is reported once it is published");
    review.go(1, ways().remove(7).1);
    review.refused(
        1,
        report(ProgressState::UnderWay),
        "who acts for Ministry of Labour (ML) can report the progress",
    );
    assert_eq!(
        (review.ok(3, report(ProgressState::UnderWay)), review.ok(3, report(ProgressState::UnderWay))),
        (1, 0)
    );
    review.ok(9, report(ProgressState::Done));
    let told: Vec<_> = review.state.progress_of(recommendation(1)).map(|it| (it.n, it.state)).collect();
    assert_eq!(told, [(1, ProgressState::UnderWay), (2, ProgressState::Done)]);
    let copy = review.state.clone();
    let first = |state: &ReviewState| std::ptr::from_ref(state.progress.get(recommendation(1), &1).unwrap());
    assert_eq!(first(&copy), first(&review.state), "a copy of the state, made for each command, shares them");
}

#[test]
fn the_projector_shows_what_the_coordinator_sets() {
    let mut review = two();
    let ends_at = jiff::Timestamp::from_second(600).unwrap();
    let clock = Some(MeetingClock { ends_at, paused_seconds: None });
    let meeting = Meeting { recommendation: Some(recommendation(2)), clock, wording: true };
    let show = |meeting: &Meeting| Command::ShowMeeting { meeting: Some(meeting.clone()) };
    assert_eq!((review.ok(9, show(&meeting)), review.ok(9, show(&meeting))), (1, 0));
    assert_eq!(review.state.report.as_ref().unwrap().meeting, Some(meeting.clone()));
    let unknown = Meeting { recommendation: Some(recommendation(9)), ..meeting };
    review.refused(9, show(&unknown), "recommendation must be a recommendation of this report");
    review.ok(9, Command::ShowMeeting { meeting: None });
    assert_eq!(review.state.report.as_ref().unwrap().meeting, None);
    let change = Command::ChangeReport { title: None, public_names: Some(true) };
    assert_eq!((review.ok(9, change.clone()), review.ok(9, change)), (1, 0));
    assert!(review.state.report.as_ref().unwrap().public_names);
}
