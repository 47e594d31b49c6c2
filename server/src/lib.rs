//! Plenary: live review of a draft report by the people of a consultation.
//!
//! Modules may use those before them only; `tests/tidy.rs` holds the arrows. ARCHITECTURE.md is the map.

pub mod access;
pub mod api;
pub mod body;
pub mod clock;
pub mod ids;
pub mod journal;
pub mod limits;
pub mod protocol;
pub mod review;
pub mod room;
pub mod sample;
