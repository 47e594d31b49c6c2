//! Hostile updates by kind, named after the cases of the threat list.

use super::{
    raw::{At, deleted, element, format, gone, part, text, text_value, update, xml_text},
    *,
};

const P: (u64, u32) = (1, 0);
const T: (u64, u32) = (1, 1);

/// Client 1: a paragraph (clock 0) with a text (1) that holds "hello" (2 to 6).
fn hello() -> Body {
    let mut body = Body::new();
    let parts = [element(At::Root, "paragraph"), xml_text(At::In(P)), text(At::In(T), "hello")];
    assert_eq!(body.take(&update(&[(1, 0, &parts)], &[])), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "hello");
    body
}

/// Client 9 sends these parts to `hello`.
#[track_caller]
fn sends(parts: &[Vec<u8>]) -> Result<Taken, Refusal> {
    let mut body = hello();
    let before = body.encode();
    let taken = body.take(&update(&[(9, 0, parts)], &[]));
    if taken.is_err() {
        assert_eq!(body.encode(), before, "a refused change left something behind");
    }
    assert_healthy(&mut body);
    taken
}

#[track_caller]
fn assert_schema(parts: &[Vec<u8>]) {
    let taken = sends(parts);
    assert!(matches!(taken, Err(Refusal::Schema(_))), "{taken:?}");
}

#[track_caller]
fn assert_malformed(taken: Result<Taken, Refusal>) {
    assert!(matches!(taken, Err(Refusal::Malformed(_))), "{taken:?}");
}

#[test]
fn an_honest_edit_by_hand_is_taken() {
    assert_eq!(sends(&[text(At::Between((1, 3), (1, 4)), "x")]), Ok(Taken::New));
    assert_eq!(
        sends(&[format(At::Left((1, 1 + 1)), "bold", "{}"), format(At::Left((1, 4)), "bold", "null")]),
        Ok(Taken::New)
    );
    assert_eq!(sends(&[text_value(At::Key(P, "id"), "p-1")]), Ok(Taken::New));
    assert_eq!(sends(&[part(At::Key(P, "id"), 8, &[1, 126])]), Ok(Taken::New));
}

#[test]
fn w9_w10_an_update_cut_or_flipped_anywhere_does_no_harm() {
    let parts = [
        element(At::Left(P), "heading"),
        part(At::Key((9, 0), "level"), 8, &[1, 125, 2]),
        xml_text(At::In((9, 0))),
    ];
    let whole = update(&[(9, 0, &parts)], &[(1, &[(2, 1), (4, 2)])]);
    for at in 0..whole.len() {
        let mut body = hello();
        assert!(body.take(&whole[..at]).is_err(), "cut at {at}");
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            let _ = body.take(&flipped);
        }
        assert_healthy(&mut body);
    }
    let mut longer = whole;
    longer.push(0);
    assert_malformed(hello().take(&longer));
}

#[test]
fn w11_numbers_of_more_bytes_than_53_bits_take_are_refused() {
    for length in [8, 9, 10, 11, 40] {
        let mut long = vec![0xff; length];
        long.push(1);
        let before = hello().encode();
        // As the count of clients, a client, a clock, the length of a text, and a deletion's.
        for head in [&[][..], &[1, 1], &[1, 1, 9], &[1, 1, 9, 0, 0x84, 1, 6], &[0, 1, 1, 1, 2]] {
            let mut body = hello();
            assert_malformed(body.take(&[head, &long, &[0, 0]].concat()));
            assert_eq!(body.encode(), before);
        }
    }
    // Zeros that say nothing make a number longer, too: eight bytes are the most.
    let long_zero = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0];
    assert_malformed(hello().take(&[&long_zero[..], &[0]].concat()));
}

#[test]
fn w21_text_in_an_array_is_refused_and_a_body_reads() {
    // An array in the root or in a paragraph, and text in what is no text.
    for at in [At::Root, At::In(P)] {
        assert_schema(&[part(at, 7, &[0])]);
    }
    for at in [At::Root, At::In(P), At::Left(P), At::Left(T)] {
        assert_schema(&[text(at, "😀")]);
    }
    let mut body = hello();
    assert_eq!(body.take(&update(&[(9, 0, &[text(At::Left((1, 6)), "😀")])], &[])), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "hello😀");
}

