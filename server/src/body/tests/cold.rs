//! A cold body answers as the body that it would become.

use super::{
    honest::stories,
    raw::{At, deleted, element, gone, part, text, text_value, update, xml_text},
    *,
};

fn cold(record: &[impl AsRef<[u8]>]) -> Cold {
    Cold::read(record.iter().map(|update| Bytes::copy_from_slice(update.as_ref())).collect()).unwrap()
}

/// A snapshot of the first `at` updates, then the others.
fn record(updates: &[Vec<u8>], at: usize) -> Vec<Vec<u8>> {
    let old = Body::load(updates[..at].iter().map(|update| &update[..])).unwrap();
    std::iter::once(old.encode().to_vec()).chain(updates[at..].iter().cloned()).collect()
}

fn vector(bytes: &[u8]) -> StateVector {
    read_state_vector(bytes).unwrap()
}

#[track_caller]
fn assert_same(body: &Body, wanted: &Body) {
    assert_same_text(body, wanted);
    assert_eq!(body.index.deletes(), wanted.index.deletes());
}

fn assert_same_text(body: &Body, wanted: &Body) {
    assert_eq!(body.tree(), wanted.tree());
    assert_eq!(vector(&body.state_vector()), vector(&wanted.state_vector()));
}

#[test]
fn who_has_nothing_gets_the_whole_document() {
    for story in stories() {
        let whole = Body::load(story.updates.iter().map(|update| &update[..])).unwrap();
        for at in [0, 1, story.updates.len() / 3, story.updates.len() - 1, story.updates.len()] {
            let cold = cold(&record(&story.updates, at));
            assert_eq!(vector(&cold.state_vector()), vector(&whole.state_vector()));
            assert_same(&cold.build().unwrap(), &whole);
            let mut fresh = Body::new();
            assert_eq!(fresh.take(&cold.encode()), Ok(Taken::New));
            assert_same(&fresh, &whole);
            assert_eq!(cold.diff(&[0]).unwrap().as_ptr(), cold.encode().as_ptr(), "made once for all");
        }
    }
}

#[test]
fn who_has_a_part_gets_the_rest() {
    for story in stories() {
        let whole = Body::load(story.updates.iter().map(|update| &update[..])).unwrap();
        let cold = cold(&record(&story.updates, story.updates.len() / 2));
        for has in (0..=story.updates.len()).step_by(1 + story.updates.len() / 24) {
            let mut theirs = Body::load(story.updates[..has].iter().map(|update| &update[..])).unwrap();
            let diff = cold.diff(&theirs.state_vector()).unwrap();
            theirs.take(&diff).unwrap();
            assert_same(&theirs, &whole);
            assert_eq!(theirs.take(&diff), Ok(Taken::Known));
        }
        let all = cold.diff(&whole.state_vector()).unwrap();
        assert_eq!(all[0], 0, "only deletions are left to say");
        assert_eq!(whole.knows(&all), Ok(true));
    }
}

#[test]
fn it_knows_what_its_record_holds_and_nothing_else() {
    let story = &stories()[0];
    let half = story.updates.len() / 2;
    let cold = cold(&record(&story.updates[..half], half / 2));
    let built = cold.build().unwrap();
    for update in &story.updates {
        assert_eq!(cold.knows(update), built.knows(update));
    }
    assert_eq!(cold.knows(&story.updates[0]), Ok(true));
    assert_eq!(cold.knows(&[0, 0]), Ok(true));
    assert!(story.updates[half..].iter().any(|update| cold.knows(update) != Ok(true)));
    assert_eq!(cold.knows(&built.encode()), Ok(true), "a client that comes back says all that it has");
}

