//! A made editing history: one author writes, corrects, goes back and rewrites, a document of some hundred
//! paragraphs, one update for each keystroke. The same for the same length, on every machine.

use crate::{
    chance::Chance,
    yjs::{self, Spot},
};

/// Characters a paragraph has before the author goes on to the next.
const PARAGRAPH_CHARS: usize = 420;

/// The author's text, as clocks of the visible characters.
struct Paragraph {
    clock: u32,
    text: Vec<u32>,
}

/// What was made.
pub struct History {
    /// One Yjs v1 update for each keystroke (and each new paragraph).
    pub updates: Vec<Vec<u8>>,
    /// The author's clock at the end: a copy that knows it is whole but for deletions.
    pub clock: u32,
    /// Characters that remain.
    pub characters: usize,
}

/// A history of so many keystrokes, by this client; about 30 of 100 are deletions.
pub fn history(client: u64, keystrokes: usize) -> History {
    let mut chance = Chance(260_000);
    let mut made = Author { client, clock: 0, paragraphs: Vec::new(), updates: Vec::new() };
    made.paragraph();
    let mut done = 0;
    while done < keystrokes {
        let last = made.paragraphs.len() - 1;
        if made.paragraphs[last].text.len() > PARAGRAPH_CHARS {
            made.paragraph();
            continue;
        }
        // Mostly at the end; every fifth time somewhere that is written already.
        let back = chance.below(5) == 0;
        let at = if back { chance.below(last as u64 + 1) as usize } else { last };
        let length = made.paragraphs[at].text.len();
        let spot = if back { chance.below(length as u64 + 1) as usize } else { length };
        let burst = (4 + chance.below(44) as usize).min(keystrokes - done);
        done += burst;
        if chance.below(10) < 3 {
            made.erase(at, spot, burst);
        } else {
            made.write(at, spot, burst);
        }
    }
    let characters = made.paragraphs.iter().map(|paragraph| paragraph.text.len()).sum();
    History { updates: made.updates, clock: made.clock, characters }
}

struct Author {
    client: u64,
    clock: u32,
    paragraphs: Vec<Paragraph>,
    updates: Vec<Vec<u8>>,
}

impl Author {
    fn paragraph(&mut self) {
        let mut update = Vec::new();
        yjs::paragraph(&mut update, self.client, self.clock, self.paragraphs.last().map(|last| last.clock));
        self.paragraphs.push(Paragraph { clock: self.clock, text: Vec::new() });
        self.updates.push(update);
        self.clock += 2;
    }

    fn write(&mut self, at: usize, spot: usize, count: usize) {
        let paragraph = &mut self.paragraphs[at];
        for spot in spot..spot + count {
            let left = spot.checked_sub(1).map(|before| paragraph.text[before]);
            let right = paragraph.text.get(spot).copied();
            let mut update = Vec::new();
            let place = Spot { left, right, text: paragraph.clock + 1 };
            yjs::key(&mut update, self.client, self.clock, place, yjs::letter(self.clock));
            paragraph.text.insert(spot, self.clock);
            self.clock += 1;
            self.updates.push(update);
        }
    }

    /// Deletes backwards; what is not there is typed instead, so that each is a keystroke.
    fn erase(&mut self, at: usize, spot: usize, count: usize) {
        let there = count.min(spot);
        for gone in self.paragraphs[at].text.drain(spot - there..spot).rev() {
            let mut update = Vec::new();
            yjs::delete(&mut update, self.client, gone);
            self.updates.push(update);
        }
        self.write(at, spot - there, count - there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yrs::{Doc, GetString, Transact, Update, updates::decoder::Decode};

    #[test]
    fn a_history_is_a_document_that_yjs_understands_and_the_same_each_time() {
        let made = history(1, 5000);
        let doc = Doc::new();
        let body = doc.get_or_insert_xml_fragment("body");
        for update in &made.updates {
            doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
        }
        let text = body.get_string(&doc.transact()).replace("<paragraph>", "").replace("</paragraph>", "");
        assert_eq!(text.len(), made.characters);
        assert!((1500..3500).contains(&made.characters), "{}", made.characters);
        assert_eq!(made.updates, history(1, 5000).updates);
        let keystrokes = made.updates.iter().filter(|update| update[0] == 0 || update[1] == 1).count();
        assert_eq!(keystrokes, 5000);
    }
}
