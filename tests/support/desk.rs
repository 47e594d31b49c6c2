//! A small client of the y-websocket dialect on a real socket, with a yrs document behind it.

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, WebSocketConfig},
    },
};
use yrs::{
    Doc, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, Update, XmlElementPrelim, XmlFragment,
    XmlOut, XmlTextPrelim, updates::decoder::Decode, updates::encoder::Encode,
};

/// How long a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody at a section.
pub struct Desk {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Their copy of the document.
    pub doc: Doc,
}

/// What came over the socket.
#[derive(Debug)]
pub enum Heard {
    /// A sync message was handled (step 1 answered, update applied).
    Sync,
    /// Awareness bytes.
    Awareness(Vec<u8>),
    /// The server closed, with code and reason.
    Closed(u16, String),
}

impl Desk {
    /// Connects, asks for what is there, and returns once it has come.
    pub async fn open(base: &str, report: &str, part: &str, token: &str) -> anyhow::Result<Self> {
        Self::connect(base, report, part, token).await?.sync().await
    }

    /// Asks for what is there, and waits until it has come.
    async fn sync(self) -> anyhow::Result<Self> {
        let mut desk = self;
        desk.ask().await?;
        loop {
            match desk.frame().await? {
                (Some(1), _) => return Ok(desk),
                (None, Heard::Closed(code, why)) => bail!("closed with {code} {why:?} before it began"),
                _ => {}
            }
        }
    }

    /// Comes back with the document of before: sends what the server lacks, and takes what came meanwhile.
    pub async fn come_back(self, base: &str, report: &str, part: &str, token: &str) -> anyhow::Result<Self> {
        let mut desk = Self::connect(base, report, part, token).await?;
        desk.doc = self.doc;
        // The server asks first, and the answer to its question is sent before its own answer is heard.
        desk.sync().await
    }

    /// Connects only.
    pub async fn connect(base: &str, report: &str, part: &str, token: &str) -> anyhow::Result<Self> {
        let url = format!("{}/sync/{report}/{part}", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request()?;
        if !token.is_empty() {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
        }
        // A browser takes frames of any size.
        let config = WebSocketConfig::default().max_frame_size(None).max_message_size(None);
        let (socket, _) = tokio_tungstenite::connect_async_with_config(request, Some(config), false).await?;
        Ok(Self { socket, doc: blank() })
    }

    /// Sends sync step 1.
    pub async fn ask(&mut self) -> anyhow::Result<()> {
        let state = self.doc.transact().state_vector().encode_v1();
        self.send_sync(0, &state).await
    }

    /// Sends raw bytes as one binary frame.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::Binary(bytes.to_vec().into())).await?)
    }

    /// Sends an update that this desk did not make.
    pub async fn send_update(&mut self, update: &[u8]) -> anyhow::Result<()> {
        self.send_sync(2, update).await
    }

    /// Adds a paragraph at the end and sends it.
    pub async fn write(&mut self, text: &str) -> anyhow::Result<()> {
        let update = self.paragraph(text);
        self.send_update(&update).await
    }

    /// Adds a paragraph at the end of this copy and gives the update.
    pub fn paragraph(&mut self, text: &str) -> Vec<u8> {
        let body = self.doc.get_or_insert_xml_fragment("body");
        let mut txn = self.doc.transact_mut();
        let before = txn.state_vector();
        let block = body.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
        block.push_back(&mut txn, XmlTextPrelim::new(text));
        txn.encode_diff_v1(&before)
    }

    /// Types at the end of the last paragraph's text and gives the update.
    pub fn type_on(&mut self, text: &str) -> anyhow::Result<Vec<u8>> {
        let body = self.doc.get_or_insert_xml_fragment("body");
        let mut txn = self.doc.transact_mut();
        let before = txn.state_vector();
        let last = body.len(&txn).checked_sub(1).context("the body is empty")?;
        let Some(XmlOut::Element(block)) = body.get(&txn, last) else {
            bail!("the last block is no element")
        };
        let Some(XmlOut::Text(run)) = block.get(&txn, 0) else { bail!("the last block has no text") };
        let end = run.len(&txn);
        run.insert(&mut txn, end, text);
        Ok(txn.encode_diff_v1(&before))
    }