/// A document of every kind of struct, typed unit by unit, so that a client can have any part of it.
fn unit_by_unit() -> Vec<Vec<u8>> {
    let one = |clock: u64, one: Vec<u8>| update(&[(1, clock, &[one])], &[]);
    let mut updates = vec![
        one(0, element(At::Root, "paragraph")),
        one(1, xml_text(At::In((1, 0)))),
        one(2, text(At::In((1, 1)), "h")),
    ];
    for (clock, letter) in (3..).zip(["e", "l", "l", "o"]) {
        updates.push(one(u64::from(clock), text(At::Left((1, clock - 1)), letter)));
    }
    updates.push(one(7, text(At::Left((1, 6)), "😀")));
    updates.push(one(9, text(At::Left((1, 8)), "x")));
    updates.push(one(10, text_value(At::Key((1, 0), "id"), "a")));
    updates.push(one(11, text_value(At::Left((1, 10)), "b")));
    updates.extend((12..15).map(|clock| one(clock, gone(1))));
    updates.push(one(15, deleted(At::Left((1, 9)), 1)));
    updates.push(one(16, deleted(At::Left((1, 15)), 1)));
    updates
}

#[test]
fn a_struct_is_cut_where_the_client_has_its_first_part() {
    let updates = unit_by_unit();
    let parts = [
        element(At::Root, "paragraph"),
        xml_text(At::In((1, 0))),
        text(At::In((1, 1)), "hello😀x"),
        part(At::Key((1, 0), "id"), 8, &[2, 119, 1, b'a', 119, 1, b'b']),
        gone(3),
        deleted(At::Left((1, 9)), 2),
    ];
    let whole = update(&[(1, 0, &parts)], &[]);
    // Which of two values of one struct is deleted, only who read them apart can say: texts are compared.
    let wanted = Body::load([&whole[..]]).unwrap();
    assert_eq!(wanted.index.known(1), 17);
    let answers = cold(&[&whole]);
    for has in 0..=updates.len() {
        let mut theirs = Body::load(updates[..has].iter().map(|update| &update[..])).unwrap();
        let diff = answers.diff(&theirs.state_vector()).unwrap();
        theirs.take(&diff).unwrap_or_else(|refusal| panic!("{has}: {refusal} {diff:?}"));
        assert_same_text(&theirs, &wanted);
        // An entry of the record that overlaps those before it is cut alike.
        let record: Vec<&[u8]> = updates[..has].iter().map(|it| &it[..]).chain([&whole[..]]).collect();
        let overlapping = cold(&record);
        assert_same_text(&overlapping.build().unwrap(), &wanted);
        let mut fresh = Body::new();
        fresh.take(&overlapping.encode()).unwrap();
        assert_same_text(&fresh, &wanted);
    }
}

#[test]
fn w25_state_vectors_random_or_from_the_future_get_a_normal_answer_of_a_cold_body_too() {
    let cold = cold(&unit_by_unit());
    let mut built = cold.build().unwrap();
    // The last two: between the halves of a character, and of a client that is not here.
    for vector in
        ["00", "010107", "0101ffffffff07", "01ffffffffffffff0f05", "02010309ff01", "010108", "017703"]
    {
        let diff = cold.diff(&hex(vector)).unwrap();
        assert_eq!(built.take(&diff), Ok(Taken::Known), "{vector}");
    }
    for vector in ["", "01", "8080808001", "0101", "000000"] {
        assert!(matches!(cold.diff(&hex(vector)), Err(Refusal::Malformed(_))), "{vector}");
    }
}

#[test]
fn s13_a_record_that_would_not_load_answers_nothing() {
    let updates = unit_by_unit();
    let hostile = [
        vec![],
        vec![0],
        update(&[(1, 9, &[text(At::Left((1, 8)), "x")]), (1, 10, &[text(At::Left((1, 9)), "y")])], &[]),
        update(&[(2, 5, &[text(At::Left((1, 3)), "gap")])], &[]),
        update(&[(2, 0, &[element(At::Root, "script")])], &[]),
        update(&[], &[(2, &[(0, 1)])]),
    ];
    for hostile in hostile {
        let record: Vec<Bytes> = updates[..5].iter().chain([&hostile]).map(|it| it.clone().into()).collect();
        let error = Cold::read(record).err().map(|unreadable| unreadable.0);
        assert!(error.as_ref().is_some_and(|why| why.starts_with("record 5: ")), "{error:?} {hostile:?}");
    }
}

#[test]
fn an_empty_record_is_an_empty_body() {
    let none: [&[u8]; 0] = [];
    let cold = cold(&none);
    assert_eq!(&cold.state_vector()[..], [0]);
    assert_eq!(&cold.encode()[..], [0, 0]);
    assert_same(&cold.build().unwrap(), &Body::new());
}
