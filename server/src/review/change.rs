//! What an accepted command changes: records put whole into the review document's root maps.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Number, Value};

use super::{
    position::{Position, Progress},
    recommendation::{Recommendation, Step},
    state::{Organization, Participant, Reply, ReportInfo, ReviewState, Section, Thread},
    term::Term,
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
    Recommendation(Box<Recommendation>),
    /// Root map `steps`.
    Step(Step),
    /// Root map `positions`.
    Position(Position),
    /// Root map `terms`.
    Term(Term),
    /// Root map `progress`.
    Progress(Progress),
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
            Self::Step(it) => ("steps", step_key(it), json(it)),
            Self::Position(it) => ("positions", position_key(it), json(it)),
            Self::Term(it) => ("terms", term_key(it), json(it)),
            Self::Progress(it) => ("progress", progress_key(it), json(it)),
        }
    }
}

fn step_key(it: &Step) -> String {
    format!("{}/{}", it.recommendation, it.n)
}
fn position_key(it: &Position) -> String {
    format!("{}/{}/{}", it.recommendation, it.organization, it.n)
}
fn term_key(it: &Term) -> String {
    format!("{}/{}", it.list.name(), it.code.as_str())
}
fn progress_key(it: &Progress) -> String {
    format!("{}/{}", it.recommendation, it.n)
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
            Change::Recommendation(it) => put(&mut self.recommendations, it.id, *it),
            Change::Step(it) => self.steps.put(it.recommendation, it.n, it),
            Change::Position(it) => self.positions.put(it.recommendation, (it.organization, it.n), it),
            Change::Term(it) => put(&mut self.terms, (it.list, it.code.clone()), it),
            Change::Progress(it) => self.progress.put(it.recommendation, it.n, it),
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
                let it = record(map, key, value, |it: &Recommendation| it.id.to_string())?;
                Change::Recommendation(Box::new(it))
            }
            "steps" => Change::Step(record(map, key, value, step_key)?),
            "positions" => Change::Position(record(map, key, value, position_key)?),
            "terms" => Change::Term(record(map, key, value, term_key)?),
            "progress" => Change::Progress(record(map, key, value, progress_key)?),
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
    fn records_of_the_first_version_are_read_with_what_came_later_empty() {
        let mut state = ReviewState::default();
        let at = "2026-11-24T10:00:00Z";
        let report =
            json!({"id": ID, "title": "Report", "language": "en", "template": "mgi", "created_at": at});
        state.read("report", "report", report).unwrap();
        let organization = json!({"id": ID, "name": "IOM", "code": "IOM", "kind": "un_system", "hue": 1});
        state.read("organizations", ID, organization).unwrap();
        let recommendation = json!({"id": ID, "number": 1.0, "title": "Build", "text": "Build homes.",
            "rationale": null, "section": ID, "anchor": null, "dimension": "1",
            "lead_institution": "Ministry of Labour", "timeframe": "2027", "priority": "high",
            "status": "proposed", "author": ID, "created_at": at, "edited_at": null});
        state.read("recommendations", ID, recommendation).unwrap();

        let report = state.report.unwrap();
        assert_eq!((report.public_names, report.meeting), (false, None));
        assert_eq!(state.organizations.values().next().unwrap().head, None);
        let written = state.recommendations.values().next().unwrap().clone();
        let (_, _, value) = Change::Recommendation(written.into()).entry();
        let added = json!({"themes": [], "gcm_objectives": [], "sdg_targets": [], "supporting_institutions": [],
            "means_of_verification": null, "evidence_links": [], "merged_into": null, "split_from": null,
            "carried_from": null, "wording": 1, "renew_from": 1, "steps": 0});
        for (field, empty) in added.as_object().unwrap() {
            assert_eq!(&value[field], empty, "{field}");
        }
        assert_eq!(value["lead_institution"], "Ministry of Labour");
    }

    #[test]
    fn records_of_a_path_stand_under_all_that_they_belong_to() {
        let at = "2026-11-24T10:00:00Z";
        let two = "02".repeat(16);
        let step = json!({"recommendation": ID, "n": 2, "kind": "decided", "status": "not_agreed",
            "reason": "No budget.", "other": null, "by": two, "at": at});
        let position = json!({"recommendation": ID, "organization": two, "n": 1, "position": "support_with_changes",
            "changes": "Later.", "statement": null, "condition": two, "on_behalf": true, "wording": 3, "by": two,
            "at": at});
        let term =
            json!({"list": "sdg_targets", "code": "1.3", "title": "Social protection", "dimension": null});
        let progress = json!({"recommendation": ID, "n": 1, "state": "under_way", "note": null,
            "link": "https://a.example/x", "by": two, "at": at});
        for (map, key, value) in [
            ("steps", format!("{ID}/2"), step),
            ("positions", format!("{ID}/{two}/1"), position),
            ("terms", "sdg_targets/1.3".to_owned(), term),
            ("progress", format!("{ID}/1"), progress),
        ] {
            let mut state = ReviewState::default();
            state.read(map, &key, value.clone()).unwrap();
            let change = [
                state.steps.values().next().cloned().map(Change::Step),
                state.positions.values().next().cloned().map(Change::Position),
                state.terms.values().next().cloned().map(Change::Term),
                state.progress.values().next().cloned().map(Change::Progress),
            ];
            let change = change.into_iter().flatten().next().unwrap();
            assert_eq!(change.entry(), (map, key.clone(), value.clone()));
            let error = ReviewState::default().read(map, "elsewhere", value).unwrap_err();
            assert!(error.contains(&key), "{error}");
        }
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
