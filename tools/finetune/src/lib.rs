//! A CLIP's last image blocks and its projection, trained on pictures of one's own.
//!
//! ```text
//! a = frozen(pixels)                     once per picture, kept: patch embedding and the first blocks
//! v = unit(projection · norm(blocks(a))) trained: the last blocks, the last norm, the visual projection
//! t = text(prompt)                       once per class: the text tower is frozen
//! θ ← AdamW(θ, ∂ loss(s · v · tᵀ) / ∂θ)
//! ```
//!
//! **The seam to the kernels.** The engine (`semblance::model`) computes with packed weights in candle custom ops, none of
//! which has a backward. Here is a second forward pass of the image tower, in candle's plain f32 ops, which have one
//! ([`tower`]); it gives the engine's embeddings within 1e-4 (`tests/training/forward.rs`). Of candle-nn's ops only those are used
//! that have a backward: `layer_norm_slow`, `softmax`, `log_softmax` and `sigmoid`, not `layer_norm` and `softmax_last_dim`.
//! What has no gradients stays the engine's: preprocessing, the text tower, and judging the model that was written.
//!
//! The text tower is never changed, so the classes' vectors are computed once, and words that were not trained keep their
//! meaning.
//!
//! | module | what it does |
//! |---|---|
//! | [`command`] | the whole, from the command line's words to the written model |
//! | [`pictures`] | a folder of folders → classes and pictures, split in two |
//! | [`tower`] | the image tower on plain ops |
//! | [`activations`] | the frozen part, once per picture |
//! | [`loss`] | cross-entropy against the classes' prompts, or contrastive |
//! | [`adamw`] | the optimiser, whose state can be kept |
//! | [`training`] | epochs, early stopping, weights between two models |
//! | [`checkpoint`] | a training's whole state in one file |
//! | [`output`] | a Hugging Face folder, a bundle for a site, and a GGUF |
//! | [`written`] | what was written, judged by the engine |
//! | [`report`] | the figures of a run: for people, for programs, and as a model card |

pub mod activations;
pub mod adamw;
pub mod checkpoint;
pub mod command;
pub mod loss;
pub mod output;
pub mod pictures;
pub mod report;
pub mod tower;
pub mod training;
pub mod written;
