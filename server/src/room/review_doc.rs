//! The review document: a Yjs document that only the server writes, with its state kept typed beside it.

#[cfg(test)]
mod cost;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::watch;
use yrs::{
    Doc, Map as _, MapRef, Out, ReadTxn as _, StateVector, Transact as _, Update,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

use super::{RoomError, call::Published, json};
use crate::{
    access::Permit,
    body::{Refusal as Unfit, Unreadable, read_state_vector},
    review::{Change, Command, Decision, Outcome, Refusal, ReviewState, Standing, decide},
};

/// The root maps of the document, as in ARCHITECTURE.md.
const ROOTS: [&str; 11] = [
    "report",
    "sections",
    "organizations",
    "participants",
    "threads",
    "replies",
    "recommendations",
    "steps",
    "positions",
    "terms",
    "progress",
];

/// The review document of one report.
pub(super) struct ReviewDoc {
    doc: Doc,
    roots: Vec<(&'static str, MapRef)>,
    /// With all commands decided so far, durable or not.
    state: Arc<ReviewState>,
    standing: Arc<Standing>,
    /// What is durable.
    state_shown: watch::Sender<Arc<ReviewState>>,
    standing_shown: watch::Sender<Arc<Standing>>,
}

impl ReviewDoc {
    /// Reads the document from what the journal holds, oldest first. `client` is the Yjs client id under which this
    /// loading writes; ids are never shared between two loadings.
    pub(super) fn load<'a>(
        updates: impl IntoIterator<Item = &'a [u8]>,
        client: u64,
    ) -> Result<Self, Unreadable> {
        let unreadable = |error: &dyn std::fmt::Display| Unreadable(error.to_string());
        let doc = Doc::with_client_id(client);
        let roots: Vec<_> = ROOTS.iter().map(|name| (*name, doc.get_or_insert_map(*name))).collect();
        let mut state = ReviewState::default();
        {
            let mut txn = doc.transact_mut();
            for update in updates {
                let update = Update::decode_v1(update).map_err(|error| unreadable(&error))?;
                txn.apply_update(update).map_err(|error| unreadable(&error))?;
            }
        }
        {
            let txn = doc.transact();
            for (name, root) in &roots {
                for (key, value) in root.iter(&txn) {
                    let Out::Any(value) = value else {
                        return Err(Unreadable(format!("{name}/{key} is not a plain value")));
                    };
                    let value = json::to_json(&value)
                        .ok_or_else(|| Unreadable(format!("{name}/{key} is not JSON")))?;
                    state.read(name, key, value).map_err(Unreadable)?;
                }
            }
        }
        let standing = Arc::new(Standing::of(&state));
        let state = Arc::new(state);
        Ok(Self {
            doc,
            roots,
            state_shown: watch::Sender::new(state.clone()),
            standing_shown: watch::Sender::new(standing.clone()),
            state,
            standing,
        })
    }

    /// Decides a command against all that was decided before it, and writes what it changes. The update is `None`
    /// when nothing changes (a repeat).
    pub(super) fn decide(
        &mut self,
        permit: Permit,
        at: Timestamp,
    ) -> Result<(Outcome, Option<Bytes>), RoomError> {
        let founding = matches!(permit.command(), Command::Found { .. });
        if !founding && self.state.report.is_none() {
            return Err(RoomError::NotFound);
        }
        // The right was checked when the permit was made; what was decided since counts, too.
        let permit =
            permit.renewed(&self.standing).map_err(|denied| Refusal::Forbidden { why: denied.0.into() })?;
        let decision = Decision { by: permit.participant(), role: permit.role(), at };
        let (outcome, changes) = decide(&self.state, decision, permit.command().clone())?;
        if changes.is_empty() {
            return Ok((outcome, None));
        }
        let update = self.write(&changes);
        let rights_change = changes.iter().any(|change| self.state.changes_standing(change));
        let state = Arc::make_mut(&mut self.state);
        changes.iter().for_each(|change| state.apply(change));
        if rights_change {
            let standing = Arc::make_mut(&mut self.standing);
            changes.iter().for_each(|change| standing.apply(&self.state, change));
        }
        Ok((outcome, Some(update)))
    }

    /// Puts each record whole into its root map, in one transaction.
    fn write(&self, changes: &[Change]) -> Bytes {
        let mut txn = self.doc.transact_mut();
        for change in changes {
            let (name, key, value) = change.entry();
            if let Some((_, root)) = self.roots.iter().find(|root| root.0 == name) {
                root.insert(&mut txn, key, json::to_any(&value));
            }
        }
        txn.encode_update_v1().into()
    }

    /// Shows what is durable by now to all who watch: what decides rights first, so that who sees a new recommendation
    /// (and looks at the rights after it) sees who words it.
    pub(super) fn publish(&mut self) {
        let standing = &self.standing;
        self.standing_shown.send_if_modified(|shown| {
            let changed = shown != standing;
            *shown = standing.clone();
            changed
        });
        let state = &self.state;
        self.state_shown.send_if_modified(|shown| {
            let changed = !Arc::ptr_eq(shown, state);
            *shown = state.clone();
            changed
        });
    }

    /// What is durable, live.
    pub(super) fn published(&self) -> Published {
        Published { state: self.state_shown.subscribe(), standing: self.standing_shown.subscribe() }
    }

    /// Whether anybody watches.
    pub(super) fn watched(&self) -> bool {
        self.state_shown.receiver_count() + self.standing_shown.receiver_count() > 0
    }

    /// With all commands decided so far.
    pub(super) fn state(&self) -> &Arc<ReviewState> {
        &self.state
    }

    /// With all commands decided so far.
    pub(super) fn standing(&self) -> &Arc<Standing> {
        &self.standing
    }

    pub(super) fn state_vector(&self) -> Bytes {
        self.doc.transact().state_vector().encode_v1().into()
    }

    pub(super) fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Unfit> {
        let theirs = read_state_vector(state_vector)?;
        Ok(self.doc.transact().encode_diff_v1(&theirs).into())
    }

    /// What makes two of them the same.
    pub(super) fn essence(&self) -> (StateVector, Arc<ReviewState>) {
        (self.doc.transact().state_vector(), self.state.clone())
    }

    pub(super) fn encode(&self) -> Bytes {
        self.doc.transact().encode_diff_v1(&StateVector::default()).into()
    }
}
