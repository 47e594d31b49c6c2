//! Errors as RFC 9457 `application/problem+json`: the only place that knows HTTP for what other modules refuse.
//!
//! What one may not know of and what isn't there answer the very same problem, `Problem::not_found`.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{AccessError, Denied},
    journal::JournalError,
    review::Refusal,
    room::RoomError,
};

/// The stable names of problems. Clients decide by these; extend, never rename.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemType {
    /// Not there, or not for you to know of.
    NotFound,
    /// No valid credentials.
    Unauthenticated,
    /// One may see it, but not do this.
    Forbidden,
    /// The link is unknown, used up, expired or revoked.
    InvalidInvitation,
    /// The body is not JSON.
    Malformed,
    /// The body is JSON, but a field is not acceptable.
    Invalid,
    /// The body is larger than the server takes.
    TooLarge,
    /// The body is not sent as `application/json`.
    UnsupportedMediaType,
    /// Somebody was faster, or it is already so.
    Conflict,
    /// Too many wrong tokens from this address.
    TooManyRequests,
    /// The request did not arrive in time.
    TimedOut,
    /// The server cannot do it now.
    Unavailable,
    /// The server's own fault.
    Internal,
    /// The path does not take this method.
    MethodNotAllowed,
    /// A page of another site sent the request.
    ForeignOrigin,
}

impl ProblemType {
    /// Its HTTP status and title.
    const fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "Not signed in"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "Not allowed"),
            Self::InvalidInvitation => (StatusCode::UNAUTHORIZED, "This link is not valid"),
            Self::Malformed => (StatusCode::BAD_REQUEST, "The request cannot be read"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "A field is not acceptable"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Too large"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "JSON is expected"),
            Self::Conflict => (StatusCode::CONFLICT, "It is already otherwise"),
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "Too many attempts"),
            Self::TimedOut => (StatusCode::REQUEST_TIMEOUT, "Too slow"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Not available now"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "The server made a mistake"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "From another site"),
        }
    }
}

/// Why a request was not done, and what to do about it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Its stable name.
    #[serde(rename = "type")]
    pub(crate) kind: ProblemType,
    /// The same for every problem of this type.
    pub(crate) title: &'static str,
    /// The HTTP status.
    #[schema(value_type = u16, minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// What to do, for people.
    pub(crate) detail: String,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<Duration>,
}

impl Problem {
    /// A problem of a type, with what to do about it.
    pub(crate) fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        let (status, title) = kind.parts();
        Self { kind, title, status: status.as_u16(), detail: detail.into(), retry_after: None }
    }

    /// Not there, or not for the caller to know of: one answer for both.
    pub(crate) fn not_found() -> Self {
        Self::new(
            ProblemType::NotFound,
            "There is nothing here, or nothing that you may see. Check the address.",
        )
    }

    /// No valid credentials.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            ProblemType::Unauthenticated,
            "Open your invitation link again, or send a valid token as Authorization: Bearer.",
        )
    }

    /// The invitation does not stand for anybody (any more); one answer for every reason.
    pub(crate) fn invalid_invitation() -> Self {
        Self::new(ProblemType::InvalidInvitation, "Ask the coordinator of the review for a new link.")
    }

    /// Too many wrong tokens from one address.
    pub(crate) fn too_many_requests(wait: Duration) -> Self {
        let detail = "Too many wrong tokens came from your address. Wait a minute, then try again.";
        Self { retry_after: Some(wait), ..Self::new(ProblemType::TooManyRequests, detail) }
    }

    /// The server cannot do it now.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(Duration::from_secs(5)), ..Self::new(ProblemType::Unavailable, detail) }
    }

    /// The server's own fault; the reason is in the log, not here.
    pub(crate) fn internal() -> Self {
        Self::new(
            ProblemType::Internal,
            "Try again; if it happens again, tell the operator of this server the x-request-id of this answer.",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.parts().0;
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::new(ProblemType::Forbidden, denied.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // A report, thread … of the path; what is named in the body is a field, and says so itself.
            Refusal::NotFound { .. } => Self::not_found(),
            Refusal::Forbidden { why } => Self::new(ProblemType::Forbidden, why),
            Refusal::Conflict { why } => Self::new(ProblemType::Conflict, why),
            Refusal::Field { .. } | Refusal::Full { .. } => {
                Self::new(ProblemType::Invalid, refusal.to_string())
            }
        }
    }
}

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::NotFound => Self::not_found(),
            RoomError::Refused(refusal) => refusal.into(),
            RoomError::Unavailable(why) => {
                tracing::error!(%why, "a document cannot be served");
                Self::unavailable(
                    "This report cannot be opened now; it is safe. The operator of this server finds the reason in its log.",
                )
            }
            RoomError::Stopping => Self::unavailable("The server is restarting. Try again in a moment."),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::InvalidInvitation => Self::invalid_invitation(),
            AccessError::Journal(failure) => failure.into(),
            AccessError::Damaged { .. } => {
                tracing::error!(%error, "the access ledger is damaged");
                Self::internal()
            }
        }
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        tracing::error!(%error, "the journal failed");
        Self::unavailable(
            "The server cannot store anything now. Nothing of this request is shown as done; try again later.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_type_and_says_what_to_do() {
        let json = serde_json::to_value(Problem::not_found()).unwrap();
        assert_eq!(json["type"], "not-found");
        assert_eq!(json["status"], 404);
        assert!(json["detail"].as_str().is_some_and(|detail| detail.contains("Check the address")));
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(4));
    }

    #[test]
    fn every_401_says_how_to_authenticate() {
        for problem in [Problem::unauthenticated(), Problem::invalid_invitation()] {
            assert_eq!(problem.into_response().headers()[header::WWW_AUTHENTICATE], "Bearer");
        }
    }

    #[test]
    fn who_must_wait_is_told_how_long() {
        let wait = Problem::too_many_requests(Duration::from_secs(42)).into_response();
        assert_eq!(
            (wait.status().as_u16(), &wait.headers()[header::RETRY_AFTER]),
            (429, &HeaderValue::from(42))
        );
    }
}
