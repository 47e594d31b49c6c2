//! The server's processes, one after another on one disk: each is a set of local tasks that is dropped when it crashes.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::task::LocalSet;

use super::{check, world::W};
use crate::{
    journal::sim::SimJournal,
    room::{Rooms, Tuning},
};

/// Shards of the server.
const SHARDS: usize = 2;

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Crashed,
    Stopped,
}

/// Runs processes for as long as the run lasts.
pub(super) async fn serve(world: W) {
    for process in 0.. {
        let clock = world.start_clock(process);
        let journal = Arc::new(SimJournal::start(&world.disk, clock.clone()));
        let tuning = Tuning {
            idle: Duration::from_millis(world.plan.idle),
            snapshot_entries: world.plan.snapshot_entries,
            ..Tuning::default()
        };
        let (rooms, shards) = Rooms::local(journal.clone(), clock, SHARDS, tuning);
        let mut set = LocalSet::new();
        for shard in shards {
            set.spawn_local(shard);
        }
        world.rooms.replace(Some(rooms.clone()));
        world.note("starts", &[process]);
        let end = live(&world, &mut set, &journal).await;
        world.rooms.replace(None);
        world.fuse.set(None);
        check::no_panics(&world, &rooms);
        drop(set);
        journal.end();
        world.disk.crash();
        world.note("ends", &[u64::from(end == End::Stopped)]);
        if end == End::Crashed {
            world.crashes.send_modify(|crashes| *crashes += 1);
        }
        drop(rooms);
        // Whatever had left the process arrives now.
        tokio::time::sleep(Duration::from_millis(1)).await;
        check::record(&world);
        world.while_passes(if world.healing.get() { 10 } else { 200 }).await;
    }
}

/// Until the process crashes, is stopped, or its journal says that it must leave.
async fn live(world: &W, set: &mut LocalSet, journal: &SimJournal) -> End {
    let mut leaving = journal.leaving();
    let doomed = async {
        let _ = leaving.wait_for(|leaving| *leaving).await;
        world.while_passes(20).await;
    };
    tokio::select! {
        biased;
        () = doomed => End::Crashed,
        end = poll_fn(|context| wake(world, set, context)) => end,
    }
}

/// Lets the process do what it can, unless its time has come.
fn wake(world: &W, set: &mut LocalSet, context: &mut Context<'_>) -> Poll<End> {
    if let Some(wakes) = world.fuse.get() {
        if wakes == 0 {
            return Poll::Ready(End::Crashed);
        }
        world.fuse.set(Some(wakes - 1));
    }
    Pin::new(set).poll(context).map(|()| End::Stopped)
}
