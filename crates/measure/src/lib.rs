//! How good a CLIP is on pictures.
