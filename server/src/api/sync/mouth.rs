//! The writing side of a socket: takes what rooms have for it, as much as waits, and flushes once.

use bytes::Bytes;
use futures_util::{
    FutureExt as _, SinkExt as _, StreamExt as _,
    stream::{BoxStream, SelectAll, SplitSink},
};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at},
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_tungstenite::tungstenite::{
    Error, Message as Frame,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::upgrade::Socket;
use crate::{
    limits::{PING_EVERY, SOCKET_BATCH_FRAMES_MAX},
    measure::meter,
    protocol::{Address, Close, Message, encode_addressed},
    room::Outgoing,
};

/// What the reading side has the writing side do.
pub(super) enum Order {
    /// Send this frame.
    Say(Bytes),
    /// Send whatever this room has, until it ends. With an address, the end of the room is not the socket's.
    Relay {
        /// The document's address on this socket; `None`: the document is the socket's only one.
        address: Option<Address>,
        /// What the room has.
        outbox: mpsc::Receiver<Outgoing>,
    },
    /// Say goodbye.
    Close(Close),
}

/// The writing side of a socket.
pub(super) struct Mouth {
    sink: SplitSink<Socket, Frame>,
    orders: mpsc::Receiver<Order>,
    outboxes: SelectAll<BoxStream<'static, (Option<Address>, Outgoing)>>,
    /// A frame that changes nothing, in the socket's dialect: published clients reconnect when no message came for
    /// 30 s, and a websocket ping is no message to them.
    keep_alive: Bytes,
}

/// What is next to be written.
enum Next {
    Write(Frame),
    Close(Close),
    Nothing,
}

impl Mouth {
    pub(super) fn new(
        sink: SplitSink<Socket, Frame>,
        orders: mpsc::Receiver<Order>,
        keep_alive: Bytes,
    ) -> Self {
        Self { sink, orders, outboxes: SelectAll::new(), keep_alive }
    }

    /// Writes until it has said goodbye, the connection fails, or nobody can give it anything any more.
    pub(super) async fn speak(mut self) -> SplitSink<Socket, Frame> {
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let first = tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => self.follow(order),
                    None if self.outboxes.is_empty() => break,
                    None => match self.outboxes.next().await {
                        Some(out) => relay(out),
                        None => break,
                    },
                },
                Some(out) = self.outboxes.next(), if !self.outboxes.is_empty() => relay(out),
                _ = ping.tick() => {
                    let beat = [Frame::Ping(Bytes::new()), Frame::Binary(self.keep_alive.clone())];
                    if self.write_all(beat).await.is_err() { break } else { continue }
                }
            };
            match self.write_what_waits(first).await {
                Ok(None) => {}
                Ok(Some(close)) => {
                    self.say_goodbye(close).await;
                    break;
                }
                // The other end is gone, or its reader stalled for too long: nothing can be said to it.
                Err(error) => {
                    tracing::debug!(%error, "a socket takes no more");
                    break;
                }
            }
        }
        self.sink
    }

    fn follow(&mut self, order: Order) -> Next {
        match order {
            Order::Say(bytes) => Next::Write(Frame::Binary(bytes)),
            Order::Relay { address, outbox } => {
                let tagged = ReceiverStream::new(outbox).map(move |out| (address.clone(), out));
                self.outboxes.push(tagged.boxed());
                Next::Nothing
            }
            Order::Close(close) => Next::Close(close),
        }
    }

    /// Writes `next` and whatever else is there by now, up to a bound, with one flush; a goodbye ends it.
    async fn write_what_waits(&mut self, mut next: Next) -> Result<Option<Close>, Error> {
        for _ in 0..SOCKET_BATCH_FRAMES_MAX {
            match next {
                Next::Write(frame) => {
                    self.sink.feed(frame).await?;
                    meter().frames.inc();
                }
                Next::Close(close) => return Ok(Some(close)),
                Next::Nothing => {}
            }
            next = if let Some(Some(out)) = self.outboxes.next().now_or_never() {
                relay(out)
            } else if let Ok(order) = self.orders.try_recv() {
                self.follow(order)
            } else {
                break;
            };
        }
        self.sink.flush().await?;
        Ok(None)
    }

    async fn write_all(&mut self, frames: [Frame; 2]) -> Result<(), Error> {
        for frame in frames {
            self.sink.feed(frame).await?;
        }
        self.sink.flush().await
    }

    async fn say_goodbye(&mut self, close: Close) {
        let frame = CloseFrame { code: CloseCode::from(close.code), reason: close.reason.into() };
        // An error: the other end is gone already.
        let _ = self.sink.send(Frame::Close(Some(frame))).await;
    }
}

/// How a room answers who has left it: nothing is to be said.
const LEFT: u16 = 1000;

/// What a room's word is on the socket. A room that ends for one document's sake ends that document; one that ends
/// because of the server or the connection ends the socket, so that the client comes back and merges.
fn relay((address, out): (Option<Address>, Outgoing)) -> Next {
    match (out, address) {
        (Outgoing::Frame(bytes), _) => Next::Write(Frame::Binary(bytes)),
        (Outgoing::Close(close), _) if close.code == LEFT => Next::Nothing,
        (Outgoing::Close(close), Some(address)) if close.code == Close::FORBIDDEN => {
            let message = Message::CloseDocument { reason: close.reason };
            Next::Write(Frame::Binary(encode_addressed(&address, &message)))
        }
        (Outgoing::Close(close), _) => Next::Close(close),
    }
}
