//! The register as a workbook and as text, read back by other readers.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};
use serde_json::json;

use super::{NASTY, PERSON, Scene};
use crate::exchange::{Language, Register, csv, sheet, xlsx};

/// The first column of each sheet that is a text.
const NOW: &str = "2026-05-01T12:00:00Z";

fn workbook(register: &Register) -> Vec<u8> {
    xlsx(register, NOW.parse().unwrap()).unwrap()
}

fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

/// What a reader should find where a cell was written.
fn found(cell: &sheet::Cell) -> Data {
    match cell {
        sheet::Cell::Empty => Data::Empty,
        sheet::Cell::Text(text) => Data::String(text.clone()),
        sheet::Cell::Number(number) => Data::Float(f64::from(*number)),
        sheet::Cell::Time(time) => {
            let days = 25_569.0 + time.as_second() as f64 / 86_400.0;
            Data::DateTime(calamine::ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false))
        }
    }
}

fn same(found: &Data, wanted: &Data) -> bool {
    match (found, wanted) {
        (Data::DateTime(a), Data::DateTime(b)) => (a.as_f64() - b.as_f64()).abs() * 86_400.0 < 1.0,
        (a, b) => a == b,
    }
}

#[test]
fn every_cell_of_the_workbook_is_read_back_as_it_was_written_and_none_is_a_formula() {
    let scene = Scene::nasty(json!({}));
    for language in Language::ALL {
        let register = Register::of(&scene.0, language).unwrap();
        let mut book = read(workbook(&register));
        let sheets = [sheet::register(&register), sheet::positions(&register), sheet::path(&register)];
        assert_eq!(book.sheet_names(), sheets.iter().map(|it| it.name).collect::<Vec<_>>());
        for sheet in sheets {
            let cells: Range<Data> = book.worksheet_range(sheet.name).unwrap();
            let formulas = book.worksheet_formula(sheet.name).unwrap();
            assert!(formulas.used_cells().next().is_none(), "{}", sheet.name);
            let at = |row: usize, column: usize| cells.get((row, column)).cloned().unwrap_or(Data::Empty);
            for (column, header) in sheet.columns.iter().enumerate() {
                assert_eq!(at(0, column), Data::String(header.title.to_owned()));
            }
            for (row, wanted) in sheet.rows.iter().enumerate() {
                for (column, cell) in wanted.iter().enumerate() {
                    let (read, wanted) = (at(row + 1, column), found(cell));
                    assert!(same(&read, &wanted), "{} {row}/{column}: {read:?} for {wanted:?}", sheet.name);
                }
            }
            assert_eq!(cells.height(), sheet.rows.len() + 1, "{}", sheet.name);
        }
    }
}

#[test]
fn texts_are_neither_links_nor_formulas_inside_the_file() {
    let register = Register::of(&Scene::nasty(json!({})).0, Language::En).unwrap();
    let bytes = workbook(&register);
    let parts = calamine_parts(bytes);
    assert!(parts.iter().any(|(name, _)| name == "xl/worksheets/sheet3.xml"), "{parts:?}");
    for (name, text) in parts {
        assert!(!text.contains("<f>") && !text.contains("<f ") && !text.contains("<hyperlink"), "{name}");
        assert!(!name.contains("externalLink") && !name.contains("vba"), "{name}");
        if name.starts_with("xl/worksheets/") {
            assert!(text.contains("state=\"frozen\"") && text.contains("<autoFilter "), "{name}");
        }
    }
}

/// The XML parts of a workbook, by the zip reader that the writer's own crate brings.
fn calamine_parts(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn the_text_is_read_back_with_an_apostrophe_before_what_would_begin_a_formula() {
    let register = Register::of(&Scene::nasty(json!({})).0, Language::Ru).unwrap();
    let bytes = csv(&register);
    let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{FEFF}').unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), NASTY.len() + 1);
    assert_eq!(&rows[0][..4], ["№", "Рекомендация", "Текст", "Состояние"]);
    for (row, text) in rows[1..].iter().zip(NASTY) {
        assert_eq!(row[2].replace('\'', ""), text.replace('\'', ""), "nothing but apostrophes is added");
        // A program may split at semicolons, too, or at line breaks in what stands behind them.
        for cell in row.iter().flat_map(|field| field.split([';', '\n', '\t'])) {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
        }
        assert_eq!(row[3], "Опубликована");
        assert!(row.contains(&PERSON.to_owned()), "who proposed is known to those on the report");
        assert_eq!(row[4], "6 Безопасная, упорядоченная и легальная миграция");
    }
}

#[test]
fn sums_positions_and_paths_are_those_that_count_now() {
    let mut scene = Scene::new(json!({}));
    scene.recommendation(1, "published", json!({ "wording": 3, "renew_from": 2 }));
    scene.recommendation(2, "under_discussion", json!({}));
    scene.position(1, 2, "object", json!({ "statement": "Never." }));
    scene.position(1, 2, "support", json!({ "n": 2, "wording": 3 }));
    scene.position(1, 3, "support", json!({ "condition": super::id(0x32), "on_behalf": true }));
    scene.progress(1, 1, "under_way", json!({}));
    scene.progress(1, 2, "done", json!({}));
    let register = Register::of(&scene.0, Language::En).unwrap();
    let [one, two] = &register.recommendations[..] else { panic!("two") };
    assert_eq!((one.sums.support, one.sums.object, one.sums.waiting, one.no_position), (1, 0, 1, 1));
    assert_eq!((one.sums.to_be_renewed, two.no_position), (1, 3));
    let rows = sheet::positions(&register).rows;
    let text = |it: &sheet::Cell| match it {
        sheet::Cell::Text(text) => text.clone(),
        sheet::Cell::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(text).collect()).collect();
    assert_eq!(rows.len(), 2, "of a trail only the last: {rows:?}");
    assert_eq!(rows[0][5..7], ["Support", "Support"]);
    assert_eq!(rows[1][3..7], ["C", "Government", "Support", "Waits for another recommendation"]);
    assert_eq!(rows[1][9..13], ["2", "yes", "1", "yes"]);
    assert_eq!(sheet::path(&register).rows.len(), 4);
    let json = serde_json::to_value(&register).unwrap();
    assert_eq!(json["recommendations"][0]["positions"][1]["condition"], 2);
    assert_eq!(json["recommendations"][0]["progress"][1]["state"], "done");
    assert_eq!(
        json["recommendations"][0]["section"],
        json!({ "id": super::id(0x21), "number": "1", "title": "Secret section" })
    );
}

#[test]
fn a_report_without_recommendations_has_an_empty_register_and_none_has_none() {
    let register = Register::of(&Scene::new(json!({})).0, Language::En).unwrap();
    assert_eq!(read(workbook(&register)).worksheet_range("Register").unwrap().height(), 1);
    assert_eq!(csv(&register).iter().filter(|it| **it == b'\n').count(), 1);
    assert!(Register::of(&crate::review::ReviewState::default(), Language::En).is_none());
}
