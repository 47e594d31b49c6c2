//! Who may do what: every operation of the description, by every kind of caller.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::{ADMIN, Consultation};

/// Callers, in the order of the table's columns.
const CALLERS: [&str; 8] =
    ["nobody", "wrong token", "stranger", "observer", "reviewer", "drafter", "coordinator", "administrator"];

/// Statuses by operation. The thread, reply and recommendation were made by the reviewer.
#[rustfmt::skip]
const TABLE: &[(&str, [u16; 8])] = &[
    //                       nobody wrong strng obser revie draft coord admin
    ("health",               [200,  200,  200,  200,  200,  200,  200,  200]),
    ("read_invitation",      [200,  200,  200,  200,  200,  200,  200,  200]),
    ("sign_in",              [200,  200,  200,  200,  200,  200,  200,  200]),
    ("read_session",         [401,  401,  200,  200,  200,  200,  200,  200]),
    ("sign_out",             [401,  401,  403,  403,  403,  403,  403,  403]),
    ("list_reports",         [401,  401,  200,  200,  200,  200,  200,  200]),
    ("create_report",        [401,  401,  403,  403,  403,  403,  403,  201]),
    ("read_report",          [401,  401,  404,  200,  200,  200,  200,  200]),
    ("change_report",        [401,  401,  404,  403,  403,  403,  200,  200]),
    ("show_meeting",         [401,  401,  404,  403,  403,  403,  200,  200]),
    ("end_meeting",          [401,  401,  404,  403,  403,  403,  204,  204]),
    ("list_sections",        [401,  401,  404,  200,  200,  200,  200,  200]),
    ("add_section",          [401,  401,  404,  403,  403,  403,  201,  201]),
    ("change_section",       [401,  401,  404,  403,  403,  403,  200,  200]),
    ("list_organizations",   [401,  401,  404,  200,  200,  200,  200,  200]),
    ("add_organization",     [401,  401,  404,  403,  403,  403,  201,  201]),
    ("change_organization",  [401,  401,  404,  403,  403,  403,  200,  200]),
    ("list_participants",    [401,  401,  404,  200,  200,  200,  200,  200]),
    ("add_participant",      [401,  401,  404,  403,  403,  403,  201,  201]),
    ("change_participant",   [401,  401,  404,  403,  403,  403,  200,  200]),
    ("remove_participant",   [401,  401,  404,  403,  403,  403,  204,  204]),
    ("list_threads",         [401,  401,  404,  200,  200,  200,  200,  200]),
    ("open_thread",          [401,  401,  404,  403,  201,  201,  201,  201]),
    ("edit_thread",          [401,  401,  404,  403,  200,  403,  403,  403]),
    ("resolve_thread",       [401,  401,  404,  403,  200,  200,  200,  200]),
    ("reopen_thread",        [401,  401,  404,  403,  200,  200,  200,  200]),
    ("place_thread",         [401,  401,  404,  403,  200,  200,  200,  200]),
    ("reply",                [401,  401,  404,  403,  201,  201,  201,  201]),
    ("edit_reply",           [401,  401,  404,  403,  200,  403,  403,  403]),
    ("list_recommendations", [401,  401,  404,  200,  200,  200,  200,  200]),
    ("recommend",            [401,  401,  404,  403,  201,  201,  201,  201]),
    ("read_recommendation",  [401,  401,  404,  200,  200,  200,  200,  200]),
    ("edit_recommendation",  [401,  401,  404,  403,  200,  403,  200,  200]),
    ("place_recommendation", [401,  401,  404,  403,  200,  403,  200,  200]),
    ("list_steps",           [401,  401,  404,  200,  200,  200,  200,  200]),
    ("take_step",            [401,  401,  404,  403,  403,  403,  201,  201]),
    ("list_positions",       [401,  401,  404,  200,  200,  200,  200,  200]),
    ("list_all_positions",   [401,  401,  404,  200,  200,  200,  200,  200]),
    // The administrator acts for no organization, and must name one.
    ("take_position",        [401,  401,  404,  403,  201,  201,  201,  422]),
    ("list_progress",        [401,  401,  404,  200,  200,  200,  200,  200]),
    // It is not published yet, and no organization leads it.
    ("report_progress",      [401,  401,  404,  403,  403,  403,  409,  409]),
    // The other report is not theirs; the administrator's are all.
    ("carry_over",           [401,  401,  404,  403,  403,  403,  422,  201]),
    ("read_reference",       [200,  200,  200,  200,  200,  200,  200,  200]),
    ("list_terms",           [401,  401,  404,  200,  200,  200,  200,  200]),
    ("add_term",             [401,  401,  404,  403,  403,  403,  201,  201]),
    ("read_document",        [401,  401,  404,  200,  200,  200,  200,  200]),
];

/// What an operation acts on, made anew whenever one has changed it.
struct Scene {
    c: Consultation,
    tokens: [String; 8],
    guest: (String, String),
    thread: String,
    resolved: String,
    reply: String,
    recommendation: String,
    organization: String,
    /// Another report of the same server, and nobody's here but the administrator's.
    other: String,
}

