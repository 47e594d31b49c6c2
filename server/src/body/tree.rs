//! A body as a tree of plain values, read by one bounded, iterative walk, and written as an update.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yrs::{
    Any, Out, Text as _, Transaction, Xml as _, XmlElementRef, XmlFragment as _, XmlFragmentRef, XmlOut,
    XmlTextRef, types::text::YChange,
};

use super::schema::{Attr, Mark, Node};
use crate::limits::{BODY_DEPTH_MAX, WALK_STEPS_MAX};

/// An element that stands where paragraphs stand, or a list item, row or cell.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// Which.
    pub node: Node,
    /// Its attributes that are not null, by name.
    pub attrs: Vec<(Attr, Json)>,
    /// What stands in it, of a paragraph or heading.
    pub inline: Vec<Inline>,
    /// What stands in it, of all others.
    pub blocks: Vec<Block>,
}

impl Block {
    /// An empty block.
    pub fn new(node: Node) -> Self {
        Self { node, attrs: Vec::new(), inline: Vec::new(), blocks: Vec::new() }
    }

    /// With an attribute.
    pub fn with(mut self, attr: Attr, value: impl Into<Json>) -> Self {
        self.attrs.push((attr, value.into()));
        self
    }

    /// With runs, breaks and footnotes in it.
    pub fn holding(mut self, inline: Vec<Inline>) -> Self {
        self.inline = inline;
        self
    }

    /// With blocks in it.
    pub fn of(mut self, blocks: Vec<Self>) -> Self {
        self.blocks = blocks;
        self
    }

    /// An attribute's value.
    pub fn attr(&self, attr: Attr) -> Option<&Json> {
        self.attrs.iter().find(|(known, _)| *known == attr).map(|(_, value)| value)
    }

    /// Its own words, without footnotes; a break is a line's end.
    pub fn text(&self) -> String {
        self.inline.iter().map(|inline| inline.text()).collect()
    }
}

/// What stands in a paragraph or heading.
#[derive(Clone, PartialEq, Debug)]
pub enum Inline {
    /// Text.
    Run(Run),
    /// A line break.
    Break,
    /// A footnote, where its number shows.
    Footnote {
        /// Its stable id.
        id: Option<String>,
        /// Its text.
        runs: Vec<Run>,
    },
}

impl Inline {
    fn text(&self) -> &str {
        match self {
            Self::Run(run) => &run.text,
            Self::Break => "\n",
            Self::Footnote { .. } => "",
        }
    }
}

/// Text whose marks are the same all along.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Never empty in what is read.
    pub text: String,
    /// In the order of `Mark`.
    pub marks: BTreeSet<Mark>,
}

impl Run {
    /// Text without marks.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), marks: BTreeSet::new() }
    }
}

/// A whole body.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tree {
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

impl Tree {
    /// The words of all paragraphs and headings in order, each on a line of its own; footnotes after all others.
    pub fn plain_text(&self) -> String {
        let (mut lines, mut notes) = (Vec::new(), Vec::new());
        let mut stack: Vec<&Block> = self.blocks.iter().rev().collect();
        while let Some(block) = stack.pop() {
            if block.node.holds_text() {
                lines.push(block.text());
            }
            for inline in &block.inline {
                if let Inline::Footnote { runs, .. } = inline {
                    notes.push(runs.iter().map(|run| run.text.as_str()).collect::<String>());
                }
            }
            stack.extend(block.blocks.iter().rev());
        }
        lines.append(&mut notes);
        lines.join("\n")
    }
}

/// A body that is larger or deeper than `limits` allows to read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("this section is too large to read")]
pub struct TooLarge;

