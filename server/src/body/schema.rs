//! What a body may hold: nodes, their attributes and children, marks. The same tables as
//! `tests/fixtures/body-schema.json`, which the editor's schema is tested against, too.
//!
//! Children are checked by name only: concurrent edits legitimately leave a list without items for a while.

use url::Url;

use super::value::Value;

/// A node of a body: the root, an element by its name, or a run of text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// The root fragment `body`.
    Doc,
    /// Plain text block.
    Paragraph,
    /// Heading of level 2 to 4.
    Heading,
    /// List with dots.
    BulletList,
    /// List with numbers or letters.
    OrderedList,
    /// Item of either list.
    ListItem,
    /// Quotation.
    Blockquote,
    /// Table.
    Table,
    /// Row of a table.
    TableRow,
    /// Cell of a row.
    TableCell,
    /// Header cell of a row.
    TableHeader,
    /// Line break inside a text block.
    HardBreak,
    /// Footnote: its text stands inside it, where its number shows.
    Footnote,
    /// `Y.XmlText`.
    Text,
}

use Node::*;

const NAMES: [(Node, &str); 12] = [
    (Paragraph, "paragraph"),
    (Heading, "heading"),
    (BulletList, "bulletList"),
    (OrderedList, "orderedList"),
    (ListItem, "listItem"),
    (Blockquote, "blockquote"),
    (Table, "table"),
    (TableRow, "tableRow"),
    (TableCell, "tableCell"),
    (TableHeader, "tableHeader"),
    (HardBreak, "hardBreak"),
    (Footnote, "footnote"),
];

impl Node {
    /// The element of this name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(node, _)| *node)
    }

    /// Its name; the root and text have names of ProseMirror only.
    pub fn name(self) -> &'static str {
        match self {
            Doc => "doc",
            Text => "text",
            node => NAMES.iter().find(|(known, _)| *known == node).map_or("", |(_, name)| name),
        }
    }

    /// Whether it stands where paragraphs stand.
    pub fn is_block(self) -> bool {
        matches!(self, Paragraph | Heading | BulletList | OrderedList | Blockquote | Table)
    }

    /// Whether text stands directly in it.
    pub fn holds_text(self) -> bool {
        matches!(self, Paragraph | Heading | Footnote)
    }

    /// Whether `child` may stand directly in it.
    pub fn may_hold(self, child: Self) -> bool {
        match self {
            Doc | Blockquote | TableCell | TableHeader | ListItem => child.is_block(),
            Paragraph | Heading => matches!(child, Text | HardBreak | Footnote),
            BulletList | OrderedList => child == ListItem,
            Table => child == TableRow,
            TableRow => matches!(child, TableCell | TableHeader),
            Footnote => child == Text,
            HardBreak | Text => false,
        }
    }

    /// Whether it has this attribute.
    pub fn has(self, attr: Attr) -> bool {
        match attr {
            Attr::Id => !matches!(self, Doc | HardBreak | Text),
            Attr::Level => self == Heading,
            Attr::Start | Attr::Type => self == OrderedList,
            Attr::Colspan | Attr::Rowspan | Attr::Colwidth | Attr::Align => {
                matches!(self, TableCell | TableHeader)
            }
        }
    }
}

/// An attribute of a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Attr {
    /// The block's stable id.
    Id,
    /// Heading level.
    Level,
    /// First number of an ordered list.
    Start,
    /// Kind of numbers of an ordered list.
    Type,
    /// Columns a cell covers.
    Colspan,
    /// Rows a cell covers.
    Rowspan,
    /// Widths of the columns, in pixels.
    Colwidth,
    /// Alignment of a cell's text.
    Align,
}

const ATTRS: [(Attr, &str); 8] = [
    (Attr::Id, "id"),
    (Attr::Level, "level"),
    (Attr::Start, "start"),
    (Attr::Type, "type"),
    (Attr::Colspan, "colspan"),
    (Attr::Rowspan, "rowspan"),
    (Attr::Colwidth, "colwidth"),
    (Attr::Align, "align"),
];

impl Attr {
    /// The attribute of this name.
    pub fn named(name: &str) -> Option<Self> {
        ATTRS.iter().find(|(_, known)| *known == name).map(|(attr, _)| *attr)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        ATTRS.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    /// Whether it takes this value. Null and undefined stand for an absent attribute.
    pub(super) fn takes(self, value: &Value<'_>) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Self::Id, Value::Text(text)) => is_block_id(text),
            (Self::Level, number) => is_whole(number, 2, 4),
            (Self::Start, number) => is_whole(number, 0, 100_000),
            (Self::Type, Value::Text(text)) => matches!(*text, "1" | "a" | "A" | "i" | "I"),
            (Self::Colspan, number) => is_whole(number, 1, 100),
            (Self::Rowspan, number) => is_whole(number, 1, 1_000),
            (Self::Colwidth, Value::List(widths)) => {
                widths.len() <= 100 && widths.iter().all(|width| is_whole(width, 1, 10_000))
            }
            (Self::Align, Value::Text(text)) => matches!(*text, "left" | "center" | "right"),
            _ => false,
        }
    }
}

fn is_whole(value: &Value<'_>, low: u32, high: u32) -> bool {
    matches!(value, Value::Number(n) if n.fract() == 0.0 && (f64::from(low)..=f64::from(high)).contains(n))
}

