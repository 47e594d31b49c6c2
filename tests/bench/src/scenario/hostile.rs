//! Malformed frames, ten thousand a second, beside people who work.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{Figures, Scale, figures, typing};
use crate::{
    chance::Chance,
    engine::Room,
    kind::Kind,
    machine,
    target::Setup,
    wire::{self, Dialect, opcode},
    yjs::{self, Spot, put_bytes},
};

const SHAPE: typing::Shape = typing::Shape { rooms: 5, clients: 5, writers: 2, rate: 5.0 };
/// Malformed frames a second.
const FRAMES_PER_S: u64 = 10_000;
/// Frames of one write.
const BURST: u64 = 20;
/// Sockets of the attacker. A server that closes a socket at its first malformed frame sees a new one at once.
const SOCKETS: usize = 20;

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale, seed: u64) -> anyhow::Result<Figures> {
    let mut running = setup.start(kind, dir)?;
    let (mut engine, _) = typing::assemble(&running, SHAPE)?;
    engine.start_typing(seed);
    engine.until(Duration::from_secs(2), |_| false)?;
    let mut calm = typing::measure(&mut engine, &running, 5.0)?.figures();
    let before = machine::rss_kib(running.pid());
    let (pid, tenth) = (running.pid(), Duration::from_secs_f64(scale.hostile_seconds / 10.0));

    let target = Arc::new(Attack {
        address: running.address,
        dialect: kind.dialect(),
        place: engine.rooms.first().context("a room")?.again(),
        seconds: scale.hostile_seconds,
        frames: AtomicU64::new(0),
        sockets: AtomicU64::new(0),
    });
    let attacker = std::thread::spawn({
        let target = target.clone();
        move || target.run(seed)
    });
    // What the server makes ready for the attacker's sockets is not growth.
    let early = std::thread::spawn(move || {
        std::thread::sleep(tenth);
        machine::rss_kib(pid)
    });
    engine.start_typing(seed);
    let done = typing::measure(&mut engine, &running, scale.hostile_seconds);
    attacker.join().map_err(|_| anyhow::anyhow!("the attacker failed"))??;
    let early = early.join().unwrap_or(f64::NAN);
    let died = !running.runs();
    let mut under = if died { Figures::new() } else { done?.figures() };
    let after = if died { f64::NAN } else { machine::rss_kib(running.pid()) };
    let take = |figures: &mut Figures, name: &str| figures.remove(name).unwrap_or(f64::NAN);
    Ok(figures([
        ("restarts", f64::from(u8::from(died))),
        ("p99_calm_ms", take(&mut calm, "p99_ms")),
        ("p99_under_fire_ms", take(&mut under, "p99_ms")),
        ("lost", take(&mut under, "lost")),
        ("honest_closed", take(&mut under, "closed")),
        ("server_cpu_percent", take(&mut under, "server_cpu_percent")),
        ("rss_before_mib", before / 1024.0),
        ("rss_early_mib", early / 1024.0),
        ("rss_after_mib", after / 1024.0),
        ("rss_after_to_early", after / early),
        ("frames_per_s", target.frames.load(Ordering::Relaxed) as f64 / scale.hostile_seconds),
        ("attacker_sockets", target.sockets.load(Ordering::Relaxed) as f64),
    ]))
}

