//! The Hocuspocus socket, over a real connection: who gets in, what is bounded, how it ends.

use axum::http::Method;
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message as Frame, client::IntoClientRequest as _},
};

use super::{ADMIN, Consultation, cookie_of};
use crate::{
    api::{Connections, serve},
    limits::{UNAUTHENTICATED_BYTES_MAX, UNAUTHENTICATED_FRAMES_MAX},
    protocol::{Address, Message, decode_addressed, encode_addressed},
};

/// The consultation's house, on a port.
async fn doors(c: &Consultation) -> (String, Connections) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (format!("ws://{address}/sync"), serve(listener, c.house.router.clone()))
}

/// A client that speaks in messages.
struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }
    async fn say(&mut self, address: &str, message: Message) {
        self.raw(encode_addressed(&Address(address.to_owned()), &message)).await;
    }
    async fn raw(&mut self, bytes: Bytes) {
        // An error: the server has closed; `closed` tells with what.
        let _ = self.0.send(Frame::Binary(bytes)).await;
    }
    /// The next message, keep-alives left out.
    async fn hear(&mut self) -> (String, Message) {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Frame::Binary(bytes) => match decode_addressed(&bytes).unwrap() {
                    (_, Message::Ping) => {}
                    (address, message) => return (address.0, message),
                },
                Frame::Ping(_) | Frame::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    async fn token(&mut self, address: &str, token: &str) -> Message {
        self.say(address, Message::Token(token.to_owned())).await;
        let (to, message) = self.hear().await;
        assert_eq!(to, address, "answers go to the address that was asked from");
        message
    }
    /// The code with which the server closes.
    async fn closed(&mut self) -> u16 {
        loop {
            match self.0.next().await {
                Some(Ok(Frame::Close(Some(close)))) => return close.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed without a word: {other:?}"),
            }
        }
    }
}

fn denied(message: &Message) -> &str {
    match message {
        Message::Denied { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_opens_documents_and_says_whether_they_may_be_written() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let (drafter, observer) = (c.invite("Dana", "drafter").await.1, c.invite("Oda", "observer").await.1);
    let (body, review) = (format!("{}/{}", c.report, c.section), format!("{}/review", c.report));
    for (token, document, write) in
        [(&drafter, &body, true), (&drafter, &review, false), (&observer, &body, false)]
    {
        let mut client = Client::open(&url, &[]).await.unwrap();
        let address = format!("{document}\0session-1");
        assert_eq!(client.token(&address, token).await, Message::Authenticated { write });
        client.say(&address, Message::SyncStep1(Bytes::from_static(&[0]))).await;
        let (to, message) = client.hear().await;
        assert_eq!(to, address);
        assert!(matches!(message, Message::SyncStep2(_)), "{message:?}");
    }
}

#[tokio::test]
async fn what_comes_before_the_token_waits_for_it() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let body = format!("{}/{}", c.report, c.section);
    let mut client = Client::open(&url, &[]).await.unwrap();
    client.say(&body, Message::SyncStep1(Bytes::from_static(&[0]))).await;
    assert_eq!(client.token(&body, ADMIN).await, Message::Authenticated { write: true });
    assert!(matches!(client.hear().await.1, Message::SyncStep2(_)));
}

#[tokio::test]
async fn a_refused_document_does_not_take_the_others_along() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let other = c.house.make(ADMIN, "/api/reports", json!({ "title": "Other", "template": "blank" })).await;
    let mut client = Client::open(&url, &[]).await.unwrap();
    let wrong = client.token(&format!("{}/review", c.report), "wrong").await;
    assert_eq!(denied(&wrong), "not signed in");
    let mut reasons = vec![];
    for hidden in [
        format!("{}/review", other["id"].as_str().unwrap()),
        format!("{}/review", "e".repeat(32)),
        format!("{}/{}", c.report, "e".repeat(32)),
        "../etc/passwd".to_owned(),
        String::new(),
    ] {
        let message = client.token(&hidden, &token).await;
        reasons.push(denied(&message).to_owned());
        // What a published client sends right behind its token is no reason to close.
        client.say(&hidden, Message::SyncStep1(Bytes::from_static(&[0]))).await;
    }
    reasons.dedup();
    assert_eq!(reasons, ["there is no such document, or none that you may open"]);
    let open = client.token(&format!("{}/review", c.report), &token).await;
    assert_eq!(open, Message::Authenticated { write: false });
}

