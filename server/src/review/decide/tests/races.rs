//! Two coordinators move the same recommendation at once: all pairs of steps, from everywhere, in both orders.

use super::*;

const FIRST: u8 = 8;
const SECOND: u8 = 9;

/// Recommendations 1, 2 and 3; both race as coordinators.
fn scene(way: Way) -> Review {
    let mut review = Review::new();
    review.ok(9, add_person(FIRST, Role::Coordinator));
    for n in 1..=3 {
        review.ok(1, recommend(n, 1, &format!("Do {n}.")));
    }
    review.go(1, way);
    review
}

/// Every step, and the words in which its being faster is told.
fn steps() -> Vec<(NextStep, &'static str)> {
    let told = |step| match step {
        NextStep::Discuss => (step, "opened the discussion of R1"),
        NextStep::ProposeDisposition(Disposition::Agreed) => (step, "proposed to record R1 as agreed"),
        NextStep::ProposeDisposition(Disposition::NotAgreed) => (step, "proposed to record R1 as not agreed"),
        NextStep::AcceptDisposition => (step, "accepted that R1 is recorded as agreed"),
        NextStep::DeclineDisposition => (step, "declined that R1 is recorded as agreed"),
        NextStep::Decide(Disposition::Agreed) => (step, "recorded R1 as agreed"),
        NextStep::Decide(Disposition::NotAgreed) => (step, "recorded R1 as not agreed"),
        NextStep::Withdraw => (step, "withdrew R1"),
        NextStep::Reopen => (step, "reopened the discussion of R1"),
        NextStep::Merge { .. } => (step, "merged R1 into R"),
        NextStep::Split { .. } => (step, "split R4 from R1"),
        NextStep::Publish => (step, "published R1"),
    };
    let all = [
        NextStep::Discuss,
        NextStep::ProposeDisposition(Disposition::Agreed),
        NextStep::ProposeDisposition(Disposition::NotAgreed),
        NextStep::AcceptDisposition,
        NextStep::DeclineDisposition,
        NextStep::Decide(Disposition::Agreed),
        NextStep::Decide(Disposition::NotAgreed),
        NextStep::Withdraw,
        NextStep::Reopen,
        NextStep::Merge { into: recommendation(2) },
        NextStep::Merge { into: recommendation(3) },
        split(4, "Half."),
        split(5, "The other half."),
        NextStep::Publish,
    ];
    all.into_iter().map(told).collect()
}

#[test]
fn of_two_who_step_at_once_one_wins_and_the_other_learns_who_did_what() {
    let (mut races, mut won) = (0, std::collections::BTreeSet::new());
    for (status, way) in ways() {
        for (faster, told) in steps() {
            for (slower, _) in steps() {
                let mut review = scene(way.clone());
                let reason = Some("Because.");
                let (fast, slow) =
                    (step(&review, 1, faster.clone(), reason), step(&review, 1, slower.clone(), reason));
                let alone = review.state.clone();
                let Ok((_, changed)) = review.act(FIRST, fast) else {
                    // Not to be taken from here: then nobody is faster, and nothing has changed.
                    assert_eq!(review.state, alone, "{status}: {faster:?}");
                    continue;
                };
                assert!(changed > 0, "{status}: {faster:?}");
                races += 1;
                won.insert(told);
                let refusal = review.refused(SECOND, slow, "Somebody was faster: Person 8 (IOM) ");
                assert!(matches!(refusal, Refusal::Conflict { .. }), "{status}: {faster:?}, {slower:?}");
                assert!(refusal.to_string().contains(told), "{told}: {refusal}");
                assert!(refusal.to_string().ends_with("UTC. Your choice was not recorded."), "{refusal}");
            }
        }
    }
    let everything: std::collections::BTreeSet<_> = steps().into_iter().map(|it| it.1).collect();
    assert_eq!(won, everything, "each step was the faster one somewhere");
    // Ten steps from proposed, nine from under discussion, eleven where an answer is waited for, two from agreed, and
    // one each from not agreed and withdrawn.
    assert_eq!(races, (10 + 9 + 11 + 2 + 1 + 1) * steps().len());
}

#[test]
fn a_merge_is_a_step_on_the_path_of_both() {
    for (slower, _) in steps() {
        if slower == (NextStep::Merge { into: recommendation(2) }) {
            continue;
        }
        let mut review = scene(vec![]);
        let slow = step(&review, 2, slower, Some("Because."));
        review.ok(FIRST, step(&review, 1, NextStep::Merge { into: recommendation(2) }, Some("The same.")));
        review.refused(SECOND, slow, "Somebody was faster: Person 8 (IOM) merged R1 into R2");
    }
}

#[test]
fn two_that_are_merged_into_each_other_at_once_are_merged_once() {
    let mut review = scene(vec![]);
    let there = step(&review, 1, NextStep::Merge { into: recommendation(2) }, Some("The same."));
    let back = step(&review, 2, NextStep::Merge { into: recommendation(1) }, Some("The same."));
    review.ok(FIRST, there);
    review.refused(SECOND, back, "Person 8 (IOM) merged R1 into R2");
    assert_eq!(review.recommendation(2).status, RecommendationStatus::Proposed);
}
