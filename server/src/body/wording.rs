//! A body that words a recommendation: its first block is the title, the rest the text. As plain words, and as the
//! change that makes it read otherwise.

use bytes::Bytes;
use yrs::{
    Any, Out, Text as _, Transact as _, TransactionMut, Update, XmlElementPrelim, XmlElementRef,
    XmlFragment as _, XmlFragmentRef, XmlOut, XmlTextPrelim, XmlTextRef, types::text::YChange,
    updates::decoder::Decode as _,
};

use super::{
    Body, Unreadable, new_doc,
    schema::{Attr, Node},
    structs::{ROOT, utf16_length},
    tree::{Block, Inline, Run, Tree},
    write,
};

/// Title and text as plain words. Either may be blank, or longer than a record takes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wording {
    /// The first block.
    pub title: String,
    /// All others, a line for each paragraph.
    pub text: String,
}

impl Tree {
    /// What it says as the wording of a recommendation.
    pub fn wording(&self) -> Wording {
        let Some((title, text)) = self.blocks.split_first() else { return Wording::default() };
        let text: Vec<String> = text.iter().flat_map(Block::lines).collect();
        Wording { title: title.lines().join(" "), text: text.join("\n") }
    }
}

impl Block {
    /// Its words, a line for each line of each paragraph in it. Items of lists begin with a dot or their number, and
    /// a footnote stands in brackets.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        // Blocks still to read, each with what its first line begins with.
        let mut stack = vec![(self, String::new())];
        while let Some((block, begins)) = stack.pop() {
            if block.node.holds_text() {
                let words = begins + &block.inline.iter().map(words).collect::<String>();
                lines.extend(words.split('\n').map(str::to_owned));
                continue;
            }
            let first = match block.node {
                Node::OrderedList => block.attr(Attr::Start).and_then(|it| it.as_f64()).unwrap_or(1.0) as u64,
                _ => 0,
            };
            let inner = block.blocks.iter().zip(first..).enumerate().map(|(at, (inner, number))| {
                let begins = match block.node {
                    Node::BulletList => "• ".to_owned(),
                    Node::OrderedList => format!("{number}. "),
                    _ if at == 0 => begins.clone(),
                    _ => String::new(),
                };
                (inner, begins)
            });
            let at = stack.len();
            stack.extend(inner);
            stack[at..].reverse();
        }
        lines
    }

    /// Whether it is nothing but text without a break: its characters can be changed where they stand.
    fn is_plain(&self) -> bool {
        self.node.holds_text() && self.inline.iter().all(|inline| matches!(inline, Inline::Run(_)))
    }
}

fn words(inline: &Inline) -> String {
    match inline {
        Inline::Run(run) => run.text.clone(),
        Inline::Break => "\n".to_owned(),
        Inline::Footnote { runs, .. } => {
            format!(" ({})", runs.iter().map(|run| run.text.as_str()).collect::<String>())
        }
    }
}

impl Body {
    /// An update that gives an empty body this wording, written by the Yjs client `client`.
    pub fn worded(title: &str, text: &str, client: u64) -> Bytes {
        let lines = std::iter::once(title).chain(text.split('\n'));
        let blocks: Vec<Block> = lines
            .zip(0..)
            .map(|(line, number)| {
                let block = Block::new(Node::Paragraph).with(Attr::Id, block_id(client, number));
                block.holding(vec![Inline::Run(Run::plain(line))])
            })
            .collect();
        write::update(&blocks, client)
    }

    /// An update after which it has this title and this text; what is `None` stays. It changes as little as it can, so
    /// that carets and anchors stand where they did. `None`: it reads so already.
    pub fn reworded(
        &self,
        title: Option<&str>,
        text: Option<&str>,
        client: u64,
    ) -> Result<Option<Bytes>, Unreadable> {
        let tree = self.tree().map_err(|error| Unreadable(error.to_string()))?;
        let now = tree.wording();
        let title = title.filter(|title| *title != now.title);
        let text = text.filter(|text| *text != now.text);
        if title.is_none() && text.is_none() {
            return Ok(None);
        }
        let unreadable = |error: &dyn std::fmt::Display| Unreadable(error.to_string());
        let doc = new_doc(client);
        let root = doc.get_or_insert_xml_fragment(ROOT);
        let whole = Update::decode_v1(&self.encode()).map_err(|error| unreadable(&error))?;
        doc.transact_mut().apply_update(whole).map_err(|error| unreadable(&error))?;
        let mut txn = doc.transact_mut();
        let mut pen = Pen { txn: &mut txn, root, client, made: 0 };
        // The text first: what is done to it moves no title.
        let first = tree.blocks.len().min(1);
        if let Some(text) = text {
            if first == 0 {
                pen.insert(0, title.unwrap_or_default());
            }
            pen.rewrite(1, &tree.blocks[first..], &text.split('\n').collect::<Vec<_>>());
        }
        if let Some(title) = title
            && !(first == 0 && text.is_some())
        {
            pen.rewrite(0, &tree.blocks[..first], &[title]);
        }
        Ok(Some(txn.encode_update_v1().into()))
    }
}

