//! What waits for the committer. What rooms hand in while they gather is taken at once: by the thread that ends the
//! gathering, or else by the committer's own, which is woken for it.

use std::{
    collections::VecDeque,
    sync::Arc,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::{Semaphore, oneshot};

use super::action::{Action, Reply, Request};
use crate::{ids::DocId, limits};

/// Requests that wait before writers have to.
const REQUESTS_MAX: usize = 1024;
/// Entries, and their bytes, that may be written by whoever ends a gathering.
const LIGHT_ENTRIES_MAX: usize = 64;
const LIGHT_BYTES_MAX: usize = 64 * 1024;
/// How long a request waits for others to be gathered.
pub(super) const GATHER_TIME_MAX: Duration = Duration::from_millis(5);

/// The queue between those who ask and the committer.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    wake: Condvar,
    /// Free places. Closed when the committer has ended.
    places: Semaphore,
}

#[derive(Default)]
struct Waiting {
    requests: VecDeque<Request>,
    /// Threads that gather, once for each gathering that lives.
    gatherers: Vec<ThreadId>,
    /// What waits need not wait for others any more.
    due: bool,
    /// The committer sleeps, and nobody has woken it yet.
    asleep: bool,
    /// The committer is to look when it has to do something by itself.
    nudged: bool,
    /// Nobody asks any more.
    closed: bool,
    /// The committer has ended: nobody answers any more.
    ended: bool,
}

/// The committer has ended; nothing was sent.
#[derive(Debug)]
pub(super) struct Ended;

/// What was asked: what to do, and who waits for it.
pub(super) type Group = (Vec<(DocId, Action)>, Vec<oneshot::Sender<Reply>>);

impl Queue {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            wake: Condvar::new(),
            places: Semaphore::new(REQUESTS_MAX),
        })
    }

    /// Puts a request behind those that wait, once there is a place. True if another thread's gathering holds it back:
    /// then `hurry` after `GATHER_TIME_MAX`. One that this thread gathers itself is on its way without that.
    pub(super) async fn send(&self, request: Request) -> Result<bool, Ended> {
        self.places.acquire().await.map_err(|_| Ended)?.forget();
        let mut waiting = self.waiting.lock();
        if waiting.ended {
            return Err(Ended);
        }
        waiting.requests.push_back(request);
        let held = waiting.asleep && !waiting.gatherers.is_empty();
        let own = waiting.gatherers.contains(&thread::current().id());
        if !held {
            self.wake(waiting);
        }
        Ok(held && !own)
    }

    /// Requests that wait.
    pub(super) fn waiting(&self) -> usize {
        REQUESTS_MAX.saturating_sub(self.places.available_permits())
    }

    /// From now until the last gathering ends, requests may wait for others. It is this thread's.
    pub(super) fn begin_gathering(&self) -> ThreadId {
        let thread = thread::current().id();
        self.waiting.lock().gatherers.push(thread);
        thread
    }

    /// A gathering ends. True if it was the last one and something waits: then it is to be taken, or `hurry`.
    pub(super) fn end_gathering(&self, thread: ThreadId) -> bool {
        let mut waiting = self.waiting.lock();
        if let Some(place) = waiting.gatherers.iter().position(|gatherer| *gatherer == thread) {
            waiting.gatherers.swap_remove(place);
        }
        let (last, some) = (waiting.gatherers.is_empty(), !waiting.requests.is_empty());
        if some && !last {
            // The committer's thread waits for the others, and no longer than it may.
            self.wake(waiting);
        }
        some && last
    }

    /// Whether what waits is a few appended entries and nothing else.
    pub(super) fn is_light(&self) -> bool {
        let (mut entries, mut bytes) = (0, 0);
        self.waiting.lock().requests.iter().all(|request| {
            let weight = request.weight();
            entries += weight.0;
            bytes += weight.1;
            let light = entries <= LIGHT_ENTRIES_MAX && bytes <= LIGHT_BYTES_MAX;
            light && matches!(request.action, Action::Append { .. })
        })
    }

    /// Lets what waits go, whether or not others are being gathered.
    pub(super) fn hurry(&self) {
        let mut waiting = self.waiting.lock();
        if !waiting.requests.is_empty() {
            waiting.due = true;
            self.wake(waiting);
        }
    }

    /// Has the committer look when it has to do something by itself.
    pub(super) fn nudge(&self) {
        let mut waiting = self.waiting.lock();
        waiting.nudged = true;
        self.wake(waiting);
    }

    /// Nobody asks any more: the committer ends when it has done what waits.
    pub(super) fn close(&self) {
        let mut waiting = self.waiting.lock();
        waiting.closed = true;
        self.wake(waiting);
    }

    fn wake(&self, mut waiting: MutexGuard<'_, Waiting>) {
        let asleep = std::mem::take(&mut waiting.asleep);
        drop(waiting);
        if asleep {
            self.wake.notify_one();
        }
    }

    /// For the committer's thread: waits until something is to be taken, at most to a moment or a nudge. False once it
    /// is closed and empty.
    pub(super) fn wait(&self, moment: Instant) -> bool {
        let mut waiting = self.waiting.lock();
        let mut until = None;
        loop {
            let passed = moment <= Instant::now();
            // Also while others gather without a rest.
            if std::mem::take(&mut waiting.nudged) || (passed && !waiting.closed) {
                return true;
            }
            if waiting.requests.is_empty() {
                if waiting.closed {
                    return false;
                }
                waiting.asleep = true;
                self.wake.wait_until(&mut waiting, moment);
            } else if waiting.gatherers.is_empty() || waiting.due || waiting.closed {
                return true;
            } else {
                let until = *until.get_or_insert_with(|| Instant::now() + GATHER_TIME_MAX);
                waiting.asleep = true;
                waiting.due = self.wake.wait_until(&mut waiting, until).timed_out();
            }
            waiting.asleep = false;
        }
    }

    /// For the committer: as many of what waits as one commit holds.
    pub(super) fn take(&self) -> Group {
        let mut waiting = self.waiting.lock();
        let group = take_group(&mut waiting.requests);
        waiting.due = !waiting.requests.is_empty();
        drop(waiting);
        self.places.add_permits(group.0.len());
        group
    }

    /// For the committer: when the guard is dropped, nobody answers any more, and whoever waits learns it.
    pub(super) fn serving(self: &Arc<Self>) -> Serving {
        Serving(self.clone())
    }
}

