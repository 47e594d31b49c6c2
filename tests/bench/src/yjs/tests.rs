use super::*;
use yrs::{
    Doc, GetString, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode,
    updates::encoder::Encode,
};

fn made(build: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    build(&mut out);
    out
}

#[test]
fn typing_and_deleting_is_what_yjs_understands() {
    let doc = Doc::new();
    let body = doc.get_or_insert_xml_fragment("body");
    let client = client_id(3);
    let spot = |left, right| Spot { left, right, text: 1 };
    for update in [
        made(|out| paragraph(out, client, 0, None)),
        made(|out| key(out, client, 2, spot(None, None), b'a')),
        made(|out| key(out, client, 3, spot(Some(2), None), b'c')),
        made(|out| key(out, client, 4, spot(Some(2), Some(3)), b'b')),
        made(|out| paragraph(out, client, 5, Some(0))),
        made(|out| key(out, client, 7, Spot { left: None, right: None, text: 6 }, b'd')),
        made(|out| delete(out, client, 3)),
    ] {
        doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();
    }
    let txn = doc.transact();
    assert_eq!(body.get_string(&txn), "<paragraph>ab</paragraph><paragraph>d</paragraph>");
    let whole = txn.encode_state_as_update_v1(&StateVector::default());
    let mut found = vec![];
    runs(&whole, |client, from, to| found.push((client, from, to))).unwrap();
    assert_eq!(found, [(client, 0, 8)]);
    assert_eq!(state_vector(&[(client, 8)]), txn.state_vector().encode_v1());
}

#[test]
fn merged_updates_count_for_all_that_they_hold() {
    let parts: Vec<_> = (0..2)
        .map(|writer| {
            let client = client_id(writer);
            let first = made(|out| key(out, client, 9, Spot { left: Some(8), right: None, text: 1 }, b'x'));
            let then = made(|out| key(out, client, 10, Spot { left: Some(9), right: None, text: 1 }, b'y'));
            [first, then]
        })
        .collect::<Vec<_>>()
        .concat();
    let merged = yrs::merge_updates_v1(&parts).unwrap();
    let mut found = vec![];
    runs(&merged, |client, from, to| found.push((writer_of(client), from, to))).unwrap();
    found.sort();
    assert_eq!(found, [(Some(0), 9, 11), (Some(1), 9, 11)]);
}

#[test]
fn what_was_skipped_does_not_count() {
    let client = client_id(0);
    let one = made(|out| key(out, client, 5, Spot { left: Some(4), right: None, text: 1 }, b'x'));
    let far = made(|out| key(out, client, 9, Spot { left: Some(8), right: None, text: 1 }, b'y'));
    let merged = yrs::merge_updates_v1([one, far]).unwrap();
    let mut found = vec![];
    runs(&merged, |_, from, to| found.push((from, to))).unwrap();
    assert_eq!(found, [(5, 6), (9, 10)]);
}

#[test]
fn a_cut_update_is_none() {
    let update = made(|out| key(out, 5, 9, Spot { left: Some(8), right: None, text: 1 }, b'x'));
    for end in 0..update.len() - 1 {
        assert_eq!(runs(&update[..end], |_, _, _| {}), None, "{end}");
    }
}

#[test]
fn text_is_found_with_its_clocks() {
    let client = client_id(2);
    let update = made(|out| insert(out, client, 5, Spot { left: Some(4), right: None, text: 1 }, b"word"));
    let other = made(|out| paragraph(out, client_id(1), 0, None));
    let merged = yrs::merge_updates_v1([other, update]).unwrap();
    let mut found = vec![];
    strings(&merged, |client, clock, text| found.push((writer_of(client), clock, text.to_string()))).unwrap();
    assert_eq!(found, [(Some(2), 5, "word".to_string())]);
}
