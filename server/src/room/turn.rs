//! What one batch of calls does to a room: guard, apply, and what is to be recorded and released for it. No I/O, so
//! that nothing leaves before the record is durable.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    RoomError,
    call::{Call, Miss, Published, Reply, Tongue},
    content::Content,
    outlet::Outlet,
    presence,
    release::{Release, Turn},
    seat::{Desk, SeatId, SeatSender},
    standing::SEALED,
    task::Room,
};
use crate::{
    access::{Denied, MayRead, Permit, rights},
    body::{Refusal as Unfit, Taken},
    ids::ParticipantId,
    journal::{Kind, NewEntry},
    limits::OUTBOX_BYTES_MAX,
    measure::meter,
    protocol::{Close, Message, decode_awareness, encode_awareness},
    review::{Anchor, Outcome, ReviewState},
};

/// Why a change is not taken, as the contract names it.
struct No {
    kind: &'static str,
    detail: String,
}

impl From<Unfit> for No {
    fn from(unfit: Unfit) -> Self {
        let kind = match unfit {
            Unfit::Malformed(_) => "malformed",
            Unfit::Gap => "gap",
            Unfit::Schema(_) => "schema",
            Unfit::Full => "full",
            Unfit::Foreign => "forbidden",
            Unfit::Broken(_) => "broken",
        };
        Self { kind, detail: unfit.to_string() }
    }
}

impl Room {
    /// Does what was asked, in order.
    pub(super) fn take_calls(&mut self, turn: &mut Turn, calls: impl Iterator<Item = Box<Call>>) {
        for call in calls {
            if turn.broken.is_some() {
                call.miss(Miss::Again);
                continue;
            }
            match *call {
                Call::Join { may, tongue, outlet, reply } => self.join(turn, may, tongue, outlet, reply),
                Call::Hear { seat, message, weight, came } => {
                    turn.came = Some(came);
                    self.hear(turn, seat, message);
                    drop(weight);
                }
                Call::Document { reply } => self.document(turn, reply),
                Call::Attached { anchors, reply } => self.attached(turn, &anchors, reply),
                Call::Fill { may, update, reply } => self.fill(turn, may, update, reply),
                Call::Reword { permit, reply } => self.reword(turn, *permit, reply),
                Call::Settle { reply } => self.settle(turn, reply),
                Call::Decide { permit, reply } => self.decide(turn, *permit, reply),
                Call::Published { reply } => self.publish_to(turn, reply),
            }
        }
    }

    /// The content, of a document that exists: a review that was never founded does not.
    fn existing(&self) -> Result<&Content, RoomError> {
        match &self.content {
            Content::Review(review) if review.state().report.is_none() => Err(RoomError::NotFound),
            content => Ok(content),
        }
    }

    fn join(
        &mut self,
        turn: &mut Turn,
        may: MayRead,
        tongue: Tongue,
        outlet: Box<dyn Outlet>,
        reply: Reply<SeatSender>,
    ) {
        let standing = self.standing();
        let read = rights::read(&standing, self.name.report, may.participant());
        let (Some(may), true) = (read, self.existing().is_ok()) else {
            return turn.answer(reply, Err(RoomError::NotFound));
        };
        let denied = self.right(&standing, may).err();
        let (id, seat) = self.seat(may.participant(), denied, tongue.clone(), outlet);
        turn.answer(reply, Ok(seat));
        if tongue == Tongue::Plain && matches!(self.content, Content::Body(_)) {
            turn.say(id, Message::SyncStep1(self.content.state_vector()));
            if let Some(desk) = self.seats.get_mut(&id) {
                desk.asked = 1;
            }
        }
        let here = self.presences.all();
        if !here.is_empty() {
            turn.say(id, Message::Awareness(encode_awareness(&here)));
        }
    }

    fn hear(&mut self, turn: &mut Turn, id: SeatId, message: Message) {
        let Some(desk) = self.seats.get_mut(&id) else { return };
        desk.heard += 1;
        if desk.closing {
            return;
        }
        match message {
            Message::SyncStep1(state_vector) => self.answer_step_1(turn, id, &state_vector),
            Message::SyncStep2(update) => self.change(turn, id, update, true),
            Message::Update(update) => self.change(turn, id, update, false),
            Message::Awareness(bytes) => self.hear_awareness(turn, id, &bytes),
            Message::QueryAwareness => {
                turn.say(id, Message::Awareness(encode_awareness(&self.presences.all())));
            }
            // Speaking of tokens, pings and closing is the socket's business; the rest is for clients only.
            _ => {}
        }
    }

