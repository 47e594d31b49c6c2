//! Registers of a review made by hand, with texts that try to be something else.

mod measure;
mod pages;
mod sheets;

use serde_json::{Value, json};

use crate::review::ReviewState;

/// Texts that a spreadsheet, a page or a feed could take for more than text.
pub(super) const NASTY: [&str; 17] = [
    "=1+1",
    "=HYPERLINK(\"http://evil.example\",\"Click\")",
    "+7 999 000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\n=1+1",
    "https://evil.example/?q=1",
    "mailto:a@evil.example",
    "'quoted, \"twice\"; and\nin two lines",
    "_x000D_ _x0041_ &amp; &#60;b&#62;",
    "</script><script>alert(1)</script><!--",
    "\"><img src=x onerror=alert(1)>",
    "]]></summary><x/>",
    "العربية עברית Ўзбек кыргызча 中文",
    "🏠👩‍👩‍👧 e\u{301} 1.0 2026-01-02 TRUE",
    "a;=1+1",
];

/// A participant's name; it stands nowhere but in `participants`.
pub(super) const PERSON: &str = "Zinaida Quillfeather";
pub(super) const OTHER_PERSON: &str = "Bartholomew Yxkull";

pub(super) fn id(n: u8) -> String {
    format!("{n:02x}").repeat(16)
}

/// How a record differs from the usual one.
fn with(mut record: Value, change: Value) -> Value {
    for (field, value) in change.as_object().into_iter().flatten() {
        record[field] = value.clone();
    }
    record
}

/// A review that is put together record by record.
pub(super) struct Scene(pub(super) ReviewState);

impl Scene {
    /// Three organizations that take positions, one that coordinates; no recommendation yet.
    pub(super) fn new(report: Value) -> Self {
        let mut scene = Self(ReviewState::default());
        let usual = json!({ "id": id(0xAA), "title": "Migration in Valdora <2026>", "language": "ru", "template": "mgi",
            "created_at": "2026-01-01T00:00:00Z" });
        scene.put("report", "report", with(usual, report));
        for (n, name, code) in [
            (1, "IOM", "IOM"),
            (2, "Ministry of \"Labour\" & Homes", "MOL"),
            (3, "City", "C"),
            (4, "Union", "U"),
        ] {
            scene.put(
                "organizations",
                &id(n),
                json!({ "id": id(n), "name": name, "code": code,
                "kind": "government", "hue": 1 }),
            );
        }
        let people = [
            (0x11, "Cora", 1, "coordinator"),
            (0x12, PERSON, 2, "drafter"),
            (0x13, OTHER_PERSON, 3, "reviewer"),
        ];
        for (n, name, organization, role) in people.into_iter().chain([(0x14, "Ulla Nym", 4, "reviewer")]) {
            scene.put(
                "participants",
                &id(n),
                json!({ "id": id(n), "name": name, "organization": id(organization),
                "role": role, "joined_at": null }),
            );
        }
        scene.put(
            "sections",
            &id(0x21),
            json!({ "id": id(0x21), "title": "Secret section", "kind": "narrative",
            "parent": null, "rank": 1, "stage": "agreed", "language": null, "drafted_by": null }),
        );
        scene
    }

    fn put(&mut self, map: &str, key: &str, value: Value) {
        self.0.read(map, key, value).unwrap();
    }

    /// Recommendation `n`, with its path up to its status.
    pub(super) fn recommendation(&mut self, n: u8, status: &str, change: Value) {
        let usual = json!({ "id": id(0x30_u8.wrapping_add(n)), "number": n, "title": format!("Do {n}"), "text": "Words.",
            "rationale": null, "section": id(0x21), "anchor": null, "dimension": null, "lead_institution": null,
            "timeframe": null, "priority": null, "status": status, "author": id(0x12),
            "created_at": "2026-02-01T10:00:00Z", "edited_at": null, "steps": 2 });
        self.put("recommendations", &id(0x30_u8.wrapping_add(n)), with(usual, change));
        self.step(n, 1, "proposed", "proposed", json!({}));
        if status != "proposed" {
            let kind = if status == "published" { "published" } else { "decided" };
            self.step(n, 2, kind, status, json!({ "reason": "Secret reason." }));
        }
    }

    pub(super) fn step(&mut self, of: u8, n: u32, kind: &str, status: &str, change: Value) {
        let usual = json!({ "recommendation": id(0x30_u8.wrapping_add(of)), "n": n, "kind": kind, "status": status, "reason": null,
            "other": null, "by": id(0x13), "at": format!("2026-03-{:02}T10:00:00Z", of % 28 + 1) });
        self.put("steps", &format!("{}/{n}", id(0x30_u8.wrapping_add(of))), with(usual, change));
    }

    pub(super) fn position(&mut self, on: u8, organization: u8, position: &str, change: Value) {
        let usual = json!({ "recommendation": id(0x30_u8.wrapping_add(on)), "organization": id(organization), "n": 1,
            "position": position, "changes": null, "statement": null, "condition": null, "on_behalf": false,
            "wording": 1, "by": id(0x13), "at": "2026-02-02T10:00:00Z" });
        let value = with(usual, change);
        let key = format!("{}/{}/{}", id(0x30_u8.wrapping_add(on)), id(organization), value["n"]);
        self.put("positions", &key, value);
    }

    pub(super) fn progress(&mut self, of: u8, n: u32, state: &str, change: Value) {
        let usual = json!({ "recommendation": id(0x30_u8.wrapping_add(of)), "n": n, "state": state, "note": null, "link": null,
            "by": id(0x13), "at": format!("2026-04-{n:02}T10:00:00Z") });
        self.put("progress", &format!("{}/{n}", id(0x30_u8.wrapping_add(of))), with(usual, change));
    }

    /// Every nasty text in every free field, in 16 recommendations: each published, with an objection, and progress.
    pub(super) fn nasty(report: Value) -> Self {
        let mut scene = Self::new(report);
        scene.put(
            "terms",
            "themes/=t",
            json!({ "list": "themes", "code": "=t", "title": "=2+2", "dimension": "1" }),
        );
        for (n, text) in (1u8..).zip(NASTY) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            scene.recommendation(n, "published", json!({
                "title": line, "text": text, "rationale": text, "means_of_verification": text, "timeframe": line,
                "lead_institution": line, "supporting_institutions": [line, { "organization": id(2) }],
                "evidence_links": [{ "claim": text, "source": line }, { "claim": text, "source": null }],
                "dimension": "6", "themes": ["1.1", "=t"], "gcm_objectives": [23], "sdg_targets": ["10.7"],
                "priority": "high" }));
            scene.position(n, 2, "support_with_changes", json!({ "changes": text, "statement": text }));
            scene.position(n, 3, "object", json!({ "statement": text }));
            scene.progress(
                n,
                1,
                "under_way",
                json!({ "note": text, "link": "https://a.example/?a=1&b=\"2\"" }),
            );
        }
        scene
    }
}
