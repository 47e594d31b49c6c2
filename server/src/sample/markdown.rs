//! Markdown (CommonMark with tables, footnotes and strikethrough) → a section's title and its body as a tree.

use std::{collections::BTreeMap, iter::Peekable, vec};

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    body::tree::{Align, Block, Cell, Inline, Item, Marks, Row},
    clock::Clock,
};

/// A text that no body can hold as it stands.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MarkdownError {
    /// The first line is not `# Title`.
    #[error("the text does not start with a title")]
    Untitled,
    /// A kind of content that a body does not have.
    #[error("{0} has no place in a section")]
    Unsupported(String),
    /// A reference to a footnote that isn't there.
    #[error("footnote {0} has no text")]
    NoFootnote(String),
    /// A footnote that is longer than one paragraph.
    #[error("footnote {0} is more than one paragraph")]
    LongFootnote(String),
}

/// A section as read.
pub(super) struct Page {
    /// Its `# Title`.
    pub(super) title: String,
    /// What follows, every block with an id of its own.
    pub(super) blocks: Vec<Block>,
}

/// Reads a section: `# Title` first, then `##` and below as headings of the same level.
pub(super) fn read(markdown: &str, clock: &Clock) -> Result<Page, MarkdownError> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let (events, footnotes) = apart(Parser::new_ext(markdown, options))?;
    let mut reader = Reader { events: events.into_iter().peekable(), footnotes, clock };
    let title = reader.title()?;
    let blocks = reader.blocks(None)?;
    Ok(Page { title, blocks })
}

/// The running text, and the text of each footnote: Markdown defines it anywhere, a body holds it where it is referred to.
fn apart<'a>(
    parser: impl Iterator<Item = Event<'a>>,
) -> Result<(Vec<Event<'a>>, BTreeMap<String, String>), MarkdownError> {
    let mut running = Vec::new();
    let mut footnotes = BTreeMap::new();
    let mut open: Option<(String, String)> = None;
    for event in parser {
        match (&mut open, event) {
            (None, Event::Start(Tag::FootnoteDefinition(label))) => {
                open = Some((label.into_string(), String::new()));
            }
            (None, event) => running.push(event),
            (Some(_), Event::End(TagEnd::FootnoteDefinition)) => footnotes.extend(open.take()),
            (Some((label, text)), Event::Start(Tag::Paragraph)) if !text.is_empty() => {
                return Err(MarkdownError::LongFootnote(std::mem::take(label)));
            }
            (Some((_, text)), Event::Text(more)) => text.push_str(&more),
            (Some((_, text)), Event::SoftBreak) => text.push(' '),
            // A footnote is plain text: emphasis and the address behind a link's words are left out.
            (
                Some(_),
                Event::Start(Tag::Paragraph | Tag::Emphasis | Tag::Strong | Tag::Link { .. })
                | Event::End(TagEnd::Paragraph | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link),
            ) => {}
            (Some(_), event) => return Err(unsupported(&event)),
        }
    }
    Ok((running, footnotes))
}

struct Reader<'a> {
    events: Peekable<vec::IntoIter<Event<'a>>>,
    footnotes: BTreeMap<String, String>,
    clock: &'a Clock,
}