/// Reads the whole body.
pub(super) fn read(txn: &Transaction<'_>, root: &XmlFragmentRef) -> Result<Tree, TooLarge> {
    let mut walk = Walk { steps: 0 };
    // The innermost open block last; the first stands for the root.
    let mut open = vec![(Block::new(Node::Doc), walk.children(root.children(txn))?)];
    loop {
        let Some((block, children)) = open.last_mut() else { return Err(TooLarge) };
        match children.next() {
            Some(XmlOut::Text(text)) => walk.runs(txn, &text, |run| match block.inline.last_mut() {
                Some(Inline::Run(last)) if last.marks == run.marks => last.text.push_str(&run.text),
                _ => block.inline.push(Inline::Run(run)),
            })?,
            Some(XmlOut::Element(element)) => {
                let Some(node) = Node::named(element.try_tag().map_or("", |tag| tag)) else { continue };
                match node {
                    Node::HardBreak => block.inline.push(Inline::Break),
                    Node::Footnote => block.inline.push(walk.footnote(txn, &element)?),
                    node => {
                        let mut inner = Block::new(node);
                        inner.attrs = attributes(txn, &element);
                        let children = walk.children(element.children(txn))?;
                        open.push((inner, children));
                        if open.len() > BODY_DEPTH_MAX + 1 {
                            return Err(TooLarge);
                        }
                    }
                }
            }
            Some(XmlOut::Fragment(_)) => {}
            None => {
                let Some((done, _)) = open.pop() else { return Err(TooLarge) };
                match open.last_mut() {
                    Some((outer, _)) => outer.blocks.push(done),
                    None => return Ok(Tree { blocks: done.blocks }),
                }
            }
        }
    }
}

struct Walk {
    steps: usize,
}

impl Walk {
    fn step(&mut self) -> Result<(), TooLarge> {
        self.steps += 1;
        if self.steps > WALK_STEPS_MAX { Err(TooLarge) } else { Ok(()) }
    }

    fn children(
        &mut self,
        children: impl Iterator<Item = XmlOut>,
    ) -> Result<std::vec::IntoIter<XmlOut>, TooLarge> {
        let mut all = Vec::new();
        for child in children {
            self.step()?;
            all.push(child);
        }
        Ok(all.into_iter())
    }

    fn runs(
        &mut self,
        txn: &Transaction<'_>,
        text: &XmlTextRef,
        mut take: impl FnMut(Run),
    ) -> Result<(), TooLarge> {
        for piece in text.diff(txn, YChange::identity) {
            self.step()?;
            let Out::Any(Any::String(words)) = piece.insert else { continue };
            let marks = piece.attributes.iter().flat_map(|marks| marks.iter());
            let marks =
                marks.filter_map(|(name, value)| Mark::read(name, &serde_json::to_value(value).ok()?));
            take(Run { text: words.to_string(), marks: marks.collect() });
        }
        Ok(())
    }

    fn footnote(&mut self, txn: &Transaction<'_>, element: &XmlElementRef) -> Result<Inline, TooLarge> {
        let id = attributes(txn, element).into_iter().find(|(attr, _)| *attr == Attr::Id);
        let id = id.and_then(|(_, value)| value.as_str().map(str::to_owned));
        let mut runs: Vec<Run> = Vec::new();
        for child in self.children(element.children(txn))? {
            if let XmlOut::Text(text) = child {
                self.runs(txn, &text, |run| match runs.last_mut() {
                    Some(last) if last.marks == run.marks => last.text.push_str(&run.text),
                    _ => runs.push(run),
                })?;
            }
        }
        Ok(Inline::Footnote { id, runs })
    }
}

fn attributes(txn: &Transaction<'_>, element: &XmlElementRef) -> Vec<(Attr, Json)> {
    let mut attributes: Vec<(Attr, Json)> = element
        .attributes(txn)
        .filter_map(|(name, value)| match (Attr::named(name), value) {
            (_, Out::Any(Any::Null | Any::Undefined)) | (None, _) => None,
            (Some(attr), Out::Any(value)) => serde_json::to_value(&value).ok().map(|value| (attr, value)),
            (Some(_), _) => None,
        })
        .collect();
    attributes.sort_by_key(|(attr, _)| *attr);
    attributes
}
