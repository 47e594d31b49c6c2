//! A recommendation, and the steps of its path from proposal to publication.

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, OneOfBuilder},
    },
};

use super::{
    fields::{Anchor, Claim, FieldError, ShortField, Source, TermCode, Text, Title},
    state::{Dimension, Priority},
};
use crate::{
    ids::{OrganizationId, ParticipantId, RecommendationId, ReportId, SectionId},
    limits::GCM_OBJECTIVES,
};

/// Where a recommendation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecommendationStatus {
    /// Put forward; not yet discussed.
    Proposed,
    /// On the table.
    UnderDiscussion,
    /// The consultation makes it its own.
    Agreed,
    /// The consultation does not.
    NotAgreed,
    /// It went into another one, `merged_into`.
    Merged,
    /// Taken back.
    Withdrawn,
    /// In the published register.
    Published,
}

/// What the consultation makes of a recommendation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The consultation makes it its own.
    Agreed,
    /// The consultation does not.
    NotAgreed,
}

impl From<Disposition> for RecommendationStatus {
    fn from(disposition: Disposition) -> Self {
        match disposition {
            Disposition::Agreed => Self::Agreed,
            Disposition::NotAgreed => Self::NotAgreed,
        }
    }
}

/// Who leads or supports what is recommended: an organization of the report, or any other by its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(untagged)]
pub enum Institution {
    /// An organization of the report.
    Organization {
        /// Its id.
        organization: OrganizationId,
    },
    /// Any other.
    Name(ShortField),
}

/// By hand: derived, the name would be text and an object at once.
impl PartialSchema for Institution {
    fn schema() -> RefOr<Schema> {
        let organization =
            ObjectBuilder::new().property("organization", String::schema()).required("organization");
        let either = OneOfBuilder::new().item(String::schema()).item(organization);
        either.description(Some("A name, or an organization of the report.")).into()
    }
}

impl ToSchema for Institution {}

impl<'de> Deserialize<'de> for Institution {
    /// A name as text, or `{"organization": id}`. By hand, so that the error says what is wrong with it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Institution;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or {\"organization\": id}")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Institution, E> {
                ShortField::try_from(name.to_owned()).map(Institution::Name).map_err(E::custom)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Institution, A::Error> {
                #[derive(Deserialize)]
                struct Named {
                    organization: OrganizationId,
                }
                let Named { organization } = Named::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Institution::Organization { organization })
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// An objective of the Global Compact for Migration, 1 to 23.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct GcmObjective(u8);

impl TryFrom<u8> for GcmObjective {
    type Error = FieldError;
    fn try_from(number: u8) -> Result<Self, FieldError> {
        let known = (1..=GCM_OBJECTIVES).contains(&usize::from(number));
        known.then_some(Self(number)).ok_or(FieldError::Form("must be an objective from 1 to 23"))
    }
}

impl From<GcmObjective> for u8 {
    fn from(objective: GcmObjective) -> Self {
        objective.0
    }
}

/// Something that a recommendation rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct EvidenceLink {
    /// What is the case.
    #[schema(value_type = String)]
    pub claim: Claim,
    /// Where that can be read: words, or an http(s) address. `None`: the source is still missing.
    #[schema(value_type = Option<String>)]
    pub source: Option<Source>,
}

/// Where a recommendation of an earlier report was taken over from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CarriedFrom {
    /// The earlier report.
    #[schema(value_type = String)]
    pub report: ReportId,
    /// What it was there.
    #[schema(value_type = String)]
    pub recommendation: RecommendationId,
    /// Its number there.
    pub number: u32,
}

/// A numbered proposal. What later versions added is empty in older records.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Recommendation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RecommendationId,
    /// 1, 2, 3 … in the report, without gap or reuse.
    pub number: u32,
    /// One sentence.
    #[schema(value_type = String)]
    pub title: Title,
    /// What should be done.
    #[schema(value_type = String)]
    pub text: Text,
    /// Why.
    #[schema(value_type = Option<String>)]
    pub rationale: Option<Text>,
    /// The section it belongs to.
    #[schema(value_type = String)]
    pub section: SectionId,
    /// The passage; `None` is the whole section.
    pub anchor: Option<Anchor>,
    /// The MGI dimension.
    pub dimension: Option<Dimension>,
    /// Codes of themes, of the reference list or the report's own.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub themes: BTreeSet<TermCode>,
    /// Objectives of the Global Compact for Migration, 1 to 23.
    #[serde(default)]
    #[schema(value_type = Vec<u8>)]
    pub gcm_objectives: BTreeSet<GcmObjective>,
    /// Codes of targets of the Sustainable Development Goals, of the reference list or the report's own.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub sdg_targets: BTreeSet<TermCode>,
    /// Who should do it.
    pub lead_institution: Option<Institution>,
    /// Who should help.
    #[serde(default)]
    pub supporting_institutions: Vec<Institution>,
    /// By when.
    #[schema(value_type = Option<String>)]
    pub timeframe: Option<ShortField>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// How anyone will see that it was done.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub means_of_verification: Option<Text>,
    /// What it rests on.
    #[serde(default)]
    pub evidence_links: Vec<EvidenceLink>,
    /// Where it stands.
    pub status: RecommendationStatus,
    /// The one it went into.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub merged_into: Option<RecommendationId>,
    /// The one it came out of.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub split_from: Option<RecommendationId>,
    /// The one of an earlier report that it takes over.
    #[serde(default)]
    pub carried_from: Option<CarriedFrom>,
    /// Counts up from 1 when its title or text changes, and when it takes in another or another comes out of it.
    #[serde(default = "one")]
    pub wording: u32,
    /// Positions taken on an earlier wording than this must be renewed.
    #[serde(default = "one")]
    pub renew_from: u32,
    /// How many steps its path has so far.
    #[serde(default)]
    pub steps: u32,
    /// Who proposed it.
    #[schema(value_type = String)]
    pub author: ParticipantId,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When its fields were last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
}

const fn one() -> u32 {
    1
}

/// What a step of a path was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It was put forward.
    Proposed,
    /// Its discussion was opened.
    Discussion,
    /// The coordinator asked its organization to accept how it is to be recorded.
    DispositionProposed,
    /// The organization accepts that.
    DispositionAccepted,
    /// The organization does not.
    DispositionDeclined,
    /// It was recorded as agreed or not agreed.
    Decided,
    /// It went into `other`.
    Merged,
    /// It took in `other`.
    Gained,
    /// `other` came out of it.
    Split,
    /// It was taken back.
    Withdrawn,
    /// Its discussion was opened again.
    Reopened,
    /// It went into the published register.
    Published,
}

/// One step of a recommendation's path. Never changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Whose path.
    #[schema(value_type = String)]
    pub recommendation: RecommendationId,
    /// 1, 2, 3 … on this path.
    pub n: u32,
    /// What it was.
    pub kind: StepKind,
    /// The status after it; of a disposition that is proposed, accepted or declined: the status it would give.
    pub status: RecommendationStatus,
    /// Why.
    #[schema(value_type = Option<String>)]
    pub reason: Option<Text>,
    /// The other recommendation of a merge or a split.
    #[schema(value_type = Option<String>)]
    pub other: Option<RecommendationId>,
    /// Who took it.
    #[schema(value_type = String)]
    pub by: ParticipantId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
