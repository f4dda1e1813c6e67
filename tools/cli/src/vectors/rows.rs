//! Rows, and the columns that they are in files.

use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Int32Type, Int64Type, TimestampMillisecondType};
use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float16Array, Float32Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use half::f16;

use super::about::Precision;

/// One picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub path: String,
    pub size: i64,
    /// Milliseconds since 1970.
    pub mtime: i64,
    pub sha256: String,
    pub width: i32,
    pub height: i32,
    /// Empty where it was not read.
    pub vector: Vec<f32>,
}

const UTC: &str = "UTC";

/// The columns.
pub fn schema(dim: usize, precision: Precision) -> SchemaRef {
    let number = match precision {
        Precision::F32 => DataType::Float32,
        Precision::F16 => DataType::Float16,
    };
    let item = Arc::new(Field::new("item", number, false));
    let field = |name: &str, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("path", DataType::Utf8),
        field("size", DataType::Int64),
        field("mtime", DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into()))),
        field("sha256", DataType::Utf8),
        field("width", DataType::Int32),
        field("height", DataType::Int32),
        field("vector", DataType::FixedSizeList(item, dim as i32)),
    ]))
}

/// Rows as columns; each vector has as many numbers as the schema's.
///
/// Errors: one has not.
pub fn batch(rows: &[Row], schema: &SchemaRef) -> Result<RecordBatch> {
    let DataType::FixedSizeList(item, dim) = schema.field_with_name("vector")?.data_type() else {
        bail!("the schema has no vectors")
    };
    let numbers = || rows.iter().flat_map(|row| row.vector.iter().copied());
    let numbers: ArrayRef = match item.data_type() {
        DataType::Float16 => Arc::new(Float16Array::from_iter_values(numbers().map(f16::from_f32))),
        _ => Arc::new(Float32Array::from_iter_values(numbers())),
    };
    let texts = |of: fn(&Row) -> &String| Arc::new(StringArray::from_iter_values(rows.iter().map(of)));
    let mtime = TimestampMillisecondArray::from_iter_values(rows.iter().map(|row| row.mtime));
    Ok(RecordBatch::try_new(
        schema.clone(),
        vec![
            texts(|row| &row.path),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.size))),
            Arc::new(mtime.with_timezone(UTC)),
            texts(|row| &row.sha256),
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.width))),
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.height))),
            Arc::new(FixedSizeListArray::try_new(item.clone(), *dim, numbers, None)?),
        ],
    )?)
}

/// Columns as rows. Columns that were not read are empty, and 0.
///
/// Errors: a column is of another type, or a vector of another length.
pub fn rows(batch: &RecordBatch, dim: usize) -> Result<Vec<Row>> {
    let column = |name: &str| batch.column_by_name(name);
    let wrong = |name: &str| format!("its column {name} is of another type");
    let texts = |name: &str| match column(name) {
        None => Ok(None),
        Some(column) => column.as_string_opt::<i32>().map(Some).with_context(|| wrong(name)),
    };
    let int32 = |name: &str| match column(name) {
        None => Ok(None),
        Some(column) => column.as_primitive_opt::<Int32Type>().map(Some).with_context(|| wrong(name)),
    };
    let size = column("size").context("it has no column size")?;
    let size = size.as_primitive_opt::<Int64Type>().with_context(|| wrong("size"))?;
    let mtime = column("mtime").context("it has no column mtime")?;
    let mtime = mtime.as_primitive_opt::<TimestampMillisecondType>().with_context(|| wrong("mtime"))?;
    let path = texts("path")?.context("it has no column path")?;
    let (sha256, width, height) = (texts("sha256")?, int32("width")?, int32("height")?);
    let vectors = column("vector").map(|column| numbers(column, dim)).transpose()?;
    Ok((0..batch.num_rows())
        .map(|at| Row {
            path: path.value(at).into(),
            size: size.value(at),
            mtime: mtime.value(at),
            sha256: sha256.map_or_else(String::new, |all| all.value(at).into()),
            width: width.map_or(0, |all| all.value(at)),
            height: height.map_or(0, |all| all.value(at)),
            vector: vectors.as_ref().map_or_else(Vec::new, |all| all[at * dim..][..dim].to_vec()),
        })
        .collect())
}

/// All vectors' numbers, one after the other.
///
/// Errors: they are no vectors of this length.
pub fn numbers(column: &ArrayRef, dim: usize) -> Result<Vec<f32>> {
    let list = column.as_fixed_size_list_opt().context("its vectors are no lists of a fixed size")?;
    ensure!(
        list.value_length() as usize == dim && list.null_count() == 0,
        "its vectors are of another length"
    );
    let values = list.values();
    let (from, count) = (list.value_offset_at(0), list.len() * dim);
    match values.data_type() {
        DataType::Float32 => Ok(values.as_primitive::<Float32Type>().values()[from..from + count].to_vec()),
        DataType::Float16 => {
            let halves = &values.as_primitive::<Float16Type>().values()[from..from + count];
            Ok(halves.iter().map(|half| half.to_f32()).collect())
        }
        other => bail!("its vectors are of {other}"),
    }
}
