//! Who gets in, and what everybody else is told.

use plenary_tests::{Consultation, Desk, Person};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn without_credentials_nothing_opens() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let nobody = Person { token: String::new(), ..c.admin.clone() };
    let stranger = Person { token: "not-a-token".into(), ..c.admin.clone() };
    for person in [nobody, stranger] {
        person.get("").await?.problem(401, "unauthenticated")?;
        person.get("threads").await?.problem(401, "unauthenticated")?;
        let mut desk = Desk::connect(&person.base, &c.report, &c.sections[0], &person.token).await?;
        assert_eq!(desk.closed().await?.0, 4401);
    }
    Ok(())
}

#[tokio::test]
async fn what_one_may_not_know_of_looks_like_what_is_not_there() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let other = json!({ "title": "Another", "template": "blank", "sections": [{ "title": "Secret" }] });
    let other = c.admin.call(Method::POST, "/api/reports", Some(other)).await?.created()?;
    let foreign = format!("/api/reports/{}", other["id"].as_str().unwrap_or_default());
    let absent = format!("/api/reports/{}", "e".repeat(32));
    let (a, b) = (ana.call(Method::GET, &foreign, None).await?, ana.call(Method::GET, &absent, None).await?);
    assert_eq!((a.status, &a.body), (b.status, &b.body));
    a.problem(404, "not-found")?;
    ana.call(Method::GET, "/api/reports/../../etc", None).await?.problem(404, "not-found")?;
    ana.call(Method::GET, "/api/nowhere", None).await?.problem(404, "not-found")
}

#[tokio::test]
async fn bad_requests_get_clear_answers_and_change_nothing() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let url = format!("{}/api/reports/{}/threads", c.server.base, c.report);
    let client = reqwest::Client::new();
    let send = |kind: &'static str, body: Vec<u8>| {
        client.post(&url).bearer_auth(&ana.token).header("content-type", kind).body(body).send()
    };
    assert_eq!(send("application/json", b"{not json".to_vec()).await?.status(), StatusCode::BAD_REQUEST);
    assert_eq!(send("text/plain", b"{}".to_vec()).await?.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send("application/json", b"{}".to_vec()).await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let huge = send("application/json", vec![b' '; 30 * 1024 * 1024]).await;
    // The server may answer and close while the body is still on its way.
    assert!(huge.map_or(true, |answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE));
    ana.call(Method::DELETE, &format!("/api/reports/{}/threads", c.report), None)
        .await?
        .problem(405, "method-not-allowed")?;
    let listed = ana.get("threads").await?.ok()?;
    assert_eq!(listed["threads"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_revoked_participant_is_out_at_once() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut desk = ana.sit(&c.sections[0]).await?;
    let path = format!("/api/reports/{}/participants/{}", c.report, ana.id);
    let gone = c.admin.call(Method::DELETE, &path, None).await?;
    assert!(gone.status.is_success(), "{gone:?}");
    let (code, _) = desk.closed().await?;
    assert!([4401, 4403].contains(&code), "{code}");
    ana.get("").await?.problem(401, "unauthenticated")
}

#[tokio::test]
async fn a_foreign_page_opens_no_socket() -> anyhow::Result<()> {
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;
    let c = Consultation::new(&["Housing"]).await?;
    for origin in ["https://evil.example", "null"] {
        let url = format!("{}/sync/{}/{}", c.server.sockets(), c.report, c.sections[0]);
        let mut request = url.into_client_request()?;
        request.headers_mut().insert("origin", origin.parse()?);
        request.headers_mut().insert("authorization", format!("Bearer {}", c.admin.token).parse()?);
        match tokio_tungstenite::connect_async(request).await {
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => assert_eq!(answer.status(), 403),
            other => anyhow::bail!("expected 403, got {other:?}"),
        }
    }
    Ok(())
}
