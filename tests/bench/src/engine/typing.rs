//! Writers at their keys.

use std::{cmp::Reverse, time::Duration};

use anyhow::bail;

use super::{Engine, State, Tally};
use crate::{
    chance::Chance,
    wire::Sync,
    yjs::{self, OPENING, Spot},
};

/// Unsent bytes at which a writer stops typing, as an editor's socket would.
const BACKLOG_BYTES_MAX: usize = 1024 * 1024;

impl Engine {
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

    /// The clock after what a writer of the first room has sent.
    pub fn typed(&self, writer: usize) -> u32 {
        self.rooms.first().and_then(|room| room.writers.get(writer)).map_or(0, |writer| writer.clock)
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

    pub(super) fn press(&mut self, room: usize, writer: usize, due: u64) {
        let now = self.now();
        let members = self.rooms[room].members.len() as u64;
        let one = &mut self.rooms[room].writers[writer];
        let counts = (self.tally.window.0..self.tally.window.1).contains(&now);
        if self.conns[one.conn].outgoing.len() > BACKLOG_BYTES_MAX
            || self.conns[one.conn].state != State::Open
        {
            self.tally.stalled += u64::from(counts);
            return;
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
        self.move_cursor(conn, now);
    }
}
