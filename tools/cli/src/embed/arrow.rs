//! Arrow's stream on standard input, and another on standard output: what Spark's `mapInArrow`, Ray Data, Dask and DataFusion
//! speak.
//!
//! In: record batches with a column `bytes` (or `content`, as Spark's `binaryFile` has it) of pictures' files, or `path` of where
//! they are; with both, rows without bytes are read from their path. Out: a batch for each, row for row.
//!
//! | column | type | what |
//! |---|---|---|
//! | `key` | that of the column `key`, or of `path` | the same; the row's number (int64, from 0) where there is neither |
//! | `vector` | list of float32 | the embedding, of length 1; null where there is none |
//! | `error` | string | why there is none; null otherwise |

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::{fs, thread};

use anyhow::{Context, Result, bail};
use arrow_array::builder::{Float32Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use rayon::prelude::*;
use semblance::Clip;
use semblance::preprocess::Pixels;

use crate::outcome::Outcome;
use crate::pipeline::{self, Pipeline, Prepare, prepared};

/// What goes from the thread that reads to the one that looks.
enum Step {
    /// Rows of the batch that is being read: pixels, or why there are none.
    Rows(Vec<Result<((), Pixels), String>>),
    /// The batch is complete; its keys.
    End(ArrayRef),
    /// There is nothing more that could be read.
    Broken(anyhow::Error),
    /// That was all.
    Done,
}

/// A batch is answered as soon as it has come, and while it is looked at the next one is read.
///
/// Errors: the stream is damaged or has no pictures, or nobody reads the other one any more.
pub fn embed(
    clip: &Clip,
    pipeline: Pipeline<impl Prepare>,
    input: impl Read + Send + 'static,
    output: impl Write,
) -> Result<Outcome> {
    let reader = StreamReader::try_new(input, None)
        .context("standard input is no Arrow IPC stream that can be read")?;
    let schema = schema(key_type(&reader.schema())?);
    let (steps_in, steps) = sync_channel(2);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(pipeline.jobs).build()?;
    // Nobody waits for it: where this end fails, it may stand at an input that never ends.
    thread::spawn(move || pool.install(|| read(&pipeline, reader, &steps_in)));
    let mut looking = Looking { schema, failed: 0 };
    let mut writer = StreamWriter::try_new(output, &looking.schema)?;
    while let Some(batch) = looking.look(clip, &steps)? {
        writer.write(&batch)?;
        writer.flush()?;
    }
    writer.finish()?;
    Ok(Outcome::of(looking.failed))
}

struct Looking {
    schema: SchemaRef,
    failed: usize,
}

impl Looking {
    /// One batch.
    fn look(&mut self, clip: &Clip, steps: &Receiver<Step>) -> Result<Option<RecordBatch>> {
        let item = Field::new("item", DataType::Float32, false);
        let mut vectors = ListBuilder::new(Float32Builder::new()).with_field(Arc::new(item));
        let mut errors = StringBuilder::new();
        loop {
            let rows = match steps.recv() {
                Ok(Step::Done) => return Ok(None),
                Err(_) => bail!("what reads standard input has a fault, and stopped"),
                Ok(Step::Broken(error)) => return Err(error),
                Ok(Step::End(keys)) => {
                    let columns: Vec<ArrayRef> =
                        vec![keys, Arc::new(vectors.finish()), Arc::new(errors.finish())];
                    return Ok(Some(RecordBatch::try_new(self.schema.clone(), columns)?));
                }
                Ok(Step::Rows(rows)) => rows,
            };
            for row in pipeline::embed(clip, rows)? {
                match row {
                    Ok(((), vector)) => {
                        vectors.values().append_slice(&vector);
                        vectors.append(true);
                        errors.append_null();
                    }
                    Err(reason) => {
                        self.failed += 1;
                        vectors.append(false);
                        errors.append_value(reason);
                    }
                }
            }
        }
    }
}

/// All batches. It ends early where nobody waits for them any more.
fn read(pipeline: &Pipeline<impl Prepare>, reader: StreamReader<impl Read>, steps: &SyncSender<Step>) {
    let mut first = 0;
    for batch in reader {
        let sent = match batch.context("standard input is damaged") {
            Ok(batch) => {
                let sent = prepare(pipeline, &batch, first, steps);
                first += batch.num_rows() as i64;
                sent
            }
            Err(error) => steps.send(Step::Broken(error)),
        };
        if sent.is_err() {
            return;
        }
    }
    // Whoever has gone does not want to know.
    _ = steps.send(Step::Done);
}

fn prepare(
    pipeline: &Pipeline<impl Prepare>,
    batch: &RecordBatch,
    first: i64,
    steps: &SyncSender<Step>,
) -> Result<(), SendError<Step>> {
    let count = batch.num_rows();
    for start in (0..count).step_by(pipeline.batch) {
        let some = start..count.min(start + pipeline.batch);
        let rows = some.into_par_iter().map(|at| {
            let (pixels, _) = prepared(&file(batch, at)?, &pipeline.prepare)?;
            Ok(((), pixels))
        });
        steps.send(Step::Rows(rows.collect()))?;
    }
    let keys = batch.column_by_name("key").or_else(|| batch.column_by_name("path"));
    let numbers = || Arc::new(Int64Array::from_iter_values(first..first + count as i64)) as ArrayRef;
    steps.send(Step::End(keys.cloned().unwrap_or_else(numbers)))
}

/// The picture's file of a row.
fn file(batch: &RecordBatch, at: usize) -> Result<Vec<u8>, String> {
    let bytes = batch.column_by_name("bytes").or_else(|| batch.column_by_name("content"));
    if let Some(bytes) = bytes.filter(|bytes| bytes.is_valid(at)) {
        return match bytes.data_type() {
            DataType::Binary => Ok(bytes.as_binary::<i32>().value(at).to_vec()),
            _ => Ok(bytes.as_binary::<i64>().value(at).to_vec()),
        };
    }
    let path = batch.column_by_name("path").filter(|path| path.is_valid(at));
    let path = match path.map(|path| (path, path.data_type())) {
        Some((path, DataType::Utf8)) => path.as_string::<i32>().value(at),
        Some((path, _)) => path.as_string::<i64>().value(at),
        None => return Err("there is neither a picture nor a path".into()),
    };
    // As Spark and others name local files.
    let path = path.strip_prefix("file://").or_else(|| path.strip_prefix("file:")).unwrap_or(path);
    fs::read(path).map_err(|error| format!("{path}: {error}"))
}

/// What keys are of, in a stream that can be understood.
///
/// Errors: a column is of another type, or there are neither pictures nor paths.
fn key_type(schema: &Schema) -> Result<DataType> {
    let column = |name: &str| schema.field_with_name(name).ok().map(Field::data_type);
    let (bytes, path) = (column("bytes").or_else(|| column("content")), column("path"));
    match bytes {
        None | Some(DataType::Binary | DataType::LargeBinary) => {}
        Some(other) => bail!("the column of pictures is of {other}, not binary"),
    }
    match path {
        None | Some(DataType::Utf8 | DataType::LargeUtf8) => {}
        Some(other) => bail!("the column path is of {other}, not of strings"),
    }
    if bytes.is_none() && path.is_none() {
        bail!("there is no column bytes (or content), and no path");
    }
    Ok(column("key").or(path).cloned().unwrap_or(DataType::Int64))
}

fn schema(key: DataType) -> SchemaRef {
    let item = Arc::new(Field::new("item", DataType::Float32, false));
    Arc::new(Schema::new(vec![
        Field::new("key", key, true),
        Field::new("vector", DataType::List(item), true),
        Field::new("error", DataType::Utf8, true),
    ]))
}
