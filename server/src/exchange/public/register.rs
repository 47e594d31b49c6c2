//! What of a register is public.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    exchange::{
        Language,
        naming::Naming,
        register::{Coded, RegisterPerson, RegisterReport},
    },
    ids::{OrganizationId, RecommendationId},
    review::{
        Counted, EvidenceLink, Organization, OrganizationKind, Priority, ProgressState, Recommendation,
        RecommendationStatus, ReviewState, StepKind, Tally, TermList,
    },
};

/// The published recommendations of a report.
#[derive(Serialize, ToSchema)]
pub struct PublicRegister {
    /// The report.
    pub report: RegisterReport,
    /// Its public page.
    pub url: String,
    /// The language of the titles of reference lists.
    pub language: Language,
    /// How many organizations took part.
    pub organizations: usize,
    /// Whether persons are named.
    pub names: bool,
    /// When the last recommendation was published.
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// When the last thing happened that is told here.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// By number.
    pub recommendations: Vec<PublicRecommendation>,
}

/// A published recommendation.
#[derive(Serialize, ToSchema)]
pub struct PublicRecommendation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RecommendationId,
    /// Its number.
    pub number: u32,
    /// Its public page: a link that stays.
    pub url: String,
    /// One sentence.
    pub title: String,
    /// What should be done.
    pub text: String,
    /// Why.
    pub rationale: Option<String>,
    /// The MGI dimension.
    pub dimension: Option<Coded>,
    /// Themes.
    pub themes: Vec<Coded>,
    /// Objectives of the Global Compact for Migration.
    pub gcm_objectives: Vec<Coded>,
    /// Targets of the Sustainable Development Goals.
    pub sdg_targets: Vec<Coded>,
    /// Who should do it.
    pub lead_institution: Option<String>,
    /// Who should help.
    pub supporting_institutions: Vec<String>,
    /// By when.
    pub timeframe: Option<String>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// How anyone will see that it was done.
    pub means_of_verification: Option<String>,
    /// What it rests on.
    pub evidence_links: Vec<EvidenceLink>,
    /// Who proposed it; only where the report publishes names.
    pub proposed_by: Option<RegisterPerson>,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// The sums of its positions.
    pub sums: Tally,
    /// Organizations that could take a position and took none.
    pub no_position: u32,
    /// What each organization says.
    pub positions: Vec<PublicPosition>,
    /// The objections that stand.
    pub maintained_objections: Vec<PublicObjection>,
    /// What was reported of its progress, oldest first; the last one counts.
    pub progress: Vec<PublicProgress>,
}

/// An organization.
#[derive(Clone, Serialize, ToSchema)]
pub struct PublicOrganization {
    /// Its full name.
    pub name: String,
    /// Its short code.
    pub code: String,
    /// Its kind.
    pub kind: OrganizationKind,
}

/// What an organization says to a recommendation.
#[derive(Serialize, ToSchema)]
pub struct PublicPosition {
    /// Whose.
    pub organization: PublicOrganization,
    /// What its position counts as; `null` when it took none.
    pub counted: Option<Counted>,
}

/// An objection that stands although the recommendation was agreed.
#[derive(Serialize, ToSchema)]
pub struct PublicObjection {
    /// Whose.
    pub organization: PublicOrganization,
    /// In its own words.
    pub statement: Option<String>,
}

/// A report of progress.
#[derive(Serialize, ToSchema)]
pub struct PublicProgress {
    /// 1, 2, 3 … on this recommendation.
    pub n: u32,
    /// How far it has got.
    pub state: ProgressState,
    /// What was done.
    pub note: Option<String>,
    /// Where that can be seen.
    pub link: Option<String>,
    /// When it was reported.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl PublicRegister {
    /// What is public of a report, on a server that people reach at `base` (no slash at its end). `None` until a
    /// recommendation is published.
    pub fn of(state: &ReviewState, language: Language, base: &str) -> Option<Self> {
        let info = state.report.as_ref()?;
        let report = RegisterReport::of(state)?;
        let url = format!("{base}/public/{}", report.id);
        let naming = Naming::new(state, language);
        let published = naming.recommendations(|it| it.status == RecommendationStatus::Published);
        let recommendations: Vec<_> =
            published.into_iter().map(|it| naming.public(it, &url, info.public_names)).collect();
        let published_at = recommendations.iter().map(|it| it.published_at).max()?;
        let progress = recommendations.iter().flat_map(|it| &it.progress).map(|it| it.at);
        Some(Self {
            updated_at: progress.fold(published_at, Timestamp::max),
            organizations: state.organizations.len(),
            names: info.public_names,
            report,
            url,
            language,
            published_at,
            recommendations,
        })
    }
}

