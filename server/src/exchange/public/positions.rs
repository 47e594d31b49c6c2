//! Who stands where: sums in words, a bar, the organizations of each position, and the objections that stand.

use maud::{Markup, html};

use super::{
    PublicRecommendation,
    signs::{of_position, of_progress, sign},
};
use crate::{
    exchange::{Language, words},
    review::Counted,
};

/// A share of the bar under this has no number in it: it would not fit.
const NUMBERED_FROM: f64 = 5.0;

impl PublicRecommendation {
    /// The sums, in words and as a bar.
    pub(super) fn sums(&self, language: Language) -> Markup {
        let sums = &self.sums;
        let (support, of) = (sums.support + sums.support_with_changes, self.voices());
        html! {
            @if of > 0 {
                p class="sums" {
                    b class="num" { (language.out_of(support, of)) } " "
                    (language.of_them_support(of, sums.support_with_changes))
                }
                (self.bar(language))
            }
        }
    }

    /// The bar: widths are attributes, for the policy of the page allows no inline style.
    fn bar(&self, language: Language) -> Markup {
        let whole = f64::from(self.voices());
        let parts = self.by_position();
        let said: Vec<_> =
            parts.iter().map(|(it, whose)| format!("{}: {}", called(language, *it), whose.len())).collect();
        let mut from = 0.0;
        let places: Vec<_> = parts
            .iter()
            .map(|(it, whose)| {
                let (start, width) = (from, whose.len() as f64 * 100.0 / whole);
                from += width;
                (of_position(*it).0, start, width, whose.len())
            })
            .collect();
        html! {
            svg class="bar" role="img" aria-label=(said.join(", ")) width="100%" height="20" {
                @for (class, start, width, count) in places {
                    rect class=(class) x=(percent(start)) width=(percent(width)) height="100%" {}
                    @if let Some(pattern) = pattern(class) {
                        rect class="over" x=(percent(start)) width=(percent(width)) height="100%" fill=(pattern) {}
                    }
                    @if width >= NUMBERED_FROM {
                        text class={ "on-" (class) } x=(percent(start + width / 2.0)) y="14" text-anchor="middle" { (count) }
                    }
                }
            }
        }
    }

    /// Each position with the organizations that hold it.
    pub(super) fn whose(&self, language: Language) -> Markup {
        html! {
            ul class="whose" {
                @for (it, whose) in self.by_position() {
                    li {
                        span class="pi" { (plate(it)) (called(language, it)) " " b class="num" { (whose.len()) } }
                        span {
                            @for (n, it) in whose.iter().enumerate() {
                                @if n > 0 { ", " }
                                bdi { (it.name) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The objections that stand, each with its words.
    pub(super) fn objections(&self, language: Language, report: &str) -> Markup {
        html! {
            @if !self.maintained_objections.is_empty() {
                div class="objections" {
                    h3 { (plate(Some(Counted::Object))) (language.say(words::OBJECTIONS)) }
                    @for it in &self.maintained_objections {
                        p class="whom" { b { bdi { (it.organization.name) } } }
                        @match &it.statement {
                            Some(statement) => blockquote dir="auto" lang=(report) { (statement) },
                            None => p class="quiet" { (language.say(words::OBJECTION_WITHOUT_WORDS)) },
                        }
                    }
                }
            }
        }
    }

    /// How far it has got, as last reported.
    pub(super) fn progress_now(&self, language: Language, report: &str) -> Markup {
        html! {
            @if let Some(it) = self.progress.last() {
                div class="progress" {
                    p class="pi" { (sign(of_progress(it.state))) b { (language.progress(it.state)) } }
                    @if let Some(note) = &it.note {
                        p class="note" dir="auto" lang=(report) { (note) }
                    }
                }
            }
        }
    }
}

/// What is drawn over a colour, so that it is told from the others without it.
fn pattern(class: &str) -> Option<&'static str> {
    match class {
        "pc" => Some("url(#hatch)"),
        "pa" => Some("url(#dots)"),
        _ => None,
    }
}

fn percent(part: f64) -> String {
    format!("{part:.3}%")
}

fn plate(it: Option<Counted>) -> Markup {
    let (class, name) = of_position(it);
    html! { span class={ "sq " (class) } { (sign(name)) } }
}

fn called(language: Language, it: Option<Counted>) -> &'static str {
    it.map_or(language.say(words::NO_POSITION), |it| language.counted(it))
}
