//! What all of a library's vectors are needed for at once takes them from here.

use crate::{Index, Result};

/// The numbers of all pictures in the order of paths, and their vectors, one after another.
pub fn vectors(index: &mut Index) -> Result<(Vec<u32>, Vec<f32>)> {
    let ids = index.ids();
    let mut all = Vec::with_capacity(ids.len() * index.header().dim as usize);
    for &id in &ids {
        all.extend(index.vector(id)?);
    }
    Ok((ids, all))
}