#[test]
fn w16_a_client_listed_twice_is_refused() {
    let one = [text(At::Left((1, 6)), "a")];
    let two = [text(At::Left((1, 6)), "b")];
    assert_malformed(hello().take(&update(&[(9, 0, &one), (9, 1, &two)], &[])));
    assert_malformed(hello().take(&update(&[], &[(1, &[(2, 1)]), (1, &[(3, 1)])])));
}

#[test]
fn w17_clocks_that_wrap_are_refused() {
    for (clock, length) in
        [(0, 1 << 31), (0, u64::from(u32::MAX)), (0, 1 << 40), (u64::from(u32::MAX), 1), ((1 << 31) - 1, 1)]
    {
        assert_malformed(hello().take(&update(&[(9, clock, &[gone(length)])], &[])));
        assert_malformed(hello().take(&update(&[], &[(1, &[(clock, length)])])));
    }
    for id in [(9, 1 << 31), (1, u32::MAX)] {
        assert_malformed(hello().take(&update(&[(9, 0, &[text(At::Left(id), "x")])], &[])));
    }
}

#[test]
fn w18_a_clock_gap_is_answered_by_gap() {
    assert_eq!(hello().take(&update(&[(9, 1, &[text(At::Left((1, 6)), "x")])], &[])), Err(Refusal::Gap));
    assert_eq!(hello().take(&update(&[(1, 8, &[text(At::Left((1, 6)), "x")])], &[])), Err(Refusal::Gap));
    assert_eq!(sends(&[vec![10, 1]]), Err(Refusal::Gap), "a hole");
    assert_eq!(hello().take(&update(&[], &[(1, &[(6, 2)])])), Err(Refusal::Gap));
    assert_eq!(hello().take(&update(&[], &[(77, &[(0, 1)])])), Err(Refusal::Gap));
}

#[test]
fn w19_client_ids_from_two_to_the_53rd_are_refused() {
    for client in [1u64 << 53, (1 << 53) + 1, u64::MAX] {
        assert_malformed(hello().take(&update(&[(client, 0, &[text(At::Left((1, 6)), "x")])], &[])));
        assert_malformed(hello().take(&update(&[], &[(client, &[(0, 1)])])));
    }
    let last = (1 << 53) - 1;
    assert_eq!(hello().take(&update(&[(last, 0, &[text(At::Left((1, 6)), "x")])], &[])), Ok(Taken::New));
}

#[test]
fn w20_json_binary_embeds_documents_and_unknown_content_are_refused() {
    for (kind, content) in [(2u8, &b"\x01\x011"[..]), (3, b"\x01x"), (5, b"\x02{}"), (9, b"\x01x\x76\x00")] {
        assert_schema(&[part(At::In(T), kind, content)]);
    }
    for kind in [11u8, 12, 15, 0x14, 0x1f] {
        assert_malformed(sends(&[part(At::In(T), kind, b"\x01x")]));
    }
    assert_schema(&[part(At::In(T), 8, &[1, 125, 1])]);
}

#[test]
fn w22_parts_with_impossible_surroundings_are_refused() {
    assert_eq!(sends(&[text(At::Left((77, 0)), "x")]), Err(Refusal::Gap), "left missing");
    assert_eq!(sends(&[text(At::Right((1, 7)), "x")]), Err(Refusal::Gap), "right missing");
    assert_eq!(sends(&[text(At::In((77, 0)), "x")]), Err(Refusal::Gap), "parent missing");
    assert_malformed(sends(&[text(At::Left((9, 0)), "x")]));
    assert_malformed(sends(&[text(At::Left((9, 5)), "x")]));
    assert_malformed(sends(&[xml_text(At::In((9, 0)))]));
    assert_malformed(sends(&[text(At::In((1, 3)), "x")]));
    assert_malformed(sends(&[text(At::Between(P, (1, 3)), "x")]));
    assert_malformed(sends(&[
        text_value(At::Key(P, "id"), "a"),
        part(At::Between((9, 0), (1, 1)), 8, &[1, 126]),
    ]));
    let circle =
        update(&[(8, 0, &[text(At::Left((9, 0)), "x")]), (9, 0, &[text(At::Left((8, 0)), "x")])], &[]);
    assert_malformed(hello().take(&circle));
}

