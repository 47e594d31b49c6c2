//! The path of a recommendation, by examples. Who may take which step from where: `access::rights`' table.

use super::*;
use crate::review::{
    Carried, CarriedFrom, Change, FieldsChange, Institution, ProgressState, ShortField, Step, StepKind, Term,
    TermCode, TermList,
};

/// Recommendations 1, 2 and 3 of person 1, who acts for organization 1 as the coordinator does.
fn three() -> Review {
    let mut review = Review::new();
    for n in 1..=3 {
        review.ok(1, recommend(n, 1, &format!("Do {n}.")));
    }
    review
}

fn kinds(review: &Review, n: u8) -> Vec<(StepKind, RecommendationStatus)> {
    review.state.path(recommendation(n)).map(|it| (it.kind, it.status)).collect()
}

fn last(review: &Review, n: u8) -> Step {
    review.state.last_step(recommendation(n)).unwrap().clone()
}

#[test]
fn a_path_from_proposal_to_publication_is_kept_step_by_step() {
    let mut review = three();
    review
        .ok(9, step(&review, 1, NextStep::ProposeDisposition(Disposition::Agreed), Some("Nobody objects.")));
    review.ok(2, step(&review, 1, NextStep::AcceptDisposition, None));
    review.ok(9, step(&review, 1, NextStep::Decide(Disposition::Agreed), None));
    review.ok(9, step(&review, 1, NextStep::Publish, None));
    use RecommendationStatus::{Agreed, Proposed, Published, UnderDiscussion};
    let wanted = [
        (StepKind::Proposed, Proposed),
        (StepKind::Discussion, UnderDiscussion),
        (StepKind::DispositionProposed, Agreed),
        (StepKind::DispositionAccepted, Agreed),
        (StepKind::Decided, Agreed),
        (StepKind::Published, Published),
    ];
    assert_eq!(kinds(&review, 1), wanted);
    let third = review.state.path(recommendation(1)).nth(2).unwrap();
    assert_eq!((third.n, third.by, third.reason.clone()), (3, person(9), Some(text("Nobody objects."))));
    assert_eq!((review.recommendation(1).steps, review.recommendation(1).status), (6, Published));
    assert_eq!(review.recommendation(1).edited_at, None, "its fields were not edited");
}

#[test]
fn a_decision_needs_a_reason_unless_the_very_same_was_accepted() {
    let mut review = three();
    let decide = NextStep::Decide;
    review.refused(9, step(&review, 1, decide(Disposition::Agreed), None), "reason say why");
    review.ok(9, step(&review, 1, NextStep::ProposeDisposition(Disposition::Agreed), None));
    review.refused(9, step(&review, 1, decide(Disposition::Agreed), None), "reason say why");
    review.ok(1, step(&review, 1, NextStep::AcceptDisposition, None));
    review.refused(9, step(&review, 1, decide(Disposition::NotAgreed), None), "reason say why");
    review.ok(9, step(&review, 1, decide(Disposition::Agreed), None));

    review.ok(9, step(&review, 2, NextStep::ProposeDisposition(Disposition::NotAgreed), None));
    review.refused(1, step(&review, 2, NextStep::DeclineDisposition, None), "reason say why");
    review.ok(1, step(&review, 2, NextStep::DeclineDisposition, Some("We need it.")));
    review.refused(1, step(&review, 2, NextStep::AcceptDisposition, None), "Nobody waits for an answer");
    review.ok(9, step(&review, 2, NextStep::ProposeDisposition(Disposition::Agreed), None));
    assert_eq!(review.recommendation(2).status, RecommendationStatus::UnderDiscussion);
}

#[test]
fn what_the_administrator_proposed_has_nobody_to_ask() {
    let mut review = Review::new();
    review.ok(0, recommend(1, 1, "Do it."));
    let propose = NextStep::ProposeDisposition(Disposition::Agreed);
    review.refused(9, step(&review, 1, propose, None), "no organization to ask");
    review.ok(0, step(&review, 1, NextStep::Decide(Disposition::Agreed), Some("All agree.")));
}

