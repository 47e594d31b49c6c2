//! The load generator: one thread, one epoll set, thousands of sockets. It keeps no documents: a keystroke is encoded
//! by hand, and what arrives is counted by the clocks in it.

mod socket;
mod tally;

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    net::{SocketAddr, TcpStream},
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::event::{Timespec, epoll};
use socket2::{Domain, Socket, Type};

use tally::Tally;

use crate::{
    chance::Chance,
    wire::{self, Dialect, Heard, Sync, opcode},
    yjs::{self, OPENING, Spot},
};

/// What one `read` takes at most.
const SCRATCH_BYTES: usize = 256 * 1024;
/// A client whose join failed tries again after about so long.
const RETRY_MS: u64 = 500;
/// Keystrokes sent between two looks at what has come.
const DUE_MAX: usize = 64;
/// Unsent bytes at which a writer stops typing, as an editor's socket would.
const BACKLOG_BYTES_MAX: usize = 1024 * 1024;

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
    /// Bytes read.
    pub bytes: u64,
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

    /// Adds someone to a room; with `rate`, a writer of so many keystrokes a second. Their number.
    pub fn join(&mut self, room: usize, rate: Option<f64>) -> anyhow::Result<usize> {
        let number = self.conns.len();
        let place = &mut self.rooms[room];
        place.members.push(number);
        let writer = rate.map(|rate| {
            place.writers.push(Writer {
                conn: number,
                client: yjs::client_id(place.writers.len()),
                clock: 0,
                sent: Vec::new(),
                every: (1e9 / rate) as u64,
            });
            place.writers.len() - 1
        });
        self.conns.push(Conn {
            stream: None,
            state: State::Closed,
            room,
            writer,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            fragments: Vec::new(),
            seen: Vec::new(),
            began: 0,
            synced: None,
            bytes: 0,
        });
        self.connect(number)?;
        Ok(number)
    }

    /// Connects (again), keeping what this member has seen.
    pub fn connect(&mut self, number: usize) -> anyhow::Result<()> {
        let socket = Socket::new(Domain::for_address(self.address), Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Err(error) = socket.connect(&self.address.into())
            && error.raw_os_error() != Some(rustix::io::Errno::INPROGRESS.raw_os_error())
        {
            return Err(error).context("connecting to the server");
        }
        let stream = TcpStream::from(socket);
        let both = epoll::EventFlags::IN | epoll::EventFlags::OUT;
        epoll::add(&self.epoll, &stream, epoll::EventData::new_u64(number as u64), both)?;
        let began = self.now();
        let conn = &mut self.conns[number];
        conn.stream = Some(stream);
        conn.state = State::Connecting;
        conn.began = began;
        conn.synced = None;
        conn.incoming.clear();
        conn.outgoing.clear();
        conn.fragments.clear();
        Ok(())
    }

    /// Ends a member's socket without a word.
    pub fn leave(&mut self, number: usize) {
        let conn = &mut self.conns[number];
        conn.stream = None;
        conn.state = State::Closed;
    }

    fn drop_conn(&mut self, number: usize) {
        if self.conns[number].state != State::Closed {
            self.leave(number);
            self.tally.closed += 1;
            self.lost.push(number);
        }
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
            self.press(room, writer, due)?;
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

    fn opened(&mut self, number: usize, now: u32) {
        match self.dialect {
            Dialect::Broadcast => self.conns[number].synced = Some(now),
            Dialect::Plain => self.ask(number),
            Dialect::Addressed => {
                let room = &self.rooms[self.conns[number].room];
                let mut payload = Vec::new();
                wire::token(&mut payload, &room.document, &room.token);
                self.send(number, opcode::BINARY, &payload);
            }
        }
    }

    /// Sends sync step 1: what this member has.
    pub fn ask(&mut self, number: usize) {
        let conn = &self.conns[number];
        let writers = &self.rooms[conn.room].writers;
        let mut known: Vec<_> =
            writers.iter().zip(&conn.seen).map(|(writer, clock)| (writer.client, *clock)).collect();
        if let Some(own) = conn.writer {
            known.resize_with(known.len().max(own + 1), Default::default);
            known[own] = (writers[own].client, writers[own].clock);
        }
        known.retain(|(_, clock)| *clock > 0);
        let vector = yjs::state_vector(&known);
        self.say(number, Sync::Ask, &vector);
    }

    /// Sends a sync message about the member's document.
    pub fn say(&mut self, number: usize, kind: Sync, content: &[u8]) {
        let document = &self.rooms[self.conns[number].room].document;
        let mut payload = Vec::with_capacity(content.len() + document.len() + 16);
        wire::sync(&mut payload, self.dialect, document, kind, content);
        self.send(number, opcode::BINARY, &payload);
    }

    fn hear(&mut self, number: usize, payload: &[u8], now: u32) -> anyhow::Result<()> {
        let Some(heard) = wire::read(self.dialect, payload) else {
            self.tally.unread += 1;
            return Ok(());
        };
        match heard {
            // The generator's members have nothing that the server lacks.
            Heard::Ask => self.say(number, Sync::Answer, &[0, 0]),
            Heard::Admitted => self.ask(number),
            Heard::Denied => bail!("the server refuses the token"),
            Heard::Update(update) => self.see(number, update, now, true),
            Heard::Answer(update) => {
                self.see(number, update, now, false);
                self.conns[number].synced.get_or_insert(now);
            }
            Heard::Other => {}
        }
        Ok(())
    }

    /// Counts what an update brings to a member.
    fn see(&mut self, number: usize, update: &[u8], now: u32, live: bool) {
        let conn = &mut self.conns[number];
        let writers = &self.rooms[conn.room].writers;
        let tally = &mut self.tally;
        let (from, until) = tally.window;
        let counts = (from..until).contains(&now);
        tally.frames += u64::from(live && counts);
        let own = conn.writer;
        let read = yjs::runs(update, |client, start, end| {
            let Some(writer) = yjs::writer_of(client) else { return };
            if Some(writer) == own {
                return;
            }
            if conn.seen.len() <= writer {
                conn.seen.resize(writer + 1, 0);
            }
            let seen = &mut conn.seen[writer];
            tally.gaps += u64::from(start.saturating_sub(*seen));
            let first = start.max(*seen);
            if end <= first {
                return;
            }
            *seen = end;
            let Some(writer) = writers.get(writer) else { return };
            for clock in first.max(OPENING)..end {
                tally.delivered += u64::from(counts);
                if let Some(&sent) = writer.sent.get((clock - OPENING) as usize)
                    && (from..until).contains(&sent)
                {
                    tally.latency.push(now - sent);
                }
            }
        });
        tally.unread += u64::from(read.is_none());
    }

    /// Each writer makes its paragraph. Done when everybody has all of them.
    pub fn open_paragraphs(&mut self) -> anyhow::Result<()> {
        for room in 0..self.rooms.len() {
            for writer in 0..self.rooms[room].writers.len() {
                let one = &mut self.rooms[room].writers[writer];
                let (conn, client) = (one.conn, one.client);
                one.clock = OPENING;
                let mut update = Vec::new();
                yjs::paragraph(&mut update, client, 0, None);
                self.say(conn, Sync::Update, &update);
            }
        }
        if !self.until(Duration::from_secs(30), |engine| engine.all_seen(OPENING))? {
            bail!("not everybody got the paragraphs ({} sockets closed)", self.tally.closed);
        }
        Ok(())
    }

    /// Whether every member has the clocks below `end` of all other writers of their room.
    pub fn all_seen(&self, end: u32) -> bool {
        self.conns.iter().all(|conn| {
            let others =
                (0..self.rooms[conn.room].writers.len()).filter(|writer| Some(*writer) != conn.writer);
            others.into_iter().all(|writer| conn.seen.get(writer).is_some_and(|seen| *seen >= end))
        })
    }

    /// The clock after what a member has of a writer.
    pub fn seen(&self, number: usize, writer: usize) -> u32 {
        self.conns[number].seen.get(writer).copied().unwrap_or(0)
    }

    /// When a writer of the first room sent this clock, in microseconds of the engine's time.
    pub fn sent_at(&self, writer: usize, clock: u32) -> Option<u32> {
        let sent = &self.rooms.first()?.writers.get(writer)?.sent;
        sent.get(clock.checked_sub(OPENING)? as usize).copied()
    }

    /// Writers start to type, each at a phase drawn from `seed`.
    pub fn start_typing(&mut self, seed: u64) {
        let now = self.began.elapsed().as_nanos() as u64;
        let mut chance = Chance(seed);
        for room in 0..self.rooms.len() {
            for writer in 0..self.rooms[room].writers.len() {
                let every = self.rooms[room].writers[writer].every;
                self.agenda.push(Reverse((now + chance.below(every), room, writer)));
            }
        }
    }

    /// Writers stop.
    pub fn stop_typing(&mut self) {
        self.agenda.clear();
    }

    /// Counts anew, what is sent and arrives from now on for so long.
    pub fn measure(&mut self, time: Duration) {
        let from = self.now();
        self.tally = Tally { window: (from, from + time.as_micros() as u32), ..Tally::default() };
    }

    fn press(&mut self, room: usize, writer: usize, due: u64) -> anyhow::Result<()> {
        let now = self.now();
        let members = self.rooms[room].members.len() as u64;
        let one = &mut self.rooms[room].writers[writer];
        let counts = (self.tally.window.0..self.tally.window.1).contains(&now);
        if self.conns[one.conn].outgoing.len() > BACKLOG_BYTES_MAX
            || self.conns[one.conn].state != State::Open
        {
            self.tally.stalled += u64::from(counts);
            return Ok(());
        }
        let (conn, clock) = (one.conn, one.clock);
        let left = (clock > OPENING).then(|| clock - 1);
        let mut update = Vec::with_capacity(32);
        let spot = Spot { left, right: None, text: 1 };
        yjs::key(&mut update, one.client, clock, spot, yjs::letter(clock - OPENING));
        one.clock += 1;
        one.sent.push(now);
        if counts {
            self.tally.sent += 1;
            self.tally.owed += members - 1;
            self.tally.late.push(now.saturating_sub((due / 1000) as u32));
        }
        self.say(conn, Sync::Update, &update);
        Ok(())
    }
}
