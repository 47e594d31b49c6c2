//! One conversation: both sides of a socket at once, the last word, and a moment for it to arrive.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{StreamExt as _, future::join};
use tokio::{io::AsyncReadExt as _, sync::mpsc, time::timeout};
use tokio_tungstenite::tungstenite::Message as Frame;

use super::{
    mouth::{Mouth, Order},
    upgrade::Socket,
};
use crate::{limits::SOCKET_LINGER_MAX, protocol::Close};

/// Why the reading side ended.
pub(super) enum End {
    /// The other end is gone.
    Gone,
    /// The server has a reason.
    Close(Close),
    /// The room has ended; what it says last is in its outbox.
    Room,
}

/// Writes while `listen` reads, until one ends. The sink comes back when there is somebody left to linger for.
pub(super) async fn talk(
    mouth: Mouth,
    orders: &mpsc::Sender<Order>,
    listen: impl Future<Output = End>,
) -> Option<SplitSink<Socket, Frame>> {
    let mut speak = std::pin::pin!(mouth.speak());
    let end = tokio::select! {
        sink = &mut speak => return Some(sink),
        end = listen => end,
    };
    let close = match end {
        End::Gone => return None,
        End::Close(close) => Some(close),
        End::Room => None,
    };
    let last_word = async {
        if let Some(close) = close {
            // An error: the mouth has ended by itself.
            let _ = orders.send(Order::Close(close)).await;
        }
    };
    timeout(SOCKET_LINGER_MAX, join(last_word, speak)).await.ok().map(|((), sink)| sink)
}

/// Reads on until the other end has closed too: a connection that is closed over unread bytes is reset, and the
/// goodbye lost with it.
pub(super) async fn linger(sink: SplitSink<Socket, Frame>, stream: SplitStream<Socket>) {
    // Both halves are of one socket.
    let Ok(mut socket) = sink.reunite(stream) else { return };
    let _ = timeout(SOCKET_LINGER_MAX, async {
        while let Some(Ok(_)) = socket.next().await {}
        let mut line = socket.into_inner();
        line.allowance().lift();
        let mut scratch = [0; 4096];
        while line.read(&mut scratch).await.is_ok_and(|read| read > 0) {}
    })
    .await;
}
