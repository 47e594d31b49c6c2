//! Who is in a room: the latest awareness state of each Yjs client, under the name the server knows them by.
//!
//! Published clients send others' states back as they hear them, also after their owner has left; so a client id
//! belongs to the seat that set it first, and stays remembered for a while after it is gone.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use serde_json::{Map, Value, json};

use super::seat::SeatId;
use crate::{
    ids::ParticipantId,
    lib0::{self, Malformed},
    limits::{AWARENESS_CLIENTS_MAX, PRESENCE_DEPARTED_MAX},
    protocol::{Presence, State as _},
    review::{ReviewState, Role},
};

/// All awareness states of a room.
#[derive(Default)]
pub(super) struct Presences {
    known: BTreeMap<u64, Known>,
    /// Ids whose state changed since the last broadcast.
    dirty: BTreeSet<u64>,
    /// Ids without an owner, longest gone first.
    departed: VecDeque<u64>,
}

struct Known {
    /// The seat that sets it; `None` once it left.
    owner: Option<SeatId>,
    participant: ParticipantId,
    /// The owner's clock.
    heard: u32,
    /// The clock that others were told, never behind the owner's.
    told: u32,
    /// As JSON text.
    state: Option<Arc<str>>,
}

/// A changed state, to be broadcast.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) presence: Presence<Arc<str>>,
    /// The seat that must not hear it, since it would take it for a newer state of its own.
    pub(super) not_to: Option<SeatId>,
}

impl Presences {
    /// Whether a message holds a state that the seat may set. Each published plain client sends back all that it
    /// hears, so most messages do not; they are seen through without reading their states.
    pub(super) fn is_news(
        &self,
        seat: SeatId,
        participant: ParticipantId,
        message: &[u8],
    ) -> Result<bool, Malformed> {
        let mut reader = lib0::Reader::new(message);
        for _ in 0..reader.count()? {
            let (client, clock) = (reader.var_uint()?, reader.var_uint()?);
            let gone = reader.var_bytes()? == b"null";
            let clock = u32::try_from(clock).map_err(|_| Malformed("awareness clock too large"))?;
            if self.may_set(seat, participant, client, clock, gone) {
                return Ok(true);
            }
        }
        reader.end().map(|()| false)
    }

    /// Takes a state that a seat sent. What is not its own, or not newer, is passed over.
    pub(super) fn set(&mut self, seat: SeatId, participant: ParticipantId, sent: Presence, user: &Value) {
        let Presence { client, clock, state } = sent;
        if !self.may_set(seat, participant, client, clock, state.is_none()) {
            return;
        }
        let known = self.known.get(&client);
        if known.is_some_and(|known| known.owner.is_none()) {
            self.departed.retain(|departed| *departed != client);
        }
        let told = known.map_or(clock, |known| clock.max(known.told.saturating_add(1)));
        let state = state.map(|state| overlaid(state, user).text().into());
        self.known.insert(client, Known { owner: Some(seat), participant, heard: clock, told, state });
        self.dirty.insert(client);
    }

    fn may_set(&self, seat: SeatId, participant: ParticipantId, client: u64, clock: u32, gone: bool) -> bool {
        let owned = || self.known.values().filter(|known| known.owner == Some(seat)).count();
        let Some(known) = self.known.get(&client) else {
            return !gone && owned() < AWARENESS_CLIENTS_MAX;
        };
        if known.owner == Some(seat) {
            return clock > known.heard || (clock == known.heard && gone && known.state.is_some());
        }
        if known.participant != participant || gone {
            return false;
        }
        // Another seat of the same person: they came back on a new connection. An echo has no newer clock.
        match owned() {
            0 if known.owner.is_none() => clock >= known.heard,
            owned => clock > known.told && owned < AWARENESS_CLIENTS_MAX,
        }
    }

