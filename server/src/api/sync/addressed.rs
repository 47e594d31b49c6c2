//! A Hocuspocus conversation: many documents, each with a token of its own.
//!
//! Until one token was good, a socket may send little, open one document, and stay only for a moment.

use std::collections::HashMap;

use tokio::time::Instant;

use super::{
    super::{App, Problem, ProblemType, extract::Peer},
    NO_SUCH_DOCUMENT, Readable, Shown, Sitting,
    ear::{Ear, End, Heard},
    may_read,
    pen::{Greeting, Pen, Words},
    plain::from_client,
};
use crate::{
    limits::{
        AUTHENTICATION_TIME_MAX, DOCUMENTS_PER_SOCKET_MAX, UNAUTHENTICATED_BYTES_MAX,
        UNAUTHENTICATED_FRAMES_MAX,
    },
    measure::meter,
    protocol::{Address, Close, Framed, Message, decode_addressed, encode_addressed},
};

/// What is read from a socket before it is authenticated: what it may send, and the frame headers around that.
pub(super) const READ_BYTES_MAX: usize = UNAUTHENTICATED_BYTES_MAX + 4096;

/// A document of the socket.
enum Place {
    /// No token yet; what came for it waits, with the size of its frame.
    Waiting(Vec<(Message, usize)>),
    /// Refused, or over: what still comes for it was sent before the client knew.
    Shut,
    /// Somebody sits there.
    Open(Sitting),
}

/// An amount of frames, as many as an unauthenticated socket may send at most.
#[derive(Default, Clone, Copy)]
struct Amount {
    frames: usize,
    bytes: usize,
}

impl Amount {
    fn add(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes;
    }
    /// Too much for who has shown no good token for it.
    fn check(self) -> Step {
        if self.frames > UNAUTHENTICATED_FRAMES_MAX || self.bytes > UNAUTHENTICATED_BYTES_MAX {
            return Err(End::Close(Close::new(Close::UNAUTHENTICATED, "too much was sent before a token")));
        }
        Ok(())
    }
}

/// The reading side's state.
struct Desk {
    app: App,
    from: Peer,
    /// What came with the handshake, for documents whose token is empty.
    shown: Option<Shown>,
    pen: Pen,
    authenticated: bool,
    /// What the socket sent before it was authenticated.
    sent: Amount,
    places: HashMap<Address, Place>,
}

/// Goes on, or ends the conversation.
type Step = Result<(), End>;

/// Holds the conversation.
///
/// Most are quiet: the future holds little beside the ear, and what happens once is boxed.
pub(super) fn converse(app: App, mut ear: Ear, from: Peer, shown: Option<Shown>) -> impl Future<Output = ()> {
    ear.keep_alive_by(|| encode_addressed(&Address(String::new()), &Message::Ping));
    ear.expect_by(Instant::now() + AUTHENTICATION_TIME_MAX);
    let pen = ear.pen().clone();
    let (authenticated, sent, places) = (false, Amount::default(), HashMap::new());
    let mut desk = Desk { app, from, shown, pen, authenticated, sent, places };
    async move {
        let _here = meter().addressed_socket();
        let end = desk.listen(&mut ear).await;
        // Leaves the rooms at once, before the client has closed too.
        drop(desk);
        Box::pin(end.of(ear)).await;
    }
}

impl Desk {
    async fn listen(&mut self, ear: &mut Ear) -> End {
        loop {
            let trusted = self.authenticated;
            let step = match ear.next().await {
                Heard::Frame(frame) => Box::pin(self.take(&frame)).await,
                Heard::AccessChanged => self.look_again(),
                Heard::Drained => {
                    self.sitting().for_each(|sitting| sitting.room.drained());
                    Ok(())
                }
                Heard::Stopping if self.sitting().next().is_none() => Err(End::Close(Close::restarting())),
                // The rooms say goodbye, after all that they have confirmed.
                Heard::Stopping => Ok(()),
                Heard::Over(close) => Err(End::Close(close)),
                Heard::Told => Err(End::Told),
                Heard::Gone => Err(End::Gone),
            };
            if let Err(end) = step {
                return end;
            }
            if self.authenticated && !trusted {
                ear.trust();
            }
        }
    }

    async fn take(&mut self, frame: &bytes::Bytes) -> Step {
        if !self.authenticated {
            self.sent.add(frame.len());
            self.sent.check()?;
        }
        let (address, message) = decode_addressed(frame)
            .map_err(|malformed| End::Close(Close::malformed(malformed.to_string())))?;
        match message {
            Message::Ping => {
                self.say(&address, &Message::Pong);
                Ok(())
            }
            Message::Token(token) => self.authenticate(address, token).await,
            Message::CloseDocument { .. } => {
                self.places.remove(&address);
                Ok(())
            }
            message if from_client(&message) => self.forward(address, message, frame.len()).await,
            // A pong, or what only a server says.
            _ => Ok(()),
        }
    }

