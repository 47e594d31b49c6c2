//! From an HTTP request to a websocket (RFC 6455, section 4.2).
//!
//! Done here and not by `axum::extract::ws`, which hides the stream: `Line` has to lie beneath the websocket.

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    super::{App, Problem, ProblemType},
    line::{Allowance, Line},
};
use crate::limits::FRAME_BYTES_MAX;

/// An open websocket.
pub(super) type Socket = WebSocketStream<Line<TokioIo<Upgraded>>>;

/// tungstenite's own buffers are 128 KiB a socket; most sockets are quiet.
const READ_BUFFER_BYTES: usize = 4 * 1024;
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// A request for a websocket that is well-formed.
pub(super) struct Upgrade {
    accept: HeaderValue,
    on: OnUpgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let refused = || {
            let detail = "This address takes websockets (RFC 6455, version 13) only.";
            Problem::new(ProblemType::Malformed, detail)
        };
        let headers = &parts.headers;
        let asks = parts.version == Version::HTTP_11
            && holds(headers, header::CONNECTION, "upgrade")
            && holds(headers, header::UPGRADE, "websocket")
            && holds(headers, header::SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asks).ok_or_else(refused)?;
        let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| refused())?;
        let on = parts.extensions.remove::<OnUpgrade>().ok_or_else(refused)?;
        Ok(Self { accept, on })
    }
}

fn holds(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name);
    let mut words = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.any(|word| word.trim().eq_ignore_ascii_case(wanted))
}

impl Upgrade {
    /// Answers 101, and holds the conversation once the connection is a websocket. It is read up to `bytes` until
    /// its allowance is lifted.
    pub(super) fn accept<F, C>(self, app: &App, bytes: usize, converse: C) -> Response
    where
        C: FnOnce(App, Socket) -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let app = app.clone();
        let present = app.sockets.enter();
        tokio::spawn(async move {
            // An error: the client went away between its request and our answer.
            if let Ok(upgraded) = self.on.await {
                let line = Line::new(TokioIo::new(upgraded), Allowance::new(bytes));
                let socket = WebSocketStream::from_raw_socket(line, Role::Server, Some(config())).await;
                converse(app, socket).await;
            }
            drop(present);
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX))
}
