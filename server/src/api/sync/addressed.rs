//! A Hocuspocus conversation: many documents, each with a token of its own.
//!
//! Until one token was good, a socket may send little, open one document, and stay only for a moment.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use tokio::{sync::mpsc, time::Instant};

use super::{
    super::{App, Problem, ProblemType, extract::Peer},
    NO_SUCH_DOCUMENT, Shown,
    ear::{Ear, Heard},
    line::Allowance,
    may_read,
    mouth::{Mouth, Order},
    plain::from_client,
    talk::{End, linger, talk},
    upgrade::Socket,
};
use crate::{
    access::Secret,
    ids::{DocumentName, ParticipantId, ReportId},
    limits::{
        AUTHENTICATION_TIME_MAX, DOCUMENTS_PER_SOCKET_MAX, SOCKET_ORDERS_MAX, UNAUTHENTICATED_BYTES_MAX,
        UNAUTHENTICATED_FRAMES_MAX,
    },
    measure::meter,
    protocol::{Address, Close, Message, decode_addressed, encode_addressed},
    room::{Outgoing, SeatSender},
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

struct Sitting {
    room: SeatSender,
    shown: Shown,
    report: ReportId,
    participant: ParticipantId,
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
struct Desk<'a> {
    app: &'a App,
    from: Peer,
    /// What came with the handshake, for documents whose token is empty.
    shown: Option<Shown>,
    orders: &'a mpsc::Sender<Order>,
    allowance: Allowance,
    authenticated: bool,
    /// What the socket sent before it was authenticated.
    sent: Amount,
    places: HashMap<Address, Place>,
}

/// Goes on, or ends the conversation.
type Step = Result<(), End>;

/// Holds the conversation.
pub(super) async fn converse(app: App, socket: Socket, from: Peer, shown: Option<Shown>) {
    let _here = meter().addressed_socket();
    let allowance = socket.get_ref().allowance().clone();
    let (sink, stream) = socket.split();
    let (orders, todo) = mpsc::channel(SOCKET_ORDERS_MAX);
    let mut ear = Ear::new(&app, stream, Some(Instant::now() + AUTHENTICATION_TIME_MAX));
    let ping = encode_addressed(&Address(String::new()), &Message::Ping);
    let desk = Desk {
        app: &app,
        from,
        shown,
        orders: &orders,
        allowance,
        authenticated: false,
        sent: Amount::default(),
        places: HashMap::new(),
    };
    let sink = talk(Mouth::new(sink, todo, ping), &orders, desk.listen(&mut ear)).await;
    if let Some(sink) = sink {
        linger(sink, ear.into_stream()).await;
    }
}

impl Desk<'_> {
    async fn listen(mut self, ear: &mut Ear) -> End {
        loop {
            let step = match ear.next().await {
                Heard::Frame(frame) => self.take(&frame).await,
                Heard::AccessChanged => self.look_again().await,
                Heard::Stopping if self.open() == 0 => Err(End::Close(Close::restarting())),
                // The rooms say goodbye, after all that they have confirmed.
                Heard::Stopping => Ok(()),
                Heard::Over(close) => Err(End::Close(close)),
                Heard::Gone => Err(End::Gone),
            };
            if let Err(end) = step {
                if let End::Close(close) = &end {
                    tracing::info!(code = close.code, reason = close.reason, "a socket was closed");
                }
                return end;
            }
            if self.authenticated {
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
            Message::Ping => self.say(&address, &Message::Pong).await,
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
        let shown =
            if token.is_empty() { self.shown.clone() } else { Some(Shown::Token(Secret::new(token))) };
        match self.sit(&address, shown).await {
            Ok((sitting, write, outbox)) => {
                self.say(&address, &Message::Authenticated { write }).await?;
                let relay = Order::Relay { address: Some(address.clone()), outbox };
                self.orders.send(relay).await.map_err(|_| End::Gone)?;
                self.places.insert(address.clone(), Place::Open(sitting));
                for (message, bytes) in waited {
                    self.forward(address.clone(), message, bytes).await?;
                }
                Ok(())
            }
            Err(problem) => self.refuse(&address, problem).await,
        }
    }

    async fn sit(
        &mut self,
        address: &Address,
        shown: Option<Shown>,
    ) -> Result<(Sitting, bool, mpsc::Receiver<Outgoing>), Problem> {
        let shown = shown.ok_or_else(Problem::unauthenticated)?;
        let caller = shown.caller(self.app).ok_or_else(|| match shown {
            Shown::Token(_) => self.app.wrong_token(self.from, Problem::unauthenticated()),
            Shown::Cookie(_) => Problem::unauthenticated(),
        })?;
        self.authenticated = true;
        self.allowance.lift();
        let name: DocumentName = address.document().ok_or_else(Problem::not_found)?;
        let (may, standing) = may_read(self.app, &caller, name).await?;
        let write = may.write(&standing, name).is_ok();
        let seat = self.app.rooms.join_at(may, name, address.clone()).await?;
        let (room, outbox) = seat.split();
        let sitting = Sitting { room, shown, report: name.report, participant: may.participant() };
        Ok((sitting, write, outbox))
    }

    async fn refuse(&mut self, address: &Address, problem: Problem) -> Step {
        let reason = match problem.kind {
            ProblemType::TooManyRequests => {
                return Err(End::Close(Close::new(Close::UNAUTHENTICATED, problem.detail)));
            }
            ProblemType::NotFound => NO_SUCH_DOCUMENT.to_owned(),
            ProblemType::Unauthenticated => "not signed in".to_owned(),
            ProblemType::Forbidden => problem.detail,
            // Not the client's fault: a denial would make it give the document up for good.
            _ => {
                let message = Message::CloseDocument { reason: problem.detail };
                return self.say(address, &message).await;
            }
        };
        self.say(address, &Message::Denied { reason }).await
    }

    /// Shuts documents whose token or session is no longer good; without any left the socket ends.
    async fn look_again(&mut self) -> Step {
        let over: Vec<Address> = self
            .places
            .iter()
            .filter(|(_, place)| match place {
                Place::Open(sitting) => !sitting.shown.still(self.app, sitting.report, sitting.participant),
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
        if self.open() == 0 {
            return Err(End::Close(Close::unauthenticated()));
        }
        for address in &over {
            self.say(address, &Message::CloseDocument { reason: "not signed in".to_owned() }).await?;
        }
        Ok(())
    }

    fn open(&self) -> usize {
        self.places.values().filter(|place| matches!(place, Place::Open(_))).count()
    }

    async fn say(&self, address: &Address, message: &Message) -> Step {
        let frame = encode_addressed(address, message);
        self.orders.send(Order::Say(frame)).await.map_err(|_| End::Gone)
    }
}
