//! Logs that are whole, cut, torn and damaged.

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn run(number: u8, last: Seq) -> Run {
    let records = vec![number; usize::from(number) * 7 + last as usize % 50].into();
    Run { doc: DocId::from_bytes([number; 16]), last, records }
}

fn contents(dir: &Path) -> Vec<Bytes> {
    FILES.iter().map(|name| std::fs::read(dir.join(name)).unwrap().into()).collect()
}

/// A log after `turns` turns, with `commits` commits in each log; the runs of the last two logs, and what was noted.
fn written(turns: u64, commits: u64) -> (Vec<Bytes>, Vec<Run>, Mark) {
    let dir = TempDir::new().unwrap();
    let mut wal = Wal::begin(open_files(dir.path()).unwrap(), 5).unwrap();
    let mut runs = Vec::new();
    for turn in 0..=turns {
        if turn > 0 {
            wal.turn();
        }
        // Later ones are shorter, so that some of an older one is left behind them.
        for commit in 0..commits - turn {
            let together = [run(1, turn * 100 + commit + 1), run(2, commit + 1)];
            wal.append(&together).unwrap();
            if turn + 1 >= turns {
                runs.extend(together);
            }
        }
    }
    (contents(dir.path()), runs, wal.mark())
}

#[test]
fn what_was_appended_is_read_back_in_order_and_nothing_of_settled_logs() {
    let (contents, runs, mark) = written(4, 9);
    assert_eq!(mark, Mark { log: 9, records: 6 });
    assert_eq!(runs_of(&contents, 8, mark), Ok((runs.clone(), 9)));
    assert_eq!(runs_of(&contents, 9, mark), Ok((runs[12..].to_vec(), 9)));
    assert_eq!(runs_of(&contents, 10, mark), Ok((vec![], 10)));
}

#[test]
fn an_empty_log_is_read_as_such_and_a_missing_one_is_damage() {
    let dir = TempDir::new().unwrap();
    let wal = Wal::begin(open_files(dir.path()).unwrap(), 1).unwrap();
    let empty = contents(dir.path());
    assert_eq!(runs_of(&empty, 1, wal.mark()), Ok((vec![], 1)));
    assert!(runs_of(&empty, 1, Mark { log: 1, records: 2 }).is_err(), "more was confirmed");
    let (contents, _, mark) = written(1, 3);
    let lost = [Bytes::new(), contents[1].clone()];
    assert!(runs_of(&lost, 5, mark).is_err(), "the newest log is gone");
    let lost = [contents[0].clone(), Bytes::new()];
    assert!(runs_of(&lost, 5, Mark::default()).is_err(), "the newest log names the one before it");
}

#[test]
fn a_write_that_a_crash_cut_anywhere_is_left_out_and_a_confirmed_one_is_missed() {
    let (contents, runs, mark) = written(1, 4);
    let unconfirmed = Mark { records: mark.records - 1, ..mark };
    let newest = &contents[0];
    let end = newest.iter().rposition(|byte| *byte != 0).unwrap();
    let start = (0..=end).rev().step_by(1).find(|at| newest[*at..].starts_with(&MAGIC)).unwrap();
    for cut in start..=end {
        let cut = [&newest[..cut], &vec![0; newest.len() - cut]].concat();
        let contents = [Bytes::from(cut), contents[1].clone()];
        let read = runs_of(&contents, 5, unconfirmed);
        assert_eq!(read, Ok((runs[..runs.len() - 2].to_vec(), 6)));
        assert!(runs_of(&contents, 5, mark).is_err());
    }
}

#[test]
fn of_the_first_write_of_a_log_any_part_may_be_there() {
    let (contents, _, _) = written(0, 1);
    for at in [0, 9, HEADER_BYTES, HEADER_BYTES + ALIGN, contents[1].len() - 1] {
        let mut cut = contents[1].to_vec();
        cut[..=at].fill(0);
        let cut = [contents[0].clone(), cut.into()];
        assert_eq!(runs_of(&cut, 5, Mark { log: 5, records: 0 }), Ok((vec![], 5)));
    }
}

#[test]
fn no_flipped_bit_passes_in_what_was_confirmed() {
    let (contents, runs, mark) = written(1, 3);
    for file in 0..2 {
        let end = contents[file].iter().rposition(|byte| *byte != 0).unwrap();
        for bit in 0..(end + 1) * 8 {
            let mut flipped = contents[file].to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut contents = contents.clone();
            contents[file] = flipped.into();
            // Padding is nobody's.
            let read = runs_of(&contents, 5, mark);
            assert!(read.is_err() || read == Ok((runs.clone(), 6)), "file {file}, bit {bit}: {read:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(one in proptest::collection::vec(any::<u8>(), 0..300), settled in 0..3u64) {
        read_any(&[one.into(), written(0, 2).0[1].clone()], settled);
    }
}
