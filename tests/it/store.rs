//! The data directory: one server at a time, damage reported by name, never silently empty.

use std::{fs, process::Stdio};

use plenary_tests::{Consultation, Server, server};

/// What happens to a file's bytes.
type Wound = Box<dyn Fn(&mut Vec<u8>)>;

/// Starts a server that must refuse; gives what it printed.
fn refused(dir: &std::path::Path) -> anyhow::Result<String> {
    let output = server::command(dir)?.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    anyhow::ensure!(!output.status.success(), "it should have refused");
    Ok(String::from_utf8_lossy(&output.stderr).to_string() + &String::from_utf8_lossy(&output.stdout))
}

async fn written() -> anyhow::Result<(Consultation, plenary_tests::Person)> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let mut desk = ana.sit(&c.sections[0]).await?;
    let mut other = ana.sit(&c.sections[0]).await?;
    for n in 0..50 {
        desk.write(&format!("paragraph {n}")).await?;
    }
    other.until("paragraph 49").await?;
    Ok((c, ana))
}

#[tokio::test]
async fn a_second_server_on_the_same_directory_refuses() -> anyhow::Result<()> {
    let server = Server::start()?;
    let said = refused(server.dir())?;
    assert!(said.contains("another server") || said.contains("in use"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_store_is_reported_and_never_opens_empty() -> anyhow::Result<()> {
    let (mut c, ana) = written().await?;
    c.server.kill()?;
    let db = find(c.server.dir(), "db")?;
    let good = fs::read(&db)?;
    let used = good.iter().rposition(|b| *b != 0).unwrap_or(0);
    let mut reported = 0;
    let wounds: [Wound; 4] = [
        Box::new(|bytes| bytes.truncate(bytes.len() / 2)),
        Box::new(|bytes| bytes.clear()),
        Box::new(move |bytes| bytes[used / 2] ^= 0x10),
        Box::new(move |bytes| bytes[used / 4..used / 2].fill(0)),
    ];
    for (n, wound) in wounds.iter().enumerate() {
        let copy = tempfile::tempdir()?;
        let dir = copy.path().join("data");
        copy_tree(c.server.dir(), &dir)?;
        let mut bytes = good.clone();
        wound(&mut bytes);
        fs::write(dir.join(db.strip_prefix(c.server.dir())?), bytes)?;
        match Server::start_in(&dir) {
            Err(error) => {
                assert!(error.to_string().contains("damaged"), "wound {n} is named: {error}");
                reported += 1;
            }
            // It may open when the wound hit nothing that counts, or only some documents: those say so.
            Ok(server) => {
                let ana = plenary_tests::Person { base: server.base.clone(), ..ana.clone() };
                match ana.get(&format!("documents/{}", c.sections[0])).await? {
                    answer if answer.status.is_success() => {
                        let mut desk = ana.sit(&c.sections[0]).await?;
                        desk.until("paragraph 49").await?;
                        assert!(desk.text().contains("paragraph 0\n"), "wound {n}: short without a word");
                    }
                    answer => {
                        answer.problem(503, "unavailable")?;
                        reported += 1;
                    }
                }
            }
        }
    }
    assert!(reported >= 2, "truncation at least is reported: {reported}");
    Ok(())
}

fn find(dir: &std::path::Path, name: &str) -> anyhow::Result<std::path::PathBuf> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Ok(found) = find(&path, name) {
                return Ok(found);
            }
        } else if path.file_name().is_some_and(|n| n == name) {
            return Ok(path);
        }
    }
    anyhow::bail!("no {name} in {}", dir.display())
}

fn copy_tree(from: &std::path::Path, to: &std::path::Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy_tree(&path, &target)? } else { fs::copy(&path, &target).map(|_| ())? }
    }
    Ok(())
}

/// Found by fuzzing: reading it reached for the number after the last one that there is.
#[test]
fn a_block_at_the_end_of_numbers_does_no_harm() {
    let columns = [&[1][..], &[7; 16], &[2], &[200, 1], &[0], &[0], &[3], b"abc"].concat();
    let length = columns.len() as u8;
    // Deflate's form for bytes as they are: the last part, its length, and that again with all bits turned.
    let packed = [&[1, length, 0, !length, 0xff][..], &columns].concat();
    let lengths = [u32::from(length).to_be_bytes(), (packed.len() as u32).to_be_bytes()].concat();
    plenary::journal::decode_any_record(&[&[0xff; 8][..], &[1; 32], &lengths, &packed].concat());
}
