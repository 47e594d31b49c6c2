//! The inputs of `tests/fixtures/yrs-crashers.txt`, each of which crashes, hangs or corrupts yrs 0.28.1 when it comes
//! through unguarded, and its generators.

use std::{collections::HashMap, time::Instant};

use super::*;
use crate::lib0::{put_bytes, put_uint};

fn inputs() -> (Vec<u8>, HashMap<&'static str, Vec<u8>>) {
    let file = include_str!("../../../../tests/fixtures/yrs-crashers.txt");
    let base = file.lines().find_map(|line| line.strip_prefix("base.hex: ")).unwrap();
    let entries = file.lines().filter_map(|line| {
        let bytes = line.rsplit_once(" | ")?.1;
        let label = line.split(' ').next()?;
        bytes.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| (label, hex(bytes)))
    });
    (hex(base.trim()), entries.collect())
}

/// The same input with its roots named `body`, so that it is not refused for their names alone.
fn at_home(update: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = update;
    while let Some(first) = rest.first() {
        let name = [&b"\x01\x07default"[..], b"\x01\x06review", b"\x01\x02ar", b"\x01\x01t", b"\x01\x01m"]
            .into_iter()
            .find(|name| rest.starts_with(name));
        match name {
            Some(name) => {
                out.extend_from_slice(b"\x01\x04body");
                rest = &rest[name.len()..];
            }
            None => {
                out.push(*first);
                rest = &rest[1..];
            }
        }
    }
    out
}

#[test]
fn each_crasher_is_refused_and_leaves_the_body_as_it_was() {
    let (base, inputs) = inputs();
    assert_eq!(inputs.len(), 24, "the fixture holds {} inputs", inputs.len());
    for (label, update) in inputs {
        for update in [at_home(&update), update] {
            for mut body in [Body::new(), body_of(&["Introduction", "😀 text"])] {
                let before = body.encode();
                let refusal = body.take(&update).expect_err(label);
                assert!(!matches!(refusal, Refusal::Broken(_)), "{label}: {refusal}");
                assert_eq!(body.encode(), before, "{label}");
                assert_healthy(&mut body);
            }
        }
    }
    // The crashers' base uses marks, attributes and a root that a body does not have.
    assert!(Body::new().take(&base).is_err());
}

