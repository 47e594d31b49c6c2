//! Plenary: live review of a draft report by the people of a consultation.
//!
//! Modules may use those before them only; `tests/tidy.rs` holds the arrows. ARCHITECTURE.md is the map.

pub mod ids;
pub mod limits;
pub mod clock;
pub mod protocol;
pub mod journal;
pub mod body;
pub mod review;
pub mod access;
pub mod room;
pub mod sample;
pub mod api;