#[test]
fn parts_that_build_on_other_clients_parts_are_taken_in_whatever_order() {
    let sections: [(u64, u64, &[Vec<u8>]); 3] = [
        (7, 0, &[text(At::Left((8, 0)), "c"), text(At::Left((9, 1)), "d")]),
        (8, 0, &[text(At::Left((9, 0)), "b")]),
        (9, 0, &[text(At::Left((1, 6)), "a"), text(At::Left((7, 0)), "e")]),
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut body = hello();
        assert_eq!(body.take(&update(&order.map(|at| sections[at]), &[])), Ok(Taken::New));
        assert_eq!(body.plain_text().unwrap(), "helloabced");
        assert_healthy(&mut body);
    }
}

#[test]
fn c3_c4_nodes_attributes_and_marks_outside_the_schema_are_refused() {
    assert_schema(&[element(At::Root, "script")]);
    assert_schema(&[element(At::Root, "PARAGRAPH")]);
    assert_schema(&[element(At::Root, "tableRow")]);
    assert_schema(&[element(At::In(P), "paragraph")]);
    assert_schema(&[element(At::In(T), "hardBreak")]);
    assert_schema(&[xml_text(At::Root)]);
    assert_schema(&[text(At::Root, "x")]);
    assert_schema(&[text(At::In(P), "x")]);
    assert_schema(&[format(At::In(P), "bold", "{}")]);
    assert_schema(&[element(At::Left(P), "table"), text(At::In((9, 0)), "x")]);
    assert_schema(&[text_value(At::Key(P, "onclick"), "x")]);
    assert_schema(&[text_value(At::Key(P, "__proto__"), "x")]);
    assert_schema(&[text_value(At::Key(P, "level"), "2")]);
    assert_schema(&[text_value(At::Key(T, "id"), "x")]);
    assert_schema(&[text_value(At::Key(P, "id"), "<script>")]);
    assert_schema(&[text_value(At::Key(P, "id"), &"x".repeat(65))]);
    assert_schema(&[text(At::Key(P, "id"), "x")]);
    assert_schema(&[xml_text(At::Key(P, "id"))]);
    assert_schema(&[part(At::Key(P, "id"), 8, &[2, 126, 125, 7])]);
    assert_schema(&[format(At::In(T), "bold--a1b2", "{}")]);
    assert_schema(&[format(At::In(T), "font", "{}")]);
    assert_schema(&[format(At::In(T), "bold", "{\"style\":\"x\"}")]);
    assert_malformed(sends(&[format(At::In(T), "bold", "{")]));
    let mut other_root = vec![1, 1, 9, 0, 4, 1, 7];
    other_root.extend_from_slice(b"default\x01x\x00");
    assert!(matches!(hello().take(&other_root), Err(Refusal::Schema(_))));
}

#[test]
fn c1_links_to_scripts_are_refused() {
    for href in [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "java\\tscript:x",
        "java\\u0000script:x",
        " javascript:x",
    ] {
        assert_schema(&[format(At::In(T), "link", &format!("{{\"href\":\"{href}\"}}"))]);
    }
    assert_eq!(sends(&[format(At::In(T), "link", "{\"href\":\"https://iom.int\"}")]), Ok(Taken::New));
}

#[test]
fn w23_a_character_deleted_by_halves_is_two_replacement_characters_everywhere() {
    let mut body = hello();
    assert_eq!(body.take(&update(&[(9, 0, &[text(At::Left((1, 6)), "a😀b")])], &[])), Ok(Taken::New));
    assert_eq!(body.take(&update(&[], &[(9, &[(1, 1)])])), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "helloa\u{fffd}b");
    assert_healthy(&mut body);
    let mut body = hello();
    assert_eq!(body.take(&update(&[(9, 0, &[text(At::Left((1, 6)), "a😀b")])], &[])), Ok(Taken::New));
    assert_eq!(
        body.take(&update(&[(10, 0, &[text(At::Between((9, 1), (9, 2)), "x")])], &[])),
        Ok(Taken::New)
    );
    assert_eq!(body.plain_text().unwrap(), "helloa\u{fffd}x\u{fffd}b");
    assert_healthy(&mut body);
}

