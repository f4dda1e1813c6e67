//! HEIF's boxes, of AVIF and HEIC (ISO/IEC 23008-12): the size of the picture that is to be shown. How it is turned is
//! among its properties and the decoder's to do; EXIF has no say in it.

use super::facts::{Facts, Part};

/// From a box's start on; where the next part is to begin.
pub(super) fn read(part: Part, facts: &mut Facts) -> Option<u64> {
    let mut at = 0;
    loop {
        let Some(found) = Box::read(part, at) else { return (at > 0).then_some(part.offset(at)) };
        if found.kind == *b"meta" {
            if at > 0 && (found.data.bytes.len() as u64) < found.length - found.head {
                return Some(part.offset(at));
            }
            facts.size = shown(found.data);
            return None;
        }
        at = found.end(at)?;
    }
}

struct Box<'a> {
    kind: [u8; 4],
    /// With its head.
    length: u64,
    head: u64,
    data: Part<'a>,
}

impl<'a> Box<'a> {
    fn read(part: Part<'a>, at: usize) -> Option<Self> {
        part.bytes.get(at..)?;
        let (short, kind) = part.u32(at).zip(part.get(at + 4))?;
        let (length, head) = match short {
            // To the end of the file.
            0 => (u64::MAX >> 1, 8),
            1 => (u64::from_be_bytes(part.get(at + 8)?), 16),
            length => (length.into(), 8),
        };
        if length < head {
            return None;
        }
        Some(Self { kind, length, head, data: part.slice(at + head as usize, length - head) })
    }

    /// Where the next one begins, where this one begins at `at`.
    fn end(&self, at: usize) -> Option<usize> {
        usize::try_from(self.length).ok()?.checked_add(at)
    }

    /// The boxes in `part`, from `at` on.
    fn all(part: Part<'a>, mut at: usize) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let found = Self::read(part, at)?;
            at = found.end(at)?;
            Some(found)
        })
    }

    fn find(part: Part<'a>, at: usize, kind: &[u8; 4]) -> Option<Part<'a>> {
        Self::all(part, at).find(|found| found.kind == *kind).map(|found| found.data)
    }
}

/// Width and height of the primary item: those of its properties, which `ipma` gives by number.
fn shown(meta: Part) -> Option<(u32, u32)> {
    // Version and flags come first, here and in most boxes below.
    let primary = Box::find(meta, 4, b"pitm")?;
    let [version] = primary.get(0)?;
    let primary =
        if version == 0 { u32::from(u16::from_be_bytes(primary.get(4)?)) } else { primary.u32(4)? };
    let properties = Box::find(meta, 4, b"iprp")?;
    let all = Box::find(properties, 0, b"ipco")?;
    let mut size = None;
    for number in associated(Box::find(properties, 0, b"ipma")?, primary)? {
        let Some(property) = Box::all(all, 0).nth(usize::from(number).checked_sub(1)?) else { continue };
        match &property.kind {
            b"ispe" => size = property.data.u32(4).zip(property.data.u32(8)),
            // Quarter turns.
            b"irot" if property.data.get(0).is_some_and(|[turns]: [u8; 1]| turns % 2 == 1) => {
                size = size.map(|(width, height)| (height, width));
            }
            _ => {}
        }
    }
    size.filter(|(width, height)| *width > 0 && *height > 0)
}

/// The numbers, from 1 on, of an item's properties.
fn associated(table: Part, item: u32) -> Option<Vec<u16>> {
    let [version, _, _, flags] = table.get(0)?;
    let count = table.u32(4)?;
    let mut at = 8;
    for _ in 0..count {
        let id = if version == 0 { u32::from(u16::from_be_bytes(table.get(at)?)) } else { table.u32(at)? };
        at += if version == 0 { 2 } else { 4 };
        let [count] = table.get(at)?;
        at += 1;
        let width = if flags & 1 == 1 { 2 } else { 1 };
        if id == item {
            let one = |i: usize| -> Option<u16> {
                // The first bit says whether a decoder must know the property.
                Some(match width {
                    2 => u16::from_be_bytes(table.get(at + 2 * i)?) & 0x7fff,
                    _ => u16::from(table.get::<1>(at + i)?[0] & 0x7f),
                })
            };
            return (0..usize::from(count)).map(one).collect();
        }
        at += width * usize::from(count);
    }
    None
}
