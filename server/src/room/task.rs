//! The task of a room. It does what comes, appends what is new in one go when the round of its shard begins, and only
//! then lets go what came of it; while the append runs the inbox gathers.

use std::{collections::BTreeMap, panic::AssertUnwindSafe, rc::Rc, sync::Arc};

use futures_util::FutureExt as _;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tracing::trace_span;

use super::{
    RoomError,
    call::{Call, Miss, Published},
    content::Content,
    load::Opened,
    presence::Presences,
    pump::{Place, Pump},
    release::{Tongues, Turn},
    seat::{Desk, SeatId, Signals},
    shard::Shared,
    snapshot::{Checked, Checking, Since},
    standing::standing_changes,
    wording::Keeper,
};
use crate::{
    ids::DocumentName,
    journal::Writer,
    limits::{BATCH_MESSAGES_MAX, ROOM_PANICS_MAX},
    measure::{Here, meter},
    protocol::Close,
    review::Standing,
};

/// A live document, and all that its one owner keeps of it.
pub(super) struct Room {
    pub(super) name: DocumentName,
    pub(super) shared: Arc<Shared>,
    pub(super) content: Content,
    /// Takes no changes: the document made the server panic too often.
    pub(super) sealed: bool,
    /// Of a wording: what leads to its record.
    pub(super) keeper: Option<Box<Keeper>>,
    /// Of a body or a wording: the review of its report.
    pub(super) review: Option<Published>,
    /// What the seats' rights were taken from.
    pub(super) rights_as_of: Arc<Standing>,
    /// Boxed: the tree keeps places for eleven.
    pub(super) seats: BTreeMap<SeatId, Box<Desk>>,
    pub(super) next_seat: SeatId,
    pub(super) tongues: Tongues,
    pub(super) presences: Presences,
    /// For new seats. Calls are boxed: a quiet inbox keeps places for 32.
    pub(super) inbox: mpsc::Sender<Box<Call>>,
    pub(super) signals: Signals,
    /// Seats were given up whose last messages may still wait, or readers have caught up.
    pub(super) rung: bool,
    calls: mpsc::Receiver<Box<Call>>,
    #[expect(clippy::vec_box, reason = "as the inbox hands them over")]
    batch: Vec<Box<Call>>,
    /// What was done and is not yet durable, or not yet let go.
    pub(super) turn: Turn,
    pub(super) pump: Rc<Pump>,
    /// In the next round of the pump, while there is something to append.
    pub(super) place: Option<Place>,
    pub(super) writer: Option<Box<dyn Writer>>,
    stopping: watch::Receiver<bool>,
    /// What came since the newest snapshot, or the last attempt at one.
    pub(super) since: Since,
    /// A snapshot that is not yet kept.
    pub(super) checking: Option<Checking>,
    /// When presence may be broadcast again.
    presence_at: Instant,
    /// When the text was last needed.
    pub(super) text_used: Instant,
    /// Counted as in memory.
    pub(super) here: Option<Here>,
    /// Since when nobody has needed the room.
    idle_since: Option<Instant>,
    /// When the review room that ended is asked for again.
    pub(super) regain_at: Option<Instant>,
}

/// Why a room ends.
pub(super) enum End {
    /// Nobody needs it.
    Asleep,
    Stopping,
    /// What is in memory may not be what is stored: seats rejoin and merge with the journal's truth.
    Reset,
    /// A bug: as `Reset`, and what is in memory is not touched any more.
    Panicked,
}

/// What woke the room.
enum Wake {
    Work,
    /// It is time to append.
    Round,
    /// A snapshot was checked.
    Snapshot(Checked),
    /// A wording was noted, or could not be.
    Noted(Result<(), RoomError>),
    /// A seat was given up, or its reader has taken all that waited for it.
    Bell,
    /// The review room of the report has ended.
    ReviewGone,
    Stopping,
}