/// Lives as long as the committer.
pub(super) struct Serving(Arc<Queue>);

impl Drop for Serving {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock();
        waiting.ended = true;
        let left = std::mem::take(&mut waiting.requests);
        drop(waiting);
        self.0.places.close();
        // Outside the lock: this tells those who wait.
        drop(left);
    }
}

/// As much of what waits as one commit takes, at least one request if there is any.
fn take_group(requests: &mut VecDeque<Request>) -> Group {
    let (mut entries, mut bytes) = (0, 0);
    let mut group = Group::default();
    while entries < limits::COMMIT_ENTRIES_MAX && bytes < limits::COMMIT_BYTES_MAX {
        let Some(request) = requests.pop_front() else { break };
        let weight = request.weight();
        entries += weight.0;
        bytes += weight.1;
        group.0.push((request.doc, request.action));
        group.1.push(request.reply);
    }
    group
}

#[cfg(test)]
mod tests {
    use std::thread;

    use futures_util::poll;

    use super::*;
    use crate::journal::contract::{batch, doc};

    fn request(entries: usize) -> (Request, oneshot::Receiver<Reply>) {
        let (reply, answer) = oneshot::channel();
        (Request { doc: doc(1), action: Action::Append { epoch: 1, batch: batch(entries) }, reply }, answer)
    }

    fn next(queue: &Queue) -> Option<Group> {
        queue.wait(Instant::now() + Duration::from_hours(1)).then(|| queue.take())
    }

