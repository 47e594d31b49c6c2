//! What a batch leaves behind: entries for the journal, and what leaves the room once they are durable.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use tokio::time::Instant;
use yrs::merge_updates_v1;

use super::{
    RoomError,
    call::{Miss, Reply, Tongue},
    content::Content,
    seat::SeatId,
    task::Room,
};
use crate::{
    journal::NewEntry,
    limits::{GATHERED_BYTES_MAX, GATHERED_ENTRIES_MAX},
    measure::meter,
    protocol::{Close, Framed, Message, encode_awareness},
    review::{Outcome, ReviewState},
};

/// All that one batch did.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) entries: Vec<NewEntry>,
    /// Their sizes, in all.
    bytes: usize,
    /// In the order in which they leave.
    pub(super) releases: Vec<Release>,
    /// Why what is in memory is not the document any more. Then nothing of the batch counts.
    pub(super) broken: Option<&'static str>,
    /// The last answered state vector, the number of entries then, and the answer.
    pub(super) answered: Option<(Bytes, usize, Bytes)>,
    /// Bytes of answers that wait to leave for each seat.
    pub(super) answers: BTreeMap<SeatId, usize>,
    /// The whole document as it was asked for last, and the number of entries then.
    pub(super) whole: Option<(usize, Bytes)>,
    /// When the message came that is being handled.
    pub(super) came: Option<Instant>,
}

/// Something that leaves the room when the batch's entries are durable.
pub(super) enum Release {
    /// A change, to every seat but its author's.
    Update {
        author: Option<SeatId>,
        update: Bytes,
        /// When a client's message with it came.
        came: Option<Instant>,
    },
    Say {
        seat: SeatId,
        message: Message,
    },
    Close {
        seat: SeatId,
        close: Close,
    },
    Decided {
        reply: Reply<(Outcome, Arc<ReviewState>)>,
        outcome: Result<Outcome, RoomError>,
    },
    /// An answer; told that the batch failed, it says so instead.
    Answer(Box<dyn FnOnce(Option<RoomError>)>),
}

impl Turn {
    pub(super) fn record(&mut self, entry: NewEntry) {
        self.bytes += entry.bytes.len();
        self.entries.push(entry);
    }

    /// Whether there is something to append before anything leaves.
    pub(super) fn has_to_wait(&self) -> bool {
        !self.entries.is_empty() && self.broken.is_none()
    }

    /// Whether nothing more is to be heard before this is durable.
    pub(super) fn is_full(&self) -> bool {
        let count = self.entries.len().max(self.releases.len() / 4);
        count >= GATHERED_ENTRIES_MAX || self.bytes >= GATHERED_BYTES_MAX
    }

    pub(super) fn say(&mut self, seat: SeatId, message: Message) {
        self.releases.push(Release::Say { seat, message });
    }

    /// An answer to who only asks: if the batch fails they may ask again.
    pub(super) fn answer<T: 'static>(&mut self, reply: Reply<T>, value: Result<T, RoomError>) {
        self.releases.push(Release::Answer(Box::new(move |failed| {
            let answer = if failed.is_some() { Err(Miss::Again) } else { value.map_err(Miss::No) };
            // Who asked may have gone.
            let _ = reply.send(answer);
        })));
    }

    /// An answer to who changes something: if the batch fails, whether it was stored is not known.
    pub(super) fn answer_change<T: 'static>(&mut self, reply: Reply<T>, value: Result<T, RoomError>) {
        self.releases.push(Release::Answer(Box::new(move |failed| {
            let answer = failed.map_or(value, Err).map_err(Miss::No);
            let _ = reply.send(answer);
        })));
    }

    pub(super) fn decided(
        &mut self,
        reply: Reply<(Outcome, Arc<ReviewState>)>,
        outcome: Result<Outcome, RoomError>,
    ) {
        self.releases.push(Release::Decided { reply, outcome });
    }
}

