//! Whom participants act for: found by name, told apart by code and hue.

use std::collections::BTreeSet;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::{
    fields::{Code, FieldError},
    state::{Organization, ReviewState},
};
use crate::limits;

/// Words that give no letter to a code: the articles, prepositions and conjunctions of the working languages.
const SMALL_WORDS: [&str; 41] = [
    "a", "al", "and", "au", "aux", "da", "das", "de", "del", "der", "des", "die", "do", "du", "e", "el",
    "en", "et", "für", "for", "in", "la", "las", "le", "les", "los", "of", "on", "para", "pour", "the", "to",
    "und", "y", "в", "для", "и", "на", "по", "па", "і",
];
/// The hues of plates, most distinct first.
const HUES: std::ops::RangeInclusive<u8> = 1..=8;
/// Letters taken of a name that is one word.
const WORD_LETTERS: usize = 4;
/// Letters of a derived code, before a digit that tells it from another.
const INITIALS_MAX: usize = 6;

impl ReviewState {
    /// The organization with this id, name or code, whatever the case or Unicode form.
    pub fn organization_named(&self, text: &str) -> Option<&Organization> {
        let by_id = text.trim().parse().ok().and_then(|id| self.organizations.get(&id));
        let wanted = folded(text);
        let by = |field: fn(&Organization) -> &str| {
            self.organizations.values().find(|it| folded(field(it)) == wanted)
        };
        by_id.or_else(|| by(|it| it.name.as_str())).or_else(|| by(|it| it.code.as_str()))
    }

    /// A code for a name, which no organization of the report has as its name or code.
    pub(super) fn code_for(&self, name: &str) -> Result<Code, FieldError> {
        let taken: BTreeSet<String> = self
            .organizations
            .values()
            .flat_map(|it| [folded(it.name.as_str()), folded(it.code.as_str())])
            .collect();
        let base = initials(name);
        let numbered = (2..=taken.len() + 2).map(|n| {
            let digits = n.to_string();
            let letters = base.chars().take(limits::CODE_CHARS_MAX.saturating_sub(digits.len()));
            letters.chain(digits.chars()).collect()
        });
        std::iter::once(base.clone())
            .chain(numbered)
            .find(|code| !taken.contains(&folded(code)))
            // One candidate more than names and codes in use: one is free.
            .map_or(Err(FieldError::Form("must be given: none could be made from the name")), Code::try_from)
    }

    /// The hue that the fewest organizations have; of equals the most distinct.
    pub(super) fn next_hue(&self) -> u8 {
        let used = |hue: &u8| self.organizations.values().filter(|it| it.hue == *hue).count();
        HUES.min_by_key(used).unwrap_or(*HUES.start())
    }
}

/// A name as compared: compatibility forms, case and characters without width make no difference.
pub(super) fn folded(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !invisible(*c)).collect();
    let lower = ComposingNormalizerBorrowed::new_nfkc().normalize(&visible).to_lowercase();
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize(&lower);
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// An abbreviation of a name: the one that stands in it in brackets, the first letters of its words, or the start of
/// its only word.
fn initials(name: &str) -> String {
    let name = ComposingNormalizerBorrowed::new_nfkc().normalize(name);
    if let Some(short) = name.split(['(', ')']).skip(1).step_by(2).find(|it| is_abbreviation(it)) {
        return short.to_owned();
    }
    let words: Vec<&str> = name
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && !SMALL_WORDS.contains(&word.to_lowercase().as_str()))
        .collect();
    let letters: String = match words[..] {
        [word] if is_abbreviation(word) => return word.to_owned(),
        [word] => word.chars().filter(|c| c.is_alphanumeric()).take(WORD_LETTERS).collect(),
        _ => words.iter().filter_map(|word| word.chars().next()).take(INITIALS_MAX).collect(),
    };
    let code: String = letters.to_uppercase().chars().take(INITIALS_MAX).collect();
    if code.is_empty() { "ORG".to_owned() } else { code }
}

/// Two to eight capitals and digits.
fn is_abbreviation(word: &str) -> bool {
    (2..=limits::CODE_CHARS_MAX).contains(&word.chars().count())
        && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::OrganizationId,
        review::{Name, OrganizationKind},
    };

    fn with(names: &[&str]) -> ReviewState {
        let mut state = ReviewState::default();
        for (n, name) in names.iter().enumerate() {
            let organization = Organization {
                id: OrganizationId::from_bytes([n as u8 + 1; 16]),
                name: Name::try_from((*name).to_owned()).unwrap(),
                code: state.code_for(name).unwrap(),
                kind: OrganizationKind::Other,
                hue: state.next_hue(),
                head: None,
            };
            state.organizations.insert(organization.id, organization);
        }
        state
    }

    #[test]
    fn a_code_is_made_from_the_significant_words() {
        for (name, code) in [
            ("International Organization for Migration", "IOM"),
            ("Ministry of Internal Affairs", "MIA"),
            ("Министерство внутренних дел", "МВД"),
            ("Міністэрства працы і сацыяльнай абароны", "МПСА"),
            ("Valdora Migrants’ Network", "VMN"),
            ("UNICEF", "UNICEF"),
            ("Caritas", "CARI"),
            ("UN Refugee Agency (UNHCR)", "UNHCR"),
            ("“Green” NGO (north)", "GNN"),
            ("One Two Three Four Five Six Seven Eight Nine", "OTTFFS"),
            ("★ ★", "ORG"),
        ] {
            assert_eq!(initials(name), code, "{name}");
        }
    }

    #[test]
    fn codes_do_not_repeat_on_a_report() {
        let state = with(&["Ministry of Labour", "Museum of Lights", "ML3", "Maison Lumière", "Moon Light"]);
        let codes: Vec<_> = state.organizations.values().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["ML", "ML2", "ML3", "ML4", "ML5"]);
        let long = with(&["ABCDEFGH", "Abcdefgh (ABCDEFGH)"]);
        assert_eq!(long.organizations.values().next_back().unwrap().code.as_str(), "ABCDEFG2");
    }

    #[test]
    fn hues_are_given_most_distinct_first_and_least_used_first() {
        let names: Vec<String> = (0..10).map(|n| format!("Organization {n}")).collect();
        let state = with(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let hues: Vec<_> = state.organizations.values().map(|it| it.hue).collect();
        assert_eq!(hues, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2]);
    }

    #[test]
    fn an_organization_is_found_by_id_name_or_code_in_any_case_and_unicode_form() {
        let state = with(&["Ministère de l’Intérieur", "Міністэрства"]);
        let first = &OrganizationId::from_bytes([1; 16]);
        for name in [
            "ministère de l’intérieur",
            "MINISTE\u{300}RE DE  L’INTE\u{301}RIEUR ",
            "Ministère de\u{200B} l’Intérieur",
            "ml",
            &first.to_string(),
        ] {
            assert_eq!(state.organization_named(name).map(|it| it.id), Some(*first), "{name}");
        }
        assert_eq!(state.organization_named("МІНІСТЭРСТВА").unwrap().code.as_str(), "МІНІ");
        assert_eq!(state.organization_named("Ministère"), None);
        assert_eq!(state.organization_named(""), None);
    }
}
