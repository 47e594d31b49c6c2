//! Does what a plan says.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    copy::{Copy, new_doc},
    deeds::Answer,
    exec::Place,
    ink::Deletion,
    line, pen,
    plan::{Attack, Step},
    rights::{Right, Whose, by_role, by_stage},
    world::{REPORT, W, participant, section},
};
use crate::{
    access::rights,
    ids::{ParticipantId, RecommendationId},
    protocol::{Message, Presence, encode_awareness},
    review::{Command, FieldsChange, ReviewState, Title},
    room::RoomError,
};

/// Tries of a command whose outcome is not known, before whoever asked gives up.
const TRIES: usize = 3;

/// Starts a step; what takes time goes on by itself.
pub(super) fn take(world: &W, step: Step) {
    world.tick();
    let now = Instant::now();
    let spawn = |what: Pin<Box<dyn Future<Output = ()>>>| world.exec.spawn(Place::World, what);
    match step {
        Step::Write { who, section, keys, dice } => write(world, who, section, keys, dice),
        Step::Paragraph { who, section, dice } => {
            edit(world, who, section, |copy| Some((pen::paragraph(&copy.doc, dice), Vec::new())));
        }
        Step::Erase { who, section, keys, dice } => {
            edit(world, who, section, |copy| pen::erase(&copy.doc, dice, keys));
        }
        Step::Remove { who, section, dice } => {
            edit(world, who, section, |copy| pen::remove(&copy.doc, dice));
        }
        Step::Mark { who, section, dice } => {
            edit(world, who, section, |copy| Some((pen::mark(&copy.doc, dice)?, Vec::new())));
        }
        Step::Show { who, section } => show(world, who, section),
        Step::Away { who, ms } => line::break_off(&world.away[who], ms),
        Step::Stall { who, ms } => world.stalled[who].set(now + Duration::from_millis(ms)),
        Step::Attack { who, section, attack } => assault(world, who, section, attack),
        Step::SetRole { who, role } => {
            let (participant, role) = (participant(who), Some(role));
            let command = Command::ChangeParticipant { participant, name: None, role };
            let right = role.map_or(Right::Unsure, by_role);
            spawn(Box::pin(change_right(world.clone(), Whose::Person(who), right, command)));
        }
        Step::SetStage { section: number, stage } => {
            let (section, stage) = (section(number), Some(stage));
            let command = Command::ChangeSection { section, title: None, stage, drafted_by: None };
            let right = stage.map_or(Right::Unsure, by_stage);
            spawn(Box::pin(change_right(world.clone(), Whose::Section(number), right, command)));
        }
        Step::Comment { who, section: number } => {
            let deed = world.deeds.borrow_mut().comment(participant(who), section(number));
            spawn(Box::pin(ask(world.clone(), who, Some(deed.0), deed.1)));
        }
        Step::Reply { who, dice } => {
            let deed = world.deeds.borrow_mut().reply(participant(who), dice);
            if let Some((number, command)) = deed {
                spawn(Box::pin(ask(world.clone(), who, Some(number), command)));
            }
        }
        Step::Settle { who, dice } => {
            if let Some(thread) = world.deeds.borrow().thread(dice) {
                let resolve = dice.is_multiple_of(2);
                let command = if resolve { Command::Resolve { thread } } else { Command::Reopen { thread } };
                spawn(Box::pin(ask(world.clone(), who, None, command)));
            }
        }
        Step::Recommend { who, section: number } => {
            let deed = world.deeds.borrow_mut().recommend(participant(who), section(number));
            spawn(Box::pin(ask(world.clone(), who, Some(deed.0), deed.1)));
        }
        Step::Reword { dice } => {
            let reworded = world.deeds.borrow_mut().reword(dice);
            if let Some((recommendation, title)) = reworded {
                spawn(Box::pin(reword(world.clone(), recommendation, title)));
            }
        }
        Step::Look { who, section } => spawn(Box::pin(look(world.clone(), who, section))),
        Step::Disk(trouble) => world.disk.trouble(trouble),
        Step::Full { ms } => {
            let world = world.clone();
            spawn(Box::pin(async move {
                world.disk.set_full(true);
                tokio::time::sleep(Duration::from_millis(ms)).await;
                world.disk.set_full(false);
            }));
        }
        Step::Down { ms } => {
            let world = world.clone();
            spawn(Box::pin(async move {
                world.disk.set_down(true);
                tokio::time::sleep(Duration::from_millis(ms)).await;
                world.disk.set_down(false);
            }));
        }
        Step::Crash { steps } => world.exec.set_fuse(Some(steps)),
        Step::Stop => {
            let rooms = world.rooms.borrow().clone();
            if let Some(rooms) = rooms {
                spawn(Box::pin(async move { rooms.stop().await }));
            }
        }
    }
}