/// Reads away what the server says; whether it has ended the socket or said goodbye.
fn is_over(socket: &mut TcpStream, trash: &mut [u8]) -> bool {
    loop {
        match socket.read(trash) {
            Ok(0) => return true,
            Ok(n) if says_goodbye(&trash[..n]) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

/// Whether a close frame is among these frames.
fn says_goodbye(mut bytes: &[u8]) -> bool {
    while let Some(head) = wire::head(bytes) {
        if head.opcode == opcode::CLOSE {
            return true;
        }
        bytes = &bytes[head.end..];
    }
    false
}

struct Attack {
    address: SocketAddr,
    dialect: Dialect,
    place: Room,
    seconds: f64,
    frames: AtomicU64,
    sockets: AtomicU64,
}

impl Attack {
    /// Writes frames at the rate for the time.
    fn run(&self, seed: u64) -> anyhow::Result<()> {
        let mut chance = Chance(seed ^ 0xbad);
        let mut sockets: Vec<Option<TcpStream>> = (0..SOCKETS).map(|_| None).collect();
        let (began, mut burst) = (Instant::now(), 0u64);
        let mut trash = vec![0; 64 * 1024];
        while began.elapsed().as_secs_f64() < self.seconds {
            let due = Duration::from_micros(burst * BURST * 1_000_000 / FRAMES_PER_S);
            let early = due.saturating_sub(began.elapsed());
            std::thread::sleep(early.min(Duration::from_millis(50)));
            let slot = &mut sockets[burst as usize % SOCKETS];
            burst += 1;
            if slot.as_mut().is_some_and(|socket| is_over(socket, &mut trash)) {
                *slot = None;
            }
            if slot.is_none() {
                *slot = self.connect().ok();
            }
            let Some(socket) = slot else { continue };
            let mut bytes = Vec::new();
            for _ in 0..BURST {
                let kind = if chance.below(20) == 0 { opcode::TEXT } else { opcode::BINARY };
                wire::frame(&mut bytes, kind, &self.malformed(&mut chance), chance.next() as u32);
            }
            match socket.write(&bytes) {
                Ok(n) => {
                    self.frames.fetch_add(BURST * n as u64 / bytes.len() as u64, Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => *slot = None,
            }
        }
        ensure!(self.frames.load(Ordering::Relaxed) > 0, "no malformed frame went out");
        Ok(())
    }

    /// A socket after the handshake (and the token).
    fn connect(&self) -> anyhow::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.set_nodelay(true)?;
        stream.write_all(wire::request(&self.address.to_string(), &self.place.path).as_bytes())?;
        let mut answer = [0; 4096];
        let n = stream.read(&mut answer)?;
        ensure!(answer[..n].starts_with(b"HTTP/1.1 101"), "no upgrade");
        if self.dialect == Dialect::Addressed {
            let (mut payload, mut bytes) = (Vec::new(), Vec::new());
            wire::token(&mut payload, &self.place.document, &self.place.token);
            wire::frame(&mut bytes, opcode::BINARY, &payload, 1);
            stream.write_all(&bytes)?;
        }
        stream.set_nonblocking(true)?;
        self.sockets.fetch_add(1, Ordering::Relaxed);
        Ok(stream)
    }

    /// One frame that no honest client sends. None of them is known to crash a Yjs library.
    fn malformed(&self, chance: &mut Chance) -> Vec<u8> {
        let mut out = Vec::new();
        if self.dialect == Dialect::Addressed {
            put_bytes(&mut out, self.place.document.as_bytes());
        }
        let client = 1 + chance.below(1 << 31);
        let mut update = Vec::new();
        match chance.below(8) {
            // Noise.
            0 => {
                out.extend((0..40).map(|_| chance.next() as u8));
                return out;
            }
            // A message type that does not exist.
            1 => {
                out.extend([99, 1, 2, 3]);
                return out;
            }
            // A length far beyond the frame.
            2 => {
                out.extend([0, 2, 0xff, 0xff, 0xff, 0x7f, 1]);
                return out;
            }
            // Awareness that is none.
            3 => {
                out.extend([1, 4, 0xff, 0xff, 0xff, 0xff]);
                return out;
            }
            // An update that was cut.
            4 => {
                yjs::paragraph(&mut update, client, 0, None);
                update.truncate(update.len() / 2);
            }
            // A count far beyond the update.
            5 => update.extend([0xff, 0xff, 0x7f, 1]),
            // Text that is no UTF-8.
            6 => {
                yjs::insert(
                    &mut update,
                    client,
                    0,
                    Spot { left: None, right: None, text: 0 },
                    b"\xff\xfe\xfd",
                );
            }
            // A state vector where an update should be.
            _ => update = yjs::state_vector(&[(client, 7), (client + 1, 9)]),
        }
        out.extend([0, 2]);
        put_bytes(&mut out, &update);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goodbye_is_seen_behind_other_frames() {
        let ping = [0x80 | opcode::PING, 0];
        let text = [0x80 | opcode::BINARY, 2, 0x88, 0];
        let goodbye = [0x80 | opcode::CLOSE, 2, 3, 0xeb];
        assert!(!says_goodbye(&[&ping[..], &text].concat()));
        assert!(says_goodbye(&[&text[..], &ping, &goodbye].concat()));
    }
}
