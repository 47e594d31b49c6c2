//! An executor on one thread that lets chance say who goes on next, so that the order of a run follows from its seed
//! and from nothing else: of all tasks that can go on, one is taken by dice. (tokio's own order depends on numbers that
//! cannot be set: a `watch` wakes its waiters in random order.) Time and timers are tokio's, paused.
//!
//! Every task of the server's process counts as one step each time it goes on; before any of them the process may
//! crash, and then all its tasks are dropped where they wait.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::poll_fn,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use parking_lot::Mutex;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::sync::Notify;

use crate::{ids::DocumentName, room::shard::Tasks};

/// Whose task it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Clients, networks, the plan: they live for the whole run.
    World,
    /// The process that runs now.
    Process,
}

/// The tasks of a run. Clones share them.
#[derive(Clone)]
pub(super) struct Exec(Rc<Inner>);

struct Inner {
    tasks: RefCell<BTreeMap<u64, (Place, Task)>>,
    next: Cell<u64>,
    ready: Arc<Ready>,
    dice: RefCell<StdRng>,
    /// The process crashes when it would go on for the so-many-th time from now.
    fuse: Cell<Option<u32>>,
    crashed: Notify,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Default)]
struct Ready {
    tasks: Mutex<BTreeSet<u64>>,
    /// Of the runtime, which waits while no task can go on.
    waker: Mutex<Option<Waker>>,
}

struct Bell {
    task: u64,
    ready: Arc<Ready>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ready.tasks.lock().insert(self.task);
        let waker = self.ready.waker.lock().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Exec {
    pub(super) fn new(seed: u64) -> Self {
        Self(Rc::new(Inner {
            tasks: RefCell::default(),
            next: Cell::new(0),
            ready: Arc::default(),
            dice: RefCell::new(StdRng::seed_from_u64(seed)),
            fuse: Cell::default(),
            crashed: Notify::new(),
        }))
    }

    /// Starts a task. It goes on when the dice say so.
    pub(super) fn spawn(&self, place: Place, task: impl Future<Output = ()> + 'static) {
        let number = self.0.next.get();
        self.0.next.set(number + 1);
        self.0.tasks.borrow_mut().insert(number, (place, Box::pin(task)));
        Arc::new(Bell { task: number, ready: self.0.ready.clone() }).wake();
    }

    /// The process crashes before it goes on for the so-many-th time from now; `None`: it does not.
    pub(super) fn set_fuse(&self, steps: Option<u32>) {
        self.0.fuse.set(steps);
    }

    /// Waits until the process has crashed by its fuse. Its tasks are gone then.
    pub(super) async fn crashed(&self) {
        self.0.crashed.notified().await;
    }

    /// Drops the process's tasks where they wait.
    pub(super) fn crash(&self) {
        self.0.fuse.set(None);
        let all = std::mem::take(&mut *self.0.tasks.borrow_mut());
        let (gone, left) = all.into_iter().partition(|(_, (place, _))| *place == Place::Process);
        *self.0.tasks.borrow_mut() = left;
        // Outside the borrow: what is dropped may wake others.
        let gone: BTreeMap<u64, (Place, Task)> = gone;
        drop(gone);
    }

    /// Runs all tasks until `main` ends; then drops them. Needs a tokio runtime.
    pub(super) async fn run(&self, main: impl Future<Output = ()> + 'static) {
        let done = Rc::new(Cell::new(false));
        let end = done.clone();
        self.spawn(Place::World, async move {
            main.await;
            end.set(true);
        });
        // The budget that tokio gives a task is not for all tasks of a run.
        tokio::task::unconstrained(poll_fn(|context| self.go_on(context, &done))).await;
        drop(std::mem::take(&mut *self.0.tasks.borrow_mut()));
    }

    fn go_on(&self, context: &mut Context<'_>, done: &Cell<bool>) -> Poll<()> {
        *self.0.ready.waker.lock() = Some(context.waker().clone());
        while !done.get() {
            let Some(number) = self.pick() else { return Poll::Pending };
            let Some((place, mut task)) = self.0.tasks.borrow_mut().remove(&number) else { continue };
            if place == Place::Process && self.burns_down() {
                drop(task);
                self.crash();
                self.0.crashed.notify_one();
                continue;
            }
            let waker = Waker::from(Arc::new(Bell { task: number, ready: self.0.ready.clone() }));
            if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.0.tasks.borrow_mut().insert(number, (place, task));
            }
        }
        Poll::Ready(())
    }

    /// One of those that can go on.
    fn pick(&self) -> Option<u64> {
        let mut ready = self.0.ready.tasks.lock();
        let at = self.0.dice.borrow_mut().random_range(0..ready.len().max(1));
        let number = ready.iter().nth(at).copied()?;
        ready.remove(&number);
        Some(number)
    }

    fn burns_down(&self) -> bool {
        let fuse = self.0.fuse.get();
        self.0.fuse.set(fuse.map(|steps| steps.saturating_sub(1)));
        fuse == Some(0)
    }

    /// For the rooms of a shard.
    pub(super) fn rooms(&self) -> RoomTasks {
        RoomTasks { exec: self.clone(), running: 0, ended: Rc::default() }
    }
}

/// The rooms of a shard, as tasks of the process.
pub(super) struct RoomTasks {
    exec: Exec,
    running: usize,
    ended: Rc<(RefCell<VecDeque<DocumentName>>, Notify)>,
}

impl Tasks for RoomTasks {
    fn start(&mut self, room: impl Future<Output = DocumentName> + 'static) {
        self.running += 1;
        let ended = self.ended.clone();
        self.exec.spawn(Place::Process, async move {
            let name = room.await;
            ended.0.borrow_mut().push_back(name);
            ended.1.notify_one();
        });
    }

    async fn next(&mut self) -> Option<Option<DocumentName>> {
        loop {
            if let Some(name) = self.ended.0.borrow_mut().pop_front() {
                self.running -= 1;
                return Some(Some(name));
            }
            if self.running == 0 {
                return None;
            }
            self.ended.1.notified().await;
        }
    }
}
