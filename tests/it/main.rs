//! Plenary from outside: a file a behaviour, all on real sockets against the built binary.

mod crashers;
mod doors;
mod durability;
mod flush;
mod measures;
mod messages;
mod review;
mod store;
mod together;
mod updates;
mod wire;