fn is_block_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A mark of text, as it stands in a format's key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mark {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck through.
    Strike,
    /// A link to an address that `is_url` takes.
    Link {
        /// Where it leads.
        href: String,
    },
}

impl Mark {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strike => "strike",
            Self::Link { .. } => "link",
        }
    }

    /// The mark of this name with these attributes; `true` stands for none, as plain Yjs clients write it.
    pub fn read(name: &str, attributes: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        let plain = match attributes {
            Json::Object(map) => map.is_empty(),
            other => *other == Json::Bool(true),
        };
        match name {
            "bold" if plain => Some(Self::Bold),
            "italic" if plain => Some(Self::Italic),
            "underline" if plain => Some(Self::Underline),
            "strike" if plain => Some(Self::Strike),
            "link" => match attributes {
                Json::Object(map) if map.len() == 1 => {
                    let href = map.get("href")?.as_str().filter(|href| is_url(href))?;
                    Some(Self::Link { href: href.to_owned() })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Whether `name` is a mark's (overlapping marks, `name--hash`, are not part of this schema).
pub(super) fn is_mark(name: &str) -> bool {
    matches!(name, "bold" | "italic" | "underline" | "strike" | "link")
}

/// An absolute http, https or mailto URL, of at most 2,000 characters, without white space or control characters.
pub fn is_url(text: &str) -> bool {
    text.len() <= 8_000
        && text.chars().count() <= 2_000
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn fixture() -> Json {
        serde_json::from_str(include_str!("../../../tests/fixtures/body-schema.json")).unwrap()
    }

    #[test]
    fn nodes_and_children_are_those_of_the_fixture() {
        let fixture = fixture();
        let nodes = fixture["nodes"].as_object().unwrap();
        let all = || [Doc, Text].into_iter().chain(NAMES.iter().map(|(node, _)| *node));
        assert_eq!(nodes.len() + 1, all().count());
        for node in all().filter(|node| *node != Text) {
            let content = nodes[node.name()]["content"].as_str().unwrap();
            let mut named: Vec<&str> =
                content.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            for (group, members) in fixture["groups"].as_object().unwrap() {
                if named.contains(&group.as_str()) {
                    named.extend(members.as_array().unwrap().iter().map(|name| name.as_str().unwrap()));
                }
            }
            for child in all() {
                assert_eq!(node.may_hold(child), named.contains(&child.name()), "{node:?} {child:?}");
            }
        }
    }

    #[test]
    fn attributes_take_what_the_fixture_says() {
        for (name, node) in fixture()["nodes"].as_object().unwrap() {
            let node_kind = Node::named(name).unwrap_or(Doc);
            for (attr, attr_name) in ATTRS {
                let spec = &node["attrs"][attr_name];
                assert_eq!(node_kind.has(attr), !spec.is_null(), "{name} {attr_name}");
                let bounds = [&spec["integer"], &spec["integers_or_null"]].into_iter().find(|b| b.is_array());
                if let Some(bounds) = bounds {
                    let (low, high) = (bounds[0].as_f64().unwrap(), bounds[1].as_f64().unwrap());
                    for (number, fits) in [
                        (low, true),
                        (high, true),
                        (low - 1.0, false),
                        (high + 1.0, false),
                        (low + 0.5, false),
                    ] {
                        let value = Value::Number(number);
                        let value = if attr == Attr::Colwidth { Value::List(vec![value]) } else { value };
                        assert_eq!(attr.takes(&value), fits, "{name} {attr_name} {number}");
                    }
                }
                for value in spec["enum"].as_array().into_iter().flatten().filter_map(Json::as_str) {
                    assert!(attr.takes(&Value::Text(value)), "{name} {attr_name} {value}");
                }
            }
        }
        assert!(!Attr::Type.takes(&Value::Text("x")) && !Attr::Align.takes(&Value::Number(1.0)));
        assert!(!Attr::Id.takes(&Value::Text("a b")) && !Attr::Id.takes(&Value::Text("")));
        assert!(!Attr::Level.takes(&Value::Number(f64::NAN)) && !Attr::Id.takes(&Value::Other));
    }

    #[test]
    fn marks_are_those_of_the_fixture() {
        for name in fixture()["marks"].as_object().unwrap().keys() {
            assert!(is_mark(name));
            let attributes = if name == "link" { json!({"href": "https://iom.int"}) } else { json!({}) };
            assert_eq!(Mark::read(name, &attributes).map(|mark| mark.name()), Some(name.as_str()));
        }
        for (name, attributes) in [
            ("bold--a1b2", json!({})),
            ("bold", json!({"onclick": "x"})),
            ("bold", json!("yes")),
            ("link", json!({})),
            ("link", json!({"href": "https://iom.int", "target": "_blank"})),
            ("__proto__", json!({})),
        ] {
            assert_eq!(Mark::read(name, &attributes), None, "{name} {attributes}");
        }
    }

    #[test]
    fn c1_script_addresses_are_no_links() {
        for good in
            ["https://www.iom.int/mgi?a=1#b", "http://localhost:80", "mailto:a@iom.int", "HTTPS://IOM.INT/"]
        {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "javascript\0:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//iom.int",
            "/relative",
            "javascript&colon;alert(1)",
            "",
            "https://a b",
            "https://a\u{a0}b",
            &format!("https://iom.int/{}", "x".repeat(2_000)),
        ] {
            assert!(!is_url(bad), "{bad:?}");
        }
    }
}