#[tokio::test]
async fn little_is_taken_from_who_shows_no_token() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let step = |n: usize| Message::SyncStep1(Bytes::from(vec![0; n]));
    let name = |n: u8| format!("{}/{}", c.report, hex(n));

    let mut many = Client::open(&url, &[]).await.unwrap();
    for _ in 0..=UNAUTHENTICATED_FRAMES_MAX {
        many.say(&name(1), step(1)).await;
    }
    assert_eq!(many.closed().await, 4401);

    let mut large = Client::open(&url, &[]).await.unwrap();
    large.say(&name(1), step(UNAUTHENTICATED_BYTES_MAX)).await;
    assert_eq!(large.closed().await, 4401);

    let mut huge = Client::open(&url, &[]).await.unwrap();
    huge.say(&name(1), step(2 * UNAUTHENTICATED_BYTES_MAX)).await;
    assert_eq!(huge.closed().await, 1009);

    let mut wide = Client::open(&url, &[]).await.unwrap();
    wide.say(&name(1), step(1)).await;
    wide.say(&name(2), step(1)).await;
    assert_eq!(wide.closed().await, 4403);

    let mut silent = Client::open(&url, &[]).await.unwrap();
    assert_eq!(silent.closed().await, 4408);
}

fn hex(n: u8) -> String {
    format!("{n:02x}").repeat(16)
}

#[tokio::test]
async fn frames_that_are_none_close_the_socket() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    for (frame, code) in [
        (Frame::text("hello"), 1003),
        (Frame::binary(vec![]), 1002),
        (Frame::binary(vec![0xff; 40]), 1002),
        (Frame::binary(b"\x01a\x63".to_vec()), 1002),
    ] {
        let mut client = Client::open(&url, &[]).await.unwrap();
        client.0.send(frame.clone()).await.unwrap();
        assert_eq!(client.closed().await, code, "{frame:?}");
    }
}

#[tokio::test]
async fn a_cookie_opens_a_socket_only_from_a_page_of_this_site() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let signed = c.house.call("", Method::POST, "/api/session", json!({ "token": token })).await;
    let cookie = cookie_of(&signed);
    let own = url.replacen("ws", "http", 1).replace("/sync", "");
    for origin in ["https://evil.example", "null"] {
        let refused = Client::open(&url, &[("cookie", cookie.as_str()), ("origin", origin)]).await;
        assert_eq!(refused.err(), Some(403), "{origin}");
    }
    assert_eq!(Client::open(&url, &[("cookie", cookie.as_str())]).await.err(), Some(403));
    let mut client = Client::open(&url, &[("cookie", cookie.as_str()), ("origin", &own)]).await.unwrap();
    let review = format!("{}/review", c.report);
    assert_eq!(client.token(&review, "").await, Message::Authenticated { write: false });

    let session = crate::api::extract::cookie(&c.house.app.site, &headers(&cookie)).unwrap().to_owned();
    let caller = c.house.app.access.caller(crate::access::Credential::Session(&session));
    let Some(crate::access::Caller::Session { id, .. }) = caller else { panic!("signed in") };
    c.house.app.access.sign_out(id).await.unwrap();
    assert_eq!(client.closed().await, 4401, "signing out closes the sockets");
}

fn headers(cookie: &str) -> axum::http::HeaderMap {
    axum::http::HeaderMap::from_iter([(axum::http::header::COOKIE, cookie.parse().unwrap())])
}

#[tokio::test]
async fn a_revoked_document_is_over_while_the_others_go_on() {
    let c = Consultation::new().await;
    let (url, _doors) = doors(&c).await;
    let (id, token) = c.invite("Ana", "reviewer").await;
    let (review, body) = (format!("{}/review", c.report), format!("{}/{}", c.report, c.section));
    let mut client = Client::open(&url, &[]).await.unwrap();
    client.token(&review, &token).await;
    client.token(&body, ADMIN).await;
    let path = format!("{}/participants/{id}", c.at);
    assert_eq!(c.house.call(ADMIN, Method::DELETE, &path, Value::Null).await.status.as_u16(), 204);
    let over = loop {
        let (address, message) = client.hear().await;
        if address == review && matches!(message, Message::CloseDocument { .. }) {
            break address;
        }
    };
    assert_eq!(over, review);
    client.say(&body, Message::SyncStep1(Bytes::from_static(&[0]))).await;
    loop {
        let (address, message) = client.hear().await;
        if address == body && matches!(message, Message::SyncStep2(_)) {
            break;
        }
        // The room may say the same once more.
        assert!(address == review || matches!(message, Message::Awareness(_)), "{address} {message:?}");
    }
}

#[tokio::test]
async fn a_stop_is_told_to_every_socket() {
    let c = Consultation::new().await;
    let (url, doors) = doors(&c).await;
    let mut seated = Client::open(&url, &[]).await.unwrap();
    seated.token(&format!("{}/review", c.report), ADMIN).await;
    let mut fresh = Client::open(&url, &[]).await.unwrap();
    c.house.app.sockets.stop(&c.house.app.access);
    c.house.app.rooms.stop().await;
    assert_eq!((seated.closed().await, fresh.closed().await), (1012, 1012));
    drop((seated, fresh));
    doors.stop().await;
    c.house.app.sockets.closed().await;
    assert_eq!(c.house.app.sockets.count(), 0);
}
