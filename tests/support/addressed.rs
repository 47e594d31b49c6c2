//! A client of the Hocuspocus dialect, message by message: many documents on one socket.

use anyhow::bail;
use plenary::protocol::{Address, Message, decode_addressed, encode_addressed};

use crate::{
    Person,
    wire::{Saw, Wire},
};

/// A socket that speaks of many documents.
pub struct Addressed {
    /// Beneath it.
    pub wire: Wire,
}

/// What came.
#[derive(Debug, PartialEq)]
pub enum Told {
    /// A message about this document; keep-alives are left out.
    Of(String, Message),
    /// The server closed, with code and reason.
    Closed(u16, String),
}

impl Addressed {
    /// Connects; nobody is signed in yet.
    pub async fn open(base: &str) -> anyhow::Result<Self> {
        Ok(Self { wire: Wire::open(base, "/sync", &[]).await? })
    }

    /// Connects and signs in for this part of the person's report.
    pub async fn sit(person: &Person, part: &str) -> anyhow::Result<(Self, String)> {
        let mut socket = Self::open(&person.base).await?;
        let name = format!("{}/{part}", person.report);
        match socket.token(&name, &person.token).await? {
            Message::Authenticated { .. } => Ok((socket, name)),
            other => bail!("not let in: {other:?}"),
        }
    }

    /// Sends a message about a document. An error means that the server has hung up.
    pub async fn say(&mut self, name: &str, message: Message) -> anyhow::Result<()> {
        self.wire.say(&encode_addressed(&Address(name.to_owned()), &message)).await
    }

    /// Shows a token for a document; gives the answer.
    pub async fn token(&mut self, name: &str, token: &str) -> anyhow::Result<Message> {
        self.say(name, Message::Token(token.to_owned())).await?;
        self.until(name, |message| matches!(message, Message::Authenticated { .. } | Message::Denied { .. }))
            .await
    }

    /// The next thing that the server says.
    pub async fn hear(&mut self) -> anyhow::Result<Told> {
        loop {
            match self.wire.see().await? {
                Saw::Closed(code, why) => return Ok(Told::Closed(code, why)),
                Saw::Frame(first, bytes) if first & 15 == 2 => {
                    let (address, message) = decode_addressed(&bytes)?;
                    if message != Message::Ping {
                        return Ok(Told::Of(address.0, message));
                    }
                }
                Saw::Frame(..) => {}
            }
        }
    }

    /// The next message about this document that is wanted.
    pub async fn until(&mut self, name: &str, wanted: impl Fn(&Message) -> bool) -> anyhow::Result<Message> {
        loop {
            match self.hear().await? {
                Told::Of(of, message) if of == name && wanted(&message) => return Ok(message),
                Told::Of(..) => {}
                Told::Closed(code, why) => bail!("closed with {code} {why:?}"),
            }
        }
    }

    /// Waits until the server says that a change is durable (true) or refused (false).
    pub async fn saved(&mut self, name: &str) -> anyhow::Result<bool> {
        let answer = self.until(name, |message| matches!(message, Message::Saved(_))).await?;
        Ok(answer == Message::Saved(true))
    }

    /// Passes over messages until the server closes; gives code and reason.
    pub async fn closed(&mut self) -> anyhow::Result<(u16, String)> {
        self.wire.closed().await
    }
}
