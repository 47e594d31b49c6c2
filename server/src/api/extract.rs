//! What handlers take out of a request: the caller, their seat on the report of the path, ids, a JSON body.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, RawPathParams, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt as _;
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::{App, Problem, ProblemType, Site};
use crate::{
    access::{Caller, Credential, MayRead, rights},
    ids::ReportId,
    limits::{HTTP_BODY_BYTES_MAX, HTTP_BODY_TIME_MAX, HTTP_DISCARD_BYTES_MAX},
    review::{Command, Outcome, ReviewState, Standing},
};

/// The token of `Authorization: Bearer`. `Some("")` for a header that is there and holds none.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

/// The session cookie's value.
pub(super) fn cookie<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == site.cookie())
        .map(|(_, value)| value)
}

/// The address at the other end of the connection. Forwarding headers are not believed: anyone can write them.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(Self(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// Somebody who is signed in: by a bearer token, or else by the session cookie.
pub(super) struct Signed(pub(super) Caller);

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Ok(from) = Peer::from_request_parts(parts, app).await;
        if let Some(token) = bearer(&parts.headers) {
            let caller = app.access.caller(Credential::Bearer(token));
            return caller.map(Self).ok_or_else(|| app.wrong_token(from, Problem::unauthenticated()));
        }
        let session = cookie(&app.site, &parts.headers);
        session
            .and_then(|session| app.access.caller(Credential::Session(session)))
            .map(Self)
            .ok_or_else(Problem::unauthenticated)
    }
}

impl App {
    /// Counts a wrong token; the problem to answer, or that there were too many from this address.
    ///
    /// Right tokens are never held up by others' wrong ones: a whole ministry may share an address.
    pub(super) fn wrong_token(&self, from: Peer, problem: Problem) -> Problem {
        let now = self.clock.now();
        let mut attempts = self.attempts.lock();
        match attempts.wait(from.0, now) {
            Some(wait) => Problem::too_many_requests(wait),
            None => {
                attempts.note(from.0, now);
                problem
            }
        }
    }

    /// The seat of a caller on a report; to all others there is no such report.
    pub(super) async fn seat(&self, caller: &Caller, report: ReportId) -> Result<Seated, Problem> {
        Ok(self.seat_and_review(caller, report).await?.0)
    }

    /// With the review state, whose records the seat's standing knows.
    pub(super) async fn seat_and_review(
        &self,
        caller: &Caller,
        report: ReportId,
    ) -> Result<(Seated, Arc<ReviewState>), Problem> {
        let participant = caller.on(report).ok_or_else(Problem::not_found)?;
        let (state, standing) = self.rooms.as_of_now(report).await?;
        let may = rights::read(&standing, report, participant).ok_or_else(Problem::not_found)?;
        Ok((Seated { app: self.clone(), may, standing }, state))
    }
}

/// Somebody who may read the report of the path (`{report}`).
pub(super) struct Seated {
    pub(super) app: App,
    pub(super) may: MayRead,
    pub(super) standing: Arc<Standing>,
}

impl FromRequestParts<App> for Seated {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, app).await?;
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        let report = path.iter().find(|(name, _)| *name == "report").and_then(|(_, id)| id.parse().ok());
        app.seat(&caller, report.ok_or_else(Problem::not_found)?).await
    }
}

impl Seated {
    /// The report of the path.
    pub(super) fn report(&self) -> ReportId {
        self.may.report()
    }

    /// The report's review state, no newer than what is durable.
    pub(super) async fn review(&self) -> Result<Arc<ReviewState>, Problem> {
        Ok(self.app.rooms.review(self.report()).await?)
    }

    /// Has a command decided, if the caller may; the state that is answered holds its outcome.
    pub(super) async fn act(&self, command: Command) -> Result<(Outcome, Arc<ReviewState>), Problem> {
        let permit = self.may.act(&self.standing, command)?;
        Ok(self.app.rooms.decide(permit).await?)
    }
}

/// What the path names besides the report. A bad id is a thing that isn't there.
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for At<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(at) = Path::<T>::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        Ok(Self(at))
    }
}

