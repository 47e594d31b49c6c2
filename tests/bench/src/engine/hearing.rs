//! What a client says when it joins, and what it makes of what it hears.

use super::*;

impl Engine {
    pub(super) fn opened(&mut self, number: usize, now: u32) {
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

    pub(super) fn send(&mut self, number: usize, opcode: u8, payload: &[u8]) {
        self.mask = self.mask.rotate_left(7).wrapping_add(0x9e37_79b9);
        let conn = &mut self.conns[number];
        let Some(stream) = &mut conn.stream else { return };
        let mut bytes = Vec::with_capacity(payload.len() + 14);
        wire::frame(&mut bytes, opcode, payload, self.mask);
        let mut sent = 0;
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
                self.conns[number].synced.get_or_insert(now);
            }
            Heard::Other => {}
        }
        Ok(())
    }

    /// Counts what an update brings to a member.
    pub(super) fn see(&mut self, number: usize, update: &[u8], now: u32, live: bool) {
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
}
