//! The reading side's bytes: a connection that reads only so much until it is trusted.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, ReadBuf},
    net::tcp::OwnedReadHalf,
};

use super::pen::Pen;
use crate::limits::OUTBOX_LAG_BYTES_MAX;

/// A connection as tungstenite sees it, for one poll: reading may have to wait, writing never does.
pub(super) struct Line<'a, 'b> {
    pub(super) half: &'a mut OwnedReadHalf,
    pub(super) pen: &'a Pen,
    pub(super) allowance: &'a mut Allowance,
    pub(super) cx: &'a mut Context<'b>,
}

/// How many bytes a line still reads.
#[derive(Debug)]
pub(super) struct Allowance(usize);

impl Allowance {
    pub(super) const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// From now on it reads as much as comes.
    pub(super) fn lift(&mut self) {
        self.0 = usize::MAX;
    }

    /// Takes the bytes off; an error: that was too much.
    fn spend(&mut self, bytes: usize) -> io::Result<()> {
        if self.0 != usize::MAX {
            self.0 = self.0.checked_sub(bytes).ok_or(io::ErrorKind::QuotaExceeded)?;
        }
        Ok(())
    }
}

impl Read for Line<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut into = ReadBuf::new(into);
        match Pin::new(&mut *self.half).poll_read(self.cx, &mut into) {
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            Poll::Ready(done) => {
                done?;
                let read = into.filled().len();
                self.allowance.spend(read)?;
                Ok(read)
            }
        }
    }
}

impl Write for Line<'_, '_> {
    /// What tungstenite says by itself (pongs, the answer to a close), in whole frames. Who pings and reads no answer
    /// gets none.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.pen.waiting() <= OUTBOX_LAG_BYTES_MAX {
            self.pen.write_raw(Bytes::copy_from_slice(bytes));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_trusted_is_read_so_far_and_no_further() {
        let mut allowance = Allowance::new(8);
        allowance.spend(8).unwrap();
        assert_eq!(allowance.spend(1).unwrap_err().kind(), io::ErrorKind::QuotaExceeded);
        allowance.lift();
        allowance.spend(usize::MAX - 1).unwrap();
        allowance.spend(8).unwrap();
    }
}
