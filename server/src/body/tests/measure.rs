//! Figures, not checks: `cargo test --release -p plenary --lib body::tests::measure -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use super::{
    raw::{At, Id, text, update},
    *,
};

fn figures(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let (median, late) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{what}: median {median:?}, p99 {late:?} of {}", times.len());
}

/// 500 paragraphs of 60 words, with the id of the first character of the middle one.
fn thirty_thousand_words() -> (Body, Id) {
    let words = "governance ".repeat(60);
    let blocks: Vec<Block> = (0..500).map(|_| paragraph(&words)).collect();
    let mut body = Body::new();
    body.take(&Body::from_tree(&blocks, 5)).unwrap();
    let anchor = body.anchor_of("governance").unwrap();
    let clock = anchor.start["item"]["clock"].as_u64().unwrap();
    (body, (5, clock as u32 + 20))
}

#[test]
#[ignore = "prints figures"]
fn a_keystroke_in_thirty_thousand_words() {
    let (mut body, at) = thirty_thousand_words();
    let (mut guard, mut whole) = (Vec::new(), Vec::new());
    for key in 0..5_000u32 {
        let left = if key == 0 { at } else { (9, key - 1) };
        let typed = update(&[(9, u64::from(key), &[text(At::Between(left, (5, at.1 + 1)), "a")])], &[]);
        let start = Instant::now();
        let parsed = structs::read(&typed, Bounds::CLIENT).unwrap();
        let plan = guard::check(&body.index, &parsed, Bounds::CLIENT).unwrap();
        guard.push(start.elapsed());
        assert!(!plan.is_empty());
        let start = Instant::now();
        body.take(&typed).unwrap();
        whole.push(start.elapsed());
    }
    figures("guard", guard);
    figures("guard and apply", whole);
    let start = Instant::now();
    let encoded = body.encode();
    println!("encode {} bytes: {:?}", encoded.len(), start.elapsed());
    let start = Instant::now();
    Body::load([&encoded[..]]).unwrap();
    println!("load: {:?}", start.elapsed());
    let start = Instant::now();
    let text = body.plain_text().unwrap();
    println!("read {} bytes of text: {:?}", text.len(), start.elapsed());
}

#[test]
#[ignore = "prints figures"]
fn the_costliest_updates_that_are_taken() {
    let word = "x".repeat(400_000);
    for ranges in [2_000u64, 20_000, 199_000] {
        let mut body = body_of(&[&word]);
        let deletes: Vec<(u64, u64)> = (0..ranges).map(|at| (10 + at * 2, 1)).collect();
        let holes = update(&[], &[(5, &deletes)]);
        let start = Instant::now();
        let taken = body.take(&holes);
        println!("{ranges} ranges deleted, {} bytes: {:?} {taken:?}", holes.len(), start.elapsed());
    }
    for clients in [100u64, 1_000, 9_999] {
        let mut body = body_of(&["x"]);
        let value = [raw::text_value(At::Key((5, 0), "id"), "b")];
        let sections: Vec<(u64, u64, &[Vec<u8>])> =
            (0..clients).map(|client| (1_000 + client, 0, &value[..])).collect();
        let same_key = update(&sections, &[]);
        let start = Instant::now();
        let taken = body.take(&same_key);
        println!(
            "{clients} clients, one attribute, {} bytes: {:?} {taken:?}",
            same_key.len(),
            start.elapsed()
        );
    }
    for half in [1_000u32, 5_000, 20_000] {
        let mut body = body_of(&["x"]);
        let first =
            (0..half).map(|at| text(if at == 0 { At::In((5, 1)) } else { At::Right((9, at - 1)) }, "a"));
        let second = (0..half).map(|_| text(At::In((5, 1)), "b"));
        let parts: Vec<Vec<u8>> = first.chain(second).collect();
        let crowd = update(&[(9, 0, &parts)], &[]);
        let start = Instant::now();
        let taken = body.take(&crowd);
        println!("{half} + {half} at one place, {} bytes: {:?} {taken:?}", crowd.len(), start.elapsed());
    }
}