/// A block's stable id, of those that this client makes.
fn block_id(client: u64, number: u32) -> String {
    format!("w{client:x}-{number}")
}

/// Blocks times lines that are compared to find out which blocks stay.
const KEPT_CELLS_MAX: usize = 1_000_000;

/// Writes into a copy of a body.
struct Pen<'a, 'doc> {
    txn: &'a mut TransactionMut<'doc>,
    root: XmlFragmentRef,
    client: u64,
    /// Blocks that it has made.
    made: u32,
}

impl Pen<'_, '_> {
    /// Gives the blocks that stand from `at` on these lines.
    fn rewrite(&mut self, at: u32, old: &[Block], lines: &[&str]) {
        // From the back, so that what is changed moves nothing that is still to be looked at.
        let (mut end, mut lines_end) = (old.len(), lines.len());
        for (kept, line) in kept(old, lines).into_iter().rev() {
            let after = line + old[kept].lines().len();
            self.rewrite_all(at + kept as u32 + 1, &old[kept + 1..end], &lines[after..lines_end]);
            (end, lines_end) = (kept, line);
        }
        self.rewrite_all(at, &old[..end], &lines[..lines_end]);
    }

    /// As `rewrite`, of blocks of which none stays as it is.
    fn rewrite_all(&mut self, at: u32, old: &[Block], lines: &[&str]) {
        let both = old.len().min(lines.len());
        for (index, (block, line)) in (at..).zip(old.iter().zip(lines)) {
            self.change(index, block, line);
        }
        let next = at + both as u32;
        if old.len() > both {
            self.root.remove_range(self.txn, next, (old.len() - both) as u32);
        }
        for (index, line) in (next..).zip(&lines[both..]) {
            self.insert(index, line);
        }
    }

    /// One block for another, or only the characters that differ.
    fn change(&mut self, index: u32, block: &Block, line: &str) {
        let text = self.root.get(self.txn, index).and_then(|it| it.into_xml_element());
        let text = text.filter(|_| block.is_plain()).and_then(|element| only_text(self.txn, &element));
        match text {
            Some(text) => edit(self.txn, &text, line),
            None => {
                self.root.remove_range(self.txn, index, 1);
                self.insert(index, line);
            }
        }
    }

    /// A new paragraph.
    fn insert(&mut self, index: u32, line: &str) {
        let block = self.root.insert(self.txn, index, XmlElementPrelim::empty(Node::Paragraph.name()));
        write::set(self.txn, &block, Attr::Id, &block_id(self.client, self.made).into());
        self.made += 1;
        if !line.is_empty() {
            block.push_back(self.txn, XmlTextPrelim::new(line));
        }
    }
}

/// The blocks that stay, each with the first of the lines that it has: as many as can, in order. Of very long texts,
/// only those at the front.
fn kept(blocks: &[Block], lines: &[&str]) -> Vec<(usize, usize)> {
    let own: Vec<Vec<String>> = blocks.iter().map(Block::lines).collect();
    let fits = |block: usize, line: usize| {
        let own = &own[block];
        !own.is_empty()
            && lines[line..].len() >= own.len()
            && own.iter().zip(&lines[line..]).all(|(a, b)| a == b)
    };
    let front =
        (0..blocks.len().min(lines.len())).take_while(|at| own[*at].len() == 1 && fits(*at, *at)).count();
    let mut found: Vec<_> = (0..front).map(|at| (at, at)).collect();
    let (rows, columns) = (blocks.len() - front, lines.len() - front);
    if rows.saturating_mul(columns) > KEPT_CELLS_MAX {
        return found;
    }
    // How many of the blocks from here on can stay among the lines from here on.
    let mut most = vec![0u32; (rows + 1) * (columns + 1)];
    let cell = |row: usize, column: usize| row * (columns + 1) + column;
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let passed = most[cell(row + 1, column)].max(most[cell(row, column + 1)]);
            let stays = fits(front + row, front + column)
                .then(|| 1 + most[cell(row + 1, column + own[front + row].len())]);
            most[cell(row, column)] = passed.max(stays.unwrap_or(0));
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < rows && column < columns {
        let here = most[cell(row, column)];
        if most[cell(row + 1, column)] == here {
            row += 1;
        } else if most[cell(row, column + 1)] == here {
            column += 1;
        } else {
            found.push((front + row, front + column));
            column += own[front + row].len();
            row += 1;
        }
    }
    found
}

/// The only text of a block that holds nothing else.
fn only_text(txn: &TransactionMut<'_>, block: &XmlElementRef) -> Option<XmlTextRef> {
    let mut children = block.children(txn);
    match (children.next(), children.next()) {
        (Some(XmlOut::Text(text)), None) => Some(text),
        _ => None,
    }
}

