//! One binary, a file a behaviour.
