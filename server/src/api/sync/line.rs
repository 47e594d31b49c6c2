//! The reading side's bytes: a connection that reads only so much until it is trusted.

use std::{
    cell::RefCell,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead as _, ReadBuf},
    net::tcp::OwnedReadHalf,
};

use super::frames::{Broken, Came, Frames};

/// What is read in one go.
const SCRATCH_BYTES: usize = 16 * 1024;

thread_local! {
    /// One for all sockets of a thread: a socket holds no buffer while it is quiet.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; SCRATCH_BYTES].into());
}

/// A connection from which messages come.
pub(super) struct Line {
    half: OwnedReadHalf,
    frames: Frames,
    allowance: Allowance,
}

/// Why nothing more comes.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Over {
    Broken(Broken),
    /// The other end has hung up, or the connection failed.
    Gone,
}

/// How many bytes a line still reads.
#[derive(Debug)]
struct Allowance(usize);

impl Allowance {
    /// How many of so many bytes are read at once: of none allowed still one, to see that it was too much.
    fn of(&self, bytes: usize) -> usize {
        self.0.clamp(1, bytes)
    }

    /// Takes the bytes off.
    fn spend(&mut self, bytes: usize) -> Result<(), Broken> {
        if self.0 != usize::MAX {
            self.0 = self.0.checked_sub(bytes).ok_or(Broken::TooLarge)?;
        }
        Ok(())
    }
}

impl Line {
    /// Over a connection of which `before` was read already; read up to `bytes` until it is trusted.
    pub(super) fn new(half: OwnedReadHalf, before: &[u8], bytes: usize) -> Self {
        Self { half, frames: Frames::after(before), allowance: Allowance(bytes) }
    }

    /// The connection beneath.
    pub(super) const fn half(&mut self) -> &mut OwnedReadHalf {
        &mut self.half
    }

    /// From now on it reads as much as comes.
    pub(super) fn trust(&mut self) {
        self.allowance.0 = usize::MAX;
    }

    /// The next thing the client says.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Came, Over>> {
        let mut came = self.frames.next().map_err(Over::Broken)?;
        loop {
            if let Some(came) = came {
                return Poll::Ready(Ok(came));
            }
            came = ready!(SCRATCH.with_borrow_mut(|scratch| self.poll_read(cx, scratch)))?;
        }
    }

    /// Reads once; what that made whole, if anything.
    fn poll_read(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<Result<Option<Came>, Over>> {
        let most = self.allowance.of(scratch.len());
        let mut into = ReadBuf::new(&mut scratch[..most]);
        let read = ready!(Pin::new(&mut self.half).poll_read(cx, &mut into));
        if read.is_err() || into.filled().is_empty() {
            return Poll::Ready(Err(Over::Gone));
        }
        let heard = self.allowance.spend(into.filled().len()).and_then(|()| self.frames.hear(into.filled()));
        Poll::Ready(heard.map_err(Over::Broken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_trusted_is_read_so_far_and_no_further() {
        let mut allowance = Allowance(8);
        assert_eq!(allowance.of(5), 5);
        assert_eq!(allowance.of(50), 8);
        allowance.spend(8).unwrap();
        assert_eq!(allowance.of(50), 1);
        assert_eq!(allowance.spend(1), Err(Broken::TooLarge));
        let mut allowance = Allowance(usize::MAX);
        allowance.spend(usize::MAX - 1).unwrap();
        allowance.spend(8).unwrap();
    }
}
