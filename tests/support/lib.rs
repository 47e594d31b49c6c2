//! Builders that play a consultation against a real server: the binary, real HTTP, real sockets.

pub mod consultation;
pub mod desk;
pub mod server;

pub use consultation::{Consultation, Person};
pub use desk::Desk;
pub use server::Server;