/// The editing history of `tests/bench/src/history.rs`: one author writes, corrects, goes back and rewrites.
fn history(keystrokes: usize) -> Vec<Vec<u8>> {
    const CLIENT: u64 = 0x7000_0000;
    let mut chance = super::mutants::Chance(260_000);
    let mut clock = 0u32;
    // Each paragraph's clock, and the clocks of the characters that stand in it.
    let mut paragraphs: Vec<(u32, Vec<u32>)> = Vec::new();
    let mut updates = Vec::new();
    while updates.len() < keystrokes {
        if paragraphs.last().is_none_or(|last| last.1.len() > 420) {
            let at = paragraphs.last().map_or(At::Root, |last| At::Left((CLIENT, last.0)));
            let parts = [raw::element(at, "paragraph"), raw::xml_text(At::In((CLIENT, clock)))];
            updates.push(update(&[(CLIENT, u64::from(clock), &parts)], &[]));
            paragraphs.push((clock, Vec::new()));
            clock += 2;
        }
        let last = paragraphs.len() - 1;
        let back = chance.below(5) == 0;
        let at = if back { chance.below(last + 1) } else { last };
        let (node, letters) = &mut paragraphs[at];
        let spot = if back { chance.below(letters.len() + 1) } else { letters.len() };
        let burst = 4 + chance.below(44);
        let erased = if chance.below(10) < 3 { burst.min(spot) } else { 0 };
        for gone in letters.drain(spot - erased..spot).rev() {
            updates.push(update(&[], &[(CLIENT, &[(u64::from(gone), 1)])]));
        }
        for spot in spot - erased..spot + burst - 2 * erased {
            let left = spot.checked_sub(1).map(|before| (CLIENT, letters[before]));
            let right = letters.get(spot).map(|after| (CLIENT, *after));
            let at = match (left, right) {
                (Some(left), Some(right)) => At::Between(left, right),
                (Some(left), None) => At::Left(left),
                (None, Some(right)) => At::Right(right),
                (None, None) => At::In((CLIENT, *node + 1)),
            };
            let letter = [b'a' + (clock % 26) as u8];
            let letter = if clock % 7 == 6 { " " } else { std::str::from_utf8(&letter).unwrap() };
            updates.push(update(&[(CLIENT, u64::from(clock), &[text(at, letter)])], &[]));
            letters.insert(spot, clock);
            clock += 1;
        }
    }
    updates
}

#[test]
#[ignore = "prints figures"]
fn opening_a_document_of_260_000_keystrokes() {
    let updates = history(260_000);
    let (old, tail) = updates.split_at(updates.len() - 1_999);
    let mut body = Body::new();
    let start = Instant::now();
    for update in old {
        body.take(update).unwrap();
    }
    println!("{} keystrokes taken: {:?}", old.len(), start.elapsed());
    let snapshot = body.encode();
    let record: Vec<&[u8]> = std::iter::once(&snapshot[..]).chain(tail.iter().map(|it| &it[..])).collect();
    let bytes: usize = tail.iter().map(Vec::len).sum();
    println!("snapshot {} bytes, tail {bytes} bytes", snapshot.len());
    let start = Instant::now();
    let parsed: Vec<_> = record.iter().map(|update| structs::read(update, Bounds::STORED).unwrap()).collect();
    println!("structs::read: {:?} {} structs", start.elapsed(), parsed[0].sections[0].structs.len());
    let mut index = index::Index::new();
    let start = Instant::now();
    for parsed in &parsed {
        let plan = guard::check(&index, parsed, Bounds::STORED).unwrap();
        index.commit(plan);
    }
    println!("guard: {:?}", start.elapsed());
    let start = Instant::now();
    let decoded: Vec<_> = record.iter().map(|update| Update::decode_v1(update).unwrap()).collect();
    println!("decode: {:?}", start.elapsed());
    let doc = new_doc(1);
    doc.get_or_insert_xml_fragment(ROOT);
    let mut whole = Duration::ZERO;
    for (at, update) in decoded.into_iter().enumerate() {
        let start = Instant::now();
        doc.transact_mut().apply_update(update).unwrap();
        whole += start.elapsed();
        if at == 0 {
            println!("apply snapshot: {whole:?}");
        }
    }
    println!("apply: {whole:?}");
    for _ in 0..3 {
        let start = Instant::now();
        let body = Body::load(record.iter().copied()).unwrap();
        println!("Body::load: {:?}", start.elapsed());
        let start = Instant::now();
        println!("encode: {} bytes {:?}", body.encode().len(), start.elapsed());
    }
    for _ in 0..3 {
        let start = Instant::now();
        let stored = record.iter().map(|update| Bytes::copy_from_slice(update)).collect();
        let cold = Cold::read(stored).unwrap();
        println!("Cold::read: {:?}", start.elapsed());
        let start = Instant::now();
        println!("cold encode: {} bytes {:?}", cold.encode().len(), start.elapsed());
        let start = Instant::now();
        let mut half = vec![1];
        crate::lib0::put_uint(&mut half, 0x7000_0000);
        crate::lib0::put_uint(&mut half, 100_000);
        println!("cold diff: {} bytes {:?}", cold.diff(&half).unwrap().len(), start.elapsed());
        let start = Instant::now();
        cold.build().unwrap();
        println!("Cold::build: {:?}", start.elapsed());
    }
    let start = Instant::now();
    let merged = yrs::merge_updates_v1(&record).unwrap();
    println!("yrs merge: {} bytes {:?}", merged.len(), start.elapsed());
}
