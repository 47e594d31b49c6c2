//! The whole register as those on the report may have it: every recommendation with its fields in words, its sums, its
//! positions and its path. Spreadsheet and text are made of this, too.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Language, naming::Naming};
use crate::{
    ids::{OrganizationId, RecommendationId, ReportId, SectionId},
    review::{
        CarriedFrom, Counted, EvidenceLink, OrganizationKind, Priority, ProgressState, Recommendation,
        RecommendationStatus, ReviewState, Stance, StepKind, Tally, TermList,
    },
};

/// The register of a report.
#[derive(Serialize, ToSchema)]
pub struct Register {
    /// Whose.
    pub report: RegisterReport,
    /// The language of the titles of reference lists.
    pub language: Language,
    /// By number.
    pub recommendations: Vec<RegisterEntry>,
}

/// The report of a register.
#[derive(Clone, Serialize, ToSchema)]
pub struct RegisterReport {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ReportId,
    /// Its title.
    pub title: String,
    /// The language of its text, as a BCP 47 tag.
    pub language: String,
}

/// An entry of a reference list.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coded {
    /// Its code, as text.
    pub code: String,
    /// What it says, in the language of the register; as it was written, when the report added it.
    pub title: String,
}

/// Who leads or supports.
#[derive(Clone, Serialize, ToSchema)]
pub struct RegisterInstitution {
    /// Its name.
    pub name: String,
    /// Its id, when it is an organization of the report.
    #[schema(value_type = Option<String>)]
    pub organization: Option<OrganizationId>,
}

/// Whom people act for.
#[derive(Clone, Serialize, ToSchema)]
pub struct RegisterOrganization {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrganizationId,
    /// Its full name.
    pub name: String,
    /// Its short code.
    pub code: String,
    /// Its kind.
    pub kind: OrganizationKind,
}

/// Where a recommendation belongs.
#[derive(Serialize, ToSchema)]
pub struct RegisterSection {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SectionId,
    /// Its printed number; front matter has none.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
}

/// Somebody, by name.
#[derive(Clone, Serialize, ToSchema)]
pub struct RegisterPerson {
    /// Their name.
    pub name: String,
    /// The name of the organization that they act for; who administers the server acts for none.
    pub organization: Option<String>,
}

/// A recommendation, with all that belongs to it. Other recommendations are named by their numbers.
#[derive(Serialize, ToSchema)]
pub struct RegisterEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RecommendationId,
    /// Its number.
    pub number: u32,
    /// One sentence.
    pub title: String,
    /// What should be done.
    pub text: String,
    /// Why.
    pub rationale: Option<String>,
    /// Where it belongs.
    pub section: RegisterSection,
    /// The MGI dimension.
    pub dimension: Option<Coded>,
    /// Themes.
    pub themes: Vec<Coded>,
    /// Objectives of the Global Compact for Migration.
    pub gcm_objectives: Vec<Coded>,
    /// Targets of the Sustainable Development Goals.
    pub sdg_targets: Vec<Coded>,
    /// Who should do it.
    pub lead_institution: Option<RegisterInstitution>,
    /// Who should help.
    pub supporting_institutions: Vec<RegisterInstitution>,
    /// By when.
    pub timeframe: Option<String>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// How anyone will see that it was done.
    pub means_of_verification: Option<String>,
    /// What it rests on.
    pub evidence_links: Vec<EvidenceLink>,
    /// Where it stands.
    pub status: RecommendationStatus,
    /// The one it went into.
    pub merged_into: Option<u32>,
    /// The one it came out of.
    pub split_from: Option<u32>,
    /// The one of an earlier report that it takes over.
    pub carried_from: Option<CarriedFrom>,
    /// Its wording.
    pub wording: u32,
    /// Who proposed it.
    pub proposed_by: RegisterPerson,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its fields were last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    /// The sums of its positions.
    pub sums: Tally,
    /// Organizations that may take a position and have none.
    pub no_position: u32,
    /// The position that each organization has now.
    pub positions: Vec<RegisterPosition>,
    /// The organizations whose objections stand although it was decided.
    pub maintained_objections: Vec<RegisterOrganization>,
    /// Its path, first step first.
    pub steps: Vec<RegisterStep>,
    /// What was reported of its progress, oldest first; the last one counts.
    pub progress: Vec<RegisterProgress>,
}

