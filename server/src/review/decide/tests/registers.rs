//! A register under random steps: numbers are never used again, paths have no gap, and nothing that was said is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::review::{Change, Standing, StepKind};

#[derive(Clone, Debug)]
struct Deed {
    by: u8,
    on: u8,
    other: u8,
    what: u8,
    /// Steps less than there are that its author saw.
    late: u32,
    reason: bool,
}

fn deed() -> impl Strategy<Value = Deed> {
    let late = prop_oneof![9 => Just(0u32), 1 => 1..3u32];
    (prop_oneof![2 => Just(9u8), 1 => 1..4u8], 1..6u8, 1..30u8, 0..16u8, late, proptest::bool::weighted(0.8))
        .prop_map(|(by, on, other, what, late, reason)| Deed { by, on, other, what, late, reason })
}

fn command(review: &Review, deed: &Deed) -> Command {
    let Deed { on, other, what, late, reason, .. } = *deed;
    let next = match what {
        0 => NextStep::Discuss,
        1 => NextStep::ProposeDisposition(Disposition::Agreed),
        2 => NextStep::ProposeDisposition(Disposition::NotAgreed),
        3 => NextStep::AcceptDisposition,
        4 => NextStep::DeclineDisposition,
        5 => NextStep::Decide(Disposition::Agreed),
        6 => NextStep::Decide(Disposition::NotAgreed),
        7 => NextStep::Withdraw,
        8 => NextStep::Reopen,
        9 => NextStep::Publish,
        10 => NextStep::Merge { into: recommendation(other % 6) },
        11 => split(other, "Half."),
        12 => return recommend(other, 1, "Do it."),
        13 => return position(on, [Stance::Support, Stance::Object][usize::from(other) % 2]),
        14 => {
            let condition = Some(recommendation(other % 6));
            let taken =
                Taken { position: Stance::Support, changes: None, statement: None, condition, wording: None };
            return Command::TakePosition { recommendation: recommendation(on), organization: None, taken };
        }
        _ => {
            let change = fields(["Do it.", "Do more."][usize::from(other) % 2]).into();
            return Command::EditRecommendation { recommendation: recommendation(on), change };
        }
    };
    let Some(it) = review.state.recommendations.get(&recommendation(on)) else {
        return recommend(on, 1, "Do it.");
    };
    let seen = it.steps.saturating_sub(late);
    Command::TakeStep { recommendation: it.id, seen, step: next, reason: reason.then(|| text("Because.")) }
}

fn check(state: &ReviewState) {
    let numbers: Vec<u32> = state.recommendations.values().map(|it| it.number).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(1..=numbers.len() as u32), "{numbers:?}");
    for it in state.recommendations.values() {
        assert!(
            state.path(it.id).map(|step| step.n).eq(1..=it.steps),
            "the path of R{} has a gap",
            it.number
        );
        let is_answer = |kind| {
            matches!(
                kind,
                StepKind::DispositionProposed | StepKind::DispositionAccepted | StepKind::DispositionDeclined
            )
        };
        let moved = state.path(it.id).rfind(|step| !is_answer(step.kind));
        assert_eq!(moved.map(|step| step.status), Some(it.status), "R{}", it.number);
        assert!(1 <= it.renew_from && it.renew_from <= it.wording);
        assert_eq!(it.merged_into.is_some(), it.status == RecommendationStatus::Merged);
        assert!(state.end_of_merges(it.id).is_some(), "merges go round in a circle");
        let mut trails = BTreeMap::new();
        for position in state.positions_on(it.id) {
            let n = trails.entry(position.organization).or_insert(0);
            *n += 1;
            assert_eq!(position.n, *n);
            assert!((1..=it.wording).contains(&position.wording));
        }
    }
    assert_eq!(state.steps.len(), state.recommendations.values().map(|it| it.steps as usize).sum::<usize>());
}

/// What decides rights, with the recommendations that changed.
fn follow(standing: &mut Standing, before: &ReviewState, now: &ReviewState) {
    let changed = now.recommendations.values().filter(|it| before.recommendations.get(&it.id) != Some(*it));
    let changes: Vec<_> = changed.map(|it| Change::Recommendation(it.clone().into())).collect();
    if changes.iter().any(|change| before.changes_standing(change)) {
        changes.iter().for_each(|change| standing.apply(now, change));
    }
}

proptest! {
    #[test]
    fn numbers_are_never_used_again_and_nothing_that_was_said_is_lost(
        deeds in proptest::collection::vec(deed(), 1..120),
    ) {
        let mut review = Review::new();
        review.ok(9, add_organization(2, "Ministry of Labour"));
        review.ok(9, add_person_of(3, 2, Role::Drafter));
        for n in 1..4 {
            review.ok(n, recommend(n, 1, "Do it."));
        }
        let mut numbers = BTreeMap::new();
        let mut standing = Standing::of(&review.state);
        for deed in deeds {
            let before = review.state.clone();
            let taken = review.act(deed.by, command(&review, &deed));
            if taken.is_err() {
                prop_assert_eq!(&review.state, &before);
                continue;
            }
            check(&review.state);
            follow(&mut standing, &before, &review.state);
            prop_assert_eq!(&standing, &Standing::of(&review.state));
            for it in review.state.recommendations.values() {
                prop_assert_eq!(*numbers.entry(it.id).or_insert(it.number), it.number, "a number stays");
            }
            let (then, now) = (&before, &review.state);
            let kept = then.steps.values().all(|it| now.steps.get(it.recommendation, &it.n) == Some(it))
                && then.positions.values().all(|it| {
                    now.positions.get(it.recommendation, &(it.organization, it.n)) == Some(it)
                });
            prop_assert!(kept, "steps and positions never change");
            prop_assert!(before.recommendations.keys().all(|id| review.state.recommendations.contains_key(id)));
        }
    }
}
