//! The first directory of a TIFF file, and of EXIF, which is one (TIFF 6.0, section 2; BigTIFF).

pub const WIDTH: u16 = 0x100;
pub const HEIGHT: u16 = 0x101;
pub const COMPRESSION: u16 = 0x103;
pub const PHOTOMETRIC: u16 = 0x106;
pub const ORIENTATION: u16 = 0x112;
/// Where EXIF's own directory stands (CIPA DC-008, 4.6.3).
pub const EXIF: u16 = 0x8769;
/// In that: when the picture was taken, `YYYY:MM:DD HH:MM:SS` (4.6.5).
pub const TAKEN: u16 = 0x9003;

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    big_endian: bool,
    /// BigTIFF: counts and offsets of eight bytes.
    big: bool,
}

/// An entry's only value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub value: u64,
    /// Where the value stands, from the directory's first byte on.
    pub at: usize,
    /// In bytes.
    pub width: usize,
}

impl Layout {
    /// A number as this file writes it, in `width` bytes.
    pub fn bytes(self, value: u64, width: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes()[..width.min(8)].to_vec();
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }
}

/// How the file writes its numbers, and where its first directory stands.
pub fn header(bytes: &[u8]) -> Option<(Layout, u64)> {
    let (start, rest) = bytes.split_first_chunk::<4>()?;
    let (big_endian, big) = match start {
        b"II*\0" => (false, false),
        b"MM\0*" => (true, false),
        b"II+\0" => (false, true),
        b"MM\0+" => (true, true),
        _ => return None,
    };
    let layout = Layout { big_endian, big };
    let offset = if big { rest.get(4..12)? } else { rest.get(..4)? };
    Some((layout, layout.number(offset)))
}

/// The value of a tag that has one, of 16, 32 or 64 bits, in the directory that begins here.
pub fn find(directory: &[u8], layout: Layout, tag: u16) -> Option<Entry> {
    // Count of entries; then of each: tag, type, count, value.
    let (count_bytes, field, length) = if layout.big { (8, 8, 20) } else { (2, 4, 12) };
    let count = layout.number(directory.get(..count_bytes)?);
    let entries = directory[count_bytes..].chunks_exact(length).take(usize::try_from(count).ok()?);
    for (i, entry) in entries.enumerate() {
        if layout.number(&entry[..2]) != tag.into() {
            continue;
        }
        let width = match layout.number(&entry[2..4]) {
            3 => 2,
            4 => 4,
            16 if layout.big => 8,
            _ => return None,
        };
        let at = 4 + field;
        let alone = layout.number(&entry[4..at]) == 1;
        let value = layout.number(&entry[at..at + width]);
        return alone.then_some(Entry { value, at: count_bytes + i * length + at, width });
    }
    None
}

/// The text of a tag, of more than four bytes (eight in BigTIFF), in the directory at `at` of a file.
pub fn find_text(file: &[u8], at: usize, layout: Layout, tag: u16) -> Option<&[u8]> {
    let directory = file.get(at..)?;
    let (count_bytes, field, length) = if layout.big { (8, 8, 20) } else { (2, 4, 12) };
    let count = layout.number(directory.get(..count_bytes)?);
    let mut entries = directory[count_bytes..].chunks_exact(length).take(usize::try_from(count).ok()?);
    let entry =
        entries.find(|entry| layout.number(&entry[..2]) == tag.into() && layout.number(&entry[2..4]) == 2)?;
    let bytes = usize::try_from(layout.number(&entry[4..4 + field])).ok().filter(|bytes| *bytes > field)?;
    let start = usize::try_from(layout.number(&entry[4 + field..])).ok()?;
    file.get(start..)?.get(..bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A directory right behind the header, with one entry.
    fn file(layout: Layout, kind: u64, width: usize, value: u64) -> Vec<u8> {
        let mark: &[u8] = match (layout.big_endian, layout.big) {
            (false, false) => b"II*\0",
            (true, false) => b"MM\0*",
            (false, true) => b"II+\0",
            (true, true) => b"MM\0+",
        };
        let (field, offset, count) = if layout.big { (8, 16, 8) } else { (4, 8, 2) };
        let sizes = if layout.big { [layout.bytes(8, 2), layout.bytes(0, 2)].concat() } else { vec![] };
        let mut value = layout.bytes(value, width);
        value.resize(field, 0);
        let entry =
            [layout.bytes(ORIENTATION.into(), 2), layout.bytes(kind, 2), layout.bytes(1, field), value];
        [mark.to_vec(), sizes, layout.bytes(offset, field), layout.bytes(1, count), entry.concat()].concat()
    }

    #[test]
    fn values_of_every_width_are_found_in_every_layout() {
        for (big_endian, big) in [(false, false), (true, false), (false, true), (true, true)] {
            let layout = Layout { big_endian, big };
            for (kind, width) in [(3, 2), (4, 4), (16, 8)] {
                if width == 8 && !big {
                    continue;
                }
                let file = file(layout, kind, width, 6);
                let (found, at) = header(&file).unwrap();
                assert_eq!(found, layout);
                let directory = &file[usize::try_from(at).unwrap()..];
                let entry = find(directory, layout, ORIENTATION).unwrap();
                assert_eq!((entry.value, entry.width), (6, width), "{layout:?}, type {kind}");
                assert_eq!(directory[entry.at..][..width], layout.bytes(6, width));
                assert_eq!(find(directory, layout, WIDTH), None);
                assert_eq!(find(&directory[..directory.len() - 1], layout, ORIENTATION), None, "cut off");
            }
        }
    }
}
