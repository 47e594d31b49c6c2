use super::*;
use crate::{
    limits,
    review::{Code, FieldError, FieldsChange, Priority, Stage, Standing, ThreadState},
};

#[test]
fn a_report_is_founded_once_with_the_templates_sections_before_those_named() {
    let mut review = Review { state: ReviewState::default(), seconds: 0 };
    review.refused(9, add_section(1, None, None), "no such report");
    review.ok(9, found(Template::Mgi, vec![(section(1), title("Our own"), SectionKind::Annex)]));
    let outline = review.state.outline();
    let printed: Vec<_> =
        outline.iter().map(|(it, number, _)| (number.as_deref().unwrap_or(""), it.title.as_str())).collect();
    assert_eq!(printed[2..5], [("", "Acronyms"), ("1", "Introduction"), ("2", "Conceptual framework")]);
    assert_eq!(
        printed[12..],
        [
            ("10", "Safe, orderly and regular migration"),
            ("11", "Recommendations of the consultation"),
            ("12", "Main sources"),
            ("13", "Our own"),
        ]
    );
    review.refused(9, found(Template::Mgi, vec![]), "exists already");
}

#[test]
fn a_report_is_not_founded_with_two_sections_of_one_id_or_too_many() {
    let mut review = Review { state: ReviewState::default(), seconds: 0 };
    let named = |n: usize, id: u8| (0..n).map(|_| (section(id), title("A"), SectionKind::Annex)).collect();
    review.refused(9, found(Template::Blank, named(2, 1)), "id already belongs");
    review.refused(9, found(Template::Blank, named(limits::SECTIONS_MAX + 1, 1)), "at most 500 sections");
}

#[test]
fn sections_are_added_behind_a_sibling_or_at_the_end() {
    let mut review = Review::new();
    review.ok(9, add_section(4, None, Some(1)));
    review.ok(9, add_section(5, None, None));
    review.ok(9, add_section(6, Some(2), None));
    let order: Vec<_> = review.outline().into_iter().map(|(id, number, _)| (id, number)).collect();
    let wanted = [(1, "1"), (4, "2"), (2, "3"), (6, "3.1"), (3, "4"), (5, "5")];
    assert_eq!(order, wanted.map(|(id, number)| (id, number.to_owned())));
    assert_eq!(review.ok(9, add_section(4, None, Some(1))), 0, "a repeat makes nothing");
    review.refused(9, add_section(4, Some(2), None), "id already belongs");
    review.refused(9, add_section(7, Some(99), None), "no such section");
    review.refused(9, add_section(7, None, Some(6)), "same parent");
}

#[test]
fn sections_move_to_the_front_behind_a_sibling_and_into_another_but_not_into_themselves() {
    let mut review = Review::new();
    review.ok(9, shift(3, None, None));
    assert_eq!(review.outline().iter().map(|it| it.0).collect::<Vec<_>>(), [3, 1, 2]);
    assert_eq!(review.ok(9, shift(3, None, None)), 0, "it stands there already");
    review.ok(9, shift(3, None, Some(1)));
    assert_eq!(review.ok(9, shift(3, None, Some(1))), 0, "it stands there already");
    review.ok(9, shift(2, Some(3), None));
    assert_eq!(review.outline(), [(1, "1".to_owned(), 0), (3, "2".to_owned(), 0), (2, "2.1".to_owned(), 1)]);
    review.refused(9, shift(3, Some(3), None), "must not be the section itself");
    review.refused(9, shift(3, Some(2), None), "must not be the section itself");
    review.refused(9, shift(3, None, Some(3)), "same parent");
    review.refused(9, shift(9, None, None), "no such section");
}

#[test]
fn an_outline_is_at_most_four_levels_deep_what_moves_with_a_section_counted() {
    let mut review = Review::new();
    for (n, parent) in [(4, 3), (5, 4), (6, 5)] {
        review.ok(9, add_section(n, Some(parent), None));
    }
    review.refused(9, add_section(7, Some(6), None), "at most 4 levels");
    review.refused(9, shift(3, Some(1), None), "at most 4 levels");
    review.ok(9, shift(4, Some(1), None));
}