fn write(world: &W, who: usize, section: usize, keys: usize, dice: u32) {
    let forbidden = world.rights.borrow().right(who, section) == Right::No;
    edit(world, who, section, |copy| {
        let client = copy.client;
        let press = |paragraph| world.ink.borrow_mut().press(who, section, client, paragraph, forbidden);
        Some((pen::write(&copy.doc, dice, keys, press), Vec::new()))
    });
}

/// One change of a copy. Who was refused writes no more until they start afresh.
fn edit(
    world: &W,
    who: usize,
    section: usize,
    change: impl FnOnce(&mut Copy) -> Option<(Bytes, Vec<Deletion>)>,
) {
    let copy = &mut *world.copies[who][section + 1].borrow_mut();
    if copy.refused {
        return;
    }
    let Some((update, deletions)) = change(copy) else { return };
    world.note("edits", &[who as u64, section as u64, update.len() as u64]);
    let forbidden = world.rights.borrow().right(who, section) == Right::No;
    for deletion in deletions {
        world.ink.borrow_mut().delete(copy.client, deletion, forbidden);
    }
    copy.send(update);
    world.ready[who][section + 1].notify_one();
}

fn show(world: &W, who: usize, section: usize) {
    let mut copy = world.copies[who][section + 1].borrow_mut();
    if !copy.online {
        return;
    }
    let mut state = serde_json::Map::new();
    state.insert("cursor".into(), world.roll(100).into());
    let clock = world.began.elapsed().as_millis() as u32 + 1;
    let presence = Presence { client: copy.client, clock, state: Some(state) };
    copy.up.push_back(Message::Awareness(encode_awareness(&[presence])));
    world.ready[who][section + 1].notify_one();
}

/// Sends what no honest client sends, from a document of its own.
fn assault(world: &W, who: usize, section: usize, attack: Attack) {
    let part = if attack == Attack::Review { 0 } else { section + 1 };
    let right = world.rights.borrow().right(who, section);
    let doc = new_doc(world.fresh_client());
    let client = doc.client_id().get();
    let copy = &mut *world.copies[who][part].borrow_mut();
    if !copy.online || copy.refused {
        return;
    }
    copy.sure = false;
    copy.hostile = true;
    // Nobody else writes into what this document holds.
    let nowhere = yrs::ID::new(yrs::ClientID::new(client), 0);
    let words = |forbidden| {
        let ink = &mut *world.ink.borrow_mut();
        let words: String = (0..2).map(|_| ink.press(who, section, client, nowhere, forbidden)).collect();
        // Whether it is taken is not told.
        ink.abandon(client);
        words
    };
    let message = match attack {
        Attack::Noise => {
            let noise = |at| if at == 0 { 1 + world.roll(255) as u8 } else { world.roll(256) as u8 };
            Message::Update((0..5 + world.roll(40)).map(noise).collect())
        }
        Attack::Vector => Message::SyncStep1((0..1 + world.roll(9)).map(|_| world.roll(256) as u8).collect()),
        Attack::Schema => Message::Update(pen::element(&doc, "script", &words(true))),
        Attack::OtherRoot => Message::Update(pen::elsewhere(&doc, &words(true))),
        Attack::Gap => {
            pen::element(&doc, "paragraph", "");
            Message::Update(pen::element(&doc, "paragraph", &words(true)))
        }
        Attack::Step2 => Message::SyncStep2(pen::element(&doc, "paragraph", &words(right == Right::No))),
        Attack::Review => Message::Update(pen::forged_thread(&doc, &"f".repeat(32))),
    };
    world.note("attacks", &[who as u64, part as u64]);
    copy.up.push_back(message);
    world.ready[who][part].notify_one();
}

