//! A y-websocket conversation: one document, for whoever the handshake was good for.

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use super::{
    super::{App, Problem, ProblemType},
    NO_SUCH_DOCUMENT, Shown,
    ear::{Ear, Heard},
    may_read,
    mouth::{Mouth, Order},
    talk::{End, linger, talk},
    upgrade::Socket,
};
use crate::{
    access::Caller,
    ids::{DocumentName, ParticipantId},
    limits::SOCKET_ORDERS_MAX,
    measure::meter,
    protocol::{Close, Dialect, Message, decode_plain, encode_awareness, encode_plain},
    room::Seat,
};

/// Who sits where.
struct Sitting {
    seat: Seat,
    shown: Shown,
    name: DocumentName,
    participant: ParticipantId,
}

/// Holds the conversation.
pub(super) async fn converse(
    app: App,
    socket: Socket,
    signed: Option<(Shown, Caller)>,
    name: Option<DocumentName>,
) {
    let _here = meter().plain_socket();
    let (sink, stream) = socket.split();
    let (orders, todo) = mpsc::channel(SOCKET_ORDERS_MAX);
    let nobody = encode_plain(&Message::Awareness(encode_awareness(&[]))).unwrap_or_default();
    let mut ear = Ear::new(&app, stream, None);
    let listen = async {
        match sit(&app, signed, name).await {
            Ok(sitting) => listen(&app, &mut ear, &orders, sitting).await,
            Err(close) => End::Close(close),
        }
    };
    let sink = talk(Mouth::new(sink, todo, nobody), &orders, listen).await;
    if let Some(sink) = sink {
        linger(sink, ear.into_stream()).await;
    }
}

async fn sit(
    app: &App,
    signed: Option<(Shown, Caller)>,
    name: Option<DocumentName>,
) -> Result<Sitting, Close> {
    let (shown, caller) = signed.ok_or_else(Close::unauthenticated)?;
    let name = name.ok_or_else(|| Close::forbidden(NO_SUCH_DOCUMENT))?;
    let (may, _) = may_read(app, &caller, name).await.map_err(|problem| why(&problem))?;
    match app.rooms.join(may, name, Dialect::Plain).await {
        Ok(seat) => Ok(Sitting { seat, shown, name, participant: may.participant() }),
        Err(error) => Err(why(&error.into())),
    }
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

async fn listen(app: &App, ear: &mut Ear, orders: &mpsc::Sender<Order>, sitting: Sitting) -> End {
    let Sitting { seat, shown, name, participant } = sitting;
    let (room, outbox) = seat.split();
    if orders.send(Order::Relay { address: None, outbox }).await.is_err() {
        return End::Gone;
    }
    loop {
        match ear.next().await {
            Heard::Frame(frame) => match decode_plain(&frame) {
                Ok(message) if from_client(&message) => {
                    if room.send(message).await.is_err() {
                        return End::Room;
                    }
                }
                // What only a server says.
                Ok(_) => {}
                Err(malformed) => {
                    tracing::info!(%malformed, "a socket was closed");
                    return End::Close(Close::malformed(malformed.to_string()));
                }
            },
            Heard::AccessChanged if shown.still(app, name.report, participant) => {}
            Heard::AccessChanged => return End::Close(Close::unauthenticated()),
            // The room says goodbye, after all that it has confirmed.
            Heard::Stopping => {}
            Heard::Over(close) => {
                tracing::info!(code = close.code, reason = close.reason, "a socket was closed");
                return End::Close(close);
            }
            Heard::Gone => return End::Gone,
        }
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
