//! The web client's files and routes, and the headers of every answer.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::Value;

use super::{ADMIN, Answer, Consultation, House};
use crate::api::{App, router};

/// A house whose web client is in a folder.
async fn furnished() -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("_app/immutable")).unwrap();
    std::fs::write(at("index.html"), "<!doctype html><title>Plenary</title>").unwrap();
    std::fs::write(at("index.html.br"), "brotli").unwrap();
    std::fs::write(at("_app/immutable/start-1.js"), "let plain").unwrap();
    std::fs::write(at("_app/immutable/start-1.js.gz"), "gzipped").unwrap();
    std::fs::write(at(".secret"), "hidden").unwrap();
    let house = House::new().await;
    let app = App { web: Some(folder.path().to_owned()), ..house.app.clone() };
    (House { router: router(app), ..house }, folder)
}

async fn browse(house: &House, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let request = Request::get(path).header(header::HOST, "localhost:8080");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_route_of_the_client_starts_from_its_page() {
    let (house, _folder) = furnished().await;
    for route in ["/", "/join", "/reports/e0e0", "/reports/e0e0/register"] {
        let page = browse(&house, route, &[]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html"), "{route}");
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(page.body.starts_with(b"<!doctype html>"));
    }
    let lost = browse(&house, "/lost", &[(header::ACCEPT, "text/html,*/*")]).await;
    assert_eq!((lost.status.as_u16(), lost.header("content-type")), (404, "text/html"));
    for nothing in ["/lost", "/.secret", "/_app/immutable/gone.js", "/..%2fsecret", "/index.html.br"] {
        assert_eq!(browse(&house, nothing, &[]).await.problem(), (404, "not-found".to_owned()), "{nothing}");
    }
    let posted = house.call("", Method::POST, "/", Value::Null).await;
    assert_eq!(posted.problem().0, 404);
}

#[tokio::test]
async fn files_come_compressed_and_stay_with_the_browser() {
    let (house, _folder) = furnished().await;
    let script = "/_app/immutable/start-1.js";
    let plain = browse(&house, script, &[]).await;
    assert_eq!((plain.body.as_slice(), plain.header("content-encoding")), (&b"let plain"[..], ""));
    assert_eq!(plain.header("content-type"), "text/javascript");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    let packed = browse(&house, script, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!((packed.body.as_slice(), packed.header("content-encoding")), (&b"gzipped"[..], "gzip"));
    let page = browse(&house, "/", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!((page.body.as_slice(), page.header("content-encoding")), (&b"brotli"[..], "br"));
    let tag = page.header("etag").to_owned();
    let again = browse(&house, "/", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn every_answer_is_strict() {
    let (house, _folder) = furnished().await;
    for path in ["/", "/lost", "/health", "/api/reports", "/api/openapi.json", "/sync"] {
        let answer = browse(&house, path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert_eq!(answer.header("strict-transport-security"), "", "only https makes a browser insist on it");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_document_comes_compressed() {
    let c = Consultation::new().await;
    for n in 0..20 {
        let text = serde_json::json!({ "section": c.section, "text": format!("Comment {n}") });
        c.house.make(ADMIN, &format!("{}/threads", c.at), text).await;
    }
    let path = format!("{}/documents/review", c.at);
    let plain = c.house.get(ADMIN, &path).await;
    assert_eq!(plain.header("content-type"), "application/octet-stream");
    let bearer = format!("Bearer {ADMIN}");
    let packed =
        browse(&c.house, &path, &[(header::AUTHORIZATION, &bearer), (header::ACCEPT_ENCODING, "br")]).await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert!(packed.body.len() < plain.body.len() / 2, "{} of {}", packed.body.len(), plain.body.len());
}
