//! Shards: threads with a one-thread runtime each, on which the rooms of their documents run as local tasks.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::{
    runtime::LocalOptions,
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};

use super::{
    RoomError, Tuning,
    alarm::Alarm,
    call::{Call, Miss, Published, Reply},
    load,
    pump::Pump,
    rest,
};
use crate::{
    clock::Clock,
    ids::{DocId, DocumentName, Part, ReportId},
    journal::Journal,
    limits::{ASK_TRIES_MAX, INBOX_MESSAGES_MAX, SHARD_ASKS_MAX, SHARD_LOADS_MAX, SHARD_STACK_BYTES},
    measure::meter,
};

/// What all rooms know.
pub(super) struct Shared {
    shards: Vec<mpsc::Sender<Ask>>,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) clock: Clock,
    pub(super) tuning: Tuning,
    /// True once the server is stopping.
    pub(super) stopping: watch::Receiver<bool>,
    /// How often each document's room panicked in this process. Documents that never did are not listed.
    panics: Mutex<HashMap<DocId, u32>>,
}

/// Holds the shards up: with the last clone of `Rooms` they end.
pub(super) struct Handle {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    ended: watch::Receiver<usize>,
}

/// What a shard is asked.
enum Ask {
    /// "Where is this room?" It is started when it is not there.
    Find { name: DocumentName, reply: oneshot::Sender<mpsc::Sender<Box<Call>>> },
    /// "Which rooms of wordings are awake?"
    Wordings { reply: oneshot::Sender<Vec<mpsc::Sender<Box<Call>>>> },
    /// Run a conversation beside the rooms that it is with.
    Host(Conversation),
}

/// A conversation that is begun on the thread it is to stay on.
pub(super) type Conversation = Box<dyn FnOnce() -> Option<Pin<Box<dyn Future<Output = ()>>>> + Send>;

/// Starts the shards' threads.
pub(super) fn start(journal: Arc<dyn Journal>, clock: Clock, shards: usize, tuning: Tuning) -> Handle {
    let (handle, shards) = prepare(journal, clock, shards, tuning);
    for (number, (asks, ended)) in shards.into_iter().enumerate() {
        let shared = handle.shared.clone();
        std::thread::Builder::new()
            .name(format!("rooms-{number}"))
            .stack_size(SHARD_STACK_BYTES)
            .spawn(move || run_thread(shared, asks, ended))
            // At the start of the process only; without its threads there is no server.
            .expect("the system starts a thread");
    }
    handle
}

/// The shards as tasks, for whoever runs them and their rooms: the simulation.
#[cfg(test)]
pub(super) fn tasks<T: Tasks>(
    journal: Arc<dyn Journal>,
    clock: Clock,
    shards: usize,
    tuning: Tuning,
    rooms: impl Fn() -> T,
) -> (Handle, Vec<impl Future<Output = ()>>) {
    let (handle, shards) = prepare(journal, clock, shards, tuning);
    let task = |(asks, ended): (mpsc::Receiver<Ask>, Ended)| {
        let (shared, rooms) = (handle.shared.clone(), rooms());
        async move {
            let _ended = ended;
            run_shard(asks, rooms, Pump::new(&shared, Alarm::Coarse, false), shared).await;
        }
    };
    let tasks = shards.into_iter().map(task).collect();
    (handle, tasks)
}

/// What all shards know, and what each of them is given.
fn prepare(
    journal: Arc<dyn Journal>,
    clock: Clock,
    shards: usize,
    tuning: Tuning,
) -> (Handle, Vec<(mpsc::Receiver<Ask>, Ended)>) {
    let (stop, stopping) = watch::channel(false);
    let (end, ended) = watch::channel(0);
    let (senders, receivers): (Vec<_>, Vec<_>) =
        (0..shards.max(1)).map(|_| mpsc::channel(SHARD_ASKS_MAX)).unzip();
    let shared =
        Arc::new(Shared { shards: senders, journal, clock, tuning, stopping, panics: Mutex::default() });
    let shards = receivers.into_iter().map(|asks| (asks, Ended(end.clone()))).collect();
    (Handle { shared, stop, ended }, shards)
}

