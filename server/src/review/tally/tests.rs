//! What is derived, by the cases that the web client is held to, too, and as properties of whatever may be stored.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::ids::OrganizationId;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../../../../tests/fixtures/tally.json")).unwrap()
}

/// Ids of one digit in full.
fn in_full(value: &Value) -> Value {
    match value {
        Value::String(it) if it.len() == 1 => json!(it.repeat(32)),
        Value::Array(items) => items.iter().map(in_full).collect(),
        Value::Object(fields) => fields.iter().map(|(key, it)| (key.clone(), in_full(it))).collect(),
        other => other.clone(),
    }
}

fn read(state: &mut ReviewState, defaults: &Value, case: &Value, map: &str, record: &str) {
    for given in case[map].as_array().into_iter().flatten() {
        let mut full = defaults[record].clone();
        full.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
        let full = in_full(&full);
        let parts = ["id", "recommendation", "organization", "n"].map(|it| &full[it]);
        let parts = parts.into_iter().filter(|it| !it.is_null());
        let key: Vec<_> = parts.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).collect();
        state.read(map, &key.join("/"), full).unwrap();
    }
}

/// What is derived of a recommendation, in the form of the fixture.
fn derived(state: &ReviewState, it: &Recommendation) -> Value {
    let short = |id: OrganizationId| id.to_string()[..1].to_owned();
    let of = |wanted: &dyn Fn(&Position) -> bool| -> Vec<String> {
        state.current_positions(it.id).filter(|it| wanted(it)).map(|it| short(it.organization)).collect()
    };
    let counted: BTreeMap<_, _> =
        state.current_positions(it.id).map(|it| (short(it.organization), state.counted(it))).collect();
    json!({
        "counted": counted,
        "to_be_renewed": of(&|position| it.is_to_be_renewed(position)),
        "earlier_wording": of(&|position| it.has_earlier_wording(position)),
        "open_disposition": state.open_disposition(it.id).map(|it| it.kind),
        "maintained_objections":
            state.maintained_objections(it).iter().map(|it| short(it.organization)).collect::<Vec<_>>(),
        "lacks": it.lacks(),
    })
}

#[test]
fn what_is_derived_is_as_the_shared_cases_say() {
    let fixture = fixture();
    for case in fixture["cases"].as_array().unwrap() {
        let mut state = ReviewState::default();
        let defaults = &fixture["defaults"];
        read(&mut state, defaults, case, "recommendations", "recommendation");
        read(&mut state, defaults, case, "positions", "position");
        read(&mut state, defaults, case, "steps", "step");
        for (id, given) in case["expect"].as_object().unwrap() {
            let it = &state.recommendations[&id.repeat(32).parse().unwrap()];
            let derived = derived(&state, it);
            let mut expected = json!({"counted": {}, "to_be_renewed": [], "earlier_wording": [],
                "open_disposition": null, "maintained_objections": [], "lacks": derived["lacks"]});
            expected.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
            assert_eq!(derived, expected, "{}: {id}", case["name"]);
        }
    }
}

const STATUSES: [&str; 7] =
    ["proposed", "under_discussion", "agreed", "not_agreed", "merged", "withdrawn", "published"];
const STANCES: [&str; 5] = ["support", "support_with_changes", "object", "abstain", "no_mandate"];

/// Any recommendations `0` to `7`, merged anyhow, and any positions on `0`.
fn anything() -> impl Strategy<Value = ReviewState> {
    let merges = proptest::collection::vec((0..7usize, 0..9u8), 8);
    let positions = proptest::collection::vec((0..4u8, 0..5usize, 0..9u8, 1..4u32), 0..12);
    (merges, positions).prop_map(|(merges, positions)| {
        let mut case = json!({"recommendations": [], "positions": []});
        for (id, (status, into)) in merges.into_iter().enumerate() {
            let into = (into < 8).then(|| into.to_string());
            case["recommendations"].as_array_mut().unwrap().push(json!({"id": id.to_string(),
                "status": STATUSES[status], "merged_into": into, "wording": 3, "renew_from": 2}));
        }
        for (n, (organization, stance, condition, wording)) in (1..).zip(positions) {
            let condition = (condition < 8).then(|| condition.to_string());
            case["positions"].as_array_mut().unwrap().push(json!({"recommendation": "0", "n": n, "wording": wording,
                "organization": organization.to_string(), "position": STANCES[stance], "condition": condition}));
        }
        let mut state = ReviewState::default();
        read(&mut state, &fixture()["defaults"], &case, "recommendations", "recommendation");
        read(&mut state, &fixture()["defaults"], &case, "positions", "position");
        state
    })
}

proptest! {
    #[test]
    fn whatever_is_stored_every_organization_is_counted_once_and_every_walk_ends(state in anything()) {
        for it in state.recommendations.values() {
            let organizations: BTreeSet<_> = state.positions_on(it.id).map(|it| it.organization).collect();
            let current: Vec<_> = state.current_positions(it.id).collect();
            prop_assert!(current.iter().map(|it| it.organization).eq(organizations.iter().copied()));
            for position in &current {
                prop_assert_eq!(state.position_of(it.id, position.organization), Some(*position));
                let counted = state.counted(position);
                if position.condition.is_none() {
                    prop_assert_eq!(counted, position.position.into());
                } else if !matches!(counted, Counted::Waiting | Counted::Lapsed) {
                    let end = state.end_of_merges(position.condition.unwrap()).unwrap();
                    let settled =
                        matches!(end.status, RecommendationStatus::Agreed | RecommendationStatus::Published);
                    prop_assert!(settled || end.id == it.id);
                }
            }
            let Tally { support, support_with_changes, object, abstain, no_mandate, waiting, lapsed, to_be_renewed } =
                state.tally(it);
            let sum = support + support_with_changes + object + abstain + no_mandate + waiting + lapsed;
            prop_assert_eq!(sum as usize, organizations.len());
            prop_assert_eq!(to_be_renewed as usize, current.iter().filter(|it| it.wording < 2).count());
            prop_assert!(state.maintained_objections(it).len() <= object as usize);
            if let Some(end) = state.end_of_merges(it.id) {
                prop_assert_ne!(end.status, RecommendationStatus::Merged);
            }
        }
    }
}
