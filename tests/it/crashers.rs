//! Bytes that crash an unguarded yrs, each over a real socket; after each, a fresh client joins and edits.

use plenary_tests::{Consultation, desk::var_uint};

/// The crashing inputs: label and bytes.
fn crashers() -> Vec<(String, Vec<u8>)> {
    let text = include_str!("../fixtures/yrs-crashers.txt");
    text.lines()
        .filter_map(|line| {
            let (label, hex) = (line.split_whitespace().next()?, line.rsplit('|').next()?.trim());
            let even = hex.len() % 2 == 0 && !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
            even.then(|| {
                [(label.to_string(), unhex(hex)), (format!("{label} at home"), unhex(&at_home(hex)))]
            })
        })
        .flatten()
        .collect()
}

/// The fixture's roots have other names; with the body's own the input gets past the first look.
fn at_home(hex: &str) -> String {
    let roots = ["0764656661756c74", "06726576696577", "026172", "0174", "016d"];
    roots.iter().fold(hex.to_owned(), |hex, root| hex.replace(&format!("01{root}"), "0104626f6479"))
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
async fn w16_w17_w20_w21_x08_no_known_input_brings_a_room_down() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mallory = c.invite("Mallory", "Elsewhere", "drafter").await?;
    let mut witness = ana.sit(&c.sections[0]).await?;
    let all: Vec<_> = crashers().into_iter().chain(generated()).collect();
    assert!(all.len() >= 50, "the list was read: {}", all.len());
    for (label, bytes) in &all {
        let mut hostile = mallory.sit(&c.sections[0]).await?;
        hostile.send_update(bytes).await?;
        let mut fresh = ana.sit(&c.sections[0]).await?;
        let line = format!("after {label}.");
        fresh.write(&line).await?;
        witness.until(&line).await?;
        assert!(c.server.runs(), "{label} brought the server down");
    }
    c.server.kill()?;
    c.server.restart()?;
    let mut reloaded = c.moved(&ana).sit(&c.sections[0]).await?;
    reloaded.until("after empty.").await?;
    assert_eq!(reloaded.text(), witness.text(), "the same text after a reload");
    Ok(())
}
