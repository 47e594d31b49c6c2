//! The server's processes, one after another on one disk.

use std::{cell::Cell, rc::Rc, sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{check, exec::Place, world::W};
use crate::{
    clock::Clock,
    journal::sim::SimJournal,
    room::{Rooms, Tuning, shard},
};

/// Shards of the server.
const SHARDS: usize = 2;

/// A process that runs.
pub(super) struct Process {
    pub(super) rooms: Rooms,
    journal: Arc<SimJournal>,
    /// Rings when all shards have ended.
    stopped: Rc<Notify>,
}

/// Starts a process: its journal, and its rooms on their shards.
pub(super) fn start(world: &W, clock: Clock, tuning: Tuning) -> Process {
    let (journal, committer) = SimJournal::new(&world.disk, clock.clone());
    let journal = Arc::new(journal);
    world.exec.spawn(Place::Process, committer);
    let exec = world.exec.clone();
    let rooms = move || exec.rooms();
    let (handle, shards) = shard::tasks(journal.clone(), clock, SHARDS, tuning, rooms);
    let stopped = Rc::new(Notify::new());
    let running = Rc::new(Cell::new(shards.len()));
    for shard in shards {
        let (stopped, running) = (stopped.clone(), running.clone());
        world.exec.spawn(Place::Process, async move {
            shard.await;
            running.set(running.get() - 1);
            if running.get() == 0 {
                stopped.notify_one();
            }
        });
    }
    Process { rooms: Rooms(Arc::new(handle)), journal, stopped }
}

/// Runs processes for as long as the run lasts.
pub(super) async fn serve(world: W) {
    for number in 0.. {
        let tuning = Tuning {
            idle: Duration::from_millis(world.plan.idle),
            snapshot_entries: world.plan.snapshot_entries,
            window: format!("{0}..{0}", world.plan.window).parse().expect("a window"),
            ..Tuning::default()
        };
        let process = start(&world, world.start_clock(number), tuning);
        world.rooms.replace(Some(process.rooms.clone()));
        world.note("starts", &[number]);
        let stopped = live(&world, &process).await;
        world.rooms.replace(None);
        world.exec.crash();
        world.disk.crash();
        world.note(if stopped { "is stopped" } else { "crashes" }, &[]);
        if !stopped {
            world.crashes.send_modify(|crashes| *crashes += 1);
        }
        check::no_panics(&world, &process.rooms);
        drop(process);
        // Whatever had left the process arrives now.
        tokio::time::sleep(Duration::from_millis(1)).await;
        check::record(&world);
        world.while_passes(if world.healing.get() { 10 } else { 200 }).await;
    }
}

/// Until the process was stopped, or (`false`) crashes, or has to leave because its journal says so.
async fn live(world: &W, process: &Process) -> bool {
    let mut leaving = process.journal.leaving();
    let doomed = async {
        let _ = leaving.wait_for(|leaving| *leaving).await;
        world.while_passes(20).await;
    };
    tokio::select! {
        biased;
        () = world.exec.crashed() => false,
        () = doomed => false,
        () = process.stopped.notified() => true,
    }
}
