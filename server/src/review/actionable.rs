//! What a recommendation lacks before somebody can act on it. Advice only: nothing is refused for it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::recommendation::Recommendation;

/// Something without which nobody knows what to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// Its title does not say what is to be done.
    Verb,
    /// Who is to do it.
    Lead,
    /// By when.
    Timeframe,
}

impl Recommendation {
    /// What it lacks, in this order.
    pub fn lacks(&self) -> Vec<Lacking> {
        let lacks = [
            (!has_verb(self.title.as_str()), Lacking::Verb),
            (self.lead_institution.is_none(), Lacking::Lead),
            (self.timeframe.is_none(), Lacking::Timeframe),
        ];
        lacks.into_iter().filter(|it| it.0).map(|it| it.1).collect()
    }
}

/// Whether a title says to do something, as far as its words show: an English verb that recommendations are made of, or
/// an infinitive of the other working languages. What is written in neither script is not judged.
fn has_verb(title: &str) -> bool {
    let lower = title.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphabetic() || c == '-')).filter(|it| !it.is_empty()).collect();
    let of = |range: std::ops::RangeInclusive<char>| lower.chars().any(|it| range.contains(&it));
    let (cyrillic, latin) = (of('а'..='џ'), of('a'..='z'));
    let first_romance = words.first().is_some_and(|it| ends_like(it, &ROMANCE, &ENGLISH_OTHERS));
    (!cyrillic && !latin)
        || words.iter().any(|it| ENGLISH.split(' ').any(|verb| verb == *it))
        || (latin && first_romance)
        || words.iter().any(|it| ends_like(it, &SLAVIC, &SLAVIC_NOUNS))
}

fn ends_like(word: &str, endings: &[&str], but: &[&str]) -> bool {
    endings.iter().any(|it| word.len() > it.len() + 2 && word.ends_with(it))
        && !but.iter().any(|it| word.ends_with(it))
}

/// French and Spanish infinitives.
const ROMANCE: [&str; 5] = ["ar", "er", "ir", "oir", "re"];
/// English words that end like them.
const ENGLISH_OTHERS: [&str; 22] = [
    "better",
    "border",
    "care",
    "centre",
    "fewer",
    "future",
    "gender",
    "greater",
    "higher",
    "infrastructure",
    "larger",
    "lower",
    "more",
    "number",
    "other",
    "over",
    "register",
    "regular",
    "stronger",
    "under",
    "water",
    "wider",
];
/// Russian and Belarusian infinitives.
const SLAVIC: [&str; 20] = [
    "ать",
    "аться",
    "аваць",
    "авацца",
    "аць",
    "ацца",
    "еть",
    "еться",
    "ець",
    "ить",
    "иться",
    "іць",
    "іцца",
    "оть",
    "сти",
    "ти",
    "уть",
    "ыць",
    "ять",
    "яць",
];
/// Nouns that end like them.
const SLAVIC_NOUNS: [&str; 9] = ["асти", "асць", "нить", "ости", "ость", "печать", "пути", "сети", "сеть"];
/// English verbs of recommendations. Those that are as often nouns ("plan", "report") are left out.
const ENGLISH: &str = "abolish accede accelerate adapt add adjust adopt align allocate allow amend analyse analyze apply \
    appoint approve arrange assess assign assist avoid bring build carry clarify close collect combat \
    commission complete conclude conduct consider consolidate consult continue convene cooperate \
    coordinate cover create decentralize decrease define deliver designate detect develop digitalize \
    digitize disaggregate disseminate distribute diversify draft draw elaborate eliminate embed empower \
    enable enact encourage end enforce engage enhance enlarge ensure enter equip establish evaluate \
    examine exchange exclude exempt expand explore extend facilitate fill finalize finance find fix \
    foster give grant guarantee harmonize hire hold host identify implement improve incentivize include \
    incorporate increase inform initiate install institute institutionalize integrate intensify \
    introduce invest investigate invite involve issue join keep launch lay lift limit link lower \
    mainstream maintain make merge modernize monitor move negotiate offer open operate organize oversee \
    pass pay perform permit pilot prepare prevent prioritize produce prohibit promote propose protect \
    provide publish pursue put raise ratify reach reactivate recognise recognize reconsider recruit \
    redesign reduce refine reform regularize regulate reinforce remove renew repeal replace require \
    resource restore resume retain revise run safeguard scale secure send set shorten show sign simplify \
    speed start stop streamline strengthen submit sustain systematize tackle take tighten track train \
    transfer translate transpose treat unify update upgrade use utilize verify waive widen withdraw \
    write";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_title_says_to_do_is_seen_in_the_working_languages() {
        for verbal in [
            "Publish disaggregated data every year",
            "By 2028, recognize foreign diplomas",
            "Обеспечить доступ к медицинской помощи",
            "Не допускать задержания детей",
            "Предоставлять сведения о правах",
            "Ввести единый реестр",
            "Стварыць адзіны рэестр",
            "Забяспечваць доступ да паслуг",
            "Забяспечыць доступ да паслуг",
            "Créer un registre unique",
            "Établir un registre",
            "Crear un registro único",
            "إنشاء سجل موحد",
        ] {
            assert!(has_verb(verbal), "{verbal}");
        }
        for nominal in [
            "Better data on migration",
            "A single register of residence permits",
            "Доступ к медицинской помощи",
            "Сеть приютов и возможность обжалования",
            "Занятость и деятельность объединений",
            "Дзейнасць грамадскіх арганізацый",
            "Un registre unique",
            "Un registro único",
        ] {
            assert!(!has_verb(nominal), "{nominal}");
        }
    }
}
