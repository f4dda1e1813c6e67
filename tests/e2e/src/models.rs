//! Models on their way, in storage, and out of it.

pub(crate) mod downloads;
pub(crate) mod kept;
pub(crate) mod loaded;
pub(crate) mod shared;