/// The position that an organization has now.
#[derive(Serialize, ToSchema)]
pub struct RegisterPosition {
    /// Whose.
    pub organization: RegisterOrganization,
    /// What it says.
    pub position: Stance,
    /// What that counts as.
    pub counted: Counted,
    /// What would have to change.
    pub changes: Option<String>,
    /// In its own words.
    pub statement: Option<String>,
    /// It holds only if this other recommendation is agreed.
    pub condition: Option<u32>,
    /// A coordinator recorded it for the organization.
    pub on_behalf: bool,
    /// The wording that it was taken on.
    pub wording: u32,
    /// That wording has changed too much since.
    pub to_be_renewed: bool,
    /// Who took it.
    pub by: RegisterPerson,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A step of a path.
#[derive(Serialize, ToSchema)]
pub struct RegisterStep {
    /// 1, 2, 3 … on this path.
    pub n: u32,
    /// What it was.
    pub kind: StepKind,
    /// The status after it; of a disposition that is proposed, accepted or declined: the status it would give.
    pub status: RecommendationStatus,
    /// Why.
    pub reason: Option<String>,
    /// The other recommendation of a merge or a split.
    pub other: Option<u32>,
    /// Who took it.
    pub by: RegisterPerson,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A report of progress.
#[derive(Serialize, ToSchema)]
pub struct RegisterProgress {
    /// How far it has got.
    pub state: ProgressState,
    /// What was done.
    pub note: Option<String>,
    /// Where that can be seen.
    pub link: Option<String>,
    /// Who reported it.
    pub by: RegisterPerson,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Register {
    /// The register of a report; `None` when there is no report.
    pub fn of(state: &ReviewState, language: Language) -> Option<Self> {
        let report = RegisterReport::of(state)?;
        let naming = Naming::new(state, language);
        let recommendations =
            naming.recommendations(|_| true).into_iter().map(|it| naming.entry(it)).collect();
        Some(Self { report, language, recommendations })
    }
}

impl RegisterReport {
    pub(super) fn of(state: &ReviewState) -> Option<Self> {
        let report = state.report.as_ref()?;
        let text = |it: &str| it.to_owned();
        Some(Self {
            id: report.id,
            title: text(report.title.as_str()),
            language: text(report.language.as_str()),
        })
    }
}

impl Naming<'_> {
    fn entry(&self, it: &Recommendation) -> RegisterEntry {
        let objections = self.state.maintained_objections(it);
        let objecting: BTreeSet<_> = objections.iter().map(|it| it.organization).collect();
        let positions = self.register_positions(it);
        let maintained = positions.iter().map(|it| &it.organization).filter(|it| objecting.contains(&it.id));
        RegisterEntry {
            id: it.id,
            number: it.number,
            title: it.title.as_str().to_owned(),
            text: it.text.as_str().to_owned(),
            rationale: it.rationale.clone().map(Into::into),
            section: self.section(it.section),
            dimension: it.dimension.map(|it| self.dimension(it)),
            themes: it.themes.iter().map(|code| self.term(TermList::Themes, code)).collect(),
            gcm_objectives: it.gcm_objectives.iter().map(|it| self.objective(*it)).collect(),
            sdg_targets: it.sdg_targets.iter().map(|code| self.term(TermList::SdgTargets, code)).collect(),
            lead_institution: it.lead_institution.as_ref().map(|it| self.institution(it)),
            supporting_institutions: it
                .supporting_institutions
                .iter()
                .map(|it| self.institution(it))
                .collect(),
            timeframe: it.timeframe.clone().map(Into::into),
            priority: it.priority,
            means_of_verification: it.means_of_verification.clone().map(Into::into),
            evidence_links: it.evidence_links.clone(),
            status: it.status,
            merged_into: self.number(it.merged_into),
            split_from: self.number(it.split_from),
            carried_from: it.carried_from,
            wording: it.wording,
            proposed_by: self.person(it.author),
            created_at: it.created_at,
            edited_at: it.edited_at,
            sums: self.state.tally(it),
            no_position: u32::try_from(self.silent(it).len()).unwrap_or(u32::MAX),
            maintained_objections: maintained.cloned().collect(),
            positions,
            steps: self.register_steps(it),
            progress: self.register_progress(it),
        }
    }

    fn register_positions(&self, of: &Recommendation) -> Vec<RegisterPosition> {
        let position = |(organization, it, counted): (_, &crate::review::Position, _)| RegisterPosition {
            organization: Self::organization(organization),
            position: it.position,
            counted,
            changes: it.changes.clone().map(Into::into),
            statement: it.statement.clone().map(Into::into),
            condition: self.number(it.condition),
            on_behalf: it.on_behalf,
            wording: it.wording,
            to_be_renewed: of.is_to_be_renewed(it),
            by: self.person(it.by),
            at: it.at,
        };
        self.positions(of).into_iter().map(position).collect()
    }

    fn register_steps(&self, of: &Recommendation) -> Vec<RegisterStep> {
        let step = |it: &crate::review::Step| RegisterStep {
            n: it.n,
            kind: it.kind,
            status: it.status,
            reason: it.reason.clone().map(Into::into),
            other: self.number(it.other),
            by: self.person(it.by),
            at: it.at,
        };
        self.state.path(of.id).map(step).collect()
    }

    fn register_progress(&self, of: &Recommendation) -> Vec<RegisterProgress> {
        let progress = |it: &crate::review::Progress| RegisterProgress {
            state: it.state,
            note: it.note.clone().map(Into::into),
            link: it.link.clone().map(Into::into),
            by: self.person(it.by),
            at: it.at,
        };
        self.state.progress_of(of.id).map(progress).collect()
    }
}