/// Changes what differs between the first and the last character that do.
fn edit(txn: &mut TransactionMut<'_>, text: &XmlTextRef, line: &str) {
    let pieces = text.diff(txn, YChange::identity).into_iter();
    let old: String = pieces
        .filter_map(|it| if let Out::Any(Any::String(it)) = it.insert { Some(it) } else { None })
        .map(|it| it.to_string())
        .collect();
    let before: usize =
        old.chars().zip(line.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[before..], &line[before..]);
    let same_end = old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b);
    let after: usize = same_end.map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - after], &new[..new.len() - after]);
    let at = utf16_length(&line[..before]) as u32;
    if !old.is_empty() {
        text.remove_range(txn, at, utf16_length(old) as u32);
    }
    if !new.is_empty() {
        text.insert(txn, at, new);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::body::{Mark, Taken};

    fn worded(title: &str, text: &str) -> Body {
        let mut body = Body::new();
        assert_eq!(body.take(&Body::worded(title, text, 7)), Ok(Taken::New));
        body
    }

    fn reads(body: &Body) -> (String, String) {
        let wording = body.tree().unwrap().wording();
        (wording.title, wording.text)
    }

    fn reword(body: &mut Body, title: Option<&str>, text: Option<&str>, client: u64) -> usize {
        let update = body.reworded(title, text, client).unwrap().expect("it reads otherwise");
        assert_eq!(body.take(&update), Ok(Taken::New));
        update.len()
    }

    #[test]
    fn a_wording_reads_as_it_was_made_and_is_made_the_same_each_time() {
        let text = "Build homes.\n\nNear work 🏠.\n";
        assert_eq!(reads(&worded("Жыллё", text)), ("Жыллё".to_owned(), text.to_owned()));
        assert_eq!(Body::worded("a", text, 9), Body::worded("a", text, 9));
        assert_eq!(reads(&Body::new()), (String::new(), String::new()));
    }

    #[test]
    fn lists_keep_their_dots_and_numbers_footnotes_their_place_and_breaks_their_lines() {
        let say = |text: &str| Block::new(Node::Paragraph).holding(vec![Inline::Run(Run::plain(text))]);
        let item = |blocks| Block::new(Node::ListItem).of(blocks);
        let noted = Block::new(Node::Paragraph).holding(vec![
            Inline::Run(Run { text: "Pay".to_owned(), marks: [Mark::Bold].into() }),
            Inline::Footnote { id: None, runs: vec![Run::plain("by 2027")] },
            Inline::Break,
            Inline::Run(Run::plain("fairly")),
        ]);
        let nested =
            Block::new(Node::OrderedList).with(Attr::Start, 3).of(vec![item(vec![say("c")]), item(vec![])]);
        let list = Block::new(Node::BulletList)
            .of(vec![item(vec![say("a"), say("more")]), item(vec![say("b"), nested])]);
        let tree = Tree { blocks: vec![Block::new(Node::Heading), noted, list, say("")] };
        assert_eq!(tree.wording().text, "Pay (by 2027)\nfairly\n• a\nmore\n• b\n3. c\n");
        assert_eq!(tree.wording().title, "");
    }

    #[test]
    fn rewording_keeps_what_stays() {
        let mut body = worded("Build homes", "One.\nTwo two.\nThree.");
        let two = body.anchor_of("Two").unwrap();
        let three = body.anchor_of("Three").unwrap();
        let homes = body.anchor_of("homes").unwrap();
        reword(&mut body, Some("Build good homes"), Some("Zero.\nOne.\nTwo, too.\nThree."), 8);
        assert_eq!(reads(&body), ("Build good homes".into(), "Zero.\nOne.\nTwo, too.\nThree.".into()));
        assert!(body.attached(&three) && body.attached(&homes));
        reword(&mut body, None, Some("Zero.\nTwo, too."), 9);
        assert!(body.attached(&two) && !body.attached(&three));
        assert!(body.reworded(Some("Build good homes"), Some("Zero.\nTwo, too."), 10).unwrap().is_none());
        assert!(body.reworded(None, None, 10).unwrap().is_none());
    }

    #[test]
    fn an_empty_body_is_worded_as_any() {
        for (title, text, wanted) in [
            (Some("a"), None, ("a", "")),
            (None, Some("b\nc"), ("", "b\nc")),
            (Some("a"), Some("b"), ("a", "b")),
        ] {
            let mut body = Body::new();
            reword(&mut body, title, text, 3);
            assert_eq!(reads(&body), (wanted.0.to_owned(), wanted.1.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_wording_becomes_any_other(
            wordings in proptest::collection::vec(("[ab🏠]{0,4}", "[ab🏠\n]{0,9}"), 2..6)
        ) {
            let mut body = worded(&wordings[0].0, &wordings[0].1);
            for (number, (title, text)) in wordings.iter().enumerate().skip(1) {
                if let Some(update) = body.reworded(Some(title), Some(text), 100 + number as u64).unwrap() {
                    prop_assert_eq!(body.take(&update), Ok(Taken::New));
                }
                prop_assert_eq!(reads(&body), (title.clone(), text.clone()));
            }
        }
    }
}
