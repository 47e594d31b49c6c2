//! What became of the sample's recommendations, as steps.

use super::{
    super::{
        SampleError,
        content::{EventEntry, ParticipantEntry},
    },
    Planner, unknown,
};
use crate::{
    ids::{ParticipantId, RecommendationId},
    review::{Code, Command, FieldsChange, Name, NextStep, Role, Taken, Term, Text},
};

impl Planner<'_> {
    pub(super) fn event(&mut self, entry: &EventEntry) -> Result<(), SampleError> {
        match entry {
            EventEntry::Head { organization, head } => self.head(organization, head),
            EventEntry::Term { list, code, title, dimension } => {
                let (list, code, title) = (*list, code.clone(), title.clone());
                let term = Term { list, code, title, dimension: *dimension };
                self.act(self.coordinator, Command::AddTerm { term });
                Ok(())
            }
            EventEntry::Position { on, organizations, position, changes, statement, condition } => {
                let condition = condition.map(|it| self.recommendation_at(it)).transpose()?;
                let (changes, statement) = (changes.clone(), statement.clone());
                let taken = Taken { position: *position, changes, statement, condition, wording: None };
                organizations.iter().try_for_each(|it| self.position(*on, it, taken.clone()))
            }
            EventEntry::Edit { on, by, text, themes } => {
                let recommendation = self.recommendation_at(*on)?;
                let (text, themes) = (text.clone(), themes.clone());
                let change = FieldsChange { text, themes, ..FieldsChange::default() };
                let by = self.participant(by.as_str())?;
                self.act(by, Command::EditRecommendation { recommendation, change });
                Ok(())
            }
            EventEntry::Discuss { on } => self.coordinate(*on, NextStep::Discuss, None),
            EventEntry::Propose { on, status, reason } => {
                self.coordinate(*on, NextStep::ProposeDisposition(*status), reason.clone())
            }
            EventEntry::Answer { on, by, accept, reason } => {
                let step = if *accept { NextStep::AcceptDisposition } else { NextStep::DeclineDisposition };
                let by = self.participant(by.as_str())?;
                self.step(by, *on, step, reason.clone())
            }
            EventEntry::Decide { on, status, reason } => {
                self.coordinate(*on, NextStep::Decide(*status), reason.clone())
            }
            EventEntry::Withdraw { on, by, reason } => {
                let by = self.participant(by.as_str())?;
                self.step(by, *on, NextStep::Withdraw, Some(reason.clone()))
            }
            EventEntry::Merge { on, into, reason } => {
                let target = self.recommendation_at(*into)?;
                self.coordinate(*on, NextStep::Merge { into: target }, Some(reason.clone()))?;
                self.went_on(*into)
            }
            EventEntry::Publish { on } => self.coordinate(*on, NextStep::Publish, None),
            EventEntry::Progress { on, by, state, note, link } => {
                let recommendation = self.recommendation_at(*on)?;
                let (state, note, link) = (*state, note.clone(), link.clone());
                let by = self.participant(by.as_str())?;
                self.act(by, Command::ReportProgress { recommendation, state, note, link });
                Ok(())
            }
        }
    }

    fn head(&mut self, organization: &Code, head: &Name) -> Result<(), SampleError> {
        let organization = self.organization(organization.as_str())?;
        let head = Some(Some(self.participant(head.as_str())?));
        self.act(self.coordinator, Command::ChangeOrganization { organization, head });
        Ok(())
    }

    fn position(&mut self, on: u32, code: &Code, taken: Taken) -> Result<(), SampleError> {
        let recommendation = self.recommendation_at(on)?;
        let organization = self.organization(code.as_str())?;
        let by = self.speaker(code)?;
        let organization = Some(organization);
        self.act(by, Command::TakePosition { recommendation, organization, taken });
        Ok(())
    }

    /// Who takes positions for an organization: somebody who acts for it and does more than read, or the coordinator.
    fn speaker(&self, code: &Code) -> Result<ParticipantId, SampleError> {
        let speaks = |it: &&ParticipantEntry| it.organization == *code && it.role != Role::Observer;
        let speaker = self.script.participants.iter().find(speaks);
        speaker.map_or(Ok(self.coordinator), |it| self.participant(it.name.as_str()))
    }

    fn coordinate(&mut self, on: u32, step: NextStep, reason: Option<Text>) -> Result<(), SampleError> {
        self.step(self.coordinator, on, step, reason)
    }

    fn step(
        &mut self,
        by: ParticipantId,
        on: u32,
        step: NextStep,
        reason: Option<Text>,
    ) -> Result<(), SampleError> {
        let (recommendation, seen) = *self.entry_at(on)?;
        self.act(by, Command::TakeStep { recommendation, seen, step, reason });
        self.went_on(on)
    }

    fn went_on(&mut self, on: u32) -> Result<(), SampleError> {
        self.entry_at(on)?.1 += 1;
        Ok(())
    }

    fn recommendation_at(&mut self, number: u32) -> Result<RecommendationId, SampleError> {
        self.entry_at(number).map(|it| it.0)
    }

    fn entry_at(&mut self, number: u32) -> Result<&mut (RecommendationId, u32), SampleError> {
        let place = usize::try_from(number).ok().and_then(|it| it.checked_sub(1));
        let entry = place.and_then(|it| self.recommendations.get_mut(it));
        entry.ok_or_else(|| unknown("recommendation", &number.to_string()))
    }
}
