//! What was asked of the review over HTTP, and what came of it.

use std::collections::BTreeMap;

use crate::{
    ids::{ParticipantId, RecommendationId, ReplyId, SectionId, ThreadId},
    review::{Command, Fields, ReviewState, Text, Title},
};

/// All that was asked for and would make something new.
#[derive(Default)]
pub(super) struct Deeds {
    deeds: Vec<Deed>,
    /// Titles that recommendations were given after they were made, each with its answer.
    titles: BTreeMap<RecommendationId, Vec<(Title, Answer)>>,
    /// Numbers of recommendations that somebody saw.
    numbers: BTreeMap<RecommendationId, u32>,
}

struct Deed {
    who: ParticipantId,
    command: Command,
    answer: Answer,
    /// Somebody saw it in the review.
    seen: bool,
}

/// What whoever asked was told, in the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// Nothing, or that it is not known.
    Open,
    Done,
    Refused,
}

/// The id of the `number`-th deed.
fn id(number: usize) -> [u8; 16] {
    (number as u128 + 1).to_be_bytes()
}

fn said(number: usize) -> String {
    format!("deed {number}")
}

impl Deeds {
    /// A new thread on a section.
    pub(super) fn comment(&mut self, who: ParticipantId, section: SectionId) -> (usize, Command) {
        self.add(who, |number| Command::OpenThread {
            thread: ThreadId::from_bytes(id(number)),
            section,
            anchor: None,
            text: text(number),
        })
    }

    /// A new reply to some thread.
    pub(super) fn reply(&mut self, who: ParticipantId, dice: u32) -> Option<(usize, Command)> {
        let thread = self.thread(dice)?;
        Some(self.add(who, |number| Command::Reply {
            reply: ReplyId::from_bytes(id(number)),
            thread,
            text: text(number),
        }))
    }

    /// A new recommendation on a section.
    pub(super) fn recommend(&mut self, who: ParticipantId, section: SectionId) -> (usize, Command) {
        let fields = |number| Fields::new(Title::try_from(said(number)).unwrap(), text(number));
        self.add(who, |number| Command::Recommend {
            recommendation: RecommendationId::from_bytes(id(number)),
            section,
            anchor: None,
            fields: fields(number),
        })
    }

    /// Another title for some recommendation that was confirmed.
    pub(super) fn reword(&mut self, dice: u32) -> Option<(RecommendationId, Title)> {
        let confirmed = self.deeds.iter().filter(|deed| deed.answer == Answer::Done);
        let all: Vec<_> = confirmed
            .filter_map(|deed| match deed.command {
                Command::Recommend { recommendation, .. } => Some(recommendation),
                _ => None,
            })
            .collect();
        let recommendation = *all.get(dice as usize % all.len().max(1))?;
        let titles = self.titles.entry(recommendation).or_default();
        let title = Title::try_from(format!("title {} of {dice}", titles.len())).unwrap();
        titles.push((title.clone(), Answer::Open));
        Some((recommendation, title))
    }

    /// Whoever asked for a title was told.
    pub(super) fn reworded(&mut self, recommendation: RecommendationId, title: &Title, answer: Answer) {
        let titles = self.titles.entry(recommendation).or_default();
        titles.iter_mut().filter(|it| it.0 == *title).for_each(|it| it.1 = answer);
    }

    /// The recommendations that were given a title, if only in vain.
    pub(super) fn worded(&self) -> Vec<RecommendationId> {
        self.titles.keys().copied().collect()
    }

    /// Whether a title is one that somebody gave, and the only one that was, if it was confirmed.
    fn check_title(&self, of: RecommendationId, first: &Title, now: &Title) -> Result<(), String> {
        let Some(titles) = self.titles.get(&of) else {
            return if now == first { Ok(()) } else { Err(format!("{now:?} is nobody's title")) };
        };
        match &titles[..] {
            [(title, Answer::Done)] if title != now => Err(format!("{title:?} was confirmed, and is lost")),
            all if now != first && all.iter().all(|(title, _)| title != now) => {
                Err(format!("{now:?} is nobody's title"))
            }
            _ => Ok(()),
        }
    }

