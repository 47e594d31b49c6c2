//! Comments and their replies.

use std::borrow::Cow;

use super::{Decided, ID_TAKEN, anchors, known, open_section, room, wording};
use crate::{
    ids::{ParticipantId, ReplyId, SectionId, ThreadId},
    limits,
    review::{Anchor, Change, Decision, Outcome, Refusal, Reply, ReviewState, Text, Thread, ThreadState},
};

const LOCKED: &str = "This section is locked and takes no comments. Ask the coordinator to open it again, or comment on another section.";
const NOT_YOURS: Refusal = Refusal::Forbidden {
    why: Cow::Borrowed("Only its author can change these words. You can write a reply instead."),
};
const EDIT_RESOLVED: Refusal = Refusal::Conflict {
    why: Cow::Borrowed("This comment is resolved. Reopen it before you change what it says."),
};

/// Opens a thread on a passage or a whole section.
pub(super) fn open(
    state: &ReviewState,
    decision: Decision,
    id: ThreadId,
    section: SectionId,
    anchor: Option<Anchor>,
    text: Text,
) -> Decided {
    let anchor = anchor.map(anchors::checked).transpose()?;
    put_first(state, newborn(decision, id, section, anchor, text))
}

/// A thread as it is opened on a section.
pub(super) fn newborn(
    decision: Decision,
    id: ThreadId,
    section: SectionId,
    anchor: Option<Anchor>,
    text: Text,
) -> Thread {
    Thread {
        id,
        section,
        recommendation: None,
        anchor,
        author: decision.by,
        text,
        created_at: decision.at,
        edited_at: None,
        state: ThreadState::Open,
        resolved_by: None,
        resolved_at: None,
    }
}

/// Opens a thread, unless it is a repeat.
pub(super) fn put_first(state: &ReviewState, new: Thread) -> Decided {
    if let Some(old) = state.threads.get(&new.id) {
        let same = old.author == new.author
            && (old.section, old.recommendation) == (new.section, new.recommendation)
            && old.anchor == new.anchor
            && old.text == new.text;
        return if same { Ok((Outcome::Thread(new.id), vec![])) } else { Err(ID_TAKEN) };
    }
    takes_comments(state, &new)?;
    room(&state.threads, limits::RECORDS_MAX, "comments")?;
    put(new)
}

/// What a thread is about still takes comments: its section, or the wording of its recommendation.
fn takes_comments(state: &ReviewState, thread: &Thread) -> Result<(), Refusal> {
    match thread.recommendation {
        Some(recommendation) => wording::takes_comments(state, recommendation),
        None => open_section(state, thread.section, LOCKED),
    }
}

/// Replies. A resolved thread takes replies too, so that words sent while somebody resolved it are not lost; it stays
/// resolved until somebody reopens it.
pub(super) fn reply(
    state: &ReviewState,
    decision: Decision,
    id: ReplyId,
    thread: ThreadId,
    text: Text,
) -> Decided {
    if let Some(old) = state.replies.get(&id) {
        let same = old.author == decision.by && old.thread == thread && old.text == text;
        return if same { Ok((Outcome::Reply(id), vec![])) } else { Err(ID_TAKEN) };
    }
    let to = known(&state.threads, &thread, "comment")?;
    takes_comments(state, to)?;
    room(&state.replies, limits::RECORDS_MAX, "replies")?;
    let reply = Reply { id, thread, author: decision.by, text, created_at: decision.at, edited_at: None };
    Ok((Outcome::Reply(id), vec![Change::Reply(reply)]))
}

/// Changes one's own comment while it is open: a resolved one was answered as it stands.
pub(super) fn edit(state: &ReviewState, decision: Decision, id: ThreadId, text: Text) -> Decided {
    let old = known(&state.threads, &id, "comment")?;
    own_and_open(state, decision, old, old.author)?;
    if old.text == text {
        return Ok((Outcome::Thread(id), vec![]));
    }
    put(Thread { text, edited_at: Some(decision.at), ..old.clone() })
}

/// Changes one's own reply while its thread is open.
pub(super) fn edit_reply(state: &ReviewState, decision: Decision, id: ReplyId, text: Text) -> Decided {
    let old = known(&state.replies, &id, "reply")?;
    own_and_open(state, decision, known(&state.threads, &old.thread, "comment")?, old.author)?;
    let new = Reply { text, edited_at: Some(decision.at), ..old.clone() };
    let changes = if new.text == old.text { vec![] } else { vec![Change::Reply(new)] };
    Ok((Outcome::Reply(id), changes))
}

/// Settles a thread; the second to do so learns that somebody was faster.
pub(super) fn resolve(state: &ReviewState, decision: Decision, id: ThreadId) -> Decided {
    let old = known(&state.threads, &id, "comment")?;
    match old.state {
        ThreadState::Resolved => {
            Err(Refusal::conflict("This comment is already resolved. There is nothing left to do."))
        }
        ThreadState::Open => put(Thread {
            state: ThreadState::Resolved,
            resolved_by: Some(decision.by),
            resolved_at: Some(decision.at),
            ..old.clone()
        }),
    }
}

/// Opens a resolved thread again.
pub(super) fn reopen(state: &ReviewState, id: ThreadId) -> Decided {
    let old = known(&state.threads, &id, "comment")?;
    match old.state {
        ThreadState::Open => Err(Refusal::conflict("This comment is already open. You can reply to it.")),
        ThreadState::Resolved => {
            put(Thread { state: ThreadState::Open, resolved_by: None, resolved_at: None, ..old.clone() })
        }
    }
}

/// Gives a thread new words to stand on. Anyone who may comment may: the passage moved, the comment did not change, and
/// so it does not count as edited.
pub(super) fn place(state: &ReviewState, id: ThreadId, anchor: Anchor) -> Decided {
    let old = known(&state.threads, &id, "comment")?;
    let anchor = Some(anchors::checked(anchor)?);
    if old.anchor == anchor {
        return Ok((Outcome::Thread(id), vec![]));
    }
    put(Thread { anchor, ..old.clone() })
}

fn put(thread: Thread) -> Decided {
    Ok((Outcome::Thread(thread.id), vec![Change::Thread(thread)]))
}

/// The words are the author's, and neither the thread nor its section is closed.
fn own_and_open(
    state: &ReviewState,
    decision: Decision,
    thread: &Thread,
    author: ParticipantId,
) -> Result<(), Refusal> {
    if author != decision.by {
        return Err(NOT_YOURS);
    }
    if thread.state == ThreadState::Resolved {
        return Err(EDIT_RESOLVED);
    }
    takes_comments(state, thread)
}
