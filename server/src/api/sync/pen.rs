//! The writing side of a socket: straight into the connection, from whichever room or conversation has something, with
//! no task and no queue until the reader lags.

use std::{collections::VecDeque, io::IoSlice, sync::Arc};

use bytes::{Buf as _, Bytes};
use parking_lot::Mutex;
use tokio::{net::tcp::OwnedWriteHalf, sync::Notify, time::Instant};

use crate::{
    limits::SOCKET_BATCH_FRAMES_MAX,
    measure::meter,
    protocol::{Address, Close, Framed, Message, close_frame, encode_addressed},
    room::Outlet,
};

/// Cheap to clone. Never waits: what the connection does not take waits here, and the conversation sees to it.
#[derive(Clone)]
pub(super) struct Pen(Arc<Desk>);

struct Desk {
    page: Mutex<Page>,
    /// The connection takes no more for now, or nothing more is to be written.
    bell: Notify,
}

struct Page {
    /// `None`: the connection is gone, or was given up.
    stream: Option<OwnedWriteHalf>,
    /// What the connection has not taken, the first maybe in part.
    backlog: VecDeque<Bytes>,
    bytes: usize,
    /// When the connection last took something, while it takes no more.
    stuck: Option<Instant>,
    /// The goodbye is written: nothing follows.
    over: bool,
}

/// How things stand with the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// It takes what it is given.
    Flowing,
    /// It takes no more since then.
    Stuck(Instant),
    /// The goodbye is said, though it may still wait.
    Over,
    Gone,
}

impl Pen {
    pub(super) fn new(stream: OwnedWriteHalf) -> Self {
        let (stream, backlog) = (Some(stream), VecDeque::new());
        let page = Mutex::new(Page { stream, backlog, bytes: 0, stuck: None, over: false });
        Self(Arc::new(Desk { page, bell: Notify::new() }))
    }

    /// Writes whole frames, in order.
    pub(super) fn write(&self, frames: &[Framed]) {
        let mut page = self.0.page.lock();
        if page.is_open() {
            meter().frames.inc_by(frames.len() as u64);
            match frames {
                [frame] => page.put(frame.bytes().clone()),
                many => many.iter().for_each(|frame| page.push(frame.bytes().clone())),
            }
            self.go_on(&mut page);
        }
    }

    /// Writes bytes that are whole frames.
    pub(super) fn write_raw(&self, bytes: Bytes) {
        let mut page = self.0.page.lock();
        if page.is_open() {
            page.put(bytes);
            self.go_on(&mut page);
        }
    }

    /// Writes a goodbye, after which nothing is written. The first counts.
    pub(super) fn close(&self, close: &Close) {
        let mut page = self.0.page.lock();
        if page.is_open() {
            page.put(close_frame(close));
            page.over = true;
            self.go_on(&mut page);
            self.0.bell.notify_one();
        }
    }

    /// Writes what waits, as much as the connection takes now.
    pub(super) fn drain(&self) {
        if !self.0.page.lock().drained() {
            self.0.bell.notify_one();
        }
    }

    fn go_on(&self, page: &mut Page) {
        if page.stuck.is_none() && !page.drained() {
            self.0.bell.notify_one();
        }
    }

    /// Lets the connection go.
    pub(super) fn give_up(&self) {
        self.0.page.lock().break_off();
    }

    /// Bytes that wait for the reader.
    pub(super) fn waiting(&self) -> usize {
        self.0.page.lock().bytes
    }

    pub(super) fn state(&self) -> State {
        let page = self.0.page.lock();
        match (&page.stream, page.over, page.stuck) {
            (None, ..) => State::Gone,
            (_, true, _) => State::Over,
            (_, _, Some(since)) => State::Stuck(since),
            _ => State::Flowing,
        }
    }

    /// Waits until the state is no more `Flowing`, or may be.
    pub(super) async fn changed(&self) {
        self.0.bell.notified().await;
    }
}

impl Page {
    fn is_open(&self) -> bool {
        self.stream.is_some() && !self.over
    }

    fn push(&mut self, bytes: Bytes) {
        self.bytes += bytes.len();
        self.backlog.push_back(bytes);
    }

    /// The way of almost every frame: nothing waits, and the connection takes it whole.
    fn put(&mut self, mut bytes: Bytes) {
        if self.backlog.is_empty()
            && self.stuck.is_none()
            && let Some(stream) = &self.stream
        {
            match stream.try_write(&bytes) {
                Ok(taken) if taken == bytes.len() => return,
                Ok(taken) => bytes.advance(taken),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return self.break_off(),
            }
        }
        self.push(bytes);
    }

    /// `false`: the connection took no more before all was written, or is gone.
    fn drained(&mut self) -> bool {
        while !self.backlog.is_empty() {
            let Some(stream) = &self.stream else { return false };
            let slices: Vec<_> =
                self.backlog.iter().take(SOCKET_BATCH_FRAMES_MAX).map(|bytes| IoSlice::new(bytes)).collect();
            match stream.try_write_vectored(&slices) {
                Ok(taken) => {
                    self.stuck = None;
                    self.take_off(taken);
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    self.stuck.get_or_insert_with(Instant::now);
                    return false;
                }
                Err(_) => self.break_off(),
            }
        }
        self.stuck = None;
        self.stream.is_some()
    }

    fn take_off(&mut self, mut taken: usize) {
        self.bytes -= taken;
        while let Some(first) = self.backlog.front_mut() {
            if taken < first.len() {
                first.advance(taken);
                return;
            }
            taken -= first.len();
            self.backlog.pop_front();
        }
        self.backlog.shrink_to_fit();
    }

    fn break_off(&mut self) {
        self.stream = None;
        self.backlog = VecDeque::new();
        self.bytes = 0;
    }
}

/// A room's words for a document of the socket.
pub(super) struct Words {
    pub(super) pen: Pen,
    /// The document's address on this socket. `None`: the document is the socket's only one.
    pub(super) address: Option<Address>,
    pub(super) greeting: Option<Greeting>,
}

/// What goes before the first word of a room, and is said even when the room has none.
#[derive(Clone)]
pub(super) struct Greeting(Arc<Mutex<Option<Framed>>>);

impl Greeting {
    pub(super) fn new(frame: Framed) -> Self {
        Self(Arc::new(Mutex::new(Some(frame))))
    }

    /// Says it, once.
    pub(super) fn say(&self, pen: &Pen) {
        let frame = self.0.lock().take();
        frame.iter().for_each(|frame| pen.write(std::slice::from_ref(frame)));
    }
}

/// How a room answers who has left it: nothing is to be said.
const LEFT: u16 = 1000;

impl Outlet for Words {
    fn send(&mut self, frames: &[Framed]) {
        if let Some(greeting) = self.greeting.take() {
            greeting.say(&self.pen);
        }
        self.pen.write(frames);
    }

    fn waiting(&self) -> usize {
        self.pen.waiting()
    }

    /// A room that ends for one document's sake ends that document; one that ends because of the server or the
    /// connection ends the socket, so that the client comes back and merges.
    fn close(&mut self, close: Close) {
        match &self.address {
            _ if close.code == LEFT => {}
            Some(address) if close.code == Close::FORBIDDEN => {
                let message = Message::CloseDocument { reason: close.reason };
                self.pen.write(&[Framed::binary(encode_addressed(address, &message))]);
            }
            _ => self.pen.close(&close),
        }
    }
}
