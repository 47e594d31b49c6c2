//! Signing in by a link: cookies, origins, and what ends a session.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

use super::{ADMIN, Answer, Consultation, House, cookie_of as cookie};

const OWN: &str = "http://localhost:8080";

/// A request of a browser, with its cookie and the origin of its page.
async fn browse(
    house: &House,
    method: Method,
    path: &str,
    cookie: &str,
    origin: &str,
    body: Value,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080");
    if !cookie.is_empty() {
        request = request.header(header::COOKIE, cookie);
    }
    if !origin.is_empty() {
        request = request.header(header::ORIGIN, origin);
    }
    request = request.header(header::CONTENT_TYPE, "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    house.send(request.body(body).unwrap()).await
}

async fn sign_in(house: &House, token: &str, cookie: &str, keep: bool) -> Answer {
    let body = json!({ "token": token, "keep": keep });
    browse(house, Method::POST, "/api/session", cookie, OWN, body).await
}

#[tokio::test]
async fn a_link_is_looked_at_without_being_used_and_opens_a_session() {
    let c = Consultation::new().await;
    let (id, token) = c.invite("Ana", "reviewer").await;
    for _ in 0..2 {
        let seen = c.house.call("", Method::POST, "/api/invitation", json!({ "token": token })).await.json();
        assert_eq!((&seen["report"]["title"], &seen["joined"]), (&json!("Draft"), &json!(false)));
        assert_eq!(
            (&seen["participant"]["id"], &seen["organization"]["name"]),
            (&json!(id), &json!("Ministry of Housing"))
        );
    }
    let signed = sign_in(&c.house, &token, "", false).await;
    assert_eq!(signed.json()["seats"][0]["role"], "reviewer");
    let seen = c.house.call("", Method::POST, "/api/invitation", json!({ "token": token })).await.json();
    assert_eq!(seen["joined"], true);
    let cookie = cookie(&signed);
    let read = browse(&c.house, Method::GET, "/api/session", &cookie, "", Value::Null).await;
    assert_eq!(read.json(), signed.json());
    let thread = browse(&c.house, Method::POST, &format!("{}/threads", c.at), &cookie, OWN, c.thread()).await;
    assert_eq!(thread.status.as_u16(), 201);
    assert_eq!(thread.text("author"), id);
}

#[tokio::test]
async fn a_browser_gains_reports_and_its_session_is_new_each_time() {
    let c = Consultation::new().await;
    let (_, first) = c.invite("Ana", "reviewer").await;
    let other = Consultation::on(House {
        clock: c.house.clock.clone(),
        app: c.house.app.clone(),
        router: c.house.router.clone(),
    })
    .await;
    let (_, second) = other.invite("Ana", "observer").await;
    let one = cookie(&sign_in(&c.house, &first, "", true).await);
    let both = sign_in(&c.house, &second, &one, true).await;
    assert_eq!(both.json()["seats"].as_array().map(Vec::len), Some(2));
    assert_ne!(cookie(&both), one, "a session that somebody planted is left behind");
}

#[tokio::test]
async fn cookies_are_closed_to_scripts_and_other_sites() {
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let plain = sign_in(&c.house, &token, "", false).await;
    let flags =
        |answer: &Answer| answer.header("set-cookie").split_once("; ").map(|(_, flags)| flags.to_owned());
    assert!(cookie(&plain).starts_with("plenary="));
    assert_eq!(flags(&plain).as_deref(), Some("Path=/; HttpOnly; SameSite=Lax"));
    let kept = sign_in(&c.house, &token, "", true).await;
    assert_eq!(flags(&kept).as_deref(), Some("Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"));

    let app = crate::api::App {
        site: crate::api::Site::new(Some("https://a.example")).unwrap(),
        ..c.house.app.clone()
    };
    let house = House { clock: c.house.clock.clone(), router: crate::api::router(app.clone()), app };
    let body = json!({ "token": token });
    let secure = browse(&house, Method::POST, "/api/session", "", "https://a.example", body).await;
    assert!(cookie(&secure).starts_with("__Host-plenary="), "{secure:?}");
    assert_eq!(flags(&secure).as_deref(), Some("Path=/; HttpOnly; SameSite=Lax; Secure"));
    assert_eq!(secure.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

#[tokio::test]
async fn a_foreign_page_changes_nothing() {
    let c = Consultation::new().await;
    let (_, token) = c.invite("Ana", "reviewer").await;
    let cookie = cookie(&sign_in(&c.house, &token, "", false).await);
    let threads = format!("{}/threads", c.at);
    for origin in ["https://evil.example", "null", ""] {
        let answer = browse(&c.house, Method::POST, &threads, &cookie, origin, c.thread()).await;
        assert_eq!(answer.problem(), (403, "foreign-origin".to_owned()), "{origin}");
    }
    let planted =
        browse(&c.house, Method::POST, "/api/session", "", "https://evil.example", json!({ "token": token }))
            .await;
    assert_eq!(planted.problem().1, "foreign-origin");
    let listed = c.house.get(ADMIN, &threads).await.json();
    assert_eq!(listed, json!({ "threads": [] }));
}

#[tokio::test]
async fn links_and_sessions_end() {
    let c = Consultation::new().await;
    let (_, late) = c.invite("Late", "reviewer").await;
    let (gone_id, gone) = c.invite("Gone", "reviewer").await;
    let (_, here) = c.invite("Here", "reviewer").await;
    let session = cookie(&sign_in(&c.house, &here, "", false).await);
    let out = browse(&c.house, Method::DELETE, "/api/session", &session, OWN, Value::Null).await;
    assert_eq!((out.status.as_u16(), out.header("set-cookie").contains("Max-Age=0")), (204, true));
    let after = browse(&c.house, Method::GET, "/api/session", &session, "", Value::Null).await;
    assert_eq!(after.problem(), (401, "unauthenticated".to_owned()));

    let path = format!("{}/participants/{gone_id}", c.at);
    assert_eq!(c.house.call(ADMIN, Method::DELETE, &path, Value::Null).await.status.as_u16(), 204);
    let revoked = sign_in(&c.house, &gone, "", false).await;
    let unknown = sign_in(&c.house, "never-was", "", false).await;
    c.house.advance(Duration::from_secs(61 * 24 * 3600));
    let expired = sign_in(&c.house, &late, "", false).await;
    assert_eq!(revoked.problem(), (401, "invalid-invitation".to_owned()));
    assert_eq!(
        (&revoked.body, &revoked.body),
        (&unknown.body, &expired.body),
        "no reason is told from another"
    );
    assert_eq!(c.house.get(&gone, &c.at).await.status.as_u16(), 401);
}
