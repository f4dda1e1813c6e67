//! Pictures' vectors in a Parquet file.
//!
//! | column | type | what |
//! |---|---|---|
//! | `path` | string | below the folder, with `/` between folders |
//! | `size` | int64 | of the file, in bytes |
//! | `mtime` | timestamp in milliseconds, UTC | when the file was changed last |
//! | `sha256` | string | of the file, in hexadecimal |
//! | `width`, `height` | int32 | in pixels, upright |
//! | `vector` | list of a fixed size of float32, or float16 | the embedding, of length 1 |
//!
//! Rows are in the order of [`crate::pictures::in_order`]. The file's metadata has an entry `semblance`: [`About`] in JSON.

mod about;
mod reading;
mod rows;
mod table;

pub use about::{About, Precision};
pub use reading::{Reader, Wanted};
pub use rows::{Row, batch, schema};
pub use table::{Ranked, Table};
