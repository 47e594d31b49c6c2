//! The register in a real spreadsheet program: every value is what was said, and nothing in it is executed.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context, ensure};
use plenary_tests::Consultation;
use reqwest::Client;
use serde_json::{Value, json};

/// Texts that a spreadsheet could take for more than text.
const NASTY: [&str; 12] = [
    "=1+1",
    "=WEBSERVICE(\"http://evil.example\")",
    "=HYPERLINK(\"http://evil.example\",\"Click\")",
    "+7 999 000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)",
    "https://evil.example/?q=1",
    "'quoted, \"twice\"; and\nin two lines",
    "_x000D_ _x0041_ &amp;",
    "2026-01-02",
    "العربية עברית 中文 Ў",
    "🏠👩‍👩‍👧 1.0 TRUE",
];

/// UTF-8, commas, texts in quotes, cells as shown, values and not formulas, all sheets.
const TO_TEXT: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1";
/// A program that takes whatever looks like a formula for one (the last word).
const TRUSTING: &str = "CSV:44,34,76,1,,1033,false,true,false,false,false,0,true";

type Rows = Vec<Vec<String>>;

/// Opens a file in LibreOffice and writes its sheets as text; gives their rows by sheet name.
fn opened(dir: &Path, name: &str, options: &[&str]) -> anyhow::Result<BTreeMap<String, Rows>> {
    let out = dir.join(format!("{name}.out"));
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let made = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--norestore"])
        .args(options)
        .args(["--convert-to", TO_TEXT, "--outdir"])
        .arg(&out)
        .arg(dir.join(name))
        .output()
        .context("soffice is missing: apt-get install libreoffice-calc-nogui")?;
    ensure!(made.status.success(), "soffice: {}", String::from_utf8_lossy(&made.stderr));
    let mut sheets = BTreeMap::new();
    for file in std::fs::read_dir(&out).with_context(|| format!("nothing came of {name}"))? {
        let path = file?.path();
        let stem = path.file_stem().context("a name")?.to_string_lossy().into_owned();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path)?;
        let rows = reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect()));
        sheets.insert(
            stem.rsplit('-').next().unwrap_or_default().to_owned(),
            rows.collect::<anyhow::Result<_>>()?,
        );
    }
    Ok(sheets)
}

/// A consultation where every text is nasty, and where each recommendation has a position.
async fn nasty() -> anyhow::Result<Consultation> {
    let c = Consultation::new(&["Housing"]).await?;
    c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let organizations = c.admin.get("organizations").await?.ok()?;
    let union = &organizations["organizations"][0]["id"];
    for text in NASTY {
        let line = text.replace('\n', " ");
        let new = json!({ "section": c.sections[0], "title": line, "text": text, "rationale": text,
            "lead_institution": line, "supporting_institutions": [line, { "organization": union }],
            "timeframe": line, "means_of_verification": text,
            "evidence_links": [{ "claim": text, "source": line }],
            "dimension": "1", "themes": ["1.1", "1.3"], "gcm_objectives": [1, 3], "sdg_targets": ["3.c", "8.7"] });
        let made = c.admin.post("recommendations", new).await?.created()?;
        let path = format!("recommendations/{}/positions", made["id"].as_str().unwrap_or_default());
        let position = json!({ "organization": union, "position": "object", "statement": text });
        c.admin.post(&path, position).await?.created()?;
    }
    Ok(c)
}

/// A file of the register, written to `dir`.
async fn fetch(c: &Consultation, name: &str, dir: &Path) -> anyhow::Result<Vec<u8>> {
    let url = format!("{}/api/reports/{}/{name}", c.server.base, c.report);
    let answer = Client::new().get(url).bearer_auth(&c.admin.token).send().await?.error_for_status()?;
    let bytes = answer.bytes().await?.to_vec();
    std::fs::write(dir.join(name), &bytes)?;
    Ok(bytes)
}

/// "2026-02-01T10:00:59.5Z" as a cell shows it: "2026-02-01 10:00".
fn minutes(time: &Value) -> String {
    time.as_str().unwrap_or_default().chars().take(16).collect::<String>().replace('T', " ")
}

