//! Everything in one Parquet file, uncompressed. The columns: path, bytes, modified and taken (timestamps in milliseconds,
//! UTC), width, height, sha256 (32 bytes), vector (a list of floats), model (SHA-256 of its weights, in hexadecimal).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding};
use ::parquet::column::reader::ColumnReaderImpl;
use ::parquet::column::writer::ColumnWriterImpl;
use ::parquet::data_type::{
    ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use bytes::Bytes;

use crate::error::{Error, Result};
use crate::picture::{List, Picture, from_hex, to_hex};
use crate::{LONGEST_VECTOR, Table};

const SCHEMA: &str = "
message library {
  required binary path (STRING);
  required int64 bytes;
  required int64 modified (TIMESTAMP(MILLIS, true));
  optional int64 taken (TIMESTAMP(MILLIS, true));
  required int32 width;
  required int32 height;
  required fixed_len_byte_array(32) sha256;
  required group vector (LIST) { repeated group list { required float element; } }
  required binary model (STRING);
}";

/// Writes pictures group by group, so that nobody needs the whole file in memory.
#[derive(Debug)]
pub struct Writer {
    writer: SerializedFileWriter<Vec<u8>>,
    model: String,
    dim: usize,
}

impl Writer {
    pub fn new(model: &[u8; 32], dim: u32) -> Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            // Numbers and hashes hardly come twice.
            .set_dictionary_enabled(false)
            .set_column_dictionary_enabled("model".into(), true)
            .set_encoding(Encoding::PLAIN)
            .set_created_by("semblance".into())
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
        Ok(Self { writer, model: to_hex(model), dim: dim as usize })
    }

    /// A group of pictures, their vectors one after another: the bytes that the file has more.
    pub fn push(&mut self, pictures: &[Picture], vectors: &[f32]) -> Result<Vec<u8>> {
        if vectors.len() != self.dim * pictures.len() {
            return Err(Error::Fit { pictures: pictures.len(), dim: self.dim, numbers: vectors.len() });
        }
        let mut group = self.writer.next_row_group()?;
        let each = |of: fn(&Picture) -> i64| pictures.iter().map(of).collect::<Vec<_>>();
        let paths: Vec<ByteArray> = pictures.iter().map(|picture| picture.path.as_str().into()).collect();
        let whole: Vec<i16> = pictures.iter().map(|picture| i16::from(picture.taken.is_some())).collect();
        let taken: Vec<i64> = pictures.iter().filter_map(|picture| picture.taken).collect();
        let side =
            |of: fn(&Picture) -> u32| pictures.iter().map(|picture| of(picture) as i32).collect::<Vec<_>>();
        let hashes: Vec<FixedLenByteArray> =
            pictures.iter().map(|picture| ByteArray::from(picture.hash.to_vec()).into()).collect();
        // A vector's first number begins a list, the others go on with it.
        let lists: Vec<i16> = (0..vectors.len()).map(|at| i16::from(at % self.dim != 0)).collect();
        let models: Vec<ByteArray> = pictures.iter().map(|_| self.model.as_str().into()).collect();
        column::<ByteArrayType>(&mut group, &paths, None, None)?;
        column::<Int64Type>(&mut group, &each(|picture| picture.size as i64), None, None)?;
        column::<Int64Type>(&mut group, &each(|picture| picture.modified), None, None)?;
        column::<Int64Type>(&mut group, &taken, Some(&whole), None)?;
        column::<Int32Type>(&mut group, &side(|picture| picture.width), None, None)?;
        column::<Int32Type>(&mut group, &side(|picture| picture.height), None, None)?;
        column::<FixedLenByteArrayType>(&mut group, &hashes, None, None)?;
        column::<FloatType>(&mut group, vectors, Some(&vec![1; vectors.len()]), Some(&lists))?;
        column::<ByteArrayType>(&mut group, &models, None, None)?;
        group.close()?;
        self.take()
    }

    /// The end of the file.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.writer.finish()?;
        self.take()
    }

    fn take(&mut self) -> Result<Vec<u8>> {
        self.writer.flush().map_err(|error| Error::Parquet(error.to_string()))?;
        Ok(std::mem::take(self.writer.inner_mut()))
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    definitions: Option<&[i16]>,
    repetitions: Option<&[i16]>,
) -> Result<()> {
    let mut column = group.next_column()?.ok_or_else(|| Error::Parquet("a column is missing".into()))?;
    let typed: &mut ColumnWriterImpl<'_, T> = column.typed::<T>();
    typed.write_batch(values, definitions, repetitions)?;
    column.close()?;
    Ok(())
}