impl Room {
    pub(super) fn new(
        shared: Arc<Shared>,
        pump: Rc<Pump>,
        name: DocumentName,
        opened: Opened,
        inbox: mpsc::Sender<Box<Call>>,
        calls: mpsc::Receiver<Box<Call>>,
    ) -> Self {
        Self {
            name,
            content: opened.content,
            sealed: opened.damaged || shared.panics(name.doc()) >= ROOM_PANICS_MAX,
            keeper: opened.keeper,
            review: opened.review,
            rights_as_of: Arc::default(),
            seats: BTreeMap::new(),
            next_seat: 0,
            tongues: Tongues::default(),
            presences: Presences::default(),
            inbox,
            signals: Signals::new(),
            rung: false,
            calls,
            batch: Vec::new(),
            turn: Turn::default(),
            pump,
            place: None,
            writer: opened.writer,
            stopping: shared.stopping.clone(),
            since: opened.since,
            checking: None,
            presence_at: Instant::now(),
            text_used: Instant::now(),
            here: Some(meter().room()),
            idle_since: None,
            regain_at: None,
            shared,
        }
    }

    /// From the first call to the end. Boxed, since a future holds its room once for each step that moves it.
    pub(super) async fn live(mut self: Box<Self>) {
        let end = match AssertUnwindSafe(self.run()).catch_unwind().await {
            Ok(end) => end,
            Err(_) => End::Panicked,
        };
        Box::pin(self.finish(end)).await;
    }

    /// What a quiet room does not do is boxed, so that it holds no place for it.
    async fn run(&mut self) -> End {
        loop {
            match self.wait().await {
                Wake::Stopping => return Box::pin(self.drain()).await,
                Wake::ReviewGone => Box::pin(self.regain()).await,
                Wake::Bell => self.rung = true,
                Wake::Noted(outcome) => self.noted(outcome),
                Wake::Snapshot(checked) => {
                    if let Err(end) = Box::pin(self.keep_snapshot(checked)).await {
                        return end;
                    }
                }
                Wake::Round | Wake::Work => {}
            }
            if self.regain_at.is_some_and(|at| at <= Instant::now()) {
                Box::pin(self.regain()).await;
            }
            if let Err(end) = Box::pin(self.go_on()).await {
                return end;
            }
            if self.rests() {
                return End::Asleep;
            }
            self.doze();
        }
    }

