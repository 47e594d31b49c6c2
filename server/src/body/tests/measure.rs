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
