//! People on a report, whose methods are the API.

use anyhow::{Context, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    server::{ADMIN, Server},
};

/// A report with sections and people, on a server of its own.
pub struct Consultation {
    /// The server.
    pub server: Server,
    /// The report's id.
    pub report: String,
    /// Section ids, in the order they were asked for.
    pub sections: Vec<String>,
    /// The administrator.
    pub admin: Person,
}

/// Somebody with a bearer token.
#[derive(Clone)]
pub struct Person {
    /// `http://127.0.0.1:PORT`
    pub base: String,
    /// The report.
    pub report: String,
    /// Participant id (zeros for the administrator).
    pub id: String,
    /// Bearer token.
    pub token: String,
    /// The link that opens the web client.
    pub link: String,
}

impl Consultation {
    /// A blank report with these sections on a fresh server.
    pub async fn new(sections: &[&str]) -> anyhow::Result<Self> {
        Self::on(Server::start()?, sections).await
    }

    /// A blank report with these sections on a running server.
    pub async fn on(server: Server, sections: &[&str]) -> anyhow::Result<Self> {
        let mut admin = Person {
            base: server.base.clone(),
            report: String::new(),
            id: "0".repeat(32),
            token: ADMIN.into(),
            link: String::new(),
        };
        let sections: Vec<_> = sections.iter().map(|title| json!({ "title": title })).collect();
        let wanted = json!({ "title": "A consultation", "template": "blank", "sections": sections });
        let report = admin.call(Method::POST, "/api/reports", Some(wanted)).await?.created()?;
        admin.report = text(&report["id"])?;
        let sections = report["sections"].as_array().context("sections")?;
        let sections = sections.iter().map(|s| text(&s["id"])).collect::<anyhow::Result<_>>()?;
        Ok(Self { server, report: admin.report.clone(), sections, admin })
    }

    /// Invites somebody; `role` as in the API.
    pub async fn invite(&self, name: &str, organization: &str, role: &str) -> anyhow::Result<Person> {
        let body = json!({ "name": name, "organization": organization, "role": role });
        let made = self.admin.post("participants", body).await?.created()?;
        Ok(Person {
            base: self.server.base.clone(),
            report: self.report.clone(),
            id: text(&made["id"])?,
            token: text(&made["token"])?,
            link: text(&made["link"])?,
        })
    }

    /// After a restart: the same people at the server's new address.
    pub fn moved(&self, person: &Person) -> Person {
        Person { base: self.server.base.clone(), ..person.clone() }
    }
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Content type, without parameters.
    pub kind: String,
    /// The body; `Null` when it is not JSON.
    pub body: Value,
}

impl Answer {
    /// The body of a 201.
    pub fn created(self) -> anyhow::Result<Value> {
        ensure!(self.status == StatusCode::CREATED, "expected 201: {self:?}");
        Ok(self.body)
    }

    /// The body of a 200.
    pub fn ok(self) -> anyhow::Result<Value> {
        ensure!(self.status == StatusCode::OK, "expected 200: {self:?}");
        Ok(self.body)
    }

    /// Checks that it is a problem of this status and type, which says what to do.
    pub fn problem(self, status: u16, name: &str) -> anyhow::Result<()> {
        ensure!(self.status.as_u16() == status, "expected {status}: {self:?}");
        ensure!(self.kind == "application/problem+json", "not a problem document: {self:?}");
        ensure!(
            self.body["type"].as_str().is_some_and(|t| t.ends_with(name)),
            "expected type {name}: {self:?}"
        );
        ensure!(
            self.body["title"].is_string() && self.body["detail"].is_string(),
            "says too little: {self:?}"
        );
        Ok(())
    }
}

impl Person {
    /// Any request, as this person.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Answer> {
        let mut request = reqwest::Client::new().request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_string();
        let status = answer.status();
        Ok(Answer {
            status,
            kind,
            body: serde_json::from_slice(&answer.bytes().await?).unwrap_or(Value::Null),
        })
    }

    /// `GET /api/reports/{report}/…`
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.call(Method::GET, &self.path(path), None).await
    }

    /// `POST /api/reports/{report}/…`
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Answer> {
        self.call(Method::POST, &self.path(path), Some(body)).await
    }

    /// `PATCH /api/reports/{report}/…`
    pub async fn patch(&self, path: &str, body: Value) -> anyhow::Result<Answer> {
        self.call(Method::PATCH, &self.path(path), Some(body)).await
    }

    /// A y-websocket client of ours on a section (or `review`).
    pub async fn sit(&self, part: &str) -> anyhow::Result<Desk> {
        Desk::open(&self.base, &self.report, part, &self.token).await
    }

    /// Takes a desk up again, with its document, after its connection or the server ended.
    pub async fn sit_again(&self, desk: Desk, part: &str) -> anyhow::Result<Desk> {
        desk.come_back(&self.base, &self.report, part, &self.token).await
    }

    fn path(&self, path: &str) -> String {
        let gap = if path.is_empty() { "" } else { "/" };
        format!("/api/reports/{}{gap}{path}", self.report)
    }
}

/// A JSON value as text.
pub fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_string).with_context(|| format!("expected text, found {value}"))
}