/// Counts a shard as ended, even when it panics.
struct Ended(watch::Sender<usize>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count += 1);
    }
}

fn run_thread(shared: Arc<Shared>, asks: mpsc::Receiver<Ask>, ended: Ended) {
    let _ended = ended;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(rest::take)
        .thread_stack_size(SHARD_STACK_BYTES)
        .max_blocking_threads(SHARD_LOADS_MAX)
        .build_local(LocalOptions::default());
    // As above: a process that cannot have a runtime cannot serve.
    let runtime = runtime.expect("the system gives a runtime its timers");
    // A task of its own: whatever wakes the future that a runtime blocks on costs a system call.
    let _entered = runtime.enter();
    let shard =
        runtime.spawn_local(run_shard(asks, JoinSet::new(), Pump::new(&shared, Alarm::fine(), true), shared));
    if let Err(panicked) = runtime.block_on(shard) {
        std::panic::resume_unwind(panicked.into_panic());
    }
}

/// Where the rooms of a shard run.
pub(super) trait Tasks {
    /// Starts a room, which says its name when it ends.
    fn start(&mut self, room: impl Future<Output = DocumentName> + 'static);
    /// Waits for the next room to end; it has no name if it panicked outside its guards. `None`: there is none.
    async fn next(&mut self) -> Option<Option<DocumentName>>;
}

impl Tasks for JoinSet<DocumentName> {
    fn start(&mut self, room: impl Future<Output = DocumentName> + 'static) {
        self.spawn_local(room);
    }

    async fn next(&mut self) -> Option<Option<DocumentName>> {
        self.join_next().await.map(Result::ok)
    }
}

/// Serves what is asked of a shard, beside the rounds in which its rooms commit.
async fn run_shard(asks: mpsc::Receiver<Ask>, rooms: impl Tasks, pump: Rc<Pump>, shared: Arc<Shared>) {
    tokio::select! {
        // In this order, so that a run in simulation follows from its seed.
        biased;
        () = pump.clone().run() => {}
        () = serve(shared, pump, asks, rooms) => {}
    }
}

/// Finds and starts rooms, and hosts conversations, until the server stops; then waits for them to end. A room ends by
/// closing its inbox, a conversation when its rooms have said goodbye.
async fn serve(shared: Arc<Shared>, pump: Rc<Pump>, mut asks: mpsc::Receiver<Ask>, mut rooms: impl Tasks) {
    let mut slots: HashMap<DocumentName, mpsc::Sender<Box<Call>>> = HashMap::new();
    let mut conversations = JoinSet::new();
    let mut stopping = shared.stopping.clone();
    loop {
        // What happens seldom comes first.
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => break,
            Some(ended) = rooms.next() => {
                // The slot of one without a name is replaced when it is looked for.
                if let Some(name) = ended && slots.get(&name).is_some_and(mpsc::Sender::is_closed) {
                    slots.remove(&name);
                }
            }
            Some(_) = conversations.join_next(), if !conversations.is_empty() => {}
            ask = asks.recv() => match ask {
                Some(Ask::Find { name, reply }) => {
                    let known = slots.get(&name).filter(|inbox| !inbox.is_closed()).cloned();
                    let inbox = known.unwrap_or_else(|| {
                        let (inbox, calls) = mpsc::channel(INBOX_MESSAGES_MAX);
                        rooms.start(load::run(shared.clone(), pump.clone(), name, inbox.clone(), calls));
                        slots.insert(name, inbox.clone());
                        inbox
                    });
                    // Who asked may have gone.
                    let _ = reply.send(inbox);
                }
                Some(Ask::Wordings { reply }) => {
                    let wording = |name: &DocumentName| matches!(name.part, Part::Wording(_));
                    let awake = slots.iter().filter(|(name, inbox)| wording(name) && !inbox.is_closed());
                    let mut awake: Vec<_> = awake.collect();
                    // In one order, so that a run in simulation follows from its seed.
                    awake.sort_unstable_by_key(|(name, _)| name.doc());
                    // Who asked may have gone.
                    let _ = reply.send(awake.into_iter().map(|(_, inbox)| inbox.clone()).collect());
                }
                Some(Ask::Host(begin)) => {
                    begin().map(|conversation| conversations.spawn_local(conversation));
                }
                None => break,
            },
        }
    }
    // Whoever still asks hears that the server is stopping; a conversation that was handed over hears it from its rooms.
    asks.close();
    while let Ok(ask) = asks.try_recv() {
        if let Ask::Host(begin) = ask {
            begin().map(|conversation| conversations.spawn_local(conversation));
        }
    }
    while rooms.next().await.is_some() {}
    while conversations.join_next().await.is_some() {}
}

