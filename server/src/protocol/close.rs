//! Close codes. 44xx tell a published y-websocket client not to come back by itself; all others let it reconnect.

use super::Close;

/// Longest reason that a websocket close frame holds, in bytes.
const REASON_BYTES_MAX: usize = 123;

impl Close {
    /// The frame broke a protocol (RFC 6455).
    pub const MALFORMED: u16 = 1002;
    /// A text frame, where only binary ones are spoken (RFC 6455).
    pub const UNSUPPORTED: u16 = 1003;
    /// A message over `limits::FRAME_BYTES_MAX` (RFC 6455).
    pub const TOO_LARGE: u16 = 1009;
    /// The server is restarting: come back (IANA registry).
    pub const RESTARTING: u16 = 1012;
    /// The reader was too slow: come back and catch up (IANA registry: try again later).
    pub const TOO_SLOW: u16 = 1013;
    /// Rejoin and merge (Hocuspocus `ResetConnection`).
    pub const RESET: u16 = 4205;
    /// No valid credentials (Hocuspocus `Unauthorized`).
    pub const UNAUTHENTICATED: u16 = 4401;
    /// Not allowed, or a refused change (Hocuspocus `Forbidden`).
    pub const FORBIDDEN: u16 = 4403;
    /// Silent for too long, or not authenticated in time (Hocuspocus `ConnectionTimeout`).
    pub const TIMED_OUT: u16 = 4408;

    /// A close with a reason, cut to what a close frame holds.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(REASON_BYTES_MAX));
        Self { code, reason }
    }
    /// 1002.
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::new(Self::MALFORMED, reason)
    }
    /// 1003.
    pub fn unsupported(reason: impl Into<String>) -> Self {
        Self::new(Self::UNSUPPORTED, reason)
    }
    /// 1009.
    pub fn too_large() -> Self {
        Self::new(Self::TOO_LARGE, "message too large")
    }
    /// 1012.
    pub fn restarting() -> Self {
        Self::new(Self::RESTARTING, "the server is restarting")
    }
    /// 1013.
    pub fn too_slow() -> Self {
        Self::new(Self::TOO_SLOW, "reading too slowly; reconnect to catch up")
    }
    /// 4205.
    pub fn reset(reason: impl Into<String>) -> Self {
        Self::new(Self::RESET, reason)
    }
    /// 4401.
    pub fn unauthenticated() -> Self {
        Self::new(Self::UNAUTHENTICATED, "not signed in")
    }
    /// 4403.
    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(Self::FORBIDDEN, reason)
    }
    /// 4408.
    pub fn timed_out() -> Self {
        Self::new(Self::TIMED_OUT, "timed out")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_to_123_bytes_between_characters() {
        assert_eq!(Close::forbidden("я".repeat(100)).reason, "я".repeat(61));
        assert_eq!(Close::forbidden("a".repeat(123)).reason.len(), 123);
        assert_eq!(Close::forbidden("short"), Close { code: 4403, reason: "short".into() });
    }
}
