//! Newtypes for everything that has a name. An id is 128 random bits, written as 32 lower-case hex digits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The text is not an id of the wanted kind (32 hex digits).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 32 hexadecimal digits are expected")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 16]);

        impl $name {
            /// An id from its 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(bytes) }
            /// The 16 bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Uuid::from_bytes(self.0).simple().fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!(stringify!($name), "({})"), self) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if text.len() != 32 || text.bytes().any(|b| b.is_ascii_uppercase()) { return Err(NotAnId); }
                Uuid::try_parse(text).map(|id| Self(id.into_bytes())).map_err(|_| NotAnId)
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.to_string() }
        }
    )+};
}

ids! {
    /// One draft under review.
    ReportId,
    /// A part of a report with its own body.
    SectionId,
    /// A person on a report.
    ParticipantId,
    /// Whom participants act for.
    OrganizationId,
    /// A comment with its replies.
    ThreadId,
    /// One reply of a thread.
    ReplyId,
    /// A numbered proposal.
    RecommendationId,
    /// A section or a recommendation: on the wire the text of either has the same form of name. Which, the review
    /// state says.
    TextId,
    /// A signed-in browser.
    SessionId,
    /// The journal's opaque name of a document. Never user text: it becomes a key.
    DocId,
}

impl ParticipantId {
    /// Whoever holds the server's admin token. Coordinator of every report; not listed among its participants.
    pub const ADMINISTRATOR: Self = Self([0; 16]);
}

impl TextId {
    /// As a section's.
    pub const fn section(self) -> SectionId {
        SectionId(self.0)
    }
    /// As a recommendation's.
    pub const fn recommendation(self) -> RecommendationId {
        RecommendationId(self.0)
    }
}

/// A live document of a report: a section's body, a recommendation's wording, or the review state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// The text of one section; participants write it.
    Body(SectionId),
    /// Title and text of one recommendation; participants write them.
    Wording(RecommendationId),
    /// Threads, recommendations, people …; only the server writes it.
    Review,
}

/// Which live document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DocumentName {
    /// The report it belongs to.
    pub report: ReportId,
    /// Which of the report's documents.
    pub part: Part,
}

impl DocumentName {
    /// The review document of a report.
    pub const fn review(report: ReportId) -> Self {
        Self { report, part: Part::Review }
    }
    /// The body of a section.
    pub const fn body(report: ReportId, section: SectionId) -> Self {
        Self { report, part: Part::Body(section) }
    }
    /// The wording of a recommendation.
    pub const fn wording(report: ReportId, recommendation: RecommendationId) -> Self {
        Self { report, part: Part::Wording(recommendation) }
    }
    /// The key under which the journal keeps it. The server makes the ids of reports and sections, of one space of
    /// random bits. A client may choose a recommendation's: it must never name another document's journal.
    pub fn doc(&self) -> DocId {
        match self.part {
            Part::Body(section) => DocId(section.0),
            Part::Wording(recommendation) => {
                let hash = Sha256::new().chain_update(b"wording").chain_update(self.report.0);
                let hash = hash.chain_update(recommendation.0).finalize();
                let mut key = [0; 16];
                key.copy_from_slice(&hash[..16]);
                DocId(key)
            }
            Part::Review => DocId(self.report.0),
        }
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Body(section) => write!(f, "{}/{section}", self.report),
            Part::Wording(recommendation) => write!(f, "{}/{recommendation}", self.report),
            Part::Review => write!(f, "{}/review", self.report),
        }
    }
}

/// A live document as it is named on the wire: `{report}/{section}`, `{report}/{recommendation}` or `{report}/review`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WireName {
    /// The report it belongs to.
    pub report: ReportId,
    /// Which of the report's texts; `None`: the review.
    pub text: Option<TextId>,
}

impl FromStr for WireName {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (report, part) = text.split_once('/').ok_or(NotAnId)?;
        let report = report.parse()?;
        let text = if part == "review" { None } else { Some(part.parse()?) };
        Ok(Self { report, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_name_reads_back_as_written() {
        let (report, text) = (ReportId::from_bytes([7; 16]), TextId::from_bytes([9; 16]));
        for (name, text) in [
            (DocumentName::review(report), None),
            (DocumentName::body(report, text.section()), Some(text)),
            (DocumentName::wording(report, text.recommendation()), Some(text)),
        ] {
            assert_eq!(name.to_string().parse(), Ok(WireName { report, text }));
        }
    }

    #[test]
    fn no_chosen_recommendation_id_names_the_journal_of_another_document() {
        let (report, other) = (ReportId::from_bytes([7; 16]), ReportId::from_bytes([8; 16]));
        // The ledger's, a report's and a section's ids, chosen for a recommendation.
        for id in [[0; 16], [7; 16], [9; 16]] {
            let wording = DocumentName::wording(report, RecommendationId::from_bytes(id)).doc();
            assert_ne!(wording, DocId::from_bytes(id));
            assert_ne!(wording, DocumentName::wording(other, RecommendationId::from_bytes(id)).doc());
        }
    }

    #[test]
    fn names_with_paths_nul_or_length_are_refused() {
        let report = "07".repeat(16);
        for bad in [
            "",
            "/",
            "review",
            "../review",
            &format!("{report}/../review"),
            &format!("{report}/review\0"),
            &format!("{report}/"),
        ] {
            assert_eq!(bad.parse::<WireName>(), Err(NotAnId), "{bad:?}");
        }
    }
}