#[test]
fn a_hundred_moves_to_one_place_leave_an_order_that_is_plain() {
    let mut review = Review::new();
    for _ in 0..50 {
        review.ok(9, shift(3, None, Some(1)));
        review.ok(9, shift(2, None, Some(1)));
    }
    assert_eq!(review.outline().iter().map(|it| it.0).collect::<Vec<_>>(), [1, 2, 3]);
    let ranks: Vec<_> = review.state.outline().iter().map(|it| it.0.rank).collect();
    assert!(ranks.is_sorted_by(|a, b| b - a > 1e-7), "{ranks:?}");
}

#[test]
fn a_section_changes_only_in_what_is_given() {
    let mut review = Review::new();
    let change = |drafted_by| Command::ChangeSection {
        section: section(1),
        title: Some(title("Housing")),
        stage: None,
        drafted_by,
    };
    review.ok(9, change(Some(Some(organization(1)))));
    review.ok(9, stage(1, Stage::InReview));
    let now = &review.state.sections[&section(1)];
    assert_eq!(
        (now.title.as_str(), now.stage, now.drafted_by),
        ("Housing", Stage::InReview, Some(organization(1)))
    );
    assert_eq!(review.ok(9, change(None)), 0);
    review.ok(9, change(Some(None)));
    assert_eq!(review.state.sections[&section(1)].drafted_by, None);
    review.refused(9, change(Some(Some(organization(2)))), "no such organization");
}

#[test]
fn names_and_codes_of_organizations_are_told_apart_by_more_than_case_and_form() {
    let mut review = Review::new();
    let add = |n, named: &str, code: Option<&str>| Command::AddOrganization {
        organization: organization(n),
        name: name(named),
        code: code.map(|it| Code::try_from(it.to_owned()).unwrap()),
        kind: OrganizationKind::Government,
    };
    review.refused(9, add(2, "INTERNATIONAL organization for Migration", None), "already has this name");
    review.refused(9, add(2, "iom", None), "already has this name");
    review.refused(9, add(2, "Ministry", Some("iom")), "already has this code");
    review.ok(9, add(2, "Institute of Maps", Some("MAPS")));
    assert_eq!(review.ok(9, add(2, "Institute of Maps", None)), 0, "a repeat makes nothing");
    review.refused(9, add(2, "Institute of Maps", Some("IM")), "id already belongs");
    review.ok(9, add(3, "Islands of Men", None));
    let now = &review.state.organizations[&organization(3)];
    assert_eq!((now.code.as_str(), now.hue), ("IM", 3));
}

#[test]
fn who_was_removed_keeps_their_name_but_no_role() {
    let mut review = Review::new();
    let joined = Command::NoteJoined { participant: person(1) };
    assert_eq!((review.ok(1, joined.clone()), review.ok(1, joined.clone())), (1, 0));
    let change =
        |name| Command::ChangeParticipant { participant: person(1), name, role: Some(Role::Drafter) };
    review.ok(9, change(Some(name("Ana"))));
    assert_eq!(Standing::of(&review.state).roles[&person(1)], Role::Drafter);
    let remove = Command::RemoveParticipant { participant: person(1) };
    assert_eq!((review.ok(9, remove.clone()), review.ok(9, remove)), (1, 0));
    let now = &review.state.participants[&person(1)];
    assert_eq!((now.name.as_str(), now.role, now.joined_at.is_some()), ("Ana", None, true));
    assert!(!Standing::of(&review.state).roles.contains_key(&person(1)));
    review.refused(9, change(None), "add them again");
    review.refused(1, joined, "add them again");
    review.refused(9, add_person(1, Role::Reviewer), "id already belongs");
    review.refused(9, add_person(0, Role::Reviewer), "id already belongs");
    review.refused(9, Command::RemoveParticipant { participant: person(8) }, "no such participant");
}

