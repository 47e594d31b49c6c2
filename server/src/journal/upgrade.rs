//! Stores of every older format: each opens, becomes one of today's, and keeps what it holds.

use std::{fs, path::Path};

use bytes::Bytes;
use tempfile::TempDir;

use super::{
    Journal as _,
    contract::doc,
    crash::{copy, open, open_database},
    packing::{all, head, history, keys, quiet_snapshot, typed},
    record, verify,
    wal::FILES,
};

/// Writes each entry of the runs of documents 1 and 2 as a value of its own, as formats before 3 did.
fn unrun(db: &sled::Db) {
    for number in [1, 2] {
        let all = db.scan_prefix([b"J", &doc(number).as_bytes()[..]].concat());
        for (key, value) in all.map(Result::unwrap).collect::<Vec<_>>() {
            let run = record::unseal(&key, &value).unwrap();
            let Some(last) = record::last_of_run_key(doc(number), &key) else { continue };
            if record::pieces_of_run(run) != Ok(1) {
                continue;
            }
            db.remove(&key).unwrap();
            for linked in record::decode_run(doc(number), last, Bytes::copy_from_slice(run)).unwrap() {
                let key = record::run_key(doc(number), linked.entry.seq, 0);
                let (alone, _) = record::encode_entry(&linked.before, &linked.entry);
                db.insert(&key, record::seal(&key, &alone)).unwrap();
            }
        }
    }
}

/// Says in the database and in the file that a closed store is of this format, and takes away what came with format 4:
/// the logs, and what the newest commit and the witness say of them.
fn write_format(dir: &Path, db: &sled::Db, format: u32) {
    let shortened = |key: &[u8], stored: &[u8], bytes: usize| {
        record::seal(key, &record::unseal(key, stored).unwrap()[..bytes])
    };
    let commit = db.get(record::COMMIT_KEY).unwrap().expect("a commit");
    db.insert(record::COMMIT_KEY, shortened(record::COMMIT_KEY, &commit, 24)).unwrap();
    let witness = fs::read(dir.join("witness")).unwrap();
    fs::write(dir.join("witness"), shortened(b"witness", &witness, 8)).unwrap();
    for name in FILES {
        fs::remove_file(dir.join(name)).unwrap();
    }
    db.insert(record::FORMAT_KEY, record::seal(record::FORMAT_KEY, &format.to_be_bytes())).unwrap();
    fs::write(dir.join("format"), format!("plenary journal {format}\n")).unwrap();
}

/// Makes of a closed store what format 2 would have written: each entry that is not packed alone.
fn make_format_2(dir: &Path) {
    let db = open_database(dir.join("sled")).unwrap();
    assert!(db.scan_prefix(b"P").next().is_some(), "with blocks");
    unrun(&db);
    write_format(dir, &db, 2);
}

/// Makes of a closed store what format 1 would have written: no blocks, each entry alone, heads without `packed`.
fn make_format_1(dir: &Path) {
    let db = open_database(dir.join("sled")).unwrap();
    assert!(db.scan_prefix(b"P").next().is_none());
    unrun(&db);
    let mut sum = 0u128;
    for item in db.scan_prefix(record::HEAD_PREFIX) {
        let (key, stored) = item.unwrap();
        let doc = record::doc_of_head_key(&key).unwrap();
        let value = record::unseal(&key, &stored).unwrap();
        let value = &value[..value.len() - 8];
        sum = sum.wrapping_add(u128::from_be_bytes(record::hash(&[doc.as_bytes(), value])));
        db.insert(&key, record::seal(&key, value)).unwrap();
    }
    let commit = record::decode_commit(&db.get(record::COMMIT_KEY).unwrap().unwrap()).unwrap();
    db.insert(record::COMMIT_KEY, record::encode_commit(record::Commit { sum, ..commit })).unwrap();
    write_format(dir, &db, 1);
}

fn format_of_today() -> String {
    format!("plenary journal {}\n", record::FORMAT)
}

#[tokio::test]
async fn a_store_of_format_1_opens_becomes_one_of_today_and_is_packed() {
    let (dir, half) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(dir.path());
    let (long, short) = (history(&journal, 1, 1200).await, history(&journal, 2, 20).await);
    quiet_snapshot(&journal, 1, 1200).await;
    drop(journal);
    make_format_1(dir.path());
    for _ in 0..2 {
        let journal = open(dir.path());
        assert_eq!(fs::read_to_string(dir.path().join("format")).unwrap(), format_of_today());
        journal.packed().await;
        assert!(head(&journal, 1).packed > 600);
        assert_eq!(all(&journal, 1).await.unwrap(), long);
        assert_eq!(all(&journal, 2).await.unwrap(), short);
        drop(journal);
        copy(dir.path(), half.path());
    }
    // Cut short between the database's word and the file's.
    fs::write(half.path().join("format"), "plenary journal 1\n").unwrap();
    assert_eq!(all(&open(half.path()), 1).await.unwrap(), long);
    assert_eq!(fs::read_to_string(half.path().join("format")).unwrap(), format_of_today());
}

#[tokio::test]
async fn a_store_of_format_2_with_blocks_opens_becomes_one_of_today_and_is_packed_on() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    history(&journal, 1, 1200).await;
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.put_snapshot(1200, Bytes::from_static(b"state")).await.unwrap();
    journal.packed().await;
    let (before, packed, (runs, _)) =
        (all(&journal, 1).await.unwrap(), head(&journal, 1).packed, keys(&journal, 1));
    assert!(packed > 600 && packed < 1200, "{packed}");
    drop((writer, journal));
    make_format_2(dir.path());

    let journal = open(dir.path());
    assert_eq!(fs::read_to_string(dir.path().join("format")).unwrap(), format_of_today());
    assert!(keys(&journal, 1).0 > runs, "what was not packed stood entry by entry");
    assert_eq!((all(&journal, 1).await.unwrap(), head(&journal, 1).packed), (before.clone(), packed));
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.append(typed(600, 4)).await.unwrap();
    let whole = all(&journal, 1).await.unwrap();
    assert_eq!(whole[..before.len()], before);
    writer.put_snapshot(writer.tip(), Bytes::from_static(b"state")).await.unwrap();
    journal.packed().await;
    assert!(head(&journal, 1).packed > 1200, "single entries and runs are packed as one");
    assert_eq!(all(&journal, 1).await.unwrap(), whole);
    drop((writer, journal));
    let mut found = Vec::new();
    verify(dir.path(), |finding| found.push((finding.entries, finding.damage))).unwrap();
    assert_eq!(found, [(whole.len() as u64, vec![])]);
}

#[tokio::test]
async fn a_store_of_format_3_opens_and_is_written_through_a_log_from_then_on() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = history(&journal, 1, 200).await;
    drop(journal);
    write_format(dir.path(), &open_database(dir.path().join("sled")).unwrap(), 3);
    let journal = open(dir.path());
    assert_eq!(fs::read_to_string(dir.path().join("format")).unwrap(), format_of_today());
    assert_eq!(all(&journal, 1).await.unwrap(), before);
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.append(typed(9, 4)).await.unwrap();
    let whole = all(&journal, 1).await.unwrap();
    assert_eq!((&whole[..200], whole.len()), (&before[..], 210));
    let killed = TempDir::new().unwrap();
    copy(dir.path(), killed.path());
    assert_eq!(all(&open(killed.path()), 1).await.unwrap(), whole, "what only the log has");
}
