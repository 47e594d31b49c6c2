//! Websocket frames as a server sends them (RFC 6455, section 5.2): made once, for all who get them.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::protocol::{
    CloseFrame,
    frame::{
        Frame, FrameHeader,
        coding::{CloseCode, Control, Data, OpCode},
    },
};

use super::Close;

/// A whole websocket frame. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Framed {
    bytes: Bytes,
    header: usize,
}

impl Framed {
    /// A binary message of one frame.
    pub fn binary(payload: Bytes) -> Self {
        let length = payload.len();
        let bytes = formatted(Frame::message(payload, OpCode::Data(Data::Binary), true));
        Self { header: bytes.len() - length, bytes }
    }

    /// Header and payload.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What is in the frame.
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(self.header..)
    }
}

/// A ping with nothing in it.
pub fn ping_frame() -> Bytes {
    formatted(Frame::ping(Bytes::new()))
}

/// The answer to a ping.
pub fn pong_frame(payload: Bytes) -> Bytes {
    formatted(Frame::pong(payload))
}

/// The answer to a goodbye: a code and a reason, or nothing.
pub fn goodbye_frame(payload: Bytes) -> Bytes {
    formatted(Frame::from_payload(
        FrameHeader { opcode: OpCode::Control(Control::Close), ..FrameHeader::default() },
        payload,
    ))
}

/// A goodbye.
pub fn close_frame(close: &Close) -> Bytes {
    let frame = CloseFrame { code: CloseCode::from(close.code), reason: close.reason.as_str().into() };
    formatted(Frame::close(Some(frame)))
}

fn formatted(frame: Frame) -> Bytes {
    let mut bytes = Vec::with_capacity(frame.len());
    // Writing into memory never fails.
    drop(frame.format(&mut bytes));
    bytes.into()
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::{
        Message,
        protocol::{Role, WebSocket},
    };

    use super::*;

    #[test]
    fn a_client_reads_what_was_framed() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let payload = Bytes::from(vec![7; length]);
            let framed = Framed::binary(payload.clone());
            assert_eq!(framed.payload(), payload);
            let stream = std::io::Cursor::new(framed.bytes().to_vec());
            let mut client = WebSocket::from_raw_socket(stream, Role::Client, None);
            assert_eq!(client.read().unwrap(), Message::Binary(payload));
        }
    }

    #[test]
    fn a_ping_and_a_goodbye_are_answered_with_what_they_held() {
        let read = |bytes: Bytes| {
            let stream = std::io::Cursor::new(bytes.to_vec());
            WebSocket::from_raw_socket(stream, Role::Client, None).read().unwrap()
        };
        let held = Bytes::from_static(b"\x03\xe8bye");
        assert_eq!(read(pong_frame(held.clone())), Message::Pong(held.clone()));
        let Message::Close(Some(frame)) = read(goodbye_frame(held)) else { panic!("a goodbye") };
        assert_eq!((u16::from(frame.code), frame.reason.as_str()), (1000, "bye"));
        assert_eq!(read(goodbye_frame(Bytes::new())), Message::Close(None));
    }

    #[test]
    fn a_goodbye_holds_its_code_and_reason() {
        let stream = std::io::Cursor::new(close_frame(&Close::too_slow()).to_vec());
        let mut client = WebSocket::from_raw_socket(stream, Role::Client, None);
        let Message::Close(Some(frame)) = client.read().unwrap() else { panic!("a goodbye") };
        assert_eq!(
            (u16::from(frame.code), frame.reason.as_str()),
            (Close::TOO_SLOW, "reading too slowly; reconnect to catch up")
        );
    }
}
