//! Every key that anybody ever pressed. Each writes a character that is used once in a run, so that a text tells who
//! wrote what, and what is missing, doubled or made up.

use std::collections::BTreeSet;

use yrs::ID;

/// All strokes of a run.
#[derive(Default)]
pub(super) struct Ink {
    strokes: Vec<Stroke>,
    /// Paragraphs that somebody removed, with what others wrote into them meanwhile.
    removed: BTreeSet<ID>,
    /// Deletions by who had no right to, as far as is known.
    forbidden: Vec<(u64, Deletion)>,
}

/// One key.
pub(super) struct Stroke {
    pub(super) who: usize,
    pub(super) section: usize,
    /// The Yjs client that wrote it.
    pub(super) copy: u64,
    paragraph: ID,
    fate: Fate,
    erased: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Fate {
    /// It must be there in the end, unless somebody erased it.
    Kept,
    /// It must never be taken.
    Forbidden,
    /// Its copy was thrown away, or its right changed on the way: either is right.
    Open,
}

/// Something deleted.
pub(super) enum Deletion {
    Stroke(char),
    Paragraph(ID),
}

/// Characters of the basic plane first; each eighth is a surrogate pair.
fn character(number: usize) -> char {
    let base = if number % 8 == 7 { 0x20000 } else { 0x4E00 };
    // A run has some hundred strokes; both blocks hold more than 20,000 characters.
    char::from_u32(base + number as u32).expect("a CJK character")
}

/// The place of a character among all strokes.
pub(super) fn number(character: char) -> Option<usize> {
    let code = character as usize;
    code.checked_sub(0x20000).or_else(|| code.checked_sub(0x4E00))
}

impl Ink {
    /// The next character, pressed by `who` in their copy.
    pub(super) fn press(
        &mut self,
        who: usize,
        section: usize,
        copy: u64,
        paragraph: ID,
        forbidden: bool,
    ) -> char {
        let fate = if forbidden { Fate::Forbidden } else { Fate::Kept };
        self.strokes.push(Stroke { who, section, copy, paragraph, fate, erased: false });
        character(self.strokes.len() - 1)
    }

    /// A copy deleted something.
    pub(super) fn delete(&mut self, copy: u64, deletion: Deletion, forbidden: bool) {
        if forbidden {
            return self.forbidden.push((copy, deletion));
        }
        match deletion {
            Deletion::Stroke(character) => {
                if let Some(stroke) = number(character).and_then(|number| self.strokes.get_mut(number)) {
                    stroke.erased = true;
                }
            }
            Deletion::Paragraph(id) => drop(self.removed.insert(id)),
        }
    }

    /// What a copy wrote without a right may yet be taken, since the right may come before it arrives.
    pub(super) fn forgive(&mut self, copy: u64) {
        self.open(copy, Fate::Forbidden);
        let forbidden = std::mem::take(&mut self.forbidden);
        let (forgiven, left): (Vec<_>, Vec<_>) = forbidden.into_iter().partition(|it| it.0 == copy);
        self.forbidden = left;
        for (_, deletion) in forgiven {
            self.delete(copy, deletion, false);
        }
    }

    /// A copy was thrown away.
    pub(super) fn abandon(&mut self, copy: u64) {
        self.open(copy, Fate::Kept);
    }

    fn open(&mut self, copy: u64, fate: Fate) {
        let of_copy = |stroke: &&mut Stroke| stroke.copy == copy && stroke.fate == fate;
        self.strokes.iter_mut().filter(of_copy).for_each(|stroke| stroke.fate = Fate::Open);
    }

    /// Whose a character is, or why it is not to be there.
    pub(super) fn of(&self, character: char, section: usize) -> Result<&Stroke, String> {
        let stroke = number(character).and_then(|number| self.strokes.get(number));
        let stroke = stroke.ok_or_else(|| format!("nobody wrote {character:?}"))?;
        if stroke.section != section {
            return Err(format!("{character:?} was written in section {}", stroke.section));
        }
        if stroke.fate == Fate::Forbidden {
            return Err(format!("{character:?} of person {} was never to be taken", stroke.who));
        }
        Ok(stroke)
    }

    /// Whether a final text of a section holds what it must, and nothing else.
    pub(super) fn check(&self, section: usize, text: &str) -> Result<(), String> {
        let mut there = BTreeSet::new();
        for character in text.chars() {
            self.of(character, section)?;
            if !there.insert(character) {
                return Err(format!("{character:?} is there twice"));
            }
        }
        for (stroke, at) in self.strokes.iter().zip(0..) {
            let wanted = stroke.fate == Fate::Kept && stroke.section == section;
            let gone = stroke.erased || self.removed.contains(&stroke.paragraph);
            if wanted && !gone && !there.contains(&character(at)) {
                return Err(format!("{:?} of person {} is lost", character(at), stroke.who));
            }
        }
        Ok(())
    }
}

/// The strokes in an update's bytes, in order. Yjs client ids of a run are below 2^14, so that no number of an update
/// reads as a character.
pub(super) fn strokes_in(update: &[u8]) -> Vec<char> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < update.len() {
        let len = match update[at] {
            0xE4..=0xE9 => 3,
            0xF0 => 4,
            _ => 0,
        };
        let text = update.get(at..at + len).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.and_then(|text| text.chars().next()) {
            Some(character) => {
                found.push(character);
                at += len;
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stroke_has_its_own_character_and_is_found_in_bytes() {
        let characters: Vec<_> = (0..5000).map(character).collect();
        assert!(characters.iter().enumerate().all(|(at, it)| number(*it) == Some(at)));
        let mut bytes = vec![0x84, 0xFF, 0x01];
        bytes.extend(characters[..20].iter().collect::<String>().bytes());
        bytes.extend([0xE8, 0x80, 0x01]);
        assert_eq!(strokes_in(&bytes), &characters[..20]);
    }
}