#[test]
fn what_overlaps_known_clocks_is_taken_from_there_on() {
    let mut body = hello();
    let overlapping = update(&[(1, 2, &[text(At::In(T), "hello, all")])], &[]);
    assert_eq!(body.take(&overlapping), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "hello, all");
    assert_eq!(body.take(&overlapping), Ok(Taken::Known));
    assert_healthy(&mut body);
    let mut elsewhere = hello();
    let second = [element(At::Left(P), "paragraph"), xml_text(At::In((9, 0)))];
    assert_eq!(elsewhere.take(&update(&[(9, 0, &second)], &[])), Ok(Taken::New));
    assert_malformed(elsewhere.take(&update(&[(1, 2, &[text(At::In((9, 1)), "hello, all")])], &[])));
}

#[test]
fn collected_garbage_is_taken_and_what_stands_beside_it_is_garbage_too() {
    let mut body = hello();
    assert_eq!(body.take(&update(&[(9, 0, &[gone(5)])], &[])), Ok(Taken::New));
    assert_eq!(body.take(&update(&[(10, 0, &[text(At::Left((9, 2)), "lost")])], &[])), Ok(Taken::New));
    assert_eq!(body.take(&update(&[(11, 0, &[text(At::In((9, 2)), "lost")])], &[])), Ok(Taken::New));
    assert_malformed(body.take(&update(&[(12, 0, &[text(At::Between((9, 2), (1, 3)), "x")])], &[])));
    assert_eq!(body.take(&update(&[(12, 0, &[deleted(At::Left((1, 3)), 4)])], &[])), Ok(Taken::New));
    assert_eq!(body.take(&update(&[(13, 0, &[text(At::In((12, 1)), "lost")])], &[])), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "hello");
    assert_healthy(&mut body);
}

#[test]
fn what_is_written_into_a_deleted_paragraph_is_lost_without_harm() {
    let mut body = hello();
    assert_eq!(body.take(&update(&[], &[(1, &[(0, 7)])])), Ok(Taken::New));
    assert_eq!(body.take(&update(&[(9, 0, &[text(At::Between((1, 3), (1, 4)), "x")])], &[])), Ok(Taken::New));
    assert_eq!(
        body.take(&update(&[(10, 0, &[xml_text(At::In(P)), text(At::In((10, 0)), "y")])], &[])),
        Ok(Taken::New)
    );
    assert_eq!(body.take(&update(&[], &[(1, &[(0, 7)])])), Ok(Taken::Known));
    assert_eq!(body.plain_text().unwrap(), "");
    let encoded = body.encode();
    let mut reloaded = Body::load([&encoded[..]]).unwrap();
    assert_eq!(reloaded.take(&update(&[(11, 0, &[text(At::Left((1, 3)), "z")])], &[])), Ok(Taken::New));
    assert_healthy(&mut reloaded);
}

#[test]
fn w25_state_vectors_random_or_from_the_future_get_a_normal_answer() {
    let body = hello();
    for vector in ["00", "010107", "0101ffffffff07", "01ffffffffffffff0f05", "02010309ff01"] {
        let diff = body.diff(&hex(vector)).unwrap();
        let mut other = hello();
        assert_eq!(other.take(&diff), Ok(Taken::Known), "{vector}");
    }
    assert_eq!(body.diff(&hex("00")).unwrap(), body.encode());
    for vector in ["", "01", "8080808001", "0101", "000000"] {
        assert!(matches!(body.diff(&hex(vector)), Err(Refusal::Malformed(_))), "{vector}");
    }
}

#[test]
fn w26_an_update_of_the_second_format_is_refused() {
    let doc = yrs::Doc::with_client_id(9);
    let root = doc.get_or_insert_xml_fragment(ROOT);
    let mut txn = doc.transact_mut();
    yrs::XmlFragment::push_back(&root, &mut txn, yrs::XmlElementPrelim::empty("paragraph"));
    let second = txn.encode_state_as_update_v2(&StateVector::default());
    assert!(hello().take(&second).is_err());
}

#[test]
fn bytes_that_are_not_of_a_body_are_not_loaded() {
    assert!(Body::load([&b"\x00"[..]]).is_err());
    let text = update(&[(9, 0, &[element(At::Root, "script")])], &[]);
    assert!(Body::load([&text[..]]).is_err());
    let gap = update(&[(9, 3, &[element(At::Root, "paragraph")])], &[]);
    assert!(Body::load([&gap[..]]).is_err());
    assert_eq!(Body::load([]).unwrap().encode(), Body::new().encode());
}