impl PublicRecommendation {
    /// How many organizations could say something.
    pub(super) fn voices(&self) -> u32 {
        u32::try_from(self.positions.len()).unwrap_or(u32::MAX)
    }

    /// The positions by what they count as, in the order of `Counted`; those that took none are last.
    pub(super) fn by_position(&self) -> Vec<(Option<Counted>, Vec<&PublicOrganization>)> {
        let mut all: BTreeMap<(bool, Option<Counted>), Vec<&PublicOrganization>> = BTreeMap::new();
        for it in &self.positions {
            all.entry((it.counted.is_none(), it.counted)).or_default().push(&it.organization);
        }
        all.into_iter().map(|((_, counted), whose)| (counted, whose)).collect()
    }
}

impl Naming<'_> {
    fn public(&self, it: &Recommendation, report: &str, names: bool) -> PublicRecommendation {
        let silent = self.silent(it);
        let taken = self.positions(it).into_iter().map(|(whose, _, counted)| (whose, Some(counted)));
        let all = taken.chain(silent.iter().map(|whose| (*whose, None)));
        PublicRecommendation {
            id: it.id,
            number: it.number,
            url: format!("{report}/recommendations/{}", it.number),
            title: it.title.as_str().to_owned(),
            text: it.text.as_str().to_owned(),
            rationale: it.rationale.clone().map(Into::into),
            dimension: it.dimension.map(|it| self.dimension(it)),
            themes: it.themes.iter().map(|code| self.term(TermList::Themes, code)).collect(),
            gcm_objectives: it.gcm_objectives.iter().map(|it| self.objective(*it)).collect(),
            sdg_targets: it.sdg_targets.iter().map(|code| self.term(TermList::SdgTargets, code)).collect(),
            lead_institution: it.lead_institution.as_ref().map(|it| self.institution(it).name),
            supporting_institutions: it
                .supporting_institutions
                .iter()
                .map(|it| self.institution(it).name)
                .collect(),
            timeframe: it.timeframe.clone().map(Into::into),
            priority: it.priority,
            means_of_verification: it.means_of_verification.clone().map(Into::into),
            evidence_links: it.evidence_links.clone(),
            proposed_by: names.then(|| self.person(it.author)),
            published_at: self.published_at(it),
            sums: self.state.tally(it),
            no_position: u32::try_from(silent.len()).unwrap_or(u32::MAX),
            positions: all
                .map(|(whose, counted)| PublicPosition {
                    organization: PublicOrganization::of(whose),
                    counted,
                })
                .collect(),
            maintained_objections: self.objections(it),
            progress: self.public_progress(it),
        }
    }

    /// When it was published; of one without a path, when it was proposed.
    fn published_at(&self, it: &Recommendation) -> Timestamp {
        let step = self.state.path(it.id).rfind(|step| step.kind == StepKind::Published);
        step.map_or(it.created_at, |step| step.at)
    }

    fn objections(&self, of: &Recommendation) -> Vec<PublicObjection> {
        let named = |id: OrganizationId| self.state.organizations.get(&id);
        let mut all: Vec<_> = self
            .state
            .maintained_objections(of)
            .into_iter()
            .filter_map(|it| {
                let organization = PublicOrganization::of(named(it.organization)?);
                Some(PublicObjection { organization, statement: it.statement.clone().map(Into::into) })
            })
            .collect();
        all.sort_by(|a, b| a.organization.name.cmp(&b.organization.name));
        all
    }

    fn public_progress(&self, of: &Recommendation) -> Vec<PublicProgress> {
        let progress = |it: &crate::review::Progress| PublicProgress {
            n: it.n,
            state: it.state,
            note: it.note.clone().map(Into::into),
            link: it.link.clone().map(Into::into),
            at: it.at,
        };
        self.state.progress_of(of.id).map(progress).collect()
    }
}

impl PublicOrganization {
    fn of(it: &Organization) -> Self {
        Self { name: it.name.as_str().to_owned(), code: it.code.as_str().to_owned(), kind: it.kind }
    }
}