impl Scene {
    async fn new() -> Self {
        let c = Consultation::new().await;
        let mut tokens: [String; 8] = Default::default();
        for (token, role) in tokens[3..7].iter_mut().zip(["observer", "reviewer", "drafter", "coordinator"]) {
            *token = c.invite(role, role).await.1;
        }
        tokens[1] = "no-such-token".to_owned();
        tokens[7] = ADMIN.to_owned();
        let other;
        (other, tokens[2]) = stranger(&c).await;
        let guest = c.invite("Guest", "observer").await;
        let reviewer = tokens[4].clone();
        let id = |made: Value| made["id"].as_str().unwrap().to_owned();
        let threads = format!("{}/threads", c.at);
        let thread = id(c.house.make(&reviewer, &threads, c.thread()).await);
        let resolved = id(c.house.make(&reviewer, &threads, c.thread()).await);
        c.house.call(&reviewer, Method::POST, &format!("{threads}/{resolved}/resolve"), Value::Null).await;
        let reply = json!({ "text": "2025." });
        let reply = id(c.house.make(&reviewer, &format!("{threads}/{thread}/replies"), reply).await);
        let recommendations = format!("{}/recommendations", c.at);
        let recommendation = id(c.house.make(&reviewer, &recommendations, c.recommendation()).await);
        let organizations =
            c.house.call(ADMIN, Method::GET, &format!("{}/organizations", c.at), Value::Null).await;
        let organization = id(organizations.json()["organizations"][0].clone());
        Self { c, tokens, guest, thread, resolved, reply, recommendation, organization, other }
    }

    fn body(&self, operation: &str) -> Value {
        let anchor = json!({ "anchor": { "start": { "tname": "body" }, "end": { "tname": "body" }, "quote": "words" } });
        match operation {
            "read_invitation" | "sign_in" => json!({ "token": self.guest.1 }),
            "create_report" => json!({ "title": "Another", "template": "mgi" }),
            "add_section" => json!({ "title": "Health" }),
            "change_section" => json!({ "title": "Homes" }),
            "add_organization" => json!({ "name": "Union of Cities" }),
            "add_participant" => {
                json!({ "name": "Nina", "organization": "Statistics Office", "role": "observer" })
            }
            "change_participant" => json!({ "role": "reviewer" }),
            "open_thread" => self.c.thread(),
            "edit_thread" | "edit_reply" | "reply" => json!({ "text": "Which year is meant?" }),
            "place_thread" | "place_recommendation" => anchor,
            "recommend" => self.c.recommendation(),
            "change_report" => json!({ "public_names": true }),
            "show_meeting" => json!({ "recommendation": self.recommendation }),
            "change_organization" => json!({ "head": null }),
            "take_step" => json!({ "seen": 1, "step": "discuss" }),
            "take_position" => json!({ "position": "support" }),
            "report_progress" => json!({ "state": "under_way" }),
            "carry_over" => json!({ "from": self.other }),
            "add_term" => json!({ "list": "themes", "code": "1.8", "title": "Housing", "dimension": "1" }),
            "edit_recommendation" => json!({ "priority": "high" }),
            _ => Value::Null,
        }
    }

    fn path(&self, operation: &str, pattern: &str) -> String {
        let thread = if operation == "reopen_thread" { &self.resolved } else { &self.thread };
        pattern
            .replace("{report}", &self.c.report)
            .replace("{section}", &self.c.section)
            .replace("{organization}", &self.organization)
            .replace("{participant}", &self.guest.0)
            .replace("{thread}", thread)
            .replace("{reply}", &self.reply)
            .replace("{recommendation}", &self.recommendation)
            .replace("{document}", &self.c.section)
    }
}

/// Somebody on another report of the same server.
async fn stranger(c: &Consultation) -> (String, String) {
    let other = c.house.make(ADMIN, "/api/reports", json!({ "title": "Other", "template": "blank" })).await;
    let other = other["id"].as_str().unwrap().to_owned();
    let path = format!("/api/reports/{other}/participants");
    let who = json!({ "name": "Stranger", "organization": "Elsewhere", "role": "coordinator" });
    let token = c.house.make(ADMIN, &path, who).await["token"].as_str().unwrap().to_owned();
    (other, token)
}

/// All operations as (id, method, path).
fn operations() -> Vec<(String, Method, String)> {
    let openapi = serde_json::to_value(crate::api::description()).unwrap();
    let mut all = vec![];
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            all.push((id, method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    all
}

#[test]
fn the_table_names_every_operation_and_no_other() {
    let described: BTreeSet<String> = operations().into_iter().map(|(id, ..)| id).collect();
    let tabled: BTreeSet<String> = TABLE.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(described, tabled);
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let mut wrong = vec![];
    let mut scene = Scene::new().await;
    for (id, method, pattern) in operations() {
        let Some((_, expected)) = TABLE.iter().find(|(name, _)| *name == id) else { continue };
        for (column, caller) in CALLERS.iter().enumerate() {
            let (path, body) = (scene.path(&id, &pattern), scene.body(&id));
            let answer = scene.c.house.call(&scene.tokens[column], method.clone(), &path, body).await;
            if answer.status.as_u16() != expected[column] {
                wrong.push(format!("{id} by {caller}: {} {}", answer.status, answer.json()));
            }
            // What was changed must not decide the next cell.
            if method != Method::GET && answer.status.is_success() {
                scene.c.house.app.rooms.stop().await;
                scene = Scene::new().await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
