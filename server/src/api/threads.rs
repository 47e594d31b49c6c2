//! Comments on passages and sections.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Problem,
    extract::{Asked, At, Created, Json, Seated},
};
use crate::{
    ids::{DocumentName, ReportId, SectionId, ThreadId},
    review::{Anchor, Command, Outcome, Reply, ReviewState, Text, Thread},
    room::RoomError,
};

#[derive(Serialize, ToSchema)]
pub(super) struct Threads {
    /// Oldest first.
    threads: Vec<ThreadWithReplies>,
}

#[derive(Serialize, ToSchema)]
struct ThreadWithReplies {
    #[serde(flatten)]
    thread: Thread,
    /// Whether the words it stood on are gone.
    detached: bool,
    /// Oldest first.
    replies: Vec<Reply>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfSection {
    /// Only what belongs to this section.
    #[param(value_type = Option<String>)]
    pub(super) section: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewThread {
    /// Chosen by the client, so that a repeat is known; made by the server when none is given.
    #[schema(value_type = Option<String>)]
    id: Option<ThreadId>,
    #[schema(value_type = String)]
    section: SectionId,
    /// The passage; none is the whole section.
    anchor: Option<Anchor>,
    #[schema(value_type = String)]
    text: Text,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct NewText {
    #[schema(value_type = String)]
    pub(super) text: Text,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Place {
    pub(super) anchor: Anchor,
}

/// Lists threads with their replies, and whether the words they stood on are gone.
#[utoipa::path(get, path = "/api/reports/{report}/threads", tag = "threads", params(OfSection),
    responses((status = 200, body = Threads)))]
pub(super) async fn list_threads(
    seated: Seated,
    Asked(of): Asked<OfSection>,
) -> Result<Answer<Threads>, Problem> {
    let review = seated.review().await?;
    let section = of.section()?;
    let wanted = review.threads.values().filter(|thread| section.is_none_or(|id| id == thread.section));
    let mut wanted: Vec<&Thread> = wanted.collect();
    wanted.sort_by_key(|thread| (thread.created_at, thread.id));
    let anchors = wanted.iter().map(|thread| (thread.id, thread.section, thread.anchor.as_ref()));
    let detached = detached(&seated, anchors).await?;
    let mut replies = replies(&review);
    let threads = wanted.into_iter().map(|thread| ThreadWithReplies {
        detached: detached.contains(&thread.id),
        replies: replies.remove(&thread.id).unwrap_or_default(),
        thread: thread.clone(),
    });
    Ok(Answer(Threads { threads: threads.collect() }))
}

/// Comments on a passage or a whole section.
#[utoipa::path(post, path = "/api/reports/{report}/threads", tag = "threads", request_body = NewThread,
    responses((status = 201, body = Thread)))]
pub(super) async fn open_thread(
    seated: Seated,
    Json(new): Json<NewThread>,
) -> Result<Created<Thread>, Problem> {
    let NewThread { id, section, anchor, text } = new;
    let id = id.unwrap_or_else(|| ThreadId::from_bytes(seated.app.clock.id16()));
    thread(&seated, Command::OpenThread { thread: id, section, anchor, text }).await.map(Created)
}

/// Changes one's own comment.
#[utoipa::path(patch, path = "/api/reports/{report}/threads/{thread}", tag = "threads",
    request_body = NewText, responses((status = 200, body = Thread)))]
pub(super) async fn edit_thread(
    seated: Seated,
    at: At<(ReportId, ThreadId)>,
    Json(new): Json<NewText>,
) -> Result<Answer<Thread>, Problem> {
    let At((_, id)) = at;
    thread(&seated, Command::EditThread { thread: id, text: new.text }).await.map(Answer)
}

/// Settles a thread.
#[utoipa::path(post, path = "/api/reports/{report}/threads/{thread}/resolve", tag = "threads",
    responses((status = 200, body = Thread)))]
pub(super) async fn resolve_thread(
    seated: Seated,
    at: At<(ReportId, ThreadId)>,
) -> Result<Answer<Thread>, Problem> {
    let At((_, id)) = at;
    thread(&seated, Command::Resolve { thread: id }).await.map(Answer)
}

/// Opens a settled thread again.
#[utoipa::path(post, path = "/api/reports/{report}/threads/{thread}/reopen", tag = "threads",
    responses((status = 200, body = Thread)))]
pub(super) async fn reopen_thread(
    seated: Seated,
    at: At<(ReportId, ThreadId)>,
) -> Result<Answer<Thread>, Problem> {
    let At((_, id)) = at;
    thread(&seated, Command::Reopen { thread: id }).await.map(Answer)
}

/// Gives a thread new words to stand on.
#[utoipa::path(post, path = "/api/reports/{report}/threads/{thread}/anchor", tag = "threads",
    request_body = Place, responses((status = 200, body = Thread)))]
pub(super) async fn place_thread(
    seated: Seated,
    at: At<(ReportId, ThreadId)>,
    Json(place): Json<Place>,
) -> Result<Answer<Thread>, Problem> {
    let At((_, id)) = at;
    thread(&seated, Command::PlaceThread { thread: id, anchor: place.anchor }).await.map(Answer)
}

async fn thread(seated: &Seated, command: Command) -> Result<Thread, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Thread(id) = outcome else { return Err(Problem::internal()) };
    review.threads.get(&id).cloned().ok_or_else(Problem::internal)
}

fn replies(review: &ReviewState) -> BTreeMap<ThreadId, Vec<Reply>> {
    let mut all: Vec<&Reply> = review.replies.values().collect();
    all.sort_by_key(|reply| (reply.created_at, reply.id));
    let mut of: BTreeMap<ThreadId, Vec<Reply>> = BTreeMap::new();
    for reply in all {
        of.entry(reply.thread).or_default().push(reply.clone());
    }
    of
}

impl OfSection {
    /// The wanted section; a bad id is a section that isn't there.
    pub(super) fn section(&self) -> Result<Option<SectionId>, Problem> {
        self.section.as_deref().map(str::parse).transpose().map_err(|_| Problem::not_found())
    }
}

/// Which of the records have lost the words they stood on. Each body is asked once.
pub(super) async fn detached<Id: Ord + Copy>(
    seated: &Seated,
    records: impl Iterator<Item = (Id, SectionId, Option<&Anchor>)>,
) -> Result<BTreeSet<Id>, Problem> {
    let mut by_section: BTreeMap<SectionId, (Vec<Id>, Vec<Anchor>)> = BTreeMap::new();
    for (id, section, anchor) in records {
        if let Some(anchor) = anchor {
            let (ids, anchors) = by_section.entry(section).or_default();
            ids.push(id);
            anchors.push(anchor.clone());
        }
    }
    let mut detached = BTreeSet::new();
    for (section, (ids, anchors)) in by_section {
        let name = DocumentName::body(seated.report(), section);
        let attached = match seated.app.rooms.attached(seated.may, name, anchors).await {
            Ok(attached) => attached,
            Err(RoomError::NotFound) => vec![false; ids.len()],
            Err(error) => return Err(error.into()),
        };
        detached.extend(ids.into_iter().zip(attached).filter(|(_, attached)| !attached).map(|(id, _)| id));
    }
    Ok(detached)
}
