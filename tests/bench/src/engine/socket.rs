//! Bytes in and out of one socket of the generator: handshake, frames, what a full socket leaves over.

use std::io::{ErrorKind, Read, Write};

use rustix::event::epoll;

use super::{Engine, State};
use crate::wire::{self, opcode};

impl Engine {
    fn watch(&mut self, number: usize, writing: bool) {
        let flags =
            if writing { epoll::EventFlags::IN | epoll::EventFlags::OUT } else { epoll::EventFlags::IN };
        if let Some(stream) = &self.conns[number].stream {
            let done = epoll::modify(&self.epoll, stream, epoll::EventData::new_u64(number as u64), flags);
            if done.is_err() {
                self.drop_conn(number);
            }
        }
    }

    pub(super) fn writable(&mut self, number: usize) {
        if self.conns[number].state == State::Connecting {
            let failed = match &self.conns[number].stream {
                Some(stream) => !matches!(stream.take_error(), Ok(None)),
                None => return,
            };
            if failed {
                return self.drop_conn(number);
            }
            let room = &self.rooms[self.conns[number].room];
            let request = wire::request(&self.address.to_string(), &room.path);
            self.conns[number].state = State::Upgrading;
            self.conns[number].outgoing.extend_from_slice(request.as_bytes());
        }
        let conn = &mut self.conns[number];
        let Some(stream) = &mut conn.stream else { return };
        match stream.write(&conn.outgoing) {
            Ok(n) => drop(conn.outgoing.drain(..n)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return self.drop_conn(number),
        }
        if self.conns[number].outgoing.is_empty() {
            self.watch(number, false);
        }
    }

    pub(super) fn readable(&mut self, number: usize) -> anyhow::Result<()> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let result = loop {
            let Some(stream) = &mut self.conns[number].stream else { break Ok(()) };
            match stream.read(&mut scratch) {
                Ok(0) => {
                    self.drop_conn(number);
                    break Ok(());
                }
                Ok(n) => {
                    if let Err(error) = self.take_bytes(number, &scratch[..n]) {
                        break Err(error);
                    }
                    if n < scratch.len() {
                        break Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break Ok(()),
                Err(_) => {
                    self.drop_conn(number);
                    break Ok(());
                }
            }
        };
        self.scratch = scratch;
        result
    }

    /// Handles bytes that came; an incomplete frame's are kept.
    fn take_bytes(&mut self, number: usize, bytes: &[u8]) -> anyhow::Result<()> {
        let now = self.now();
        self.conns[number].bytes += bytes.len() as u64;
        if self.conns[number].incoming.is_empty() {
            let used = self.take_frames(number, bytes, now)?;
            self.conns[number].incoming.extend_from_slice(&bytes[used..]);
        } else {
            let mut all = std::mem::take(&mut self.conns[number].incoming);
            all.extend_from_slice(bytes);
            let used = self.take_frames(number, &all, now)?;
            all.drain(..used);
            self.conns[number].incoming = all;
        }
        Ok(())
    }

    fn take_frames(&mut self, number: usize, bytes: &[u8], now: u32) -> anyhow::Result<usize> {
        let mut at = 0;
        if self.conns[number].state == State::Upgrading {
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(0) };
            if !bytes.starts_with(b"HTTP/1.1 101") {
                if std::env::var_os("BENCH_VERBOSE").is_some() {
                    eprintln!("{}", String::from_utf8_lossy(&bytes[..end]));
                }
                self.drop_conn(number);
                return Ok(bytes.len());
            }
            at = end + 4;
            self.conns[number].state = State::Open;
            self.opened(number, now);
        }
        while let Some(head) = wire::head(&bytes[at..]) {
            let payload = &bytes[at + head.start..at + head.end];
            at += head.end;
            match head.opcode {
                opcode::PING => self.send(number, opcode::PONG, payload),
                opcode::CLOSE => {
                    if std::env::var_os("BENCH_VERBOSE").is_some() {
                        eprintln!(
                            "closed: {}",
                            String::from_utf8_lossy(payload.get(2..).unwrap_or_default())
                        );
                    }
                    self.drop_conn(number);
                    return Ok(bytes.len());
                }
                opcode::BINARY if head.last => self.hear(number, payload, now)?,
                opcode::BINARY | opcode::MORE => {
                    self.conns[number].fragments.extend_from_slice(payload);
                    if head.last {
                        let whole = std::mem::take(&mut self.conns[number].fragments);
                        self.hear(number, &whole, now)?;
                    }
                }
                _ => {}
            }
        }
        Ok(at)
    }

    /// Keeps back what is said from now on.
    pub fn cork(&mut self) {
        self.corked = true;
    }

    /// Sends what was kept back for this member, in as few writes as the socket takes.
    pub fn uncork(&mut self, number: usize) {
        self.corked = false;
        if !self.conns[number].outgoing.is_empty() {
            self.watch(number, true);
        }
    }

    pub(super) fn send(&mut self, number: usize, opcode: u8, payload: &[u8]) {
        self.mask = self.mask.rotate_left(7).wrapping_add(0x9e37_79b9);
        let conn = &mut self.conns[number];
        let Some(stream) = &mut conn.stream else { return };
        let mut bytes = Vec::with_capacity(payload.len() + 14);
        wire::frame(&mut bytes, opcode, payload, self.mask);
        let mut sent = 0;
        if self.corked {
            conn.outgoing.extend_from_slice(&bytes);
            return;
        }
        if conn.outgoing.is_empty() && conn.state == State::Open {
            match stream.write(&bytes) {
                Ok(n) => sent = n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return self.drop_conn(number),
            }
        }
        if sent < bytes.len() {
            self.conns[number].outgoing.extend_from_slice(&bytes[sent..]);
            self.watch(number, true);
        }
    }
}
