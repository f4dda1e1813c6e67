//! The file that vectors go into: Parquet, or an array beside a table of its rows.

use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use half::f16;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde_json::json;

use crate::vectors::{About, Precision, Row, batch, schema};
use crate::written::Beside;

/// Rows of a row group: some 32 MB of vectors of 512 numbers.
const GROUP: usize = 16_384;
/// Rows that become columns at a time.
const ROWS: usize = 1024;
/// Bytes of an array's header, which is written last: rows are counted as they come.
const HEADER: usize = 1024;

/// By the name's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Parquet,
    /// NumPy's array of a file, version 1.0 of its format, and a table beside it.
    Npy,
    /// One tensor named `vectors`, and a table beside it.
    Safetensors,
}

impl Format {
    /// Errors: the name ends otherwise.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().map(|end| end.to_string_lossy().to_lowercase()).as_deref() {
            Some("parquet") => Ok(Self::Parquet),
            Some("npy") => Ok(Self::Npy),
            Some("safetensors") => Ok(Self::Safetensors),
            _ => bail!("{}: the file's name ends in .parquet, .npy or .safetensors", path.display()),
        }
    }

    /// Write all rows that `next` gives; how many there were. A file is there whole or not at all.
    ///
    /// Errors: what `next` says, or it cannot be written.
    pub fn write(
        self,
        path: &Path,
        about: &About,
        next: impl FnMut() -> Result<Option<Row>>,
    ) -> Result<usize> {
        match self {
            Self::Parquet => parquet(path, about, next),
            Self::Npy | Self::Safetensors => self.array(path, about, next),
        }
    }

    /// The rows of an array: the columns of Parquet but for the vector, in the same order.
    fn array(
        self,
        path: &Path,
        about: &About,
        mut next: impl FnMut() -> Result<Option<Row>>,
    ) -> Result<usize> {
        let failed = || format!("{} could not be written", path.display());
        let (array, list) = (Beside::create(path)?, Beside::create(&table(path))?);
        let mut numbers = BufWriter::new(array.file.try_clone()?);
        numbers.write_all(&[b' '; HEADER]).with_context(failed)?;
        let mut rows = csv::Writer::from_writer(list.file.try_clone()?);
        rows.write_record(["path", "size", "mtime", "sha256", "width", "height"])?;
        let mut count = 0;
        while let Some(row) = next()? {
            for &number in &row.vector {
                match about.precision {
                    Precision::F32 => numbers.write_all(&number.to_le_bytes()).with_context(failed)?,
                    Precision::F16 => {
                        numbers.write_all(&f16::from_f32(number).to_le_bytes()).with_context(failed)?;
                    }
                }
            }
            let [size, mtime] = [row.size, row.mtime].map(|number| number.to_string());
            let [width, height] = [row.width, row.height].map(|number| number.to_string());
            rows.write_record([&row.path, &size, &mtime, &row.sha256, &width, &height])?;
            count += 1;
        }
        rows.flush().with_context(failed)?;
        numbers.seek(SeekFrom::Start(0)).with_context(failed)?;
        numbers.write_all(&self.header(count, about)?).with_context(failed)?;
        numbers.flush().with_context(failed)?;
        drop((numbers, rows));
        list.finish()?;
        array.finish()?;
        Ok(count)
    }

    /// The first bytes of an array, of which there are always as many.
    fn header(self, rows: usize, about: &About) -> Result<Vec<u8>> {
        let bytes = match about.precision {
            Precision::F32 => 4,
            Precision::F16 => 2,
        };
        let dim = about.dim;
        // Both formats let the text end in spaces; NumPy's ends its own with a line's end.
        let (mut header, text) = if self == Self::Npy {
            let length = u16::try_from(HEADER - 10)?.to_le_bytes();
            let text =
                format!("{{'descr': '<f{bytes}', 'fortran_order': False, 'shape': ({rows}, {dim}), }}");
            ([b"\x93NUMPY\x01\x00".as_slice(), &length].concat(), text)
        } else {
            let end = rows * dim * bytes;
            let dtype = if bytes == 4 { "F32" } else { "F16" };
            let about = serde_json::to_string(about)?;
            let text = json!({
                "__metadata__": { "semblance": about },
                "vectors": { "dtype": dtype, "shape": [rows, dim], "data_offsets": [0, end] },
            });
            ((HEADER as u64 - 8).to_le_bytes().to_vec(), text.to_string())
        };
        header.extend(text.bytes());
        anyhow::ensure!(header.len() < HEADER, "the model's name is too long");
        header.resize(HEADER, b' ');
        if self == Self::Npy {
            header[HEADER - 1] = b'\n';
        }
        Ok(header)
    }
}

/// The table beside an array.
pub fn table(array: &Path) -> PathBuf {
    array.with_extension("csv")
}

fn parquet(path: &Path, about: &About, mut next: impl FnMut() -> Result<Option<Row>>) -> Result<usize> {
    let schema = schema(about.dim, about.precision);
    let beside = Beside::create(path)?;
    let mut writer =
        ArrowWriter::try_new(beside.file.try_clone()?, schema.clone(), Some(properties(about)?))?;
    let (mut rows, mut count) = (Vec::with_capacity(ROWS), 0);
    loop {
        let row = next()?;
        let ended = row.is_none();
        rows.extend(row);
        if ended || rows.len() == ROWS {
            count += rows.len();
            writer.write(&batch(&rows, &schema)?)?;
            rows.clear();
        }
        if ended {
            break;
        }
    }
    writer.close()?;
    beside.finish()?;
    Ok(count)
}

/// How Parquet is written. A vector's numbers neither repeat nor shrink.
///
/// Errors: none.
pub fn properties(about: &About) -> Result<WriterProperties> {
    let vector = ColumnPath::from(vec!["vector".to_owned(), "list".into(), "item".into()]);
    Ok(WriterProperties::builder()
        .set_created_by(concat!("semblance ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(vec![about.entry()?]))
        .set_compression(Compression::SNAPPY)
        .set_column_compression(vector.clone(), Compression::UNCOMPRESSED)
        .set_column_dictionary_enabled(vector.clone(), false)
        .set_column_statistics_enabled(vector, EnabledStatistics::None)
        .set_max_row_group_row_count(Some(GROUP))
        .build())
}
