//! What machines read in the head of a page: schema.org in JSON-LD, as a data block, which no browser runs.

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::{PublicRecommendation, PublicRegister};
use crate::exchange::words;

/// Linked data of a page.
pub(super) struct Data(Value);

impl Data {
    /// Of the page of all recommendations.
    pub(super) fn of_all(register: &PublicRegister) -> Self {
        let parts: Vec<_> = register.recommendations.iter().map(|it| work(register, it)).collect();
        Self(json!({
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "@id": register.url,
            "url": register.url,
            "name": register.language.say(words::TITLE),
            "inLanguage": register.language.tag(),
            "about": report(register),
            "datePublished": register.published_at.to_string(),
            "dateModified": register.updated_at.to_string(),
            "hasPart": parts,
        }))
    }

    /// Of the page of one.
    pub(super) fn of_one(register: &PublicRegister, it: &PublicRecommendation) -> Self {
        let mut value = work(register, it);
        value["text"] = json!(it.text);
        value["@context"] = json!("https://schema.org");
        value["isPartOf"] =
            json!({ "@type": "CollectionPage", "@id": register.url, "about": report(register) });
        Self(value)
    }

    /// As a data block. No `<` in it ends it or begins another.
    pub(super) fn block(&self) -> Markup {
        let text = self.0.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        html! { script type="application/ld+json" { (PreEscaped(text)) } }
    }
}

fn report(register: &PublicRegister) -> Value {
    json!({ "@type": "Report", "name": register.report.title, "inLanguage": register.report.language })
}

fn work(register: &PublicRegister, it: &PublicRecommendation) -> Value {
    let subjects = [&it.themes, &it.gcm_objectives, &it.sdg_targets];
    let about: Vec<_> = it
        .dimension
        .iter()
        .chain(subjects.into_iter().flatten())
        .map(|it| json!({ "@type": "DefinedTerm", "termCode": it.code, "name": it.title }))
        .collect();
    let changed = it.progress.last().map_or(it.published_at, |last| last.at.max(it.published_at));
    let mut work = json!({
        "@type": "CreativeWork",
        "@id": it.url,
        "url": it.url,
        "identifier": format!("R{}", it.number),
        "name": it.title,
        "inLanguage": register.report.language,
        "about": about,
        "creativeWorkStatus": "Published",
        "datePublished": it.published_at.to_string(),
        "dateModified": changed.to_string(),
    });
    if let Some(who) = &it.proposed_by {
        work["author"] = json!({ "@type": "Person", "name": who.name, "affiliation": who.organization });
    }
    work
}
