//! The two towers, of which each loads, runs and is freed on its own; and models that write texts about pictures.

mod blip;
mod block;
pub mod generator;
mod generators;
mod layers;
mod linear;
mod memory;
mod op;
mod options;
mod patches;
mod prefixes;
mod text;
mod towers;
mod vision;
mod warm_up;

pub use block::{BlockConfig, Blocks};
pub use generators::{PREFIXES as GENERATOR_PREFIXES, plan};
pub use linear::PRODUCT;
pub use memory::{memory, parameters};
pub use options::{Compute, Towers};
pub use text::TextTower;
pub use towers::Model;
pub use vision::VisionTower;
pub use warm_up::warm_up;
