//! Parts between two that never stood side by side. No editor makes them; the guard does not know the order of parts.

use std::collections::HashMap;

use super::{
    mutants::Chance,
    raw::{At, Id, element, text, update, xml_text},
    *,
};

fn letters() -> Body {
    let parts = [element(At::Root, "paragraph"), xml_text(At::In((1, 0))), text(At::In((1, 1)), "abc")];
    Body::load([&update(&[(1, 0, &parts)], &[])[..]]).unwrap()
}

/// What a hostile client may name as neighbours.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Neighbours {
    /// The left one stands left of the right one, not beside it.
    Forward,
    /// Any two.
    Any,
    Adjacent,
}

/// Letters of several clients, each between two others; gives what stood where live and after a restart.
fn story(chance: &mut Chance, neighbours: Neighbours, parts: usize) -> (Vec<(Id, Id, Id)>, String, String) {
    let mut body = letters();
    let mut ids: HashMap<char, Id> = [('a', (1, 2)), ('b', (1, 3)), ('c', (1, 4))].into();
    let mut clocks: HashMap<u64, u32> = HashMap::new();
    let mut made = Vec::new();
    for letter in ('d'..='z').take(parts) {
        let live: Vec<char> = body.plain_text().unwrap().chars().collect();
        let left = chance.below(live.len());
        let right = match neighbours {
            Neighbours::Any => chance.below(live.len()),
            Neighbours::Forward => left + 1 + chance.below(live.len()),
            Neighbours::Adjacent => left + 1,
        };
        if right >= live.len() || left == right {
            continue;
        }
        let client = 2 + chance.below(4) as u64;
        let clock = clocks.entry(client).or_default();
        let (left, right) = (ids[&live[left]], ids[&live[right]]);
        let part = [text(At::Between(left, right), &letter.to_string())];
        body.take(&update(&[(client, u64::from(*clock), &part)], &[])).unwrap();
        ids.insert(letter, (client, *clock));
        made.push(((client, *clock), left, right));
        *clock += 1;
    }
    let again = Body::load([&body.encode()[..]]).unwrap();
    (made, body.plain_text().unwrap(), again.plain_text().unwrap())
}

fn words(body: &Body) -> Vec<char> {
    let mut words: Vec<char> = body.plain_text().unwrap().chars().collect();
    words.sort_unstable();
    words
}

#[test]
fn what_is_put_between_two_side_by_side_stands_there_after_a_restart() {
    let mut chance = Chance(77);
    for number in 0..400 {
        let (made, live, again) = story(&mut chance, Neighbours::Adjacent, 1 + number % 8);
        assert_eq!(live, again, "{made:?}");
    }
}

#[test]
fn whatever_neighbours_are_named_nothing_is_lost_or_doubled() {
    let mut chance = Chance(77);
    let mut odd = 0;
    for number in 0..400 {
        let neighbours = if number % 2 == 0 { Neighbours::Any } else { Neighbours::Forward };
        let (made, live, again) = story(&mut chance, neighbours, 1 + number % 8);
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(sorted(&live), sorted(&again), "{made:?}");
        odd += usize::from(live != again);
    }
    assert!(odd > 0, "when no order differs any more, SECURITY.md says too much");
}

/// A body of two paragraphs, and the same after a restart.
fn restarted(parts: &[(Id, Id, Id)]) -> (Body, Body) {
    let mut body = letters();
    let second =
        [element(At::Left((1, 0)), "paragraph"), xml_text(At::In((9, 0))), text(At::In((9, 1)), "other")];
    body.take(&update(&[(9, 0, &second)], &[])).unwrap();
    for (letter, (id, left, right)) in ('d'..).zip(parts) {
        let part = [text(At::Between(*left, *right), &letter.to_string())];
        assert_eq!(body.take(&update(&[(id.0, u64::from(id.1), &part)], &[])), Ok(Taken::New));
    }
    let again = Body::load([&body.encode()[..]]).unwrap();
    (body, again)
}

#[test]
fn neighbours_in_the_wrong_order_move_text_within_its_paragraph() {
    let (body, again) = restarted(&[((2, 0), (1, 4), (1, 3))]);
    assert_eq!(body.plain_text().unwrap(), "adbc\nother");
    assert_eq!(again.plain_text().unwrap(), "abcd\nother");
    assert_eq!(words(&body), words(&again));
    assert!(body.essence() == again.essence());
}

#[test]
fn a_neighbour_skipped_can_move_what_others_put_at_the_same_place() {
    let honest = [((2, 0), (1, 3), (1, 4)), ((5, 0), (1, 3), (1, 4))];
    let (body, again) = restarted(&[honest[0], ((2, 1), (1, 2), (2, 0)), honest[1]]);
    assert_eq!(body.plain_text().unwrap(), "abfedc\nother");
    assert_eq!(again.plain_text().unwrap(), "abedfc\nother");
    assert!(body.essence() == again.essence());
}

#[test]
fn s8_a_snapshot_that_lacks_something_is_not_the_same() {
    let (body, again) = restarted(&[((2, 0), (1, 3), (1, 4))]);
    assert!(body.essence() == again.essence());
    let mut more = again;
    more.take(&update(&[], &[(1, &[(2, 1)])])).unwrap();
    assert!(body.essence() != more.essence(), "a deletion");
    assert!(body.essence() != letters().essence(), "text");
}
