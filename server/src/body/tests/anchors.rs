//! Anchors: made from a quote, resolved as the text changes.

use serde_json::json;

use super::{
    raw::{At, text, update},
    *,
};
use crate::review::Quote;

fn anchor(start: serde_json::Value, end: serde_json::Value) -> Anchor {
    Anchor { start, end, quote: Quote::try_from("quote".to_owned()).unwrap() }
}

#[test]
fn an_anchor_stands_on_the_first_occurrence_of_its_quote() {
    let body = body_of(&["Обзор 😀 системы", "the system of the country"]);
    let anchor = body.anchor_of("the").unwrap();
    assert!(body.attached(&anchor));
    assert_eq!(check_anchor(&anchor), Ok(()));
    let (start, end) = (body.resolve(&anchor.start).unwrap(), body.resolve(&anchor.end).unwrap());
    let width = |start: Spot, end: Spot| (start.node == end.node).then(|| end.index - start.index);
    assert_eq!(width(start, end), Some(3));
    assert_eq!(anchor.start["assoc"], json!(0));
    assert_eq!(anchor.end["assoc"], json!(-1));
    let emoji = body.anchor_of("😀").unwrap();
    assert_eq!(width(body.resolve(&emoji.start).unwrap(), body.resolve(&emoji.end).unwrap()), Some(2));
    assert_eq!(body.anchor_of("not there"), None);
    assert_eq!(body.anchor_of(""), None);
    assert_eq!(body.anchor_of("системы\nthe"), None, "a quote stands within one block");
}

#[test]
fn what_is_typed_at_its_edges_stays_outside_and_inside_comes_in() {
    // Client 5: paragraph 0, text 1, "one two three" from clock 2 on.
    let mut body = body_of(&["one two three"]);
    let anchor = body.anchor_of("two").unwrap();
    let at = |index: u32| (5u64, anchor.start["item"]["clock"].as_u64().unwrap() as u32 + index);
    let edits = [
        text(At::Between((5, at(0).1 - 1), at(0)), "A"),
        text(At::Between(at(2), at(3)), "B"),
        text(At::Between(at(0), at(1)), "C"),
    ];
    assert_eq!(body.take(&update(&[(9, 0, &edits)], &[])), Ok(Taken::New));
    assert_eq!(body.plain_text().unwrap(), "one AtCwoB three");
    let (start, end) = (body.resolve(&anchor.start).unwrap(), body.resolve(&anchor.end).unwrap());
    assert_eq!((start.index, end.index), (5, 9), "tCwo");
}

#[test]
fn an_anchor_is_detached_when_its_words_or_its_paragraph_are_gone() {
    let mut body = body_of(&["one two three", "four"]);
    let two = body.anchor_of("two").unwrap();
    let four = body.anchor_of("four").unwrap();
    let start = two.start["item"]["clock"].as_u64().unwrap();
    body.take(&update(&[], &[(5, &[(start, 2)])])).unwrap();
    assert!(body.attached(&two), "one letter is left");
    body.take(&update(&[], &[(5, &[(start, 3)])])).unwrap();
    assert!(!body.attached(&two));
    let block = four.start["type"]["clock"].as_u64().unwrap();
    let length = 4 + 1;
    body.take(&update(&[], &[(5, &[(block, length)])])).unwrap();
    assert!(!body.attached(&four));
    let reloaded = Body::load([&body.encode()[..]]).unwrap();
    assert!(!reloaded.attached(&two) && !reloaded.attached(&four));
}

#[test]
fn positions_of_yjs_are_read_in_every_form_and_others_refused() {
    let body = body_of(&["one two three"]);
    let id = |clock: u32| json!({"client": 5, "clock": clock});
    for good in [
        json!({"type": id(1), "item": id(3), "assoc": 0}),
        json!({"type": id(1), "tname": null, "item": id(3), "assoc": -1}),
        json!({"item": id(3)}),
        json!({"type": id(1), "assoc": 0}),
        json!({"tname": "body", "item": null, "assoc": 0}),
    ] {
        assert_eq!(check_anchor(&anchor(good.clone(), good.clone())), Ok(()), "{good}");
        assert!(body.resolve(&good).is_some(), "{good}");
    }
    for bad in [
        json!(null),
        json!([]),
        json!("x"),
        json!({}),
        json!({"assoc": 0}),
        json!({"item": 7}),
        json!({"item": {"client": 5}}),
        json!({"item": {"client": -1, "clock": 0}}),
        json!({"item": {"client": 9_007_199_254_740_992u64, "clock": 0}}),
        json!({"item": {"client": 5, "clock": 2_147_483_648u64}}),
        json!({"tname": "other"}),
        json!({"tname": 7}),
        json!({"item": id(3), "assoc": "left"}),
        json!({"item": id(3), "more": 1}),
    ] {
        assert!(check_anchor(&anchor(bad.clone(), json!({"item": id(3)}))).is_err(), "{bad}");
        assert!(check_anchor(&anchor(json!({"item": id(3)}), bad.clone())).is_err(), "{bad}");
        assert_eq!(body.resolve(&bad), None, "{bad}");
    }
    for unknown in
        [json!({"item": id(4_000)}), json!({"item": {"client": 77, "clock": 0}}), json!({"type": id(4_000)})]
    {
        assert_eq!(body.resolve(&unknown), None, "{unknown}");
    }
}
