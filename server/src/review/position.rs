//! What organizations say to a recommendation, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{Link, Text};
use crate::ids::{OrganizationId, ParticipantId, RecommendationId};

/// What an organization says to a recommendation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// As it is.
    Support,
    /// With the changes that it names.
    SupportWithChanges,
    /// Not at all.
    Object,
    /// Neither.
    Abstain,
    /// It may not take a position on this.
    NoMandate,
}

/// A position of an organization. Never changed: the one with the greatest `n` counts, the others are its trail.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// On what.
    #[schema(value_type = String)]
    pub recommendation: RecommendationId,
    /// Whose.
    #[schema(value_type = String)]
    pub organization: OrganizationId,
    /// 1, 2, 3 … of this organization on this recommendation.
    pub n: u32,
    /// What it says.
    pub position: Stance,
    /// What would have to change; there when the position is `support_with_changes`, and only then.
    #[schema(value_type = Option<String>)]
    pub changes: Option<Text>,
    /// In its own words.
    #[schema(value_type = Option<String>)]
    pub statement: Option<Text>,
    /// It holds only if this other recommendation is agreed.
    #[schema(value_type = Option<String>)]
    pub condition: Option<RecommendationId>,
    /// A coordinator recorded it for the organization.
    pub on_behalf: bool,
    /// The wording that it was taken on.
    pub wording: u32,
    /// Who took it.
    #[schema(value_type = String)]
    pub by: ParticipantId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// How far a published recommendation has got.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    /// Nothing yet.
    NotStarted,
    /// Somebody is at it.
    UnderWay,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// A report of progress. Never changed: the one with the greatest `n` counts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// On what.
    #[schema(value_type = String)]
    pub recommendation: RecommendationId,
    /// 1, 2, 3 … on this recommendation.
    pub n: u32,
    /// How far it has got.
    pub state: ProgressState,
    /// What was done.
    #[schema(value_type = Option<String>)]
    pub note: Option<Text>,
    /// Where that can be seen.
    #[schema(value_type = Option<String>)]
    pub link: Option<Link>,
    /// Who reports.
    #[schema(value_type = String)]
    pub by: ParticipantId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
