//! What the generator counts.

/// What was counted since `measure`.
#[derive(Default)]
pub struct Tally {
    /// From and until when keystrokes count, in microseconds of the engine's time.
    pub(super) window: (u32, u32),
    /// Keystrokes that arrived at another client within the window.
    pub delivered: u64,
    /// Microseconds from sending to arrival, of keystrokes sent within the window.
    pub latency: Vec<u32>,
    /// Arrivals that keystrokes sent within the window call for.
    pub owed: u64,
    /// Keystrokes sent within the window.
    pub sent: u64,
    /// Microseconds that keystrokes went out later than planned: the generator's own lag.
    pub late: Vec<u32>,
    /// Keystrokes not sent, since the socket took no more.
    pub stalled: u64,
    /// Websocket frames with updates that arrived within the window.
    pub frames: u64,
    /// Websocket frames with awareness that arrived within the window.
    pub aware: u64,
    /// Clocks that were jumped over: a real client would wait for them.
    pub gaps: u64,
    /// Characters that came and that no writer typed there; counted by an engine that proofreads.
    pub invented: u64,
    /// Frames that this reader could not read.
    pub unread: u64,
    /// Sockets that the server closed or that failed.
    pub closed: u64,
}
