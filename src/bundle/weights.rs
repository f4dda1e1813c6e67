//! A model's tensors by name, each taken out by the tower that it is of.

use std::collections::{BTreeMap, HashMap};

use candle_core::Tensor;

use super::header::Value;
use super::stored::{Code, Matrix, Raw, Rows, Stored};
use crate::{Error, Result};

/// The tensors of a model by name, and the metadata that came with them.
#[derive(Debug, Default)]
pub struct Weights {
    pub metadata: BTreeMap<String, Value>,
    /// Numbers in all tensors.
    pub parameters: usize,
    /// The encoding of most of the numbers, as people name it: `q8_0`, `f16` …
    pub dtype: String,
    pub(super) tensors: HashMap<String, Stored>,
}

impl Weights {
    /// Weights that no file holds; matrices whose rows are whole blocks become Q8_0.
    pub fn quantised(tensors: impl IntoIterator<Item = (String, Tensor)>) -> Result<Self> {
        let mut weights = Self::default();
        for (name, tensor) in tensors {
            let numbers: Vec<f32> = tensor.flatten_all()?.to_vec1()?;
            let bytes = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            let raw = Raw { code: Code::F32, shape: tensor.dims().to_vec(), bytes };
            let raw = if tensor.rank() == 2 { raw.into_8_bits() } else { raw };
            weights.tensors.insert(name, Stored::Raw(raw));
        }
        Ok(weights)
    }

    /// Give a tensor a second name, under which it can be taken as well: what a file has once and a model twice.
    pub fn share(&mut self, name: &str, other: &str) -> Result<()> {
        if let Some(tensor) = self.tensors.get(name) {
            let copy = tensor.copy()?;
            self.tensors.insert(other.to_owned(), copy);
        }
        Ok(())
    }

    /// Let a tensor go that nobody wants.
    pub fn discard(&mut self, name: &str) {
        self.tensors.remove(name);
    }

    /// Is a tensor of this name there?
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Take a tensor out, f32.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Tensor> {
        Ok(self.take_stored(name, shape)?.to_f32()?)
    }

    /// Take a vector out, f32.
    ///
    /// Errors: there is none of that name, it has another length, or a number in it is infinite or NaN.
    pub fn take_vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let vector: Vec<f32> = self.take(name, &[length])?.to_vec1()?;
        if vector.iter().all(|x| x.is_finite()) { Ok(vector) } else { Err(Error::not_finite(name)) }
    }

    /// Take a table out whose rows are looked up, in the encoding of the file.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take_rows(&mut self, name: &str, shape: &[usize]) -> Result<Rows> {
        Ok(Rows(self.take_stored(name, shape)?))
    }

    /// Take a matrix out whose rows are read one by one, in the encoding of the file; all dimensions but the first make
    /// the row.
    ///
    /// Errors: there is none of that name, or it has another shape.
    pub fn take_matrix(&mut self, name: &str, shape: &[usize]) -> Result<Matrix> {
        Ok(Matrix::new(self.take_stored(name, shape)?)?)
    }

    fn take_stored(&mut self, name: &str, shape: &[usize]) -> Result<Stored> {
        let Some(tensor) = self.tensors.remove(name) else {
            return Err(Error::MissingTensor { name: name.to_owned(), expected: shape.to_vec() });
        };
        if tensor.dims() != shape {
            return Err(Error::TensorShape {
                name: name.to_owned(),
                expected: shape.to_vec(),
                found: tensor.dims().to_vec(),
            });
        }
        Ok(tensor)
    }

    /// Take a single number out; a vector of one is as good as a scalar.
    ///
    /// Errors: there is none of that name, or it holds more than one number.
    pub fn take_scalar(&mut self, name: &str) -> Result<f32> {
        let one = self.tensors.get(name).is_some_and(|tensor| tensor.dims() == [1]);
        let tensor = self.take(name, if one { &[1] } else { &[] })?;
        Ok(tensor.reshape(())?.to_scalar()?)
    }

    /// Put a single number in.
    pub fn put_scalar(&mut self, name: &str, value: f32) {
        let bytes = value.to_le_bytes().to_vec();
        self.tensors.insert(name.to_owned(), Stored::Raw(Raw { code: Code::F32, shape: Vec::new(), bytes }));
    }

    /// Take everything out that has come so far, by name, f32 one after the other.
    pub fn drain(&mut self) -> impl Iterator<Item = Result<(String, Tensor)>> {
        let mut tensors: Vec<_> = std::mem::take(&mut self.tensors).into_iter().collect();
        tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
        tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_f32()?)))
    }

    /// The name of a tensor that nobody has taken and that begins in one of these ways. Position ids don't count: older
    /// files carry them, and the towers count for themselves.
    pub fn leftover(&self, beginnings: &[&str]) -> Option<&str> {
        let names = self.tensors.keys().map(String::as_str).filter(|name| !name.ends_with("position_ids"));
        names.filter(|name| beginnings.iter().any(|beginning| name.starts_with(beginning))).min()
    }

    /// The names of the tensors that nobody has taken, and the tensors, f32.
    pub fn into_tensors(self) -> Result<HashMap<String, Tensor>> {
        self.tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_f32()?))).collect()
    }
}