/// What the query asks for.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Query(asked) = Query::<T>::from_request_parts(parts, app).await.map_err(|error| {
            Problem::new(ProblemType::Invalid, format!("The query cannot be read: {}.", error.body_text()))
        })?;
        Ok(Self(asked))
    }
}

/// What was created, with status 201.
pub(super) struct Created<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}

/// A JSON body, within `HTTP_BODY_BYTES_MAX`, whose fields all hold what they may.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequest<App> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "Send the body as JSON, with Content-Type: application/json.";
            return Err(Problem::new(ProblemType::UnsupportedMediaType, detail));
        }
        parse(&read(request.into_body()).await?).map(Self)
    }
}

async fn read(body: Body) -> Result<Vec<u8>, Problem> {
    match timeout(HTTP_BODY_TIME_MAX, collect(body)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(Problem::new(
            ProblemType::TooLarge,
            format!("A request may carry at most {HTTP_BODY_BYTES_MAX} bytes. Send less."),
        )),
        Ok(Err(_)) => Err(Problem::new(ProblemType::Malformed, "The body broke off. Send it again.")),
        Err(_) => Err(Problem::new(ProblemType::TimedOut, "The body did not arrive in time. Send it again.")),
    }
}

/// The whole body; `None` when it is too large, after what came of it was read and thrown away.
async fn collect(mut body: Body) -> Result<Option<Vec<u8>>, axum::Error> {
    let (mut bytes, mut read) = (vec![], 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        read += data.len();
        if read <= HTTP_BODY_BYTES_MAX {
            bytes.extend_from_slice(&data);
        } else {
            bytes = vec![];
        }
        if read > HTTP_DISCARD_BYTES_MAX {
            break;
        }
    }
    Ok((read <= HTTP_BODY_BYTES_MAX).then_some(bytes))
}

/// Reads a body, or says which field is wrong.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let place = format!(" at line {} column {}", inner.line(), inner.column());
        let why = inner.to_string().replace(&place, "");
        if !inner.is_data() {
            return Problem::new(ProblemType::Malformed, format!("The body is not JSON: {inner}."));
        }
        let field = if path == "." { String::new() } else { format!("{path}: ") };
        Problem::new(ProblemType::Invalid, format!("{field}{why}."))
    })?;
    json.end()
        .map_err(|error| Problem::new(ProblemType::Malformed, format!("The body is not JSON: {error}.")))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Title;
    use axum::http::HeaderValue;

    #[derive(serde::Deserialize, Debug)]
    struct Named {
        #[allow(dead_code)]
        title: Title,
    }

    #[test]
    fn a_wrong_field_is_named() {
        for (body, kind, detail) in [
            (r#"{"title": "  "}"#, ProblemType::Invalid, "title: must not be empty."),
            (r#"{"title": 7}"#, ProblemType::Invalid, "title: invalid type: integer `7`, expected a string."),
            (r#"{}"#, ProblemType::Invalid, "missing field `title`."),
            (
                r#"{"title": "#,
                ProblemType::Malformed,
                "The body is not JSON: EOF while parsing a value at line 1 column 10.",
            ),
        ] {
            let problem = parse::<Named>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.kind, problem.detail.as_str()), (kind, detail), "{body}");
        }
        let twice = parse::<Named>(br#"{"title": "a"} {"title": "b"}"#).unwrap_err();
        assert_eq!(twice.kind, ProblemType::Malformed);
    }

    #[test]
    fn only_a_bearer_token_is_a_token() {
        for (value, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("Basic abc", Some("")),
            ("Bearer", Some("")),
        ] {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
            assert_eq!(bearer(&headers), token, "{value}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("theme=dark; plenary=secret; xplenary=no"),
        )]);
        assert_eq!(cookie(&Site::default(), &headers), Some("secret"));
        let secure = Site::new(Some("https://a.example")).unwrap();
        assert_eq!(cookie(&secure, &headers), None, "a plain cookie is no session of an https site");
    }
}
