//! Honest updates, damaged in every way that a fuzzer knows: none crashes, and what is taken still encodes, reads and
//! reloads as the same. The number of cases is fixed; `PLENARY_MUTANTS` makes it larger.

use super::{
    honest::stories,
    raw::{At, Id, deleted, element, format, gone, part, text, text_value, xml_text},
    *,
};

/// A generator that repeats from its seed.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, end: usize) -> usize {
        // xorshift64*: chance enough for a fuzzer, and the same everywhere.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }
}

/// One damaged update, made of honest ones.
fn damage(chance: &mut Chance, updates: &[Vec<u8>]) -> Vec<u8> {
    let mut update = updates[chance.below(updates.len())].clone();
    let times = [1, 1, 1, 2, 3][chance.below(5)];
    for _ in 0..times {
        let at = chance.below(update.len());
        match chance.below(9) {
            0 | 1 => flip(&mut update, at, 1 << chance.below(8)),
            2 => update.truncate(at),
            3 => update.insert(at, [0, 1, 4, 7, 0x7f, 0x80, 0x84, 0xc4, 0xff][chance.below(9)]),
            4 => {
                let end = (at + 1 + chance.below(6)).min(update.len());
                update.drain(at..end);
            }
            5 => {
                let other = &updates[chance.below(updates.len())];
                let from = chance.below(other.len());
                let end = (from + 1 + chance.below(24)).min(other.len());
                update.splice(at..at, other[from..end].iter().copied());
            }
            6 => {
                let end = (at + 1 + chance.below(16)).min(update.len());
                let piece = update[at..end].to_vec();
                update.splice(at..at, piece);
            }
            7 => {
                // Small numbers are clients, clocks, counts and lengths more often than not.
                if let Some(byte) = update.get_mut(at) {
                    *byte = byte.wrapping_add(if chance.below(2) == 0 { 1 } else { 255 });
                }
            }
            _ => {
                let other = &updates[chance.below(updates.len())];
                let from = chance.below(other.len());
                update.truncate(at);
                update.extend_from_slice(&other[from..]);
            }
        }
    }
    update
}

fn flip(update: &mut [u8], at: usize, mask: u8) {
    if let Some(byte) = update.get_mut(at) {
        *byte ^= mask;
    }
}

/// What is taken must leave a body that reads and encodes, holds the same words after a restart, and takes edits.
///
/// The same words, not always in the same order: see `order`.
fn assert_sound(body: &Body) {
    let words = |body: &Body| {
        let mut words: Vec<char> = body.plain_text().unwrap().chars().collect();
        words.sort_unstable();
        words
    };
    let vector = |body: &Body| read_state_vector(&body.state_vector()).unwrap();
    let reloaded = Body::load([&body.encode()[..]]).unwrap();
    assert_eq!(words(&reloaded), words(body));
    assert_eq!(vector(&reloaded), vector(body));
}

/// How many cases of each kind to run, and from which seed.
fn plan() -> (usize, Chance) {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let cases = number("PLENARY_MUTANTS").unwrap_or(8_000);
    (cases as usize, Chance(number("PLENARY_SEED").unwrap_or(20_261_124)))
}

#[derive(Default, Debug)]
struct Tally {
    taken: usize,
    known: usize,
    refused: usize,
}

impl Tally {
    fn take(&mut self, body: &mut Body, update: &[u8]) {
        match body.take(update) {
            Ok(Taken::New) => self.taken += 1,
            Ok(Taken::Known) => self.known += 1,
            Err(Refusal::Broken(why)) => panic!("{why}: {update:?}"),
            Err(_) => self.refused += 1,
        }
    }

    fn cases(&self) -> usize {
        self.taken + self.known + self.refused
    }
}

#[test]
fn damaged_updates_are_refused_or_leave_a_sound_body() {
    let (cases, mut chance) = plan();
    let stories = stories();
    let mut tally = Tally::default();
    while tally.cases() < cases {
        let story = &stories[chance.below(stories.len())];
        let at = chance.below(story.updates.len().min(200));
        let mut body = Body::load(story.updates[..at].iter().map(|update| &update[..])).unwrap();
        if chance.below(3) == 0 {
            body = Body::load([&body.encode()[..]]).unwrap();
        }
        // The next update of the story fits; those around it now and then.
        let next = &story.updates[at..=at];
        let near = &story.updates[at.saturating_sub(9)..(at + 9).min(story.updates.len())];
        for _ in 0..40 {
            let before = tally.taken;
            let sources = if chance.below(5) > 0 { next } else { near };
            let update = damage(&mut chance, sources);
            tally.take(&mut body, &update);
            if tally.taken > before {
                assert_sound(&body);
            }
            if tally.taken > before + 3 {
                break;
            }
        }
        assert_eq!(body.take(&Body::from_tree(&[paragraph("still here")], 4_040_404_040)), Ok(Taken::New));
    }
    println!("damaged: {tally:?}");
    assert!(tally.taken * 50 > cases && tally.refused * 4 > cases, "{tally:?} is too one-sided");
}

