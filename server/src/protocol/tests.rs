use bytes::Bytes;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::ids::{DocumentName, ReportId, SectionId, WireName};

fn bytes() -> impl Strategy<Value = Bytes> {
    proptest::collection::vec(any::<u8>(), 0..300).prop_map(Bytes::from)
}

fn shared() -> impl Strategy<Value = Message> {
    prop_oneof![
        bytes().prop_map(Message::SyncStep1),
        bytes().prop_map(Message::SyncStep2),
        bytes().prop_map(Message::Update),
        bytes().prop_map(Message::Awareness),
        Just(Message::QueryAwareness),
        any::<String>().prop_map(|reason| Message::Denied { reason }),
    ]
}

fn addressed() -> impl Strategy<Value = Message> {
    prop_oneof![
        shared(),
        any::<String>().prop_map(Message::Token),
        any::<bool>().prop_map(|write| Message::Authenticated { write }),
        any::<String>().prop_map(Message::Stateless),
        any::<bool>().prop_map(Message::Saved),
        any::<String>().prop_map(|reason| Message::CloseDocument { reason }),
    ]
}

proptest! {
    #[test]
    fn a_plain_message_reads_back_as_written(message in shared()) {
        let frame = encode_plain(&message).unwrap();
        prop_assert_eq!(decode_plain(&frame), Ok(message));
    }

    #[test]
    fn an_addressed_message_reads_back_as_written(name in "[a-z/]{0,80}(\0[a-z0-9]{1,12})?", message in addressed()) {
        let address = Address(name);
        let frame = encode_addressed(&address, &message);
        prop_assert_eq!(decode_addressed(&frame), Ok((address, message)));
    }

    #[test]
    fn w1_random_bytes_are_read_or_refused(frame in bytes()) {
        // What is read holds no more than was sent: nothing is allocated on a frame's word.
        if let Ok(message) = decode_plain(&frame) {
            prop_assert!(encode_plain(&message).unwrap().len() <= frame.len());
        }
        if let Ok((address, message)) = decode_addressed(&frame) {
            prop_assert!(encode_addressed(&address, &message).len() <= frame.len() + 1);
        }
        if let Ok(states) = decode_awareness(&frame) {
            prop_assert!(states.len() <= frame.len());
        }
    }

    #[test]
    fn a_frame_cut_anywhere_is_refused(message in addressed(), cut in 0usize..1_000) {
        let frame = encode_addressed(&Address("name".into()), &message);
        let cut = frame.slice(..cut % frame.len());
        let reason_left_out = matches!(&message, Message::CloseDocument { .. }) && cut.len() == 6;
        prop_assert_eq!(decode_addressed(&cut).is_ok(), reason_left_out);
    }
}

#[test]
fn ping_and_pong_stand_alone_in_a_frame() {
    for message in [Message::Ping, Message::Pong] {
        let frame = encode_addressed(&Address("any".into()), &message);
        assert_eq!(frame.len(), 1);
        assert_eq!(decode_addressed(&frame), Ok((Address(String::new()), message.clone())));
        assert_eq!(encode_plain(&message), None);
    }
}

#[test]
fn w27_w29_unknown_messages_and_client_broadcasts_are_refused() {
    for frame in [&[4u8, 0][..], &[5, 0], &[200, 1], &[0, 3, 0], &[2, 1, 0], &[]] {
        assert!(decode_plain(&Bytes::copy_from_slice(frame)).is_err(), "{frame:?}");
    }
    for frame in [
        &b"\x01a\x06\x02hi"[..],
        b"\x01a\x0b\x00",
        b"\x01a\x02\x03\x00",
        b"\x01a\x02\x02\x03all",
        b"\x01a\x08\x02",
        b"",
    ] {
        assert!(decode_addressed(&Bytes::copy_from_slice(frame)).is_err(), "{frame:?}");
    }
}

#[test]
fn w30_an_address_names_a_document_or_none() {
    let name = DocumentName::body(ReportId::from_bytes([1; 16]), SectionId::from_bytes([2; 16]));
    let named: Option<WireName> = name.to_string().parse().ok();
    assert!(named.is_some());
    assert_eq!(Address(name.to_string()).document(), named);
    assert_eq!(Address(format!("{name}\0kq3x")).document(), named);
    for none in ["", "\0", "\0kq3x", "../review", "x\0y", &format!("{name}/.."), &format!(" {name}")] {
        assert_eq!(Address(none.into()).document(), None, "{none:?}");
    }
    for refused in ["x".repeat(10_000), format!("{name}\0a\0b"), "\0\0".to_owned()] {
        let frame = encode_addressed(&Address(refused), &Message::QueryAwareness);
        assert_eq!(decode_addressed(&frame), Err(Malformed("not a document's address")));
    }
}

/// The frames of `tests/fixtures/frames.json`, as the published npm packages write them (`frames.mjs`).
#[test]
fn frames_of_published_clients_and_servers_are_read() {
    let fixture: Value = serde_json::from_str(include_str!("../../../tests/fixtures/frames.json")).unwrap();
    let hex = |value: &Value| -> Bytes {
        let text = value.as_str().unwrap();
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect::<Vec<u8>>()
            .into()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut read = 0;
    for frame in fixture["frames"].as_array().unwrap() {
        let message = match frame["message"].as_str().unwrap() {
            "sync_step_1" => Message::SyncStep1(hex(&frame["payload"])),
            "sync_step_2" => Message::SyncStep2(hex(&frame["payload"])),
            "update" => Message::Update(hex(&frame["payload"])),
            "awareness" => Message::Awareness(hex(&frame["payload"])),
            "query_awareness" => Message::QueryAwareness,
            "token" => Message::Token(text(&frame["text"])),
            "denied" => Message::Denied { reason: text(&frame["text"]) },
            "authenticated" => Message::Authenticated { write: frame["yes"].as_bool().unwrap() },
            "stateless" => Message::Stateless(text(&frame["text"])),
            "saved" => Message::Saved(frame["yes"].as_bool().unwrap()),
            "close" => Message::CloseDocument { reason: text(&frame["text"]) },
            "ping" => Message::Ping,
            "pong" => Message::Pong,
            other => panic!("{other} is not a message"),
        };
        let bytes = hex(&frame["frame"]);
        let exact = frame["exact"].as_bool().unwrap();
        if frame["dialect"] == "plain" {
            assert_eq!(decode_plain(&bytes), Ok(message.clone()), "{frame}");
            assert!(!exact || encode_plain(&message) == Some(bytes), "{frame}");
        } else {
            let address = Address(text(&frame["address"]));
            assert_eq!(decode_addressed(&bytes), Ok((address.clone(), message.clone())), "{frame}");
            assert!(!exact || encode_addressed(&address, &message) == bytes, "{frame}");
        }
        if let Message::Awareness(states) = &message {
            assert_eq!(encode_awareness(&decode_awareness(states).unwrap()), states, "{frame}");
        }
        read += 1;
    }
    assert!(read >= 24, "the fixture shrank to {read} frames");
}
