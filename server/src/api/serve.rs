//! Connections: accepts them, speaks HTTP/1.1 within bounds, and lets them finish when the server stops.

use std::{convert::Infallible, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};
use tower::ServiceExt as _;

use crate::limits::{HTTP_HEADER_BYTES_MAX, HTTP_HEADER_TIME_MAX, STOP_TIME_MAX};

/// How long accepting pauses when the system has no more descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The connections of a listener. Dropping it accepts no more.
pub struct Connections {
    stop: watch::Sender<bool>,
}

/// Accepts connections in the background until told to stop.
pub fn serve(listener: TcpListener, router: Router) -> Connections {
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(accept(listener, router, stopping));
    Connections { stop }
}

impl Connections {
    /// Accepts no more, lets requests that have begun finish, and waits for them, but not for ever.
    /// Sockets are not among them: they are told by their rooms.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if timeout(STOP_TIME_MAX, self.stop.closed()).await.is_err() {
            tracing::warn!("requests were cut off: they did not end in time");
        }
    }
}

async fn accept(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error: `Connections` was dropped, which stops as well.
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(connection(stream, peer, router.clone(), stopping.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted now");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether only the connection that was about to be accepted failed.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    // A keystroke must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HTTP_HEADER_TIME_MAX)
            .max_buf_size(HTTP_HEADER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        // The guard that comes out must not be held while the connection goes on.
        _ = async { drop(stopping.wait_for(|stop| *stop).await) } => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
