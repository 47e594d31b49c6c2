//! Comments on passages and sections.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    str::FromStr,
};

use axum::Json as Answer;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Problem, ProblemType,
    extract::{Asked, At, Created, Json, Seated},
};
use crate::{
    ids::{DocumentName, Part, RecommendationId, ReportId, SectionId, ThreadId},
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
pub(super) struct OfText {
    /// Only what belongs to this section, and to recommendations of it.
    #[param(value_type = Option<String>)]
    section: Option<String>,
    /// Only what belongs to the wording of this recommendation.
    #[param(value_type = Option<String>)]
    recommendation: Option<String>,
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
    /// The section it is about; or else `recommendation` is given.
    #[schema(value_type = Option<String>)]
    section: Option<SectionId>,
    /// The recommendation whose wording it is about.
    #[schema(value_type = Option<String>)]
    recommendation: Option<RecommendationId>,
    /// The passage; none is the whole section or wording.
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
#[utoipa::path(get, path = "/api/reports/{report}/threads", tag = "threads", params(OfText),
    responses((status = 200, body = Threads)))]
pub(super) async fn list_threads(
    seated: Seated,
    Asked(of): Asked<OfText>,
) -> Result<Answer<Threads>, Problem> {
    let review = seated.review().await?;
    let section: Option<SectionId> = named(of.section.as_deref())?;
    let recommendation: Option<RecommendationId> = named(of.recommendation.as_deref())?;
    let wanted = review.threads.values().filter(|thread| {
        section.is_none_or(|id| id == thread.section)
            && recommendation.is_none_or(|id| thread.recommendation == Some(id))
    });
    let mut wanted: Vec<&Thread> = wanted.collect();
    wanted.sort_by_key(|thread| (thread.created_at, thread.id));
    let anchors = wanted.iter().map(|thread| {
        let part = thread.recommendation.map_or(Part::Body(thread.section), Part::Wording);
        (thread.id, part, thread.anchor.as_ref())
    });
    let detached = detached(&seated, anchors).await?;
    let mut replies = replies(&review);
    let threads = wanted.into_iter().map(|thread| ThreadWithReplies {
        detached: detached.contains(&thread.id),
        replies: replies.remove(&thread.id).unwrap_or_default(),
        thread: thread.clone(),
    });
    Ok(Answer(Threads { threads: threads.collect() }))
}

/// Comments on a passage or a whole section, or on a recommendation's wording.
#[utoipa::path(post, path = "/api/reports/{report}/threads", tag = "threads", request_body = NewThread,
    responses((status = 201, body = Thread)))]
pub(super) async fn open_thread(
    seated: Seated,
    Json(new): Json<NewThread>,
) -> Result<Created<Thread>, Problem> {
    let NewThread { id, section, recommendation, anchor, text } = new;
    let id = id.unwrap_or_else(|| ThreadId::from_bytes(seated.app.clock.id16()));
    let command = match (section, recommendation) {
        (Some(section), None) => Command::OpenThread { thread: id, section, anchor, text },
        (None, Some(recommendation)) => Command::CommentWording { thread: id, recommendation, anchor, text },
        _ => {
            let detail = "Name the section or the recommendation that the comment is about, and not both.";
            return Err(Problem::new(ProblemType::Invalid, detail));
        }
    };
    thread(&seated, command).await.map(Created)
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
    /// The wanted section.
    pub(super) fn section(&self) -> Result<Option<SectionId>, Problem> {
        named(self.section.as_deref())
    }
}

/// What a query names; a bad id is a thing that isn't there.
fn named<Id: FromStr>(id: Option<&str>) -> Result<Option<Id>, Problem> {
    id.map(str::parse).transpose().map_err(|_| Problem::not_found())
}

/// Which of the records have lost the words they stood on. Each text is asked once.
pub(super) async fn detached<Id: Ord + Copy>(
    seated: &Seated,
    records: impl Iterator<Item = (Id, Part, Option<&Anchor>)>,
) -> Result<BTreeSet<Id>, Problem> {
    let mut by_text: HashMap<Part, (Vec<Id>, Vec<Anchor>)> = HashMap::new();
    for (id, part, anchor) in records {
        if let Some(anchor) = anchor {
            let (ids, anchors) = by_text.entry(part).or_default();
            ids.push(id);
            anchors.push(anchor.clone());
        }
    }
    let mut detached = BTreeSet::new();
    for (part, (ids, anchors)) in by_text {
        let name = DocumentName { report: seated.report(), part };
        let attached = match seated.app.rooms.attached(seated.may, name, anchors).await {
            Ok(attached) => attached,
            Err(RoomError::NotFound) => vec![false; ids.len()],
            Err(error) => return Err(error.into()),
        };
        detached.extend(ids.into_iter().zip(attached).filter(|(_, attached)| !attached).map(|(id, _)| id));
    }
    Ok(detached)
}
