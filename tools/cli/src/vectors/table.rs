//! A file's vectors, compared with a query: every one of them, a row group a thread, so that as many groups stand in memory as
//! there are threads.

use std::collections::BinaryHeap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;

use super::about::{About, Precision};
use super::rows::numbers;

/// Rows that are compared at a time.
const ROWS: usize = 4096;

pub struct Table {
    path: PathBuf,
    pub about: About,
    metadata: ArrowReaderMetadata,
    /// Of the file that they are of: another one may come into its place.
    stamp: (u64, SystemTime),
}

/// A row that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub path: String,
    pub cosine: f32,
}

/// The worst stands at the top of a heap; of equal cosines the later row is worse.
#[derive(PartialEq)]
struct Candidate {
    cosine: f32,
    group: usize,
    row: usize,
    path: String,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let place = |one: &Self| (one.group, one.row);
        other.cosine.total_cmp(&self.cosine).then_with(|| place(self).cmp(&place(other)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Table {
    /// Errors: the file cannot be read.
    pub fn open(path: &Path, about: About) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
        Ok(Self { path: path.to_owned(), about, metadata, stamp: stamp(&file)? })
    }

    pub fn rows(&self) -> usize {
        self.metadata.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// The unit vector that parts of a query are together: `Σ weight × vector / σ` divided by its length, where σ is the standard
    /// deviation of the part's cosines over all rows: [`semblance_index::Index::combine`]'s formula.
    ///
    /// Errors: there are none, they cancel each other out, one is of another length, or the file cannot be read.
    pub fn combine(&self, parts: &[(Vec<f32>, f32)]) -> Result<Vec<f32>> {
        for (vector, _) in parts {
            let dim = self.about.dim;
            ensure!(vector.len() == dim, "a vector has {} numbers; this index has {dim}", vector.len());
        }
        if let [(vector, weight)] = parts
            && *weight > 0.0
        {
            return Ok(vector.clone());
        }
        let mut sum = vec![0.0_f64; self.about.dim];
        for ((vector, weight), spread) in parts.iter().zip(self.spreads(parts)?) {
            let factor = f64::from(*weight) / spread;
            sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += factor * f64::from(*number));
        }
        let length = sum.iter().map(|number| number * number).sum::<f64>().sqrt();
        // What is left of rounding is nothing.
        ensure!(length.is_finite() && length >= 1e-6, "the parts of the query cancel each other out");
        Ok(sum.into_iter().map(|number| (number / length) as f32).collect())
    }

    /// The best `k`, the best first; of equal ones the first.
    ///
    /// Errors: the file cannot be read.
    pub fn nearest(&self, query: &[f32], k: usize) -> Result<Vec<Ranked>> {
        let k = k.min(self.rows());
        let best = self.groups(&["path", "vector"], |group, batches| {
            let mut heap: BinaryHeap<Candidate> = BinaryHeap::with_capacity(k + 1);
            let mut first = 0;
            for batch in batches {
                let batch = batch?;
                let vectors = self.vectors(&batch)?;
                let paths = batch.column_by_name("path").context("it has no paths")?;
                let paths = paths.as_string_opt::<i32>().context("its paths are no strings")?;
                for (at, vector) in vectors.chunks_exact(query.len()).enumerate() {
                    let cosine = dot(query, vector);
                    if heap.len() < k || heap.peek().is_some_and(|worst| cosine > worst.cosine) {
                        heap.push(Candidate { cosine, group, row: first + at, path: paths.value(at).into() });
                        if heap.len() > k {
                            heap.pop();
                        }
                    }
                }
                first += batch.num_rows();
            }
            Ok(heap.into_vec())
        })?;
        let mut best: Vec<Candidate> = best.into_iter().flatten().collect();
        best.sort();
        best.truncate(k);
        Ok(best.into_iter().map(|Candidate { path, cosine, .. }| Ranked { path, cosine }).collect())
    }

    /// The vector at a path.
    ///
    /// Errors: the file cannot be read.
    pub fn vector(&self, path: &str) -> Result<Option<Vec<f32>>> {
        let dim = self.about.dim;
        let found = self.groups(&["path", "vector"], |_, batches| {
            for batch in batches {
                let batch = batch?;
                let paths = batch.column_by_name("path").context("it has no paths")?;
                let paths = paths.as_string_opt::<i32>().context("its paths are no strings")?;
                if let Some(at) = (0..batch.num_rows()).find(|&at| paths.value(at) == path) {
                    let vectors = self.vectors(&batch)?;
                    return Ok(Some(vectors[at * dim..][..dim].to_vec()));
                }
            }
            Ok(None)
        })?;
        Ok(found.into_iter().flatten().next())
    }

    /// A batch's vectors, one after the other. Those that were kept in 16 bits are brought to length 1 again.
    fn vectors(&self, batch: &RecordBatch) -> Result<Vec<f32>> {
        let dim = self.about.dim;
        let mut vectors = numbers(batch.column_by_name("vector").context("it has no vectors")?, dim)?;
        if self.about.precision == Precision::F16 {
            for vector in vectors.chunks_exact_mut(dim) {
                let length = dot(vector, vector).sqrt();
                vector.iter_mut().for_each(|number| *number /= length.max(f32::MIN_POSITIVE));
            }
        }
        Ok(vectors)
    }

    /// The standard deviation of each part's cosines.
    fn spreads(&self, parts: &[(Vec<f32>, f32)]) -> Result<Vec<f64>> {
        let sums = self.groups(&["vector"], |_, batches| {
            let mut sums = vec![(0.0_f64, 0.0_f64); parts.len()];
            let mut rows = 0;
            for batch in batches {
                let vectors = self.vectors(&batch?)?;
                for vector in vectors.chunks_exact(self.about.dim) {
                    for ((part, _), (sum, squares)) in parts.iter().zip(&mut sums) {
                        let cosine = f64::from(dot(part, vector));
                        *sum += cosine;
                        *squares += cosine * cosine;
                    }
                    rows += 1;
                }
            }
            Ok((rows, sums))
        })?;
        let rows: usize = sums.iter().map(|(rows, _)| rows).sum();
        let spread = |part: usize| {
            let all = sums.iter().fold((0.0, 0.0), |(a, b), (_, sums)| (a + sums[part].0, b + sums[part].1));
            let mean = all.0 / rows.max(1) as f64;
            let spread = (all.1 / rows.max(1) as f64 - mean * mean).max(0.0).sqrt();
            // Of a single row, or of equal ones, there is none.
            if spread > 1e-9 { spread } else { 1.0 }
        };
        Ok((0..parts.len()).map(spread).collect())
    }

    /// What `of` makes of each row group, in their order.
    fn groups<T: Send>(
        &self,
        columns: &[&str],
        of: impl Fn(usize, &mut dyn Iterator<Item = Result<RecordBatch>>) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let one = |group: usize| -> Result<T> {
            let file = File::open(&self.path)?;
            ensure!(stamp(&file)? == self.stamp, "it was written anew meanwhile; ask again");
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let batches =
                builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(ROWS).build()?;
            of(group, &mut batches.map(|batch| Ok(batch?)))
        };
        let groups = 0..self.metadata.metadata().num_row_groups();
        let read: Result<Vec<T>> = groups.into_par_iter().map(one).collect();
        read.with_context(|| format!("{} cannot be read", self.path.display()))
    }
}

/// What tells a file from one that takes its place.
fn stamp(file: &File) -> Result<(u64, SystemTime)> {
    let about = file.metadata()?;
    Ok((about.len(), about.modified()?))
}

/// Eight sums side by side, which a processor adds at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let (mut sums, whole) = ([0.0_f32; LANES], a.len() / LANES * LANES);
    for (a, b) in a[..whole].chunks_exact(LANES).zip(b[..whole].chunks_exact(LANES)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + a[whole..].iter().zip(&b[whole..]).map(|(a, b)| a * b).sum::<f32>()
}
