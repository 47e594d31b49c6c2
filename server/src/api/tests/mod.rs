//! The HTTP interface in one process, on a journal in memory.

mod health;
mod pages;
mod problems;
mod public;
mod rights;
mod session;
mod sockets;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{App, Condition, Site, Sockets, router};
use crate::{
    access::{Access, Attempts, Secret},
    clock::Clock,
    journal::{Durability, MemoryJournal},
    room::{Rooms, Window},
};

const ADMIN: &str = "the-admin-token-of-the-tests";

/// A server without a socket, whose clock stands still.
struct House {
    clock: Clock,
    app: App,
    router: Router,
}

/// What a request came back with.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    /// Checks that it is a problem, and gives status and type.
    fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert!(
            body["title"].is_string() && body["detail"].as_str().is_some_and(|it| it.len() > 20),
            "{body}"
        );
        (self.status.as_u16(), body["type"].as_str().unwrap().to_owned())
    }
    fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("no {field} in {self:?}")).to_owned()
    }
}

impl House {
    async fn new() -> Self {
        Self::at(None).await
    }

    async fn at(public: Option<&str>) -> Self {
        let clock = Clock::fixed(Timestamp::from_second(1_800_000_000).unwrap(), 7);
        let journal = Arc::new(MemoryJournal::with_clock(clock.clone()));
        let access = Access::open(journal.clone(), clock.clone(), Secret::new(ADMIN)).await.unwrap();
        let app = App {
            rooms: Rooms::start(journal, clock.clone(), 1, Window::default()),
            access,
            clock: clock.clone(),
            durability: Durability::None,
            condition: Condition::default(),
            site: Site::new(public).unwrap(),
            sockets: Sockets::default(),
            attempts: Arc::new(parking_lot::Mutex::new(Attempts::default())),
            web: None,
        };
        Self { clock, router: router(app.clone()), app }
    }

    fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request by the holder of a token (`""`: by nobody); `Null` is no body.
    async fn call(&self, token: &str, method: Method, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, Method::GET, path, Value::Null).await
    }

    /// As `call`, for what must be made.
    async fn make(&self, token: &str, path: &str, body: Value) -> Value {
        let answer = self.call(token, Method::POST, path, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.json()
    }
}

/// `name=value` of the cookie that an answer sets.
fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// A report with a section in review, and people.
struct Consultation {
    house: House,
    /// `/api/reports/{id}`
    at: String,
    report: String,
    section: String,
}

impl Consultation {
    async fn new() -> Self {
        Self::on(House::new().await).await
    }

    async fn on(house: House) -> Self {
        let new = json!({ "title": "Draft", "template": "blank", "sections": [{ "title": "Housing" }] });
        let made = house.make(ADMIN, "/api/reports", new).await;
        let report = made["id"].as_str().unwrap().to_owned();
        let section = made["sections"][0]["id"].as_str().unwrap().to_owned();
        let at = format!("/api/reports/{report}");
        let path = format!("{at}/sections/{section}");
        let moved = house.call(ADMIN, Method::PATCH, &path, json!({ "stage": "in_review" })).await;
        assert_eq!(moved.status, StatusCode::OK, "{moved:?}");
        Self { house, at, report, section }
    }

    /// Invites somebody; gives their id and token.
    async fn invite(&self, name: &str, role: &str) -> (String, String) {
        let who = json!({ "name": name, "organization": "Ministry of Housing", "role": role });
        let made = self.house.make(ADMIN, &format!("{}/participants", self.at), who).await;
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        assert_eq!(text("link"), format!("http://localhost:8080/join#{}", text("token")));
        (text("id"), text("token"))
    }

    fn thread(&self) -> Value {
        json!({ "section": self.section, "text": "Which year?" })
    }

    fn recommendation(&self) -> Value {
        json!({ "section": self.section, "title": "Publish the data", "text": "Every year." })
    }
}
