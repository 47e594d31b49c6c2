//! The specification of a body, by example: hostile updates, honest ones, reading, anchors.

mod anchors;
mod cold;
mod crashers;
mod honest;
mod hostile;
mod measure;
mod mutants;
mod order;
mod raw;
mod reading;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn paragraph(text: &str) -> Block {
    Block::new(Node::Paragraph).holding(vec![Inline::Run(Run::plain(text))])
}

/// A body of client 5 with these paragraphs.
fn body_of(paragraphs: &[&str]) -> Body {
    let blocks: Vec<Block> = paragraphs.iter().map(|text| paragraph(text)).collect();
    let mut body = Body::new();
    assert_eq!(body.take(&Body::from_tree(&blocks, 5)), Ok(Taken::New));
    body
}

/// Whatever was thrown at it, a body still reads, encodes, reloads as the same, and takes an edit.
fn assert_healthy(body: &mut Body) {
    let text = body.plain_text().unwrap();
    let encoded = body.encode();
    let reloaded = Body::load([&encoded[..]]).unwrap();
    assert_eq!(reloaded.tree(), body.tree());
    assert_eq!(reloaded.state_vector().len(), body.state_vector().len());
    let fresh = Body::from_tree(&[paragraph("still here")], 4_040_404_040);
    assert_eq!(body.take(&fresh), Ok(Taken::New));
    assert!(body.plain_text().unwrap().len() > text.len());
}