    /// Until there is something to do; calls are in `batch` then.
    async fn wait(&mut self) -> Wake {
        let at = self.wakes_at();
        let regaining = self.regain_at.is_some();
        let hears = !self.turn.is_full();
        // What happens seldom comes first, or a busy inbox would keep it waiting.
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stop| *stop) => Wake::Stopping,
            () = self.signals.bell.notified() => Wake::Bell,
            known = standing_changes(&mut self.review), if !regaining => {
                if known { Wake::Work } else { Wake::ReviewGone }
            }
            () = round(self.place.as_ref()) => {
                // What came meanwhile goes with it, or it would wait for the next.
                while hears && self.batch.len() < BATCH_MESSAGES_MAX && let Ok(call) = self.calls.try_recv() {
                    self.batch.push(call);
                }
                Wake::Round
            }
            checked = Checking::done(&mut self.checking) => Wake::Snapshot(checked),
            noted = Keeper::done(&mut self.keeper) => Wake::Noted(noted),
            _ = self.calls.recv_many(&mut self.batch, BATCH_MESSAGES_MAX), if hears => Wake::Work,
            () = sleep_until(at.unwrap_or_else(Instant::now)), if at.is_some() => Wake::Work,
        }
    }

    fn wakes_at(&self) -> Option<Instant> {
        let presence = self.may_show_presences().then_some(self.presence_at);
        let sleep = self.idle_since.map(|since| since + self.shared.tuning.idle);
        // What is not yet durable is noted after its append.
        let note = self.keeper.as_ref().filter(|_| !self.turn.has_to_wait() && !self.sealed);
        let note = note.and_then(|keeper| keeper.due());
        [presence, sleep, note, self.regain_at, self.dozes_at()].into_iter().flatten().min()
    }

    /// Not while changes wait for their append: whose reader begins to lag has what was let go so far, and the document
    /// holds more than that.
    fn may_show_presences(&self) -> bool {
        self.presences.changed() && !self.turn.has_to_wait()
    }

    /// Does what is in `batch`, and commits when there is nothing to append or its round has begun.
    async fn go_on(&mut self) -> Result<(), End> {
        self.take_batch().await?;
        if std::mem::take(&mut self.rung) {
            if self.seats.values().any(|desk| desk.lags()) {
                self.wake().await?;
            }
            self.let_leavers_go();
            self.let_laggards_catch_up();
        }
        if self.turn.has_to_wait() {
            if self.place.get_or_insert_with(|| self.pump.place()).is_open() {
                self.commit().await?;
            }
        } else {
            self.commit().await?;
        }
        if self.may_show_presences() && Instant::now() >= self.presence_at {
            self.show_presences();
            self.presence_at = Instant::now() + self.shared.tuning.presence;
        }
        if matches!(self.content, Content::Review(_)) {
            self.renew_rights();
        }
        self.note_wording();
        self.make_snapshot().await
    }

    async fn take_batch(&mut self) -> Result<(), End> {
        self.renew_rights();
        if self.batch.is_empty() {
            return Ok(());
        }
        self.idle_since = None;
        if self.batch.iter().any(|call| call.needs_text()) {
            self.wake().await?;
        }
        if self.batch.iter().any(|call| self.content.is_too_cold_for(call)) {
            build(&mut self.content, self.name).await?;
        }
        let mut batch = std::mem::take(&mut self.batch);
        let mut turn = std::mem::take(&mut self.turn);
        let span = trace_span!("take", document = %self.name, messages = batch.len());
        span.in_scope(|| self.take_calls(&mut turn, batch.drain(..)));
        (self.batch, self.turn) = (batch, turn);
        Ok(())
    }

    /// Whether nobody has needed the room for long, and nobody asks for it now.
    fn rests(&mut self) -> bool {
        let (watched, exists) = match &self.content {
            Content::Review(review) => (review.watched(), review.state().report.is_some()),
            Content::Body(_) => (false, true),
        };
        let noting = self.keeper.as_ref().is_some_and(|keeper| keeper.is_busy()) && !self.sealed;
        let busy = self.turn.has_to_wait() || self.checking.is_some() || noting;
        if !self.seats.is_empty() || watched || busy {
            self.idle_since = None;
            return false;
        }
        let since = *self.idle_since.get_or_insert_with(Instant::now);
        let long = !exists || since.elapsed() >= self.shared.tuning.idle;
        long && self.calls.is_empty()
    }

    /// Does all that was accepted, and takes no more.
    async fn drain(&mut self) -> End {
        self.calls.close();
        loop {
            let done = async {
                self.take_batch().await?;
                self.commit().await
            };
            if let Err(end) = done.await {
                return end;
            }
            if self.calls.recv_many(&mut self.batch, BATCH_MESSAGES_MAX).await == 0 {
                return End::Stopping;
            }
        }
    }

    /// Tells everybody, and leaves the document to who comes next.
    async fn finish(mut self: Box<Self>, end: End) {
        self.calls.close();
        let close = match end {
            End::Stopping => Close::restarting(),
            _ => Close::reset("the document was reopened; rejoin and merge"),
        };
        for desk in self.seats.values_mut() {
            desk.close(close.clone());
        }
        self.seats.clear();
        if matches!(end, End::Panicked) {
            let count = self.shared.note_panic(self.name.doc());
            tracing::error!(document = %self.name, count, "the room panicked; it reopens from the journal");
            // A half-changed document may not survive even its destructor.
            std::mem::forget(self.content);
        } else {
            drop(self.content);
            tracing::debug!(document = %self.name, "closed");
        }
        let stopping = matches!(end, End::Stopping);
        // Nobody has looked at these: what they need failed before.
        self.batch.drain(..).for_each(|call| call.miss(Miss::Again));
        while let Some(call) = self.calls.recv().await {
            call.miss(if stopping { Miss::No(RoomError::Stopping) } else { Miss::Again });
        }
        if let Some(writer) = self.writer {
            writer.release().await;
        }
    }
}

/// Waits for the round of a place. For ever, where there is none.
async fn round(place: Option<&Place>) {
    match place {
        Some(place) => place.opened().await,
        None => std::future::pending().await,
    }
}

/// Builds a cold body. One that cannot be is a bug, as a panic is: it reopens with every check.
pub(super) async fn build(content: &mut Content, name: DocumentName) -> Result<(), End> {
    content.build().await.map_err(|error| {
        tracing::error!(document = %name, %error, "the text cannot be built");
        End::Panicked
    })
}
