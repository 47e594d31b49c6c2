use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    limits,
    review::{Change, Stage, Standing},
};

const ROLES: [Role; 4] = [Role::Coordinator, Role::Drafter, Role::Reviewer, Role::Observer];
const STAGES: [Stage; 4] = [Stage::Drafting, Stage::InReview, Stage::Agreed, Stage::Locked];
const WORDS: [&str; 4] = ["Why?", "Do it.", "Ministry of Labour", "ministry of LABOUR"];

/// Ids of which some exist, some do not, and some come again.
fn id() -> impl Strategy<Value = u8> {
    0..12u8
}

fn command() -> impl Strategy<Value = Command> {
    let sections = (id(), proptest::option::of(id()), proptest::option::of(id()), 0..6u8);
    let sections = sections.prop_map(|(n, parent, after, what)| match what {
        0..=2 => add_section(n, parent, after),
        3..=4 => shift(n, parent, after),
        _ => stage(n, STAGES[usize::from(n) % 4]),
    });
    let people = (id(), id(), 0..4usize, 0..6u8).prop_map(|(n, of, pick, what)| match what {
        0 => Command::AddOrganization {
            organization: organization(n),
            name: name(WORDS[pick]),
            code: None,
            kind: OrganizationKind::Other,
        },
        1 => Command::AddParticipant {
            participant: person(n),
            name: name(WORDS[pick]),
            organization: organization(of),
            role: ROLES[pick],
        },
        2 => Command::ChangeParticipant { participant: person(n), name: None, role: Some(ROLES[pick]) },
        3 => Command::RemoveParticipant { participant: person(n) },
        4 => Command::NoteJoined { participant: person(n) },
        _ => found(Template::Mgi, vec![]),
    });
    let words = (id(), id(), 0..4usize, 0..12u8).prop_map(|(n, on, pick, what)| match what {
        0..=1 => open(n, on, WORDS[pick]),
        2 => reply_to(n, on, WORDS[pick]),
        3 => Command::EditThread { thread: thread(n), text: text(WORDS[pick]) },
        4 => Command::EditReply { reply: reply(n), text: text(WORDS[pick]) },
        5 => Command::Resolve { thread: thread(n) },
        6 => Command::Reopen { thread: thread(n) },
        7 => Command::PlaceThread { thread: thread(n), anchor: anchor(pick as u32) },
        8..=9 => recommend(n, on, WORDS[pick]),
        10 => Command::EditRecommendation {
            recommendation: recommendation(n),
            change: fields(WORDS[pick]).into(),
        },
        _ => Command::PlaceRecommendation { recommendation: recommendation(n), anchor: anchor(pick as u32) },
    });
    prop_oneof![sections, people, words]
}

/// A value as it comes back from a Yjs document, which keeps every number as a float.
fn through_yjs(value: Value) -> Value {
    match value {
        Value::Number(it) => {
            it.as_f64().and_then(serde_json::Number::from_f64).map_or(Value::Null, Value::Number)
        }
        Value::Array(items) => items.into_iter().map(through_yjs).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, it)| (key, through_yjs(it))).collect(),
        other => other,
    }
}

fn rebuilt(changes: &[Change]) -> ReviewState {
    let mut state = ReviewState::default();
    for change in changes {
        let (map, key, value) = change.entry();
        state.read(map, &key, through_yjs(value)).unwrap();
    }
    state
}

fn check_shape(state: &ReviewState) {
    let numbers: BTreeSet<u32> = state.recommendations.values().map(|it| it.number).collect();
    assert!(numbers.into_iter().eq(1..=state.recommendations.len() as u32), "numbers without gap or reuse");

    let outline = state.outline();
    assert_eq!(outline.len(), state.sections.len(), "every section stands in the outline once");
    assert!(outline.iter().all(|it| it.2 < limits::OUTLINE_DEPTH_MAX));
    for parent in state.sections.keys().map(|id| Some(*id)).chain([None]) {
        assert!(
            state.siblings(parent).is_sorted_by(|a, b| a.rank < b.rank),
            "siblings have ranks of their own"
        );
    }
    let codes: BTreeSet<_> = state.organizations.values().map(|it| it.code.as_str().to_lowercase()).collect();
    assert_eq!(codes.len(), state.organizations.len());
    let standing = Standing::of(state);
    assert!(
        standing.roles.len() <= state.participants.len() && standing.stages.len() == state.sections.len()
    );
}

proptest! {
    #[test]
    fn what_is_decided_reads_back_as_it_was_and_keeps_its_shape(
        commands in proptest::collection::vec((id(), command()), 1..80),
    ) {
        let mut state = ReviewState::default();
        let mut log = Vec::new();
        let mut standing = Standing::default();
        let started = [(9, found(Template::Blank, vec![])), (9, add_section(1, None, None))];
        for (at, (by, command)) in started.into_iter().chain(commands).enumerate() {
            let role = state.participants.get(&person(by)).and_then(|it| it.role).unwrap_or(Role::Reviewer);
            let at = jiff::Timestamp::from_second(at as i64).unwrap();
            let decision = Decision { by: person(by), role, at };
            let Ok((outcome, changes)) = decide(&state, decision, command.clone()) else { continue };
            let rights_change = changes.iter().any(|change| state.changes_standing(change));
            for change in &changes {
                state.apply(change);
                let once = state.clone();
                state.apply(change);
                prop_assert_eq!(&state, &once, "applying again changes nothing");
            }
            if rights_change {
                changes.iter().for_each(|change| standing.apply(&state, change));
            }
            prop_assert_eq!(&standing, &Standing::of(&state), "what decides rights follows each change");
            if let Ok((again, changes)) = decide(&state, decision, command) {
                prop_assert_eq!((again, changes), (outcome, vec![]), "a repeat changes nothing");
            }
            log.extend(changes);
        }
        prop_assert_eq!(rebuilt(&log), state.clone());
        check_shape(&state);
    }
}