/// An id that most likely is in the body, or will be.
fn some_id(chance: &mut Chance, clients: &[(u64, u32)]) -> Id {
    let (client, clock) = clients[chance.below(clients.len())];
    (client, chance.below(clock as usize + 2) as u32)
}

/// A well-formed struct that stands anywhere and holds anything.
fn some_part(chance: &mut Chance, clients: &[(u64, u32)]) -> Vec<u8> {
    let id = some_id(chance, clients);
    let next = (id.0, id.1 + 1);
    let keys = ["id", "level", "align", "colwidth", "start"];
    let at = match chance.below(10) {
        0 => At::Root,
        1 => At::In(id),
        2 => At::Key(id, keys[chance.below(keys.len())]),
        3..=5 => At::Left(id),
        6 => At::Right(id),
        _ => At::Between(id, if chance.below(4) == 0 { some_id(chance, clients) } else { next }),
    };
    match chance.below(12) {
        0 => gone(1 + chance.below(4) as u64),
        1 | 2 => deleted(at, 1 + chance.below(4) as u64),
        3..=6 => text(at, ["a", "bc", "😀", "слово"][chance.below(4)]),
        7 => format(at, "bold", ["{}", "null"][chance.below(2)]),
        8 => element(
            at,
            ["paragraph", "heading", "hardBreak", "footnote", "table", "tableRow"][chance.below(6)],
        ),
        9 => xml_text(at),
        10 => text_value(at, ["left", "b1", "x"][chance.below(3)]),
        _ => part(at, 8, &[[1, 126], [1, 127]][chance.below(2)]),
    }
}

#[test]
fn made_up_updates_are_refused_or_leave_a_sound_body() {
    let (cases, mut chance) = plan();
    let stories = stories();
    let mut tally = Tally::default();
    while tally.cases() < cases {
        let story = &stories[chance.below(stories.len())];
        let at = 1 + chance.below(60);
        let mut body = Body::load(story.updates[..at].iter().map(|update| &update[..])).unwrap();
        let mut clients: Vec<(u64, u32)> = read_state_vector(&body.state_vector())
            .unwrap()
            .iter()
            .map(|(client, clock)| (client.get(), *clock))
            .collect();
        clients.sort_unstable();
        clients.extend([(7, 0), (u64::from(u32::MAX) + 9, 0)]);
        for _ in 0..60 {
            let writers = 1 + chance.below(2);
            let parts: Vec<(usize, Vec<Vec<u8>>)> = (0..writers)
                .map(|first| {
                    let writer = (chance.below(clients.len() / 2) * 2 + first) % clients.len();
                    (writer, (0..1 + chance.below(3)).map(|_| some_part(&mut chance, &clients)).collect())
                })
                .collect();
            let sections: Vec<(u64, u64, &[Vec<u8>])> = parts
                .iter()
                .map(|(writer, parts)| (clients[*writer].0, u64::from(clients[*writer].1), &parts[..]))
                .collect();
            let (from, length) = (some_id(&mut chance, &clients), 1 + chance.below(9) as u64);
            let range = [(u64::from(from.1), length)];
            let deletes = [(from.0, &range[..])];
            let update = raw::update(&sections, &deletes[..chance.below(2)]);
            let before = tally.taken;
            tally.take(&mut body, &update);
            if tally.taken > before {
                for client in &mut clients {
                    client.1 = body.index.known(client.0);
                }
                if chance.below(4) == 0 {
                    assert_sound(&body);
                }
            }
        }
        assert_sound(&body);
        assert_eq!(body.take(&Body::from_tree(&[paragraph("still here")], 4_040_404_040)), Ok(Taken::New));
    }
    println!("made up: {tally:?}");
    assert!(tally.taken * 20 > cases && tally.refused * 4 > cases, "{tally:?} is too one-sided");
}