#[test]
fn who_was_slower_learns_who_did_what_and_when() {
    let mut review = three();
    let slow = step(&review, 1, NextStep::Discuss, None);
    review.ok(9, step(&review, 1, NextStep::Decide(Disposition::NotAgreed), Some("Too dear.")));
    let refusal = review.refused(
        0,
        slow.clone(),
        "Somebody was faster: Person 9 (IOM) recorded R1 as not agreed at 00:00 UTC",
    );
    assert!(matches!(refusal, Refusal::Conflict { .. }));
    review.seconds += 24 * 60 * 60;
    review.refused(0, slow, "on 1 January 1970 at 00:00 UTC. Your choice was not recorded.");
    let future = Command::TakeStep {
        recommendation: recommendation(2),
        seen: 2,
        step: NextStep::Discuss,
        reason: None,
    };
    review.refused(9, future, "Person 1 (IOM) proposed R2");
}

#[test]
fn the_same_step_again_by_the_same_person_changes_nothing() {
    for (status, way) in ways() {
        let mut review = three();
        let Some((next, reason)) = way.last().cloned() else { continue };
        review.go(1, way);
        let again = step(&review, 1, next, reason);
        let Command::TakeStep { recommendation, step, reason, .. } = again.clone() else { unreachable!() };
        assert_eq!(review.ok(9, again), 0, "{status}");
        for seen in [0, 1, 99] {
            let (step, reason) = (step.clone(), reason.clone());
            assert_eq!(review.ok(9, Command::TakeStep { recommendation, seen, step, reason }), 0, "{status}");
        }
        let other = Some(text("Another reason."));
        review.act(9, Command::TakeStep { recommendation, seen: 1, step, reason: other }).unwrap_err();
    }
}

#[test]
fn a_merge_leaves_the_source_and_makes_positions_on_the_target_due_for_renewal() {
    let mut review = three();
    review.ok(1, position(2, Stance::Support));
    review.ok(9, step(&review, 1, NextStep::Merge { into: recommendation(2) }, Some("The same.")));
    let (source, target) = (review.recommendation(1), review.recommendation(2));
    assert_eq!((source.status, source.merged_into), (RecommendationStatus::Merged, Some(target.id)));
    assert_eq!((target.wording, target.renew_from, target.status), (2, 2, RecommendationStatus::Proposed));
    assert_eq!((last(&review, 1).kind, last(&review, 1).other), (StepKind::Merged, Some(target.id)));
    assert_eq!((last(&review, 2).kind, last(&review, 2).other), (StepKind::Gained, Some(source.id)));
    let now = review.state.position_of(target.id, organization(1)).unwrap();
    assert!(target.is_to_be_renewed(now));
    review.ok(1, position(2, Stance::Support));
    let now = review.state.position_of(recommendation(2), organization(1)).unwrap();
    assert_eq!((now.n, review.recommendation(2).is_to_be_renewed(now)), (2, false));

    let into = |n| NextStep::Merge { into: recommendation(n) };
    review.refused(9, step(&review, 2, into(2), Some("Why?")), "into must be another");
    review.refused(
        9,
        step(&review, 2, into(99), Some("Why?")),
        "into must be a recommendation of this report",
    );
    review.refused(9, step(&review, 2, into(1), Some("Why?")), "R1 was merged into R2. Go on with R2.");
    review.refused(9, step(&review, 2, into(3), None), "reason say why");
}

#[test]
fn a_proposal_that_waited_for_an_answer_does_so_no_more_when_it_takes_in_another() {
    let mut review = three();
    review.ok(9, step(&review, 2, NextStep::ProposeDisposition(Disposition::Agreed), None));
    review.ok(9, step(&review, 1, NextStep::Merge { into: recommendation(2) }, Some("The same.")));
    review.refused(1, step(&review, 2, NextStep::AcceptDisposition, None), "Nobody waits for an answer");
}

