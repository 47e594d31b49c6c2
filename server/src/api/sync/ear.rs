//! The reading side of a socket: frames, and what else a conversation must hear of.

use std::{future::poll_fn, pin::Pin, task::Poll};

use bytes::Bytes;
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    sync::watch,
    time::{Instant, Sleep, sleep_until, timeout},
};

use super::{
    super::App,
    Present,
    frames::{Broken, Came},
    line::{Line, Over},
    pen::{Pen, State},
};
use crate::{
    limits::{OUTBOX_LAG_BYTES_MAX, PING_EVERY, SOCKET_LINGER_MAX, SOCKET_SILENCE_MAX, SOCKET_STALL_MAX},
    measure::meter,
    protocol::{Close, Framed, goodbye_frame, ping_frame, pong_frame},
};

/// What came.
pub(super) enum Heard {
    /// A binary frame.
    Frame(Bytes),
    /// Who was good may no longer be: look again.
    AccessChanged,
    /// The reader has taken all that waited for it.
    Drained,
    /// The server is stopping; rooms tell those who are in one.
    Stopping,
    /// The client broke the rules of the socket or went silent: close.
    Over(Close),
    /// A room has said goodbye.
    Told,
    /// The other end is gone.
    Gone,
}

/// Why a conversation ends.
pub(super) enum End {
    /// The other end is gone.
    Gone,
    /// The server has a reason.
    Close(Close),
    /// The room has ended, and has said why.
    Told,
}

impl End {
    /// Ends it.
    pub(super) async fn of(self, ear: Ear) {
        match self {
            Self::Gone => return,
            Self::Told => {}
            Self::Close(close) => {
                tracing::info!(code = close.code, reason = close.reason, "a socket was closed");
                ear.pen.close(&close);
            }
        }
        ear.linger().await;
    }
}

/// What happened, before it is looked at.
enum Event {
    Clock,
    /// Or the server is stopping.
    Access,
    Pen,
    Writable,
    Came(Result<Came, Over>),
}

/// The reading side of a socket, and the pen that writes to it.
pub(super) struct Ear {
    line: Line,
    pen: Pen,
    last_heard: Instant,
    /// Until when the client must have authenticated.
    deadline: Option<Instant>,
    changed: watch::Receiver<u64>,
    /// It was said that the server is stopping.
    stopping: bool,
    /// The next look at the times.
    clock: Pin<Box<Sleep>>,
    ping_at: Instant,
    /// Makes a message that changes nothing, in the socket's dialect: published clients reconnect when none came for
    /// 30 s, and a websocket ping is no message to them.
    keep_alive: Option<fn() -> Bytes>,
    present: Present,
}

impl Ear {
    /// Over a connection that has become a websocket; `before` was read of it already. It is read up to `bytes` until
    /// its allowance is lifted, and counted as present until it ends.
    pub(super) fn new(
        app: &App,
        stream: TcpStream,
        before: &[u8],
        (bytes, present): (usize, Present),
    ) -> Self {
        let (half, write) = stream.into_split();
        let mut changed = app.access.changed();
        if app.sockets.are_stopping() {
            // It may have been told before.
            changed.mark_changed();
        }
        let now = Instant::now();
        Self {
            line: Line::new(half, before, bytes),
            pen: Pen::new(write),
            last_heard: now,
            deadline: None,
            changed,
            stopping: false,
            clock: Box::pin(sleep_until(now + PING_EVERY)),
            ping_at: now + PING_EVERY,
            keep_alive: None,
            present,
        }
    }

    /// Sends this with each ping.
    pub(super) fn keep_alive_by(&mut self, message: fn() -> Bytes) {
        self.keep_alive = Some(message);
    }

    /// The client has this long to authenticate.
    pub(super) fn expect_by(&mut self, deadline: Instant) {
        self.deadline = Some(deadline);
        self.look_by(deadline);
    }

    /// The client has authenticated: from now on only silence ends its time.
    pub(super) fn trust(&mut self) {
        self.deadline = None;
        self.line.trust();
    }

    pub(super) const fn pen(&self) -> &Pen {
        &self.pen
    }

    fn look_by(&mut self, at: Instant) {
        if at < self.clock.deadline() {
            self.clock.as_mut().reset(at);
        }
    }

    /// Waits for the next thing.
    pub(super) async fn next(&mut self) -> Heard {
        loop {
            let event = self.event().await;
            if let Some(heard) = self.look(event) {
                return heard;
            }
        }
    }