    /// A gathering that its end hands to the committer's thread.
    struct Gathered<'a>(&'a Queue, ThreadId);

    impl Drop for Gathered<'_> {
        fn drop(&mut self) {
            if self.0.end_gathering(self.1) {
                self.0.hurry();
            }
        }
    }

    /// Of another thread.
    fn gather(queue: &Queue) -> Gathered<'_> {
        let thread = thread::scope(|scope| scope.spawn(|| queue.begin_gathering()).join());
        Gathered(queue, thread.expect("it gathers"))
    }

    async fn send(queue: &Queue, entries: usize) -> bool {
        queue.send(request(entries).0).await.expect("it serves")
    }

    /// A committer that only counts: how many requests each group held.
    fn counting(queue: &Arc<Queue>) -> thread::JoinHandle<Vec<usize>> {
        let queue = queue.clone();
        thread::spawn(move || std::iter::from_fn(|| next(&queue)).map(|group| group.0.len()).collect())
    }

    async fn until_asleep(queue: &Queue) {
        while !queue.waiting.lock().asleep {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_is_gathered_is_one_group_and_what_is_not_wakes_at_once() {
        let queue = Queue::new();
        let groups = counting(&queue);
        until_asleep(&queue).await;
        assert!(!send(&queue, 1).await);
        until_asleep(&queue).await;
        let (outer, inner) = (gather(&queue), gather(&queue));
        for _ in 0..3 {
            assert!(send(&queue, 1).await, "held back");
        }
        drop(outer);
        assert!(send(&queue, 1).await, "one gathering still lives");
        drop(inner);
        until_asleep(&queue).await;
        drop(gather(&queue));
        queue.close();
        assert_eq!(groups.join().unwrap(), [1, 4]);
    }

    #[tokio::test]
    async fn nobody_waits_for_a_gathering_that_does_not_end() {
        let queue = Queue::new();
        let endless = gather(&queue);
        // The committer comes by itself, and waits no longer than its time.
        send(&queue, 1).await;
        assert_eq!(next(&queue).expect("a group").0.len(), 1);
        // The committer sleeps, and is told.
        let groups = counting(&queue);
        until_asleep(&queue).await;
        assert!(send(&queue, 1).await);
        queue.hurry();
        until_asleep(&queue).await;
        queue.close();
        assert_eq!(groups.join().unwrap(), [1]);
        drop(endless);
    }

    #[tokio::test]
    async fn what_a_thread_gathers_itself_waits_for_its_end_and_needs_no_hurry() {
        let queue = Queue::new();
        let groups = counting(&queue);
        until_asleep(&queue).await;
        let own = queue.begin_gathering();
        assert!(!send(&queue, 1).await && !send(&queue, 1).await);
        assert!(queue.waiting.lock().asleep, "nobody was woken");
        assert!(queue.end_gathering(own));
        queue.close();
        assert_eq!(groups.join().unwrap(), [2]);
    }

    #[tokio::test]
    async fn what_was_gathered_does_not_wait_for_anothers_gathering_that_does_not_end() {
        let queue = Queue::new();
        let groups = counting(&queue);
        until_asleep(&queue).await;
        let endless = gather(&queue);
        let own = queue.begin_gathering();
        assert!(!send(&queue, 1).await);
        assert!(!queue.end_gathering(own), "the other one is to do it");
        while !queue.waiting.lock().requests.is_empty() {
            tokio::task::yield_now().await;
        }
        queue.close();
        assert_eq!(groups.join().unwrap(), [1]);
        drop(endless);
    }

    #[tokio::test]
    async fn a_group_is_bounded_and_the_rest_follows_without_waiting() {
        let queue = Queue::new();
        let gathering = gather(&queue);
        for _ in 0..3 {
            send(&queue, limits::COMMIT_ENTRIES_MAX / 2).await;
        }
        drop(gathering);
        let _next = gather(&queue);
        assert_eq!(next(&queue).expect("a group").0.len(), 2);
        assert!(queue.waiting.lock().due, "the next gathering does not hold it");
        assert_eq!(next(&queue).expect("a group").0.len(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_lets_writers_wait_until_the_committer_takes() {
        let queue = Queue::new();
        for _ in 0..REQUESTS_MAX {
            send(&queue, 1).await;
        }
        let (late, _answer) = request(1);
        let mut late = Box::pin(queue.send(late));
        assert!(poll!(&mut late).is_pending());
        assert_eq!(next(&queue).expect("a group").0.len(), limits::COMMIT_ENTRIES_MAX);
        assert!(late.await.is_ok());
    }

    #[tokio::test]
    async fn when_the_committer_ends_all_who_wait_learn_it() {
        let queue = Queue::new();
        let serving = queue.serving();
        let _gathering = gather(&queue);
        let (waiting, answer) = request(1);
        queue.send(waiting).await.expect("it serves");
        for _ in 1..REQUESTS_MAX {
            send(&queue, 1).await;
        }
        let mut late = Box::pin(queue.send(request(1).0));
        assert!(poll!(&mut late).is_pending());
        drop(serving);
        assert!(answer.await.is_err(), "dropped without an answer");
        assert!(late.await.is_err(), "never sent");
        assert!(queue.send(request(1).0).await.is_err());
    }
}
