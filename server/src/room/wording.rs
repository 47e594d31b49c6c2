//! The wording of a recommendation: a text that is made from its record when it is first opened, and noted back into
//! the record when it rests. The text is the truth; who changes title or text by other ways is led through here.

use std::pin::Pin;

use tokio::time::Instant;

use super::{
    RoomError, Tuning,
    call::{Call, Miss, Reply},
    content::{Content, Form, Text as Written},
    load,
    release::{Release, Turn},
    standing::SEALED,
    task::Room,
};
use crate::{
    access::Permit,
    access::rights,
    body::{Refusal as Unfit, Taken, Wording},
    ids::{DocumentName, ParticipantId, RecommendationId},
    journal::Kind,
    limits::ENTRY_BYTES_MAX,
    review::{Command, Decision, FieldError, Recommendation, Refusal, Text, Title, decide},
};

/// What a room keeps of noting its wording in the record.
pub(super) struct Keeper {
    recommendation: RecommendationId,
    /// Who wrote last.
    by: ParticipantId,
    /// What is not noted yet.
    changed: Option<Changed>,
    noting: Option<Noting>,
    /// Who wait until all is noted.
    waiting: Vec<Reply<()>>,
}

type Noting = Pin<Box<dyn Future<Output = Result<(), RoomError>>>>;

/// Changes that are to be noted.
struct Changed {
    /// When, if nothing more comes.
    due: Instant,
    /// When, however much comes.
    latest: Instant,
}

impl Keeper {
    /// `noted`: the record says what the text says.
    pub(super) fn new(recommendation: RecommendationId, by: ParticipantId, noted: bool) -> Self {
        let now = Instant::now();
        let changed = (!noted).then_some(Changed { due: now, latest: now });
        Self { recommendation, by, changed, noting: None, waiting: Vec::new() }
    }

    /// Somebody wrote.
    fn note(&mut self, by: ParticipantId, tuning: &Tuning) {
        let now = Instant::now();
        self.by = by;
        let latest = self.changed.as_ref().map_or(now + tuning.noted_within, |changed| changed.latest);
        self.changed = Some(Changed { due: latest.min(now + tuning.wording_quiet), latest });
    }

    /// When it is to be noted; while that goes on already, not again.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = self.changed.as_ref().filter(|_| self.noting.is_none())?.due;
        Some(if self.waiting.is_empty() { due } else { due.min(Instant::now()) })
    }

    /// Whether something is still to be noted.
    pub(super) fn is_busy(&self) -> bool {
        self.changed.is_some() || self.noting.is_some()
    }

    /// Waits until it is noted. For ever, where nothing is being noted.
    pub(super) async fn done(keeper: &mut Option<Box<Self>>) -> Result<(), RoomError> {
        match keeper.as_mut().and_then(|keeper| keeper.noting.as_mut()) {
            Some(noting) => noting.await,
            None => std::future::pending().await,
        }
    }
}

/// What of a wording fits a record.
fn fitting(wording: Wording) -> (Option<Title>, Option<Text>) {
    (Title::try_from(wording.title).ok(), Text::try_from(wording.text).ok())
}

/// Whether a record says what a text says, as far as it can.
pub(super) fn says(record: &Recommendation, text: &Written) -> bool {
    let Some((title, words)) = wording_of(text).map(fitting) else { return true };
    title.is_none_or(|title| title == record.title) && words.is_none_or(|words| words == record.text)
}

/// `None`: it was not built, or is too large to read.
fn wording_of(text: &Written) -> Option<Wording> {
    match &text.form {
        Form::Built(body) => body.tree().ok().map(|tree| tree.wording()),
        Form::Cold(_) | Form::Away(_) => None,
    }
}

impl Room {
    /// Somebody changed the text.
    pub(super) fn note_change(&mut self, by: ParticipantId) {
        if let Some(keeper) = &mut self.keeper {
            keeper.note(by, &self.shared.tuning);
        }
    }

    /// Begins to note the wording when it is time. What is not durable is not noted.
    pub(super) fn note_wording(&mut self) {
        if self.turn.has_to_wait() || self.sealed {
            return;
        }
        let Content::Body(text) = &self.content else { return };
        let Some(keeper) = self.keeper.as_mut().filter(|it| it.due().is_some_and(|at| at <= Instant::now()))
        else {
            return;
        };
        keeper.changed = None;
        let Some((title, words)) = wording_of(text).map(fitting) else {
            tracing::error!(document = %self.name, "the wording cannot be noted");
            let error = RoomError::Unavailable("its text is too large for a record".into());
            // Who waited may have gone.
            keeper.waiting.drain(..).for_each(|reply| drop(reply.send(Err(Miss::No(error.clone())))));
            return;
        };
        let (report, recommendation) = (self.name.report, keeper.recommendation);
        let permit = Permit::note_wording((report, keeper.by), recommendation, title, words);
        let shared = self.shared.clone();
        keeper.noting = Some(Box::pin(async move {
            let decide = |reply| Call::Decide { permit: Box::new(permit.clone()), reply };
            shared.ask(DocumentName::review(report), decide).await.map(|_| ())
        }));
    }

