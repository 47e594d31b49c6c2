//! The fields of a recommendation that people write.

use std::collections::BTreeSet;

use super::{
    fields::{ShortField, TermCode, Text, Title},
    recommendation::{EvidenceLink, GcmObjective, Institution, Recommendation},
    state::{Dimension, Priority},
};

/// The fields of a recommendation that people write.
#[derive(Clone, PartialEq, Debug)]
pub struct Fields {
    /// One sentence.
    pub title: Title,
    /// What should be done.
    pub text: Text,
    /// Why.
    pub rationale: Option<Text>,
    /// The MGI dimension.
    pub dimension: Option<Dimension>,
    /// Codes of themes.
    pub themes: BTreeSet<TermCode>,
    /// Objectives of the Global Compact for Migration.
    pub gcm_objectives: BTreeSet<GcmObjective>,
    /// Codes of targets of the Sustainable Development Goals.
    pub sdg_targets: BTreeSet<TermCode>,
    /// Who should do it.
    pub lead_institution: Option<Institution>,
    /// Who should help.
    pub supporting_institutions: Vec<Institution>,
    /// By when.
    pub timeframe: Option<ShortField>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// How anyone will see that it was done.
    pub means_of_verification: Option<Text>,
    /// What it rests on.
    pub evidence_links: Vec<EvidenceLink>,
}

impl Fields {
    /// Only what every recommendation has.
    pub const fn new(title: Title, text: Text) -> Self {
        Self {
            title,
            text,
            rationale: None,
            dimension: None,
            themes: BTreeSet::new(),
            gcm_objectives: BTreeSet::new(),
            sdg_targets: BTreeSet::new(),
            lead_institution: None,
            supporting_institutions: Vec::new(),
            timeframe: None,
            priority: None,
            means_of_verification: None,
            evidence_links: Vec::new(),
        }
    }

    /// As a recommendation has them now.
    pub fn of(it: &Recommendation) -> Self {
        let it = it.clone();
        Self {
            title: it.title,
            text: it.text,
            rationale: it.rationale,
            dimension: it.dimension,
            themes: it.themes,
            gcm_objectives: it.gcm_objectives,
            sdg_targets: it.sdg_targets,
            lead_institution: it.lead_institution,
            supporting_institutions: it.supporting_institutions,
            timeframe: it.timeframe,
            priority: it.priority,
            means_of_verification: it.means_of_verification,
            evidence_links: it.evidence_links,
        }
    }
}

/// Which of those fields change, and to what; the outer `Option` is "leave as it is", so that two people who change
/// different fields at once both have their way.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FieldsChange {
    /// One sentence.
    pub title: Option<Title>,
    /// What should be done.
    pub text: Option<Text>,
    /// Why.
    pub rationale: Option<Option<Text>>,
    /// The MGI dimension.
    pub dimension: Option<Option<Dimension>>,
    /// Codes of themes.
    pub themes: Option<BTreeSet<TermCode>>,
    /// Objectives of the Global Compact for Migration.
    pub gcm_objectives: Option<BTreeSet<GcmObjective>>,
    /// Codes of targets of the Sustainable Development Goals.
    pub sdg_targets: Option<BTreeSet<TermCode>>,
    /// Who should do it.
    pub lead_institution: Option<Option<Institution>>,
    /// Who should help.
    pub supporting_institutions: Option<Vec<Institution>>,
    /// By when.
    pub timeframe: Option<Option<ShortField>>,
    /// How urgent.
    pub priority: Option<Option<Priority>>,
    /// How anyone will see that it was done.
    pub means_of_verification: Option<Option<Text>>,
    /// What it rests on.
    pub evidence_links: Option<Vec<EvidenceLink>>,
}

impl FieldsChange {
    /// The fields after the change.
    pub(super) fn applied_to(self, old: Fields) -> Fields {
        Fields {
            title: self.title.unwrap_or(old.title),
            text: self.text.unwrap_or(old.text),
            rationale: self.rationale.unwrap_or(old.rationale),
            dimension: self.dimension.unwrap_or(old.dimension),
            themes: self.themes.unwrap_or(old.themes),
            gcm_objectives: self.gcm_objectives.unwrap_or(old.gcm_objectives),
            sdg_targets: self.sdg_targets.unwrap_or(old.sdg_targets),
            lead_institution: self.lead_institution.unwrap_or(old.lead_institution),
            supporting_institutions: self.supporting_institutions.unwrap_or(old.supporting_institutions),
            timeframe: self.timeframe.unwrap_or(old.timeframe),
            priority: self.priority.unwrap_or(old.priority),
            means_of_verification: self.means_of_verification.unwrap_or(old.means_of_verification),
            evidence_links: self.evidence_links.unwrap_or(old.evidence_links),
        }
    }
}

impl From<Fields> for FieldsChange {
    /// Every field changes.
    fn from(fields: Fields) -> Self {
        Self {
            title: Some(fields.title),
            text: Some(fields.text),
            rationale: Some(fields.rationale),
            dimension: Some(fields.dimension),
            themes: Some(fields.themes),
            gcm_objectives: Some(fields.gcm_objectives),
            sdg_targets: Some(fields.sdg_targets),
            lead_institution: Some(fields.lead_institution),
            supporting_institutions: Some(fields.supporting_institutions),
            timeframe: Some(fields.timeframe),
            priority: Some(fields.priority),
            means_of_verification: Some(fields.means_of_verification),
            evidence_links: Some(fields.evidence_links),
        }
    }
}

impl Recommendation {
    /// It with other fields.
    pub(super) fn with(self, fields: Fields) -> Self {
        let Fields { title, text, rationale, dimension, themes, gcm_objectives, sdg_targets, .. } = fields;
        Self {
            title,
            text,
            rationale,
            dimension,
            themes,
            gcm_objectives,
            sdg_targets,
            lead_institution: fields.lead_institution,
            supporting_institutions: fields.supporting_institutions,
            timeframe: fields.timeframe,
            priority: fields.priority,
            means_of_verification: fields.means_of_verification,
            evidence_links: fields.evidence_links,
            ..self
        }
    }
}
