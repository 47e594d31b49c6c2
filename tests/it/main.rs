//! Plenary from outside: a file a behaviour, all on real sockets against the built binary.

mod access;
mod connections;
mod crashers;
mod doors;
mod durability;
mod exhaustion;
mod flush;
mod lines;
mod measures;
mod messages;
mod register;
mod review;
mod storage;
mod store;
mod together;
mod updates;
mod wire;