    /// It is noted, or could not be.
    pub(super) fn noted(&mut self, outcome: Result<(), RoomError>) {
        let Some(keeper) = &mut self.keeper else { return };
        keeper.noting = None;
        match outcome {
            // What came meanwhile is noted, too, before it is answered.
            Ok(()) if keeper.changed.is_some() && !keeper.waiting.is_empty() => return,
            Ok(()) => {}
            Err(ref error @ (RoomError::Unavailable(_) | RoomError::Stopping)) => {
                tracing::warn!(document = %self.name, %error, "the wording is not noted yet");
                // If no room does it any more, the next to open the text does.
                keeper.note(keeper.by, &self.shared.tuning);
            }
            Err(ref error) => tracing::error!(document = %self.name, %error, "the wording is not noted"),
        }
        for reply in keeper.waiting.drain(..) {
            // Who waited may have gone.
            let _ = reply.send(outcome.clone().map_err(Miss::No));
        }
    }

    /// Answers when all that is written is in the record.
    pub(super) fn settle(&mut self, turn: &mut Turn, reply: Reply<()>) {
        match &mut self.keeper {
            Some(keeper) if keeper.is_busy() && !self.sealed => keeper.waiting.push(reply),
            _ => turn.answer(reply, Ok(())),
        }
    }

    /// Title and text as somebody gives them over HTTP, who may by the rules of the review; answers when the record has
    /// them.
    pub(super) fn reword(&mut self, turn: &mut Turn, permit: Permit, reply: Reply<()>) {
        match self.try_reword(turn, permit) {
            Ok(()) => self.settle(turn, reply),
            Err(error) => turn.answer(reply, Err(error)),
        }
    }

    fn try_reword(&mut self, turn: &mut Turn, permit: Permit) -> Result<(), RoomError> {
        if self.sealed {
            return Err(RoomError::Unavailable(SEALED.into()));
        }
        let permit = permit.renewed(&self.standing());
        let permit = permit.map_err(|denied| Refusal::Forbidden { why: denied.0.into() })?;
        let by = permit.participant();
        let decision = Decision { by, role: permit.role(), at: self.shared.clock.now() };
        decide(&self.review_state(), decision, permit.command().clone())?;
        let Command::EditRecommendation { change, .. } = permit.command() else { return Ok(()) };
        let client = load::client_id(&self.shared);
        let Content::Body(text) = &mut self.content else { return Err(RoomError::NotFound) };
        let Form::Built(body) = &text.form else {
            return Err(RoomError::Unavailable("its text was not built".into()));
        };
        let (title, words) =
            (change.title.as_ref().map(Title::as_str), change.text.as_ref().map(Text::as_str));
        let update = body.reworded(title, words, client).map_err(|error| {
            tracing::error!(document = %self.name, %error, "the wording cannot be changed");
            RoomError::Unavailable("its text cannot be read".into())
        })?;
        let Some(update) = update else { return Ok(()) };
        // The record may be behind the text: who would change nothing of that may change these words all the same.
        let standing = self.standing();
        let read = rights::read(&standing, self.name.report, by).ok_or(RoomError::NotFound)?;
        self.right(&standing, read).map_err(|denied| Refusal::Forbidden { why: denied.0.into() })?;
        let Content::Body(text) = &mut self.content else { return Err(RoomError::NotFound) };
        let full = || Refusal::Field { field: "text", error: FieldError::Form("is too large") };
        if update.len() > ENTRY_BYTES_MAX {
            return Err(full().into());
        }
        match text.take(&update, by) {
            Ok(Taken::New) => {}
            Ok(Taken::Known) => return Ok(()),
            Err(Unfit::Full) => return Err(full().into()),
            Err(error) => {
                tracing::error!(document = %self.name, %error, "refused to reword");
                if let Unfit::Broken(why) = error {
                    turn.broken = Some(why);
                }
                return Err(RoomError::Unavailable("the words cannot be applied".into()));
            }
        }
        turn.record(self.entry(by, Kind::Command, update.clone()));
        turn.releases.push(Release::Update { author: None, update, came: None });
        self.note_change(by);
        Ok(())
    }
}
