//! What must hold: of the record after every end of a process, and of everybody at the end of a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use yrs::{Doc, ReadTxn as _, Transact as _, Update, updates::decoder::Decode as _};

use super::{
    copy::{new_doc, whole},
    ink::{number, strokes_in},
    pen,
    world::{REPORT, World, document, participant},
};
use crate::{
    body::Body,
    ids::{DocumentName, ParticipantId, RecommendationId},
    journal::{Entry, Kind},
    room::{Rooms, review_doc::ReviewDoc},
};

/// A bug that ended a room would go unnoticed: it opens again.
pub(super) fn no_panics(world: &World, rooms: &Rooms) {
    for part in 0..=world.plan.sections {
        if rooms.shared().panics(document(part).doc()) > 0 {
            world.fail(format!("the room of part {part} panicked"));
        }
    }
    for recommendation in world.deeds.borrow().worded() {
        if rooms.shared().panics(DocumentName::wording(REPORT, recommendation).doc()) > 0 {
            world.fail(format!("the room of wording {recommendation} panicked"));
        }
    }
}

/// The record of every document, as it is on disk now.
pub(super) fn record(world: &World) {
    for part in 0..=world.plan.sections {
        let entries = world.disk.entries(document(part).doc());
        world.note("record", &[part as u64, entries.len() as u64]);
        let checked = if part == 0 { review(world, &entries) } else { body(world, part, &entries) };
        world.check(checked.map_err(|why| format!("in the record of part {part}, {why}")));
    }
}

/// The review document of a record.
pub(super) fn review_of(entries: &[Entry]) -> Result<ReviewDoc, String> {
    ReviewDoc::load(changes(entries), 1).map_err(|error| error.to_string())
}

/// The body of a record.
pub(super) fn body_of(entries: &[Entry]) -> Result<Doc, String> {
    let doc = new_doc(1);
    {
        let mut txn = doc.transact_mut();
        for update in changes(entries) {
            let update = Update::decode_v1(update).map_err(|error| error.to_string())?;
            txn.apply_update(update).map_err(|error| error.to_string())?;
        }
        if txn.has_missing_updates() {
            return Err("there is a gap".into());
        }
    }
    Ok(doc)
}

fn changes(entries: &[Entry]) -> impl Iterator<Item = &[u8]> {
    entries.iter().filter(|entry| is_change(entry)).map(|entry| &entry.bytes[..])
}

fn review(world: &World, entries: &[Entry]) -> Result<(), String> {
    dense(entries)?;
    let review = review_of(entries)?;
    world.seen[0].borrow().check(&review.encode())?;
    world.deeds.borrow().check(review.state())
}

fn body(world: &World, part: usize, entries: &[Entry]) -> Result<(), String> {
    dense(entries)?;
    authors(world, part, entries)?;
    let doc = body_of(entries)?;
    world.seen[part].borrow().check(&whole(&doc))
}

/// Numbers without a hole, and epochs that grow with claims only.
fn dense(entries: &[Entry]) -> Result<(), String> {
    let mut epoch = 0;
    for (entry, seq) in entries.iter().zip(1..) {
        if entry.seq != seq {
            return Err(format!("entry {} stands where {seq} should", entry.seq));
        }
        epoch += u64::from(entry.kind == Kind::Claim);
        if entry.epoch != epoch {
            return Err(format!("entry {seq} has epoch {}, not {epoch}", entry.epoch));
        }
    }
    Ok(())
}

/// Each stroke is first recorded under the name of who wrote it, in the order in which they did.
fn authors(world: &World, part: usize, entries: &[Entry]) -> Result<(), String> {
    let ink = world.ink.borrow();
    let mut newest: BTreeMap<u64, char> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for entry in entries.iter().filter(|entry| is_change(entry)) {
        for character in strokes_in(&entry.bytes) {
            let stroke = ink.of(character, part - 1)?;
            // Who has something pending sends it back, though the server has it.
            if !known.insert(character) {
                continue;
            }
            if participant(stroke.who) != entry.participant {
                let seq = entry.seq;
                return Err(format!("entry {seq} names {} for person {}", entry.participant, stroke.who));
            }
            let before = newest.insert(stroke.copy, character);
            if before.is_some_and(|before| number(before) > number(character)) {
                return Err(format!("{character:?} was written before what stands before it"));
            }
        }
    }
    Ok(())
}

