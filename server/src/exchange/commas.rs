//! The register as comma-separated values (RFC 4180), in UTF-8 with a byte order mark, as Excel wants it.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::{
    Register,
    sheet::{self, Cell},
};

/// Without it Excel takes the text for the system's own code page.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The register, one row a recommendation.
pub fn csv(register: &Register) -> Vec<u8> {
    let sheet = sheet::register(register);
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let header = sheet.columns.iter().map(|it| it.title.to_owned());
    let rows = sheet.rows.iter().map(|row| row.iter().map(field).collect::<Vec<_>>());
    for row in std::iter::once(header.collect()).chain(rows) {
        // Into memory, and every row as long as the header: there is nothing to fail.
        writer.write_record(&row).expect("rows are equally long");
    }
    writer.into_inner().expect("a vector takes all")
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => inert(text),
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one (OWASP, "CSV
/// Injection"), white space before it or not, and in its full-width form or not. Where a spreadsheet splits lines at
/// semicolons, a cell begins behind each of them, and behind line breaks and tabs.
fn inert(text: &str) -> String {
    const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let mut out = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r', '\n']) {
        out.push('\'');
    }
    for part in text.split_inclusive([';', '\r', '\n', '\t']) {
        if part.trim_start().starts_with(STARTS) {
            out.push('\'');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_begin_a_formula_gets_an_apostrophe_and_nothing_else_does() {
        for text in ["=1+1", "+7", "-7", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "\u{a0}=1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for (text, safe) in
            [("a;=1+1", "a;'=1+1"), ("a\n -1", "a\n' -1"), ("\t=1", "'\t'=1"), ("a\t@b", "a\t'@b")]
        {
            assert_eq!(inert(text), safe);
        }
        for text in ["", "R7", "'=1", "a=1", "1-2", "a; b", "Дома", "🏠", "بيت", "–7"] {
            assert_eq!(inert(text), text);
        }
    }
}