impl Handle {
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Ends all rooms and waits for them.
    pub(super) async fn stop(&self) {
        self.stop.send_replace(true);
        let shards = self.shared.shards.len();
        // An error would mean that all threads are gone.
        let _ = self.ended.clone().wait_for(|ended| *ended >= shards).await;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Shared {
    /// The shard of a report: all its rooms, and the sockets that talk to them, share a thread.
    fn shard(&self, report: ReportId) -> &mpsc::Sender<Ask> {
        let mut hasher = DefaultHasher::new();
        report.hash(&mut hasher);
        // Less than the number of shards, which fits.
        &self.shards[(hasher.finish() % self.shards.len() as u64) as usize]
    }

    /// The inbox of a room, which is started when it is not there.
    pub(super) async fn find(&self, name: DocumentName) -> Result<mpsc::Sender<Box<Call>>, RoomError> {
        let (reply, answer) = oneshot::channel();
        let asked = self.shard(name.report).send(Ask::Find { name, reply }).await;
        asked.map_err(|_| RoomError::Stopping)?;
        answer.await.map_err(|_| RoomError::Stopping)
    }

    /// Runs a conversation on a report's shard. `false`: the server is stopping.
    pub(super) async fn host(&self, report: ReportId, conversation: Conversation) -> bool {
        self.shard(report).send(Ask::Host(conversation)).await.is_ok()
    }

    /// Asks a room, which is opened for it; asks again when the room ended before it looked at the call.
    pub(super) async fn ask<T>(
        &self,
        name: DocumentName,
        call: impl Fn(Reply<T>) -> Call,
    ) -> Result<T, RoomError> {
        for _ in 0..ASK_TRIES_MAX {
            let inbox = self.find(name).await?;
            let (reply, answer) = oneshot::channel();
            if inbox.send(Box::new(call(reply))).await.is_err() {
                continue;
            }
            match answer.await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(Miss::Again)) => continue,
                Ok(Err(Miss::No(error))) => return Err(error),
                Err(_) => return Err(RoomError::Unavailable("its room ended unexpectedly".into())),
            }
        }
        Err(RoomError::Unavailable("its room keeps ending".into()))
    }

    /// The review state of a report that was founded, live.
    pub(super) async fn published(&self, report: ReportId) -> Result<Published, RoomError> {
        let name = DocumentName::review(report);
        self.ask(name, |reply| Call::Published { reply }).await
    }

    /// Until all that is written in wordings is noted in their records, as far as it can be.
    pub(super) async fn settle_wordings(&self) {
        for shard in &self.shards {
            let (reply, awake) = oneshot::channel();
            // An error: the server is stopping.
            let _ = shard.send(Ask::Wordings { reply }).await;
            let mut answers = Vec::new();
            for inbox in awake.await.unwrap_or_default() {
                let (reply, answer) = oneshot::channel();
                if inbox.send(Box::new(Call::Settle { reply })).await.is_ok() {
                    answers.push(answer);
                }
            }
            for answer in answers {
                // What could not be noted is when the wording is opened again; its room has said why.
                let _ = answer.await;
            }
        }
    }

    /// Notes that a document's room panicked; how often by now.
    pub(super) fn note_panic(&self, doc: DocId) -> u32 {
        meter().panics.inc();
        let mut panics = self.panics.lock();
        let count = panics.entry(doc).or_insert(0);
        *count += 1;
        *count
    }

    /// How often a document's room panicked in this process.
    pub(super) fn panics(&self, doc: DocId) -> u32 {
        self.panics.lock().get(&doc).copied().unwrap_or(0)
    }
}
