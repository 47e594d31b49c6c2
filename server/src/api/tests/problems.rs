//! What goes wrong is said in one shape, and says no more than it may.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{ADMIN, Consultation, House};
use crate::limits::{BAD_TOKENS_PER_MINUTE, HTTP_BODY_BYTES_MAX};

#[tokio::test]
async fn each_fault_has_its_problem() {
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let threads = format!("{}/threads", c.at);
    let post = |token: &'static str| (token, Method::POST);
    let get = |token: &'static str| (token, Method::GET);
    for ((who, method), path, body, expected) in [
        (get(""), c.at.as_str(), Value::Null, (401, "unauthenticated")),
        (get("wrong"), &c.at, Value::Null, (401, "unauthenticated")),
        (get("own"), "/api/reports/00000000000000000000000000000000", Value::Null, (404, "not-found")),
        (get("own"), "/api/reports/no-id", Value::Null, (404, "not-found")),
        (
            get("own"),
            &c.at.to_uppercase().replace("/API/REPORTS", "/api/reports"),
            Value::Null,
            (404, "not-found"),
        ),
        (get("own"), &format!("{threads}?section=no-id"), Value::Null, (404, "not-found")),
        (get("own"), &format!("{}/documents/..%2freview", c.at), Value::Null, (404, "not-found")),
        (post("own"), &threads, json!({ "section": c.section }), (422, "invalid")),
        (post("own"), &threads, json!({ "section": c.section, "text": "" }), (422, "invalid")),
        (post("own"), &threads, json!({ "section": "e".repeat(32), "text": "?" }), (404, "not-found")),
        (post("own"), "/api/nowhere", Value::Null, (404, "not-found")),
        (get("own"), "/sync/nowhere", Value::Null, (404, "not-found")),
        ((("own"), Method::DELETE), &threads, Value::Null, (405, "method-not-allowed")),
        (post(""), "/api/session", json!({ "token": "wrong" }), (401, "invalid-invitation")),
        (post(""), "/api/invitation", json!({ "token": "wrong" }), (401, "invalid-invitation")),
        (get("own"), "/sync", Value::Null, (400, "malformed")),
    ] {
        let who = if who == "own" { token.as_str() } else { who };
        let answer = c.house.call(who, method.clone(), path, body).await;
        let (status, kind) = answer.problem();
        assert_eq!((status, kind.as_str()), expected, "{method} {path}");
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        assert_eq!(answer.header("x-request-id").len(), 32);
    }
}

async fn raw(c: &Consultation, kind: &str, body: Vec<u8>) -> (u16, String) {
    let request = Request::post(format!("{}/threads", c.at))
        .header(header::AUTHORIZATION, format!("Bearer {ADMIN}"))
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body));
    c.house.send(request.unwrap()).await.problem()
}

#[tokio::test]
async fn bodies_are_json_and_of_a_size() {
    let c = Consultation::new().await;
    let is = |status, kind: &str| (status, kind.to_owned());
    assert_eq!(raw(&c, "application/json", b"{not json".to_vec()).await, is(400, "malformed"));
    assert_eq!(raw(&c, "application/json", b"\xff\xfe".to_vec()).await, is(400, "malformed"));
    assert_eq!(raw(&c, "application/json", b"{}{}".to_vec()).await, is(422, "invalid"));
    assert_eq!(raw(&c, "text/plain", c.thread().to_string().into()).await, is(415, "unsupported-media-type"));
    assert_eq!(raw(&c, "application/json", vec![b' '; 30 * 1024 * 1024]).await, is(413, "too-large"));
    assert_eq!(raw(&c, "application/json", vec![b' '; HTTP_BODY_BYTES_MAX]).await, is(400, "malformed"));
    let listed = c.house.get(ADMIN, &format!("{}/threads", c.at)).await.json();
    assert_eq!(listed, json!({ "threads": [] }), "nothing of it was done");
}

