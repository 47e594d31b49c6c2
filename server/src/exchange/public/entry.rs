//! The page of one published recommendation.

use maud::{Markup, html};
use url::Url;

use super::{
    Asked, PublicRecommendation, PublicRegister,
    frame::Frame,
    linked::Data,
    signs::{of_progress, sign},
};
use crate::{
    exchange::{Coded, Language, words},
    review::EvidenceLink,
};

pub(super) fn page(register: &PublicRegister, number: u32, asked: Asked<'_>) -> Option<Markup> {
    let at = register.recommendations.iter().position(|it| it.number == number)?;
    let it = register.recommendations.get(at)?;
    let (language, report) = (asked.language, register.report.language.as_str());
    let frame = Frame {
        register,
        asked,
        url: &it.url,
        title: format!("R{number}: {} · {}", it.title, register.report.title),
        description: &it.text,
        data: Data::of_one(register, it),
        skip: language.say(words::SKIP_ONE),
    };
    Some(frame.around(html! {
        main #main class="in one" tabindex="-1" {
            p class="crumb" {
                a href=(asked.path(register, "")) { (language.say(words::ALL_OF_THEM)) } " · "
                span dir="auto" lang=(report) { (register.report.title) }
            }
            article {
                div class="no" { (it.flag()) }
                h1 dir="auto" lang=(report) { (it.title) }
                p class="lead text" dir="auto" lang=(report) { (it.text) }
                div class="cols" {
                    div class="body" { (it.fields(language, report)) }
                    div class="side" {
                        (it.sums(language))
                        @if !it.positions.is_empty() {
                            h2 { (language.say(words::WHO)) }
                            (it.whose(language))
                        }
                        (it.objections(language, report))
                    }
                }
                (it.history(language, report))
            }
            (neighbours(register, at, asked))
        }
    }))
}

/// The ones before and after it.
fn neighbours(register: &PublicRegister, at: usize, asked: Asked<'_>) -> Markup {
    let all = &register.recommendations;
    let before = at.checked_sub(1).and_then(|at| all.get(at)).map(|it| (words::EARLIER, it));
    let after = all.get(at + 1).map(|it| (words::LATER, it));
    html! {
        @if all.len() > 1 {
            nav class="turn" aria-label=(asked.language.say(words::ALL_OF_THEM)) {
                @for (which, it) in before.into_iter().chain(after) {
                    a href=(asked.path(register, &format!("/recommendations/{}", it.number))) {
                        span class="quiet" { (asked.language.say(which)) }
                        span dir="auto" { "R" (it.number) " " (it.title) }
                    }
                }
            }
        }
    }
}

impl PublicRecommendation {
    /// Everything that is known of it, each under its name.
    fn fields(&self, language: Language, report: &str) -> Markup {
        let words_of = |it: &Option<String>| html! { @if let Some(it) = it { p class="text" dir="auto" lang=(report) { (it) } } };
        let one = |it: &Option<String>| html! { @if let Some(it) = it { p { bdi { (it) } } } };
        let fields = [
            (words::LEAD, one(&self.lead_institution)),
            (words::BY_WHEN, one(&self.timeframe)),
            (words::PRIORITY, one(&self.priority.map(|it| language.priority(it).to_owned()))),
            (words::SUPPORTING, list(&self.supporting_institutions, |it| html! { (it) })),
            (words::RATIONALE, words_of(&self.rationale)),
            (words::VERIFICATION, words_of(&self.means_of_verification)),
            (words::EVIDENCE, list(&self.evidence_links, |it| evidence(it, language, report))),
            (words::DIMENSION, list(self.dimension.as_slice(), coded)),
            (words::THEMES, list(&self.themes, coded)),
            (words::GCM, list(&self.gcm_objectives, coded)),
            (words::SDG, list(&self.sdg_targets, coded)),
            (
                words::PROPOSED_BY,
                one(&self.proposed_by.as_ref().map(|it| match &it.organization {
                    Some(organization) => format!("{} ({organization})", it.name),
                    None => it.name.clone(),
                })),
            ),
        ];
        html! {
            dl class="fields" {
                @for (title, field) in fields.into_iter().filter(|it| !it.1.0.is_empty()) {
                    div { dt { (language.say(title)) } dd { (field) } }
                }
            }
        }
    }

    /// All that was reported of its progress, newest first.
    fn history(&self, language: Language, report: &str) -> Markup {
        html! {
            @if !self.progress.is_empty() {
                section class="history" {
                    h2 { (language.say(words::PROGRESS_SO_FAR)) }
                    ol {
                        @for it in self.progress.iter().rev() {
                            li #{ "progress-" (it.n) } {
                                p class="pi" {
                                    (sign(of_progress(it.state))) b { (language.progress(it.state)) }
                                    time class="quiet" datetime=(it.at) { (language.date(it.at)) }
                                }
                                @if let Some(note) = &it.note { p class="text" dir="auto" lang=(report) { (note) } }
                                @if let Some(link) = &it.link { p { (leads(link)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn list<T>(all: &[T], item: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !all.is_empty() { ul { @for it in all { li { bdi { (item(it)) } } } } }
    }
}

fn coded(it: &Coded) -> Markup {
    html! { b class="num" { (it.code) } " " (it.title) }
}

fn evidence(it: &EvidenceLink, language: Language, report: &str) -> Markup {
    html! {
        span class="text" lang=(report) { (it.claim.as_str()) } " "
        @match &it.source {
            Some(source) if is_address(source.as_str()) => (leads(source.as_str())),
            Some(source) => span class="quiet" lang=(report) { (source.as_str()) },
            None => span class="quiet" { (language.say(words::NO_SOURCE)) },
        }
    }
}

/// A link out of here; only ever to an address that `is_address`.
fn leads(to: &str) -> Markup {
    html! { a class="out" href=(to) rel="nofollow noopener noreferrer" dir="ltr" { (to) } }
}

/// Whether a source may be followed: nothing but http and https, with a host.
fn is_address(source: &str) -> bool {
    Url::parse(source).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        for good in ["https://a.example/x?y=1", "HTTP://a.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "//a.example", "a.example", "Census 2024", "https://"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
