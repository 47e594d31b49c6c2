//! Plenary from outside: a file a behaviour, all on real sockets against the built binary.

mod doors;
mod durability;
mod flush;
mod hostile;
mod measures;
mod review;
mod store;
mod together;
