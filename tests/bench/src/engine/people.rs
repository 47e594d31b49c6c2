//! Members: how they connect, what they say of themselves, and what they say to the server.

use std::net::TcpStream;

use anyhow::Context;
use rustix::event::epoll;
use socket2::{Domain, Socket, Type};

use super::{Conn, Engine, State, Writer};
use crate::{
    wire::{self, Dialect, Sync, opcode},
    yjs,
};

/// Microseconds between two cursor moves of one writer, as editors throttle them.
const CURSOR_EVERY_US: u32 = 200_000;
/// Awareness ids of members; away from those of writers.
const AWARE_FROM: u64 = 0x6000_0000;

impl Engine {
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
            grown: 0,
            bytes: 0,
            aware_clock: 0,
            moved: 0,
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

    pub(super) fn drop_conn(&mut self, number: usize) {
        if self.conns[number].state != State::Closed {
            self.leave(number);
            self.tally.closed += 1;
            self.lost.push(number);
        }
    }

    pub(super) fn opened(&mut self, number: usize, now: u32) {
        match self.dialect {
            Dialect::Broadcast => {
                self.conns[number].synced = Some(now);
                self.introduce(number);
            }
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

    /// The member's awareness state, as an editor sets it; a writer's has a cursor after its last letter.
    fn aware(&mut self, number: usize) {
        let conn = &mut self.conns[number];
        conn.aware_clock += 1;
        let room = &self.rooms[conn.room];
        let cursor = match conn.writer.and_then(|writer| room.writers.get(writer)) {
            Some(writer) if writer.clock > yjs::OPENING => {
                let item = format!("{{\"client\":{},\"clock\":{}}}", writer.client, writer.clock - 1);
                let text = format!("{{\"client\":{},\"clock\":1}}", writer.client);
                let place = format!("{{\"type\":{text},\"tname\":null,\"item\":{item},\"assoc\":0}}");
                format!("{{\"anchor\":{place},\"head\":{place}}}")
            }
            _ => "null".to_string(),
        };
        let state = format!(
            "{{\"user\":{{\"name\":\"Member {number}\",\"color\":\"#336699\"}},\"cursor\":{cursor}}}"
        );
        let mut payload = Vec::with_capacity(state.len() + 32);
        let client = AWARE_FROM + number as u64;
        wire::awareness(&mut payload, self.dialect, &room.document, client, conn.aware_clock, &state);
        self.send(number, opcode::BINARY, &payload);
    }

    /// What a member says of itself when its document is there.
    pub(super) fn introduce(&mut self, number: usize) {
        if self.awareness {
            self.aware(number);
        }
    }

    /// The cursor follows a keystroke, a few times a second.
    pub(super) fn move_cursor(&mut self, number: usize, now: u32) {
        if self.awareness && now.wrapping_sub(self.conns[number].moved) >= CURSOR_EVERY_US {
            self.conns[number].moved = now;
            self.aware(number);
        }
    }
}
