//! The rules as examples, and as properties of random sequences of commands.

mod examples;
mod path;
mod positions;
mod properties;
mod races;
mod registers;

use serde_json::json;

use crate::{
    ids::{OrganizationId, ParticipantId, RecommendationId, ReplyId, ReportId, SectionId, ThreadId},
    review::{
        Anchor, Command, Decision, Disposition, Fields, Language, Name, NextStep, OrganizationKind, Outcome,
        Quote, Recommendation, RecommendationStatus, Refusal, ReviewState, Role, SectionKind, Stance, Taken,
        Template, Text, Title, decide,
    },
};

fn title(text: &str) -> Title {
    Title::try_from(text.to_owned()).unwrap()
}
fn name(text: &str) -> Name {
    Name::try_from(text.to_owned()).unwrap()
}
fn text(text: &str) -> Text {
    Text::try_from(text.to_owned()).unwrap()
}
fn section(n: u8) -> SectionId {
    SectionId::from_bytes([n; 16])
}
fn organization(n: u8) -> OrganizationId {
    OrganizationId::from_bytes([n; 16])
}
fn person(n: u8) -> ParticipantId {
    ParticipantId::from_bytes([n; 16])
}
fn thread(n: u8) -> ThreadId {
    ThreadId::from_bytes([n; 16])
}
fn reply(n: u8) -> ReplyId {
    ReplyId::from_bytes([n; 16])
}
fn recommendation(n: u8) -> RecommendationId {
    // No section has it.
    RecommendationId::from_bytes([b'r', n, n, n, n, n, n, n, n, n, n, n, n, n, n, n])
}
fn anchor(clock: u32) -> Anchor {
    let position = |clock: u32| json!({"item": {"client": 1, "clock": clock}, "assoc": 0});
    let quote = Quote::try_from("some words".to_owned()).unwrap();
    Anchor { start: position(clock), end: position(clock + 9), quote }
}
fn fields(text: &str) -> Fields {
    Fields::new(title(text), self::text(text))
}

/// A report and the people on it: 1 and 2 review, 9 coordinates; the clock goes on by a second with each command.
struct Review {
    state: ReviewState,
    seconds: i64,
}

impl Review {
    /// A report with sections 1, 2 and 3, and organization 1.
    fn new() -> Self {
        let mut review = Self { state: ReviewState::default(), seconds: 0 };
        let sections = (1..=3).map(|n| (section(n), title(&format!("Section {n}")), SectionKind::Narrative));
        review.ok(9, found(Template::Blank, sections.collect()));
        review.ok(
            9,
            Command::AddOrganization {
                organization: organization(1),
                name: name("International Organization for Migration"),
                code: None,
                kind: OrganizationKind::UnSystem,
            },
        );
        for (n, role) in [(1, Role::Reviewer), (2, Role::Reviewer), (9, Role::Coordinator)] {
            review.ok(9, add_person(n, role));
        }
        review
    }

    /// Decides and applies; gives the outcome and how many records changed.
    fn act(&mut self, by: u8, command: Command) -> Result<(Outcome, usize), Refusal> {
        self.seconds += 1;
        let role = self.state.participants.get(&person(by)).and_then(|it| it.role);
        let role = role.unwrap_or(Role::Coordinator);
        let at = jiff::Timestamp::from_second(self.seconds).unwrap();
        let (outcome, changes) = decide(&self.state, Decision { by: person(by), role, at }, command)?;
        changes.iter().for_each(|change| self.state.apply(change));
        Ok((outcome, changes.len()))
    }

    /// Expects the command to be taken; gives how many records changed.
    #[track_caller]
    fn ok(&mut self, by: u8, command: Command) -> usize {
        self.act(by, command).unwrap().1
    }

    /// Expects a refusal, and that it says these words.
    #[track_caller]
    fn refused(&mut self, by: u8, command: Command, words: &str) -> Refusal {
        let before = self.state.clone();
        let refusal = self.act(by, command).unwrap_err();
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert_eq!(self.state, before);
        refusal
    }

    fn recommendation(&self, n: u8) -> &Recommendation {
        &self.state.recommendations[&recommendation(n)]
    }

