//! A client's connection to one document: it joins, talks over a network that is slow and breaks, and comes back.

use std::{cell::RefCell, time::Duration};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    copy::Heard,
    pipe::{Mouth, pipe},
    world::{Lie, REPORT, W, document, participant},
};
use crate::{
    access::rights,
    protocol::{Address, Close, Message},
    room::{Outgoing, Rooms, SeatSender, outlet::Outlet},
};

/// How a connection ended.
enum End {
    /// The network broke.
    Cut,
    /// The process crashed.
    Crashed,
    /// The server closed it.
    Closed(Close),
    /// The client starts afresh.
    Refused,
}

/// Keeps one person's line to one document, for as long as the run lasts.
pub(super) async fn keep(world: W, who: usize, part: usize) {
    loop {
        let until = *world.away[who].borrow();
        sleep_until(until).await;
        if let Some(seat) = join(&world, who, part).await {
            world.note("joins", &[who as u64, part as u64]);
            if world.copies[who][part].borrow().refused {
                world.start_afresh(who, part);
            }
            world.copies[who][part].borrow_mut().begin();
            world.ready[who][part].notify_one();
            let end = talk(&world, who, part, seat).await;
            world.copies[who][part].borrow_mut().end();
            ended(&world, who, part, end);
        }
        world.while_passes(if world.healing.get() { 20 } else { 120 }).await;
    }
}

/// Takes a seat, if the server has one now.
async fn join(world: &W, who: usize, part: usize) -> Option<(SeatSender, Mouth)> {
    world.on_the_way().await;
    let rooms: Rooms = world.rooms.borrow().clone()?;
    let standing = rooms.standing(REPORT).await.ok()?.borrow().clone();
    let may = rights::read(&standing, REPORT, participant(who))?;
    let name = document(part);
    let address = world.plan.people[who].addressed.then(|| Address(name.to_string()));
    let mouth = Mutex::new(None);
    let outlet = || {
        let (pipe, end) = pipe(world.plan.weight);
        *mouth.lock() = Some(end);
        Box::new(pipe) as Box<dyn Outlet>
    };
    let sender = rooms.sit(may, name, address, outlet).await.ok()?;
    Some((sender, mouth.into_inner()?))
}

async fn talk(world: &W, who: usize, part: usize, (sender, mouth): (SeatSender, Mouth)) -> End {
    let on_the_way: RefCell<Option<Bytes>> = RefCell::default();
    let mut crashes = world.crashes.subscribe();
    let mut away = world.away[who].subscribe();
    away.mark_unchanged();
    let end = tokio::select! {
        biased;
        _ = crashes.changed() => End::Crashed,
        _ = away.changed() => End::Cut,
        () = speak(world, who, part, &sender) => End::Cut,
        end = listen(world, who, part, (&sender, &mouth), &on_the_way) => end,
    };
    if matches!(end, End::Crashed) {
        // What had left the process still arrives, up to some point.
        let mut waiting = on_the_way.take();
        while world.roll(3) > 0 {
            let next = waiting.take().or_else(|| match mouth.take() {
                Some((Outgoing::Frame(frame), _)) => Some(frame),
                Some((Outgoing::Close(_), _)) | None => None,
            });
            let Some(frame) = next else { break };
            hear(world, who, part, &frame);
        }
    }
    end
}

/// Sends what the copy has to say, in order.
async fn speak(world: &W, who: usize, part: usize, sender: &SeatSender) {
    loop {
        let message = world.copies[who][part].borrow_mut().up.pop_front();
        let Some(message) = message else {
            world.ready[who][part].notified().await;
            continue;
        };
        world.on_the_way().await;
        if world.lie == Some(Lie::ConfirmsAtOnce) && matches!(message, Message::Update(_)) {
            let heard = world.copies[who][part].borrow_mut().hear_early();
            world.check(heard).map(|heard| act_on(world, who, part, heard));
        }
        if world.lie == Some(Lie::MixesSeatsUp) && world.roll(20) == 0 {
            let other = world.roll(world.copies.len() as u64) as usize;
            if other != who && world.copies[other][part].borrow().online {
                world.copies[other][part].borrow_mut().pass_on(message);
                world.ready[other][part].notify_one();
                continue;
            }
        }
        world.note("says", &[who as u64, part as u64, kind(&message)]);
        world.tell(|| format!("{message:02x?}"));
        // When the room is gone the outbox says so.
        let _ = sender.send(message).await;
    }
}