    /// Step 2, and in the addressed dialect our own step 1, which the client waits for. A plain client had ours when
    /// it came. Of the review document, and of who was refused, nothing is asked.
    fn answer_step_1(&mut self, turn: &mut Turn, id: SeatId, state_vector: &Bytes) {
        // A small question may have a large answer; who asks on before the answers fit an outbox could not take them.
        if turn.answers.get(&id).is_some_and(|bytes| *bytes >= OUTBOX_BYTES_MAX) {
            return self.too_slow(id);
        }
        // Many who come at once ask the same.
        let same = turn.answered.as_ref().filter(|it| it.0 == state_vector && it.1 == turn.entries.len());
        let step_2 = match same.map_or_else(|| self.content.diff(state_vector), |it| Ok(it.2.clone())) {
            Ok(diff) => diff,
            Err(unfit) => return self.refuse(turn, id, unfit.into()),
        };
        turn.answered = Some((state_vector.clone(), turn.entries.len(), step_2.clone()));
        *turn.answers.entry(id).or_default() += step_2.len();
        turn.say(id, Message::SyncStep2(step_2));
        let ours = self.content.state_vector();
        let plain = self.is_plain(id);
        let Some(desk) = self.seats.get_mut(&id) else { return };
        if plain || desk.refused {
            return;
        }
        if matches!(self.content, Content::Review(_)) {
            // The client counts its sync as one change to be confirmed, and nothing of it is waited for.
            turn.say(id, Message::Saved(true));
        } else {
            desk.asked = desk.asked.saturating_add(1);
            turn.say(id, Message::SyncStep1(ours));
        }
    }

    /// The whole document; many who ask at once get the same bytes.
    fn document(&self, turn: &mut Turn, reply: Reply<Bytes>) {
        let entries = turn.entries.len();
        let same = turn.whole.as_ref().filter(|whole| whole.0 == entries).map(|whole| whole.1.clone());
        let whole = || {
            let whole = self.existing()?.encode();
            whole.map_err(|unfit| RoomError::Unavailable(unfit.to_string()))
        };
        let whole = same.map_or_else(whole, Ok);
        turn.whole = whole.as_ref().ok().map(|bytes| (entries, bytes.clone()));
        turn.answer(reply, whole);
    }

    fn change(&mut self, turn: &mut Turn, id: SeatId, update: Bytes, step_2: bool) {
        let Some(desk) = self.seats.get_mut(&id) else { return };
        if desk.refused {
            return;
        }
        let participant = desk.participant;
        let taken = match (&mut self.content, &desk.denied) {
            (Content::Body(body), None) => {
                #[cfg(test)]
                if self.shared.tuning.panic_on.as_ref() == Some(&update) {
                    panic!("told to panic");
                }
                body.take(&update, participant)
            }
            (content, Some(denied)) => {
                if content.knows(&update) {
                    Ok(Taken::Known)
                } else {
                    let no = No { kind: "forbidden", detail: denied.0.to_owned() };
                    return self.refuse(turn, id, no);
                }
            }
            // Nobody has a right to write into the review document.
            (Content::Review(_), None) => return,
        };
        match taken {
            Ok(Taken::New) => {
                turn.record(self.entry(participant, Kind::Update, update.clone()));
                self.note_change(participant);
                let came = turn.came;
                turn.releases.push(Release::Update { author: Some(id), update, came });
                meter().updates.inc();
                self.confirm(turn, id, step_2);
            }
            Ok(Taken::Known) => self.confirm(turn, id, step_2),
            Err(Unfit::Gap) => self.gap(turn, id, step_2),
            Err(Unfit::Broken(why)) => {
                turn.broken = Some(why);
                self.dismiss(id, Close::forbidden("this change cannot be applied"));
            }
            Err(unfit) => self.refuse(turn, id, unfit.into()),
        }
    }

    /// Confirms a change, with those that a gap had left out and that this step 2 brought. A client counts a change
    /// each, and one for a sync that it began; the answer to our own question it does not count.
    fn confirm(&mut self, turn: &mut Turn, id: SeatId, step_2: bool) {
        let Some(desk) = self.seats.get_mut(&id) else { return };
        let mut count = 1;
        if step_2 {
            if desk.asked > 0 {
                desk.asked -= 1;
            } else if std::mem::take(&mut desk.resync) {
                count = 0;
            }
            count += std::mem::take(&mut desk.owed);
        }
        (0..count).for_each(|_| turn.say(id, Message::Saved(true)));
    }

