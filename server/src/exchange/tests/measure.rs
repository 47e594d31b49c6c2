//! What a large register costs: `cargo test --release -p plenary --lib -- exchange::tests::measure --ignored --nocapture`

use std::time::Instant;

use serde_json::json;

use super::Scene;
use crate::exchange::{
    Language, Register, csv,
    public::{self, Asked, PublicRegister},
    xlsx,
};

#[test]
#[ignore = "prints figures"]
fn two_hundred_published_recommendations_with_texts_of_a_page_and_all_positions() {
    let mut scene = Scene::new(json!({}));
    let text = "Every office says what it decided, why, and by when it can be appealed. ".repeat(40);
    for n in 1..=200 {
        scene.recommendation(n, "published", json!({ "text": text, "rationale": text }));
        for organization in 2..=4 {
            scene.position(n, organization, "object", json!({ "statement": text }));
        }
        scene.progress(n, 1, "under_way", json!({ "note": "Begun." }));
    }
    let timed = |what: &str, make: &dyn Fn() -> usize| {
        let started = Instant::now();
        let bytes = make();
        println!("{what}: {:?}, {bytes} bytes", started.elapsed());
    };
    let now = "2026-05-01T12:00:00Z".parse().unwrap();
    let register = Register::of(&scene.0, Language::En).unwrap();
    timed("workbook", &|| xlsx(&register, now).unwrap().len());
    timed("text", &|| csv(&register).len());
    timed("json", &|| serde_json::to_vec(&register).unwrap().len());
    let asked = Asked { language: Language::Ru, chosen: false, dimension: None };
    let public = || PublicRegister::of(&scene.0, Language::Ru, "https://a.example").unwrap();
    timed("page of all", &|| public::page(&public(), asked).len());
    timed("page of one", &|| public::entry(&public(), 7, asked).unwrap().len());
    timed("feed", &|| public::feed(&public()).len());
}
