//! The reading side of a socket: frames, and what else a conversation must hear of.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream::SplitStream};
use tokio::{
    sync::watch,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until},
};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{super::App, upgrade::Socket};
use crate::{
    limits::{PING_EVERY, SOCKET_SILENCE_MAX},
    protocol::Close,
};

/// What came.
pub(super) enum Heard {
    /// A binary frame.
    Frame(Bytes),
    /// Who was good may no longer be: look again.
    AccessChanged,
    /// The server is stopping; rooms tell those who are in one.
    Stopping,
    /// The client broke the rules of the socket or went silent: close.
    Over(Close),
    /// The other end is gone.
    Gone,
}

/// The reading side of a socket.
pub(super) struct Ear {
    stream: SplitStream<Socket>,
    last_heard: Instant,
    /// Until when the client must have authenticated.
    deadline: Option<Instant>,
    changed: watch::Receiver<u64>,
    stopping: Option<watch::Receiver<bool>>,
    /// Tokens and sessions also end by their time, which nobody announces.
    again: Interval,
}

impl Ear {
    pub(super) fn new(app: &App, stream: SplitStream<Socket>, deadline: Option<Instant>) -> Self {
        let now = Instant::now();
        let mut again = interval_at(now + PING_EVERY, PING_EVERY);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stopping = Some(app.sockets.stopping());
        Self { stream, last_heard: now, deadline, changed: app.access.changed(), stopping, again }
    }

    /// The client has authenticated: from now on only silence ends its time.
    pub(super) fn trust(&mut self) {
        self.deadline = None;
    }

    /// Waits for the next thing.
    pub(super) async fn next(&mut self) -> Heard {
        loop {
            let silent = self.last_heard + SOCKET_SILENCE_MAX;
            let end = self.deadline.map_or(silent, |deadline| deadline.min(silent));
            tokio::select! {
                // In this order: a flood of frames must not put off what ends the conversation.
                biased;
                () = sleep_until(end) => return Heard::Over(Close::timed_out()),
                Ok(()) = self.changed.changed() => return Heard::AccessChanged,
                () = stop(self.stopping.as_mut()) => {
                    self.stopping = None;
                    return Heard::Stopping;
                }
                _ = self.again.tick() => return Heard::AccessChanged,
                message = self.stream.next() => {
                    self.last_heard = Instant::now();
                    if let Some(heard) = heard(message) {
                        return heard;
                    }
                }
            }
        }
    }

    pub(super) fn into_stream(self) -> SplitStream<Socket> {
        self.stream
    }
}

/// Resolves once the server stops.
async fn stop(stopping: Option<&mut watch::Receiver<bool>>) {
    if let Some(stopping) = stopping
        && stopping.wait_for(|stop| *stop).await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// What a websocket message says; `None` for what tungstenite answers by itself at the next read (ping, close) or
/// what only shows life (pong).
fn heard(message: Option<Result<Message, Error>>) -> Option<Heard> {
    Some(match message {
        Some(Ok(Message::Binary(bytes))) => Heard::Frame(bytes),
        Some(Ok(Message::Text(_))) => {
            Heard::Over(Close::unsupported("only binary messages are understood here"))
        }
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_))) => return None,
        None => Heard::Gone,
        Some(Err(Error::Capacity(_))) => Heard::Over(Close::too_large()),
        Some(Err(Error::Protocol(_) | Error::Utf8(_))) => {
            Heard::Over(Close::malformed("not a websocket frame"))
        }
        Some(Err(Error::Io(error))) if error.kind() == std::io::ErrorKind::QuotaExceeded => {
            Heard::Over(Close::too_large())
        }
        Some(Err(_)) => Heard::Gone,
    })
}
