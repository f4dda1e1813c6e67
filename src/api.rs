//! What JavaScript calls: handles in, plain data out, every error a named `Error`. Nothing else knows it.
//!
//! There are two modules of one source: that of a CLIP, which every visitor gets, and (`captioner`) that of models that write
//! texts, which is fetched with the first of them. Both take a model's bytes in the same way.

#[cfg(feature = "captioner")]
mod captioner;
#[cfg(not(feature = "captioner"))]
mod clip;
mod shared;

#[cfg(feature = "captioner")]
pub use captioner::{Captioning, Engine, Loader, Pixels, memory_needed, model_facts};
#[cfg(not(feature = "captioner"))]
pub use clip::{Engine, Explaining, Loader, Pixels, memory_needed, model_facts};
pub use shared::{PictureFacts, take_profile, warm_up};
#[cfg(feature = "threads")]
pub use shared::{helper_failed, init_thread_pool};
