//! A tree written as an update, the way y-tiptap would: elements by name, attributes, texts with formats.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::Value as Json;
use yrs::{
    Any, ReadTxn as _, StateVector, Text as _, Transact as _, TransactionMut, Xml as _, XmlElementPrelim,
    XmlElementRef, XmlFragment, XmlTextPrelim, XmlTextRef, types::Attrs,
};

use super::{
    new_doc,
    schema::{Attr, Mark, Node},
    structs::ROOT,
    tree::{Block, Inline, Run},
};

/// Writes the blocks into an empty body.
pub(super) fn update(blocks: &[Block], client: u64) -> Bytes {
    let doc = new_doc(client);
    let root = doc.get_or_insert_xml_fragment(ROOT);
    let mut txn = doc.transact_mut();
    let mut todo: Vec<(XmlElementRef, &Block)> = Vec::new();
    for block in blocks {
        let element = root.push_back(&mut txn, XmlElementPrelim::empty(block.node.name()));
        todo.push((element, block));
    }
    todo.reverse();
    while let Some((element, block)) = todo.pop() {
        for (attr, value) in &block.attrs {
            set(&mut txn, &element, *attr, value);
        }
        inline(&mut txn, &element, &block.inline);
        let first = todo.len();
        for inner in &block.blocks {
            let child = element.push_back(&mut txn, XmlElementPrelim::empty(inner.node.name()));
            todo.push((child, inner));
        }
        todo[first..].reverse();
    }
    txn.encode_diff_v1(&StateVector::default()).into()
}

pub(super) fn set(txn: &mut TransactionMut<'_>, element: &XmlElementRef, attr: Attr, value: &Json) {
    if !value.is_null() {
        element.insert_attribute(txn, attr.name(), any(value));
    }
}

fn any(value: &Json) -> Any {
    match value {
        Json::Null => Any::Null,
        Json::Bool(yes) => Any::Bool(*yes),
        Json::Number(number) => Any::from(number.as_f64().unwrap_or_default()),
        Json::String(text) => Any::from(text.as_str()),
        Json::Array(list) => Any::from(list.iter().map(any).collect::<Vec<_>>()),
        Json::Object(map) => {
            Any::from(map.iter().map(|(key, value)| (key.clone(), any(value))).collect::<HashMap<_, _>>())
        }
    }
}

/// Runs side by side share one text, as in y-tiptap.
fn inline(txn: &mut TransactionMut<'_>, element: &XmlElementRef, inline: &[Inline]) {
    let mut text = None;
    for one in inline {
        match one {
            Inline::Run(run) => push_run(txn, element, &mut text, run),
            Inline::Break => {
                text = None;
                element.push_back(txn, XmlElementPrelim::empty(Node::HardBreak.name()));
            }
            Inline::Footnote { id, runs } => {
                text = None;
                let note = element.push_back(txn, XmlElementPrelim::empty(Node::Footnote.name()));
                if let Some(id) = id {
                    set(txn, &note, Attr::Id, &Json::from(id.as_str()));
                }
                let mut inner = None;
                for run in runs {
                    push_run(txn, &note, &mut inner, run);
                }
            }
        }
    }
}

fn push_run(txn: &mut TransactionMut<'_>, element: &XmlElementRef, text: &mut Option<XmlTextRef>, run: &Run) {
    if run.text.is_empty() {
        return;
    }
    let text = text.get_or_insert_with(|| element.push_back(txn, XmlTextPrelim::new("")));
    let end = text.len(txn);
    text.insert_with_attributes(txn, end, &run.text, formats(run));
}

fn formats(run: &Run) -> Attrs {
    let mut formats = Attrs::new();
    for mark in &run.marks {
        let value = match mark {
            Mark::Link { href } => HashMap::from([("href".to_owned(), Any::from(href.as_str()))]),
            _ => HashMap::new(),
        };
        formats.insert(mark.name().into(), Any::from(value));
    }
    formats
}
