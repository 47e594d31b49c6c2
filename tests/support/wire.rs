//! A websocket client that does as it is told, also what no client may do: bytes on a TCP connection.

use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::{Person, desk::PATIENCE};

/// First byte of a whole binary frame.
pub const BINARY: u8 = 0x82;
/// First byte of a whole text frame.
pub const TEXT: u8 = 0x81;
/// First byte of a ping.
pub const PING: u8 = 0x89;
/// First byte of a pong.
pub const PONG: u8 = 0x8a;

/// A connection that has been upgraded to a websocket.
pub struct Wire {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// What came.
#[derive(Debug)]
pub enum Saw {
    /// A frame: its first byte, and what it carries.
    Frame(u8, Bytes),
    /// A close frame's code and reason; 1006 when the connection ended without one.
    Closed(u16, String),
}

/// A connection to the server, before any request.
pub async fn dial(base: &str) -> anyhow::Result<TcpStream> {
    Ok(TcpStream::connect(base.trim_start_matches("http://")).await?)
}

impl Wire {
    /// Asks for a websocket at the path, with these headers.
    pub async fn open(base: &str, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::open_on(dial(base).await?, path, headers).await
    }

    async fn open_on(mut stream: TcpStream, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Self> {
        stream.write_all(request(&stream, path, headers)?.as_bytes()).await?;
        Self::upgraded(stream).await
    }

    /// Waits for the answer to the request.
    async fn upgraded(stream: TcpStream) -> anyhow::Result<Self> {
        let mut wire = Self { stream, unread: vec![] };
        let end = loop {
            let end = wire.unread.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                break end;
            }
            ensure!(wire.fill().await?, "the server hung up at the handshake");
        };
        let head: Vec<u8> = wire.unread.drain(..end + 4).collect();
        ensure!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Ok(wire)
    }

    /// The y-websocket address of a person's section (or `review`), with their token.
    pub async fn sit(person: &Person, part: &str) -> anyhow::Result<Self> {
        Self::sit_on(dial(&person.base).await?, person, part).await
    }

    /// As `sit`, with room for very little that was sent and not yet read.
    pub async fn sit_with_small_buffer(person: &Person, part: &str) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4096)?;
        let stream = socket.connect(person.base.trim_start_matches("http://").parse()?).await?;
        Self::sit_on(stream, person, part).await
    }

    /// As `sit`, with bytes that follow the request at once, before it is answered.
    pub async fn sit_saying(person: &Person, part: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let mut stream = dial(&person.base).await?;
        let (path, bearer) = place(person, part);
        let request = request(&stream, &path, &[("Authorization", &bearer)])?;
        stream.write_all(&[request.as_bytes(), bytes].concat()).await?;
        Self::upgraded(stream).await
    }

    async fn sit_on(stream: TcpStream, person: &Person, part: &str) -> anyhow::Result<Self> {
        let (path, bearer) = place(person, part);
        Self::open_on(stream, &path, &[("Authorization", &bearer)]).await
    }

    /// Says that nothing more will be written.
    pub async fn shut(&mut self) -> anyhow::Result<()> {
        Ok(self.stream.shutdown().await?)
    }

    /// Writes bytes as they are.
    pub async fn raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(tokio::time::timeout(PATIENCE, self.stream.write_all(bytes))
            .await
            .context("it takes no more")??)
    }

    /// Writes a masked frame. An error means that the server has hung up: `closed` tells with what.
    pub async fn frame(&mut self, first: u8, payload: &[u8]) -> anyhow::Result<()> {
        self.raw(&frame(first, payload)).await
    }

    /// A whole binary message.
    pub async fn say(&mut self, payload: &[u8]) -> anyhow::Result<()> {
        self.frame(BINARY, payload).await
    }

    /// The next frame.
    pub async fn see(&mut self) -> anyhow::Result<Saw> {
        self.see_within(PATIENCE).await
    }

    /// The next frame, from a server that may have nothing to say for so long.
    pub async fn see_within(&mut self, patience: Duration) -> anyhow::Result<Saw> {
        loop {
            if let Some(saw) = self.parse() {
                return Ok(saw);
            }
            let filled = tokio::time::timeout(patience, self.fill()).await.context("the server is silent")?;
            match filled {
                Ok(true) => {}
                Ok(false) => return Ok(Saw::Closed(1006, "the stream ended".into())),
                Err(error) => return Ok(Saw::Closed(1006, error.to_string())),
            }
        }
    }

    /// Passes over frames until the server closes; gives code and reason.
    pub async fn closed(&mut self) -> anyhow::Result<(u16, String)> {
        loop {
            if let Saw::Closed(code, why) = self.see().await? {
                return Ok((code, why));
            }
        }
    }

    async fn fill(&mut self) -> std::io::Result<bool> {
        Ok(self.stream.read_buf(&mut self.unread).await? > 0)
    }

    /// Takes a whole frame off what was read.
    fn parse(&mut self) -> Option<Saw> {
        let (first, short) = (*self.unread.first()?, usize::from(*self.unread.get(1)? & 127));
        let (start, length) = match short {
            126 => (4, usize::from(u16::from_be_bytes(self.unread.get(2..4)?.try_into().ok()?))),
            127 => (10, u64::from_be_bytes(self.unread.get(2..10)?.try_into().ok()?) as usize),
            _ => (2, short),
        };
        let payload = self.unread.get(start..start + length)?.to_vec();
        self.unread.drain(..start + length);
        Some(match (first & 15, &payload[..]) {
            (8, [a, b, why @ ..]) => {
                Saw::Closed(u16::from_be_bytes([*a, *b]), String::from_utf8_lossy(why).into())
            }
            (8, _) => Saw::Closed(1005, String::new()),
            _ => Saw::Frame(first, payload.into()),
        })
    }
}

/// A person's place at a part of the report, and what they show for it.
fn place(person: &Person, part: &str) -> (String, String) {
    (format!("/sync/{}/{part}", person.report), format!("Bearer {}", person.token))
}

fn request(stream: &TcpStream, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<String> {
    let host = stream.peer_addr()?;
    let mut request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    Ok(request + "\r\n")
}

/// A masked frame; `first` holds the final bit, the reserved bits and the kind (RFC 6455, section 5.2).
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x5a, 0xa5, 0x3c, 0xc3];
    let mut out = header(first, payload.len() as u64);
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

/// A masked frame's header, without its mask, that says it carries so much.
pub fn header(first: u8, length: u64) -> Vec<u8> {
    let mut out = vec![first];
    match length {
        0..=125 => out.push(128 | length as u8),
        126..=65_535 => {
            out.push(128 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(128 | 127);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out
}
