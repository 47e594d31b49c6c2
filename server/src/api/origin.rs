//! Whether a page of another site sent a request that would change something.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{App, Problem, ProblemType, Site, extract};

/// Refuses what changes something and comes from elsewhere. A bearer token needs no check: no browser adds it by itself.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || may_change(&app.site, request.headers()) {
        next.run(request).await
    } else {
        foreign().into_response()
    }
}

/// The problem of a request from another site.
pub(super) fn foreign() -> Problem {
    Problem::new(
        ProblemType::ForeignOrigin,
        "This request was sent by a page of another site. Open Plenary itself, or send a token as Authorization: Bearer.",
    )
}

/// Whether an unsafe request may go on, by what a browser says about where it comes from.
fn may_change(site: &Site, headers: &HeaderMap) -> bool {
    if headers.contains_key(header::AUTHORIZATION) {
        return true;
    }
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| site.is_own(origin, headers)),
        None => {
            extract::cookie(site, headers).is_none()
                || headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin" || site == "none")
        }
    }
}

/// Whether a socket may be opened from where the handshake comes: a page of this site, or no page at all when
/// it brought a token of its own.
pub(super) fn may_open_socket(site: &Site, headers: &HeaderMap, has_token: bool) -> bool {
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| site.is_own(origin, headers)),
        None => has_token || extract::cookie(site, headers).is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .chain([(header::HOST, HeaderValue::from_static("localhost:8080"))])
            .collect()
    }

    #[test]
    fn a_cookie_changes_things_only_from_a_page_of_this_site() {
        let site = Site::default();
        let cookie = ("cookie", "plenary=s");
        for (pairs, may) in [
            (vec![cookie, ("origin", "http://localhost:8080")], true),
            (vec![cookie, ("sec-fetch-site", "same-origin")], true),
            (vec![cookie, ("sec-fetch-site", "cross-site")], false),
            (vec![cookie], false),
            (vec![cookie, ("origin", "null")], false),
            (vec![cookie, ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")], false),
            // Signing in by another site's page would put the reader into somebody else's seat.
            (vec![("origin", "http://evil.example")], false),
            (vec![], true),
            (vec![("authorization", "Bearer t"), ("origin", "http://evil.example")], true),
        ] {
            assert_eq!(may_change(&site, &headers(&pairs)), may, "{pairs:?}");
        }
    }

    #[test]
    fn a_socket_opens_from_this_site_or_with_a_token() {
        let site = Site::default();
        for (pairs, token, may) in [
            (vec![("origin", "http://localhost:8080"), ("cookie", "plenary=s")], false, true),
            (vec![("origin", "http://evil.example"), ("cookie", "plenary=s")], false, false),
            (vec![("origin", "http://evil.example")], true, false),
            (vec![("origin", "null")], true, false),
            (vec![("cookie", "plenary=s")], false, false),
            (vec![("cookie", "plenary=s")], true, true),
            (vec![], false, true),
        ] {
            assert_eq!(may_open_socket(&site, &headers(&pairs), token), may, "{pairs:?} {token}");
        }
    }
}
