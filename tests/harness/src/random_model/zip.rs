//! A folder as a `.zip`, as people make them: large files as they are, small ones compressed.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::DeflateEncoder;
use flate2::{Compression, Crc};

/// Larger ones are random numbers, and don't get smaller.
const SMALL: usize = 1 << 20;

/// Write the files of `folder`, in a folder of its name, into `path`. Nothing here is 4 GB.
pub fn write(folder: &Path, path: &Path) -> Result<()> {
    let top = folder.file_name().context("a folder has a name")?.to_string_lossy().into_owned();
    let mut to = BufWriter::new(File::create(path)?);
    let (mut at, mut directory, mut count) = (0, Vec::new(), 0);
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if file.starts_with('.') {
            continue;
        }
        let name = format!("{top}/{file}");
        let bytes = fs::read(folder.join(&file))?;
        let mut crc = Crc::new();
        crc.update(&bytes);
        let (method, packed) = match bytes.len() < SMALL {
            true => {
                let mut packed = Vec::new();
                DeflateEncoder::new(&bytes[..], Compression::fast()).read_to_end(&mut packed)?;
                (8u16, packed)
            }
            false => (0, bytes.clone()),
        };
        // What both headers say of a file.
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8.
        common.extend([20u16, 1 << 11, method].iter().flat_map(|field| field.to_le_bytes()));
        // Midnight, 1 January 1980.
        common.extend([0u16, 0x21].iter().flat_map(|field| field.to_le_bytes()));
        let sizes = [crc.sum(), packed.len().try_into()?, bytes.len().try_into()?];
        common.extend(sizes.iter().flat_map(|field| field.to_le_bytes()));
        common.extend([name.len().try_into()?, 0u16].iter().flat_map(|field| field.to_le_bytes()));

        directory.extend(*b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(u32::try_from(at)?.to_le_bytes());
        directory.extend(name.as_bytes());

        to.write_all(b"PK\x03\x04")?;
        to.write_all(&common)?;
        to.write_all(name.as_bytes())?;
        to.write_all(&packed)?;
        at += 4 + common.len() + name.len() + packed.len();
        count += 1u16;
    }
    to.write_all(&directory)?;
    to.write_all(b"PK\x05\x06\x00\x00\x00\x00")?;
    to.write_all(&[count, count].map(u16::to_le_bytes).concat())?;
    to.write_all(&[directory.len().try_into()?, u32::try_from(at)?].map(u32::to_le_bytes).concat())?;
    to.write_all(&[0, 0])?;
    Ok(to.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use repository::process;

    #[test]
    fn others_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("model");
        fs::create_dir_all(&inside).unwrap();
        fs::write(inside.join("config.json"), "{}".repeat(100)).unwrap();
        fs::write(inside.join("weights"), vec![7; SMALL + 1]).unwrap();
        let path = folder.path().join("model.zip");
        write(&inside, &path).unwrap();
        // Where nobody has Python, the page reads it all the same.
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*sorted(z.namelist()))";
        if let Ok(names) = process::read(process::new("python3").args(["-c", script]).arg(&path)) {
            assert_eq!(names.trim(), "model/config.json model/weights");
        }
    }
}