    /// The paragraphs' text, one a line.
    pub fn text(&self) -> String {
        text_of(&self.doc)
    }

    /// Handles frames until the text holds `wanted`.
    pub async fn until(&mut self, wanted: &str) -> anyhow::Result<()> {
        while !self.text().contains(wanted) {
            if let Heard::Closed(code, why) = self.hear().await? {
                bail!("closed with {code} {why:?} before {wanted:?} came");
            }
        }
        Ok(())
    }

    /// Handles frames until the server closes; gives code and reason.
    pub async fn closed(&mut self) -> anyhow::Result<(u16, String)> {
        loop {
            if let Heard::Closed(code, why) = self.hear().await? {
                return Ok((code, why));
            }
        }
    }

    /// The next thing the server says.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        match self.frame().await? {
            (Some(_), _) => Ok(Heard::Sync),
            (None, heard) => Ok(heard),
        }
    }

    /// The next frame: the number of the sync message it was, or something else.
    async fn frame(&mut self) -> anyhow::Result<(Option<u8>, Heard)> {
        loop {
            let next =
                tokio::time::timeout(PATIENCE, self.socket.next()).await.context("the server is silent")?;
            match next {
                Some(Ok(Message::Binary(bytes))) => return self.handle(&bytes).await,
                Some(Ok(Message::Close(frame))) => return Ok((None, heard_close(frame))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Ok((None, Heard::Closed(1006, error.to_string()))),
                None => return Ok((None, Heard::Closed(1006, "the stream ended".into()))),
            }
        }
    }

    async fn handle(&mut self, bytes: &[u8]) -> anyhow::Result<(Option<u8>, Heard)> {
        match bytes {
            [0, kind, rest @ ..] => {
                let payload = var_bytes(rest)?;
                if *kind == 0 {
                    let state = StateVector::decode_v1(payload)?;
                    let lacking = self.doc.transact().encode_state_as_update_v1(&state);
                    self.send_sync(1, &lacking).await?;
                } else {
                    self.doc.transact_mut().apply_update(Update::decode_v1(payload)?)?;
                }
                Ok((Some(*kind), Heard::Sync))
            }
            [1, rest @ ..] => Ok((None, Heard::Awareness(var_bytes(rest)?.to_vec()))),
            other => bail!("an unknown frame: {other:?}"),
        }
    }

    async fn send_sync(&mut self, kind: u8, payload: &[u8]) -> anyhow::Result<()> {
        let mut frame = vec![0, kind];
        var_uint(&mut frame, payload.len());
        frame.extend_from_slice(payload);
        self.send_raw(&frame).await
    }
}

/// A copy of a body that nothing has reached yet.
pub fn blank() -> Doc {
    let doc = Doc::with_options(Options { offset_kind: OffsetKind::Utf16, ..Options::default() });
    doc.get_or_insert_xml_fragment("body");
    doc
}

/// The text of a copy's paragraphs, one a line.
pub fn text_of(doc: &Doc) -> String {
    let body = doc.get_or_insert_xml_fragment("body");
    let txn = doc.transact();
    let mut lines = vec![];
    for block in body.children(&txn) {
        let XmlOut::Element(block) = block else { continue };
        let mut line = String::new();
        for child in block.children(&txn) {
            if let XmlOut::Text(run) = child {
                line.push_str(&yrs::GetString::get_string(&run, &txn));
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn heard_close(frame: Option<CloseFrame>) -> Heard {
    frame.map_or(Heard::Closed(1005, String::new()), |f| Heard::Closed(f.code.into(), f.reason.to_string()))
}

/// lib0's variable-length number.
pub fn var_uint(out: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        out.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

fn var_bytes(bytes: &[u8]) -> anyhow::Result<&[u8]> {
    let mut length = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        length |= usize::from(byte & 127) << (7 * at);
        if byte & 128 == 0 {
            return bytes.get(at + 1..at + 1 + length).context("a short frame");
        }
    }
    bail!("a frame without length")
}
