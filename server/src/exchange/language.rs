//! The languages that registers and public pages speak.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language of headers, titles of reference lists, and public pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RegisterLanguage)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// Its language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// Its own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// The language with this tag; a region after it does not matter.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let main = tag.split('-').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|it| it.tag().eq_ignore_ascii_case(main))
    }

    /// The one that an `Accept-Language` header wants most (RFC 9110, 12.5.4); English where it wants none of them.
    pub fn wanted(accept: &str) -> Self {
        let mut best = (Self::default(), 0.0);
        for range in accept.split(',').take(RANGES_MAX) {
            let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
            let weight = match rest.trim().strip_prefix("q=") {
                Some(weight) => weight.trim().parse().unwrap_or(0.0),
                None => 1.0,
            };
            if let Some(language) = Self::of_tag(tag)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The one of two things that is in this language.
    pub(super) const fn pick<T: Copy>(self, en: T, ru: T) -> T {
        match self {
            Self::En => en,
            Self::Ru => ru,
        }
    }
}

/// Languages that are read of one header.
const RANGES_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_wanted_most() {
        for (accept, wanted) in [
            ("", Language::En),
            ("ru", Language::Ru),
            ("RU-by", Language::Ru),
            ("en-GB,en;q=0.9,ru;q=0.8", Language::En),
            ("be;q=1.0, ru;q=0.7, en;q=0.3", Language::Ru),
            ("ru;q=0, en;q=0.1", Language::En),
            ("ru;q=0", Language::En),
            ("ru;q=none", Language::En),
            ("run, fr", Language::En),
            ("*", Language::En),
        ] {
            assert_eq!(Language::wanted(accept), wanted, "{accept}");
        }
    }
}