/// A file with these columns, in any order and among others.
///
/// Errors: it is none, or damaged. The crate that reads it panics at some damage; natively that is an error as well, in
/// WebAssembly the module stops.
pub fn read(bytes: Vec<u8>) -> Result<Table> {
    let read = || {
        let most = bytes.len();
        let file = SerializedFileReader::new(Bytes::from(bytes))?;
        let mut list = List::default();
        let mut vectors = Vec::new();
        for group in 0..file.num_row_groups() {
            read_group(&Group { reader: &*file.get_row_group(group)?, most }, &mut list, &mut vectors)?;
        }
        if list.pictures.is_empty() {
            return Err(Error::Parquet("it has no picture".into()));
        }
        Table::new(list, vectors)
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Error::Parquet("it is damaged".into())))
}

fn read_group(group: &Group<'_>, list: &mut List, vectors: &mut Vec<f32>) -> Result<()> {
    let (paths, _) = group.column::<ByteArrayType>("path")?;
    let count = paths.len();
    let (sizes, modified) =
        (group.plain::<Int64Type>("bytes", count)?, group.plain::<Int64Type>("modified", count)?);
    let (taken, there) = group.column::<Int64Type>("taken")?;
    let (widths, heights) =
        (group.plain::<Int32Type>("width", count)?, group.plain::<Int32Type>("height", count)?);
    let hashes = group.plain::<FixedLenByteArrayType>("sha256", count)?;
    let models = group.plain::<ByteArrayType>("model", count)?;
    let (numbers, _) = group.column::<FloatType>("vector")?;
    let refuse = |why: &str| Error::Parquet(why.into());
    let dim = numbers.len().checked_div(count).unwrap_or_default();
    if count == 0 {
        return Ok(());
    }
    if dim == 0
        || dim > LONGEST_VECTOR
        || dim * count != numbers.len()
        || (list.dim != 0 && list.dim as usize != dim)
    {
        return Err(refuse("its vectors are not all of one length"));
    }
    let model =
        models[0].as_utf8().ok().and_then(from_hex).ok_or_else(|| refuse("its model's hash is none"))?;
    if models.iter().any(|other| other != &models[0]) || (list.dim != 0 && list.model != model) {
        return Err(refuse("its vectors are of several models"));
    }
    (list.model, list.dim) = (model, dim as u32);
    let there = if there.is_empty() { vec![1; count] } else { there };
    if there.len() != count || there.iter().filter(|&&there| there > 0).count() != taken.len() {
        return Err(refuse("its column “taken” has another length"));
    }
    let mut taken = taken.into_iter();
    for (i, path) in paths.iter().enumerate() {
        let whole = |number: i64, what: &str| u64::try_from(number).map_err(|_| refuse(what));
        list.pictures.push(Picture {
            path: path.as_utf8().map_err(|_| refuse("a path is no text"))?.into(),
            size: whole(sizes[i], "a size is below 0")?,
            modified: modified[i],
            taken: if there[i] > 0 { taken.next() } else { None },
            width: whole(widths[i].into(), "a width is below 0")? as u32,
            height: whole(heights[i].into(), "a height is below 0")? as u32,
            hash: hashes[i].data().try_into().map_err(|_| refuse("a hash has not 32 bytes"))?,
        });
    }
    vectors.extend(numbers);
    Ok(())
}

struct Group<'a> {
    reader: &'a dyn RowGroupReader,
    /// Bytes of the file: no column has more values.
    most: usize,
}

impl Group<'_> {
    /// A column's values, and for one that may be empty, which of them are there.
    fn column<T: DataType>(&self, name: &str) -> Result<(Vec<T::T>, Vec<i16>)> {
        let columns = self.reader.metadata().columns();
        let at = columns.iter().position(|column| column.column_path().parts()[0] == name);
        let at = at.ok_or_else(|| Error::Parquet(format!("it has no column “{name}”")))?;
        let (kind, most) = (columns[at].column_type(), columns[at].num_values());
        if kind != T::get_physical_type() {
            return Err(Error::Parquet(format!("its column “{name}” is of the type {kind}")));
        }
        let most = usize::try_from(most).ok().filter(|&most| most <= self.most);
        let most = most.ok_or_else(|| Error::Parquet("it is damaged".into()))?;
        let optional = columns[at].column_descr().max_def_level() > 0;
        let repeated = columns[at].column_descr().max_rep_level() > 0;
        let mut reader: ColumnReaderImpl<T> =
            ::parquet::column::reader::get_typed_column_reader(self.reader.get_column_reader(at)?);
        let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
        reader.read_records(
            most,
            optional.then_some(&mut definitions),
            repeated.then_some(&mut repetitions),
            &mut values,
        )?;
        Ok((values, definitions))
    }

    /// A column with a value for each picture.
    fn plain<T: DataType>(&self, name: &str, count: usize) -> Result<Vec<T::T>> {
        let (values, _) = self.column::<T>(name)?;
        if values.len() != count {
            return Err(Error::Parquet(format!("its column “{name}” has another length")));
        }
        Ok(values)
    }
}
