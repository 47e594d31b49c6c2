//! What yrs trusts and must not: everything an update builds on is here or in the update itself, stands in one place,
//! and fits the schema there. Costs at most a search for each struct, whatever the order of clients.

use super::{
    Refusal,
    index::{self, Held, Index, NodeInfo, Place, Plan, Run},
    schema::{self, Attr, Mark, Node},
    structs::{Bounds, Content, Deletes, Id, Parent, Section, Struct, Update, clipped},
    value,
};
use crate::limits::BODY_DEPTH_MAX;

/// Checks an update against what is known; `Ok` says what it adds.
pub(super) fn check(index: &Index, update: &Update<'_>, bounds: Bounds) -> Result<Plan, Refusal> {
    let mut guard = Guard::new(index, &update.sections)?;
    for number in 0..guard.sections.len() {
        guard.run(number)?;
    }
    let deletes = guard.deletes(update)?;
    if guard.cuts > bounds.cuts {
        return Err(Refusal::Malformed("long texts cut too often in one change"));
    }
    let (grows, lost) = (guard.grows, guard.lost);
    let nodes = guard.nodes;
    let runs = guard.sections.into_iter().filter(|section| !section.staged.is_empty());
    let runs = runs.map(|section| (section.client, section.staged)).collect();
    Ok(Plan { runs, nodes, deletes, grows, lost })
}

struct Guard<'a> {
    index: &'a Index,
    /// Sorted by client.
    sections: Vec<Progress<'a>>,
    /// Nodes that the update makes, numbered on from the index's.
    nodes: Vec<NodeInfo>,
    grows: bool,
    lost: bool,
    /// Units of the texts that it cuts in two.
    cuts: u64,
}

/// How far a client's section is checked.
struct Progress<'a> {
    client: u64,
    /// Clock after what the index knows.
    known: u32,
    structs: &'a [Struct<'a>],
    next: usize,
    staged: Vec<Run>,
    /// A later struct of another section waits for it.
    waiting: bool,
}

impl Progress<'_> {
    /// The clock after what is checked.
    fn end(&self) -> u32 {
        self.staged.last().map_or(self.known, |run| run.end)
    }
}