    /// Some thread that was asked for.
    pub(super) fn thread(&self, dice: u32) -> Option<ThreadId> {
        let threads: Vec<_> = self.deeds.iter().filter_map(|deed| deed.thread()).collect();
        threads.get(dice as usize % threads.len().max(1)).copied()
    }

    fn add(&mut self, who: ParticipantId, command: impl FnOnce(usize) -> Command) -> (usize, Command) {
        let number = self.deeds.len();
        let command = command(number);
        self.deeds.push(Deed { who, command: command.clone(), answer: Answer::Open, seen: false });
        (number, command)
    }

    /// Whoever asked was told.
    pub(super) fn answered(&mut self, number: usize, answer: Answer) {
        self.deeds[number].answer = answer;
    }

    /// Somebody saw the review.
    pub(super) fn see(&mut self, state: &ReviewState) -> Result<(), String> {
        for deed in &mut self.deeds {
            deed.seen |= deed.stands_in(state);
        }
        for (id, recommendation) in &state.recommendations {
            let number = *self.numbers.entry(*id).or_insert(recommendation.number);
            if number != recommendation.number {
                return Err(format!("recommendation {number} became {}", recommendation.number));
            }
        }
        Ok(())
    }

    /// Whether a review holds what it must, as it was asked for, and nothing else.
    pub(super) fn check(&self, state: &ReviewState) -> Result<(), String> {
        for (number, deed) in self.deeds.iter().enumerate() {
            let there = deed.stands_in(state);
            let (who, answer) = (deed.who, deed.answer);
            match answer {
                Answer::Refused if there => {
                    return Err(format!("{} was refused, and is there", said(number)));
                }
                Answer::Done if !there => return Err(format!("{} was confirmed, and is lost", said(number))),
                _ if deed.seen && !there => return Err(format!("{} was seen, and is lost", said(number))),
                _ => {}
            }
            if let (true, Command::Recommend { recommendation, fields, .. }) = (there, &deed.command) {
                let now = &state.recommendations[recommendation].title;
                self.check_title(*recommendation, &fields.title, now)?;
            }
            if there && !deed.is_as_asked(state) {
                return Err(format!("{} of {who} is not as it was asked for", said(number)));
            }
        }
        let records = state.threads.len() + state.replies.len() + state.recommendations.len();
        if records != self.deeds.iter().filter(|deed| deed.stands_in(state)).count() {
            return Err("the review holds what nobody asked for".into());
        }
        let mut numbers: Vec<_> = state.recommendations.values().map(|it| it.number).collect();
        numbers.sort_unstable();
        if numbers.iter().zip(1..).any(|(number, at)| *number != at) {
            return Err(format!("recommendations are numbered {numbers:?}"));
        }
        let differs = |(id, number): (&RecommendationId, &u32)| {
            state.recommendations.get(id).is_some_and(|it| it.number != *number)
        };
        if self.numbers.iter().any(differs) {
            return Err("a recommendation that was seen has another number".into());
        }
        Ok(())
    }
}

fn text(number: usize) -> Text {
    Text::try_from(said(number)).unwrap()
}

impl Deed {
    fn thread(&self) -> Option<ThreadId> {
        match self.command {
            Command::OpenThread { thread, .. } => Some(thread),
            _ => None,
        }
    }

    fn stands_in(&self, state: &ReviewState) -> bool {
        match &self.command {
            Command::OpenThread { thread, .. } => state.threads.contains_key(thread),
            Command::Reply { reply, .. } => state.replies.contains_key(reply),
            Command::Recommend { recommendation, .. } => state.recommendations.contains_key(recommendation),
            _ => false,
        }
    }

    fn is_as_asked(&self, state: &ReviewState) -> bool {
        match &self.command {
            Command::OpenThread { thread, section, text, .. } => {
                let it = &state.threads[thread];
                (&it.section, &it.text, it.author) == (section, text, self.who)
            }
            Command::Reply { reply, thread, text } => {
                let it = &state.replies[reply];
                (&it.thread, &it.text, it.author) == (thread, text, self.who)
            }
            Command::Recommend { recommendation, section, fields, .. } => {
                let it = &state.recommendations[recommendation];
                (&it.section, &it.text, it.author) == (section, &fields.text, self.who)
            }
            _ => false,
        }
    }
}
