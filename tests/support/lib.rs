//! Builders that play a consultation against a real server: the binary, real HTTP, real sockets.

pub mod addressed;
pub mod consultation;
pub mod desk;
pub mod server;
pub mod siege;
pub mod update;
pub mod wire;

pub use addressed::Addressed;
pub use consultation::{Consultation, Person};
pub use desk::Desk;
pub use server::Server;
pub use siege::Siege;
pub use wire::Wire;