    async fn event(&mut self) -> Event {
        let Self { line, pen, changed, clock, .. } = self;
        let pen = &*pen;
        let bytes = poll_fn(|cx| {
            let stuck = matches!(pen.state(), State::Stuck(_));
            if stuck && line.half().as_ref().poll_write_ready(cx).is_ready() {
                return Poll::Ready(Event::Writable);
            }
            line.poll(cx).map(Event::Came)
        });
        tokio::select! {
            // In this order: a flood of frames must not put off what ends the conversation.
            biased;
            () = clock.as_mut() => Event::Clock,
            Ok(()) = changed.changed() => Event::Access,
            () = pen.changed() => Event::Pen,
            event = bytes => event,
        }
    }

    fn look(&mut self, event: Event) -> Option<Heard> {
        match event {
            Event::Clock => self.look_at_times(),
            Event::Access if !self.stopping && self.present.0.are_stopping() => {
                self.stopping = true;
                Some(Heard::Stopping)
            }
            Event::Access => Some(Heard::AccessChanged),
            Event::Writable => {
                self.pen.drain();
                (self.pen.waiting() == 0).then_some(Heard::Drained).or_else(|| self.look_at_pen())
            }
            Event::Pen => self.look_at_pen(),
            Event::Came(came) => {
                self.last_heard = Instant::now();
                self.heard(came)
            }
        }
    }

    /// What that says; `None` for what is answered here (ping) or only shows life (pong).
    fn heard(&self, came: Result<Came, Over>) -> Option<Heard> {
        Some(match came {
            Ok(Came::Message(bytes)) => Heard::Frame(bytes),
            Ok(Came::Ping(bytes)) => {
                self.answer(|| pong_frame(bytes));
                return None;
            }
            Ok(Came::Pong) => return None,
            Ok(Came::Goodbye(bytes)) => {
                self.answer(|| goodbye_frame(bytes));
                Heard::Gone
            }
            Err(Over::Gone) => Heard::Gone,
            Err(Over::Broken(Broken::TooLarge)) => Heard::Over(Close::too_large()),
            Err(Over::Broken(Broken::Standard)) => Heard::Over(Close::malformed("not a websocket frame")),
            Err(Over::Broken(Broken::Text)) => {
                Heard::Over(Close::unsupported("only binary messages are understood here"))
            }
        })
    }

    /// Who pings and reads no answer gets none.
    fn answer(&self, frame: impl FnOnce() -> Bytes) {
        if self.pen.waiting() <= OUTBOX_LAG_BYTES_MAX {
            self.pen.write_raw(frame());
        }
    }

    fn look_at_pen(&mut self) -> Option<Heard> {
        match self.pen.state() {
            State::Flowing => None,
            State::Stuck(since) => {
                self.look_by(since + SOCKET_STALL_MAX);
                None
            }
            State::Over => Some(Heard::Told),
            State::Gone => Some(Heard::Gone),
        }
    }

    /// Tokens and sessions also end by their time, which nobody announces: each ping is a time to look.
    fn look_at_times(&mut self) -> Option<Heard> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| deadline <= now)
            || self.last_heard + SOCKET_SILENCE_MAX <= now
        {
            return Some(Heard::Over(Close::timed_out()));
        }
        let stuck_till = match self.pen.state() {
            State::Stuck(since) if since + SOCKET_STALL_MAX <= now => {
                meter().slow_readers.inc();
                tracing::info!("a reader has stalled for too long");
                self.pen.give_up();
                return Some(Heard::Gone);
            }
            State::Stuck(since) => Some(since + SOCKET_STALL_MAX),
            _ => None,
        };
        let pings = self.ping_at <= now;
        if pings {
            self.ping_at = now + PING_EVERY;
            self.pen.write_raw(ping_frame());
            self.keep_alive.iter().for_each(|message| self.pen.write(&[Framed::binary(message())]));
        }
        let next = [self.deadline, stuck_till].into_iter().flatten().fold(self.ping_at, Instant::min);
        self.clock.as_mut().reset(next);
        pings.then_some(Heard::AccessChanged)
    }

    /// Reads on until the other end has closed too: a connection that is closed over unread bytes is reset, and the
    /// goodbye lost with it.
    async fn linger(mut self) {
        let last = async {
            while self.pen.state() != State::Gone && self.pen.waiting() > 0 {
                // An error shows when it is written.
                let _ = self.line.half().as_ref().writable().await;
                self.pen.drain();
            }
            // The other end sees that nothing follows.
            self.pen.give_up();
            let mut scratch = [0; 256];
            while self.line.half().read(&mut scratch).await.is_ok_and(|read| read > 0) {}
        };
        if self.pen.state() != State::Gone {
            let _ = timeout(SOCKET_LINGER_MAX, last).await;
        }
    }
}

impl Drop for Ear {
    /// Rooms may hold the pen for a moment longer.
    fn drop(&mut self) {
        self.pen.give_up();
    }
}