#[tokio::test]
async fn what_one_may_not_know_of_answers_as_what_is_not_there() {
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "coordinator").await;
    let other = c.house.make(ADMIN, "/api/reports", json!({ "title": "Secret", "template": "blank" })).await;
    let hidden = c.house.get(&token, &format!("/api/reports/{}", other["id"].as_str().unwrap())).await;
    let absent = c.house.get(&token, &format!("/api/reports/{}", "e".repeat(32))).await;
    let bad = c.house.get(&token, "/api/reports/x").await;
    assert_eq!(hidden.problem(), (404, "not-found".to_owned()));
    assert_eq!((&hidden.body, &hidden.body), (&absent.body, &bad.body));
}

#[tokio::test]
async fn two_ids_in_one_path_must_belong_together() {
    let c = Consultation::new().await;
    let threads = format!("{}/threads", c.at);
    let id = |made: Value| made["id"].as_str().unwrap().to_owned();
    let one = id(c.house.make(ADMIN, &threads, c.thread()).await);
    let two = id(c.house.make(ADMIN, &threads, c.thread()).await);
    let reply = id(c.house.make(ADMIN, &format!("{threads}/{one}/replies"), json!({ "text": "a" })).await);
    let edit = json!({ "text": "b" });
    let wrong =
        c.house.call(ADMIN, Method::PATCH, &format!("{threads}/{two}/replies/{reply}"), edit.clone()).await;
    assert_eq!(wrong.problem(), (404, "not-found".to_owned()));
    let right = c.house.call(ADMIN, Method::PATCH, &format!("{threads}/{one}/replies/{reply}"), edit).await;
    assert_eq!(right.text("text"), "b");
}

#[tokio::test]
async fn many_wrong_tokens_wait_and_right_ones_do_not() {
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    for n in 0..BAD_TOKENS_PER_MINUTE {
        assert_eq!(c.house.get(&format!("guess-{n}"), &c.at).await.status.as_u16(), 401);
    }
    let answer = c.house.get("one-more", &c.at).await;
    assert_eq!(answer.problem(), (429, "too-many-requests".to_owned()));
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
    let link = c.house.call("", Method::POST, "/api/invitation", json!({ "token": "guess" })).await;
    assert_eq!(link.status.as_u16(), 429);
    assert_eq!(c.house.get(&token, &c.at).await.status.as_u16(), 200, "colleagues at the same address go on");
    c.house.advance(Duration::from_secs(60));
    assert_eq!(c.house.get("guess", &c.at).await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_panic_is_an_answer_that_tells_nothing() {
    let house = House::new().await;
    async fn panics() -> &'static str {
        panic!("secret words")
    }
    let router = house.router.clone().route("/panics", axum::routing::get(panics));
    // As the router's own layers would: they wrap what was there when they were added.
    let router = router.layer(tower_http::catch_panic::CatchPanicLayer::custom(crate::api::log::panicked));
    let house = House { router, ..house };
    let answer = house.get("", "/panics").await;
    assert_eq!(answer.problem(), (500, "internal".to_owned()));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
}

/// Where a test's log lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_token_query_or_text_is_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("plenary=trace")
        .with_writer(move || writer.clone())
        .finish();
    // For all threads: what a scoped one sees depends on which thread came by a log line first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let text = json!({ "section": c.section, "text": "words-of-a-comment" });
    c.house.make(&token, &format!("{}/threads", c.at), text).await;
    c.house.call("", Method::POST, "/api/session", json!({ "token": token })).await;
    c.house.call("", Method::POST, "/api/session", json!({ "token": "wrong-secret" })).await;
    for path in ["/sync?token=wrong-secret", "/join/wrong-secret", "/api/reports/wrong-secret?q=wrong-secret"]
    {
        c.house.get("wrong-secret", path).await;
    }
    let written = String::from_utf8(lines.0.lock().clone()).unwrap();
    assert!(written.contains("answered"), "the log is seen: {written}");
    for secret in [token.as_str(), ADMIN, "wrong-secret", "words-of-a-comment"] {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
}
