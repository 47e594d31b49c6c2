//! Where a room's words for a seat go.

use crate::protocol::{Close, Framed};

/// A way to one reader. Nothing here ever waits, and whatever waits for the reader keeps its order.
pub trait Outlet: Send {
    /// Gives the reader these frames, or puts them behind those that wait for it.
    fn send(&mut self, frames: &[Framed]);
    /// Bytes that the reader has not taken yet.
    fn waiting(&self) -> usize;
    /// Says why the seat is over; nothing follows.
    fn close(&mut self, close: Close);
}
