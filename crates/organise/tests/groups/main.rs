//! Groups and a map, against scikit-learn (`tests/tools/make_organise_groups.py`) and against what must hold of any vectors;
//! natively and in the browser.

#![allow(clippy::unwrap_used)]

mod embedding;
mod golden;
mod kmeans;
mod naming;
mod neighbours;
mod pca;
mod quality;
mod tree;
mod ward;
