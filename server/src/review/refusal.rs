//! Why a command is refused. The client can act on each; the names are part of the contract.

use std::borrow::Cow;

use super::fields::FieldError;

/// A command was refused; nothing changed.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing (or one may not know of it).
    #[error("there is no such {what}")]
    NotFound {
        /// `report`, `section`, `thread` …
        what: &'static str,
    },
    /// One may see it, but not do this.
    #[error("{why}")]
    Forbidden {
        /// What to do instead, as a sentence.
        why: Cow<'static, str>,
    },
    /// Somebody was faster, or it is already so.
    #[error("{why}")]
    Conflict {
        /// How it stands now, as a sentence.
        why: Cow<'static, str>,
    },
    /// A field is not acceptable.
    #[error("{field} {error}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why.
        error: FieldError,
    },
    /// The report holds as many of these as it may.
    #[error("a report holds at most {max} {what}")]
    Full {
        /// `sections`, `threads` …
        what: &'static str,
        /// The bound.
        max: usize,
    },
}

impl Refusal {
    /// One may see it, but not do this.
    pub(super) fn forbidden(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Forbidden { why: why.into() }
    }

    /// Somebody was faster, or it is already so.
    pub(super) fn conflict(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict { why: why.into() }
    }
}
