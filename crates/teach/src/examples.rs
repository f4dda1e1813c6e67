//! Pictures whose class is known, as the vectors that a model made of them, and what the model knows of the classes' names.

use ndarray::{Array2, ArrayView2, Axis};

use crate::error::{Error, Result};

/// `n × dim` unit vectors, and the class of each.
#[derive(Clone, Debug)]
pub struct Examples {
    vectors: Array2<f32>,
    labels: Vec<u32>,
    classes: usize,
}

impl Examples {
    /// `vectors`: one after another, made unit vectors here. No example at all is allowed.
    ///
    /// Errors: fewer than two classes, a label that is none of them, vectors that are not `labels.len() × dim` finite numbers,
    /// or one that is all zero.
    pub fn new(vectors: Vec<f32>, dim: usize, labels: Vec<u32>, classes: usize) -> Result<Self> {
        if classes < 2 {
            return Err(Error::Classes(classes));
        }
        if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
            return Err(Error::Argument(format!("a label {label} of {classes} classes")));
        }
        let vectors = unit_rows(vectors, dim)?;
        if vectors.nrows() != labels.len() {
            return Err(Error::Argument(format!("{} vectors for {} labels", vectors.nrows(), labels.len())));
        }
        Ok(Self { vectors, labels, classes })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    pub fn dim(&self) -> usize {
        self.vectors.ncols()
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    pub fn vectors(&self) -> ArrayView2<'_, f32> {
        self.vectors.view()
    }

    /// How many there are of each class.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes];
        for &label in &self.labels {
            counts[label as usize] += 1;
        }
        counts
    }

    /// Some of them, in this order.
    pub fn select(&self, which: &[usize]) -> Self {
        Self {
            vectors: self.vectors.select(Axis(0), which),
            labels: which.iter().map(|&one| self.labels[one]).collect(),
            classes: self.classes,
        }
    }
}

/// What a model knows of the classes without any example: the vectors of their words, by which it classifies at first sight.
#[derive(Clone, Debug)]
pub struct Words {
    vectors: Array2<f32>,
    logit_scale: f32,
}

impl Words {
    /// `vectors`: a class's after another's; `logit_scale`: the model's (about 100 in OpenAI's), by which cosines are
    /// multiplied.
    ///
    /// Errors: vectors that are not `classes × dim` finite numbers, one that is all zero, or a scale that is not above 0.
    pub fn new(vectors: Vec<f32>, dim: usize, classes: usize, logit_scale: f32) -> Result<Self> {
        let vectors = unit_rows(vectors, dim)?;
        if vectors.nrows() != classes {
            return Err(Error::Argument(format!(
                "{} vectors of words for {classes} classes",
                vectors.nrows()
            )));
        }
        if !(logit_scale.is_finite() && logit_scale > 0.0) {
            return Err(Error::Argument(format!("a logit scale of {logit_scale}")));
        }
        Ok(Self { vectors, logit_scale })
    }

    /// `classes × dim` unit vectors.
    pub fn vectors(&self) -> ArrayView2<'_, f32> {
        self.vectors.view()
    }

    pub fn logit_scale(&self) -> f32 {
        self.logit_scale
    }

    /// The weights of the zero-shot classifier: logit scale × vector.
    pub fn weights(&self) -> Array2<f32> {
        &self.vectors * self.logit_scale
    }
}

/// Rows of a matrix, each of length 1.
pub(crate) fn unit_rows(vectors: Vec<f32>, dim: usize) -> Result<Array2<f32>> {
    let wrong = |what: String| Error::Argument(what);
    if dim == 0 || !vectors.len().is_multiple_of(dim) {
        return Err(wrong(format!("{} numbers for vectors of {dim}", vectors.len())));
    }
    if vectors.iter().any(|number| !number.is_finite()) {
        return Err(wrong("a vector with something that is no number".into()));
    }
    let mut rows = Array2::from_shape_vec((vectors.len() / dim, dim), vectors)
        .map_err(|error| wrong(error.to_string()))?;
    for mut row in rows.rows_mut() {
        let length = row.iter().map(|&number| f64::from(number).powi(2)).sum::<f64>().sqrt();
        if length < 1e-12 {
            return Err(wrong("a vector of zeros".into()));
        }
        row.mapv_inplace(|number| (f64::from(number) / length) as f32);
    }
    Ok(rows)
}