/// Everybody at the end, when nothing is on its way: one text, and what it must hold.
pub(super) async fn all_agree(world: &World, rooms: &Rooms) -> Result<(), String> {
    for part in 0..=world.plan.sections {
        agree(world, rooms, part).await.map_err(|why| format!("in part {part}, {why}"))?;
    }
    let worded = world.deeds.borrow().worded();
    for recommendation in worded {
        wording_agrees(world, rooms, recommendation).await?;
    }
    let review = rooms.review(REPORT).await.map_err(|error| error.to_string())?;
    world.deeds.borrow().check(&review)
}

/// Whoever opens a wording reads what its record says, soon, and its journal is sound.
async fn wording_agrees(world: &World, rooms: &Rooms, of: RecommendationId) -> Result<(), String> {
    let name = DocumentName::wording(REPORT, of);
    let mut told = String::new();
    for _ in 0..20 {
        let doc = served(rooms, name).await?;
        let whole = whole(&doc);
        let body = Body::load([&whole[..]]).map_err(|error| error.to_string())?;
        let wording = body.tree().map_err(|error| error.to_string())?.wording();
        let review = rooms.review(REPORT).await.map_err(|error| error.to_string())?;
        let record = review.recommendations.get(&of).ok_or("a recommendation that was worded is gone")?;
        if (wording.title.as_str(), wording.text.as_str()) == (record.title.as_str(), record.text.as_str()) {
            return dense(&world.disk.entries(name.doc()));
        }
        told = format!("a wording reads {wording:?}, and its record {:?}", record.title);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(told)
}

async fn agree(world: &World, rooms: &Rooms, part: usize) -> Result<(), String> {
    let name = document(part);
    let served = served(rooms, name).await?;
    for (who, copies) in world.copies.iter().enumerate() {
        let copy = copies[part].borrow();
        same(&served, &copy.doc, part)
            .map_err(|why| format!("person {who} has not what is served: {why}"))?;
    }
    let entries = world.disk.entries(name.doc());
    if part == 0 {
        let recorded = review_of(&entries)?.encode();
        return same(&served, &doc_of(&recorded)?, part).map_err(|why| format!("of the record: {why}"));
    }
    let recorded = body_of(&entries)?;
    same(&served, &recorded, part).map_err(|why| format!("of the record: {why}"))?;
    let guarded = Body::load([&whole(&recorded)[..]]).map_err(|error| error.to_string())?;
    let text = pen::text(&served);
    if guarded.plain_text().map_err(|_| "it is too large")?.replace('\n', "") != text {
        return Err("the body reads otherwise".into());
    }
    world.ink.borrow().check(part - 1, &text)
}

/// A document as whoever comes fresh gets it.
async fn served(rooms: &Rooms, name: DocumentName) -> Result<Doc, String> {
    let standing = rooms.standing(name.report).await.map_err(|error| error.to_string())?;
    let standing = standing.borrow().clone();
    let may = crate::access::rights::read(&standing, name.report, ParticipantId::ADMINISTRATOR);
    let may = may.ok_or("the administrator may not read")?;
    doc_of(&rooms.document(may, name).await.map_err(|error| error.to_string())?)
}

fn doc_of(update: &[u8]) -> Result<Doc, String> {
    let doc = new_doc(1);
    let update = Update::decode_v1(update).map_err(|error| error.to_string())?;
    doc.transact_mut().apply_update(update).map_err(|error| error.to_string())?;
    Ok(doc)
}

/// Whether two documents are the same: what was written, what was deleted and, of bodies, the text with its marks.
fn same(one: &Doc, other: &Doc, part: usize) -> Result<(), String> {
    let (ours, theirs) = (one.transact().snapshot(), other.transact().snapshot());
    if ours.state_map != theirs.state_map {
        return Err(format!("{:?} is not {:?}", theirs.state_map, ours.state_map));
    }
    if ours.delete_set != theirs.delete_set {
        return Err("other deletions".into());
    }
    match part > 0 && pen::xml(one) != pen::xml(other) {
        true => Err(format!("{} is not {}", pen::xml(other), pen::xml(one))),
        false => Ok(()),
    }
}

/// Whether an entry changes the document.
fn is_change(entry: &Entry) -> bool {
    matches!(entry.kind, Kind::Update | Kind::Command)
}
