//! Opens a room: claims the document, reads what the journal holds, and only then lets anybody in. A load that fails
//! answers all who wait and leaves nothing; the next to ask tries again.

use std::{panic::AssertUnwindSafe, rc::Rc, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::sync::mpsc;

use super::{
    RoomError,
    call::{Call, Miss, Published},
    content::{Content, Form, Text},
    pump::Pump,
    review_doc::ReviewDoc,
    shard::Shared,
    snapshot::Since,
    task::Room,
    wording::{Keeper, says},
    writers::Writers,
};
use crate::{
    body::{Body, Cold, Unreadable, writers_in},
    ids::{DocumentName, Part, ParticipantId, RecommendationId},
    journal::{Entry, JournalError, Kind, NewEntry, Seq, Writer},
    limits::{INLINE_LOAD_BYTES_MAX, LOAD_ENTRIES},
};

/// How the journal names this process in claims.
const NODE: &str = "plenary";

/// A document as it was read.
pub(super) struct Opened {
    pub(super) content: Content,
    /// `None`: nothing was ever written, so nothing is claimed until something is.
    pub(super) writer: Option<Box<dyn Writer>>,
    /// What came since the newest snapshot.
    pub(super) since: Since,
    /// Of a wording: what leads to its record.
    pub(super) keeper: Option<Box<Keeper>>,
    /// For a body or a wording: the review of its report.
    pub(super) review: Option<Published>,
    /// The content is older than the record, which cannot be read to its end: for reading only.
    pub(super) damaged: bool,
}

/// How long a room that cannot be opened waits for the call it was opened for; whoever made it may have gone.
const FIRST_CALL_TIME_MAX: Duration = Duration::from_secs(1);

/// The whole life of a room, as a task on its shard.
pub(super) fn run(
    shared: Arc<Shared>,
    pump: Rc<Pump>,
    name: DocumentName,
    inbox: mpsc::Sender<Box<Call>>,
    calls: mpsc::Receiver<Box<Call>>,
) -> impl Future<Output = DocumentName> {
    // Boxed, so that the task keeps no place for what its room has behind it.
    let begin = Box::pin(begin(shared, pump, name, inbox, calls));
    async move {
        if let Some(room) = begin.await {
            room.live().await;
        }
        name
    }
}

/// A room that is open. `None`: it cannot be opened, and all who asked were told.
async fn begin(
    shared: Arc<Shared>,
    pump: Rc<Pump>,
    name: DocumentName,
    inbox: mpsc::Sender<Box<Call>>,
    mut calls: mpsc::Receiver<Box<Call>>,
) -> Option<Box<Room>> {
    let error = match AssertUnwindSafe(open(&shared, name)).catch_unwind().await {
        Ok(Ok(opened)) => return Some(Box::new(Room::new(shared, pump, name, opened, inbox, calls))),
        Ok(Err(error)) => error,
        Err(_) => {
            shared.note_panic(name.doc());
            tracing::error!(document = %name, "opening the document panicked");
            RoomError::Unavailable("it cannot be read".into())
        }
    };
    // Who had it opened may not have asked yet; a room that closes before they do would be opened again and again.
    if let Ok(Some(call)) = tokio::time::timeout(FIRST_CALL_TIME_MAX, calls.recv()).await {
        call.miss(Miss::No(error.clone()));
    }
    calls.close();
    while let Some(call) = calls.recv().await {
        call.miss(Miss::No(error.clone()));
    }
    None
}

async fn open(shared: &Shared, name: DocumentName) -> Result<Opened, RoomError> {
    let opened = match name.part {
        Part::Review => open_review(shared, name).await?,
        Part::Body(section) => {
            let review = shared.published(name.report).await?;
            if !review.state.borrow().sections.contains_key(&section) {
                return Err(RoomError::NotFound);
            }
            let (writer, record) = read(shared, name).await?;
            let since = record.since();
            let (text, damaged) = text(shared, name, record).await?;
            let content = Content::Body(text);
            Opened { content, writer: Some(writer), since, keeper: None, review: Some(review), damaged }
        }
        Part::Wording(recommendation) => Box::pin(open_wording(shared, name, recommendation)).await?,
    };
    tracing::debug!(document = %name, "opened");
    Ok(opened)
}

/// A body that the room let go, up to its newest entry.
pub(super) async fn read_again(shared: &Shared, name: DocumentName, tip: Seq) -> Result<Text, RoomError> {
    let record = read_record(shared, name, tip).await?;
    match text(shared, name, record).await? {
        (text, false) => Ok(text),
        (_, true) => Err(RoomError::Unavailable("its record is damaged".into())),
    }
}

async fn text(shared: &Shared, name: DocumentName, mut record: Record) -> Result<(Text, bool), RoomError> {
    complete(shared, name, &mut record).await?;
    read_text(name, record, shared.panics(name.doc()) > 0).await
}

/// Who writes under which Yjs client id, where the record does not say so.
async fn complete(shared: &Shared, name: DocumentName, record: &mut Record) -> Result<(), RoomError> {
    if record.snapshot > 0 && record.writers.is_none() {
        record.writers = Some(writers_before(shared, name, record.snapshot).await?);
    }
    Ok(())
}

/// A wording that was never opened is made from its record: once, as an entry of the server that is always the same,
/// before anybody sees it.
async fn open_wording(
    shared: &Shared,
    name: DocumentName,
    recommendation: RecommendationId,
) -> Result<Opened, RoomError> {
    let review = shared.published(name.report).await?;
    let state = review.state.borrow().clone();
    let said = state.recommendations.get(&recommendation).ok_or(RoomError::NotFound)?;
    let (mut writer, mut record) = read(shared, name).await?;
    complete(shared, name, &mut record).await?;
    if record.updates.is_empty() {
        let bytes = Body::worded(said.title.as_str(), said.text.as_str(), first_client(name));
        let (at_us, kind) = (shared.clock.now().as_microsecond(), Kind::Command);
        let entry = NewEntry { at_us, participant: ParticipantId::ADMINISTRATOR, kind, bytes };
        writer.append(vec![entry.clone()]).await.map_err(|error| journal_failed(name, &error))?;
        record.updates.push(entry.bytes);
        record.authors.push(Some(entry.participant));
    }
    let since = record.since();
    let by = record.authors.last().copied().flatten().unwrap_or(ParticipantId::ADMINISTRATOR);
    // Built at once: wordings are small, and whether the record says the same is to be seen.
    let (text, damaged) = read_text(name, record, true).await?;
    let keeper = Keeper::new(recommendation, by, damaged || says(said, &text));
    Ok(Opened {
        content: Content::Body(text),
        writer: Some(writer),
        since,
        keeper: Some(Box::new(keeper)),
        review: Some(review),
        damaged,
    })
}

/// The Yjs client id under which a wording is first written: the same however often that is tried.
fn first_client(name: DocumentName) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&name.doc().as_bytes()[..8]);
    u64::from_le_bytes(bytes) & CLIENT_ID_MASK
}