    /// Asks for what is missing, once; nothing is held. Whose answer leaves a gap again is refused.
    fn gap(&mut self, turn: &mut Turn, id: SeatId, step_2: bool) {
        let ours = self.content.state_vector();
        let Some(desk) = self.seats.get_mut(&id) else { return };
        let counted = !step_2 || desk.asked > 0;
        if step_2 && desk.asked > 0 {
            desk.asked -= 1;
        } else if step_2 && desk.resync {
            return self.refuse(turn, id, Unfit::Gap.into());
        }
        desk.owed = desk.owed.saturating_add(u32::from(counted));
        if desk.asked == 0 && !desk.resync {
            desk.resync = true;
            turn.say(id, Message::SyncStep1(ours));
        }
    }

    /// Says once that changes of this seat are not taken, and takes no more: what was queued behind builds on it.
    fn refuse(&mut self, turn: &mut Turn, id: SeatId, no: No) {
        let plain = self.is_plain(id);
        let Some(desk) = self.seats.get_mut(&id) else { return };
        desk.refused = true;
        meter().refused(no.kind);
        tracing::info!(document = %self.name, participant = %desk.participant, kind = no.kind, "refused a change");
        if plain {
            desk.closing = true;
            let close = match no.kind {
                "malformed" => Close::malformed(no.detail),
                _ => Close::forbidden(no.detail),
            };
            turn.releases.push(Release::Close { seat: id, close });
        } else {
            turn.say(id, Message::Saved(false));
            let refused = serde_json::json!({"refused": {"type": no.kind, "detail": no.detail}});
            turn.say(id, Message::Stateless(refused.to_string()));
        }
    }

    fn hear_awareness(&mut self, turn: &mut Turn, id: SeatId, bytes: &[u8]) {
        let Some(participant) = self.seats.get(&id).map(|desk| desk.participant) else { return };
        let news = self.presences.is_news(id, participant, bytes);
        match news.and_then(|news| if news { decode_awareness(bytes) } else { Ok(Vec::new()) }) {
            Ok(states) if states.is_empty() => {}
            Ok(states) => {
                let user = presence::user(&self.review_state(), participant);
                for state in states {
                    self.presences.set(id, participant, state, &user);
                }
            }
            Err(malformed) => {
                self.refuse(turn, id, No { kind: "malformed", detail: malformed.to_string() });
            }
        }
    }

    pub(super) fn review_state(&self) -> Arc<ReviewState> {
        match (&self.content, &self.review) {
            (Content::Review(review), _) => review.state().clone(),
            (Content::Body(_), Some(review)) => review.state.borrow().clone(),
            (Content::Body(_), None) => Arc::default(),
        }
    }

    fn attached(&mut self, turn: &mut Turn, anchors: &[Anchor], reply: Reply<Vec<bool>>) {
        let attached = match &self.content {
            Content::Body(body) => body.attached(anchors),
            Content::Review(_) => Err(RoomError::NotFound),
        };
        turn.answer(reply, attached);
    }

    fn decide(&mut self, turn: &mut Turn, permit: Permit, reply: Reply<(Outcome, Arc<ReviewState>)>) {
        let at = self.shared.clock.now();
        let Content::Review(review) = &mut self.content else {
            return turn.decided(reply, Err(RoomError::NotFound));
        };
        if self.sealed {
            return turn.decided(reply, Err(RoomError::Unavailable(SEALED.into())));
        }
        let by = permit.participant();
        let outcome = review.decide(permit, at).map(|(outcome, update)| {
            if let Some(update) = update {
                turn.record(self.entry(by, Kind::Command, update.clone()));
                turn.releases.push(Release::Update { author: None, update, came: None });
            }
            outcome
        });
        turn.decided(reply, outcome);
    }

    fn publish_to(&mut self, turn: &mut Turn, reply: Reply<Published>) {
        let published = self.existing().and_then(|content| match content {
            Content::Review(review) => Ok(review.published()),
            Content::Body(_) => Err(RoomError::NotFound),
        });
        turn.answer(reply, published);
    }

    pub(super) fn entry(&self, participant: ParticipantId, kind: Kind, bytes: Bytes) -> NewEntry {
        NewEntry { at_us: self.shared.clock.now().as_microsecond(), participant, kind, bytes }
    }

    fn seat(
        &mut self,
        participant: ParticipantId,
        denied: Option<Denied>,
        tongue: Tongue,
        outlet: Box<dyn Outlet>,
    ) -> (SeatId, SeatSender) {
        let id = self.next_seat;
        self.next_seat += 1;
        let tongue = self.tongues.enter(tongue);
        let (desk, seat) =
            Desk::new(id, participant, tongue, denied, outlet, (self.inbox.clone(), self.signals.clone()));
        self.seats.insert(id, Box::new(desk));
        (id, seat)
    }

    fn is_plain(&self, id: SeatId) -> bool {
        self.seats.get(&id).is_some_and(|desk| self.tongues.is_plain(desk.tongue))
    }
}