#[test]
fn a_comment_is_made_once_however_often_it_is_sent() {
    let mut review = Review::new();
    assert_eq!(review.ok(1, open(1, 1, "Why?")), 1);
    assert_eq!(review.act(1, open(1, 1, "Why?")), Ok((Outcome::Thread(thread(1)), 0)));
    review.refused(1, open(1, 1, "Why not?"), "id already belongs");
    review.refused(2, open(1, 1, "Why?"), "id already belongs");
    assert_eq!((review.ok(2, reply_to(1, 1, "So.")), review.ok(2, reply_to(1, 1, "So."))), (1, 0));
    review.refused(1, reply_to(1, 1, "So."), "id already belongs");
    review.refused(1, reply_to(2, 9, "So."), "no such comment");
    review.refused(1, open(2, 9, "Why?"), "no such section");
}

#[test]
fn only_authors_change_their_words_and_only_while_the_thread_is_open() {
    let mut review = Review::new();
    review.ok(1, open(1, 1, "Why?"));
    review.ok(2, reply_to(1, 1, "So."));
    let edit = |words: &str| Command::EditThread { thread: thread(1), text: text(words) };
    let edit_reply = |words: &str| Command::EditReply { reply: reply(1), text: text(words) };
    review.refused(9, edit("Never mind."), "Only its author");
    review.refused(1, edit_reply("No."), "Only its author");
    assert_eq!((review.ok(1, edit("Why?")), review.state.threads[&thread(1)].edited_at), (0, None));
    review.ok(1, edit("Why here?"));
    review.ok(2, edit_reply("So it is."));
    assert!(review.state.threads[&thread(1)].edited_at.is_some());
    assert!(review.state.replies[&reply(1)].edited_at.is_some());
    review.ok(9, Command::Resolve { thread: thread(1) });
    review.refused(1, edit("Why now?"), "Reopen it");
    review.refused(2, edit_reply("No."), "Reopen it");
}

#[test]
fn a_thread_is_resolved_once_and_reopened_once() {
    let mut review = Review::new();
    review.ok(1, open(1, 1, "Why?"));
    let (resolve, reopen) = (Command::Resolve { thread: thread(1) }, Command::Reopen { thread: thread(1) });
    review.refused(1, reopen.clone(), "already open");
    review.ok(2, resolve.clone());
    let now = review.state.threads[&thread(1)].clone();
    assert_eq!(
        (now.state, now.resolved_by, now.resolved_at.is_some()),
        (ThreadState::Resolved, Some(person(2)), true)
    );
    assert!(matches!(review.refused(1, resolve, "already resolved"), Refusal::Conflict { .. }));
    assert_eq!(review.ok(1, reply_to(1, 1, "Thank you.")), 1, "words sent meanwhile are not lost");
    review.ok(1, reopen);
    let now = &review.state.threads[&thread(1)];
    assert_eq!((now.state, now.resolved_by, now.resolved_at), (ThreadState::Open, None, None));
}

#[test]
fn a_locked_section_takes_no_new_words_but_its_threads_can_be_settled() {
    let mut review = Review::new();
    review.ok(1, open(1, 1, "Why?"));
    review.ok(9, stage(1, Stage::Locked));
    for command in [open(2, 1, "And?"), reply_to(1, 1, "So."), recommend(1, 1, "Do it.")] {
        assert!(matches!(review.refused(9, command, "is locked"), Refusal::Forbidden { .. }));
    }
    let edit = Command::EditThread { thread: thread(1), text: text("Well.") };
    review.refused(1, edit, "is locked");
    assert_eq!(review.ok(1, open(1, 1, "Why?")), 0, "a repeat of what was taken before is still answered");
    review.ok(9, Command::Resolve { thread: thread(1) });
    review.ok(9, stage(1, Stage::Agreed));
    review.ok(1, open(2, 1, "And?"));
}

