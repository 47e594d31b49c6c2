//! A client of either dialect, with a yrs document behind it, that does what the published ones do.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use yrs::{
    Doc, GetString as _, ReadTxn as _, StateVector, Transact as _, Update, WriteTxn as _, XmlElementPrelim,
    XmlFragment as _, XmlTextPrelim,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

use super::soon;
use crate::{
    ids::DocumentName,
    protocol::{
        Address, Close, Dialect, Message, Presence, decode_addressed, decode_awareness, decode_plain,
        encode_awareness,
    },
    room::{Outgoing, Seat},
};

pub(super) struct Client {
    pub(super) seat: Seat,
    pub(super) doc: Doc,
    dialect: Dialect,
    address: Address,
    pub(super) synced: bool,
    /// Sync steps 1 that the server sent.
    pub(super) asked: usize,
    /// As Hocuspocus counts: changes not yet confirmed.
    pub(super) unsaved: i64,
    /// Changes refused.
    pub(super) unsaved_for_ever: usize,
    pub(super) refusals: Vec<Value>,
    pub(super) closed: Option<Close>,
    pub(super) others: BTreeMap<u64, Presence>,
    /// Messages heard.
    pub(super) frames: usize,
    /// Awareness messages heard.
    pub(super) awareness_heard: usize,
}

impl Client {
    /// At a fresh seat, before anything was said.
    pub(super) fn new(seat: Seat, dialect: Dialect, name: DocumentName) -> Self {
        Self {
            seat,
            doc: Doc::new(),
            dialect,
            address: Address(name.to_string()),
            synced: false,
            asked: 0,
            unsaved: 0,
            unsaved_for_ever: 0,
            refusals: Vec::new(),
            closed: None,
            others: BTreeMap::new(),
            frames: 0,
            awareness_heard: 0,
        }
    }

    /// As a client begins; returns when it is in sync, both ways.
    pub(super) async fn begin(seat: Seat, dialect: Dialect, name: DocumentName) -> Self {
        let mut client = Self::new(seat, dialect, name);
        client.ask().await;
        client.until(|client| client.synced && (dialect == Dialect::Plain || client.unsaved == 0)).await;
        client
    }

    /// With the document of an earlier seat, before anything was said.
    pub(super) fn back_at(self, seat: Seat, name: DocumentName) -> Self {
        Self { doc: self.doc, ..Self::new(seat, self.dialect, name) }
    }

    /// Sync step 1.
    pub(super) async fn ask(&mut self) {
        let state_vector = self.doc.transact().state_vector().encode_v1();
        self.unsaved = 1;
        self.seat.send(Message::SyncStep1(state_vector.into())).await.unwrap();
    }

    /// A paragraph at the end of this copy, not yet sent.
    pub(super) fn paragraph(&mut self, text: &str) -> Bytes {
        paragraph(&self.doc, text)
    }

    pub(super) async fn write(&mut self, text: &str) {
        let update = self.paragraph(text);
        self.send(update).await;
    }

    pub(super) async fn send(&mut self, update: Bytes) {
        self.unsaved += 1;
        self.seat.send(Message::Update(update)).await.unwrap();
    }

    /// Sets this client's awareness state.
    pub(super) async fn show(&mut self, client: u64, clock: u32, state: Value) {
        let Value::Object(state) = state else { panic!("a state is an object") };
        let bytes = encode_awareness(&[Presence { client, clock, state: Some(state) }]);
        self.seat.send(Message::Awareness(bytes)).await.unwrap();
    }

    /// Handles what comes until it is so.
    pub(super) async fn until(&mut self, so: impl Fn(&Self) -> bool) {
        soon(async {
            while !so(self) {
                match self.seat.outbox.recv().await {
                    Some(outgoing) => self.handle(outgoing).await,
                    None => panic!("the outbox ended, closed with {:?}", self.closed),
                }
            }
        })
        .await;
    }

    pub(super) async fn until_text(&mut self, wanted: &str) {
        self.until(|client| client.text().contains(wanted)).await;
    }

    pub(super) async fn until_closed(&mut self) -> Close {
        self.until(|client| client.closed.is_some()).await;
        assert!(self.seat.outbox.recv().await.is_none(), "nothing follows a close");
        self.closed.clone().unwrap()
    }

    /// Handles what is there already.
    pub(super) async fn catch_up(&mut self) {
        while let Some(outgoing) = self.seat.outbox.try_recv() {
            self.handle(outgoing).await;
        }
    }

    async fn handle(&mut self, outgoing: Outgoing) {
        let frame = match outgoing {
            Outgoing::Frame(frame) => frame,
            Outgoing::Close(close) => return self.closed = Some(close),
        };
        self.frames += 1;
        let message = match self.dialect {
            Dialect::Plain => decode_plain(&frame).unwrap(),
            Dialect::Addressed => {
                let (address, message) = decode_addressed(&frame).unwrap();
                assert_eq!(address, self.address);
                message
            }
        };
        match message {
            Message::SyncStep1(state_vector) => {
                self.asked += 1;
                let lacking = {
                    let txn = self.doc.transact();
                    txn.encode_state_as_update_v1(&StateVector::decode_v1(&state_vector).unwrap())
                };
                // The room may have ended meanwhile; then the outbox says so.
                let _ = self.seat.send(Message::SyncStep2(lacking.into())).await;
            }
            Message::SyncStep2(update) => {
                self.apply(&update);
                self.synced = true;
            }
            Message::Update(update) => self.apply(&update),
            Message::Saved(true) => self.unsaved -= 1,
            Message::Saved(false) => self.unsaved_for_ever += 1,
            Message::Stateless(json) => self.refusals.push(serde_json::from_str(&json).unwrap()),
            Message::Awareness(bytes) => {
                self.awareness_heard += 1;
                for presence in decode_awareness(&bytes).unwrap() {
                    self.others.insert(presence.client, presence);
                }
            }
            other => panic!("a room does not say {other:?}"),
        }
    }

    fn apply(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    pub(super) fn text(&self) -> String {
        shown(&self.doc)
    }
}

/// A paragraph at the end of a body, as an update.
pub(super) fn paragraph(doc: &Doc, text: &str) -> Bytes {
    let mut txn = doc.transact_mut();
    let body = txn.get_or_insert_xml_fragment("body");
    let block = body.push_back(&mut txn, XmlElementPrelim::empty("paragraph"));
    block.push_back(&mut txn, XmlTextPrelim::new(text));
    txn.encode_update_v1().into()
}

/// The body of a document as text.
pub(super) fn shown(doc: &Doc) -> String {
    let body = doc.get_or_insert_xml_fragment("body");
    body.get_string(&doc.transact())
}

/// The body in an update that holds a whole document.
pub(super) fn shown_in(update: &[u8]) -> String {
    let doc = Doc::new();
    doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    shown(&doc)
}
