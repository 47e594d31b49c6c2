//! A connection that is given up when its reader stalls, and that reads only so much until it is trusted.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::limits::SOCKET_STALL_MAX;

/// How many bytes a line still reads.
#[derive(Clone)]
pub(super) struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }
    /// From now on it reads as much as comes.
    pub(super) fn lift(&self) {
        self.0.store(usize::MAX, Ordering::Relaxed);
    }
    /// Takes the bytes off; `false`: that was too much.
    fn spend(&self, bytes: usize) -> bool {
        let left = self.0.load(Ordering::Relaxed);
        if left == usize::MAX {
            return true;
        }
        // Only the one reader of the line spends; `lift` in between wins.
        let _ =
            self.0.compare_exchange(left, left.saturating_sub(bytes), Ordering::Relaxed, Ordering::Relaxed);
        bytes <= left
    }
}

/// A byte stream with a bound on how long a write may make no progress.
pub(super) struct Line<T> {
    io: T,
    allowance: Allowance,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T> Line<T> {
    pub(super) fn new(io: T, allowance: Allowance) -> Self {
        Self { io, allowance, stalled: None }
    }
    pub(super) fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    /// Turns a write that waits too long into an error.
    fn progress<V>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<V>>) -> Poll<io::Result<V>> {
        if done.is_ready() {
            self.stalled = None;
            return done;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(SOCKET_STALL_MAX)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Line<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        let read = buf.filled().len() - before;
        if self.allowance.spend(read) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()))
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Line<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.io).poll_write(cx, buf);
        self.progress(cx, done)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_flush(cx);
        self.progress(cx, done)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_shutdown(cx);
        self.progress(cx, done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
        time::Instant,
    };

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stalls_is_given_up_and_one_that_is_slow_is_not() {
        let (near, mut far) = duplex(4);
        let mut line = Line::new(near, Allowance::new(usize::MAX));
        let reader = tokio::spawn(async move {
            for _ in 0..3 {
                tokio::time::sleep(SOCKET_STALL_MAX / 2).await;
                let _ = far.read_exact(&mut [0; 4]).await;
            }
            std::future::pending::<()>().await;
            drop(far);
        });
        line.write_all(&[0; 16]).await.unwrap();
        let full = Instant::now();
        assert_eq!(line.write_all(&[0; 4]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(full.elapsed().as_secs(), SOCKET_STALL_MAX.as_secs());
        reader.abort();
    }

    #[tokio::test]
    async fn what_is_not_trusted_is_read_so_far_and_no_further() {
        let (near, mut far) = duplex(64);
        let allowance = Allowance::new(8);
        let mut line = Line::new(near, allowance.clone());
        far.write_all(&[0; 8]).await.unwrap();
        line.read_exact(&mut [0; 8]).await.unwrap();
        far.write_all(&[0; 1]).await.unwrap();
        assert_eq!(line.read(&mut [0; 8]).await.unwrap_err().kind(), io::ErrorKind::QuotaExceeded);
        allowance.lift();
        far.write_all(&[0; 32]).await.unwrap();
        assert_eq!(line.read(&mut [0; 32]).await.unwrap(), 32);
    }
}
