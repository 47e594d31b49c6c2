//! Every word that a register or a public page says of itself, in both languages.

use jiff::{Timestamp, tz::TimeZone};

use super::Language;
use crate::review::{
    Counted, OrganizationKind, Priority, ProgressState, RecommendationStatus as Status, Stance, StepKind,
};

/// Something said in both languages.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    en: &'static str,
    ru: &'static str,
}

const fn both(en: &'static str, ru: &'static str) -> Phrase {
    Phrase { en, ru }
}

macro_rules! phrases {
    ($($name:ident: $en:literal, $ru:literal;)+) => {
        $(pub(super) const $name: Phrase = both($en, $ru);)+
        #[cfg(test)]
        const ALL: &[(&str, Phrase)] = &[$((stringify!($name), $name)),+];
    };
}

phrases! {
    // Sheets.
    REGISTER: "Register", "Реестр";
    POSITIONS: "Positions", "Позиции";
    PATH: "Path", "Путь";
    // Columns.
    NUMBER: "No.", "№";
    RECOMMENDATION: "Recommendation", "Рекомендация";
    TEXT: "Text", "Текст";
    STATUS: "Status", "Состояние";
    DIMENSION: "Dimension", "Измерение";
    THEMES: "Themes", "Темы";
    GCM: "Global Compact objectives", "Цели Глобального договора";
    SDG: "SDG targets", "Задачи ЦУР";
    LEAD: "Lead", "Ответственный";
    SUPPORTING: "Supporting institutions", "Содействуют";
    BY_WHEN: "By", "Срок";
    PRIORITY: "Priority", "Приоритет";
    RATIONALE: "Rationale", "Обоснование";
    VERIFICATION: "Means of verification", "Как проверить выполнение";
    EVIDENCE: "Evidence", "Основания";
    SUPPORT: "Support", "Поддерживают";
    WITH_CHANGES: "Support with changes", "Поддерживают с изменениями";
    OBJECT: "Object", "Возражают";
    ABSTAIN: "Abstain", "Воздерживаются";
    NO_MANDATE: "No mandate", "Нет мандата";
    WAITING: "Wait for another recommendation", "Ждут другой рекомендации";
    LAPSED: "Lapsed", "Отпали";
    NO_POSITION: "No position yet", "Позиции пока нет";
    TO_BE_RENEWED: "To be renewed", "Требуют подтверждения";
    OBJECTIONS: "Maintained objections", "Сохранённые возражения";
    SECTION: "Section", "Раздел";
    PROPOSED_BY: "Proposed by", "Предложил(а)";
    PROPOSED_AT: "Proposed at (UTC)", "Предложено (UTC)";
    CHANGED_AT: "Last changed at (UTC)", "Изменено (UTC)";
    WORDING: "Wording", "Редакция";
    MERGED_INTO: "Merged into", "Вошла в";
    SPLIT_FROM: "Split from", "Выделена из";
    CARRIED_FROM: "Number in the earlier report", "Номер в прежнем докладе";
    PROGRESS: "Progress", "Выполнение";
    PROGRESS_NOTE: "What was done", "Что сделано";
    PROGRESS_LINK: "Where it can be seen", "Где это видно";
    PROGRESS_AT: "Progress reported at (UTC)", "О выполнении сообщено (UTC)";
    ORGANIZATION: "Organization", "Организация";
    CODE: "Code", "Сокращение";
    KIND: "Kind", "Вид";
    POSITION: "Position", "Позиция";
    COUNTED: "Counts as", "Учитывается как";
    CHANGES: "Changes asked for", "Какие нужны изменения";
    STATEMENT: "Statement", "Заявление";
    CONDITION: "Only if agreed", "Только если согласована";
    ON_BEHALF: "Recorded for it", "Записано за неё";
    RENEW: "To be renewed", "Требует подтверждения";
    TAKEN_BY: "Recorded by", "Записал(а)";
    AT: "At (UTC)", "Когда (UTC)";
    STEP: "Step", "Шаг";
    WHAT: "What happened", "Что произошло";
    REASON: "Reason", "Причина";
    OTHER: "Other recommendation", "Другая рекомендация";
    YES: "yes", "да";
    NO: "no", "нет";
    NO_SOURCE: "source missing", "источник не указан";
    ADMINISTRATOR: "Administrator", "Администратор";
    CUT: "… (cut here: the whole text is in the JSON)", "… (здесь обрезано: весь текст в JSON)";
    // Public pages.
    SKIP: "Skip to the recommendations", "К рекомендациям";
    SKIP_ONE: "Skip to the recommendation", "К рекомендации";
    TITLE: "Recommendations of the consultation", "Рекомендации консультации";
    LEAD_IN: "Each says who leads, by when, and who stands behind it.", "У каждой указано, кто отвечает, в какой срок и кто её поддерживает.";
    ABOUT: "About this page", "Об этой странице";
    AS_JSON: "The register as JSON", "Реестр в формате JSON";
    FOLLOW: "Follow progress (Atom)", "Следить за выполнением (Atom)";
    LANGUAGES: "Language", "Язык";
    DIMENSIONS: "Dimensions", "Измерения";
    EVERY: "All", "Все";
    NO_DIMENSION: "No dimension", "Без измерения";
    GLOBAL_COMPACT: "Global Compact", "Глобальный договор";
    WHO: "Who stands where", "Кто какую занял позицию";
    ALL_OF_THEM: "All recommendations", "Все рекомендации";
    PROGRESS_SO_FAR: "Progress so far", "Ход выполнения";
    NO_NAMES: "No names of persons are published.", "Имена людей не публикуются.";
    WHOSE: "Positions are those that the organizations took in the consultation.", "Позиции заняли организации в ходе консультации.";
    OBJECTION_WITHOUT_WORDS: "It gave no reason.", "Причина не указана.";
    NONE_TITLE: "Nothing is published here", "Здесь ничего не опубликовано";
    NONE_TEXT: "Either nothing of this consultation has been published yet, or the address is wrong. Check it, or ask whoever sent it to you.", "Либо по этой консультации пока ничего не опубликовано, либо адрес неверен. Проверьте его или спросите того, кто вам его прислал.";
    EARLIER: "Previous", "Предыдущая";
    LATER: "Next", "Следующая";
}

