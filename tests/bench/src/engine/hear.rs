//! What arrives at members, counted.

use anyhow::bail;

use super::{Engine, OPENING};
use crate::{
    wire::{self, Heard, Sync},
    yjs,
};

impl Engine {
    pub(super) fn hear(&mut self, number: usize, payload: &[u8], now: u32) -> anyhow::Result<()> {
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
                if self.conns[number].synced.is_none() {
                    self.conns[number].synced = Some(now);
                    self.introduce(number);
                }
            }
            Heard::Aware => {
                let (from, until) = self.tally.window;
                self.tally.aware += u64::from((from..until).contains(&now));
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
            conn.grown = now;
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
        if self.proofreads {
            self.tally.invented += misprints(update);
        }
    }

    /// The clock after what a member has of a writer.
    pub fn seen(&self, number: usize, writer: usize) -> u32 {
        self.conns[number].seen.get(writer).copied().unwrap_or(0)
    }
}

/// Characters of an update that no writer typed where they stand.
fn misprints(update: &[u8]) -> u64 {
    let mut wrong = 0;
    let read = yjs::strings(update, |client, clock, text| {
        let known = yjs::writer_of(client).is_some();
        let typed = text.bytes().zip(clock.saturating_sub(OPENING)..);
        let typed = typed.filter(|(byte, n)| known && *byte == yjs::letter(*n)).count();
        wrong += (text.len() - typed) as u64;
    });
    wrong + u64::from(read.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yjs::{Spot, client_id};

    fn misprints_of(client: u64, clock: u32, letters: &[u8]) -> u64 {
        let mut update = Vec::new();
        yjs::insert(&mut update, client, clock, Spot { left: None, right: None, text: 1 }, letters);
        misprints(&update)
    }

    #[test]
    fn what_a_writer_types_is_no_misprint_and_all_else_is() {
        let typed: Vec<u8> = (3..7).map(yjs::letter).collect();
        assert_eq!(misprints_of(client_id(0), OPENING + 3, &typed), 0);
        assert_eq!(misprints_of(client_id(0), OPENING + 4, &typed), 4);
        assert_eq!(misprints_of(client_id(0), OPENING + 3, b"dex "), 1);
        assert_eq!(misprints_of(5, OPENING + 3, &typed), 4);
        assert_eq!(misprints(b"\x01"), 1);
    }
}
