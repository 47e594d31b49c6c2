//! The register of recommendations, going out: as a spreadsheet, as text and as JSON for those on the report, and as
//! public pages for everyone. Pure: a review state in, bytes out.

mod commas;
mod language;
mod naming;
pub mod public;
mod register;
mod sheet;
#[cfg(test)]
mod tests;
mod words;
mod xlsx;

pub use commas::csv;
pub use language::Language;
pub use register::{
    Coded, Register, RegisterEntry, RegisterInstitution, RegisterOrganization, RegisterPerson,
    RegisterPosition, RegisterProgress, RegisterReport, RegisterSection, RegisterStep,
};
pub use xlsx::{NotWritten, xlsx};
