//! A library as a file, and back: the whole of it, or its vectors and list as other programs read them.

use std::fs::{self, File};
use std::io::{BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use semblance_index::{Facts, Header};
use semblance_tables::{List, Table, parquet, vectors};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::library::{Index, failed};
use crate::{Error, Result};

/// What a library is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All of it, its small pictures too: a zip of its files.
    Library,
    /// A zip of `vectors.npy` and `pictures.json`.
    Npy,
    /// A zip of `vectors.safetensors` and `pictures.json`.
    Safetensors,
    /// One table.
    Parquet,
}

/// Pictures that are written at a time.
const GROUP: usize = 1024;
/// What lies in a zip.
const RECORDS: &str = "records";
const THUMBNAILS: &str = "thumbnails";
const LIST: &str = "pictures.json";
const NPY: &str = "vectors.npy";
const SAFETENSORS: &str = "vectors.safetensors";

impl Index {
    /// Write the library into a file.
    ///
    /// Errors: a file cannot be read or written.
    pub fn export(&mut self, format: Format, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let mut file = BufWriter::new(File::create(path).map_err(|error| failed(path, &error))?);
        let written = match format {
            Format::Parquet => self.write_parquet(&mut file)?,
            Format::Library => self.write_zip(&mut file),
            Format::Npy | Format::Safetensors => self.write_vectors(format, &mut file)?,
        };
        written.and_then(|()| file.flush()).map_err(|error| failed(path, &error))
    }

    /// Make a library in a folder of what [`Index::export`], here or in the browser, has written.
    ///
    /// Errors: the file is none, or the folder has a library.
    pub fn import(path: impl AsRef<Path>, folder: impl AsRef<Path>, exact: bool) -> Result<Self> {
        let (path, folder) = (path.as_ref(), folder.as_ref());
        if folder.join("0.records").exists() {
            return Err(Error::Library(format!("There is a library in {} already.", folder.display())));
        }
        let bytes = fs::read(path).map_err(|error| failed(path, &error))?;
        if bytes.starts_with(b"PAR1") {
            return Self::of_table(parquet::read(bytes)?, folder, exact);
        }
        let wrong =
            |why: &dyn std::fmt::Display| Error::Library(format!("{} is no library: {why}.", path.display()));
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
        let mut entry = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
            Some(bytes)
        };
        if let Some(records) = entry(RECORDS) {
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            for (kind, bytes) in [(THUMBNAILS, entry(THUMBNAILS).unwrap_or_default()), (RECORDS, records)] {
                fs::write(folder.join(format!("0.{kind}")), bytes).map_err(|error| failed(folder, &error))?;
            }
            return Self::open_with(folder, None);
        }
        let list = entry(LIST).ok_or_else(|| wrong(&"it has no list of pictures"))?;
        let list = List::from_json(&list)?;
        let (vectors, _) = if let Some(npy) = entry(NPY) {
            vectors::from_npy(&npy)?
        } else {
            vectors::from_safetensors(&entry(SAFETENSORS).ok_or_else(|| wrong(&"it has no vectors"))?)?
        };
        Self::of_table(Table::new(list, vectors)?, folder, exact)
    }

    fn of_table(Table { list, vectors }: Table, folder: &Path, exact: bool) -> Result<Self> {
        let List { model, dim, pictures } = list;
        let mut index = Self::open_with(folder, Some(Header { dim, exact, model }))?;
        for (picture, vector) in pictures.into_iter().zip(vectors.chunks(dim as usize)) {
            let semblance_tables::Picture { path, size, modified, taken, width, height, hash } = picture;
            let facts =
                Facts { path: path.into(), size, modified, taken, width, height, hash, thumbnail: None };
            index.put(&facts, vector, None)?;
        }
        Ok(index)
    }

    fn write_zip(&mut self, file: impl Write + Seek) -> std::io::Result<()> {
        let mut zip = ZipWriter::new(file);
        for (name, from) in [(RECORDS, &mut self.records), (THUMBNAILS, &mut self.thumbnails)] {
            zip.start_file(name, stored())?;
            from.seek(SeekFrom::Start(0))?;
            std::io::copy(from, &mut zip)?;
        }
        zip.finish()?;
        Ok(())
    }

    fn write_vectors(&mut self, format: Format, file: impl Write + Seek) -> Result<std::io::Result<()>> {
        let (ids, header) = (self.ids(), *self.header());
        let count = ids.len() as u32;
        let (name, head) = if format == Format::Npy {
            (NPY, vectors::npy_header(count, header.dim))
        } else {
            (SAFETENSORS, vectors::safetensors_header(count, header.dim)?)
        };
        let pictures = self.lines(&ids)?;
        let mut numbers = head;
        for id in ids {
            numbers.extend(self.vector(id)?.into_iter().flat_map(f32::to_le_bytes));
        }
        let list = List { model: header.model, dim: header.dim, pictures }.to_json();
        Ok(write_entries(file, &[(name, &numbers), (LIST, &list)]))
    }

    fn write_parquet(&mut self, mut file: impl Write) -> Result<std::io::Result<()>> {
        let header = *self.header();
        let mut writer = parquet::Writer::new(&header.model, header.dim)?;
        for ids in self.ids().chunks(GROUP) {
            let mut numbers = Vec::with_capacity(ids.len() * header.dim as usize);
            for &id in ids {
                numbers.extend(self.vector(id)?);
            }
            if let Err(error) = file.write_all(&writer.push(&self.lines(ids)?, &numbers)?) {
                return Ok(Err(error));
            }
        }
        Ok(file.write_all(&writer.finish()?))
    }

    fn lines(&self, ids: &[u32]) -> Result<Vec<semblance_tables::Picture>> {
        let line = |&id: &u32| {
            let Facts { path, size, modified, taken, width, height, hash, .. } = self.facts(id)?.clone();
            Ok(semblance_tables::Picture { path: path.into(), size, modified, taken, width, height, hash })
        };
        ids.iter().map(line).collect()
    }
}

fn write_entries(file: impl Write + Seek, entries: &[(&str, &[u8])]) -> std::io::Result<()> {
    let mut zip = ZipWriter::new(file);
    for (name, bytes) in entries {
        zip.start_file(*name, stored())?;
        zip.write_all(bytes)?;
    }
    zip.finish()?;
    Ok(())
}

/// Vectors and small pictures do not shrink.
fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true)
}