    async fn forward(&mut self, address: Address, message: Message, bytes: usize) -> Step {
        match self.places.get_mut(&address) {
            Some(Place::Open(sitting)) => {
                if sitting.room.send(message).await.is_err() {
                    // The room's last word is on its way through the outbox.
                    self.places.insert(address, Place::Shut);
                }
                Ok(())
            }
            Some(Place::Shut) => Ok(()),
            Some(Place::Waiting(messages)) => {
                messages.push((message, bytes));
                self.waiting().check()
            }
            None => {
                self.make_room(&address)?;
                self.places.insert(address, Place::Waiting(vec![(message, bytes)]));
                self.waiting().check()
            }
        }
    }

    /// What waits for tokens, in all documents of the socket.
    fn waiting(&self) -> Amount {
        let mut waiting = Amount::default();
        for place in self.places.values() {
            if let Place::Waiting(messages) = place {
                messages.iter().for_each(|(_, bytes)| waiting.add(*bytes));
            }
        }
        waiting
    }

    /// Whether the socket may have one document more.
    fn make_room(&self, address: &Address) -> Step {
        let others = self.places.keys().filter(|place| *place != address).count();
        let waits = self.places.iter().any(|(at, place)| at != address && matches!(place, Place::Waiting(_)));
        if others >= DOCUMENTS_PER_SOCKET_MAX || (!self.authenticated && waits) {
            return Err(End::Close(Close::forbidden("too many documents on one socket")));
        }
        Ok(())
    }

    /// A document's token: opens it, or says why not. A client may send a new one for a document that is open.
    async fn authenticate(&mut self, address: Address, token: String) -> Step {
        self.make_room(&address)?;
        let waited = match self.places.insert(address.clone(), Place::Shut) {
            Some(Place::Waiting(messages)) => messages,
            _ => vec![],
        };
        let shown = if token.is_empty() { self.shown } else { Some(Shown::token(&token)) };
        match Box::pin(self.sit(&address, shown)).await {
            Ok(sitting) => {
                self.places.insert(address.clone(), Place::Open(sitting));
                for (message, bytes) in waited {
                    self.forward(address.clone(), message, bytes).await?;
                }
                Ok(())
            }
            Err(problem) => self.refuse(&address, problem),
        }
    }

    async fn sit(&mut self, address: &Address, shown: Option<Shown>) -> Result<Sitting, Problem> {
        let shown = shown.ok_or_else(Problem::unauthenticated)?;
        let caller = shown.caller(&self.app.access).ok_or_else(|| match Problem::unauthenticated() {
            problem if shown.is_token() => self.app.wrong_token(self.from, problem),
            problem => problem,
        })?;
        self.authenticated = true;
        let wire = address.document().ok_or_else(Problem::not_found)?;
        let Readable { name, may, standing } = may_read(&self.app, &caller, wire).await?;
        let write = may.write(&standing, name).is_ok();
        let welcome = encode_addressed(address, &Message::Authenticated { write });
        let greeting = Greeting::new(Framed::binary(welcome));
        let words = || {
            let (pen, greeting) = (self.pen.clone(), Some(greeting.clone()));
            Box::new(Words { pen, address: Some(address.clone()), greeting }) as _
        };
        let room = self.app.rooms.sit(may, name, Some(address.clone()), words).await?;
        greeting.say(&self.pen);
        Ok(Sitting { room, shown, report: name.report, participant: may.participant() })
    }

    fn refuse(&self, address: &Address, problem: Problem) -> Step {
        let reason = match problem.kind {
            ProblemType::TooManyRequests => {
                return Err(End::Close(Close::new(Close::UNAUTHENTICATED, problem.detail)));
            }
            ProblemType::NotFound => NO_SUCH_DOCUMENT.to_owned(),
            ProblemType::Unauthenticated => "not signed in".to_owned(),
            ProblemType::Forbidden => problem.detail,
            // Not the client's fault: a denial would make it give the document up for good.
            _ => {
                self.say(address, &Message::CloseDocument { reason: problem.detail });
                return Ok(());
            }
        };
        self.say(address, &Message::Denied { reason });
        Ok(())
    }

    /// Shuts documents whose token or session is no longer good; without any left the socket ends.
    fn look_again(&mut self) -> Step {
        let over: Vec<Address> = self
            .places
            .iter()
            .filter(|(_, place)| match place {
                Place::Open(sitting) => {
                    !sitting.shown.still(&self.app.access, sitting.report, sitting.participant)
                }
                _ => false,
            })
            .map(|(address, _)| address.clone())
            .collect();
        if over.is_empty() {
            return Ok(());
        }
        for address in &over {
            self.places.insert(address.clone(), Place::Shut);
        }
        if self.sitting().next().is_none() {
            return Err(End::Close(Close::unauthenticated()));
        }
        for address in &over {
            self.say(address, &Message::CloseDocument { reason: "not signed in".to_owned() });
        }
        Ok(())
    }

    /// Who sits where, of the documents that are open.
    fn sitting(&self) -> impl Iterator<Item = &Sitting> {
        self.places.values().filter_map(|place| match place {
            Place::Open(sitting) => Some(sitting),
            _ => None,
        })
    }

    fn say(&self, address: &Address, message: &Message) {
        self.pen.write(&[Framed::binary(encode_addressed(address, message))]);
    }
}