    /// Takes steps on a recommendation, as coordinator.
    #[track_caller]
    fn go(&mut self, n: u8, way: Way) {
        for (next, reason) in way {
            self.ok(9, step(self, n, next, reason));
        }
    }

    /// The outline as ids, numbers and depths.
    fn outline(&self) -> Vec<(u8, String, usize)> {
        let outline = self.state.outline().into_iter();
        outline.map(|(it, number, depth)| (it.id.as_bytes()[0], number.unwrap_or_default(), depth)).collect()
    }
}

fn found(template: Template, sections: Vec<(SectionId, Title, SectionKind)>) -> Command {
    let language = Language::try_from("en".to_owned()).unwrap();
    Command::Found {
        report: ReportId::from_bytes([7; 16]),
        title: title("Report"),
        language,
        template,
        sections,
    }
}
fn add_section(n: u8, parent: Option<u8>, after: Option<u8>) -> Command {
    Command::AddSection {
        section: section(n),
        title: title(&format!("Section {n}")),
        kind: SectionKind::Narrative,
        parent: parent.map(section),
        after: after.map(section),
        language: None,
    }
}
fn shift(n: u8, parent: Option<u8>, after: Option<u8>) -> Command {
    Command::MoveSection { section: section(n), parent: parent.map(section), after: after.map(section) }
}
fn stage(n: u8, stage: crate::review::Stage) -> Command {
    Command::ChangeSection { section: section(n), title: None, stage: Some(stage), drafted_by: None }
}
fn add_person(n: u8, role: Role) -> Command {
    Command::AddParticipant {
        participant: person(n),
        name: name(&format!("Person {n}")),
        organization: organization(1),
        role,
    }
}
fn open(n: u8, on: u8, words: &str) -> Command {
    Command::OpenThread {
        thread: thread(n),
        section: section(on),
        anchor: Some(anchor(1)),
        text: text(words),
    }
}
fn reply_to(n: u8, on: u8, words: &str) -> Command {
    Command::Reply { reply: reply(n), thread: thread(on), text: text(words) }
}
fn recommend(n: u8, on: u8, words: &str) -> Command {
    Command::Recommend {
        recommendation: recommendation(n),
        section: section(on),
        anchor: None,
        fields: fields(words),
    }
}

/// A step by somebody who saw the whole path.
fn step(review: &Review, n: u8, step: NextStep, reason: Option<&str>) -> Command {
    let seen = review.recommendation(n).steps;
    Command::TakeStep { recommendation: recommendation(n), seen, step, reason: reason.map(text) }
}
fn split(n: u8, words: &str) -> NextStep {
    NextStep::Split { recommendation: recommendation(n), title: title(words), text: text(words) }
}
fn position(n: u8, position: Stance) -> Command {
    let taken = Taken { position, changes: None, statement: None, condition: None, wording: None };
    Command::TakePosition { recommendation: recommendation(n), organization: None, taken }
}
fn add_organization(n: u8, named: &str) -> Command {
    Command::AddOrganization {
        organization: organization(n),
        name: name(named),
        code: None,
        kind: OrganizationKind::Government,
    }
}
fn add_person_of(n: u8, of: u8, role: Role) -> Command {
    Command::AddParticipant {
        participant: person(n),
        name: name(&format!("Person {n}")),
        organization: organization(of),
        role,
    }
}

/// Steps, and why they are taken.
type Way = Vec<(NextStep, Option<&'static str>)>;

/// The statuses, each with the steps that lead there from a proposal: by whom, and why.
fn ways() -> Vec<(&'static str, Way)> {
    let agree = || (NextStep::Decide(Disposition::Agreed), Some("All agree."));
    vec![
        ("proposed", vec![]),
        ("under discussion", vec![(NextStep::Discuss, None)]),
        ("to be answered", vec![(NextStep::ProposeDisposition(Disposition::Agreed), None)]),
        ("agreed", vec![agree()]),
        ("not agreed", vec![(NextStep::Decide(Disposition::NotAgreed), Some("Too dear."))]),
        ("merged", vec![(NextStep::Merge { into: recommendation(2) }, Some("The same."))]),
        ("withdrawn", vec![(NextStep::Withdraw, Some("Taken back."))]),
        ("published", vec![agree(), (NextStep::Publish, None)]),
    ]
}