/// The administrator changes a right: it is certain once that was answered.
async fn change_right(world: W, whose: Whose, right: Right, command: Command) {
    world.rights.borrow_mut().ask(whose);
    world.unsettle(|who, section| whose == Whose::Person(who) || whose == Whose::Section(section));
    let answer = decide(&world, ParticipantId::ADMINISTRATOR, command).await;
    world.note("right changes", &[answer as u64, right as u64]);
    world.rights.borrow_mut().answer(whose, (answer == Answer::Done).then_some(right));
}

/// Somebody asks for something over HTTP, and hears what came of it.
async fn ask(world: W, who: usize, deed: Option<usize>, command: Command) {
    let answer = decide(&world, participant(who), command).await;
    let what = match answer {
        Answer::Done => "is done",
        Answer::Refused => "is refused a command",
        Answer::Open => "gives up on a command",
    };
    world.note(what, &[who as u64]);
    if let Some(deed) = deed {
        world.deeds.borrow_mut().answered(deed, answer);
    }
}

/// The administrator gives a recommendation another title, which is written into its wording.
async fn reword(world: W, recommendation: RecommendationId, title: Title) {
    let change = FieldsChange { title: Some(title.clone()), ..FieldsChange::default() };
    let command = Command::EditRecommendation { recommendation, change };
    let answer = decide(&world, ParticipantId::ADMINISTRATOR, command).await;
    world.note("rewordings", &[answer as u64]);
    world.deeds.borrow_mut().reworded(recommendation, &title, answer);
}

/// A command, asked again while its outcome is not known.
async fn decide(world: &W, who: ParticipantId, command: Command) -> Answer {
    let mut unknown = false;
    for _ in 0..TRIES {
        world.on_the_way().await;
        world.tick();
        let answer = try_once(world, who, command.clone()).await;
        world.on_the_way().await;
        match answer {
            Ok(()) => return Answer::Done,
            Err(RoomError::Refused(_) | RoomError::NotFound) if !unknown => return Answer::Refused,
            // The first try may have been stored; that it is refused now says nothing of it.
            Err(RoomError::Refused(_) | RoomError::NotFound) => return Answer::Open,
            Err(RoomError::Unavailable(_) | RoomError::Stopping) => unknown = true,
        }
        world.while_passes(300).await;
    }
    Answer::Open
}

async fn try_once(world: &W, who: ParticipantId, command: Command) -> Result<(), RoomError> {
    let rooms = world.rooms.borrow().clone().ok_or(RoomError::Stopping)?;
    let standing = rooms.standing(REPORT).await?.borrow().clone();
    let may = rights::read(&standing, REPORT, who).ok_or(RoomError::NotFound)?;
    let denied = |denied: crate::access::Denied| crate::review::Refusal::Forbidden { why: denied.0.into() };
    let permit = may.act(&standing, command).map_err(denied)?;
    let (_, state) = rooms.decide(permit).await?;
    see(world, &state);
    Ok(())
}

fn see(world: &W, state: &ReviewState) {
    world.check(world.deeds.borrow_mut().see(state));
}

/// Reads a body and the review over HTTP.
async fn look(world: W, who: usize, section: usize) {
    let rooms = world.rooms.borrow().clone();
    let Some(rooms) = rooms else { return };
    if let Ok(state) = rooms.review(REPORT).await {
        see(&world, &state);
    }
    let Ok(standing) = rooms.standing(REPORT).await else { return };
    let standing = standing.borrow().clone();
    let Some(may) = rights::read(&standing, REPORT, participant(who)) else { return };
    for part in [0, section + 1] {
        if let Ok(update) = rooms.document(may, super::world::document(part)).await {
            world.note("looks", &[who as u64, part as u64, update.len() as u64]);
            world.check(world.seen[part].borrow_mut().note(&update));
        }
    }
}
