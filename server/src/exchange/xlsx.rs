//! The register as a workbook of three sheets. Texts are cells of text, whatever they begin with: never a formula, a
//! link or a date.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    Language, Register,
    sheet::{self, Cell, Sheet},
    words,
};

/// A workbook that cannot be written: more rows than a sheet takes, or no memory for them.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct NotWritten(#[from] XlsxError);

/// What a cell takes of text, in UTF-16 units.
const CELL_UNITS_MAX: usize = 32_767;

/// The register as a workbook, which says that it was made `now`.
pub fn xlsx(register: &Register, now: Timestamp) -> Result<Vec<u8>, NotWritten> {
    let mut book = Workbook::new();
    let made = &ExcelDateTime::from_timestamp(now.as_second())?;
    book.set_properties(&DocProperties::new().set_title(&register.report.title).set_creation_datetime(made));
    let looks = Looks::new();
    for sheet in [sheet::register(register), sheet::positions(register), sheet::path(register)] {
        write(book.add_worksheet(), &sheet, &looks, register.language)?;
    }
    Ok(book.save_to_buffer()?)
}

struct Looks {
    header: Format,
    text: Format,
    number: Format,
    time: Format,
}

impl Looks {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            header: top().set_bold().set_text_wrap().set_background_color(0xDC_EE_E9),
            // Format 49, "Text": what is edited later stays text, too.
            text: top().set_text_wrap().set_num_format_index(49),
            number: top(),
            time: top().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

fn write(page: &mut Worksheet, sheet: &Sheet, looks: &Looks, language: Language) -> Result<(), XlsxError> {
    page.set_name(sheet.name)?;
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    for (at, column) in (0u16..).zip(&sheet.columns) {
        page.set_column_width(at, f64::from(column.width))?;
        page.write_string_with_format(0, at, column.title, &looks.header)?;
    }
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for (at, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => {
                    page.write_string_with_format(row, at, fitting(text, language), &looks.text)?
                }
                Cell::Number(number) => page.write_number_with_format(row, at, *number, &looks.number)?,
                Cell::Time(time) => {
                    let utc = ExcelDateTime::from_timestamp(time.as_second())?;
                    page.write_datetime_with_format(row, at, utc, &looks.time)?
                }
            };
        }
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

/// A text as a cell takes it; of a longer one the beginning, and that it was cut.
fn fitting(text: &str, language: Language) -> Cow<'_, str> {
    // One byte of UTF-8 is at most one unit of UTF-16.
    if text.len() <= CELL_UNITS_MAX || text.encode_utf16().count() <= CELL_UNITS_MAX {
        return text.into();
    }
    let cut = language.say(words::CUT);
    let mut room = CELL_UNITS_MAX - cut.encode_utf16().count();
    let kept = text.chars().take_while(|it| {
        let fits = it.len_utf16() <= room;
        room = room.saturating_sub(it.len_utf16());
        fits
    });
    format!("{}{cut}", kept.collect::<String>()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_says_so() {
        let fits = "🏠".repeat(CELL_UNITS_MAX / 2);
        assert_eq!(fitting(&fits, Language::En), fits);
        let long = format!("{fits}🏠");
        let cut = fitting(&long, Language::Ru);
        assert!(cut.encode_utf16().count() <= CELL_UNITS_MAX && cut.ends_with("в JSON)"));
        assert!(cut.starts_with("🏠🏠"));
    }
}
