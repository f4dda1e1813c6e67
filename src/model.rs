//! The two towers. Each loads, runs and is freed on its own.

mod block;
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

pub use layers::Layers;
pub use linear::PRODUCT;
pub use memory::{memory, parameters};
pub use options::{Compute, Towers};
pub use text::TextTower;
pub use towers::Model;
pub use vision::VisionTower;
pub use warm_up::warm_up;
