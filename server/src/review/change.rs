//! What an accepted command changes: records put whole into the review document's root maps.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};

use super::state::{
    Organization, Participant, Recommendation, Reply, ReportInfo, ReviewState, Section, Standing, Thread,
};

/// One record, put whole.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// Root map `report`.
    Report(ReportInfo),
    /// Root map `sections`.
    Section(Section),
    /// Root map `organizations`.
    Organization(Organization),
    /// Root map `participants`.
    Participant(Participant),
    /// Root map `threads`.
    Thread(Thread),
    /// Root map `replies`.
    Reply(Reply),
    /// Root map `recommendations`.
    Recommendation(Recommendation),
}

/// All that one command changes; applied together or not at all.
pub type Changes = Vec<Change>;

/// The one key of the root map `report`.
const REPORT: &str = "report";

impl Change {
    /// The root map, the key and the value with which the change stands in the review document
    /// (ARCHITECTURE.md, "The review document"). Absent optional fields are `null`.
    pub fn entry(&self) -> (&'static str, String, Value) {
        match self {
            Self::Report(it) => ("report", REPORT.to_owned(), json(it)),
            Self::Section(it) => ("sections", it.id.to_string(), json(it)),
            Self::Organization(it) => ("organizations", it.id.to_string(), json(it)),
            Self::Participant(it) => ("participants", it.id.to_string(), json(it)),
            Self::Thread(it) => ("threads", it.id.to_string(), json(it)),
            Self::Reply(it) => ("replies", it.id.to_string(), json(it)),
            Self::Recommendation(it) => ("recommendations", it.id.to_string(), json(it)),
        }
    }
}

/// A record as JSON.
fn json(record: &impl Serialize) -> Value {
    // Serialization to a value fails for maps whose keys are not text only; records are structs of plain fields.
    serde_json::to_value(record).expect("records have text keys only")
}

impl ReviewState {
    /// Applies a change. Applying it again changes nothing.
    pub fn apply(&mut self, change: &Change) {
        match change.clone() {
            Change::Report(it) => self.report = Some(it),
            Change::Section(it) => put(&mut self.sections, it.id, it),
            Change::Organization(it) => put(&mut self.organizations, it.id, it),
            Change::Participant(it) => put(&mut self.participants, it.id, it),
            Change::Thread(it) => put(&mut self.threads, it.id, it),
            Change::Reply(it) => put(&mut self.replies, it.id, it),
            Change::Recommendation(it) => put(&mut self.recommendations, it.id, it),
        }
    }

    /// Reads one entry of the review document; `Err` names what is wrong with it.
    ///
    /// A root map and a field that this version does not know are passed over, so that one version back can still
    /// serve a report. An unknown *value* (a status, a role …) is an error: it must not be taken for another.
    /// Whole numbers may come as floats, as Yjs keeps them.
    pub fn read(&mut self, map: &str, key: &str, value: Value) -> Result<(), String> {
        let change = match map {
            "report" => Change::Report(record(map, key, value, |_| REPORT.to_owned())?),
            "sections" => Change::Section(record(map, key, value, |it: &Section| it.id.to_string())?),
            "organizations" => {
                Change::Organization(record(map, key, value, |it: &Organization| it.id.to_string())?)
            }
            "participants" => {
                Change::Participant(record(map, key, value, |it: &Participant| it.id.to_string())?)
            }
            "threads" => Change::Thread(record(map, key, value, |it: &Thread| it.id.to_string())?),
            "replies" => Change::Reply(record(map, key, value, |it: &Reply| it.id.to_string())?),
            "recommendations" => {
                Change::Recommendation(record(map, key, value, |it: &Recommendation| it.id.to_string())?)
            }
            _ => return Ok(()),
        };
        match &change {
            Change::Section(it) if !it.rank.is_finite() => Err(format!("{map}/{key}: rank is not a number")),
            Change::Organization(it) if !(1..=8).contains(&it.hue) => {
                Err(format!("{map}/{key}: hue must be 1 to 8"))
            }
            change => {
                self.apply(change);
                Ok(())
            }
        }
    }
}