#[test]
fn w9_w10_the_crashers_with_bits_flipped_or_cut_do_no_harm() {
    let (_, inputs) = inputs();
    let mut body = body_of(&["Introduction"]);
    let (mut taken, mut refused) = (0, 0);
    for update in inputs.values().flat_map(|update| [update.clone(), at_home(update)]) {
        for at in 0..update.len() {
            assert!(body.take(&update[..at]).is_err());
            for bit in 0..8 {
                let mut flipped = update.clone();
                flipped[at] ^= 1 << bit;
                match body.take(&flipped) {
                    Ok(_) => taken += 1,
                    Err(Refusal::Broken(why)) => panic!("{why}: {flipped:?}"),
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(refused > 10_000 && taken < 100, "{refused} refused, {taken} taken");
    assert_healthy(&mut body);
}

/// `07 01 4 "body" 03 9 "paragraph"`: a paragraph in the root, then its attribute `id` with the given value.
fn with_value(value: &[u8]) -> Vec<u8> {
    let mut update = vec![1, 2, 1, 0, 7, 1];
    put_bytes(&mut update, b"body");
    update.push(3);
    put_bytes(&mut update, b"paragraph");
    update.extend_from_slice(&[0x28, 0, 1, 0]);
    put_bytes(&mut update, b"id");
    update.push(1);
    update.extend_from_slice(value);
    update.push(0);
    update
}

#[test]
fn h1_h2_w14_values_nested_deeply_are_refused() {
    let mut body = Body::new();
    for (open, limit) in [(&[117u8, 1][..], "H1"), (&[118, 1, 0][..], "H2")] {
        for depth in [65, 6_300, 100_000] {
            let mut value = open.repeat(depth);
            value.push(126);
            assert_eq!(
                body.take(&with_value(&value)),
                Err(Refusal::Malformed("value nested too deeply")),
                "{limit}"
            );
        }
    }
    // At the depth that is still read, the schema refuses: no attribute takes a map.
    let mut value = [118u8, 1, 0].repeat(60);
    value.push(126);
    assert!(matches!(body.take(&with_value(&value)), Err(Refusal::Schema(_))));
    assert_healthy(&mut body);
}

/// n+1 blockquotes, each in the one before.
fn nested(levels: u64) -> Vec<u8> {
    let mut update = vec![1];
    put_uint(&mut update, levels + 1);
    update.extend_from_slice(&[1, 0, 7, 1]);
    put_bytes(&mut update, b"body");
    update.push(3);
    put_bytes(&mut update, b"blockquote");
    for level in 0..levels {
        update.extend_from_slice(&[7, 0, 1]);
        put_uint(&mut update, level);
        update.push(3);
        put_bytes(&mut update, b"blockquote");
    }
    update
}

#[test]
fn h3_h4_w15_elements_nested_deeply_are_refused() {
    let mut body = Body::new();
    for levels in [64, 4_700, 10_000] {
        let mut update = nested(levels);
        update.push(0);
        assert_eq!(body.take(&update), Err(Refusal::Schema("nesting too deep".into())));
        let mut with_delete = nested(levels);
        with_delete.extend_from_slice(&[1, 1, 1, 0, 1]);
        assert_eq!(body.take(&with_delete), Err(Refusal::Schema("nesting too deep".into())));
    }
    let mut allowed = nested(63);
    allowed.push(0);
    assert_eq!(body.take(&allowed), Ok(Taken::New));
    assert_eq!(body.tree().unwrap().blocks.len(), 1);
    assert_eq!(body.take(&[0, 1, 1, 1, 0, 1]), Ok(Taken::New), "the root of the nest is deleted");
    assert_eq!(body.tree().unwrap().blocks.len(), 0);
    assert_healthy(&mut body);
}

#[test]
fn h5_w20_shared_types_other_than_elements_and_texts_are_refused() {
    for kind in [0u8, 1, 2, 4, 5, 7, 9, 15] {
        let mut update = vec![1, 1, 1, 0, 7, 1];
        put_bytes(&mut update, b"body");
        update.extend_from_slice(&[kind, 2, b'h', b'k', 0]);
        assert!(matches!(Body::new().take(&update), Err(Refusal::Schema(_))), "kind {kind}");
    }
}

#[test]
fn i1_x8_deletions_of_what_is_not_here_are_not_kept() {
    let mut body = body_of(&["a"]);
    let before = body.encode();
    let start = Instant::now();
    for client in 0..8_000u64 {
        let mut update = vec![0, 1];
        put_uint(&mut update, 1_000 + client);
        update.extend_from_slice(&[1, 0, 1]);
        assert_eq!(body.take(&update), Err(Refusal::Gap));
    }
    assert!(start.elapsed().as_secs() < 2, "18 s without the guard: {:?}", start.elapsed());
    assert_eq!(body.encode(), before);
}

#[test]
fn i2_x8_parts_beside_what_is_not_here_are_not_kept() {
    let mut body = body_of(&["a"]);
    let before = body.encode();
    let start = Instant::now();
    for client in 0..8_000u64 {
        let mut update = vec![1, 1];
        put_uint(&mut update, 1_000 + client);
        update.extend_from_slice(&[0, 0x84]);
        put_uint(&mut update, 500_000 + client);
        update.extend_from_slice(&[0, 1, b'x', 0]);
        assert_eq!(body.take(&update), Err(Refusal::Gap));
    }
    assert!(start.elapsed().as_secs() < 2, "10.7 s without the guard: {:?}", start.elapsed());
    assert_eq!(body.encode(), before);
}

#[test]
fn i3_more_clients_and_deletions_than_an_editor_makes_are_refused() {
    let mut body = body_of(&["a"]);
    let mut clients = Vec::new();
    put_uint(&mut clients, 20_000);
    for client in 0..20_000u64 {
        clients.push(1);
        put_uint(&mut clients, 1_000 + client);
        clients.extend_from_slice(&[0, 0x28, 0, 5, 0, 2, b'i', b'd', 1, 126]);
    }
    clients.push(0);
    assert_eq!(body.take(&clients), Err(Refusal::Malformed("too many clients in one change")));
    let mut ranges = vec![0, 1, 5];
    put_uint(&mut ranges, 200_001);
    for range in 0..200_001u64 {
        put_uint(&mut ranges, range * 2);
        ranges.push(1);
    }
    assert_eq!(body.take(&ranges), Err(Refusal::Malformed("too many parts in one change")));
    assert_healthy(&mut body);
}

#[test]
fn w12_w13_counts_beyond_the_bytes_are_refused_before_any_allocation() {
    for update in [
        hex("80808040"),
        at_home(&hex("010101002801016d016b0176808080100000")),
        vec![1, 0x80, 0x80, 0x80, 0x40, 1, 0],
        vec![0, 0x80, 0x80, 0x80, 0x40],
        with_value(&[117, 0x80, 0x80, 0x80, 0x10]),
    ] {
        assert_eq!(
            Body::new().take(&update),
            Err(Refusal::Malformed("more announced than sent")),
            "{update:?}"
        );
    }
}

#[test]
fn x10_a_long_text_cut_at_every_other_character_is_refused() {
    let long = "x".repeat(400_000);
    let mut body = body_of(&[&long]);
    let before = body.encode();
    let holes: Vec<(u64, u64)> = (0..20_000).map(|at| (10 + at * 2, 1)).collect();
    let refused = Err(Refusal::Malformed("long texts cut too often in one change"));
    assert_eq!(body.take(&raw::update(&[], &[(5, &holes)])), refused);
    let inserts: Vec<Vec<u8>> = (0..20_000u32)
        .map(|at| raw::text(raw::At::Between((5, 10 + at * 2), (5, 11 + at * 2)), "y"))
        .collect();
    assert_eq!(body.take(&raw::update(&[(9, 0, &inserts)], &[])), refused);
    assert_eq!(body.encode(), before);
    assert_eq!(body.take(&raw::update(&[], &[(5, &holes[..100])])), Ok(Taken::New));
}