async fn open_review(shared: &Shared, name: DocumentName) -> Result<Opened, RoomError> {
    let unavailable = |error: JournalError| journal_failed(name, &error);
    // Nobody claims the journal of a report that does not exist by asking for it.
    let begun = shared.journal.read(name.doc(), 1, 1).await;
    let never = matches!(begun, Ok(entries) if entries.is_empty())
        && shared.journal.snapshot(name.doc()).await.map_err(unavailable)?.is_none();
    let (writer, record) = if never {
        (None, Record::default())
    } else {
        let (writer, record) = read(shared, name).await?;
        (Some(writer), record)
    };
    let client = client_id(shared);
    let content = ReviewDoc::load(record.updates(), client).map_err(|it| damaged(name, &it))?;
    Ok(Opened {
        content: Content::Review(content),
        writer,
        since: record.since(),
        keeper: None,
        review: None,
        damaged: false,
    })
}

/// A body from its record, read beside the shard when it is large; and whether the record is damaged.
async fn read_text(name: DocumentName, record: Record, suspect: bool) -> Result<(Text, bool), RoomError> {
    let size: usize = record.updates().map(<[u8]>::len).sum();
    if size <= INLINE_LOAD_BYTES_MAX {
        return text_of(name, &record, suspect);
    }
    match tokio::task::spawn_blocking(move || text_of(name, &record, suspect)).await {
        Ok(text) => text,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// A record that passes the guard gives a cold body; one that has failed a room before has to be built, too. A record
/// that cannot be read to its end still gives the text before its damage, to be read and not written.
fn text_of(name: DocumentName, record: &Record, suspect: bool) -> Result<(Text, bool), RoomError> {
    let read = |updates: usize, build: bool| {
        let cold = Cold::read(record.updates[..updates].to_vec())?;
        let writers = record.writers_with(cold.firsts());
        let form = if build { Form::Built(Box::new(cold.build()?)) } else { Form::Cold(cold.into()) };
        Ok(Text { form, writers })
    };
    let all = record.updates.len();
    let error = match read(all, suspect) {
        Ok(text) => return Ok((text, false)),
        Err(error) => damaged(name, &error),
    };
    let (mut good, mut bad) = (0, all);
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        if read(middle, true).is_ok() { good = middle } else { bad = middle }
    }
    // Nothing readable is no reason to show a blank document.
    let text = if good > 0 { read(good, true).ok() } else { None };
    Ok((text.ok_or(error)?, true))
}

/// Yjs client ids have 53 bits.
const CLIENT_ID_MASK: u64 = (1 << 53) - 1;

/// A fresh Yjs client id: 53 random bits.
pub(super) fn client_id(shared: &Shared) -> u64 {
    let id = u128::from_le_bytes(shared.clock.id16());
    // The mask leaves 53 bits.
    (id & u128::from(CLIENT_ID_MASK)) as u64
}

/// What the journal holds of a document.
#[derive(Default)]
struct Record {
    snapshot: Seq,
    updates: Vec<bytes::Bytes>,
    /// Who wrote each update; a snapshot, nobody.
    authors: Vec<Option<ParticipantId>>,
    /// Of a body, who wrote the snapshot.
    writers: Option<Writers>,
}

impl Record {
    fn updates(&self) -> impl Iterator<Item = &[u8]> {
        self.updates.iter().map(|update| &update[..])
    }

    /// The snapshot is the first of the updates, when there is one.
    fn since(&self) -> Since {
        let (state, added) = self.updates.split_at(self.updates.len().min(usize::from(self.snapshot > 0)));
        let bytes = |updates: &[bytes::Bytes]| updates.iter().map(bytes::Bytes::len).sum();
        Since::opened(self.snapshot, bytes(state), bytes(added))
    }

    fn push(&mut self, entry: Entry) {
        match entry.kind {
            Kind::Update | Kind::Command => {
                self.updates.push(entry.bytes);
                self.authors.push(Some(entry.participant));
            }
            // The newest counts. One that cannot be read is as good as none.
            Kind::Writers => self.writers = Writers::decode(&entry.bytes).ok(),
            Kind::Claim | Kind::Access => {}
        }
    }

    /// With who first wrote under an id in which of the updates.
    fn writers_with(&self, firsts: &[(u64, usize)]) -> Writers {
        let mut writers = self.writers.clone().unwrap_or_default();
        for (client, number) in firsts {
            if let Some(Some(participant)) = self.authors.get(*number) {
                writers.note(*client, *participant);
            }
        }
        writers
    }
}

/// Takes the document over and reads all of it.
async fn read(shared: &Shared, name: DocumentName) -> Result<(Box<dyn Writer>, Record), RoomError> {
    let writer = claim(shared, name).await?;
    let record = read_record(shared, name, writer.tip()).await?;
    Ok((writer, record))
}

async fn read_record(shared: &Shared, name: DocumentName, tip: Seq) -> Result<Record, RoomError> {
    let unavailable = |error: JournalError| journal_failed(name, &error);
    let doc = name.doc();
    let mut record = Record::default();
    if let Some(snapshot) = shared.journal.snapshot(doc).await.map_err(unavailable)? {
        record.snapshot = snapshot.upto;
        record.updates.push(snapshot.state);
        record.authors.push(None);
    }
    let mut from = record.snapshot + 1;
    while from <= tip {
        let entries = shared.journal.read(doc, from, LOAD_ENTRIES).await.map_err(unavailable)?;
        let Some(last) = entries.last() else {
            let why = "the record ends too early".to_owned();
            return Err(unavailable(JournalError::Corrupt { doc, at: from, why }));
        };
        from = last.seq + 1;
        entries.into_iter().for_each(|entry| record.push(entry));
    }
    Ok(record)
}

/// Who wrote what a snapshot holds, when nothing after it says so: from all entries before it. Those that are kept no
/// more leave ids whose writer is not known.
async fn writers_before(shared: &Shared, name: DocumentName, snapshot: Seq) -> Result<Writers, RoomError> {
    let mut writers = Writers::default();
    let mut from = 1;
    while from <= snapshot {
        let entries = match shared.journal.read(name.doc(), from, LOAD_ENTRIES).await {
            Err(JournalError::Truncated { first }) if first > from => {
                from = first;
                continue;
            }
            entries => entries.map_err(|error| journal_failed(name, &error))?,
        };
        let Some(last) = entries.last() else { break };
        from = last.seq + 1;
        for entry in entries.iter().filter(|it| matches!(it.kind, Kind::Update | Kind::Command)) {
            // What is damaged before the snapshot harms nobody but who wrote it.
            let clients = writers_in(&entry.bytes).unwrap_or_default();
            clients.into_iter().for_each(|client| writers.note(client, entry.participant));
        }
    }
    Ok(writers)
}

/// Becomes the document's only writer.
pub(super) async fn claim(shared: &Shared, name: DocumentName) -> Result<Box<dyn Writer>, RoomError> {
    shared.journal.claim(name.doc(), NODE).await.map_err(|error| journal_failed(name, &error))
}

fn journal_failed(name: DocumentName, error: &JournalError) -> RoomError {
    match error {
        JournalError::Corrupt { .. } => tracing::error!(document = %name, %error, "the record is damaged"),
        _ => tracing::warn!(document = %name, %error, "the journal did not give the document"),
    }
    RoomError::Unavailable("its record cannot be read".into())
}

fn damaged(name: DocumentName, error: &Unreadable) -> RoomError {
    tracing::error!(document = %name, %error, "the record does not give a document");
    RoomError::Unavailable("its record cannot be read".into())
}
