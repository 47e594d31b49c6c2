//! Anchors: Yjs relative positions in their JSON form (`Y.relativePositionToJSON`), found again in a body.
//!
//! A start sticks to its first character (`assoc` 0) and an end to its last (`assoc` -1), so that what is typed at
//! either edge stays outside.

use serde_json::{Value as Json, json};
use yrs::{
    Any, Assoc, BranchID, ClientID, ID, IndexScope, IndexedSequence as _, Out, StickyIndex, Text as _,
    Transaction, XmlElementRef, XmlFragment as _, XmlFragmentRef, XmlOut, XmlTextRef, branch::Branch,
    types::text::YChange,
};

use super::{
    schema::Node,
    structs::{Id, ROOT, utf16_length},
};
use crate::{
    lib0::SAFE_INTEGER,
    limits::WALK_STEPS_MAX,
    review::{Anchor, Quote},
};

/// Text that is not a relative position.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a Yjs relative position: {0}")]
pub struct NotAPosition(pub &'static str);

/// Where a position stands now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The text or element it is in, by the Yjs client and clock that made it; `None`: the body itself.
    pub node: Option<(u64, u32)>,
    /// How many UTF-16 units or children stand before it there.
    pub index: u32,
}

/// Whether both ends are relative positions in a body; says nothing about where they lead.
pub fn check_anchor(anchor: &Anchor) -> Result<(), NotAPosition> {
    read(&anchor.start)?;
    read(&anchor.end)?;
    Ok(())
}

fn read(json: &Json) -> Result<StickyIndex, NotAPosition> {
    let map = json.as_object().ok_or(NotAPosition("an object is expected"))?;
    if map.keys().any(|key| !matches!(key.as_str(), "type" | "tname" | "item" | "assoc")) {
        return Err(NotAPosition("only type, tname, item and assoc are expected"));
    }
    let given = |key: &str| map.get(key).filter(|value| !value.is_null());
    let id = |key: &str| given(key).map(read_id).transpose();
    let (node, item) = (id("type")?, id("item")?);
    let root = given("tname").map(|name| name.as_str().filter(|name| *name == ROOT));
    let assoc = match given("assoc") {
        None => Assoc::After,
        Some(assoc) if assoc.as_i64().ok_or(NotAPosition("assoc is a whole number"))? < 0 => Assoc::Before,
        Some(_) => Assoc::After,
    };
    let scope = match (item, node, root) {
        (_, _, Some(None)) => return Err(NotAPosition("tname can only be the body")),
        (Some(item), _, _) => IndexScope::Relative(item),
        (None, Some(node), _) => IndexScope::Nested(node),
        (None, None, Some(_)) => IndexScope::Root(ROOT.into()),
        (None, None, None) => return Err(NotAPosition("it points nowhere")),
    };
    Ok(StickyIndex::new(scope, assoc))
}

fn read_id(json: &Json) -> Result<ID, NotAPosition> {
    let number = |key: &str, end: u64| {
        json.get(key)
            .and_then(Json::as_u64)
            .filter(|number| *number < end)
            .ok_or(NotAPosition("an id is client and clock"))
    };
    let (client, clock) = (number("client", SAFE_INTEGER)?, number("clock", 1 << 31)?);
    Ok(ID::new(ClientID::new(client), clock as u32))
}

fn write(position: &StickyIndex, node: &Branch) -> Json {
    let id = |id: &ID| json!({"client": id.client.get(), "clock": id.clock});
    let mut json = match node.id() {
        BranchID::Nested(node) => json!({"type": id(&node)}),
        BranchID::Root(name) => json!({"tname": &*name}),
    };
    if let IndexScope::Relative(item) = position.scope() {
        json["item"] = id(item);
    }
    json["assoc"] = json!(if position.assoc == Assoc::After { 0 } else { -1 });
    json
}

/// Where a position stands; `None`: malformed, unknown, or what it stood in is gone.
pub(super) fn resolve(txn: &Transaction<'_>, position: &Json) -> Option<Spot> {
    let offset = read(position).ok()?.get_offset(txn)?;
    let node = match offset.branch.id() {
        BranchID::Nested(id) => Some((id.client.get(), id.clock)),
        BranchID::Root(_) => None,
    };
    (!offset.branch.is_deleted()).then_some(Spot { node, index: offset.index })
}

/// The item that a position names, to look up before yrs does.
pub(super) fn named(position: &Json) -> Option<Id> {
    match read(position).ok()?.scope() {
        IndexScope::Relative(id) | IndexScope::Nested(id) => {
            Some(Id { client: id.client.get(), clock: id.clock })
        }
        IndexScope::Root(_) => None,
    }
}

/// An anchor on the first occurrence of a quote within one text block.
pub(super) fn of_quote(txn: &Transaction<'_>, root: &XmlFragmentRef, quote: &str) -> Option<Anchor> {
    if quote.is_empty() {
        return None;
    }
    let quoted = Quote::try_from(quote.to_owned()).ok()?;
    let mut steps = 0;
    let mut stack: Vec<XmlElementRef> = elements(root.children(txn));
    stack.reverse();
    while let Some(element) = stack.pop() {
        steps += 1;
        if steps > WALK_STEPS_MAX {
            return None;
        }
        let node = element.try_tag().and_then(|tag| Node::named(tag));
        if node.is_some_and(Node::holds_text)
            && let Some((start, end)) = find(txn, &element, quote)
        {
            return Some(Anchor { start, end, quote: quoted });
        }
        let inner = elements(element.children(txn));
        stack.extend(inner.into_iter().rev());
    }
    None
}

fn elements(children: impl Iterator<Item = XmlOut>) -> Vec<XmlElementRef> {
    children
        .filter_map(|child| match child {
            XmlOut::Element(element) => Some(element),
            _ => None,
        })
        .collect()
}

/// The two ends of the quote's first occurrence in one block.
fn find(txn: &Transaction<'_>, block: &XmlElementRef, quote: &str) -> Option<(Json, Json)> {
    let mut words = String::new();
    // Each text with the byte of `words` where it starts.
    let mut texts: Vec<(usize, XmlTextRef)> = Vec::new();
    for child in block.children(txn) {
        match child {
            XmlOut::Text(text) => {
                texts.push((words.len(), text.clone()));
                for piece in text.diff(txn, YChange::identity) {
                    if let Out::Any(Any::String(part)) = piece.insert {
                        words.push_str(&part);
                    }
                }
            }
            XmlOut::Element(element)
                if element.try_tag().is_some_and(|tag| &**tag == Node::HardBreak.name()) =>
            {
                words.push('\n');
            }
            _ => {}
        }
    }
    let from = words.find(quote)?;
    let end = |byte: usize, index_of: &dyn Fn(u32) -> (u32, Assoc)| {
        let (start, text) = texts.iter().rev().find(|(start, _)| *start <= byte)?;
        let units = u32::try_from(utf16_length(words.get(*start..byte)?)).ok()?;
        let (index, assoc) = index_of(units);
        let position = text.sticky_index(txn, index, assoc)?;
        Some(write(&position, text.as_ref()))
    };
    let last = quote.chars().next_back()?;
    let start = end(from, &|units| (units, Assoc::After))?;
    let last_units = last.len_utf16() as u32;
    let close = end(from + quote.len() - last.len_utf8(), &|units| (units + last_units, Assoc::Before))?;
    Some((start, close))
}
