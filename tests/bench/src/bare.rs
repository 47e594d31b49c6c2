//! The bare baseline: a tokio-tungstenite broadcast with neither CRDT nor storage, one frame and one write for each
//! delivery. What a server of any kind pays for sockets alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{SinkExt, StreamExt};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::tungstenite::{
    Message,
    handshake::server::{Request, Response},
    protocol::WebSocketConfig,
};

/// Frames that may wait for one reader.
const QUEUE_FRAMES_MAX: usize = 4096;

type Seats = Vec<(u64, mpsc::Sender<Message>)>;
type Rooms = Arc<Mutex<HashMap<String, Arc<Mutex<Seats>>>>>;

/// Serves until killed.
pub fn serve(listen: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let rooms = Rooms::default();
        let mut number = 0;
        loop {
            let (stream, _) = listener.accept().await?;
            number += 1;
            tokio::spawn(member(stream, number, rooms.clone()));
        }
    })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn member(stream: TcpStream, number: u64, rooms: Rooms) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (sender, mut queue) = mpsc::channel(QUEUE_FRAMES_MAX);
    let mut room = Arc::<Mutex<Seats>>::default();
    #[expect(clippy::result_large_err, reason = "tungstenite's callback has this type")]
    let callback = |request: &Request, response: Response| {
        let path = request.uri().path().to_string();
        room = locked(&rooms).entry(path).or_default().clone();
        // Before the answer goes out: who knows that the socket is open misses nothing.
        locked(&room).push((number, sender));
        Ok(response)
    };
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(4096);
    let socket = tokio_tungstenite::accept_hdr_async_with_config(stream, callback, Some(config)).await;
    let Ok(socket) = socket else {
        return locked(&room).retain(|(other, _)| *other != number);
    };
    let (mut sink, mut source) = socket.split();
    let writer = tokio::spawn(async move {
        while let Some(message) = queue.recv().await {
            if sink.send(message).await.is_err() {
                break;
            }
        }
    });
    while let Some(Ok(message)) = source.next().await {
        if !message.is_binary() {
            continue;
        }
        for (other, sender) in locked(&room).iter() {
            if *other != number {
                // A reader that is too slow loses frames; the bench counts them.
                let _ = sender.try_send(message.clone());
            }
        }
    }
    locked(&room).retain(|(other, _)| *other != number);
    writer.abort();
}
