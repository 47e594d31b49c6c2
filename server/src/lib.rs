//! Plenary: live review of a draft report by the people of a consultation.
//!
//! ARCHITECTURE.md is the map: which module may use which; `tests/tidy.rs` holds the arrows.

pub mod access;
pub mod api;
pub mod body;
pub mod clock;
pub mod exchange;
pub mod ids;
pub mod journal;
pub(crate) mod lib0;
pub mod limits;
pub(crate) mod measure;
pub mod protocol;
pub mod review;
pub mod room;
pub mod sample;
