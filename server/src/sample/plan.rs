//! The sample as a list of steps: every id and anchor is chosen here, so that playing it is nothing but a loop.

mod events;

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    SampleError,
    content::{self, RecommendationEntry, Script, SectionEntry, ThreadEntry},
    markdown,
};
use crate::{
    body::Body,
    clock::Clock,
    ids::{OrganizationId, ParticipantId, RecommendationId, ReplyId, ReportId, SectionId, ThreadId},
    review::{Anchor, Command, Fields, Institution, Quote, Role, ShortField, Stage, Template},
};

/// One step, by somebody who has the right to it when the steps before it were taken.
pub(super) enum Step {
    /// A command.
    Act {
        /// Whose.
        by: ParticipantId,
        /// What.
        command: Box<Command>,
    },
    /// The whole text of a section that is still empty.
    Fill {
        /// Whose.
        by: ParticipantId,
        /// Which.
        section: SectionId,
        /// A Yjs v1 update.
        update: Bytes,
    },
}

/// The whole sample.
pub(super) struct Plan {
    pub(super) report: ReportId,
    pub(super) steps: Vec<Step>,
    /// The people whom the sample's links sign in.
    pub(super) seats: Vec<(Role, ParticipantId)>,
}

/// Plans the sample: the report with its people and outline, all of it in review; the texts; what people said; and
/// last the stages, some of which would have forbidden the comments.
pub(super) fn plan(script: &Script, clock: &Clock) -> Result<Plan, SampleError> {
    let mut planner = Planner::new(script, clock)?;
    planner.found();
    planner.people()?;
    planner.outline()?;
    for entry in &script.threads {
        planner.thread(entry)?;
    }
    for entry in &script.recommendations {
        planner.recommendation(entry)?;
    }
    for entry in &script.events {
        planner.event(entry)?;
    }
    planner.stages()?;
    let seats = script.participants.iter().filter(|it| it.link);
    let seats = seats.map(|it| Ok((it.role, planner.participant(it.name.as_str())?)));
    let seats = seats.collect::<Result<_, SampleError>>()?;
    Ok(Plan { report: planner.report, steps: planner.steps, seats })
}

struct Planner<'a> {
    script: &'a Script,
    clock: &'a Clock,
    report: ReportId,
    coordinator: ParticipantId,
    organizations: BTreeMap<&'a str, OrganizationId>,
    participants: BTreeMap<&'a str, ParticipantId>,
    sections: BTreeMap<&'a str, (SectionId, Body)>,
    /// In the order of their numbers, each with the steps of its path so far.
    recommendations: Vec<(RecommendationId, u32)>,
    steps: Vec<Step>,
}

impl<'a> Planner<'a> {
    fn new(script: &'a Script, clock: &'a Clock) -> Result<Self, SampleError> {
        let organizations = script.organizations.iter();
        let organizations =
            organizations.map(|it| (it.code.as_str(), OrganizationId::from_bytes(clock.id16())));
        let participants = script.participants.iter();
        let participants: BTreeMap<_, _> =
            participants.map(|it| (it.name.as_str(), ParticipantId::from_bytes(clock.id16()))).collect();
        let coordinator = script.participants.iter().find(|it| it.role == Role::Coordinator);
        let coordinator = coordinator
            .and_then(|it| participants.get(it.name.as_str()))
            .ok_or_else(|| unknown("coordinator", "anybody"))?;
        Ok(Self {
            script,
            clock,
            report: ReportId::from_bytes(clock.id16()),
            coordinator: *coordinator,
            organizations: organizations.collect(),
            participants,
            sections: BTreeMap::new(),
            recommendations: Vec::new(),
            steps: Vec::new(),
        })
    }

    fn act(&mut self, by: ParticipantId, command: Command) {
        self.steps.push(Step::Act { by, command: Box::new(command) });
    }

    fn found(&mut self) {
        let command = Command::Found {
            report: self.report,
            title: self.script.title.clone(),
            language: self.script.language.clone(),
            template: Template::Blank,
            // Added one by one, since only so they can have a language of their own.
            sections: Vec::new(),
        };
        self.act(ParticipantId::ADMINISTRATOR, command);
    }

    fn people(&mut self) -> Result<(), SampleError> {
        let script = self.script;
        for it in &script.organizations {
            let command = Command::AddOrganization {
                organization: self.organization(it.code.as_str())?,
                name: it.name.clone(),
                code: Some(it.code.clone()),
                kind: it.kind,
            };
            self.act(ParticipantId::ADMINISTRATOR, command);
        }
        for it in &script.participants {
            let command = Command::AddParticipant {
                participant: self.participant(it.name.as_str())?,
                name: it.name.clone(),
                organization: self.organization(it.organization.as_str())?,
                role: it.role,
            };
            self.act(ParticipantId::ADMINISTRATOR, command);
        }
        Ok(())
    }

    fn outline(&mut self) -> Result<(), SampleError> {
        let script = self.script;
        for entry in &script.sections {
            self.section(entry)?;
        }
        Ok(())
    }