impl Standing {
    /// What decides rights, as of a state.
    pub fn of(state: &ReviewState) -> Self {
        Self {
            roles: state.participants.values().filter_map(|it| Some((it.id, it.role?))).collect(),
            stages: state.sections.values().map(|it| (it.id, it.stage)).collect(),
        }
    }
}

fn put<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) {
    map.insert(key, value);
}

/// One record, which must stand under its own id.
fn record<T: DeserializeOwned>(
    map: &str,
    key: &str,
    value: Value,
    id: impl Fn(&T) -> String,
) -> Result<T, String> {
    let it: T =
        serde_json::from_value(whole_numbers(value)).map_err(|error| format!("{map}/{key}: {error}"))?;
    if id(&it) == key { Ok(it) } else { Err(format!("{map}/{key}: the record is {}", id(&it))) }
}

/// Numbers without a fraction as integers: JSON knows one kind of number and Yjs keeps it as a float, so `5` may come
/// back as `5.0`, and would no longer equal what was written.
pub(super) fn whole_numbers(value: Value) -> Value {
    /// Above, floats skip integers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(it) if !it.is_i64() && !it.is_u64() => match it.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < EXACT => {
                Value::Number(Number::from(float as i64))
            }
            _ => Value::Number(it),
        },
        Value::Array(items) => items.into_iter().map(whole_numbers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, it)| (key, whole_numbers(it))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "01010101010101010101010101010101";

    fn section() -> Value {
        json!({"id": ID, "title": "Foreword", "kind": "front", "parent": null, "rank": 1024.0, "stage": "drafting",
            "language": null, "drafted_by": null})
    }

    #[test]
    fn a_record_stands_as_the_contract_says_absent_fields_being_null() {
        let mut state = ReviewState::default();
        state.read("sections", ID, section()).unwrap();
        let section = state.sections.values().next().unwrap().clone();
        assert_eq!(Change::Section(section).entry(), ("sections", ID.to_owned(), self::section()));
    }

    #[test]
    fn whole_numbers_come_back_from_yjs_as_floats_and_are_read_all_the_same() {
        let mut state = ReviewState::default();
        let organization = json!({"id": ID, "name": "IOM", "code": "IOM", "kind": "un_system", "hue": 3.0});
        state.read("organizations", ID, organization).unwrap();
        assert_eq!(state.organizations.values().next().unwrap().hue, 3);
        assert_eq!(whole_numbers(json!({"a": [5.0, -0.0, 0.5, 1e300]})), json!({"a": [5, 0, 0.5, 1e300]}));
    }

    #[test]
    fn unknown_maps_and_fields_are_passed_over() {
        let mut state = ReviewState::default();
        state.read("rounds", "1", json!("whatever")).unwrap();
        let mut section = section();
        section["colour"] = json!("green");
        state.read("sections", ID, section).unwrap();
        assert_eq!(state.sections.len(), 1);
    }

    #[test]
    fn a_bad_value_is_named_and_not_applied() {
        let mut state = ReviewState::default();
        let with = |field: &str, value: Value| {
            let mut section = section();
            section[field] = value;
            section
        };
        for (entry, word) in [
            (with("stage", json!("published")), "published"),
            (with("title", json!(" ")), "empty"),
            (with("rank", Value::Null), "null"),
            (with("id", json!("02".repeat(16))), "0202"),
        ] {
            let error = state.read("sections", ID, entry).unwrap_err();
            assert!(error.starts_with(&format!("sections/{ID}: ")) && error.contains(word), "{error}");
        }
        let organization = json!({"id": ID, "name": "IOM", "code": "IOM", "kind": "un_system", "hue": 9});
        assert!(state.read("organizations", ID, organization).unwrap_err().contains("hue"));
        assert_eq!(state, ReviewState::default());
    }
}
