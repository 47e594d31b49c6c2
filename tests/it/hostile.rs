//! Bytes that crash an unguarded yrs, each over a real socket; after each, a fresh client joins and edits.

use plenary_tests::{Consultation, desk::var_uint};

/// The crashing inputs: label and bytes.
fn crashers() -> Vec<(String, Vec<u8>)> {
    let text = include_str!("../fixtures/yrs-crashers.txt");
    text.lines()
        .filter_map(|line| {
            let (label, hex) = (line.split_whitespace().next()?, line.rsplit('|').next()?.trim());
            let even = hex.len() % 2 == 0 && !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
            even.then(|| (label.to_string(), unhex(hex)))
        })
        .collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).filter_map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
}

/// The generators of the list, which are too long to be written out.
fn generated() -> Vec<(String, Vec<u8>)> {
    let nested = |open: &[u8], depth: usize| {
        let mut bytes = unhex("0101010028").to_vec();
        bytes.extend(unhex("01016d016b01"));
        for _ in 0..depth {
            bytes.extend_from_slice(open);
        }
        bytes.push(0x7e);
        bytes.push(0);
        bytes
    };
    let deep_elements = {
        let mut bytes = vec![1];
        var_uint(&mut bytes, 7301);
        bytes.extend(unhex("0100"));
        bytes.extend(unhex("070104626f6479030170"));
        for at in 0..7300 {
            bytes.extend(unhex("070001"));
            var_uint(&mut bytes, at);
            bytes.extend(unhex("030170"));
        }
        bytes.push(0);
        bytes
    };
    vec![
        ("H1".into(), nested(&[0x75, 0x01], 7000)),
        ("H2".into(), nested(&[0x76, 0x01, 0x00], 7000)),
        ("H3".into(), deep_elements),
        ("random".into(), (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
        ("empty".into(), vec![]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_known_input_brings_a_room_down() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mallory = c.invite("Mallory", "Elsewhere", "drafter").await?;
    let mut witness = ana.sit(&c.sections[0]).await?;
    let all: Vec<_> = crashers().into_iter().chain(generated()).collect();
    assert!(all.len() >= 20, "the list was read: {}", all.len());
    for (label, bytes) in &all {
        let mut hostile = mallory.sit(&c.sections[0]).await?;
        hostile.send_update(bytes).await?;
        let mut fresh = ana.sit(&c.sections[0]).await?;
        let line = format!("after {label}");
        fresh.write(&line).await?;
        witness.until(&line).await?;
        assert!(c.server.runs(), "{label} brought the server down");
    }
    c.server.kill()?;
    c.server.restart()?;
    let mut reloaded = c.moved(&ana).sit(&c.sections[0]).await?;
    reloaded.until("after empty").await?;
    assert_eq!(reloaded.text(), witness.text(), "the same text after a reload");
    Ok(())
}

#[tokio::test]
async fn malformed_frames_close_that_socket_only() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut witness = ana.sit(&c.sections[0]).await?;
    let frames: [&[u8]; 6] = [
        &[255; 16],
        &[0],
        &[0, 9, 0],
        &[0, 2, 0xff, 0xff, 0xff, 0xff, 0x7f],
        &[1, 3, 0xff, 0xff, 0xff],
        &[42],
    ];
    for frame in frames {
        let mut hostile = ana.sit(&c.sections[0]).await?;
        hostile.send_raw(frame).await?;
        let (code, why) = hostile.closed().await?;
        assert!([1002, 1003, 1007, 1008, 4403].contains(&code), "{frame:?}: {code} {why}");
    }
    ana.sit(&c.sections[0]).await?.write("still here").await?;
    witness.until("still here").await?;
    assert!(c.server.runs());
    Ok(())
}

#[tokio::test]
async fn a_frame_of_twenty_mebibytes_is_too_large() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut big = ana.sit(&c.sections[0]).await?;
    // The send itself may fail: the server closes before it has read everything.
    let _ = big.send_raw(&vec![0; 20 * 1024 * 1024]).await;
    let (code, why) = big.closed().await?;
    assert!(code == 1009 || code == 1006, "{code} {why}");
    let mut fresh = ana.sit(&c.sections[0]).await?;
    fresh.write("fine").await
}