    /// A seat left: its states are gone.
    pub(super) fn leave(&mut self, seat: SeatId) {
        for (client, known) in self.known.iter_mut().filter(|(_, known)| known.owner == Some(seat)) {
            known.owner = None;
            if known.state.take().is_some() {
                known.told = known.told.saturating_add(1);
                self.dirty.insert(*client);
            }
            self.departed.push_back(*client);
        }
        while self.departed.len() > PRESENCE_DEPARTED_MAX
            // One that others were not yet told of stays until they are.
            && let Some(oldest) = self.departed.pop_front_if(|oldest| !self.dirty.contains(oldest))
        {
            self.known.remove(&oldest);
        }
    }

    /// Everybody who is here.
    pub(super) fn all(&self) -> Vec<Presence<Arc<str>>> {
        let here = self.known.iter().filter(|(_, known)| known.state.is_some());
        here.map(|(client, known)| known.presence(*client)).collect()
    }

    /// Whether something waits to be broadcast.
    pub(super) fn changed(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// What changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<Shown> {
        let dirty = std::mem::take(&mut self.dirty);
        let changed = dirty.into_iter().filter_map(|client| {
            let known = self.known.get(&client)?;
            let not_to = known.owner.filter(|_| known.told != known.heard);
            Some(Shown { presence: known.presence(client), not_to })
        });
        changed.collect()
    }
}

impl Known {
    fn presence(&self, client: u64) -> Presence<Arc<str>> {
        Presence { client, clock: self.told, state: self.state.clone() }
    }
}

/// The state with the server's fields over the client's own field `user`; what else is there (a colour) stays.
fn overlaid(mut state: Map<String, Value>, user: &Value) -> Map<String, Value> {
    match (state.get_mut("user"), user) {
        (Some(Value::Object(own)), Value::Object(known)) => own.extend(known.clone()),
        _ => {
            state.insert("user".into(), user.clone());
        }
    }
    state
}

