//! Lints over the tree itself.