#[test]
fn a_split_makes_a_new_one_of_the_same_author_in_the_same_place() {
    let mut review = three();
    review.ok(1, Command::PlaceRecommendation { recommendation: recommendation(1), anchor: anchor(3) });
    review.ok(9, step(&review, 1, split(4, "The other half."), Some("Two things.")));
    let (old, new) = (review.recommendation(1), review.recommendation(4));
    assert_eq!((old.wording, old.renew_from, old.status), (2, 2, RecommendationStatus::Proposed));
    assert_eq!((new.number, new.status, new.steps), (4, RecommendationStatus::UnderDiscussion, 1));
    assert_eq!(
        (new.author, new.section, new.anchor.clone(), new.split_from),
        (person(1), section(1), Some(anchor(3)), Some(old.id))
    );
    assert_eq!((last(&review, 1).kind, last(&review, 1).other), (StepKind::Split, Some(new.id)));
    let first = last(&review, 4);
    assert_eq!((first.kind, first.status, first.other), (StepKind::Proposed, new.status, Some(old.id)));
    review.refused(9, step(&review, 1, split(2, "Another."), Some("Two things.")), "id already belongs");
}

#[test]
fn none_is_put_forward_when_there_is_no_room_for_its_first_step() {
    let mut review = three();
    let last = last(&review, 1);
    for n in (last.n + 1..).take(crate::limits::STEPS_MAX - review.state.steps.len()) {
        review.state.apply(&Change::Step(Step { n, ..last.clone() }));
    }
    let refusal = review.act(1, recommend(4, 1, "Do it.")).unwrap_err();
    assert_eq!(refusal.to_string(), "a report holds at most 100000 steps of recommendations");
}

#[test]
fn no_way_to_make_one_gives_it_the_id_of_a_section_whose_text_its_wording_could_not_be_told_from() {
    let mut review = three();
    let taken = RecommendationId::from_bytes(*section(2).as_bytes());
    let recommend = Command::Recommend {
        recommendation: taken,
        section: section(1),
        anchor: None,
        fields: fields("Do it."),
    };
    review.refused(1, recommend, "id already belongs");
    let split = NextStep::Split { recommendation: taken, title: title("The half."), text: text("The half.") };
    review.refused(9, step(&review, 1, split, Some("Two things.")), "id already belongs");
    let from = CarriedFrom { report: ReportId::from_bytes([8; 16]), recommendation: taken, number: 9 };
    let item = Carried { recommendation: taken, from, fields: fields("Do it."), terms: vec![] };
    review.refused(9, Command::Carry { items: vec![item] }, "id already belongs");
}

#[test]
fn what_is_closed_keeps_its_words_but_for_the_coordinators_corrections() {
    let urgent =
        FieldsChange { timeframe: Some(ShortField::try_from("2027".to_owned()).ok()), ..Default::default() };
    let words = FieldsChange { title: Some(title("Do it well.")), ..Default::default() };
    let edit = |change: &FieldsChange| Command::EditRecommendation {
        recommendation: recommendation(1),
        change: change.clone(),
    };
    for (status, way) in ways() {
        let mut review = three();
        review.go(1, way);
        let (wording, taken) = (review.recommendation(1).wording, |it: Result<_, Refusal>| it.is_ok());
        let open = matches!(status, "proposed" | "under discussion" | "to be answered");
        let recorded = matches!(status, "agreed" | "not agreed");
        assert_eq!(taken(review.act(1, edit(&urgent))), open || recorded, "{status}");
        assert_eq!(review.recommendation(1).wording, wording, "the words are the same");
        assert_eq!(taken(review.act(1, edit(&words))), open, "{status}");
        assert_eq!(taken(review.act(9, edit(&words))), open || recorded, "{status}");
        let reworded = u32::from(open || recorded);
        assert_eq!(review.recommendation(1).wording, wording + reworded, "{status}");
        assert_eq!(review.recommendation(1).renew_from, 1, "an edit asks nobody to renew their position");
    }
}

