//! The domain as pure types: a report's review state, the commands that change it, and why one is refused.
//!
//! `decide` is a pure function: state + command → changes or a refusal. No I/O, no clock, no CRDT.

mod actionable;
mod carry;
mod change;
mod command;
mod decide;
mod fields;
mod lookup;
mod organizations;
mod outline;
mod position;
mod proposal;
mod recommendation;
mod reference;
mod refusal;
mod state;
mod tally;
mod telling;
mod term;
mod trails;

pub use actionable::Lacking;
pub use change::{Change, Changes};
pub use command::{Carried, Command, Decision, NextStep, Outcome, Taken};
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
pub use reference::{
    DimensionEntry, DimensionTitle, ObjectiveEntry, Reference, TermEntry, TermTitle, reference,
};
pub use refusal::Refusal;
pub use state::{
    Dimension, Meeting, MeetingClock, Organization, OrganizationKind, Participant, PositionKey, Priority,
    ProgressKey, Reply, ReportInfo, ReviewState, Role, Section, SectionKind, Stage, Standing, Template,
    TermKey, Thread, ThreadState,
};
pub use tally::{Counted, Tally};
pub use term::{Term, TermList};
pub use trails::Trails;