    fn section(&mut self, entry: &'a SectionEntry) -> Result<(), SampleError> {
        let text = content::text(&entry.key).ok_or_else(|| unknown("text", &entry.key))?;
        let page = markdown::read(text, self.clock)
            .map_err(|error| SampleError::Text { section: entry.key.clone(), error })?;
        let section = SectionId::from_bytes(self.clock.id16());
        let command = Command::AddSection {
            section,
            title: page.title.try_into().map_err(|error| SampleError::Field { what: "title", error })?,
            kind: entry.kind,
            parent: None,
            after: None,
            language: entry.language.clone(),
        };
        self.act(self.coordinator, command);
        let organization = self.organization(entry.drafted_by.as_str())?;
        let command = Command::ChangeSection {
            section,
            title: None,
            stage: Some(Stage::InReview),
            drafted_by: Some(Some(organization)),
        };
        self.act(self.coordinator, command);
        let update = Body::from_tree(&page.blocks, self.yjs_client());
        let mut body = Body::new();
        body.take(&update)?;
        let by = self.drafter(entry)?;
        self.steps.push(Step::Fill { by, section, update });
        self.sections.insert(&entry.key, (section, body));
        Ok(())
    }

    /// Who writes a section: a drafter of the organization that drafts it, or else the coordinator.
    fn drafter(&self, entry: &SectionEntry) -> Result<ParticipantId, SampleError> {
        let drafter = self.script.participants.iter();
        let drafter = drafter.filter(|it| it.organization == entry.drafted_by);
        let drafter = drafter.into_iter().find(|it| matches!(it.role, Role::Drafter | Role::Coordinator));
        drafter.map_or(Ok(self.coordinator), |it| self.participant(it.name.as_str()))
    }

    /// A Yjs client id: 32 random bits, as Yjs itself takes.
    fn yjs_client(&self) -> u64 {
        let [a, b, c, d, ..] = self.clock.id16();
        u32::from_be_bytes([a, b, c, d]).into()
    }

    fn thread(&mut self, entry: &ThreadEntry) -> Result<(), SampleError> {
        let (section, anchor) = self.passage(&entry.section, entry.quote.as_ref())?;
        let thread = ThreadId::from_bytes(self.clock.id16());
        let author = self.participant(entry.author.as_str())?;
        self.act(author, Command::OpenThread { thread, section, anchor, text: entry.text.clone() });
        for it in &entry.replies {
            let reply = ReplyId::from_bytes(self.clock.id16());
            let author = self.participant(it.author.as_str())?;
            self.act(author, Command::Reply { reply, thread, text: it.text.clone() });
        }
        if let Some(name) = &entry.resolved_by {
            let by = self.participant(name.as_str())?;
            self.act(by, Command::Resolve { thread });
        }
        Ok(())
    }

    fn recommendation(&mut self, entry: &RecommendationEntry) -> Result<(), SampleError> {
        let (section, anchor) = self.passage(&entry.section, entry.quote.as_ref())?;
        let author = self.participant(entry.author.as_str())?;
        let recommendation = RecommendationId::from_bytes(self.clock.id16());
        let fields = Fields {
            rationale: entry.rationale.clone(),
            dimension: entry.dimension,
            themes: entry.themes.clone(),
            gcm_objectives: entry.gcm_objectives.clone(),
            sdg_targets: entry.sdg_targets.clone(),
            lead_institution: entry.lead_institution.as_ref().map(|it| self.institution(it)),
            supporting_institutions: entry
                .supporting_institutions
                .iter()
                .map(|it| self.institution(it))
                .collect(),
            timeframe: entry.timeframe.clone(),
            priority: entry.priority,
            means_of_verification: entry.means_of_verification.clone(),
            evidence_links: entry.evidence_links.clone(),
            ..Fields::new(entry.title.clone(), entry.text.clone())
        };
        self.act(author, Command::Recommend { recommendation, section, anchor, fields });
        self.recommendations.push((recommendation, 1));
        Ok(())
    }

    fn stages(&mut self) -> Result<(), SampleError> {
        let script = self.script;
        for entry in script.sections.iter().filter(|it| it.stage != Stage::InReview) {
            let section = self.passage(&entry.key, None)?.0;
            let stage = Some(entry.stage);
            let command = Command::ChangeSection { section, title: None, stage, drafted_by: None };
            self.act(self.coordinator, command);
        }
        Ok(())
    }

    /// A section by its key, and the anchor of a quote in it.
    fn passage(&self, key: &str, quote: Option<&Quote>) -> Result<(SectionId, Option<Anchor>), SampleError> {
        let (section, body) = self.sections.get(key).ok_or_else(|| unknown("section", key))?;
        let anchor = quote.map(|quote| {
            let quote = quote.as_str();
            body.anchor_of(quote).ok_or_else(|| unknown("passage", quote))
        });
        Ok((*section, anchor.transpose()?))
    }

    /// An organization by its code, or any other institution by its name.
    fn institution(&self, named: &ShortField) -> Institution {
        match self.organizations.get(named.as_str()) {
            Some(id) => Institution::Organization { organization: *id },
            None => Institution::Name(named.clone()),
        }
    }

    fn organization(&self, code: &str) -> Result<OrganizationId, SampleError> {
        self.organizations.get(code).copied().ok_or_else(|| unknown("organization", code))
    }

    fn participant(&self, name: &str) -> Result<ParticipantId, SampleError> {
        self.participants.get(name).copied().ok_or_else(|| unknown("participant", name))
    }
}

fn unknown(what: &'static str, name: &str) -> SampleError {
    SampleError::Unknown { what, name: name.to_owned() }
}
