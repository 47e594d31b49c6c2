//! The load generator: one thread, one epoll set, thousands of sockets. It keeps no documents: a keystroke is encoded
//! by hand, and what arrives is counted by the clocks in it.

mod hear;
mod people;
mod socket;
mod tally;
mod typing;

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    net::{SocketAddr, TcpStream},
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use anyhow::bail;
use rustix::event::{Timespec, epoll};

use tally::Tally;

use crate::{chance::Chance, wire::Dialect, yjs::OPENING};

/// What one `read` takes at most.
const SCRATCH_BYTES: usize = 256 * 1024;
/// A client whose join failed tries again after about so long.
const RETRY_MS: u64 = 500;
/// Keystrokes sent between two looks at what has come.
const DUE_MAX: usize = 64;

/// A document and the people at it.
#[derive(Default)]
pub struct Room {
    /// Path and query of the socket.
    pub path: String,
    /// Its name in the Hocuspocus dialect.
    pub document: String,
    /// The token shown in the Hocuspocus dialect.
    pub token: String,
    writers: Vec<Writer>,
    members: Vec<usize>,
}

impl Room {
    /// A document with nobody there.
    pub fn new(path: String, document: &str, token: &str) -> Self {
        Self { path, document: document.to_string(), token: token.to_string(), ..Self::default() }
    }

    /// The same document, with nobody there.
    pub fn again(&self) -> Self {
        Self::new(self.path.clone(), &self.document, &self.token)
    }
}

/// Someone who types at the end of their own paragraph.
struct Writer {
    conn: usize,
    client: u64,
    /// The next clock.
    clock: u32,
    /// When each keystroke was sent, in microseconds of the engine's time; index 0 is clock `OPENING`.
    sent: Vec<u32>,
    /// Nanoseconds between keystrokes.
    every: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Connecting,
    Upgrading,
    Open,
    Closed,
}

/// One socket.
pub struct Conn {
    stream: Option<TcpStream>,
    state: State,
    room: usize,
    writer: Option<usize>,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    fragments: Vec<u8>,
    /// For each writer of the room, the clock after what has arrived here.
    seen: Vec<u32>,
    /// When the connect began and when the document was there, in microseconds of the engine's time.
    pub began: u32,
    /// See `began`.
    pub synced: Option<u32>,
    /// When it last got text, in microseconds of the engine's time.
    pub grown: u32,
    /// Bytes read.
    pub bytes: u64,
    /// The clock of its awareness state.
    aware_clock: u64,
    /// When its cursor last moved, in microseconds of the engine's time.
    moved: u32,
}

/// See the module.
pub struct Engine {
    /// Where the server listens.
    pub address: SocketAddr,
    dialect: Dialect,
    epoll: OwnedFd,
    events: Vec<epoll::Event>,
    scratch: Vec<u8>,
    began: Instant,
    /// Writers' next keystrokes: time in nanoseconds, room, writer.
    agenda: BinaryHeap<Reverse<(u64, usize, usize)>>,
    mask: u32,
    /// What is said waits for `uncork`, so that many frames go out in one write.
    corked: bool,
    /// Whether text that comes is compared with what writers type.
    pub proofreads: bool,
    /// Whether members say who they are and where their cursor is, as editors do.
    pub awareness: bool,
    /// All sockets, by number.
    pub conns: Vec<Conn>,
    /// All rooms, by number.
    pub rooms: Vec<Room>,
    /// What is counted.
    pub tally: Tally,
    /// Sockets that closed since somebody last looked.
    pub lost: Vec<usize>,
}

impl Engine {
    /// A generator for a server at `address`.
    pub fn new(address: SocketAddr, dialect: Dialect, rooms: Vec<Room>) -> anyhow::Result<Self> {
        Ok(Self {
            address,
            dialect,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            events: Vec::with_capacity(1024),
            scratch: vec![0; SCRATCH_BYTES],
            began: Instant::now(),
            agenda: BinaryHeap::new(),
            mask: 0x3c5a_96e1,
            corked: false,
            proofreads: false,
            awareness: false,
            conns: Vec::new(),
            rooms,
            tally: Tally::default(),
            lost: Vec::new(),
        })
    }

    /// Microseconds of the engine's time.
    pub fn now(&self) -> u32 {
        self.began.elapsed().as_micros() as u32
    }

    /// Whether all sockets have their document.
    pub fn all_synced(&self) -> bool {
        self.conns.iter().all(|conn| conn.synced.is_some())
    }

    /// Turns until all have their document; who was turned away tries again. How many times somebody was.
    pub fn gather(&mut self, most: Duration) -> anyhow::Result<u64> {
        let (end, mut failed) = (Instant::now() + most, 0);
        let mut waiting: Vec<(Instant, usize)> = Vec::new();
        let mut chance = Chance(self.conns.len() as u64);
        while !self.all_synced() {
            if Instant::now() > end {
                let missing = self.conns.iter().filter(|conn| conn.synced.is_none()).count();
                bail!("{missing} clients had no document after {most:?} ({failed} failed joins)");
            }
            self.turn(Duration::from_millis(20))?;
            for number in std::mem::take(&mut self.lost) {
                failed += 1;
                let pause = Duration::from_millis(RETRY_MS / 2 + chance.below(RETRY_MS));
                waiting.push((Instant::now() + pause, number));
            }
            let now = Instant::now();
            for (_, number) in waiting.extract_if(.., |(due, _)| *due <= now).collect::<Vec<_>>() {
                self.connect(number)?;
            }
        }
        Ok(failed)
    }

    /// Turns until `done` or until the time is over; `Ok(false)` for the latter.
    pub fn until(&mut self, most: Duration, mut done: impl FnMut(&mut Self) -> bool) -> anyhow::Result<bool> {
        let end = Instant::now() + most;
        while !done(self) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            self.turn(left.min(Duration::from_millis(20)))?;
        }
        Ok(true)
    }

    /// Types what is due, then handles what has come, waiting at most `most` for it.
    pub fn turn(&mut self, most: Duration) -> anyhow::Result<()> {
        let mut now = self.began.elapsed().as_nanos() as u64;
        // So many at a time, so that a generator that is late still reads.
        for _ in 0..DUE_MAX {
            let Some(&Reverse((due, room, writer))) = self.agenda.peek() else { break };
            if due > now {
                break;
            }
            self.agenda.pop();
            self.press(room, writer, due);
            let every = self.rooms[room].writers[writer].every;
            self.agenda.push(Reverse((due + every, room, writer)));
            now = self.began.elapsed().as_nanos() as u64;
        }
        let next = self.agenda.peek().map_or(u64::MAX, |next| next.0.0.saturating_sub(now));
        let wait = most.min(Duration::from_nanos(next));
        let wait = Timespec { tv_sec: wait.as_secs() as i64, tv_nsec: i64::from(wait.subsec_nanos()) };
        self.events.clear();
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.events), Some(&wait)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let events = std::mem::take(&mut self.events);
        for event in &events {
            // Copied: the kernel's struct is packed.
            let (flags, data) = (event.flags, event.data);
            let number = data.u64() as usize;
            if flags.contains(epoll::EventFlags::OUT) {
                self.writable(number);
            }
            let ends = epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ERR;
            if flags.intersects(ends) {
                self.readable(number)?;
            }
        }
        self.events = events;
        Ok(())
    }
}