/// The field `user` of a participant's awareness states.
pub(super) fn user(state: &ReviewState, participant: ParticipantId) -> Value {
    if participant == ParticipantId::ADMINISTRATOR {
        return json!({"participant": participant, "name": "Administrator", "organization": "", "code": "",
            "hue": 1, "role": Role::Coordinator});
    }
    let Some(person) = state.participants.get(&participant) else { return Value::Null };
    let organization = state.organizations.get(&person.organization);
    json!({
        "participant": participant,
        "name": person.name,
        "organization": organization.map(|it| it.name.as_str()),
        "code": organization.map(|it| it.code.as_str()),
        "hue": organization.map(|it| it.hue),
        "role": person.role,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::encode_awareness;

    const ANA: ParticipantId = ParticipantId::from_bytes([1; 16]);
    const BO: ParticipantId = ParticipantId::from_bytes([2; 16]);

    fn sent(client: u64, clock: u32, cursor: Option<&str>) -> Presence {
        let state = cursor.map(|cursor| {
            let mut state = Map::new();
            state.insert("cursor".into(), cursor.into());
            state.insert("user".into(), json!({"name": "Somebody else", "color": "#123456"}));
            state
        });
        Presence { client, clock, state }
    }

    fn read(state: &str) -> Value {
        serde_json::from_str(state).unwrap()
    }

    fn shown(presences: &mut Presences) -> Vec<(u64, u32, Option<Value>)> {
        let changed = presences.take_changed().into_iter().map(|shown| shown.presence);
        changed
            .map(|it| (it.client, it.clock, it.state.map(|state| read(&state)["cursor"].clone())))
            .collect()
    }

    #[test]
    fn the_user_is_the_servers_and_the_rest_stays() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 1, Some("a")), &json!({"name": "Ana"}));
        let state = room.all()[0].state.clone().unwrap();
        assert_eq!(read(&state), json!({"cursor": "a", "user": {"name": "Ana", "color": "#123456"}}));
    }

    #[test]
    fn the_latest_state_wins_and_older_ones_are_passed_over() {
        let mut room = Presences::default();
        for (clock, cursor) in [(3, "c"), (1, "a"), (4, "d"), (4, "x")] {
            room.set(1, ANA, sent(7, clock, Some(cursor)), &Value::Null);
        }
        assert_eq!(shown(&mut room), [(7, 4, Some("d".into()))]);
        assert_eq!(shown(&mut room), []);
    }

    #[test]
    fn nobody_sets_or_takes_away_anothers_state() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 1, Some("a")), &Value::Null);
        room.set(2, BO, sent(7, 9, Some("b")), &Value::Null);
        room.set(2, BO, sent(7, 10, None), &Value::Null);
        assert_eq!(shown(&mut room), [(7, 1, Some("a".into()))]);
    }

    #[test]
    fn a_seat_sets_few_states() {
        let mut room = Presences::default();
        for client in 0..10 {
            room.set(1, ANA, sent(client, 1, Some("a")), &Value::Null);
        }
        assert_eq!(room.all().len(), AWARENESS_CLIENTS_MAX);
    }

    #[test]
    fn who_leaves_is_taken_away_under_a_newer_clock() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 4, Some("a")), &Value::Null);
        shown(&mut room);
        room.leave(1);
        assert_eq!(shown(&mut room), [(7, 5, None)]);
        assert_eq!(room.all(), []);
    }

    #[test]
    fn an_echo_is_seen_through_and_ones_own_state_is_news() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 4, Some("a")), &Value::Null);
        room.set(2, BO, sent(8, 1, Some("b")), &Value::Null);
        let is_news = |seat, who, states: &[Presence]| room.is_news(seat, who, &encode_awareness(states));
        assert_eq!(is_news(2, BO, &[sent(7, 4, Some("a")), sent(8, 1, Some("b"))]), Ok(false));
        assert_eq!(is_news(2, BO, &[sent(7, 5, None)]), Ok(false));
        assert_eq!(is_news(2, BO, &[sent(7, 4, Some("a")), sent(8, 2, Some("c"))]), Ok(true));
        assert_eq!(is_news(2, BO, &[sent(8, 1, None)]), Ok(true));
        assert!(room.is_news(2, BO, &[3, 255]).is_err());
    }

    #[test]
    fn a_late_echo_revives_nobody() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 4, Some("a")), &Value::Null);
        room.set(2, BO, sent(8, 1, Some("b")), &Value::Null);
        room.set(3, ANA, sent(9, 1, Some("another tab of hers")), &Value::Null);
        room.leave(1);
        shown(&mut room);
        room.set(2, BO, sent(7, 4, Some("a")), &Value::Null);
        room.set(3, ANA, sent(7, 4, Some("a")), &Value::Null);
        assert_eq!(shown(&mut room), []);
    }

    #[test]
    fn who_comes_back_on_a_new_connection_is_seen_at_once() {
        let mut room = Presences::default();
        room.set(1, ANA, sent(7, 4, Some("a")), &Value::Null);
        room.leave(1);
        shown(&mut room);
        room.set(2, ANA, sent(7, 4, Some("a")), &Value::Null);
        let changed = room.take_changed();
        // Others saw 5 (gone); 6 is news to them. Their own client must not hear of a clock it never used.
        assert_eq!((changed[0].presence.clock, changed[0].not_to), (6, Some(2)));
    }

    #[test]
    fn the_departed_are_forgotten_in_time() {
        let mut room = Presences::default();
        for seat in 0..PRESENCE_DEPARTED_MAX as u64 + 50 {
            room.set(seat, ANA, sent(seat, 1, Some("a")), &Value::Null);
            room.leave(seat);
            if seat % 10 == 0 {
                shown(&mut room);
            }
        }
        shown(&mut room);
        room.leave(0);
        assert!(room.known.len() <= PRESENCE_DEPARTED_MAX + 1);
    }
}
