//! Replies in threads.

use axum::Json as Answer;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Problem,
    extract::{At, Created, Json, Seated},
    threads::NewText,
};
use crate::{
    ids::{ReplyId, ReportId, ThreadId},
    review::{Command, Outcome, Reply, Text},
};

#[derive(Deserialize, ToSchema)]
pub(super) struct NewReply {
    /// Chosen by the client, so that a repeat is known; made by the server when none is given.
    #[schema(value_type = Option<String>)]
    id: Option<ReplyId>,
    #[schema(value_type = String)]
    text: Text,
}

/// Replies in a thread.
#[utoipa::path(post, path = "/api/reports/{report}/threads/{thread}/replies", tag = "threads",
    request_body = NewReply, responses((status = 201, body = Reply)))]
pub(super) async fn reply(
    seated: Seated,
    at: At<(ReportId, ThreadId)>,
    Json(new): Json<NewReply>,
) -> Result<Created<Reply>, Problem> {
    let At((_, thread)) = at;
    let reply = new.id.unwrap_or_else(|| ReplyId::from_bytes(seated.app.clock.id16()));
    record(&seated, Command::Reply { reply, thread, text: new.text }).await.map(Created)
}

/// Changes one's own reply.
#[utoipa::path(patch, path = "/api/reports/{report}/threads/{thread}/replies/{reply}", tag = "threads",
    request_body = NewText, responses((status = 200, body = Reply)))]
pub(super) async fn edit_reply(
    seated: Seated,
    at: At<(ReportId, ThreadId, ReplyId)>,
    Json(new): Json<NewText>,
) -> Result<Answer<Reply>, Problem> {
    let At((_, thread, reply)) = at;
    let review = seated.review().await?;
    // Two ids in one path: the reply must be of this thread.
    review.replies.get(&reply).filter(|reply| reply.thread == thread).ok_or_else(Problem::not_found)?;
    record(&seated, Command::EditReply { reply, text: new.text }).await.map(Answer)
}

async fn record(seated: &Seated, command: Command) -> Result<Reply, Problem> {
    let (outcome, review) = seated.act(command).await?;
    let Outcome::Reply(id) = outcome else { return Err(Problem::internal()) };
    review.replies.get(&id).cloned().ok_or_else(Problem::internal)
}
