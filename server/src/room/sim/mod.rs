//! Rooms under a deterministic simulation: the real rooms, on one thread and in virtual time, over a journal on a
//! simulated disk (`journal::sim`), with clients of both dialects on slow and breaking networks, hostile ones, changes
//! of rights, commands, troubles of the disk, and crashes whenever the process is woken.
//!
//! A run follows from its plan, and a plan from its seed. After every end of a process, and at the end of a run:
//!
//! 1. What anybody was shown or told is saved is in the journal (`witness`, `deeds`).
//! 2. All clients, whoever comes fresh, and the record read again are the same.
//! 3. Every character was typed, once, and is there unless it was erased (`ink`).
//! 4. What was refused is nowhere, and nobody is refused without a reason.
//! 5. The record is dense, names who wrote what, and keeps each author's order.
//! 6. Commands that were confirmed stand in the review, once; those that were refused do not.
//!
//! `PLENARY_SIM_SEEDS=N` and `PLENARY_SIM_FROM=S` say how many runs `seeds` makes. A plan that fails is shrunk, printed
//! and kept as JSON (`plan`); `PLENARY_SIM_PLAN=FILE cargo test -p plenary --lib sim::tests::replay` runs it again, and
//! `PLENARY_SIM_LOG=1` prints what happens.

mod check;
mod copy;
mod deeds;
mod exec;
mod found;
mod ink;
mod line;
mod pen;
mod pipe;
mod plan;
mod rights;
mod server;
mod steps;
mod tests;
mod witness;
mod world;

use std::{panic::catch_unwind, rc::Rc, time::Duration};

use self::{
    exec::{Exec, Place},
    plan::Plan,
    world::{Lie, Ran, W, World},
};
use crate::journal::sim::{Broken, SimDisk};

/// What is broken on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mutant {
    Sound,
    Journal(Broken),
    Network(Lie),
}

/// How long everybody has to agree, once nothing goes wrong any more.
const CALM: Duration = Duration::from_secs(120);

/// Runs a plan to its end, or to what must not be.
fn run(plan: &Plan, mutant: Mutant) -> Result<Ran, String> {
    catch_unwind(|| run_through(plan, mutant))
        .unwrap_or_else(|_| Err("something panicked (see above)".into()))
}

fn run_through(plan: &Plan, mutant: Mutant) -> Result<Ran, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O");
    let exec = Exec::new(plan.seed);
    let lie = if let Mutant::Network(lie) = mutant { Some(lie) } else { None };
    runtime.block_on(async {
        let world = Rc::new(World::new(plan.clone(), lie, SimDisk::new(plan.seed), exec.clone()));
        let life = world.clone();
        exec.run(async move {
            found::report(&life).await;
            if let Mutant::Journal(broken) = mutant {
                life.disk.breaks(broken);
            }
            live(&life).await;
        })
        .await;
        world.failure().map_or_else(|| Ok(world.ran()), Err)
    })
}

/// The life of a report: what the plan says, then calm, then everybody agrees.
async fn live(world: &W) {
    world.disk.set_pace(0..world.plan.disk.0, 0..world.plan.disk.1);
    world.exec.spawn(Place::World, server::serve(world.clone()));
    for who in 0..world.plan.people.len() {
        for part in 0..=world.plan.sections {
            world.exec.spawn(Place::World, line::keep(world.clone(), who, part));
        }
    }
    for (after, step) in &world.plan.steps {
        tokio::time::sleep(Duration::from_millis(*after)).await;
        steps::take(world, *step);
        if world.failure().is_some() {
            return;
        }
    }
    calm(world).await;
    world.check(tokio::time::timeout(CALM, settle(world)).await.unwrap_or_else(|_| Err(unsettled(world))));
}

/// Nothing goes wrong any more, and who went away comes back.
async fn calm(world: &W) {
    world.healing.set(true);
    world.disk.heal();
    world.exec.set_fuse(None);
    tokio::time::sleep(Duration::from_secs(4)).await;
    for copy in world.copies.iter().flatten() {
        // What it sent from elsewhere it was not told of.
        let mut copy = copy.borrow_mut();
        copy.refused |= copy.hostile;
    }
    for (who, away) in world.away.iter().enumerate() {
        let refused = world.copies[who].iter().any(|copy| copy.borrow().refused);
        let gone = *away.borrow() > tokio::time::Instant::now();
        if refused || gone {
            line::break_off(away, 0);
        }
    }
}

/// Until nothing is on its way, and all are the same; a failure ends it early.
async fn settle(world: &W) -> Result<(), String> {
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if world.failure().is_some() {
            return Ok(());
        }
        let rooms = world.rooms.borrow().clone();
        let settled = world.copies.iter().flatten().all(|copy| copy.borrow().settled());
        let Some(rooms) = rooms.filter(|_| settled && !world.rights.borrow().changing()) else {
            // Who was refused meanwhile comes back, and starts afresh.
            for (who, copies) in world.copies.iter().enumerate() {
                if copies.iter().any(|copy| copy.borrow().refused && copy.borrow().online) {
                    line::break_off(&world.away[who], 0);
                }
            }
            continue;
        };
        // What was confirmed may still be on its way to others.
        tokio::time::sleep(Duration::from_millis(500)).await;
        check::record(world);
        return check::all_agree(world, &rooms).await;
    }
}

fn unsettled(world: &World) -> String {
    let copies = world.copies.iter().enumerate().flat_map(|(who, copies)| {
        copies.iter().enumerate().map(move |(part, copy)| (who, part, copy.borrow()))
    });
    let waiting: Vec<_> = copies
        .filter(|(_, _, copy)| !copy.settled())
        .map(|(who, part, copy)| {
            let (online, synced, refused, unsaved) = (copy.online, copy.synced, copy.refused, copy.unsaved);
            format!("person {who} part {part}: {online} {synced} {refused} {unsaved} {}", copy.up.len())
        })
        .collect();
    format!("not settled (online, synced, refused, unsaved, to send): {}", waiting.join("; "))
}
