//! The public pages, the feed and the JSON: what they say, and what they never do.

use atom_syndication::Feed;
use serde_json::{Value, json};

use super::{NASTY, OTHER_PERSON, PERSON, Scene, id};
use crate::exchange::{
    Language,
    public::{self, Asked, PublicRegister},
};

const BASE: &str = "https://plenary.example.org";

fn of(scene: &Scene, language: Language) -> PublicRegister {
    PublicRegister::of(&scene.0, language, BASE).unwrap()
}

const fn asked(language: Language) -> Asked<'static> {
    Asked { language, chosen: false, dimension: None }
}

/// Everything that goes out, as text, in both languages.
fn all(scene: &Scene) -> Vec<(String, String)> {
    let mut all = vec![];
    for language in Language::ALL {
        let register = of(scene, language);
        all.push((format!("{language:?} list"), public::page(&register, asked(language))));
        for it in &register.recommendations {
            let page = public::entry(&register, it.number, asked(language)).unwrap();
            all.push((format!("{language:?} R{}", it.number), page));
        }
        all.push((format!("{language:?} feed"), String::from_utf8(public::feed(&register)).unwrap()));
        all.push((format!("{language:?} json"), serde_json::to_string(&register).unwrap()));
    }
    all
}

/// The linked data in a page's head.
fn linked(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn nothing_is_public_until_something_is_published() {
    let mut scene = Scene::new(json!({}));
    assert!(PublicRegister::of(&scene.0, Language::En, BASE).is_none());
    for (n, status) in
        (1..).zip(["proposed", "under_discussion", "agreed", "not_agreed", "merged", "withdrawn"])
    {
        scene.recommendation(n, status, json!({ "title": format!("Hidden {n}") }));
    }
    assert!(PublicRegister::of(&scene.0, Language::En, BASE).is_none());
    scene.recommendation(7, "published", json!({}));
    for (what, text) in all(&scene) {
        assert!(!text.contains("Hidden") && text.contains("Do 7"), "{what}: {text}");
    }
    let register = of(&scene, Language::En);
    assert_eq!(register.recommendations.len(), 1);
    assert!(public::entry(&register, 1, asked(Language::En)).is_none());
}

#[test]
fn pages_hold_no_script_and_no_text_becomes_markup() {
    for (what, text) in all(&Scene::nasty(json!({}))) {
        if what.ends_with("feed") || what.ends_with("json") {
            continue;
        }
        // Each `<` of a text is written as `&lt;` or `\u003c`, so what stands here is the page's own.
        assert_eq!(text.matches("<script").count(), 1, "{what}");
        assert_eq!(text.matches("<script type=\"application/ld+json\">").count(), 1, "{what}");
        assert_eq!(text.matches("</script").count(), 1, "{what}");
        for never in
            ["<img", "<!--", "<x/>", "<b>1", " style=", "href=\"javascript", "href=\"mailto", "<2026>"]
        {
            assert!(!text.contains(never), "{what}: {never}");
        }
        for tag in text.split('<').filter_map(|rest| rest.split('>').next()) {
            // Attributes' values stand in double quotes, and hold none.
            let names = tag.split('"').step_by(2).flat_map(str::split_whitespace).skip(1);
            for name in names {
                assert!(!name.starts_with("on") && name != "style=", "{what}: {tag}");
            }
        }
        linked(&text);
    }
}

#[test]
fn texts_are_all_there_and_link_only_to_the_web() {
    let scene = Scene::nasty(json!({}));
    let register = of(&scene, Language::En);
    for (n, text) in (1..).zip(NASTY) {
        let page = public::entry(&register, n, asked(Language::En)).unwrap();
        let escaped =
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        assert!(page.matches(escaped.as_str()).count() >= 5, "R{n}: {text}");
        assert_eq!(linked(&page)["text"], text);
    }
    let eighth = public::entry(&register, 8, asked(Language::En)).unwrap();
    assert!(eighth.contains(
        "<a class=\"out\" href=\"https://evil.example/?q=1\" rel=\"nofollow noopener noreferrer\""
    ));
    assert!(eighth.contains("href=\"https://a.example/?a=1&amp;b=&quot;2&quot;\""));
}

#[test]
fn no_participant_is_named_and_nothing_of_the_discussion_is_told() {
    let scene = Scene::nasty(json!({}));
    for (what, text) in all(&scene) {
        for name in
            [PERSON, OTHER_PERSON, "Cora", "Ulla Nym", "Administrator", "Secret reason", "Secret section"]
        {
            assert!(!text.contains(name), "{what} names {name}");
        }
        for n in 0x11..=0x14 {
            assert!(!text.contains(&id(n)), "{what} holds a participant's id");
        }
    }
    let named = Scene::nasty(json!({ "public_names": true }));
    for (what, text) in all(&named) {
        assert!(!text.contains(OTHER_PERSON), "{what}: who took a position or reported is never named");
        let list = what.ends_with("list");
        assert_eq!(text.contains(PERSON), !list || text.contains("\"author\""), "{what}: who proposed is");
        assert!(!text.contains("No names of persons"), "{what}");
    }
}

#[test]
fn a_page_tells_who_stands_where() {
    let mut scene = Scene::new(json!({ "language": "en" }));
    let fields =
        json!({ "dimension": "2", "lead_institution": { "organization": id(2) }, "timeframe": "June 2027" });
    scene.recommendation(1, "published", fields);
    scene.recommendation(2, "under_discussion", json!({}));
    scene.recommendation(3, "published", json!({}));
    scene.position(1, 1, "support", json!({}));
    scene.position(1, 2, "support_with_changes", json!({ "changes": "Secret changes." }));
    scene.position(1, 3, "object", json!({ "statement": "Too dear." }));
    scene.position(3, 3, "support", json!({ "condition": id(0x32) }));
    scene.progress(1, 1, "under_way", json!({ "note": "Begun." }));
    let register = of(&scene, Language::En);
    let [one, three] = &register.recommendations[..] else { panic!("two are published") };
    assert_eq!((one.sums.support, one.sums.support_with_changes, one.sums.object), (1, 1, 1));
    assert_eq!((one.no_position, three.sums.waiting, three.no_position), (1, 1, 2));
    let list = public::page(&register, asked(Language::En));
    for said in [
        "Published 4 March 2026, after a consultation of 4 organizations",
        "<b class=\"num\">2 of 4</b> organizations support it, 1 of them with changes",
        "aria-label=\"Support: 1, Support with changes: 1, Object: 1, No position yet: 1\"",
        "Too dear.",
        "Begun.",
        "Ministry of &quot;Labour&quot; &amp; Homes",
        "June 2027",
        "No names of persons are published.",
        "<a class=\"chip\" href=\"/public/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?dimension=2\">Whole-of-government approach 1</a>",
    ] {
        assert!(list.contains(said), "{said}: {list}");
    }
    assert!(!list.contains("Secret changes"));
    let some = Asked { language: Language::Ru, chosen: true, dimension: Some("0") };
    let some = public::page(&of(&scene, Language::Ru), some);
    assert!(some.contains("id=\"r3\"") && !some.contains("id=\"r1\""));
    assert!(some.contains("href=\"/public/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/recommendations/3?language=ru\""));
    assert!(some.contains("<html lang=\"ru\" dir=\"ltr\">") && some.contains("lang=\"en\""));
}

#[test]
fn the_feed_is_an_atom_feed_newest_first() {
    for names in [false, true] {
        let scene = Scene::nasty(json!({ "public_names": names }));
        let register = of(&scene, Language::En);
        let feed = Feed::read_from(&public::feed(&register)[..]).unwrap();
        assert_eq!(feed.id(), "urn:uuid:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa");
        assert_eq!(feed.authors().len(), 1, "a feed without an author is not valid");
        assert_eq!(feed.links()[0].rel(), "self");
        assert_eq!(feed.entries().len(), 2 * NASTY.len());
        assert!(feed.entries().is_sorted_by(|a, b| a.updated() >= b.updated()));
        assert_eq!(feed.updated(), feed.entries()[0].updated());
        let ids: std::collections::BTreeSet<_> =
            feed.entries().iter().map(atom_syndication::Entry::id).collect();
        assert_eq!(ids.len(), feed.entries().len());
        for (n, text) in (1u8..).zip(NASTY) {
            let urn = format!("urn:uuid:{}", uuid::Uuid::from_bytes([0x30 + n; 16]));
            let of_it = |entry: &&atom_syndication::Entry| entry.id().starts_with(&urn);
            let told: Vec<_> = feed.entries().iter().filter(of_it).collect();
            assert_eq!(told.len(), 2);
            for entry in told {
                assert_eq!(entry.summary().unwrap().as_str().trim(), text.trim());
                assert!(entry.links()[0].href().starts_with(&format!("{BASE}/public/{}", id(0xAA))));
                assert_eq!(entry.authors().len(), usize::from(names));
            }
        }
    }
}

#[test]
fn linked_data_names_each_recommendation_by_its_stable_address() {
    let mut scene = Scene::new(json!({}));
    scene.recommendation(5, "published", json!({ "dimension": "1" }));
    scene.progress(5, 1, "done", json!({}));
    let register = of(&scene, Language::Ru);
    let list = linked(&public::page(&register, asked(Language::Ru)));
    let one = linked(&public::entry(&register, 5, asked(Language::Ru)).unwrap());
    let url = format!("{BASE}/public/{}/recommendations/5", id(0xAA));
    assert_eq!((&list["@type"], &list["@context"]), (&json!("CollectionPage"), &json!("https://schema.org")));
    assert_eq!((&list["hasPart"][0]["@id"], &one["@id"]), (&json!(url), &json!(url)));
    assert_eq!((&one["identifier"], &one["about"][0]["name"]), (&json!("R5"), &json!("Права мигрантов")));
    assert_eq!(
        (&one["datePublished"], &one["dateModified"]),
        (&json!("2026-03-06T10:00:00Z"), &json!("2026-04-01T10:00:00Z"))
    );
    assert_eq!(one["isPartOf"]["about"]["name"], "Migration in Valdora <2026>");
}

#[test]
fn the_page_that_nothing_is_published_on_names_nothing() {
    for language in Language::ALL {
        let page = public::nothing(language);
        assert!(page.contains(&format!("<html lang=\"{}\"", language.tag())) && !page.contains("<script"));
        assert!(!page.contains("/public/a") && !page.contains("feed.atom"));
    }
}
