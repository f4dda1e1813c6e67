//! The engine that runs: what it says, how it computes, how long.

pub(crate) mod running;
pub(crate) mod speed;
