//! What every public page has around it.

use std::sync::LazyLock;

use maud::{DOCTYPE, Markup, html};
use sha2::{Digest as _, Sha256};

use super::{Asked, PublicRegister, linked::Data, signs};
use crate::exchange::{Language, words};

/// The style sheet of the pages.
pub const STYLE: &str = include_str!("page.css");

/// Where the style sheet is asked for: a new one has a new address.
pub fn style_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let hash = Sha256::digest(STYLE.as_bytes());
        format!("/public/page.css?v={:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
    });
    &PATH
}

/// A public page of a report.
pub(super) struct Frame<'a> {
    pub(super) register: &'a PublicRegister,
    pub(super) asked: Asked<'a>,
    /// Its address, with the server's.
    pub(super) url: &'a str,
    pub(super) title: String,
    pub(super) description: &'a str,
    pub(super) data: Data,
    /// What the first link of the page leads to.
    pub(super) skip: &'static str,
}

impl Frame<'_> {
    pub(super) fn around(&self, main: Markup) -> Markup {
        let language = self.asked.language;
        let feed = format!("{}/feed.atom", self.register.url);
        let head = html! {
            meta name="description" content=(beginning(self.description));
            link rel="canonical" href=(self.url);
            @for other in Language::ALL {
                link rel="alternate" hreflang=(other.tag()) href={ (self.url) "?language=" (other.tag()) };
            }
            link rel="alternate" type="application/atom+xml" href={ (feed) "?language=" (language.tag()) } title=(language.say(words::FOLLOW));
            (self.data.block())
        };
        let home = self.asked.path(self.register, "");
        let whose = if self.register.names { "" } else { language.say(words::NO_NAMES) };
        let foot = html! { p { (whose) " " (language.say(words::WHOSE)) } };
        document(language, &self.title, &head, &Top { home: Some(&home), skip: self.skip }, &main, &foot)
    }
}

impl Asked<'_> {
    /// The address of a page of the report on this server, in the chosen language. `under` starts with a slash.
    pub(super) fn path(self, register: &PublicRegister, under: &str) -> String {
        let chosen = if self.chosen { format!("?language={}", self.language.tag()) } else { String::new() };
        format!("/public/{}{under}{chosen}", register.report.id)
    }
}

/// The page that says that nothing is published: the same whether there is such a report or not.
pub fn nothing(language: Language) -> String {
    let main = html! {
        main #main tabindex="-1" class="in none" {
            h1 { (language.say(words::NONE_TITLE)) }
            p class="lead" { (language.say(words::NONE_TEXT)) }
        }
    };
    let title = language.say(words::NONE_TITLE);
    let head = html! { meta name="robots" content="noindex"; };
    let top = Top { home: None, skip: language.say(words::SKIP) };
    document(language, title, &head, &top, &main, &html! {}).into_string()
}

struct Top<'a> {
    home: Option<&'a str>,
    skip: &'static str,
}

fn document(
    language: Language,
    title: &str,
    head: &Markup,
    top: &Top<'_>,
    main: &Markup,
    foot: &Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/mark.svg" type="image/svg+xml";
                link rel="stylesheet" href="/faces.css";
                link rel="stylesheet" href=(style_path());
                (head)
            }
            body {
                (signs::SHEET)
                a class="skip" href="#main" { (top.skip) }
                header class="top" {
                    div class="in" {
                        @match top.home {
                            Some(home) => a class="mark" href=(home) { (signs::MARK) span { "Plenary" } },
                            None => span class="mark" { (signs::MARK) span { "Plenary" } },
                        }
                        nav aria-label=(language.say(words::LANGUAGES)) {
                            @for other in Language::ALL {
                                a href={ "?language=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag())
                                    aria-current=[(other == language).then_some("true")] { (other.name()) }
                            }
                        }
                    }
                }
                (main)
                footer class="foot" { div class="in" { (foot) } }
            }
        }
    }
}

/// What a search engine or a messenger shows of a page.
fn beginning(text: &str) -> String {
    const CHARS_MAX: usize = 200;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= CHARS_MAX {
        return line;
    }
    line.chars().take(CHARS_MAX - 1).chain(['…']).collect()
}