impl<'a> Guard<'a> {
    fn new(index: &'a Index, sections: &'a [Section<'a>]) -> Result<Self, Refusal> {
        let mut progress = Vec::with_capacity(sections.len());
        for section in sections {
            let known = index.known(section.client);
            if section.structs.first().is_some_and(|first| first.clock > known) {
                return Err(Refusal::Gap);
            }
            let next = section.structs.partition_point(|one| one.end() <= known);
            progress.push(Progress {
                client: section.client,
                known,
                structs: &section.structs,
                next,
                staged: Vec::new(),
                waiting: false,
            });
        }
        progress.sort_unstable_by_key(|section| section.client);
        Ok(Self { index, sections: progress, nodes: Vec::new(), grows: false, lost: false, cuts: 0 })
    }

    fn section(&self, client: u64) -> Option<usize> {
        self.sections.binary_search_by_key(&client, |section| section.client).ok()
    }

    /// Checks a section to its end, and of others what it builds on.
    fn run(&mut self, number: usize) -> Result<(), Refusal> {
        let mut stack = vec![(number, u32::MAX)];
        while let Some(&(at, until)) = stack.last() {
            let section = &mut self.sections[at];
            let structs = section.structs;
            let Some(one) = structs.get(section.next).filter(|_| section.end() <= until) else {
                section.waiting = false;
                stack.pop();
                continue;
            };
            section.waiting = true;
            match self.missing(one)? {
                Some(id) => {
                    // Only sections of the update are still to come.
                    let other = self.section(id.client).ok_or(Refusal::Gap)?;
                    if self.sections[other].waiting {
                        return Err(Refusal::Malformed("parts that build on each other in a circle"));
                    }
                    stack.push((other, id.clock));
                }
                None => self.place(at, one)?,
            }
        }
        Ok(())
    }

    /// What this struct builds on that is not checked yet. `Gap`: it is nowhere.
    fn missing(&self, one: &Struct<'_>) -> Result<Option<Id>, Refusal> {
        let needs = match one.parent {
            _ if one.content == Content::Gone => [None, None],
            Parent::Beside { left, right } => [left, right],
            Parent::Node { id, .. } => [Some(id), None],
            Parent::Root { .. } => [None, None],
        };
        for id in needs.into_iter().flatten() {
            let (end, last) = match self.section(id.client) {
                None => (self.index.known(id.client), 0),
                Some(number) => {
                    let section = &self.sections[number];
                    (section.end(), section.structs.last().map_or(0, Struct::end))
                }
            };
            if id.clock >= end {
                return if id.clock < last { Ok(Some(id)) } else { Err(Refusal::Gap) };
            }
        }
        Ok(None)
    }

    fn find(&self, id: Id) -> Result<Run, Refusal> {
        let staged = self.section(id.client).map(|number| &self.sections[number]);
        let run = match staged {
            Some(section) if id.clock >= section.known => index::find(&section.staged, id.clock),
            _ => self.index.find(id),
        };
        run.ok_or(Refusal::Gap)
    }

    fn node(&self, number: u32) -> NodeInfo {
        let old = self.index.nodes();
        old.get(number as usize).copied().unwrap_or_else(|| self.nodes[number as usize - old.len()])
    }

    /// Checks one struct whose needs are met, and stages it.
    fn place(&mut self, at: usize, one: &Struct<'_>) -> Result<(), Refusal> {
        let (client, known, end) = {
            let section = &self.sections[at];
            (section.client, section.known, section.end())
        };
        let mut place = self.resolve(one)?;
        if one.content == Content::Gone {
            place = None;
        } else if one.clock < end {
            // Its first units are known already; the rest stands where they do.
            let before = self.find(Id { client, clock: end - 1 })?.held.place();
            if before != place {
                return Err(Refusal::Malformed("a part that stands in two places"));
            }
            if let Content::Text(text) = one.content
                && splits_pair(text, known - one.clock)
            {
                return Err(Refusal::Malformed("a character sent in halves"));
            }
        }
        let held = match place {
            None => Held::Gone,
            Some(place) => self.fit(place, &one.content)?,
        };
        self.grows |= !matches!(one.content, Content::Gone | Content::Deleted);
        self.lost |= held == Held::Gone && one.content != Content::Gone;
        let section = &mut self.sections[at];
        index::push(&mut section.staged, Run { start: end, end: one.end(), held });
        section.next += 1;
        Ok(())
    }

    /// Where the struct stands; `None`: its surroundings are collected garbage, and so will it be.
    fn resolve(&mut self, one: &Struct<'_>) -> Result<Option<Place>, Refusal> {
        match one.parent {
            Parent::Root { key: None } => Ok(Some(Place { node: 0, attr: None })),
            Parent::Root { key: Some(_) } => Err(Refusal::Schema("attributes of the whole section".into())),
            Parent::Node { id, key } => match self.find(id)?.held {
                Held::Node(_, node) => {
                    let attr = match key {
                        None => None,
                        Some(key) => Some(Attr::named(key).ok_or_else(|| unknown_attribute(key))?),
                    };
                    Ok(Some(Place { node, attr }))
                }
                Held::Gone | Held::Dead(_) => Ok(None),
                Held::Plain(_) => Err(Refusal::Malformed("a parent that is no node")),
            },
            Parent::Beside { left, right } => {
                let left = left.map(|id| Ok::<_, Refusal>((self.find(id)?, id.clock + 1))).transpose()?;
                let right = right.map(|id| Ok::<_, Refusal>((self.find(id)?, id.clock))).transpose()?;
                for (run, clock) in left.into_iter().chain(right) {
                    self.cuts += run.cut(clock);
                }
                match (left.map(|(run, _)| run.held.place()), right.map(|(run, _)| run.held.place())) {
                    (Some(left), Some(right)) if left != right => {
                        Err(Refusal::Malformed("neighbours that stand in two places"))
                    }
                    (Some(place), _) | (None, Some(place)) => Ok(place),
                    (None, None) => Err(Refusal::Malformed("a part without a place")),
                }
            }
        }
    }

    /// Whether the content may stand at this place; makes the node if it is one.
    fn fit(&mut self, place: Place, content: &Content<'_>) -> Result<Held, Refusal> {
        let parent = self.node(place.node);
        if let Some(attr) = place.attr {
            return match content {
                _ if !parent.node.has(attr) => Err(unknown_attribute(attr.name())),
                Content::Values(values) if values.iter().all(|value| attr.takes(value)) => {
                    Ok(Held::Plain(place))
                }
                Content::Deleted => Ok(Held::Dead(place)),
                _ => Err(Refusal::Schema(format!("a value of attribute {:?}", attr.name()))),
            };
        }
        match content {
            Content::Deleted => Ok(Held::Dead(place)),
            Content::Text(_) if parent.node == Node::Text => Ok(Held::Plain(place)),
            Content::Format { key, json } if parent.node == Node::Text => {
                check_format(key, json)?;
                Ok(Held::Plain(place))
            }
            Content::Node(node) if parent.node.may_hold(*node) => {
                let depth = parent.depth + 1;
                if usize::from(depth) > BODY_DEPTH_MAX {
                    return Err(Refusal::Schema("nesting too deep".into()));
                }
                let number = self.index.nodes().len() + self.nodes.len();
                self.nodes.push(NodeInfo { node: *node, depth });
                Ok(Held::Node(place, u32::try_from(number).map_err(|_| Refusal::Full)?))
            }
            Content::Node(node) => {
                Err(Refusal::Schema(format!("{} inside {}", node.name(), parent.node.name())))
            }
            _ => Err(Refusal::Schema(format!("bare content inside {}", parent.node.name()))),
        }
    }

    /// The deletions that are new. All that they name must be here.
    fn deletes(&mut self, update: &Update<'_>) -> Result<Vec<Deletes>, Refusal> {
        let mut new = Vec::new();
        for (client, ranges) in &update.deletes {
            let end = match self.section(*client) {
                Some(number) => self.sections[number].end(),
                None => self.index.known(*client),
            };
            if ranges.last().is_some_and(|last| last.1 > end) {
                return Err(Refusal::Gap);
            }
            let ranges = self.index.not_deleted(*client, ranges);
            for &(start, end) in &ranges {
                let first = self.find(Id { client: *client, clock: start })?;
                let last = self.find(Id { client: *client, clock: end - 1 })?;
                self.cuts += first.cut(start) + last.cut(end);
            }
            if !ranges.is_empty() {
                new.push((*client, ranges));
            }
        }
        Ok(new)
    }
}

fn check_format(key: &str, json: &str) -> Result<(), Refusal> {
    if !schema::is_mark(key) {
        return Err(Refusal::Schema(format!("mark {:?}", clipped(key))));
    }
    let value = value::json(json)?;
    if !value.is_null() && Mark::read(key, &value).is_none() {
        return Err(Refusal::Schema(format!("mark {key:?} with what it cannot have")));
    }
    Ok(())
}

fn unknown_attribute(name: &str) -> Refusal {
    Refusal::Schema(format!("attribute {:?}", clipped(name)))
}

/// Whether this UTF-16 offset falls between the halves of a surrogate pair.
fn splits_pair(text: &str, offset: u32) -> bool {
    let mut at = 0;
    for c in text.chars() {
        if at >= offset {
            break;
        }
        at += c.len_utf16() as u32;
    }
    at > offset
}
