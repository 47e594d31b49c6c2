//! Rooms from outside.
