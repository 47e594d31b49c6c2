//! Sockets: the handshake, then frames both ways between a socket and the rooms.
//!
//! `frames`, `line` and `upgrade` know bytes, `ear` reads, `pen` writes; `plain` and `addressed` are the two dialects'
//! conversations, each a task on the thread of its report's rooms.
//! What a message means is the room's to know.

mod addressed;
mod ear;
mod frames;
mod line;
mod pen;
mod plain;
mod upgrade;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::sync::watch;

use self::upgrade::Upgrade;
use super::{
    App, Problem, ProblemType,
    extract::{self, Peer},
    origin,
};
use crate::{
    access::{Access, Caller, Credential, MayRead, Proof},
    ids::{DocumentName, ParticipantId, ReportId, WireName},
    review::Standing,
    room::SeatSender,
};

/// The sockets that are open, and whether they are to close. Cheap to clone.
#[derive(Clone)]
pub struct Sockets(Arc<Count>);

struct Count {
    open: watch::Sender<usize>,
    stopping: AtomicBool,
}

impl Default for Sockets {
    fn default() -> Self {
        Self(Arc::new(Count { open: watch::Sender::new(0), stopping: AtomicBool::new(false) }))
    }
}

impl Sockets {
    /// Tells sockets without an open document to close; rooms tell the others. They all listen for changes of access,
    /// and see then that it is this: each thing to listen for takes its place in every socket.
    pub fn stop(&self, access: &Access) {
        self.0.stopping.store(true, Ordering::SeqCst);
        access.have_all_looked_up_again();
    }

    /// Waits until none is open.
    pub async fn closed(&self) {
        let mut open = self.0.open.subscribe();
        // The sender lives as long as `self`.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        *self.0.open.borrow()
    }

    fn enter(&self) -> Present {
        self.0.open.send_modify(|open| *open += 1);
        Present(self.clone())
    }

    fn are_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }
}

/// One open socket; counted until dropped.
struct Present(Sockets);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.0.open.send_modify(|open| *open = open.saturating_sub(1));
    }
}

/// What a socket shows to say who it is, kept so that it can be looked up again when access changed.
#[derive(Clone, Copy)]
struct Shown(Proof);

impl Shown {
    /// What came with the handshake: the `Authorization` header, `?token=`, or the session cookie.
    fn in_handshake(app: &App, headers: &HeaderMap, uri: &Uri) -> Option<Self> {
        let token = extract::bearer(headers).map(str::to_owned).or_else(|| query_token(uri));
        let cookie =
            || extract::cookie(&app.site, headers).map(|value| Self(Credential::Session(value).into()));
        token.map(|token| Self::token(&token)).or_else(cookie)
    }

    fn token(token: &str) -> Self {
        Self(Credential::Bearer(token).into())
    }

    fn is_token(&self) -> bool {
        self.0.is_bearer()
    }

    /// Who that is, if it is good.
    fn caller(&self, access: &Access) -> Option<Caller> {
        access.caller_of(&self.0)
    }

    /// Whether it still stands for this participant.
    fn still(&self, access: &Access, report: ReportId, participant: ParticipantId) -> bool {
        self.caller(access).is_some_and(|caller| caller.on(report) == Some(participant))
    }
}

fn query_token(uri: &Uri) -> Option<String> {
    query(uri, "token")
}

fn query(uri: &Uri, wanted: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.into_iter().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

/// The report that a socket says it is for.
fn named_report(uri: &Uri) -> Option<ReportId> {
    query(uri, "report")?.parse().ok()
}

/// The thread of any report, for a socket that names none.
fn anywhere(app: &App) -> ReportId {
    ReportId::from_bytes(app.clock.id16())
}

/// What may not be known of and what isn't there close and deny with the same words.
const NO_SUCH_DOCUMENT: &str = "there is no such document, or none that you may open";

/// Who sits where.
struct Sitting {
    room: SeatSender,
    shown: Shown,
    report: ReportId,
    participant: ParticipantId,
}

/// A document that somebody may read.
struct Readable {
    name: DocumentName,
    may: MayRead,
    /// What the right rests on.
    standing: Arc<Standing>,
}

/// The document of a name, with the right to read it. To all others there is no such document.
async fn may_read(app: &App, caller: &Caller, wire: WireName) -> Result<Readable, Problem> {
    let (seated, state) = app.seat_and_review(caller, wire.report).await?;
    let name = state.name(wire).ok_or_else(Problem::not_found)?;
    Ok(Readable { name, may: seated.may, standing: seated.standing })
}

/// The routes of both dialects.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/sync", get(open_addressed)).route("/sync/{report}/{part}", get(open_plain))
}

/// `GET /sync/{report}/{part}`: y-websocket, one document a socket.
///
/// Published clients cannot read a failed handshake, so bad credentials and unknown documents are told by close code.
async fn open_plain(
    State(app): State<App>,
    from: Peer,
    Path((report, part)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<Upgrade, Problem>,
) -> Response {
    let shown = Shown::in_handshake(&app, &headers, &uri);
    let has_token = shown.is_some_and(|shown| shown.is_token());
    if !origin::may_open_socket(&app.site, &headers, has_token) {
        return origin::foreign().into_response();
    }
    let caller = shown.as_ref().and_then(|shown| shown.caller(&app.access));
    if has_token && caller.is_none() {
        let problem = app.wrong_token(from, Problem::unauthenticated());
        if problem.kind == ProblemType::TooManyRequests {
            return problem.into_response();
        }
    }
    let name = format!("{report}/{part}").parse::<WireName>().ok();
    let signed = shown.zip(caller);
    match upgrade {
        Ok(upgrade) => {
            let beside = name.map_or_else(|| anywhere(&app), |name| name.report);
            upgrade.accept(&app, beside, usize::MAX, move |app, ear| plain::converse(app, ear, signed, name))
        }
        Err(problem) => problem.into_response(),
    }
}

/// `GET /sync`: Hocuspocus, many documents a socket, each with a token of its own. `?report=` says whose documents they
/// will be: the socket is served beside its rooms. It gives no right, and others work too.
async fn open_addressed(
    State(app): State<App>,
    from: Peer,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<Upgrade, Problem>,
) -> Response {
    let shown = Shown::in_handshake(&app, &headers, &uri);
    if !origin::may_open_socket(&app.site, &headers, shown.is_some_and(|shown| shown.is_token())) {
        return origin::foreign().into_response();
    }
    match upgrade {
        Ok(upgrade) => {
            let beside = named_report(&uri).unwrap_or_else(|| anywhere(&app));
            upgrade.accept(&app, beside, addressed::READ_BYTES_MAX, move |app, ear| {
                addressed::converse(app, ear, from, shown)
            })
        }
        Err(problem) => problem.into_response(),
    }
}
