//! How people edit a body: keys, paragraphs, deletions, marks.

use bytes::Bytes;
use yrs::{
    Any, BranchID, Doc, GetString as _, ID, Out, ReadTxn, Text as _, Transact as _, WriteTxn as _,
    XmlElementPrelim, XmlElementRef, XmlFragment as _, XmlFragmentRef, XmlOut, XmlTextPrelim, XmlTextRef,
    types::{Attrs, text::YChange},
};

use super::ink::Deletion;

const ROOT: &str = "body";

fn root(doc: &Doc) -> XmlFragmentRef {
    doc.get_or_insert_xml_fragment(ROOT)
}

fn id(element: &XmlElementRef) -> ID {
    let branch: &yrs::branch::Branch = element.as_ref();
    match branch.id() {
        BranchID::Nested(id) => id,
        BranchID::Root(name) => panic!("a paragraph is not the root {name}"),
    }
}

/// The paragraphs, each with its text.
fn paragraphs<T: ReadTxn>(txn: &T, root: &XmlFragmentRef) -> Vec<(XmlElementRef, Option<XmlTextRef>)> {
    let elements = root.children(txn).filter_map(XmlOut::into_xml_element);
    let with_text = |element: XmlElementRef| {
        let text = element.children(txn).find_map(XmlOut::into_xml_text);
        (element, text)
    };
    elements.map(with_text).collect()
}

fn words<T: ReadTxn>(txn: &T, text: &XmlTextRef) -> String {
    let chunks = text.diff(txn, YChange::identity).into_iter();
    let words = chunks.filter_map(|chunk| match chunk.insert {
        Out::Any(Any::String(words)) => Some(words),
        _ => None,
    });
    words.map(|words| words.to_string()).collect()
}

/// The UTF-16 units before the `at`-th character.
fn offset(words: &str, at: usize) -> u32 {
    words.chars().take(at).map(|it| it.len_utf16() as u32).sum()
}

/// Types what `press` gives for the paragraph where the dice fall, all at one place.
pub(super) fn write(doc: &Doc, dice: u32, keys: usize, mut press: impl FnMut(ID) -> char) -> Bytes {
    let root = root(doc);
    let mut txn = doc.transact_mut();
    let mut there = paragraphs(&txn, &root);
    if there.is_empty() {
        push_paragraph(&mut txn, &root, 0);
        there = paragraphs(&txn, &root);
    }
    let (element, text) = &there[dice as usize % there.len()];
    let text = text.clone().unwrap_or_else(|| element.push_back(&mut txn, XmlTextPrelim::new("")));
    let before = words(&txn, &text);
    let place = (dice as usize / 7) % (before.chars().count() + 1);
    let typed: String = (0..keys).map(|_| press(id(element))).collect();
    text.insert(&mut txn, offset(&before, place), &typed);
    txn.encode_update_v1().into()
}

fn push_paragraph(txn: &mut yrs::TransactionMut<'_>, root: &XmlFragmentRef, at: u32) -> XmlElementRef {
    let element = root.insert(txn, at, XmlElementPrelim::empty("paragraph"));
    element.push_back(txn, XmlTextPrelim::new(""));
    element
}

/// Adds an empty paragraph where the dice fall.
pub(super) fn paragraph(doc: &Doc, dice: u32) -> Bytes {
    let root = root(doc);
    let mut txn = doc.transact_mut();
    let at = dice % (root.len(&txn) + 1);
    push_paragraph(&mut txn, &root, at);
    txn.encode_update_v1().into()
}

/// Deletes characters; says which.
pub(super) fn erase(doc: &Doc, dice: u32, keys: usize) -> Option<(Bytes, Vec<Deletion>)> {
    let root = root(doc);
    let mut txn = doc.transact_mut();
    let there = paragraphs(&txn, &root);
    let text = there.get(dice as usize % there.len().max(1))?.1.clone()?;
    let words: Vec<char> = words(&txn, &text).chars().collect();
    let from = (dice as usize / 7) % words.len().max(1);
    let erased = words.get(from..(from + keys).min(words.len())).filter(|it| !it.is_empty())?;
    let before: String = words[..from].iter().collect();
    let length = erased.iter().map(|it| it.len_utf16() as u32).sum();
    text.remove_range(&mut txn, offset(&before, from), length);
    Some((txn.encode_update_v1().into(), erased.iter().map(|it| Deletion::Stroke(*it)).collect()))
}

/// Removes a paragraph; says which.
pub(super) fn remove(doc: &Doc, dice: u32) -> Option<(Bytes, Vec<Deletion>)> {
    let root = root(doc);
    let mut txn = doc.transact_mut();
    let there = paragraphs(&txn, &root);
    let at = dice as usize % there.len().max(1);
    let removed = id(&there.get(at)?.0);
    root.remove_range(&mut txn, at as u32, 1);
    Some((txn.encode_update_v1().into(), vec![Deletion::Paragraph(removed)]))
}

/// Sets a mark on a paragraph's text, or takes it away.
pub(super) fn mark(doc: &Doc, dice: u32) -> Option<Bytes> {
    let root = root(doc);
    let mut txn = doc.transact_mut();
    let there = paragraphs(&txn, &root);
    let text = there.get(dice as usize % there.len().max(1))?.1.clone()?;
    let words = words(&txn, &text);
    let count = words.chars().count();
    let (from, to) = (dice as usize / 7 % count.max(1), count);
    if from == to {
        return None;
    }
    let (start, end) = (offset(&words, from), offset(&words, to));
    let value = if dice.is_multiple_of(3) { Any::Null } else { Any::from(true) };
    text.format(&mut txn, start, end - start, Attrs::from([("bold".into(), value)]));
    Some(txn.encode_update_v1().into())
}

/// All characters of a body in order.
pub(super) fn text(doc: &Doc) -> String {
    let root = root(doc);
    let txn = doc.transact();
    paragraphs(&txn, &root).iter().filter_map(|(_, text)| Some(words(&txn, text.as_ref()?))).collect()
}

/// A body as XML, with marks.
pub(super) fn xml(doc: &Doc) -> String {
    root(doc).get_string(&doc.transact())
}

/// An update of a document of its own: a paragraph (or another element) with these words.
pub(super) fn element(doc: &Doc, name: &str, words: &str) -> Bytes {
    let mut txn = doc.transact_mut();
    let root = txn.get_or_insert_xml_fragment(ROOT);
    let element = root.push_back(&mut txn, XmlElementPrelim::empty(name));
    element.push_back(&mut txn, XmlTextPrelim::new(words));
    txn.encode_update_v1().into()
}

/// An update that writes into a root of another name.
pub(super) fn elsewhere(doc: &Doc, words: &str) -> Bytes {
    let mut txn = doc.transact_mut();
    let root = txn.get_or_insert_text("elsewhere");
    root.push(&mut txn, words);
    txn.encode_update_v1().into()
}

/// An update that writes a thread into a review document.
pub(super) fn forged_thread(doc: &Doc, key: &str) -> Bytes {
    use yrs::Map as _;
    let mut txn = doc.transact_mut();
    let threads = txn.get_or_insert_map("threads");
    threads.insert(&mut txn, key, Any::from("forged"));
    txn.encode_update_v1().into()
}
