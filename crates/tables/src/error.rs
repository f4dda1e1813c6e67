//! What can go wrong, in sentences.

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("This is not the .npy file of a library: {0}.")]
    Npy(String),
    #[error("This is not the safetensors file of a library: {0}.")]
    Safetensors(String),
    #[error("The list of pictures (pictures.json) can't be read: {0}.")]
    List(String),
    #[error("This Parquet file is not a library's: {0}.")]
    Parquet(String),
    #[error(
        "The list has {pictures} pictures with vectors of {dim} numbers, but the file of vectors has {numbers} numbers."
    )]
    Fit { pictures: usize, dim: usize, numbers: usize },
    #[error("Some numbers of the vectors are not finite.")]
    NotFinite,
}

impl From<::parquet::errors::ParquetError> for Error {
    fn from(error: ::parquet::errors::ParquetError) -> Self {
        Self::Parquet(error.to_string())
    }
}