#[test]
fn lists_are_bounded_and_name_only_what_the_report_has() {
    let mut review = three();
    let code = |it: &str| TermCode::try_from(it.to_owned()).unwrap();
    let edit = |change| Command::EditRecommendation { recommendation: recommendation(1), change };
    let themes = |all: &[&str]| FieldsChange {
        themes: Some(all.iter().map(|it| code(it)).collect()),
        ..Default::default()
    };
    let many: Vec<String> = (0..13).map(|n| format!("9.{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    review.refused(1, edit(themes(&many)), "themes may hold at most 12");
    review.refused(1, edit(themes(&["1.1", "1.8"])), "themes must be codes of the reference list");
    let housing =
        Term { list: TermList::Themes, code: code("1.8"), title: title("Housing"), dimension: None };
    let add = |term: &Term| Command::AddTerm { term: term.clone() };
    assert_eq!((review.ok(9, add(&housing)), review.ok(9, add(&housing))), (1, 0));
    review.ok(1, edit(themes(&["1.1", "1.8"])));
    review.refused(9, add(&Term { title: title("Homes"), ..housing.clone() }), "on the list already");
    review.refused(9, add(&Term { code: code("1.7"), ..housing.clone() }), "on the reference list already");
    let target =
        Term { list: TermList::SdgTargets, dimension: Some(crate::review::Dimension::Rights), ..housing };
    review.refused(9, add(&target), "only themes belong to one");

    let of = |n| Institution::Organization { organization: organization(n) };
    let named = Institution::Name(ShortField::try_from("The city".to_owned()).unwrap());
    let lead = |it| FieldsChange { lead_institution: Some(Some(it)), ..Default::default() };
    review.refused(1, edit(lead(of(7))), "lead_institution must name organizations of this report");
    review.ok(1, edit(lead(of(1))));
    let supporting = vec![named.clone(), of(1), named.clone()];
    review.ok(1, edit(FieldsChange { supporting_institutions: Some(supporting), ..Default::default() }));
    assert_eq!(review.recommendation(1).supporting_institutions, [named, of(1)], "each once");
}

#[test]
fn a_creation_that_names_an_institution_twice_may_be_repeated() {
    let mut review = three();
    let named = Institution::Name(ShortField::try_from("The city".to_owned()).unwrap());
    let fields = Fields { supporting_institutions: vec![named.clone(), named.clone()], ..fields("Do it.") };
    let recommend =
        Command::Recommend { recommendation: recommendation(4), section: section(1), anchor: None, fields };
    assert_eq!((review.ok(1, recommend.clone()), review.ok(1, recommend)), (2, 0));
    assert_eq!(review.recommendation(4).supporting_institutions, [named]);
}

#[test]
fn what_is_left_to_be_done_is_taken_over_once_and_in_the_words_of_the_later_report() {
    let mut earlier = three();
    let lead = Some(Some(Institution::Organization { organization: organization(1) }));
    let change = FieldsChange { lead_institution: lead, ..Default::default() };
    earlier.ok(1, Command::EditRecommendation { recommendation: recommendation(1), change });
    for n in [1, 3] {
        earlier.go(n, ways().remove(7).1);
    }
    let done = Command::ReportProgress {
        recommendation: recommendation(3),
        state: ProgressState::Done,
        note: None,
        link: None,
    };
    earlier.ok(9, done);
    let left = |wanted: Option<&[u8]>| {
        let mut n = 100;
        let wanted = wanted.map(|ids| ids.iter().map(|n| recommendation(*n)).collect());
        earlier.state.left_to_be_done(wanted.as_ref(), || {
            n += 1;
            recommendation(n)
        })
    };
    assert_eq!(left(Some(&[2, 3])), Ok(vec![]));
    let unknown = left(Some(&[1, 77])).unwrap_err().to_string();
    assert_eq!(unknown, "recommendations must be recommendations of the earlier report");
    let items = left(None).unwrap();
    let from =
        CarriedFrom { report: ReportId::from_bytes([7; 16]), recommendation: recommendation(1), number: 1 };
    assert_eq!(items.iter().map(|it| it.from).collect::<Vec<_>>(), [from]);

    let mut later = Review::new();
    later.ok(1, recommend(5, 1, "Do it first."));
    assert_eq!(later.ok(9, Command::Carry { items: items.clone() }), 2);
    let new = later.recommendation(101);
    assert_eq!((new.number, new.status, new.carried_from), (2, RecommendationStatus::Proposed, Some(from)));
    assert_eq!(new.lead_institution, Some(Institution::Organization { organization: organization(1) }));
    assert_eq!((new.author, last(&later, 101).kind), (person(9), StepKind::Proposed));
    assert_eq!(later.ok(9, Command::Carry { items }), 0, "a repeat copies nothing twice");
}

/// Of an earlier report, with these fields; it gets the id 50 and up.
fn carried(n: u8, fields: Fields) -> Carried {
    let from =
        CarriedFrom { report: ReportId::from_bytes([8; 16]), recommendation: recommendation(n), number: 9 };
    Carried { recommendation: recommendation(50 + n), from, fields, terms: vec![] }
}

#[test]
fn what_is_taken_over_goes_to_the_section_of_its_dimension_where_there_is_one_for_each() {
    use crate::review::Dimension::{Rights, SafeMigration};
    let of = |dimension| Fields { dimension: Some(dimension), ..fields("Do it.") };
    let items = || vec![carried(1, of(Rights)), carried(2, of(SafeMigration)), carried(3, fields("Do it."))];
    let titles = |review: &Review| {
        let title = |n: u8| review.state.sections[&review.recommendation(50 + n).section].title.as_str();
        [1, 2, 3].map(|n| title(n).to_owned())
    };
    let (rights, safe, register) =
        ("Migrants' rights", "Safe, orderly and regular migration", "Recommendations of the consultation");
    let mgi = |more: &[SectionKind]| {
        let mut review = Review { state: ReviewState::default(), seconds: 0 };
        let more = (1..).zip(more).map(|(n, kind)| (section(n), title("Seventh"), *kind));
        review.ok(9, found(Template::Mgi, more.collect()));
        review
    };
    let mut review = mgi(&[]);
    review.ok(9, Command::Carry { items: items() });
    assert_eq!(titles(&review), [rights, safe, register]);

    let mut locked = mgi(&[]);
    let id = locked.state.sections.values().find(|it| it.title.as_str() == rights).unwrap().id;
    let stage = Some(crate::review::Stage::Locked);
    locked.ok(9, Command::ChangeSection { section: id, title: None, stage, drafted_by: None });
    locked.ok(9, Command::Carry { items: items() });
    assert_eq!(titles(&locked), [register, safe, register]);

    let mut seven = mgi(&[SectionKind::Dimension]);
    seven.ok(9, Command::Carry { items: items() });
    assert_eq!(titles(&seven), [register; 3], "which of seven is of which dimension, nobody can say");
    let mut one = Review { state: ReviewState::default(), seconds: 0 };
    let sections = [(SectionKind::Dimension, safe), (SectionKind::Register, register)];
    let sections = (1..).zip(sections).map(|(n, (kind, it))| (section(n), title(it), kind));
    one.ok(9, found(Template::Blank, sections.collect()));
    one.ok(9, Command::Carry { items: items() });
    assert_eq!(titles(&one), [register; 3]);
}

#[test]
fn an_organization_that_goes_by_two_names_is_taken_over_once() {
    let mut review = Review::new();
    let named = |it: &str| Institution::Name(ShortField::try_from(it.to_owned()).unwrap());
    let supporting_institutions = vec![named("IOM"), named("International Organization for Migration")];
    let item = carried(1, Fields { supporting_institutions, ..fields("Do it.") });
    review.ok(9, Command::Carry { items: vec![item] });
    let iom = Institution::Organization { organization: organization(1) };
    assert_eq!(review.recommendation(51).supporting_institutions, [iom]);
}

#[test]
fn a_name_that_the_later_report_does_not_know_stays_a_name() {
    let named = Institution::Name(ShortField::try_from("Ministry of Time".to_owned()).unwrap());
    let fields = Fields { lead_institution: Some(named.clone()), ..fields("Do it.") };
    let from =
        CarriedFrom { report: ReportId::from_bytes([8; 16]), recommendation: recommendation(1), number: 9 };
    let item = Carried { recommendation: recommendation(50), from, fields, terms: vec![] };
    let (_, changes) = decide(
        &Review::new().state,
        Decision { by: person(9), role: Role::Coordinator, at: jiff::Timestamp::UNIX_EPOCH },
        Command::Carry { items: vec![item.clone(), Carried { recommendation: recommendation(51), ..item }] },
    )
    .unwrap();
    assert_eq!(changes.len(), 2, "what is named twice is taken over once");
    assert!(
        changes
            .iter()
            .any(|it| matches!(it, Change::Recommendation(it) if it.lead_institution == Some(named.clone())))
    );
}
