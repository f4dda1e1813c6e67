//! An index of pictures for other programs, and back: vectors as NumPy's `.npy` or as safetensors with a list of pictures as
//! JSON, or both in one Parquet file. It knows no index and no model, reads and writes no file, and is the same natively and
//! in the browser, where it is fetched when somebody exports or imports.
//!
//! | module | what it does |
//! |---|---|
//! | [`picture`] | a picture's line in the list |
//! | [`vectors`] | the vectors alone: `.npy` and safetensors |
//! | [`parquet`] | everything in one table |
//! | [`error`] | what can go wrong, in sentences |

// Whoever has one of these in a struct of their own can derive `Debug` for that.
#![cfg_attr(not(target_arch = "wasm32"), warn(missing_debug_implementations))]

#[cfg(target_arch = "wasm32")]
pub mod api;
pub mod error;
pub mod parquet;
pub mod picture;
pub mod vectors;

pub use error::{Error, Result};
pub use picture::{List, Picture};

/// What a file had.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub list: List,
    /// Of all pictures, one after another.
    pub vectors: Vec<f32>,
}

impl Table {
    /// A list and vectors that fit: so many pictures, vectors of the length that the list says, finite numbers.
    pub fn new(list: List, vectors: Vec<f32>) -> Result<Self> {
        let dim = list.dim as usize;
        if dim == 0 || dim > LONGEST_VECTOR || vectors.len() != dim * list.pictures.len() {
            let numbers = vectors.len();
            return Err(Error::Fit { pictures: list.pictures.len(), dim, numbers });
        }
        if vectors.iter().any(|number| !number.is_finite()) {
            return Err(Error::NotFinite);
        }
        Ok(Self { list, vectors })
    }
}

/// More than any CLIP has.
const LONGEST_VECTOR: usize = 1 << 16;