impl<'a> Reader<'a> {
    fn title(&mut self) -> Result<String, MarkdownError> {
        let is_title =
            |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }));
        self.events.next_if(is_title).ok_or(MarkdownError::Untitled)?;
        let mut title = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Text(text) => title.push_str(&text),
                event => return Err(unsupported(&event)),
            }
        }
        Ok(title)
    }

    /// Blocks up to the end of what they stand in (`None`: of the text).
    fn blocks(&mut self, end: Option<TagEnd>) -> Result<Vec<Block>, MarkdownError> {
        let mut blocks = Vec::new();
        loop {
            if self.events.peek().is_some_and(is_inline) {
                // Items of a tight list hold their words without a paragraph around them.
                let content = self.inlines()?;
                blocks.push(Block::Paragraph { id: self.id(), content });
            }
            match self.events.next() {
                None => return Ok(blocks),
                Some(Event::End(tag)) if Some(tag) == end => return Ok(blocks),
                Some(Event::Start(tag)) => blocks.push(self.block(tag)?),
                Some(event) => return Err(unsupported(&event)),
            }
        }
    }

    fn block(&mut self, tag: Tag<'a>) -> Result<Block, MarkdownError> {
        let end = tag.to_end();
        let id = self.id();
        match tag {
            Tag::Paragraph => Ok(Block::Paragraph { id, content: self.inlines_to(end)? }),
            Tag::Heading {
                level: level @ (HeadingLevel::H2 | HeadingLevel::H3 | HeadingLevel::H4), ..
            } => Ok(Block::Heading { id, level: level as u8, content: self.inlines_to(end)? }),
            Tag::List(None) => Ok(Block::BulletList { id, items: self.items(end)? }),
            Tag::List(Some(start)) => Ok(Block::OrderedList { id, start, items: self.items(end)? }),
            Tag::BlockQuote(_) => Ok(Block::Blockquote { id, content: self.blocks(Some(end))? }),
            Tag::Table(columns) => Ok(Block::Table { id, rows: self.rows(&columns, end)? }),
            tag => Err(unsupported(&Event::Start(tag))),
        }
    }

    fn items(&mut self, end: TagEnd) -> Result<Vec<Item>, MarkdownError> {
        let mut items = Vec::new();
        while self.starts(end)?.is_some() {
            let id = self.id();
            let mut content = self.blocks(Some(TagEnd::Item))?;
            if !matches!(content.first(), Some(Block::Paragraph { .. })) {
                // An item starts with a paragraph, and be it an empty one.
                content.insert(0, Block::Paragraph { id: self.id(), content: Vec::new() });
            }
            items.push(Item { id, content });
        }
        Ok(items)
    }

    fn rows(&mut self, columns: &[Alignment], end: TagEnd) -> Result<Vec<Row>, MarkdownError> {
        let mut rows = Vec::new();
        while let Some(tag) = self.starts(end)? {
            let id = self.id();
            let header = tag == Tag::TableHead;
            let mut cells = Vec::new();
            let mut columns = columns.iter();
            while let Some(cell) = self.starts(tag.to_end())? {
                let id = self.id();
                let content = self.inlines_to(cell.to_end())?;
                let content = vec![Block::Paragraph { id: self.id(), content }];
                let align = columns.next().and_then(align);
                cells.push(Cell { id, header, align, content });
            }
            rows.push(Row { id, cells });
        }
        Ok(rows)
    }

    /// The tag that starts next, or `None` where `end` comes first.
    fn starts(&mut self, end: TagEnd) -> Result<Option<Tag<'a>>, MarkdownError> {
        match self.events.next() {
            Some(Event::Start(tag)) => Ok(Some(tag)),
            Some(Event::End(tag)) if tag == end => Ok(None),
            None => Ok(None),
            Some(event) => Err(unsupported(&event)),
        }
    }

    fn inlines_to(&mut self, end: TagEnd) -> Result<Vec<Inline>, MarkdownError> {
        let inlines = self.inlines()?;
        match self.events.next() {
            Some(Event::End(tag)) if tag == end => Ok(inlines),
            None => Ok(inlines),
            Some(event) => Err(unsupported(&event)),
        }
    }

    fn inlines(&mut self) -> Result<Vec<Inline>, MarkdownError> {
        let mut inlines = Vec::new();
        self.marked(&Marks::default(), &mut inlines)?;
        Ok(inlines)
    }

    fn marked(&mut self, marks: &Marks, into: &mut Vec<Inline>) -> Result<(), MarkdownError> {
        while let Some(event) = self.events.next_if(is_inline) {
            match event {
                Event::Text(text) => push(into, &text, marks),
                Event::SoftBreak => push(into, " ", marks),
                Event::HardBreak => into.push(Inline::HardBreak),
                Event::FootnoteReference(label) => {
                    let text = self.footnotes.get(&*label).cloned();
                    let text = text.ok_or_else(|| MarkdownError::NoFootnote(label.into_string()))?;
                    into.push(Inline::Footnote { id: self.id(), text });
                }
                Event::Start(tag) => {
                    let end = tag.to_end();
                    self.marked(&more(marks, &tag), into)?;
                    self.events.next_if(|event| *event == Event::End(end));
                }
                event => return Err(unsupported(&event)),
            }
        }
        Ok(())
    }

    /// A fresh id of a block.
    fn id(&self) -> Option<String> {
        Some(self.clock.id16().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Text(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::FootnoteReference(_)
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
    )
}

fn more(marks: &Marks, tag: &Tag<'_>) -> Marks {
    let mut marks = marks.clone();
    match tag {
        Tag::Strong => marks.bold = true,
        Tag::Emphasis => marks.italic = true,
        Tag::Strikethrough => marks.strike = true,
        Tag::Link { dest_url, .. } => marks.link = Some(dest_url.to_string()),
        _ => {}
    }
    marks
}

/// Adds words; those with the same marks as the words before join them.
fn push(into: &mut Vec<Inline>, more: &str, more_marks: &Marks) {
    match into.last_mut() {
        Some(Inline::Text { text, marks }) if marks == more_marks => text.push_str(more),
        _ => into.push(Inline::Text { text: more.to_owned(), marks: more_marks.clone() }),
    }
}

fn align(column: &Alignment) -> Option<Align> {
    match column {
        Alignment::None => None,
        Alignment::Left => Some(Align::Left),
        Alignment::Center => Some(Align::Center),
        Alignment::Right => Some(Align::Right),
    }
}

fn unsupported(event: &Event<'_>) -> MarkdownError {
    let name = format!("{event:?}");
    MarkdownError::Unsupported(name.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn page(markdown: &str) -> Page {
        read(markdown, &Clock::fixed(Timestamp::UNIX_EPOCH, 1)).unwrap()
    }

    fn refused(markdown: &str) -> MarkdownError {
        read(markdown, &Clock::fixed(Timestamp::UNIX_EPOCH, 1)).err().unwrap()
    }

    /// The blocks in short: `p(words)`, `h2(words)`, `ul[…]`, `ol3[…]`, `quote[…]`, `table[row | row]`, with `*` before
    /// bold, `/` before italic and `-` before struck words, `<href words>`, `^(footnote)` and `⏎`.
    fn short(blocks: &[Block]) -> String {
        blocks.iter().map(short_block).collect::<Vec<_>>().join(" ")
    }

    fn short_block(block: &Block) -> String {
        let items = |items: &[Item]| items.iter().map(|it| short(&it.content)).collect::<Vec<_>>().join("; ");
        match block {
            Block::Paragraph { content, .. } => format!("p({})", words(content)),
            Block::Heading { level, content, .. } => format!("h{level}({})", words(content)),
            Block::BulletList { items: them, .. } => format!("ul[{}]", items(them)),
            Block::OrderedList { start, items: them, .. } => format!("ol{start}[{}]", items(them)),
            Block::Blockquote { content, .. } => format!("quote[{}]", short(content)),
            Block::Table { rows, .. } => {
                let cell = |it: &Cell| {
                    let name = if it.header { "th" } else { "td" };
                    let align = it.align.map(|it| format!("{it:?}")).unwrap_or_default();
                    format!("{name}{align} {}", short(&it.content))
                };
                let row = |it: &Row| it.cells.iter().map(cell).collect::<Vec<_>>().join(", ");
                format!("table[{}]", rows.iter().map(row).collect::<Vec<_>>().join(" | "))
            }
        }
    }

    fn words(content: &[Inline]) -> String {
        let short = |it: &Inline| match it {
            Inline::Text { text, marks } => {
                let signs = [(marks.bold, "*"), (marks.italic, "/"), (marks.strike, "-")];
                let signs: String = signs.iter().filter(|it| it.0).map(|it| it.1).collect();
                marks.link.as_ref().map_or(format!("{signs}{text}"), |href| format!("{signs}<{href} {text}>"))
            }
            Inline::HardBreak => "⏎".to_owned(),
            Inline::Footnote { text, .. } => format!("^({text})"),
        };
        content.iter().map(short).collect()
    }

    #[test]
    fn the_first_line_is_the_title_and_headings_keep_their_level() {
        let page = page("# Migrants’ rights\n\n## Health\n\nText.\n\n### Detail\n");
        assert_eq!(page.title, "Migrants’ rights");
        assert_eq!(short(&page.blocks), "h2(Health) p(Text.) h3(Detail)");
        assert_eq!(refused("Text."), MarkdownError::Untitled);
        assert_eq!(refused("## Health"), MarkdownError::Untitled);
        assert!(matches!(refused("# One\n\n# Two"), MarkdownError::Unsupported(_)));
    }

    #[test]
    fn lines_of_a_paragraph_join_and_a_break_stays() {
        assert_eq!(short(&page("# T\n\none\ntwo\\\nthree & four").blocks), "p(one two⏎three & four)");
    }

    #[test]
    fn marks_lie_on_the_words_they_stand_around() {
        let markdown = "# T\n\na **b *c*** ~~d~~ [e *f*](https://laws.example/1) g";
        assert_eq!(
            short(&page(markdown).blocks),
            "p(a *b */c -d <https://laws.example/1 e >/<https://laws.example/1 f> g)"
        );
    }

    #[test]
    fn a_list_holds_paragraphs_and_lists() {
        let markdown = "# T\n\n- one\n- two\n  1. a\n  2. b\n\n     more\n\n3. three\n4. four";
        assert_eq!(
            short(&page(markdown).blocks),
            "ul[p(one); p(two) ol1[p(a); p(b) p(more)]] ol3[p(three); p(four)]"
        );
    }

    #[test]
    fn an_item_that_starts_with_something_else_gets_an_empty_paragraph() {
        assert_eq!(short(&page("# T\n\n- > said\n").blocks), "ul[p() quote[p(said)]]");
        assert_eq!(short(&page("# T\n\n-\n- b").blocks), "ul[p(); p(b)]");
    }

    #[test]
    fn the_first_row_of_a_table_is_its_header() {
        let markdown = "# T\n\n| Year | *All* |\n| --- | ---: |\n| 2024 | 88 |\n| 2025 |\n";
        assert_eq!(
            short(&page(markdown).blocks),
            "table[th p(Year), thRight p(/All) | td p(2024), tdRight p(88) | td p(2025), tdRight p()]"
        );
    }

    #[test]
    fn a_footnote_stands_where_it_is_referred_to() {
        let markdown = "# T\n\n[^b]: Order *No. 118*,\n    paragraph 4.\n\nHere[^b] and here.[^1]\n\n[^1]: See <https://nso.example>.\n";
        assert_eq!(
            short(&page(markdown).blocks),
            "p(Here^(Order No. 118, paragraph 4.) and here.^(See https://nso.example.))"
        );
    }

    #[test]
    fn a_footnote_that_a_body_cannot_hold_is_refused() {
        assert_eq!(
            refused("# T\n\nHere[^1].\n\n[^1]: One.\n\n    Two.\n"),
            MarkdownError::LongFootnote("1".to_owned())
        );
        assert!(matches!(refused("# T\n\nHere[^1].\n\n[^1]: - one\n"), MarkdownError::Unsupported(_)));
    }

    #[test]
    fn what_a_body_does_not_have_is_refused() {
        for markdown in [
            "`code`",
            "```\ncode\n```",
            "<b>html</b>",
            "<div>\n</div>",
            "![i](https://i.example/i.png)",
            "---",
        ] {
            let refused = refused(&format!("# T\n\n{markdown}\n"));
            assert!(matches!(refused, MarkdownError::Unsupported(_)), "{markdown}: {refused}");
        }
    }

    #[test]
    fn every_block_has_an_id_of_its_own() {
        let markdown = "# T\n\n## H\n\np[^1]\n\n- i\n\n> q\n\n| a |\n| --- |\n| b |\n\n[^1]: f\n";
        let tree = format!("{:?}", page(markdown).blocks);
        let ids: Vec<_> = tree.split("id: Some(\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
        assert!(!tree.contains("id: None"));
        assert!(ids.iter().all(|id| id.len() == 32));
    }
}
