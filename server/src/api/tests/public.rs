//! Registers as files, and what everyone may see.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

use super::{ADMIN, Answer, Consultation, House};

/// A report with a published recommendation (R1) and one that is not (R2), and where its public page is.
async fn published() -> (Consultation, String) {
    let c = Consultation::new().await;
    let path = format!("{}/recommendations", c.at);
    for n in 1..=2 {
        let new = json!({ "section": c.section, "title": format!("Build homes, part {n}"), "text": "=1+1",
            "timeframe": "2027" });
        c.house.make(ADMIN, &path, new).await;
    }
    let listed = c.house.get(ADMIN, &path).await.json();
    let id = listed["recommendations"][0]["id"].as_str().unwrap().to_owned();
    for (seen, step) in [
        (1, json!({ "step": "decide", "status": "agreed", "reason": "All agree." })),
        (2, json!({ "step": "publish" })),
    ] {
        let mut step = step;
        step["seen"] = json!(seen);
        c.house.make(ADMIN, &format!("{path}/{id}/steps"), step).await;
    }
    let page = format!("/public/{}", c.report);
    (c, page)
}

async fn visit(house: &House, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let request = Request::get(path).header(header::HOST, "localhost:8080");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
    house.send(request.body(Body::empty()).unwrap()).await
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

#[tokio::test]
async fn a_published_recommendation_is_for_everyone_in_their_language() {
    let (c, page) = published().await;
    let seen = visit(&c.house, &page, &[]).await;
    assert_eq!((seen.status.as_u16(), seen.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(seen.header("content-language"), "en");
    assert!(text(&seen).contains("Build homes, part 1") && !text(&seen).contains("part 2"));
    let russian = visit(&c.house, &page, &[(header::ACCEPT_LANGUAGE, "ru-RU,ru;q=0.9,en;q=0.5")]).await;
    assert_eq!((russian.header("content-language"), russian.header("vary")), ("ru", "accept-language"));
    assert!(text(&russian).contains("<html lang=\"ru\""));
    let chosen = visit(&c.house, &format!("{page}?language=en"), &[(header::ACCEPT_LANGUAGE, "ru")]).await;
    assert!(text(&chosen).contains("<html lang=\"en\""));
    let one = visit(&c.house, &format!("{page}/recommendations/1"), &[]).await;
    assert!(text(&one).contains(&format!(
        "<link rel=\"canonical\" href=\"http://localhost:8080{page}/recommendations/1\">"
    )));
    let feed = visit(&c.house, &format!("{page}/feed.atom"), &[]).await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    let json = visit(&c.house, &format!("{page}/register.json?language=ru"), &[]).await.json();
    assert_eq!((&json["recommendations"][0]["number"], &json["language"]), (&json!(1), &json!("ru")));
    assert_eq!(json["recommendations"][0]["proposed_by"], json!(null));
}

#[tokio::test]
async fn public_answers_are_asked_for_again_and_not_sent_twice() {
    let (c, page) = published().await;
    for path in [
        page.clone(),
        format!("{page}/recommendations/1"),
        format!("{page}/feed.atom"),
        format!("{page}/register.json"),
    ] {
        let first = visit(&c.house, &path, &[]).await;
        assert_eq!(first.header("cache-control"), "public, no-cache");
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        let again = visit(&c.house, &path, &[(header::IF_NONE_MATCH, &format!("\"other\", {tag}"))]).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag));
        let other =
            visit(&c.house, &path, &[(header::IF_NONE_MATCH, tag), (header::ACCEPT_LANGUAGE, "ru")]).await;
        assert_eq!(other.status.as_u16(), 200, "{path} in another language is another page");
    }
}

#[tokio::test]
async fn public_pages_run_no_script_and_need_no_credentials() {
    let (c, page) = published().await;
    for (path, status) in [
        (page.clone(), 200),
        (format!("{page}/recommendations/1"), 200),
        (format!("{page}/none"), 404),
        ("/public/page.css".to_owned(), 200),
    ] {
        let answer = visit(&c.house, &path, &[(header::AUTHORIZATION, "Bearer wrong")]).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("script") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let list = visit(&c.house, &page, &[]).await;
    let style = text(&list).split("href=\"").find(|rest| rest.starts_with("/public/page.css")).unwrap();
    let style = visit(&c.house, style.split('"').next().unwrap(), &[]).await;
    assert_eq!((style.status.as_u16(), style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn a_report_with_nothing_published_is_as_one_that_is_not_there() {
    let (c, page) = published().await;
    let empty = c.house.make(ADMIN, "/api/reports", json!({ "title": "Empty", "template": "mgi" })).await;
    let empty = format!("/public/{}", empty["id"].as_str().unwrap());
    let unknown = format!("/public/{}", "ab".repeat(16));
    for under in ["", "/recommendations/1", "/recommendations/x", "/feed.atom", "/register.json"] {
        let [one, two, three] = [&empty, &unknown, "/public/nonsense"].map(|at| format!("{at}{under}"));
        let wanted = visit(&c.house, &one, &[]).await;
        assert_eq!(wanted.status.as_u16(), 404, "{one}");
        for other in [two, three] {
            let other = visit(&c.house, &other, &[]).await;
            assert_eq!((other.status, &other.body), (wanted.status, &wanted.body), "{under}");
            assert_eq!(other.header("cache-control"), "no-store");
        }
    }
    let unpublished = visit(&c.house, &format!("{page}/recommendations/2"), &[]).await;
    let nowhere = visit(&c.house, &format!("{page}/recommendations/99"), &[]).await;
    assert_eq!((unpublished.status.as_u16(), &unpublished.body), (404, &nowhere.body));
    assert!(text(&nowhere).contains("Nothing is published here"));
    let posted = c.house.call(ADMIN, Method::POST, &page, json!({})).await;
    assert_eq!(posted.problem(), (405, "method-not-allowed".to_owned()));
}

#[tokio::test]
async fn the_register_comes_as_files_for_those_on_the_report() {
    let (c, _) = published().await;
    let (_, observer) = c.invite("Olga", "observer").await;
    let at = |name: &str| format!("{}/register.{name}", c.at);
    let book = c.house.get(&observer, &at("xlsx?language=ru")).await;
    assert_eq!(
        book.header("content-type"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    assert_eq!(book.header("content-disposition"), "attachment; filename=\"register.xlsx\"");
    assert!(book.body.starts_with(b"PK") && book.header("cache-control") == "no-store");
    let rows = c.house.get(&observer, &at("csv?language=ru")).await;
    assert_eq!(rows.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(
        text(&rows).starts_with("\u{FEFF}№,Рекомендация,") && text(&rows).contains(",'=1+1,Опубликована,")
    );
    let json = c.house.get(&observer, &at("json")).await.json();
    assert_eq!(json["recommendations"].as_array().map(Vec::len), Some(2));
    assert_eq!((&json["recommendations"][0]["text"], &json["language"]), (&json!("=1+1"), &json!("en")));
    let wrong = c.house.get(&observer, &at("csv?language=tlh")).await;
    assert_eq!(wrong.problem(), (422, "invalid".to_owned()));
}
