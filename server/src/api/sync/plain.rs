//! A y-websocket conversation: one document, for whoever the handshake was good for.

use super::{
    super::{App, Problem, ProblemType},
    NO_SUCH_DOCUMENT, Readable, Shown, Sitting,
    ear::{Ear, End, Heard},
    may_read,
    pen::{Pen, Words},
};
use crate::{
    access::{Access, Caller},
    ids::WireName,
    measure::meter,
    protocol::{Close, Message, decode_plain, encode_nobody, encode_plain},
};

/// Holds the conversation.
///
/// Most are quiet: the future holds little beside the ear, and what happens once is boxed, with what only that needs.
pub(super) fn converse(
    app: App,
    mut ear: Ear,
    signed: Option<(Shown, Caller)>,
    name: Option<WireName>,
) -> impl Future<Output = ()> {
    ear.keep_alive_by(|| encode_plain(&Message::Awareness(encode_nobody())).unwrap_or_default());
    let access = app.access.clone();
    let sitting = Box::pin(sit(app, ear.pen().clone(), signed, name));
    async move {
        let _here = meter().plain_socket();
        let end = match sitting.await {
            Ok(ref sitting) => listen(&access, &mut ear, sitting).await,
            Err(close) => End::Close(close),
        };
        Box::pin(end.of(ear)).await;
    }
}

async fn sit(
    app: App,
    pen: Pen,
    signed: Option<(Shown, Caller)>,
    name: Option<WireName>,
) -> Result<Sitting, Close> {
    let (shown, caller) = signed.ok_or_else(Close::unauthenticated)?;
    let name = name.ok_or_else(|| Close::forbidden(NO_SUCH_DOCUMENT))?;
    let Readable { name, may, .. } = may_read(&app, &caller, name).await.map_err(|problem| why(&problem))?;
    let words = || Box::new(Words { pen: pen.clone(), address: None, greeting: None }) as _;
    let room = app.rooms.sit(may, name, None, words).await.map_err(|error| why(&error.into()))?;
    Ok(Sitting { room, shown, report: name.report, participant: may.participant() })
}

/// The close that a problem is on a socket.
pub(super) fn why(problem: &Problem) -> Close {
    match problem.kind {
        ProblemType::NotFound => Close::forbidden(NO_SUCH_DOCUMENT),
        ProblemType::Unauthenticated => Close::unauthenticated(),
        ProblemType::Forbidden => Close::forbidden(problem.detail.clone()),
        _ => Close::new(Close::TOO_SLOW, problem.detail.clone()),
    }
}

async fn listen(access: &Access, ear: &mut Ear, sitting: &Sitting) -> End {
    loop {
        // What was heard is gone by the time the room is waited for, or the future would keep a place for it.
        let message = match heard(access, ear.next().await, sitting) {
            Ok(None) => continue,
            Ok(Some(message)) => message,
            Err(end) => return end,
        };
        if sitting.room.send(message).await.is_err() {
            return End::Told;
        }
    }
}

/// What is to be said to the room.
fn heard(access: &Access, heard: Heard, sitting: &Sitting) -> Result<Option<Message>, End> {
    match heard {
        Heard::Frame(frame) => match decode_plain(&frame) {
            // The others are what only a server says.
            Ok(message) => Ok(Some(message).filter(from_client)),
            Err(malformed) => Err(End::Close(Close::malformed(malformed.to_string()))),
        },
        Heard::AccessChanged if sitting.shown.still(access, sitting.report, sitting.participant) => Ok(None),
        Heard::AccessChanged => Err(End::Close(Close::unauthenticated())),
        Heard::Drained => {
            sitting.room.drained();
            Ok(None)
        }
        // The room says goodbye, after all that it has confirmed.
        Heard::Stopping => Ok(None),
        Heard::Over(close) => Err(End::Close(close)),
        Heard::Told => Err(End::Told),
        Heard::Gone => Err(End::Gone),
    }
}

/// Whether a message is a client's to say to a room.
pub(super) const fn from_client(message: &Message) -> bool {
    matches!(
        message,
        Message::SyncStep1(_)
            | Message::SyncStep2(_)
            | Message::Update(_)
            | Message::Awareness(_)
            | Message::QueryAwareness
    )
}