/// Takes what the room sends, in order, for as long as the connection holds.
async fn listen(
    world: &W,
    who: usize,
    part: usize,
    (sender, mouth): (&SeatSender, &Mouth),
    on_the_way: &RefCell<Option<Bytes>>,
) -> End {
    loop {
        let (outgoing, last) = mouth.next().await;
        if last {
            sender.drained();
        }
        let frame = match outgoing {
            Outgoing::Close(close) => {
                world.on_the_way().await;
                return End::Closed(close);
            }
            Outgoing::Frame(frame) => frame,
        };
        on_the_way.replace(Some(frame));
        world.on_the_way().await;
        let stalled = world.stalled[who].get();
        if stalled > Instant::now() && !world.healing.get() {
            sleep_until(stalled).await;
        }
        let Some(frame) = on_the_way.take() else { continue };
        let loses = world.lie == Some(Lie::LosesAFrame)
            && world.copies[who][part].borrow().is_change(&frame)
            && world.roll(20) == 0;
        if !loses && hear(world, who, part, &frame) {
            return End::Refused;
        }
    }
}

/// Takes a frame. `true`: the client starts afresh.
fn hear(world: &W, who: usize, part: usize, frame: &Bytes) -> bool {
    world.note("hears", &[who as u64, part as u64, frame.len() as u64]);
    let heard = world.copies[who][part].borrow_mut().hear(frame);
    world.ready[who][part].notify_one();
    world.check(heard).is_some_and(|heard| act_on(world, who, part, heard))
}

fn act_on(world: &W, who: usize, part: usize, heard: Heard) -> bool {
    match heard {
        Heard::Nothing => false,
        Heard::Shown(update) => {
            world.check(world.seen[part].borrow_mut().note(&update));
            false
        }
        Heard::Saved => {
            let saved = world.copies[who][part].borrow().whole();
            world.check(world.seen[part].borrow_mut().note(&saved));
            false
        }
        Heard::Refused(why) => {
            refused(world, who, part, &why);
            // Our own client starts afresh at once; a published one reads on until it has to come back.
            world.healing.get() || world.roll(2) == 0
        }
    }
}

fn refused(world: &W, who: usize, part: usize, why: &str) {
    world.note("is refused", &[who as u64, part as u64]);
    world.tell(|| why.to_owned());
    let mut copy = world.copies[who][part].borrow_mut();
    copy.refused = true;
    if copy.is_blameless() {
        world.fail(format!("person {who} was refused in part {part} without a reason: {why}"));
    }
}

fn ended(world: &W, who: usize, part: usize, end: End) {
    let (how, code) = match &end {
        End::Cut => ("is cut off", 0),
        End::Crashed => ("is left by a crash", 0),
        End::Refused => ("starts afresh", 0),
        End::Closed(close) => (closed(close.code), u64::from(close.code)),
    };
    world.note(how, &[who as u64, part as u64, code]);
    if let End::Closed(close) = end
        && !matches!(close.code, Close::RESET | Close::RESTARTING | Close::TOO_SLOW)
    {
        refused(world, who, part, &format!("{} {}", close.code, close.reason));
    }
}

fn closed(code: u16) -> &'static str {
    match code {
        Close::RESET => "is reset",
        Close::RESTARTING => "is told of a restart",
        Close::TOO_SLOW => "is too slow",
        Close::FORBIDDEN | Close::MALFORMED => "is closed for a change",
        _ => "is closed",
    }
}

fn kind(message: &Message) -> u64 {
    match message {
        Message::SyncStep1(bytes) => 1000 + bytes.len() as u64,
        Message::SyncStep2(bytes) => 2_000_000 + bytes.len() as u64,
        Message::Update(bytes) => 3_000_000 + bytes.len() as u64,
        _ => 0,
    }
}

/// Breaks the network of a person for a while.
pub(super) fn break_off(away: &watch::Sender<Instant>, ms: u64) {
    away.send_replace(Instant::now() + Duration::from_millis(ms));
}