impl Release {
    /// The batch's entries may not be stored: nothing is shown or confirmed.
    pub(super) fn fail(self, error: RoomError) {
        match self {
            Self::Decided { reply, .. } => {
                let _ = reply.send(Err(Miss::No(error)));
            }
            Self::Answer(answer) => answer(Some(error)),
            // Seats are told when the room ends.
            Self::Update { .. } | Self::Say { .. } | Self::Close { .. } => {}
        }
    }
}

/// The dialects and addresses spoken in a room: a frame is encoded once for each.
#[derive(Default)]
pub(super) struct Tongues(Vec<Option<(Tongue, usize)>>);

impl Tongues {
    /// The index of a tongue that one more seat speaks.
    pub(super) fn enter(&mut self, tongue: Tongue) -> usize {
        let same = |slot: &Option<(Tongue, usize)>| slot.as_ref().is_some_and(|it| it.0 == tongue);
        if let Some(index) = self.0.iter().position(same) {
            if let Some((_, seats)) = &mut self.0[index] {
                *seats += 1;
            }
            return index;
        }
        let index = self.0.iter().position(Option::is_none).unwrap_or_else(|| {
            // Mostly there is one.
            self.0.reserve_exact(1);
            self.0.push(None);
            self.0.len() - 1
        });
        self.0[index] = Some((tongue, 1));
        index
    }

    /// One seat less.
    pub(super) fn leave(&mut self, index: usize) {
        let Some(slot) = self.0.get_mut(index) else { return };
        *slot = slot.take().and_then(|(tongue, seats)| (seats > 1).then(|| (tongue, seats - 1)));
    }

    pub(super) fn is_plain(&self, index: usize) -> bool {
        matches!(self.0.get(index), Some(Some((Tongue::Plain, _))))
    }

    fn encode(&self, index: usize, message: &Message) -> Option<Framed> {
        self.0.get(index)?.as_ref()?.0.encode(message)
    }
}

/// The changes of a turn.
#[derive(Default)]
struct News {
    updates: Vec<Bytes>,
    came: Vec<Instant>,
    /// Whose they are; `Some(None)`: of several, or of nobody here.
    author: Option<Option<SeatId>>,
}

impl News {
    fn add(&mut self, author: Option<SeatId>, update: Bytes, came: Option<Instant>) {
        self.updates.push(update);
        self.came.extend(came);
        self.author = Some(author.filter(|it| self.author.is_none_or(|before| before == Some(*it))));
    }

    /// All as one update: published clients read one sync message of a frame.
    fn merged(&self) -> Vec<Bytes> {
        match &self.updates[..] {
            [] | [_] => self.updates.clone(),
            // All were read when they were taken; each is as good alone.
            many => merge_updates_v1(many).map_or_else(|_| many.to_vec(), |one| vec![one.into()]),
        }
    }
}

impl Room {
    /// Lets go what waited for the append: answers and confirmations as they came, then the changes as one.
    pub(super) fn release(&mut self, releases: Vec<Release>) {
        let _span =
            tracing::trace_span!("release", document = %self.name, releases = releases.len()).entered();
        if let Content::Review(review) = &mut self.content {
            review.publish();
        }
        let mut news = News::default();
        let mut told = Vec::new();
        for release in releases {
            match release {
                Release::Update { author, update, came } => news.add(author, update, came),
                Release::Say { seat, message } => {
                    self.tell(seat, &message);
                    told.push(seat);
                }
                Release::Close { seat, close } => self.dismiss(seat, close),
                Release::Decided { reply, outcome } => {
                    let state = match &self.content {
                        Content::Review(review) => review.state().clone(),
                        Content::Body(_) => Arc::default(),
                    };
                    let _ = reply.send(outcome.map(|outcome| (outcome, state)).map_err(Miss::No));
                }
                Release::Answer(answer) => answer(None),
            }
        }
        self.spread(news);
        for seat in told {
            self.seats.get_mut(&seat).into_iter().for_each(|desk| desk.flush());
        }
    }

    /// Changes to every seat but their only author's.
    fn spread(&mut self, news: News) {
        let author = news.author.flatten();
        for update in news.merged() {
            let readers = self.show(&Message::Update(update), author);
            self.pump.delivered(news.updates.len(), readers);
        }
        for came in news.came {
            meter().delivered(came.elapsed());
        }
    }

