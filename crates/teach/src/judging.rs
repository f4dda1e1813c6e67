//! From logits of examples whose class is known to what can be said of them.

pub mod calibration;
pub mod curve;
pub mod interval;
pub mod mistakes;
pub mod open_set;
pub mod quality;
pub mod reliability;
pub mod temperature;
pub mod vector_scaling;
