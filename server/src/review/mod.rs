//! The domain as pure types: a report's review state, the commands that change it, and why one is refused.
//!
//! `decide` is a pure function: state + command → changes or a refusal. No I/O, no clock, no CRDT.

mod change;
mod command;
mod decide;
mod fields;
mod organizations;
mod outline;
mod position;
mod proposal;
mod recommendation;
mod refusal;
mod state;
mod term;

pub use change::{Change, Changes};
pub use command::{Command, Decision, Outcome};
pub use decide::decide;
pub use fields::{
    Anchor, Claim, Code, FieldError, Language, Link, Name, Quote, ShortField, Source, TermCode, Text, Title,
};
pub use position::{Position, Progress, ProgressState, Stance};
pub use proposal::{Fields, FieldsChange};
pub use recommendation::{
    CarriedFrom, Disposition, EvidenceLink, GcmObjective, Institution, Recommendation, RecommendationStatus,
    Step, StepKind,
};
pub use refusal::Refusal;
pub use state::{
    Dimension, Meeting, MeetingClock, Organization, OrganizationKind, Participant, PositionKey, Priority,
    ProgressKey, Reply, ReportInfo, ReviewState, Role, Section, SectionKind, Stage, Standing, StepKey,
    Template, TermKey, Thread, ThreadState,
};
pub use term::{Term, TermList};