    /// What can be told later by difference, to every seat but one; how many got it. Encoded once for each tongue.
    fn show(&mut self, message: &Message, but: Option<SeatId>) -> usize {
        let mut frames: Vec<Option<Option<Framed>>> = Vec::new();
        let (content, mut vector) = (&self.content, None);
        let mut as_of = || vector.get_or_insert_with(|| content.state_vector()).clone();
        let mut readers = 0;
        for (id, desk) in &mut self.seats {
            if Some(*id) == but || desk.closing {
                continue;
            }
            if frames.len() <= desk.tongue {
                frames.resize(desk.tongue + 1, None);
            }
            let frame = frames[desk.tongue].get_or_insert_with(|| self.tongues.encode(desk.tongue, message));
            if let Some(frame) = frame {
                desk.show(frame, &mut as_of);
                readers += 1;
            }
        }
        readers
    }

    fn tell(&mut self, id: SeatId, message: &Message) {
        let Some(desk) = self.seats.get_mut(&id) else { return };
        if desk.closing {
            return;
        }
        if let Some(frame) = self.tongues.encode(desk.tongue, message)
            && !desk.say(frame)
        {
            self.too_slow(id);
        }
    }

    /// Gives what they lack to those who lagged and have taken all that waited for them.
    pub(super) fn let_laggards_catch_up(&mut self) {
        let lacks: Vec<_> =
            self.seats.iter_mut().filter_map(|(id, desk)| Some((*id, desk.caught_up()?))).collect();
        for (id, had) in lacks {
            // What is not yet durable is in the document already, so the difference waits for it like any answer.
            let Ok(lacking) = self.content.diff(&had) else {
                // Our own state vector reads well; but nobody goes on without what was held back.
                self.dismiss(id, Close::reset("the document was reopened; rejoin and merge"));
                continue;
            };
            self.turn.say(id, Message::Update(lacking));
            self.turn.say(id, Message::Awareness(encode_awareness(&self.presences.all())));
            meter().laggards.inc();
        }
    }

    /// Ends the seat of a reader who does not keep up.
    pub(super) fn too_slow(&mut self, id: SeatId) {
        meter().slow_readers.inc();
        tracing::info!(document = %self.name, "a reader was too slow");
        self.dismiss(id, Close::too_slow());
    }

    /// Ends a seat.
    pub(super) fn dismiss(&mut self, id: SeatId, close: Close) {
        if let Some(mut desk) = self.seats.remove(&id) {
            desk.close(close);
            self.tongues.leave(desk.tongue);
            self.presences.leave(id);
        }
    }

    /// Lets those go who gave their seats up.
    pub(super) fn let_leavers_go(&mut self) {
        let left: Vec<_> = self.seats.iter().filter(|(_, desk)| desk.left()).map(|(id, _)| *id).collect();
        left.into_iter().for_each(|id| self.dismiss(id, Close::new(1000, "left")));
        self.rung |= self.seats.values().any(|desk| desk.leaves());
    }

    /// Broadcasts who came, moved and left.
    pub(super) fn show_presences(&mut self) {
        let changed = self.presences.take_changed();
        let states: Vec<_> = changed.iter().map(|shown| shown.presence.clone()).collect();
        if changed.iter().all(|shown| shown.not_to.is_none()) {
            self.show(&Message::Awareness(encode_awareness(&states)), None);
            return;
        }
        // Rare: after a reconnection. Each seat gets the states it may hear.
        let ids: Vec<_> = self.seats.keys().copied().collect();
        for id in ids {
            let heard = changed.iter().filter(|shown| shown.not_to != Some(id));
            let states: Vec<_> = heard.map(|shown| shown.presence.clone()).collect();
            if !states.is_empty() {
                self.tell(id, &Message::Awareness(encode_awareness(&states)));
                self.seats.get_mut(&id).into_iter().for_each(|desk| desk.flush());
            }
        }
    }
}
