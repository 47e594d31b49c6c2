//! A client's copy of one document, and how it speaks: as the published clients of both dialects do.

use std::collections::VecDeque;

use bytes::Bytes;
use yrs::{
    Doc, OffsetKind, Options, ReadTxn as _, StateVector, Transact as _, Update,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

use crate::{
    ids::DocumentName,
    protocol::{Address, Dialect, Message, decode_addressed, decode_plain},
};

/// A copy, from a fresh document until it is thrown away.
pub(super) struct Copy {
    pub(super) doc: Doc,
    /// The Yjs client that it writes as.
    pub(super) client: u64,
    dialect: Dialect,
    address: Address,
    /// Whether a seat is held.
    pub(super) online: bool,
    /// Whether the server's answer to this connection's sync step 1 came.
    pub(super) synced: bool,
    /// Whether this copy holds what the server will never take.
    pub(super) refused: bool,
    /// Whether its owner had the right to write all the time, and sent nothing odd: it must not be refused.
    pub(super) sure: bool,
    /// Whether its owner changed anything. Who did not must not be refused either.
    pub(super) wrote: bool,
    /// Whether it sent what no honest client sends: it counts no confirmations.
    pub(super) hostile: bool,
    /// As Hocuspocus counts: what was sent on this connection and is not confirmed.
    pub(super) unsaved: i64,
    /// Confirmations that a lying network made up, and that are still to come from the server.
    early: i64,
    /// Changes that came before the answer to sync step 1. yrs and Yjs would hold those pending that build on it; yrs as
    /// a client does so unsoundly.
    ahead: Vec<Bytes>,
    /// What waits for the network.
    pub(super) up: VecDeque<Message>,
}

/// What came of a frame.
#[derive(PartialEq, Debug)]
pub(super) enum Heard {
    /// Nothing that matters to anybody.
    Nothing,
    /// The document changed; this is what was shown.
    Shown(Bytes),
    /// All that was sent is saved.
    Saved,
    Refused(String),
}

/// A document that counts and collects garbage as Yjs does.
pub(super) fn new_doc(client: u64) -> Doc {
    let options = Options::with_guid_and_client_id("copy".into(), yrs::ClientID::new(client));
    Doc::with_options(Options { offset_kind: OffsetKind::Utf16, skip_gc: false, ..options })
}

impl Copy {
    /// An empty copy, not connected.
    pub(super) fn new(name: DocumentName, dialect: Dialect, client: u64, sure: bool) -> Self {
        Self {
            doc: new_doc(client),
            client,
            dialect,
            address: Address(name.to_string()),
            online: false,
            synced: false,
            refused: false,
            sure,
            wrote: false,
            hostile: false,
            unsaved: 0,
            early: 0,
            ahead: Vec::new(),
            up: VecDeque::new(),
        }
    }

    /// A seat was taken: says what it has.
    pub(super) fn begin(&mut self) {
        self.online = true;
        self.synced = false;
        self.unsaved = 1;
        self.early = 0;
        self.ahead.clear();
        self.up.clear();
        let ours = self.doc.transact().state_vector().encode_v1();
        self.up.push_back(Message::SyncStep1(ours.into()));
    }

    /// The seat is gone, with all that was on the way.
    pub(super) fn end(&mut self) {
        self.online = false;
        self.up.clear();
    }

    /// Sends a message of somebody else.
    pub(super) fn pass_on(&mut self, message: Message) {
        self.unsaved += i64::from(matches!(message, Message::Update(_)));
        self.up.push_back(message);
    }

    /// Whether nothing of it may be refused.
    pub(super) fn is_blameless(&self) -> bool {
        !self.hostile && (self.sure || !self.wrote)
    }

    /// Sends a change, when there is a connection; without one it stays in the document.
    pub(super) fn send(&mut self, update: Bytes) {
        self.wrote = true;
        if self.online {
            self.unsaved += 1;
            self.up.push_back(Message::Update(update));
        }
    }

    fn read(&self, frame: &Bytes) -> Result<Message, String> {
        let message = match self.dialect {
            Dialect::Plain => decode_plain(frame),
            Dialect::Addressed => decode_addressed(frame).map(|(address, message)| match address {
                address if address == self.address => message,
                // Which no room says either.
                address => Message::Token(address.0),
            }),
        };
        message.map_err(|malformed| format!("a malformed frame: {malformed}"))
    }

    /// Whether a frame brings a change, to a copy that has the rest.
    pub(super) fn is_change(&self, frame: &Bytes) -> bool {
        self.synced && matches!(self.read(frame), Ok(Message::Update(_)))
    }

    /// Takes what the server says. `Err`: no server may say so.
    pub(super) fn hear(&mut self, frame: &Bytes) -> Result<Heard, String> {
        match self.read(frame)? {
            Message::SyncStep1(theirs) => {
                let theirs = StateVector::decode_v1(&theirs).map_err(|error| error.to_string())?;
                let lacking = self.doc.transact().encode_state_as_update_v1(&theirs);
                self.up.push_back(Message::SyncStep2(lacking.into()));
            }
            Message::SyncStep2(update) => {
                self.synced = true;
                self.take(&update)?;
                for ahead in std::mem::take(&mut self.ahead) {
                    self.take(&ahead)?;
                }
                return Ok(Heard::Shown(update));
            }
            Message::Update(update) => {
                if self.synced {
                    self.take(&update)?;
                } else {
                    self.ahead.push(update.clone());
                }
                return Ok(Heard::Shown(update));
            }
            Message::Saved(true) if self.early > 0 => self.early -= 1,
            Message::Saved(true) => return self.saved(),
            Message::Saved(false) => return Ok(Heard::Nothing),
            Message::Stateless(why) => return Ok(Heard::Refused(why)),
            Message::Awareness(_) => {}
            other => return Err(format!("a room does not say {other:?}")),
        }
        Ok(Heard::Nothing)
    }

    fn saved(&mut self) -> Result<Heard, String> {
        self.unsaved -= 1;
        let honest = !self.hostile && !self.refused;
        match (self.unsaved, self.synced) {
            (..0, _) if honest => Err("more is confirmed than was sent".into()),
            (0, true) if honest => Ok(Heard::Saved),
            _ => Ok(Heard::Nothing),
        }
    }

    /// Takes a confirmation that the server did not give.
    pub(super) fn hear_early(&mut self) -> Result<Heard, String> {
        if self.dialect == Dialect::Plain || self.unsaved == 0 {
            return Ok(Heard::Nothing);
        }
        self.early += 1;
        self.saved()
    }

    fn take(&self, update: &[u8]) -> Result<(), String> {
        let decoded = Update::decode_v1(update).map_err(|error| error.to_string())?;
        let mut txn = self.doc.transact_mut();
        txn.apply_update(decoded).map_err(|error| error.to_string())?;
        if txn.has_missing_updates() && !self.hostile && self.ahead.is_empty() {
            return Err("the server left a gap in what it says".into());
        }
        Ok(())
    }

    /// The whole copy as one update.
    pub(super) fn whole(&self) -> Bytes {
        whole(&self.doc)
    }

    /// Whether all that was sent is on the way or confirmed, as far as the dialect says so.
    pub(super) fn settled(&self) -> bool {
        let confirmed = self.dialect == Dialect::Plain || self.unsaved <= 0 || self.hostile;
        self.online && self.synced && !self.refused && self.up.is_empty() && confirmed
    }
}

/// A whole document as one update.
pub(super) fn whole(doc: &Doc) -> Bytes {
    doc.transact().encode_state_as_update_v1(&StateVector::default()).into()
}
