//! What a coordinator adds to the reference lists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields::{TermCode, Title},
    state::Dimension,
};

/// A reference list that a report may add to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TermList {
    /// Themes of the dimensions.
    Themes,
    /// Targets of the Sustainable Development Goals.
    SdgTargets,
}

impl TermList {
    /// As it stands in keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Themes => "themes",
            Self::SdgTargets => "sdg_targets",
        }
    }
}

/// What a coordinator added to a reference list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Term {
    /// The list.
    pub list: TermList,
    /// Its code there.
    #[schema(value_type = String)]
    pub code: TermCode,
    /// What it says.
    #[schema(value_type = String)]
    pub title: Title,
    /// The dimension of a theme.
    pub dimension: Option<Dimension>,
}
