//! From an HTTP request to a websocket (RFC 6455, section 4.2).
//!
//! Done here and not by `axum::extract::ws`, which hides the stream: it moves to the thread of its report's rooms, and is
//! written to from there.

use std::io::Write as _;

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::{
    super::{App, Problem, ProblemType},
    ear::Ear,
};
use crate::{
    ids::ReportId,
    protocol::{Close, close_frame},
};

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
    /// Answers 101, and has the conversation beside the rooms of a report once the connection is a websocket. It is
    /// read up to `bytes` until its allowance is lifted.
    pub(super) fn accept<F, C>(self, app: &App, report: ReportId, bytes: usize, converse: C) -> Response
    where
        C: FnOnce(App, Ear) -> F + Send + 'static,
        F: Future<Output = ()> + 'static,
    {
        let app = app.clone();
        let present = app.sockets.enter();
        tokio::spawn(async move {
            // Nothing: the client went away between its request and our answer.
            let Some((stream, before)) = connection(self.on).await else { return };
            if app.sockets.are_stopping() {
                // An error: they are gone.
                let _ = (&stream).write(&close_frame(&Close::restarting()));
                return;
            }
            let rooms = app.rooms.clone();
            let conversation = move || match TcpStream::from_std(stream) {
                Ok(stream) => {
                    let ear = Ear::new(&app, stream, &before, (bytes, present));
                    Some(converse(app, ear))
                }
                Err(error) => {
                    tracing::warn!(%error, "a socket cannot be served");
                    None
                }
            };
            // `false`: the server is stopping, and the connection ends.
            rooms.host(report, conversation).await;
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// The connection beneath, free of this runtime, and what was read of it beyond the request.
async fn connection(on: OnUpgrade) -> Option<(std::net::TcpStream, Vec<u8>)> {
    let parts = match on.await.ok()?.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => parts,
        Err(_) => {
            tracing::error!("websockets are served over plain connections only");
            return None;
        }
    };
    // Copied: it is mostly empty, and a slice of a large buffer would keep that alive as long as the socket.
    Some((parts.io.into_inner().into_std().ok()?, parts.read_buf.to_vec()))
}
