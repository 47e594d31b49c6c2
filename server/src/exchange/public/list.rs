//! The page of all published recommendations of a report.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Asked, PublicRecommendation, PublicRegister, frame::Frame, linked::Data, signs::sign};
use crate::exchange::{Coded, Language, words};

/// The code under which those without a dimension are asked for.
const WITHOUT: &str = "0";

pub(super) fn page(register: &PublicRegister, asked: Asked<'_>) -> Markup {
    let language = asked.language;
    let report = &register.report;
    let (many, each) =
        (language.recommendations(register.recommendations.len()), language.say(words::LEAD_IN));
    let lead = format!("{}. {many} {each}", report.title.trim_end_matches('.'));
    let frame = Frame {
        register,
        asked,
        url: &register.url,
        title: format!("{} · {}", language.say(words::TITLE), report.title),
        description: &lead,
        data: Data::of_all(register),
        skip: language.say(words::SKIP),
    };
    let shown =
        register.recommendations.iter().filter(|it| asked.dimension.is_none_or(|code| code == code_of(it)));
    frame.around(html! {
        main #main class="in" tabindex="-1" {
            div class="head" {
                div {
                    p class="quiet" { (language.published(register.published_at, register.organizations)) }
                    h1 { (language.say(words::TITLE)) }
                    p class="lead whose-title" dir="auto" lang=(report.language) { (report.title) }
                    p class="lead" { (many) " " (each) }
                }
                (formats(register, language))
            }
            (dimensions(register, asked))
            ol class="list" {
                @for it in shown { li #{ "r" (it.number) } { (row(register, it, asked)) } }
            }
        }
    })
}

fn formats(register: &PublicRegister, language: Language) -> Markup {
    let at = |name: &str| format!("/public/{}/{name}?language={}", register.report.id, language.tag());
    html! {
        aside class="formats" aria-label=(language.say(words::ABOUT)) {
            ul {
                li { (sign("download")) a href=(at("register.json")) { (language.say(words::AS_JSON)) } }
                li { (sign("rss")) a href=(at("feed.atom")) { (language.say(words::FOLLOW)) } }
            }
        }
    }
}

fn code_of(it: &PublicRecommendation) -> &str {
    it.dimension.as_ref().map_or(WITHOUT, |it| it.code.as_str())
}

/// Links that show the recommendations of one dimension only.
fn dimensions(register: &PublicRegister, asked: Asked<'_>) -> Markup {
    let language = asked.language;
    let none = Coded { code: WITHOUT.to_owned(), title: language.say(words::NO_DIMENSION).to_owned() };
    let mut counts: BTreeMap<(bool, &str), (&str, usize)> = BTreeMap::new();
    for it in &register.recommendations {
        let Coded { code, title } = it.dimension.as_ref().unwrap_or(&none);
        counts.entry((code == WITHOUT, code)).or_insert((title, 0)).1 += 1;
    }
    let all = asked.path(register, "");
    let link = |code: &str| format!("{all}{}dimension={code}", if asked.chosen { "&" } else { "?" });
    let current = |it: bool| it.then_some("true");
    html! {
        nav class="chips" aria-label=(language.say(words::DIMENSIONS)) {
            a class="chip" href=(all) aria-current=[current(asked.dimension.is_none())] {
                (language.say(words::EVERY)) " " (register.recommendations.len())
            }
            @for ((_, code), (title, count)) in counts {
                a class="chip" href=(link(code)) aria-current=[current(asked.dimension == Some(code))] {
                    (title) " " (count)
                }
            }
        }
    }
}

fn row(register: &PublicRegister, it: &PublicRecommendation, asked: Asked<'_>) -> Markup {
    let (language, report) = (asked.language, register.report.language.as_str());
    let own = asked.path(register, &format!("/recommendations/{}", it.number));
    html! {
        div class="no" {
            (it.flag())
            a class="perma" href=(own) { (sign("link")) span class="vh" { (language.stable_link(it.number)) } }
        }
        div class="body" {
            h2 dir="auto" lang=(report) { a href=(own) { (it.title) } }
            p class="text" dir="auto" lang=(report) { (it.text) }
            (it.facts(language))
        }
        div class="side" {
            (it.sums(language))
            (it.progress_now(language, report))
            @if !it.positions.is_empty() {
                details { summary { (language.say(words::WHO)) } (it.whose(language)) }
            }
            (it.objections(language, report))
        }
    }
}

impl PublicRecommendation {
    pub(super) fn flag(&self) -> Markup {
        html! { span class="flag" { (sign("flag")) "R" (self.number) } }
    }

    /// Who, by when, and what of the wider world it serves.
    fn facts(&self, language: Language) -> Markup {
        let codes = |all: &[Coded]| all.iter().map(|it| it.code.as_str()).collect::<Vec<_>>().join(", ");
        let facts = [
            (words::LEAD, self.lead_institution.clone().unwrap_or_default()),
            (words::BY_WHEN, self.timeframe.clone().unwrap_or_default()),
            (words::GLOBAL_COMPACT, codes(&self.gcm_objectives)),
            (words::SDG, codes(&self.sdg_targets)),
        ];
        html! {
            dl class="facts" {
                @for (title, fact) in facts.into_iter().filter(|it| !it.1.is_empty()) {
                    div { dt { (language.say(title)) } dd { bdi { (fact) } } }
                }
            }
        }
    }
}
