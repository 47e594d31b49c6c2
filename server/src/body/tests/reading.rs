//! Bodies written from a tree and read as one.

use std::collections::BTreeSet;

use super::*;

fn run(text: &str, marks: &[Mark]) -> Inline {
    Inline::Run(Run { text: text.into(), marks: marks.iter().cloned().collect::<BTreeSet<_>>() })
}

fn cell(node: Node, text: &str) -> Block {
    Block::new(node).of(vec![paragraph(text)])
}

/// One of everything.
fn sample() -> Vec<Block> {
    let link = Mark::Link { href: "https://www.iom.int/mgi".into() };
    let note =
        Inline::Footnote { id: Some("fn-1".into()), runs: vec![Run::plain("See "), Run::plain("annex")] };
    vec![
        Block::new(Node::Heading)
            .with(Attr::Id, "h-1")
            .with(Attr::Level, 2)
            .holding(vec![run("Обзор 😀", &[])]),
        Block::new(Node::Paragraph).with(Attr::Id, "p-1").holding(vec![
            run("plain ", &[]),
            run("bold", &[Mark::Bold]),
            run(" and ", &[]),
            run("all of it", &[Mark::Bold, Mark::Italic, Mark::Underline, Mark::Strike, link]),
            note,
            run("after", &[]),
            Inline::Break,
            run("next line", &[]),
        ]),
        Block::new(Node::OrderedList).with(Attr::Start, 3).with(Attr::Type, "a").of(vec![
            Block::new(Node::ListItem).of(vec![
                paragraph("one"),
                Block::new(Node::BulletList)
                    .of(vec![Block::new(Node::ListItem).of(vec![paragraph("inner")])]),
            ]),
            Block::new(Node::ListItem).of(vec![paragraph("two")]),
        ]),
        Block::new(Node::Blockquote).of(vec![paragraph("quoted")]),
        Block::new(Node::Table).of(vec![
            Block::new(Node::TableRow)
                .of(vec![cell(Node::TableHeader, "Year"), cell(Node::TableHeader, "Inflow")]),
            Block::new(Node::TableRow).of(vec![
                Block::new(Node::TableCell)
                    .with(Attr::Colspan, 2)
                    .with(Attr::Colwidth, serde_json::json!([120, 80]))
                    .with(Attr::Align, "right")
                    .of(vec![paragraph("2025")]),
            ]),
        ]),
    ]
}

/// As yrs gives numbers back, and with runs of the same marks joined.
fn normal(blocks: &[Block]) -> Vec<Block> {
    blocks
        .iter()
        .map(|block| {
            let mut block = block.clone();
            for (_, value) in &mut block.attrs {
                if let Some(list) = value.as_array_mut() {
                    list.iter_mut().for_each(whole);
                }
                whole(value);
            }
            for inline in &mut block.inline {
                if let Inline::Footnote { runs, .. } = inline {
                    *runs = vec![Run::plain(runs.iter().map(|run| run.text.as_str()).collect::<String>())];
                }
            }
            block.blocks = normal(&block.blocks);
            block
        })
        .collect()
}

fn whole(value: &mut serde_json::Value) {
    if let Some(number) = value.as_f64() {
        *value = serde_json::Value::from(number as i64);
    }
}

#[test]
fn a_tree_is_read_as_it_was_written() {
    let mut body = Body::new();
    assert_eq!(body.take(&Body::from_tree(&sample(), 42)), Ok(Taken::New));
    let tree = body.tree().unwrap();
    assert_eq!(normal(&tree.blocks), normal(&sample()));
    assert_healthy(&mut body);
}

#[test]
fn plain_text_is_a_line_for_each_paragraph_and_footnotes_after() {
    let mut body = Body::new();
    body.take(&Body::from_tree(&sample(), 42)).unwrap();
    let text = "Обзор 😀\nplain bold and all of itafter\nnext line\none\ninner\ntwo\nquoted\nYear\nInflow\n2025\nSee annex";
    assert_eq!(body.plain_text().unwrap(), text);
    assert_eq!(Body::new().plain_text().unwrap(), "");
}

#[test]
fn a_difference_brings_another_up_to_date() {
    let mut first = body_of(&["one"]);
    let mut second = Body::new();
    second.take(&first.diff(&second.state_vector()).unwrap()).unwrap();
    first.take(&Body::from_tree(&[paragraph("two")], 6)).unwrap();
    second.take(&first.diff(&second.state_vector()).unwrap()).unwrap();
    assert_eq!(second.encode(), first.encode());
    assert_eq!(second.take(&first.encode()), Ok(Taken::Known));
}

#[test]
fn a_body_of_thirty_thousand_words_is_read() {
    let words = "migration governance indicators consultation draft ".repeat(12);
    let blocks: Vec<Block> = (0..500).map(|_| paragraph(&words)).collect();
    let mut body = Body::new();
    body.take(&Body::from_tree(&blocks, 1_234)).unwrap();
    assert_eq!(body.plain_text().unwrap().lines().count(), 500);
}