impl Language {
    /// A phrase in this language.
    pub(super) const fn say(self, phrase: Phrase) -> &'static str {
        self.pick(phrase.en, phrase.ru)
    }

    pub(super) const fn status(self, it: Status) -> &'static str {
        self.say(match it {
            Status::Proposed => both("Proposed", "Предложена"),
            Status::UnderDiscussion => both("Under discussion", "Обсуждается"),
            Status::Agreed => both("Agreed", "Согласована"),
            Status::NotAgreed => both("Not agreed", "Не согласована"),
            Status::Merged => both("Merged", "Объединена"),
            Status::Withdrawn => both("Withdrawn", "Отозвана"),
            Status::Published => both("Published", "Опубликована"),
        })
    }

    pub(super) const fn step(self, it: StepKind) -> &'static str {
        self.say(match it {
            StepKind::Proposed => both("Proposed", "Предложена"),
            StepKind::Discussion => both("Discussion opened", "Открыто обсуждение"),
            StepKind::DispositionProposed => both("Disposition proposed", "Предложено решение"),
            StepKind::DispositionAccepted => both("Disposition accepted", "С решением согласны"),
            StepKind::DispositionDeclined => both("Disposition declined", "С решением не согласны"),
            StepKind::Decided => both("Decided", "Решение принято"),
            StepKind::Merged => both("Merged into another", "Вошла в другую"),
            StepKind::Gained => both("Took in another", "Вобрала другую"),
            StepKind::Split => both("Split", "Разделена"),
            StepKind::Withdrawn => both("Withdrawn", "Отозвана"),
            StepKind::Reopened => both("Discussion reopened", "Обсуждение возобновлено"),
            StepKind::Published => both("Published", "Опубликована"),
        })
    }

    pub(super) fn stance(self, it: Stance) -> &'static str {
        self.counted(it.into())
    }

    pub(super) const fn counted(self, it: Counted) -> &'static str {
        self.say(match it {
            Counted::Support => both("Support", "Поддерживает"),
            Counted::SupportWithChanges => both("Support with changes", "Поддерживает с изменениями"),
            Counted::Object => both("Object", "Возражает"),
            Counted::Abstain => both("Abstain", "Воздерживается"),
            Counted::NoMandate => both("No mandate", "Нет мандата"),
            Counted::Waiting => both("Waits for another recommendation", "Ждёт другой рекомендации"),
            Counted::Lapsed => both("Lapsed", "Отпала"),
        })
    }

    pub(super) const fn priority(self, it: Priority) -> &'static str {
        self.say(match it {
            Priority::High => both("High", "Высокий"),
            Priority::Medium => both("Medium", "Средний"),
            Priority::Low => both("Low", "Низкий"),
        })
    }

    pub(super) const fn progress(self, it: ProgressState) -> &'static str {
        self.say(match it {
            ProgressState::NotStarted => both("Not started", "Не начата"),
            ProgressState::UnderWay => both("Under way", "Выполняется"),
            ProgressState::Done => both("Done", "Выполнена"),
            ProgressState::Dropped => both("Dropped", "Не будет выполнена"),
        })
    }

    pub(super) const fn kind(self, it: OrganizationKind) -> &'static str {
        self.say(match it {
            OrganizationKind::Government => both("Government", "Государственный орган"),
            OrganizationKind::UnSystem => both("UN system", "Система ООН"),
            OrganizationKind::CivilSociety => both("Civil society", "Гражданское общество"),
            OrganizationKind::Academia => both("Academia", "Наука"),
            OrganizationKind::PrivateSector => both("Private sector", "Частный сектор"),
            OrganizationKind::LocalAuthority => both("Local authority", "Местные власти"),
            OrganizationKind::Other => both("Other", "Другое"),
        })
    }

    pub(super) const fn yes(self, it: bool) -> &'static str {
        self.say(if it { YES } else { NO })
    }

    /// "26 June 2026", in UTC.
    pub(super) fn date(self, at: Timestamp) -> String {
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const RU: [&str; 12] = [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ];
        let date = at.to_zoned_datetime(TimeZone::UTC).date();
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1).min(11);
        format!("{} {} {}{}", date.day(), self.pick(EN, RU)[month], date.year(), self.pick("", " г."))
    }

    /// "1 recommendation was agreed and published."
    pub(super) fn recommendations(self, n: usize) -> String {
        self.counting(
            n,
            [
                "{n} recommendation was agreed and published.",
                "{n} recommendations were agreed and published.",
            ],
            [
                "Согласована и опубликована {n} рекомендация.",
                "Согласованы и опубликованы {n} рекомендации.",
                "Согласовано и опубликовано {n} рекомендаций.",
            ],
        )
    }

    /// "Published 26 June 2026, after a consultation of 16 organizations"
    pub(super) fn published(self, at: Timestamp, organizations: usize) -> String {
        let of = self.counting(
            organizations,
            ["after a consultation of {n} organization", "after a consultation of {n} organizations"],
            [
                "после консультации с участием {n} организации",
                "после консультации с участием {n} организаций",
                "после консультации с участием {n} организаций",
            ],
        );
        format!("{} {}, {of}", self.pick("Published", "Опубликовано"), self.date(at))
    }

    /// What follows "14 of 15": the organizations that support it.
    pub(super) fn of_them_support(self, of: u32, changes: u32) -> String {
        let support = self.counting(
            of as usize,
            ["organization supports it", "organizations support it"],
            ["организации поддерживают", "организаций поддерживают", "организаций поддерживают"],
        );
        match (changes, self) {
            (0, _) => support,
            (n, Self::En) => format!("{support}, {n} of them with changes"),
            (n, Self::Ru) => format!("{support}, из них {n} с изменениями"),
        }
    }

    /// "14 of 15"
    pub(super) fn out_of(self, part: u32, whole: u32) -> String {
        self.pick("{a} of {b}", "{a} из {b}")
            .replace("{a}", &part.to_string())
            .replace("{b}", &whole.to_string())
    }

    /// "Stable link to R7"
    pub(super) fn stable_link(self, number: u32) -> String {
        format!("{} R{number}", self.pick("Stable link to", "Постоянная ссылка на"))
    }

    /// Puts `n` into the form that it takes: English one and more, Russian one, few and many.
    fn counting(self, n: usize, en: [&str; 2], ru: [&str; 3]) -> String {
        let form = match self {
            Self::En => en[usize::from(n != 1)],
            Self::Ru => {
                let (ones, tens) = (n % 10, n % 100);
                ru[match (ones, tens) {
                    (1, it) if it != 11 => 0,
                    (2..=4, it) if !(12..=14).contains(&it) => 1,
                    _ => 2,
                }]
            }
        };
        form.replace("{n}", &n.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_in_both_languages() {
        for (name, phrase) in ALL {
            let cyrillic =
                phrase.ru.chars().any(|it| ('а'..='я').contains(&it.to_lowercase().next().unwrap()));
            assert!(!phrase.en.is_empty() && (cyrillic || *name == "NUMBER"), "{name}");
            assert!(!phrase.en.chars().any(|it| ('а'..='я').contains(&it)), "{name}");
        }
    }

    #[test]
    fn numbers_take_their_forms() {
        let ru: Vec<_> = [1, 2, 5, 11, 12, 21, 22, 111].map(|n| Language::Ru.recommendations(n)).into();
        let wanted = ["на 1 р", "ны 2 р", "но 5 р", "но 11 р", "но 12 р", "на 21 р", "ны 22 р", "но 111 р"];
        for (said, wanted) in ru.iter().zip(wanted) {
            assert!(said.contains(wanted), "{said}: {wanted}");
        }
        assert!(Language::En.recommendations(1).starts_with("1 recommendation was"));
        assert!(Language::En.recommendations(0).starts_with("0 recommendations were"));
    }

    #[test]
    fn dates_are_written_out() {
        let at: Timestamp = "2026-06-26T23:59:59Z".parse().unwrap();
        assert_eq!(Language::En.date(at), "26 June 2026");
        assert_eq!(Language::Ru.date(at), "26 июня 2026 г.");
    }
}
