//! The reference lists that every report starts with: dimensions with their themes, objectives of the Global Compact for
//! Migration, targets of the Sustainable Development Goals.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields::TermCode,
    recommendation::GcmObjective,
    state::{Dimension, ReviewState},
    term::TermList,
};

/// The reference lists.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The dimensions of the MGI framework.
    pub dimensions: Vec<DimensionEntry>,
    /// The objectives of the Global Compact for Migration.
    pub gcm_objectives: Vec<ObjectiveEntry>,
    /// The targets of the Sustainable Development Goals that speak of migration.
    pub sdg_targets: Vec<TermEntry>,
}

/// A dimension.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionEntry {
    /// `"1"` to `"6"`.
    pub code: Dimension,
    /// Its name.
    pub title: DimensionTitle,
    /// What its indicators look at.
    pub themes: Vec<TermEntry>,
}

/// The name of a dimension.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionTitle {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
    /// French.
    pub fr: String,
    /// Spanish.
    pub es: String,
    /// Belarusian.
    pub be: String,
}

/// A theme or a target.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermEntry {
    /// Its code, as recommendations name it.
    #[schema(value_type = String)]
    pub code: TermCode,
    /// What it says.
    pub title: TermTitle,
}

/// An objective.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveEntry {
    /// 1 to 23.
    #[schema(value_type = u8)]
    pub number: GcmObjective,
    /// What it says.
    pub title: TermTitle,
}

/// A title in the two languages of the lists.
#[derive(PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermTitle {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// The lists, as they are shipped.
pub fn reference() -> &'static Reference {
    static LISTS: LazyLock<Reference> = LazyLock::new(|| {
        // Part of the program, and held by the tests below.
        serde_json::from_str(include_str!("reference.json")).expect("reference.json holds the lists")
    });
    &LISTS
}

impl Reference {
    /// An entry of a list.
    pub fn entry(&self, list: TermList, code: &TermCode) -> Option<&TermEntry> {
        let of = |it: &&TermEntry| it.code == *code;
        match list {
            TermList::Themes => self.dimensions.iter().flat_map(|it| &it.themes).find(of),
            TermList::SdgTargets => self.sdg_targets.iter().find(of),
        }
    }
}

impl ReviewState {
    /// Whether a list of this report has the code: its own entries and those shipped.
    pub fn has_term(&self, list: TermList, code: &TermCode) -> bool {
        reference().entry(list, code).is_some() || self.terms.contains_key(&(list, code.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::limits;

    fn cyrillic(text: &str) -> bool {
        text.chars()
            .filter(|it| it.is_alphabetic())
            .all(|it| ('а'..='ё').contains(&it) || ('А'..='Я').contains(&it))
    }

    #[test]
    fn every_entry_has_a_code_of_its_own_and_a_title_in_english_and_russian() {
        let lists = reference();
        let themes = || lists.dimensions.iter().flat_map(|it| &it.themes);
        let titles = themes().chain(&lists.sdg_targets).map(|it| &it.title);
        let titles: Vec<_> = titles.chain(lists.gcm_objectives.iter().map(|it| &it.title)).collect();
        assert_eq!(titles.len(), 32 + 12 + limits::GCM_OBJECTIVES);
        for title in titles {
            assert!(title.en.is_ascii() && !title.en.is_empty(), "{title:?}");
            assert!(
                cyrillic(&title.ru.replace(|c: char| c.is_ascii_digit(), "")) && title.ru.len() > 5,
                "{title:?}"
            );
        }
        let codes: BTreeSet<_> = themes().map(|it| it.code.as_str()).collect();
        assert_eq!(codes.len(), themes().count());
        for dimension in &lists.dimensions {
            let code = serde_json::to_value(dimension.code).unwrap();
            let prefix = format!("{}.", code.as_str().unwrap());
            assert!(dimension.themes.iter().all(|it| it.code.as_str().starts_with(&prefix)), "{code}");
        }
        let targets: BTreeSet<_> = lists.sdg_targets.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(targets.len(), lists.sdg_targets.len());
        assert!(lists.gcm_objectives.iter().map(|it| usize::from(u8::from(it.number))).eq(1..=23));
    }

    #[test]
    fn the_dimensions_are_named_in_all_five_languages() {
        let dimensions = &reference().dimensions;
        assert!(dimensions.is_sorted_by_key(|it| it.code) && dimensions.len() == 6);
        for DimensionEntry { title, .. } in dimensions {
            let all = [&title.en, &title.ru, &title.fr, &title.es, &title.be];
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 5, "{title:?}");
            assert!(cyrillic(&title.ru), "{title:?}");
        }
    }
}
