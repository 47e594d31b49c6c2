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
    let each = |join: &str| block.blocks.iter().map(short_block).collect::<Vec<_>>().join(join);
    let attr = |attr| block.attr(attr).map(|it| it.to_string().replace('"', "")).unwrap_or_default();
    match block.node {
        Node::Paragraph => format!("p({})", words(&block.inline)),
        Node::Heading => format!("h{}({})", attr(Attr::Level), words(&block.inline)),
        Node::BulletList => format!("ul[{}]", each("; ")),
        Node::OrderedList => format!("ol{}[{}]", attr(Attr::Start), each("; ")),
        Node::ListItem => each(" "),
        Node::Blockquote => format!("quote[{}]", each(" ")),
        Node::Table => format!("table[{}]", each(" | ")),
        Node::TableRow => each(", "),
        Node::TableHeader => format!("th{} {}", attr(Attr::Align), each(" ")),
        Node::TableCell => format!("td{} {}", attr(Attr::Align), each(" ")),
        node => panic!("{node:?} is not a block"),
    }
}

fn words(content: &[Inline]) -> String {
    let short = |it: &Inline| match it {
        Inline::Run(it) => run(it),
        Inline::Break => "⏎".to_owned(),
        Inline::Footnote { runs, .. } => format!("^({})", runs.iter().map(run).collect::<String>()),
    };
    content.iter().map(short).collect()
}

fn run(run: &Run) -> String {
    let mut signs = String::new();
    let mut text = run.text.clone();
    for mark in &run.marks {
        match mark {
            Mark::Bold => signs.push('*'),
            Mark::Italic => signs.push('/'),
            Mark::Underline => signs.push('_'),
            Mark::Strike => signs.push('-'),
            Mark::Link { href } => text = format!("<{href} {text}>"),
        }
    }
    signs + &text
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
        "table[th p(Year), thright p(/All) | td p(2024), tdright p(88) | td p(2025), tdright p()]"
    );
}

#[test]
fn a_footnote_stands_where_it_is_referred_to() {
    let markdown = "# T\n\n[^b]: Order *No. 118*,\n    paragraph 4.\n\nHere[^b] and here.[^1]\n\n[^1]: See <https://nso.example>.\n";
    assert_eq!(
        short(&page(markdown).blocks),
        "p(Here^(Order /No. 118, paragraph 4.) and here.^(See <https://nso.example https://nso.example>.))"
    );
}

#[test]
fn a_footnote_that_a_body_cannot_hold_is_refused() {
    for footnote in ["One.\n\n    Two.", "- one", "One\\\n    two", "See[^1]."] {
        let refused = refused(&format!("# T\n\nHere[^1].\n\n[^1]: {footnote}\n"));
        assert!(matches!(refused, MarkdownError::Unsupported(_)), "{footnote}: {refused}");
    }
    let undefined = page("# T\n\nHere[^1].").blocks;
    assert_eq!(short(&undefined), "p(Here[^1].)", "Markdown takes it for words");
}

#[test]
fn what_a_body_does_not_have_is_refused() {
    for markdown in
        ["`code`", "```\ncode\n```", "<b>html</b>", "<div>\n</div>", "![i](https://i.example/i.png)", "---"]
    {
        let refused = refused(&format!("# T\n\n{markdown}\n"));
        assert!(matches!(refused, MarkdownError::Unsupported(_)), "{markdown}: {refused}");
    }
}

#[test]
fn every_block_has_an_id_of_its_own() {
    let markdown = "# T\n\n## H\n\np[^1]\n\n- i\n\n> q\n\n| a |\n| --- |\n| b |\n\n[^1]: f\n";
    let blocks = page(markdown).blocks;
    let mut ids = Vec::new();
    let mut todo: Vec<&Block> = blocks.iter().collect();
    while let Some(block) = todo.pop() {
        ids.push(block.attr(Attr::Id).unwrap().as_str().unwrap().to_owned());
        for inline in &block.inline {
            if let Inline::Footnote { id, .. } = inline {
                ids.push(id.clone().unwrap());
            }
        }
        todo.extend(&block.blocks);
    }
    assert_eq!(ids.len(), 15);
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    assert!(ids.iter().all(|id| id.len() == 32));
}
