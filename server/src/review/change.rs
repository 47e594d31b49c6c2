//! What an accepted command changes: records put whole into the review document's root maps.

use super::state::{
    Organization, Participant, Recommendation, Reply, ReportInfo, ReviewState, Section, Thread,
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

impl Change {
    /// The root map, the key and the value with which the change stands in the review document.
    pub fn entry(&self) -> (&'static str, String, serde_json::Value) {
        todo!()
    }
}

impl ReviewState {
    /// Applies a change.
    pub fn apply(&mut self, _change: &Change) {
        todo!()
    }

    /// Reads one entry of the review document; `Err` names what is wrong with it.
    pub fn read(&mut self, _map: &str, _key: &str, _value: serde_json::Value) -> Result<(), String> {
        todo!()
    }
}