#[test]
fn a_thread_can_be_placed_again_by_anyone_who_comments() {
    let mut review = Review::new();
    review.ok(1, open(1, 1, "Why?"));
    let place = |clock| Command::PlaceThread { thread: thread(1), anchor: anchor(clock) };
    assert_eq!((review.ok(2, place(5)), review.ok(2, place(5))), (1, 0));
    let now = &review.state.threads[&thread(1)];
    assert_eq!((now.anchor.clone(), now.edited_at), (Some(anchor(5)), None));
}

#[test]
fn an_anchor_that_is_no_relative_position_is_refused() {
    let mut review = Review::new();
    let bad = Anchor { start: json!({"line": 5}), ..anchor(1) };
    let command =
        Command::OpenThread { thread: thread(1), section: section(1), anchor: Some(bad), text: text("Why?") };
    let refusal = review.refused(1, command, "relative positions");
    assert!(matches!(refusal, Refusal::Field { field: "anchor", error: FieldError::Form(_) }));
}

#[test]
fn recommendations_are_numbered_in_the_order_of_their_making() {
    let mut review = Review::new();
    for n in [3, 1, 2] {
        review.ok(1, recommend(n, 1, "Do it."));
    }
    assert_eq!(review.ok(1, recommend(1, 1, "Do it.")), 0, "a repeat makes nothing");
    review.refused(1, recommend(1, 1, "Do more."), "id already belongs");
    review.refused(2, recommend(1, 1, "Do it."), "id already belongs");
    let numbers = [3, 1, 2].map(|n| review.state.recommendations[&recommendation(n)].number);
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn a_recommendation_is_changed_and_placed_by_its_author_or_a_coordinator() {
    let mut review = Review::new();
    review.ok(1, recommend(1, 1, "Do it."));
    let edit = |words: &str| Command::EditRecommendation {
        recommendation: recommendation(1),
        change: fields(words).into(),
    };
    let place = Command::PlaceRecommendation { recommendation: recommendation(1), anchor: anchor(1) };
    review.refused(2, edit("Do nothing."), "Only its author and the coordinator");
    review.refused(2, place.clone(), "Only its author and the coordinator");
    assert_eq!(
        (review.ok(1, edit("Do it.")), review.state.recommendations[&recommendation(1)].edited_at),
        (0, None)
    );
    assert_eq!(
        (review.ok(1, edit("Do it now.")), review.ok(9, edit("Do it soon.")), review.ok(9, place)),
        (1, 1, 1)
    );
    let now = &review.state.recommendations[&recommendation(1)];
    assert_eq!((now.text.as_str(), now.author, now.edited_at.is_some()), ("Do it soon.", person(1), true));
}

#[test]
fn two_who_change_different_fields_at_once_both_have_their_way() {
    let mut review = Review::new();
    review.ok(1, recommend(1, 1, "Do it."));
    let edit = |change| Command::EditRecommendation { recommendation: recommendation(1), change };
    let words = FieldsChange { text: Some(text("Do it now.")), ..FieldsChange::default() };
    let urgency = FieldsChange { priority: Some(Some(Priority::High)), ..FieldsChange::default() };
    assert_eq!((review.ok(1, edit(words)), review.ok(9, edit(urgency))), (1, 1));
    let now = &review.state.recommendations[&recommendation(1)];
    assert_eq!((now.text.as_str(), now.priority), ("Do it now.", Some(Priority::High)));
}

#[test]
fn a_full_report_says_how_much_it_holds() {
    let mut review = Review::new();
    let made = review.state.participants[&person(1)].clone();
    for n in 0..limits::PARTICIPANTS_MAX as u64 {
        let id = ParticipantId::from_bytes((u128::from(n) << 64).to_be_bytes());
        review.state.participants.insert(id, crate::review::Participant { id, ..made.clone() });
    }
    review.refused(9, add_person(3, Role::Reviewer), "at most 2000 participants");
}
