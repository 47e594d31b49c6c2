//! What everyone may see of a report: its published recommendations, as pages, a feed and JSON.
//!
//! `PublicRegister` is the gate: pages, feed and JSON are made of it and see nothing else. It holds what is published
//! and nothing else, and names of persons only where the report says so.

mod entry;
mod feed;
mod frame;
mod linked;
mod list;
mod positions;
mod register;
mod signs;

use maud::Markup;

pub use feed::feed;
pub use frame::{STYLE, nothing, style_path};
pub use register::{
    PublicObjection, PublicOrganization, PublicPosition, PublicProgress, PublicRecommendation, PublicRegister,
};

use super::Language;

/// What a page was asked for with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The language of the page.
    pub language: Language,
    /// It was chosen by `?language=`: links go on in it.
    pub chosen: bool,
    /// Only recommendations of the dimension with this code; `0` is those without one.
    pub dimension: Option<&'a str>,
}

/// The page of all published recommendations.
pub fn page(register: &PublicRegister, asked: Asked<'_>) -> String {
    whole(list::page(register, asked))
}

/// The page of one of them; `None` when no published one has the number.
pub fn entry(register: &PublicRegister, number: u32, asked: Asked<'_>) -> Option<String> {
    entry::page(register, number, asked).map(whole)
}

fn whole(page: Markup) -> String {
    page.into_string()
}
