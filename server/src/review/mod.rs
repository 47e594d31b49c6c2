//! The domain as pure types: a report's review state, the commands that change it, and why one is refused.
//!
//! `decide` is a pure function: state + command → changes or a refusal. No I/O, no clock, no CRDT.

mod change;
mod command;
mod decide;
mod fields;
mod organizations;
mod outline;
mod refusal;
mod state;

pub use change::{Change, Changes};
pub use command::{Command, Decision, Fields, FieldsChange, Outcome};
pub use decide::decide;
pub use fields::{Anchor, Code, FieldError, Language, Name, Quote, ShortField, Text, Title};
pub use refusal::Refusal;
pub use state::{
    Dimension, Organization, OrganizationKind, Participant, Priority, Recommendation, RecommendationStatus,
    Reply, ReportInfo, ReviewState, Role, Section, SectionKind, Stage, Standing, Template, Thread,
    ThreadState,
};