/// Entries of reference lists as a cell shows them.
fn coded(list: &Value) -> String {
    let all = list.as_array().into_iter().flatten();
    let shown =
        all.map(|it| [&it["code"], &it["title"]].map(|part| part.as_str().unwrap_or_default()).join(" "));
    shown.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_value_of_the_workbook_is_the_one_of_the_json() -> anyhow::Result<()> {
    let (c, dir) = (nasty().await?, tempfile::tempdir()?);
    let json: Value = serde_json::from_slice(&fetch(&c, "register.json", dir.path()).await?)?;
    fetch(&c, "register.xlsx", dir.path()).await?;
    let sheets = opened(dir.path(), "register.xlsx", &[])?;
    assert_eq!(sheets.keys().collect::<Vec<_>>(), ["Path", "Positions", "Register"]);

    let all = json["recommendations"].as_array().context("recommendations")?;
    assert_eq!(all.len(), NASTY.len());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let register = &sheets["Register"];
    assert_eq!(register.len(), all.len() + 1);
    let column = |title: &str| register[0].iter().position(|it| it == title).context(title.to_owned());
    for (row, it) in register[1..].iter().zip(all) {
        let claim = &it["evidence_links"][0];
        for list in ["themes", "gcm_objectives", "sdg_targets"] {
            assert_eq!(it[list].as_array().map(Vec::len), Some(2), "{list}");
        }
        for (title, wanted) in [
            ("No.", it["number"].to_string()),
            ("Recommendation", text(&it["title"])),
            ("Text", text(&it["text"])),
            ("Rationale", text(&it["rationale"])),
            ("Dimension", "1 Migrants' rights".to_owned()),
            ("Themes", coded(&it["themes"])),
            ("Global Compact objectives", coded(&it["gcm_objectives"])),
            ("SDG targets", coded(&it["sdg_targets"])),
            ("Lead", text(&it["lead_institution"]["name"])),
            ("Supporting institutions", format!("{}; Tenants' Union", text(&it["lead_institution"]["name"]))),
            ("Means of verification", text(&it["text"])),
            ("By", text(&it["timeframe"])),
            ("Evidence", format!("{} ({})", text(&claim["claim"]), text(&claim["source"]))),
            ("Status", "Proposed".to_owned()),
            ("Object", "1".to_owned()),
            ("Support", "0".to_owned()),
            ("Section", "1 Housing".to_owned()),
            ("Proposed at (UTC)", minutes(&it["created_at"])),
            ("Priority", String::new()),
        ] {
            // A cell with a time may show its seconds, too.
            let shown = &row[column(title)?];
            let shown = if title.ends_with("(UTC)") { shown.get(..16).unwrap_or_default() } else { shown };
            assert_eq!(shown, wanted, "{title} of R{}", it["number"]);
        }
    }
    assert_eq!(sheets["Positions"].len(), all.len() + 1);
    for (row, it) in sheets["Positions"][1..].iter().zip(all) {
        let position = &it["positions"][0];
        assert_eq!(row[2..7], ["Tenants' Union", "TU", "Other", "Object", "Object"]);
        assert_eq!(row[8], text(&position["statement"]));
        assert!(row[14].starts_with(&minutes(&position["at"])), "{row:?}");
    }
    assert_eq!(sheets["Path"].len(), all.len() + 1);
    assert_eq!(sheets["Path"][1][2..5], ["1", "Proposed", "Proposed"]);
    Ok(())
}

#[tokio::test]
async fn text_runs_no_formula_even_where_formulas_are_believed() -> anyhow::Result<()> {
    let (c, dir) = (nasty().await?, tempfile::tempdir()?);
    fetch(&c, "register.csv", dir.path()).await?;
    std::fs::write(dir.path().join("bare.csv"), "=1+1,'=1+1\r\n")?;
    let option = format!("--infilter={TRUSTING}");
    let bare = opened(dir.path(), "bare.csv", &[&option])?;
    let bare = bare.values().next().context("a sheet")?;
    assert_eq!(bare[0][0], "2", "without an apostrophe it would be executed");

    let sheets = opened(dir.path(), "register.csv", &[&option])?;
    let rows = sheets.values().next().context("a sheet")?;
    assert_eq!(rows[0][..3], ["No.", "Recommendation", "Text"]);
    assert_eq!(rows.len(), NASTY.len() + 1);
    for (row, text) in rows[1..].iter().zip(NASTY) {
        // What is read is the text, with the apostrophe or without it, as the program likes.
        assert_eq!(row[2].trim_start_matches('\''), text.trim_start_matches('\''));
    }
    Ok(())
}
