//! A consultation under attack: somebody who was there all along, newcomers who must still be served, an attacker.

use std::collections::BTreeSet;

use anyhow::{Context, bail, ensure};
use plenary::protocol::{Message, decode_plain, encode_plain};

use crate::{
    Consultation, Desk, Person,
    wire::{Saw, Wire},
};

/// Codes with which a socket is dropped whose bytes or changes are not taken.
pub const REFUSALS: [u16; 2] = [1002, 4403];

/// An update as a frame of the y-websocket dialect.
pub fn update_frame(update: &[u8]) -> Vec<u8> {
    encode_plain(&Message::Update(update.to_vec().into())).map(Vec::from).unwrap_or_default()
}

/// One section, and who is at it.
pub struct Siege {
    /// The report and its server.
    pub c: Consultation,
    /// A drafter.
    pub ana: Person,
    /// A drafter who means harm.
    pub mallory: Person,
    /// Ana's desk, open since before the attack.
    pub witness: Desk,
    /// What the section must hold, a line a paragraph, in any order.
    lines: BTreeSet<String>,
    pid: u32,
}

impl Siege {
    /// A section with a first line.
    pub async fn lay() -> anyhow::Result<Self> {
        Self::lay_on(crate::Server::start()?).await
    }

    /// As `lay`, on a running server.
    pub async fn lay_on(server: crate::Server) -> anyhow::Result<Self> {
        let c = Consultation::on(server, &["Housing"]).await?;
        let ana = c.invite("Ana", "Ministry", "drafter").await?;
        let mallory = c.invite("Mallory", "Elsewhere", "drafter").await?;
        let mut witness = ana.sit(&c.sections[0]).await?;
        witness.write("start").await?;
        let mut second = ana.sit(&c.sections[0]).await?;
        second.until("start").await?;
        let pid = c.server.pid();
        Ok(Self { c, ana, mallory, witness, lines: BTreeSet::from(["start".to_owned()]), pid })
    }

    /// The section.
    pub fn section(&self) -> &str {
        &self.c.sections[0]
    }

    /// A raw websocket of the attacker's, on the section.
    pub async fn wire(&self) -> anyhow::Result<Wire> {
        Wire::sit(&self.mallory, self.section()).await
    }

    /// A line that was added to the section by the test itself.
    pub fn expect(&mut self, line: &str) {
        self.lines.insert(line.to_owned());
    }

    /// The server is the same process; a newcomer joins, finds the text as it was, and edits; who was there sees it.
    pub async fn still_serves(&mut self, after: &str) -> anyhow::Result<()> {
        ensure!(self.c.server.runs() && self.c.server.pid() == self.pid, "{after}: the server ended");
        let mut fresh = self.ana.sit(self.section()).await.with_context(|| format!("joins after {after}"))?;
        self.same(&fresh, after)?;
        // With its end, so that none is found within another.
        let line = format!("after {after}.");
        fresh.write(&line).await?;
        self.witness.until(&line).await.with_context(|| format!("sees the edit after {after}"))?;
        self.lines.insert(line);
        self.same(&self.witness, after)
    }

    /// The test itself has restarted the server.
    pub fn is_the_new_process(&mut self) {
        self.pid = self.c.server.pid();
    }

    /// Restarts the server and finds the same text.
    pub async fn same_after_restart(&mut self) -> anyhow::Result<()> {
        self.c.server.kill()?;
        self.c.server.restart()?;
        self.pid = self.c.server.pid();
        (self.ana, self.mallory) = (self.c.moved(&self.ana), self.c.moved(&self.mallory));
        self.witness = self.ana.sit(self.section()).await?;
        self.same(&self.witness, "a restart")
    }

    fn same(&self, desk: &Desk, after: &str) -> anyhow::Result<()> {
        let text = desk.text();
        let found: BTreeSet<_> = text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
        ensure!(found == self.lines, "{after}: the text is {found:?} and should be {:?}", self.lines);
        ensure!(text.lines().count() == self.lines.len(), "{after}: something stands twice in {text:?}");
        Ok(())
    }

    /// The socket is dropped with one of these codes, and everybody else is served.
    pub async fn dropped(&mut self, mut wire: Wire, codes: &[u16], label: &str) -> anyhow::Result<String> {
        let (code, why) = wire.closed().await.with_context(|| format!("{label}: must be dropped"))?;
        ensure!(codes.contains(&code), "{label}: closed with {code} {why:?}");
        self.still_serves(label).await?;
        Ok(why)
    }

    /// Sends an update; tells whether the socket was dropped, and with what.
    pub async fn send(&self, update: &[u8]) -> anyhow::Result<Option<(u16, String)>> {
        let mut wire = self.wire().await?;
        for message in [Message::Update(update.to_vec().into()), Message::QueryAwareness] {
            let frame = encode_plain(&message).context("a message of this dialect")?;
            if wire.say(&frame).await.is_err() {
                break;
            }
        }
        // The room does one thing after the other: once it answers, it has done with the update.
        loop {
            match wire.see().await? {
                Saw::Closed(1006, why) => bail!("hung up without a word: {why}"),
                Saw::Closed(code, why) => return Ok(Some((code, why))),
                Saw::Frame(_, bytes) if matches!(decode_plain(&bytes), Ok(Message::Awareness(_))) => {
                    return Ok(None);
                }
                Saw::Frame(..) => {}
            }
        }
    }

    /// The update is refused: its socket is dropped, with a reason.
    pub async fn refuses(&mut self, label: &str, update: &[u8]) -> anyhow::Result<()> {
        let (code, why) = self.send(update).await?.with_context(|| format!("{label}: was not refused"))?;
        ensure!(REFUSALS.contains(&code) && !why.is_empty(), "{label}: closed with {code} {why:?}");
        Ok(())
    }

    /// The update changes nothing, whether it is refused or asked for again with what it builds on.
    pub async fn is_unharmed_by(&mut self, label: &str, update: &[u8]) -> anyhow::Result<()> {
        if let Some((code, why)) = self.send(update).await? {
            ensure!(REFUSALS.contains(&code), "{label}: closed with {code} {why:?}");
        }
        self.still_serves(label).await
    }
}
