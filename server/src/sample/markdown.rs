//! Markdown (CommonMark with tables, footnotes and strikethrough) → a section's title and its body as a tree.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::Peekable,
    vec,
};

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    body::{Attr, Block, Inline, Mark, Node, Run},
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
    let (running, footnotes) = apart(Parser::new_ext(markdown, options));
    let mut reader = Reader { events: running.into_iter().peekable(), footnotes: &footnotes, clock };
    let title = reader.title()?;
    let blocks = reader.blocks(None)?;
    Ok(Page { title, blocks })
}

/// What a footnote says, by its label.
type Footnotes<'a> = BTreeMap<String, Vec<Event<'a>>>;

/// The running text and the footnotes: Markdown defines them anywhere, a body holds each where it is referred to.
fn apart<'a>(parser: impl Iterator<Item = Event<'a>>) -> (Vec<Event<'a>>, Footnotes<'a>) {
    let (mut running, mut footnotes) = (Vec::new(), Footnotes::new());
    let mut open: Option<(String, Vec<Event<'a>>)> = None;
    for event in parser {
        match (&mut open, event) {
            (None, Event::Start(Tag::FootnoteDefinition(label))) => {
                open = Some((label.into_string(), Vec::new()));
            }
            (None, event) => running.push(event),
            (Some(_), Event::End(TagEnd::FootnoteDefinition)) => footnotes.extend(open.take()),
            (Some((_, events)), event) => events.push(event),
        }
    }
    (running, footnotes)
}

struct Reader<'a, 'n> {
    events: Peekable<vec::IntoIter<Event<'a>>>,
    footnotes: &'n Footnotes<'a>,
    clock: &'n Clock,
}

impl<'a> Reader<'a, '_> {
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
                let inline = self.inline()?;
                blocks.push(self.new_block(Node::Paragraph).holding(inline));
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
        match tag {
            Tag::Paragraph => Ok(self.new_block(Node::Paragraph).holding(self.inline_to(end)?)),
            Tag::Heading {
                level: level @ (HeadingLevel::H2 | HeadingLevel::H3 | HeadingLevel::H4), ..
            } => {
                let heading = self.new_block(Node::Heading).with(Attr::Level, level as u8);
                Ok(heading.holding(self.inline_to(end)?))
            }
            Tag::List(None) => Ok(self.new_block(Node::BulletList).of(self.items(end)?)),
            Tag::List(Some(start)) => {
                Ok(self.new_block(Node::OrderedList).with(Attr::Start, start).of(self.items(end)?))
            }
            Tag::BlockQuote(_) => Ok(self.new_block(Node::Blockquote).of(self.blocks(Some(end))?)),
            Tag::Table(columns) => Ok(self.new_block(Node::Table).of(self.rows(&columns, end)?)),
            tag => Err(unsupported(&Event::Start(tag))),
        }
    }

    fn items(&mut self, end: TagEnd) -> Result<Vec<Block>, MarkdownError> {
        let mut items = Vec::new();
        while self.starts(end)?.is_some() {
            let item = self.new_block(Node::ListItem);
            let mut blocks = self.blocks(Some(TagEnd::Item))?;
            if blocks.first().is_none_or(|first| first.node != Node::Paragraph) {
                // An item starts with a paragraph, and be it an empty one.
                blocks.insert(0, self.new_block(Node::Paragraph));
            }
            items.push(item.of(blocks));
        }
        Ok(items)
    }

    fn rows(&mut self, columns: &[Alignment], end: TagEnd) -> Result<Vec<Block>, MarkdownError> {
        let mut rows = Vec::new();
        while let Some(tag) = self.starts(end)? {
            let row = self.new_block(Node::TableRow);
            let node = if tag == Tag::TableHead { Node::TableHeader } else { Node::TableCell };
            let mut cells = Vec::new();
            let mut columns = columns.iter();
            while let Some(cell) = self.starts(tag.to_end())? {
                let end = cell.to_end();
                let align = columns.next().and_then(align).map(|it| (Attr::Align, it.into()));
                let mut cell = self.new_block(node);
                cell.attrs.extend(align);
                let paragraph = self.new_block(Node::Paragraph).holding(self.inline_to(end)?);
                cells.push(cell.of(vec![paragraph]));
            }
            rows.push(row.of(cells));
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

    /// Inline content, and the end of what it stands in.
    fn inline_to(&mut self, end: TagEnd) -> Result<Vec<Inline>, MarkdownError> {
        let inline = self.inline()?;
        match self.events.next() {
            Some(Event::End(tag)) if tag == end => Ok(inline),
            None => Ok(inline),
            Some(event) => Err(unsupported(&event)),
        }
    }

    fn inline(&mut self) -> Result<Vec<Inline>, MarkdownError> {
        let mut inline = Vec::new();
        self.marked(&BTreeSet::new(), &mut inline)?;
        Ok(inline)
    }

    fn marked(&mut self, marks: &BTreeSet<Mark>, into: &mut Vec<Inline>) -> Result<(), MarkdownError> {
        while let Some(event) = self.events.next_if(is_inline) {
            match event {
                Event::Text(text) => push(into, &text, marks),
                Event::SoftBreak => push(into, " ", marks),
                Event::HardBreak => into.push(Inline::Break),
                Event::FootnoteReference(label) => into.push(self.footnote(&label)?),
                Event::Start(tag) => {
                    let end = tag.to_end();
                    let mut more = marks.clone();
                    more.extend(mark(tag));
                    self.marked(&more, into)?;
                    self.events.next_if(|event| *event == Event::End(end));
                }
                event => return Err(unsupported(&event)),
            }
        }
        Ok(())
    }

    /// A footnote: one paragraph of text.
    fn footnote(&self, label: &str) -> Result<Inline, MarkdownError> {
        let events = self.footnotes.get(label);
        let events = events.ok_or_else(|| MarkdownError::NoFootnote(label.to_owned()))?.clone();
        if let Some(inner) = events.iter().find(|event| matches!(event, Event::FootnoteReference(_))) {
            return Err(unsupported(inner));
        }
        let events = events.into_iter().peekable();
        let mut reader = Reader { events, ..*self };
        reader.events.next_if(|event| *event == Event::Start(Tag::Paragraph));
        let runs = reader.inline_to(TagEnd::Paragraph)?.into_iter().map(|inline| match inline {
            Inline::Run(run) => Ok(run),
            _ => Err(MarkdownError::Unsupported(format!("what footnote {label} holds besides text"))),
        });
        let runs = runs.collect::<Result<_, _>>()?;
        match reader.events.next() {
            None => Ok(Inline::Footnote { id: Some(self.id()), runs }),
            Some(event) => Err(unsupported(&event)),
        }
    }

    fn new_block(&self, node: Node) -> Block {
        Block::new(node).with(Attr::Id, self.id())
    }

    fn id(&self) -> String {
        self.clock.id16().iter().map(|byte| format!("{byte:02x}")).collect()
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

fn mark(tag: Tag<'_>) -> Option<Mark> {
    match tag {
        Tag::Strong => Some(Mark::Bold),
        Tag::Emphasis => Some(Mark::Italic),
        Tag::Strikethrough => Some(Mark::Strike),
        Tag::Link { dest_url, .. } => Some(Mark::Link { href: dest_url.into_string() }),
        _ => None,
    }
}

/// Adds words; those with the same marks as the words before join them.
fn push(into: &mut Vec<Inline>, more: &str, marks: &BTreeSet<Mark>) {
    match into.last_mut() {
        Some(Inline::Run(run)) if run.marks == *marks => run.text.push_str(more),
        _ => into.push(Inline::Run(Run { text: more.to_owned(), marks: marks.clone() })),
    }
}

fn align(column: &Alignment) -> Option<&'static str> {
    match column {
        Alignment::None => None,
        Alignment::Left => Some("left"),
        Alignment::Center => Some("center"),
        Alignment::Right => Some("right"),
    }
}

fn unsupported(event: &Event<'_>) -> MarkdownError {
    let name = format!("{event:?}");
    MarkdownError::Unsupported(name.chars().take(80).collect())
}
