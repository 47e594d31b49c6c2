//! The register as comma-separated values (RFC 4180), in UTF-8 with a byte order mark, as Excel wants it.

use std::borrow::Cow;

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
        Cell::Text(text) => inert(text).into_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one (OWASP, "CSV
/// Injection"), white space before it or not, and in its full-width form or not.
fn inert(text: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let starts = |text: &str| text.starts_with(STARTS);
    if starts(text) || starts(text.trim_start()) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_begin_a_formula_gets_an_apostrophe_and_nothing_else_does() {
        for text in ["=1+1", "+7", "-7", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "\u{a0}=1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["", "R7", "'=1", "a=1", "1-2", "Дома", "🏠", "بيت", "–7"] {
            assert_eq!(inert(text), text);
        }
    }
}
